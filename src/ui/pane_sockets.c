/* The Sockets pane: a table of the scope's sockets. The cursor is the session's selected socket,
 * found by its key. */
#include "ui/fit.h"
#include "ui/list.h"
#include "ui/pane.h"
#include "ui/sock_column.h"

#include "util/mem.h"
#include "util/text.h"

#include <stdio.h>
#include <stdlib.h>

enum { GUTTER = 2, HEAD_ROWS = 1 };

struct sockets {
	struct list list;
	size_t *order; /* indexes into session->rows, as shown; valid until the next change there */
	size_t count, capacity;
	int sort; /* column + 1; 0: as they were made */
	bool reverse;
	int width; /* the width that `fit` was made for */
	enum scope scope;
	struct fit fit[SOCK_COLUMNS];
	int gap;
};

struct order_by {
	const struct session *session;
	const struct sockets *state;
};

static int compare_rows(const void *a, const void *b, void *ctx)
{
	const struct order_by *by = ctx;
	const struct row *left = &by->session->rows[*(const size_t *)a];
	const struct row *right = &by->session->rows[*(const size_t *)b];
	int order = by->state->sort ? sock_columns[by->state->sort - 1].compare(left, right) : 0;

	if (!order)
		order = left->key < right->key ? -1 : left->key > right->key;
	return by->state->reverse ? -order : order;
}

static size_t cursor_of(const struct sockets *p, const struct session *s)
{
	for (size_t i = 0; i < p->count; i++)
		if (s->rows[p->order[i]].key == s->selected)
			return i;
	return 0;
}

static void order_rows(struct sockets *p, const struct session *s)
{
	struct order_by by = { s, p };

	if (s->row_count > p->capacity) {
		p->capacity = s->row_count + 64;
		p->order = mem_grow(p->order, p->capacity, sizeof *p->order);
	}
	p->count = s->row_count;
	for (size_t i = 0; i < p->count; i++)
		p->order[i] = i;
	if (p->count && (p->sort || p->reverse))
		qsort_r(p->order, p->count, sizeof *p->order, compare_rows, &by);
}

/* Columns only grow, until the width or the scope changes: a table that breathes is hard to
 * read. */
static void fit_table(struct sockets *p, const struct session *s, int w)
{
	struct buf text = { 0 };
	size_t end = p->list.top + p->list.height;

	if (w != p->width || s->scope != p->scope)
		for (int i = 0; i < SOCK_COLUMNS; i++)
			p->fit[i].wanted = 0;
	p->width = w;
	p->scope = s->scope;
	p->gap = w >= 96 ? 2 : 1;
	for (int i = 0; i < SOCK_COLUMNS; i++) {
		const struct sock_column *c = &sock_columns[i];
		int wanted = (int)text_width(c->title) + (p->sort == i + 1 ? 2 : 0);

		for (size_t r = p->list.top; r < end && r < p->count; r++) {
			buf_clear(&text);
			c->text(&s->rows[p->order[r]], &text);
			if ((int)text_width(buf_text(&text)) > wanted)
				wanted = (int)text_width(buf_text(&text));
		}
		if (wanted > p->fit[i].wanted)
			p->fit[i].wanted = wanted;
		p->fit[i].least = c->least;
		p->fit[i].rank = c->rank;
	}
	fit_columns(p->fit, SOCK_COLUMNS, w - GUTTER, p->gap);
	buf_done(&text);
}

static void settle(void *state, const struct session *s, int w, int h)
{
	struct sockets *p = state;

	order_rows(p, s);
	list_settle(&p->list, cursor_of(p, s), p->count, h - HEAD_ROWS);
	fit_table(p, s, w);
}

static void title(const void *state, const struct session *s, struct buf *out, struct buf *right)
{
	const struct sockets *p = state;

	(void)out;
	if (p->sort)
		buf_printf(right, "by %s · ", sock_columns[p->sort - 1].title);
	if (p->count > p->list.height && p->count)
		buf_printf(right, "%zu of ", p->list.cursor + 1);
	buf_printf(right, "%zu", s->row_count);
}

static void draw_head(const struct sockets *p, const struct area *a)
{
	int x = GUTTER;

	for (int i = 0; i < SOCK_COLUMNS; i++) {
		const struct sock_column *c = &sock_columns[i];
		int w = p->fit[i].width;
		char head[64];

		if (!w)
			continue;
		snprintf(head, sizeof head, "%s%s%s", c->title, p->sort == i + 1 ? " " : "",
			 p->sort == i + 1 ? glyph(a->grid, p->reverse ? GLYPH_DOWN : GLYPH_UP)
					  : "");
		(c->right ? area_put_right : area_put_in)(a, x, 0, w, ROLE_HEAD, head);
		x += w + p->gap;
	}
}

static void draw_row(const struct sockets *p, const struct area *a, int y, const struct row *r,
		     struct buf *text)
{
	int x = GUTTER;

	for (const struct sock_mark *m = sock_marks; m->sign; m++)
		if (m->holds(r)) {
			area_put(a, 0, y, m->role, m->sign);
			break;
		}
	for (int i = 0; i < SOCK_COLUMNS; i++) {
		const struct sock_column *c = &sock_columns[i];

		if (!p->fit[i].width)
			continue;
		buf_clear(text);
		c->text(r, text);
		(c->right ? area_put_right : area_put_in)(a, x, y, p->fit[i].width,
							  text->len ? c->role(r) : ROLE_DIM,
							  text->len ? buf_text(text) : "-");
		x += p->fit[i].width + p->gap;
	}
}

static void draw_empty(const struct session *s, const struct area *a)
{
	int y;

	if (s->scope == SCOPE_CLOSED) {
		pane_sentence(a, 1, ROLE_DIM, "Nothing was closed yet. 1 shows the open sockets.");
		return;
	}
	y = pane_sentence(a, 1, ROLE_TEXT, "No sockets yet. Press n to make one, then Enter.");
	pane_sentence(
		a, y, ROLE_DIM,
		"Space goes on from there, step by step: connect, send, recv, shutdown, close. "
		"e starts the echo peers, ? tells all keys.");
}

static void draw(const void *state, const struct session *s, const struct area *a, bool focused)
{
	const struct sockets *p = state;
	struct buf text = { 0 };

	if (!p->count) {
		draw_empty(s, a);
		return;
	}
	draw_head(p, a);
	for (int y = HEAD_ROWS; y < a->h; y++) {
		size_t at = p->list.top + (size_t)(y - HEAD_ROWS);
		const struct row *r;

		if (at >= p->count || p->order[at] >= s->row_count)
			break;
		r = &s->rows[p->order[at]];
		draw_row(p, a, y, r, &text);
		if (r->key == s->selected)
			pane_cursor(a, y, focused);
	}
	buf_done(&text);
}

static void next_sort(struct sockets *p)
{
	do
		p->sort = (p->sort + 1) % (SOCK_COLUMNS + 1);
	while (p->sort && !p->fit[p->sort - 1].width);
}

static bool act(void *state, struct session *s, enum ui_action action)
{
	struct sockets *p = state;
	size_t at;

	if (action == UI_SORT) {
		next_sort(p);
		p->list.settled = false;
		return true;
	}
	if (action == UI_REVERSE) {
		p->reverse = !p->reverse;
		p->list.settled = false;
		return true;
	}
	if (!list_move(&p->list, action, &at))
		return false;
	if (at < p->count && p->order[at] < s->row_count) {
		bool lost = !session_selected(s);

		session_select(s, s->rows[p->order[lost ? p->list.cursor : at]].key);
		p->list.settled = false;
	}
	return true;
}

static void scroll(void *state, int lines)
{
	struct sockets *p = state;

	list_scroll(&p->list, lines);
}

static void sort_by_click(struct sockets *p, int x)
{
	int left = GUTTER;

	for (int i = 0; i < SOCK_COLUMNS; i++) {
		if (!p->fit[i].width)
			continue;
		if (x >= left && x < left + p->fit[i].width) {
			p->reverse = p->sort == i + 1 && !p->reverse;
			p->sort = i + 1;
			return;
		}
		left += p->fit[i].width + p->gap;
	}
}

static void click(void *state, struct session *s, int x, int y)
{
	struct sockets *p = state;
	size_t at = p->list.top + (size_t)(y - HEAD_ROWS);

	if (y < HEAD_ROWS)
		sort_by_click(p, x);
	else if (at < p->count && p->order[at] < s->row_count)
		session_select(s, s->rows[p->order[at]].key);
}

static void copy(const void *state, const struct session *s, struct buf *out)
{
	const struct row *r = session_selected(s);

	(void)state;
	for (int i = 0; r && i < SOCK_COLUMNS; i++) {
		size_t before;

		if (i)
			buf_putc(out, '\t');
		before = out->len;
		sock_columns[i].text(r, out);
		if (out->len == before)
			buf_putc(out, '-');
	}
}

static void close_pane(void *state)
{
	struct sockets *p = state;

	free(p->order);
}

const struct pane_ops pane_sockets = {
	.name = "Sockets",
	.help = "the sockets of the scope; Enter shows the selected one in the Inspector",
	.size = sizeof(struct sockets),
	.close = close_pane,
	.settle = settle,
	.title = title,
	.draw = draw,
	.act = act,
	.scroll = scroll,
	.click = click,
	.copy = copy,
};
