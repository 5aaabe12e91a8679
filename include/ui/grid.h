/* grid.h - the frame as cells, and areas of it to draw into.
 *
 * A cell holds a base character with its combining marks, its width and its role; ui/screen.c puts
 * changed cells on the terminal, tests read the grid as text. All text that is put passes the one
 * sanitiser (util/text.h), so no escape sequence of a packet, a path or a process name can end up
 * in a cell.
 *
 * An area is a rectangle of a grid: coordinates are relative to it and whatever lies outside is
 * cut. Functions that put text return the column after it. A wide character that does not fit whole
 * is left out.
 */
#ifndef UI_GRID_H
#define UI_GRID_H

#include "ui/theme.h"
#include "util/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CELL_RUNES = 3, GRID_COLS = 1000, GRID_ROWS = 500 };

struct cell {
	uint32_t runes[CELL_RUNES]; /* base, then combining marks, 0 where there are fewer */
	uint8_t width;              /* 1 or 2; 0: the right half of the wide character before it */
	uint8_t role, over;         /* enum role, enum over */
};

struct grid {
	int cols, rows;
	struct cell *cells; /* rows * cols, row by row */
	size_t capacity;
	bool ascii;             /* nothing but ASCII goes into a cell */
	int cursor_x, cursor_y; /* where the terminal's cursor stands; -1: hidden */
	struct buf scratch;     /* for the sanitiser, kept from one put to the next */
};

struct area {
	struct grid *grid;
	int x, y, w, h; /* in the grid */
};

struct rect {
	int x, y, w, h;
};

/* A zeroed struct is an empty grid. Sizes are limited to GRID_COLS, GRID_ROWS. All cells become
 * blank. */
void grid_resize(struct grid *g, int cols, int rows);
void grid_done(struct grid *g);
struct cell *grid_cell(const struct grid *g, int x, int y); /* NULL outside */
bool cell_same(const struct cell *a, const struct cell *b);
/* Append the frame as lines of text, without the blanks at the end of each. */
void grid_text(const struct grid *g, struct buf *out);

struct area area_all(struct grid *g);
struct area area_of(struct grid *g, struct rect r);
/* The part that lies in `a`. */
struct area area_sub(const struct area *a, int x, int y, int w, int h);

int area_put(const struct area *a, int x, int y, enum role role, const char *text);
int area_put_bytes(const struct area *a, int x, int y, enum role role, const char *bytes, size_t len);
int area_putf(const struct area *a, int x, int y, enum role role, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
/* In `w` cells: cut with an ellipsis where it is longer. Returns x + what it took. */
int area_put_in(const struct area *a, int x, int y, int w, enum role role, const char *text);
/* The same for an address with a port: of an IPv6 one that is too long the port is kept ("[2a00:d40:1…]:443"). */
int area_put_endpoint(const struct area *a, int x, int y, int w, enum role role, const char *text);
/* The same, at the right end of the `w` cells. Returns x + w. */
int area_put_right(const struct area *a, int x, int y, int w, enum role role, const char *text);
void area_over(const struct area *a, int x, int y, int w, enum over over);
void area_roles(const struct area *a, int x, int y, int w, enum role role); /* recolour */
void area_blank(const struct area *a);                                      /* all of it: ROLE_TEXT, nothing over it */

/* The line above a pane: ── Title ─────────────── right ── */
void area_rule(const struct area *a, int y, bool focused, const char *title, const char *right);
void area_vline(const struct area *a, int x, int y, int h);
/* A horizontal bar of `w` cells, `value` of `most` of it filled in steps of an eighth of a cell. */
void area_bar(const struct area *a, int x, int y, int w, uint64_t value, uint64_t most, enum role role);

/* A curve of `w` cells in eighths of a cell: each shows the greatest of as many of the `count`
 * numbers (oldest first) as it stands for. */
void area_spark(const struct area *a, int x, int y, int w, const uint64_t *series, size_t count, enum role role);

/* One dot of a curve: a cell has 2 x 4 of them in braille; in ASCII a dot is the upper or the lower
 * half of its cell. Dots of one cell add up, the last one gives its role. */
void area_dot(const struct area *a, int dot_x, int dot_y, enum role role);

/* Signs that have an ASCII form. */
enum glyph {
	GLYPH_HLINE,
	GLYPH_VLINE,
	GLYPH_TEE_LEFT,
	GLYPH_TEE_DOWN,
	GLYPH_TEE_UP,
	GLYPH_CROSS,
	GLYPH_OUT,
	GLYPH_IN,
	GLYPH_BOTH,
	GLYPH_OPEN,
	GLYPH_SHUT,
	GLYPH_DOT,
	GLYPH_ELLIPSIS,
	GLYPH_MARK,
	GLYPH_UP,
	GLYPH_DOWN,
	GLYPH_DASH,
	GLYPH_COUNT
};
const char *glyph(const struct grid *g, enum glyph which);

/* How many bytes of `text` make the next line of at most `width` cells: broken at a blank where
 * there is one. 0 at the end. Blanks at the break are part of the line's bytes. */
size_t grid_wrap(const char *text, int width);

#endif
