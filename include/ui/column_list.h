/* column_list.h - the columns of the table of sockets: which are shown in each scope and in which order, and the list
 * in which they are chosen: Space shows one or takes it away, Left and Right move it, Esc ends it.
 *
 * What was chosen is the session's (session/columns.h): the set is brought in line with it.
 */
#ifndef UI_COLUMN_LIST_H
#define UI_COLUMN_LIST_H

#include "ui/grid.h"
#include "ui/list.h"
#include "ui/sock_column.h"

#include <stdbool.h>
#include <stddef.h>

struct column_set {
	struct sock_column columns[SOCK_COLUMNS_MOST];
	size_t count;
	uint8_t order[SCOPES][SOCK_COLUMNS_MOST]; /* indexes of those that are shown */
	size_t shown[SCOPES];                     /* how many */
	uint64_t stamp;                           /* of the session's choice */
	bool many_netns;
};

void column_set_init(struct column_set *s);
/* True: something has changed. `many_netns`: sockets of several network namespaces are shown, which their column has to
 * tell apart. */
bool column_set_settle(struct column_set *set, const struct session *s, bool many_netns);
/* The column at a place in a scope. */
const struct sock_column *column_shown(const struct column_set *s, enum scope scope, size_t at);

struct column_list {
	bool open;
	size_t cursor;
	struct list list;
	uint8_t order[SOCK_COLUMNS_MOST]; /* all columns as they are listed */
	bool on[SOCK_COLUMNS_MOST];       /* by column */
};

void column_list_open(struct column_list *l, const struct column_set *set, enum scope scope);
void column_list_settle(struct column_list *l, const struct column_set *set, int h);
void column_list_draw(const struct column_list *l, const struct column_set *set, enum scope scope, const struct area *a,
		      bool focused);
/* While it is open every key is for it; true where it knew the key. */
bool column_list_key(struct column_list *l, struct column_set *set, struct session *s, const char *name);
void column_list_click(struct column_list *l, struct column_set *set, struct session *s, int y);

#endif
