#include "ui/settings_page.h"

#include "session/setting.h"
#include "ui/pane.h"
#include "util/text.h"

#include <stdio.h>
#include <string.h>

enum { RULE = 1, FOOT = 4 /* the help of the one under the cursor */, NAME_CELLS = 16, VALUE_CELLS = 14 };

static size_t count(void)
{
	size_t n = 0;

	while (settings[n].name)
		n++;
	return n;
}

void settings_page_open(struct settings_page *p)
{
	*p = (struct settings_page){ .open = true, .cursor = p->cursor };
}

void settings_page_settle(struct settings_page *p, int h)
{
	list_settle(&p->list, p->cursor, count(), h - RULE - FOOT);
}

/* --- drawing --- */

static void draw_row(const struct session *s, const struct area *a, int y, const struct setting_row *row)
{
	struct buf value = { 0 };
	bool usual;
	int x = 1;

	setting_get(&s->settings, row, &value);
	usual = !strcmp(buf_text(&value), row->value);
	area_put_in(a, x, y, NAME_CELLS - 1, ROLE_NAME, row->name);
	x += NAME_CELLS;
	area_put_in(a, x, y, VALUE_CELLS - 1, usual ? ROLE_VALUE : ROLE_NEW, buf_text(&value));
	x += VALUE_CELLS;
	area_put_in(a, x, y, a->w - x - 1, ROLE_DIM, row->help);
	buf_done(&value);
}

static void draw_foot(const struct settings_page *p, const struct session *s, const struct area *a, int y)
{
	const struct setting_row *row = &settings[p->cursor];
	struct buf value = { 0 }, text = { 0 };
	const char *rest;
	size_t used;

	setting_get(&s->settings, row, &value);
	buf_printf(&text, "%s: %s. It takes %s; at first it is %s. In the configuration: set %s %s", row->name,
		   row->help, row->usage, row->value, row->name, buf_text(&value));
	rest = buf_text(&text);
	for (int x = 0; x < a->w; x++)
		area_put(a, x, y, ROLE_RULE, glyph(a->grid, GLYPH_HLINE));
	for (int i = 1; i < FOOT && (used = grid_wrap(rest, a->w - 2)); i++, rest += used)
		area_put_bytes(a, 1, y + i, ROLE_HINT, rest, used);
	buf_done(&value);
	buf_done(&text);
}

void settings_page_draw(const struct settings_page *p, const struct session *s, const struct area *a)
{
	char seen[64] = "";

	area_blank(a);
	snprintf(seen, sizeof seen, "%s changes · Enter · Esc", a->grid->ascii ? "<- ->" : "← →");
	area_rule(a, 0, true, "Settings", seen);
	for (size_t i = 0; i < p->list.height && p->list.top + i < p->list.count; i++) {
		int y = RULE + (int)i;

		draw_row(s, a, y, &settings[p->list.top + i]);
		if (p->list.top + i == p->cursor)
			pane_cursor(a, y, true);
	}
	if (a->h > RULE + FOOT)
		draw_foot(p, s, a, a->h - FOOT);
}

/* --- changing --- */

static void set(struct session *s, const struct setting_row *row, const char *value)
{
	struct buf line = { 0 };
	struct err e = { 0 };

	buf_printf(&line, "set %s %s", row->name, value);
	if (session_enter(s, buf_text(&line), &e, NULL))
		session_notice(s, NOTICE_ERROR, "%s", e.text);
	buf_done(&line);
}

static bool step(const struct settings_page *p, struct session *s, int by)
{
	const struct setting_row *row = &settings[p->cursor];
	struct buf value = { 0 };
	bool there = setting_step(&s->settings, row, by, &value);

	if (there)
		set(s, row, buf_text(&value));
	buf_done(&value);
	return there;
}

/* A switch turns, a choice goes on; everything else is typed. */
static void enter(const struct settings_page *p, struct session *s, struct buf *line)
{
	const struct setting_row *row = &settings[p->cursor];

	if (row->type == SETTING_TIME || !step(p, s, 1)) {
		buf_printf(line, "set %s ", row->name);
		setting_get(&s->settings, row, line);
	}
}

static bool move(struct settings_page *p, const char *name)
{
	static const struct {
		const char *name;
		enum ui_action action;
	} moves[] = {
		{ "Up", UI_UP },        { "k", UI_UP },       { "Down", UI_DOWN },      { "j", UI_DOWN },
		{ "PgUp", UI_PAGE_UP }, { "g", UI_TOP },      { "PgDn", UI_PAGE_DOWN }, { "G", UI_BOTTOM },
		{ "Home", UI_TOP },     { "End", UI_BOTTOM },
	};

	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
		if (!strcmp(moves[i].name, name)) {
			list_move(&p->list, moves[i].action, &p->cursor);
			p->list.settled = false;
			return true;
		}
	return false;
}

bool settings_page_key(struct settings_page *p, struct session *s, const char *name, struct buf *line)
{
	if (!strcmp(name, "Esc") || !strcmp(name, "F2") || !strcmp(name, "q")) {
		p->open = false;
		return true;
	}
	if (!strcmp(name, "Left") || !strcmp(name, "Right")) {
		step(p, s, name[0] == 'L' ? -1 : 1);
		return true;
	}
	if (!strcmp(name, "Enter") || !strcmp(name, "Space")) {
		enter(p, s, line);
		return true;
	}
	return move(p, name);
}

/* The first click on a row chooses it, the next one changes it. */
void settings_page_click(struct settings_page *p, struct session *s, int y)
{
	size_t at = p->list.top + (size_t)(y > RULE ? y - RULE : 0);

	if (y < RULE || at >= p->list.count || (size_t)(y - RULE) >= p->list.height)
		return;
	if (at == p->cursor)
		step(p, s, 1);
	p->cursor = at;
	p->list.settled = false;
}
