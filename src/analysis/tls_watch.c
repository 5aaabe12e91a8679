#include "analysis/tls_watch.h"

#include "decode/dissect.h"
#include "util/mem.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

enum { WAITS = 32 << 20, PLAIN_MOST = 1 << 20 };

struct followed {
	struct tls_watch *watch;
	uint32_t flow;
	struct stream stream;
	struct tls_talk talk;
};

struct tls_watch {
	const struct tls_keys *keys;
	const struct flow_table *flows;
	bool may_come;
	struct followed *ring[TLS_FOLLOWED]; /* by flow number; NULL: free */
	struct stream_pool pool;
	/* of the packet at hand */
	struct tls_record records[TLS_OPENED];
	size_t at[TLS_OPENED]; /* of its bytes in `plain` */
	unsigned count;
	struct buf plain;
};

struct tls_watch *tls_watch_new(const struct tls_keys *keys, const struct flow_table *flows, bool may_come)
{
	struct tls_watch *w = mem_alloc(sizeof *w);

	w->keys = keys;
	w->flows = flows;
	w->may_come = may_come;
	w->pool.limit = WAITS;
	return w;
}

static void unfollow(struct tls_watch *w, unsigned slot)
{
	struct followed *f = w->ring[slot];

	if (!f)
		return;
	tls_talk_done(&f->talk);
	stream_done(&f->stream);
	free(f);
	w->ring[slot] = NULL;
}

void tls_watch_free(struct tls_watch *w)
{
	if (!w)
		return;
	for (unsigned i = 0; i < TLS_FOLLOWED; i++)
		unfollow(w, i);
	buf_done(&w->plain);
	free(w);
}

static void ignore(void *arg, const struct stream_chunk *c)
{
	(void)arg;
	(void)c;
}

static void opened(void *arg, const struct tls_record *r)
{
	struct tls_watch *w = ((struct followed *)arg)->watch;

	if (w->count == TLS_OPENED || w->plain.len + r->len > PLAIN_MOST)
		return;
	w->records[w->count] = *r;
	w->at[w->count++] = w->plain.len;
	buf_add(&w->plain, r->bytes, r->len);
}

static bool says_hello(const struct packet *p, const uint8_t *bytes)
{
	const uint8_t *b = bytes + p->payload_off;

	return packet_payload_kept(p) > 5 && b[0] == TLS_HANDSHAKE && b[1] == 3 && b[2] <= 4;
}

static struct followed *follow(struct tls_watch *w, const struct packet *p, const uint8_t *bytes)
{
	unsigned slot = p->flow % TLS_FOLLOWED;
	struct followed *f = w->ring[slot];

	if (f && f->flow == p->flow)
		return f;
	if (!says_hello(p, bytes))
		return NULL;
	unfollow(w, slot);
	f = w->ring[slot] = mem_alloc(sizeof *f);
	f->watch = w;
	f->flow = p->flow;
	tls_talk_init(&f->talk, w->keys, ignore, f, &w->pool);
	f->talk.opened = opened;
	f->talk.may_come = w->may_come;
	stream_init(&f->stream, tls_talk_take, &f->talk, &w->pool);
	f->stream.trusting = true;
	return f;
}

const struct tls_record *tls_watch_packet(struct tls_watch *w, const struct packet *p, const uint8_t *bytes,
					  unsigned *count)
{
	struct followed *f;

	*count = 0;
	if (p->ip_proto != IPPROTO_TCP || p->flow == FLOW_NONE || p->fragment ||
	    (!w->may_come && !tls_keys_count(w->keys)))
		return NULL;
	f = follow(w, p, bytes);
	if (!f)
		return NULL;
	w->count = 0;
	buf_clear(&w->plain);
	stream_add(&f->stream, &w->flows->flows[p->flow], p, bytes);
	for (unsigned i = 0; i < w->count; i++)
		w->records[i].bytes = (const uint8_t *)w->plain.data + w->at[i];
	if (f->talk.passing)
		unfollow(w, p->flow % TLS_FOLLOWED);
	*count = w->count;
	return w->count ? w->records : NULL;
}

/* --- as packets --- */

static const uint16_t without_tls[][2] = {
	{ 443, 80 }, { 8443, 80 }, { 853, 53 },  { 993, 143 },   { 995, 110 },
	{ 465, 25 }, { 587, 25 },  { 636, 389 }, { 8883, 1883 }, { 6380, 6379 },
};

static uint16_t plain_port(uint16_t port)
{
	for (size_t i = 0; i < sizeof without_tls / sizeof *without_tls; i++)
		if (without_tls[i][0] == port)
			return without_tls[i][1];
	return port;
}

static void put16(uint8_t *to, uint32_t value)
{
	to[0] = (uint8_t)(value >> 8);
	to[1] = (uint8_t)value;
}

void tls_plain_make(struct tls_plain *out, const struct tls_record *r, const struct packet *outer)
{
	enum { IP = 20, TCP = 20, RECORD = 5, RAW_LINK = 101, DATA_MOST = 32768 };
	bool data = r->type == TLS_DATA;
	uint32_t len = r->len < DATA_MOST ? r->len : DATA_MOST;
	uint8_t head[IP + TCP + RECORD] = { 0x45 };
	uint32_t before = data ? IP + TCP : IP + TCP + RECORD;

	put16(head + 2, before + len);
	head[8] = 64;
	head[9] = IPPROTO_TCP;
	put16(head + IP, data ? plain_port(outer->sport) : outer->sport);
	put16(head + IP + 2, data ? plain_port(outer->dport) : outer->dport);
	head[IP + 12] = 5 << 4;
	head[IP + 13] = TCP_FLAG_ACK;
	head[IP + TCP] = r->type;
	put16(head + IP + TCP + 1, 0x0303);
	put16(head + IP + TCP + 3, len);
	buf_clear(&out->bytes);
	buf_add(&out->bytes, head, before);
	buf_add(&out->bytes, r->bytes, len);
	out->made_up = IP + TCP;
	out->packet = (struct packet){ .number = outer->number,
				       .at_ns = outer->at_ns,
				       .len = before + len,
				       .cap = before + len,
				       .linktype = RAW_LINK };
	decode_summary(&out->packet, (const uint8_t *)out->bytes.data);
	out->packet.flow = outer->flow;
}

void tls_plain_words(const struct tls_plain *plain, const struct tls_record *r, struct buf *out)
{
	static const char *const types[] = { "change cipher spec", "alert", "handshake", "application data" };
	size_t from = out->len;

	decode_words(&plain->packet, (const uint8_t *)plain->bytes.data, out);
	if (out->len > from)
		return;
	buf_puts(out,
		 r->type >= TLS_CHANGE_CIPHER && r->type <= TLS_DATA ? types[r->type - TLS_CHANGE_CIPHER] : "record");
	buf_puts(out, ", ");
	buf_uint(out, r->len);
	buf_puts(out, " bytes");
}
