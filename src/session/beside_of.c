#include "session/beside_of.h"

#include "analysis/finding.h"
#include "analysis/flow_state.h"
#include "session/opened.h"
#include "session/watch.h"

#include <string.h>

/* The first place in the trail behind the packet `number`. */
static size_t place_behind(const struct trail *t, uint64_t number)
{
	size_t from = 0, to = t->count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (t->numbers[middle] <= number)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* ICMP errors are about its packets; one that another interface sees, too, was counted. */
static bool is_none_of_its(const struct sock *k, const struct packet *p)
{
	return p->analysis & FOUND(SEEN_TWICE) || (k->type != SOCK_RAW && decode_quotes(p));
}

void wire_of_settle(struct wire_of *w, const struct session *s, uint64_t key)
{
	const struct trail *t = session_trail(s, key);
	const struct row *row = session_row(s, key);
	uint64_t seen, until = opened_turn(s);
	size_t at;

	if (w->key != key || !t || (t->count && w->last > t->numbers[t->count - 1])) {
		wire_points_clear(&w->points);
		*w = (struct wire_of){ .key = key, .flow = FLOW_NONE, .points = w->points };
	}
	if (!t || !t->count)
		return;
	at = place_behind(t, w->last);
	for (; at < t->count && row && opened_has_time(s, at, until); at++) {
		const struct packet *p = session_packet(s, t->numbers[at], NULL);

		w->last = t->numbers[at];
		if (p && is_none_of_its(row->sock, p)) {
			w->others++;
			continue;
		}
		if (!p)
			continue;
		w->flow = p->flow;
		wire_points_add(&w->points, p, trail_direction(row->sock, p) == DIRECTION_OUT);
	}
	if (at < t->count && row) /* another turn goes on */
		return;
	seen = w->points.sum.side[0].packets + w->points.sum.side[1].packets + w->others;
	w->gone = t->lost + t->count > seen ? t->lost + t->count - seen : 0;
}

void wire_of_done(struct wire_of *w)
{
	wire_points_done(&w->points);
}

static bool was_accepted(const struct row *r)
{
	return r->own && r->own->listener;
}

/* What the packets prove of the state of the socket's end. */
static enum state wire_state(const struct session *s, const struct row *r, const struct wire_of *w)
{
	const struct flow *f = w->flow < s->flows.count ? &s->flows.flows[w->flow] : NULL;
	const struct packet *p = f ? session_packet(s, f->last, NULL) : NULL;
	unsigned sender;

	if (!p)
		return STATE_NONE;
	sender = flow_side_of(f, p);
	return flow_state(f, session_direction(s, r->key, p) == DIRECTION_OUT ? sender : !sender);
}

void beside_of(const struct session *s, const struct row *r, const struct wire_of *w, struct beside_facts *out)
{
	struct capture_stats stats;

	session_tap_stats(s, TAP_LIVE, &stats);
	*out = (struct beside_facts){
		.wire = &w->points.sum,
		.wire_state = wire_state(s, r, w),
		.has_calls = r->own,
		.calls_sent = r->own ? r->own->sent : 0,
		.calls_received = r->own ? r->own->received : 0,
		.accepted = was_accepted(r),
		.capturing = s->taps[TAP_LIVE].capture || session_raw_runs(s) || stats.received,
		.dropped = stats.dropped_kernel + stats.dropped_interface + stats.dropped_here,
		.gone = w->gone,
		.ascii = s->settings.ascii,
	};
	if (r->own || r->view.record || r->closed_ns)
		out->kernel = session_sampled(s, r->key, &out->kernel_ns);
	if (!out->kernel && (r->own || r->view.record || r->closed_ns)) {
		out->kernel = r->sock;
		out->kernel_ns = r->own ? r->own->looked_ns : 0;
	}
}
