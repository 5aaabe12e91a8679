/* The rows of sock_column.h. */
#include "core/sock_column.h"

#include "core/rate.h"
#include "owner_column.h"
#include "util/buf.h"
#include "util/text.h"

#include <stdio.h>
#include <string.h>

/* --- texts --- */

static void name_text(const struct sock_view *v, struct buf *out)
{
	if (v->name)
		text_clean(out, v->name, strlen(v->name));
}

static void proto_text(const struct sock_view *v, struct buf *out)
{
	buf_puts(out, sock_kind_word(v->sock));
}

static void family_text(const struct sock_view *v, struct buf *out)
{
	const char *word = sock_family_word(v->sock->family);

	buf_puts(out, word ? word : "");
}

static void type_text(const struct sock_view *v, struct buf *out)
{
	const char *word = sock_type_word(v->sock);

	buf_puts(out, word ? word : "");
}

static void state_text(const struct sock_view *v, struct buf *out)
{
	if (v->sock->state != STATE_NONE)
		buf_puts(out, state_name(v->sock->state));
}

static void local_text(const struct sock_view *v, struct buf *out)
{
	endpoint_add(out, v, &v->sock->local);
}

static void remote_text(const struct sock_view *v, struct buf *out)
{
	if (endpoint_there(&v->sock->remote))
		endpoint_add(out, v, &v->sock->remote);
}

static void user_text(const struct sock_view *v, struct buf *out)
{
	const struct sock_names *n = v->names;
	const char *name;

	if (!(v->sock->known & SOCK_HAS_UID))
		return;
	name = n && n->user ? n->user(n->ctx, v->sock->uid) : NULL;
	if (name)
		text_clean(out, name, strlen(name));
	else
		buf_printf(out, "%u", (unsigned)v->sock->uid);
}

static void iface_text(const struct sock_view *v, struct buf *out)
{
	const struct sock_names *n = v->names;
	const char *name;

	if (!v->sock->interface)
		return;
	name = n && n->interface ? n->interface(n->ctx, v->record ? v->record->netns : 0, v->sock->interface) : NULL;
	if (name)
		text_clean(out, name, strlen(name));
	else
		buf_printf(out, "%u", (unsigned)v->sock->interface);
}

static void netns_text(const struct sock_view *v, struct buf *out)
{
	const struct sock_names *n = v->names;
	const char *name;

	if (!v->record || !v->record->netns)
		return;
	name = n && n->netns ? n->netns(n->ctx, v->record->netns) : NULL;
	if (name)
		text_clean(out, name, strlen(name));
	else
		buf_printf(out, "%llu", (unsigned long long)v->record->netns);
}

static void timer_text(const struct sock_view *v, struct buf *out)
{
	const char *name = sock_timer_name(v->sock->timer);
	char left[40];

	if (!(v->sock->known & SOCK_HAS_TIMER) || !name)
		return;
	text_duration(left, sizeof left, (uint64_t)v->sock->timer_ms * 1000000, false);
	buf_printf(out, "%s %s", name, left);
	if (v->sock->timer_retries)
		buf_printf(out, " ×%u", (unsigned)v->sock->timer_retries);
}

static void shutdown_text(const struct sock_view *v, struct buf *out)
{
	static const char *const words[] = { "", "rd", "wr", "rdwr" };

	if (v->sock->known & SOCK_HAS_SHUTDOWN)
		buf_puts(out, words[v->sock->shutdown & 3]);
}

static void flags_text(const struct sock_view *v, struct buf *out)
{
	static const struct {
		enum sock_flag flag;
		const char *word;
	} words[] = {
		{ SOCK_RECVERR, "recverr" },         { SOCK_FREEBIND, "freebind" },
		{ SOCK_HDRINCL, "hdrincl" },         { SOCK_TRANSPARENT, "transparent" },
		{ SOCK_NODEFRAG, "nodefrag" },       { SOCK_BIND_NO_PORT, "bind-no-port" },
		{ SOCK_RECVERR_RFC4884, "rfc4884" }, { SOCK_DEFER_CONNECT, "defer-connect" },
	};
	size_t from = out->len;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (v->sock->flags & words[i].flag) {
			if (out->len > from)
				buf_putc(out, ' ');
			buf_puts(out, words[i].word);
		}
}

static void control_text(const struct sock_view *v, struct buf *out)
{
	if (v->sock->known & SOCK_HAS_TCP)
		sock_control_text(&v->sock->tcp, out);
}

static void congestion_text(const struct sock_view *v, struct buf *out)
{
	const struct sock_tcp *t = &v->sock->tcp;

	if (v->sock->known & SOCK_HAS_TCP)
		text_clean(out, t->congestion, strnlen(t->congestion, sizeof t->congestion));
}

/* --- numbers that are not a member of struct sock --- */

static bool cgroup_number(const struct sock_view *v, uint64_t *out)
{
	*out = v->sock->cgroup;
	return *out != 0;
}

static bool peer_inode_number(const struct sock_view *v, uint64_t *out)
{
	if (!v->sock->peer_inode)
		return false;
	*out = v->sock->peer_inode;
	return true;
}

static bool rate_in_number(const struct sock_view *v, uint64_t *out)
{
	*out = v->rate ? v->rate->in : 0;
	return v->rate && v->rate->known;
}

static bool rate_out_number(const struct sock_view *v, uint64_t *out)
{
	*out = v->rate ? v->rate->out : 0;
	return v->rate && v->rate->known;
}

static bool rate_retransmits_number(const struct sock_view *v, uint64_t *out)
{
	*out = v->rate ? v->rate->retransmits : 0;
	return v->rate && v->rate->known;
}

/* --- orders that are not those of the text --- */

static bool nowhere(const struct endpoint *e)
{
	return e->family == AF_UNSPEC || (e->family == AF_UNIX && !e->path_len);
}

static int local_compare(const struct sock_view *a, const struct sock_view *b)
{
	bool left = nowhere(&a->sock->local), right = nowhere(&b->sock->local);

	if (left || right)
		return left - right;
	return endpoint_compare(&a->sock->local, &b->sock->local);
}

static int remote_compare(const struct sock_view *a, const struct sock_view *b)
{
	const struct endpoint *left = &a->sock->remote, *right = &b->sock->remote;

	if (!endpoint_there(left) || !endpoint_there(right))
		return endpoint_there(right) - endpoint_there(left);
	return endpoint_compare(left, right);
}

static int state_compare(const struct sock_view *a, const struct sock_view *b)
{
	if (!a->sock->state || !b->sock->state)
		return !a->sock->state - !b->sock->state;
	return (int)a->sock->state - (int)b->sock->state;
}

static int timer_compare(const struct sock_view *a, const struct sock_view *b)
{
	if (!a->sock->timer || !b->sock->timer)
		return !a->sock->timer - !b->sock->timer;
	return a->sock->timer_ms < b->sock->timer_ms ? -1 : a->sock->timer_ms > b->sock->timer_ms;
}

#define AT(member) offsetof(struct sock, member), sizeof(((struct sock *)0)->member)
#define NUMBER(name, head, flags, unit, known, member, help)                                                 \
	{                                                                                                    \
		name, head, NULL, COLUMN_RIGHT | (flags), 0, unit, known, AT(member), NULL, NULL, NULL, help \
	}
#define COUNTED(name, head, flags, unit, get, help)                                               \
	{                                                                                         \
		name, head, NULL, COLUMN_RIGHT | (flags), 0, unit, 0, 0, 0, get, NULL, NULL, help \
	}
#define TEXT(name, head, flags, least, text, compare, help)                                   \
	{                                                                                     \
		name, head, NULL, flags, least, UNIT_NONE, 0, 0, 0, NULL, text, compare, help \
	}
#define TCP(name, head, json, unit, member, help)                                                                      \
	{                                                                                                              \
		name, head, json, COLUMN_RIGHT | COLUMN_INFO, 0, unit, SOCK_HAS_TCP, AT(tcp.member), NULL, NULL, NULL, \
			help                                                                                           \
	}
#define RATE(name, head, json, unit, get, help)                                                                     \
	{                                                                                                           \
		name, head, json, COLUMN_RIGHT | COLUMN_INFO | COLUMN_RATE, 0, unit, 0, 0, 0, get, NULL, NULL, help \
	}

/* clang-format off */
const struct socket_column socket_columns[] = {
	TEXT("name", "Name", COLUMN_SEARCH, 4, name_text, NULL,
	  "what a socket of our own is called"),
	TEXT("proto", "Proto", COLUMN_BASE | COLUMN_SEARCH | COLUMN_PLAIN, 0, proto_text, NULL,
	  "tcp, udp, raw, unix, packet, netlink, …"),
	TEXT("family", "Family", COLUMN_BASE | COLUMN_SEARCH, 0, family_text, NULL,
	  "inet, inet6, unix, packet, netlink"),
	TEXT("type", "Type", COLUMN_BASE | COLUMN_SEARCH | COLUMN_MORE, 0, type_text, NULL,
	  "stream, dgram, raw, seqpacket"),
	TEXT("state", "State", COLUMN_BASE | COLUMN_SEARCH | COLUMN_PLAIN, 0, state_text, state_compare,
	  "RFC 9293's, or UNCONNECTED, CONNECTED"),
	NUMBER("recv-q", "Recv-Q", COLUMN_BASE | COLUMN_PLAIN, UNIT_NONE, SOCK_HAS_QUEUES, recv_q,
	  "bytes not yet read; of a listener: connections that wait for accept"),
	NUMBER("send-q", "Send-Q", COLUMN_BASE | COLUMN_PLAIN, UNIT_NONE, SOCK_HAS_QUEUES, send_q,
	  "bytes not yet acknowledged; of a listener: the backlog"),
	TEXT("local", "Local", COLUMN_BASE | COLUMN_SEARCH | COLUMN_PLAIN, 12, local_text, local_compare,
	  "this end: address and port, or path"),
	TEXT("remote", "Remote", COLUMN_BASE | COLUMN_SEARCH | COLUMN_PLAIN, 12, remote_text, remote_compare,
	  "the other end"),
	TEXT("owner", "Owner", COLUMN_BASE | COLUMN_OWNER | COLUMN_PLAIN, 10, owner_column_text, NULL,
	  "process/pid:fd of everybody who has it, or (why that is not known)"),
	TEXT("process", "Process", COLUMN_BASE | COLUMN_SEARCH | COLUMN_OWNER, 6, owner_column_process, NULL,
	  "name of the process that has it"),
	TEXT("pid", "PID", COLUMN_BASE | COLUMN_RIGHT | COLUMN_SEARCH | COLUMN_OWNER, 0, owner_column_pid, owner_column_pid_compare,
	  "process that has it"),
	TEXT("fd", "FD", COLUMN_BASE | COLUMN_RIGHT | COLUMN_OWNER, 0, owner_column_fd, owner_column_fd_compare,
	  "its number in that process"),
	TEXT("reason", "Reason", COLUMN_BASE | COLUMN_SEARCH | COLUMN_OWNER, 0, owner_column_reason, NULL,
	  "why no owner is known"),
	TEXT("user", "User", COLUMN_SEARCH | COLUMN_MORE, 0, user_text, NULL, "who it belongs to"),
	NUMBER("uid", "UID", 0, UNIT_NONE, SOCK_HAS_UID, uid, "who it belongs to, as a number"),
	NUMBER("inode", "Inode", COLUMN_BASE | COLUMN_SEARCH | COLUMN_MORE, UNIT_NONE, SOCK_HAS_INODE, inode,
	  "as in the link socket:[inode] of /proc/PID/fd"),
	COUNTED("peer-inode", "Peer-Inode", 0, UNIT_NONE, peer_inode_number,
	  "inode of the UNIX socket at the other end"),
	NUMBER("cookie", "Cookie", COLUMN_SEARCH, UNIT_HEX, SOCK_HAS_COOKIE, cookie,
	  "the kernel's number for it, never used again"),
	TEXT("iface", "Iface", COLUMN_BASE | COLUMN_SEARCH, 0, iface_text, NULL, "interface that it is bound to"),
	TEXT("netns", "NetNS", COLUMN_BASE | COLUMN_SEARCH, 0, netns_text, NULL,
	  "network namespace: its name, or its inode"),
	TEXT("timer", "Timer", COLUMN_MORE, 0, timer_text, timer_compare,
	  "what it waits for, and how long still"),
	NUMBER("mark", "Mark", 0, UNIT_HEX, SOCK_HAS_MARK, mark,
	  "SO_MARK, for routing and firewalls; told only to CAP_NET_ADMIN"),
	COUNTED("cgroup", "Cgroup", 0, UNIT_NONE, cgroup_number, "id of its control group"),
	TEXT("shutdown", "Shutdown", 0, 0, shutdown_text, NULL, "directions that are shut down: rd, wr"),
	NUMBER("tos", "TOS", 0, UNIT_HEX, SOCK_HAS_TOS, tos, "IP_TOS, or the IPv6 traffic class"),
	TEXT("flags", "Flags", 0, 8, flags_text, NULL, "options that are set, as the kernel tells them"),
	NUMBER("rmem", "RMem", 0, UNIT_BYTES, SOCK_HAS_MEMORY, rmem_alloc,
	  "memory taken by what was received"),
	NUMBER("rcvbuf", "RcvBuf", 0, UNIT_BYTES, SOCK_HAS_MEMORY, rcvbuf,
	  "SO_RCVBUF: what it may take"),
	NUMBER("wmem", "WMem", 0, UNIT_BYTES, SOCK_HAS_MEMORY, wmem_alloc,
	  "memory taken by what is to be sent"),
	NUMBER("sndbuf", "SndBuf", 0, UNIT_BYTES, SOCK_HAS_MEMORY, sndbuf,
	  "SO_SNDBUF: what it may take"),
	NUMBER("drops", "Drops", 0, UNIT_NONE, SOCK_HAS_MEMORY, drops,
	  "packets dropped because the receive buffer was full"),

	/* struct tcp_info */
	{ "congestion", "Congestion", "congestion", COLUMN_SEARCH | COLUMN_INFO, 0, UNIT_NONE, 0, 0,
	  0, NULL, congestion_text, NULL, "congestion control: cubic, bbr, …" },
	{ "control", "Control", "congestion_info", COLUMN_INFO, 0, UNIT_NONE, 0, 0, 0, NULL, control_text, NULL,
	  "what the congestion control tells of itself: bbr, vegas, dctcp" },
	RATE("rate-in", "In/s", "rate_in", UNIT_RATE, rate_in_number,
	  "bytes a second that come in, between the last two looks"),
	RATE("rate-out", "Out/s", "rate_out", UNIT_RATE, rate_out_number,
	  "bytes a second that are sent, with those sent again"),
	RATE("rate-retrans", "Retr/s", "rate_retransmits", UNIT_MILLI, rate_retransmits_number,
	  "segments a second that are sent again"),
	TCP("rtt", "RTT", "rtt_us", UNIT_US, rtt_us, "smoothed round-trip time"),
	TCP("rttvar", "RTTVar", "rttvar_us", UNIT_US, rttvar_us, "its mean deviation"),
	TCP("min-rtt", "MinRTT", "min_rtt_us", UNIT_US, min_rtt_us,
	  "the smallest round-trip time seen"),
	TCP("rto", "RTO", "rto_us", UNIT_US, rto_us, "retransmission time-out"),
	TCP("ato", "ATO", "ato_us", UNIT_US, ato_us, "delayed-ACK time-out"),
	TCP("cwnd", "Cwnd", "cwnd", UNIT_NONE, cwnd, "congestion window, in segments"),
	TCP("ssthresh", "SSThresh", "ssthresh", UNIT_NONE, ssthresh,
	  "slow-start threshold, in segments"),
	TCP("mss", "MSS", "mss", UNIT_NONE, snd_mss, "largest segment sent, in bytes"),
	TCP("rcv-mss", "RcvMSS", "rcv_mss", UNIT_NONE, rcv_mss,
	  "largest segment received, a guess"),
	TCP("advmss", "AdvMSS", "advmss", UNIT_NONE, advmss, "MSS that we announced"),
	TCP("pmtu", "PMTU", "pmtu", UNIT_NONE, pmtu, "path MTU, in bytes"),
	TCP("retrans", "Retrans", "retransmits", UNIT_NONE, total_retrans,
	  "segments sent again, in all"),
	TCP("retrans-out", "RetransOut", "retrans_out", UNIT_NONE, retrans,
	  "of those, not yet acknowledged"),
	TCP("timeouts", "Timeouts", "timeouts", UNIT_NONE, retransmits,
	  "retransmission time-outs in a row"),
	TCP("probes", "Probes", "probes", UNIT_NONE, probes,
	  "window or keepalive probes without an answer"),
	TCP("backoff", "Backoff", "backoff", UNIT_NONE, backoff, "times the time-out was doubled"),
	TCP("unacked", "Unacked", "unacked", UNIT_NONE, unacked, "segments on their way"),
	TCP("sacked", "Sacked", "sacked", UNIT_NONE, sacked,
	  "segments that the peer has, after a gap"),
	TCP("lost", "Lost", "lost", UNIT_NONE, lost, "segments thought lost"),
	TCP("reordered", "Reordered", "reordered", UNIT_NONE, reord_seen,
	  "times that reordering was seen"),
	TCP("snd-wnd", "SndWnd", "snd_wnd", UNIT_NONE, snd_wnd, "the peer's window, in bytes"),
	TCP("rcv-wnd", "RcvWnd", "rcv_wnd", UNIT_NONE, rcv_wnd, "our window, in bytes"),
	TCP("rcv-space", "RcvSpace", "rcv_space", UNIT_NONE, rcv_space,
	  "what receive-buffer tuning measured, in bytes"),
	TCP("rcv-ssthresh", "RcvSSThresh", "rcv_ssthresh", UNIT_NONE, rcv_ssthresh,
	  "limit of the window that we announce"),
	TCP("notsent", "NotSent", "notsent_bytes", UNIT_BYTES, notsent_bytes,
	  "bytes in the queue that were never sent"),
	TCP("bytes-in", "BytesIn", "bytes_received", UNIT_BYTES, bytes_received, "bytes received"),
	TCP("bytes-out", "BytesOut", "bytes_sent", UNIT_BYTES, bytes_sent,
	  "bytes sent, with those sent again"),
	TCP("bytes-acked", "BytesAcked", "bytes_acked", UNIT_BYTES, bytes_acked,
	  "bytes that the peer has acknowledged"),
	TCP("bytes-retrans", "BytesRetrans", "bytes_retrans", UNIT_BYTES, bytes_retrans,
	  "bytes sent again"),
	TCP("segs-in", "SegsIn", "segs_in", UNIT_NONE, segs_in, "segments received"),
	TCP("segs-out", "SegsOut", "segs_out", UNIT_NONE, segs_out, "segments sent"),
	TCP("data-segs-in", "DataIn", "data_segs_in", UNIT_NONE, data_segs_in,
	  "segments received that had data"),
	TCP("data-segs-out", "DataOut", "data_segs_out", UNIT_NONE, data_segs_out,
	  "segments sent that had data"),
	TCP("delivered", "Delivered", "delivered", UNIT_NONE, delivered,
	  "segments known to have arrived"),
	TCP("delivery-rate", "Delivery", "delivery_rate", UNIT_RATE, delivery_rate,
	  "bytes a second that arrive"),
	TCP("pacing-rate", "Pacing", "pacing_rate", UNIT_RATE, pacing_rate,
	  "bytes a second that are sent at most"),
	TCP("last-sent", "LastSent", "last_sent_ms", UNIT_MS, last_data_sent_ms,
	  "since data was sent"),
	TCP("last-recv", "LastRecv", "last_received_ms", UNIT_MS, last_data_recv_ms,
	  "since data came"),
	TCP("last-ack", "LastAck", "last_ack_ms", UNIT_MS, last_ack_recv_ms, "since an ACK came"),
	TCP("busy", "Busy", "busy_us", UNIT_US, busy_time_us, "time with data on its way"),
	TCP("rwnd-limited", "RwndLim", "rwnd_limited_us", UNIT_US, rwnd_limited_us,
	  "of that, held up by the peer's window"),
	TCP("sndbuf-limited", "SndbufLim", "sndbuf_limited_us", UNIT_US, sndbuf_limited_us,
	  "of that, held up by the send buffer"),
	TCP("timestamps", "TS", "timestamps", UNIT_FLAG, timestamps,
	  "RFC 7323 timestamps are in use"),
	TCP("sack", "SACK", "sack", UNIT_FLAG, sack, "selective acknowledgements are in use"),
	TCP("ecn", "ECN", "ecn", UNIT_FLAG, ecn, "explicit congestion notification is in use"),
	TCP("app-limited", "AppLim", "app_limited", UNIT_FLAG, app_limited,
	  "the program sends less than the network takes"),
	TCP("snd-wscale", "SndWScale", "snd_wscale", UNIT_NONE, snd_wscale,
	  "the peer's window scale"),
	TCP("rcv-wscale", "RcvWScale", "rcv_wscale", UNIT_NONE, rcv_wscale, "our window scale"),
	{ 0 },
};
/* clang-format on */
