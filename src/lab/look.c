/* What a descriptor tells of its socket: getsockname(2), getpeername(2), fstat(2), the ioctls of tcp(7) and udp(7),
 * the options of socket(7), and struct tcp_info.
 */
#include "inside.h"

#include "core/tcp_info.h"
#include "util/clock.h"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#ifndef SO_BINDTOIFINDEX
#define SO_BINDTOIFINDEX 62
#endif

static bool read_int(int fd, int level, int option, int *value)
{
	socklen_t len = sizeof *value;

	return !getsockopt(fd, level, option, value, &len) && len == sizeof *value;
}

/* --- struct tcp_info --- */

/* When the connection enters TIME-WAIT the kernel keeps it in a small record of its own, and the descriptor says
 * CLOSED from then on: only sock_diag knows. */
static void look_time_wait(struct lab *l, struct node *n)
{
	static const enum state on_the_way[] = {
		STATE_FIN_WAIT_1,
		STATE_FIN_WAIT_2,
		STATE_CLOSING,
		STATE_TIME_WAIT,
	};
	enum state was = history_now(&n->s.history);
	struct sock found = { 0 };

	for (size_t i = 0; l->hooks.lookup && i < sizeof on_the_way / sizeof *on_the_way; i++) {
		if (was != on_the_way[i])
			continue;
		if (l->hooks.lookup(l->hooks.ctx, &n->s.now, &found) == 1 && found.state == STATE_TIME_WAIT)
			n->s.now.state = STATE_TIME_WAIT;
		return;
	}
}

/* True when the kernel answered; the state then comes from there. */
static bool look_tcp(struct lab *l, struct node *n)
{
	unsigned char report[TCP_INFO_ROOM];
	socklen_t len = sizeof report;
	struct sock *s = &n->s.now;

	if (getsockopt(n->s.fd, IPPROTO_TCP, TCP_INFO, report, &len) || len < TCP_INFO_LEAST)
		return false;
	s->state = tcp_info_state(report, len);
	tcp_info_read(report, len, &s->tcp);
	if (s->state == STATE_LISTEN) {
		n->s.waiting = s->recv_q = s->tcp.unacked;
		s->backlog = s->send_q = s->tcp.sacked;
		s->known = (s->known & ~(unsigned)SOCK_HAS_TCP) | SOCK_HAS_BACKLOG | SOCK_HAS_QUEUES;
		return true;
	}
	s->known = (s->known & ~(unsigned)SOCK_HAS_BACKLOG) | SOCK_HAS_TCP;
	if (s->state == STATE_CLOSED)
		look_time_wait(l, n);
	return true;
}

/* --- the others --- */

static bool has_peer(const struct node *n)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof peer;

	return n->raw_peer.family != AF_UNSPEC || !getpeername(n->s.fd, (struct sockaddr *)&peer, &len);
}

static void look_simple(struct node *n)
{
	struct sock *s = &n->s.now;
	bool tcp = sock_is_tcp(s); /* SCTP, or a kernel without TCP_INFO for this kind */
	int listens = 0;

	if (read_int(n->s.fd, SOL_SOCKET, SO_ACCEPTCONN, &listens) && listens)
		s->state = STATE_LISTEN;
	else if (has_peer(n))
		s->state = tcp ? STATE_ESTABLISHED : STATE_CONNECTED;
	else
		s->state = tcp ? STATE_CLOSED : STATE_UNCONNECTED;
	if (s->state == STATE_LISTEN) {
		struct pollfd one = { .fd = n->s.fd, .events = POLLIN };
		bool ready = poll(&one, 1, 0) == 1 && (one.revents & POLLIN);

		if (!ready || !n->s.waiting) /* at least one; how many, sock_diag knows */
			n->s.waiting = s->recv_q = ready;
	}
}

static void look_queues(struct node *n)
{
	struct sock *s = &n->s.now;
	int in = 0, out = 0;

	if (s->state == STATE_LISTEN)
		return;
	n->s.waiting = 0;
	if (!ioctl(n->s.fd, SIOCINQ, &in) && in >= 0) /* of a datagram socket: the size of the next one */
		s->recv_q = (uint32_t)in;
	else
		s->recv_q = 0;
	if (!ioctl(n->s.fd, SIOCOUTQ, &out) && out >= 0)
		s->send_q = (uint32_t)out;
	s->known |= SOCK_HAS_QUEUES;
}

void look_state(struct lab *l, struct node *n, uint64_t now_ns)
{
	enum state before = n->s.now.state;
	uint32_t waited = n->s.waiting;

	if (n->s.fd < 0)
		return;
	if (!sock_is_tcp(&n->s.now) || !look_tcp(l, n))
		look_simple(n);
	look_queues(n);
	n->s.looked_ns = now_ns;
	if (sock_is_tcp(&n->s.now))
		history_see(&n->s.history, now_ns, n->s.now.state);
	if (before != n->s.now.state || waited != n->s.waiting)
		lab_changed(l);
}

void look_ends(struct node *n)
{
	struct sockaddr_storage name;
	struct sock *s = &n->s.now;
	socklen_t len = sizeof name;

	if (n->s.fd < 0)
		return;
	if (!getsockname(n->s.fd, (struct sockaddr *)&name, &len))
		endpoint_from_sockaddr(&s->local, (struct sockaddr *)&name, len);
	len = sizeof name;
	if (!getpeername(n->s.fd, (struct sockaddr *)&name, &len))
		endpoint_from_sockaddr(&s->remote, (struct sockaddr *)&name, len);
	else if (s->state == STATE_UNCONNECTED || n->raw_peer.family != AF_UNSPEC || s->remote.family == AF_UNSPEC ||
		 s->state == STATE_LISTEN)
		s->remote = n->raw_peer; /* else it was connected, and it helps to know to whom */
	if (s->type == SOCK_RAW) {       /* what stands there is the protocol's number */
		s->local.has_port = s->remote.has_port = false;
		s->local.port = s->remote.port = 0;
	}
}

static void look_options(struct node *n)
{
	uint32_t memory[16] = { 0 };
	struct sock *s = &n->s.now;
	socklen_t len = sizeof memory;
	int interface = 0;

	if (!getsockopt(n->s.fd, SOL_SOCKET, SO_MEMINFO, memory, &len) && len >= 9 * sizeof *memory) {
		s->rmem_alloc = memory[0]; /* SK_MEMINFO_ of linux/sock_diag.h */
		s->rcvbuf = memory[1];
		s->wmem_alloc = memory[2];
		s->sndbuf = memory[3];
		s->drops = memory[8];
		s->known |= SOCK_HAS_MEMORY;
	}
	if (read_int(n->s.fd, SOL_SOCKET, SO_BINDTOIFINDEX, &interface))
		s->interface = (uint32_t)interface;
	len = sizeof s->tcp.congestion - 1;
	if (sock_is_tcp(s) && getsockopt(n->s.fd, IPPROTO_TCP, TCP_CONGESTION, s->tcp.congestion, &len))
		s->tcp.congestion[0] = '\0';
}

/* What sock_diag alone tells: how many wait at a UNIX listener, who the other end is. */
static void look_unix(struct lab *l, struct node *n)
{
	struct sock *s = &n->s.now, found = { 0 };

	if (!l->hooks.lookup || (s->state != STATE_LISTEN && (s->peer_inode || s->state != STATE_CONNECTED)))
		return;
	if (l->hooks.lookup(l->hooks.ctx, s, &found) != 1)
		return;
	s->peer_inode = found.peer_inode;
	if (s->state == STATE_LISTEN && (found.known & SOCK_HAS_QUEUES)) {
		n->s.waiting = s->recv_q = found.recv_q;
		s->send_q = found.send_q;
		if (found.known & SOCK_HAS_BACKLOG)
			s->backlog = found.backlog;
		s->known |= SOCK_HAS_QUEUES | (found.known & SOCK_HAS_BACKLOG);
	}
}

/* What never changes. What was asked for is not always what was made: protocol 0, "unix raw". */
static void look_identity(struct node *n)
{
	struct sock *s = &n->s.now;
	socklen_t len = sizeof s->cookie;
	struct stat st;

	read_int(n->s.fd, SOL_SOCKET, SO_DOMAIN, &s->family);
	read_int(n->s.fd, SOL_SOCKET, SO_TYPE, &s->type);
	read_int(n->s.fd, SOL_SOCKET, SO_PROTOCOL, &s->protocol);
	if (!getsockopt(n->s.fd, SOL_SOCKET, SO_COOKIE, &s->cookie, &len))
		s->known |= SOCK_HAS_COOKIE;
	if (!fstat(n->s.fd, &st)) {
		s->inode = st.st_ino;
		s->uid = st.st_uid;
		s->known |= SOCK_HAS_INODE | SOCK_HAS_UID;
	}
}

void look_first(struct lab *l, struct node *n, uint64_t now_ns)
{
	look_identity(n);
	look_state(l, n, now_ns);
	look_ends(n);
}

static void look_full(struct lab *l, struct node *n, uint64_t now_ns)
{
	if (!(n->s.now.known & SOCK_HAS_INODE)) /* an echo peer's connection: nobody has looked yet */
		look_identity(n);
	look_state(l, n, now_ns);
	look_ends(n);
	look_options(n);
	if (n->s.now.family == AF_UNIX)
		look_unix(l, n);
}

/* --- closed ones --- */

void look_gone(struct lab *l, struct node *n, uint64_t now_ns)
{
	struct sock found = { 0 };
	struct sock *s = &n->s.now;
	enum state before = s->state;
	int known = 0;

	if (n->s.gone)
		return;
	if (sock_is_tcp(s)) {
		if (!l->hooks.lookup) { /* nobody to ask: what the calls and packets prove */
			s->state = history_now(&n->s.history);
			n->s.gone = s->state == STATE_CLOSED;
			return;
		}
		known = l->hooks.lookup(l->hooks.ctx, s, &found);
		if (known < 0) { /* cannot be told now */
			s->state = history_now(&n->s.history);
			return;
		}
	}
	n->s.looked_ns = now_ns;
	s->known &= ~(unsigned)(SOCK_HAS_TIMER | SOCK_HAS_MEMORY | SOCK_HAS_TCP | SOCK_HAS_BACKLOG);
	s->recv_q = s->send_q = 0;
	if (known) {
		s->state = found.state;
		s->recv_q = found.recv_q;
		s->send_q = found.send_q;
		s->timer = found.timer;
		s->timer_ms = found.timer_ms;
		s->timer_retries = found.timer_retries;
		s->known |= found.known & SOCK_HAS_TIMER;
	} else {
		n->s.gone = true;
		s->state = STATE_CLOSED;
		s->timer = TIMER_NONE;
		if (history_now(&n->s.history) == STATE_TIME_WAIT)
			history_prove(&n->s.history, now_ns, CAUSE_TIMER, PROOF_2MSL, "2 MSL passed");
	}
	if (sock_is_tcp(s))
		history_see(&n->s.history, now_ns, s->state);
	if (before != s->state || n->s.gone)
		lab_changed(l);
}

void lab_look(struct lab *l, struct lab_sock *s, uint64_t now_ns)
{
	struct node *n = node_of(s);

	if (s->closed)
		look_gone(l, n, now_ns);
	else
		look_full(l, n, now_ns);
}

void lab_look_all(struct lab *l, unsigned most, uint64_t now_ns)
{
	size_t closed = l->closed_count;

	for (size_t i = 0; i < l->order_count; i++)
		if (l->order[i] && !l->order[i]->s.closed)
			look_full(l, l->order[i], now_ns);
	for (; most && closed; closed--) {
		struct node *n = l->look_next ? l->look_next : l->closed_first;

		l->look_next = n->closed_next;
		if (n->s.gone)
			continue;
		look_gone(l, n, now_ns);
		most--;
	}
}

int lab_take_error(const struct lab_sock *s)
{
	int error = 0;

	return s->fd >= 0 && read_int(s->fd, SOL_SOCKET, SO_ERROR, &error) ? error : 0;
}
