/* trend.h - how the numbers of one socket went over the last two minutes: a sample a second, oldest
 * first. It is kept for the selected socket and begins anew with another.
 */
#ifndef UI_TREND_H
#define UI_TREND_H

#include "session/session.h"
#include "ui/sheet.h"

#include <stddef.h>
#include <stdint.h>

enum { TREND_SAMPLES = 120 };

enum trend_series {
	TREND_RTT, /* µs */
	TREND_CWND,
	TREND_OUT, /* bytes a second */
	TREND_IN,
	TREND_RECV_Q, /* of a listener: who waits for accept */
	TREND_SEND_Q,
	TREND_COUNT
};

struct trend {
	uint64_t key;
	uint64_t at_ns; /* of the last sample, CLOCK_MONOTONIC */
	size_t count;
	uint64_t series[TREND_COUNT][TREND_SAMPLES];
	uint64_t out, in; /* bytes so far */
};

/* Take a sample where `every_ns` have passed since the last one. `r` NULL: nothing is selected. */
void trend_settle(struct trend *t, const struct row *r, uint64_t now_ns, uint64_t every_ns);
/* A section of the sheet, where there is something to see. It borrows the samples. */
void trend_sheet(const struct trend *t, struct sheet *out, bool ascii);

#endif
