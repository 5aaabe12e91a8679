/* columns.h - rows of text with aligned columns: filled cell by cell, then written at once. */
#ifndef CLI_COLUMNS_H
#define CLI_COLUMNS_H

#include "util/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { COLUMNS_MOST = 24 };

struct columns_head {
	const char *head;
	bool right;
};

struct columns {
	const struct columns_head *heads; /* ends with a NULL head */
	size_t count;                     /* of columns */
	struct columns_cell {
		uint32_t at, len; /* in text */
		uint32_t width;   /* cells of a terminal */
		const char *colour;
	} * cells; /* row by row */
	size_t used, capacity;
	struct buf text;
	unsigned widths[COLUMNS_MOST];
};

void columns_init(struct columns *t, const struct columns_head *heads);
void columns_done(struct columns *t);
/* Without rows again, for those that follow; the widths stay. */
void columns_clear(struct columns *t);
/* The next cell, clean text. `colour`: SGR numbers, a literal; NULL: none. */
void columns_put(struct columns *t, const char *text, const char *colour);
void columns_number(struct columns *t, uint64_t number, const char *colour);
/* All rows; `head`: the line of headings too. */
void columns_write(const struct columns *t, bool head, bool colour, struct buf *out);

#endif
