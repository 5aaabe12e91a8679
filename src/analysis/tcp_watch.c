/* tcp_watch.c - TCP segments judged one by one: sent again, late, lost, windows, still there.
 *
 * A capture sees neither what the ends keep nor what was lost before it: every judgement is made
 * from what each side sent so far, and some are guesses, which time decides. Numbers wrap and are
 * compared as serial numbers (RFC 1982); round trips are timed one at a time and never from what
 * was sent twice (Karn's algorithm, RFC 6298 3).
 */
#include "inside.h"

#include <netinet/in.h>

enum {
	WSCALE_MOST = 14,   /* RFC 7323, 2.3 */
	FAST_NS = 20000000, /* a fast retransmission follows its acknowledgment within this */
	LATE_NS = 3000000,  /* a late segment is no later, where the round trip is unknown */
	FAST_ACKS = 2,      /* duplicate ones, one may have been missed */
	CONTROL = TCP_FLAG_SYN | TCP_FLAG_FIN | TCP_FLAG_RST,
};

struct segment {
	struct flow_table *t;
	struct flow *f;
	struct flow_side *from, *to;
	struct packet *p;
	uint32_t len;    /* of its data */
	uint32_t end;    /* the number behind it; a SYN and a FIN take one each */
	bool same_place; /* no data, no control flag; numbers as in the sender's last segment */
	bool probe;      /* of a window of zero */
};

/* --- what is below the highest number --- */

/* Duplicate acknowledgments ask for it; or SACK tells that it is missing, and it was seen before:
 * else it may only be late. */
static bool is_fast(const struct segment *s, bool missing)
{
	const struct flow_side *to = s->to;

	if (s->p->at_ns - to->ack_ns >= FAST_NS || !to->has_ack)
		return false;
	if (to->dup_acks >= FAST_ACKS && to->last_ack == s->p->tcp_seq)
		return true;
	return !missing && to->gaps && to->gaps->sacks && !gaps_sacked(to, s->p->tcp_seq, s->p->tcp_seq + s->len);
}

static bool is_late(const struct segment *s, bool missing)
{
	uint64_t most = s->f->handshake_ns ? s->f->handshake_ns : LATE_NS;

	return missing && s->p->at_ns - s->from->next_ns < most;
}

/* `missing`: some of it was not seen before. */
static uint16_t judge_old(const struct segment *s, bool missing)
{
	const struct flow_side *from = s->from, *to = s->to;
	uint32_t seq = s->p->tcp_seq;
	bool old = from->has_next && seq_after(from->next, seq);

	if ((s->p->analysis & FOUND(KEEP_ALIVE)) || (!s->len && !(s->p->tcp_flags & (CONTROL & ~TCP_FLAG_RST))))
		return 0;
	if (s->len > 1 && from->next - 1 == seq) /* a probe's byte, now with what follows */
		old = false;
	if (s->len && to->has_ack && !seq_after(seq + s->len, to->last_ack))
		return FOUND(RETRANSMISSION) | FOUND(SPURIOUS_RETRANSMISSION);
	if (!old)
		return 0;
	if (is_fast(s, missing))
		return FOUND(RETRANSMISSION) | FOUND(FAST_RETRANSMISSION);
	return is_late(s, missing) ? FOUND(OUT_OF_ORDER) : FOUND(RETRANSMISSION);
}

/* --- windows and acknowledgments --- */

/* How far the receiver lets the sender go; false where its scale is unknown. */
static bool window_edge(const struct segment *s, uint32_t *edge)
{
	const struct flow_side *to = s->to;
	unsigned shift = 0;

	if (!to->has_ack)
		return false;
	if (!to->syn_window) {
		if (!to->saw_syn && !(s->from->saw_syn && !s->from->has_wscale))
			return false;
		if (to->has_wscale && s->from->has_wscale)
			shift = to->wscale;
	}
	*edge = to->last_ack + ((uint32_t)to->window << shift);
	return true;
}

static uint16_t judge_window(const struct segment *s)
{
	const struct packet *p = s->p;
	uint16_t found = 0;
	uint32_t edge;

	if (p->tcp_flags & CONTROL)
		return 0;
	if (!p->tcp_window)
		found |= FOUND(ZERO_WINDOW);
	else if (s->same_place && p->tcp_window != s->from->window)
		found |= FOUND(WINDOW_UPDATE);
	if (s->len && window_edge(s, &edge) && p->tcp_seq + s->len == edge)
		found |= FOUND(WINDOW_FULL);
	return found;
}

/* The same again: an answer to a keep-alive, or a duplicate acknowledgment. Where the window is zero
 * it answers a probe. */
static uint16_t judge_repeat(const struct segment *s)
{
	if (!s->same_place || !s->p->tcp_window || s->p->tcp_window != s->from->window || s->to->probed)
		return 0;
	return s->to->last_analysis & FOUND(KEEP_ALIVE) ? FOUND(KEEP_ALIVE_ACK) : FOUND(DUPLICATE_ACK);
}

static uint16_t judge_place(const struct segment *s)
{
	const struct flow_side *from = s->from;
	uint16_t flags = s->p->tcp_flags;
	uint16_t found = 0;

	if (!from->has_next)
		return 0;
	if (seq_after(s->p->tcp_seq, from->next) && !(flags & TCP_FLAG_RST))
		found |= FOUND(LOST_SEGMENT);
	if (s->len <= 1 && s->p->tcp_seq == from->next - 1 && !(flags & CONTROL))
		found |= FOUND(KEEP_ALIVE);
	return found;
}

/* --- what is remembered --- */

/* A side's numbers begin anew: what was known of the earlier ones says nothing of these. */
static void begin_numbers(struct segment *s)
{
	struct flow_side *from = s->from;

	from->isn = s->p->tcp_seq;
	from->has_isn = true;
	from->has_next = from->timing = false;
	if (from->gaps)
		from->gaps->gaps = 0;
}

static void note_syn(struct segment *s)
{
	struct flow_side *from = s->from;
	const struct packet *p = s->p;

	from->saw_syn = true;
	from->has_wscale = p->tcp_options & TCP_OPT_WSCALE;
	from->wscale = p->tcp_wscale < WSCALE_MOST ? p->tcp_wscale : WSCALE_MOST;
	if (!(p->tcp_flags & TCP_FLAG_ACK)) {
		from->asked = true;
		s->f->syn_ns = p->at_ns;
	}
}

static void note_round_trip(struct flow_side *to, uint64_t ns)
{
	uint64_t us = ns / 1000;
	uint32_t is = us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;

	if (!to->rtt.count || is < to->rtt.min_us)
		to->rtt.min_us = is;
	if (is > to->rtt.max_us)
		to->rtt.max_us = is;
	to->rtt.sum_ns += ns;
	to->rtt.count++;
}

static void note_ack(struct segment *s)
{
	struct flow_side *from = s->from, *to = s->to;
	const struct packet *p = s->p;

	if (!to->has_isn) {
		to->has_isn = true;
		to->isn = p->tcp_ack - 1;
	}
	if (from->has_ack && p->tcp_ack == from->last_ack) {
		if (p->analysis & FOUND(DUPLICATE_ACK) && from->dup_acks < UINT8_MAX)
			from->dup_acks++;
	} else {
		from->dup_acks = 0;
	}
	if (!from->has_ack || seq_after(p->tcp_ack, from->max_ack))
		from->max_ack = p->tcp_ack;
	from->last_ack = p->tcp_ack;
	from->ack_ns = p->at_ns;
	from->has_ack = true;
	gaps_acked(to, p->tcp_ack);
	gaps_sack(s->t, from, p);
	if (to->timing && !seq_after(to->timed, p->tcp_ack)) {
		to->timing = false;
		if (p->at_ns >= to->timed_ns)
			note_round_trip(to, p->at_ns - to->timed_ns);
	}
	if (s->f->syn_ns && !s->f->handshake_ns && !(p->tcp_flags & CONTROL) && to->saw_syn && p->at_ns > s->f->syn_ns)
		s->f->handshake_ns = p->at_ns - s->f->syn_ns;
}

static void note_data(struct segment *s)
{
	struct flow_side *from = s->from;
	uint32_t seq = s->p->tcp_seq;

	if (s->p->tcp_flags & TCP_FLAG_RST && !from->has_next)
		return; /* who refuses a SYN has no numbers of its own, RFC 9293 3.10.7.1 */
	if (!from->has_isn) {
		from->has_isn = true;
		from->isn = seq - 1;
	}
	if (s->probe || (from->has_next && !seq_after(s->end, from->next))) {
		/* Sent again: the answer to come may be to either, and waits for this one. */
		if (s->end != seq)
			from->timing = false;
		return;
	}
	if (from->has_next && seq_after(seq, from->next))
		gaps_add(s->t, from, from->next, seq);
	if (!from->timing && s->end != seq && from->has_next && !seq_after(from->next, seq)) {
		from->timing = true;
		from->timed = s->end;
		from->timed_ns = s->p->at_ns;
	}
	from->has_next = true;
	from->next = s->end;
	from->next_ns = s->p->at_ns;
}

static void note_end(struct segment *s)
{
	struct flow_side *from = s->from;
	const struct flow_side *to = s->to;
	const struct packet *p = s->p;

	if (p->tcp_flags & TCP_FLAG_RST) {
		from->reset_first |= !from->saw_rst && !to->saw_rst;
		from->saw_rst = true;
	}
	if (!(p->tcp_flags & TCP_FLAG_FIN) || from->saw_fin)
		return;
	from->saw_fin = true;
	from->fin_seq = p->tcp_seq + s->len + !!(p->tcp_flags & TCP_FLAG_SYN);
	from->closed_last = to->saw_fin && from->has_ack && seq_after(from->max_ack, to->fin_seq);
}

static void count(struct flow_side *from, uint16_t found)
{
	from->retransmissions += !!(found & FOUND(RETRANSMISSION));
	from->out_of_order += !!(found & FOUND(OUT_OF_ORDER));
	from->lost += !!(found & FOUND(LOST_SEGMENT));
	from->duplicate_acks += !!(found & FOUND(DUPLICATE_ACK));
	from->zero_windows += !!(found & FOUND(ZERO_WINDOW));
}

static void note(struct segment *s)
{
	struct flow_side *from = s->from;
	const struct packet *p = s->p;

	if (p->tcp_flags & TCP_FLAG_SYN)
		note_syn(s);
	note_data(s);
	if (p->tcp_flags & TCP_FLAG_ACK)
		note_ack(s);
	if (p->tcp_flags & (TCP_FLAG_RST | TCP_FLAG_FIN))
		note_end(s);
	from->window = p->tcp_window;
	from->syn_window = p->tcp_flags & TCP_FLAG_SYN;
	from->probed = s->probe;
	from->last_analysis = p->analysis;
	if (p->analysis)
		count(from, p->analysis);
}

void tcp_watch(struct flow_table *t, struct flow *f, unsigned side, struct packet *p)
{
	struct segment s = { .t = t, .f = f, .from = &f->side[side], .to = &f->side[!side], .p = p };
	const struct flow_side *from = s.from;
	bool missing;

	if (sights_twice(t, f, side, p)) {
		p->analysis |= FOUND(SEEN_TWICE) | (p->tcp_flags & TCP_FLAG_RST ? FOUND(RST) : 0);
		return;
	}
	s.len = p->payload_len;
	s.end = p->tcp_seq + s.len + !!(p->tcp_flags & TCP_FLAG_SYN) + !!(p->tcp_flags & TCP_FLAG_FIN);
	s.same_place = !s.len && !(p->tcp_flags & CONTROL) && from->has_next && from->has_ack &&
		       p->tcp_seq == from->next && p->tcp_ack == from->last_ack;
	s.probe = s.len == 1 && from->has_next && p->tcp_seq == from->next && s.to->has_ack && !s.to->window;
	missing = gaps_fill(s.from, p->tcp_seq, s.end);
	if (p->tcp_flags & TCP_FLAG_RST)
		p->analysis |= FOUND(RST);
	if (p->tcp_flags & TCP_FLAG_SYN && (!from->saw_syn || from->isn != p->tcp_seq)) {
		/* A reset that refused the SYN before, or a listener with SYN cookies */
		if (from->has_isn && from->packets && from->isn != p->tcp_seq)
			p->analysis |= FOUND(PORT_REUSED);
		begin_numbers(&s);
	}
	if (!s.probe)
		p->analysis |= judge_place(&s) | judge_window(&s) | judge_repeat(&s);
	p->analysis |= judge_old(&s, missing);
	note(&s);
}
