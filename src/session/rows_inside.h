/* rows_inside.h - what makes rows: rows.c, and rows_host.c for those of the host. */
#ifndef SRC_SESSION_ROWS_INSIDE_H
#define SRC_SESSION_ROWS_INSIDE_H

#include "session/session.h"

#define FOREIGN (1ull << 63)     /* keys of other people's sockets; lab ids are small */
#define ROWS_WHOLE (1u << 31)    /* in session->refs: not a record, but a row in session->rows */

struct host_closed;

void rows_add(struct session *s, const struct row *row); /* to session->rows, if the filter lets it */
void rows_add_closed(struct session *s, const struct host_closed *c, uint64_t now_ns);
/* Our own tools, and not what the user asked for. */
bool rows_plumbing(const struct session *s, const struct sock_view *v);
/* The scopes host and process: session->refs, in the order of core/rank.h. */
void rows_make_host(struct session *s);
size_t rows_find_host(const struct session *s, uint64_t key); /* session->row_count: nowhere */
/* What stands for a row there. One of a record is made in *room, without its socket. */
const struct row *rows_of_ref(const struct session *s, uint32_t ref, struct row *room);

#endif
