#include "ui/desk.h"

#include "session/opened.h"
#include "util/mem.h"
#include "util/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ROOMY = 14,     /* rows that a detail wants */
	FEW_BESIDE = 3, /* rows of the Sockets pane that are no sockets: rule, heads, one to spare */
};

static void on_action(void *ctx, enum ui_action action, const char *text)
{
	desk_act(ctx, action, text);
}

static void on_print(void *ctx, const char *text)
{
	struct desk *d = ctx;

	session_notice(d->session, NOTICE_INFO, "%s", text);
}

void desk_init(struct desk *d, struct session *s)
{
	*d = (struct desk){ .session = s };
	for (int i = 0; i < PANE_COUNT; i++) {
		d->pane[i] = mem_alloc(panes[i]->size);
		if (panes[i]->open)
			panes[i]->open(d->pane[i]);
	}
	s->hooks.ui = on_action;
	s->hooks.print = on_print;
	s->hooks.ctx = d;
}

void desk_done(struct desk *d)
{
	for (int i = 0; i < PANE_COUNT; i++) {
		if (panes[i]->close && d->pane[i])
			panes[i]->close(d->pane[i]);
		free(d->pane[i]);
		d->pane[i] = NULL;
	}
	if (d->session && d->session->hooks.ctx == d) {
		d->session->hooks.ui = NULL;
		d->session->hooks.print = NULL;
		d->session->hooks.ctx = NULL;
	}
	explain_panel_done(&d->explain);
	prompt_done(&d->prompt);
	buf_done(&d->copied);
}

/* A detail needs room: a small pane takes the whole screen while it is open. */
static bool wants_room(const struct desk *d)
{
	const struct rect *r = &d->layout.pane[d->focus];
	const struct pane_ops *ops = panes[d->focus];

	return ops->detail && ops->detail(d->pane[d->focus]) && r->h < ROOMY;
}

/* Another scope or filter that has not the selected socket begins with its first row, as soon as there is one. */
static void choose_first(struct desk *d)
{
	struct session *s = d->session;

	if (s->scope != d->scope || (s->filters_set != d->filters_set && s->filter_text))
		d->choose = true;
	d->scope = s->scope;
	d->filters_set = s->filters_set;
	if (!d->choose || !s->row_count)
		return;
	d->choose = false;
	if (!session_selected(s))
		panes[PANE_SOCKETS]->act(d->pane[PANE_SOCKETS], s, UI_TOP);
}

/* The word that was asked for, else what the focused pane has selected, else the socket. */
static void settle_explanation(struct desk *d)
{
	const struct pane_ops *pane = panes[d->focus];
	struct explanation *e = &d->explain.now;

	explain_clear(e);
	if (d->explain.word[0])
		explain_word(d->explain.word, e);
	else if (pane->explain)
		pane->explain(d->pane[d->focus], d->session, e);
	if (!e->count)
		explain_row(d->session, session_selected(d->session), e);
	explain_settle(&d->explain, &d->layout.body);
}

/* Many rows want room: those of the host, and those of a file, which do not come and go, unless they are few. */
static bool wants_rows(const struct session *s, int rows)
{
	if (s->scope == SCOPE_FILE && s->opened && s->opened->read)
		return s->row_count + FEW_BESIDE > (size_t)rows / 4;
	return s->scope != SCOPE_MINE;
}

void desk_settle(struct desk *d, int cols, int rows)
{
	enum pane_id seen = d->prompt.open && !d->zoom ? d->companion : d->focus;
	bool many = wants_rows(d->session, rows);

	d->cols = cols;
	d->rows = rows;
	layout_make(&d->layout, cols, rows, seen, d->zoom, many);
	if (d->layout.too_small)
		return;
	if (wants_room(d))
		layout_make(&d->layout, cols, rows, d->focus, true, many);
	for (int i = 0; i < PANE_COUNT; i++) {
		const struct rect *r = &d->layout.pane[i];

		if (r->w)
			panes[i]->settle(d->pane[i], d->session, r->w - 2, r->h - 1);
		if (i == PANE_SOCKETS)
			choose_first(d); /* the panes after it tell of what is selected */
	}
	if (d->explain.open)
		settle_explanation(d);
	if (d->help.open)
		help_settle(&d->help, d->layout.body.w, d->layout.body.h - 1);
	if (d->settings.open)
		settings_page_settle(&d->settings, d->layout.body.h);
}

static void draw_too_small(const struct desk *d, const struct area *a)
{
	char text[96];
	const char *rest = text;
	size_t used;
	int lines = 0, y;

	snprintf(text, sizeof text, "sockeye needs %dx%d, this is %dx%d", LAYOUT_COLS, LAYOUT_ROWS, d->cols, d->rows);
	for (; a->w > 0 && (used = grid_wrap(rest, a->w)); rest += used)
		lines++;
	y = lines < a->h ? (a->h - lines) / 2 : 0;
	for (rest = text; a->w > 0 && (used = grid_wrap(rest, a->w)); rest += used, y++) {
		size_t len = used;

		while (len && rest[len - 1] == ' ')
			len--;
		area_put_bytes(a, (a->w - (int)len) / 2, y, ROLE_WARN, rest, len);
	}
}

static void draw_pane(const struct desk *d, struct grid *g, int i)
{
	const struct rect *r = &d->layout.pane[i];
	bool focused = d->focus == (enum pane_id)i && !d->help.open;
	struct area whole = area_of(g, *r), content = area_sub(&whole, 1, 1, r->w - 2, r->h - 1);
	struct buf title = { 0 }, right = { 0 };

	buf_puts(&title, panes[i]->name);
	if (d->layout.shared && i == PANE_CALLS)
		buf_printf(&title, " (%s: Tab)", panes[PANE_INSPECTOR]->name);
	panes[i]->title(d->pane[i], d->session, &title, &right);
	area_rule(&whole, 0, focused, buf_text(&title), buf_text(&right));
	panes[i]->draw(d->pane[i], d->session, &content, focused);
	buf_done(&title);
	buf_done(&right);
}

/* The vertical line, and the places where rules meet it. */
static void draw_divider(const struct desk *d, struct grid *g)
{
	struct area all = area_all(g);
	int x = d->layout.divider;
	const struct rect *body = &d->layout.body;

	if (x < 0)
		return;
	area_vline(&all, x, body->y, body->h);
	for (int i = 0; i < PANE_COUNT; i++) {
		const struct rect *r = &d->layout.pane[i];

		if (r->w && r->x + r->w == x)
			area_put(&all, x, r->y, ROLE_RULE, glyph(g, r->y == body->y ? GLYPH_TEE_DOWN : GLYPH_TEE_LEFT));
	}
}

static void draw_bottom(const struct desk *d, struct grid *g)
{
	struct area bottom = area_of(g, d->layout.bottom);
	struct area above = area_of(g, (struct rect){ 0, d->layout.bottom.y - 1, d->cols, 1 });

	if (d->prompt.open)
		prompt_draw(&d->prompt, &bottom, &above);
	else
		hints_draw(d, &bottom);
}

void desk_draw(const struct desk *d, struct grid *g)
{
	struct area all, status;

	grid_resize(g, d->cols, d->rows);
	g->ascii = d->session->settings.ascii;
	all = area_all(g);
	if (d->layout.too_small) {
		draw_too_small(d, &all);
		return;
	}
	status = area_of(g, d->layout.status);
	status_draw(d, &status);
	if (d->help.open || d->settings.open) {
		struct area body = area_of(g, d->layout.body);

		if (d->help.open)
			help_draw(&d->help, &body);
		else
			settings_page_draw(&d->settings, d->session, &body);
	} else {
		for (int i = 0; i < PANE_COUNT; i++)
			if (d->layout.pane[i].w)
				draw_pane(d, g, i);
		draw_divider(d, g);
		if (d->explain.open)
			explain_draw(&d->explain, g, &d->layout.body, &d->layout.pane[d->focus]);
	}
	draw_bottom(d, g);
}

uint64_t desk_until(const struct desk *d)
{
	return notice_shown(d) ? d->session->notice.at_ns + NOTICE_NS : UINT64_MAX;
}
