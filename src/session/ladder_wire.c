/* The packets on a ladder, and the states of both ends. */
#include "ladder_work.h"

#include "inside.h"

#include "analysis/finding.h"
#include "util/mem.h"

#include <netinet/in.h>
#include <stdlib.h>

enum { PACKETS_MOST = 8192 /* the newest of a trail */ };

/* --- states --- */

static void add_history(struct work *w, unsigned party, const struct history *h)
{
	for (unsigned i = 0; i < h->step_count; i++)
		if (h->steps[i].state != STATE_NONE)
			ladder_state(w->ladder, party, h->steps[i].at_ns, h->steps[i].state);
}

void add_states(struct work *w)
{
	for (size_t i = 0; i < w->member_count; i++) {
		const struct lab_sock *k = lab_find(w->s->lab, w->members[i].id);

		if (k && sock_is_tcp(&k->now))
			add_history(w, w->members[i].party, &k->history);
	}
	for (unsigned i = 0; i < w->ladder->party_count; i++)
		if (w->peers[i].inferred) {
			struct history *h = w->peers[i].inferred;

			if (h->steps[0].state == STATE_CLOSED) /* the SYN says what came of it */
				h->steps[0].state = STATE_NONE;
			add_history(w, i, h);
			free(w->peers[i].inferred);
		}
}

/* What a packet proves of an end that is not ours. It begins with a SYN, or there is no telling. That a SYN has come to
 * it only its answer proves. */
static void infer(struct work *w, unsigned party, const struct packet *p, enum direction way)
{
	struct peer *peer = &w->peers[party];
	uint16_t syn = p->tcp_flags & (TCP_FLAG_SYN | TCP_FLAG_ACK);

	if (w->wish->stable || p->ip_proto != IPPROTO_TCP || is_ours(w, party))
		return;
	if (!peer->inferred) {
		bool answers = way == DIRECTION_OUT && syn == (TCP_FLAG_SYN | TCP_FLAG_ACK) && peer->asked_ns;

		if (way == DIRECTION_IN && syn == TCP_FLAG_SYN)
			peer->asked_ns = p->at_ns;
		if (!answers && (way == DIRECTION_IN || syn != TCP_FLAG_SYN))
			return;
		peer->inferred = mem_alloc(sizeof *peer->inferred);
		if (answers) {
			history_init(peer->inferred, STATE_SYN_RECEIVED, peer->asked_ns, "");
		} else {
			history_init(peer->inferred, STATE_CLOSED, p->at_ns, "");
			history_prove(peer->inferred, p->at_ns, CAUSE_CALL, PROOF_CONNECT, "");
		}
	}
	session_prove(w->s, peer->inferred, p, way);
}

/* --- packets --- */

/* Of an ICMP error the end that it is about. */
static unsigned packet_party(struct work *w, const struct packet *p, const uint8_t *bytes, enum direction way)
{
	struct packet about;
	struct endpoint end;

	if (w->sock.remote.family != AF_UNSPEC && w->sock.type != SOCK_RAW && w->ladder->party_count == 2)
		return 1;
	if (decode_quoted(p, bytes, &about)) {
		p = &about;
		way = way == DIRECTION_OUT ? DIRECTION_IN : DIRECTION_OUT;
	}
	if (way == DIRECTION_OUT)
		packet_destination(p, &end);
	else
		packet_source(p, &end);
	return party_at(w, &end, w->sock.type == SOCK_STREAM && p != &about ? p->flow : FLOW_NONE, p->at_ns);
}

/* The heaviest finding; a reset tells of itself by its flags. */
static const char *mark_of(const struct packet *p, bool *bad)
{
	const struct finding_row *found = NULL;

	for (int i = 0; i < FINDING_COUNT; i++)
		if (p->analysis & 1u << i && i != FINDING_RST && (!found || findings[i].weight > found->weight))
			found = &findings[i];
	*bad = found && found->weight == WEIGHT_WARN;
	return found ? found->words : NULL;
}

void add_packets(struct work *w, const struct trail *t)
{
	size_t from = t->count > PACKETS_MOST ? t->count - PACKETS_MOST : 0;

	w->ladder->refused += t->lost + from;
	for (size_t i = from; i < t->count; i++) {
		const uint8_t *bytes;
		const struct packet *p = session_packet(w->s, t->numbers[i], &bytes);
		enum direction way;
		struct packet_base base;
		unsigned peer;
		const char *mark;
		bool bad;

		if (!p) {
			w->ladder->refused++;
			continue;
		}
		if (p->analysis & FOUND(SEEN_TWICE))
			continue;
		way = trail_way(&w->sock, p, bytes);
		peer = packet_party(w, p, bytes, way);
		if (peer == LADDER_NONE)
			continue;
		session_base(w->s, p, &base);
		base.wscale = w->wish->stable && p->tcp_window ? LADDER_NO_WINDOW : base.wscale;
		mark = mark_of(p, &bad);
		if (way == DIRECTION_OUT)
			ladder_packet(w->ladder, 0, peer, p, &base, bytes, mark, bad);
		else
			ladder_packet(w->ladder, peer, 0, p, &base, bytes, mark, bad);
		if (w->sock.state != STATE_LISTEN)
			infer(w, 0, p, way);
		infer(w, peer, p, way == DIRECTION_OUT ? DIRECTION_IN : DIRECTION_OUT);
	}
}
