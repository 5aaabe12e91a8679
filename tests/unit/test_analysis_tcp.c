/* What the TCP analysis says of segments, and what it must not say: short conversations, each
 * segment with its verdict. */
#include "analysis/finding.h"
#include "analysis/flow.h"
#include "util/buf.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <netinet/in.h>
#include <string.h>

enum { SYN = TCP_FLAG_SYN, ACK = TCP_FLAG_ACK, FIN = TCP_FLAG_FIN, RST = TCP_FLAG_RST };
enum { MS = 1000000, SEGMENTS = 16 };

struct segment {
	uint8_t way; /* 0: the client, 10.0.0.1:4000; 1: the server, 10.0.0.2:80 */
	uint16_t flags;
	uint32_t seq, ack; /* relative to `base` */
	uint32_t len;
	uint16_t window;
	uint32_t ms; /* since the segment before */
	uint16_t found;
	uint32_t sack[2];
};

/* The handshake of most of them: 10 ms to the server and back. No window scaling. */
#define OPEN                                                                                  \
	{ 0, SYN, 0, 0, 0, 1000, 0, 0, { 0 } }, { 1, SYN | ACK, 0, 1, 0, 1000, 9, 0, { 0 } }, \
	{                                                                                     \
		0, ACK, 1, 1, 0, 1000, 1, 0,                                                  \
		{                                                                             \
			0                                                                     \
		}                                                                             \
	}

static const struct talk {
	const char *name;
	struct segment s[SEGMENTS];
} talks[] = {
	/* clang-format off */
	{ "nothing is wrong", { OPEN,
		{ 0, ACK, 1, 1, 100, 1000, 1, 0, { 0 } }, { 1, ACK, 1, 101, 0, 1000, 5, 0, { 0 } },
		{ 1, ACK, 1, 101, 200, 1000, 1, 0, { 0 } }, { 0, ACK, 101, 201, 0, 1000, 5, 0, { 0 } },
		{ 0, ACK | FIN, 101, 201, 0, 1000, 1, 0, { 0 } }, { 1, ACK, 201, 102, 0, 1000, 5, 0, { 0 } },
		{ 1, ACK | FIN, 201, 102, 0, 1000, 1, 0, { 0 } }, { 0, ACK, 102, 202, 0, 1000, 5, 0, { 0 } } } },
	{ "sent again after a while", { OPEN,
		{ 0, ACK, 1, 1, 100, 1000, 1, 0, { 0 } },
		{ 0, ACK, 1, 1, 100, 1000, 200, FOUND(RETRANSMISSION), { 0 } } } },
	{ "sent again at once is not out of order: it was there before", { OPEN,
		{ 0, ACK, 1, 1, 100, 1000, 1, 0, { 0 } }, { 0, ACK, 101, 1, 100, 1000, 0, 0, { 0 } },
		{ 0, ACK, 1, 1, 100, 1000, 1, FOUND(RETRANSMISSION), { 0 } } } },
	{ "a SYN and a FIN sent again", {
		{ 0, SYN, 0, 0, 0, 1000, 0, 0, { 0 } },
		{ 0, SYN, 0, 0, 0, 1000, 1000, FOUND(RETRANSMISSION), { 0 } },
		{ 1, SYN | ACK, 0, 1, 0, 1000, 9, 0, { 0 } }, { 0, ACK, 1, 1, 0, 1000, 1, 0, { 0 } },
		{ 0, ACK | FIN, 1, 1, 0, 1000, 1, 0, { 0 } },
		{ 0, ACK | FIN, 1, 1, 0, 1000, 300, FOUND(RETRANSMISSION), { 0 } } } },
	{ "acknowledged already", { OPEN,
		{ 0, ACK, 1, 1, 100, 1000, 1, 0, { 0 } }, { 1, ACK, 1, 101, 0, 1000, 5, 0, { 0 } },
		{ 0, ACK, 1, 1, 100, 1000, 200, FOUND(RETRANSMISSION) | FOUND(SPURIOUS_RETRANSMISSION), { 0 } } } },
	{ "a gap, and what fills it within a round trip", { OPEN,
		{ 0, ACK, 1, 1, 100, 1000, 1, 0, { 0 } },
		{ 0, ACK, 201, 1, 100, 1000, 1, FOUND(LOST_SEGMENT), { 0 } },
		{ 0, ACK, 101, 1, 100, 1000, 3, FOUND(OUT_OF_ORDER), { 0 } },
		{ 0, ACK, 301, 1, 100, 1000, 1, 0, { 0 } } } },
	{ "a gap that is filled after more than a round trip", { OPEN,
		{ 0, ACK, 1, 1, 100, 1000, 1, 0, { 0 } },
		{ 0, ACK, 201, 1, 100, 1000, 1, FOUND(LOST_SEGMENT), { 0 } },
		{ 0, ACK, 101, 1, 100, 1000, 300, FOUND(RETRANSMISSION), { 0 } } } },
	{ "a gap is filled once", { OPEN,
		{ 0, ACK, 1, 1, 100, 1000, 1, 0, { 0 } },
		{ 0, ACK, 301, 1, 100, 1000, 1, FOUND(LOST_SEGMENT), { 0 } },
		{ 0, ACK, 201, 1, 100, 1000, 1, FOUND(OUT_OF_ORDER), { 0 } },
		{ 0, ACK, 201, 1, 100, 1000, 1, FOUND(RETRANSMISSION), { 0 } },
		{ 0, ACK, 101, 1, 100, 1000, 1, FOUND(OUT_OF_ORDER), { 0 } } } },
	{ "duplicate acknowledgments, then the segment that they ask for", { OPEN,
		{ 0, ACK, 1, 1, 100, 1000, 1, 0, { 0 } }, { 1, ACK, 1, 101, 0, 1000, 5, 0, { 0 } },
		{ 0, ACK, 101, 1, 100, 1000, 1, 0, { 0 } }, { 0, ACK, 201, 1, 100, 1000, 1, 0, { 0 } },
		{ 1, ACK, 1, 101, 0, 1000, 5, FOUND(DUPLICATE_ACK), { 0 } },
		{ 1, ACK, 1, 101, 0, 1000, 1, FOUND(DUPLICATE_ACK), { 0 } },
		{ 0, ACK, 101, 1, 100, 1000, 5, FOUND(RETRANSMISSION) | FOUND(FAST_RETRANSMISSION), { 0 } } } },
	{ "long after the duplicates it was the timer", { OPEN,
		{ 0, ACK, 1, 1, 100, 1000, 1, 0, { 0 } }, { 1, ACK, 1, 1, 0, 1000, 5, FOUND(DUPLICATE_ACK), { 0 } },
		{ 1, ACK, 1, 1, 0, 1000, 1, FOUND(DUPLICATE_ACK), { 0 } },
		{ 0, ACK, 1, 1, 100, 1000, 25, FOUND(RETRANSMISSION), { 0 } } } },
	{ "one duplicate is not enough for a fast one", { OPEN,
		{ 0, ACK, 1, 1, 100, 1000, 1, 0, { 0 } }, { 1, ACK, 1, 1, 0, 1000, 5, FOUND(DUPLICATE_ACK), { 0 } },
		{ 0, ACK, 1, 1, 100, 1000, 5, FOUND(RETRANSMISSION), { 0 } } } },
	{ "SACK told of it: what lies beyond was received, this was not", { OPEN,
		{ 0, ACK, 1, 1, 100, 1000, 1, 0, { 0 } }, { 0, ACK, 101, 1, 100, 1000, 1, 0, { 0 } },
		{ 1, ACK, 1, 1, 0, 1000, 5, FOUND(DUPLICATE_ACK), { 101, 201 } },
		{ 0, ACK, 1, 1, 100, 1000, 5, FOUND(RETRANSMISSION) | FOUND(FAST_RETRANSMISSION), { 0 } } } },
	{ "SACK told of a gap, and what fills it comes at once: it was only late", { OPEN,
		{ 0, ACK, 1, 1, 100, 1000, 1, 0, { 0 } },
		{ 0, ACK, 201, 1, 100, 1000, 1, FOUND(LOST_SEGMENT), { 0 } },
		{ 1, ACK, 1, 101, 0, 1000, 1, 0, { 201, 301 } },
		{ 0, ACK, 101, 1, 100, 1000, 1, FOUND(OUT_OF_ORDER), { 0 } } } },
	{ "SACK told that it was received", { OPEN,
		{ 0, ACK, 1, 1, 100, 1000, 1, 0, { 0 } }, { 0, ACK, 101, 1, 100, 1000, 1, 0, { 0 } },
		{ 1, ACK, 1, 1, 0, 1000, 5, FOUND(DUPLICATE_ACK), { 101, 201 } },
		{ 0, ACK, 101, 1, 100, 1000, 5, FOUND(RETRANSMISSION), { 0 } } } },
	{ "an acknowledgment with data is no duplicate", { OPEN,
		{ 1, ACK, 1, 1, 50, 1000, 1, 0, { 0 } }, { 1, ACK, 51, 1, 50, 1000, 1, 0, { 0 } } } },
	{ "another window is no duplicate", { OPEN,
		{ 0, ACK, 1, 1, 0, 900, 1, FOUND(WINDOW_UPDATE), { 0 } },
		{ 0, ACK, 1, 1, 0, 2000, 1, FOUND(WINDOW_UPDATE), { 0 } } } },
	{ "another window with data is no update", { OPEN,
		{ 0, ACK, 1, 1, 10, 900, 1, 0, { 0 } } } },
	{ "no room, then room again", { OPEN,
		{ 1, ACK, 1, 1, 0, 0, 1, FOUND(ZERO_WINDOW), { 0 } },
		{ 1, ACK, 1, 1, 0, 1000, 50, FOUND(WINDOW_UPDATE), { 0 } } } },
	{ "a window of zero in a reset, a SYN or a FIN says nothing", {
		{ 0, SYN, 0, 0, 0, 0, 0, 0, { 0 } },
		{ 1, SYN | ACK, 0, 1, 0, 1000, 9, 0, { 0 } }, { 0, ACK, 1, 1, 0, 1000, 1, 0, { 0 } },
		{ 1, ACK | FIN, 1, 1, 0, 0, 1, 0, { 0 } },
		{ 0, RST, 1, 0, 0, 0, 1, FOUND(RST), { 0 } } } },
	{ "data up to the edge of the window", { OPEN,
		{ 0, ACK, 1, 1, 999, 1000, 1, 0, { 0 } },
		{ 0, ACK, 1000, 1, 1, 1000, 1, FOUND(WINDOW_FULL), { 0 } } } },
	{ "where no SYN was seen the scale is unknown, and so is the edge", {
		{ 1, ACK, 1, 1, 0, 1000, 1, 0, { 0 } },
		{ 0, ACK, 1, 1, 1000, 1000, 1, 0, { 0 } } } },
	{ "a probe of a window of zero, and its answer", { OPEN,
		{ 0, ACK, 1, 1, 100, 1000, 1, 0, { 0 } },
		{ 1, ACK, 1, 101, 0, 0, 1, FOUND(ZERO_WINDOW), { 0 } },
		{ 0, ACK, 101, 1, 1, 1000, 200, 0, { 0 } },
		{ 1, ACK, 1, 101, 0, 0, 1, FOUND(ZERO_WINDOW), { 0 } },
		{ 1, ACK, 1, 101, 0, 1000, 1, FOUND(WINDOW_UPDATE), { 0 } },
		{ 0, ACK, 101, 1, 100, 1000, 1, 0, { 0 } } } },
	{ "still there?", { OPEN,
		{ 0, ACK, 0, 1, 0, 1000, 9000, FOUND(KEEP_ALIVE), { 0 } },
		{ 1, ACK, 1, 1, 0, 1000, 1, FOUND(KEEP_ALIVE_ACK), { 0 } },
		{ 0, ACK, 0, 1, 1, 1000, 9000, FOUND(KEEP_ALIVE), { 0 } },
		{ 1, ACK, 1, 1, 0, 1000, 1, FOUND(KEEP_ALIVE_ACK), { 0 } } } },
	{ "two bytes are no keep-alive", { OPEN,
		{ 0, ACK, 1, 1, 10, 1000, 1, 0, { 0 } },
		{ 0, ACK, 9, 1, 2, 1000, 300, FOUND(RETRANSMISSION), { 0 } } } },
	{ "a FIN below what is expected is no keep-alive", { OPEN,
		{ 0, ACK, 1, 1, 1, 1000, 1, 0, { 0 } },
		{ 0, ACK | FIN, 1, 1, 0, 1000, 300, FOUND(RETRANSMISSION), { 0 } } } },
	{ "refused", {
		{ 0, SYN, 0, 0, 0, 1000, 0, 0, { 0 } },
		{ 1, RST | ACK, 5000, 1, 0, 0, 1, FOUND(RST), { 0 } },
		{ 0, SYN, 0, 0, 0, 1000, 500, FOUND(RETRANSMISSION), { 0 } },
		{ 1, SYN | ACK, 0, 1, 0, 1000, 1, 0, { 0 } },
		{ 0, ACK, 1, 1, 0, 1000, 1, 0, { 0 } } } },
	{ "a reset far away is not a lost segment", { OPEN,
		{ 1, RST, 5000, 0, 0, 0, 1, FOUND(RST), { 0 } } } },
	{ "the same ports again", { OPEN,
		{ 0, ACK | FIN, 1, 1, 0, 1000, 1, 0, { 0 } }, { 1, ACK | FIN, 1, 2, 0, 1000, 1, 0, { 0 } },
		{ 0, SYN, 70000, 0, 0, 1000, 1, FOUND(PORT_REUSED), { 0 } },
		{ 1, SYN | ACK, 90000, 70001, 0, 1000, 1, 0, { 0 } } } },
	{ "another number in a second SYN-ACK", {
		{ 0, SYN, 0, 0, 0, 1000, 0, 0, { 0 } }, { 1, SYN | ACK, 0, 1, 0, 1000, 1, 0, { 0 } },
		{ 1, SYN | ACK, 777, 1, 0, 1000, 1, FOUND(PORT_REUSED), { 0 } },
		{ 0, ACK, 1, 778, 0, 1000, 1, 0, { 0 } }, { 1, ACK, 778, 1, 10, 1000, 1, 0, { 0 } } } },
	{ "the capture began in the middle", {
		{ 0, ACK, 5000, 7000, 100, 1000, 0, 0, { 0 } }, { 1, ACK, 7000, 5100, 0, 1000, 1, 0, { 0 } },
		{ 0, ACK, 5100, 7000, 100, 1000, 1, 0, { 0 } } } },
	/* clang-format on */
};

enum { TALKS = sizeof talks / sizeof *talks };
static const uint32_t bases[] = { 1000, UINT32_MAX - 1, UINT32_MAX - 150, INT32_MAX - 100 };
enum { BASES = sizeof bases / sizeof *bases };

static struct packet packet_of(const struct segment *s, uint32_t base)
{
	struct packet p = { .family = AF_INET,
			    .ip_proto = IPPROTO_TCP,
			    .has_ports = true,
			    .sport = s->way ? 80 : 4000,
			    .dport = s->way ? 4000 : 80,
			    .src = { 10, 0, 0, s->way ? 2 : 1 },
			    .dst = { 10, 0, 0, s->way ? 1 : 2 },
			    .tcp_flags = s->flags,
			    .tcp_seq = base + s->seq,
			    .tcp_ack = s->flags & ACK ? base + s->ack : 0,
			    .tcp_window = s->window,
			    .payload_len = s->len };

	if (s->sack[1]) {
		p.tcp_options = TCP_OPT_SACK;
		p.tcp_sack_count = 1;
		p.tcp_sack[0][0] = base + s->sack[0];
		p.tcp_sack[0][1] = base + s->sack[1];
	}
	return p;
}

ParameterizedTestParameters(analysis, talks)
{
	static int rows[TALKS * BASES];

	for (int i = 0; i < TALKS * BASES; i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, TALKS *BASES);
}

ParameterizedTest(int *row, analysis, talks)
{
	const struct talk *talk = &talks[*row / BASES];
	uint32_t base = bases[*row % BASES];
	struct flow_table t;
	uint64_t now = 0;

	flow_table_init(&t, 4);
	for (unsigned i = 0; i < SEGMENTS && talk->s[i].flags; i++) {
		struct packet p = packet_of(&talk->s[i], base);
		struct buf got = { 0 }, want = { 0 };

		now += (uint64_t)talk->s[i].ms * MS;
		p.number = i + 1;
		p.at_ns = 1000u * (uint64_t)MS + now;
		flow_table_add(&t, &p, NULL);
		finding_words(p.analysis, &got);
		finding_words(talk->s[i].found, &want);
		cr_expect_eq(p.analysis, talk->s[i].found, "%s, from %u, segment %u:%s in place of%s", talk->name, base,
			     i + 1, buf_text(&got), buf_text(&want));
		buf_done(&got);
		buf_done(&want);
	}
	flow_table_done(&t);
}

/* Numbers of its flow after the talk of that name. */
static struct flow talk_of(const char *name, struct flow_table *t)
{
	uint64_t now = 0;

	flow_table_init(t, 4);
	for (unsigned i = 0; i < TALKS; i++)
		for (unsigned k = 0; !strcmp(talks[i].name, name) && talks[i].s[k].flags; k++) {
			struct packet p = packet_of(&talks[i].s[k], 7);

			now += (uint64_t)talks[i].s[k].ms * MS;
			p.number = k + 1;
			p.at_ns = 5u * (uint64_t)MS + now;
			flow_table_add(t, &p, NULL);
		}
	cr_assert_geq(t->count, 1, "%s", name);
	return t->flows[0];
}

Test(analysis, round_trips)
{
	struct flow_table t;
	struct flow f = talk_of("nothing is wrong", &t);

	cr_expect_eq(f.handshake_ns, 10u * MS);
	cr_expect_eq(f.side[0].rtt.count, 2, "100 bytes, and the FIN");
	cr_expect_eq(f.side[0].rtt.min_us, 5000);
	cr_expect_eq(f.side[0].rtt.max_us, 5000);
	cr_expect_eq(f.side[0].rtt.sum_ns, 10u * MS);
	cr_expect_eq(f.side[1].rtt.count, 2);
	flow_table_done(&t);
	f = talk_of("sent again after a while", &t);
	cr_expect_eq(f.side[0].rtt.count, 0);
	cr_expect_not(f.side[0].timing, "an answer could be to either (Karn)");
	flow_table_done(&t);
}

Test(analysis, counters)
{
	struct flow_table t;
	struct flow f = talk_of("a gap is filled once", &t);

	cr_expect_eq(f.side[0].lost, 1);
	cr_expect_eq(f.side[0].out_of_order, 2);
	cr_expect_eq(f.side[0].retransmissions, 1);
	flow_table_done(&t);
	f = talk_of("no room, then room again", &t);
	cr_expect_eq(f.side[1].zero_windows, 1);
	flow_table_done(&t);
	f = talk_of("duplicate acknowledgments, then the segment that they ask for", &t);
	cr_expect_eq(f.side[1].duplicate_acks, 2);
	cr_expect_eq(f.side[0].retransmissions, 1);
	flow_table_done(&t);
}

/* Where there is no room for lists of gaps, nothing is called late, and that is counted. */
Test(analysis, bounded_gaps)
{
	static const struct segment s[] = { { 0, ACK, 1, 1, 10, 100, 0, 0, { 0 } },
					    { 0, ACK, 21, 1, 10, 100, 0, 0, { 0 } },
					    { 0, ACK, 11, 1, 10, 100, 0, 0, { 0 } } };
	static const uint16_t found[] = { 0, FOUND(LOST_SEGMENT), FOUND(RETRANSMISSION) };
	struct flow_table t;

	flow_table_init(&t, 4);
	t.gapped_limit = 0;
	for (unsigned i = 0; i < 3; i++) {
		struct packet p = packet_of(&s[i], 0);

		p.number = i + 1;
		p.at_ns = 1;
		flow_table_add(&t, &p, NULL);
		cr_expect_eq(p.analysis, found[i]);
	}
	cr_expect_eq(t.ungapped, 1);
	flow_table_done(&t);
	/* One list holds a bounded number: the oldest gap makes room. */
	flow_table_init(&t, 4);
	for (uint32_t i = 0; i < 3 * GAPS_MOST; i++) {
		const struct segment every_other = { 0, ACK, 20 * i, 1, 10, 100, 0, 0, { 0 } };
		struct packet p = packet_of(&every_other, 0);

		p.number = i + 1;
		flow_table_add(&t, &p, NULL);
	}
	cr_expect_eq(t.flows[0].side[0].gaps->gaps, GAPS_MOST);
	cr_expect_eq(t.flows[0].side[0].gaps->gap[0][0], 20 * (2 * GAPS_MOST - 1) + 10);
	flow_table_done(&t);
}

Test(analysis, every_row_has_its_words)
{
	struct buf words = { 0 };

	for (unsigned i = 0; i < FINDING_COUNT; i++) {
		cr_expect(findings[i].name && findings[i].words);
		cr_expect(strstr(findings[i].help, "RFC"), "%s", findings[i].name);
	}
	finding_words(FOUND(RETRANSMISSION) | FOUND(ZERO_WINDOW) | FOUND(RST), &words);
	cr_expect_str_eq(buf_text(&words), " [retransmission, zero window]");
	buf_clear(&words);
	finding_words(FOUND(RST), &words);
	cr_expect_str_eq(buf_text(&words), "");
	cr_expect_eq(finding_weight(FOUND(RETRANSMISSION)), WEIGHT_NOTE);
	cr_expect_eq(finding_weight(FOUND(KEEP_ALIVE) | FOUND(ZERO_WINDOW)), WEIGHT_WARN);
	cr_expect_eq(finding_weight(0), WEIGHT_INFO);
	buf_done(&words);
}

/* Each segment as interface `ifindex` sees it, `us` after the one before. */
static uint16_t saw(struct flow_table *t, uint64_t *us, const struct segment *s, uint32_t ifindex)
{
	struct packet p = packet_of(s, 1000);

	p.ifindex = ifindex;
	*us += s->ms;
	p.number = ++*us;
	p.at_ns = *us * 1000;
	flow_table_add(t, &p, NULL);
	return p.analysis;
}

Test(analysis, seen_on_two_interfaces)
{
	const struct segment syn = { 0, SYN, 0, 0, 0, 1000, 10, 0, { 0 } },
			     accept = { 1, SYN | ACK, 0, 1, 0, 1000, 10, 0, { 0 } },
			     data = { 0, ACK, 1, 1, 100, 1000, 10, 0, { 0 } },
			     more = { 0, ACK, 101, 1, 100, 1000, 1, 0, { 0 } },
			     again = { 0, ACK, 101, 1, 100, 1000, 5000, 0, { 0 } },
			     much_later = { 0, ACK, 101, 1, 100, 1000, 300000, 0, { 0 } },
			     ack = { 1, ACK, 1, 101, 0, 1000, 10, 0, { 0 } },
			     fin = { 0, ACK | FIN, 201, 1, 0, 1000, 10, 0, { 0 } };
	const struct segment *const talk[] = { &syn, &accept, &data };
	struct flow_table t;
	uint64_t us = 0;

	flow_table_init(&t, 4);
	for (unsigned i = 0; i < 3; i++) { /* one after the other */
		cr_expect_eq(saw(&t, &us, talk[i], 2), 0, "%u", i);
		cr_expect_eq(saw(&t, &us, talk[i], 3), FOUND(SEEN_TWICE), "%u", i);
	}
	cr_expect_eq(saw(&t, &us, &more, 2), 0); /* two leave before the first arrives */
	cr_expect_eq(saw(&t, &us, &fin, 2), 0);
	cr_expect_eq(saw(&t, &us, &more, 3), FOUND(SEEN_TWICE));
	cr_expect_eq(saw(&t, &us, &fin, 3), FOUND(SEEN_TWICE));
	cr_expect_eq(saw(&t, &us, &more, 4), FOUND(SEEN_TWICE), "and on a third");
	cr_expect(saw(&t, &us, &again, 2) & FOUND(RETRANSMISSION), "really sent again");
	cr_expect_eq(saw(&t, &us, &again, 3), FOUND(SEEN_TWICE), "and seen twice");
	cr_expect(saw(&t, &us, &much_later, 3) & FOUND(RETRANSMISSION), "too late for a second sight");
	cr_expect_eq(saw(&t, &us, &ack, 3), 0);
	cr_expect_eq(saw(&t, &us, &ack, 2), FOUND(SEEN_TWICE), "no duplicate ACK");
	cr_expect_eq(t.count, 1);
	cr_expect_eq(t.flows[0].side[0].retransmissions, 2);
	flow_table_done(&t);
	flow_table_init(&t, 4); /* one interface alone */
	cr_expect_eq(saw(&t, &us, &data, 2), 0);
	cr_expect(saw(&t, &us, &data, 2) & FOUND(RETRANSMISSION));
	cr_expect_eq(t.sighted, 0);
	flow_table_done(&t);
}
