/* The Sockets pane: a table of the scope's sockets. The cursor is the session's selected socket,
 * found by its key. */
#include "session/host.h"
#include "ui/column_list.h"
#include "ui/fit.h"
#include "ui/find.h"
#include "ui/group_list.h"
#include "ui/list.h"
#include "ui/pane.h"
#include "ui/row_order.h"
#include "ui/row_words.h"
#include "ui/sock_column.h"
#include "ui/sockets_empty.h"

#include "util/clock.h"
#include "util/text.h"

#include <stdio.h>
#include <string.h>

enum { GUTTER = 2, HEAD_ROWS = 1, CHOSEN_RANK = 2 };

struct sockets {
	struct list list;
	struct row_order order;
	struct column_set set;
	struct column_list chooser;
	struct group_list grouped;
	bool is_grouped; /* it is what is shown */
	int sort;        /* column + 1; 0: the order of the scope */
	bool reverse;
	int width; /* the width that `fit` was made for */
	enum scope scope;
	size_t shown; /* columns, as fitted */
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
	group_list_done(&p->grouped);
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
	const struct sock_column *c = column_shown(&p->set, s->scope, i);
	size_t end = p->list.top + p->list.height;
	const struct row *r;
	int wanted;

	buf_clear(text);
	sock_column_title(c, s->scope, text);
	wanted = (int)text_width(buf_text(text)) + (c == sorted_by(p) ? 2 : 0);
	for (size_t at = p->list.top; at < end && (r = row_at(p, s, at)); at++) {
		buf_clear(text);
		sock_column_text(c, r, p->now_ns, text);
		if ((int)text_width(buf_text(text)) > wanted)
			wanted = (int)text_width(buf_text(text));
	}
	return wanted;
}

/* Columns only grow, until the width, the scope or the choice of columns changes: a table that breathes is hard to
 * read. One that the user has added does not give way before those that were there. */
static void fit_table(struct sockets *p, const struct session *s, int w, bool anew)
{
	struct buf text = { 0 };

	anew |= w != p->width || s->scope != p->scope;
	p->width = w;
	p->scope = s->scope;
	p->gap = w >= 96 ? 2 : 1;
	p->shown = p->set.shown[s->scope];
	for (size_t i = 0; i < p->shown; i++) {
		const struct sock_column *c = column_shown(&p->set, s->scope, i);
		struct fit *f = &p->fit[i];
		int wanted = width_of(p, s, i, &text);

		if (c->there && !c->there(s))
			wanted = 0;
		if (anew || !wanted || wanted > f->wanted)
			f->wanted = wanted;
		f->least = c->least;
		f->firm = c->firm;
		f->rank = c->scopes >> s->scope & 1 ? c->rank : CHOSEN_RANK;
	}
	fit_columns(p->fit, p->shown, w - GUTTER, p->gap);
	buf_done(&text);
}

static void settle(void *state, const struct session *s, int w, int h)
{
	struct sockets *p = state;
	bool anew = column_set_settle(&p->set, s, s->host && host_many_netns(s->host));

	p->now_ns = clock_real_ns();
	p->is_grouped = s->group != GROUP_SOCKET;
	if (p->is_grouped) {
		group_list_settle(&p->grouped, s, w, h);
		return;
	}
	row_order_settle(&p->order, s, sorted_by(p), p->reverse);
	if (s->scope != p->scope)
		p->list = (struct list){ 0 };
	list_settle(&p->list, cursor_of(p, s), p->order.count, h - HEAD_ROWS);
	fit_table(p, s, w, anew);
	if (p->chooser.open)
		column_list_settle(&p->chooser, &p->set, h);
}

static void title(const void *state, const struct session *s, struct buf *out, struct buf *right)
{
	const struct sockets *p = state;

	if (p->chooser.open) {
		buf_puts(out, " · columns");
		buf_puts(right, "Space shows or hides · <> moves · D as at first · Esc");
		return;
	}
	if (s->scope == SCOPE_PROCESS && s->scope_process[0])
		buf_printf(out, " %s", s->scope_process);
	if (s->group != GROUP_SOCKET) {
		group_list_title(&p->grouped, out, right);
		return;
	}
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

	for (size_t i = 0; i < p->shown; i++) {
		const struct sock_column *c = column_shown(&p->set, s->scope, i);
		int w = p->fit[i].width;

		if (!w || !c)
			continue;
		buf_clear(&head);
		sock_column_title(c, s->scope, &head);
		if (c == sorted_by(p))
			buf_printf(&head, " %s", glyph(a->grid, p->reverse ? GLYPH_DOWN : GLYPH_UP));
		(c->right  ? area_put_right
		 : c->firm ? area_put_endpoint
			   : area_put_in)(a, x, 0, w, ROLE_HEAD, buf_text(&head));
		x += w + p->gap;
	}
	buf_done(&head);
}

static void draw_row(const struct sockets *p, const struct area *a, int y, const struct row *r, struct buf *text)
{
	int x = GUTTER;

	for (const struct sock_mark *m = sock_marks; m->sign; m++)
		if (m->holds(r)) {
			area_put(a, 0, y, m->role, m->sign);
			break;
		}
	for (size_t i = 0; i < p->shown; i++) {
		const struct sock_column *c = column_shown(&p->set, p->scope, i);

		if (!p->fit[i].width || !c)
			continue;
		buf_clear(text);
		sock_column_text(c, r, p->now_ns, text);
		(c->right  ? area_put_right
		 : c->firm ? area_put_endpoint
			   : area_put_in)(a, x, y, p->fit[i].width, text->len ? sock_column_role(c, r) : ROLE_DIM,
					  text->len ? buf_text(text) : "-");
		x += p->fit[i].width + p->gap;
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
	if (!s->row_count) {
		sockets_empty_draw(s, a);
		return;
	}
	if (s->group != GROUP_SOCKET) {
		group_list_draw(&p->grouped, s, a, focused);
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

/* The next of the columns that are seen; after the last one the order of the scope. */
static void next_sort(struct sockets *p)
{
	size_t at = 0;

	if (p->sort)
		while (at < p->shown && p->set.order[p->scope][at++] != p->sort - 1)
			;
	while (at < p->shown && !p->fit[at].width)
		at++;
	p->sort = at < p->shown ? p->set.order[p->scope][at] + 1 : 0;
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
		return r->key != f->s->selected && r->sock->state == f->state && sock_kind(r->sock) == f->kind;
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
	struct row_search f = { p, s, n, r ? r->sock->state : STATE_NONE, r ? sock_kind(r->sock) : KIND_OTHER, { 0 } };
	size_t at = p->list.cursor;
	enum found found;

	if (p->is_grouped)
		return n ? group_list_find(&p->grouped, s, n, way) : FOUND_NOTHING;
	found = find_row(p->order.count, at, way, holds, &f, &at);

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
	*out = (struct mark){ r->own ? r->own->created_ns : r->closed_ns ? r->closed_ns : clock_real_ns(), 0, "" };
	row_label(r, &label);
	snprintf(out->what, sizeof out->what, "%.40s %s", buf_text(&label),
		 r->own         ? "made"
		 : r->closed_ns ? "closed"
				: "seen");
	buf_done(&label);
	return true;
}

static void choose_columns(struct sockets *p, struct session *s)
{
	if (s->group != GROUP_SOCKET)
		session_notice(s, NOTICE_INFO, "columns are chosen for the table of sockets: u leads back to it");
	else
		column_list_open(&p->chooser, &p->set, s->scope);
}

static bool act(void *state, struct session *s, enum ui_action action)
{
	struct sockets *p = state;
	size_t at;

	if (action == UI_COLUMNS) {
		choose_columns(p, s);
		return true;
	}
	if (s->group != GROUP_SOCKET)
		return group_list_act(&p->grouped, s, action);
	if (action == UI_BACK)
		return group_list_back(&p->grouped, s);
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

	list_scroll(p->chooser.open ? &p->chooser.list : p->is_grouped ? &p->grouped.list : &p->list, lines);
}

static void sort_by_click(struct sockets *p, int x)
{
	int left = GUTTER;

	for (size_t i = 0; i < p->shown; i++) {
		int column = p->set.order[p->scope][i] + 1;

		if (!p->fit[i].width)
			continue;
		if (x >= left && x < left + p->fit[i].width) {
			p->reverse = p->sort == column && !p->reverse;
			p->sort = column;
			p->list.settled = false;
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
		column_list_click(&p->chooser, &p->set, s, y);
		return;
	}
	if (s->group != GROUP_SOCKET) {
		group_list_click(&p->grouped, s, x, y);
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

	return p->chooser.open && column_list_key(&p->chooser, &p->set, s, name);
}

static const struct pane_hint *hints(const void *state, const struct session *s)
{
	if (((const struct sockets *)state)->chooser.open)
		return hints_columns;
	return s->group != GROUP_SOCKET ? hints_groups : hints_sockets;
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

	if (s->group != GROUP_SOCKET) {
		group_list_copy(&p->grouped, s, out);
		return;
	}
	for (size_t i = 0; r && i < p->set.shown[s->scope]; i++) {
		size_t before;

		if (!first)
			buf_putc(out, '\t');
		first = false;
		before = out->len;
		sock_column_text(column_shown(&p->set, s->scope, i), r, p->now_ns, out);
		if (out->len == before)
			buf_putc(out, '-');
	}
}

const struct pane_ops pane_sockets = {
	.name = "Sockets",
	.help = "the sockets of the scope; Enter shows the selected one in the Inspector, C chooses the columns, u puts "
		"them together by process or remote address: Enter then leaves only those of the row, Esc goes back",
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
	.hints = hints,
	.detail = detail,
	.find = find,
	.moment = moment,
	.copy = copy,
};
