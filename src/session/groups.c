#include "session/groups.h"

#include "core/rate.h"
#include "session/host.h"
#include "util/buf.h"
#include "util/hash.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

/* --- what a row is, whether it is unpacked or not --- */

struct seen {
	int family;
	enum state state;
	unsigned known;
	uint32_t recv_q, send_q, backlog;
	const struct sock_tcp *tcp; /* NULL: not known */
	struct endpoint remote;
	struct sock_tcp room;
};

static void see_sock(const struct row *r, struct seen *out)
{
	const struct sock *k = r->sock;

	out->family = k->family;
	out->state = k->state;
	out->known = k->known;
	out->recv_q = r->own && k->state == STATE_LISTEN ? r->own->waiting : k->recv_q;
	out->send_q = k->send_q;
	out->backlog = k->known & SOCK_HAS_BACKLOG ? k->backlog : k->send_q;
	out->tcp = k->known & SOCK_HAS_TCP ? &k->tcp : NULL;
	out->remote = (struct endpoint){ 0 };
	if (k->family != AF_UNIX)
		out->remote = k->remote;
}

static void see_record(const struct session *s, const struct record *r, struct seen *out)
{
	out->family = r->family;
	out->state = (enum state)r->state;
	out->known = r->known;
	out->recv_q = r->recv_q;
	out->send_q = r->send_q;
	out->backlog = r->known & SOCK_HAS_BACKLOG ? r->backlog : r->send_q;
	out->tcp = record_tcp(host_snapshot(s->host), r, &out->room) ? &out->room : NULL;
	out->remote = (struct endpoint){ 0 };
	if (r->family == AF_UNIX)
		return;
	out->remote.family = r->remote_family & (RECORD_PORT - 1);
	out->remote.has_port = r->remote_family & RECORD_PORT;
	out->remote.port = r->remote_port;
	out->remote.scope_id = r->remote_zone;
	memcpy(out->remote.ip, r->remote, sizeof out->remote.ip);
}

static void see(const struct session *s, const struct row *r, struct seen *out)
{
	if (r->sock)
		see_sock(r, out);
	else
		see_record(s, r->view.record, out);
}

/* --- which group --- */

enum { KEY_PROCESS = 1, KEY_REASON, KEY_REMOTE, KEY_CLASS };

static uint64_t key_of(unsigned kind, uint64_t value)
{
	return hash_mix((uint64_t)kind << 56 ^ value) | 1; /* never 0 */
}

static uint64_t process_key(uint32_t pid)
{
	return key_of(KEY_PROCESS, pid);
}

static uint8_t reason_of(const struct row *r)
{
	if (r->view.record)
		return r->view.record->reason;
	return r->closed_ns ? OWNER_EXITED : OWNER_NOT_ASKED;
}

static enum remote_class class_of(const struct seen *k)
{
	if (k->family == AF_UNIX)
		return REMOTE_UNIX;
	if ((k->remote.family != AF_INET && k->remote.family != AF_INET6) || !endpoint_there(&k->remote) ||
	    endpoint_is_any(&k->remote))
		return REMOTE_NONE;
	return REMOTE_ADDRESS;
}

/* A v4-mapped address is the v4 one. */
static void bare(struct endpoint *e)
{
	endpoint_unmap(e);
	e->port = 0;
	e->has_port = false;
}

static uint64_t remote_key(struct seen *k)
{
	enum remote_class class = class_of(k);

	if (class != REMOTE_ADDRESS)
		return key_of(KEY_CLASS, class);
	bare(&k->remote);
	return key_of(KEY_REMOTE, endpoint_hash(&k->remote, 0) >> 8);
}

/* --- the table --- */

static void grow(struct groups *g)
{
	free(g->slots);
	g->slot_count = g->slot_count ? 2 * g->slot_count : 256;
	g->slots = mem_array(g->slot_count, sizeof *g->slots);
	for (size_t i = 0; i < g->count; i++) {
		size_t at = hash_mix(g->groups[i].key) & (g->slot_count - 1);

		while (g->slots[at])
			at = (at + 1) & (g->slot_count - 1);
		g->slots[at] = (uint32_t)i + 1;
	}
}

static size_t slot_of(const struct groups *g, uint64_t key)
{
	size_t at = hash_mix(key) & (g->slot_count - 1);

	while (g->slots[at] && g->groups[g->slots[at] - 1].key != key)
		at = (at + 1) & (g->slot_count - 1);
	return at;
}

const struct group *groups_find(const struct groups *g, uint64_t key)
{
	size_t at = g->slot_count ? slot_of(g, key) : 0;

	return g->slot_count && g->slots[at] ? &g->groups[g->slots[at] - 1] : NULL;
}

/* *made: it is new, and has its key only. */
static struct group *group_at(struct groups *g, uint64_t key, bool *made)
{
	size_t at;

	if (2 * (g->count + 1) > g->slot_count)
		grow(g);
	at = slot_of(g, key);
	*made = !g->slots[at];
	if (*made) {
		MEM_ROOM(g->groups, g->count, g->capacity);
		g->groups[g->count] = (struct group){ .key = key };
		g->slots[at] = (uint32_t)++g->count;
	}
	return &g->groups[g->slots[at] - 1];
}

/* --- adding up --- */

static enum group_part part_of(enum state s)
{
	switch (s) {
	case STATE_LISTEN: return PART_LISTEN;
	case STATE_ESTABLISHED:
	case STATE_CONNECTED: return PART_OPEN;
	case STATE_CLOSE_WAIT: return PART_CLOSE_WAIT;
	case STATE_TIME_WAIT: return PART_TIME_WAIT;
	default: return PART_OTHER;
	}
}

static void count_queues(struct group *g, const struct seen *k)
{
	if (!(k->known & SOCK_HAS_QUEUES))
		return;
	if (k->state == STATE_LISTEN) {
		g->waiting += k->recv_q;
		g->full |= k->recv_q && k->recv_q >= k->backlog;
		return;
	}
	g->recv_q += k->recv_q;
	g->send_q += k->send_q;
}

static void count_tcp(struct group *g, const struct sock_tcp *t)
{
	g->sent += t->bytes_sent;
	g->received += t->bytes_received;
	g->retrans += t->total_retrans;
	if (t->rtt_us) {
		g->rtt_us = (g->rtt_us * g->measured + t->rtt_us) / (g->measured + 1);
		g->measured++;
	}
}

static void count(struct group *g, const struct row *r, const struct seen *k, bool alone)
{
	const struct sock_rate *rate = r->view.rate;

	g->sockets++;
	g->fresh += r->fresh && !r->closed_ns;
	g->closed += r->closed_ns != 0;
	g->parts[part_of(k->state)]++;
	if (!r->closed_ns)
		count_queues(g, k);
	if (k->tcp && k->state != STATE_LISTEN)
		count_tcp(g, k->tcp);
	if (rate && rate->known) {
		g->rated = true;
		g->out += rate->out;
		g->in += rate->in;
		g->retransmits += rate->retransmits;
	}
	if (!g->some || (alone && !g->alone) || (alone == g->alone && r->key < g->some)) {
		g->some = r->key;
		g->alone = alone;
	}
}

/* A process may have a socket more than once. */
static bool had_before(const struct owner *owners, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (owners[k].pid == owners[i].pid)
			return true;
	return false;
}

static void add_to_processes(struct groups *g, const struct row *r, const struct seen *k)
{
	const struct owner *owners = r->view.owners;
	struct group *to;
	bool made;

	if (!r->view.owner_count) {
		to = group_at(g, key_of(KEY_REASON, reason_of(r)), &made);
		to->reason = reason_of(r);
		count(to, r, k, false);
	}
	for (size_t i = 0; i < r->view.owner_count; i++) {
		if (had_before(owners, i))
			continue;
		to = group_at(g, process_key(owners[i].pid), &made);
		if (made)
			to->owner = owners[i];
		count(to, r, k, i == 0);
	}
}

static void add_to_remotes(struct groups *g, const struct row *r, struct seen *k)
{
	bool made;
	struct group *to = group_at(g, remote_key(k), &made);

	if (made) {
		to->class = (uint8_t)class_of(k);
		if (to->class == REMOTE_ADDRESS)
			to->address = k->remote;
	}
	if (r->view.owner_count && !to->owner.pid)
		to->owner = r->view.owners[0];
	for (size_t i = 0; i < r->view.owner_count; i++)
		to->several |= r->view.owners[i].pid != to->owner.pid;
	count(to, r, k, false);
}

void groups_make(struct groups *g, const struct session *s, enum group_by by)
{
	g->count = 0;
	if (g->slot_count)
		memset(g->slots, 0, g->slot_count * sizeof *g->slots);
	for (size_t i = 0; i < s->row_count; i++) {
		struct row room;
		const struct row *r = session_row_packed(s, i, &room);
		struct seen k;

		if (r->kind == ROW_ALL)
			continue;
		if (r->kind != ROW_SOCKET)
			r = session_row_at(s, i);
		see(s, r, &k);
		if (by == GROUP_PROCESS)
			add_to_processes(g, r, &k);
		else
			add_to_remotes(g, r, &k);
	}
}

void groups_done(struct groups *g)
{
	free(g->groups);
	free(g->slots);
	*g = (struct groups){ 0 };
}

/* --- one of them --- */

bool group_has(const struct group *g, const struct session *s, enum group_by by, const struct row *r)
{
	struct seen k;

	if (r->kind == ROW_ALL)
		return false;
	if (by == GROUP_REMOTE) {
		see(s, r, &k);
		return remote_key(&k) == g->key;
	}
	for (size_t i = 0; i < r->view.owner_count; i++)
		if (r->view.owners[i].pid == g->owner.pid)
			return true;
	return !r->view.owner_count && !g->owner.pid && reason_of(r) == g->reason;
}

bool group_narrow(const struct group *g, enum group_by by, struct buf *out)
{
	const char *why = g->reason < OWNER_REASONS ? owner_reasons[g->reason].name : NULL;
	char text[ENDPOINT_TEXT];

	if (by == GROUP_PROCESS && g->owner.pid)
		buf_printf(out, "pid:%u", (unsigned)g->owner.pid);
	else if (by == GROUP_PROCESS)
		buf_puts(out, why ? why : "");
	else if (g->class == REMOTE_ADDRESS)
		buf_printf(out, "dst:%s", endpoint_address(&g->address, text, sizeof text));
	else
		buf_puts(out, g->class == REMOTE_UNIX ? "proto:unix" : "!proto:unix state:listen,unconnected");
	return by == GROUP_REMOTE || g->owner.pid || why;
}
