/* clock.h - the two clocks. Events carry CLOCK_REALTIME nanoseconds, as packets do; durations and deadlines are
 * CLOCK_MONOTONIC. Nothing below the main loop reads a clock: `now` is passed in. The lab reads both around a
 * call, because the time a call took is what it measures.
 */
#ifndef UTIL_CLOCK_H
#define UTIL_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline uint64_t clock_read_ns(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline uint64_t clock_real_ns(void)
{
	return clock_read_ns(CLOCK_REALTIME);
}

static inline uint64_t clock_mono_ns(void)
{
	return clock_read_ns(CLOCK_MONOTONIC);
}

#endif
