/* The Sockets pane: a table of the scope's sockets. The cursor is the session's selected socket,
 * found by its key. */
#include "session/host.h"
#include "ui/column_list.h"
#include "ui/fit.h"
#include "ui/find.h"
#include "ui/list.h"
#include "ui/pane.h"
#include "ui/row_order.h"
#include "ui/row_words.h"
#include "ui/sock_column.h"

#include "util/clock.h"
#include "util/text.h"

#include <stdio.h>
#include <string.h>

enum { GUTTER = 2, HEAD_ROWS = 1 };

struct sockets {
	struct list list;
	struct row_order order;
	struct column_set set;
	struct column_list chooser;
	int sort; /* column + 1; 0: the order of the scope */
	bool reverse;
	int width; /* the width that `fit` was made for */
	enum scope scope;
	struct fit fit[SOCK_COLUMNS_MOST];
	int gap;
	uint64_t now_ns; /* of the last settle, CLOCK_REALTIME */
};

static void open_pane(void *state)
{
	struct sockets *p = state;

	column_set_init(&p->set);
}

static void close_pane(void *state)
{
	struct sockets *p = state;

	row_order_done(&p->order);
}

static const struct sock_column *sorted_by(const struct sockets *p)
{
	return p->sort ? &p->set.columns[p->sort - 1] : NULL;
}

static const struct row *row_at(const struct sockets *p, const struct session *s, size_t at)
{
	if (at >= p->order.count || p->order.rows[at] >= s->row_count)
		return NULL;
	return session_row_at(s, p->order.rows[at]);
}

/* Where the cursor stands; where its socket is gone it stays there until it is moved. */
static size_t cursor_of(struct sockets *p, const struct session *s)
{
	size_t at = p->list.cursor;

	if (!row_order_find(&p->order, s, s->selected, &at) && at >= p->order.count)
		at = p->order.count ? p->order.count - 1 : 0;
	return at;
}

static int width_of(const struct sockets *p, const struct session *s, size_t i, struct buf *text)
{
	const struct sock_column *c = &p->set.columns[i];
	size_t end = p->list.top + p->list.height;
	const struct row *r;
	int wanted;

	buf_clear(text);
	sock_column_title(c, s->scope, text);
	wanted = (int)text_width(buf_text(text)) + (p->sort == (int)i + 1 ? 2 : 0);
	for (size_t at = p->list.top; at < end && (r = row_at(p, s, at)); at++) {
		buf_clear(text);
		sock_column_text(c, r, p->now_ns, text);
		if ((int)text_width(buf_text(text)) > wanted)
			wanted = (int)text_width(buf_text(text));
	}
	return wanted;
}

/* Columns only grow, until the width or the scope changes: a table that breathes is hard to
 * read. */
static void fit_table(struct sockets *p, const struct session *s, int w)
{
	struct buf text = { 0 };
	bool anew = w != p->width || s->scope != p->scope;

	p->width = w;
	p->scope = s->scope;
	p->gap = w >= 96 ? 2 : 1;
	for (size_t i = 0; i < p->set.count; i++) {
		struct fit *f = &p->fit[i];
		int wanted = 0;

		if (column_is_shown(&p->set, i, s->scope) &&
		    (!p->set.columns[i].there || p->set.columns[i].there(s)))
			wanted = width_of(p, s, i, &text);
		if (anew || !wanted || wanted > f->wanted)
			f->wanted = wanted;
		f->least = p->set.columns[i].least;
		f->rank = p->set.columns[i].rank;
		if (!(p->set.columns[i].scopes >> s->scope & 1))
			f->rank = 2; /* it was chosen: it does not give way first */
	}
	fit_columns(p->fit, p->set.count, w - GUTTER, p->gap);
	buf_done(&text);
}

static void settle(void *state, const struct session *s, int w, int h)
{
	struct sockets *p = state;

	p->now_ns = clock_real_ns();
	row_order_settle(&p->order, s, sorted_by(p), p->reverse);
	if (s->scope != p->scope)
		p->list = (struct list){ 0 };
	list_settle(&p->list, cursor_of(p, s), p->order.count, h - HEAD_ROWS);
	fit_table(p, s, w);
	if (p->chooser.open)
		column_list_settle(&p->chooser, &p->set, h);
}

static void title(const void *state, const struct session *s, struct buf *out, struct buf *right)
{
	const struct sockets *p = state;

	if (p->chooser.open) {
		buf_puts(out, " · columns");
		buf_puts(right, "Space shows or hides · Esc");
		return;
	}
	if (s->scope == SCOPE_PROCESS && s->scope_process[0])
		buf_printf(out, " %s", s->scope_process);
	if (p->sort) {
		buf_puts(right, "by ");
		sock_column_title(sorted_by(p), s->scope, right);
		buf_puts(right, " · ");
	}
	if (p->order.count > p->list.height && p->order.count)
		buf_printf(right, "%zu of ", p->list.cursor + 1);
	buf_printf(right, "%zu", s->row_count);
}

static void draw_head(const struct sockets *p, const struct session *s, const struct area *a)
{
	struct buf head = { 0 };
	int x = GUTTER;

	for (size_t i = 0; i < p->set.count; i++) {
		int w = p->fit[i].width;

		if (!w)
			continue;
		buf_clear(&head);
		sock_column_title(&p->set.columns[i], s->scope, &head);
		if (p->sort == (int)i + 1)
			buf_printf(&head, " %s",
				   glyph(a->grid, p->reverse ? GLYPH_DOWN : GLYPH_UP));
		(p->set.columns[i].right ? area_put_right : area_put_in)(a, x, 0, w, ROLE_HEAD,
									 buf_text(&head));
		x += w + p->gap;
	}
	buf_done(&head);
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
	for (size_t i = 0; i < p->set.count; i++) {
		const struct sock_column *c = &p->set.columns[i];

		if (!p->fit[i].width)
			continue;
		buf_clear(text);
		sock_column_text(c, r, p->now_ns, text);
		(c->right ? area_put_right : area_put_in)(
			a, x, y, p->fit[i].width, text->len ? sock_column_role(c, r) : ROLE_DIM,
			text->len ? buf_text(text) : "-");
		x += p->fit[i].width + p->gap;
	}
}

/* Nothing to show: why, and what to do about it. */
static void draw_empty(const struct session *s, const struct area *a)
{
	const struct err *failed = s->host ? host_error(s->host) : NULL;
	char text[200];
	int y;

	if (s->filter_text) {
		snprintf(text, sizeof text, "Nothing here matches the filter: %s", s->filter_text);
		y = pane_sentence(a, 1, ROLE_TEXT, text);
		pane_sentence(a, y, ROLE_DIM, "Esc takes it away, / changes it.");
	} else if (s->scope == SCOPE_CLOSED) {
		pane_sentence(
			a, 1, ROLE_DIM,
			"Nothing was closed yet. 1 shows our own open sockets, 2 the host's.");
	} else if (s->scope != SCOPE_MINE && failed && failed->code) {
		pane_sentence(a, 1, ROLE_WARN, failed->text);
	} else if (s->scope != SCOPE_MINE && s->host && !host_snapshot(s->host)) {
		pane_sentence(a, 1, ROLE_DIM, "Asking the kernel for its sockets …");
	} else if (s->scope == SCOPE_PROCESS) {
		pane_sentence(a, 1, ROLE_DIM,
			      "This process has no sockets, or has ended. 2 shows the host's.");
	} else if (s->scope == SCOPE_HOST) {
		pane_sentence(a, 1, ROLE_DIM, "There are no sockets on this host.");
	} else {
		y = pane_sentence(a, 1, ROLE_TEXT,
				  "No sockets yet. Press n to make one, then Enter.");
		pane_sentence(a, y, ROLE_DIM,
			      "Space goes on from there, step by step: connect, send, recv, "
			      "shutdown, close. e starts the echo peers, ? tells all keys.");
	}
}

static void draw(const void *state, const struct session *s, const struct area *a, bool focused)
{
	const struct sockets *p = state;
	struct buf text = { 0 };
	const struct row *r;

	if (p->chooser.open) {
		column_list_draw(&p->chooser, &p->set, s->scope, a, focused);
		return;
	}
	if (!p->order.count) {
		draw_empty(s, a);
		return;
	}
	draw_head(p, s, a);
	for (int y = HEAD_ROWS; y < a->h; y++) {
		r = row_at(p, s, p->list.top + (size_t)(y - HEAD_ROWS));
		if (!r)
			break;
		draw_row(p, a, y, r, &text);
		if (r->key == s->selected)
			pane_cursor(a, y, focused);
	}
	buf_done(&text);
}

static void next_sort(struct sockets *p)
{
	do
		p->sort = (p->sort + 1) % ((int)p->set.count + 1);
	while (p->sort && !p->fit[p->sort - 1].width);
}

static void move_to(struct sockets *p, struct session *s, size_t at)
{
	const struct row *r = row_at(p, s, session_selected(s) ? at : p->list.cursor);

	if (r)
		session_select(s, r->key);
	p->list.settled = false;
}

struct row_search {
	const struct sockets *p;
	const struct session *s;
	const struct needle *needle; /* NULL: in the same state */
	enum state state;
	enum sock_kind kind;
	struct buf text;
};

static bool holds(void *ctx, size_t i)
{
	struct row_search *f = ctx;
	const struct row *r = row_at(f->p, f->s, i);

	if (!r)
		return false;
	if (!f->needle)
		return r->key != f->s->selected && r->sock->state == f->state &&
		       sock_kind(r->sock) == f->kind;
	for (size_t c = 0; c < f->p->set.count; c++) {
		buf_clear(&f->text);
		sock_column_text(&f->p->set.columns[c], r, f->p->now_ns, &f->text);
		if (needle_in_text(f->needle, buf_text(&f->text)))
			return true;
	}
	return false;
}

static enum found look_for(struct sockets *p, struct session *s, const struct needle *n, int way)
{
	const struct row *r = session_selected(s);
	struct row_search f = { p, s, n, r ? r->sock->state : STATE_NONE,
				r ? sock_kind(r->sock) : KIND_OTHER, { 0 } };
	size_t at = p->list.cursor;
	enum found found = find_row(p->order.count, at, way, holds, &f, &at);

	buf_done(&f.text);
	r = found != FOUND_NOTHING ? row_at(p, s, at) : NULL;
	if (!r)
		return FOUND_NOTHING;
	session_select(s, r->key);
	p->list.settled = false;
	return found;
}

static enum found find(void *state, struct session *s, const struct needle *n, int way)
{
	return look_for(state, s, n, way);
}

/* Of our own when it was made; of others when it closed, or now. */
static bool moment(const void *state, const struct session *s, struct mark *out)
{
	const struct row *r = session_selected(s);
	struct buf label = { 0 };

	(void)state;
	if (!r)
		return false;
	*out = (struct mark){ r->own         ? r->own->created_ns
			      : r->closed_ns ? r->closed_ns
					     : clock_real_ns(),
			      0, "" };
	row_label(r, &label);
	snprintf(out->what, sizeof out->what, "%.40s %s", buf_text(&label),
		 r->own         ? "made"
		 : r->closed_ns ? "closed"
				: "seen");
	buf_done(&label);
	return true;
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
	if (action == UI_NEXT_SAME || action == UI_PREVIOUS_SAME) {
		if (look_for(p, s, NULL, action == UI_NEXT_SAME ? 1 : -1) == FOUND_NOTHING)
			session_notice(s, NOTICE_INFO, "no other socket in this state");
		return true;
	}
	if (!list_move(&p->list, action, &at))
		return false;
	move_to(p, s, at);
	return true;
}

static void scroll(void *state, int lines)
{
	struct sockets *p = state;

	list_scroll(p->chooser.open ? &p->chooser.list : &p->list, lines);
}

static void sort_by_click(struct sockets *p, int x)
{
	int left = GUTTER;

	for (int i = 0; i < (int)p->set.count; i++) {
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
	const struct row *r;

	if (p->chooser.open) {
		column_list_click(&p->chooser, &p->set, s->scope, y);
		return;
	}
	if (y < HEAD_ROWS) {
		sort_by_click(p, x);
		return;
	}
	r = row_at(p, s, p->list.top + (size_t)(y - HEAD_ROWS));
	if (r)
		session_select(s, r->key);
}

static bool key(void *state, struct session *s, const char *name)
{
	struct sockets *p = state;
	const struct command *row;
	bool at_once;

	if (p->chooser.open)
		return column_list_key(&p->chooser, &p->set, s->scope, name);
	if (strcmp(name, "C") || command_for_key(s, name, &at_once, &row))
		return false; /* the user has bound it to something else */
	p->chooser = (struct column_list){ .open = true };
	return true;
}

static bool detail(const void *state)
{
	return ((const struct sockets *)state)->chooser.open;
}

static void copy(const void *state, const struct session *s, struct buf *out)
{
	const struct sockets *p = state;
	const struct row *r = session_selected(s);
	bool first = true;

	for (size_t i = 0; r && i < p->set.count; i++) {
		size_t before;

		if (!(column_is_shown(&p->set, i, s->scope)))
			continue;
		if (!first)
			buf_putc(out, '\t');
		first = false;
		before = out->len;
		sock_column_text(&p->set.columns[i], r, p->now_ns, out);
		if (out->len == before)
			buf_putc(out, '-');
	}
}

const struct pane_ops pane_sockets = {
	.name = "Sockets",
	.help = "the sockets of the scope; Enter shows the selected one in the Inspector, C "
		"chooses the columns",
	.size = sizeof(struct sockets),
	.open = open_pane,
	.close = close_pane,
	.settle = settle,
	.title = title,
	.draw = draw,
	.act = act,
	.scroll = scroll,
	.click = click,
	.key = key,
	.detail = detail,
	.find = find,
	.moment = moment,
	.copy = copy,
};
