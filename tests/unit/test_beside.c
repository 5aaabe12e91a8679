/* What packets add up to, and the kernel's figures beside it: each difference with its reason. */
#include "analysis/beside.h"
#include "analysis/finding.h"
#include "analysis/wire_points.h"

#include <criterion/criterion.h>
#include <netinet/in.h>
#include <string.h>

enum { SYN = TCP_FLAG_SYN, ACK = TCP_FLAG_ACK, FIN = TCP_FLAG_FIN };
#define START (UINT64_C(1763862649) * 1000000000)
#define US UINT64_C(1000)
#define SECOND UINT64_C(1000000000)

static struct packet segment(uint64_t at_us, uint16_t flags, uint32_t seq, uint32_t ack, uint32_t len)
{
	struct packet p = { .at_ns = START + at_us * US,
			    .ip_proto = IPPROTO_TCP,
			    .has_ports = true,
			    .tcp_flags = flags,
			    .tcp_seq = seq,
			    .tcp_ack = ack,
			    .tcp_window = 1000,
			    .payload_len = len };

	if (flags & SYN) {
		p.tcp_options = TCP_OPT_MSS | TCP_OPT_WSCALE | TCP_OPT_SACK_OK | TCP_OPT_TS;
		p.tcp_mss = 1460;
		p.tcp_wscale = 7;
	}
	return p;
}

static void add(struct wire_sum *w, bool out, struct packet p)
{
	wire_sum_add(w, &p, out);
}

/* Numbers that wrap in the middle of the data. */
static void talk(struct wire_sum *w)
{
	const uint32_t us = 0xffffff00, them = 5000;

	add(w, true, segment(0, SYN, us, 0, 0));
	add(w, false, segment(300, SYN | ACK, them, us + 1, 0));
	add(w, true, segment(400, ACK, us + 1, them + 1, 0));
	add(w, true, segment(1000, ACK, us + 1, them + 1, 1000));
	add(w, false, segment(1200, ACK, them + 1, us + 1001, 0));
	add(w, false, segment(2000, ACK, them + 1, us + 1001, 500));
	add(w, true, segment(2100, ACK, us + 1001, them + 501, 0));
}

/* What the kernel would say of it. */
static struct sock kernel_of_talk(void)
{
	struct sock k = { .known = SOCK_HAS_TCP | SOCK_HAS_QUEUES, .state = STATE_ESTABLISHED };

	k.tcp = (struct sock_tcp){ .rtt_us = 230,
				   .cwnd = 10,
				   .snd_mss = 1448,
				   .rcv_mss = 1448,
				   .advmss = 1448,
				   .snd_wnd = 128000,
				   .rcv_wnd = 128000,
				   .snd_wscale = 7,
				   .rcv_wscale = 7,
				   .timestamps = true,
				   .sack = true,
				   .bytes_sent = 1000,
				   .bytes_acked = 1001,
				   .bytes_received = 500,
				   .segs_out = 4,
				   .segs_in = 3,
				   .data_segs_out = 1,
				   .data_segs_in = 1,
				   .last_data_sent_ms = 9999,
				   .last_data_recv_ms = 9998 };
	return k;
}

static struct beside_row rows[BESIDE_ROWS];
static enum beside_reason why[BESIDE_WHY];
static size_t count, whys;

static const struct beside_row *row(const char *label)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(rows[i].label, label))
			return &rows[i];
	cr_assert_fail("no row %s", label);
	return NULL;
}

static struct beside_facts facts(const struct sock *k, const struct wire_sum *w)
{
	return (struct beside_facts){ .kernel = k,
				      .kernel_ns = START + 10 * SECOND,
				      .wire = w,
				      .wire_state = STATE_ESTABLISHED,
				      .capturing = true };
}

#define ROW(label_, kernel_, wire_, verdict_, reason_)                                      \
	do {                                                                                \
		const struct beside_row *r_ = row(label_);                                  \
		cr_expect_str_eq(r_->kernel, kernel_, "%s: kernel %s", label_, r_->kernel); \
		cr_expect_str_eq(r_->wire, wire_, "%s: wire %s", label_, r_->wire);         \
		cr_expect_eq(r_->verdict, verdict_, "%s: verdict %d", label_, r_->verdict); \
		cr_expect_eq(r_->reason, reason_, "%s: reason %d", label_, r_->reason);     \
	} while (0)

Test(wire_sum, a_connection)
{
	struct wire_sum w = { 0 };
	const struct wire_side *o = &w.side[1], *i = &w.side[0];

	talk(&w);
	cr_expect(o->from_start && i->from_start);
	cr_expect_eq(wire_sum_bytes(o), 1000, "across the wrap");
	cr_expect_eq(wire_sum_bytes(i), 500);
	cr_expect_eq(o->ack, 1000);
	cr_expect_eq(wire_sum_flight(o), 0);
	cr_expect_eq(w.handshake_ns, 400 * US);
	cr_expect_eq(o->rtt.count, 1);
	cr_expect_eq(o->rtt.smooth_us, 200);
	cr_expect_eq(i->rtt.last_us, 100);
	cr_expect(o->has_window);
	cr_expect_eq(o->window, 128000, "scaled");
	cr_expect(wire_sum_agreed(&w, TCP_OPT_SACK_OK));
	add(&w, true, segment(3000, ACK | FIN, 0xffffff00 + 1001, 5501, 0));
	cr_expect_eq(wire_sum_bytes(o), 1000, "a FIN is no data");
	cr_expect_eq(wire_sum_flight(o), 1, "but has a number");
}

Test(wire_sum, what_is_sent_again_is_not_timed)
{
	struct wire_sum w = { 0 };
	struct packet again = segment(300000, ACK, 1, 1, 100);

	add(&w, true, segment(0, SYN, 0, 0, 0));
	add(&w, false, segment(300, SYN | ACK, 0, 1, 0));
	add(&w, true, segment(1000, ACK, 1, 1, 100));
	again.analysis = FOUND(RETRANSMISSION);
	add(&w, true, again);
	add(&w, false, segment(300100, ACK, 1, 101, 0));
	cr_expect_eq(w.side[1].rtt.count, 0, "which of the two was acknowledged (Karn)");
	cr_expect_eq(w.side[1].again_packets, 1);
	cr_expect_eq(w.side[1].again_bytes, 100);
	cr_expect_eq(w.side[1].payload, 200);
	cr_expect_eq(wire_sum_bytes(&w.side[1]), 100);
	add(&w, true, segment(400000, ACK, 101, 1, 100));
	add(&w, false, segment(400080, ACK, 1, 201, 0));
	cr_expect_eq(w.side[1].rtt.last_us, 80);
}

Test(wire_sum, begun_in_the_middle)
{
	struct wire_sum w = { 0 };

	add(&w, false, segment(0, ACK, 70000, 900, 0));
	add(&w, true, segment(10, ACK, 900, 70000, 100));
	add(&w, true, segment(20, ACK, 899, 70000, 0));
	add(&w, false, segment(30, ACK, 70000, 400, 0));
	cr_expect_not(w.side[1].from_start);
	cr_expect_eq(wire_sum_bytes(&w.side[1]), 100);
	cr_expect_eq(wire_sum_flight(&w.side[1]), 100);
	cr_expect_not(w.side[0].has_window, "its scale is not known");
	cr_expect_not(wire_sum_agreed(&w, TCP_OPT_TS));
}

Test(wire_sum, datagrams)
{
	struct wire_sum w = { 0 };
	struct packet p = { .at_ns = START, .ip_proto = IPPROTO_UDP, .has_ports = true, .payload_len = 40 };

	wire_sum_add(&w, &p, true);
	wire_sum_add(&w, &p, false);
	wire_sum_add(&w, &p, false);
	cr_expect_eq(wire_sum_bytes(&w.side[0]), 80);
	cr_expect_eq(w.side[0].data_packets, 2);
}

static uint32_t any(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 4;
}

/* Nothing that a packet says leads out of bounds; points stay within their limit. */
Test(wire_points, any_packets)
{
	struct wire_points w = { 0 };
	uint32_t state = 12345;

	for (size_t i = 0; i < 3 * WIRE_POINTS; i++) {
		struct packet p = segment(i, 0, 0, 0, any(&state) % 70000);

		p.tcp_flags = (uint16_t)(any(&state) & 0x1ff);
		p.tcp_seq = any(&state) * 16;
		p.tcp_ack = any(&state) * 16;
		p.tcp_options = (uint8_t)any(&state);
		p.tcp_wscale = (uint8_t)any(&state);
		p.tcp_window = (uint16_t)any(&state);
		p.analysis = (uint16_t)any(&state);
		p.at_ns = any(&state) % 100 ? p.at_ns : 0; /* clocks go back */
		wire_points_add(&w, &p, any(&state) & 1);
		cr_assert_leq(w.count, WIRE_POINTS);
	}
	cr_expect_eq(w.let_go + w.count, 3 * WIRE_POINTS);
	cr_expect_leq(wire_points_since(&w, START), w.count);
	wire_points_done(&w);
}

Test(beside, every_reason_has_a_sentence)
{
	for (int i = REASON_NONE + 1; i < REASONS; i++) {
		cr_assert_not_null(beside_reasons[i], "%d", i);
		cr_expect_eq(beside_reasons[i][strlen(beside_reasons[i]) - 1], '.', "%d", i);
	}
}

Test(beside, the_two_agree)
{
	struct wire_sum w = { 0 };
	struct sock k = kernel_of_talk();
	struct beside_facts f = facts(&k, &w);

	talk(&w);
	count = beside(&f, rows, why, &whys);
	ROW("state", "ESTABLISHED", "ESTABLISHED", BESIDE_SAME, REASON_NONE);
	ROW("rtt", "230 µs", "200 µs", BESIDE_NEAR, REASON_RTT);
	ROW("handshake", "-", "400 µs", BESIDE_ALONE, REASON_NONE);
	ROW("retransmits", "0", "0", BESIDE_SAME, REASON_NONE);
	ROW("in flight", "0", "0", BESIDE_SAME, REASON_NONE);
	ROW("peer window", "128000", "128000", BESIDE_SAME, REASON_NONE);
	ROW("our window", "128000", "128000", BESIDE_SAME, REASON_NONE);
	ROW("bytes sent", "1000", "1000", BESIDE_SAME, REASON_NONE);
	ROW("acked", "1001", "1000", BESIDE_NEAR, REASON_CONTROL);
	ROW("received", "500", "500", BESIDE_SAME, REASON_NONE);
	ROW("packets out", "4", "4", BESIDE_SAME, REASON_NONE);
	ROW("mss", "1448", "1460", BESIDE_NEAR, REASON_HEADER);
	ROW("our scale", "7", "7", BESIDE_SAME, REASON_NONE);
	ROW("timestamps", "yes", "yes", BESIDE_SAME, REASON_NONE);
	ROW("ecn", "no", "no", BESIDE_SAME, REASON_NONE);
	cr_expect_eq(row("last out")->verdict, BESIDE_SAME);
	cr_expect_eq(row("last in")->verdict, BESIDE_SAME);
	cr_expect_eq(whys, 3, "rtt, control bytes, header");
	for (size_t i = 0; i < count; i++)
		cr_expect_neq(rows[i].verdict, BESIDE_DIFFERS, "%s", rows[i].label);
}

/* One fact is changed: the row differs, and this is why. */
Test(beside, they_differ_and_why)
{
	static const struct {
		const char *label;
		enum beside_reason reason;
		enum beside_verdict verdict;
		uint64_t dropped, gone;
		bool late, moving, offload;
	} cases[] = {
		{ "bytes sent", REASON_UNKNOWN, BESIDE_DIFFERS, 0, 0, 0, 0, 0 },
		{ "bytes sent", REASON_DROPPED, BESIDE_DIFFERS, 3, 0, 0, 0, 0 },
		{ "bytes sent", REASON_GONE, BESIDE_DIFFERS, 3, 1, 0, 0, 0 },
		{ "bytes sent", REASON_LATE, BESIDE_DIFFERS, 3, 1, 1, 0, 0 },
		{ "bytes sent", REASON_MOVING, BESIDE_NEAR, 0, 0, 0, 1, 0 },
		{ "last out", REASON_MOVING, BESIDE_NEAR, 0, 1, 1, 1, 0 }, /* not what came first */
		{ "packets out", REASON_OFFLOAD, BESIDE_DIFFERS, 0, 0, 0, 0, 1 },
		{ "packets out", REASON_UNKNOWN, BESIDE_DIFFERS, 0, 0, 0, 0, 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct wire_sum w = { 0 };
		struct sock k = kernel_of_talk();
		struct beside_facts f = facts(&k, &w);

		talk(&w);
		k.tcp.bytes_sent = 9000;
		k.tcp.segs_out = 40;
		w.side[0].from_start = !cases[i].late;
		f.dropped = cases[i].dropped;
		f.gone = cases[i].gone;
		if (cases[i].moving)
			f.kernel_ns = w.last_ns + SECOND / 20;
		if (cases[i].offload)
			w.side[1].most_payload = 65483;
		count = beside(&f, rows, why, &whys);
		cr_expect_eq(row(cases[i].label)->verdict, cases[i].verdict, "%zu", i);
		cr_expect_eq(row(cases[i].label)->reason, cases[i].reason, "%zu: %d", i, row(cases[i].label)->reason);
	}
}

Test(beside, one_of_the_two_is_not_there)
{
	struct wire_sum w = { 0 }, none = { 0 };
	struct sock k = kernel_of_talk(), udp = { .known = SOCK_HAS_QUEUES, .state = STATE_CONNECTED };
	struct beside_facts f = facts(NULL, &w);

	talk(&w);
	count = beside(&f, rows, why, &whys);
	ROW("bytes sent", "-", "1000", BESIDE_ALONE, REASON_NONE);
	cr_expect_eq(whys, 1);
	cr_expect_eq(why[0], REASON_NO_KERNEL, "a file");
	f = facts(&k, &none);
	count = beside(&f, rows, why, &whys);
	ROW("bytes sent", "1000", "-", BESIDE_ALONE, REASON_NONE);
	cr_expect_eq(why[0], REASON_NO_PACKETS);
	f.capturing = false;
	count = beside(&f, rows, why, &whys);
	cr_expect_eq(why[0], REASON_NO_CAPTURE);
	f = facts(&udp, &none);
	count = beside(&f, rows, why, &whys);
	for (size_t i = 0; i < count; i++)
		cr_expect_str_neq(rows[i].label, "rtt", "a datagram socket has none");
}

Test(beside, datagrams_beside_our_calls)
{
	struct wire_sum w = { 0 };
	struct packet p = { .at_ns = START, .ip_proto = IPPROTO_UDP, .has_ports = true, .payload_len = 40 };
	struct sock k = { .known = SOCK_HAS_QUEUES, .state = STATE_CONNECTED };
	struct beside_facts f = facts(&k, &w);

	wire_sum_add(&w, &p, true);
	wire_sum_add(&w, &p, false);
	f.has_calls = true;
	f.calls_sent = 40;
	count = beside(&f, rows, why, &whys);
	ROW("payload out", "40", "40", BESIDE_SAME, REASON_NONE);
	ROW("payload in", "0", "40", BESIDE_DIFFERS, REASON_UNREAD);
}

Test(beside, an_accepted_socket_counts_from_behind_its_handshake)
{
	struct wire_sum w = { 0 };
	struct sock k = kernel_of_talk();
	struct beside_facts f = facts(&k, &w);

	talk(&w);
	k.tcp.segs_out = 3;
	f.accepted = true;
	count = beside(&f, rows, why, &whys);
	ROW("packets out", "3", "4", BESIDE_NEAR, REASON_ACCEPTED);
}

Test(beside, ecn_is_agreed_on_by_syn_and_syn_ack)
{
	struct wire_sum w = { 0 };
	struct sock k = kernel_of_talk();
	struct beside_facts f = facts(&k, &w);

	talk(&w);
	k.tcp.ecn = true;
	w.side[1].syn_flags = SYN | TCP_FLAG_ECE | TCP_FLAG_CWR;
	w.side[0].syn_flags = SYN | ACK | TCP_FLAG_ECE;
	count = beside(&f, rows, why, &whys);
	ROW("ecn", "yes", "yes", BESIDE_SAME, REASON_NONE);
	w.side[0].syn_flags = SYN | ACK;
	count = beside(&f, rows, why, &whys);
	ROW("ecn", "yes", "no", BESIDE_DIFFERS, REASON_UNKNOWN);
}
