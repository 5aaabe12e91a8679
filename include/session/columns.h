/* columns.h - which columns the screen's table of sockets shows in each scope, and in which order: names of
 * core/sock_column.h's columns, and of those that only a screen has. Kept as the command `columns` writes it.
 */
#ifndef SESSION_COLUMNS_H
#define SESSION_COLUMNS_H

#include "session/session.h"

#include <stdbool.h>
#include <stddef.h>

/* Columns that only a screen has. Ends with NULL. */
extern const char *const screen_columns[];

enum { COLUMNS_SAME = -1 /* every scope */ };

bool columns_know(const char *name, size_t len);
/* `names` separated by blanks or commas, in order; NULL or "": as at first. `scope`: COLUMNS_SAME or enum scope. */
void session_set_columns(struct session *s, int scope, const char *names);

#endif
