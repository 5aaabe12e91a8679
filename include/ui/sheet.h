/* sheet.h - a page of headings, labelled values, sentences and bytes, wrapped to a width and
 * scrolled.
 *
 * It is filled while the screen settles and drawn afterwards. Text is copied into the sheet, bytes
 * are borrowed and have to stay until it was drawn. What does not fit into its arrays is left out
 * (`cut`).
 */
#ifndef UI_SHEET_H
#define UI_SHEET_H

#include "ui/find.h"
#include "ui/grid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SHEET_ITEMS = 160, SHEET_TEXT = 16384, SHEET_LABEL = 12, SHEET_COLUMNS = 3 };

enum sheet_kind {
	SHEET_PAIR,  /* label and value */
	SHEET_LINE,  /* a sentence over the whole width */
	SHEET_HEAD,  /* heading of a section */
	SHEET_BAR,   /* label, bar, value */
	SHEET_GAP,   /* an empty line, unless it comes first */
	SHEET_HEX,   /* bytes */
	SHEET_SPARK, /* label, how a number went, value */
};

struct sheet {
	struct sheet_item {
		enum sheet_kind kind;
		enum role role;         /* of the value */
		size_t label, value;    /* offsets into text */
		int lit;                /* PAIR: only so many cells have the role, the rest is dim; 0: all */
		uint64_t part, whole;   /* BAR */
		const uint8_t *bytes;   /* HEX, borrowed */
		const uint64_t *series; /* SPARK, borrowed */
		size_t len;
	} items[SHEET_ITEMS];
	size_t count;
	char text[SHEET_TEXT];
	size_t used;
	bool cut;
	bool single;        /* one column, whatever the width; the owner sets it */
	size_t hit;         /* what a search found: the number of its item, from 1; 0: none */
	size_t top;         /* first line seen */
	size_t lines;       /* at the last settle */
	int columns, width; /* how it is laid out, by sheet_settle */
};

void sheet_clear(struct sheet *s); /* `top` and `hit` stay */
void sheet_head(struct sheet *s, const char *text);
void sheet_line(struct sheet *s, enum role role, const char *format, ...) __attribute__((format(printf, 3, 4)));
void sheet_pair(struct sheet *s, enum role role, const char *label, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* As a pair, with `word` alone in the role and the rest of the value dim. */
void sheet_word(struct sheet *s, enum role role, const char *label, const char *word, const char *rest);
void sheet_bar(struct sheet *s, const char *label, uint64_t part, uint64_t whole, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
/* `count` numbers, oldest first: drawn as columns, as many in one as the room wants. The value has
 * one line: its first `lit` cells, and the rest dim, where there is room for it. */
void sheet_spark(struct sheet *s, enum role role, const char *label, const uint64_t *series, size_t count, int lit,
		 const char *format, ...) __attribute__((format(printf, 7, 8)));
void sheet_gap(struct sheet *s);
void sheet_hex(struct sheet *s, const uint8_t *bytes, size_t len);

/* Choose columns for a rectangle of w x h cells and keep the scroll position within the lines. */
void sheet_settle(struct sheet *s, int w, int h);
void sheet_draw(const struct sheet *s, const struct area *a);
/* Movement: true where the action was one. `h` is the height it was settled for. */
bool sheet_move(struct sheet *s, int h, int action);
void sheet_scroll(struct sheet *s, int h, int lines);
/* The next item that contains it; it is brought into view and lit. */
enum found sheet_find(struct sheet *s, int h, const struct needle *n, int way);

#endif
