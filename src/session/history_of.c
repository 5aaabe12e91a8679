#include "session/history_of.h"

#include "inside.h"

#include <stdio.h>
#include <string.h>

enum { PACKETS_MOST = 4096 }; /* from the beginning, and as many from the end */

/* What the first packet tells of the beginning. A SYN begins a life; else the connection was
 * there before. */
static void begin(struct history *out, const struct packet *p, enum direction way)
{
	bool syn = p->tcp_flags & TCP_FLAG_SYN;

	history_init(out, syn ? STATE_CLOSED : STATE_ESTABLISHED, p->at_ns, syn ? "" : "packets seen");
	if (syn && way == DIRECTION_OUT && !(p->tcp_flags & TCP_FLAG_ACK))
		history_prove(out, p->at_ns, CAUSE_PACKET, PROOF_CONNECT, "[S] out");
}

static bool of_packets(const struct session *s, const struct row *r, const struct trail *t, struct history *out)
{
	bool begun = false;

	for (size_t i = 0; i < t->count; i++) {
		const struct packet *p;
		enum direction way;

		if (i == PACKETS_MOST && t->count > 2 * PACKETS_MOST)
			i = t->count - PACKETS_MOST;
		p = session_packet(s, t->numbers[i], NULL);
		if (!p)
			continue;
		way = trail_direction(r->sock, p);
		if (!begun)
			begin(out, p, way);
		begun = true;
		session_prove(s, out, p, way);
	}
	return begun;
}

static void step(struct history *out, uint64_t at_ns, enum state state, const char *why)
{
	struct history_step *to = &out->steps[out->step_count];

	if (out->step_count == HISTORY_STEPS || (out->step_count && out->steps[out->step_count - 1].state == state))
		return;
	*to = (struct history_step){ .at_ns = at_ns, .state = state, .cause = CAUSE_CALL };
	snprintf(to->why, sizeof to->why, "%s", why);
	out->step_count++;
}

/* Our own, without TCP's states: each call that changed something. */
static void of_calls(const struct session *s, const struct row *r, struct history *out)
{
	const struct journal *j = lab_journal(s->lab);
	uint64_t oldest = j->count ? journal_oldest(j) : 1;
	bool stream = r->sock->type != SOCK_DGRAM && r->sock->type != SOCK_RAW;

	step(out, r->own->created_ns, stream && r->own->listener ? STATE_CONNECTED : STATE_UNCONNECTED,
	     r->own->listener ? "accept" : "socket");
	for (size_t i = 0; i < j->count; i++) {
		const struct call *c = journal_find(j, oldest + i);

		if (c && c->sock == r->own->id && c->before != c->after && c->after != STATE_NONE)
			step(out, c->start_ns, c->after, c->function);
	}
	step(out, r->own->looked_ns, r->sock->state, "seen");
}

void history_of(const struct session *s, const struct row *r, uint64_t now_ns, struct history *out)
{
	const struct trail *t = session_trail(s, r->key);

	if (r->own && sock_is_tcp(r->sock)) {
		*out = r->own->history;
		return;
	}
	if (r->ends) { /* a flow of a file: worked out as its packets were found */
		*out = *r->ends;
		return;
	}
	memset(out, 0, sizeof *out);
	if (r->own && s->lab) {
		of_calls(s, r, out);
		return;
	}
	if (!sock_is_tcp(r->sock) || !t || !t->exact || !of_packets(s, r, t, out)) {
		history_init(out, r->sock->state, now_ns, "seen");
		return;
	}
	history_see(out, r->closed_ns ? r->closed_ns : now_ns, r->sock->state);
}

uint64_t history_of_changes(const struct session *s, const struct row *r)
{
	const struct trail *t = session_trail(s, r->key);
	const struct journal *j = s->lab ? lab_journal(s->lab) : NULL;

	return (t ? t->changes : 0) + (r->own && j ? j->changes : 0) + ((uint64_t)r->sock->state << 56) +
	       (r->own ? (uint64_t)r->own->history.count << 40 : 0);
}
