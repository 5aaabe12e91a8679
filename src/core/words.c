#include "core/words.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* clang-format off */
const struct word families[] = {
	{ "inet", "AF_INET", AF_INET, "IPv4, ip(7)", "PF_INET", NULL, NULL },
	{ "inet6", "AF_INET6", AF_INET6, "IPv6, ipv6(7)", "PF_INET6", NULL, NULL },
	{ "unix", "AF_UNIX", AF_UNIX, "local to this host, unix(7)", "AF_LOCAL", NULL, NULL },
	{ 0 },
};
/* clang-format on */

/* clang-format off */
const struct word types[] = {
	{ "stream", "SOCK_STREAM", SOCK_STREAM, "a connection: bytes in order, none lost", NULL, NULL, NULL },
	{ "dgram", "SOCK_DGRAM", SOCK_DGRAM, "single messages, without a connection", NULL, NULL, NULL },
	{ "raw", "SOCK_RAW", SOCK_RAW, "IP packets of one protocol, raw(7); needs CAP_NET_RAW",
	  NULL, NULL, NULL },
	{ "seqpacket", "SOCK_SEQPACKET", SOCK_SEQPACKET,
	  "a connection that keeps message boundaries", NULL, NULL, NULL },
	{ 0 },
};
/* clang-format on */

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

/* clang-format off */
const struct word protocols[] = {
	{ "tcp", "IPPROTO_TCP", IPPROTO_TCP, "RFC 9293", NULL, NULL, NULL },
	{ "udp", "IPPROTO_UDP", IPPROTO_UDP, "RFC 768", NULL, NULL, NULL },
	{ "icmp", "IPPROTO_ICMP", IPPROTO_ICMP, "RFC 792", NULL, NULL, NULL },
	{ "icmpv6", "IPPROTO_ICMPV6", IPPROTO_ICMPV6, "RFC 4443", NULL, NULL, NULL },
	{ "udplite", "IPPROTO_UDPLITE", IPPROTO_UDPLITE, "RFC 3828", NULL, NULL, NULL },
	{ "mptcp", "IPPROTO_MPTCP", IPPROTO_MPTCP, "RFC 8684", NULL, NULL, NULL },
	{ "sctp", "IPPROTO_SCTP", IPPROTO_SCTP, "RFC 9260", NULL, NULL, NULL },
	{ "raw", "IPPROTO_RAW", IPPROTO_RAW, "the sender makes the IP header, raw(7)", NULL, NULL, NULL },
	{ 0 },
};
/* clang-format on */

/* clang-format off */
const struct word shutdowns[] = {
	{ "rd", "SHUT_RD", SHUT_RD, "receive no more", NULL, NULL, NULL },
	{ "wr", "SHUT_WR", SHUT_WR, "send no more: the peer reads the end (FIN)", NULL, NULL, NULL },
	{ "rdwr", "SHUT_RDWR", SHUT_RDWR, "both directions", NULL, NULL, NULL },
	{ 0 },
};
/* clang-format on */

/* clang-format off */
#define E(code, help, more, source) { #code, #code, code, help, NULL, more, source }

const struct word errnos[] = {
	E(EPERM, "the operation needs a privilege that this process does not have",
	  "A capability is missing, or a firewall forbids to send this.",
	  "capabilities(7), errno(3)"),
	E(ENOENT, "no such path: nothing is bound there",
	  "The server is not running, or made its socket elsewhere: the path is that of bind.",
	  "unix(7)"),
	E(EINTR, "a signal interrupted the call",
	  "The program is to call again; SA_RESTART does that for it.",
	  "signal(7)"),
	E(EIO, "the device reported an error",
	  NULL, "errno(3)"),
	E(ENXIO, "no such device or address",
	  NULL, "errno(3)"),
	E(EBADF, "the descriptor is not open: the socket was closed",
	  "The program used a descriptor after close, or one that was never opened.",
	  "close(2)"),
	{ "EAGAIN", "EAGAIN", EAGAIN,
	  "the call would have to wait: nothing has arrived, or there is no room", "EWOULDBLOCK",
	  "On a non-blocking socket this is no failure: poll(2) tells when to call again. Of connect "
	  "on a UNIX socket: the listener's queue is full.",
	  "recv(2), send(2), connect(2)" },
	E(ENOMEM, "the kernel has no memory for this",
	  NULL, "socket(2)"),
	E(EACCES, "permission denied: the address or path is protected",
	  "To send to a broadcast address takes SO_BROADCAST; a UNIX path needs write permission; a "
	  "port below 1024 needs CAP_NET_BIND_SERVICE.",
	  "bind(2), connect(2), ip(7)"),
	E(EFAULT, "an address outside the program's memory was passed",
	  "An error of the program.",
	  "errno(3)"),
	E(EBUSY, "it is in use",
	  NULL, "errno(3)"),
	E(EEXIST, "it is there already",
	  NULL, "errno(3)"),
	E(ENODEV, "there is no such interface",
	  "The interface is not there, or was taken away since.",
	  "netdevice(7)"),
	E(ENOTDIR, "a part of the path is not a directory",
	  NULL, "path_resolution(7)"),
	E(EISDIR, "the path is a directory",
	  NULL, "errno(3)"),
	E(EINVAL, "the call does not fit the socket's state, or an argument is out of range",
	  "bind on a socket that is bound, listen on one that is connected, accept on one that does "
	  "not listen.",
	  "bind(2), listen(2), accept(2)"),
	E(ENFILE, "the system has no descriptors left",
	  "fs.file-max bounds all processes together.",
	  "socket(2), proc(5)"),
	E(EMFILE, "this process has no descriptors left (ulimit -n)",
	  "Sockets that are never closed are the usual reason.",
	  "socket(2), getrlimit(2)"),
	E(ENOTTY, "the request does not fit this kind of descriptor",
	  NULL, "ioctl(2)"),
	E(ENOSPC, "there is no space left",
	  NULL, "write(2)"),
	E(EROFS, "the file system is read-only",
	  NULL, "bind(2)"),
	E(EPIPE, "the sending side is shut down: nobody will read this",
	  "The connection was reset or shut down before: the program sent into it all the same, and "
	  "gets SIGPIPE unless MSG_NOSIGNAL is given.",
	  "send(2), signal(7)"),
	E(EDOM, "the value is outside what the option takes",
	  NULL, "setsockopt(2)"),
	E(ERANGE, "the value is out of range",
	  NULL, "errno(3)"),
	E(ENAMETOOLONG, "the name is too long",
	  "A UNIX path has room for 107 bytes.",
	  "unix(7)"),
	E(ENOSYS, "this kernel does not have the call",
	  NULL, "syscalls(2)"),
	E(ELOOP, "too many symbolic links",
	  NULL, "path_resolution(7)"),
	E(ENODATA, "there is nothing to read",
	  NULL, "errno(3)"),
	E(ENOPROTOOPT, "the protocol does not know this option",
	  "The option is of another protocol, or this kernel is older than it.",
	  "setsockopt(2)"),
	E(EPROTO, "the peer broke the protocol",
	  NULL, "accept(2)"),
	E(EBADMSG, "the message is damaged",
	  NULL, "errno(3)"),
	E(EOVERFLOW, "the value does not fit",
	  NULL, "errno(3)"),
	E(ENOTSOCK, "the descriptor is not a socket",
	  NULL, "socket(2)"),
	E(EDESTADDRREQ, "the socket has no peer and no destination was given",
	  "Name one with each message, or connect first.",
	  "send(2), connect(2)"),
	E(EMSGSIZE, "the message is larger than one datagram may be",
	  "UDP takes 65507 bytes over IPv4; with Don't Fragment set, only what the path's MTU takes.",
	  "udp(7), ip(7)"),
	E(EPROTOTYPE, "the protocol does not fit this type of socket",
	  "A UNIX stream socket cannot connect to a datagram one.",
	  "connect(2), unix(7)"),
	E(EPROTONOSUPPORT, "the kernel does not support this protocol here",
	  NULL, "socket(2)"),
	E(ESOCKTNOSUPPORT, "the family does not have this type of socket",
	  NULL, "socket(2)"),
	{ "EOPNOTSUPP", "EOPNOTSUPP", EOPNOTSUPP, "this type of socket does not have the call",
	  "ENOTSUP",
	  "Only sockets that know connections listen and accept.",
	  "listen(2), accept(2)" },
	E(EPFNOSUPPORT, "the kernel does not support this protocol family",
	  NULL, "socket(2)"),
	E(EAFNOSUPPORT, "the address is of another family than the socket",
	  "An IPv4 address on an IPv6 socket is written ::ffff:a.b.c.d.",
	  "connect(2), ipv6(7)"),
	E(EADDRINUSE, "another socket has this address (or had it until a moment ago: TIME-WAIT)",
	  "Find it with `list sport = :PORT`. A server that sets SO_REUSEADDR before bind is not kept "
	  "waiting by TIME-WAIT; a UNIX path has to be removed first.",
	  "bind(2), ip(7), unix(7)"),
	E(EADDRNOTAVAIL, "no interface of this host has the address, or no port is left",
	  "Of connect: every local port towards this peer is in use or in TIME-WAIT "
	  "(net.ipv4.ip_local_port_range).",
	  "bind(2), connect(2), ip(7)"),
	E(ENETDOWN, "the interface is down",
	  NULL, "netdevice(7)"),
	E(ENETUNREACH, "there is no route to the network",
	  "Often: no address or default route of that family (IPv6).",
	  "connect(2), ip(7)"),
	E(ENETRESET, "the network dropped the connection",
	  NULL, "errno(3)"),
	E(ECONNABORTED, "the connection ended before it was accepted",
	  "The client gave up while it waited in the queue: the server goes on with the next.",
	  "accept(2)"),
	E(ECONNRESET, "the peer reset the connection (RST)",
	  "Its program closed with data unread, aborted, or is gone; or something between both cut "
	  "the connection.",
	  "RFC 9293 3.5.2, recv(2)"),
	E(ENOBUFS, "the kernel has no buffer for this",
	  NULL, "send(2)"),
	E(EISCONN, "the socket is connected already",
	  "connect is made once in the life of a stream socket.",
	  "connect(2)"),
	E(ENOTCONN, "the socket is not connected",
	  "connect first, or the peer has reset it meanwhile.",
	  "send(2), shutdown(2)"),
	E(ESHUTDOWN, "the sending side was shut down",
	  NULL, "shutdown(2)"),
	E(ETIMEDOUT, "the peer did not answer in time",
	  "Of connect: every SYN stayed without an answer: a firewall that drops, a wrong address, a "
	  "host that is off. Later: data or keep-alives were not acknowledged.",
	  "RFC 9293 3.8.3, tcp(7)"),
	E(ECONNREFUSED, "nobody listens at the address",
	  "The host is there and answered the SYN with a reset, or the datagram with ICMP port "
	  "unreachable: the program is not running, or listens at another address or port.",
	  "RFC 9293 3.10.7.1, connect(2), udp(7)"),
	E(EHOSTDOWN, "the host is down",
	  NULL, "errno(3)"),
	E(EHOSTUNREACH, "no route to the host: the neighbour does not answer",
	  "ARP or neighbour discovery had no answer, or a router said so by ICMP.",
	  "connect(2), icmp(7)"),
	E(EALREADY, "an earlier connect is still in progress",
	  NULL, "connect(2)"),
	E(EINPROGRESS, "the connect has begun and goes on by itself",
	  "A non-blocking connect returns at once; the socket is writable when it is done, and "
	  "SO_ERROR tells how.",
	  "connect(2)"),
	E(ECANCELED, "given up before it was done",
	  NULL, "errno(3)"),
	E(ENOTUNIQ, "the name is not unique",
	  NULL, "errno(3)"),
	E(ENONET, "the host is not on the network",
	  NULL, "accept(2)"),
	E(ESTALE, "it is gone",
	  NULL, "errno(3)"),
	E(EDQUOT, "the quota is used up",
	  NULL, "errno(3)"),
	{ 0 },
};
/* clang-format on */

const struct word *word_find(const struct word *table, const char *text, size_t len)
{
	static const char module[] = "socket.";

	if (len > sizeof module - 1 && !strncmp(text, module, sizeof module - 1)) {
		text += sizeof module - 1;
		len -= sizeof module - 1;
	}
	for (; table->name; table++) {
		if (strlen(table->name) == len && !strncasecmp(table->name, text, len))
			return table;
		if (strlen(table->symbol) == len && !strncmp(table->symbol, text, len))
			return table;
		if (table->alias && strlen(table->alias) == len && !strncmp(table->alias, text, len))
			return table;
	}
	return NULL;
}

const struct word *word_by_value(const struct word *table, int value)
{
	for (; table->name; table++)
		if (table->value == value)
			return table;
	return NULL;
}

const char *errno_name(int code)
{
	const struct word *w = word_by_value(errnos, code);

	return w ? w->symbol : code ? strerrorname_np(code) ? strerrorname_np(code) : "an unknown errno" : "0";
}

const char *errno_help(int code)
{
	const struct word *w = word_by_value(errnos, code);

	return w ? w->help : strerrordesc_np(code) ? strerrordesc_np(code) : "not known to this system";
}
