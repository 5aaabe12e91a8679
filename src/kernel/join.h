/* join.h - what makes sockets into connections of processes: the owners of each, and the socket at the other end. */
#ifndef SRC_KERNEL_JOIN_H
#define SRC_KERNEL_JOIN_H

#include "core/snapshot.h"

#include <stdbool.h>

struct diag;
struct owner_map;

/* Give every record its owners, or the reason why it has none. The snapshot is settled. `d` answers whether a socket
 * that nobody has is still there. */
void join_owners(struct snapshot *s, struct owner_map *m, struct diag *d, bool live);
/* Give every record, or every UNIX one, the one at its other end, where that is in the snapshot. */
void join_peers(struct snapshot *s, bool unix_only);

#endif
