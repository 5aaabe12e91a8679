/* owner_column.h - what the columns of owners show and how they are sorted (sock_column_table.c has their rows). */
#ifndef CORE_OWNER_COLUMN_H
#define CORE_OWNER_COLUMN_H

#include "core/sock_column.h"

/* Of all owners, blanks between, the same word twice in a row once. */
void owner_column_process(const struct sock_view *v, struct buf *out);
void owner_column_pid(const struct sock_view *v, struct buf *out);
void owner_column_fd(const struct sock_view *v, struct buf *out);
/* process/pid:fd of each; without one, why in parentheses. */
void owner_column_text(const struct sock_view *v, struct buf *out);
/* owner_reasons[].name, nothing where there is an owner. */
void owner_column_reason(const struct sock_view *v, struct buf *out);

/* By the first owner; sockets without one come last. */
int owner_column_pid_compare(const struct sock_view *a, const struct sock_view *b);
int owner_column_fd_compare(const struct sock_view *a, const struct sock_view *b);

#endif
