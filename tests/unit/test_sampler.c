#include "kernel/sampler.h"

#include "util/err.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static struct snapshot *take(struct sampler *s, const struct sample_request *q)
{
	struct snapshot *snap;
	struct err e = { 0 };

	cr_assert_eq(sampler_take(s, q, &snap, &e), 0, "%s", e.text);
	for (size_t i = 1; i < snap->count; i++)
		cr_expect_lt(snap->records[i - 1].key, snap->records[i].key, "sorted, each once");
	return snap;
}

static struct sampler *sampler(void)
{
	struct sampler *s;
	struct err e = { 0 };

	cr_assert_eq(sampler_new(&s, &e), 0, "%s", e.text);
	return s;
}

static uint64_t inode_of(int fd)
{
	struct stat st;

	cr_assert_eq(fstat(fd, &st), 0);
	return st.st_ino;
}

static const struct record *by_inode(const struct snapshot *s, uint64_t inode)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->records[i].inode == inode)
			return &s->records[i];
	return NULL;
}

static const struct record *expect_owned(const struct snapshot *s, int fd)
{
	const struct record *r = by_inode(s, inode_of(fd));
	const struct owner *o;
	size_t count;

	cr_assert_not_null(r, "descriptor %d is not in the snapshot", fd);
	o = record_owners(s, r, &count);
	cr_assert_geq(count, 1, "descriptor %d has no owner: %s", fd, owner_reasons[r->reason].help);
	for (size_t i = 0; i < count; i++)
		if (o[i].pid == (uint32_t)getpid() && o[i].fd == fd)
			return r;
	cr_assert_fail("descriptor %d is owned by %u", fd, o[0].pid);
	return r;
}

struct pair {
	int server, client, conn;
};

static struct pair tcp_pair(int family)
{
	struct sockaddr_storage at = { .ss_family = (sa_family_t)family };
	struct pair p = { .server = socket(family, SOCK_STREAM, 0), .client = socket(family, SOCK_STREAM, 0) };
	socklen_t len = sizeof at;

	if (family == AF_INET)
		((struct sockaddr_in *)&at)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		((struct sockaddr_in6 *)&at)->sin6_addr = in6addr_loopback;
	cr_assert_eq(bind(p.server, (struct sockaddr *)&at,
			  family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6)),
		     0);
	cr_assert_eq(listen(p.server, 9), 0);
	cr_assert_eq(getsockname(p.server, (struct sockaddr *)&at, &len), 0);
	cr_assert_eq(connect(p.client, (struct sockaddr *)&at, len), 0);
	p.conn = accept(p.server, NULL, NULL);
	cr_assert_geq(p.conn, 0);
	return p;
}

static void both_ends(int family)
{
	struct pair p = tcp_pair(family);
	struct sampler *s = sampler();
	struct snapshot *snap = take(s, &(struct sample_request){ .owners = true, .info = true });
	const struct record *server = expect_owned(snap, p.server), *client = expect_owned(snap, p.client);
	const struct record *conn = expect_owned(snap, p.conn);

	cr_expect_eq(server->state, STATE_LISTEN);
	cr_expect_eq(server->backlog, 9);
	cr_expect_eq(client->state, STATE_ESTABLISHED);
	cr_expect(client->known & SOCK_HAS_TCP);
	cr_expect_eq(record_peer(snap, client), conn);
	cr_expect_eq(record_peer(snap, conn), client);
	cr_expect_null(record_peer(snap, server));
	snapshot_free(snap);
	sampler_free(s);
}

Test(sampler, both_ends_of_a_connection)
{
	both_ends(AF_INET);
	both_ends(AF_INET6);
}

Test(sampler, udp_unix_and_raw)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "\0sampler-test" };
	socklen_t name_len = (socklen_t)(sizeof(sa_family_t) + 13);
	int udp = socket(AF_INET, SOCK_DGRAM, 0), pair[2], listener = socket(AF_UNIX, SOCK_STREAM, 0);
	int raw = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	struct sampler *s = sampler();
	struct snapshot *snap;
	const struct record *r;

	cr_assert_eq(bind(udp, (struct sockaddr *)&at, sizeof at), 0);
	cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	cr_assert_eq(bind(listener, (struct sockaddr *)&name, name_len), 0);
	cr_assert_eq(listen(listener, 5), 0);
	snap = take(s, &(struct sample_request){ .owners = true });
	cr_expect_eq(expect_owned(snap, udp)->state, STATE_UNCONNECTED);
	r = expect_owned(snap, pair[0]);
	cr_expect_eq(r->type, SOCK_SEQPACKET);
	cr_expect_eq(record_peer(snap, r), expect_owned(snap, pair[1]));
	r = expect_owned(snap, listener);
	cr_expect_eq(r->state, STATE_LISTEN);
	cr_expect_eq(r->local_port, 13);
	if (raw >= 0)
		cr_expect_eq(expect_owned(snap, raw)->protocol, IPPROTO_ICMP);
	snapshot_free(snap);
	sampler_free(s);
}

Test(sampler, kinds_states_and_families_are_pushed_down)
{
	struct pair p = tcp_pair(AF_INET);
	struct sampler *s = sampler();
	struct snapshot *snap = take(
		s, &(struct sample_request){ .kinds = SAMPLE_TCP, .states = 1u << STATE_LISTEN, .family = AF_INET });

	for (size_t i = 0; i < snap->count; i++) {
		cr_expect_eq(snap->records[i].state, STATE_LISTEN);
		cr_expect_eq(snap->records[i].family, AF_INET);
		cr_expect_eq(snap->records[i].reason, OWNER_NOT_ASKED);
	}
	cr_expect_not_null(by_inode(snap, inode_of(p.server)));
	cr_expect_null(by_inode(snap, inode_of(p.client)));
	snapshot_free(snap);
	sampler_free(s);
}

Test(sampler, a_socket_shared_by_two_processes_has_two_owners)
{
	struct pair p = tcp_pair(AF_INET);
	struct sampler *s = sampler();
	struct snapshot *snap;
	const struct record *r;
	int hold[2];
	pid_t child;

	cr_assert_eq(pipe(hold), 0);
	child = fork();
	if (!child) {
		char c;

		close(hold[1]);
		_exit(read(hold[0], &c, 1) < 0);
	}
	snap = take(s, &(struct sample_request){ .owners = true });
	r = expect_owned(snap, p.server);
	cr_expect_eq(r->owner_count, 2);
	close(hold[1]);
	waitpid(child, NULL, 0);
	snapshot_free(snap);
	sampler_free(s);
}

Test(sampler, what_has_no_owner_has_a_reason)
{
	struct pair p = tcp_pair(AF_INET);
	struct sampler *s = sampler();
	struct sockaddr_in local;
	socklen_t len = sizeof local;
	struct snapshot *snap;
	bool found = false;

	cr_assert_eq(getsockname(p.client, (struct sockaddr *)&local, &len), 0);
	close(p.client);
	close(p.conn);
	snap = take(s, &(struct sample_request){ .owners = true, .kinds = SAMPLE_TCP });
	for (size_t i = 0; i < snap->count; i++) {
		const struct record *r = &snap->records[i];

		cr_expect((r->reason == OWNER_KNOWN) == (r->owner_count > 0));
		if (r->state != STATE_TIME_WAIT || r->local_port != ntohs(local.sin_port))
			continue;
		found = true;
		cr_expect_eq(r->reason, OWNER_TIME_WAIT);
	}
	cr_expect(found, "the client closed first: TIME-WAIT");
	snapshot_free(snap);
	sampler_free(s);
}

Test(sampler, the_destroy_groups_tell_of_closed_sockets)
{
	struct sampler *s = sampler();
	struct pair p = tcp_pair(AF_INET);
	struct sock gone;
	struct err e;
	bool found = false;
	uint64_t cookie = 0;
	socklen_t len = sizeof cookie;

	if (sampler_watch(s, &e)) {
		sampler_free(s);
		cr_skip_test("%s", e.text);
	}
	cr_assert_eq(getsockopt(p.server, SOL_SOCKET, SO_COOKIE, &cookie, &len), 0);
	close(p.server);
	for (struct pollfd fd = { .fd = sampler_watch_fd(s), .events = POLLIN }; !found && poll(&fd, 1, 5000) == 1;)
		while (sampler_watched(s, &gone))
			found |= gone.cookie == cookie;
	cr_expect(found);
	sampler_free(s);
}

Test(sampler, a_namespace_that_is_not_there)
{
	struct sampler *s = sampler();
	struct snapshot *snap;
	struct err e = { 0 };

	cr_expect_lt(sampler_take(s, &(struct sample_request){ .netns = "no-such-name" }, &snap, &e), 0);
	cr_expect(strstr(e.text, "no-such-name"), "%s", e.text);
	cr_expect_lt(sampler_take(s, &(struct sample_request){ .netns = "../etc" }, &snap, &e), 0);
	sampler_free(s);
}

Test(sampler, one_process)
{
	struct process p;
	struct err e = { 0 };

	cr_assert_eq(process_read((uint32_t)getpid(), &p, &e), 0, "%s", e.text);
	cr_expect_eq(p.pid, getpid());
	cr_expect_eq(p.parent, getppid());
	cr_expect_gt(p.started_ns, 0);
	cr_expect(p.command[0] && p.executable[0] == '/' && p.directory[0] == '/');
	cr_expect_lt(process_read(0x7ffffffe, &p, &e), 0);
}
