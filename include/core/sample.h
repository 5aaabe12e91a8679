/* sample.h - how the kernel's figures of one socket went: its last two minutes, a sample each time
 * it was looked at. Pure: no clock, no I/O.
 *
 * A ring of fixed size. Looks that follow each other faster than SAMPLE_LEAST_NS are passed over, so
 * that it always reaches back SAMPLE_SPAN_NS. A figure that the kernel did not tell has its bit in
 * `known` clear.
 */
#ifndef CORE_SAMPLE_H
#define CORE_SAMPLE_H

#include "core/sock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SAMPLE_SPAN_NS UINT64_C(120000000000)
#define SAMPLE_LEAST_NS UINT64_C(240000000)

enum { SAMPLES = 512 };

enum figure {
	FIGURE_RTT,
	FIGURE_RTTVAR,
	FIGURE_CWND,
	FIGURE_SSTHRESH, /* not known before the first loss: slow start has no limit */
	FIGURE_OUT_RATE,
	FIGURE_IN_RATE,
	FIGURE_OUT, /* bytes so far: what TCP sent, or what our own calls moved */
	FIGURE_IN,
	FIGURE_RETRANS,
	FIGURE_RECV_Q, /* of a listener: who waits for accept */
	FIGURE_SEND_Q,
	FIGURE_UNACKED,
	FIGURE_DELIVERY,
	FIGURE_PACING,
	FIGURE_RCV_SPACE,
	FIGURE_SND_WND, /* the peer's window */
	FIGURE_RCV_WND, /* ours */
	FIGURE_MSS,
	FIGURE_COUNT
};

enum figure_unit { FIGURE_MICRO, FIGURE_NUMBER, FIGURE_BYTES, FIGURE_PER_SECOND };

struct figure_row {
	const char *name; /* "out rate" */
	enum figure_unit unit;
	const char *help;
};

extern const struct figure_row figures[FIGURE_COUNT];

struct sample {
	uint64_t at_ns; /* CLOCK_REALTIME */
	uint32_t known; /* bits 1 << enum figure */
	uint64_t value[FIGURE_COUNT];
};

struct samples { /* zeroed: empty */
	struct sample ring[SAMPLES];
	size_t head, count; /* head: the place of the next one */
};

/* What is counted where the kernel does not: of a socket of our own the bytes that calls moved. */
struct sample_calls {
	uint64_t sent, received;
	uint32_t waiting; /* of a listener: connections that wait */
};

/* Add what `k` says, seen at `at_ns`. `calls` may be NULL. False: too soon after the last one, or
 * before it. */
bool samples_add(struct samples *s, const struct sock *k, const struct sample_calls *calls, uint64_t at_ns);
/* From the oldest, 0, on; NULL: there are not so many. */
const struct sample *samples_at(const struct samples *s, size_t index);
const struct sample *samples_last(const struct samples *s); /* NULL: none */
/* One number for each of `count` equal parts of the time from `from_ns` to `until_ns`, the greatest
 * of each; a part without a sample has what the one before it ended with, and 0 before the first.
 * Returns how many parts at the end have something known: 0, the figure was never told. */
size_t samples_series(const struct samples *s, enum figure which, uint64_t from_ns, uint64_t until_ns, uint64_t *out,
		      size_t count);

#endif
