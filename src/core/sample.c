#include "core/sample.h"

/* clang-format off */
const struct figure_row figures[FIGURE_COUNT] = {
	[FIGURE_RTT] = { "rtt", FIGURE_MICRO, "smoothed round-trip time" },
	[FIGURE_RTTVAR] = { "rttvar", FIGURE_MICRO, "its mean deviation" },
	[FIGURE_CWND] = { "cwnd", FIGURE_NUMBER, "congestion window, in segments" },
	[FIGURE_SSTHRESH] = { "ssthresh", FIGURE_NUMBER, "slow-start threshold, in segments" },
	[FIGURE_OUT_RATE] = { "out", FIGURE_PER_SECOND, "bytes sent in a second" },
	[FIGURE_IN_RATE] = { "in", FIGURE_PER_SECOND, "bytes received in a second" },
	[FIGURE_OUT] = { "sent", FIGURE_BYTES, "bytes sent so far" },
	[FIGURE_IN] = { "received", FIGURE_BYTES, "bytes received so far" },
	[FIGURE_RETRANS] = { "retransmits", FIGURE_NUMBER, "segments sent again so far" },
	[FIGURE_RECV_Q] = { "recv-q", FIGURE_BYTES, "bytes that the program has not read; connections that wait" },
	[FIGURE_SEND_Q] = { "send-q", FIGURE_BYTES, "bytes that the peer has not acknowledged" },
	[FIGURE_UNACKED] = { "unacked", FIGURE_NUMBER, "segments on their way" },
	[FIGURE_DELIVERY] = { "delivery", FIGURE_PER_SECOND, "bytes a second that arrive" },
	[FIGURE_PACING] = { "pacing", FIGURE_PER_SECOND, "bytes a second that are sent at most" },
	[FIGURE_RCV_SPACE] = { "rcv-space", FIGURE_BYTES, "what receive-buffer tuning measured" },
	[FIGURE_SND_WND] = { "snd-wnd", FIGURE_BYTES, "the peer's window" },
	[FIGURE_RCV_WND] = { "rcv-wnd", FIGURE_BYTES, "our window" },
	[FIGURE_MSS] = { "mss", FIGURE_BYTES, "largest segment sent" },
};
/* clang-format on */

static void set(struct sample *s, enum figure which, uint64_t value)
{
	s->value[which] = value;
	s->known |= 1u << which;
}

static void set_tcp(struct sample *s, const struct sock_tcp *t)
{
	enum { NO_THRESHOLD = 0x7fffffff };

	set(s, FIGURE_RTT, t->rtt_us);
	set(s, FIGURE_RTTVAR, t->rttvar_us);
	set(s, FIGURE_CWND, t->cwnd);
	if (t->ssthresh < NO_THRESHOLD)
		set(s, FIGURE_SSTHRESH, t->ssthresh);
	set(s, FIGURE_OUT, t->bytes_sent);
	set(s, FIGURE_IN, t->bytes_received);
	set(s, FIGURE_RETRANS, t->total_retrans);
	set(s, FIGURE_UNACKED, t->unacked);
	set(s, FIGURE_DELIVERY, t->delivery_rate);
	if (t->pacing_rate != UINT64_MAX)
		set(s, FIGURE_PACING, t->pacing_rate);
	set(s, FIGURE_RCV_SPACE, t->rcv_space);
	set(s, FIGURE_SND_WND, t->snd_wnd);
	set(s, FIGURE_RCV_WND, t->rcv_wnd);
	set(s, FIGURE_MSS, t->snd_mss);
}

static void set_rate(struct sample *s, const struct sample *before, enum figure rate, enum figure total)
{
	uint64_t now = s->value[total], then = before->value[total];

	if (s->known & before->known & 1u << total)
		set(s, rate,
		    now > then ? (uint64_t)((double)(now - then) * 1e9 / (double)(s->at_ns - before->at_ns)) : 0);
}

bool samples_add(struct samples *s, const struct sock *k, const struct sample_calls *calls, uint64_t at_ns)
{
	const struct sample *last = samples_last(s);
	struct sample *made;
	bool listens = k->state == STATE_LISTEN;

	if (last && at_ns < last->at_ns + SAMPLE_LEAST_NS)
		return false;
	made = &s->ring[s->head];
	*made = (struct sample){ .at_ns = at_ns };
	if ((k->known & SOCK_HAS_TCP) && !listens)
		set_tcp(made, &k->tcp);
	if (!(k->known & SOCK_HAS_TCP) && calls && !listens) {
		set(made, FIGURE_OUT, calls->sent);
		set(made, FIGURE_IN, calls->received);
	}
	if (listens && calls)
		set(made, FIGURE_RECV_Q, calls->waiting);
	else if (k->known & SOCK_HAS_QUEUES)
		set(made, FIGURE_RECV_Q, k->recv_q);
	if ((k->known & SOCK_HAS_QUEUES) && !listens)
		set(made, FIGURE_SEND_Q, k->send_q);
	if (last) {
		set_rate(made, last, FIGURE_OUT_RATE, FIGURE_OUT);
		set_rate(made, last, FIGURE_IN_RATE, FIGURE_IN);
	}
	s->head = (s->head + 1) % SAMPLES;
	if (s->count < SAMPLES)
		s->count++;
	return true;
}

const struct sample *samples_at(const struct samples *s, size_t index)
{
	return index < s->count ? &s->ring[(s->head + SAMPLES - s->count + index) % SAMPLES] : NULL;
}

const struct sample *samples_last(const struct samples *s)
{
	return s->count ? samples_at(s, s->count - 1) : NULL;
}

size_t samples_series(const struct samples *s, enum figure which, uint64_t from_ns, uint64_t until_ns, uint64_t *out,
		      size_t count)
{
	double each = (double)(until_ns - from_ns) / (double)(count ? count : 1);
	uint64_t before = 0;
	size_t i = 0, first = count;

	for (size_t part = 0; part < count; part++) {
		uint64_t end = from_ns + (uint64_t)(each * (double)(part + 1));
		const struct sample *m;
		bool any = false;

		out[part] = before;
		for (; (m = samples_at(s, i)) && (m->at_ns < end || part + 1 == count); i++) {
			if (!(m->known & 1u << which) || m->at_ns > until_ns)
				continue;
			before = m->value[which];
			if (m->at_ns < from_ns) {
				out[part] = before;
				continue;
			}
			out[part] = any && out[part] > before ? out[part] : before;
			any = true;
		}
		if (first == count && (any || before))
			first = part;
	}
	return count - first;
}
