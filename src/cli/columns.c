#include "cli/columns.h"

#include "util/mem.h"
#include "util/text.h"

#include <stdlib.h>
#include <string.h>

enum { GAP = 2 };

void columns_init(struct columns *t, const struct columns_head *heads)
{
	*t = (struct columns){ .heads = heads };
	while (heads[t->count].head && t->count < COLUMNS_MOST) {
		t->widths[t->count] = (unsigned)text_width(heads[t->count].head);
		t->count++;
	}
}

void columns_done(struct columns *t)
{
	buf_done(&t->text);
	free(t->cells);
}

void columns_clear(struct columns *t)
{
	buf_clear(&t->text);
	t->used = 0;
}

static void put(struct columns *t, const char *text, size_t len, size_t width, const char *colour)
{
	unsigned *widest = &t->widths[t->used % t->count];

	MEM_ROOM(t->cells, t->used, t->capacity);
	t->cells[t->used++] = (struct columns_cell){
		.at = (uint32_t)t->text.len, .len = (uint32_t)len, .width = (uint32_t)width, .colour = colour
	};
	buf_add(&t->text, text, len);
	if (width > *widest)
		*widest = (unsigned)width;
}

void columns_put(struct columns *t, const char *text, const char *colour)
{
	put(t, text, strlen(text), text_width(text), colour);
}

void columns_number(struct columns *t, uint64_t number, const char *colour)
{
	char digits[20];
	size_t at = sizeof digits;

	do
		digits[--at] = (char)('0' + number % 10);
	while (number /= 10);
	put(t, digits + at, sizeof digits - at, sizeof digits - at, colour);
}

static void spaces(struct buf *out, size_t count)
{
	memset(buf_room(out, count), ' ', count);
	out->len += count;
}

static void write_cell(const struct columns *t, size_t column, const char *text, size_t len, size_t width,
		       const char *colour, struct buf *out)
{
	size_t missing = t->widths[column] - width;
	bool last = column + 1 == t->count;

	if (t->heads[column].right)
		spaces(out, missing);
	if (colour) {
		buf_puts(out, "\x1b[");
		buf_puts(out, colour);
		buf_putc(out, 'm');
	}
	buf_add(out, text, len);
	if (colour)
		buf_puts(out, "\x1b[0m");
	if (last)
		buf_putc(out, '\n');
	else
		spaces(out, GAP + (t->heads[column].right ? 0 : missing));
}

void columns_write(const struct columns *t, bool head, bool colour, struct buf *out)
{
	for (size_t c = 0; head && c < t->count; c++) {
		const char *text = t->heads[c].head;

		write_cell(t, c, text, strlen(text), text_width(text), colour ? "1" : NULL, out);
	}
	for (size_t i = 0, column = 0; i < t->used; i++) {
		const struct columns_cell *cell = &t->cells[i];

		write_cell(t, column, t->text.data + cell->at, cell->len, cell->width, colour ? cell->colour : NULL,
			   out);
		column = column + 1 == t->count ? 0 : column + 1;
	}
}
