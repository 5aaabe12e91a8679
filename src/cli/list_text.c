/* list_text.c - a line a socket: columns as wide as what is in them, cut where a terminal is
 * narrower; and CSV (RFC 4180), where nothing is aligned or cut. Every cell is clean already:
 * columns see to it. */
#include "cli/list.h"

#include "util/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define GAP "  "
#define UNKNOWN "-"
#define CUT "…"

enum { GAP_WIDTH = 2, FLUSH_BYTES = 1 << 16 };

/* Cells of all rows, one after the other, each with its NUL. */
struct grid {
	struct buf cells;
	unsigned widths[LIST_COLUMNS];
};

/* clang-format off */
static const char *const colours[STATE_COUNT] = {
	[STATE_LISTEN] = "36",     [STATE_ESTABLISHED] = "32",  [STATE_CONNECTED] = "32",
	[STATE_SYN_SENT] = "33",   [STATE_SYN_RECEIVED] = "33", [STATE_FIN_WAIT_1] = "33",
	[STATE_FIN_WAIT_2] = "33", [STATE_CLOSING] = "33",      [STATE_LAST_ACK] = "33",
	[STATE_CLOSE_WAIT] = "31", [STATE_TIME_WAIT] = "2",     [STATE_CLOSED] = "2",
};
/* clang-format on */

static unsigned cell_width(const char *text)
{
	const char *p = text;

	while (*p && !(*p & 0x80))
		p++;
	return (unsigned)(*p ? text_width(text) : (size_t)(p - text));
}

static void add_cell(struct buf *cells, const struct socket_column *c, const struct sock_view *v)
{
	size_t from = cells->len;

	column_text(c, v, cells);
	if (cells->len == from)
		buf_puts(cells, UNKNOWN);
	buf_putc(cells, '\0');
}

/* Records lie in order of their keys, not in ours: the next ones are fetched while this one is written. */
static void fetch_ahead(const struct picked *p, size_t i)
{
	enum { AHEAD = 6, LINE = 64 };

	if (i + AHEAD < p->count)
		for (size_t at = 0; at < sizeof(struct record); at += LINE)
			__builtin_prefetch((const char *)&p->snapshot->records[p->rows[i + AHEAD]] + at);
}

static void fill(struct list *l, const struct picked *p, struct grid *g)
{
	for (size_t c = 0; c < l->column_count && !l->o->no_header; c++)
		g->widths[c] = cell_width(l->columns[c]->head);
	for (size_t i = 0; i < p->count; i++) {
		struct sock room;
		struct sock_view v = sock_view(p->snapshot, &p->snapshot->records[p->rows[i]],
					       l->names, &room);

		fetch_ahead(p, i);
		for (size_t c = 0; c < l->column_count; c++) {
			size_t from = g->cells.len;
			unsigned width;

			add_cell(&g->cells, l->columns[c], &v);
			width = cell_width(g->cells.data + from);
			if (width > g->widths[c])
				g->widths[c] = width;
		}
	}
}

/* On a terminal: the widest of the columns that can be cut gives, until the line fits or none can.
 * */
static void narrow(const struct list *l, struct grid *g)
{
	unsigned total = 0;

	for (size_t c = 0; c < l->column_count; c++)
		total += g->widths[c] + (c ? GAP_WIDTH : 0);
	while (l->width && total > l->width) {
		size_t widest = l->column_count;

		for (size_t c = 0; c < l->column_count; c++)
			if (l->columns[c]->least && g->widths[c] > l->columns[c]->least &&
			    (widest == l->column_count || g->widths[c] > g->widths[widest]))
				widest = c;
		if (widest == l->column_count)
			return;
		g->widths[widest]--;
		total--;
	}
}

/* As many whole characters as leave room for the sign that something is missing. */
static size_t cut_at(const char *text, unsigned width)
{
	size_t at = 0, len = strlen(text);
	unsigned used = 0;

	while (at < len) {
		uint32_t rune;
		size_t step = text_decode(text + at, len - at, &rune);
		int cells = step ? text_rune_width(rune) : 1;

		if (used + (unsigned)(cells > 0 ? cells : 0) + 1 > width)
			break;
		used += (unsigned)(cells > 0 ? cells : 0);
		at += step ? step : 1;
	}
	return at;
}

static void spaces(struct buf *out, unsigned count)
{
	if (count) {
		memset(buf_room(out, count), ' ', count);
		out->len += count;
	}
}

static void put_cell(struct list *l, const char *text, unsigned width, bool right, bool last,
		     const char *colour)
{
	unsigned has = cell_width(text);

	if (right && has < width)
		spaces(&l->out, width - has);
	if (colour)
		buf_printf(&l->out, "\x1b[%sm", colour);
	if (has > width) {
		buf_add(&l->out, text, cut_at(text, width));
		buf_puts(&l->out, CUT);
	} else {
		buf_puts(&l->out, text);
	}
	if (colour)
		buf_puts(&l->out, "\x1b[0m");
	if (!right && !last && has < width)
		spaces(&l->out, width - has);
	buf_puts(&l->out, last ? "\n" : GAP);
}

static void put_head(struct list *l, const struct grid *g)
{
	for (size_t c = 0; c < l->column_count; c++)
		put_cell(l, l->columns[c]->head, g->widths[c], l->columns[c]->flags & COLUMN_RIGHT,
			 c + 1 == l->column_count, l->colour ? "1" : NULL);
}

/* -i: what the kernel counts, on a line of its own; zeros tell nothing. */
static void put_info(struct list *l, const struct snapshot *s, const struct record *r)
{
	struct sock room;
	struct sock_view v = sock_view(s, r, l->names, &room);
	bool any = false;

	if (!(r->known & SOCK_HAS_TCP))
		return;
	for (const struct socket_column *c = socket_columns; c->name; c++) {
		size_t from = l->out.len, head;
		uint64_t value = 1;

		if (!c->json || (!c->text && (!column_number(c, &v, &value) || !value)))
			continue;
		buf_puts(&l->out, any ? ", " : "      ");
		buf_printf(&l->out, "%s ", c->name);
		head = l->out.len;
		column_text(c, &v, &l->out);
		if (l->out.len == head) {
			buf_cut(&l->out, from, head - from);
			continue;
		}
		any = true;
	}
	if (any)
		buf_putc(&l->out, '\n');
}

void list_text(struct list *l, const struct picked *p)
{
	struct grid g = { 0 };
	size_t at = 0;

	fill(l, p, &g);
	narrow(l, &g);
	if (!l->o->no_header)
		put_head(l, &g);
	for (size_t i = 0; i < p->count && !l->broken; i++) {
		const struct record *r = &p->snapshot->records[p->rows[i]];

		for (size_t c = 0; c < l->column_count; c++) {
			const char *text = g.cells.data + at;
			bool state = l->colour && !strcmp(l->columns[c]->name, "state");

			put_cell(l, text, g.widths[c], l->columns[c]->flags & COLUMN_RIGHT,
				 c + 1 == l->column_count, state ? colours[r->state] : NULL);
			at += strlen(text) + 1;
		}
		if (l->o->info)
			put_info(l, p->snapshot, r);
		if (l->out.len > FLUSH_BYTES)
			list_flush(l);
	}
	buf_done(&g.cells);
}

/* Events come one by one: their columns cannot be as wide as what is still to come. */
static unsigned event_width(const struct socket_column *c)
{
	static const struct {
		const char *name;
		unsigned width;
	} widths[] = {
		{ "proto", 5 },  { "state", 12 }, { "recv-q", 6 },
		{ "send-q", 6 }, { "local", 22 }, { "remote", 22 },
	};

	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
		if (!strcmp(widths[i].name, c->name))
			return widths[i].width;
	return (unsigned)strlen(c->head);
}

void list_text_event(struct list *l, const struct sock_view *v, char mark, uint64_t at_ns)
{
	time_t seconds = (time_t)(at_ns / 1000000000u);
	struct buf cell = { 0 };
	struct tm tm;

	localtime_r(&seconds, &tm);
	if (v)
		buf_printf(&l->out, "%c %02d:%02d:%02d.%03u" GAP, mark, tm.tm_hour, tm.tm_min,
			   tm.tm_sec, (unsigned)(at_ns / 1000000u % 1000u));
	else
		buf_printf(&l->out, "  %-12s" GAP, "Time");
	for (size_t c = 0; c < l->column_count; c++) {
		bool state = v && l->colour && !strcmp(l->columns[c]->name, "state");
		unsigned width = event_width(l->columns[c]), has;

		buf_clear(&cell);
		if (v)
			add_cell(&cell, l->columns[c], v);
		else
			buf_puts(&cell, l->columns[c]->head);
		has = cell_width(cell.data);
		put_cell(l, cell.data, has > width ? has : width,
			 l->columns[c]->flags & COLUMN_RIGHT, c + 1 == l->column_count,
			 state ? colours[v->sock->state] : NULL);
	}
	buf_done(&cell);
}

/* --- CSV --- */

static void csv_field(struct buf *out, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		buf_puts(out, text);
		return;
	}
	buf_putc(out, '"');
	for (; *text; text++) {
		if (*text == '"')
			buf_putc(out, '"');
		buf_putc(out, *text);
	}
	buf_putc(out, '"');
}

void list_csv(struct list *l, const struct picked *p)
{
	struct buf cell = { 0 };

	for (size_t c = 0; c < l->column_count && !l->o->no_header; c++)
		buf_printf(&l->out, "%s%s", c ? "," : "", l->columns[c]->name);
	if (!l->o->no_header)
		buf_puts(&l->out, "\r\n");
	for (size_t i = 0; i < p->count && !l->broken; i++) {
		struct sock room;
		struct sock_view v = sock_view(p->snapshot, &p->snapshot->records[p->rows[i]],
					       l->names, &room);

		for (size_t c = 0; c < l->column_count; c++) {
			buf_clear(&cell);
			column_value(l->columns[c], &v, &cell);
			if (c)
				buf_putc(&l->out, ',');
			csv_field(&l->out, buf_text(&cell));
		}
		buf_puts(&l->out, "\r\n");
		if (l->out.len > FLUSH_BYTES)
			list_flush(l);
	}
	buf_done(&cell);
}
