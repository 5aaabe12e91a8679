/* The rows of option.h: what each socket option is called, takes and does. From socket(7), tcp(7),
 * udp(7), ip(7), ipv6(7), unix(7) and, where these are silent, net/core/sock.c, net/ipv4 and
 * net/ipv6 of Linux.
 */
#include "lab/option.h"

#include <limits.h>
#include <linux/icmp.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

#ifndef TCP_FASTOPEN_CONNECT
#define TCP_FASTOPEN_CONNECT 30
#endif
#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

/* clang-format off */
#define SOCKET .level_name = "SOL_SOCKET", .level = SOL_SOCKET, .man = "socket(7)"
#define TCP .level_name = "IPPROTO_TCP", .level = IPPROTO_TCP, .man = "tcp(7)", .on = "tcp"
#define IP .level_name = "IPPROTO_IP", .level = IPPROTO_IP, .man = "ip(7)"
#define IPV6 .level_name = "IPPROTO_IPV6", .level = IPPROTO_IPV6, .man = "ipv6(7)"
#define IS(option) .name = #option, .number = option
#define BOTH .use = OPTION_BOTH
#define GET .use = OPTION_GET
#define SET .use = OPTION_SET
#define TYPE(kind, in) .type = OPTION_##kind, .unit = in
#define TO(from, to) .least = from, .most = to
#define ADMIN .privilege = "CAP_NET_ADMIN"

static const struct option_word socket_types[] = {
	{ "stream", SOCK_STREAM }, { "dgram", SOCK_DGRAM }, { "raw", SOCK_RAW },
	{ "seqpacket", SOCK_SEQPACKET }, { 0 },
};
static const struct option_word domains[] = {
	{ "unix", AF_UNIX }, { "inet", AF_INET }, { "inet6", AF_INET6 }, { 0 },
};
static const struct option_word protocols_of[] = {
	{ "tcp", IPPROTO_TCP }, { "udp", IPPROTO_UDP }, { "icmp", IPPROTO_ICMP },
	{ "icmpv6", IPPROTO_ICMPV6 }, { "udplite", IPPROTO_UDPLITE }, { "sctp", IPPROTO_SCTP },
	{ "mptcp", IPPROTO_MPTCP }, { "raw", IPPROTO_RAW }, { 0 },
};
static const struct option_word mtu_discovery[] = {
	{ "dont", IP_PMTUDISC_DONT }, { "want", IP_PMTUDISC_WANT }, { "do", IP_PMTUDISC_DO },
	{ "probe", IP_PMTUDISC_PROBE }, { "interface", IP_PMTUDISC_INTERFACE },
	{ "omit", IP_PMTUDISC_OMIT }, { 0 },
};
/* The octet with the DSCP in its upper six bits (RFC 2474), and RFC 1349's names of before. */
static const struct option_word service[] = {
	{ "cs0", 0x00 }, { "cs1", 0x20 }, { "cs2", 0x40 }, { "cs3", 0x60 }, { "cs4", 0x80 },
	{ "cs5", 0xa0 }, { "cs6", 0xc0 }, { "cs7", 0xe0 }, { "af11", 0x28 }, { "af12", 0x30 },
	{ "af13", 0x38 }, { "af21", 0x48 }, { "af22", 0x50 }, { "af23", 0x58 }, { "af31", 0x68 },
	{ "af32", 0x70 }, { "af33", 0x78 }, { "af41", 0x88 }, { "af42", 0x90 }, { "af43", 0x98 },
	{ "ef", 0xb8 }, { "le", 0x04 }, { "lowdelay", 0x10 },
	{ "throughput", 0x08 }, { "reliability", 0x04 }, { "mincost", 0x02 }, { 0 },
};

/* A bit for each type of message that is thrown away, raw(7). */
static const struct option_word icmp_masks[] = {
	{ "none", 0 }, { "but-replies", ~(1 << ICMP_ECHOREPLY) }, { "all", -1 }, { 0 },
};

const struct option_row options[] = {
	{ SOCKET, IS(SO_REUSEADDR), TYPE(BOOL, ""), BOTH, .on = "",
	  .help = "bind to an address whose last connection is still in TIME-WAIT; set it before "
	          "bind" },
	{ SOCKET, IS(SO_REUSEPORT), TYPE(BOOL, ""), BOTH, .on = "ip",
	  .help = "several sockets may bind the same address and port, the kernel spreads what "
	          "arrives over them" },
	{ SOCKET, IS(SO_KEEPALIVE), TYPE(BOOL, ""), BOTH, .on = "",
	  .help = "ask an idle peer whether it is still there; TCP_KEEPIDLE tells after how long" },
	{ SOCKET, IS(SO_LINGER), TYPE(LINGER, "s"), BOTH, TO(0, INT_MAX), .on = "tcp",
	  .help = "how long close waits for unsent data; 0 makes close send RST and drop the "
	          "data" },
	{ SOCKET, IS(SO_RCVBUF), TYPE(INT, "bytes"), BOTH, TO(0, INT_MAX), .on = "",
	  .help = "room for received data; Linux doubles what is set and reads that back; "
	          "net.core.rmem_max bounds it" },
	{ SOCKET, IS(SO_SNDBUF), TYPE(INT, "bytes"), BOTH, TO(0, INT_MAX), .on = "",
	  .help = "room for unsent data; Linux doubles what is set and reads that back; "
	          "net.core.wmem_max bounds it" },
	{ SOCKET, IS(SO_RCVBUFFORCE), TYPE(INT, "bytes"), SET, TO(0, INT_MAX), .on = "", ADMIN,
	  .help = "SO_RCVBUF beyond net.core.rmem_max" },
	{ SOCKET, IS(SO_SNDBUFFORCE), TYPE(INT, "bytes"), SET, TO(0, INT_MAX), .on = "", ADMIN,
	  .help = "SO_SNDBUF beyond net.core.wmem_max" },
	{ SOCKET, IS(SO_BROADCAST), TYPE(BOOL, ""), BOTH, .on = "dgram4",
	  .help = "datagrams may be sent to a broadcast address; without it that fails with "
	          "EACCES" },
	{ SOCKET, IS(SO_BINDTODEVICE), TYPE(STRING, ""), BOTH, .on = "ip",
	  .privilege = "CAP_NET_RAW",
	  .help = "send and receive on this interface only, \"none\" ends that; changing it needs "
	          "the privilege" },
	{ SOCKET, IS(SO_MARK), TYPE(INT, ""), BOTH, TO(0, UINT32_MAX), .on = "ip", ADMIN,
	  .help = "the mark that firewall rules and policy routing see on this socket's packets" },
	{ SOCKET, IS(SO_PRIORITY), TYPE(INT, ""), BOTH, TO(0, INT_MAX), .on = "",
	  .help = "the priority of the packets in the queueing discipline; above 6 needs "
	          "CAP_NET_ADMIN" },
	{ SOCKET, IS(SO_RCVTIMEO), TYPE(TIME, "s"), BOTH, .on = "",
	  .help = "how long a blocking recv or accept waits, 0 for ever; rounded up to clock "
	          "ticks" },
	{ SOCKET, IS(SO_SNDTIMEO), TYPE(TIME, "s"), BOTH, .on = "",
	  .help = "how long a blocking send or connect waits, 0 for ever; rounded up to clock "
	          "ticks" },
	{ SOCKET, IS(SO_RCVLOWAT), TYPE(INT, "bytes"), BOTH, TO(1, INT_MAX), .on = "",
	  .help = "the socket is readable only when so many bytes wait" },
	{ SOCKET, IS(SO_ERROR), TYPE(ERRNO, ""), GET, .on = "",
	  .help = "the error that waits on the socket, of a connect that failed later for example; "
	          "reading clears it" },
	{ SOCKET, IS(SO_TYPE), TYPE(ENUM, ""), GET, .words = socket_types, .on = "",
	  .help = "the type given to socket(2)" },
	{ SOCKET, IS(SO_DOMAIN), TYPE(ENUM, ""), GET, .words = domains, .on = "",
	  .help = "the address family given to socket(2)" },
	{ SOCKET, IS(SO_PROTOCOL), TYPE(ENUM, ""), GET, .words = protocols_of, .on = "",
	  .help = "the protocol, the kernel's choice where 0 was given to socket(2)" },
	{ SOCKET, IS(SO_ACCEPTCONN), TYPE(BOOL, ""), GET, .on = "",
	  .help = "1 when the socket listens" },
	{ SOCKET, IS(SO_INCOMING_CPU), TYPE(INT, ""), BOTH, TO(-1, 65535), .on = "ip",
	  .help = "the processor that handles what this socket receives" },
	{ SOCKET, IS(SO_COOKIE), TYPE(COOKIE, ""), GET, .on = "",
	  .help = "the kernel's number of this socket, unique until the next boot; ss and "
	          "sock_diag show the same" },
	{ SOCKET, IS(SO_PEERCRED), TYPE(CRED, ""), GET, .on = "unix",
	  .help = "process, user and group of the other end, as they were at connect or listen" },
	{ SOCKET, IS(SO_PASSCRED), TYPE(BOOL, ""), BOTH, .on = "unix",
	  .help = "messages bring the sender's process, user and group along (SCM_CREDENTIALS)" },
	{ SOCKET, IS(SO_TIMESTAMP), TYPE(BOOL, ""), BOTH, .on = "",
	  .help = "datagrams bring the time of their arrival along, in microseconds "
	          "(SCM_TIMESTAMP)" },
	{ SOCKET, IS(SO_TIMESTAMPNS), TYPE(BOOL, ""), BOTH, .on = "",
	  .help = "datagrams bring the time of their arrival along, in nanoseconds; replaces "
	          "SO_TIMESTAMP" },
	{ SOCKET, IS(SO_OOBINLINE), TYPE(BOOL, ""), BOTH, .on = "tcp",
	  .help = "urgent (out-of-band) data stays in the stream instead of being read with "
	          "MSG_OOB" },
	{ SOCKET, IS(SO_DONTROUTE), TYPE(BOOL, ""), BOTH, .on = "ip",
	  .help = "send only to hosts that are directly connected, not through a gateway" },
	{ SOCKET, IS(SO_BUSY_POLL), TYPE(INT, "us"), BOTH, TO(0, INT_MAX), .on = "ip", ADMIN,
	  .help = "spin on the device's queue for so long when there is nothing to receive; "
	          "raising it needs the privilege" },

	{ TCP, IS(TCP_NODELAY), TYPE(BOOL, ""), BOTH,
	  .help = "send small segments at once (no Nagle algorithm, RFC 896)" },
	{ TCP, IS(TCP_CORK), TYPE(BOOL, ""), BOTH,
	  .help = "hold back partial segments, for at most 200 ms; clearing it sends them" },
	{ TCP, IS(TCP_MAXSEG), TYPE(INT, "bytes"), BOTH, TO(88, 32767),
	  .help = "the largest segment, offered in the SYN as MSS and reduced where the path is "
	          "narrower" },
	{ TCP, IS(TCP_KEEPIDLE), TYPE(INT, "s"), BOTH, TO(1, 32767),
	  .help = "idle time before the first keep-alive probe, with SO_KEEPALIVE" },
	{ TCP, IS(TCP_KEEPINTVL), TYPE(INT, "s"), BOTH, TO(1, 32767),
	  .help = "time between keep-alive probes" },
	{ TCP, IS(TCP_KEEPCNT), TYPE(INT, ""), BOTH, TO(1, 127),
	  .help = "unanswered keep-alive probes that end the connection" },
	{ TCP, IS(TCP_SYNCNT), TYPE(INT, ""), BOTH, TO(1, 127),
	  .help = "how often a SYN is sent again before connect fails with ETIMEDOUT" },
	{ TCP, IS(TCP_LINGER2), TYPE(INT, "s"), BOTH, TO(-1, 120),
	  .help = "how long a closed socket stays in FIN-WAIT-2; 0 is the system's default, -1 not "
	          "at all" },
	{ TCP, IS(TCP_DEFER_ACCEPT), TYPE(INT, "s"), BOTH, TO(0, 65535),
	  .help = "a listener reports a connection only when data has come, within so long; "
	          "rounded up to SYN retries" },
	{ TCP, IS(TCP_USER_TIMEOUT), TYPE(INT, "ms"), BOTH, TO(0, INT_MAX),
	  .help = "how long sent data may stay unacknowledged before the connection ends (RFC "
	          "5482); 0 is the default" },
	{ TCP, IS(TCP_QUICKACK), TYPE(BOOL, ""), BOTH,
	  .help = "acknowledge at once instead of waiting for data to go along; the kernel may "
	          "turn it off again" },
	{ TCP, IS(TCP_CONGESTION), TYPE(STRING, ""), BOTH,
	  .help = "the congestion control algorithm; net.ipv4.tcp_available_congestion_control "
	          "lists them" },
	{ TCP, IS(TCP_FASTOPEN), TYPE(INT, ""), BOTH, TO(0, INT_MAX),
	  .help = "a listener takes data in the SYN (RFC 7413), this many unfinished connections "
	          "at most" },
	{ TCP, IS(TCP_FASTOPEN_CONNECT), TYPE(BOOL, ""), BOTH,
	  .help = "connect returns at once, the SYN goes with the first data (RFC 7413)" },
	{ TCP, IS(TCP_NOTSENT_LOWAT), TYPE(INT, "bytes"), BOTH, TO(0, UINT32_MAX),
	  .help = "the socket is writable only while less than this is unsent; 0 is "
	          "net.ipv4.tcp_notsent_lowat" },
	{ TCP, IS(TCP_WINDOW_CLAMP), TYPE(INT, "bytes"), BOTH, TO(0, INT_MAX),
	  .help = "the largest window that is offered to the peer; Linux raises small values to "
	          "half of the least buffer" },
	{ TCP, IS(TCP_INFO), TYPE(TCP_INFO, ""), GET,
	  .help = "what the kernel knows of the connection: state, round trip time, window, "
	          "retransmissions, rates" },

	{ IP, IS(IP_TTL), TYPE(INT, ""), BOTH, TO(-1, 255), .on = "inet",
	  .help = "how many routers a packet may pass (1 to 255); -1 is the system's default" },
	{ IP, IS(IP_TOS), TYPE(INT, ""), BOTH, TO(0, 255), .words = service, .on = "inet",
	  .help = "the service class: DSCP in the upper six bits (ef is 0xb8); TCP keeps the lower "
	          "two (ECN) for itself" },
	{ IP, IS(IP_MTU), TYPE(INT, "bytes"), GET, .on = "inet",
	  .help = "the path MTU that is known for the peer of a connected socket" },
	{ IP, IS(IP_MTU_DISCOVER), TYPE(ENUM, ""), BOTH, .words = mtu_discovery, .on = "inet",
	  .help = "path MTU discovery (RFC 1191): do sets Don't Fragment, want lets a UDP datagram "
	          "be split" },
	{ IP, IS(IP_MULTICAST_TTL), TYPE(INT, ""), BOTH, TO(-1, 255), .on = "dgram4",
	  .help = "how many routers a multicast datagram may pass; 1 (the default) stays on this "
	          "network" },
	{ IP, IS(IP_MULTICAST_LOOP), TYPE(BOOL, ""), BOTH, .on = "dgram4",
	  .help = "multicast datagrams that are sent come back to this host's members, too" },
	{ IP, IS(IP_MULTICAST_IF), TYPE(ADDRESS, ""), BOTH, .on = "dgram4",
	  .help = "the interface for multicast datagrams, by address or name; reads back as the "
	          "address" },
	{ IP, IS(IP_ADD_MEMBERSHIP), TYPE(GROUP, ""), SET, .on = "dgram4",
	  .help = "join a multicast group, on the interface that is named or has the address, else "
	          "on the default one" },
	{ IP, IS(IP_DROP_MEMBERSHIP), TYPE(GROUP, ""), SET, .on = "dgram4",
	  .help = "leave a multicast group" },
	{ IP, IS(IP_TRANSPARENT), TYPE(BOOL, ""), BOTH, .on = "inet", ADMIN,
	  .help = "bind to and speak for addresses that are not this host's (transparent "
	          "proxies)" },
	{ IP, IS(IP_FREEBIND), TYPE(BOOL, ""), BOTH, .on = "inet",
	  .help = "bind to an address that this host does not have (yet)" },
	{ IP, IS(IP_BIND_ADDRESS_NO_PORT), TYPE(BOOL, ""), BOTH, .on = "inet",
	  .help = "a bind to port 0 leaves the port to connect, so that more connections find "
	          "one" },
	{ IP, IS(IP_HDRINCL), TYPE(BOOL, ""), BOTH, .on = "raw",
	  .help = "the sender makes the IPv4 header itself, see raw(7)" },
	{ .level_name = "SOL_RAW", .level = SOL_RAW, .man = "raw(7)", IS(ICMP_FILTER), TYPE(INT, ""), BOTH,
	  TO(INT_MIN, INT_MAX), .words = icmp_masks, .on = "icmp4",
	  .help = "which types of ICMP messages are kept away, a bit for each; but-replies (-2) lets "
	          "only echo replies pass" },
	{ IP, IS(IP_RECVERR), TYPE(BOOL, ""), BOTH, .on = "inet",
	  .help = "errors of sent packets (ICMP) are kept in a queue, to be read with "
	          "MSG_ERRQUEUE" },
	{ IP, IS(IP_PKTINFO), TYPE(BOOL, ""), BOTH, .on = "dgram4",
	  .help = "datagrams bring their destination address and interface along" },

	{ IPV6, IS(IPV6_V6ONLY), TYPE(BOOL, ""), BOTH, .on = "inet6",
	  .help = "IPv6 only; off, the socket speaks IPv4 as ::ffff:a.b.c.d, too; set it before "
	          "bind" },
	{ IPV6, IS(IPV6_UNICAST_HOPS), TYPE(INT, ""), BOTH, TO(-1, 255), .on = "inet6",
	  .help = "how many routers a packet may pass; -1 is the system's default" },
	{ IPV6, IS(IPV6_MULTICAST_HOPS), TYPE(INT, ""), BOTH, TO(-1, 255), .on = "dgram6",
	  .help = "how many routers a multicast datagram may pass; 1 (the default, also -1) stays "
	          "on this network" },
	{ IPV6, IS(IPV6_MULTICAST_LOOP), TYPE(BOOL, ""), BOTH, .on = "dgram6",
	  .help = "multicast datagrams that are sent come back to this host's members, too" },
	{ IPV6, IS(IPV6_MULTICAST_IF), TYPE(INTERFACE, ""), BOTH, .on = "dgram6",
	  .help = "the interface for multicast datagrams, by name or index; \"none\" is the "
	          "default one" },
	{ IPV6, IS(IPV6_TCLASS), TYPE(INT, ""), BOTH, TO(-1, 255), .words = service, .on = "inet6",
	  .help = "the traffic class: DSCP in the upper six bits, as IP_TOS; -1 is the default" },
	{ IPV6, IS(IPV6_JOIN_GROUP), TYPE(GROUP, ""), SET, .on = "dgram6",
	  .alias = "IPV6_ADD_MEMBERSHIP",
	  .help = "join a multicast group, on the interface that is named, else on the default "
	          "one" },
	{ IPV6, IS(IPV6_LEAVE_GROUP), TYPE(GROUP, ""), SET, .on = "dgram6",
	  .alias = "IPV6_DROP_MEMBERSHIP",
	  .help = "leave a multicast group" },
	{ IPV6, IS(IPV6_RECVPKTINFO), TYPE(BOOL, ""), BOTH, .on = "dgram6",
	  .help = "datagrams bring their destination address and interface along" },
	{ IPV6, IS(IPV6_MTU), TYPE(INT, "bytes"), BOTH, TO(1280, 65535), .on = "inet6",
	  .help = "the largest packet to send; reads the path MTU that is known for the peer of a "
	          "connected socket" },
	{ .name = NULL },
};
/* clang-format on */
