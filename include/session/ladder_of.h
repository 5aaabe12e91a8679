/* ladder_of.h - the ladder of a socket, from what the session knows: calls, states, packets, and
 * the bytes that calls moved where no packet shows them.
 *
 * The socket stands on the left, its peers on the right; a peer that is ours too has its calls and
 * states there. A listener's accepted sockets stand with it. States of a TCP end that is not ours
 * are those that the packets prove.
 */
#ifndef SESSION_LADDER_OF_H
#define SESSION_LADDER_OF_H

#include "analysis/ladder.h"
#include "session/session.h"

struct ladder_wish {
	bool stable;     /* names in place of what differs from run to run: ports, descriptors */
	uint32_t *shown; /* the own sockets that the ladder tells of are put here; may be NULL */
	size_t shown_most, shown_count;
};

/* Clear and fill `out`; it is not settled yet. `wish` may be NULL. */
void ladder_of(const struct session *s, uint64_t key, struct ladder_wish *wish, struct ladder *out);
/* Another value whenever the ladder of this socket may have changed. */
uint64_t ladder_of_changes(const struct session *s, uint64_t key);
/* Does the name end as the file of a ladder does: .txt or .svg? */
bool ladder_file(const char *path);
/* Save the socket's ladder, the rows that s->match leaves: .svg as a drawing, else as text. 0, or
 * -errno with *e; a file that is there is not written over. */
int ladder_save(const struct session *s, uint64_t key, const char *path, size_t *rows, struct err *e);
/* The ladders of all own sockets, one for each conversation, as text. */
void ladder_of_all(const struct session *s, bool stable, int width, struct buf *out);

#endif
