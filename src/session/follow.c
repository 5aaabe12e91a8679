#include "session/follow.h"

#include "inside.h"

#include "analysis/tls_watch.h"
#include "decode/application.h"
#include "session/opened.h"
#include "util/buf.h"
#include "util/mem.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

static void clear(struct follow *f)
{
	if (f->begun) {
		stream_done(&f->stream);
		tls_talk_done(&f->talk);
	}
	f->begun = false;
	f->count = f->used = 0;
	f->total[0] = f->total[1] = f->missing = f->let_go = 0;
	f->next_call = 0;
	f->said[0] = f->said[1] = 0;
	f->restarts++;
	f->changes++;
}

void follow_done(struct follow *f)
{
	clear(f);
	free(f->turns);
	free(f->bytes);
	*f = (struct follow){ 0 };
}

/* Let the older half go. */
static void make_room(struct follow *f)
{
	size_t gone = 0, bytes;

	while (gone + 1 < f->count &&
	       (f->turns[gone].kind == FOLLOW_GAP ? gone < f->count / 2 : f->turns[gone].from < f->used / 2))
		gone++;
	if (!gone)
		return;
	bytes = f->used;
	for (size_t i = 0; i < gone; i++)
		if (f->turns[i].kind == FOLLOW_DATA || f->turns[i].kind == FOLLOW_OVERLAP)
			f->let_go += f->turns[i].len;
	f->said[0] = f->said[1] = 0;
	for (size_t i = gone; i < f->count; i++)
		if (f->turns[i].kind != FOLLOW_GAP) {
			bytes = f->turns[i].from;
			break;
		}
	memmove(f->turns, f->turns + gone, (f->count - gone) * sizeof *f->turns);
	f->count -= gone;
	memmove(f->bytes, f->bytes + bytes, f->used - bytes);
	f->used -= bytes;
	for (size_t i = 0; i < f->count; i++)
		if (f->turns[i].kind != FOLLOW_GAP)
			f->turns[i].from -= bytes;
	f->restarts++;
}

static void keep(struct follow *f, const uint8_t *bytes, size_t len)
{
	if (f->used + len > f->room) {
		while (f->used + len > f->room)
			f->room = f->room ? f->room * 2 : 4096;
		f->bytes = mem_grow(f->bytes, f->room, 1);
	}
	if (len)
		memcpy(f->bytes + f->used, bytes, len);
	f->used += len;
}

static void add(struct follow *f, enum follow_kind kind, bool out, uint64_t offset, uint64_t at_ns,
		const uint8_t *bytes, size_t len)
{
	enum { TURN_MOST = 65536 }; /* so that a long one can be let go in parts */
	struct follow_turn *last = f->count ? &f->turns[f->count - 1] : NULL;
	size_t limit = f->limit ? f->limit : FOLLOW_BYTES;

	f->changes++;
	if (kind == FOLLOW_DATA)
		f->total[out] += len;
	if (kind == FOLLOW_GAP)
		f->missing += len;
	if (last && kind == FOLLOW_DATA && last->kind == kind && last->out == out && !f->datagrams &&
	    last->len + len <= TURN_MOST) {
		keep(f, bytes, len);
		last->len += len;
	} else {
		MEM_ROOM(f->turns, f->count, f->capacity);
		f->turns[f->count++] = (struct follow_turn){
			.kind = kind, .out = out, .offset = offset, .at_ns = at_ns, .from = f->used, .len = len
		};
		if (kind != FOLLOW_GAP)
			keep(f, bytes, len);
	}
	if (f->used > limit || f->count > FOLLOW_TURNS)
		make_room(f);
}

/* A line for what a program would read in the bytes to come. The same again is not said twice:
 * a download over TLS is one "Application Data". */
static void add_message(struct follow *f, bool out, uint64_t offset, uint64_t at_ns, enum proto proto, bool decrypted,
			const struct buf *words)
{
	const struct follow_turn *last = f->said[out] ? &f->turns[f->said[out] - 1] : NULL;
	const char *name = proto_name((uint8_t)proto);
	struct buf line = { 0 };

	if (proto == PROTO_NONE || !words->len)
		return;
	if (decrypted || strncasecmp(buf_text(words), name, strlen(name))) {
		for (; *name; name++)
			buf_putc(&line, *name >= 'a' && *name <= 'z' ? (char)(*name - 32) : *name);
		buf_puts(&line, decrypted ? " (decrypted) " : " ");
	}
	buf_puts(&line, buf_text(words));
	if (!last || f->datagrams || f->said[out] < f->said[!out] || last->len != line.len ||
	    memcmp(f->bytes + last->from, line.data, line.len)) {
		add(f, FOLLOW_MESSAGE, out, offset, at_ns, (const uint8_t *)line.data, line.len);
		if (f->count && f->turns[f->count - 1].kind == FOLLOW_MESSAGE)
			f->said[out] = f->count;
	}
	buf_done(&line);
}

/* Only where the piece is all that its packet carried: what overlaps was told before. */
static void say(struct follow *f, const struct stream_chunk *c, bool out)
{
	const struct fragments_whole *whole = flow_table_whole(&f->session->flows, c->number);
	const uint8_t *bytes;
	const struct packet *p = session_packet(f->session, c->number, &bytes);
	struct buf words = { 0 };

	if (whole) {
		p = &whole->packet;
		bytes = whole->bytes;
	}
	if (!p || packet_payload_kept(p) != c->len)
		return;
	application_words(p, bytes, &words);
	add_message(f, out, c->offset, c->at_ns, application_of(p), false, &words);
	buf_done(&words);
}

static void take(void *arg, const struct stream_chunk *c)
{
	struct follow *f = arg;

	add(f,
	    c->gap       ? FOLLOW_GAP
	    : c->overlap ? FOLLOW_OVERLAP
			 : FOLLOW_DATA,
	    c->side == f->mine, c->offset, c->at_ns, c->bytes, c->len);
}

/* As it came from the wire. */
static void arrived(void *arg, const struct stream_chunk *c)
{
	struct follow *f = arg;

	if (!c->gap && !c->overlap && !tls_talk_opens(&f->talk))
		say(f, c, c->side == f->mine);
	if (f->datagrams)
		take(f, c);
	else
		tls_talk_take(&f->talk, c);
}

/* A TLS record: what its data say stands before them. */
static void opened(void *arg, const struct tls_record *r)
{
	struct follow *f = arg;
	const struct packet *p = session_packet(f->session, f->talk.number, NULL);
	struct tls_plain plain = { 0 };
	struct buf words = { 0 };

	if (!p)
		return;
	tls_plain_make(&plain, r, p);
	application_words(&plain.packet, (const uint8_t *)plain.bytes.data, &words);
	add_message(f, r->side == f->mine, f->talk.side[r->side].given, f->talk.at_ns, application_of(&plain.packet),
		    true, &words);
	buf_done(&words);
	buf_done(&plain.bytes);
}

bool follow_decrypts(const struct follow *f)
{
	return f->begun && tls_talk_opens(&f->talk);
}

/* --- where the bytes come from --- */

/* Where a socket has many peers, the flow that was chosen first stays: it must not change under
 * the reader. */
static const struct flow *newest_flow(const struct session *s, uint64_t key, uint32_t chosen)
{
	const struct trail *t = session_trail(s, key);
	const struct flow *found = NULL;

	for (size_t i = 0; t && i < t->flow_count; i++) {
		const struct flow *f = t->flows[i].id < s->flows.count ? &s->flows.flows[t->flows[i].id] : NULL;

		if (f && !t->exact && f->id == chosen)
			return f;
		if (f && (!found || f->last > found->last))
			found = f;
	}
	return found;
}

static bool find_side(struct follow *f, const struct session *s, const struct flow *flow)
{
	const struct packet *p = session_packet(s, flow->last, NULL);
	unsigned side;

	if (!p)
		return false;
	side = flow_side_of(flow, p);
	f->mine = session_direction(s, f->key, p) == DIRECTION_OUT ? side : !side;
	return true;
}

/* Each packet is read from the file: a long flow is followed a few milliseconds at a time. */
static void follow_file(struct follow *f, const struct session *s, const struct flow *flow)
{
	const struct trail *t = session_trail(s, f->key);
	uint64_t until = opened_turn(s);
	size_t low = 0, high = t ? t->count : 0, end = high;

	while (low < high) { /* the first that was not added */
		size_t middle = low + (high - low) / 2;

		if (t->numbers[middle] <= f->stream.last)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < end && opened_has_time(s, low, until); low++) {
		const uint8_t *bytes;
		const struct packet *p = session_packet(s, t->numbers[low], &bytes);
		const struct fragments_whole *whole = p && p->fragment ? flow_table_whole(&s->flows, p->number) : NULL;

		if (whole)
			stream_add(&f->stream, flow, &whole->packet, whole->bytes);
		else if (p)
			stream_add(&f->stream, flow, p, bytes);
	}
}

/* A secret came after what it opens: all of it is read anew. Without any secret not even a hello is read. */
static bool opens_now(const struct follow *f, const struct session *s)
{
	if (!f->begun || f->datagrams)
		return false;
	return (!f->keyed && tls_keys_count(s->keys)) ||
	       (!tls_talk_whole(&f->talk) && tls_talk_secrets(&f->talk) != f->secrets);
}

static void follow_flow(struct follow *f, const struct session *s, const struct flow *flow)
{
	if (opens_now(f, s))
		clear(f);
	if (f->flow != flow->id || f->calls || !f->begun) {
		clear(f);
		f->flow = flow->id;
		f->calls = false;
		f->datagrams = flow->proto != IPPROTO_TCP;
		if (!find_side(f, s, flow))
			return;
		stream_init(&f->stream, arrived, f, NULL);
		tls_talk_init(&f->talk, s->keys, take, f, NULL);
		f->talk.opened = opened;
		f->begun = true;
	}
	f->session = s;
	if (s->opened)
		follow_file(f, s, flow);
	else
		stream_follow(&f->stream, &s->flows, flow, &s->recorder);
	f->keyed = tls_keys_count(s->keys);
	f->secrets = tls_talk_secrets(&f->talk);
	f->session = NULL;
}

static void say_call(struct follow *f, const struct session *s, const struct call *c)
{
	const struct lab_sock *k = lab_find(s->lab, (uint32_t)f->key);
	bool out = !c->received;
	uint16_t near, far;
	struct buf words = { 0 };
	enum proto proto;

	if (!k || !c->data_len)
		return;
	near = k->now.local.has_port ? k->now.local.port : 0;
	far = k->now.remote.has_port ? k->now.remote.port : 0;
	proto = application_guess(c->data, c->data_len, !f->datagrams, out ? near : far, out ? far : near, &words);
	add_message(f, out, f->total[out], c->start_ns, proto, false, &words);
	buf_done(&words);
}

static void follow_calls(struct follow *f, const struct session *s)
{
	const struct journal *j = s->lab ? lab_journal(s->lab) : NULL;
	const struct lab_sock *k = s->lab ? lab_find(s->lab, (uint32_t)f->key) : NULL;

	if (!f->calls) {
		clear(f);
		f->calls = true;
		f->datagrams = k && k->now.type != SOCK_STREAM;
		f->flow = FLOW_NONE;
	}
	if (!j || !j->count)
		return;
	if (f->next_call < journal_oldest(j))
		f->next_call = journal_oldest(j);
	for (; f->next_call < j->next; f->next_call++) {
		const struct call *c = journal_find(j, f->next_call);

		if (!c || c->sock != f->key)
			continue;
		if (c->status == CALL_RUNNING)
			return; /* what comes later waits for it */
		if (!c->moved || !strcmp(c->verb, "getsockopt"))
			continue;
		say_call(f, s, c);
		if (c->data_len)
			add(f, FOLLOW_DATA, !c->received, f->total[!c->received], c->start_ns, c->data, c->data_len);
		if (c->moved > c->data_len)
			add(f, FOLLOW_GAP, !c->received, f->total[!c->received], c->start_ns, NULL,
			    (size_t)(c->moved - c->data_len));
	}
}

void follow_settle(struct follow *f, const struct session *s, uint64_t key)
{
	const struct flow *flow;

	if (f->key != key || !f->restarts) {
		clear(f);
		f->key = key;
		f->calls = false;
		f->flow = FLOW_NONE;
	}
	flow = newest_flow(s, key, f->flow);
	if (flow)
		follow_flow(f, s, flow);
	else if (key && key <= UINT32_MAX)
		follow_calls(f, s);
}

static bool ends_in(const char *path, const char *ending)
{
	size_t len = strlen(path), tail = strlen(ending);

	return len > tail && !strcmp(path + len - tail, ending);
}

int follow_save(const struct session *s, uint64_t key, const char *path, size_t *bytes, struct err *e)
{
	struct follow f = { .limit = SIZE_MAX };
	bool in = !ends_in(path, ".out"), out = !ends_in(path, ".in");
	struct buf all = { 0 };
	int rc;

	do {
		if (s->opened)
			s->opened->behind = false;
		follow_settle(&f, s, key);
	} while (s->opened && s->opened->behind);
	f.session = s;
	if (f.begun)
		stream_end(&f.stream);
	if (f.begun && !f.datagrams)
		tls_talk_end(&f.talk);
	for (size_t i = 0; i < f.count; i++)
		if (f.turns[i].kind == FOLLOW_DATA && (f.turns[i].out ? out : in))
			buf_add(&all, f.bytes + f.turns[i].from, f.turns[i].len);
	*bytes = all.len;
	rc = all.len ? save_bytes(path, all.data, all.len, e)
		     : err_set(e, ENOENT, "there are no bytes of this socket to write");
	buf_done(&all);
	follow_done(&f);
	return rc;
}
