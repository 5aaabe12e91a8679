#include "ui/trend.h"

#include "util/text.h"

#include <stdio.h>
#include <string.h>

/* In the order of the sheet. What else is sampled is for the graphs. */
static const struct {
	enum figure figure;
	enum role role;
} shown[] = {
	{ FIGURE_RTT, ROLE_HEX_TEXT }, { FIGURE_CWND, ROLE_HEX_TEXT }, { FIGURE_OUT_RATE, ROLE_OUT },
	{ FIGURE_IN_RATE, ROLE_IN },   { FIGURE_DELIVERY, ROLE_OUT },  { FIGURE_UNACKED, ROLE_OUT },
	{ FIGURE_RECV_Q, ROLE_WARN },  { FIGURE_SEND_Q, ROLE_WARN },   { FIGURE_RETRANS, ROLE_ERROR },
};

/* Three digits and a unit. */
static char *scaled(char out[24], double value, const char *const *units, unsigned step)
{
	while (value >= (step == 1000 ? 999.5 : 1023.5) && units[1]) {
		value /= step;
		units++;
	}
	snprintf(out, 24, "%.*f%s",
		 value == (double)(uint64_t)value || value >= 99.95 ? 0
		 : value >= 9.995                                   ? 1
								    : 2,
		 value, *units);
	return out;
}

char *figure_words(enum figure_unit unit, uint64_t value, bool ascii, char out[24])
{
	static const char *const times[] = { "µs", "ms", "s", NULL }, *const plain_times[] = { "us", "ms", "s", NULL },
				 *const sizes[] = { "", "K", "M", "G", "T", "P", "E", NULL };

	switch (unit) {
	case FIGURE_MICRO: return scaled(out, (double)value, ascii ? plain_times : times, 1000);
	case FIGURE_NUMBER: snprintf(out, 24, "%llu", (unsigned long long)value); break;
	case FIGURE_BYTES: return scaled(out, (double)value, sizes, 1024);
	case FIGURE_PER_SECOND:
		scaled(out, (double)value, sizes, 1024);
		strcat(out, "/s");
		break;
	}
	return out;
}

/* The range without the unit twice: "12.5K–1.2M/s". */
static void range_words(const struct figure_row *row, uint64_t least, uint64_t most, bool ascii, char out[64])
{
	enum figure_unit plain = row->unit == FIGURE_PER_SECOND ? FIGURE_BYTES : row->unit;
	char a[24], b[24];

	snprintf(out, 64, "%s%s%s", figure_words(plain, least, ascii, a), ascii ? "-" : "–",
		 figure_words(row->unit, most, ascii, b));
}

static void add_curve(const uint64_t *series, size_t known, const struct figure_row *row, enum role role,
		      struct sheet *out, bool ascii)
{
	enum { NOW = 8 };
	uint64_t least = UINT64_MAX, most = 0;
	char now[24], range[64];
	int pad;

	for (size_t k = TREND_PARTS - known; k < TREND_PARTS; k++) {
		least = series[k] < least ? series[k] : least;
		most = series[k] > most ? series[k] : most;
	}
	figure_words(row->unit, series[TREND_PARTS - 1], ascii, now);
	range[0] = '\0';
	if (least != most)
		range_words(row, least, most, ascii, range);
	pad = NOW - (int)text_width(now);
	sheet_spark(out, role, row->name, series, TREND_PARTS, NOW, "%s%*s%s", now, pad > 1 ? pad : 1, "", range);
}

void trend_sheet(struct trend *t, const struct samples *s, uint64_t now_ns, struct sheet *out, bool ascii)
{
	bool begun = false;

	for (size_t i = 0; s && s->count > 1 && i < sizeof shown / sizeof *shown; i++) {
		uint64_t *series = t->series[shown[i].figure];
		size_t known = samples_series(s, shown[i].figure, now_ns - SAMPLE_SPAN_NS, now_ns, series, TREND_PARTS);
		bool any = false;

		for (size_t k = 0; k < TREND_PARTS; k++)
			any |= series[k] != 0;
		if (!any)
			continue;
		if (!begun)
			sheet_head(out, "LAST TWO MINUTES");
		begun = true;
		add_curve(series, known, &figures[shown[i].figure], shown[i].role, out, ascii);
	}
}
