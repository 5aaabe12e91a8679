#include "cli/columns.h"

#include "util/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void columns_init(struct columns *t, const struct columns_head *columns)
{
	*t = (struct columns){ .columns = columns };
	while (columns[t->count].head && t->count < COLUMNS_MOST) {
		t->widths[t->count] = (unsigned)text_width(columns[t->count].head);
		t->count++;
	}
}

void columns_done(struct columns *t)
{
	buf_done(&t->text);
	buf_done(&t->colours);
}

void columns_put(struct columns *t, const char *text, const char *colour)
{
	unsigned width = (unsigned)text_width(text);
	size_t column = t->cells++ % t->count;

	buf_add(&t->text, text, strlen(text) + 1);
	buf_add(&t->colours, colour ? colour : "", colour ? strlen(colour) + 1 : 1);
	if (width > t->widths[column])
		t->widths[column] = width;
}

void columns_printf(struct columns *t, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	columns_put(t, text, NULL);
}

static void spaces(struct buf *out, unsigned count)
{
	while (count--)
		buf_putc(out, ' ');
}

static void write_cell(const struct columns *t, size_t column, const char *text, const char *colour,
		       struct buf *out)
{
	unsigned missing = t->widths[column] - (unsigned)text_width(text);
	bool last = column + 1 == t->count;

	if (t->columns[column].right)
		spaces(out, missing);
	if (*colour)
		buf_printf(out, "\x1b[%sm%s\x1b[0m", colour, text);
	else
		buf_puts(out, text);
	if (!t->columns[column].right && !last)
		spaces(out, missing);
	buf_puts(out, last ? "\n" : "  ");
}

void columns_write(const struct columns *t, bool head, bool colour, struct buf *out)
{
	const char *text = buf_text(&t->text), *colours = buf_text(&t->colours);

	for (size_t c = 0; head && c < t->count; c++)
		write_cell(t, c, t->columns[c].head, colour ? "1" : "", out);
	for (size_t i = 0; i < t->cells; i++) {
		write_cell(t, i % t->count, text, colour ? colours : "", out);
		text += strlen(text) + 1;
		colours += strlen(colours) + 1;
	}
}
