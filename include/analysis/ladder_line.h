/* ladder_line.h - one row of a ladder as one line of cells: what the screen, a text file and a
 * terminal without a screen show. A cell has an ink, which tells what it is; who puts it somewhere
 * gives inks their colours. Pure.
 */
#ifndef ANALYSIS_LADDER_LINE_H
#define ANALYSIS_LADDER_LINE_H

#include "analysis/ladder.h"

enum { LADDER_COLS = 1000, LADDER_COLS_LEAST = 40 };

enum ladder_ink {
	INK_TEXT,
	INK_DIM,
	INK_TIME,
	INK_LINE, /* a party's line */
	INK_BUSY, /* the same while a call waits */
	INK_OUT,  /* an arrow from the left, and to it */
	INK_IN,
	INK_NAME,
	INK_CALL,
	INK_ERROR,
	INK_WARN,
	INK_SYN, /* flags, by what they do */
	INK_FIN,
	INK_PUSH,
	INK_STATE /* + enum state */
};

struct ladder_cell {
	uint32_t rune; /* 0: the right half of the wide character before it */
	uint8_t ink;
};

struct ladder_line {
	int width;
	bool ascii;
	struct ladder_cell cells[LADDER_COLS];
};

/* Where everything stands in a line of `width` cells. */
struct ladder_shape {
	int width;
	bool ascii;
	bool times; /* gaps, and from 100 columns on the time since the first row */
	bool many;  /* a lane for each of many peers */
	int time_w, gap_w, state_w;
	int left;               /* column of the left line */
	int lane[LADDER_LANES]; /* of each line; -1: there was no room for it */
	int right;              /* where the right states begin */
	unsigned hidden;        /* lanes without room */
};

void ladder_shape(const struct ladder *l, int width, bool ascii, bool times, struct ladder_shape *out);
/* Who stands where: the line above the rows. */
void ladder_draw_head(const struct ladder *l, const struct ladder_shape *g, struct ladder_line *out);
void ladder_draw_row(const struct ladder *l, const struct ladder_shape *g, size_t row, struct ladder_line *out);
/* Append as UTF-8 without the blanks at its end, and a newline. */
void ladder_line_text(const struct ladder_line *line, struct buf *out);
/* The whole ladder as text, head first. */
void ladder_text(const struct ladder *l, int width, bool ascii, bool times, struct buf *out);

#endif
