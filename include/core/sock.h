/* sock.h - one socket as the kernel tells of it: from its descriptor (our own), from sock_diag(7) or from /proc/net.
 * Plain values; a field that is not known has its bit in `known` clear. Counters as in struct tcp_info, times in the
 * unit of their name.
 */
#ifndef CORE_SOCK_H
#define CORE_SOCK_H

#include "core/endpoint.h"
#include "core/tcp_state.h"

#include <stdbool.h>
#include <stdint.h>

enum sock_known {
	SOCK_HAS_QUEUES = 1 << 0,
	SOCK_HAS_TCP = 1 << 1,
	SOCK_HAS_COOKIE = 1 << 2,
	SOCK_HAS_INODE = 1 << 3,
	SOCK_HAS_UID = 1 << 4,
	SOCK_HAS_TIMER = 1 << 5,
	SOCK_HAS_MEMORY = 1 << 6,
	SOCK_HAS_BACKLOG = 1 << 7,
	SOCK_HAS_MARK = 1 << 8,  /* told only to those with CAP_NET_ADMIN */
	SOCK_OF_KERNEL = 1 << 9, /* unless a process has it */
	SOCK_HAS_SHUTDOWN = 1 << 10,
	SOCK_HAS_TOS = 1 << 11,
	SOCK_HAS_FLAGS = 1 << 12,
};

/* struct inet_diag_sockopt of linux/inet_diag.h: what is set on the socket; SOCK_HAS_FLAGS. */
enum sock_flag {
	SOCK_RECVERR = 1 << 0,
	SOCK_IS_ICSK = 1 << 1,
	SOCK_FREEBIND = 1 << 2,
	SOCK_HDRINCL = 1 << 3,
	SOCK_MC_LOOP = 1 << 4,
	SOCK_TRANSPARENT = 1 << 5,
	SOCK_MC_ALL = 1 << 6,
	SOCK_NODEFRAG = 1 << 7,
	SOCK_BIND_NO_PORT = 1 << 8,
	SOCK_RECVERR_RFC4884 = 1 << 9,
	SOCK_DEFER_CONNECT = 1 << 10,
};

enum sock_timer { TIMER_NONE, TIMER_RETRANSMIT, TIMER_KEEPALIVE, TIMER_TIME_WAIT, TIMER_PERSIST };

/* What struct tcp_info of linux/tcp.h tells, the part that is shown. */
struct sock_tcp {
	uint32_t rtt_us, rttvar_us, min_rtt_us;
	uint32_t cwnd, ssthresh; /* segments */
	uint32_t snd_mss, rcv_mss, advmss, pmtu;
	uint32_t unacked, sacked, lost, retrans, total_retrans;
	uint32_t rto_us, ato_us;
	uint32_t rcv_space, rcv_ssthresh, snd_wnd, rcv_wnd;
	uint32_t last_data_sent_ms, last_data_recv_ms, last_ack_recv_ms;
	uint8_t ca_state, retransmits, probes, backoff;
	uint8_t snd_wscale, rcv_wscale;
	bool timestamps, sack, ecn, app_limited;
	uint64_t bytes_sent, bytes_acked, bytes_received, bytes_retrans;
	uint64_t pacing_rate, max_pacing_rate, delivery_rate; /* bytes per second */
	uint64_t busy_time_us, rwnd_limited_us, sndbuf_limited_us;
	uint32_t segs_out, segs_in, data_segs_out, data_segs_in, delivered, reord_seen, notsent_bytes;
	char congestion[16];
	uint8_t control; /* enum sock_control: which member of the union is filled */
	union {          /* linux/inet_diag.h: what the congestion control tells of itself */
		struct {
			uint64_t bandwidth;
			uint32_t min_rtt_us, pacing_gain, cwnd_gain;
		} bbr; /* bytes/s; 256: 1 */
		struct {
			uint32_t enabled, rtt_count, rtt_us, min_rtt_us;
		} vegas;
		struct {
			uint32_t enabled, ce_state, alpha, acked_ecn, acked;
		} dctcp; /* alpha 1024: 1 */
	};
};

enum sock_control { CONTROL_NONE, CONTROL_BBR, CONTROL_VEGAS, CONTROL_DCTCP };

struct sock {
	int family, type, protocol; /* AF_, SOCK_, IPPROTO_ */
	enum state state;
	struct endpoint local, remote;
	unsigned known; /* enum sock_known */
	uint64_t cookie;
	uint64_t inode;
	uint32_t uid;
	uint32_t interface;      /* SO_BINDTODEVICE: interface index, 0 for none */
	uint32_t recv_q, send_q; /* bytes; of a listener: connections waiting, and the backlog */
	uint32_t backlog;        /* SOCK_HAS_BACKLOG: of a listener */
	enum sock_timer timer;
	uint32_t timer_ms; /* until it fires */
	uint32_t timer_retries;
	uint32_t rmem_alloc, rcvbuf, wmem_alloc, sndbuf, drops; /* SOCK_HAS_MEMORY */
	uint64_t peer_inode;                                    /* UNIX, 0 when unknown */
	uint64_t cgroup;     /* id of its control group (cgroup v2), 0 when unknown */
	uint32_t mark;       /* SO_MARK: SOCK_HAS_MARK */
	uint16_t flags;      /* enum sock_flag */
	uint8_t shutdown;    /* SOCK_HAS_SHUTDOWN: 1 reading, 2 writing is shut down */
	uint8_t tos;         /* SOCK_HAS_TOS: IP_TOS, or the traffic class */
	struct sock_tcp tcp; /* SOCK_HAS_TCP */
};

/* The protocol's word ("tcp", "udp", "raw", "unix", "icmp"), never NULL. */
const char *sock_proto(const struct sock *s);
const char *sock_timer_name(enum sock_timer t); /* "retransmit", ...; NULL for none */
/* TCP, MPTCP, SCTP over inet and inet6: a socket with the states of RFC 9293. */
bool sock_is_tcp(const struct sock *s);

#endif
