#include "analysis/wire_sum.h"

#include "analysis/finding.h"

#include <netinet/in.h>

enum { WSCALE_MOST = 14 /* RFC 7323, 2.3 */ };

/* The number as 64 bits, counted from the side's first byte, nearest to `near`. Below the first byte
 * it is 0: a keep-alive of a connection that was there before. */
static uint64_t unwrap(const struct wire_side *s, uint32_t number, uint64_t near)
{
	int32_t step = (int32_t)(number - s->base - (uint32_t)near);

	return step < 0 && (uint64_t) - (int64_t)step > near ? 0 : near + (uint64_t)(int64_t)step;
}

static void begin(struct wire_side *s, uint32_t base, bool from_start)
{
	s->begun = true;
	s->from_start = from_start;
	s->base = base;
	s->next = s->ack = 0;
	s->acked = false;
	s->rtt.timing = false;
}

static void note_syn(struct wire_sum *w, const struct packet *p, struct wire_side *s)
{
	if (!s->syn || s->base != p->tcp_seq + 1)
		begin(s, p->tcp_seq + 1, true);
	s->syn = true;
	s->syn_flags = p->tcp_flags;
	s->syn_options = p->tcp_options;
	s->mss = p->tcp_options & TCP_OPT_MSS ? p->tcp_mss : 0;
	s->wscale = p->tcp_wscale < WSCALE_MOST ? p->tcp_wscale : WSCALE_MOST;
	if (!(p->tcp_flags & TCP_FLAG_ACK))
		w->syn_ns = p->at_ns;
}

/* RFC 6298, 2.2 and 2.3, with its alpha of an eighth. */
static void note_round_trip(struct wire_rtt *r, uint64_t ns)
{
	uint32_t us = ns / 1000 < UINT32_MAX ? (uint32_t)(ns / 1000) : UINT32_MAX;

	r->last_us = us;
	if (!r->count || us < r->least_us)
		r->least_us = us;
	if (us > r->most_us)
		r->most_us = us;
	r->smooth_us = r->count ? (uint32_t)(r->smooth_us * 0.875 + us * 0.125) : us;
	r->count++;
}

static void note_data(struct wire_side *s, const struct packet *p, uint64_t end)
{
	bool again = s->next >= end;

	s->data_packets++;
	s->payload += p->payload_len;
	s->last_data_ns = p->at_ns;
	if (p->payload_len > s->most_payload)
		s->most_payload = p->payload_len;
	if (again || p->analysis & FOUND(RETRANSMISSION)) {
		s->rtt.timing = false;
	} else if (!s->rtt.timing) {
		s->rtt.timing = true;
		s->rtt.timed = end;
		s->rtt.timed_ns = p->at_ns;
	}
}

static void note_ack(struct wire_sum *w, const struct packet *p, struct wire_side *acked)
{
	uint64_t ack;

	if (!acked->begun)
		begin(acked, p->tcp_ack, false);
	ack = unwrap(acked, p->tcp_ack, acked->acked ? acked->ack : acked->next);
	if (!acked->acked || ack > acked->ack)
		acked->ack = ack;
	acked->acked = true;
	if (acked->rtt.timing && ack >= acked->rtt.timed) {
		acked->rtt.timing = false;
		if (p->at_ns >= acked->rtt.timed_ns)
			note_round_trip(&acked->rtt, p->at_ns - acked->rtt.timed_ns);
	}
	if (w->syn_ns && !w->handshake_ns && !(p->tcp_flags & (TCP_FLAG_SYN | TCP_FLAG_RST)) && p->at_ns > w->syn_ns)
		w->handshake_ns = p->at_ns - w->syn_ns;
}

static void note_window(const struct wire_sum *w, struct wire_side *s, const struct packet *p)
{
	bool scaled = wire_sum_agreed(w, TCP_OPT_WSCALE);
	bool known = (w->side[0].syn && w->side[1].syn) || p->tcp_flags & TCP_FLAG_SYN;

	if (p->tcp_flags & TCP_FLAG_RST)
		return;
	s->has_window = known;
	s->window = (uint32_t)p->tcp_window << (scaled && !(p->tcp_flags & TCP_FLAG_SYN) ? s->wscale : 0);
}

static void add_tcp(struct wire_sum *w, const struct packet *p, struct wire_side *s, struct wire_side *other)
{
	uint32_t first = p->tcp_seq + !!(p->tcp_flags & TCP_FLAG_SYN);
	uint64_t end;

	if (p->tcp_flags & TCP_FLAG_SYN)
		note_syn(w, p, s);
	else if (!s->begun && !(p->tcp_flags & TCP_FLAG_RST))
		begin(s, p->tcp_seq, false);
	s->timestamps |= !!(p->tcp_options & TCP_OPT_TS);
	s->rst |= !!(p->tcp_flags & TCP_FLAG_RST);
	if (p->analysis & FOUND(RETRANSMISSION)) {
		s->again_packets++;
		s->again_bytes += p->payload_len;
	}
	if (s->begun && !(p->tcp_flags & TCP_FLAG_RST)) {
		end = unwrap(s, first + p->payload_len, s->next);
		if (p->payload_len)
			note_data(s, p, end);
		if (p->tcp_flags & TCP_FLAG_FIN)
			s->fin = true;
		if (p->tcp_flags & TCP_FLAG_FIN)
			end++;
		if (end > s->next)
			s->next = end;
	}
	if (p->tcp_flags & TCP_FLAG_ACK)
		note_ack(w, p, other);
	note_window(w, s, p);
}

void wire_sum_add(struct wire_sum *w, const struct packet *p, bool out)
{
	struct wire_side *s = &w->side[out], *other = &w->side[!out];

	if (!w->first_ns)
		w->first_ns = p->at_ns;
	w->last_ns = p->at_ns;
	s->packets++;
	s->last_ns = p->at_ns;
	if (packet_is_segment(p)) {
		add_tcp(w, p, s, other);
	} else if (p->partial) {
		w->cut++;
	} else if (p->payload_len) {
		s->data_packets++;
		s->payload += p->payload_len;
		s->last_data_ns = p->at_ns;
		if (p->payload_len > s->most_payload)
			s->most_payload = p->payload_len;
	}
}

uint64_t wire_sum_bytes(const struct wire_side *s)
{
	return s->begun ? s->next - (s->fin && s->next) : s->payload;
}

uint64_t wire_sum_flight(const struct wire_side *s)
{
	return s->acked && s->next > s->ack ? s->next - s->ack : 0;
}

uint64_t wire_sum_number(const struct wire_side *s, uint32_t number)
{
	return s->begun ? unwrap(s, number, s->next) : 0;
}

bool wire_sum_agreed(const struct wire_sum *w, unsigned option)
{
	return w->side[0].syn && w->side[1].syn && w->side[0].syn_options & option && w->side[1].syn_options & option;
}
