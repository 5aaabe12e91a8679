#include "ui/column_list.h"

#include "ui/pane.h"

#include <string.h>

enum { BOX_CELLS = 4, NAME_CELLS = 16 };

void column_set_init(struct column_set *s)
{
	s->count = sock_columns(s->columns);
	for (size_t i = 0; i < s->count; i++)
		s->shown[i] = s->columns[i].scopes;
}

bool column_is_shown(const struct column_set *s, size_t i, enum scope scope)
{
	return s->shown[i] >> scope & 1;
}

void column_list_settle(struct column_list *l, const struct column_set *s, int h)
{
	list_settle(&l->list, l->cursor, s->count, h);
}

void column_list_draw(const struct column_list *l, const struct column_set *s, enum scope scope,
		      const struct area *a, bool focused)
{
	struct buf title = { 0 };

	for (int y = 0; y < a->h && l->list.top + (size_t)y < s->count; y++) {
		size_t i = l->list.top + (size_t)y;
		const struct sock_column *c = &s->columns[i];
		bool on = column_is_shown(s, i, scope);
		const char *help = c->help ? c->help : c->core ? c->core->help : "";

		buf_clear(&title);
		sock_column_title(c, scope, &title);
		area_put(a, 0, y, on ? ROLE_OK : ROLE_DIM, on ? "[x]" : "[ ]");
		area_put_in(a, BOX_CELLS, y, NAME_CELLS - 1, on ? ROLE_NAME : ROLE_LABEL,
			    buf_text(&title));
		area_put_in(a, BOX_CELLS + NAME_CELLS, y, a->w - BOX_CELLS - NAME_CELLS, ROLE_DIM,
			    help);
		if (i == l->cursor)
			pane_cursor(a, y, focused);
	}
	buf_done(&title);
}

static void toggle(struct column_set *s, size_t i, enum scope scope)
{
	size_t others = 0;

	for (size_t k = 0; k < s->count; k++)
		others += k != i && column_is_shown(s, k, scope);
	if (others) /* one has to stay */
		s->shown[i] ^= 1u << scope;
}

static void move(struct column_list *l, enum ui_action action)
{
	list_move(&l->list, action, &l->cursor);
	l->list.settled = false;
}

bool column_list_key(struct column_list *l, struct column_set *s, enum scope scope,
		     const char *name)
{
	static const struct {
		const char *names;
		enum ui_action action;
	} moves[] = {
		{ " Up k ", UI_UP },          { " Down j ", UI_DOWN },
		{ " PgUp C-b ", UI_PAGE_UP }, { " PgDn C-f ", UI_PAGE_DOWN },
		{ " Home g ", UI_TOP },       { " End G ", UI_BOTTOM },
	};
	char word[32] = " ";

	if (strlen(name) > 24)
		return false;
	strcat(strcat(word, name), " ");
	if (!strcmp(name, "Space") || !strcmp(name, "Enter")) {
		toggle(s, l->cursor, scope);
		return true;
	}
	if (!strcmp(name, "Esc") || !strcmp(name, "C") || !strcmp(name, "q")) {
		l->open = false;
		return true;
	}
	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
		if (strstr(moves[i].names, word)) {
			move(l, moves[i].action);
			return true;
		}
	return false;
}

void column_list_click(struct column_list *l, struct column_set *s, enum scope scope, int y)
{
	size_t at = l->list.top + (size_t)(y > 0 ? y : 0);

	if (at >= s->count)
		return;
	l->cursor = at;
	toggle(s, at, scope);
}
