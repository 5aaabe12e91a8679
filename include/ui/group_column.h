/* group_column.h - the columns of the table of groups (session/groups.h): processes, remote addresses. */
#ifndef UI_GROUP_COLUMN_H
#define UI_GROUP_COLUMN_H

#include "session/groups.h"
#include "ui/theme.h"
#include "util/buf.h"

#include <stdbool.h>
#include <stdint.h>

struct group_column {
	const char *title;
	const char *help;
	unsigned by;     /* bits 1 << enum group_by: where it is shown */
	unsigned scopes; /* bits 1 << enum scope */
	int least, rank; /* as in ui/fit.h */
	bool right;      /* a number */
	/* A number: false where it is not known. It is sorted by, the greatest first. */
	bool (*number)(const struct group *g, uint64_t *out);
	/* Appends; NULL: the number as it is. A text without a number is sorted by. */
	void (*text)(const struct group *g, const struct sock_names *names, struct buf *out);
	enum role (*role)(const struct group *g); /* NULL: plain, zeros dim */
};

extern const struct group_column group_columns[]; /* ends with a NULL title */

bool group_column_fits(const struct group_column *c, enum group_by by, enum scope scope);
void group_column_text(const struct group_column *c, const struct group *g, const struct sock_names *names,
		       struct buf *out);
enum role group_column_role(const struct group_column *c, const struct group *g);
/* As it is called in titles: "nginx (812)", "192.0.2.1", "(time-wait)". Appends, clean. */
void group_label(const struct group *g, enum group_by by, struct buf *out);

#endif
