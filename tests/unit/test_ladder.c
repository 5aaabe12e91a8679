/* The ladder's model: order, rows, lanes, words; and lines of text at several widths. */
#include "analysis/ladder.h"
#include "analysis/ladder_line.h"
#include "analysis/ladder_svg.h"

#include "test_ui_help.h"

#include <criterion/criterion.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define T0 UINT64_C(1763862649000000000)
#define US UINT64_C(1000)
#define MS UINT64_C(1000000)

static void call(struct ladder *l, unsigned party, uint64_t number, uint64_t start, uint64_t end, const char *function,
		 const char *text, const char *result)
{
	struct ladder_call c = { .number = number,
				 .start_ns = T0 + start,
				 .end_ns = end ? T0 + end : 0,
				 .duration_ns = end ? end - start : 0,
				 .function = function,
				 .call = text,
				 .result = result,
				 .failed = strstr(result, "-1") != NULL };

	ladder_call(l, party, &c);
}

static void tcp(struct ladder *l, unsigned from, unsigned to, uint64_t number, uint64_t at, uint16_t flags,
		uint32_t seq, uint32_t ack, uint16_t window, const char *data, enum direction way, const char *mark)
{
	struct packet p = { .number = number,
			    .at_ns = T0 + at,
			    .direction = (uint8_t)way,
			    .ip_proto = IPPROTO_TCP,
			    .has_ports = true,
			    .tcp_flags = flags,
			    .tcp_seq = seq,
			    .tcp_ack = ack,
			    .tcp_window = window,
			    .payload_len = (uint32_t)strlen(data),
			    .cap = (uint32_t)strlen(data) };

	ladder_packet(l, from, to, &p, NULL, (const uint8_t *)data, mark, mark != NULL);
}

enum { S = TCP_FLAG_SYN, A = TCP_FLAG_ACK, P = TCP_FLAG_PSH, F = TCP_FLAG_FIN, R = TCP_FLAG_RST };

/* A connection of two ends that are both ours, with a retransmission, a silence and a reset. */
static void conversation(struct ladder *l)
{
	unsigned c = ladder_party(l, "client", "127.0.0.1:40312", "client"),
		 s = ladder_party(l, "conn", "127.0.0.1:8080", "conn");

	call(l, s, 1, 0, 8 * US, "socket", "socket(AF_INET, SOCK_STREAM, 0)", "= 5");
	ladder_state(l, s, T0, STATE_CLOSED);
	call(l, c, 2, 100 * US, 190 * US, "connect", "connect(127.0.0.1:8080)", "= 0");
	ladder_state(l, c, T0 + 100 * US, STATE_SYN_SENT);
	tcp(l, c, s, 1, 120 * US, S, 0, 0, 65495, "", DIRECTION_UNKNOWN, NULL);
	ladder_state(l, s, T0 + 120 * US, STATE_SYN_RECEIVED);
	tcp(l, s, c, 2, 140 * US, S | A, 0, 1, 65483, "", DIRECTION_UNKNOWN, NULL);
	ladder_state(l, c, T0 + 140 * US, STATE_ESTABLISHED);
	tcp(l, c, s, 3, 160 * US, A, 1, 1, 512, "", DIRECTION_UNKNOWN, NULL);
	ladder_state(l, s, T0 + 160 * US, STATE_ESTABLISHED);
	call(l, s, 3, 300 * US, 305 * US, "accept", "server.accept()", "= 8 127.0.0.1:40312");
	call(l, c, 4, 2 * MS, 2 * MS + 30 * US, "send", "send(\"hello\\n\", 6)", "= 6");
	tcp(l, c, s, 4, 2 * MS + 10 * US, P | A, 1, 1, 512, "hello\n", DIRECTION_UNKNOWN, NULL);
	tcp(l, c, s, 5, 1500 * MS, P | A, 1, 1, 512, "hello\n", DIRECTION_UNKNOWN, "retransmission");
	tcp(l, s, c, 6, 1500 * MS + 40 * US, A, 1, 7, 0, "", DIRECTION_UNKNOWN, "zero-window");
	call(l, s, 5, 1600 * MS, 0, "recv", "conn.recv(65536)", "= -1 EAGAIN");
	tcp(l, c, s, 7, 1700 * MS, R | A, 7, 1, 0, "", DIRECTION_UNKNOWN, NULL);
	ladder_state(l, s, T0 + 1700 * MS, STATE_CLOSED);
	ladder_settle(l, NULL, true);
}

static const struct ladder_event *event_of(const struct ladder *l, size_t row)
{
	return &l->events[l->rows[row].event];
}

Test(ladder, states_stand_beside_what_led_to_them)
{
	struct ladder l = { 0 };
	uint32_t syn;

	conversation(&l);
	syn = ladder_find(&l, LADDER_PACKET, 1, 0);
	cr_assert_neq(syn, LADDER_NONE);
	cr_expect_eq(l.rows[syn].state[0], LADDER_NONE);
	cr_assert_neq(l.rows[syn].state[1], LADDER_NONE);
	cr_expect_eq(l.events[l.rows[syn].state[1]].state, STATE_SYN_RECEIVED);
	cr_expect_eq(event_of(&l, syn - 1)->kind, LADDER_CALL);
	cr_expect_eq(l.events[l.rows[syn - 1].state[0]].state, STATE_SYN_SENT);
	ladder_done(&l);
}

Test(ladder, a_return_has_its_row_only_where_something_lies_between)
{
	struct ladder l = { 0 };

	conversation(&l);
	cr_expect_eq(ladder_find(&l, LADDER_RETURN, 1, 1), LADDER_NONE);
	cr_expect_eq(ladder_find(&l, LADDER_RETURN, 3, 1), LADDER_NONE);
	cr_expect_eq(ladder_find(&l, LADDER_RETURN, 2, 0), ladder_find(&l, LADDER_CALL, 2, 0) + 4);
	ladder_done(&l);
}

Test(ladder, a_tie_is_call_packet_state_return)
{
	struct ladder l = { 0 };
	unsigned a = ladder_party(&l, "a", "", "a"), b = ladder_party(&l, "b", "", "b");

	call(&l, b, 9, 0, 5, "recv", "recv(1)", "= 1");
	tcp(&l, a, b, 1, 5, A, 1, 1, 1, "", DIRECTION_UNKNOWN, NULL);
	call(&l, a, 10, 5, 9, "send", "send(\"x\", 1)", "= 1");
	ladder_state(&l, a, T0 + 5, STATE_CLOSE_WAIT);
	ladder_settle(&l, NULL, true);
	cr_assert_eq(l.row_count, 5);
	cr_expect_eq(event_of(&l, 0)->kind, LADDER_CALL);
	cr_expect_eq(event_of(&l, 1)->kind, LADDER_CALL);
	cr_expect_eq(event_of(&l, 2)->kind, LADDER_PACKET);
	cr_expect_neq(l.rows[2].state[0], LADDER_NONE);
	cr_expect_eq(event_of(&l, 3)->number, 9);
	cr_expect_eq(event_of(&l, 4)->number, 10);
	ladder_done(&l);
}

Test(ladder, a_packet_on_lo_is_one_arrow)
{
	struct ladder l = { 0 };
	unsigned a = ladder_party(&l, "a", "", "a"), b = ladder_party(&l, "b", "", "b");

	tcp(&l, a, b, 1, 0, P | A, 1, 1, 512, "x", DIRECTION_OUT, NULL);
	tcp(&l, a, b, 2, 2 * US, P | A, 1, 1, 512, "x", DIRECTION_IN, NULL);
	tcp(&l, a, b, 3, 4 * US, P | A, 1, 1, 512, "x", DIRECTION_OUT, "retransmission");
	tcp(&l, a, b, 4, 5 * US, P | A, 1, 1, 512, "x", DIRECTION_IN, NULL);
	ladder_settle(&l, NULL, true);
	cr_expect_eq(l.row_count, 2);
	cr_expect_eq(event_of(&l, 1)->number, 3);
	ladder_done(&l);
}

Test(ladder, a_long_silence_is_a_break)
{
	struct ladder l = { 0 };
	unsigned breaks = 0;

	conversation(&l);
	for (size_t i = 0; i < l.row_count; i++)
		if (l.rows[i].kind == LADDER_ROW_BREAK) {
			breaks++;
			cr_expect_gt(l.rows[i].gap_ns, 1000 * MS);
			cr_expect_eq(l.rows[i + 1].gap_ns, 0);
		}
	cr_expect_eq(breaks, 1);
	ladder_settle(&l, NULL, false);
	for (size_t i = 0; i < l.row_count; i++)
		cr_expect_neq(l.rows[i].kind, LADDER_ROW_BREAK);
	ladder_done(&l);
}

Test(ladder, a_word_selects)
{
	struct ladder l = { 0 };

	conversation(&l);
	ladder_settle(&l, "RETRANS", true);
	cr_expect_eq(l.row_count, 1);
	ladder_settle(&l, "syn-received", true);
	cr_expect_eq(l.row_count, 1);
	ladder_settle(&l, "nothing like it", true);
	cr_expect_eq(l.row_count, 0);
	ladder_settle(&l, "", true);
	cr_expect_gt(l.row_count, 10);
	ladder_done(&l);
}

static void clients(struct ladder *l)
{
	char name[8], where[32];

	ladder_party(l, "server", "0.0.0.0:8080", "server");
	for (unsigned i = 1; i <= 4; i++) {
		snprintf(name, sizeof name, "c%u", i);
		snprintf(where, sizeof where, "127.0.0.1:%u", 40310 + i);
		ladder_party(l, name, where, name);
	}
	/* Three at once; the fourth comes when the first is gone. */
	for (unsigned i = 1; i <= 3; i++) {
		tcp(l, i, 0, i, i * 10 * US, S, 0, 0, 65495, "", DIRECTION_UNKNOWN, NULL);
		ladder_state(l, i, T0 + i * 10 * US, STATE_SYN_SENT);
		tcp(l, 0, i, 10 + i, (50 + i * 10) * US, S | A, 0, 1, 65483, "", DIRECTION_UNKNOWN, NULL);
		ladder_state(l, i, T0 + (50 + i * 10) * US, STATE_ESTABLISHED);
	}
	call(l, 1, 1, 200 * US, 210 * US, "close", "close()", "= 0");
	tcp(l, 4, 0, 20, 300 * US, S, 0, 0, 65495, "", DIRECTION_UNKNOWN, NULL);
	tcp(l, 2, 0, 21, 400 * US, P | A, 1, 1, 512, "hi", DIRECTION_UNKNOWN, NULL);
	tcp(l, 3, 0, 22, 500 * US, R, 1, 0, 0, "", DIRECTION_UNKNOWN, NULL);
	ladder_settle(l, NULL, true);
}

Test(ladder, a_lane_is_used_again)
{
	struct ladder l = { 0 };

	clients(&l);
	cr_expect_eq(l.lanes, 4);
	cr_expect_eq(l.parties[1].lane, 1);
	cr_expect_eq(l.parties[4].lane, 1);
	cr_expect_neq(l.parties[2].lane, l.parties[3].lane);
	ladder_done(&l);
}

Test(ladder, is_bounded)
{
	struct ladder l = { 0 };
	unsigned a = ladder_party(&l, "a", "", "a");

	for (unsigned i = 1; i < LADDER_PARTIES; i++)
		cr_assert_neq(ladder_party(&l, "b", "", "b"), LADDER_NONE);
	cr_expect_eq(ladder_party(&l, "b", "", "b"), LADDER_NONE);
	for (unsigned i = 0; i < LADDER_EVENTS + 10; i++)
		tcp(&l, a, 1 + i % (LADDER_PARTIES - 1), i + 1, i * US, A, i, 1, 1, "", DIRECTION_UNKNOWN, NULL);
	ladder_state(&l, 9999, T0, STATE_CLOSED);
	cr_expect_eq(l.count, LADDER_EVENTS);
	cr_expect_eq(l.refused, 11);
	ladder_settle(&l, NULL, true);
	cr_expect_leq(l.lanes, LADDER_LANES);
	ladder_done(&l);
}

Test(ladder, foreign_text_is_cleaned)
{
	struct ladder l = { 0 };
	unsigned a = ladder_party(&l, "\033[31mred", "x\ny", "a"), b = ladder_party(&l, "b", "", "b");
	struct buf text = { 0 };

	tcp(&l, a, b, 1, 0, P | A, 1, 1, 512, "\033]0;x\007\xff", DIRECTION_UNKNOWN, NULL);
	ladder_data(&l, b, a, T0 + 5, 7, "\033c", 2, 2);
	ladder_settle(&l, NULL, true);
	for (int width = 40; width < 220; width += 20) {
		buf_clear(&text);
		ladder_text(&l, width, false, true, &text);
		cr_expect_null(strchr(buf_text(&text), '\033'));
		cr_expect_null(strchr(buf_text(&text), '\007'));
	}
	buf_done(&text);
	ladder_done(&l);
}

Test(ladder, a_drawing_escapes_what_is_foreign)
{
	struct ladder l = { 0 };
	unsigned a = ladder_party(&l, "<script>", "\"&\"", "a"), b = ladder_party(&l, "b", "", "b");
	struct buf svg = { 0 };

	tcp(&l, a, b, 1, 0, P | A, 1, 1, 512, "</text><x a=\"1\">\033&", DIRECTION_UNKNOWN, "retransmission");
	call(&l, b, 1, 10, 20, "recv", "recv(\"<&>\")", "= 1 \"<\"");
	ladder_settle(&l, NULL, true);
	ladder_svg(&l, true, &svg);
	cr_expect_null(strstr(buf_text(&svg), "<script>"));
	cr_expect_null(strstr(buf_text(&svg), "<x a"));
	cr_expect_null(strchr(buf_text(&svg), '\033'));
	cr_expect_not_null(strstr(buf_text(&svg), "&lt;script&gt;"));
	cr_expect_not_null(strstr(buf_text(&svg), "<tspan class=\"bad\">retransmission</tspan>"));
	cr_expect_eq(strcmp(buf_text(&svg) + svg.len - 7, "</svg>\n"), 0);
	buf_done(&svg);
	ladder_done(&l);
}

static const struct {
	const char *name;
	void (*fill)(struct ladder *l);
	int width;
	bool ascii, times;
} texts[] = {
	{ "ladder-78", conversation, 78, false, true },
	{ "ladder-118", conversation, 118, false, true },
	{ "ladder-198", conversation, 198, false, true },
	{ "ladder-78-ascii", conversation, 78, true, true },
	{ "ladder-90-stable", conversation, 90, false, false },
	{ "ladder-clients-78", clients, 78, false, true },
	{ "ladder-clients-118", clients, 118, false, true },
	{ "ladder-clients-118-ascii", clients, 118, true, true },
};

Test(ladder, golden)
{
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct ladder l = { 0 };
		struct buf text = { 0 };

		texts[i].fill(&l);
		ladder_text(&l, texts[i].width, texts[i].ascii, texts[i].times, &text);
		if (texts[i].ascii)
			for (size_t k = 0; k < text.len; k++)
				cr_assert_lt((unsigned char)text.data[k], 128);
		expect_golden(texts[i].name, &text);
		buf_done(&text);
		ladder_done(&l);
	}
}
