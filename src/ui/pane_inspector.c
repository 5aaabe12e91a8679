/* The Inspector: everything that is known of the selected socket, the state diagram with the way it
 * went, and its options. Each is a page: a row of `pages`. */
#include "ui/beside_page.h"
#include "ui/graph.h"
#include "ui/inspect.h"
#include "ui/option_page.h"
#include "ui/pane.h"
#include "ui/row_words.h"
#include "ui/states_page.h"

#include "util/clock.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum page { PAGE_SUMMARY, PAGE_STATES, PAGE_OPTIONS, PAGE_BESIDE, PAGE_GRAPH, PAGE_COUNT };

struct inspector {
	enum page page;
	enum page before; /* of the graph that V has opened: Esc leads back there */
	enum page aside;  /* of the options while the prompt of S is open, */
	bool is_aside;    /* if there is such a page */
	uint64_t key;     /* socket that the pages tell of */
	int height;
	struct states_page states;
	struct sheet *sheet;
	struct option_page *options;
	struct beside_page *beside;
	struct wire_of wire; /* the selected socket's packets, for two of the pages */
	struct graph graph;
	struct trend trend;
};

struct page_ops {
	const char *name;
	/* Has it something of this row? Else v passes it over. NULL: of every one. */
	bool (*fits)(const struct row *r);
	void (*settle)(struct inspector *p, const struct session *s, const struct row *r, int w, int h);
	void (*draw)(const struct inspector *p, const struct row *r, const struct area *a, bool focused);
	bool (*act)(struct inspector *p, struct session *s, enum ui_action action);
	void (*scroll)(struct inspector *p, int lines);
	void (*click)(struct inspector *p, int x, int y); /* may be NULL */
	/* Where one is; may be NULL. */
	void (*place)(const struct inspector *p, const struct session *s, struct buf *out);
	enum found (*find)(struct inspector *p, const struct needle *n, int way); /* or NULL */
};

static void open_pane(void *state)
{
	struct inspector *p = state;

	p->sheet = mem_alloc(sizeof *p->sheet);
	p->options = mem_alloc(sizeof *p->options);
	p->beside = beside_page_new();
}

static void close_pane(void *state)
{
	struct inspector *p = state;

	free(p->sheet);
	free(p->options);
	beside_page_free(p->beside);
	wire_of_done(&p->wire);
	graph_done(&p->graph);
}

/* --- a sheet --- */

static void settle_summary(struct inspector *p, const struct session *s, const struct row *r, int w, int h)
{
	inspect_sheet(p->sheet, s, r, &p->trend, clock_real_ns());
	sheet_settle(p->sheet, w, h);
}

static void draw_sheet(const struct inspector *p, const struct row *r, const struct area *a, bool focused)
{
	(void)r, (void)focused;
	sheet_draw(p->sheet, a);
}

static bool act_sheet(struct inspector *p, struct session *s, enum ui_action action)
{
	(void)s;
	if (action == UI_BACK && p->sheet->hit) {
		p->sheet->hit = 0;
		return true;
	}
	return sheet_move(p->sheet, p->height, action);
}

static void scroll_sheet(struct inspector *p, int lines)
{
	sheet_scroll(p->sheet, p->height, lines);
}

static void place_sheet(const struct inspector *p, const struct session *s, struct buf *out)
{
	size_t seen = (size_t)(p->height > 0 ? p->height : 0) * (size_t)(p->sheet->columns > 0 ? p->sheet->columns : 1);

	(void)s;
	if (p->sheet->lines > seen)
		buf_printf(out, "%zu%% · ", (p->sheet->top + seen) * 100 / p->sheet->lines);
}

static enum found find_sheet(struct inspector *p, const struct needle *n, int way)
{
	return sheet_find(p->sheet, p->height, n, way);
}

/* --- the state diagram --- */

static void settle_states(struct inspector *p, const struct session *s, const struct row *r, int w, int h)
{
	states_page_settle(&p->states, s, r, w, h);
}

static void draw_states(const struct inspector *p, const struct row *r, const struct area *a, bool focused)
{
	(void)focused;
	states_page_draw(&p->states, r, a);
}

static bool act_states(struct inspector *p, struct session *s, enum ui_action action)
{
	(void)s;
	return states_page_act(&p->states, action);
}

static void scroll_states(struct inspector *p, int lines)
{
	states_page_scroll(&p->states, lines);
}

/* --- the options --- */

static void settle_options(struct inspector *p, const struct session *s, const struct row *r, int w, int h)
{
	(void)s;
	option_page_settle(p->options, r ? r->own : NULL, clock_mono_ns(), w, h);
}

static void draw_options(const struct inspector *p, const struct row *r, const struct area *a, bool focused)
{
	(void)r;
	option_page_draw(p->options, a, focused);
}

/* The option under the cursor, ready to be changed. */
static void edit_option(const struct inspector *p, struct session *s)
{
	const struct row *r = session_selected(s);
	struct buf line = { 0 };

	if (r && r->own && r->own->id == p->options->sock)
		option_page_line(p->options, r->own->fd, &line);
	if (line.len && s->hooks.ui)
		s->hooks.ui(s->hooks.ctx, UI_PROMPT, buf_text(&line));
	buf_done(&line);
}

static bool act_options(struct inspector *p, struct session *s, enum ui_action action)
{
	if (action != UI_DETAIL)
		return option_page_act(p->options, action);
	edit_option(p, s);
	return true;
}

static void scroll_options(struct inspector *p, int lines)
{
	list_scroll(&p->options->list, lines);
}

static void click_options(struct inspector *p, int x, int y)
{
	(void)x;
	option_page_click(p->options, y);
}

static void place_options(const struct inspector *p, const struct session *s, struct buf *out)
{
	(void)s;
	if (p->options->sock)
		buf_printf(out, "%zu of %zu · ", p->options->cursor + 1, p->options->count);
}

/* --- kernel beside wire --- */

static void settle_beside(struct inspector *p, const struct session *s, const struct row *r, int w, int h)
{
	beside_page_settle(p->beside, s, r, &p->wire, w, h);
}

static void draw_beside(const struct inspector *p, const struct row *r, const struct area *a, bool focused)
{
	(void)r, (void)focused;
	beside_page_draw(p->beside, a);
}

static bool act_beside(struct inspector *p, struct session *s, enum ui_action action)
{
	(void)s;
	return sheet_move(beside_page_sheet(p->beside), p->height - 1, action);
}

static void scroll_beside(struct inspector *p, int lines)
{
	sheet_scroll(beside_page_sheet(p->beside), p->height - 1, lines);
}

static enum found find_beside(struct inspector *p, const struct needle *n, int way)
{
	return sheet_find(beside_page_sheet(p->beside), p->height - 1, n, way);
}

/* --- graphs --- */

static void settle_graph(struct inspector *p, const struct session *s, const struct row *r, int w, int h)
{
	graph_settle(&p->graph, s, r, &p->wire, w, h);
}

static void draw_graph(const struct inspector *p, const struct row *r, const struct area *a, bool focused)
{
	(void)r, (void)focused;
	graph_draw(&p->graph, a);
}

static bool act_graph(struct inspector *p, struct session *s, enum ui_action action)
{
	return graph_act(&p->graph, s, action);
}

static void scroll_graph(struct inspector *p, int lines)
{
	graph_zoom(&p->graph, lines);
}

static void click_graph(struct inspector *p, int x, int y)
{
	(void)y;
	graph_click(&p->graph, x);
}

static void place_graph(const struct inspector *p, const struct session *s, struct buf *out)
{
	graph_place(&p->graph, s->settings.ascii, out);
}

static enum found find_options(struct inspector *p, const struct needle *n, int way)
{
	return option_page_find(p->options, n, way);
}

static bool has_options(const struct row *r)
{
	return r->own && r->own->fd >= 0;
}

static bool has_wire(const struct row *r)
{
	return !beside_page_unfit(r);
}

static const struct page_ops pages[PAGE_COUNT] = {
	[PAGE_SUMMARY] = { "summary", NULL, settle_summary, draw_sheet, act_sheet, scroll_sheet, NULL, place_sheet,
			   find_sheet },
	[PAGE_STATES] = { "states", NULL, settle_states, draw_states, act_states, scroll_states, NULL, NULL, NULL },
	[PAGE_OPTIONS] = { "options", has_options, settle_options, draw_options, act_options, scroll_options,
			   click_options, place_options, find_options },
	[PAGE_BESIDE] = { "kernel | wire", has_wire, settle_beside, draw_beside, act_beside, scroll_beside, NULL, NULL,
			  find_beside },
	[PAGE_GRAPH] = { "graph", has_wire, settle_graph, draw_graph, act_graph, scroll_graph, click_graph, place_graph,
			 NULL },
};

/* --- the pane --- */

static void settle(void *state, const struct session *s, int w, int h)
{
	struct inspector *p = state;

	if (p->key != s->selected) {
		p->key = s->selected;
		p->sheet->top = p->sheet->hit = 0;
		p->states.top = 0;
	}
	p->height = h;
	pages[p->page].settle(p, s, session_selected(s), w, h);
}

static void title(const void *state, const struct session *s, struct buf *out, struct buf *right)
{
	const struct inspector *p = state;
	const struct row *r = session_selected(s);

	if (r) {
		buf_putc(out, ' ');
		row_label(r, out);
		if (s->group != GROUP_SOCKET)
			buf_puts(out, ", of the group");
	}
	if (pages[p->page].place)
		pages[p->page].place(p, s, right);
	if (p->page != PAGE_GRAPH || !right->len)
		buf_puts(right, pages[p->page].name);
}

static void draw(const void *state, const struct session *s, const struct area *a, bool focused)
{
	const struct inspector *p = state;

	pages[p->page].draw(p, session_selected(s), a, focused);
}

/* The next page that has something of the selected row. */
static void turn(struct inspector *p, const struct row *r, int by)
{
	do
		p->page = (enum page)(((int)p->page + PAGE_COUNT + by) % PAGE_COUNT);
	while (r && pages[p->page].fits && !pages[p->page].fits(r));
}

/* The options are seen beside the prompt that changes one; then the page that was there before. */
static void turn_aside(struct inspector *p, bool begins)
{
	if (begins && p->page != PAGE_OPTIONS) {
		p->aside = p->page;
		p->is_aside = true;
		p->page = PAGE_OPTIONS;
	} else if (!begins && p->is_aside) {
		p->page = p->aside;
		p->is_aside = false;
	}
}

static bool act(void *state, struct session *s, enum ui_action action)
{
	struct inspector *p = state;

	if (action == UI_OPTIONS || action == UI_OPTIONS_END) {
		turn_aside(p, action == UI_OPTIONS);
		return true;
	}
	if (action == UI_GRAPH || action == UI_GRAPH_PAGE) { /* once more: the next graph */
		if (p->page == PAGE_GRAPH && action == UI_GRAPH)
			graph_act(&p->graph, s, UI_DOWN);
		if (p->page != PAGE_GRAPH)
			p->before = p->page;
		p->page = PAGE_GRAPH;
		return true;
	}
	if (action != UI_INSPECTOR_PAGE && pages[p->page].act(p, s, action))
		return true;
	if (action == UI_BACK && p->page == PAGE_GRAPH) {
		p->page = p->before;
		return false; /* and the desk goes back from the whole screen */
	}
	if (action == UI_INSPECTOR_PAGE || action == UI_RIGHT)
		turn(p, session_selected(s), 1);
	else if (action == UI_LEFT)
		turn(p, session_selected(s), -1);
	else
		return false;
	return true;
}

static bool key(void *state, struct session *s, const char *name)
{
	struct inspector *p = state;

	(void)s;
	return p->page == PAGE_GRAPH && graph_key(&p->graph, name);
}

static void scroll(void *state, int lines)
{
	struct inspector *p = state;

	pages[p->page].scroll(p, lines);
}

static void click(void *state, struct session *s, int x, int y)
{
	struct inspector *p = state;

	(void)s;
	if (pages[p->page].click)
		pages[p->page].click(p, x, y);
}

static enum found find(void *state, struct session *s, const struct needle *n, int way)
{
	struct inspector *p = state;

	(void)s;
	return pages[p->page].find ? pages[p->page].find(p, n, way) : FOUND_NOTHING;
}

static const struct pane_hint *hints(const void *state, const struct session *s)
{
	const struct inspector *p = state;

	(void)s;
	return p->page == PAGE_GRAPH                         ? hints_graph
	       : p->page == PAGE_OPTIONS && p->options->sock ? hints_options
							     : hints_inspector;
}

/* A graph in three lines says nothing. */
static bool detail(const void *state)
{
	return ((const struct inspector *)state)->page == PAGE_GRAPH;
}

static void explain(const void *state, const struct session *s, struct explanation *out)
{
	const struct inspector *p = state;

	(void)s;
	if (p->page == PAGE_OPTIONS && p->options->sock && p->options->cursor < p->options->count)
		explain_word(p->options->rows[p->options->cursor].option->name, out);
}

const struct pane_ops pane_inspector = {
	.name = "Inspector",
	.help = "what the kernel says of the selected socket; v turns to its states, "
		"its options, and to what its packets show",
	.size = sizeof(struct inspector),
	.open = open_pane,
	.close = close_pane,
	.settle = settle,
	.title = title,
	.draw = draw,
	.act = act,
	.scroll = scroll,
	.click = click,
	.key = key,
	.hints = hints,
	.detail = detail,
	.find = find,
	.explain = explain,
};
