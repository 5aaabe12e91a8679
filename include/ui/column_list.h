/* column_list.h - the list in which the columns of the Sockets pane are chosen: Space shows one or
 * takes it away, Esc ends it. */
#ifndef UI_COLUMN_LIST_H
#define UI_COLUMN_LIST_H

#include "ui/grid.h"
#include "ui/list.h"
#include "ui/sock_column.h"

#include <stdbool.h>
#include <stddef.h>

struct column_list {
	bool open;
	size_t cursor;
	struct list list;
};

/* Which columns there are, and where each is shown (bits 1 << enum scope): those of the pane. */
struct column_set {
	struct sock_column columns[SOCK_COLUMNS_MOST];
	unsigned shown[SOCK_COLUMNS_MOST];
	size_t count;
};

void column_set_init(struct column_set *s);
bool column_is_shown(const struct column_set *s, size_t i, enum scope scope);

void column_list_settle(struct column_list *l, const struct column_set *s, int h);
void column_list_draw(const struct column_list *l, const struct column_set *s, enum scope scope,
		      const struct area *a, bool focused);
/* While it is open every key is for it; true where it knew the key. */
bool column_list_key(struct column_list *l, struct column_set *s, enum scope scope,
		     const char *name);
void column_list_click(struct column_list *l, struct column_set *s, enum scope scope, int y);

#endif
