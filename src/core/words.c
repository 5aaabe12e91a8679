#include "core/words.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* clang-format off */
const struct word families[] = {
	{ "inet", "AF_INET", AF_INET, "IPv4, ip(7)", "PF_INET" },
	{ "inet6", "AF_INET6", AF_INET6, "IPv6, ipv6(7)", "PF_INET6" },
	{ "unix", "AF_UNIX", AF_UNIX, "local to this host, unix(7)", "AF_LOCAL" },
	{ 0 },
};
/* clang-format on */

/* clang-format off */
const struct word types[] = {
	{ "stream", "SOCK_STREAM", SOCK_STREAM, "a connection: bytes in order, none lost", NULL },
	{ "dgram", "SOCK_DGRAM", SOCK_DGRAM, "single messages, without a connection", NULL },
	{ "raw", "SOCK_RAW", SOCK_RAW, "IP packets of one protocol, raw(7); needs CAP_NET_RAW",
	  NULL },
	{ "seqpacket", "SOCK_SEQPACKET", SOCK_SEQPACKET,
	  "a connection that keeps message boundaries", NULL },
	{ 0 },
};
/* clang-format on */

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

/* clang-format off */
const struct word protocols[] = {
	{ "tcp", "IPPROTO_TCP", IPPROTO_TCP, "RFC 9293", NULL },
	{ "udp", "IPPROTO_UDP", IPPROTO_UDP, "RFC 768", NULL },
	{ "icmp", "IPPROTO_ICMP", IPPROTO_ICMP, "RFC 792", NULL },
	{ "icmpv6", "IPPROTO_ICMPV6", IPPROTO_ICMPV6, "RFC 4443", NULL },
	{ "udplite", "IPPROTO_UDPLITE", IPPROTO_UDPLITE, "RFC 3828", NULL },
	{ "mptcp", "IPPROTO_MPTCP", IPPROTO_MPTCP, "RFC 8684", NULL },
	{ "sctp", "IPPROTO_SCTP", IPPROTO_SCTP, "RFC 9260", NULL },
	{ "raw", "IPPROTO_RAW", IPPROTO_RAW, "the sender makes the IP header, raw(7)", NULL },
	{ 0 },
};
/* clang-format on */

/* clang-format off */
const struct word shutdowns[] = {
	{ "rd", "SHUT_RD", SHUT_RD, "receive no more", NULL },
	{ "wr", "SHUT_WR", SHUT_WR, "send no more: the peer reads the end (FIN)", NULL },
	{ "rdwr", "SHUT_RDWR", SHUT_RDWR, "both directions", NULL },
	{ 0 },
};
/* clang-format on */

#define E(code, help)                          \
	{                                      \
#code, #code, code, help, NULL \
	}

/* clang-format off */
const struct word errnos[] = {
	E(EPERM, "the operation needs a privilege that this process does not have"),
	E(ENOENT, "no such path: nothing is bound there"),
	E(EINTR, "a signal interrupted the call"),
	E(EIO, "the device reported an error"),
	E(ENXIO, "no such device or address"),
	E(EBADF, "the descriptor is not open: the socket was closed"),
	{ "EAGAIN", "EAGAIN", EAGAIN,
	  "the call would have to wait: nothing has arrived, or there is no room", "EWOULDBLOCK" },
	E(ENOMEM, "the kernel has no memory for this"),
	E(EACCES, "permission denied: the address or path is protected"),
	E(EFAULT, "an address outside the program's memory was passed"),
	E(EBUSY, "it is in use"),
	E(EEXIST, "it is there already"),
	E(ENODEV, "there is no such interface"),
	E(ENOTDIR, "a part of the path is not a directory"),
	E(EISDIR, "the path is a directory"),
	E(EINVAL, "the call does not fit the socket's state, or an argument is out of range"),
	E(ENFILE, "the system has no descriptors left"),
	E(EMFILE, "this process has no descriptors left (ulimit -n)"),
	E(ENOTTY, "the request does not fit this kind of descriptor"),
	E(ENOSPC, "there is no space left"),
	E(EROFS, "the file system is read-only"),
	E(EPIPE, "the sending side is shut down: nobody will read this"),
	E(EDOM, "the value is outside what the option takes"),
	E(ERANGE, "the value is out of range"),
	E(ENAMETOOLONG, "the name is too long"),
	E(ENOSYS, "this kernel does not have the call"),
	E(ELOOP, "too many symbolic links"),
	E(ENODATA, "there is nothing to read"),
	E(ENOPROTOOPT, "the protocol does not know this option"),
	E(EPROTO, "the peer broke the protocol"),
	E(EBADMSG, "the message is damaged"),
	E(EOVERFLOW, "the value does not fit"),
	E(ENOTSOCK, "the descriptor is not a socket"),
	E(EDESTADDRREQ, "the socket has no peer and no destination was given"),
	E(EMSGSIZE, "the message is larger than one datagram may be"),
	E(EPROTOTYPE, "the protocol does not fit this type of socket"),
	E(EPROTONOSUPPORT, "the kernel does not support this protocol here"),
	E(ESOCKTNOSUPPORT, "the family does not have this type of socket"),
	{ "EOPNOTSUPP", "EOPNOTSUPP", EOPNOTSUPP, "this type of socket does not have the call",
	  "ENOTSUP" },
	E(EPFNOSUPPORT, "the kernel does not support this protocol family"),
	E(EAFNOSUPPORT, "the address is of another family than the socket"),
	E(EADDRINUSE, "another socket has this address (or had it until a moment ago: TIME-WAIT)"),
	E(EADDRNOTAVAIL, "no interface of this host has the address, or no port is left"),
	E(ENETDOWN, "the interface is down"),
	E(ENETUNREACH, "there is no route to the network"),
	E(ENETRESET, "the network dropped the connection"),
	E(ECONNABORTED, "the connection ended before it was accepted"),
	E(ECONNRESET, "the peer reset the connection (RST)"),
	E(ENOBUFS, "the kernel has no buffer for this"),
	E(EISCONN, "the socket is connected already"),
	E(ENOTCONN, "the socket is not connected"),
	E(ESHUTDOWN, "the sending side was shut down"),
	E(ETIMEDOUT, "the peer did not answer in time"),
	E(ECONNREFUSED, "nobody listens at the address"),
	E(EHOSTDOWN, "the host is down"),
	E(EHOSTUNREACH, "no route to the host: the neighbour does not answer"),
	E(EALREADY, "an earlier connect is still in progress"),
	E(EINPROGRESS, "the connect has begun and goes on by itself"),
	E(ECANCELED, "given up before it was done"),
	E(ENOTUNIQ, "the name is not unique"),
	E(ENONET, "the host is not on the network"),
	E(ESTALE, "it is gone"),
	E(EDQUOT, "the quota is used up"),
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
		if (table->alias && strlen(table->alias) == len &&
		    !strncmp(table->alias, text, len))
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

	return w      ? w->symbol
	       : code ? strerrorname_np(code) ? strerrorname_np(code) : "an unknown errno"
		      : "0";
}

const char *errno_help(int code)
{
	const struct word *w = word_by_value(errnos, code);

	return w                       ? w->help
	       : strerrordesc_np(code) ? strerrordesc_np(code)
				       : "not known to this system";
}
