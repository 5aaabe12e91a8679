/* Whole lives of sockets of every family and type, against the echo peers and against each other. */
#include "test_lab_help.h"

#include <criterion/parameterized.h>
#include <stdio.h>
#include <sys/stat.h>

TestSuite(lab, .init = need_loopback, .timeout = 60);

/* --- a life with the echo peer, every family × type --- */

ParameterizedTestParameters(lab, life)
{
	static int kinds[ECHO_COUNT];

	for (int i = 0; i < ECHO_COUNT; i++)
		kinds[i] = i;
	return cr_make_param_array(int, kinds, ECHO_COUNT);
}

ParameterizedTest(int *kind, lab, life)
{
	const struct echo_row *row = &echoes[*kind];
	bool tcp = row->family != AF_UNIX && row->type == SOCK_STREAM, stream = row->type != SOCK_DGRAM;
	struct lab *l = fresh(NULL);
	struct endpoint peer = echo_at(l, (enum echo_kind) * kind);
	uint32_t id = make(l, row->family, row->type);
	const struct call *c;

	cr_expect_eq(state_of(l, id), tcp ? STATE_CLOSED : STATE_UNCONNECTED);
	c = DO(l, id, VERB_CONNECT, .address = peer);
	cr_assert_eq(c->result, 0, "%s", c->note);
	cr_expect_eq(c->before, tcp ? STATE_CLOSED : STATE_UNCONNECTED);
	cr_expect_eq(c->after, tcp ? STATE_ESTABLISHED : STATE_CONNECTED);
	cr_expect(endpoint_same(&c->peer, &peer));
	cr_expect(endpoint_same(&lab_find(l, id)->now.remote, &peer));

	c = DO(l, id, VERB_SEND, .data = "hello\n", .data_len = 6);
	cr_expect_eq(c->result, 6);
	cr_expect_str_eq(c->function, "send");
	cr_expect_eq(c->data_len, 6);
	cr_expect_not(c->received);

	c = JUST(l, id, VERB_RECV);
	cr_expect_eq(c->result, 6);
	cr_assert_eq(c->data_len, 6);
	cr_expect_eq(memcmp(c->data, "hello\n", 6), 0);
	cr_expect(c->received);

	c = DO(l, id, VERB_SHUTDOWN, .how = SHUT_WR);
	cr_expect_eq(c->result, 0);
	cr_expect(lab_find(l, id)->wr_shut);
	if (tcp)
		cr_expect(c->after == STATE_FIN_WAIT_1 || c->after == STATE_FIN_WAIT_2);
	if (stream) {
		c = JUST(l, id, VERB_RECV);
		cr_expect_eq(c->result, 0);
		cr_expect(lab_find(l, id)->eof);
		cr_expect_not_null(c->data);
	}
	c = JUST(l, id, VERB_CLOSE);
	cr_expect_eq(c->result, 0);
	cr_expect(lab_find(l, id)->closed);
	cr_expect_eq(lab_find(l, id)->fd, -1);
	if (!tcp) {
		cr_expect_eq(c->after, STATE_CLOSED);
		cr_expect(lab_find(l, id)->gone);
	}
	cr_expect_eq(lab_find(l, id)->sent, 6);
	cr_expect_eq(lab_find(l, id)->received, 6);
	cr_expect_eq(lab_open_count(l), 0);
	lab_free(l);
}

/* --- the same between two of our own sockets --- */

static const struct pair_row {
	int family, type;
} pairs[] = {
	{ AF_INET, SOCK_STREAM },
	{ AF_INET6, SOCK_STREAM },
	{ AF_UNIX, SOCK_STREAM },
	{ AF_UNIX, SOCK_SEQPACKET },
};

enum { PAIRS = sizeof pairs / sizeof *pairs };

ParameterizedTestParameters(lab, listener)
{
	static int rows[PAIRS];

	for (int i = 0; i < PAIRS; i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, PAIRS);
}

ParameterizedTest(int *i, lab, listener)
{
	bool tcp = pairs[*i].family != AF_UNIX;
	struct lab *l = fresh(NULL);
	uint32_t listener = make_listener(l, pairs[*i].family, pairs[*i].type, 5), client, first, second;
	struct endpoint to = local_of(l, listener);
	const struct call *c;
	char name[LAB_NAME + 8];
	uint64_t waits;

	cr_expect_eq(state_of(l, listener), STATE_LISTEN);
	cr_expect_eq(lab_find(l, listener)->waiting, 0);
	waits = START(l, listener, VERB_ACCEPT, .how = 0);
	cr_expect_eq(call_of(l, waits)->status, CALL_RUNNING);
	cr_expect_eq(call_of(l, waits)->error, EAGAIN);
	client = make(l, pairs[*i].family, pairs[*i].type);
	cr_assert_eq(DO(l, client, VERB_CONNECT, .address = to)->result, 0);
	c = settle(l, waits);
	cr_assert_eq(c->status, CALL_OK);
	first = c->made;
	cr_expect_eq(c->result, lab_find(l, first)->fd);
	cr_expect_eq(lab_find(l, first)->listener, listener);
	snprintf(name, sizeof name, "%s_1", lab_find(l, listener)->name);
	cr_expect_str_eq(lab_find(l, first)->name, name);
	cr_expect_eq(state_of(l, first), tcp ? STATE_ESTABLISHED : STATE_CONNECTED);
	if (tcp) {
		cr_expect(endpoint_same(&c->peer, &lab_find(l, client)->now.local));
		cr_expect_eq(lab_find(l, first)->history.steps[0].state, STATE_SYN_RECEIVED);
		cr_expect_eq(lab_find(l, first)->history.steps[1].state, STATE_ESTABLISHED);
	}
	client = make(l, pairs[*i].family, pairs[*i].type);
	cr_assert_eq(DO(l, client, VERB_CONNECT, .address = to)->result, 0);
	UNTIL(l, state_of(l, listener) == STATE_LISTEN && lab_find(l, listener)->waiting == 1);
	second = JUST(l, listener, VERB_ACCEPT)->made;
	snprintf(name, sizeof name, "%s_2", lab_find(l, listener)->name);
	cr_expect_str_eq(lab_find(l, second)->name, name);
	cr_expect_eq(lab_find(l, listener)->accepted, 2);

	cr_expect_eq(DO(l, second, VERB_SEND, .data = "abc", .data_len = 3)->result, 3);
	cr_expect_eq(JUST(l, client, VERB_RECV)->result, 3);
	JUST(l, second, VERB_CLOSE);
	cr_expect_eq(JUST(l, client, VERB_RECV)->result, 0);
	if (tcp)
		cr_expect_eq(state_of(l, client), STATE_CLOSE_WAIT);
	lab_free(l);
}

/* --- names --- */

Test(lab, names)
{
	struct lab *l = fresh(NULL);
	uint32_t first = make(l, AF_INET, SOCK_STREAM);
	char name[LAB_NAME];

	cr_expect_str_eq(lab_find(l, first)->name, "tcp1");
	JUST(l, first, VERB_CLOSE);
	cr_expect_str_eq(lab_find(l, make(l, AF_INET6, SOCK_STREAM))->name, "tcp2");
	cr_expect_str_eq(lab_find(l, make(l, AF_INET, SOCK_DGRAM))->name, "udp1");
	cr_expect_str_eq(lab_find(l, make(l, AF_UNIX, SOCK_STREAM))->name, "unix1");
	cr_expect_str_eq(lab_find(l, make(l, AF_UNIX, SOCK_DGRAM))->name, "unix2");
	make_named(l, "tcp7", AF_INET, SOCK_STREAM, 0);
	make_named(l, "server", AF_INET, SOCK_STREAM, 0);
	cr_expect_str_eq(lab_find(l, make(l, AF_INET, SOCK_STREAM))->name, "tcp8");
	lab_auto_name(l, AF_INET, SOCK_RAW, 1, name);
	cr_expect_str_eq(name, "raw1");
	lab_auto_name(l, AF_INET, SOCK_STREAM, 0, name);
	cr_expect_str_eq(name, "tcp9");
	lab_free(l);
}

Test(lab, a_name_finds_the_open_one_then_the_newest)
{
	struct lab *l = fresh(NULL);
	uint32_t first = make_named(l, "c", AF_INET, SOCK_STREAM, 0), second;

	JUST(l, first, VERB_CLOSE);
	cr_expect_eq(lab_find_name(l, "c")->id, first);
	second = make_named(l, "c", AF_INET, SOCK_STREAM, 0);
	cr_expect_eq(lab_find_name(l, "c")->id, second);
	JUST(l, second, VERB_CLOSE);
	cr_expect_eq(lab_find_name(l, "c")->id, second);
	cr_expect_null(lab_find_name(l, "d"));
	cr_expect_null(lab_find(l, 999));
	lab_free(l);
}

Test(lab, a_long_listener_name_leaves_room_for_the_number)
{
	struct lab *l = fresh(NULL);
	uint32_t id = make_named(l, "a_listener_whose_name_is_31_chars", AF_INET, SOCK_STREAM, 0), client;
	struct endpoint any = at("127.0.0.1:0"), to;
	const char *name;

	DO(l, id, VERB_BIND, .address = any);
	DO(l, id, VERB_LISTEN, .backlog = 1);
	to = local_of(l, id);
	client = make(l, AF_INET, SOCK_STREAM);
	DO(l, client, VERB_CONNECT, .address = to);
	name = lab_find(l, JUST(l, id, VERB_ACCEPT)->made)->name;
	cr_expect_eq(strlen(name), LAB_NAME - 1);
	cr_expect_str_eq(name + strlen(name) - 2, "_1");
	lab_free(l);
}

/* --- what a look tells --- */

Test(lab, a_look_fills_the_record)
{
	struct lab *l = fresh(NULL);
	uint32_t client, accepted = make_pair(l, AF_INET, SOCK_STREAM, &client);
	const struct lab_sock *s;
	struct stat st;

	DO(l, client, VERB_SEND, .data = "12345", .data_len = 5);
	UNTIL(l, state_of(l, accepted) == STATE_ESTABLISHED && lab_find(l, accepted)->now.recv_q == 5);
	s = lab_find(l, accepted);
	cr_expect_eq(s->now.protocol, IPPROTO_TCP);
	cr_expect_eq(s->now.tcp.bytes_received, 5);
	cr_expect_gt(s->now.tcp.snd_mss, 500);
	cr_expect_gt(s->now.tcp.cwnd, 1);
	cr_expect_gt(strlen(s->now.tcp.congestion), 0);
	cr_expect_gt(s->now.rcvbuf, 0);
	cr_expect_neq(s->now.cookie, 0);
	cr_expect_eq(fstat(s->fd, &st), 0);
	cr_expect_eq(s->now.inode, st.st_ino);
	cr_expect_eq(s->now.uid, getuid());
	cr_expect_eq(s->now.known, SOCK_HAS_TCP | SOCK_HAS_QUEUES | SOCK_HAS_COOKIE | SOCK_HAS_INODE | SOCK_HAS_UID |
					   SOCK_HAS_MEMORY);
	cr_expect(endpoint_same(&s->now.remote, &lab_find(l, client)->now.local));
	lab_free(l);
}

Test(lab, a_listener_tells_its_backlog)
{
	struct lab *l = fresh(NULL);
	uint32_t id = make_listener(l, AF_INET, SOCK_STREAM, 3);

	state_of(l, id);
	cr_expect_eq(lab_find(l, id)->now.backlog, 3);
	cr_expect(lab_find(l, id)->now.known & SOCK_HAS_BACKLOG);
	lab_free(l);
}

/* --- closed ones --- */

Test(lab, closed_sockets_are_bounded)
{
	struct lab *l = fresh(NULL);
	uint32_t first = make(l, AF_INET, SOCK_DGRAM), keep = make(l, AF_INET, SOCK_DGRAM);
	size_t i = 0, listed = 0;
	uint32_t last_id = 0;

	JUST(l, first, VERB_CLOSE);
	for (int k = 0; k < 3 * LAB_CLOSED; k++)
		JUST(l, make(l, AF_UNIX, SOCK_DGRAM), VERB_CLOSE);
	for (struct lab_sock *s = lab_next(l, &i); s; s = lab_next(l, &i)) {
		cr_assert_gt(s->id, last_id);
		last_id = s->id;
		listed++;
	}
	cr_expect_eq(listed, LAB_CLOSED + 1);
	cr_expect_null(lab_find(l, first));
	cr_expect_not_null(lab_find(l, keep));
	cr_expect_eq(lab_open_count(l), 1);
	lab_free(l);
}

struct fake_kernel {
	int answer;
	enum state state;
	unsigned asked;
};

static int fake_lookup(void *ctx, const struct sock *was, struct sock *now)
{
	struct fake_kernel *k = ctx;

	(void)was;
	k->asked++;
	now->state = k->state;
	now->timer = TIMER_TIME_WAIT;
	now->timer_ms = 59000;
	now->known = SOCK_HAS_TIMER;
	return k->answer;
}

Test(lab, time_wait_is_followed_until_it_is_gone)
{
	struct fake_kernel kernel = { 1, STATE_FIN_WAIT_2, 0 };
	struct lab *l = fresh(&(struct lab_hooks){ .ctx = &kernel, .lookup = fake_lookup });
	uint32_t client, accepted = make_pair(l, AF_INET, SOCK_STREAM, &client);
	const struct call *c = JUST(l, client, VERB_CLOSE);
	struct lab_sock *s;

	cr_expect_eq(c->before, STATE_ESTABLISHED);
	cr_expect_eq(c->after, STATE_FIN_WAIT_2);
	JUST(l, accepted, VERB_CLOSE);
	kernel.state = STATE_TIME_WAIT;
	lab_look_all(l, 10, clock_real_ns());
	s = lab_find(l, client);
	cr_expect_eq(s->now.state, STATE_TIME_WAIT);
	cr_expect_eq(s->now.timer, TIMER_TIME_WAIT);
	cr_expect_not(s->gone);
	kernel.answer = -EPERM;
	lab_look_all(l, 10, clock_real_ns());
	cr_expect_eq(lab_find(l, client)->now.state, STATE_TIME_WAIT);
	kernel.answer = 0;
	lab_look_all(l, 10, clock_real_ns());
	s = lab_find(l, client);
	cr_expect(s->gone);
	cr_expect_eq(s->now.state, STATE_CLOSED);
	cr_expect_eq(s->history.steps[s->history.step_count - 1].cause, CAUSE_TIMER);
	cr_expect_eq(s->history.steps[s->history.step_count - 2].state, STATE_TIME_WAIT);
	kernel.asked = 0;
	lab_look_all(l, 10, clock_real_ns());
	cr_expect_eq(kernel.asked, 0, "what is gone is not asked for again");
	lab_free(l);
}

Test(lab, closed_ones_are_looked_at_in_turn)
{
	struct fake_kernel kernel = { 1, STATE_TIME_WAIT, 0 };
	struct lab *l = fresh(&(struct lab_hooks){ .ctx = &kernel, .lookup = fake_lookup });
	uint32_t ids[5];
	uint64_t now = clock_real_ns() + SECOND;

	for (int i = 0; i < 5; i++) {
		ids[i] = make(l, AF_INET, SOCK_STREAM);
		JUST(l, ids[i], VERB_CLOSE);
	}
	for (int i = 0; i < 5; i++) {
		kernel.asked = 0;
		lab_look_all(l, 1, now);
		cr_expect_eq(kernel.asked, 1);
	}
	for (int i = 0; i < 5; i++)
		cr_expect_eq(lab_find(l, ids[i])->looked_ns, now);
	lab_free(l);
}

/* The descriptor says CLOSED once the connection is in TIME-WAIT: the lookup knows better. */
Test(lab, time_wait_before_close)
{
	struct fake_kernel kernel = { 1, STATE_TIME_WAIT, 0 };
	struct lab *l = fresh(&(struct lab_hooks){ .ctx = &kernel, .lookup = fake_lookup });
	uint32_t client, accepted = make_pair(l, AF_INET, SOCK_STREAM, &client);

	DO(l, client, VERB_SHUTDOWN, .how = SHUT_WR);
	DO(l, accepted, VERB_SHUTDOWN, .how = SHUT_WR);
	UNTIL(l, state_of(l, client) == STATE_TIME_WAIT);
	cr_expect_eq(state_of(l, accepted), STATE_CLOSED);
	lab_free(l);
}
