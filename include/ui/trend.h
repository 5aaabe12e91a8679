/* trend.h - how the figures of one socket went over the last two minutes, as a section of a sheet: a
 * curve each, with the last value, the least and the greatest.
 */
#ifndef UI_TREND_H
#define UI_TREND_H

#include "core/sample.h"
#include "ui/sheet.h"

enum { TREND_PARTS = 120 };

struct trend { /* what the sheet borrows until it was drawn */
	uint64_t series[FIGURE_COUNT][TREND_PARTS];
};

/* Where there is something to see: more than one sample, and a figure that is not always 0. `s` may
 * be NULL. The curves end at `now_ns` (CLOCK_REALTIME), all with one axis of time. */
void trend_sheet(struct trend *t, const struct samples *s, uint64_t now_ns, struct sheet *out, bool ascii);
/* A value with its unit, in at most seven cells: "43µs", "1.20ms", "12.5K/s". Returns out. */
char *figure_words(enum figure_unit unit, uint64_t value, bool ascii, char out[24]);

#endif
