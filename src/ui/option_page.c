#include "ui/option_page.h"

#include "ui/pane.h"

#include "core/words.h"
#include "util/buf.h"
#include "util/text.h"

#include <stdio.h>
#include <string.h>

#define AGAIN_NS UINT64_C(1000000000)

enum { NAME_LEAST = 12, VALUE_CELLS = 14, HELP_ROWS = 3, HELP_ROWS_TALL = 5, TALL = 20, SHORT = 10 };

/* Reading these changes something, or says more than a line holds. */
static const char *left_out(const struct option_row *o)
{
	if (o->type == OPTION_ERRNO)
		return "not read here";
	if (o->type == OPTION_TCP_INFO)
		return "see summary";
	if (!(o->use & OPTION_GET))
		return "can only be set";
	return NULL;
}

static void read_value(struct option_shown *row, int fd)
{
	const char *why = left_out(row->option);
	struct buf text = { 0 };
	int rc = why ? 0 : option_get(fd, row->option, &text);

	row->known = !why && !rc;
	if (rc)
		why = errno_name(-rc);
	snprintf(row->value, sizeof row->value, "%s", why ? why : buf_text(&text));
	buf_done(&text);
}

static void list_options(struct option_page *p, const struct lab_sock *own)
{
	const struct sock *k = &own->now;

	p->count = 0;
	for (const struct option_row *o = options; o->name && p->count < OPTION_PAGE_ROWS; o++)
		if (option_fits(o, k->family, k->type, k->protocol))
			p->rows[p->count++] = (struct option_shown){ .option = o };
}

static void read_values(struct option_page *p, const struct lab_sock *own, uint64_t now_ns)
{
	if (p->sock == own->id && p->last_call == own->last_call && now_ns < p->read_ns + AGAIN_NS)
		return;
	if (p->sock != own->id) {
		list_options(p, own);
		p->cursor = 0;
		p->list = (struct list){ 0 };
	}
	p->sock = own->id;
	p->last_call = own->last_call;
	p->read_ns = now_ns;
	for (size_t i = 0; i < p->count; i++)
		read_value(&p->rows[i], own->fd);
}

void option_page_settle(struct option_page *p, const struct lab_sock *own, uint64_t now_ns, int w, int h)
{
	(void)w;
	if (!own || own->fd < 0) {
		p->sock = 0;
		p->count = 0;
		return;
	}
	read_values(p, own, now_ns);
	p->help = h >= TALL ? HELP_ROWS_TALL + 1 : h >= SHORT ? HELP_ROWS + 1 : 0;
	list_settle(&p->list, p->cursor, p->count, h - p->help);
}

/* Names up to where the values begin: the same column for every socket of that kind. */
static int value_column(const struct option_page *p, int w)
{
	int widest = NAME_LEAST;

	for (size_t i = 0; i < p->count; i++)
		if ((int)strlen(p->rows[i].option->name) > widest)
			widest = (int)strlen(p->rows[i].option->name);
	if (widest + 1 + VALUE_CELLS > w)
		widest = w - 1 - VALUE_CELLS;
	return widest + 1;
}

static void draw_option(const struct option_shown *row, const struct area *a, int y, int x)
{
	const struct option_row *o = row->option;
	enum role role = !row->known ? ROLE_DIM : ROLE_VALUE;

	if (row->known && o->type == OPTION_BOOL)
		role = strcmp(row->value, "0") ? ROLE_OK : ROLE_DIM;
	area_put_in(a, 0, y, x - 1, o->use & OPTION_SET ? ROLE_NAME : ROLE_LABEL, o->name);
	x = area_put_in(a, x, y, a->w - x, role, row->value);
	if (row->known && o->type == OPTION_INT && o->unit && o->unit[0])
		x = area_put_in(a, x + 1, y, a->w - x - 1, ROLE_LABEL, o->unit);
	if (!(o->use & OPTION_SET) && a->w - x > 11)
		area_put_right(a, x, y, a->w - x, ROLE_DIM, "read only");
}

static void draw_help(const struct option_page *p, const struct area *a, int y)
{
	const struct option_row *o = p->rows[p->cursor].option;
	char text[400], range[80] = "";
	size_t used;
	const char *at = text;

	if (o->least || o->most)
		snprintf(range, sizeof range, " %lld to %lld%s%s.", (long long)o->least, (long long)o->most,
			 o->unit && o->unit[0] ? " " : "", o->unit ? o->unit : "");
	snprintf(text, sizeof text, "%s.%s %s%s%s", o->help, range, o->man, o->privilege ? ", needs " : "",
		 o->privilege ? o->privilege : "");
	for (int x = 0; x < a->w; x++)
		area_put(a, x, y, ROLE_RULE, glyph(a->grid, GLYPH_HLINE));
	for (int i = 1; i < p->help && (used = grid_wrap(at, a->w)); i++, at += used)
		area_put_bytes(a, 0, y + i, ROLE_DIM, at, used);
}

void option_page_draw(const struct option_page *p, const struct area *a, bool focused)
{
	int x = value_column(p, a->w), end = a->h - p->help;

	if (!p->sock) {
		pane_sentence(a, 1, ROLE_DIM,
			      "The socket options of an open socket of our own are listed here, "
			      "to be read and changed. Those of other programs cannot be seen.");
		return;
	}
	for (int y = 0; y < end && p->list.top + (size_t)y < p->count; y++) {
		size_t at = p->list.top + (size_t)y;

		draw_option(&p->rows[at], a, y, x);
		if (at == p->cursor)
			pane_cursor(a, y, focused);
	}
	if (p->help && p->cursor < p->count)
		draw_help(p, a, end);
}

bool option_page_act(struct option_page *p, enum ui_action action)
{
	size_t at;

	if (!list_move(&p->list, action, &at))
		return false;
	p->cursor = at < p->count ? at : 0;
	p->list.settled = false;
	return true;
}

struct option_search {
	const struct option_page *p;
	const struct needle *n;
};

static bool holds(void *ctx, size_t i)
{
	const struct option_search *f = ctx;
	const struct option_shown *row = &f->p->rows[i];

	return needle_in_text(f->n, row->option->name) || needle_in_text(f->n, row->value) ||
	       needle_in_text(f->n, row->option->help);
}

enum found option_page_find(struct option_page *p, const struct needle *n, int way)
{
	struct option_search f = { p, n };
	enum found found = find_row(p->count, p->cursor, way, holds, &f, &p->cursor);

	p->list.settled = false;
	return found;
}

void option_page_click(struct option_page *p, int y)
{
	size_t at = p->list.top + (size_t)(y > 0 ? y : 0);

	if (at < p->count && (size_t)y < p->list.height)
		p->cursor = at;
}

void option_page_line(const struct option_page *p, int fd, struct buf *out)
{
	const struct option_row *o;

	if (!p->sock || p->cursor >= p->count)
		return;
	o = p->rows[p->cursor].option;
	if (!(o->use & OPTION_SET)) {
		buf_printf(out, "getsockopt %s", o->name);
		return;
	}
	buf_printf(out, "setsockopt %s ", o->name);
	option_suggest(fd, o, out);
}
