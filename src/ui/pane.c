#include "ui/pane.h"

const struct pane_ops *const panes[PANE_COUNT] = {
	[PANE_SOCKETS] = &pane_sockets,
	[PANE_TRAFFIC] = &pane_traffic,
	[PANE_CALLS] = &pane_calls,
	[PANE_INSPECTOR] = &pane_inspector,
};

int pane_sentence(const struct area *a, int y, enum role role, const char *text)
{
	enum { LONGEST = 84 };
	int width = a->w - 2 < LONGEST ? a->w - 2 : LONGEST;
	size_t used;

	if (width < 1)
		return y;
	for (; (used = grid_wrap(text, width)); text += used, y++)
		area_put_bytes(a, 1, y, role, text, used);
	return y;
}

void pane_cursor(const struct area *a, int y, bool focused)
{
	struct area wide = { a->grid, a->x - 1, a->y, a->w + 2, a->h }; /* with the margins */

	area_over(&wide, 0, y, wide.w, focused ? OVER_CURSOR : OVER_SELECTED);
}
