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

enum { GAP_WIDTH = 2, FLUSH_BYTES = 1 << 16, SLACK = 16 };

/* Cells of all rows, one after the other: a byte that says how long the text is and how many cells of the screen it
 * takes, and the text. Where that may not be the same number, or is more than SHORT, the byte is LONG and two numbers
 * follow. */
struct grid {
	struct buf cells;
	unsigned widths[LIST_COLUMNS];
	size_t row_bytes; /* the longest row, without what aligns it */
};

enum { LONG = 255, SHORT = 127 };

struct cell {
	const char *text;
	uint32_t len, width;
};

/* clang-format off */
static const char *const colours[STATE_COUNT] = {
	[STATE_LISTEN] = "36",     [STATE_ESTABLISHED] = "32",  [STATE_CONNECTED] = "32",
	[STATE_SYN_SENT] = "33",   [STATE_SYN_RECEIVED] = "33", [STATE_FIN_WAIT_1] = "33",
	[STATE_FIN_WAIT_2] = "33", [STATE_CLOSING] = "33",      [STATE_LAST_ACK] = "33",
	[STATE_CLOSE_WAIT] = "31", [STATE_TIME_WAIT] = "2",     [STATE_CLOSED] = "2",
};
/* clang-format on */

static bool is_ascii(const char *text, size_t len)
{
	uint64_t eight, all = 0;
	size_t i = 0;

	for (; i + 8 <= len; i += 8) {
		memcpy(&eight, text + i, 8);
		all |= eight;
	}
	for (; i < len; i++)
		all |= (unsigned char)text[i];
	return !(all & 0x8080808080808080u);
}

static struct cell cell_of(const char *text, size_t len)
{
	return (struct cell){ text, (uint32_t)len, (uint32_t)(is_ascii(text, len) ? len : text_width(text)) };
}

static void add_text(struct buf *cells, const struct socket_column *c, const struct sock_view *v)
{
	size_t from = cells->len;

	column_text(c, v, cells);
	if (cells->len == from)
		buf_puts(cells, UNKNOWN);
}

/* Cells that are short ASCII, as almost all are: `lens` of them. False: they are not. */
static bool put_plain(struct list *l, struct buf *cells, const struct sock_view *v, unsigned *lens)
{
	size_t row = cells->len;

	for (size_t c = 0; c < l->column_count; c++) {
		size_t from = cells->len;

		buf_putc(cells, 0);
		add_text(cells, l->columns[c], v);
		lens[c] = (unsigned)(cells->len - from - 1);
		if (lens[c] > SHORT)
			return false;
		cells->data[from] = (char)lens[c];
	}
	return is_ascii(cells->data + row, cells->len - row);
}

static void put_any(struct list *l, struct buf *cells, const struct sock_view *v, unsigned *widths)
{
	for (size_t c = 0; c < l->column_count; c++) {
		size_t from = cells->len;
		struct cell cell;
		uint32_t numbers[2];

		buf_putc(cells, (char)LONG);
		add_text(cells, l->columns[c], v);
		cell = cell_of(cells->data + from + 1, cells->len - from - 1);
		numbers[0] = cell.len;
		numbers[1] = widths[c] = cell.width;
		buf_insert(cells, from + 1, numbers, sizeof numbers);
	}
}

static struct cell take_grid(const struct buf *cells, size_t *at)
{
	const char *from = cells->data + *at;
	uint32_t len = (unsigned char)*from, numbers[2] = { len, len };
	struct cell cell = { .text = from + 1 };

	if (len == LONG) {
		memcpy(numbers, from + 1, sizeof numbers);
		cell.text += sizeof numbers;
	}
	cell.len = numbers[0];
	cell.width = numbers[1];
	*at = (size_t)(cell.text - cells->data) + cell.len;
	return cell;
}

/* Records lie in order of their keys, not in ours: the next ones are fetched while this one is written. */
static void fetch_ahead(const struct picked *p, size_t i)
{
	enum { AHEAD = 16, LINE = 64 };

	if (i + AHEAD < p->count)
		for (size_t at = 0; at < sizeof(struct record); at += LINE)
			__builtin_prefetch((const char *)&p->snapshot->records[p->rows[i + AHEAD]] + at);
}

static void fill(struct list *l, const struct picked *p, struct grid *g)
{
	for (size_t c = 0; c < l->column_count && !l->o->no_header; c++)
		g->widths[c] = cell_of(l->columns[c]->head, strlen(l->columns[c]->head)).width;
	for (size_t i = 0; i < p->count; i++) {
		struct sock room;
		struct sock_view v = sock_view(p->snapshot, &p->snapshot->records[p->rows[i]], l->names, &room);

		size_t from = g->cells.len;
		unsigned widths[LIST_COLUMNS];

		fetch_ahead(p, i);
		if (!put_plain(l, &g->cells, &v, widths)) {
			buf_cut(&g->cells, from, g->cells.len - from);
			put_any(l, &g->cells, &v, widths);
		}
		for (size_t c = 0; c < l->column_count; c++)
			if (widths[c] > g->widths[c])
				g->widths[c] = widths[c];
		if (g->cells.len - from > g->row_bytes)
			g->row_bytes = g->cells.len - from;
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
static size_t cut_at(const struct cell *cell, unsigned width)
{
	size_t at = 0;
	unsigned used = 0;

	while (at < cell->len) {
		uint32_t rune;
		size_t step = text_decode(cell->text + at, cell->len - at, &rune);
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

static void put_cell(struct list *l, const struct cell *cell, unsigned width, bool right, bool last, const char *colour)
{
	if (right && cell->width < width)
		spaces(&l->out, width - cell->width);
	if (colour)
		buf_printf(&l->out, "\x1b[%sm", colour);
	if (cell->width > width) {
		buf_add(&l->out, cell->text, cut_at(cell, width));
		buf_puts(&l->out, CUT);
	} else {
		buf_add(&l->out, cell->text, cell->len);
	}
	if (colour)
		buf_puts(&l->out, "\x1b[0m");
	if (!right && !last && cell->width < width)
		spaces(&l->out, width - cell->width);
	buf_puts(&l->out, last ? "\n" : GAP);
}

static void put_head(struct list *l, const struct grid *g)
{
	for (size_t c = 0; c < l->column_count; c++) {
		const char *head = l->columns[c]->head;
		struct cell cell = cell_of(head, strlen(head));

		put_cell(l, &cell, g->widths[c], l->columns[c]->flags & COLUMN_RIGHT, c + 1 == l->column_count,
			 l->colour ? "1" : NULL);
	}
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
		buf_puts(&l->out, c->name);
		buf_putc(&l->out, ' ');
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

/* Sixteen bytes at a time: up to fifteen more are written, for which there is room. */
static char *copy(char *to, const char *from, size_t len)
{
	for (size_t i = 0; i < len; i += 16)
		memcpy(to + i, from + i, 16);
	return to + len;
}

static char *fill_spaces(char *to, size_t count)
{
	for (size_t i = 0; i < count; i += 16)
		memcpy(to + i, "                ", 16);
	return to + count;
}

/* What put_cell does for a whole row, where nothing is cut or coloured: there may be millions of cells. */
static void put_row(struct list *l, const struct grid *g, size_t *at)
{
	size_t most = g->row_bytes + SLACK, columns = l->column_count;
	char *start, *to;

	for (size_t c = 0; c < columns; c++)
		most += g->widths[c] + GAP_WIDTH;
	start = to = buf_room(&l->out, most);
	for (size_t c = 0; c < columns; c++) {
		struct cell cell = take_grid(&g->cells, at);
		unsigned pad = g->widths[c] - cell.width;
		bool right = l->columns[c]->flags & COLUMN_RIGHT, last = c + 1 == columns;

		if (right)
			to = fill_spaces(to, pad);
		to = copy(to, cell.text, cell.len);
		if (!last)
			to = fill_spaces(to, (right ? 0 : pad) + GAP_WIDTH);
	}
	*to++ = '\n';
	l->out.len += (size_t)(to - start);
}

static void put_cells(struct list *l, const struct grid *g, size_t *at, const struct record *r)
{
	for (size_t c = 0; c < l->column_count; c++) {
		struct cell cell = take_grid(&g->cells, at);
		bool state = l->colour && !strcmp(l->columns[c]->name, "state");

		put_cell(l, &cell, g->widths[c], l->columns[c]->flags & COLUMN_RIGHT, c + 1 == l->column_count,
			 state ? colours[r->state] : NULL);
	}
}

void list_text(struct list *l, const struct picked *p)
{
	struct grid g = { 0 };
	size_t at = 0;

	fill(l, p, &g);
	buf_room(&g.cells, SLACK);
	narrow(l, &g);
	if (!l->o->no_header)
		put_head(l, &g);
	for (size_t i = 0; i < p->count && !l->broken; i++) {
		const struct record *r = &p->snapshot->records[p->rows[i]];

		if (l->colour || l->width)
			put_cells(l, &g, &at, r);
		else
			put_row(l, &g, &at);
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
		{ "proto", 5 }, { "state", 12 }, { "recv-q", 6 }, { "send-q", 6 }, { "local", 22 }, { "remote", 22 },
	};

	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
		if (!strcmp(widths[i].name, c->name))
			return widths[i].width;
	return (unsigned)strlen(c->head);
}

void list_text_event(struct list *l, const struct sock_view *v, char mark, uint64_t at_ns)
{
	time_t seconds = (time_t)(at_ns / 1000000000u);
	struct buf text = { 0 };
	struct tm tm;

	localtime_r(&seconds, &tm);
	if (v)
		buf_printf(&l->out, "%c %02d:%02d:%02d.%03u" GAP, mark, tm.tm_hour, tm.tm_min, tm.tm_sec,
			   (unsigned)(at_ns / 1000000u % 1000u));
	else
		buf_printf(&l->out, "  %-12s" GAP, "Time");
	for (size_t c = 0; c < l->column_count; c++) {
		bool state = v && l->colour && !strcmp(l->columns[c]->name, "state");
		unsigned width = event_width(l->columns[c]);
		struct cell cell;

		buf_clear(&text);
		if (v)
			add_text(&text, l->columns[c], v);
		else
			buf_puts(&text, l->columns[c]->head);
		cell = cell_of(text.data, text.len);
		put_cell(l, &cell, cell.width > width ? cell.width : width, l->columns[c]->flags & COLUMN_RIGHT,
			 c + 1 == l->column_count, state ? colours[v->sock->state] : NULL);
	}
	buf_done(&text);
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
		struct sock_view v = sock_view(p->snapshot, &p->snapshot->records[p->rows[i]], l->names, &room);

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
