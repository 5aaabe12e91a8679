/* TCP_INFO, field by field: struct tcp_info of linux/tcp.h, whose end depends on the kernel. Names
 * as in sock.h. */
#include "option_kind.h"

#include "core/tcp_state.h"
#include "util/buf.h"

#include <linux/tcp.h>
#include <string.h>

struct field {
	const char *name;
	size_t at, size;
};

#define FIELD(label, member)                                                                     \
	{                                                                                        \
		label, offsetof(struct tcp_info, member), sizeof(((struct tcp_info *)0)->member) \
	}

static const struct field fields[] = {
	FIELD("rtt_us", tcpi_rtt),
	FIELD("rttvar_us", tcpi_rttvar),
	FIELD("min_rtt_us", tcpi_min_rtt),
	FIELD("rto_us", tcpi_rto),
	FIELD("ato_us", tcpi_ato),
	FIELD("snd_cwnd", tcpi_snd_cwnd),
	FIELD("snd_ssthresh", tcpi_snd_ssthresh),
	FIELD("snd_mss", tcpi_snd_mss),
	FIELD("rcv_mss", tcpi_rcv_mss),
	FIELD("advmss", tcpi_advmss),
	FIELD("pmtu", tcpi_pmtu),
	FIELD("snd_wnd", tcpi_snd_wnd),
	/* Linux 6.2 put it right behind snd_wnd, where older headers end with padding or
	 * nothing. */
	{ "rcv_wnd", offsetof(struct tcp_info, tcpi_snd_wnd) + sizeof(uint32_t), sizeof(uint32_t) },
	FIELD("rcv_space", tcpi_rcv_space),
	FIELD("rcv_ssthresh", tcpi_rcv_ssthresh),
	FIELD("unacked", tcpi_unacked),
	FIELD("sacked", tcpi_sacked),
	FIELD("lost", tcpi_lost),
	FIELD("retrans", tcpi_retrans),
	FIELD("total_retrans", tcpi_total_retrans),
	FIELD("retransmits", tcpi_retransmits),
	FIELD("probes", tcpi_probes),
	FIELD("backoff", tcpi_backoff),
	FIELD("reordering", tcpi_reordering),
	FIELD("reord_seen", tcpi_reord_seen),
	FIELD("dsack_dups", tcpi_dsack_dups),
	FIELD("bytes_sent", tcpi_bytes_sent),
	FIELD("bytes_acked", tcpi_bytes_acked),
	FIELD("bytes_received", tcpi_bytes_received),
	FIELD("bytes_retrans", tcpi_bytes_retrans),
	FIELD("notsent_bytes", tcpi_notsent_bytes),
	FIELD("segs_out", tcpi_segs_out),
	FIELD("segs_in", tcpi_segs_in),
	FIELD("data_segs_out", tcpi_data_segs_out),
	FIELD("data_segs_in", tcpi_data_segs_in),
	FIELD("delivered", tcpi_delivered),
	FIELD("delivered_ce", tcpi_delivered_ce),
	FIELD("rcv_ooopack", tcpi_rcv_ooopack),
	FIELD("rcv_rtt_us", tcpi_rcv_rtt),
	FIELD("last_data_sent_ms", tcpi_last_data_sent),
	FIELD("last_data_recv_ms", tcpi_last_data_recv),
	FIELD("last_ack_recv_ms", tcpi_last_ack_recv),
	FIELD("pacing_rate", tcpi_pacing_rate),
	FIELD("max_pacing_rate", tcpi_max_pacing_rate),
	FIELD("delivery_rate", tcpi_delivery_rate),
	FIELD("busy_time_us", tcpi_busy_time),
	FIELD("rwnd_limited_us", tcpi_rwnd_limited),
	FIELD("sndbuf_limited_us", tcpi_sndbuf_limited),
};

static const struct {
	uint8_t bit;
	const char *name;
} bits[] = {
	{ TCPI_OPT_TIMESTAMPS, "timestamps" },
	{ TCPI_OPT_SACK, "sack" },
	{ TCPI_OPT_WSCALE, "wscale" },
	{ TCPI_OPT_ECN, "ecn" },
};

static uint64_t number_at(const unsigned char *bytes, const struct field *f)
{
	uint8_t one;
	uint32_t four;
	uint64_t eight;

	if (f->size == sizeof one)
		return bytes[f->at];
	if (f->size == sizeof four) {
		memcpy(&four, bytes + f->at, sizeof four);
		return four;
	}
	memcpy(&eight, bytes + f->at, sizeof eight);
	return eight;
}

void option_print_tcp_info(const struct option_row *o, const struct option_raw *raw, struct buf *out)
{
	static const char *const phases[] = { "open", "disorder", "cwr", "recovery", "loss" };
	struct tcp_info i = { 0 };
	bool first = true;

	(void)o;
	memcpy(&i, raw->bytes, raw->len < sizeof i ? raw->len : sizeof i);
	buf_printf(out, "state=%s", state_name(state_from_kernel(i.tcpi_state)));
	if (i.tcpi_ca_state < sizeof phases / sizeof *phases)
		buf_printf(out, " ca_state=%s", phases[i.tcpi_ca_state]);
	for (size_t k = 0; k < sizeof bits / sizeof *bits; k++)
		if (i.tcpi_options & bits[k].bit) {
			buf_printf(out, "%s%s", first ? " options=" : ",", bits[k].name);
			first = false;
		}
	if (i.tcpi_options & TCPI_OPT_WSCALE)
		buf_printf(out, " wscale=%u,%u", (unsigned)i.tcpi_snd_wscale, (unsigned)i.tcpi_rcv_wscale);
	for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
		if (fields[k].at + fields[k].size <= raw->len)
			buf_printf(out, " %s=%llu", fields[k].name,
				   (unsigned long long)number_at(raw->bytes, &fields[k]));
}
