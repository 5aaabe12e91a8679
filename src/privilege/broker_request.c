#include "privilege/broker_request.h"

#include "util/err.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>

/* --- one check a kind: NULL, or why not --- */

static const char *check_snapshot(const struct broker_request *r)
{
	if (r->family && r->family != AF_INET && r->family != AF_INET6)
		return "a snapshot of an unknown family";
	if (r->owners > 1 || r->info > 1 || r->live > 1)
		return "a flag is 0 or 1";
	if (!memchr(r->netns, '\0', sizeof r->netns) || strchr(r->netns, '/') || r->netns[0] == '.')
		return "no name of a network namespace";
	return NULL;
}

static bool is_inet(int family)
{
	return family == AF_INET || family == AF_INET6;
}

static const char *check_socket(const struct broker_request *r)
{
	if (is_inet(r->family) && r->type == SOCK_RAW && r->protocol >= 0 && r->protocol < IPPROTO_MAX)
		return NULL;
	if (r->family == AF_PACKET && (r->type == SOCK_RAW || r->type == SOCK_DGRAM) && r->protocol >= 0 &&
	    r->protocol <= UINT16_MAX)
		return NULL;
	return "only raw and packet sockets are opened";
}

static const char *check_destroy(const struct broker_request *r)
{
	if (!is_inet(r->family) || (r->protocol != IPPROTO_TCP && r->protocol != IPPROTO_UDP))
		return "only TCP and UDP sockets are destroyed";
	return r->cookie ? NULL : "a socket to destroy is named by its cookie";
}

static const char *check_signal(const struct broker_request *r)
{
	static const int known[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGKILL, SIGSTOP, SIGCONT, SIGUSR1, SIGUSR2 };
	bool found = false;

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		found |= r->number == known[i];
	if (!found)
		return "not one of the signals that are sent";
	if (r->pid < 2 || r->pid > INT32_MAX || !memchr(r->name, '\0', sizeof r->name))
		return "not a process";
	return NULL;
}

static const char *check_bind(const struct broker_request *r)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)&r->address;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&r->address;
	unsigned port = 0;

	if (r->address.ss_family == AF_INET && r->len == sizeof *v4)
		port = ntohs(v4->sin_port);
	else if (r->address.ss_family == AF_INET6 && r->len == sizeof *v6)
		port = ntohs(v6->sin6_port);
	return port && port < IPPORT_RESERVED ? NULL : "only ports below 1024 are bound";
}

/* clang-format off */
static const struct {
	int level, option;
	uint32_t most; /* bytes of a value */
} options[] = {
	{ SOL_SOCKET, SO_MARK, 4 }, { SOL_SOCKET, SO_RCVBUFFORCE, 4 },
	{ SOL_SOCKET, SO_SNDBUFFORCE, 4 },
	{ SOL_SOCKET, SO_PRIORITY, 4 }, { SOL_SOCKET, SO_BUSY_POLL, 4 },
	{ SOL_SOCKET, SO_DEBUG, 4 },
	{ SOL_SOCKET, SO_BINDTODEVICE, IFNAMSIZ }, { IPPROTO_IP, IP_TRANSPARENT, 4 },
	{ IPPROTO_IPV6, IPV6_TRANSPARENT, 4 }, { IPPROTO_TCP, TCP_CONGESTION, 16 },
};
/* clang-format on */

static const char *check_setsockopt(const struct broker_request *r)
{
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		if (options[i].level == r->level && options[i].option == r->option)
			return r->len <= options[i].most ? NULL : "a value that is too long";
	return "not one of the options that are set";
}

static const struct {
	unsigned fds; /* that come with it */
	const char *(*check)(const struct broker_request *r);
} kinds[BROKER_KINDS] = {
	[BROKER_SNAPSHOT] = { 0, check_snapshot }, [BROKER_SOCKET] = { 0, check_socket },
	[BROKER_DESTROY] = { 0, check_destroy },   [BROKER_SIGNAL] = { 0, check_signal },
	[BROKER_BIND] = { 1, check_bind },         [BROKER_SETSOCKOPT] = { 1, check_setsockopt },
};

int broker_request_check(const void *bytes, size_t len, unsigned fds, struct broker_request *out, struct err *e)
{
	struct broker_request r;
	const char *why;

	if (len != sizeof r)
		return err_set(e, EBADMSG, "not a request");
	memcpy(&r, bytes, sizeof r);
	if (r.kind >= BROKER_KINDS || fds != kinds[r.kind].fds)
		return err_set(e, EBADMSG, "not a request");
	why = kinds[r.kind].check(&r);
	if (why)
		return err_set(e, EPERM, "the broker refuses: %s", why);
	*out = r;
	return 0;
}
