#include "ui/sheet.h"

#include "session/command.h"
#include "ui/hex.h"
#include "util/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { COLUMN_GAP = 3, COLUMN_LEAST = 28, BAR_CELLS = 10, SPARK_VALUE = 20, SPARK_MOST = 60, SPARK_LEAST = 6 };

void sheet_clear(struct sheet *s)
{
	s->count = 0;
	s->used = 1;
	s->text[0] = '\0';
	s->cut = false;
}

static size_t keep(struct sheet *s, const char *text, size_t len)
{
	size_t at = s->used;

	if (len + 1 > SHEET_TEXT - s->used) {
		s->cut = true;
		return 0;
	}
	memcpy(s->text + at, text, len);
	s->text[at + len] = '\0';
	s->used += len + 1;
	return at;
}

static struct sheet_item *add(struct sheet *s, enum sheet_kind kind, enum role role, const char *label)
{
	struct sheet_item *item;

	if (s->count == SHEET_ITEMS) {
		s->cut = true;
		return NULL;
	}
	item = &s->items[s->count++];
	*item = (struct sheet_item){ .kind = kind, .role = role };
	item->label = keep(s, label, strlen(label));
	return item;
}

/* The value is cleaned here, so that wrapping counts the cells that will be drawn. */
static void __attribute__((format(printf, 3, 0)))
value(struct sheet *s, struct sheet_item *item, const char *format, va_list args)
{
	char raw[1600], cleaned[2048];

	if (!item)
		return;
	vsnprintf(raw, sizeof raw, format, args);
	text_clean_to(cleaned, sizeof cleaned, raw, strlen(raw));
	item->value = keep(s, cleaned, strlen(cleaned));
}

void sheet_head(struct sheet *s, const char *text)
{
	sheet_gap(s);
	add(s, SHEET_HEAD, ROLE_HEAD, text);
}

void sheet_line(struct sheet *s, enum role role, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	value(s, add(s, SHEET_LINE, role, ""), format, args);
	va_end(args);
}

void sheet_pair(struct sheet *s, enum role role, const char *label, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	value(s, add(s, SHEET_PAIR, role, label), format, args);
	va_end(args);
}

void sheet_word(struct sheet *s, enum role role, const char *label, const char *word, const char *rest)
{
	enum { WORD_CELLS = 13 };
	size_t before = s->count;

	sheet_pair(s, role, label, "%-*s %s", WORD_CELLS, word, rest);
	if (s->count > before)
		s->items[before].lit = WORD_CELLS;
}

void sheet_bar(struct sheet *s, const char *label, uint64_t part, uint64_t whole, const char *format, ...)
{
	struct sheet_item *item = add(s, SHEET_BAR, ROLE_VALUE, label);
	va_list args;

	va_start(args, format);
	value(s, item, format, args);
	va_end(args);
	if (item) {
		item->part = part;
		item->whole = whole;
	}
}

void sheet_spark(struct sheet *s, enum role role, const char *label, const uint64_t *series, size_t count, int lit,
		 const char *format, ...)
{
	struct sheet_item *item = add(s, SHEET_SPARK, role, label);
	va_list args;

	va_start(args, format);
	value(s, item, format, args);
	va_end(args);
	if (item) {
		item->series = series;
		item->len = count;
		item->lit = lit;
	}
}

void sheet_gap(struct sheet *s)
{
	if (s->count && s->items[s->count - 1].kind != SHEET_GAP)
		add(s, SHEET_GAP, ROLE_TEXT, "");
}

void sheet_hex(struct sheet *s, const uint8_t *bytes, size_t len)
{
	struct sheet_item *item = add(s, SHEET_HEX, ROLE_HEX, "");

	if (item) {
		item->bytes = bytes;
		item->len = len;
	}
}

/* The range of the value gives way first. */
static int spark_cells(const struct sheet_item *item, int width)
{
	int cells = width - SHEET_LABEL - SPARK_VALUE - 1;

	if (cells < SPARK_LEAST)
		cells = width - SHEET_LABEL - item->lit - 1;
	return cells < 0 ? 0 : cells > SPARK_MOST ? SPARK_MOST : cells;
}

/* Where the value of an item begins, and how many cells it has. */
static int value_x(const struct sheet_item *item, int width)
{
	int x = item->kind == SHEET_LINE ? 0 : SHEET_LABEL;

	if (item->kind == SHEET_BAR && width >= SHEET_LABEL + BAR_CELLS + 12)
		x += BAR_CELLS + 1;
	if (item->kind == SHEET_SPARK)
		x += spark_cells(item, width) + 1;
	return x < width - 4 ? x : 0;
}

static size_t lines_of(const struct sheet *s, const struct sheet_item *item, int width)
{
	const char *text = s->text + item->value;
	size_t lines = 0, used;

	switch (item->kind) {
	case SHEET_HEAD:
	case SHEET_SPARK:
	case SHEET_GAP: return 1;
	case SHEET_HEX: return hex_lines(item->len, width);
	default: break;
	}
	while ((used = grid_wrap(text, width - value_x(item, width)))) {
		text += used;
		lines++;
	}
	return lines ? lines : 1;
}

static size_t count_lines(const struct sheet *s, int width)
{
	size_t lines = 0;

	for (size_t i = 0; i < s->count; i++)
		lines += lines_of(s, &s->items[i], width);
	return lines;
}

void sheet_settle(struct sheet *s, int w, int h)
{
	size_t seen = 0;

	for (s->columns = 1; s->columns <= SHEET_COLUMNS; s->columns++) {
		s->width = (w - (s->columns - 1) * COLUMN_GAP) / s->columns;
		s->lines = count_lines(s, s->width > 1 ? s->width : 1);
		seen = (size_t)(h > 0 ? h : 0) * (size_t)s->columns;
		if (s->lines <= seen || s->single || s->columns == SHEET_COLUMNS ||
		    (w - s->columns * COLUMN_GAP) / (s->columns + 1) < COLUMN_LEAST)
			break;
	}
	if (s->top + seen > s->lines)
		s->top = s->lines > seen ? s->lines - seen : 0;
}

static void draw_wrapped(const struct sheet *s, const struct sheet_item *item, const struct area *a, int y, size_t line)
{
	const char *text = s->text + item->value;
	int x = value_x(item, a->w);
	size_t used;

	for (size_t i = 0; i < line; i++)
		text += grid_wrap(text, a->w - x);
	used = item->kind == SHEET_SPARK ? strlen(text) : grid_wrap(text, a->w - x);
	if (line == 0 && item->kind != SHEET_LINE) {
		area_put_in(a, 0, y, SHEET_LABEL - 1, ROLE_LABEL, s->text + item->label);
		if (item->kind == SHEET_BAR && x > SHEET_LABEL)
			area_bar(a, SHEET_LABEL, y, BAR_CELLS, item->part, item->whole,
				 item->part * 4 > item->whole * 3 ? ROLE_WARN : ROLE_OK);
		if (item->kind == SHEET_SPARK && x > SHEET_LABEL)
			area_spark(a, SHEET_LABEL, y, spark_cells(item, a->w), item->series, item->len, item->role);
	}
	area_put_bytes(a, x, y,
		       item->lit && line           ? ROLE_DIM
		       : item->kind == SHEET_SPARK ? ROLE_VALUE
						   : item->role,
		       text, used);
	if (item->lit && !line)
		area_roles(a, x + item->lit, y, a->w - x - item->lit, ROLE_DIM);
}

static void draw_line(const struct sheet *s, const struct sheet_item *item, const struct area *a, int y, size_t line)
{
	switch (item->kind) {
	case SHEET_GAP: break;
	case SHEET_HEAD: area_put_in(a, 0, y, a->w, item->role, s->text + item->label); break;
	case SHEET_HEX:
		hex_line(&(struct area){ a->grid, a->x, a->y, a->w, a->h }, y, item->bytes, item->len, line, 0, 0);
		break;
	default: draw_wrapped(s, item, a, y, line);
	}
}

void sheet_draw(const struct sheet *s, const struct area *a)
{
	size_t at = 0, h = a->h > 0 ? (size_t)a->h : 0, last = s->top + h * (size_t)(s->columns > 0 ? s->columns : 1);

	for (size_t i = 0; i < s->count && at < last; i++) {
		size_t lines = lines_of(s, &s->items[i], s->width > 1 ? s->width : 1);
		size_t from = at < s->top ? s->top - at : 0;

		for (size_t line = from; line < lines && at + line < last; line++) {
			size_t place = at + line - s->top;
			struct area column = area_sub(a, (int)(place / h) * (s->width + COLUMN_GAP), 0, s->width, a->h);

			draw_line(s, &s->items[i], &column, (int)(place % h), line);
			if (s->hit == i + 1)
				area_over(&column, 0, (int)(place % h), s->width, OVER_LIT);
		}
		at += lines;
	}
}

void sheet_scroll(struct sheet *s, int h, int lines)
{
	size_t seen = (size_t)(h > 0 ? h : 0) * (size_t)(s->columns > 0 ? s->columns : 1);
	size_t most = s->lines > seen ? s->lines - seen : 0;

	if (lines < 0)
		s->top = s->top > (size_t)-lines ? s->top - (size_t)-lines : 0;
	else
		s->top += (size_t)lines;
	if (s->top > most)
		s->top = most;
}

struct item_search {
	const struct sheet *s;
	const struct needle *n;
};

static bool holds(void *ctx, size_t i)
{
	const struct item_search *f = ctx;
	const struct sheet_item *item = &f->s->items[i];

	return needle_in_text(f->n, f->s->text + item->label) || needle_in_text(f->n, f->s->text + item->value) ||
	       (item->kind == SHEET_HEX && needle_in_bytes(f->n, item->bytes, item->len, 0) != NEEDLE_NONE);
}

enum found sheet_find(struct sheet *s, int h, const struct needle *n, int way)
{
	struct item_search f = { s, n };
	size_t seen = (size_t)(h > 0 ? h : 0) * (size_t)(s->columns > 0 ? s->columns : 1), line = 0,
	       at = s->hit && s->hit <= s->count ? s->hit - 1
		    : s->count                   ? s->count - 1
						 : 0;
	bool first = !s->hit;
	enum found found = find_row(s->count, way > 0 || !first ? at : 0, way, holds, &f, &at);

	if (found == FOUND_NOTHING)
		return found;
	s->hit = at + 1;
	for (size_t i = 0; i < at; i++)
		line += lines_of(s, &s->items[i], s->width > 1 ? s->width : 1);
	if (line < s->top || line >= s->top + seen)
		sheet_scroll(s, h, (int)line - (int)s->top);
	return first ? FOUND_HERE : found;
}

bool sheet_move(struct sheet *s, int h, int action)
{
	static const struct {
		enum ui_action action;
		int lines, pages;
	} moves[] = {
		{ UI_UP, -1, 0 },        { UI_DOWN, 1, 0 },          { UI_PAGE_UP, 1, -1 },
		{ UI_PAGE_DOWN, -1, 1 }, { UI_TOP, -SHEET_TEXT, 0 }, { UI_BOTTOM, SHEET_TEXT, 0 },
	};

	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
		if ((int)moves[i].action == action) {
			sheet_scroll(s, h, moves[i].lines + moves[i].pages * h);
			return true;
		}
	return false;
}
