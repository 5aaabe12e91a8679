#include "analysis/beside.h"

#include "util/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
	CONTROL_BYTES = 2,  /* a SYN and a FIN */
	FEW_SEGMENTS = 2,   /* of a handshake */
	OPTION_BYTES = 40,  /* RFC 9293, 3.1: at most so many */
	CLOCK_NEAR_MS = 60, /* the kernel tells such times in its ticks */
	RTT_NEAR_US = 200,  /* between the wire and the kernel's timer on a busy machine */
};
#define MOVING_NS UINT64_C(200000000) /* packets reach us so much later than the kernel, at most */

const char *const beside_reasons[REASONS] = {
	[REASON_NONE] = "",
	[REASON_NO_KERNEL] = "Only the packets are known: the kernel that had this socket was not asked.",
	[REASON_NO_CAPTURE] = "No capture runs: what the packets show is not known.",
	[REASON_NO_PACKETS] = "No packet of this socket was seen yet.",
	[REASON_LATE] = "The capture began when the connection was there already: what came before "
			"it was not counted, and what was agreed on was not seen.",
	[REASON_GONE] = "Packets of this socket made room for newer ones before they were counted.",
	[REASON_DROPPED] = "The capture lost packets, perhaps some of this socket: see drops above.",
	[REASON_MOVING] = "Packets came while the kernel was asked, or after: the two speak of "
			  "different moments.",
	[REASON_CONTROL] = "The kernel counts a SYN and a FIN as a byte each.",
	[REASON_ACCEPTED] = "The counters of an accepted socket begin behind its handshake.",
	[REASON_OFFLOAD] = "Offload: segments leave and arrive joined, so that one packet seen is "
			   "several segments for the kernel.",
	[REASON_RTT] = "The kernel times every acknowledgment in its own code and smooths; the wire is "
		       "timed where it was captured, one segment at a time.",
	[REASON_HEADER] = "Options in each header take of the segment's room (RFC 6691).",
	[REASON_PATH] = "The path or our own device takes less than the peer offered, or its "
			"window is small: a segment is at most half of it.",
	[REASON_UNREAD] = "Our calls have not moved all of it: the rest waits in the queue, or found no room there.",
	[REASON_SILENT] = "A window moves before a packet tells of it.",
	[REASON_UNKNOWN] = "Nothing that is known explains it: a firewall, a proxy or another "
			   "interface may have part of the packets.",
};

enum unit { UNIT_TIMES, UNIT_COUNT, UNIT_SIZE, UNIT_AT, UNIT_SHIFT, UNIT_YES, UNIT_OF_STATE };

/* How two values are held against each other. */
enum match { MATCH_EXACT, MATCH_BYTES, MATCH_SEGMENTS, MATCH_RTT, MATCH_AT, MATCH_MSS, MATCH_WINDOW };

typedef bool take(const struct beside_facts *f, uint64_t *out);

/* --- what each side says --- */

/* Before the first sample the kernel's is 0. */
static bool k_rtt(const struct beside_facts *f, uint64_t *out)
{
	const struct sock *k = f->kernel;

	if (!k || !(k->known & SOCK_HAS_TCP) || !k->tcp.rtt_us)
		return false;
	*out = k->tcp.rtt_us;
	return true;
}

#define KERNEL(name_, value_)                                          \
	static bool name_(const struct beside_facts *f, uint64_t *out) \
	{                                                              \
		const struct sock *k = f->kernel;                      \
                                                                       \
		if (!k || !(k->known & SOCK_HAS_TCP))                  \
			return false;                                  \
		*out = (uint64_t)(value_);                             \
		return true;                                           \
	}
#define WIRE(name_, when_, value_)                                                     \
	static bool name_(const struct beside_facts *f, uint64_t *out)                 \
	{                                                                              \
		const struct wire_side *o = &f->wire->side[1], *i = &f->wire->side[0]; \
                                                                                       \
		(void)o, (void)i;                                                      \
		if (!(when_))                                                          \
			return false;                                                  \
		*out = (uint64_t)(value_);                                             \
		return true;                                                           \
	}

KERNEL(k_sent, k->tcp.bytes_sent - k->tcp.bytes_retrans)
KERNEL(k_acked, k->tcp.bytes_acked)
KERNEL(k_received, k->tcp.bytes_received)
KERNEL(k_retrans, k->tcp.total_retrans)
KERNEL(k_retrans_bytes, k->tcp.bytes_retrans)
KERNEL(k_segs_out, k->tcp.segs_out)
KERNEL(k_segs_in, k->tcp.segs_in)
KERNEL(k_data_out, k->tcp.data_segs_out)
KERNEL(k_data_in, k->tcp.data_segs_in)
KERNEL(k_mss, k->tcp.snd_mss)
KERNEL(k_advmss, k->tcp.advmss)
KERNEL(k_wscale_out, k->tcp.rcv_wscale)
KERNEL(k_wscale_in, k->tcp.snd_wscale)
KERNEL(k_timestamps, k->tcp.timestamps)
KERNEL(k_sack, k->tcp.sack)
KERNEL(k_ecn, k->tcp.ecn)
KERNEL(k_last_out, f->kernel_ns / 1000000 - k->tcp.last_data_sent_ms)
KERNEL(k_last_in, f->kernel_ns / 1000000 - k->tcp.last_data_recv_ms)
KERNEL(k_cwnd, (uint64_t)k->tcp.cwnd * k->tcp.snd_mss)

WIRE(w_rtt, o->rtt.count, o->rtt.smooth_us)
WIRE(w_handshake, f->wire->handshake_ns, f->wire->handshake_ns / 1000)
WIRE(w_sent, o->packets, wire_sum_bytes(o))
WIRE(w_acked, o->acked, o->ack - (o->fin && o->ack == o->next))
WIRE(w_received, i->packets, wire_sum_bytes(i))
WIRE(w_again, o->packets, o->again_packets)
WIRE(w_again_bytes, o->packets, o->again_bytes)
WIRE(w_flight, o->acked, wire_sum_flight(o))
WIRE(w_out, o->packets, o->packets)
WIRE(w_in, i->packets, i->packets)
WIRE(w_data_out, o->packets, o->data_packets)
WIRE(w_data_in, i->packets, i->data_packets)
WIRE(w_window_in, i->has_window, i->window)
WIRE(w_window_out, o->has_window, o->window)
WIRE(w_mss_in, i->mss, i->mss)
WIRE(w_mss_out, o->mss, o->mss)
WIRE(w_wscale_out, o->syn && i->syn, wire_sum_agreed(f->wire, TCP_OPT_WSCALE) ? o->wscale : 0)
WIRE(w_wscale_in, o->syn && i->syn, wire_sum_agreed(f->wire, TCP_OPT_WSCALE) ? i->wscale : 0)
WIRE(w_timestamps, o->syn && i->syn, wire_sum_agreed(f->wire, TCP_OPT_TS))
WIRE(w_sack, o->syn && i->syn, wire_sum_agreed(f->wire, TCP_OPT_SACK_OK))
WIRE(w_last_out, o->last_data_ns, o->last_data_ns / 1000000)
WIRE(w_last_in, i->last_data_ns, i->last_data_ns / 1000000)
WIRE(w_payload_out, o->packets, o->payload)
WIRE(w_payload_in, i->packets, i->payload)
WIRE(w_state, f->wire_state != STATE_NONE, f->wire_state)

/* The peer's window and ours; older kernels do not tell. */
static bool k_window_in(const struct beside_facts *f, uint64_t *out)
{
	bool told = f->kernel && f->kernel->known & SOCK_HAS_TCP && f->kernel->tcp.snd_wnd;

	if (told)
		*out = f->kernel->tcp.snd_wnd;
	return told;
}

static bool k_window_out(const struct beside_facts *f, uint64_t *out)
{
	bool told = f->kernel && f->kernel->known & SOCK_HAS_TCP && f->kernel->tcp.rcv_wnd;

	if (told)
		*out = f->kernel->tcp.rcv_wnd;
	return told;
}

/* What is not acknowledged, without what waits for its turn. */
static bool k_flight(const struct beside_facts *f, uint64_t *out)
{
	const struct sock *k = f->kernel;

	if (!k || !(k->known & SOCK_HAS_TCP) || !(k->known & SOCK_HAS_QUEUES))
		return false;
	*out = k->send_q > k->tcp.notsent_bytes ? k->send_q - k->tcp.notsent_bytes : 0;
	return true;
}

static bool k_calls_out(const struct beside_facts *f, uint64_t *out)
{
	if (f->has_calls)
		*out = f->calls_sent;
	return f->has_calls;
}

static bool k_calls_in(const struct beside_facts *f, uint64_t *out)
{
	if (f->has_calls)
		*out = f->calls_received;
	return f->has_calls;
}

static bool k_state(const struct beside_facts *f, uint64_t *out)
{
	if (f->kernel)
		*out = f->kernel->state;
	return f->kernel != NULL;
}

/* RFC 3168, 6.1.1: the SYN asks with ECE and CWR, its answer has ECE alone. */
static bool w_ecn(const struct beside_facts *f, uint64_t *out)
{
	const struct wire_side *o = &f->wire->side[1], *i = &f->wire->side[0];
	const struct wire_side *asked = o->syn_flags & TCP_FLAG_ACK ? i : o, *said = asked == o ? i : o;
	const unsigned both = TCP_FLAG_ECE | TCP_FLAG_CWR;

	if (!o->syn || !i->syn)
		return false;
	*out = (asked->syn_flags & both) == both && (said->syn_flags & both) == TCP_FLAG_ECE;
	return true;
}

/* --- the rows --- */

#define R(which) (1u << REASON_##which)
#define COUNTED (R(LATE) | R(GONE) | R(DROPPED) | R(MOVING))
#define NEWEST (R(DROPPED) | R(MOVING)) /* what came last: the beginning has no part in it */
#define CALLED (R(GONE) | R(DROPPED) | R(MOVING) | R(UNREAD))
#define AGREED (R(LATE) | R(GONE) | R(DROPPED))

static const struct row {
	const char *label;
	enum unit unit;
	take *kernel, *wire;
	enum match match;
	unsigned reasons; /* that can explain a difference; the first that holds does */
	bool tcp;         /* false: of every kind of socket */
} rows[] = {
	{ "state", UNIT_OF_STATE, k_state, w_state, MATCH_EXACT, COUNTED, true },
	{ "rtt", UNIT_TIMES, k_rtt, w_rtt, MATCH_RTT, R(RTT), true },
	{ "handshake", UNIT_TIMES, NULL, w_handshake, MATCH_EXACT, 0, true },
	{ "retransmits", UNIT_COUNT, k_retrans, w_again, MATCH_EXACT, COUNTED | R(OFFLOAD), true },
	{ "sent again", UNIT_SIZE, k_retrans_bytes, w_again_bytes, MATCH_EXACT, COUNTED, true },
	{ "cwnd", UNIT_SIZE, k_cwnd, NULL, MATCH_EXACT, 0, true },
	{ "in flight", UNIT_SIZE, k_flight, w_flight, MATCH_BYTES, COUNTED, true },
	{ "peer window", UNIT_SIZE, k_window_in, w_window_in, MATCH_WINDOW, COUNTED, true },
	{ "our window", UNIT_SIZE, k_window_out, w_window_out, MATCH_WINDOW, COUNTED, true },
	{ "bytes sent", UNIT_SIZE, k_sent, w_sent, MATCH_BYTES, COUNTED, true },
	{ "acked", UNIT_SIZE, k_acked, w_acked, MATCH_BYTES, COUNTED, true },
	{ "received", UNIT_SIZE, k_received, w_received, MATCH_BYTES, COUNTED, true },
	{ "payload out", UNIT_SIZE, k_calls_out, w_payload_out, MATCH_EXACT, CALLED, false },
	{ "payload in", UNIT_SIZE, k_calls_in, w_payload_in, MATCH_EXACT, CALLED, false },
	{ "packets out", UNIT_COUNT, k_segs_out, w_out, MATCH_SEGMENTS, COUNTED | R(OFFLOAD), false },
	{ "packets in", UNIT_COUNT, k_segs_in, w_in, MATCH_SEGMENTS, COUNTED | R(OFFLOAD), false },
	{ "data out", UNIT_COUNT, k_data_out, w_data_out, MATCH_EXACT, COUNTED | R(OFFLOAD), true },
	{ "data in", UNIT_COUNT, k_data_in, w_data_in, MATCH_EXACT, COUNTED | R(OFFLOAD), true },
	{ "last out", UNIT_AT, k_last_out, w_last_out, MATCH_AT, NEWEST, true },
	{ "last in", UNIT_AT, k_last_in, w_last_in, MATCH_AT, NEWEST, true },
	{ "mss", UNIT_SIZE, k_mss, w_mss_in, MATCH_MSS, AGREED, true },
	{ "mss told", UNIT_SIZE, k_advmss, w_mss_out, MATCH_MSS, AGREED, true },
	{ "our scale", UNIT_SHIFT, k_wscale_out, w_wscale_out, MATCH_EXACT, AGREED, true },
	{ "peer scale", UNIT_SHIFT, k_wscale_in, w_wscale_in, MATCH_EXACT, AGREED, true },
	{ "timestamps", UNIT_YES, k_timestamps, w_timestamps, MATCH_EXACT, AGREED, true },
	{ "sack", UNIT_YES, k_sack, w_sack, MATCH_EXACT, AGREED, true },
	{ "ecn", UNIT_YES, k_ecn, w_ecn, MATCH_EXACT, AGREED, true },
};
_Static_assert(sizeof rows / sizeof *rows <= BESIDE_ROWS, "a row has no room");

/* --- why they differ --- */

static bool whole(const struct wire_sum *w)
{
	return w->side[0].from_start && w->side[1].from_start;
}

static bool offload(const struct beside_facts *f)
{
	uint32_t mss = f->kernel->tcp.snd_mss, theirs = f->kernel->tcp.rcv_mss;

	return (mss && f->wire->side[1].most_payload > mss) || (theirs && f->wire->side[0].most_payload > theirs);
}

static bool holds(const struct beside_facts *f, enum beside_reason r)
{
	switch (r) {
	case REASON_LATE: return !whole(f->wire);
	case REASON_GONE: return f->gone;
	case REASON_DROPPED: return f->dropped;
	case REASON_MOVING: return f->wire->last_ns + MOVING_NS > f->kernel_ns;
	case REASON_OFFLOAD: return offload(f);
	case REASON_UNREAD:
	case REASON_RTT: return true;
	default: return false;
	}
}

static enum beside_reason explain(const struct beside_facts *f, unsigned reasons)
{
	for (unsigned r = REASON_NONE + 1; r < REASON_UNKNOWN; r++)
		if (reasons & 1u << r && holds(f, (enum beside_reason)r))
			return (enum beside_reason)r;
	return REASON_UNKNOWN;
}

/* --- the verdict --- */

static enum beside_verdict near(struct beside_row *out, enum beside_reason why)
{
	out->reason = why;
	return BESIDE_NEAR;
}

/* RFC 6691: what is sent is what the peer offered, less the options of each header. */
static enum beside_verdict match_mss(struct beside_row *out, uint64_t kernel, uint64_t wire)
{
	if (wire > kernel)
		return near(out, wire - kernel <= OPTION_BYTES ? REASON_HEADER : REASON_PATH);
	return BESIDE_DIFFERS;
}

/* BESIDE_DIFFERS: not even near. */
static enum beside_verdict match(const struct beside_facts *f, const struct row *row, struct beside_row *out,
				 uint64_t k, uint64_t w)
{
	uint64_t apart = k > w ? k - w : w - k;

	if (!apart)
		return BESIDE_SAME;
	switch (row->match) {
	case MATCH_EXACT: break;
	case MATCH_BYTES:
		if (apart <= CONTROL_BYTES)
			return near(out, REASON_CONTROL);
		break;
	case MATCH_SEGMENTS:
		if (f->accepted && apart <= FEW_SEGMENTS && w > k)
			return near(out, REASON_ACCEPTED);
		break;
	case MATCH_RTT:
		if (apart <= RTT_NEAR_US || (k < 2 * w && w < 2 * k))
			return near(out, REASON_RTT);
		break;
	case MATCH_AT: return apart <= CLOCK_NEAR_MS ? BESIDE_SAME : BESIDE_DIFFERS;
	case MATCH_MSS: return match_mss(out, k, w);
	case MATCH_WINDOW:
		if (apart * 2 <= (k > w ? k : w))
			return near(out, REASON_SILENT);
		break;
	}
	return BESIDE_DIFFERS;
}

/* --- words --- */

static void at_words(uint64_t ms, char out[BESIDE_WORDS])
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;

	if (!localtime_r(&seconds, &tm))
		memset(&tm, 0, sizeof tm);
	snprintf(out, BESIDE_WORDS, "%02d:%02d:%02d.%02u", tm.tm_hour, tm.tm_min, tm.tm_sec,
		 (unsigned)(ms % 1000) / 10);
}

/* Bytes in full as long as they are short, so that two of them can be compared. */
static void size_words(uint64_t bytes, char out[BESIDE_WORDS])
{
	if (bytes < 100000000)
		snprintf(out, BESIDE_WORDS, "%llu", (unsigned long long)bytes);
	else
		text_size(out, BESIDE_WORDS, bytes);
}

static void words(const struct beside_facts *f, enum unit unit, uint64_t value, char out[BESIDE_WORDS])
{
	switch (unit) {
	case UNIT_TIMES: text_duration(out, BESIDE_WORDS, value * 1000, f->ascii); break;
	case UNIT_COUNT:
	case UNIT_SHIFT: snprintf(out, BESIDE_WORDS, "%llu", (unsigned long long)value); break;
	case UNIT_SIZE: size_words(value, out); break;
	case UNIT_AT: at_words(value, out); break;
	case UNIT_YES: snprintf(out, BESIDE_WORDS, "%s", value ? "yes" : "no"); break;
	case UNIT_OF_STATE: snprintf(out, BESIDE_WORDS, "%s", state_name((enum state)value)); break;
	}
}

static void fill(const struct beside_facts *f, const struct row *row, struct beside_row *out)
{
	bool seen = f->wire && f->wire->first_ns;
	uint64_t k = 0, w = 0;
	bool has_k = row->kernel && row->kernel(f, &k), has_w = seen && row->wire && row->wire(f, &w);

	*out = (struct beside_row){ .label = row->label, .kernel = "-", .wire = "-" };
	if (has_k)
		words(f, row->unit, k, out->kernel);
	if (has_w)
		words(f, row->unit, w, out->wire);
	if (!has_k || !has_w)
		return;
	out->verdict = match(f, row, out, k, w);
	if (out->verdict == BESIDE_DIFFERS)
		out->reason = explain(f, row->reasons);
	if (out->reason == REASON_MOVING) /* they cannot be the same now */
		out->verdict = BESIDE_NEAR;
}

static void add_why(enum beside_reason r, enum beside_reason why[BESIDE_WHY], size_t *whys)
{
	for (size_t i = 0; i < *whys; i++)
		if (why[i] == r)
			return;
	if (r != REASON_NONE && *whys < BESIDE_WHY)
		why[(*whys)++] = r;
}

size_t beside(const struct beside_facts *f, struct beside_row out[BESIDE_ROWS], enum beside_reason why[BESIDE_WHY],
	      size_t *whys)
{
	bool seen = f->wire && f->wire->first_ns;
	bool tcp = f->kernel ? f->kernel->known & SOCK_HAS_TCP
			     : seen && (f->wire->side[0].begun || f->wire->side[1].begun);
	size_t count = 0;

	*whys = 0;
	if (!f->kernel)
		add_why(REASON_NO_KERNEL, why, whys);
	if (!seen)
		add_why(f->capturing ? REASON_NO_PACKETS : REASON_NO_CAPTURE, why, whys);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (rows[i].tcp && !tcp)
			continue;
		fill(f, &rows[i], &out[count++]);
	}
	for (unsigned v = BESIDE_DIFFERS; v >= BESIDE_NEAR; v--)
		for (size_t i = 0; i < count; i++)
			if (out[i].verdict == v)
				add_why(out[i].reason, why, whys);
	return count;
}
