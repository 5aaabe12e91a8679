#include "session/plain.h"

#include "inside.h"

#include "analysis/tls_keys.h"
#include "session/opened.h"
#include "util/buf.h"
#include "util/mem.h"

#include <netinet/in.h>
#include <stdlib.h>

struct plain {
	uint64_t number; /* what was asked for */
	bool looked;     /* its flow was gone through up to it */
	uint32_t flow;
	struct tls_watch *watch; /* NULL: nothing is followed */
	uint64_t done;           /* the last packet that went into it */
	uint64_t keys;           /* secrets that were known at the last look */
	uint64_t *todo;          /* packets of the flow up to `number`, newest first */
	size_t todo_count, todo_room, todo_at;
	struct tls_plain parts[PLAIN_MOST];
	unsigned count;
};

struct plain *plain_new(void)
{
	return mem_alloc(sizeof(struct plain));
}

void plain_free(struct plain *x)
{
	if (!x)
		return;
	tls_watch_free(x->watch);
	free(x->todo);
	for (unsigned i = 0; i < PLAIN_MOST; i++)
		buf_done(&x->parts[i].bytes);
	free(x);
}

static bool is_tls(const struct session *s, const struct packet *p)
{
	return p && !p->beside && p->ip_proto == IPPROTO_TCP && p->flow < s->flows.count &&
	       s->flows.flows[p->flow].app == PROTO_TLS;
}

static void begin(struct plain *x, const struct session *s, uint32_t flow)
{
	tls_watch_free(x->watch);
	x->watch = tls_watch_new(s->keys, &s->flows, false);
	x->flow = flow;
	x->done = 0;
}

/* The packets of the flow that are still to go in. */
static void find_way(struct plain *x, const struct session *s)
{
	struct index_note note;

	x->todo_count = x->todo_at = 0;
	for (uint64_t n = x->number; n > x->done && recorder_note(&s->recorder, n, &note); n = note.prev) {
		MEM_ROOM(x->todo, x->todo_count, x->todo_room);
		x->todo[x->todo_count++] = n;
	}
	x->todo_at = x->todo_count;
}

static void keep(struct plain *x, const struct packet *p, const struct tls_record *r, unsigned count)
{
	if (p->number != x->number)
		return;
	x->count = count < PLAIN_MOST ? count : PLAIN_MOST;
	for (unsigned i = 0; i < x->count; i++)
		tls_plain_make(&x->parts[i], &r[i], p);
}

static void go(struct plain *x, const struct session *s)
{
	uint64_t until = opened_turn(s);

	for (; x->todo_at && opened_has_time(s, x->todo_at, until); x->todo_at--) {
		const uint8_t *bytes;
		const struct packet *p = session_packet(s, x->todo[x->todo_at - 1], &bytes);
		const struct tls_record *r;
		unsigned count = 0;

		if (!p)
			continue;
		r = tls_watch_packet(x->watch, p, bytes, &count);
		keep(x, p, r, count);
		x->done = p->number;
	}
	x->looked = !x->todo_at;
}

void plain_settle(struct plain *x, const struct session *s, uint64_t number)
{
	bool news = tls_keys_count(s->keys) != x->keys && !x->count;
	const struct packet *p;

	if (x->number == number && x->looked && !news)
		return;
	if (x->number != number || news) {
		x->number = number;
		x->keys = tls_keys_count(s->keys);
		x->count = 0;
		p = session_packet(s, number, NULL);
		x->looked = !x->keys || !is_tls(s, p);
		if (x->looked)
			return;
		if (!x->watch || news || x->flow != p->flow || number <= x->done)
			begin(x, s, p->flow);
		find_way(x, s);
	}
	go(x, s);
}

const struct tls_plain *plain_of(const struct plain *x, uint64_t number, unsigned *count)
{
	*count = x->number == number ? x->count : 0;
	return *count ? x->parts : NULL;
}
