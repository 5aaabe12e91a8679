#include "ui/group_list.h"

#include "session/names.h"
#include "ui/pane.h"
#include "util/hash.h"
#include "util/mem.h"
#include "util/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HEAD_ROWS = 1 };

void group_list_done(struct group_list *l)
{
	groups_done(&l->groups);
	free(l->order);
	free(l->from_filter);
	free(l->to_filter);
	*l = (struct group_list){ 0 };
}

/* --- the order --- */

static size_t column_count(void)
{
	size_t n = 0;

	while (group_columns[n].title)
		n++;
	return n;
}

static int by_number(uint64_t a, uint64_t b)
{
	return a > b ? -1 : a < b; /* the greatest first */
}

static int by_name(const struct group *a, const struct group *b, const struct group_column *c,
		   const struct sock_names *names)
{
	struct buf left = { 0 }, right = { 0 };
	int order;

	group_column_text(c, a, names, &left);
	group_column_text(c, b, names, &right);
	order = !left.len || !right.len ? (left.len == 0) - (right.len == 0)
					: strcasecmp(buf_text(&left), buf_text(&right));
	buf_done(&left);
	buf_done(&right);
	return order;
}

struct ordering {
	const struct group_list *l;
	const struct sock_names *names;
};

static int compare_by(const struct group *a, const struct group *b, const struct group_column *c,
		      const struct ordering *o)
{
	uint64_t x = 0, y = 0;
	bool has_x, has_y;
	int order;

	if (!c->number && o->l->by == GROUP_REMOTE && c == group_columns) {
		order = (a->class != REMOTE_ADDRESS) - (b->class != REMOTE_ADDRESS);
		return order ? order : endpoint_compare(&a->address, &b->address);
	}
	if (!c->number)
		return by_name(a, b, c, o->names);
	has_x = c->number(a, &x);
	has_y = c->number(b, &y);
	return has_x != has_y ? has_y - has_x : by_number(x, y);
}

static int in_order(const void *left, const void *right, void *ctx)
{
	const struct ordering *o = ctx;
	const struct group *a = &o->l->groups.groups[*(const size_t *)left];
	const struct group *b = &o->l->groups.groups[*(const size_t *)right];
	int order = o->l->sort ? compare_by(a, b, &group_columns[o->l->sort - 1], o)
			       : by_number(a->out + a->in, b->out + b->in);

	if (o->l->reverse)
		order = -order;
	if (!order)
		order = by_number(a->sockets, b->sockets);
	return order ? order : a->key < b->key ? -1 : a->key > b->key;
}

static void put_in_order(struct group_list *l, const struct session *s)
{
	struct ordering o = { l, names_table(s->names) };

	if (l->groups.count > l->order_capacity) {
		l->order_capacity = l->groups.count + l->groups.count / 4 + 16;
		l->order = mem_grow(l->order, l->order_capacity, sizeof *l->order);
	}
	for (size_t i = 0; i < l->groups.count; i++)
		l->order[i] = i;
	if (l->groups.count)
		qsort_r(l->order, l->groups.count, sizeof *l->order, in_order, &o);
}

/* --- settling --- */

static uint64_t stamp_of(const struct group_list *l, const struct session *s)
{
	bool live = s->scope == SCOPE_MINE || s->scope == SCOPE_CLOSED;
	uint64_t h = hash_mix(s->rows_made ^ (uint64_t)s->row_count << 32);

	if (live)
		h = hash_mix(h ^ s->changes);
	return hash_mix(h ^ (uint64_t)s->group << 8 ^ (uint64_t)s->scope << 4 ^ (uint64_t)l->sort << 16 ^
			(uint64_t)l->reverse);
}

static const struct group *group_at(const struct group_list *l, size_t at)
{
	return at < l->groups.count ? &l->groups.groups[l->order[at]] : NULL;
}

/* Where the cursor stands: on its group; where that is gone it stays at its place until it is moved. */
static size_t cursor_of(struct group_list *l, const struct session *s)
{
	const struct row *r = l->key ? NULL : session_selected(s);
	const struct group *g;

	for (size_t i = 0; (g = group_at(l, i)); i++)
		if (l->key ? g->key == l->key : r && group_has(g, s, l->by, r)) {
			l->key = g->key;
			return i;
		}
	if (!l->key && l->groups.count) {
		l->key = group_at(l, 0)->key;
		return 0;
	}
	return l->list.cursor < l->groups.count ? l->list.cursor : l->groups.count ? l->groups.count - 1 : 0;
}

static int width_of(const struct group_list *l, const struct session *s, size_t i, struct buf *text)
{
	const struct group_column *c = &group_columns[i];
	int wanted = (int)strlen(c->title) + (l->sort == (int)i + 1 ? 2 : 0);
	const struct group *g;

	for (size_t at = l->list.top; at < l->list.top + l->list.height && (g = group_at(l, at)); at++) {
		buf_clear(text);
		group_column_text(c, g, names_table(s->names), text);
		if ((int)text_width(buf_text(text)) > wanted)
			wanted = (int)text_width(buf_text(text));
	}
	return wanted;
}

static void fit_table(struct group_list *l, const struct session *s, int w, bool anew)
{
	size_t count = column_count();
	struct buf text = { 0 };

	l->width = w;
	l->gap = w >= 80 ? 2 : 1;
	for (size_t i = 0; i < count; i++) {
		const struct group_column *c = &group_columns[i];
		int wanted = group_column_fits(c, l->by, l->scope) ? width_of(l, s, i, &text) : 0;

		if (anew || !wanted || wanted > l->fit[i].wanted)
			l->fit[i].wanted = wanted;
		l->fit[i].least = c->least;
		l->fit[i].rank = c->rank;
	}
	fit_columns(l->fit, count, w, l->gap);
	buf_done(&text);
}

void group_list_settle(struct group_list *l, const struct session *s, int w, int h)
{
	bool other = l->by != s->group || l->scope != s->scope;
	uint64_t stamp = stamp_of(l, s);

	if (l->by != s->group) {
		l->key = 0;
		l->sort = 0;
		l->reverse = false;
	}
	if (other)
		l->list = (struct list){ 0 };
	l->by = s->group;
	l->scope = s->scope;
	if (!l->made || stamp != l->stamp) {
		groups_make(&l->groups, s, l->by);
		put_in_order(l, s);
		l->made = true;
		l->stamp = stamp;
	}
	list_settle(&l->list, cursor_of(l, s), l->groups.count, h - HEAD_ROWS);
	fit_table(l, s, w, other || w != l->width);
}

/* --- drawing --- */

void group_list_title(const struct group_list *l, struct buf *out, struct buf *right)
{
	buf_puts(out, l->by == GROUP_PROCESS ? " by process" : " by remote address");
	if (l->sort)
		buf_printf(right, "by %s · ", group_columns[l->sort - 1].title);
	if (l->groups.count > l->list.height)
		buf_printf(right, "%zu of ", l->list.cursor + 1);
	buf_printf(right, "%zu", l->groups.count);
}

static void draw_head(const struct group_list *l, const struct area *a)
{
	struct buf head = { 0 };
	int x = 0;

	for (size_t i = 0; group_columns[i].title; i++) {
		int w = l->fit[i].width;

		if (!w)
			continue;
		buf_clear(&head);
		buf_puts(&head, group_columns[i].title);
		if (l->sort == (int)i + 1)
			buf_printf(&head, " %s", glyph(a->grid, l->reverse ? GLYPH_UP : GLYPH_DOWN));
		(group_columns[i].right ? area_put_right : area_put_in)(a, x, 0, w, ROLE_HEAD, buf_text(&head));
		x += w + l->gap;
	}
	buf_done(&head);
}

static void draw_group(const struct group_list *l, const struct session *s, const struct area *a, int y,
		       const struct group *g, struct buf *text)
{
	int x = 0;

	for (size_t i = 0; group_columns[i].title; i++) {
		const struct group_column *c = &group_columns[i];

		if (!l->fit[i].width)
			continue;
		buf_clear(text);
		group_column_text(c, g, names_table(s->names), text);
		(c->right ? area_put_right : area_put_in)(a, x, y, l->fit[i].width,
							  text->len ? group_column_role(c, g) : ROLE_DIM,
							  text->len ? buf_text(text) : "-");
		x += l->fit[i].width + l->gap;
	}
}

void group_list_draw(const struct group_list *l, const struct session *s, const struct area *a, bool focused)
{
	struct buf text = { 0 };
	const struct group *g;

	draw_head(l, a);
	for (int y = HEAD_ROWS; y < a->h && (g = group_at(l, l->list.top + (size_t)(y - HEAD_ROWS))); y++) {
		draw_group(l, s, a, y, g, &text);
		if (g->key == l->key)
			pane_cursor(a, y, focused);
	}
	buf_done(&text);
}

void group_list_copy(const struct group_list *l, const struct session *s, struct buf *out)
{
	const struct group *g = groups_find(&l->groups, l->key);
	bool first = true;

	for (const struct group_column *c = group_columns; g && c->title; c++) {
		size_t before;

		if (!group_column_fits(c, l->by, l->scope))
			continue;
		if (!first)
			buf_putc(out, '\t');
		first = false;
		before = out->len;
		group_column_text(c, g, names_table(s->names), out);
		if (out->len == before)
			buf_putc(out, '-');
	}
}

/* --- moving --- */

static void choose(struct group_list *l, struct session *s, const struct group *g)
{
	const struct row *r = session_selected(s);

	l->key = g->key;
	l->list.settled = false;
	if (!r || !group_has(g, s, l->by, r))
		session_select(s, g->some);
}

static void next_sort(struct group_list *l)
{
	int count = (int)column_count();

	do
		l->sort = (l->sort + 1) % (count + 1);
	while (l->sort && !l->fit[l->sort - 1].width);
	l->list.settled = false;
}

struct search {
	const struct group_list *l;
	const struct session *s;
	const struct needle *needle;
	struct buf text;
};

static bool holds(void *ctx, size_t at)
{
	struct search *f = ctx;
	const struct group *g = group_at(f->l, at);

	for (const struct group_column *c = group_columns; g && c->title; c++) {
		if (!group_column_fits(c, f->l->by, f->l->scope))
			continue;
		buf_clear(&f->text);
		group_column_text(c, g, names_table(f->s->names), &f->text);
		if (needle_in_text(f->needle, buf_text(&f->text)))
			return true;
	}
	return false;
}

enum found group_list_find(struct group_list *l, struct session *s, const struct needle *n, int way)
{
	struct search f = { .l = l, .s = s, .needle = n };
	size_t at = l->list.cursor;
	enum found found = find_row(l->groups.count, at, way, holds, &f, &at);
	const struct group *g = found != FOUND_NOTHING ? group_at(l, at) : NULL;

	buf_done(&f.text);
	if (!g)
		return FOUND_NOTHING;
	choose(l, s, g);
	return found;
}

bool group_list_act(struct group_list *l, struct session *s, enum ui_action action)
{
	const struct group *g;
	size_t at;

	switch (action) {
	case UI_SORT: next_sort(l); return true;
	case UI_REVERSE:
		l->reverse = !l->reverse;
		l->list.settled = false;
		return true;
	case UI_DETAIL:
		g = groups_find(&l->groups, l->key);
		if (g) {
			choose(l, s, g);
			group_list_narrow(l, s, g);
		}
		return true;
	case UI_BACK:
		s->group = GROUP_SOCKET;
		session_touch(s);
		return true;
	default: break;
	}
	if (!list_move(&l->list, action, &at))
		return false;
	g = group_at(l, at);
	if (g)
		choose(l, s, g);
	return true;
}

void group_list_click(struct group_list *l, struct session *s, int x, int y)
{
	const struct group *g;
	int left = 0;

	if (y >= HEAD_ROWS) {
		g = group_at(l, l->list.top + (size_t)(y - HEAD_ROWS));
		if (g)
			choose(l, s, g);
		return;
	}
	for (int i = 0; group_columns[i].title; i++) {
		if (!l->fit[i].width)
			continue;
		if (x >= left && x < left + l->fit[i].width) {
			l->reverse = l->sort == i + 1 && !l->reverse;
			l->sort = i + 1;
			l->list.settled = false;
			return;
		}
		left += l->fit[i].width + l->gap;
	}
}
