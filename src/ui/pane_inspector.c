/* The Inspector: everything that is known of the selected socket, the state diagram with the way it
 * went, and its options. */
#include "ui/inspect.h"
#include "ui/option_page.h"
#include "ui/pane.h"
#include "ui/row_words.h"
#include "ui/state_diagram.h"

#include "util/clock.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>

enum page { PAGE_SUMMARY, PAGE_STATES, PAGE_OPTIONS, PAGE_COUNT };

struct inspector {
	enum page page;
	uint64_t key;    /* socket that `sheet` tells of */
	int height, top; /* of the diagram */
	bool roomy;      /* the pane is tall enough for the wide way of writing */
	struct sheet *sheet;
	struct option_page *options;
	struct trend trend;
};

static void open_pane(void *state)
{
	struct inspector *p = state;

	p->sheet = mem_alloc(sizeof *p->sheet);
	p->options = mem_alloc(sizeof *p->options);
}

static void close_pane(void *state)
{
	struct inspector *p = state;

	free(p->sheet);
	free(p->options);
}

static void clamp_diagram(struct inspector *p)
{
	int most = state_diagram_height() - p->height;

	if (p->top > most)
		p->top = most;
	if (p->top < 0)
		p->top = 0;
}

static void settle(void *state, const struct session *s, int w, int h)
{
	struct inspector *p = state;
	const struct row *r = session_selected(s);
	uint64_t now = clock_mono_ns();

	if (p->key != s->selected) {
		p->key = s->selected;
		p->sheet->top = 0;
		p->top = 0;
	}
	p->height = h;
	clamp_diagram(p);
	trend_settle(&p->trend, r && (r->own || !r->closed_ns) ? r : NULL, now,
		     r && !r->own ? s->host_every_ns : 0);
	if (p->page == PAGE_OPTIONS) {
		option_page_settle(p->options, r ? r->own : NULL, now, w, h);
		return;
	}
	inspect_sheet(p->sheet, s, r, &p->trend);
	sheet_settle(p->sheet, w, h);
}

static void title(const void *state, const struct session *s, struct buf *out, struct buf *right)
{
	static const char *const pages[PAGE_COUNT] = { "summary", "states", "options" };
	const struct inspector *p = state;
	const struct row *r = session_selected(s);
	size_t seen = (size_t)(p->height > 0 ? p->height : 0) *
		      (size_t)(p->sheet->columns > 0 ? p->sheet->columns : 1);

	if (r) {
		buf_putc(out, ' ');
		row_label(r, out);
	}
	if (p->page == PAGE_OPTIONS && p->options->sock)
		buf_printf(right, "%zu of %zu · ", p->options->cursor + 1, p->options->count);
	if (p->page == PAGE_SUMMARY && p->sheet->lines > seen)
		buf_printf(right, "%zu%% · ", (p->sheet->top + seen) * 100 / p->sheet->lines);
	buf_puts(right, pages[p->page]);
}

static void draw_states(const struct inspector *p, const struct row *r, const struct area *a)
{
	int below = state_diagram_height() - p->top + 1;
	char text[200];
	struct history now; /* of somebody else's socket only its present is known */

	if (r && !r->own)
		history_init(&now, r->sock->state, 0, "");
	state_diagram_draw(a, p->top, !r ? NULL : r->own ? &r->own->history : &now);
	if (!r || below >= a->h)
		return;
	snprintf(text, sizeof text, "%s: %s", state_name(r->sock->state),
		 states[r->sock->state].help);
	pane_sentence(a, below, ROLE_DIM, text);
}

static void draw(const void *state, const struct session *s, const struct area *a, bool focused)
{
	const struct inspector *p = state;
	const struct row *r = session_selected(s);

	if (p->page == PAGE_SUMMARY)
		sheet_draw(p->sheet, a);
	else if (p->page == PAGE_OPTIONS)
		option_page_draw(p->options, a, focused);
	else if (r && !sock_is_tcp(r->sock))
		pane_sentence(
			a, 1, ROLE_DIM,
			"Only TCP has these states. A datagram or UNIX socket is unconnected, "
			"connected or listens. v turns the page.");
	else
		draw_states(p, r, a);
}

static bool move_diagram(struct inspector *p, enum ui_action action)
{
	static const struct {
		enum ui_action action;
		int lines;
	} moves[] = { { UI_UP, -1 },       { UI_DOWN, 1 },  { UI_PAGE_UP, -8 },
		      { UI_PAGE_DOWN, 8 }, { UI_TOP, -99 }, { UI_BOTTOM, 99 } };

	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
		if (moves[i].action == action) {
			p->top += moves[i].lines;
			clamp_diagram(p);
			return true;
		}
	return false;
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

static bool act(void *state, struct session *s, enum ui_action action)
{
	struct inspector *p = state;

	if (action == UI_OPTIONS) {
		p->page = PAGE_OPTIONS;
		return true;
	}
	if (p->page == PAGE_OPTIONS && action == UI_DETAIL) {
		edit_option(p, s);
		return true;
	}
	if (action == UI_INSPECTOR_PAGE || action == UI_RIGHT) {
		p->page = (p->page + 1) % PAGE_COUNT;
		return true;
	}
	if (action == UI_LEFT) {
		p->page = (p->page + PAGE_COUNT - 1) % PAGE_COUNT;
		return true;
	}
	if (p->page == PAGE_SUMMARY)
		return sheet_move(p->sheet, p->height, action);
	if (p->page == PAGE_OPTIONS)
		return option_page_act(p->options, action);
	return move_diagram(p, action);
}

static void scroll(void *state, int lines)
{
	struct inspector *p = state;

	if (p->page == PAGE_SUMMARY) {
		sheet_scroll(p->sheet, p->height, lines);
		return;
	}
	if (p->page == PAGE_OPTIONS) {
		list_scroll(&p->options->list, lines);
		return;
	}
	p->top += lines;
	clamp_diagram(p);
}

static void click(void *state, struct session *s, int x, int y)
{
	struct inspector *p = state;

	(void)s, (void)x;
	if (p->page == PAGE_OPTIONS)
		option_page_click(p->options, y);
}

const struct pane_ops pane_inspector = {
	.name = "Inspector",
	.help = "what the kernel says of the selected socket; v turns to its states and "
		"its options",
	.size = sizeof(struct inspector),
	.open = open_pane,
	.close = close_pane,
	.settle = settle,
	.title = title,
	.draw = draw,
	.act = act,
	.scroll = scroll,
	.click = click,
};
