/* What keys, the mouse and the screen's own commands do to the desk. */
#include "ui/desk.h"

#include "session/replay.h"
#include "ui/call_sheet.h"
#include "ui/row_words.h"
#include "util/text.h"

#include <stdio.h>
#include <string.h>

static void focus_next(struct desk *d, int by)
{
	d->focus = (enum pane_id)((d->focus + PANE_COUNT + by) % PANE_COUNT);
}

static bool to_pane(struct desk *d, enum pane_id id, enum ui_action action)
{
	return panes[id]->act(d->pane[id], d->session, action);
}

static void focus_and(struct desk *d, enum pane_id id, enum ui_action action)
{
	d->focus = id;
	to_pane(d, id, action);
}

static void run_line(struct desk *d, const char *line)
{
	struct err e = { 0 };

	if (session_enter(d->session, line, &e, NULL))
		session_notice(d->session, NOTICE_ERROR, "%s", e.text);
}

static void open_prompt(struct desk *d, const char *text)
{
	prompt_open(&d->prompt, text);
	d->companion = d->focus;
}

static void do_help(struct desk *d, const char *text)
{
	if (d->help.open && !(text && text[0]))
		d->help.open = false;
	else
		help_open(&d->help, text);
}

static void do_settings(struct desk *d, const char *text)
{
	(void)text;
	d->help.open = false;
	settings_page_open(&d->settings);
}

static void do_next(struct desk *d, const char *text)
{
	(void)text;
	focus_next(d, 1);
}
static void do_previous(struct desk *d, const char *text)
{
	(void)text;
	focus_next(d, -1);
}
static void do_zoom(struct desk *d, const char *text)
{
	(void)text;
	d->zoom = !d->zoom;
}
static void do_redraw(struct desk *d, const char *text)
{
	(void)text;
	d->redraw = true;
}
static void do_prompt(struct desk *d, const char *text)
{
	open_prompt(d, text ? text : "");
}
static void do_pause(struct desk *d, const char *text)
{
	(void)text;
	focus_and(d, PANE_TRAFFIC, UI_PAUSE);
}
static void do_traffic(struct desk *d, const char *text)
{
	(void)text;
	d->focus = PANE_TRAFFIC;
}
static void do_sockets(struct desk *d, const char *text)
{
	(void)text;
	d->focus = PANE_SOCKETS;
}
static void do_columns(struct desk *d, const char *text)
{
	(void)text;
	focus_and(d, PANE_SOCKETS, UI_COLUMNS);
}
static void do_sort(struct desk *d, const char *text)
{
	(void)text;
	to_pane(d, PANE_SOCKETS, UI_SORT);
}
static void do_reverse(struct desk *d, const char *text)
{
	(void)text;
	to_pane(d, PANE_SOCKETS, UI_REVERSE);
}

static void do_page(struct desk *d, const char *text)
{
	(void)text;
	focus_and(d, PANE_INSPECTOR, UI_INSPECTOR_PAGE);
}

/* A graph wants the whole screen; one that was named is shown as it is. */
static void do_graph(struct desk *d, const char *text)
{
	bool shown = d->focus == PANE_INSPECTOR && d->zoom;

	d->focus = PANE_INSPECTOR;
	d->zoom = true;
	to_pane(d, PANE_INSPECTOR, text || !shown ? UI_GRAPH_PAGE : UI_GRAPH);
}

static void do_copy(struct desk *d, const char *text)
{
	(void)text;
	buf_clear(&d->copied);
	if (panes[d->focus]->copy)
		panes[d->focus]->copy(d->pane[d->focus], d->session, &d->copied);
	if (d->copied.len)
		session_notice(d->session, NOTICE_INFO, "copied: %s", buf_text(&d->copied));
}

static void do_search(struct desk *d, const char *text)
{
	(void)text;
	desk_search(d, 1);
}

static void do_search_back(struct desk *d, const char *text)
{
	(void)text;
	desk_search(d, -1);
}

static void do_explain(struct desk *d, const char *text)
{
	if (d->explain.open && !(text && text[0]))
		d->explain.open = false;
	else
		explain_open(&d->explain, text);
}

static void do_mark(struct desk *d, const char *text)
{
	struct session *s = d->session;
	struct mark mark = { 0 };
	char at[24];

	(void)text;
	if (!panes[d->focus]->moment || !panes[d->focus]->moment(d->pane[d->focus], s, &mark) || !mark.at_ns) {
		session_notice(s, NOTICE_INFO, "there is no moment to mark here");
		return;
	}
	if (s->mark.at_ns == mark.at_ns && s->mark.number == mark.number) {
		s->mark.at_ns = 0;
		session_notice(s, NOTICE_INFO, "the mark is taken away");
		return;
	}
	s->mark = mark;
	session_notice(s, NOTICE_INFO, "marked: %s, %s; M tells times since then", mark.what,
		       clock_text(at, mark.at_ns));
}

/* Enter: the focused pane opens what is selected; a socket is told of in the Inspector. */
static void do_detail(struct desk *d, const char *text)
{
	(void)text;
	if (!to_pane(d, d->focus, UI_DETAIL) && d->focus == PANE_SOCKETS)
		d->focus = PANE_INSPECTOR;
}

static void do_back(struct desk *d, const char *text)
{
	(void)text;
	if (desk_stop_hunt(d))
		return;
	if (d->explain.open) {
		d->explain.open = false;
		return;
	}
	if (to_pane(d, d->focus, UI_BACK))
		return;
	if (d->zoom)
		d->zoom = false;
	else if (d->focus == PANE_SOCKETS && d->session->filter_text)
		run_line(d, "filter");
	else
		d->focus = PANE_SOCKETS;
}

static const struct {
	enum ui_action action;
	void (*run)(struct desk *d, const char *text);
} actions[] = {
	{ UI_HELP, do_help },           { UI_SETTINGS, do_settings },
	{ UI_NEXT_PANE, do_next },      { UI_PREVIOUS_PANE, do_previous },
	{ UI_DETAIL, do_detail },       { UI_BACK, do_back },
	{ UI_ZOOM, do_zoom },           { UI_PAUSE, do_pause },
	{ UI_REDRAW, do_redraw },       { UI_PROMPT, do_prompt },
	{ UI_INSPECTOR_PAGE, do_page }, { UI_SORT, do_sort },
	{ UI_REVERSE, do_reverse },     { UI_COPY, do_copy },
	{ UI_TRAFFIC, do_traffic },     { UI_GRAPH, do_graph },
	{ UI_SEARCH, do_search },       { UI_SEARCH_BACK, do_search_back },
	{ UI_MARK, do_mark },           { UI_EXPLAIN, do_explain },
	{ UI_SOCKETS, do_sockets },     { UI_COLUMNS, do_columns },
};

void desk_act(struct desk *d, enum ui_action action, const char *text)
{
	desk_hunt_past(d, action);
	if (d->help.open && action != UI_HELP && help_act(&d->help, action))
		return;
	if (d->help.open && action != UI_HELP && action != UI_REDRAW && action != UI_PROMPT)
		d->help.open = false;
	if (d->explain.open && !d->help.open && explain_act(&d->explain, action))
		return;
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
		if (actions[i].action == action) {
			actions[i].run(d, text);
			return;
		}
	to_pane(d, d->focus, action);
}

/* Movement that works even where the command table has no row for it. */
static enum ui_action plain_action(const char *name)
{
	static const struct {
		const char *name;
		enum ui_action action;
	} keys[] = {
		{ "j", UI_DOWN },         { "Down", UI_DOWN },     { "k", UI_UP },
		{ "Up", UI_UP },          { "g", UI_TOP },         { "Home", UI_TOP },
		{ "G", UI_BOTTOM },       { "End", UI_BOTTOM },    { "PgUp", UI_PAGE_UP },
		{ "PgDn", UI_PAGE_DOWN }, { "C-b", UI_PAGE_UP },   { "C-f", UI_PAGE_DOWN },
		{ "C-u", UI_PAGE_UP },    { "C-d", UI_PAGE_DOWN }, { "Left", UI_LEFT },
		{ "Right", UI_RIGHT },    { "Tab", UI_NEXT_PANE }, { "S-Tab", UI_PREVIOUS_PANE },
		{ "Enter", UI_DETAIL },   { "Esc", UI_BACK },      { "C-l", UI_REDRAW },
		{ ":", UI_PROMPT },       { "?", UI_HELP },        { "F1", UI_HELP },
	};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (!strcmp(keys[i].name, name))
			return keys[i].action;
	return UI_NOTHING;
}

/* What it would be done to is part of the question. */
static void ask(struct desk *d, const struct command *row, const char *line)
{
	const struct row *r = session_selected(d->session);
	struct buf text = { 0 };

	if (!r || !r->view.record) {
		run_line(d, line); /* nothing can happen: it says why not */
		return;
	}
	buf_printf(&text, "%s ", line);
	row_sentence(r, d->session->settings.ascii, &text);
	snprintf(d->question, sizeof d->question, "%s", buf_text(&text));
	snprintf(d->answer, sizeof d->answer, "%s", line);
	d->asked = row;
	d->asked_key = r->key;
	buf_done(&text);
}

/* Commands whose prompt goes with something to look at. */
static const struct {
	const char *command;
	enum pane_id pane;
	enum ui_action action;
} companions[] = {
	{ "setsockopt", PANE_INSPECTOR, UI_OPTIONS },
};

static void show_companion(struct desk *d, const struct command *row)
{
	for (size_t i = 0; i < sizeof companions / sizeof *companions; i++)
		if (!strcmp(row->name, companions[i].command)) {
			to_pane(d, companions[i].pane, companions[i].action);
			d->companion = companions[i].pane;
		}
}

static void fill_prompt(struct desk *d, const struct command *row, const char *line)
{
	struct buf text = { 0 };

	if (row && row->fill) {
		row->fill(d->session, &text);
	} else {
		buf_puts(&text, line);
		if (row && row->usage && row->usage[0] && row->usage[0] != '[')
			buf_putc(&text, ' ');
	}
	open_prompt(d, buf_text(&text));
	if (row)
		show_companion(d, row);
	buf_done(&text);
}

static bool to_pane_key(struct desk *d, enum pane_id id, const char *name)
{
	return !d->help.open && panes[id]->key && panes[id]->key(d->pane[id], d->session, name);
}

/* What is made is to be seen. */
static void show_own(struct desk *d)
{
	if (d->session->scope != SCOPE_MINE)
		run_line(d, "scope mine");
	if (d->session->group != GROUP_SOCKET)
		run_line(d, "group socket");
}

static void key_to_command(struct desk *d, const char *name)
{
	const struct command *row = NULL;
	bool at_once = false;
	const char *line = command_for_key(d->session, name, &at_once, &row);
	char copy[1024];

	if (!line) {
		if (plain_action(name) != UI_NOTHING)
			desk_act(d, plain_action(name), NULL);
		return;
	}
	snprintf(copy, sizeof copy, "%s", line); /* the text is only valid until the next look-up */
	if (row && row->ui && at_once && !strcmp(copy, row->name)) {
		desk_act(d, (enum ui_action)row->ui, NULL);
		return;
	}
	d->help.open = false;
	if (row && session_refuses(d->session, row)) {
		session_notice(d->session, NOTICE_WARN, "%s", session_refuses(d->session, row));
		return;
	}
	if (row && d->focus == PANE_TRAFFIC && d->session->view == VIEW_LADDER && !strcmp(row->name, "filter"))
		row = command_find("match", strlen("match"));
	if (row && (row->flags & COMMAND_MAKES) && !(row->flags & COMMAND_SOCKET))
		show_own(d);
	if (row && (row->flags & COMMAND_ASKS))
		ask(d, row, copy);
	else if (at_once)
		run_line(d, copy);
	else
		fill_prompt(d, row, copy);
}

/* While the settings are open keys are for them; those that they do not know close them, and do what they do. */
static bool to_settings(struct desk *d, const char *name)
{
	struct buf line = { 0 };
	bool taken;

	if (!d->settings.open || d->help.open)
		return false;
	taken = settings_page_key(&d->settings, d->session, name, &line);
	if (line.len)
		open_prompt(d, buf_text(&line));
	else if (!taken && strcmp(name, ":") && strcmp(name, "C-l"))
		d->settings.open = false;
	buf_done(&line);
	return taken;
}

static void answer(struct desk *d, const struct key *k)
{
	d->asked = NULL;
	if (strcmp(k->name, "y") && strcmp(k->name, "Y"))
		return;
	if (d->session->selected == d->asked_key && session_selected(d->session))
		run_line(d, d->answer);
	else
		session_notice(d->session, NOTICE_WARN,
			       "nothing was done: the socket is gone, or is not selected any more");
}

static void mouse(struct desk *d, const struct key *k)
{
	enum pane_id id = layout_at(&d->layout, k->x, k->y);
	const struct rect *r;

	if (d->help.open) {
		if (k->kind == EVENT_WHEEL)
			help_scroll(&d->help, k->lines);
		return;
	}
	if (d->settings.open) {
		if (k->kind == EVENT_WHEEL)
			list_scroll(&d->settings.list, k->lines);
		else
			settings_page_click(&d->settings, d->session, k->y - d->layout.body.y);
		return;
	}
	if (id == PANE_COUNT)
		return;
	r = &d->layout.pane[id];
	if (k->kind == EVENT_WHEEL) {
		panes[id]->scroll(d->pane[id], k->lines);
		return;
	}
	d->focus = id;
	if (k->y > r->y)
		panes[id]->click(d->pane[id], d->session, k->x - r->x - 1, k->y - r->y - 1);
}

/* A terminal sends Alt-x as Esc and x: what means nothing with Alt was Esc and a quick x after
 * it. */
static bool is_escape_and_key(const struct desk *d, const struct key *k)
{
	const struct command *row;
	bool at_once;

	if (k->kind != EVENT_KEY || strncmp(k->name, "M-", 2))
		return false;
	return d->prompt.open ? !prompt_edits(k->name) : !command_for_key(d->session, k->name, &at_once, &row);
}

static void to_prompt(struct desk *d, const struct key *k)
{
	prompt_key(&d->prompt, d->session, k);
	if (!d->prompt.open)
		to_pane(d, PANE_INSPECTOR, UI_OPTIONS_END);
}

void desk_event(struct desk *d, const struct key *k)
{
	if (k->kind == EVENT_NONE)
		return;
	if (is_escape_and_key(d, k)) {
		struct key escape = key_named("Esc"), next = key_named(k->name + 2);

		desk_event(d, &escape);
		desk_event(d, &next);
		return;
	}
	d->notice_seen = d->session->notice.count;
	if (d->asked && k->kind == EVENT_KEY) {
		answer(d, k);
	} else if (k->kind == EVENT_CLICK || k->kind == EVENT_WHEEL) {
		if (!d->prompt.open)
			mouse(d, k);
	} else if (d->prompt.open) {
		to_prompt(d, k);
	} else if (k->kind == EVENT_PASTE) {
		open_prompt(d, "");
		to_prompt(d, k);
	} else if (!strcmp(k->name, "C-c")) {
		run_line(d, "quit");
	} else if (!to_settings(d, k->name) && !to_pane_key(d, d->focus, k->name)) {
		key_to_command(d, k->name);
	}
}
