#include "ui/help.h"

#include "ui/pane.h"
#include "ui/sock_column.h"
#include "util/text.h"

#include <stdio.h>
#include <string.h>

/* Lines are written through a pen that counts all of them and puts those that are seen. */
struct pen {
	const struct area *area; /* NULL: only count */
	int top, line, w;
	const char *topic;
	int topic_line; /* -1: not met */
};

enum { KEY_CELLS = 12, USAGE_CELLS = 40, ONE_LINE = 100 };

static int row_of(const struct pen *p)
{
	return p->area && p->line >= p->top && p->line - p->top < p->area->h ? p->line - p->top : -1;
}

static void heading(struct pen *p, const char *text)
{
	if (p->line)
		p->line++;
	if (row_of(p) >= 0)
		area_put(p->area, 1, row_of(p), ROLE_STRONG, text);
	p->line++;
}

/* Keys, what they run, what that does: in one line where the width allows, else in two. */
static void entry(struct pen *p, const char *keys, const char *usage, const char *help)
{
	int usage_w = p->w >= ONE_LINE ? USAGE_CELLS : p->w - KEY_CELLS - 2, at;
	size_t used;

	if (row_of(p) >= 0) {
		area_put_in(p->area, 2, row_of(p), KEY_CELLS - 2, ROLE_KEY, keys);
		area_put_in(p->area, KEY_CELLS, row_of(p), usage_w - 1, ROLE_VALUE, usage);
	}
	at = p->w >= ONE_LINE ? KEY_CELLS + USAGE_CELLS : KEY_CELLS;
	if (p->w < ONE_LINE && *usage)
		p->line++;
	for (; (used = grid_wrap(help, p->w - at - 1)); help += used, p->line++)
		if (row_of(p) >= 0)
			area_put_bytes(p->area, at, row_of(p), ROLE_HINT, help, used);
}

static void command_entry(struct pen *p, const struct command *c)
{
	const char *of = c->flags & COMMAND_SOCKET ? "[NAME.]" : c->flags & COMMAND_MAKES ? "[NAME =] " : "";
	char usage[160];

	if (p->topic[0] && !strcmp(p->topic, c->name))
		p->topic_line = p->line;
	snprintf(usage, sizeof usage, "%s%s%s%s", of, c->name, c->usage && c->usage[0] ? " " : "",
		 c->usage ? c->usage : "");
	entry(p, c->key ? c->key : "", usage, c->help);
}

static bool first_of_group(const struct command *c)
{
	for (const struct command *before = commands; before < c; before++)
		if (before->group && !strcmp(before->group, c->group))
			return false;
	return true;
}

static void write_groups(struct pen *p)
{
	for (const struct command *c = commands; c->name; c++) {
		if (!c->group || !first_of_group(c))
			continue;
		heading(p, c->group);
		for (const struct command *m = c; m->name; m++)
			if (m->group && !strcmp(m->group, c->group))
				command_entry(p, m);
		for (const struct key_line *k = key_lines; k->key; k++)
			if (!strcmp(k->group, c->group))
				entry(p, k->key, k->line, k->help);
	}
}

static void write_all(struct pen *p)
{
	static const char *const prompt[][2] = {
		{ "Tab S-Tab", "complete, next and previous candidate" },
		{ "Up Down", "earlier and later lines" },
		{ "C-a C-e", "to the start, to the end" },
		{ "C-u C-k C-w", "cut to the start, to the end, the word; C-y puts it back" },
		{ "Esc", "leave the prompt" },
	};

	write_groups(p);
	heading(p, "Panes");
	for (int i = 0; i < PANE_COUNT; i++)
		entry(p, panes[i]->name, "", panes[i]->help);
	heading(p, "At the prompt");
	for (size_t i = 0; i < sizeof prompt / sizeof *prompt; i++)
		entry(p, prompt[i][0], "", prompt[i][1]);
	heading(p, "Signs before a socket");
	for (const struct sock_mark *m = sock_marks; m->sign; m++)
		if (m->help)
			entry(p, m->sign, "", m->help);
}

void help_open(struct help *h, const char *topic)
{
	h->open = true;
	h->top = 0;
	snprintf(h->topic, sizeof h->topic, "%s", topic ? topic : "");
}

static void clamp(struct help *h)
{
	if (h->top > h->lines - h->height)
		h->top = h->lines - h->height;
	if (h->top < 0)
		h->top = 0;
}

void help_settle(struct help *h, int w, int height)
{
	struct pen p = { .w = w, .topic = h->topic, .topic_line = -1 };

	write_all(&p);
	h->lines = p.line;
	h->height = height;
	if (p.topic_line >= 0) { /* once: then the reader scrolls */
		h->top = p.topic_line;
		h->topic[0] = '\0';
	}
	clamp(h);
}

void help_draw(const struct help *h, const struct area *a)
{
	struct area inner = area_sub(a, 0, 1, a->w, a->h - 1);
	struct pen p = { .area = &inner, .top = h->top, .w = a->w, .topic = "", .topic_line = -1 };
	char seen[32];

	area_blank(a);
	snprintf(seen, sizeof seen, "%d%%",
		 h->lines > h->height && h->lines ? (h->top + h->height) * 100 / h->lines : 100);
	area_rule(a, 0, true, "Help: keys and commands", seen);
	write_all(&p);
}

void help_scroll(struct help *h, int lines)
{
	h->top += lines;
	clamp(h);
}

bool help_act(struct help *h, enum ui_action action)
{
	static const struct {
		enum ui_action action;
		int lines, pages;
	} moves[] = {
		{ UI_UP, -1, 0 },        { UI_DOWN, 1, 0 },      { UI_PAGE_UP, 1, -1 },
		{ UI_PAGE_DOWN, -1, 1 }, { UI_TOP, -100000, 0 }, { UI_BOTTOM, 100000, 0 },
	};

	if (action == UI_BACK || action == UI_HELP) {
		h->open = false;
		return true;
	}
	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
		if (moves[i].action == action) {
			help_scroll(h, moves[i].lines + moves[i].pages * h->height);
			return true;
		}
	return false;
}
