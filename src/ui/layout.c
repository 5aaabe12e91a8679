#include "ui/layout.h"

#include <string.h>

enum { FOUR_STACKED = 20 };

/* Divide h rows among n panes by weight, each with at least `least`; the last one takes what is
 * left. */
static void stack(const int *weights, int n, int h, int least, int *out)
{
	int sum = 0, left = h;

	for (int i = 0; i < n; i++)
		sum += weights[i];
	for (int i = 0; i < n; i++) {
		int rest = (n - 1 - i) * least;

		out[i] = i == n - 1 ? left : (h * weights[i] + sum / 2) / sum;
		if (out[i] < least)
			out[i] = least;
		if (out[i] > left - rest)
			out[i] = left - rest;
		left -= out[i];
	}
}

static void put_stack(struct layout *l, const enum pane_id *ids, const int *weights, int n, struct rect r)
{
	int heights[PANE_COUNT], y = r.y;

	stack(weights, n, r.h, 3, heights);
	for (int i = 0; i < n; i++) {
		l->pane[ids[i]] = (struct rect){ r.x, y, r.w, heights[i] };
		y += heights[i];
	}
}

static void make_wide(struct layout *l, bool many)
{
	static const enum pane_id left[] = { PANE_SOCKETS, PANE_TRAFFIC, PANE_CALLS };
	static const int weights[2][3] = { { 30, 38, 32 }, { 58, 32, 10 } };
	struct rect body = l->body;
	int w = body.w * 62 / 100;

	put_stack(l, left, weights[many], 3, (struct rect){ body.x, body.y, w, body.h });
	l->divider = w;
	l->pane[PANE_INSPECTOR] = (struct rect){ w + 1, body.y, body.w - w - 1, body.h };
}

static void make_stacked(struct layout *l, enum pane_id focus, bool many)
{
	static const enum pane_id all[] = { PANE_SOCKETS, PANE_TRAFFIC, PANE_CALLS, PANE_INSPECTOR };
	static const int weights[2][4] = { { 26, 28, 22, 24 }, { 42, 24, 10, 24 } };
	/* Its pages are read: with the focus it gets what the others can spare. */
	static const int read_weights[4] = { 24, 14, 14, 48 };
	enum pane_id three[] = { PANE_SOCKETS, PANE_TRAFFIC, focus == PANE_INSPECTOR ? PANE_INSPECTOR : PANE_CALLS };
	static const int three_weights[2][3] = { { 34, 36, 30 }, { 50, 30, 20 } };
	static const int three_read[3] = { 28, 20, 52 };

	l->shared = l->body.h < FOUR_STACKED;
	if (l->shared)
		put_stack(l, three, focus == PANE_INSPECTOR ? three_read : three_weights[many], 3, l->body);
	else
		put_stack(l, all, focus == PANE_INSPECTOR ? read_weights : weights[many], 4, l->body);
}

void layout_make(struct layout *l, int cols, int rows, enum pane_id focus, bool zoom, bool many)
{
	memset(l, 0, sizeof *l);
	l->divider = -1;
	if (cols < LAYOUT_COLS || rows < LAYOUT_ROWS) {
		l->too_small = true;
		return;
	}
	l->wide = cols >= LAYOUT_WIDE;
	l->status = (struct rect){ 0, 0, cols, 1 };
	l->bottom = (struct rect){ 0, rows - 1, cols, 1 };
	l->body = (struct rect){ 0, 1, cols, rows - 2 };
	many = many && focus != PANE_CALLS;
	if (zoom)
		l->pane[focus] = l->body;
	else if (l->wide)
		make_wide(l, many);
	else
		make_stacked(l, focus, many);
}

enum pane_id layout_at(const struct layout *l, int x, int y)
{
	for (int i = 0; i < PANE_COUNT; i++) {
		const struct rect *r = &l->pane[i];

		if (x >= r->x && x < r->x + r->w && y >= r->y && y < r->y + r->h)
			return (enum pane_id)i;
	}
	return PANE_COUNT;
}
