/* The last row: what can be done now, or what has to be said. What the focused pane can do stands before what can be
 * done everywhere; where a socket of ours is selected in its table, its calls come first. */
#include "ui/desk.h"

#include "session/replay.h"

#include "util/text.h"

#include <stdio.h>
#include <string.h>

/* What lies over the panes has keys of its own. */

bool notice_shown(const struct desk *d)
{
	const struct notice *n = &d->session->notice;

	return n->kind != NOTICE_NONE && n->count != d->notice_seen && d->now_ns < n->at_ns + NOTICE_NS;
}

/* Where the next one is put, and the keys that are told already: " Esc Tab ". */
struct line {
	const struct area *a;
	int x, end;
	char told[256];
};

static bool is_told(const struct line *l, const char *key)
{
	char word[32];

	snprintf(word, sizeof word, " %s ", key);
	return strstr(l->told, word);
}

static void hint(struct line *l, const char *key, const char *words)
{
	int wide = (int)(text_width(key) + 1 + text_width(words));
	size_t used = strlen(l->told);

	if (l->x + wide > l->end || is_told(l, key))
		return;
	snprintf(l->told + used, sizeof l->told - used, "%s%s ", used ? "" : " ", key);
	l->x = area_put(l->a, l->x, 0, ROLE_KEY, key);
	l->x = area_put(l->a, l->x + 1, 0, ROLE_HINT, words) + 3;
}

/* The step is shown with the line that it would run: the way through a socket's life explains
 * itself. */
static void hint_command(const struct session *s, struct line *l, const struct command *c)
{
	char key[24], line[160], words[200];
	const char *why = NULL;
	bool step = !strcmp(c->name, "step") && session_next_step(s, line, sizeof line, &why);

	snprintf(key, sizeof key, "%.*s", (int)strcspn(c->key, " "), c->key);
	snprintf(words, sizeof words, "%s", step ? line : c->hint);
	hint(l, key, words);
}

static void hint_pane(struct line *l, const struct pane_hint *hints)
{
	for (; hints && hints->key; hints++)
		hint(l, hints->key, hints->words);
}

static void hint_commands(const struct session *s, struct line *l, const struct command *help,
			  const struct command *quit)
{
	for (const struct command *c = commands; c->name; c++)
		if (c->key && c->hint && c != help && c != quit && (!c->fits || c->fits(s)) && !session_refuses(s, c))
			hint_command(s, l, c);
}

/* How much room the two that are always there take. */
static int reserved(const struct command *a, const struct command *b)
{
	const struct command *both[] = { a, b };
	int cells = 0;

	for (int i = 0; i < 2; i++)
		if (both[i] && both[i]->key && both[i]->hint)
			cells += (int)(strcspn(both[i]->key, " ") + 1 + text_width(both[i]->hint)) + 3;
	return cells;
}

static void draw_hints(const struct desk *d, const struct area *a)
{
	const struct session *s = d->session;
	const struct pane_ops *pane = panes[d->focus];
	const struct command *help = command_find("help", 4), *quit = command_find("quit", 4);
	struct line l = { .a = a, .x = 1, .end = a->w - 1 - reserved(help, quit) };
	const struct pane_hint *own = pane->hints ? pane->hints(d->pane[d->focus], s) : NULL;
	bool open = pane->detail && pane->detail(d->pane[d->focus]);
	bool calls_first = d->focus == PANE_SOCKETS && s->scope == SCOPE_MINE && s->group == GROUP_SOCKET && !open;

	if (d->help.open || d->settings.open) {
		hint_pane(&l, d->help.open ? hints_help : hints_settings);
	} else {
		if (d->explain.open)
			hint(&l, "Esc", "close");
		if (calls_first)
			hint_commands(s, &l, help, quit);
		hint_pane(&l, own);
		if (!calls_first && !open)
			hint_commands(s, &l, help, quit);
	}
	l.end = a->w - 1;
	if (help && help->key && help->hint)
		hint_command(s, &l, help);
	if (quit && quit->key && quit->hint)
		hint_command(s, &l, quit);
}

/* The end of the question is what must be read: what comes before it is cut. */
static void draw_question(const struct desk *d, const struct area *a)
{
	static const char end[] = "? y/N";
	int room = a->w - 2 - (int)sizeof end;
	int x = area_put_in(a, 1, 0, room, ROLE_WARN, d->question);

	area_put(a, x, 0, ROLE_PROMPT, end);
}

void hints_draw(const struct desk *d, const struct area *a)
{
	static const enum role roles[] = {
		[NOTICE_NONE] = ROLE_TEXT,
		[NOTICE_INFO] = ROLE_TEXT,
		[NOTICE_WARN] = ROLE_WARN,
		[NOTICE_ERROR] = ROLE_ERROR,
	};
	const struct notice *n = &d->session->notice;

	if (d->asked)
		draw_question(d, a);
	else if (notice_shown(d))
		area_put_in(a, 1, 0, a->w - 2, roles[n->kind], n->text);
	else
		draw_hints(d, a);
}
