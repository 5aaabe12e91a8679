/* The states that packets prove, and how a connection ended. */
#include "analysis/flow_state.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <netinet/in.h>
#include <string.h>

enum { S = TCP_FLAG_SYN, A = TCP_FLAG_ACK, F = TCP_FLAG_FIN, R = TCP_FLAG_RST, SEGMENTS = 10 };

struct segment {
	int way; /* 1: from a, 2: from b; 0: the end */
	uint16_t flags;
	uint32_t seq, ack;
};

#define OPEN                                \
	{ 1, S, 0, 0 }, { 2, S | A, 0, 1 }, \
	{                                   \
		1, A, 1, 1                  \
	}

static const struct course {
	const char *name;
	struct segment s[SEGMENTS];
	enum state a, b;
	enum flow_ending ending;
	int reset_by;
	unsigned opener;
} courses[] = {
	/* clang-format off */
	{ "asked", { { 1, S, 0, 0 } }, STATE_SYN_SENT, STATE_NONE, FLOW_OPEN, -1, 0 },
	{ "answered", { { 1, S, 0, 0 }, { 2, S | A, 0, 1 } },
	  STATE_ESTABLISHED, STATE_SYN_RECEIVED, FLOW_OPEN, -1, 0 },
	{ "open", { OPEN }, STATE_ESTABLISHED, STATE_ESTABLISHED, FLOW_OPEN, -1, 0 },
	{ "opened by both at once",
	  { { 1, S, 0, 0 }, { 2, S, 0, 0 }, { 1, S | A, 0, 1 } },
	  STATE_SYN_RECEIVED, STATE_ESTABLISHED, FLOW_OPEN, -1, 0 },
	{ "the answer was seen first", { { 1, S | A, 0, 1 }, { 2, A, 1, 1 } },
	  STATE_ESTABLISHED, STATE_ESTABLISHED, FLOW_OPEN, -1, 1 },
	{ "a closes", { OPEN, { 1, F | A, 1, 1 } },
	  STATE_FIN_WAIT_1, STATE_CLOSE_WAIT, FLOW_HALF, -1, 0 },
	{ "b knows it", { OPEN, { 1, F | A, 1, 1 }, { 2, A, 1, 2 } },
	  STATE_FIN_WAIT_2, STATE_CLOSE_WAIT, FLOW_HALF, -1, 0 },
	{ "b closes too", { OPEN, { 1, F | A, 1, 1 }, { 2, F | A, 1, 2 } },
	  STATE_TIME_WAIT, STATE_LAST_ACK, FLOW_FIN, -1, 0 },
	{ "all of it", { OPEN, { 1, F | A, 1, 1 }, { 2, F | A, 1, 2 }, { 1, A, 2, 2 } },
	  STATE_TIME_WAIT, STATE_CLOSED, FLOW_FIN, -1, 0 },
	{ "b closes first", { OPEN, { 2, F | A, 1, 1 }, { 1, F | A, 1, 2 }, { 2, A, 2, 2 } },
	  STATE_CLOSED, STATE_TIME_WAIT, FLOW_FIN, -1, 0 },
	{ "both at once", { OPEN, { 1, F | A, 1, 1 }, { 2, F | A, 1, 1 } },
	  STATE_CLOSING, STATE_CLOSING, FLOW_FIN, -1, 0 },
	{ "both at once, and acknowledged",
	  { OPEN, { 1, F | A, 1, 1 }, { 2, F | A, 1, 1 }, { 1, A, 2, 2 }, { 2, A, 2, 2 } },
	  STATE_TIME_WAIT, STATE_TIME_WAIT, FLOW_FIN, -1, 0 },
	{ "refused", { { 1, S, 0, 0 }, { 2, R | A, 0, 1 } },
	  STATE_CLOSED, STATE_CLOSED, FLOW_RST, 1, 0 },
	{ "aborted by a", { OPEN, { 1, R, 1, 0 } }, STATE_CLOSED, STATE_CLOSED, FLOW_RST, 0, 0 },
	{ "both reset, b first", { OPEN, { 2, R, 1, 0 }, { 1, R, 1, 0 } },
	  STATE_CLOSED, STATE_CLOSED, FLOW_RST, 1, 0 },
	{ "closed, then a reset", { OPEN, { 1, F | A, 1, 1 }, { 2, R, 1, 0 } },
	  STATE_CLOSED, STATE_CLOSED, FLOW_RST, 1, 0 },
	{ "begun before the capture", { { 1, A, 1, 1 }, { 2, A, 1, 1 } },
	  STATE_ESTABLISHED, STATE_ESTABLISHED, FLOW_OPEN, -1, 0 },
	/* clang-format on */
};

enum { COURSES = sizeof courses / sizeof *courses };

ParameterizedTestParameters(analysis, states)
{
	static int rows[COURSES];

	for (int i = 0; i < COURSES; i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, COURSES);
}

ParameterizedTest(int *row, analysis, states)
{
	const struct course *c = &courses[*row];
	struct flow_table t;
	struct flow *f;

	flow_table_init(&t, 4);
	for (unsigned i = 0; i < SEGMENTS && c->s[i].way; i++) {
		uint8_t from = (uint8_t)c->s[i].way;
		struct packet p = { .number = i + 1,
				    .at_ns = i + 1,
				    .family = AF_INET,
				    .ip_proto = IPPROTO_TCP,
				    .has_ports = true,
				    .sport = from,
				    .dport = 3 - from,
				    .src = { 10, 0, 0, from },
				    .dst = { 10, 0, 0, (uint8_t)(3 - from) },
				    .tcp_flags = c->s[i].flags,
				    .tcp_seq = 70000 * from + c->s[i].seq };

		if (p.tcp_flags & A)
			p.tcp_ack = 70000 * (3u - from) + c->s[i].ack;
		flow_table_add(&t, &p, NULL);
	}
	cr_assert_eq(t.count, 1, "%s", c->name);
	f = &t.flows[0];
	cr_expect_str_eq(state_name(flow_state(f, 0)), state_name(c->a), "%s", c->name);
	cr_expect_str_eq(state_name(flow_state(f, 1)), state_name(c->b), "%s", c->name);
	cr_expect_str_eq(flow_endings[flow_ending(f)], flow_endings[c->ending], "%s", c->name);
	cr_expect_eq(flow_reset_by(f), c->reset_by, "%s", c->name);
	cr_expect_eq(flow_opener(f), c->opener, "%s", c->name);
	flow_table_done(&t);
}

Test(analysis, only_tcp_has_states)
{
	struct packet p = { .number = 1, .family = AF_INET, .ip_proto = IPPROTO_UDP, .has_ports = true };
	struct flow_table t;

	flow_table_init(&t, 4);
	flow_table_add(&t, &p, NULL);
	cr_expect_eq(flow_state(&t.flows[0], 0), STATE_NONE);
	cr_expect_eq(flow_ending(&t.flows[0]), FLOW_OPEN);
	flow_table_done(&t);
}
