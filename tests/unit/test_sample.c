/* The kernel's figures of a socket over time. */
#include "core/sample.h"

#include <criterion/criterion.h>
#include <string.h>

#define SECOND UINT64_C(1000000000)
#define BEGIN (UINT64_C(1700000000) * SECOND)

static struct samples ring;

static struct sock tcp(void)
{
	struct sock k = { .known = SOCK_HAS_TCP | SOCK_HAS_QUEUES, .state = STATE_ESTABLISHED };

	k.tcp.ssthresh = 0x7fffffff;
	k.tcp.pacing_rate = UINT64_MAX;
	return k;
}

Test(sample, every_figure_has_its_words)
{
	for (int i = 0; i < FIGURE_COUNT; i++) {
		cr_expect_not_null(figures[i].name, "%d", i);
		cr_expect_not_null(figures[i].help, "%d", i);
		for (int k = 0; k < i; k++)
			cr_expect_str_neq(figures[i].name, figures[k].name);
	}
}

Test(sample, what_the_kernel_says)
{
	struct sock k = tcp();
	const struct sample *m;

	k.tcp.rtt_us = 43;
	k.tcp.cwnd = 10;
	k.recv_q = 7;
	k.send_q = 9;
	cr_assert(samples_add(&ring, &k, NULL, BEGIN));
	m = samples_last(&ring);
	cr_expect_eq(m->value[FIGURE_RTT], 43);
	cr_expect_eq(m->value[FIGURE_CWND], 10);
	cr_expect_eq(m->value[FIGURE_RECV_Q], 7);
	cr_expect_eq(m->value[FIGURE_SEND_Q], 9);
	cr_expect_not(m->known & 1u << FIGURE_SSTHRESH, "slow start: there is none yet");
	cr_expect_not(m->known & 1u << FIGURE_PACING, "not limited");
	cr_expect_not(m->known & 1u << FIGURE_OUT_RATE, "of one sample there is no rate");
	k.tcp.bytes_sent = 3000;
	cr_expect_not(samples_add(&ring, &k, NULL, BEGIN + SECOND / 10), "too soon");
	cr_expect_not(samples_add(&ring, &k, NULL, BEGIN - SECOND), "the clock was set back");
	cr_assert(samples_add(&ring, &k, NULL, BEGIN + 2 * SECOND));
	cr_expect_eq(samples_last(&ring)->value[FIGURE_OUT_RATE], 1500, "bytes a second");
	k.tcp.bytes_sent = 0;
	cr_assert(samples_add(&ring, &k, NULL, BEGIN + 3 * SECOND));
	cr_expect_eq(samples_last(&ring)->value[FIGURE_OUT_RATE], 0, "a counter that began anew");
}

Test(sample, without_tcp_info_the_calls_count)
{
	struct sock k = { .known = SOCK_HAS_QUEUES, .state = STATE_CONNECTED };
	struct sample_calls calls = { .sent = 100, .received = 50, .waiting = 3 };

	cr_assert(samples_add(&ring, &k, &calls, BEGIN));
	cr_expect_eq(samples_last(&ring)->value[FIGURE_OUT], 100);
	cr_expect_eq(samples_last(&ring)->value[FIGURE_IN], 50);
	cr_expect_not(samples_last(&ring)->known & 1u << FIGURE_RTT);
	k.state = STATE_LISTEN;
	cr_assert(samples_add(&ring, &k, &calls, BEGIN + SECOND));
	cr_expect_eq(samples_last(&ring)->value[FIGURE_RECV_Q], 3, "who waits for accept");
	cr_expect_not(samples_last(&ring)->known & 1u << FIGURE_SEND_Q, "it is the backlog");
}

Test(sample, two_minutes_at_the_fastest_rate)
{
	struct sock k = tcp();

	for (uint64_t i = 0; i < 3 * SAMPLES; i++) {
		k.tcp.rtt_us = (uint32_t)i;
		cr_assert(samples_add(&ring, &k, NULL, BEGIN + i * SAMPLE_LEAST_NS));
	}
	cr_expect_eq(ring.count, SAMPLES);
	cr_expect_eq(samples_at(&ring, 0)->value[FIGURE_RTT], 2 * SAMPLES);
	cr_expect_null(samples_at(&ring, SAMPLES));
	cr_expect_geq(samples_last(&ring)->at_ns - samples_at(&ring, 0)->at_ns, SAMPLE_SPAN_NS);
}

Test(sample, a_series_is_even_in_time)
{
	static const uint32_t rtt[] = { 5, 9, 7, 3 };
	static const uint64_t at[] = { 10, 11, 12, 40 };
	struct sock k = tcp();
	uint64_t out[6];

	cr_expect_eq(samples_series(&ring, FIGURE_RTT, BEGIN, BEGIN + 60 * SECOND, out, 6), 0);
	for (size_t i = 0; i < 4; i++) {
		k.tcp.rtt_us = rtt[i];
		samples_add(&ring, &k, NULL, BEGIN + at[i] * SECOND);
	}
	cr_expect_eq(samples_series(&ring, FIGURE_RTT, BEGIN, BEGIN + 60 * SECOND, out, 6), 5);
	cr_expect_eq(out[0], 0, "before the first");
	cr_expect_eq(out[1], 9, "the greatest of its part");
	cr_expect_eq(out[2], 7, "goes on with the last");
	cr_expect_eq(out[3], 7);
	cr_expect_eq(out[4], 3);
	cr_expect_eq(out[5], 3);
	cr_expect_eq(samples_series(&ring, FIGURE_RTT, BEGIN + 20 * SECOND, BEGIN + 60 * SECOND, out, 4), 4);
	cr_expect_eq(out[0], 7, "what was before it counts until there is more");
	cr_expect_eq(samples_series(&ring, FIGURE_SSTHRESH, BEGIN, BEGIN + 60 * SECOND, out, 6), 0);
}
