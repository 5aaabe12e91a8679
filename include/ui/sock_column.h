/* sock_column.h - the columns of the Sockets pane: those of core/sock_column.h, and how the pane
 * shows them: words of its own for our own sockets, colours, which are there at first, which give
 * way when space is short. Also the signs before a row.
 */
#ifndef UI_SOCK_COLUMN_H
#define UI_SOCK_COLUMN_H

#include "core/sock_column.h"
#include "session/session.h"
#include "ui/theme.h"
#include "util/buf.h"

#include <stdbool.h>

struct sock_column {
	const char *name;  /* that of socket_columns, or one that only the pane has */
	const char *title; /* NULL: the name in capitals */
	const char *help;  /* NULL: the core's */
	unsigned scopes;   /* bits 1 << enum scope: where it is shown at first */
	int least;         /* cells that still tell something; 0: all or nothing */
	int rank;          /* as in ui/fit.h: the highest is the first to go */
	bool right;        /* numbers */
	bool firm;         /* as in ui/fit.h: not cut before what matters less is gone */
	/* Appends; nothing: "-" is shown. NULL: the core's. Where there is no number and no order
	 * of the core, the column is sorted by this text. */
	void (*text)(const struct row *r, struct buf *out);
	/* The same for a text that changes with time (CLOCK_REALTIME). */
	void (*age)(const struct row *r, uint64_t now_ns, struct buf *out);
	bool (*known)(const struct row *r);                 /* NULL: where there is a text */
	enum role (*role)(const struct row *r);             /* NULL: plain */
	bool (*number)(const struct row *r, uint64_t *out); /* to sort by; NULL: the core's */
	bool (*there)(const struct session *s);             /* false: there is nothing of it to show; NULL: there is */
	const struct socket_column *core;                   /* found by name */
};

enum { SOCK_COLUMNS_MOST = 96 };

/* Fill `out` with all columns: those of the pane's own table first, then the rest of the core's.
 * Returns how many. */
size_t sock_columns(struct sock_column out[SOCK_COLUMNS_MOST]);
/* The title as it is shown. */
void sock_column_title(const struct sock_column *c, enum scope scope, struct buf *out);
void sock_column_text(const struct sock_column *c, const struct row *r, uint64_t now_ns, struct buf *out);
enum role sock_column_role(const struct sock_column *c, const struct row *r);

/* Signs before the name: the first row that holds is shown. */
struct sock_mark {
	const char *sign;
	enum role role;
	bool (*holds)(const struct row *r);
	const char *help; /* NULL: the next row of the same sign tells */
};
extern const struct sock_mark sock_marks[]; /* ends with a NULL sign */

#endif
