/* What sock_diag(7) tells of a TCP or UDP socket besides its ends: struct tcp_info, memory, congestion control, mark,
 * control group, options. See linux/inet_diag.h. */
#include "inside.h"

#include "core/tcp_info.h"

#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

static void take_info(struct sock *s, const void *bytes, size_t len)
{
	if (s->protocol == IPPROTO_MPTCP || s->state == STATE_LISTEN)
		return; /* another struct; of a listener the queues came already */
	tcp_info_read(bytes, len, &s->tcp);
	s->known |= SOCK_HAS_TCP;
}

static void take_congestion(struct sock *s, const void *bytes, size_t len)
{
	size_t most = sizeof s->tcp.congestion - 1;

	len = strnlen(bytes, len < most ? len : most);
	memcpy(s->tcp.congestion, bytes, len);
	s->tcp.congestion[len] = '\0';
}

static void take_mark(struct sock *s, const void *bytes, size_t len)
{
	(void)len;
	memcpy(&s->mark, bytes, sizeof s->mark);
	s->known |= SOCK_HAS_MARK;
}

static void take_cgroup(struct sock *s, const void *bytes, size_t len)
{
	(void)len;
	memcpy(&s->cgroup, bytes, sizeof s->cgroup);
}

static void take_shutdown(struct sock *s, const void *bytes, size_t len)
{
	(void)len;
	s->shutdown = *(const uint8_t *)bytes & 3;
	s->known |= SOCK_HAS_SHUTDOWN;
}

static void take_tos(struct sock *s, const void *bytes, size_t len)
{
	(void)len;
	s->tos = *(const uint8_t *)bytes;
	s->known |= SOCK_HAS_TOS;
}

static void take_flags(struct sock *s, const void *bytes, size_t len)
{
	struct inet_diag_sockopt o;

	(void)len;
	memcpy(&o, bytes, sizeof o);
	s->flags = (uint16_t)((o.recverr ? SOCK_RECVERR : 0) | (o.is_icsk ? SOCK_IS_ICSK : 0) |
			      (o.freebind ? SOCK_FREEBIND : 0) | (o.hdrincl ? SOCK_HDRINCL : 0) |
			      (o.mc_loop ? SOCK_MC_LOOP : 0) | (o.transparent ? SOCK_TRANSPARENT : 0) |
			      (o.mc_all ? SOCK_MC_ALL : 0) | (o.nodefrag ? SOCK_NODEFRAG : 0) |
			      (o.bind_address_no_port ? SOCK_BIND_NO_PORT : 0) |
			      (o.recverr_rfc4884 ? SOCK_RECVERR_RFC4884 : 0) |
			      (o.defer_connect ? SOCK_DEFER_CONNECT : 0));
	s->known |= SOCK_HAS_FLAGS;
}

static void take_bbr(struct sock *s, const void *bytes, size_t len)
{
	struct tcp_bbr_info i;

	(void)len;
	memcpy(&i, bytes, sizeof i);
	s->tcp.control = CONTROL_BBR;
	s->tcp.bbr.bandwidth = (uint64_t)i.bbr_bw_hi << 32 | i.bbr_bw_lo;
	s->tcp.bbr.min_rtt_us = i.bbr_min_rtt;
	s->tcp.bbr.pacing_gain = i.bbr_pacing_gain;
	s->tcp.bbr.cwnd_gain = i.bbr_cwnd_gain;
}

static void take_vegas(struct sock *s, const void *bytes, size_t len)
{
	struct tcpvegas_info i;

	(void)len;
	memcpy(&i, bytes, sizeof i);
	s->tcp.control = CONTROL_VEGAS;
	s->tcp.vegas.enabled = i.tcpv_enabled;
	s->tcp.vegas.rtt_count = i.tcpv_rttcnt;
	s->tcp.vegas.rtt_us = i.tcpv_rtt;
	s->tcp.vegas.min_rtt_us = i.tcpv_minrtt;
}

static void take_dctcp(struct sock *s, const void *bytes, size_t len)
{
	struct tcp_dctcp_info i;

	(void)len;
	memcpy(&i, bytes, sizeof i);
	s->tcp.control = CONTROL_DCTCP;
	s->tcp.dctcp.enabled = i.dctcp_enabled;
	s->tcp.dctcp.ce_state = i.dctcp_ce_state;
	s->tcp.dctcp.alpha = i.dctcp_alpha;
	s->tcp.dctcp.acked_ecn = i.dctcp_ab_ecn;
	s->tcp.dctcp.acked = i.dctcp_ab_tot;
}

static const struct diag_attribute attributes[] = {
	[INET_DIAG_INFO] = { TCP_INFO_LEAST, take_info },
	[INET_DIAG_SKMEMINFO] = { sizeof(uint32_t), diag_take_memory },
	[INET_DIAG_CONG] = { 1, take_congestion },
	[INET_DIAG_MARK] = { sizeof(uint32_t), take_mark },
	[INET_DIAG_CGROUP_ID] = { sizeof(uint64_t), take_cgroup },
	[INET_DIAG_SHUTDOWN] = { 1, take_shutdown },
	[INET_DIAG_TOS] = { 1, take_tos },
	[INET_DIAG_TCLASS] = { 1, take_tos }, /* of IPv6, which has both: this comes later, and counts */
	[INET_DIAG_SOCKOPT] = { sizeof(struct inet_diag_sockopt), take_flags },
	[INET_DIAG_BBRINFO] = { sizeof(struct tcp_bbr_info), take_bbr },
	[INET_DIAG_VEGASINFO] = { sizeof(struct tcpvegas_info), take_vegas },
	[INET_DIAG_DCTCPINFO] = { sizeof(struct tcp_dctcp_info), take_dctcp },
};

void diag_inet_attributes(const struct nlmsghdr *answer, size_t skip, struct sock *s)
{
	diag_attributes(answer, skip, attributes, sizeof attributes / sizeof *attributes, s);
}
