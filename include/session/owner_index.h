/* owner_index.h - the internet sockets of a snapshot by protocol and ends, to find the one that a
 * packet belongs to. Made from a snapshot, which it borrows.
 */
#ifndef SESSION_OWNER_INDEX_H
#define SESSION_OWNER_INDEX_H

#include "core/endpoint.h"
#include "core/packet_owner.h"
#include "core/snapshot.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct owner_index {
	const struct snapshot *snapshot;
	uint32_t *slots; /* 1 + index of a record, 0: free */
	size_t mask;
	uint64_t seed;
	uint32_t ignored[2]; /* pids whose sockets count for nothing: ours; 0: none */
};

/* Made anew; what was there before is freed. A zeroed struct is one without a socket. */
void owner_index_make(struct owner_index *x, const struct snapshot *snapshot);
void owner_index_done(struct owner_index *x);

/* How much of the ends has to be the socket's. */
enum owner_match { OWNER_CONNECTION, OWNER_BOUND };
/* The socket at `local` that talks to `remote`: a connection, or else one that is bound there and
 * talks to anybody (OWNER_BOUND only looks for those). False: there is none. One without an owner
 * any more (TIME-WAIT) is found with a pid of 0 and its state. */
bool owner_index_find(const struct owner_index *x, enum owner_match match, uint8_t proto, const struct endpoint *local,
		      const struct endpoint *remote, struct end_owner *out);

#endif
