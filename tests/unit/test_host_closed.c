/* The closed sockets of the host: each once, with its last counters, its ends and its owner,
 * however it ended. With sockets of our own, in the network namespace of the tests. */
#include "session/host.h"

#include "../../src/session/closed_ring.h"

#include "util/err.h"

#include <criterion/criterion.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BYTES = 1234 };

struct world {
	struct host *host;
	int door, client, server;
	uint64_t cookies[2]; /* of client and server */
};

static uint64_t cookie_of(int fd)
{
	uint64_t cookie = 0;
	socklen_t len = sizeof cookie;

	cr_assert_eq(getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len), 0);
	return cookie;
}

static void join(struct world *w)
{
	struct sockaddr_in at;
	socklen_t len = sizeof at;
	char bytes[BYTES] = { 0 };

	getsockname(w->door, (struct sockaddr *)&at, &len);
	w->client = socket(AF_INET, SOCK_STREAM, 0);
	cr_assert_eq(connect(w->client, (struct sockaddr *)&at, len), 0);
	w->server = accept(w->door, NULL, NULL);
	cr_assert_geq(w->server, 0);
	cr_assert_eq(send(w->client, bytes, sizeof bytes, 0), BYTES);
	cr_assert_eq(recv(w->server, bytes, sizeof bytes, MSG_WAITALL), BYTES);
	w->cookies[0] = cookie_of(w->client);
	w->cookies[1] = cookie_of(w->server);
}

static void adopt_until(struct host *h, bool (*done)(const struct host *h, const void *ctx), const void *ctx)
{
	for (int i = 0; i < 250 && !done(h, ctx); i++) {
		poll(&(struct pollfd){ .fd = host_fd(h), .events = POLLIN }, 1, 20);
		host_adopt(h);
	}
	cr_assert(done(h, ctx));
}

static bool idle(const struct host *h, const void *ctx)
{
	(void)ctx;
	return !host_busy(h) && host_snapshot(h);
}

static void look(struct host *h)
{
	host_ask(h, &(struct sample_request){ .owners = true, .info = true }, NULL);
	adopt_until(h, idle, NULL);
}

static const struct host_closed *find(const struct host *h, uint64_t cookie, size_t *times)
{
	const struct host_closed *found = NULL;

	*times = 0;
	for (size_t i = 0; i < host_closed_count(h); i++)
		if (host_closed_at(h, i)->sock.cookie == cookie) {
			found = host_closed_at(h, i);
			++*times;
		}
	return found;
}

static bool both_told(const struct host *h, const void *ctx)
{
	const struct world *w = ctx;
	size_t a, b;

	find(h, w->cookies[0], &a);
	find(h, w->cookies[1], &b);
	return a && b;
}

static struct world begin(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct world w = { .door = socket(AF_INET, SOCK_STREAM, 0) };
	struct err e;

	cr_assert_eq(bind(w.door, (struct sockaddr *)&at, sizeof at), 0);
	cr_assert_eq(listen(w.door, 8), 0);
	cr_assert_eq(host_new(NULL, NULL, &w.host, &e), 0, "%s", e.text);
	look(w.host);
	return w;
}

/* After one look more, so that what vanishes from the tables has been seen, too. */
static void expect_both(struct world *w, bool seen)
{
	adopt_until(w->host, both_told, w);
	look(w->host);
	for (int i = 0; i < 2; i++) {
		size_t times;
		const struct host_closed *c = find(w->host, w->cookies[i], &times);

		cr_assert(c);
		cr_expect_eq(times, 1, "%d is told %zu times", i, times);
		cr_expect(c->sock.known & SOCK_HAS_TCP);
		cr_expect_eq(i ? c->sock.tcp.bytes_received & ~1u : c->sock.tcp.bytes_sent, BYTES,
			     "%d: %llu sent, %llu received", i, (unsigned long long)c->sock.tcp.bytes_sent,
			     (unsigned long long)c->sock.tcp.bytes_received);
		cr_expect_neq(c->sock.local.port, 0);
		cr_expect_eq(c->sock.remote.family, AF_INET, "the other end is kept");
		cr_expect_eq(c->owner.pid, seen ? (uint32_t)getpid() : 0);
	}
	host_free(w->host);
	close(w->door);
}

Test(host_closed, in_order)
{
	struct world w = begin();
	char byte;

	join(&w);
	look(w.host);
	close(w.client);
	cr_expect_eq(recv(w.server, &byte, 1, 0), 0);
	close(w.server);
	expect_both(&w, true);
}

Test(host_closed, by_a_reset)
{
	const struct linger now = { .l_onoff = 1 };
	struct world w = begin();

	join(&w);
	look(w.host);
	setsockopt(w.client, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	close(w.client);
	close(w.server);
	expect_both(&w, true);
}

Test(host_closed, between_two_looks)
{
	struct world w = begin();
	char byte;

	join(&w);
	close(w.client);
	cr_expect_eq(recv(w.server, &byte, 1, 0), 0);
	close(w.server);
	expect_both(&w, false);
}

/* A process that ends is gone a moment before its sockets are: between the two a look knows of no owner. */
Test(host_closed, the_owner_that_has_just_left_is_told)
{
	struct closed_ring ring;
	struct host_closed c = { .key = 7, .sock.cookie = 70, .closed_ns = 1 };
	const struct closed_left left = { 7, { .pid = 812, .fd = 5, .process = "nginx" } };

	closed_ring_init(&ring);
	closed_ring_leave(&ring, &left);
	closed_ring_add(&ring, &c);
	closed_ring_add(&ring, &c); /* once */
	c.key = 8, c.sock.cookie = 80;
	closed_ring_add(&ring, &c);
	c.key = 9, c.sock.cookie = 90, c.owner.pid = 1;
	closed_ring_add(&ring, &c);
	cr_assert_eq(ring.count, 3);
	cr_expect_eq(closed_ring_at(&ring, 2)->owner.pid, 812);
	cr_expect_eq(closed_ring_at(&ring, 1)->owner.pid, 0, "of another socket");
	cr_expect_eq(closed_ring_at(&ring, 0)->owner.pid, 1);
	cr_expect_null(closed_ring_at(&ring, 3));
	for (uint64_t i = 0; i < 2 * HOST_CLOSED; i++) {
		c.key = 100 + i, c.sock.cookie = 1000 + i;
		closed_ring_add(&ring, &c);
	}
	cr_expect_eq(ring.count, HOST_CLOSED);
	cr_expect_eq(closed_ring_at(&ring, 0)->key, 99 + 2 * HOST_CLOSED, "the newest first");
	closed_ring_done(&ring);
}
