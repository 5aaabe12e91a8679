/* TCP sockets by way of their owners, against what a dump of sock_diag says, in a network of its own. */
#include "../../src/kernel/held_tcp.h"

#include "../../src/kernel/inside.h"
#include "../../src/kernel/owners.h"
#include "core/snapshot.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static struct diag *diag;
static struct owner_map map;
static struct snapshot snap;

static void set_up(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd;

	if (unshare(CLONE_NEWNET))
		cr_skip_test("no network namespace: %s", strerror(errno));
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	cr_assert_eq(ioctl(fd, SIOCSIFFLAGS, &lo), 0);
	close(fd);
	cr_assert_eq(diag_open_later(&diag, NULL), 0);
}

static void tear_down(void)
{
	diag_close(diag);
	owners_done(&map);
	snapshot_done(&snap);
}

TestSuite(held_tcp, .init = set_up, .fini = tear_down);

static int try_held(void)
{
	int rc = held_tcp(&map, diag, &snap, 0);

	if (rc && rc != -EAGAIN)
		cr_skip_test("no BPF iterator here: %s", strerror(-rc));
	return rc;
}

/* --- sockets --- */

static struct sockaddr_in6 any(int family, const char *last)
{
	struct sockaddr_in6 at = { .sin6_family = (sa_family_t)family };

	if (family == AF_INET)
		((struct sockaddr_in *)&at)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		memcpy(&at.sin6_addr, last, 16);
	return at;
}

static const char loopback6[16] = { [15] = 1 }, everywhere[16] = { 0 };
static const char mapped[16] = { [10] = (char)0xff, [11] = (char)0xff, [12] = 127, [15] = 1 };

static int listener(int family, const char *ip)
{
	struct sockaddr_in6 at = any(family, ip);
	int fd = socket(family, SOCK_STREAM, 0);

	cr_assert_eq(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	cr_assert_eq(listen(fd, 7), 0);
	return fd;
}

static int connected(int listener, int family, const char *ip)
{
	struct sockaddr_in6 at = any(family, ip), its;
	socklen_t len = sizeof its;
	int fd = socket(family, SOCK_STREAM, 0);

	cr_assert_eq(getsockname(listener, (struct sockaddr *)&its, &len), 0);
	at.sin6_port = its.sin6_port;
	cr_assert_eq(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	return fd;
}

static int accepted(int listener)
{
	int fd = accept(listener, NULL, NULL);

	cr_assert_geq(fd, 0);
	return fd;
}

/* Of every state that stays by itself. */
static void all_kinds(void)
{
	struct sockaddr_in6 at = any(AF_INET, NULL);
	int door = listener(AF_INET, NULL), door6 = listener(AF_INET6, everywhere), deferred = listener(AF_INET, NULL);
	int c, a, seconds = 60;

	c = connected(door6, AF_INET6, loopback6), a = accepted(door6);
	c = connected(door6, AF_INET6, mapped), a = accepted(door6);
	c = connected(door, AF_INET, NULL), a = accepted(door);
	cr_assert_geq(dup(c), 0);
	cr_assert_eq(send(c, "1234567", 7, 0), 7); /* not read */
	c = connected(door, AF_INET, NULL), a = accepted(door);
	shutdown(c, SHUT_WR); /* FIN-WAIT-2, CLOSE-WAIT */
	c = connected(door, AF_INET, NULL), a = accepted(door);
	close(c); /* FIN-WAIT-2 without a process */
	c = connected(door, AF_INET, NULL), a = accepted(door);
	close(c), close(a); /* TIME-WAIT */
	c = socket(AF_INET, SOCK_STREAM, 0);
	cr_assert_eq(bind(c, (struct sockaddr *)&at, sizeof at), 0);
	cr_assert_eq(setsockopt(deferred, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof seconds), 0);
	connected(deferred, AF_INET, NULL); /* SYN-RECEIVED at its other end */
	cr_assert_geq(socket(AF_INET6, SOCK_STREAM, 0), 0);
	cr_assert_geq(socket(AF_INET, SOCK_RAW, IPPROTO_TCP), 0); /* of the same protocol, but none */
}

/* --- comparing --- */

static void add(void *ctx, const struct sock *s)
{
	snapshot_add(ctx, s, 0);
}

/* Until the kernel has made both of those that all_kinds() closed into TIME-WAITs: their last ACKs are under way. */
static void dump_settled(struct snapshot *dump)
{
	unsigned waits = 0;

	for (int i = 0; i < 500 && waits < 2; i++) {
		usleep(i ? 10000 : 0);
		dump->count = waits = 0;
		cr_assert_eq(diag_dump_inet(diag, IPPROTO_TCP, 0, UINT32_MAX, false, add, dump), 0);
		for (size_t k = 0; k < dump->count; k++)
			waits += dump->records[k].timer == TIMER_TIME_WAIT;
	}
	cr_assert_eq(waits, 2);
}

static bool same_socket(const struct record *a, const struct record *b)
{
	return a->state == b->state && a->family == b->family && a->local_port == b->local_port &&
	       a->remote_port == b->remote_port && a->local_family == b->local_family &&
	       a->remote_family == b->remote_family && !memcmp(a->local, b->local, 16) &&
	       !memcmp(a->remote, b->remote, 16);
}

static void expect_same(const struct record *dumped)
{
	const struct record *r = NULL;

	for (size_t i = 0; i < snap.count && !r; i++)
		if (same_socket(&snap.records[i], dumped))
			r = &snap.records[i];
	cr_assert_not_null(r, "port %u in state %u is missing", dumped->local_port, dumped->state);
	cr_expect_eq(r->inode, dumped->inode);
	cr_expect_eq(r->recv_q, dumped->recv_q);
	cr_expect_eq(r->send_q, dumped->send_q);
	cr_expect_eq(r->backlog, dumped->backlog);
	cr_expect_eq(r->interface, dumped->interface);
	cr_expect_eq(r->type, dumped->type);
	cr_expect_eq(r->protocol, dumped->protocol);
	cr_expect_eq((r->known ^ dumped->known) & (SOCK_HAS_QUEUES | SOCK_HAS_INODE | SOCK_HAS_BACKLOG), 0);
}

Test(held_tcp, says_what_a_dump_says)
{
	struct snapshot dump = { 0 };

	all_kinds();
	dump_settled(&dump);
	cr_assert_eq(try_held(), 0);
	cr_expect_geq(dump.count, 16);
	cr_expect_eq(snap.count, dump.count);
	for (size_t i = 0; i < dump.count; i++)
		expect_same(&dump.records[i]);
	snapshot_done(&dump);
}

Test(held_tcp, fills_the_map_of_owners)
{
	int door = listener(AF_INET, NULL);
	struct stat st;
	bool found = false;

	cr_assert_eq(try_held(), 0);
	cr_assert_eq(fstat(door, &st), 0);
	for (size_t i = 0; i < map.count; i++)
		for (uint32_t k = 0; map.holders[i].pid == (uint32_t)getpid() && k < map.holders[i].count; k++)
			found |= map.held[map.holders[i].first + k].inode == st.st_ino &&
				 map.held[map.holders[i].first + k].fd == door;
	cr_expect(found, "not under the process number of this namespace");
	cr_expect(map.fresh);
}

/* --- what no process has --- */

static void expect_refusal(void)
{
	cr_expect_eq(try_held(), -EAGAIN);
	cr_expect_eq(snap.count, 0);
	cr_expect_not(map.fresh);
}

Test(held_tcp, refuses_where_a_connection_waits_for_accept)
{
	int door = listener(AF_INET, NULL);

	connected(door, AF_INET, NULL);
	expect_refusal();
	accepted(door);
	cr_expect_eq(try_held(), 0);
}

Test(held_tcp, refuses_where_a_socket_is_under_way)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 }, byte = 0;
	struct iovec part = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&message);
	int door = listener(AF_INET, NULL), pair[2];

	cr_assert_eq(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof door);
	memcpy(CMSG_DATA(c), &door, sizeof door);
	cr_assert_eq(sendmsg(pair[0], &message, 0), 1);
	cr_expect_eq(try_held(), 0);
	snap.count = 0;
	close(door);
	expect_refusal();
}

Test(held_tcp, leaves_other_networks_alone)
{
	int door = listener(AF_INET, NULL);

	cr_assert_eq(unshare(CLONE_NEWNET), 0);
	diag_close(diag);
	cr_assert_eq(diag_open_later(&diag, NULL), 0);
	cr_assert_eq(try_held(), 0);
	cr_expect_eq(snap.count, 0);
	close(door);
}

Test(held_tcp, few_are_not_worth_it)
{
	listener(AF_INET, NULL);
	cr_expect_eq(held_tcp(&map, diag, &snap, 2), -ENOENT);
	cr_expect_eq(snap.count, 0);
}
