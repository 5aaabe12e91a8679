/* test_lab_help.h - driving a lab in a test: no sleeps, only its descriptor and its deadlines. */
#ifndef TEST_LAB_HELP_H
#define TEST_LAB_HELP_H

#include "lab/lab.h"
#include "util/buf.h"
#include "util/clock.h"
#include "util/err.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SECOND 1000000000ull
#define MS 1000000ull

/* One turn of a main loop. False when the test has waited five seconds. */
static inline bool turn(struct lab *l, uint64_t begun_ns)
{
	struct pollfd one = { .fd = lab_fd(l), .events = POLLIN };
	uint64_t now = clock_mono_ns(), due = lab_deadline(l);
	int ms = due <= now ? 0 : due - now > 20 * MS ? 20 : (int)((due - now) / MS) + 1;

	poll(&one, 1, ms);
	lab_dispatch(l);
	return clock_mono_ns() - begun_ns < 5 * SECOND;
}

#define UNTIL(l, condition)                                                       \
	do {                                                                      \
		uint64_t begun = clock_mono_ns();                                 \
		while (!(condition))                                              \
			cr_assert(turn(l, begun), "not within 5 s: " #condition); \
	} while (0)

static inline const struct call *call_of(struct lab *l, uint64_t number)
{
	const struct call *c = journal_find(lab_journal(l), number);

	cr_assert_not_null(c);
	return c;
}

/* Drive until the call has ended. */
static inline const struct call *settle(struct lab *l, uint64_t number)
{
	UNTIL(l, call_of(l, number)->status != CALL_RUNNING);
	return call_of(l, number);
}

/* Start a verb and see it through: DO(l, id, VERB_SEND, .data = "x", .data_len = 1)->result */
#define START(l, id, verb, ...) \
	lab_call(l, lab_find(l, id), verb, &(struct lab_args){ .name = NULL, __VA_ARGS__ }, UINT64_MAX)
#define DO(l, id, verb, ...) settle(l, START(l, id, verb, __VA_ARGS__))
#define JUST(l, id, verb) settle(l, START(l, id, verb, .how = 0))

static inline struct lab *fresh(const struct lab_hooks *hooks)
{
	struct err e = { 0 };
	struct lab *l = lab_new(hooks, &e);

	cr_assert_not_null(l, "%s", e.text);
	return l;
}

static inline uint32_t make_named(struct lab *l, const char *name, int family, int type, int protocol)
{
	const struct call *c = settle(
		l, lab_call(l, NULL, VERB_SOCKET,
			    &(struct lab_args){ .name = name, .family = family, .type = type, .protocol = protocol },
			    UINT64_MAX));

	cr_assert_eq(c->status, CALL_OK, "socket(%d, %d, %d): errno %d", family, type, protocol, c->error);
	return c->made;
}

static inline uint32_t make(struct lab *l, int family, int type)
{
	return make_named(l, NULL, family, type, 0);
}

static inline struct endpoint at(const char *text)
{
	struct endpoint e;
	struct err why;

	cr_assert_geq((int)endpoint_parse(text, &e, NULL, &why), 0, "%s", why.text);
	return e;
}

static inline struct endpoint echo_at(struct lab *l, enum echo_kind kind)
{
	struct endpoint e = { 0 };
	struct err why = { 0 };

	cr_assert_eq(lab_echo_start(l, kind, NULL, &why), 0, "%s", why.text);
	cr_assert(lab_echo_address(l, kind, &e));
	return e;
}

static inline enum state state_of(struct lab *l, uint32_t id)
{
	struct lab_sock *s = lab_find(l, id);

	lab_look(l, s, clock_real_ns());
	return s->now.state;
}

/* A bound and listening socket on the loopback of its family. */
static inline uint32_t make_listener(struct lab *l, int family, int type, int backlog)
{
	uint32_t id = make(l, family, type);
	struct endpoint e = at(family == AF_INET6 ? "[::1]:0" : family == AF_INET ? "127.0.0.1:0" : "unix:@");

	cr_assert_eq(DO(l, id, VERB_BIND, .address = e)->result, 0);
	cr_assert_eq(DO(l, id, VERB_LISTEN, .backlog = backlog)->result, 0);
	return id;
}

static inline struct endpoint local_of(struct lab *l, uint32_t id)
{
	return lab_find(l, id)->now.local;
}

/* A connected pair of our own: the accepted end's id; *client is the other. */
static inline uint32_t make_pair(struct lab *l, int family, int type, uint32_t *client)
{
	uint32_t listener = make_listener(l, family, type, 8), accepted;
	struct endpoint to = local_of(l, listener);

	*client = make(l, family, type);
	cr_assert_eq(DO(l, *client, VERB_CONNECT, .address = to)->result, 0);
	accepted = JUST(l, listener, VERB_ACCEPT)->made;
	cr_assert_neq(accepted, 0);
	JUST(l, listener, VERB_CLOSE);
	return accepted;
}

/* The tests need a loopback: they are run in a network namespace of their own where it is up. */
static inline void need_loopback(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = 0x0900, .sin_addr.s_addr = 0x0100007f };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool up = !connect(fd, (struct sockaddr *)&to, sizeof to);

	close(fd);
	if (up)
		return;
	cr_assert(!getenv("CI"), "the loopback interface is down");
	cr_skip_test("the loopback interface is down: run in a network namespace with lo up");
}

#endif
