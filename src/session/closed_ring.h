/* closed_ring.h - the sockets of the host that were closed, the newest first, up to HOST_CLOSED of them; each once. */
#ifndef SRC_SESSION_CLOSED_RING_H
#define SRC_SESSION_CLOSED_RING_H

#include "session/host.h"

struct closed_ring {
	struct host_closed *closed;
	size_t head, count; /* the newest is at head - 1 */
};

void closed_ring_init(struct closed_ring *r);
void closed_ring_done(struct closed_ring *r);
void closed_ring_add(struct closed_ring *r, const struct host_closed *c);
const struct host_closed *closed_ring_at(const struct closed_ring *r, size_t index); /* NULL: so many there are not */

#endif
