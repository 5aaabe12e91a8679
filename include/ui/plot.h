/* plot.h - curves over time as cells: axes with round numbers and units, a legend, a cursor with the
 * values under it. A cell has 2 x 4 dots of braille, or 1 x 2 in ASCII. Pure.
 *
 *	plot_begin(p, from, until, width)   the range of x, seconds; the width of the area
 *	i = plot_series(p, ...)             at most PLOT_SERIES; they are drawn in this order
 *	plot_add(p, i, x, low, y)           in order of x; `low` counts where ink is PLOT_SPAN
 *	plot_draw(p, area)
 *
 * However many points are added, a column of dots keeps its first, least, greatest and last: the
 * buffers are bounded by PLOT_COLUMNS.
 */
#ifndef UI_PLOT_H
#define UI_PLOT_H

#include "ui/grid.h"

#include <stdbool.h>
#include <stddef.h>

enum { PLOT_SERIES = 8, PLOT_COLUMNS = 2 * GRID_COLS, PLOT_AXIS = 8, PLOT_LEAST_W = 30, PLOT_LEAST_H = 6 };

enum plot_unit { PLOT_BYTES, PLOT_PER_SECOND, PLOT_MICRO, PLOT_NUMBER };

enum plot_ink {
	PLOT_LINE, /* points are joined */
	PLOT_STEP, /* a value holds until the next */
	PLOT_DOTS,
	PLOT_SPAN, /* from low to y, upright */
	PLOT_MARK, /* the series' letter */
};

struct plot_point {
	double x, low, y;
};

struct plot_line {
	const char *name;
	enum role role;
	enum plot_ink ink;
	char mark;   /* MARK: its letter */
	bool dotted; /* every other column: told apart without colours */
	struct plot_point *points;
	size_t count, capacity, folded; /* folded: points of the column that is being filled */
	int column;
	double x, value; /* the last one that was added: for the legend */
	bool any;
};

struct plot {
	enum plot_unit unit; /* of y */
	bool from_zero;      /* the axis of y begins there */
	double from, until;  /* range of x, seconds */
	int columns;         /* of dots */
	double cursor;       /* x; less than `from`: none */
	struct plot_line lines[PLOT_SERIES];
	size_t count;
};

void plot_begin(struct plot *p, double from, double until, int width); /* memory is kept */
void plot_done(struct plot *p);
size_t plot_series(struct plot *p, const char *name, enum role role, enum plot_ink ink, char mark, bool dotted);
void plot_add(struct plot *p, size_t series, double x, double low, double y);
void plot_draw(const struct plot *p, const struct area *a);
/* Cells that the curves have in an area `w` wide. */
int plot_width(int w);
/* The last value at or before x; false: none. */
bool plot_value(const struct plot *p, size_t series, double x, double *out);
/* The distance of round numbers that divide `range` into at most `most` parts: 1, 2 or 5 times a
 * power of ten, or powers of two for bytes. */
double plot_step(enum plot_unit unit, double range, int most);

#endif
