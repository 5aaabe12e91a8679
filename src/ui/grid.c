#include "ui/grid.h"

#include "util/mem.h"
#include "util/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct cell blank = { .runes = { ' ' }, .width = 1, .role = ROLE_TEXT };

void grid_resize(struct grid *g, int cols, int rows)
{
	size_t need;

	g->cols = cols < 0 ? 0 : cols > GRID_COLS ? GRID_COLS : cols;
	g->rows = rows < 0 ? 0 : rows > GRID_ROWS ? GRID_ROWS : rows;
	need = (size_t)g->cols * (size_t)g->rows;
	if (need > g->capacity) {
		free(g->cells);
		g->cells = mem_array(need, sizeof *g->cells);
		g->capacity = need;
	}
	for (size_t i = 0; i < need; i++)
		g->cells[i] = blank;
	g->cursor_x = g->cursor_y = -1;
}

void grid_done(struct grid *g)
{
	free(g->cells);
	buf_done(&g->scratch);
	*g = (struct grid){ 0 };
}

struct cell *grid_cell(const struct grid *g, int x, int y)
{
	if (x < 0 || y < 0 || x >= g->cols || y >= g->rows)
		return NULL;
	return &g->cells[(size_t)y * (size_t)g->cols + (size_t)x];
}

bool cell_same(const struct cell *a, const struct cell *b)
{
	return !memcmp(a->runes, b->runes, sizeof a->runes) && a->width == b->width && a->role == b->role &&
	       a->over == b->over;
}

void grid_text(const struct grid *g, struct buf *out)
{
	for (int y = 0; y < g->rows; y++) {
		size_t kept = out->len;

		for (int x = 0; x < g->cols; x++) {
			const struct cell *c = grid_cell(g, x, y);
			char bytes[4];

			if (c->width == 0)
				continue;
			for (int i = 0; i < CELL_RUNES && c->runes[i]; i++)
				buf_add(out, bytes, text_encode(c->runes[i], bytes));
			if (c->runes[0] != ' ')
				kept = out->len;
		}
		buf_cut(out, kept, out->len - kept);
		buf_putc(out, '\n');
	}
}

struct area area_all(struct grid *g)
{
	return (struct area){ g, 0, 0, g->cols, g->rows };
}

struct area area_of(struct grid *g, struct rect r)
{
	struct area all = area_all(g);

	return area_sub(&all, r.x, r.y, r.w, r.h);
}

struct area area_sub(const struct area *a, int x, int y, int w, int h)
{
	struct area s = { a->grid, a->x + x, a->y + y, w, h };

	if (x < 0)
		s.x = a->x, s.w += x;
	if (y < 0)
		s.y = a->y, s.h += y;
	if (s.x + s.w > a->x + a->w)
		s.w = a->x + a->w - s.x;
	if (s.y + s.h > a->y + a->h)
		s.h = a->y + a->h - s.y;
	if (s.w < 0)
		s.w = 0;
	if (s.h < 0)
		s.h = 0;
	return s;
}

static struct cell *cell_in(const struct area *a, int x, int y)
{
	if (x < 0 || y < 0 || x >= a->w || y >= a->h)
		return NULL;
	return grid_cell(a->grid, a->x + x, a->y + y);
}

/* What an ASCII terminal shows for the characters that we write ourselves; foreign ones become
 * '?'. */
static uint32_t to_ascii(uint32_t rune)
{
	static const struct {
		uint32_t rune;
		char ascii;
	} signs[] = {
		{ 0x2500, '-' }, { 0x2502, '|' }, { 0x00b7, '.' }, { 0x2026, '~' }, { 0x00b5, 'u' }, { 0x2192, '>' },
		{ 0x2190, '<' }, { 0x2013, '-' }, { 0x2014, '-' }, { 0x00d7, 'x' }, { 0x00b1, '~' }, { 0x2264, '<' },
		{ 0x2265, '>' }, { 0x2191, '^' }, { 0x2193, 'v' }, { 0x00a0, ' ' }, { 0x2588, '#' },
	};

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (signs[i].rune == rune)
			return (uint32_t)signs[i].ascii;
	return '?';
}

/* A wide character loses its other half when one of its cells is written. */
static void unlink_wide(const struct grid *g, struct cell *c, int x, int y)
{
	struct cell *other = NULL;

	if (c->width == 2)
		other = grid_cell(g, x + 1, y);
	else if (c->width == 0)
		other = grid_cell(g, x - 1, y);
	if (other) {
		other->runes[0] = ' ';
		memset(&other->runes[1], 0, sizeof other->runes - sizeof other->runes[0]);
		other->width = 1;
	}
}

static void put_rune(const struct area *a, int x, int y, enum role role, uint32_t rune, int width)
{
	for (int i = 0; i < width; i++)
		if (!cell_in(a, x + i, y))
			return;
	for (int i = 0; i < width; i++) {
		struct cell *c = cell_in(a, x + i, y);

		unlink_wide(a->grid, c, a->x + x + i, a->y + y);
		*c = (struct cell){ .width = i ? 0 : (uint8_t)width, .role = (uint8_t)role, .over = c->over };
		c->runes[0] = i ? 0 : rune;
	}
}

static void combine(const struct area *a, int x, int y, uint32_t rune)
{
	struct cell *c = cell_in(a, x, y);

	if (c && c->width == 0)
		c = cell_in(a, x - 1, y);
	for (int i = 1; c && i < CELL_RUNES; i++)
		if (!c->runes[i]) {
			c->runes[i] = rune;
			return;
		}
}

/* Clean text to cells [x, end). Returns the column after the text, were there no end. */
static int put_clean(const struct area *a, int x, int y, int end, enum role role, const char *text, size_t len)
{
	bool based = false;

	for (size_t i = 0; i < len;) {
		uint32_t rune = '?';
		size_t used = text_decode(text + i, len - i, &rune);
		int width = used ? text_rune_width(rune) : 1;

		i += used ? used : 1;
		if (width <= 0) { /* a mark without a character of its own text to stand on is left out */
			if (based && x <= end && !a->grid->ascii)
				combine(a, x - 1, y, rune);
			continue;
		}
		if (x + width <= end)
			for (int k = 0; k < width; k += a->grid->ascii ? 1 : width)
				put_rune(a, x + k, y, role, a->grid->ascii && rune > '~' ? to_ascii(rune) : rune,
					 a->grid->ascii ? 1 : width);
		x += width;
		based = true;
	}
	return x;
}

static bool plain(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] < ' ' || bytes[i] > '~')
			return false;
	return true;
}

/* The sanitised form of the text: itself, or the grid's scratch buffer. */
static const char *clean_text(const struct area *a, const char *bytes, size_t *len)
{
	if (plain(bytes, *len))
		return bytes;
	buf_clear(&a->grid->scratch);
	text_clean(&a->grid->scratch, bytes, *len);
	*len = a->grid->scratch.len;
	return buf_text(&a->grid->scratch);
}

int area_put_bytes(const struct area *a, int x, int y, enum role role, const char *bytes, size_t len)
{
	const char *text;

	if (y < 0 || y >= a->h)
		return x;
	text = clean_text(a, bytes, &len);
	return put_clean(a, x, y, a->w, role, text, len);
}

int area_put(const struct area *a, int x, int y, enum role role, const char *text)
{
	return area_put_bytes(a, x, y, role, text, strlen(text));
}

int area_putf(const struct area *a, int x, int y, enum role role, const char *format, ...)
{
	char text[GRID_COLS];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return area_put(a, x, y, role, text);
}

/* Put clean text into w cells, with an ellipsis in the last one where it is cut. */
static int put_cut(const struct area *a, int x, int y, int w, enum role role, const char *text, size_t len, int width)
{
	struct area part;

	if (w <= 0)
		return x;
	part = area_sub(a, x, y, w, 1);
	if (x < 0 || part.h == 0)
		return x;
	if (width <= w) {
		put_clean(&part, 0, 0, part.w, role, text, len);
		return x + width;
	}
	put_clean(&part, 0, 0, w - 1 < part.w ? w - 1 : part.w, role, text, len);
	put_clean(&part, w - 1, 0, part.w, role, glyph(a->grid, GLYPH_ELLIPSIS),
		  strlen(glyph(a->grid, GLYPH_ELLIPSIS)));
	return x + w;
}

int area_put_in(const struct area *a, int x, int y, int w, enum role role, const char *text)
{
	size_t len = strlen(text);
	const char *clean = clean_text(a, text, &len);

	return put_cut(a, x, y, w, role, clean, len, (int)text_width(clean));
}

int area_put_endpoint(const struct area *a, int x, int y, int w, enum role role, const char *text)
{
	enum { ADDRESS_LEAST = 8, PORT_MOST = 8 }; /* cells; "]:65535" is one less */
	const char *tail = *text == '[' ? strstr(text, "]:") : NULL;
	char head[64];
	int rest;

	if (!tail || (int)text_width(text) <= w)
		return area_put_in(a, x, y, w, role, text);
	rest = w - (int)strlen(tail);
	if (strlen(tail) > PORT_MOST || rest < ADDRESS_LEAST || (size_t)(tail - text) >= sizeof head)
		return area_put_in(a, x, y, w, role, text);
	snprintf(head, sizeof head, "%.*s", (int)(tail - text), text);
	x = area_put_in(a, x, y, rest, role, head);
	return area_put(a, x, y, role, tail);
}

int area_put_right(const struct area *a, int x, int y, int w, enum role role, const char *text)
{
	size_t len = strlen(text);
	const char *clean = clean_text(a, text, &len);
	int width = (int)text_width(clean);

	put_cut(a, width < w ? x + w - width : x, y, w, role, clean, len, width);
	return x + w;
}

void area_over(const struct area *a, int x, int y, int w, enum over over)
{
	for (int i = 0; i < w; i++) {
		struct cell *c = cell_in(a, x + i, y);

		if (c)
			c->over = (uint8_t)over;
	}
}

void area_roles(const struct area *a, int x, int y, int w, enum role role)
{
	for (int i = 0; i < w; i++) {
		struct cell *c = cell_in(a, x + i, y);

		if (c)
			c->role = (uint8_t)role;
	}
}

void area_blank(const struct area *a)
{
	for (int y = 0; y < a->h; y++)
		for (int x = 0; x < a->w; x++) {
			put_rune(a, x, y, ROLE_TEXT, ' ', 1);
			area_over(a, x, y, 1, OVER_NONE);
		}
}

size_t grid_wrap(const char *text, int width)
{
	size_t len = strlen(text), i = 0, blank_end = 0;
	int x = 0;

	while (i < len) {
		uint32_t rune = '?';
		size_t used = text_decode(text + i, len - i, &rune);
		int w = used ? text_rune_width(rune) : 4;

		if (rune == '\n')
			return i + 1;
		if (w > 0)
			x += w;
		if (x > width && rune != ' ')
			return blank_end ? blank_end : i ? i : used;
		i += used ? used : 1;
		if (rune == ' ')
			blank_end = i;
	}
	return len;
}
