#include "analysis/tls_talk.h"

#include "tls_hello.h"

#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER = 5, MESSAGE_HEADER = 4, TLS_1_2 = 0x0303 };
enum { CLIENT_HELLO = 1, SERVER_HELLO = 2, END_OF_EARLY_DATA = 5, FINISHED = 20, KEY_UPDATE = 24 };

struct tls_kept {
	struct tls_kept *next;
	struct stream_chunk chunk;
	uint8_t bytes[];
};

void tls_talk_init(struct tls_talk *t, const struct tls_keys *keys, stream_take *take, void *arg,
		   struct stream_pool *pool)
{
	*t = (struct tls_talk){ .keys = keys, .take = take, .arg = arg, .pool = pool };
	t->kept_tail = &t->kept;
}

bool tls_talk_opens(const struct tls_talk *t)
{
	return t->decided && !t->passing;
}

unsigned tls_talk_secrets(const struct tls_talk *t)
{
	const struct tls_secret *all = t->has_client ? tls_keys_find(t->keys, t->client_random) : NULL;
	unsigned count = 0;

	for (unsigned i = 0; all && i < TLS_LABELS; i++)
		count += all[i].len > 0;
	return count;
}

bool tls_talk_whole(const struct tls_talk *t)
{
	return !t->passing && t->side[0].place != TLS_LOST && t->side[1].place != TLS_LOST;
}

/* --- what waits for the decision --- */

static void forget(struct tls_talk *t)
{
	for (struct tls_kept *next; t->kept; t->kept = next) {
		next = t->kept->next;
		free(t->kept);
	}
	t->kept_tail = &t->kept;
	if (t->pool)
		t->pool->used -= t->kept_bytes;
	t->kept_bytes = 0;
}

static bool keep(struct tls_talk *t, const struct stream_chunk *c)
{
	uint64_t size = sizeof(struct tls_kept) + (c->bytes ? c->len : 0);
	struct tls_kept *k;

	if (t->kept_bytes + size > TLS_WAITS || (t->pool && t->pool->used + size > t->pool->limit))
		return false;
	k = mem_alloc(size);
	k->chunk = *c;
	if (c->bytes) {
		memcpy(k->bytes, c->bytes, c->len);
		k->chunk.bytes = k->bytes;
	}
	*t->kept_tail = k;
	t->kept_tail = &k->next;
	t->kept_bytes += size;
	if (t->pool)
		t->pool->used += size;
	return true;
}

static void drop_side(struct tls_talk_side *s)
{
	buf_done(&s->bytes);
	s->done = 0;
	tls_opener_free(s->opener);
	s->opener = NULL;
}

/* No secrets, or nothing that they open: everything as it came. */
static void pass_all(struct tls_talk *t)
{
	t->decided = t->passing = true;
	for (struct tls_kept *k = t->kept; k; k = k->next)
		t->take(t->arg, &k->chunk);
	forget(t);
	drop_side(&t->side[0]);
	drop_side(&t->side[1]);
}

void tls_talk_done(struct tls_talk *t)
{
	forget(t);
	for (unsigned i = 0; i < 2; i++) {
		drop_side(&t->side[i]);
		explicit_bzero(&t->side[i].secret, sizeof t->side[i].secret);
	}
}

static void give(struct tls_talk *t, unsigned side, const uint8_t *bytes, uint32_t len)
{
	struct stream_chunk c = { .side = (uint8_t)side,
				  .gap = !bytes,
				  .offset = t->side[side].given,
				  .len = len,
				  .bytes = bytes,
				  .number = t->number,
				  .at_ns = t->at_ns };

	t->side[side].given += len;
	if (len)
		t->take(t->arg, &c);
}

/* --- keys --- */

static const struct tls_secret *secret_of(const struct tls_talk *t, enum tls_label label)
{
	const struct tls_secret *all = t->has_client ? tls_keys_find(t->keys, t->client_random) : NULL;

	return all && all[label].len ? &all[label] : NULL;
}

static void change_keys(struct tls_talk_side *s, struct tls_opener *to)
{
	tls_opener_free(s->opener);
	s->opener = to;
	s->sealed = true;
}

/* TLS 1.3: from a secret of the key log. False: it is not there, now. */
static bool use_secret(struct tls_talk *t, struct tls_talk_side *s, enum tls_label label)
{
	const struct tls_secret *secret = secret_of(t, label);

	change_keys(s, secret && t->suite ? tls13_opener(t->suite, secret) : NULL);
	if (s->opener)
		s->secret = *secret;
	return s->opener;
}

static bool of_client(const struct tls_talk *t, const struct tls_talk_side *s)
{
	return s == &t->side[t->client];
}

/* Look for the keys of a side whose records are sealed. What it takes may be still to come. */
static bool find_keys(struct tls_talk *t, struct tls_talk_side *s)
{
	const struct tls_secret *master;
	bool client = of_client(t, s);

	if (s->opener)
		return true;
	if (!t->suite)
		return false;
	if (t->suite->v13) {
		if (s->finished)
			return use_secret(t, s, client ? TLS_CLIENT_TRAFFIC : TLS_SERVER_TRAFFIC);
		if (client && s->early && use_secret(t, s, TLS_CLIENT_EARLY))
			return true;
		s->early = false;
		return use_secret(t, s, client ? TLS_CLIENT_HANDSHAKE : TLS_SERVER_HANDSHAKE);
	}
	master = secret_of(t, TLS_MASTER);
	if (master && t->has_server)
		change_keys(s, tls12_opener(&(struct tls12_terms){ t->suite, t->client_random, t->server_random,
								   t->mac_last },
					    master, !client));
	return s->opener;
}

/* --- handshake messages --- */

static void hello(struct tls_talk *t, struct tls_talk_side *s, bool server)
{
	struct tls_hello h;
	uint32_t have = s->message_at < TLS_MESSAGE ? s->message_at : TLS_MESSAGE;

	if (!tls_hello_read(s->message + MESSAGE_HEADER, have - MESSAGE_HEADER, server, &h))
		return;
	if (!server) {
		t->client = s == &t->side[1];
		memcpy(t->client_random, h.random, TLS_RANDOM);
		t->has_client = true;
		s->early |= h.early_data;
		return;
	}
	if (h.retry)
		return;
	memcpy(t->server_random, h.random, TLS_RANDOM);
	t->has_server = true;
	t->client = s == &t->side[0];
	t->suite = h.version >= TLS_1_2 ? tls_suite_find(h.suite) : NULL;
	t->mac_last = h.mac_last;
	if (!t->suite) /* not one of ours: nothing will open */
		t->may_come = false;
	if (h.v13)
		t->side[0].sealed = t->side[1].sealed = true;
}

static void message(struct tls_talk *t, struct tls_talk_side *s)
{
	bool v13 = t->suite && t->suite->v13, client = of_client(t, s);

	switch (s->message[0]) {
	case CLIENT_HELLO: hello(t, s, false); break;
	case SERVER_HELLO: hello(t, s, true); break;
	case END_OF_EARLY_DATA:
		if (v13 && s->early) {
			s->early = false;
			use_secret(t, s, TLS_CLIENT_HANDSHAKE);
		}
		break;
	case FINISHED:
		s->finished = v13;
		if (v13)
			use_secret(t, s, client ? TLS_CLIENT_TRAFFIC : TLS_SERVER_TRAFFIC);
		break;
	case KEY_UPDATE:
		if (v13 && s->opener && tls13_next_secret(t->suite, &s->secret))
			change_keys(s, tls13_opener(t->suite, &s->secret));
		break;
	default: break;
	}
}

static void handshake(struct tls_talk *t, struct tls_talk_side *s, const uint8_t *at, size_t len)
{
	while (len) {
		uint32_t want = s->message_len ? s->message_len : MESSAGE_HEADER;
		size_t here = want - s->message_at < len ? want - s->message_at : len;

		if (s->message_at < TLS_MESSAGE) {
			size_t room = TLS_MESSAGE - s->message_at;

			memcpy(s->message + s->message_at, at, here < room ? here : room);
		}
		s->message_at += (uint32_t)here;
		at += here;
		len -= here;
		if (s->message_at == MESSAGE_HEADER && !s->message_len)
			s->message_len = MESSAGE_HEADER +
					 ((uint32_t)s->message[1] << 16 | (uint32_t)s->message[2] << 8 | s->message[3]);
		if (s->message_len && s->message_at == s->message_len) {
			message(t, s);
			s->message_at = s->message_len = 0;
		}
	}
}

/* --- records --- */

static void plaintext(struct tls_talk *t, struct tls_talk_side *s, uint8_t type, bool v13, const uint8_t *bytes,
		      size_t len)
{
	unsigned side = s == &t->side[1];
	struct tls_record r = { .side = (uint8_t)side, .type = type, .bytes = bytes, .len = (uint32_t)len };

	if (t->opened)
		t->opened(t->arg, &r);
	if (type == TLS_DATA)
		give(t, side, bytes, (uint32_t)len);
	else if (type == TLS_HANDSHAKE)
		handshake(t, s, bytes, len);
	else if (type == TLS_CHANGE_CIPHER && !v13)
		change_keys(s, NULL);
}

/* Early data that the server refuses do not open with what follows them: another try. */
static long open_record(struct tls_talk *t, struct tls_talk_side *s, const uint8_t *record, size_t len, uint8_t *out)
{
	long n = tls_open(s->opener, record, record + HEADER, len, out);

	if (n >= 0 || !s->early)
		return n;
	s->early = false;
	if (!use_secret(t, s, TLS_CLIENT_HANDSHAKE))
		return -1;
	return tls_open(s->opener, record, record + HEADER, len, out);
}

static void lose(struct tls_talk *t, struct tls_talk_side *s)
{
	s->place = TLS_LOST;
	give(t, s == &t->side[1], NULL, (uint32_t)(s->bytes.len - s->done));
	drop_side(s);
}

/* What comes cannot be read. */
static void broken(struct tls_talk *t, struct tls_talk_side *s)
{
	if (t->decided)
		lose(t, s);
	else
		pass_all(t);
}

static void sealed_record(struct tls_talk *t, struct tls_talk_side *s, const uint8_t *record, size_t len)
{
	uint8_t out[TLS_RECORD], type = record[0];
	bool v13 = tls_opener_v13(s->opener);
	long n = open_record(t, s, record, len, out);

	if (n < 0) {
		broken(t, s);
		return;
	}
	t->decided = true;
	forget(t);
	if (v13) {
		while (n && !out[n - 1])
			n--;
		if (!n)
			return;
		type = out[--n];
	}
	plaintext(t, s, type, v13, out, (size_t)n);
	explicit_bzero(out, (size_t)n);
}

static void clear_record(struct tls_talk *t, struct tls_talk_side *s, const uint8_t *record, size_t len)
{
	if (record[0] == TLS_HANDSHAKE)
		handshake(t, s, record + HEADER, len);
	else if (record[0] == TLS_CHANGE_CIPHER)
		s->sealed = true;
}

/* Nothing says that this is no TLS (any more). */
static bool is_record(const uint8_t *b)
{
	return b[0] >= TLS_CHANGE_CIPHER && b[0] <= 24 && b[1] == 3 && b[2] <= 4 &&
	       ((size_t)b[3] << 8 | b[4]) <= TLS_RECORD;
}

static bool needs_keys(const struct tls_talk *t, const struct tls_talk_side *s, uint8_t type)
{
	if (s->early && type == TLS_DATA)
		return true; /* a client's early data come before the server has said anything */
	return s->sealed && !(type == TLS_CHANGE_CIPHER && t->suite && t->suite->v13);
}

/* The records that are there. True: it went on. */
static bool pump(struct tls_talk *t, struct tls_talk_side *s)
{
	bool went_on = false;

	while (s->place == TLS_OPEN && !t->passing && s->bytes.len - s->done >= HEADER) {
		const uint8_t *record = (const uint8_t *)s->bytes.data + s->done;
		size_t len = (size_t)record[3] << 8 | record[4];

		if (!is_record(record)) {
			broken(t, s);
			return true;
		}
		if (s->bytes.len - s->done < HEADER + len)
			break;
		if (!needs_keys(t, s, record[0]))
			clear_record(t, s, record, len);
		else if (find_keys(t, s))
			sealed_record(t, s, record, len);
		else
			break;
		went_on = true;
		s->done += s->bytes.len ? HEADER + len : 0;
	}
	if (s->done)
		buf_cut(&s->bytes, 0, s->done);
	s->done = 0;
	return went_on;
}

/* A whole record is there, and not the keys that it needs: they were looked for. */
static bool waits(const struct tls_talk *t, const struct tls_talk_side *s)
{
	const uint8_t *record = (const uint8_t *)s->bytes.data;

	return s->place == TLS_OPEN && !s->opener && s->bytes.len >= HEADER &&
	       s->bytes.len - HEADER >= ((size_t)record[3] << 8 | record[4]) && needs_keys(t, s, record[0]);
}

/* A secret that is not there, and nobody will write it. */
static bool hopeless(const struct tls_talk *t)
{
	if (t->may_come || t->decided)
		return false;
	return (t->has_client && !tls_keys_find(t->keys, t->client_random)) ||
	       (t->has_server && (waits(t, &t->side[0]) || waits(t, &t->side[1])));
}

/* The same of one side, when the other one was opened: what comes there does not have to be kept. */
static void give_up(struct tls_talk *t)
{
	for (unsigned i = 0; i < 2 && t->decided && !t->may_come && t->has_server; i++)
		if (waits(t, &t->side[i]))
			lose(t, &t->side[i]);
}

/* Could a connection begin here: a record with a hello? */
static bool says_hello(const struct stream_chunk *c)
{
	const uint8_t *b = c->bytes;

	return b && c->len > HEADER && b[0] == TLS_HANDSHAKE && b[1] == 3 && b[2] <= 4 &&
	       (b[5] == CLIENT_HELLO || b[5] == SERVER_HELLO);
}

static void lost_bytes(struct tls_talk *t, struct tls_talk_side *s, uint32_t len)
{
	if (!t->decided) {
		pass_all(t);
		return;
	}
	if (s->place == TLS_OPEN)
		lose(t, s);
	give(t, s == &t->side[1], NULL, len);
}

static void feed(struct tls_talk *t, struct tls_talk_side *s, const struct stream_chunk *c)
{
	bool more = true;

	if (!t->decided && !keep(t, c)) {
		pass_all(t);
		t->take(t->arg, c);
		return;
	}
	if (c->gap) {
		lost_bytes(t, s, c->len);
		return;
	}
	if (s->place == TLS_LOST) {
		give(t, c->side, NULL, c->len);
		return;
	}
	buf_add(&s->bytes, c->bytes, c->len);
	while (more && !t->passing) {
		more = pump(t, &t->side[0]);
		more |= pump(t, &t->side[1]);
	}
	if (!t->passing && hopeless(t))
		pass_all(t);
	if (!t->passing)
		give_up(t);
	if (!t->passing && s->bytes.len > TLS_WAITS)
		lose(t, s);
}

void tls_talk_take(void *talk, const struct stream_chunk *c)
{
	struct tls_talk *t = talk;
	struct tls_talk_side *s = &t->side[c->side];

	t->number = c->number;
	t->at_ns = c->at_ns;
	if (!t->passing && s->place == TLS_RAW && !c->overlap && says_hello(c) &&
	    (t->may_come || tls_keys_count(t->keys)))
		s->place = TLS_OPEN;
	if (t->passing || s->place == TLS_RAW) {
		s->given += c->overlap ? 0 : c->len;
		t->take(t->arg, c);
	} else if (!c->overlap) {
		feed(t, s, c);
	}
}

void tls_talk_end(struct tls_talk *t)
{
	if (t->kept && !t->decided)
		pass_all(t);
	for (unsigned i = 0; i < 2; i++)
		if (t->side[i].place == TLS_OPEN && t->side[i].bytes.len && !t->passing)
			lose(t, &t->side[i]);
}
