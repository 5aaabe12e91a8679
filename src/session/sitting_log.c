/* Recording the sitting itself: what is new of sockets and calls goes into the file beside the packets
 * (see session/sitting.h). A socket is told again when its state, its ends or its owners changed, and
 * at most once a second for what it counts. */
#include "inside.h"

#include "capture/custom.h"
#include "capture/writer.h"
#include "session/host.h"
#include "session/sitting.h"
#include "util/buf.h"
#include "util/clock.h"
#include "util/hash.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HOST_MOST (UINT64_C(256) << 20) /* bytes of the host's sockets in one file */
#define COUNTS_NS 1000000000u
#define EVERY_NS 100000000u

/* What was told last of a socket. */
struct told {
	uint64_t key;         /* 0: empty */
	uint64_t main, all;   /* hashes: of what is told at once, of everything */
	uint64_t at_ns, seen; /* CLOCK_MONOTONIC; the round in which it was there */
	bool host;
};

struct sitting_log {
	struct told *told; /* open addressing, a power of two */
	size_t count, slots;
	uint64_t round, tick_ns;
	uint64_t *waiting; /* calls that had not returned */
	size_t waiting_count, waiting_capacity;
	uint64_t next_call, changes;
	uint64_t host_bytes, closed_ns;
	uint64_t snapshot_ns;
	bool full;
	struct buf message, batch;
};

/* --- what was told --- */

static struct told *slot(struct sitting_log *l, uint64_t key)
{
	size_t i = hash_mix(key) & (l->slots - 1);

	while (l->told[i].key && l->told[i].key != key)
		i = (i + 1) & (l->slots - 1);
	return &l->told[i];
}

static void resize(struct sitting_log *l, size_t slots)
{
	struct told *old = l->told;
	size_t count = l->slots;

	l->told = mem_array(slots, sizeof *l->told);
	l->slots = slots;
	for (size_t i = 0; i < count; i++)
		if (old[i].key)
			*slot(l, old[i].key) = old[i];
	free(old);
}

static struct told *find_told(struct sitting_log *l, uint64_t key)
{
	struct told *t;

	if (2 * (l->count + 1) > l->slots)
		resize(l, l->slots ? 2 * l->slots : 256);
	t = slot(l, key);
	if (!t->key) {
		t->key = key;
		l->count++;
	}
	t->seen = l->round;
	return t;
}

/* The message is to be written: something changed at once, or counters did a second ago. */
static bool is_news(struct told *t, uint64_t main, const struct buf *message, uint64_t now, bool last)
{
	uint64_t all = hash_bytes(message->data, message->len, 0);

	if (t->all == all || (t->main == main && !last && now < t->at_ns + COUNTS_NS))
		return false;
	t->main = main;
	t->all = all;
	t->at_ns = now;
	return true;
}

static void flush(struct session *s)
{
	struct buf *b = &s->sitting_log->batch;
	struct err why;

	if (b->len && s->record && writer_extra(s->record, b->data, b->len, &why))
		session_record_failed(s, &why);
	buf_clear(b);
}

/* Many messages share a block: other programs number it like a packet. */
static void put(struct session *s)
{
	struct sitting_log *l = s->sitting_log;

	if (l->batch.len + l->message.len + SITTING_FRAME > CUSTOM_MOST)
		flush(s);
	sitting_join(&l->batch, &l->message);
}

/* --- our own --- */

static uint64_t own_main(const struct lab_sock *k)
{
	const uint64_t parts[] = { k->now.state,
				   k->closed,
				   k->gone,
				   k->history.step_count,
				   k->sent,
				   k->received,
				   k->running,
				   (uint64_t)k->last_error,
				   k->accepted,
				   k->waiting,
				   k->now.inode,
				   k->now.peer_inode,
				   endpoint_hash(&k->now.local, 0),
				   endpoint_hash(&k->now.remote, 1),
				   (uint64_t)k->wr_shut << 1 | k->rd_shut };

	return hash_bytes(parts, sizeof parts, 0);
}

static void tell_own(struct session *s, uint64_t now, bool last)
{
	struct sitting_log *l = s->sitting_log;
	const struct lab_sock *k;

	l->round++;
	for (size_t i = 0; (k = lab_next(s->lab, &i));) {
		buf_clear(&l->message);
		sitting_socket(&l->message, k);
		if (is_news(find_told(l, k->id), own_main(k), &l->message, now, last))
			put(s);
	}
	for (size_t i = 0; i < l->slots; i++) {
		struct told *t = &l->told[i];

		if (!t->key || t->key > UINT32_MAX || t->seen == l->round || !t->all)
			continue;
		t->all = 0; /* never told again: ids are not used twice */
		buf_clear(&l->message);
		sitting_forgot(&l->message, (uint32_t)t->key);
		put(s);
	}
}

/* --- calls --- */

static void tell_call(struct session *s, const struct call *c)
{
	struct sitting_log *l = s->sitting_log;

	buf_clear(&l->message);
	sitting_call(&l->message, c);
	put(s);
}

static void tell_calls(struct session *s, bool last)
{
	struct sitting_log *l = s->sitting_log;
	const struct journal *j = lab_journal(s->lab);
	size_t kept = 0;

	if (l->changes == j->changes && !last)
		return;
	l->changes = j->changes;
	for (size_t i = 0; i < l->waiting_count; i++) {
		const struct call *c = journal_find(j, l->waiting[i]);

		if (c && c->status == CALL_RUNNING && !last)
			l->waiting[kept++] = l->waiting[i];
		else if (c)
			tell_call(s, c);
	}
	l->waiting_count = kept;
	if (l->next_call < journal_oldest(j))
		l->next_call = journal_oldest(j);
	for (; l->next_call < j->next; l->next_call++) {
		const struct call *c = journal_find(j, l->next_call);

		if (c->status != CALL_RUNNING || last) {
			tell_call(s, c);
			continue;
		}
		MEM_ROOM(l->waiting, l->waiting_count, l->waiting_capacity);
		l->waiting[l->waiting_count++] = l->next_call;
	}
}

/* --- the host's --- */

static void tell_host(struct session *s, enum sitting_kind kind, const struct sitting_host *h, uint64_t main,
		      uint64_t now, bool last)
{
	struct sitting_log *l = s->sitting_log;

	buf_clear(&l->message);
	sitting_host(&l->message, kind, h);
	if (kind == SITTING_HOST && !is_news(find_told(l, h->key | 1ull << 63), main, &l->message, now, last))
		return;
	l->host_bytes += l->message.len;
	if (l->host_bytes <= HOST_MOST) {
		put(s);
		return;
	}
	if (!l->full)
		session_notice(s, NOTICE_WARN, "the recording takes no more of the host's sockets");
	l->full = true;
}

static void tell_record(struct session *s, const struct snapshot *snap, const struct record *r, uint64_t now, bool last)
{
	struct sitting_host h = { .key = r->key, .netns = r->netns, .reason = r->reason };
	const struct record *peer = record_peer(snap, r);
	size_t count;
	const struct owner *owners = record_owners(snap, r, &count);
	uint64_t main;

	if (session_is_plumbing(s, snap, r))
		return;
	record_sock(snap, r, &h.sock);
	h.peer = peer ? peer->key : 0;
	h.owner_count = (uint8_t)(count < SITTING_OWNERS ? count : SITTING_OWNERS);
	if (count)
		memcpy(h.owners, owners, h.owner_count * sizeof *owners);
	main = hash_mix(h.peer ^ h.sock.state ^ (uint64_t)h.reason << 8 ^ count << 16) ^
	       (count ? hash_mix(owners[0].pid) : 0);
	tell_host(s, SITTING_HOST, &h, main, now, last);
}

static void tell_closed(struct session *s, uint64_t now)
{
	struct sitting_log *l = s->sitting_log;
	uint64_t newest = l->closed_ns;

	for (size_t i = 0; i < host_closed_count(s->host); i++) {
		const struct host_closed *c = host_closed_at(s->host, i);
		struct sitting_host h = { .key = c->key,
					  .netns = c->netns,
					  .closed_ns = c->closed_ns,
					  .owner_count = c->owner.pid != 0,
					  .sock = c->sock };

		if (c->closed_ns <= l->closed_ns)
			break; /* newest first */
		h.owners[0] = c->owner;
		if (c->closed_ns > newest)
			newest = c->closed_ns;
		tell_host(s, SITTING_GONE, &h, 0, now, false);
	}
	l->closed_ns = newest;
}

static void tell_snapshot(struct session *s, uint64_t now, bool last)
{
	struct sitting_log *l = s->sitting_log;
	const struct snapshot *snap = s->host ? host_snapshot(s->host) : NULL;

	if (!s->host)
		return;
	tell_closed(s, now);
	if (!snap || (snap->at_ns == l->snapshot_ns && !last))
		return;
	l->snapshot_ns = snap->at_ns;
	for (size_t i = 0; i < snap->count && !l->full; i++)
		tell_record(s, snap, &snap->records[i], now, last);
}

/* --- life --- */

void session_log_open(struct session *s)
{
	struct sitting_log *l = s->sitting_log = mem_alloc(sizeof *l);
	const struct sitting_begin begin = { clock_real_ns(), (uint32_t)getpid() };

	l->next_call = 1;
	resize(l, 256);
	sitting_begin(&l->message, &begin);
	put(s);
	flush(s);
}

void session_log_tick(struct session *s, bool last)
{
	uint64_t now = clock_mono_ns();

	if (!s->sitting_log || !s->record || (!last && now < s->sitting_log->tick_ns + EVERY_NS))
		return;
	s->sitting_log->tick_ns = now;
	tell_calls(s, last);
	tell_own(s, now, last);
	tell_snapshot(s, now, last);
	flush(s);
}

void session_log_free(struct session *s)
{
	struct sitting_log *l = s->sitting_log;

	if (!l)
		return;
	free(l->told);
	free(l->waiting);
	buf_done(&l->message);
	buf_done(&l->batch);
	free(l);
	s->sitting_log = NULL;
}
