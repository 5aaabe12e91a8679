/* list.h - which part of a long list is seen. The caller turns identities into indexes and back:
 * the list itself only does arithmetic. A cursor that did not move leaves the view where the wheel
 * has put it.
 */
#ifndef UI_LIST_H
#define UI_LIST_H

#include "session/command.h"

#include <stdbool.h>
#include <stddef.h>

struct list {
	size_t top;    /* first row seen */
	size_t cursor; /* row under the cursor at the last settle */
	size_t count, height;
	bool settled; /* cursor, count and height are those of an earlier settle */
};

/* Bring the view in line with `count` rows, the cursor on `cursor`, `height` of them seen. */
void list_settle(struct list *l, size_t cursor, size_t count, int height);
/* Where a movement leads from the cursor: an index below count; 0 for an empty list. False: it
 * is no movement. */
bool list_move(const struct list *l, enum ui_action action, size_t *cursor);
void list_scroll(struct list *l, int lines);

#endif
