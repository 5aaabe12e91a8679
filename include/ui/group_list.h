/* group_list.h - the table of groups, in the place of the table of sockets: a row a process or a remote address.
 *
 * The cursor is a group's identity. Moving it selects a socket of the group in the session, so that the other panes,
 * `3` and `T` go with it. Enter narrows the session to the group by commands (scope process:PID, filter dst:ADDRESS),
 * and Esc goes back to what was.
 */
#ifndef UI_GROUP_LIST_H
#define UI_GROUP_LIST_H

#include "session/groups.h"
#include "ui/fit.h"
#include "ui/grid.h"
#include "ui/group_column.h"
#include "ui/find.h"
#include "ui/list.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GROUP_COLUMNS_MOST = 32 };

struct group_list {
	struct groups groups;
	uint64_t stamp; /* of the rows that it was made of */
	bool made;
	size_t *order; /* indexes of groups, as shown */
	size_t order_capacity;
	struct list list;
	uint64_t key; /* of the group under the cursor; 0: none yet */
	int sort;     /* column + 1; 0: by traffic */
	bool reverse;
	enum group_by by;
	enum scope scope;
	int width;
	struct fit fit[GROUP_COLUMNS_MOST];
	int gap;
	/* what Enter has left, to come back to */
	bool narrowed;
	enum group_by from;
	enum scope from_scope, to_scope;
	uint32_t from_pid, to_pid;
	char *from_filter, *to_filter; /* NULL: none */
};

void group_list_done(struct group_list *l);
void group_list_settle(struct group_list *l, const struct session *s, int w, int h);
void group_list_title(const struct group_list *l, struct buf *out, struct buf *right);
void group_list_draw(const struct group_list *l, const struct session *s, const struct area *a, bool focused);
/* False: it has no use for it. */
bool group_list_act(struct group_list *l, struct session *s, enum ui_action action);
/* Enter: leave only the sockets of `g`, each with a row of its own. */
void group_list_narrow(struct group_list *l, struct session *s, const struct group *g);
/* Esc, while sockets are shown: where Enter has led there, and nothing else has been chosen since, the groups are shown
 * again as they were. False: it is not so. */
bool group_list_back(struct group_list *l, struct session *s);
/* The next group (way 1; before it: -1) that shows the text. */
enum found group_list_find(struct group_list *l, struct session *s, const struct needle *n, int way);
void group_list_click(struct group_list *l, struct session *s, int x, int y);
void group_list_copy(const struct group_list *l, const struct session *s, struct buf *out);

#endif
