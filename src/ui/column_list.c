#include "ui/column_list.h"

#include "session/columns.h"
#include "ui/pane.h"

#include <string.h>
#include <strings.h>

enum { BOX_CELLS = 4, NAME_CELLS = 16 };

/* --- the set --- */

void column_set_init(struct column_set *s)
{
	s->count = sock_columns(s->columns);
	s->stamp = UINT64_MAX;
}

static size_t find(const struct column_set *s, const char *name, size_t len)
{
	const struct socket_column *core = column_find(name, len);

	for (size_t i = 0; i < s->count; i++)
		if (core ? s->columns[i].core == core
			 : strlen(s->columns[i].name) == len && !strncasecmp(s->columns[i].name, name, len))
			return i;
	return s->count;
}

static void show(struct column_set *s, enum scope scope, size_t column)
{
	for (size_t i = 0; i < s->shown[scope]; i++)
		if (s->order[scope][i] == column)
			return;
	if (column < s->count)
		s->order[scope][s->shown[scope]++] = (uint8_t)column;
}

static void show_usual(struct column_set *s, enum scope scope)
{
	size_t netns = find(s, "netns", strlen("netns"));

	for (size_t i = 0; i < s->count; i++) {
		if (s->columns[i].scopes >> scope & 1)
			show(s, scope, i);
		if (s->many_netns && scope != SCOPE_MINE && s->shown[scope] == 1)
			show(s, scope, netns); /* beside the name */
	}
}

static void show_named(struct column_set *s, enum scope scope, const char *names)
{
	while (*names) {
		size_t len = strcspn(names, ", ");

		if (len)
			show(s, scope, find(s, names, len));
		names += len + (names[len] != '\0');
	}
}

bool column_set_settle(struct column_set *set, const struct session *s, bool many_netns)
{
	if (set->stamp == s->columns_set && set->many_netns == many_netns)
		return false;
	set->stamp = s->columns_set;
	set->many_netns = many_netns;
	for (int i = 0; i < SCOPES; i++) {
		set->shown[i] = 0;
		if (s->columns[i])
			show_named(set, (enum scope)i, s->columns[i]);
		else
			show_usual(set, (enum scope)i);
	}
	return true;
}

const struct sock_column *column_shown(const struct column_set *s, enum scope scope, size_t at)
{
	return at < s->shown[scope] ? &s->columns[s->order[scope][at]] : NULL;
}

/* --- the list --- */

void column_list_open(struct column_list *l, const struct column_set *set, enum scope scope)
{
	size_t n = 0;

	*l = (struct column_list){ .open = true };
	for (; n < set->shown[scope]; n++) {
		l->order[n] = set->order[scope][n];
		l->on[l->order[n]] = true;
	}
	for (size_t i = 0; i < set->count; i++)
		if (!l->on[i])
			l->order[n++] = (uint8_t)i;
}

void column_list_settle(struct column_list *l, const struct column_set *set, int h)
{
	list_settle(&l->list, l->cursor, set->count, h);
}

void column_list_draw(const struct column_list *l, const struct column_set *set, enum scope scope, const struct area *a,
		      bool focused)
{
	struct buf title = { 0 };

	for (int y = 0; y < a->h && l->list.top + (size_t)y < set->count; y++) {
		size_t at = l->list.top + (size_t)y;
		const struct sock_column *c = &set->columns[l->order[at]];
		bool on = l->on[l->order[at]];
		const char *help = c->help ? c->help : c->core ? c->core->help : "";

		buf_clear(&title);
		sock_column_title(c, scope, &title);
		area_put(a, 0, y, on ? ROLE_OK : ROLE_DIM, on ? "[x]" : "[ ]");
		area_put_in(a, BOX_CELLS, y, NAME_CELLS - 1, on ? ROLE_NAME : ROLE_LABEL, buf_text(&title));
		area_put_in(a, BOX_CELLS + NAME_CELLS, y, a->w - BOX_CELLS - NAME_CELLS, ROLE_DIM, help);
		if (at == l->cursor)
			pane_cursor(a, y, focused);
	}
	buf_done(&title);
}

/* What is ticked, in the order of the list, becomes the session's choice for this scope. */
static void apply(const struct column_list *l, const struct column_set *set, struct session *s)
{
	struct buf names = { 0 };

	for (size_t i = 0; i < set->count; i++)
		if (l->on[l->order[i]])
			buf_printf(&names, "%s%s", names.len ? "," : "", set->columns[l->order[i]].name);
	session_set_columns(s, (int)s->scope, buf_text(&names));
	buf_done(&names);
}

static void toggle(struct column_list *l, const struct column_set *set, struct session *s)
{
	size_t column = l->order[l->cursor], others = 0;

	for (size_t i = 0; i < set->count; i++)
		others += i != column && l->on[i];
	if (!others)
		return; /* one has to stay */
	l->on[column] = !l->on[column];
	apply(l, set, s);
}

static void carry(struct column_list *l, const struct column_set *set, struct session *s, int by)
{
	size_t to = l->cursor + (size_t)by;
	uint8_t column = l->order[l->cursor];

	if (to >= set->count)
		return;
	l->order[l->cursor] = l->order[to];
	l->order[to] = column;
	l->cursor = to;
	l->list.settled = false;
	apply(l, set, s);
}

static void reset(struct column_list *l, struct column_set *set, struct session *s)
{
	session_set_columns(s, (int)s->scope, NULL);
	column_set_settle(set, s, set->many_netns);
	column_list_open(l, set, s->scope);
}

static void move(struct column_list *l, enum ui_action action)
{
	list_move(&l->list, action, &l->cursor);
	l->list.settled = false;
}

static bool is_among(const char *names, const char *name)
{
	char word[32] = " ";

	if (strlen(name) > 24)
		return false;
	strcat(strcat(word, name), " ");
	return strstr(names, word) != NULL;
}

bool column_list_key(struct column_list *l, struct column_set *set, struct session *s, const char *name)
{
	static const struct {
		const char *names;
		enum ui_action action;
	} moves[] = {
		{ " Up k ", UI_UP },          { " Down j ", UI_DOWN },
		{ " PgUp C-b ", UI_PAGE_UP }, { " PgDn C-f ", UI_PAGE_DOWN },
		{ " Home g ", UI_TOP },       { " End G ", UI_BOTTOM },
	};

	if (is_among(" Space Enter ", name))
		toggle(l, set, s);
	else if (is_among(" Left < ", name))
		carry(l, set, s, -1);
	else if (is_among(" Right > ", name))
		carry(l, set, s, 1);
	else if (is_among(" D ", name))
		reset(l, set, s);
	else if (is_among(" Esc C q ", name))
		l->open = false;
	else
		for (size_t i = 0; i <= sizeof moves / sizeof *moves; i++) {
			if (i == sizeof moves / sizeof *moves)
				return false;
			if (is_among(moves[i].names, name)) {
				move(l, moves[i].action);
				break;
			}
		}
	return true;
}

void column_list_click(struct column_list *l, struct column_set *set, struct session *s, int y)
{
	size_t at = l->list.top + (size_t)(y > 0 ? y : 0);

	if (at >= set->count)
		return;
	l->cursor = at;
	toggle(l, set, s);
}
