/* sock_diag look-ups against real sockets: what the kernel says must be what the descriptor
 * says. */
#include "kernel/diag.h"

#include "util/err.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

static struct diag *diag;

static void open_diag(void)
{
	struct err e = { 0 };

	if (diag_open(&diag, &e))
		cr_skip_test("%s", e.text);
}

static void close_diag(void)
{
	diag_close(diag);
}

TestSuite(diag, .init = open_diag, .fini = close_diag);

/* What the descriptor tells of its socket: enough to find it again. */
static void describe(int fd, struct sock *s)
{
	struct sockaddr_storage name;
	socklen_t len = sizeof s->family;
	struct stat st;

	memset(s, 0, sizeof *s);
	getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &s->family, &len);
	getsockopt(fd, SOL_SOCKET, SO_TYPE, &s->type, &len);
	getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &s->protocol, &len);
	len = sizeof s->cookie;
	if (!getsockopt(fd, SOL_SOCKET, SO_COOKIE, &s->cookie, &len))
		s->known |= SOCK_HAS_COOKIE;
	cr_assert_eq(fstat(fd, &st), 0);
	s->inode = st.st_ino;
	s->known |= SOCK_HAS_INODE;
	len = sizeof name;
	if (!getsockname(fd, (struct sockaddr *)&name, &len))
		endpoint_from_sockaddr(&s->local, (struct sockaddr *)&name, len);
	len = sizeof name;
	if (!getpeername(fd, (struct sockaddr *)&name, &len))
		endpoint_from_sockaddr(&s->remote, (struct sockaddr *)&name, len);
}

static void expect_found(const struct sock *was, struct sock *now, enum state state)
{
	struct err e = { 0 };

	cr_assert_eq(diag_find(diag, was, now, &e), 0, "%s", e.text);
	cr_assert_eq(now->state, state, "%s, not %s", state_name(now->state), state_name(state));
	cr_assert_eq(now->family, was->family);
	cr_assert_eq(now->type, was->type);
	cr_assert_eq(now->cookie, was->cookie);
	if (was->family != AF_UNIX || was->local.path_len)
		cr_assert(endpoint_same(&now->local, &was->local));
}

/* The peer's acknowledgement may take its time: wait for at most two seconds. */
static void wait_for(const struct sock *was, enum state state)
{
	struct sock now;

	for (int i = 0; i < 200; i++) {
		cr_assert_eq(diag_find(diag, was, &now, NULL), 0);
		if (now.state == state)
			return;
		usleep(10000);
	}
	cr_assert_fail("%s, not %s", state_name(now.state), state_name(state));
}

static void expect_gone(const struct sock *was)
{
	struct sock now = { .inode = 77 };
	struct err e = { 0 };

	cr_assert_eq(diag_find(diag, was, &now, &e), -ENOENT, "%s", e.text);
	cr_assert_eq(e.code, ENOENT);
	cr_assert(strlen(e.text) > 10);
	cr_assert_eq(now.inode, 77, "touched");
	cr_assert_eq(diag_find(diag, was, &now, NULL), -ENOENT);
}

/* --- the ways a connection can be made --- */

enum way { OVER_V4, OVER_V6, OVER_MAPPED, WAYS };

static socklen_t loopback(enum way w, int family, uint16_t port, struct sockaddr_storage *out)
{
	struct sockaddr_in *four = (struct sockaddr_in *)out;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;

	memset(out, 0, sizeof *out);
	out->ss_family = (sa_family_t)family;
	if (family == AF_INET) {
		four->sin_port = htons(port);
		four->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return sizeof *four;
	}
	six->sin6_port = htons(port);
	cr_assert_eq(inet_pton(AF_INET6, w == OVER_MAPPED ? "::ffff:127.0.0.1" : "::1", &six->sin6_addr), 1);
	return sizeof *six;
}

static uint16_t port_of(int fd)
{
	struct sock s;

	describe(fd, &s);
	return s.local.port;
}

static int bound(enum way w, int type, int protocol)
{
	int family = w == OVER_V4 ? AF_INET : AF_INET6;
	int fd = socket(family, type | SOCK_CLOEXEC, protocol);
	struct sockaddr_storage at;
	socklen_t len = loopback(w, family, 0, &at);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, len))
		cr_skip_test("this cannot be bound here: %s", strerror(errno));
	return fd;
}

static int connected(enum way w, int type, int protocol, int to)
{
	int family = w == OVER_V4 ? AF_INET : AF_INET6;
	int fd = socket(family, type | SOCK_CLOEXEC, protocol);
	struct sockaddr_storage at;
	socklen_t len = loopback(w, family, port_of(to), &at);

	cr_assert(fd >= 0);
	if (connect(fd, (struct sockaddr *)&at, len))
		cr_skip_test("the loopback is down: %s", strerror(errno));
	return fd;
}

struct pair {
	int listener, client, server;
};

static struct pair connect_pair(enum way w, int protocol)
{
	struct pair p = { .listener = bound(w, SOCK_STREAM, protocol) };

	cr_assert_eq(listen(p.listener, 5), 0);
	p.client = connected(w, SOCK_STREAM, protocol, p.listener);
	p.server = accept(p.listener, NULL, NULL);
	cr_assert(p.server >= 0);
	return p;
}

static void close_pair(struct pair *p)
{
	close(p->client);
	close(p->server);
	close(p->listener);
}

/* --- TCP --- */

ParameterizedTestParameters(diag, established)
{
	static int way[WAYS] = { OVER_V4, OVER_V6, OVER_MAPPED };

	return cr_make_param_array(int, way, WAYS);
}

ParameterizedTest(const int *way, diag, established)
{
	struct pair p = connect_pair((enum way) * way, 0);
	struct sock client, server, now;

	describe(p.client, &client);
	describe(p.server, &server);
	cr_assert_eq(write(p.client, "hello", 5), 5);
	expect_found(&client, &now, STATE_ESTABLISHED);
	cr_assert(endpoint_same(&now.remote, &client.remote));
	cr_assert_eq(now.inode, client.inode);
	cr_assert_eq(now.uid, getuid());
	cr_assert(now.known & SOCK_HAS_TCP && now.known & SOCK_HAS_MEMORY && now.known & SOCK_HAS_TIMER);
	cr_assert(now.tcp.cwnd && now.tcp.snd_mss && now.tcp.rto_us && now.rcvbuf && now.sndbuf);
	cr_assert_eq(now.tcp.bytes_sent, 5);
	cr_assert(now.tcp.congestion[0]);
	expect_found(&server, &now, STATE_ESTABLISHED);
	cr_assert_eq(now.recv_q, 5);
	cr_assert_eq(now.tcp.bytes_received, 5);
	close_pair(&p);
}

ParameterizedTestParameters(diag, after_close)
{
	static int way[WAYS] = { OVER_V4, OVER_V6, OVER_MAPPED };

	return cr_make_param_array(int, way, WAYS);
}

ParameterizedTest(const int *way, diag, after_close)
{
	struct pair p = connect_pair((enum way) * way, 0);
	struct sock client, server, now;

	describe(p.client, &client);
	describe(p.server, &server);
	close(p.client);
	wait_for(&client, STATE_FIN_WAIT_2);
	expect_found(&client, &now, STATE_FIN_WAIT_2);
	cr_assert(!(now.known & SOCK_HAS_INODE), "an orphan has no inode");
	expect_found(&server, &now, STATE_CLOSE_WAIT);
	close(p.server);
	expect_found(&client, &now, STATE_TIME_WAIT);
	cr_assert_eq(now.timer, TIMER_TIME_WAIT);
	cr_assert(now.timer_ms > 50000 && now.timer_ms <= 60000, "%u ms", now.timer_ms);
	cr_assert(endpoint_same(&now.remote, &client.remote));
	expect_gone(&server);
	close(p.listener);
}

Test(diag, reset_is_gone)
{
	const struct linger abort = { .l_onoff = 1 };
	struct pair p = connect_pair(OVER_V4, 0);
	struct sock client, server;

	describe(p.client, &client);
	describe(p.server, &server);
	setsockopt(p.client, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
	close(p.client);
	expect_gone(&client);
	expect_gone(&server);
	close(p.server);
	close(p.listener);
}

Test(diag, another_socket_on_the_same_addresses_is_not_it)
{
	struct pair p = connect_pair(OVER_V4, 0);
	struct sock client, now;

	describe(p.client, &client);
	client.cookie++;
	expect_gone(&client);
	client.cookie--;
	client.known &= ~(unsigned)SOCK_HAS_COOKIE; /* without it the addresses decide */
	cr_assert_eq(diag_find(diag, &client, &now, NULL), 0);
	close_pair(&p);
}

ParameterizedTestParameters(diag, listener)
{
	static int way[WAYS] = { OVER_V4, OVER_V6, OVER_MAPPED };

	return cr_make_param_array(int, way, WAYS);
}

ParameterizedTest(const int *way, diag, listener)
{
	int listener = bound((enum way) * way, SOCK_STREAM, 0), one, two;
	struct sock was, now;

	cr_assert_eq(listen(listener, 7), 0);
	describe(listener, &was);
	expect_found(&was, &now, STATE_LISTEN);
	cr_assert_eq(now.recv_q, 0);
	one = connected((enum way) * way, SOCK_STREAM, 0, listener);
	two = connected((enum way) * way, SOCK_STREAM, 0, listener);
	expect_found(&was, &now, STATE_LISTEN);
	cr_assert(now.known & SOCK_HAS_BACKLOG && now.known & SOCK_HAS_QUEUES);
	cr_assert_eq(now.recv_q, 2);
	cr_assert_eq(now.backlog, 7);
	cr_assert_eq(now.remote.family, AF_UNSPEC);
	cr_assert(!(now.known & SOCK_HAS_TCP));
	close(listener);
	expect_gone(&was);
	close(one);
	close(two);
}

Test(diag, wildcard_listener_and_several_on_one_port)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof at;
	struct sock was, now;
	int fds[4], on = 1;

	for (size_t i = 0; i < 4; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM, 0);
		cr_assert_eq(setsockopt(fds[i], SOL_SOCKET, SO_REUSEPORT, &on, sizeof on), 0);
		cr_assert_eq(bind(fds[i], (struct sockaddr *)&at, sizeof at), 0, "%s", strerror(errno));
		cr_assert_eq(listen(fds[i], (int)i + 1), 0);
		cr_assert_eq(getsockname(fds[i], (struct sockaddr *)&at, &len), 0);
	}
	for (size_t i = 0; i < 4; i++) {
		describe(fds[i], &was);
		was.state = STATE_LISTEN;
		expect_found(&was, &now, STATE_LISTEN);
		cr_assert_eq(now.backlog, i + 1);
		cr_assert_eq(now.inode, was.inode);
	}
	describe(fds[2], &was);
	was.state = STATE_LISTEN;
	close(fds[2]);
	expect_gone(&was);
}

Test(diag, a_connect_without_an_answer_has_a_timer)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(9) };
	int listener = bound(OVER_V4, SOCK_STREAM, 0), fds[4], fd;
	struct sock was, now;

	/* A full queue drops further SYNs. */
	cr_assert_eq(listen(listener, 0), 0);
	at.sin_port = htons(port_of(listener));
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (size_t i = 0; i < 4; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(fds[i], (struct sockaddr *)&at, sizeof at);
	}
	fd = fds[3];
	describe(fd, &was);
	was.remote = (struct endpoint){
		.family = AF_INET, .has_port = true, .port = port_of(listener), .ip = { 127, 0, 0, 1 }
	};
	expect_found(&was, &now, STATE_SYN_SENT);
	cr_assert_eq(now.timer, TIMER_RETRANSMIT);
	cr_assert(now.timer_ms && now.timer_ms < 2000, "%u", now.timer_ms);
	close(listener);
}

/* --- UDP --- */

ParameterizedTestParameters(diag, udp)
{
	static int way[WAYS] = { OVER_V4, OVER_V6, OVER_MAPPED };

	return cr_make_param_array(int, way, WAYS);
}

ParameterizedTest(const int *way, diag, udp)
{
	int server = bound((enum way) * way, SOCK_DGRAM, 0),
	    client = connected((enum way) * way, SOCK_DGRAM, 0, server);
	struct sock was, now;

	cr_assert_eq(send(client, "hello", 5, 0), 5);
	describe(server, &was);
	expect_found(&was, &now, STATE_UNCONNECTED);
	cr_assert_eq(now.remote.family, AF_UNSPEC);
	cr_assert(now.recv_q > 0);
	cr_assert_eq(now.inode, was.inode);
	cr_assert(now.known & SOCK_HAS_MEMORY && now.rcvbuf);
	cr_assert(!(now.known & (SOCK_HAS_TCP | SOCK_HAS_TIMER)));
	describe(client, &was);
	expect_found(&was, &now, STATE_CONNECTED);
	cr_assert(endpoint_same(&now.remote, &was.remote));
	close(client);
	expect_gone(&was);
	close(server);
}

Test(diag, udp_sockets_that_share_a_port)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof at;
	struct sock was, now;
	int fds[3], on = 1;

	for (size_t i = 0; i < 3; i++) {
		fds[i] = socket(AF_INET, SOCK_DGRAM, 0);
		cr_assert_eq(setsockopt(fds[i], SOL_SOCKET, SO_REUSEPORT, &on, sizeof on), 0);
		cr_assert_eq(bind(fds[i], (struct sockaddr *)&at, sizeof at), 0);
		cr_assert_eq(getsockname(fds[i], (struct sockaddr *)&at, &len), 0);
	}
	for (size_t i = 0; i < 3; i++) {
		describe(fds[i], &was);
		expect_found(&was, &now, STATE_UNCONNECTED);
		cr_assert_eq(now.inode, was.inode);
	}
}

Test(diag, udp_drops_are_counted)
{
	int server = bound(OVER_V4, SOCK_DGRAM, 0), client = connected(OVER_V4, SOCK_DGRAM, 0, server), little = 1;
	struct sock was, now;

	setsockopt(server, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
	for (int i = 0; i < 100; i++)
		cr_assert_eq(send(client, "hello", 5, 0), 5);
	describe(server, &was);
	expect_found(&was, &now, STATE_UNCONNECTED);
	cr_assert(now.drops > 0);
}

Test(diag, udplite)
{
	int server = bound(OVER_V4, SOCK_DGRAM, IPPROTO_UDPLITE);
	struct sock was, now;
	int rc;

	describe(server, &was);
	rc = diag_find(diag, &was, &now, NULL);
	if (rc == -EPROTONOSUPPORT)
		cr_skip_test("no handler for UDP-Lite");
	cr_assert_eq(rc, 0);
	cr_assert_eq(now.inode, was.inode);
}

Test(diag, not_bound_is_in_no_table)
{
	struct sock was;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	describe(fd, &was);
	expect_gone(&was);
	close(fd);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	describe(fd, &was);
	expect_gone(&was);
	close(fd);
}

/* --- MPTCP, SCTP --- */

Test(diag, mptcp)
{
	struct sock listener, client, server, now;
	struct pair p;
	int fd = socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP), rc;

	if (fd < 0)
		cr_skip_test("no MPTCP here: %s", strerror(errno));
	close(fd);
	p = connect_pair(OVER_V4, IPPROTO_MPTCP);
	describe(p.listener, &listener);
	describe(p.client, &client);
	describe(p.server, &server);
	rc = diag_find(diag, &client, &now, NULL);
	if (rc == -EPROTONOSUPPORT)
		cr_skip_test("no handler for MPTCP");
	cr_assert_eq(rc, 0, "%s", strerror(-rc));
	cr_assert_eq(now.state, STATE_ESTABLISHED);
	cr_assert_eq(now.inode, client.inode);
	listener.state = STATE_LISTEN;
	cr_assert_eq(diag_find(diag, &listener, &now, NULL), 0);
	cr_assert_eq(now.state, STATE_LISTEN);
	cr_assert_eq(now.inode, listener.inode);
	close(p.client);
	close(p.server);
	rc = diag_find(diag, &client, &now, NULL);
	cr_assert(rc == 0 || rc == -ENOENT, "%s", strerror(-rc));
	cr_assert_eq(now.protocol, IPPROTO_MPTCP);
	close(p.listener);
}

Test(diag, no_handler_is_told_from_no_socket)
{
	struct sock was = { .family = AF_INET, .type = SOCK_STREAM, .protocol = IPPROTO_SCTP }, now;
	struct err e;

	was.local = (struct endpoint){ .family = AF_INET, .has_port = true, .port = 9 };
	cr_assert_eq(diag_find(diag, &was, &now, &e), -EPROTONOSUPPORT);
	cr_assert(strstr(e.text, "sctp"), "%s", e.text);
	was.family = AF_NETLINK;
	cr_assert_eq(diag_find(diag, &was, &now, &e), -EAFNOSUPPORT);
}

/* --- UNIX --- */

static int unix_bound(int type, const char *name, size_t len)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type, 0);

	memcpy(at.sun_path, name, len);
	if (name[0])
		unlink(name);
	cr_assert_eq(bind(fd, (struct sockaddr *)&at, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)), 0,
		     "%s", strerror(errno));
	return fd;
}

static int unix_connected(int type, const struct sock *to)
{
	struct sockaddr_storage at;
	socklen_t len = endpoint_to_sockaddr(&to->local, &at);
	int fd = socket(AF_UNIX, type, 0);

	cr_assert_eq(connect(fd, (struct sockaddr *)&at, len), 0, "%s", strerror(errno));
	return fd;
}

Test(diag, unix_listener_and_its_connections)
{
	static const char name[] = "\0sockeye-test\0with a NUL";
	int listener = unix_bound(SOCK_STREAM, name, sizeof name - 1), client, second, server;
	struct sock was, peer, now;

	cr_assert_eq(listen(listener, 9), 0);
	describe(listener, &was);
	client = unix_connected(SOCK_STREAM, &was);
	second = unix_connected(SOCK_STREAM, &was);
	expect_found(&was, &now, STATE_LISTEN);
	cr_assert_eq(now.recv_q, 2);
	cr_assert_eq(now.backlog, 9);
	cr_assert_eq(now.inode, was.inode);
	cr_assert(now.known & SOCK_HAS_UID && now.uid == getuid());
	server = accept(listener, NULL, NULL);
	cr_assert_eq(write(client, "hello", 5), 5);
	expect_found(&was, &now, STATE_LISTEN);
	cr_assert_eq(now.recv_q, 1);
	describe(server, &was);
	describe(client, &peer);
	expect_found(&was, &now, STATE_CONNECTED);
	cr_assert_eq(now.peer_inode, peer.inode);
	cr_assert_eq(now.recv_q, 5);
	expect_found(&peer, &now, STATE_CONNECTED);
	cr_assert_eq(now.peer_inode, was.inode);
	cr_assert(endpoint_same(&now.remote, &peer.remote), "the listener's name");
	close(client);
	expect_gone(&peer);
	close(server);
	close(second);
	close(listener);
}

Test(diag, unix_datagrams_and_paths)
{
	char path[64];
	int server, client, free_one;
	struct sock was, now;

	snprintf(path, sizeof path, "/tmp/sockeye-diag-%d", (int)getpid());
	server = unix_bound(SOCK_DGRAM, path, strlen(path) + 1);
	describe(server, &was);
	expect_found(&was, &now, STATE_UNCONNECTED);
	cr_assert_eq(now.local.path_len, strlen(path));
	client = unix_connected(SOCK_DGRAM, &was);
	describe(client, &was);
	expect_found(&was, &now, STATE_CONNECTED);
	cr_assert(endpoint_same(&now.remote, &was.remote));
	free_one = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	describe(free_one, &was);
	expect_found(&was, &now, STATE_UNCONNECTED);
	cr_assert_eq(now.local.path_len, 0);
	close(free_one);
	expect_gone(&was);
	unlink(path);
	close(server);
	close(client);
}

Test(diag, unix_by_cookie_alone)
{
	struct sock was, now;
	int pair[2];

	cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	describe(pair[0], &was);
	was.known &= ~(unsigned)SOCK_HAS_INODE;
	expect_found(&was, &now, STATE_CONNECTED);
	cr_assert_eq(now.inode, was.inode);
	close(pair[0]);
	expect_gone(&was);
	was.known = 0;
	cr_assert_eq(diag_find(diag, &was, &now, NULL), -EINVAL);
	close(pair[1]);
}

/* --- RAW and ping --- */

ParameterizedTestParameters(diag, raw)
{
	static int family[] = { AF_INET, AF_INET6 };

	return cr_make_param_array(int, family, 2);
}

ParameterizedTest(const int *family, diag, raw)
{
	int fd = socket(*family, SOCK_RAW, *family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6);
	struct sockaddr_storage at;
	socklen_t len = loopback(OVER_V6, *family, 0, &at);
	char seen[ENDPOINT_TEXT];
	struct sock was, now;

	if (fd < 0)
		cr_skip_test("a raw socket needs CAP_NET_RAW");
	describe(fd, &was);
	was.local = (struct endpoint){ .family = (uint8_t)*family };
	expect_found(&was, &now, STATE_UNCONNECTED);
	cr_assert_eq(now.inode, was.inode);
	cr_assert_eq(now.protocol, was.protocol);
	if (connect(fd, (struct sockaddr *)&at, len))
		cr_skip_test("the loopback is down");
	describe(fd, &was);
	cr_assert_eq(diag_find(diag, &was, &now, NULL), 0);
	cr_assert_eq(now.state, STATE_CONNECTED);
	/* getpeername(2) does not know it: it takes port 0 for "not connected". */
	cr_assert_str_eq(endpoint_format(&now.remote, seen, sizeof seen), *family == AF_INET ? "127.0.0.1" : "::1");
	cr_assert(endpoint_same_address(&now.local, &was.local) && !now.local.has_port);
	close(fd);
	expect_gone(&was);
}

Test(diag, ping_socket)
{
	int fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
	struct sockaddr_storage at;
	socklen_t len = loopback(OVER_V4, AF_INET, 0, &at);
	struct sock was, now;

	if (fd < 0 || connect(fd, (struct sockaddr *)&at, len))
		cr_skip_test("net.ipv4.ping_group_range does not allow this");
	describe(fd, &was);
	cr_assert_eq(diag_find(diag, &was, &now, NULL), 0);
	cr_assert_eq(now.inode, was.inode);
	close(fd);
	expect_gone(&was);
}

/* --- the handle --- */

Test(diag, its_own_descriptor_is_a_netlink_socket)
{
	int domain = 0;
	socklen_t len = sizeof domain;

	cr_assert_eq(getsockopt(diag_fd(diag), SOL_SOCKET, SO_DOMAIN, &domain, &len), 0);
	cr_assert_eq(domain, AF_NETLINK);
}

Test(diag, many_questions_in_a_row)
{
	struct pair p = connect_pair(OVER_V4, 0);
	struct sock was, none, now;

	describe(p.client, &was);
	none = was;
	none.local.port = 1;
	for (int i = 0; i < 2000; i++) {
		expect_found(&was, &now, STATE_ESTABLISHED);
		expect_gone(&none);
	}
	close_pair(&p);
}

Test(diag_handle, null_is_fine)
{
	diag_close(NULL);
}
