/* Flows: both ways are one, ports used again are two, and what relative numbers count from. */
#include "analysis/flow.h"
#include "util/buf.h"
#include "util/err.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SYN = TCP_FLAG_SYN, ACK = TCP_FLAG_ACK, FIN = TCP_FLAG_FIN, RST = TCP_FLAG_RST };

struct world {
	struct flow_table t;
	uint64_t number;
};

static struct endpoint end(const char *text)
{
	struct endpoint e;

	cr_assert_eq(endpoint_parse(text, &e, NULL, NULL), ENDPOINT_OK, "%s", text);
	return e;
}

static struct packet packet(uint8_t proto, const char *from, const char *to)
{
	struct endpoint a = end(from), b = end(to);
	struct packet p = { .family = a.family,
			    .ip_proto = proto,
			    .has_ports = a.has_port,
			    .sport = a.port,
			    .dport = b.port,
			    .flow = 12345,
			    .prev = 678 };

	memcpy(p.src, a.ip, 16);
	memcpy(p.dst, b.ip, 16);
	return p;
}

static uint32_t add(struct world *w, struct packet *p)
{
	p->number = ++w->number;
	p->at_ns = w->number * 1000;
	flow_table_add(&w->t, p, NULL);
	return p->flow;
}

static const char A[] = "10.0.0.1:4000", B[] = "10.0.0.2:80";

/* A TCP packet of A (way 0) or B (way 1). */
static struct packet tcp(unsigned way, uint16_t flags, uint32_t seq, uint32_t ack, uint32_t payload)
{
	struct packet p = packet(IPPROTO_TCP, way ? B : A, way ? A : B);

	p.tcp_flags = flags;
	p.tcp_seq = seq;
	p.tcp_ack = ack;
	p.payload_len = payload;
	return p;
}

static uint32_t add_tcp(struct world *w, unsigned way, uint16_t flags, uint32_t seq, uint32_t ack, uint32_t payload)
{
	struct packet p = tcp(way, flags, seq, ack, payload);

	return add(w, &p);
}

static void begin(struct world *w, uint32_t limit)
{
	memset(w, 0, sizeof *w);
	flow_table_init(&w->t, limit);
}

/* --- which packets belong together --- */

static const struct pair {
	uint8_t proto, proto2;
	const char *from, *to, *from2, *to2;
	bool same;
} pairs[] = {
	{ IPPROTO_TCP, IPPROTO_TCP, "10.0.0.1:1", "10.0.0.2:2", "10.0.0.2:2", "10.0.0.1:1", true },
	{ IPPROTO_TCP, IPPROTO_TCP, "10.0.0.1:1", "10.0.0.2:2", "10.0.0.1:2", "10.0.0.2:1", false },
	{ IPPROTO_TCP, IPPROTO_UDP, "10.0.0.1:1", "10.0.0.2:2", "10.0.0.1:1", "10.0.0.2:2", false },
	{ IPPROTO_UDP, IPPROTO_UDP, "10.0.0.1:1", "10.0.0.2:2", "10.0.0.1:1", "10.0.0.2:3", false },
	{ IPPROTO_UDP, IPPROTO_UDP, "10.0.0.1:1", "10.0.0.2:2", "10.0.0.1:1", "10.0.0.3:2", false },
	{ IPPROTO_UDP, IPPROTO_UDP, "127.0.0.1:5", "127.0.0.1:6", "127.0.0.1:6", "127.0.0.1:5", true },
	{ IPPROTO_UDP, IPPROTO_UDP, "127.0.0.1:5", "127.0.0.1:5", "127.0.0.1:5", "127.0.0.1:5", true },
	{ IPPROTO_TCP, IPPROTO_TCP, "[fe80::1]:1", "[fe80::2]:2", "[fe80::2]:2", "[fe80::1]:1", true },
	{ IPPROTO_TCP, IPPROTO_TCP, "[fe80::1]:1", "[fe80::2]:2", "[fe80::2]:2", "[fe80::1:1]:1", false },
	{ IPPROTO_TCP, IPPROTO_TCP, "[a00:1::]:1", "[a00:2::]:2", "10.0.0.1:1", "10.0.0.2:2", false },
	{ IPPROTO_ICMP, IPPROTO_ICMP, "10.0.0.1", "10.0.0.2", "10.0.0.2", "10.0.0.1", true },
	{ IPPROTO_ICMP, IPPROTO_ICMP, "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.1", false },
};

ParameterizedTestParameters(flow, same_flow)
{
	static int rows[sizeof pairs / sizeof *pairs];

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		rows[i] = (int)i;
	return cr_make_param_array(int, rows, sizeof pairs / sizeof *pairs);
}

ParameterizedTest(int *row, flow, same_flow)
{
	const struct pair *x = &pairs[*row];
	struct packet a = packet(x->proto, x->from, x->to), b = packet(x->proto2, x->from2, x->to2);
	struct world w;

	begin(&w, 10);
	cr_assert_eq(add(&w, &a), 0);
	cr_assert_eq(add(&w, &b), x->same ? 0 : 1);
	cr_assert_eq(b.prev, x->same ? 1 : 0);
	cr_assert_eq(a.prev, 0);
	flow_table_done(&w.t);
}

Test(flow, counters_and_chain)
{
	struct packet p[4] = { packet(IPPROTO_UDP, A, B), packet(IPPROTO_UDP, B, A),
			       packet(IPPROTO_UDP, A, "10.0.0.9:1"), packet(IPPROTO_UDP, A, B) };
	const struct flow *f;
	struct world w;

	begin(&w, 10);
	for (unsigned i = 0; i < 4; i++) {
		p[i].payload_len = 10 + i;
		add(&w, &p[i]);
	}
	f = &w.t.flows[0];
	cr_assert_eq(f->side[0].packets, 2);
	cr_assert_eq(f->side[0].bytes, 10 + 13);
	cr_assert_eq(f->side[1].packets, 1);
	cr_assert_eq(f->side[1].bytes, 11);
	cr_assert_eq(f->first, 1);
	cr_assert_eq(f->last, 4);
	cr_assert_eq(f->first_ns, 1000);
	cr_assert_eq(f->last_ns, 4000);
	cr_assert_eq(p[3].prev, 2);
	cr_assert_eq(p[1].prev, 1);
	cr_assert_eq(flow_side_of(f, &p[0]), 0);
	cr_assert_eq(flow_side_of(f, &p[1]), 1);
	cr_assert_not(f->side[0].has_isn, "UDP has no sequence numbers");
	flow_table_done(&w.t);
}

Test(flow, packets_without_one)
{
	struct packet none = { .linktype = 1 }, piece = packet(IPPROTO_UDP, "10.0.0.1", "10.0.0.2"),
		      cut = packet(IPPROTO_TCP, "10.0.0.1", "10.0.0.2"), first = packet(IPPROTO_UDP, A, B);
	struct world w;

	begin(&w, 10);
	piece.fragment = first.fragment = true;
	cr_assert_eq(add(&w, &none), FLOW_NONE);
	cr_assert_eq(add(&w, &piece), FLOW_NONE);
	cr_assert_eq(add(&w, &cut), FLOW_NONE);
	cr_assert_eq(cut.prev, 0);
	cr_assert_eq(add(&w, &first), 0, "the first fragment has the ports");
	cr_assert_eq(w.t.refused, 0);
	flow_table_done(&w.t);
}

Test(flow, find)
{
	struct packet p = packet(IPPROTO_TCP, A, B), six = packet(IPPROTO_UDP, "[::1]:5", "[::1]:6");
	struct endpoint a = end(A), b = end(B), mapped = end("[::ffff:10.0.0.1]:4000"),
			mapped_b = end("[::ffff:10.0.0.2]:80");
	struct endpoint v6 = end("[::1]:5"), w6 = end("[::1]:6"), none = { 0 };
	struct world w;

	begin(&w, 10);
	cr_assert_null(flow_table_find(&w.t, IPPROTO_TCP, &a, &b), "an empty table");
	add(&w, &p);
	add(&w, &six);
	cr_assert_eq(flow_table_find(&w.t, IPPROTO_TCP, &a, &b), &w.t.flows[0]);
	cr_assert_eq(flow_table_find(&w.t, IPPROTO_TCP, &b, &a), &w.t.flows[0]);
	cr_assert_eq(flow_table_find(&w.t, IPPROTO_TCP, &mapped, &mapped_b), &w.t.flows[0]);
	cr_assert_null(flow_table_find(&w.t, IPPROTO_UDP, &a, &b));
	w6.scope_id = 7;
	cr_assert_eq(flow_table_find(&w.t, IPPROTO_UDP, &w6, &v6), &w.t.flows[1]);
	cr_assert_null(flow_table_find(&w.t, IPPROTO_UDP, &v6, &a));
	cr_assert_null(flow_table_find(&w.t, IPPROTO_UDP, &none, &none));
	flow_table_done(&w.t);
}

/* --- the limit and the growth --- */

Test(flow, limit)
{
	struct world w;

	begin(&w, 3);
	for (unsigned i = 0; i < 5; i++) {
		struct packet p = packet(IPPROTO_UDP, A, B);

		p.sport = (uint16_t)(1000 + i);
		cr_assert_eq(add(&w, &p), i < 3 ? i : FLOW_NONE);
	}
	cr_assert_eq(w.t.refused, 2);
	cr_assert_eq(add_tcp(&w, 0, SYN, 1, 0, 0), FLOW_NONE);
	for (unsigned i = 0; i < 3; i++) {
		struct packet p = packet(IPPROTO_UDP, B, A);

		p.dport = (uint16_t)(1000 + i);
		cr_assert_eq(add(&w, &p), i, "known flows go on");
	}
	cr_assert_eq(w.t.count, 3);
	flow_table_done(&w.t);
}

Test(flow, growth)
{
	enum { FLOWS = 50000 };
	struct world w;

	begin(&w, FLOWS);
	for (unsigned round = 0; round < 2; round++)
		for (uint32_t i = 0; i < FLOWS; i++) {
			struct packet p = packet(IPPROTO_UDP, round ? B : A, round ? A : B);
			uint8_t *ip = round ? p.dst : p.src;

			ip[1] = (uint8_t)(i >> 8);
			ip[2] = (uint8_t)i;
			cr_assert_eq(add(&w, &p), i);
		}
	cr_assert_leq(w.t.count, w.t.slot_count / 2);
	cr_assert_eq(w.t.flows[77].side[1].packets, 1);
	flow_table_done(&w.t);
}

/* --- TCP --- */

Test(flow, a_connection)
{
	struct flow_side *a, *b;
	struct world w;

	begin(&w, 10);
	add_tcp(&w, 0, SYN, 100, 0, 0);
	add_tcp(&w, 1, SYN | ACK, 900, 101, 0);
	add_tcp(&w, 0, ACK, 101, 901, 0);
	add_tcp(&w, 0, ACK, 101, 901, 50);
	add_tcp(&w, 1, ACK, 901, 151, 0);
	add_tcp(&w, 0, ACK | FIN, 151, 901, 5);
	add_tcp(&w, 0, ACK | FIN, 151, 901, 5); /* again */
	add_tcp(&w, 1, ACK, 901, 120, 0);       /* an old acknowledgement */
	add_tcp(&w, 1, ACK | FIN, 901, 157, 0);
	add_tcp(&w, 0, ACK, 157, 902, 0);
	cr_assert_eq(w.t.count, 1);
	a = &w.t.flows[0].side[0];
	b = &w.t.flows[0].side[1];
	cr_assert(a->saw_syn && a->has_isn && a->isn == 100);
	cr_assert(b->saw_syn && b->has_isn && b->isn == 900);
	cr_assert(a->saw_fin && a->fin_seq == 156);
	cr_assert(b->saw_fin && b->fin_seq == 901);
	cr_assert(a->has_ack && a->max_ack == 902);
	cr_assert(b->has_ack && b->max_ack == 157);
	cr_assert(!a->saw_rst && !b->saw_rst);
	flow_table_done(&w.t);
}

/* What was seen, one packet a word: way, flags, number; the last one begins a new flow or not. */
static const struct reuse {
	const char *name;
	struct {
		unsigned way;
		uint16_t flags;
		uint32_t seq, ack;
	} p[4];
	bool anew; /* for the last one */
} reuses[] = {
	{ "a SYN sent again", { { 0, SYN, 100, 0 }, { 0, SYN, 100, 0 } }, false },
	{ "another SYN", { { 0, SYN, 100, 0 }, { 0, SYN, 200, 0 } }, true },
	{ "a SYN-ACK", { { 0, SYN, 100, 0 }, { 1, SYN | ACK, 900, 101 } }, false },
	{ "another SYN-ACK", { { 0, SYN, 100, 0 }, { 1, SYN | ACK, 900, 101 }, { 1, SYN | ACK, 901, 101 } }, false },
	{ "a SYN after a reset", { { 0, SYN, 100, 0 }, { 1, RST | ACK, 0, 101 }, { 0, SYN, 200, 0 } }, true },
	{ "a SYN the other way", { { 0, SYN, 100, 0 }, { 1, SYN | ACK, 900, 101 }, { 1, SYN, 950, 0 } }, true },
	{ "a simultaneous open", { { 0, SYN, 100, 0 }, { 1, SYN, 900, 0 } }, false },
	{ "the other end's SYN, after a reset", { { 0, SYN, 100, 0 }, { 0, RST, 101, 0 }, { 1, SYN, 900, 0 } }, true },
	{ "a SYN after a start that was missed", { { 0, ACK, 100, 5 }, { 0, SYN, 200, 0 } }, true },
	{ "a SYN after the other end's rest", { { 1, ACK, 100, 5 }, { 0, SYN, 200, 0 } }, true },
	{ "data after a reset", { { 0, SYN, 100, 0 }, { 1, RST | ACK, 0, 101 }, { 0, ACK, 101, 1 } }, false },
};

ParameterizedTestParameters(flow, port_used_again)
{
	static int rows[sizeof reuses / sizeof *reuses];

	for (size_t i = 0; i < sizeof reuses / sizeof *reuses; i++)
		rows[i] = (int)i;
	return cr_make_param_array(int, rows, sizeof reuses / sizeof *reuses);
}

ParameterizedTest(int *row, flow, port_used_again)
{
	const struct reuse *x = &reuses[*row];
	struct endpoint a = end(A), b = end(B);
	uint32_t last = 0;
	struct world w;

	begin(&w, 10);
	for (unsigned i = 0; i < 4 && x->p[i].flags; i++)
		last = add_tcp(&w, x->p[i].way, x->p[i].flags, x->p[i].seq, x->p[i].ack, 0);
	cr_assert_eq(last, x->anew ? 1 : 0, "%s", x->name);
	if (x->anew) {
		cr_assert_eq(w.t.flows[1].older, 0);
		cr_assert_eq(w.t.flows[1].first, w.number);
	}
	cr_assert_eq(w.t.flows[0].older, FLOW_NONE);
	cr_assert_eq(flow_table_find(&w.t, IPPROTO_TCP, &a, &b)->id, last, "%s: the newest is found", x->name);
	flow_table_done(&w.t);
}

Test(flow, base_with_the_handshake)
{
	struct packet p = tcp(1, ACK, 901, 150, 0);
	struct packet_base base = { 0 };
	struct world w;

	begin(&w, 10);
	add_tcp(&w, 0, SYN, UINT32_MAX, 0, 0);
	add_tcp(&w, 1, SYN | ACK, 900, 0, 0);
	add(&w, &p);
	flow_base(&w.t.flows[0], &p, &base);
	cr_assert(base.has_seq && base.has_ack);
	cr_assert_eq(p.tcp_seq - base.seq, 1);
	cr_assert_eq(p.tcp_ack - base.ack, 151);
	flow_table_done(&w.t);
}

/* Where the start was missed the first number seen, or acknowledged, counts as 1. */
Test(flow, base_of_a_start_that_was_missed)
{
	struct packet p = tcp(0, ACK, 5000, 7000, 100), q = tcp(1, ACK, 7000, 5100, 20),
		      old = tcp(1, ACK, 6990, 5100, 10);
	struct packet_base base = { 0 };
	struct world w;

	begin(&w, 10);
	add(&w, &p);
	add(&w, &q);
	add(&w, &old);
	flow_base(&w.t.flows[0], &p, &base);
	cr_assert(base.has_seq && base.has_ack);
	cr_assert_eq(p.tcp_seq - base.seq, 1);
	cr_assert_eq(p.tcp_ack - base.ack, 1);
	flow_base(&w.t.flows[0], &q, &base);
	cr_assert_eq(q.tcp_seq - base.seq, 1);
	cr_assert_eq(q.tcp_ack - base.ack, 101);
	cr_assert_eq(base.wscale, -1);
	flow_table_done(&w.t);
}

Test(flow, base_without_an_acknowledgement)
{
	struct packet p = tcp(0, SYN, 77, 0, 0);
	struct packet_base base = { 0 };
	struct world w;

	begin(&w, 10);
	add(&w, &p);
	flow_base(&w.t.flows[0], &p, &base);
	cr_assert(base.has_seq && base.seq == 77 && !base.has_ack);
	flow_table_done(&w.t);
}

/* -1: no SYN seen from that side; 0xff: its SYN had no option */
static const struct scale {
	int a, b;
	int from_a, from_b; /* what flow_base says of later packets */
} scales[] = {
	{ 7, 3, 7, 3 },     { 7, 0xff, 0, 0 }, { 0xff, 3, 0, 0 },  { 0xff, 0xff, 0, 0 }, { 7, -1, -1, -1 },
	{ 0xff, -1, 0, 0 }, { -1, 3, -1, -1 }, { -1, -1, -1, -1 }, { 0, 200, 0, 14 },
};

ParameterizedTestParameters(flow, window_scale)
{
	static int rows[sizeof scales / sizeof *scales];

	for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
		rows[i] = (int)i;
	return cr_make_param_array(int, rows, sizeof scales / sizeof *scales);
}

ParameterizedTest(int *row, flow, window_scale)
{
	const struct scale *x = &scales[*row];
	struct packet a = tcp(0, ACK, 101, 901, 0), b = tcp(1, ACK, 901, 101, 0);
	const int said[2] = { x->a, x->b };
	struct packet_base base = { 0 };
	struct world w;

	begin(&w, 10);
	for (unsigned way = 0; way < 2; way++) {
		struct packet syn = tcp(way, way ? SYN | ACK : SYN, way ? 900 : 100, way ? 101 : 0, 0);

		syn.tcp_options = said[way] == 0xff ? 0 : TCP_OPT_WSCALE;
		syn.tcp_wscale = (uint8_t)said[way];
		if (said[way] < 0)
			continue;
		add(&w, &syn);
		flow_base(&w.t.flows[0], &syn, &base);
		cr_assert_eq(base.wscale, 0, "the window of a SYN is never scaled");
	}
	add(&w, &a);
	add(&w, &b);
	flow_base(&w.t.flows[0], &a, &base);
	cr_assert_eq(base.wscale, x->from_a);
	flow_base(&w.t.flows[0], &b, &base);
	cr_assert_eq(base.wscale, x->from_b);
	flow_table_done(&w.t);
}

/* Raw IPv4: host unreachable from a router, about a datagram of A to B's port 53. */
static const uint8_t unreachable[] = {
	0x45, 0,    0, 56, 0, 0,  0, 0, 64, 1,  0, 0, 10, 0, 0, 254, 10, 0, 0, 1, /* router to A */
	3,    1,    0, 0,  0, 0,  0, 0,                                           /* ICMP */
	0x45, 0,    0, 40, 0, 0,  0, 0, 64, 17, 0, 0, 10, 0, 0, 1,   10, 0, 0, 2, /* A to B */
	0x0f, 0xa0, 0, 53, 0, 20, 0, 0,                                           /* 4000 to 53 */
};

static struct packet error_of(const uint8_t *bytes, size_t kept)
{
	struct packet p = { .linktype = 101, .len = sizeof unreachable, .cap = (uint32_t)kept };

	decode_summary(&p, bytes);
	return p;
}

Test(flow, an_icmp_error_is_about_a_flow)
{
	struct world w = { 0 };
	struct packet a = packet(IPPROTO_UDP, "10.0.0.1:4000", "10.0.0.2:53"),
		      p = error_of(unreachable, sizeof unreachable), other;
	struct buf words = { 0 };

	flow_table_init(&w.t, 100);
	other = p; /* nothing is known of what it is about */
	other.number = ++w.number;
	flow_table_add(&w.t, &other, unreachable);
	cr_expect_eq(w.t.error_count, 0);
	add(&w, &a);
	p.number = ++w.number;
	flow_table_add(&w.t, &p, unreachable);
	cr_assert_eq(w.t.error_count, 1);
	cr_expect_eq(w.t.errors[0].flow, a.flow);
	cr_expect_eq(w.t.errors[0].number, p.number);
	cr_expect_neq(p.flow, a.flow, "it counts in a flow of its own");
	cr_expect_eq(w.t.flows[a.flow].side[1].packets, 0);
	cr_expect(decode_error_words(&p, unreachable, &words));
	cr_expect_str_eq(buf_text(&words), "ICMP host unreachable from 10.0.0.254");
	buf_done(&words);
	for (unsigned i = 0; i < 3 * FLOW_ERRORS; i++)
		flow_table_add(&w.t, &p, unreachable);
	cr_expect_leq(w.t.error_count, FLOW_ERRORS, "they are bounded");
	cr_expect_eq(w.t.error_count + w.t.errors_gone, 3 * FLOW_ERRORS + 1);
	flow_table_done(&w.t);
}

Test(flow, a_quote_of_every_length)
{
	for (size_t kept = 0; kept <= sizeof unreachable; kept++) {
		uint8_t *bytes = malloc(kept ? kept : 1);
		struct packet p, about;
		struct buf words = { 0 };
		bool quoted;

		memcpy(bytes, unreachable, kept);
		p = error_of(bytes, kept);
		quoted = decode_quoted(&p, bytes, &about);
		cr_expect_eq(quoted && about.has_ports, kept >= 52, "%zu bytes", kept);
		if (quoted && about.has_ports)
			cr_expect(about.sport == 4000 && about.dport == 53);
		decode_error_words(&p, bytes, &words);
		buf_done(&words);
		free(bytes);
	}
}
