#include "ui/plot.h"

#include "ui/trend.h"
#include "util/mem.h"
#include "util/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FOLD = 4, TICK_CELLS = 14, TICK_ROWS = 4, BELOW = 2, ABOVE = 1 };

/* --- points --- */

int plot_width(int w)
{
	return w > PLOT_AXIS + 1 ? w - PLOT_AXIS - 1 : 0;
}

void plot_begin(struct plot *p, double from, double until, int width)
{
	for (size_t i = 0; i < PLOT_SERIES; i++) {
		struct plot_line *l = &p->lines[i];

		*l = (struct plot_line){ .points = l->points, .capacity = l->capacity, .column = -1 };
	}
	p->count = 0;
	p->from = from;
	p->until = until > from ? until : from + 1;
	p->columns = 2 * plot_width(width);
	p->cursor = from - 1;
}

void plot_done(struct plot *p)
{
	for (size_t i = 0; i < PLOT_SERIES; i++)
		free(p->lines[i].points);
	*p = (struct plot){ 0 };
}

size_t plot_series(struct plot *p, const char *name, enum role role, enum plot_ink ink, char mark, bool dotted)
{
	struct plot_line *l = &p->lines[p->count < PLOT_SERIES ? p->count : PLOT_SERIES - 1];

	l->name = name;
	l->role = role;
	l->ink = ink;
	l->mark = mark;
	l->dotted = dotted;
	l->column = -1;
	if (p->count < PLOT_SERIES)
		p->count++;
	return (size_t)(l - p->lines);
}

static int column_of(const struct plot *p, double x)
{
	return (int)floor((x - p->from) / (p->until - p->from) * (p->columns - 1) + 0.5);
}

static void push(struct plot_line *l, struct plot_point point)
{
	MEM_ROOM(l->points, l->count, l->capacity);
	l->points[l->count++] = point;
}

/* Of a column there are at most: the first, the least, the greatest, the last. */
static void fold(struct plot_line *l, struct plot_point point)
{
	struct plot_point *at = &l->points[l->count - l->folded];

	if (l->ink == PLOT_SPAN) {
		at->low = point.low < at->low ? point.low : at->low;
		at->y = point.y > at->y ? point.y : at->y;
		return;
	}
	if (l->folded < FOLD) {
		push(l, point);
		l->folded++;
		return;
	}
	if (point.y < at[1].y)
		at[1] = point;
	if (point.y > at[2].y)
		at[2] = point;
	at[3] = point;
}

void plot_add(struct plot *p, size_t series, double x, double low, double y)
{
	struct plot_line *l = &p->lines[series];
	struct plot_point point = { x, low, y };
	int column = column_of(p, x);

	if (column > p->columns || p->columns < 2)
		return;
	l->x = x;
	l->value = y;
	l->any = true;
	if (column < 0)
		column = -1; /* what was before counts with its last value */
	if (l->count && column == l->column) {
		if (column < 0)
			l->points[l->count - 1] = point;
		else
			fold(l, point);
		return;
	}
	l->column = column;
	l->folded = 1;
	push(l, point);
}

bool plot_value(const struct plot *p, size_t series, double x, double *out)
{
	const struct plot_line *l = &p->lines[series];
	bool any = false;

	for (size_t i = 0; i < l->count && l->points[i].x <= x; i++) {
		*out = l->points[i].y;
		any = true;
	}
	return any;
}

/* --- round numbers --- */

double plot_step(enum plot_unit unit, double range, int most)
{
	const double little = 1e-9; /* a number that is round but for this is */
	double rough = range / (most > 0 ? most : 1), power = 1, part = 1;

	if (rough <= 0)
		return 1;
	if (unit == PLOT_BYTES || unit == PLOT_PER_SECOND) {
		while (power < rough * (1 - little))
			power *= 2;
		return power;
	}
	while (power * 10 <= rough * (1 + little))
		power *= 10;
	while (power / part > rough * (1 + little))
		part *= 10;
	power /= part;
	if (rough <= power * 1.000001)
		return power;
	return rough <= 2 * power ? 2 * power : rough <= 5 * power ? 5 * power : 10 * power;
}

static void value_words(enum plot_unit unit, double value, bool ascii, char out[24])
{
	static const enum figure_unit units[] = { [PLOT_BYTES] = FIGURE_BYTES,
						  [PLOT_PER_SECOND] = FIGURE_PER_SECOND,
						  [PLOT_MICRO] = FIGURE_MICRO,
						  [PLOT_NUMBER] = FIGURE_NUMBER };

	figure_words(units[unit], value > 0 ? (uint64_t)(value + 0.5) : 0, ascii, out);
}

static void time_words(double seconds, double step, bool ascii, char out[24])
{
	if (step >= 1)
		snprintf(out, 24, "%.0f s", seconds);
	else if (step >= 0.001)
		snprintf(out, 24, "%.*f s", step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3, seconds);
	else
		snprintf(out, 24, "%.0f %s", seconds * 1e6, ascii ? "us" : "µs");
}

/* --- drawing --- */

struct frame { /* where the curves are */
	struct area area;
	double low, high; /* of y */
	double each;      /* between its ticks */
	int dots_x, dots_y;
};

static void range_of(const struct plot *p, double *low, double *high)
{
	bool any = false;

	*low = *high = 0;
	for (size_t i = 0; i < p->count; i++) {
		const struct plot_line *l = &p->lines[i];

		for (size_t k = 0; k < l->count; k++) {
			double least = l->ink == PLOT_SPAN ? l->points[k].low : l->points[k].y;

			/* What only tells of the time before is seen where it holds on. */
			if (l->points[k].x < p->from && l->ink != PLOT_STEP && l->ink != PLOT_LINE)
				continue;
			*low = !any || least < *low ? least : *low;
			*high = !any || l->points[k].y > *high ? l->points[k].y : *high;
			any = true;
		}
	}
	if (p->from_zero)
		*low = 0;
	if (*high <= *low)
		*high = *low + 1;
}

static int dot_x(const struct plot *p, double x)
{
	return column_of(p, x);
}

static int dot_y(const struct frame *f, double y)
{
	double part = (y - f->low) / (f->high - f->low);

	part = part < 0 ? 0 : part > 1 ? 1 : part;
	return f->dots_y - 1 - (int)(part * (f->dots_y - 1) + 0.5);
}

static void dot(const struct frame *f, const struct plot_line *l, int x, int y)
{
	if (x >= 0 && x < f->dots_x && (!l->dotted || !((x / 2) & 1)))
		area_dot(&f->area, x, y, l->role);
}

static void upright(const struct frame *f, const struct plot_line *l, int x, int from, int to)
{
	for (int y = from < to ? from : to; y <= (from < to ? to : from); y++)
		dot(f, l, x, y);
}

/* From one dot to another: a column at a time, each with its part of the way. */
static void join(const struct frame *f, const struct plot_line *l, int x0, int y0, int x1, int y1)
{
	int from = x0 < 0 ? 0 : x0, until = x1 < f->dots_x ? x1 : f->dots_x - 1;

	if (x1 <= x0) {
		upright(f, l, x0, y0, y1);
		return;
	}
	for (int x = from; x <= until; x++) {
		int a = y0 + (int)((double)(y1 - y0) * (x - x0) / (x1 - x0));
		int b = x < x1 ? y0 + (int)((double)(y1 - y0) * (x + 1 - x0) / (x1 - x0)) : y1;

		upright(f, l, x, a, x < x1 && b != a ? b + (b > a ? -1 : 1) : a);
	}
}

static void step(const struct frame *f, const struct plot_line *l, int x0, int y0, int x1, int y1)
{
	for (int x = x0 < 0 ? 0 : x0; x <= x1 && x < f->dots_x; x++)
		dot(f, l, x, y0);
	upright(f, l, x1, y0, y1);
}

static void draw_mark(const struct frame *f, const struct plot_line *l, int x, int y)
{
	char text[2] = { l->mark, '\0' };

	if (x >= 0 && x < f->dots_x)
		area_put(&f->area, x / 2, y / 4, l->role, text);
}

static void draw_line(const struct plot *p, const struct frame *f, const struct plot_line *l)
{
	int before_x = -1, before_y = 0;

	for (size_t i = 0; i < l->count; i++) {
		int x = dot_x(p, l->points[i].x), y = dot_y(f, l->points[i].y);

		switch (l->ink) {
		case PLOT_DOTS: dot(f, l, x, y); break;
		case PLOT_SPAN: upright(f, l, x, y, dot_y(f, l->points[i].low)); break;
		case PLOT_MARK: draw_mark(f, l, x, y); break;
		case PLOT_LINE:
			if (i)
				join(f, l, before_x, before_y, x, y);
			else
				dot(f, l, x, y);
			break;
		case PLOT_STEP:
			if (i)
				step(f, l, before_x, before_y, x, y);
			else
				dot(f, l, x, y);
			break;
		}
		before_x = x;
		before_y = y;
	}
	if (l->ink == PLOT_STEP && l->count) /* it still holds */
		step(f, l, before_x, before_y, f->dots_x - 1, before_y);
}

static void draw_axis_y(const struct plot *p, const struct frame *f, const struct area *a)
{
	bool ascii = a->grid->ascii;
	double each = f->each;
	char text[24];

	for (int y = 0; y < f->area.h; y++)
		area_put(a, PLOT_AXIS, ABOVE + y, ROLE_RULE, glyph(a->grid, GLYPH_VLINE));
	for (double v = ceil(f->low / each) * each; v <= f->high + each / 1e6; v += each) {
		int y = ABOVE + dot_y(f, v) / 4;

		value_words(p->unit, v, ascii, text);
		area_put_right(a, 0, y, PLOT_AXIS, ROLE_DIM, text);
		area_put(a, PLOT_AXIS, y, ROLE_RULE, glyph(a->grid, GLYPH_TEE_LEFT));
	}
}

static void draw_axis_x(const struct plot *p, const struct frame *f, const struct area *a)
{
	int y = ABOVE + f->area.h, last = -1;
	double each = plot_step(PLOT_NUMBER, p->until - p->from, f->area.w / TICK_CELLS);
	char text[24];

	area_put(a, PLOT_AXIS, y, ROLE_RULE, glyph(a->grid, GLYPH_CROSS));
	for (int x = 0; x < f->area.w; x++)
		area_put(a, PLOT_AXIS + 1 + x, y, ROLE_RULE, glyph(a->grid, GLYPH_HLINE));
	for (double v = ceil(p->from / each) * each; v <= p->until; v += each) {
		double tick = fabs(v) < each / 2 ? 0 : v; /* no -0 */
		int x = PLOT_AXIS + 1 + dot_x(p, v) / 2, at;

		time_words(tick, each, a->grid->ascii, text);
		area_put(a, x, y, ROLE_RULE, glyph(a->grid, GLYPH_TEE_DOWN));
		at = x - (int)text_width(text) / 2;
		if (at > last && at + (int)text_width(text) <= a->w)
			last = area_put(a, at, y + 1, ROLE_DIM, text);
	}
}

/* The sign of a series, its name, and its value at the cursor or the last one. */
static void draw_legend(const struct plot *p, const struct area *a)
{
	bool ascii = a->grid->ascii, at_cursor = p->cursor >= p->from;
	int x = PLOT_AXIS + 1;

	for (size_t i = 0; i < p->count; i++) {
		const struct plot_line *l = &p->lines[i];
		const char letter[2] = { l->mark, '\0' };
		double value = l->value;
		bool any = at_cursor ? plot_value(p, i, p->cursor, &value) : l->any;
		char text[24] = "", all[96];

		if (any && l->ink != PLOT_MARK)
			value_words(p->unit, value, ascii, text);
		snprintf(all, sizeof all, "%s%s%s", l->name, text[0] ? " " : "", text);
		if (x + 4 + (int)text_width(all) > a->w)
			break;
		x = area_put(a, x, 0, l->role,
			     l->ink == PLOT_MARK ? letter
			     : ascii             ? l->dotted ? ": :" : ":::"
			     : l->dotted         ? "⣀ ⣀"
						 : "⣀⣀⣀");
		x = area_put(a, x + 1, 0, any ? ROLE_TEXT : ROLE_DIM, all) + 3;
	}
}

static void draw_cursor(const struct plot *p, const struct frame *f, const struct area *a)
{
	int x = dot_x(p, p->cursor) / 2;
	char text[24];

	if (p->cursor < p->from || x < 0 || x >= f->area.w)
		return;
	for (int y = 0; y < f->area.h; y++)
		area_over(&f->area, x, y, 1, OVER_CURSOR);
	time_words(p->cursor, (p->until - p->from) / 1000, a->grid->ascii, text);
	x += PLOT_AXIS + 1 - (int)text_width(text) / 2;
	if (x + (int)text_width(text) > a->w)
		x = a->w - (int)text_width(text);
	area_put(a, x - 1, ABOVE + f->area.h + 1, ROLE_TEXT, " ");
	area_put(a, area_put(a, x, ABOVE + f->area.h + 1, ROLE_STRONG, text), ABOVE + f->area.h + 1, ROLE_TEXT, " ");
}

void plot_draw(const struct plot *p, const struct area *a)
{
	struct frame f = { .area = area_sub(a, PLOT_AXIS + 1, ABOVE, plot_width(a->w), a->h - ABOVE - BELOW) };

	if (a->w < PLOT_LEAST_W || a->h < PLOT_LEAST_H)
		return;
	f.dots_x = 2 * f.area.w;
	f.dots_y = 4 * f.area.h;
	range_of(p, &f.low, &f.high);
	f.each = plot_step(p->unit, f.high - f.low, f.area.h / TICK_ROWS);
	f.high = ceil(f.high / f.each - 1e-9) * f.each;
	f.low = p->from_zero ? 0 : floor(f.low / f.each + 1e-9) * f.each;
	draw_axis_y(p, &f, a);
	draw_axis_x(p, &f, a);
	for (size_t i = 0; i < p->count; i++)
		draw_line(p, &f, &p->lines[i]);
	draw_legend(p, a);
	draw_cursor(p, &f, a);
}
