#include "session/replay.h"

#include "inside.h"

#include "session/host.h"
#include "session/opened.h"
#include "session/sitting.h"
#include "util/err.h"
#include "util/hash.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HOST_MESSAGE = 4096 /* bytes at most, with room for fields to come */ };

struct replay_host {
	uint64_t key;
	uint8_t *message; /* as it was in the file: unpacked again when a snapshot is made */
	uint32_t len;
};

void replay_free(struct replay *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->host_slots; i++)
		free(r->host[i].message);
	free(r->host);
	free(r->records);
	free(r->own);
	free(r);
}

/* --- the host's sockets --- */

static struct replay_host *slot(struct replay *r, uint64_t key)
{
	size_t i = hash_mix(key) & (r->host_slots - 1);

	while (r->host[i].message && r->host[i].key != key)
		i = (i + 1) & (r->host_slots - 1);
	return &r->host[i];
}

static void grow(struct replay *r)
{
	struct replay_host *old = r->host;
	size_t count = r->host_slots;

	r->host_slots = count ? 2 * count : 256;
	r->host = mem_array(r->host_slots, sizeof *r->host);
	for (size_t i = 0; i < count; i++)
		if (old[i].message)
			*slot(r, old[i].key) = old[i];
	free(old);
}

static void keep_host(struct replay *r, uint64_t key, const uint8_t *bytes, size_t len)
{
	struct replay_host *h;

	if (2 * (r->host_count + 1) > r->host_slots)
		grow(r);
	h = slot(r, key);
	if (len > HOST_MESSAGE || (!h->message && r->host_count == REPLAY_HOST)) {
		r->no_room++;
		return;
	}
	r->host_count += !h->message;
	free(h->message);
	h->key = key;
	h->len = (uint32_t)len;
	h->message = mem_array(len, 1);
	memcpy(h->message, bytes, len);
	r->stale = true;
}

static void keep_gone(struct session *s, const struct sitting_host *h)
{
	struct host_closed c = { .key = h->key, .closed_ns = h->closed_ns, .sock = h->sock, .netns = h->netns };

	if (h->owner_count)
		c.owner = h->owners[0];
	if (s->host)
		host_put_closed(s->host, &c);
}

static void add_record(struct snapshot *snap, const struct sitting_host *h)
{
	struct record *r = snapshot_add(snap, &h->sock, h->netns);

	r->reason = h->reason;
	r->key = h->key;
	for (unsigned i = 0; i < h->owner_count; i++)
		snapshot_own(snap, r, &h->owners[i]);
}

static void join_peers(struct replay *r, struct snapshot *snap, struct sitting_message *m)
{
	for (size_t i = 0; i < r->host_slots; i++) {
		const struct record *one, *other;

		if (!r->host[i].message || sitting_read(r->host[i].message, r->host[i].len, m) != SITTING_OK ||
		    !m->host.peer)
			continue;
		one = snapshot_find(snap, m->host.key);
		other = snapshot_find(snap, m->host.peer);
		if (one && other)
			snap->records[one - snap->records].peer = (uint32_t)(other - snap->records);
	}
}

/* Where in `table` the end of a flow that a socket is stands; NULL: it has no flow here. */
static uint32_t *place_of(const struct session *s, const struct sock *k, uint32_t *table)
{
	struct endpoint local = k->local, end;
	const struct flow *f;

	if (!endpoint_there(&k->remote) || !k->remote.has_port)
		return NULL;
	f = flow_table_find(&s->flows, sock_is_tcp(k) ? IPPROTO_TCP : (uint8_t)k->protocol, &k->local, &k->remote);
	endpoint_unmap(&local);
	for (unsigned e = 0; f && e < 2; e++) {
		flow_endpoint(f, e, &end);
		if (end.port == local.port && endpoint_same_address(&end, &local))
			return &table[2 * (size_t)f->id + e];
	}
	return NULL;
}

/* Whose the ends of the flows are. */
static void own_flows(struct session *s, const struct snapshot *snap)
{
	struct replay *r = s->opened->replay;
	const struct lab_sock *own;
	uint32_t *place;
	struct sock k;

	free(r->records);
	free(r->own);
	r->flows = s->flows.count;
	r->records = mem_array(2 * (size_t)r->flows + 1, sizeof *r->records);
	r->own = mem_array(2 * (size_t)r->flows + 1, sizeof *r->own);
	for (size_t i = 0; i < snap->count; i++) {
		record_sock(snap, &snap->records[i], &k);
		place = place_of(s, &k, r->records);
		if (place)
			*place = (uint32_t)i + 1;
	}
	for (size_t i = 0; (own = lab_next(s->lab, &i));) {
		place = own->peer ? NULL : place_of(s, &own->now, r->own);
		if (place)
			*place = own->id;
	}
}

void replay_settle(struct session *s)
{
	struct replay *r = s->opened ? s->opened->replay : NULL;
	struct sitting_message *m;
	struct snapshot *snap;

	if (!r || !s->host || (!r->stale && r->flows == s->flows.count))
		return;
	snap = mem_alloc(sizeof *snap);
	m = mem_alloc(sizeof *m);
	for (size_t i = 0; i < r->host_slots; i++)
		if (r->host[i].message && sitting_read(r->host[i].message, r->host[i].len, m) == SITTING_OK)
			add_record(snap, &m->host);
	snapshot_settle(snap);
	join_peers(r, snap, m);
	snap->at_ns = r->began_ns;
	own_flows(s, snap);
	host_put(s->host, snap);
	r->stale = false;
	s->rows_stale = true;
	session_rebuild_rows(s); /* they point into the snapshot that is gone */
	free(m);
}

const struct record *replay_record(const struct session *s, uint32_t flow, unsigned end)
{
	const struct replay *r = s->opened ? s->opened->replay : NULL;
	const struct snapshot *snap = r && s->host ? host_snapshot(s->host) : NULL;
	uint32_t found = snap && flow < r->flows ? r->records[2 * (size_t)flow + end] : 0;

	return found && found <= snap->count ? &snap->records[found - 1] : NULL;
}

const struct lab_sock *replay_own(const struct session *s, uint32_t flow, unsigned end)
{
	const struct replay *r = s->opened ? s->opened->replay : NULL;

	return r && flow < r->flows ? lab_find(s->lab, r->own[2 * (size_t)flow + end]) : NULL;
}

/* --- messages --- */

static void begin(struct session *s)
{
	struct err why;
	size_t i = 0;

	s->opened->replay = mem_alloc(sizeof *s->opened->replay);
	s->opened->replay->deaf = lab_next(s->lab, &i) != NULL;
	if (s->opened->replay->deaf) {
		session_notice(s, NOTICE_WARN, "sockets were made here already: those of the recording are left out");
		return;
	}
	lab_still(s->lab);
	if (!s->host && host_new_still(&s->host, &why))
		session_notice(s, NOTICE_WARN, "%s", why.text);
}

static void count(struct session *s, enum sitting_read what)
{
	struct replay *r = s->opened->replay;

	if (what == SITTING_UNKNOWN && !r->unknown++)
		session_notice(s, NOTICE_WARN,
			       "a later sockeye made this recording: what this one does not know is left out");
	if (what == SITTING_BAD && !r->bad++)
		session_notice(s, NOTICE_WARN, "a part of the recording is damaged, and left out");
}

static void take(struct session *s, struct sitting_message *m, const uint8_t *bytes, size_t len)
{
	enum sitting_read what = sitting_read(bytes, len, m);
	struct replay *r;
	bool kept = true;

	r = s->opened->replay;
	if (what != SITTING_OK)
		count(s, what);
	if (what != SITTING_OK || r->deaf)
		return;
	switch (m->kind) {
	case SITTING_BEGIN:
		r->began_ns = m->begin.at_ns;
		r->pid = m->begin.pid;
		break;
	case SITTING_SOCKET: kept = lab_restore(s->lab, &m->sock); break;
	case SITTING_FORGOT: lab_forget(s->lab, m->id); break;
	case SITTING_CALL: kept = lab_restore_call(s->lab, &m->call); break;
	case SITTING_HOST: keep_host(r, m->host.key, bytes, len); break;
	case SITTING_GONE: keep_gone(s, &m->host); break;
	}
	r->no_room += !kept;
	r->stale = true;
	s->lab_changed = true; /* trails of what is new */
}

void replay_take(struct session *s, const uint8_t *bytes, size_t len)
{
	struct sitting_message *m = mem_alloc(sizeof *m);
	const uint8_t *one;
	size_t size;

	if (!s->opened->replay)
		begin(s);
	while ((one = sitting_next(&bytes, &len, &size)))
		take(s, m, one, size);
	if (len)
		count(s, SITTING_BAD);
	free(m);
}

/* --- what cannot be done --- */

const char *session_refuses(const struct session *s, const struct command *c)
{
	if (!s->opened)
		return NULL;
	if (s->opened->replay && !s->opened->replay->deaf && c->flags & (COMMAND_CALL | COMMAND_LIVE | COMMAND_SOCKET))
		return "a recording is open: it can be read, and nothing in it can be changed";
	if (c->flags & COMMAND_HOST)
		return "a file is open: there is nothing alive in it (start sockeye without -r)";
	return NULL;
}

uint32_t session_pid(const struct session *s)
{
	return s->opened && s->opened->replay ? s->opened->replay->pid : (uint32_t)getpid();
}
