#include "core/sock.h"

#include "core/words.h"

#include <stddef.h>

bool sock_is_tcp(const struct sock *s)
{
	return (s->family == AF_INET || s->family == AF_INET6) && s->type == SOCK_STREAM;
}

const char *sock_proto(const struct sock *s)
{
	const struct word *w;

	if (s->family == AF_UNIX)
		return "unix";
	if (s->family == AF_PACKET)
		return "packet";
	if (s->family == AF_NETLINK)
		return "netlink";
	if (s->type == SOCK_RAW)
		return "raw";
	w = word_by_value(protocols, s->protocol);
	if (w)
		return w->name;
	return s->type == SOCK_STREAM ? "tcp" : s->type == SOCK_DGRAM ? "udp" : "ip";
}

const char *sock_timer_name(enum sock_timer t)
{
	static const char *const names[] = {
		[TIMER_NONE] = NULL,
		[TIMER_RETRANSMIT] = "retransmit",
		[TIMER_KEEPALIVE] = "keepalive",
		[TIMER_TIME_WAIT] = "time-wait",
		[TIMER_PERSIST] = "persist",
	};

	return (size_t)t < sizeof names / sizeof *names ? names[t] : NULL;
}
