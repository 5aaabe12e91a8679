/* Sockets put together by process and by remote address. */
#include "session/groups.h"

#include "core/rate.h"
#include "util/buf.h"

#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { MOST = 64 };

/* Rows as the session has them, and what they borrow. */
struct world {
	struct session session;
	struct row rows[MOST];
	struct record records[MOST];
	struct sock socks[MOST];
	struct owner owners[MOST][3];
	struct sock_rate rates[MOST];
};

static struct row *add(struct world *w, const char *remote, enum state state)
{
	size_t i = w->session.row_count++;
	struct row *r = &w->rows[i];
	struct sock *k = &w->socks[i];
	bool is_unix = remote && !strncmp(remote, "unix:", 5);
	struct err e;

	*k = (struct sock){ .family = is_unix ? AF_UNIX : AF_INET,
			    .type = SOCK_STREAM,
			    .protocol = is_unix ? 0 : IPPROTO_TCP,
			    .state = state,
			    .known = SOCK_HAS_QUEUES };
	if (remote)
		cr_assert_eq(endpoint_parse(remote, &k->remote, NULL, &e), ENDPOINT_OK, "%s", remote);
	w->records[i].reason = OWNER_NO_PERMISSION;
	*r = (struct row){ .key = 100 + i, .name = "", .sock = k };
	r->view = (struct sock_view){ .sock = k, .record = &w->records[i], .owners = w->owners[i] };
	w->session.rows = w->rows;
	return r;
}

static void own(struct world *w, struct row *r, uint32_t pid, const char *process, int fd)
{
	struct owner *o = &w->owners[r - w->rows][r->view.owner_count++];

	*o = (struct owner){ .pid = pid, .fd = fd, .uid = pid / 100 };
	snprintf(o->process, sizeof o->process, "%s", process);
}

static void goes(struct world *w, struct row *r, uint64_t out, uint64_t in)
{
	size_t i = (size_t)(r - w->rows);

	w->rates[i] = (struct sock_rate){ true, out, in, 500 };
	r->view.rate = &w->rates[i];
	w->socks[i].known |= SOCK_HAS_TCP;
	w->socks[i].tcp = (struct sock_tcp){
		.bytes_sent = 10 * out, .bytes_received = 10 * in, .total_retrans = 3, .rtt_us = 1000
	};
}

static const struct group *of_pid(const struct groups *g, uint32_t pid)
{
	for (size_t i = 0; i < g->count; i++)
		if (g->groups[i].owner.pid == pid)
			return &g->groups[i];
	return NULL;
}

static struct world w;

static void make_world(void)
{
	struct row *r = add(&w, NULL, STATE_LISTEN); /* a master and its worker share the listener */

	own(&w, r, 800, "nginx", 5);
	own(&w, r, 812, "nginx", 5);
	w.socks[0].recv_q = 128;
	w.socks[0].backlog = 128;
	w.socks[0].known |= SOCK_HAS_BACKLOG;
	r = add(&w, "192.0.2.7:4000", STATE_ESTABLISHED);
	own(&w, r, 812, "nginx", 8);
	own(&w, r, 812, "nginx", 9); /* dup(2): once */
	goes(&w, r, 1000, 10);
	w.socks[1].send_q = 77;
	r = add(&w, "[::ffff:192.0.2.7]:4001", STATE_CLOSE_WAIT);
	own(&w, r, 812, "nginx", 10);
	goes(&w, r, 500, 5);
	r = add(&w, "192.0.2.7:4002", STATE_TIME_WAIT);
	w.records[3].reason = OWNER_TIME_WAIT;
	r = add(&w, "[2001:db8::1]:443", STATE_ESTABLISHED);
	own(&w, r, 901, "curl", 3);
	r->fresh = true;
	r = add(&w, "unix:/run/x", STATE_CONNECTED);
	own(&w, r, 901, "curl", 4);
	add(&w, "192.0.2.9:1", STATE_ESTABLISHED); /* no-permission */
}

Test(groups, by_process)
{
	struct groups g = { 0 };
	const struct group *p;

	make_world();
	groups_make(&g, &w.session, GROUP_PROCESS);
	cr_assert_eq(g.count, 5);
	p = of_pid(&g, 812);
	cr_assert_not_null(p);
	cr_expect_eq(p->sockets, 3);
	cr_expect_eq(p->parts[PART_LISTEN], 1);
	cr_expect_eq(p->parts[PART_OPEN], 1);
	cr_expect_eq(p->parts[PART_CLOSE_WAIT], 1);
	cr_expect(p->rated);
	cr_expect_eq(p->out, 1500);
	cr_expect_eq(p->in, 15);
	cr_expect_eq(p->retransmits, 1000);
	cr_expect_eq(p->retrans, 6);
	cr_expect_eq(p->sent, 15000);
	cr_expect_eq(p->send_q, 77);
	cr_expect_eq(p->recv_q, 0, "a listener's queue is not of bytes");
	cr_expect_eq(p->waiting, 128);
	cr_expect(p->full);
	cr_expect_eq(p->some, 101, "a socket that is its own, rather than the shared one");
	cr_expect_eq(of_pid(&g, 800)->sockets, 1);
	cr_expect_eq(of_pid(&g, 800)->some, 100);
	cr_expect_not(of_pid(&g, 800)->rated);
	cr_expect_eq(of_pid(&g, 901)->fresh, 1);
	cr_expect_eq(of_pid(&g, 901)->parts[PART_OPEN], 2);
	groups_done(&g);
}

Test(groups, owners_that_are_not_known_go_by_the_reason)
{
	struct groups g = { 0 };
	unsigned seen = 0;

	make_world();
	groups_make(&g, &w.session, GROUP_PROCESS);
	for (size_t i = 0; i < g.count; i++)
		if (!g.groups[i].owner.pid) {
			seen |= 1u << g.groups[i].reason;
			cr_expect_eq(g.groups[i].sockets, 1);
		}
	cr_expect_eq(seen, 1u << OWNER_TIME_WAIT | 1u << OWNER_NO_PERMISSION);
	groups_done(&g);
}

Test(groups, by_remote)
{
	struct groups g = { 0 };
	bool found = false;

	make_world();
	groups_make(&g, &w.session, GROUP_REMOTE);
	cr_assert_eq(g.count, 5, "%zu", g.count); /* three addresses, none, unix */
	for (size_t i = 0; i < g.count; i++) {
		const struct group *r = &g.groups[i];
		struct buf words = { 0 };

		cr_expect(group_narrow(r, GROUP_REMOTE, &words));
		if (!strcmp(buf_text(&words), "dst:192.0.2.7")) {
			found = true;
			cr_expect_eq(r->sockets, 3, "v4-mapped is the same address");
			cr_expect_eq(r->out, 1500);
			cr_expect_eq(r->owner.pid, 812);
			cr_expect_not(r->several);
			cr_expect_eq(r->rtt_us, 1000);
			cr_expect_eq(r->measured, 2);
		}
		buf_done(&words);
	}
	cr_expect(found);
	groups_done(&g);
}

Test(groups, the_key_stays_and_tells_who_is_in_it)
{
	struct groups g = { 0 }, later = { 0 };

	for (int by = GROUP_PROCESS; by < GROUPS; by++) {
		w = (struct world){ 0 };
		make_world();
		groups_make(&g, &w.session, (enum group_by)by);
		w.session.rows = w.rows + 1; /* the first one is gone: the rest moves up */
		w.session.row_count--;
		groups_make(&later, &w.session, (enum group_by)by);
		for (size_t i = 0; i < later.count; i++) {
			const struct group *now = &later.groups[i], *was = groups_find(&g, now->key);
			uint32_t members = 0;

			cr_assert_not_null(was);
			cr_expect_eq(was->owner.pid, now->owner.pid);
			for (size_t k = 0; k < w.session.row_count; k++)
				members += group_has(now, &w.session, (enum group_by)by, &w.session.rows[k]);
			cr_expect_eq(members, now->sockets);
		}
		cr_expect_null(groups_find(&later, 12345));
	}
	groups_done(&g);
	groups_done(&later);
}

Test(groups, many)
{
	static struct row rows[20000];
	static struct sock socks[20000];
	struct session s = { .rows = rows, .row_count = 20000 };
	struct groups g = { 0 };

	for (unsigned i = 0; i < 20000; i++) {
		socks[i] = (struct sock){ .family = AF_INET, .type = SOCK_STREAM, .state = STATE_ESTABLISHED };
		socks[i].remote = (struct endpoint){ .family = AF_INET, .has_port = true, .port = 80 };
		socks[i].remote.ip[0] = 10;
		socks[i].remote.ip[1] = (uint8_t)(i % 7000 >> 8);
		socks[i].remote.ip[2] = (uint8_t)(i % 7000);
		rows[i] = (struct row){ .key = i + 1, .sock = &socks[i], .view = { .sock = &socks[i] } };
	}
	groups_make(&g, &s, GROUP_REMOTE);
	cr_expect_eq(g.count, 7000);
	groups_make(&g, &s, GROUP_PROCESS);
	cr_expect_eq(g.count, 1);
	cr_expect_eq(g.groups[0].sockets, 20000);
	groups_done(&g);
	groups_make(&g, &(struct session){ 0 }, GROUP_REMOTE);
	cr_expect_eq(g.count, 0);
	cr_expect_null(groups_find(&g, 1));
	groups_done(&g);
}
