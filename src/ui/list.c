#include "ui/list.h"

static void clamp(struct list *l)
{
	size_t most = l->count > l->height ? l->count - l->height : 0;

	if (l->top > most)
		l->top = most;
}

void list_settle(struct list *l, size_t cursor, size_t count, int height)
{
	bool moved = !l->settled || cursor != l->cursor || l->height != (size_t)(height > 0 ? height : 0);

	l->count = count;
	l->height = height > 0 ? (size_t)height : 0;
	l->cursor = cursor;
	l->settled = true;
	if (moved && l->height) {
		if (cursor < l->top)
			l->top = cursor;
		else if (cursor >= l->top + l->height)
			l->top = cursor - l->height + 1;
	}
	clamp(l);
}

bool list_move(const struct list *l, enum ui_action action, size_t *cursor)
{
	size_t page = l->height > 1 ? l->height - 1 : 1, last = l->count ? l->count - 1 : 0, at = l->cursor;

	if (at > last)
		at = last;
	switch (action) {
	case UI_UP: at -= at > 0; break;
	case UI_DOWN: at += at < last; break;
	case UI_PAGE_UP: at = at > page ? at - page : 0; break;
	case UI_PAGE_DOWN: at = last - at > page ? at + page : last; break;
	case UI_TOP: at = 0; break;
	case UI_BOTTOM: at = last; break;
	default: return false;
	}
	*cursor = at;
	return true;
}

void list_scroll(struct list *l, int lines)
{
	if (lines < 0)
		l->top = l->top > (size_t)-lines ? l->top - (size_t)-lines : 0;
	else
		l->top += (size_t)lines;
	clamp(l);
}
