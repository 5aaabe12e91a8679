/* Streams put in order: what comes late, twice, otherwise or never. Each case is told by its script
 * and by what is given out, both as text. */
#include "analysis/stream.h"
#include "util/buf.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A step: "a 5 hello" is data of a at offset 5, "b ack 10" an acknowledgment by b; "a syn", "a 0 -20"
 * is data of 20 bytes that were not captured, "a rst text", "end". Steps are parted by ';'. Out comes
 * "a0:hello", "a5~3" for a gap, "a0!HELLO" for an overlap. */
static const struct script {
	const char *name, *steps, *given;
} scripts[] = {
	{ "in order", "a syn; b syn; a 0 hello; b 0 hi; a 5 world", "a0:hello b0:hi a5:world" },
	{ "late", "a syn; a 5 world; a 0 hello", "a0:hello a5:world" },
	{ "two wait", "a syn; a 10 ccc; a 5 bbbbb; a 0 aaaaa", "a0:aaaaa a5:bbbbb a10:ccc" },
	{ "twice", "a syn; a 0 hello; a 0 hello; a 5 !", "a0:hello a5:!" },
	{ "twice while it waits", "a syn; a 2 cd; a 2 cd; a 0 ab", "a0:ab a2:cd" },
	{ "partly again", "a syn; a 0 hello; a 3 lo world", "a0:hello a5: world" },
	{ "other bytes the second time", "a syn; a 0 hello; a 0 HELLO; a 5 !", "a0:hello a0!HELLO a5:!" },
	{ "other bytes in a part", "a syn; a 0 hello; a 3 XX world", "a0:hello a3!XX a5: world" },
	{ "other bytes while it waits", "a syn; a 2 cd; a 2 CD; a 0 ab", "a0:ab a2:cd a2!CD" },
	{ "never, and the end", "a syn; a 0 abc; a 6 ghi; end", "a0:abc a3~3 a6:ghi" },
	{ "never, and the other side has it", "a syn; a 0 abc; a 6 ghi; b ack 9", "a0:abc a3~3 a6:ghi" },
	{ "acknowledged only up to the gap: it may still come", "a syn; a 0 abc; a 6 ghi; b ack 3; a 3 def",
	  "a0:abc a3:def a6:ghi" },
	{ "too late", "a syn; a 0 abc; a 6 ghi; b ack 9; a 3 def", "a0:abc a3~3 a6:ghi" },
	{ "not captured whole", "a syn; a 0 abc; a 3 -20; a 23 x", "a0:abc a3~20 a23:x" },
	{ "the beginning was missed", "a 100 abc; a 103 def", "a0:abc a3:def" },
	{ "a reset's text is no data", "a syn; a 0 abc; a rst gone", "a0:abc" },
	{ "no data, no chunks", "a syn; b syn; b ack 0; end", "" },
};

enum { SCRIPTS = sizeof scripts / sizeof *scripts };

struct world {
	struct flow_table t;
	struct stream s;
	struct buf given;
	uint32_t base;
	uint64_t number;
	uint8_t proto;
};

static void take(void *arg, const struct stream_chunk *c)
{
	struct world *w = arg;

	buf_printf(&w->given, "%s%c%llu", w->given.len ? " " : "", c->side ? 'b' : 'a', (unsigned long long)c->offset);
	if (c->gap)
		buf_printf(&w->given, "~%u", c->len);
	else
		buf_printf(&w->given, "%c%.*s", c->overlap ? '!' : ':', (int)c->len, (const char *)c->bytes);
	cr_expect_eq(!c->bytes, c->gap);
}

static void begin(struct world *w, uint32_t base, uint8_t proto)
{
	memset(w, 0, sizeof *w);
	w->base = base;
	w->proto = proto;
	flow_table_init(&w->t, 4);
	stream_init(&w->s, take, w, NULL);
}

static void done(struct world *w)
{
	stream_done(&w->s);
	flow_table_done(&w->t);
	buf_done(&w->given);
}

static void send_packet(struct world *w, unsigned side, uint16_t flags, uint32_t offset, uint32_t ack, const char *text,
			uint32_t len)
{
	struct packet p = { .number = ++w->number,
			    .at_ns = w->number,
			    .family = AF_INET,
			    .ip_proto = w->proto,
			    .has_ports = true,
			    .sport = side ? 2 : 1,
			    .dport = side ? 1 : 2,
			    .src = { 10, 0, 0, side ? 2 : 1 },
			    .dst = { 10, 0, 0, side ? 1 : 2 },
			    .tcp_flags = flags,
			    .tcp_seq = w->base + 1 + offset,
			    .tcp_ack = flags & TCP_FLAG_ACK ? w->base + 1 + ack : 0,
			    .tcp_window = 1000,
			    .payload_len = len,
			    .cap = (uint32_t)strlen(text),
			    .len = len };
	char *exact = malloc(p.cap ? p.cap : 1); /* the sanitizer sees a byte too many */

	memcpy(exact, text, p.cap);
	if (flags & TCP_FLAG_SYN)
		p.tcp_seq = w->base;
	flow_table_add(&w->t, &p, NULL);
	stream_add(&w->s, &w->t.flows[0], &p, (const uint8_t *)exact);
	free(exact);
}

static void step(struct world *w, const char *text)
{
	unsigned side = *text == 'b';
	uint32_t number = 0;
	char word[32] = "";
	int used = 0;

	if (!strncmp(text, "end", 3)) {
		stream_end(&w->s);
		return;
	}
	if (sscanf(text + 1, " %31[a-z] %n", word, &used) == 1) {
		sscanf(text + 1 + used, "%u", &number);
		if (!strcmp(word, "syn"))
			send_packet(w, side, side ? TCP_FLAG_SYN | TCP_FLAG_ACK : TCP_FLAG_SYN, 0, 0, "", 0);
		else if (!strcmp(word, "ack"))
			send_packet(w, side, TCP_FLAG_ACK, 0, number, "", 0);
		else
			send_packet(w, side, TCP_FLAG_RST, 500, 0, text + 1 + used, (uint32_t)strlen(text + 1 + used));
		return;
	}
	cr_assert_eq(sscanf(text + 1, " %u%n", &number, &used), 1, "%s", text);
	text += used + 2;
	if (*text == '-')
		send_packet(w, side, 0, number, 0, "", (uint32_t)atoi(text + 1));
	else
		send_packet(w, side, 0, number, 0, text, (uint32_t)strlen(text));
}

static const uint32_t bases[] = { 1000, UINT32_MAX, UINT32_MAX - 3, INT32_MAX - 4 };

ParameterizedTestParameters(stream, scripts)
{
	static int rows[SCRIPTS * 4];

	for (int i = 0; i < SCRIPTS * 4; i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, SCRIPTS * 4);
}

ParameterizedTest(int *row, stream, scripts)
{
	const struct script *x = &scripts[*row / 4];
	char steps[256], *at = steps, *one;
	struct world w;

	begin(&w, bases[*row % 4], IPPROTO_TCP);
	snprintf(steps, sizeof steps, "%s", x->steps);
	while ((one = strsep(&at, ";")))
		step(&w, one + strspn(one, " "));
	cr_expect_str_eq(buf_text(&w.given), x->given, "%s, from %u: %s", x->name, w.base, buf_text(&w.given));
	done(&w);
}

Test(stream, datagrams_follow_each_other)
{
	struct world w;

	begin(&w, 0, IPPROTO_UDP);
	send_packet(&w, 0, 0, 0, 0, "one", 3);
	send_packet(&w, 1, 0, 0, 0, "two", 3);
	send_packet(&w, 0, 0, 0, 0, "three", 9);
	cr_expect_str_eq(buf_text(&w.given), "a0:one b0:two a3:three a8~4");
	done(&w);
}

/* What waits is bounded: in bytes, in segments, and for all streams together. */
Test(stream, bounds)
{
	static char big[60000 + 1];
	struct stream_pool pool = { .limit = 100 };
	struct world w;

	memset(big, 'x', sizeof big - 1);
	begin(&w, 5, IPPROTO_TCP);
	send_packet(&w, 0, TCP_FLAG_SYN, 0, 0, "", 0);
	for (uint32_t i = 0; i < 40; i++) {
		send_packet(&w, 0, 0, 1 + 60000 * i, 0, big, 60000);
		cr_assert_leq(w.s.side[0].waits, STREAM_WAITS);
	}
	cr_expect_eq(w.s.side[0].missing, 1, "the gap was told when too much waited");
	cr_expect_eq(w.s.side[0].given, 40u * 60000);
	done(&w);
	begin(&w, 5, IPPROTO_TCP);
	send_packet(&w, 0, TCP_FLAG_SYN, 0, 0, "", 0);
	for (uint32_t i = 0; i < 2 * STREAM_PIECES; i++) {
		send_packet(&w, 0, 0, 1 + 2 * i, 0, "x", 1);
		cr_assert_leq(w.s.side[0].count, STREAM_PIECES);
	}
	done(&w);
	begin(&w, 5, IPPROTO_TCP);
	w.s.pool = &pool;
	send_packet(&w, 0, TCP_FLAG_SYN, 0, 0, "", 0);
	for (uint32_t i = 0; i < 50; i++) {
		send_packet(&w, 0, 0, 1 + 20 * i, 0, "0123456789", 10);
		cr_assert_leq(pool.used, pool.limit);
	}
	done(&w);
	cr_expect_eq(pool.used, 0, "given back");
}

/* From the recorder, as a pane does it: all at once, and what is new. */
Test(stream, follows_a_recorder)
{
	struct recorder r;
	struct world w;

	begin(&w, 77, IPPROTO_TCP);
	recorder_init(&r, 1 << 20);
	for (unsigned round = 0; round < 3; round++) {
		struct block *b = block_new(2, 8);

		b->count = 2;
		b->used = 8;
		memcpy(b->bytes, "abcdEFGH", 8);
		for (unsigned i = 0; i < 2; i++)
			b->packets[i] = (struct packet){ .family = AF_INET,
							 .ip_proto = IPPROTO_TCP,
							 .has_ports = true,
							 .sport = i ? 2 : 1,
							 .dport = i ? 1 : 2,
							 .src = { 10, 0, 0, i ? 2 : 1 },
							 .dst = { 10, 0, 0, i ? 1 : 2 },
							 .tcp_seq = 100 + 4 * round,
							 .payload_len = 4,
							 .offset = 4 * i,
							 .cap = 4,
							 .len = 4 };
		recorder_add(&r, b);
		for (unsigned i = 0; i < 2; i++)
			flow_table_add(&w.t, &b->packets[i], NULL);
		if (round != 1) /* two rounds at once, too */
			stream_follow(&w.s, &w.t, &w.t.flows[0], &r);
	}
	cr_expect_str_eq(buf_text(&w.given), "a0:abcd b0:EFGH a4:abcd b4:EFGH a8:abcd b8:EFGH");
	stream_follow(&w.s, &w.t, &w.t.flows[0], &r);
	cr_expect_eq(w.s.side[0].given, 12, "nothing twice");
	recorder_done(&r);
	done(&w);
}
