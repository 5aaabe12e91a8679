/* The facts that troubles are told by, of one row: the kernel's word, the owner, the packets. */
#include "session/trouble.h"

#include "analysis/finding.h"
#include "analysis/flow_state.h"
#include "session/host.h"
#include "session/session.h"
#include "util/buf.h"
#include "util/text.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { LOOKED_AT = 256 }; /* packets, from the last one backwards */

static void say_owner(const struct owner *o, char *out, size_t size)
{
	char clean[40];

	snprintf(out, size, "%s (pid %u)",
		 text_clean_to(clean, sizeof clean, o->process, strnlen(o->process, sizeof o->process)),
		 (unsigned)o->pid);
}

static void add_owner(const struct row *r, struct trouble_facts *out)
{
	const struct owner *o = r->view.owner_count ? &r->view.owners[0] : NULL;

	if (r->own) {
		if (!r->own->closed)
			snprintf(out->owner, sizeof out->owner, "sockeye itself");
		return;
	}
	out->reason = r->view.record ? (enum owner_reason)r->view.record->reason : OWNER_NOT_ASKED;
	if (o)
		say_owner(o, out->owner, sizeof out->owner);
}

/* Does it listen where that socket asks? One of all addresses is known to be asked only on the loopback: whether
 * another address is one of this host's is not known here. */
static bool is_asked(const struct record *l, const struct record *r)
{
	static const uint8_t any[16];
	static const uint8_t loopback6[16] = { [15] = 1 };
	size_t len = r->remote_family == (AF_INET6 | RECORD_PORT) ? 16 : 4;
	bool loopback = len == 4 ? r->remote[0] == 127 : !memcmp(r->remote, loopback6, 16);

	return l->state == STATE_LISTEN && l->protocol == r->protocol && l->netns == r->netns &&
	       l->local_family == r->remote_family && l->local_port == r->remote_port &&
	       (!memcmp(l->local, r->remote, len) || (loopback && !memcmp(l->local, any, len)));
}

/* Who asks for a connection waits for a listener, which may be here. */
static void add_listener(const struct session *s, const struct row *r, struct trouble_facts *out)
{
	const struct snapshot *snap = s->host ? host_snapshot(s->host) : NULL;
	const struct record *me = r->view.record;

	if (!snap || !me || me->state != STATE_SYN_SENT || !(me->remote_family & RECORD_PORT))
		return;
	for (size_t i = 0; i < snap->count; i++) {
		const struct record *l = &snap->records[i];
		const struct owner *o;
		size_t count;

		if (!is_asked(l, me))
			continue;
		out->queued = l->recv_q;
		out->backlog = l->known & SOCK_HAS_BACKLOG ? l->backlog : l->send_q;
		o = record_owners(snap, l, &count);
		if (o)
			say_owner(o, out->listener, sizeof out->listener);
		return;
	}
}

static void add_calls(const struct session *s, const struct row *r, struct trouble_facts *out)
{
	const struct journal *j = s->lab ? lab_journal(s->lab) : NULL;
	const struct call *last = r->own && j ? journal_find(j, r->own->last_call) : NULL;

	if (!r->own)
		return;
	out->own = true;
	out->closed = r->own->closed;
	out->waiting = r->own->waiting;
	out->error = r->own->last_error;
	out->call = last ? last->function : NULL;
	out->aborted = r->own->reset && last && last->verb && !strcmp(last->verb, "abort");
	out->unread = r->own->reset && !out->aborted;
}

/* What came before the reset: that decides what it answered. */
static void add_reset(const struct session *s, const struct flow *f, unsigned mine, struct trouble_facts *out)
{
	int by = flow_reset_by(f);
	const struct packet *p;
	bool met = false;

	if (by < 0)
		return;
	out->reset = (unsigned)by == mine ? RESET_OURS : RESET_PEER;
	out->reset_after_fin = f->side[!by].saw_fin;
	out->reset_answers_syn = !f->side[by].saw_syn && f->side[!by].saw_syn && !f->side[!by].bytes;
	p = session_packet(s, f->last, NULL);
	for (int i = 0; p && i < LOOKED_AT; i++, p = p->prev ? session_packet(s, p->prev, NULL) : NULL) {
		bool from = flow_side_of(f, p) == (unsigned)by;

		if (from && p->tcp_flags & TCP_FLAG_RST)
			met = true;
		else if (met && !from) {
			out->reset_answers_data = p->payload_len > 0;
			return;
		}
	}
}

static void add_packets(const struct session *s, const struct row *r, struct trouble_facts *out)
{
	const struct trail *t = session_trail(s, r->key);
	const struct trail_flow *last = t && t->flow_count ? &t->flows[t->flow_count - 1] : NULL;
	const struct flow *f = last && last->id < s->flows.count ? &s->flows.flows[last->id] : NULL;
	const struct packet *p;
	unsigned mine;

	if (!f || !sock_is_tcp(r->sock) || r->sock->state == STATE_LISTEN || !t->exact)
		return;
	p = session_packet(s, f->last, NULL);
	if (!p)
		return;
	mine = flow_side_of(f, p) ^ (trail_direction(r->sock, p) == DIRECTION_IN);
	out->packets = t->count;
	out->again_out = f->side[mine].retransmissions;
	out->again_in = f->side[!mine].retransmissions;
	out->window_shut = f->side[!mine].packets && !f->side[!mine].window && !f->side[!mine].saw_rst &&
			   !f->side[!mine].syn_window;
	for (int i = 0; p && i < LOOKED_AT && !f->side[!mine].packets; i++) {
		out->syns += p->tcp_flags == TCP_FLAG_SYN && !(p->analysis & FOUND(SEEN_TWICE));
		p = p->prev ? session_packet(s, p->prev, NULL) : NULL;
	}
	add_reset(s, f, mine, out);
}

/* An ICMP error that nothing of the peer came after. */
static void add_icmp(const struct session *s, const struct row *r, struct trouble_facts *out)
{
	const struct trail *t = session_trail(s, r->key);
	struct buf words = { 0 };

	for (size_t i = t ? t->count : 0, looked = 0; i-- > 0 && looked < LOOKED_AT; looked++) {
		const uint8_t *bytes;
		const struct packet *p = session_packet(s, t->numbers[i], &bytes);

		if (!p || trail_way(r->sock, p, bytes) != DIRECTION_IN)
			continue;
		if (decode_error_words(p, bytes, &words))
			snprintf(out->icmp, sizeof out->icmp, "%s", buf_text(&words));
		break;
	}
	buf_done(&words);
}

void trouble_facts(const struct session *s, const struct row *r, struct trouble_facts *out)
{
	*out = (struct trouble_facts){ .sock = r->sock };
	add_owner(r, out);
	add_listener(s, r, out);
	add_calls(s, r, out);
	add_packets(s, r, out);
	if (r->sock->type != SOCK_RAW)
		add_icmp(s, r, out);
}
