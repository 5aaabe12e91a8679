#include "session/trail.h"

#include "util/mem.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

void trail_init(struct trail *t, uint64_t since_ns)
{
	memset(t, 0, sizeof *t);
	t->since_ns = since_ns;
	t->until_ns = UINT64_MAX;
}

void trail_done(struct trail *t)
{
	free(t->numbers);
	free(t->flows);
	memset(t, 0, sizeof *t);
}

static uint8_t wire_protocol(const struct sock *s)
{
	if (s->type == SOCK_RAW || s->protocol)
		return s->protocol == 262 ? IPPROTO_TCP : (uint8_t)s->protocol; /* MPTCP's subflows are TCP */
	return s->type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
}

/* Is `mine` an end that packets to or from `packet_end` belong to? A wildcard address fits every address of its
 * family, and :: fits IPv4 too. */
static bool end_fits(const struct endpoint *mine, const struct endpoint *packet_end)
{
	struct endpoint e = *mine;

	endpoint_unmap(&e);
	e.scope_id = 0;
	if (e.has_port && packet_end->has_port && e.port != packet_end->port)
		return false;
	if (endpoint_is_any(&e))
		return e.family == AF_INET6 || packet_end->family == AF_INET;
	return endpoint_same_address(&e, packet_end);
}

static bool flow_fits(const struct sock *s, const struct flow *f)
{
	if (f->proto != wire_protocol(s))
		return false;
	for (unsigned mine = 0; mine < 2; mine++) {
		struct endpoint near, far;

		flow_endpoint(f, mine, &near);
		flow_endpoint(f, !mine, &far);
		if (end_fits(&s->local, &near) && (s->remote.family == AF_UNSPEC || end_fits(&s->remote, &far)))
			return true;
	}
	return false;
}

static void add_flow(struct trail *t, uint32_t id)
{
	for (size_t i = 0; i < t->flow_count; i++)
		if (t->flows[i].id == id)
			return;
	if (t->flow_count == TRAIL_FLOWS) { /* the flow that was found first has had its time */
		memmove(t->flows, t->flows + 1, (t->flow_count - 1) * sizeof *t->flows);
		t->flow_count--;
	}
	MEM_ROOM(t->flows, t->flow_count, t->flow_capacity);
	t->flows[t->flow_count++] = (struct trail_flow){ .id = id };
}

/* Find the flows of this socket among those that were not looked at yet. */
static void find_flows(struct trail *t, const struct sock *s, const struct flow_table *flows)
{
	if (t->exact) {
		const struct flow *f = flow_table_find(flows, wire_protocol(s), &t->local, &t->remote);

		if (f && f->last_ns >= t->since_ns && f->first_ns <= t->until_ns)
			add_flow(t, f->id);
		return;
	}
	for (uint32_t id = t->scanned; id < flows->count; id++) {
		const struct flow *f = &flows->flows[id];

		if (f->last_ns >= t->since_ns && f->first_ns <= t->until_ns && flow_fits(s, f))
			add_flow(t, id);
	}
	t->scanned = flows->count;
}

void trail_pin(struct trail *t, uint32_t flow)
{
	t->pinned = t->exact = true;
	add_flow(t, flow);
}

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void make_room(struct trail *t, const struct recorder *r)
{
	size_t half = TRAIL_PACKETS / 2;

	if (t->count < TRAIL_PACKETS || r->index)
		return;
	memmove(t->numbers, t->numbers + half, (t->count - half) * sizeof *t->numbers);
	t->count -= half;
	t->lost += half;
}

static void add_number(struct trail *t, uint64_t number, const struct recorder *r)
{
	make_room(t, r);
	MEM_ROOM(t->numbers, t->count, t->capacity);
	t->numbers[t->count++] = number;
}

/* Walk a flow from its newest packet back to the last one that is here. */
static void walk_flow(struct trail *t, struct trail_flow *tf, const struct flow *f, const struct recorder *r)
{
	uint64_t newest = f->last;

	for (uint64_t n = f->last; n > tf->last;) {
		struct index_note p;

		if (!recorder_note(r, n, &p))
			break;
		if (p.at_ns >= t->since_ns && p.at_ns <= t->until_ns)
			add_number(t, n, r);
		n = p.prev;
	}
	tf->last = newest;
}

/* ICMP errors that are about packets of that flow. */
static void add_errors(struct trail *t, struct trail_flow *tf, const struct flow_table *flows, const struct recorder *r)
{
	uint64_t end = flows->errors_gone + flows->error_count;

	if (tf->errors < flows->errors_gone)
		tf->errors = flows->errors_gone;
	for (; tf->errors < end; tf->errors++) {
		const struct flow_error *e = &flows->errors[tf->errors - flows->errors_gone];

		if (e->flow == tf->id && e->at_ns >= t->since_ns && e->at_ns <= t->until_ns &&
		    e->number >= recorder_oldest(r))
			add_number(t, e->number, r);
	}
}

/* Numbers that came newest first, in order. */
static void put_in_order(uint64_t *numbers, size_t count)
{
	bool descending = true;

	for (size_t i = 1; i < count && descending; i++)
		descending = numbers[i] < numbers[i - 1];
	if (!descending) {
		qsort(numbers, count, sizeof *numbers, ascending);
		return;
	}
	for (size_t i = 0; i < count / 2; i++) {
		uint64_t swap = numbers[i];

		numbers[i] = numbers[count - 1 - i];
		numbers[count - 1 - i] = swap;
	}
}

/* Which ends are looked for; false: nothing can belong to them. */
static bool know_ends(struct trail *t, const struct sock *s)
{
	struct endpoint local = s->local, remote = s->remote;
	bool exact;

	if ((s->family != AF_INET && s->family != AF_INET6) || (local.family == AF_UNSPEC))
		return false;
	if (local.has_port && !local.port && s->type != SOCK_RAW)
		return false; /* not bound: nothing can belong to it */
	endpoint_unmap(&local);
	endpoint_unmap(&remote);
	local.scope_id = remote.scope_id = 0;
	exact = remote.family != AF_UNSPEC && s->type != SOCK_RAW;
	if (exact != t->exact || !endpoint_same(&local, &t->local) || !endpoint_same(&remote, &t->remote)) {
		t->exact = exact;
		t->local = local;
		t->remote = remote;
		t->scanned = 0;
	}
	return true;
}

bool trail_update(struct trail *t, const struct sock *s, const struct flow_table *flows, const struct recorder *r)
{
	size_t before = t->count;
	uint64_t lost = t->lost;

	if (!t->pinned && !know_ends(t, s))
		return false;
	if (!t->pinned)
		find_flows(t, s, flows);
	for (size_t i = 0; i < t->flow_count; i++) {
		struct trail_flow *tf = &t->flows[i];
		const struct flow *f = &flows->flows[tf->id];

		if (f->last != tf->last)
			walk_flow(t, tf, f, r);
		add_errors(t, tf, flows, r);
	}
	if (t->count == before && t->lost == lost)
		return false;
	/* What was added came newest first, flow by flow; the part before it is in order already. */
	if (t->lost != lost)
		before = 0;
	put_in_order(t->numbers + before, t->count - before);
	if (before && t->numbers[before] < t->numbers[before - 1])
		qsort(t->numbers, t->count, sizeof *t->numbers, ascending);
	t->changes++;
	return true;
}

enum direction trail_direction(const struct sock *s, const struct packet *p)
{
	struct endpoint from, to;
	bool out, in;

	packet_source(p, &from);
	packet_destination(p, &to);
	if (from.family == AF_UNSPEC)
		return (enum direction)p->direction;
	out = end_fits(&s->local, &from);
	in = end_fits(&s->local, &to);
	if (out && in && s->remote.family != AF_UNSPEC) { /* one address, one port apart: the peer decides */
		out = end_fits(&s->remote, &to);
		in = end_fits(&s->remote, &from);
	}
	return out && !in ? DIRECTION_OUT : in && !out ? DIRECTION_IN : (enum direction)p->direction;
}

enum direction trail_way(const struct sock *s, const struct packet *p, const uint8_t *bytes)
{
	struct packet about;

	if (s->type == SOCK_RAW || !decode_quoted(p, bytes, &about) || !about.has_ports)
		return trail_direction(s, p);
	switch (trail_direction(s, &about)) {
	case DIRECTION_OUT: return DIRECTION_IN;
	case DIRECTION_IN: return DIRECTION_OUT;
	default: return (enum direction)p->direction;
	}
}
