#include "core/tcp_info.h"

#include "core/tcp_state.h"

#include <linux/tcp.h>
#include <string.h>

_Static_assert(offsetof(struct tcp_info, tcpi_rto) == TCP_INFO_LEAST, "the bytes before the first number");

/* Linux 6.2 put the receive window right behind snd_wnd, where older headers end with padding or nothing. */
enum { RCV_WND = offsetof(struct tcp_info, tcpi_snd_wnd) + sizeof(uint32_t) };

union report {
	struct tcp_info info;
	unsigned char bytes[sizeof(struct tcp_info) + 128];
};

void tcp_info_read(const void *bytes, size_t len, struct sock_tcp *out)
{
	union report r = { 0 };
	const struct tcp_info *i = &r.info;

	memcpy(r.bytes, bytes, len < sizeof r ? len : sizeof r);
	out->rtt_us = i->tcpi_rtt;
	out->rttvar_us = i->tcpi_rttvar;
	out->min_rtt_us = i->tcpi_min_rtt;
	out->cwnd = i->tcpi_snd_cwnd;
	out->ssthresh = i->tcpi_snd_ssthresh;
	out->snd_mss = i->tcpi_snd_mss;
	out->rcv_mss = i->tcpi_rcv_mss;
	out->advmss = i->tcpi_advmss;
	out->pmtu = i->tcpi_pmtu;
	out->unacked = i->tcpi_unacked;
	out->sacked = i->tcpi_sacked;
	out->lost = i->tcpi_lost;
	out->retrans = i->tcpi_retrans;
	out->total_retrans = i->tcpi_total_retrans;
	out->rto_us = i->tcpi_rto;
	out->ato_us = i->tcpi_ato;
	out->rcv_space = i->tcpi_rcv_space;
	out->rcv_ssthresh = i->tcpi_rcv_ssthresh;
	out->snd_wnd = i->tcpi_snd_wnd;
	out->last_data_sent_ms = i->tcpi_last_data_sent;
	out->last_data_recv_ms = i->tcpi_last_data_recv;
	out->last_ack_recv_ms = i->tcpi_last_ack_recv;
	out->ca_state = i->tcpi_ca_state;
	out->retransmits = i->tcpi_retransmits;
	out->probes = i->tcpi_probes;
	out->backoff = i->tcpi_backoff;
	out->snd_wscale = i->tcpi_snd_wscale;
	out->rcv_wscale = i->tcpi_rcv_wscale;
	out->timestamps = i->tcpi_options & TCPI_OPT_TIMESTAMPS;
	out->sack = i->tcpi_options & TCPI_OPT_SACK;
	out->ecn = i->tcpi_options & TCPI_OPT_ECN;
	out->app_limited = i->tcpi_delivery_rate_app_limited;
	out->bytes_sent = i->tcpi_bytes_sent;
	out->bytes_acked = i->tcpi_bytes_acked;
	out->bytes_received = i->tcpi_bytes_received;
	out->bytes_retrans = i->tcpi_bytes_retrans;
	out->pacing_rate = i->tcpi_pacing_rate;
	out->max_pacing_rate = i->tcpi_max_pacing_rate;
	out->delivery_rate = i->tcpi_delivery_rate;
	out->busy_time_us = i->tcpi_busy_time;
	out->rwnd_limited_us = i->tcpi_rwnd_limited;
	out->sndbuf_limited_us = i->tcpi_sndbuf_limited;
	out->segs_out = i->tcpi_segs_out;
	out->segs_in = i->tcpi_segs_in;
	out->data_segs_out = i->tcpi_data_segs_out;
	out->data_segs_in = i->tcpi_data_segs_in;
	out->delivered = i->tcpi_delivered;
	out->reord_seen = i->tcpi_reord_seen;
	out->notsent_bytes = i->tcpi_notsent_bytes;
	memcpy(&out->rcv_wnd, r.bytes + RCV_WND, sizeof out->rcv_wnd);
}

enum state tcp_info_state(const void *bytes, size_t len)
{
	return len < TCP_INFO_LEAST ? STATE_NONE : state_from_kernel(((const unsigned char *)bytes)[0]);
}
