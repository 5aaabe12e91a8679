/* What a recording keeps of sockets and calls: the messages, and a sitting that is opened again. */
#include "session/follow.h"
#include "session/ladder_of.h"
#include "session/opened.h"
#include "session/replay.h"
#include "session/session.h"
#include "session/sitting.h"

#include "util/buf.h"
#include "util/clock.h"
#include "util/err.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- messages --- */

static void some_socket(struct lab_sock *k)
{
	struct err e;

	memset(k, 0, sizeof *k);
	k->id = 7;
	strcpy(k->name, "client");
	k->fd = -1;
	k->closed = true;
	k->created_ns = 1000;
	k->last_error = 111;
	k->sent = 5;
	k->now.family = AF_INET;
	k->now.type = SOCK_STREAM;
	k->now.state = STATE_TIME_WAIT;
	k->now.known = SOCK_HAS_TCP | SOCK_HAS_INODE;
	k->now.inode = 4711;
	k->now.tcp.rtt_us = 42;
	strcpy(k->now.tcp.congestion, "cubic");
	endpoint_parse("127.0.0.1:80", &k->now.local, NULL, &e);
	endpoint_parse("unix:@name", &k->now.remote, NULL, &e);
	history_init(&k->history, STATE_CLOSED, 1000, "socket");
	history_prove(&k->history, 1100, CAUSE_CALL, PROOF_CONNECT, "connect");
}

static void some_call(struct call *c)
{
	memset(c, 0, sizeof *c);
	c->number = 3;
	c->sock = 7;
	strcpy(c->name, "client");
	c->fd = 9;
	c->verb = "send";
	c->function = "sendto";
	strcpy(c->args, "\"x\", 1");
	c->status = CALL_ERROR;
	c->result = -1;
	c->error = 32;
	c->start_ns = 5;
	c->end_ns = 6;
	c->before = STATE_ESTABLISHED;
	c->after = STATE_CLOSED;
	c->data = (uint8_t *)"bytes";
	c->data_len = 5;
	strcpy(c->note, "the peer is gone");
}

static void some_host(struct sitting_host *h)
{
	struct lab_sock k;

	some_socket(&k);
	*h = (struct sitting_host){ .key = 77, .peer = 78, .netns = 5, .owner_count = 2, .sock = k.now };
	h->owners[0] = (struct owner){ .pid = 12, .fd = 3, .uid = 1000, .process = "nginx" };
	h->owners[1] = (struct owner){ .pid = 13, .fd = 4, .uid = 0, .process = "fifteen letters" };
}

static struct buf message_of(enum sitting_kind kind)
{
	const struct sitting_begin begin = { 99, 1234 };
	struct sitting_host h;
	struct buf out = { 0 };
	struct lab_sock k;
	struct call c;

	some_socket(&k);
	some_call(&c);
	some_host(&h);
	switch (kind) {
	case SITTING_BEGIN: sitting_begin(&out, &begin); break;
	case SITTING_SOCKET: sitting_socket(&out, &k); break;
	case SITTING_FORGOT: sitting_forgot(&out, 7); break;
	case SITTING_CALL: sitting_call(&out, &c); break;
	default: sitting_host(&out, kind, &h); break;
	}
	return out;
}

Test(sitting, messages_come_back)
{
	struct sitting_message *m = malloc(sizeof *m);
	struct lab_sock k;
	struct sitting_host h;
	struct buf b;

	some_socket(&k);
	some_host(&h);
	b = message_of(SITTING_SOCKET);
	cr_assert_eq(sitting_read((const uint8_t *)b.data, b.len, m), SITTING_OK);
	cr_assert_eq(m->kind, SITTING_SOCKET);
	cr_assert_eq(m->sock.id, 7);
	cr_assert_str_eq(m->sock.name, "client");
	cr_assert_eq(m->sock.fd, -1);
	cr_assert_eq(m->sock.last_error, 111);
	cr_assert(endpoint_same(&m->sock.now.local, &k.now.local));
	cr_assert(endpoint_same(&m->sock.now.remote, &k.now.remote));
	cr_assert_eq(m->sock.now.tcp.rtt_us, 42);
	cr_assert_str_eq(m->sock.now.tcp.congestion, "cubic");
	cr_assert_eq(m->sock.history.step_count, k.history.step_count);
	cr_assert_eq(m->sock.history.steps[1].state, STATE_SYN_SENT);
	cr_assert_str_eq(m->sock.history.steps[1].why, "connect");
	buf_done(&b);
	b = message_of(SITTING_CALL);
	cr_assert_eq(sitting_read((const uint8_t *)b.data, b.len, m), SITTING_OK);
	cr_assert_eq(m->call.number, 3);
	cr_assert_str_eq(m->call.function, "sendto");
	cr_assert_eq(m->call.result, -1);
	cr_assert_eq(m->call.data_len, 5);
	cr_assert_arr_eq(m->call.data, "bytes", 5);
	cr_assert_str_eq(m->call.note, "the peer is gone");
	buf_done(&b);
	b = message_of(SITTING_HOST);
	cr_assert_eq(sitting_read((const uint8_t *)b.data, b.len, m), SITTING_OK);
	cr_assert_eq(m->host.peer, 78);
	cr_assert_eq(m->host.owner_count, 2);
	cr_assert_str_eq(m->host.owners[1].process, "fifteen letters");
	buf_done(&b);
	free(m);
}

/* Cut anywhere, in a buffer of exactly that size: never read beyond, never taken for whole. */
Test(sitting, every_length)
{
	struct sitting_message *m = malloc(sizeof *m);

	for (enum sitting_kind kind = SITTING_BEGIN; kind <= SITTING_GONE; kind++) {
		struct buf b = message_of(kind);

		for (size_t len = 0; len <= b.len; len++) {
			uint8_t *exact = malloc(len ? len : 1);

			memcpy(exact, b.data, len);
			cr_assert_eq(sitting_read(exact, len, m), len < b.len ? SITTING_BAD : SITTING_OK,
				     "kind %d, %zu of %zu bytes", (int)kind, len, b.len);
			free(exact);
		}
		buf_putc(&b, 'x'); /* a later version may say more */
		cr_assert_eq(sitting_read((const uint8_t *)b.data, b.len, m), SITTING_OK);
		buf_done(&b);
	}
	free(m);
}

Test(sitting, later_versions_are_passed_over)
{
	struct sitting_message *m = malloc(sizeof *m);
	struct buf b = message_of(SITTING_CALL);

	b.data[0] = SITTING_VERSION + 1;
	cr_assert_eq(sitting_read((const uint8_t *)b.data, b.len, m), SITTING_UNKNOWN);
	b.data[0] = SITTING_VERSION;
	b.data[2] = 99;
	cr_assert_eq(sitting_read((const uint8_t *)b.data, b.len, m), SITTING_UNKNOWN);
	buf_done(&b);
	free(m);
}

Test(sitting, many_in_a_block)
{
	struct buf block = { 0 }, one = message_of(SITTING_FORGOT);
	const uint8_t *at, *got;
	size_t left, len;
	unsigned count = 0;

	for (unsigned i = 0; i < 5; i++)
		sitting_join(&block, &one);
	at = (const uint8_t *)block.data;
	left = block.len - 1; /* the last one is cut */
	while ((got = sitting_next(&at, &left, &len))) {
		cr_assert_eq(len, one.len);
		cr_assert_arr_eq(got, one.data, len);
		count++;
	}
	cr_assert_eq(count, 4);
	cr_assert_gt(left, 0, "what is left is damaged");
	buf_done(&block);
	buf_done(&one);
}

/* --- a whole sitting --- */

static struct session *begin(const char *record, const char *file)
{
	const struct session_config config = { .device = "lo", .record = record, .file = file };
	struct session *s;
	struct err e;

	cr_assert_eq(session_new(&config, &s, &e), 0, "%s", e.text);
	return s;
}

static void enter(struct session *s, const char *line)
{
	struct err e;

	cr_assert_eq(session_enter(s, line, &e, NULL), 0, "%s: %s", line, e.text);
	for (unsigned i = 0; i < 3; i++)
		session_wait(s, NULL, 0, clock_mono_ns() + 5000000);
}

static void wait_read(struct session *s)
{
	uint64_t until = clock_mono_ns() + 10000000000u;

	while (!s->opened->read && clock_mono_ns() < until)
		session_wait(s, NULL, 0, clock_mono_ns() + 20000000);
	cr_assert(s->opened->read);
	session_tick(s);
}

Test(sitting, is_opened_again_as_it_was)
{
	static const char *const lines[] = {
		"l = socket inet stream",
		"l.bind 127.0.0.1:0",
		"l.listen",
		"c = socket inet stream",
		"c.connect $l.local",
		"a = l.accept",
		"c.send \"hello\\n\"",
		"a.recv",
		"a.send hex:00ff",
		"c.recv",
		"c.setsockopt TCP_NODELAY 1",
		"a.close",
		"c.recv",
		"c.close",
		"u = socket unix dgram",
		"u.connect unix:/nowhere",
		"u.close",
		"n = socket inet stream",
		"n.bind 192.0.2.1:1",
	};
	char path[] = "/tmp/sockeye-sitting-XXXXXX";
	struct buf live = { 0 }, again = { 0 }, calls = { 0 }, calls_again = { 0 };
	struct session *s;
	struct err e;

	close(mkstemp(path));
	unlink(path);
	s = begin(path, NULL);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		enter(s, lines[i]);
	cr_assert_eq(session_record_close(s, &e), 0);
	ladder_of_all(s, false, 100, &live);
	for (uint64_t n = 1; n < lab_journal(s->lab)->next; n++) {
		call_format(journal_find(lab_journal(s->lab), n), false, &calls);
		buf_putc(&calls, '\n');
	}
	session_free(s);
	cr_assert_gt(live.len, 500);

	s = begin(NULL, path);
	wait_read(s);
	ladder_of_all(s, false, 100, &again);
	for (uint64_t n = 1; n < lab_journal(s->lab)->next; n++) {
		call_format(journal_find(lab_journal(s->lab), n), false, &calls_again);
		buf_putc(&calls_again, '\n');
	}
	cr_expect_str_eq(buf_text(&calls_again), buf_text(&calls));
	cr_expect_str_eq(buf_text(&again), buf_text(&live));
	cr_assert_eq(session_pid(s), (uint32_t)getpid());
	session_set_scope(s, SCOPE_MINE);
	cr_assert_eq(s->row_count, 5);
	cr_assert_neq(session_enter(s, "c.send \"x\"", &e, NULL), 0, "it is read only");
	cr_assert_eq(e.code, EROFS);
	cr_assert_neq(session_enter(s, "x = socket inet stream", &e, NULL), 0);
	cr_assert_neq(session_enter(s, "echo start", &e, NULL), 0);
	cr_assert_eq(session_enter(s, "filter proto:tcp", &e, NULL), 0);
	session_free(s);
	unlink(path);
	buf_done(&live);
	buf_done(&again);
	buf_done(&calls);
	buf_done(&calls_again);
}
