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
	int width = a->w - 4 < LONGEST ? a->w - 4 : LONGEST;
	size_t used;

	if (width < 1)
		return y;
	for (; (used = grid_wrap(text, width)); text += used, y++)
		area_put_bytes(a, 2, y, role, text, used);
	return y;
}

void pane_cursor(const struct area *a, int y, bool focused)
{
	area_over(a, 0, y, a->w, focused ? OVER_CURSOR : OVER_SELECTED);
}
