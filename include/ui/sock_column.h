/* sock_column.h - the columns of the Sockets pane, one row a column, with its words, width, text
 * and order; and the signs before a row. */
#ifndef UI_SOCK_COLUMN_H
#define UI_SOCK_COLUMN_H

#include "session/session.h"
#include "ui/theme.h"
#include "util/buf.h"

#include <stdbool.h>

struct sock_column {
	const char *title, *help;
	int least;  /* cells that still tell something; 0: all or nothing */
	int rank;   /* as in ui/fit.h: the highest is the first to go */
	bool right; /* numbers */
	void (*text)(const struct row *r, struct buf *out); /* appends; nothing: "-" is shown */
	enum role (*role)(const struct row *r);
	int (*compare)(const struct row *a, const struct row *b);
};

enum { SOCK_COLUMNS = 11 };
extern const struct sock_column sock_columns[SOCK_COLUMNS];

/* Signs before the name: the first row that holds is shown. */
struct sock_mark {
	const char *sign;
	enum role role;
	bool (*holds)(const struct row *r);
	const char *help;
};
extern const struct sock_mark sock_marks[]; /* ends with a NULL sign */

#endif
