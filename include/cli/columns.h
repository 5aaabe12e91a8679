/* columns.h - rows of text with aligned columns: filled cell by cell, then written at once. */
#ifndef CLI_COLUMNS_H
#define CLI_COLUMNS_H

#include "util/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum { COLUMNS_MOST = 24 };

struct columns_head {
	const char *head;
	bool right;
};

struct columns {
	const struct columns_head *columns; /* ends with a NULL head */
	size_t count;                       /* of columns */
	size_t cells;
	struct buf text;    /* NUL ended cells, row by row */
	struct buf colours; /* the same for what to colour them with: SGR numbers, "" for none */
	unsigned widths[COLUMNS_MOST];
};

void columns_init(struct columns *t, const struct columns_head *columns);
void columns_done(struct columns *t);
/* The next cell, clean text; NULL colour: none. */
void columns_put(struct columns *t, const char *text, const char *colour);
void columns_printf(struct columns *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* All rows. `head`: the line of headings too. */
void columns_write(const struct columns *t, bool head, bool colour, struct buf *out);

#endif
