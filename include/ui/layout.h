/* layout.h - rectangles from the size of the terminal. Pure numbers.
 *
 *   from 100 columns on                      below: stacked over the whole width
 *   status                                   status
 *   ── Sockets ─────────┬─ Inspector ──      ── Sockets ──────────
 *                       │                    ── Traffic ──────────
 *   ── Traffic ─────────┤                    ── Calls ────────────
 *   ── Calls ───────────┤                    ── Inspector ────────
 *   hints or prompt     │                    hints or prompt
 *
 * Stacked, the Inspector has half of the height while it has the focus. Where that does not suffice for four, Calls and
 * Inspector share a place: the Inspector is seen while it has the focus. A zoomed pane has all of it. A pane's first
 * row is its rule with the title.
 */
#ifndef UI_LAYOUT_H
#define UI_LAYOUT_H

#include "ui/grid.h"

#include <stdbool.h>

enum { LAYOUT_COLS = 60, LAYOUT_ROWS = 16, LAYOUT_WIDE = 100 };

enum pane_id { PANE_SOCKETS, PANE_TRAFFIC, PANE_CALLS, PANE_INSPECTOR, PANE_COUNT };

struct layout {
	bool too_small; /* nothing below is filled */
	bool wide;
	bool shared;                  /* Calls and Inspector have one place */
	struct rect status, bottom;   /* one row each */
	struct rect body;             /* what lies between them */
	struct rect pane[PANE_COUNT]; /* w == 0: not seen */
	int divider;                  /* column of the vertical line, -1 without */
};

/* `many`: the sockets are those of the whole host: they get the room that Calls does not need while
 * it has not the focus. */
void layout_make(struct layout *l, int cols, int rows, enum pane_id focus, bool zoom, bool many);
/* The pane at a place; PANE_COUNT for none. */
enum pane_id layout_at(const struct layout *l, int x, int y);

#endif
