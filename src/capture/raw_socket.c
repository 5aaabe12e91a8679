/* raw_socket.c - the sockets of a SOCK_RAW listener: raw(7), packet(7), socket(7). */
#include "raw_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define INWARD                                                                                   \
	"It gets a copy of what comes in for this host: nothing that goes out, is forwarded or " \
	"filtered; no link header, no fragments (they come put together), IPv6 without its header"

/* clang-format off */
const struct raw_row raw_rows[RAW_PROTOCOLS] = {
	[RAW_TCP] = { "tcp", "raw tcp", INWARD ".",
		{ { AF_INET, IPPROTO_TCP, "socket(AF_INET, SOCK_RAW, IPPROTO_TCP)" },
		  { AF_INET6, IPPROTO_TCP, "socket(AF_INET6, SOCK_RAW, IPPROTO_TCP)" } } },
	[RAW_UDP] = { "udp", "raw udp", INWARD ".",
		{ { AF_INET, IPPROTO_UDP, "socket(AF_INET, SOCK_RAW, IPPROTO_UDP)" },
		  { AF_INET6, IPPROTO_UDP, "socket(AF_INET6, SOCK_RAW, IPPROTO_UDP)" } } },
	[RAW_ICMP] = { "icmp", "raw icmp", INWARD ", no ICMPv6 whose checksum is wrong.",
		{ { AF_INET, IPPROTO_ICMP, "socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)" },
		  { AF_INET6, IPPROTO_ICMPV6, "socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6)" } } },
	[RAW_ALL] = { "all", "raw all",
		"It gets frames as a device has them: inward before the firewall, outward after "
		"it, where what the device is to fill in (checksums) is not there yet.",
		{ { AF_PACKET, 0, "socket(AF_PACKET, SOCK_RAW, 0)" } } },
};

/* What to ask for beside the bytes. */
static const struct ask {
	int family; /* 0: all */
	int level, option;
} asks[] = {
	{ 0, SOL_SOCKET, SO_TIMESTAMPNS },
	{ 0, SOL_SOCKET, SO_RXQ_OVFL },
	{ AF_INET, SOL_IP, IP_PKTINFO },
	{ AF_INET6, SOL_IPV6, IPV6_RECVPKTINFO },
	{ AF_INET6, SOL_IPV6, IPV6_RECVHOPLIMIT },
	{ AF_INET6, SOL_IPV6, IPV6_RECVTCLASS },
	{ AF_INET6, SOL_IPV6, RAW_FLOWINFO },
	{ AF_INET6, SOL_IPV6, IPV6_RECVHOPOPTS },
	{ AF_INET6, SOL_IPV6, IPV6_RECVDSTOPTS },
	{ AF_INET6, SOL_IPV6, IPV6_RECVRTHDR },
	{ AF_PACKET, SOL_PACKET, PACKET_AUXDATA },
};
/* clang-format on */

bool raw_protocol_named(const char *name, enum raw_protocol *out)
{
	for (unsigned i = 0; i < RAW_PROTOCOLS; i++)
		if (!strcmp(raw_rows[i].name, name)) {
			*out = (enum raw_protocol)i;
			return true;
		}
	return false;
}

int raw_socket_shut(int fd, struct err *e)
{
	static const struct sock_filter nothing[] = { { BPF_RET | BPF_K, 0, 0, 0 } };
	const struct sock_fprog program = { 1, (struct sock_filter *)nothing };
	char byte;

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program))
		return err_set(e, errno, "SO_ATTACH_FILTER: %s", strerror(errno));
	while (recv(fd, &byte, 1, MSG_DONTWAIT | MSG_TRUNC) >= 0)
		;
	return 0;
}

static void close_all(struct raw_socket *sockets, int count)
{
	for (int i = 0; i < count; i++)
		close(sockets[i].fd);
}

int raw_sockets_open(enum raw_protocol protocol, const int *handed, struct raw_socket out[RAW_SOCKETS], struct err *e)
{
	const struct raw_row *row = &raw_rows[protocol];
	char what[96];
	int count = 0, rc = 0;

	for (int i = 0; !rc && i < RAW_SOCKETS && row->sockets[i].family; i++) {
		int family = row->sockets[i].family, number = row->sockets[i].protocol;
		int fd = handed ? fcntl(handed[i], F_DUPFD_CLOEXEC, 0)
				: socket(family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, number);

		if (fd < 0 && (handed || errno == EAFNOSUPPORT))
			continue;
		snprintf(what, sizeof what, "%s = -1 EPERM: a raw socket", row->sockets[i].call);
		if (fd < 0) {
			rc = errno == EPERM || errno == EACCES
				     ? capture_refused(e, what)
				     : err_set(e, errno, "%s: %s", row->sockets[i].call, strerror(errno));
			break;
		}
		out[count++] = (struct raw_socket){ .fd = fd, .family = family, .protocol = (uint8_t)number };
		rc = raw_socket_shut(fd, e);
	}
	if (!rc && !count)
		rc = err_set(e, EAFNOSUPPORT, "%s: this kernel has no such sockets", row->sockets[0].call);
	if (rc)
		close_all(out, count);
	return rc ? rc : count;
}

static int bind_device(const struct raw_socket *s, const char *device, struct err *e)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int rc;

	if (device) {
		at.sll_ifindex = (int)if_nametoindex(device);
		if (!at.sll_ifindex)
			return err_set(e, ENODEV, "there is no device %s", device);
	}
	if (s->family == AF_PACKET)
		rc = bind(s->fd, (const struct sockaddr *)&at, sizeof at);
	else
		rc = device ? setsockopt(s->fd, SOL_SOCKET, SO_BINDTODEVICE, device, (socklen_t)strlen(device) + 1) : 0;
	return rc ? err_set(e, errno, "%s: %s", device ? device : "any", strerror(errno)) : 0;
}

int raw_socket_prepare(const struct raw_socket *s, uint32_t buffer_bytes, const char *device, struct err *e)
{
	const int yes = 1, size = buffer_bytes < INT32_MAX ? (int)buffer_bytes : INT32_MAX;

	/* Beyond net.core.rmem_max only with CAP_NET_ADMIN; what there is will do. */
	if (setsockopt(s->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size))
		setsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	for (size_t i = 0; i < sizeof asks / sizeof *asks; i++)
		if ((!asks[i].family || asks[i].family == s->family) &&
		    setsockopt(s->fd, asks[i].level, asks[i].option, &yes, sizeof yes))
			return err_set(e, errno, "setsockopt(%d, %d): %s", asks[i].level, asks[i].option,
				       strerror(errno));
	return bind_device(s, device, e);
}

bool raw_socket_lost(const struct raw_socket *s, uint32_t *out)
{
	enum { DROPS = 8, VARS = 9 }; /* SK_MEMINFO_ of linux/sock_diag.h */
	uint32_t info[VARS] = { 0 };
	socklen_t len = sizeof info;

	if (getsockopt(s->fd, SOL_SOCKET, SO_MEMINFO, info, &len) || len <= DROPS * sizeof *info)
		return false;
	*out = info[DROPS];
	return true;
}
