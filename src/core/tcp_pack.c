#include "core/tcp_pack.h"

#include <string.h>

/* The numbers of every socket, and those of each congestion control that tells of itself. */
/* clang-format off */
#define NUMBERS(X) \
	X(rtt_us) X(rttvar_us) X(min_rtt_us) X(cwnd) X(ssthresh) X(snd_mss) X(rcv_mss) X(advmss) X(pmtu) \
	X(unacked) X(sacked) X(lost) X(retrans) X(total_retrans) X(rto_us) X(ato_us) X(rcv_space) \
	X(rcv_ssthresh) X(snd_wnd) X(rcv_wnd) X(last_data_sent_ms) X(last_data_recv_ms) X(last_ack_recv_ms) \
	X(ca_state) X(retransmits) X(probes) X(backoff) X(snd_wscale) X(rcv_wscale) X(bytes_sent) \
	X(bytes_acked) X(bytes_received) X(bytes_retrans) X(pacing_rate) X(delivery_rate) X(busy_time_us) \
	X(rwnd_limited_us) X(sndbuf_limited_us) X(segs_out) X(segs_in) X(data_segs_out) X(data_segs_in) \
	X(delivered) X(reord_seen) X(notsent_bytes)
/* clang-format on */
#define FLAGS(X) X(timestamps, 0) X(sack, 1) X(ecn, 2) X(app_limited, 3)
#define BBR(X) X(bbr.bandwidth) X(bbr.min_rtt_us) X(bbr.pacing_gain) X(bbr.cwnd_gain)
#define VEGAS(X) X(vegas.enabled) X(vegas.rtt_count) X(vegas.rtt_us) X(vegas.min_rtt_us)
#define DCTCP(X) X(dctcp.enabled) X(dctcp.ce_state) X(dctcp.alpha) X(dctcp.acked_ecn) X(dctcp.acked)

static inline uint8_t *put(uint8_t *at, uint64_t value)
{
	for (; value > 0x7f; value >>= 7)
		*at++ = (uint8_t)(value | 0x80);
	*at++ = (uint8_t)value;
	return at;
}

size_t tcp_pack(const struct sock_tcp *t, uint8_t out[TCP_PACK_MOST])
{
	size_t name = strnlen(t->congestion, sizeof t->congestion - 1);
	unsigned flags = 0;
	uint8_t *at = out;

#define PUT(member) at = put(at, t->member);
#define PUT_FLAG(member, bit) flags |= (unsigned)t->member << (bit);
	NUMBERS(PUT)
	FLAGS(PUT_FLAG)
	at = put(at, flags);
	at = put(at, t->max_pacing_rate + 1); /* ~0 is "no limit": most */
	*at++ = (uint8_t)name;
	memcpy(at, t->congestion, name);
	at += name;
	*at++ = t->control;
	switch (t->control) {
	case CONTROL_BBR: BBR(PUT) break;
	case CONTROL_VEGAS: VEGAS(PUT) break;
	case CONTROL_DCTCP: DCTCP(PUT) break;
	}
	return (size_t)(at - out);
}

struct reader {
	const uint8_t *at, *end;
	bool bad;
};

static inline uint64_t take(struct reader *r)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		if (r->at == r->end)
			break;
		value |= (uint64_t)(*r->at & 0x7f) << shift;
		if (!(*r->at++ & 0x80))
			return value;
	}
	r->bad = true;
	return 0;
}

static void take_name(struct reader *r, char name[16])
{
	uint64_t len = take(r);

	if (r->bad || len > 15 || len > (uint64_t)(r->end - r->at) || memchr(r->at, '\0', len)) {
		r->bad = true;
		return;
	}
	memcpy(name, r->at, len);
	r->at += len;
}

size_t tcp_unpack(const uint8_t *bytes, size_t len, struct sock_tcp *out)
{
	struct reader r = { .at = bytes, .end = bytes + len };
	unsigned flags;

	memset(out, 0, sizeof *out);
#define TAKE(member) out->member = (__typeof__(out->member))take(&r);
#define TAKE_FLAG(member, bit) out->member = flags >> (bit)&1;
	NUMBERS(TAKE)
	flags = (unsigned)take(&r);
	FLAGS(TAKE_FLAG)
	out->max_pacing_rate = take(&r) - 1;
	take_name(&r, out->congestion);
	out->control = (uint8_t)take(&r);
	switch (out->control) {
	case CONTROL_NONE: break;
	case CONTROL_BBR: BBR(TAKE) break;
	case CONTROL_VEGAS: VEGAS(TAKE) break;
	case CONTROL_DCTCP: DCTCP(TAKE) break;
	default: r.bad = true;
	}
	if (!r.bad)
		return (size_t)(r.at - bytes);
	memset(out, 0, sizeof *out);
	return 0;
}

#define PLACE(member) AT_##member,
enum { NUMBERS(PLACE) AT_END };

bool tcp_unpack_counts(const uint8_t *bytes, size_t len, uint64_t *sent, uint64_t *received, uint64_t *retransmits)
{
	struct reader r = { .at = bytes, .end = bytes + len };
	uint64_t numbers[AT_bytes_received + 1];

	for (unsigned i = 0; i <= AT_bytes_received; i++)
		numbers[i] = take(&r);
	if (r.bad)
		return false;
	*sent = numbers[AT_bytes_sent];
	*received = numbers[AT_bytes_received];
	*retransmits = (uint32_t)numbers[AT_total_retrans];
	return true;
}
