/* table.h - rows of text with aligned columns: filled cell by cell, then written at once. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "util/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum { TABLE_COLUMNS = 24 };

struct table_column {
	const char *head;
	bool right;
};

struct table {
	const struct table_column *columns; /* ends with a NULL head */
	size_t count;                       /* of columns */
	size_t cells;
	struct buf text;    /* NUL ended cells, row by row */
	struct buf colours; /* the same for what to colour them with: SGR numbers, "" for none */
	unsigned widths[TABLE_COLUMNS];
};

void table_init(struct table *t, const struct table_column *columns);
void table_done(struct table *t);
/* The next cell, clean text; NULL colour: none. */
void table_put(struct table *t, const char *text, const char *colour);
void table_printf(struct table *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* All rows. `head`: the line of headings too. */
void table_write(const struct table *t, bool head, bool colour, struct buf *out);

#endif
