/* closed_ring.h - the sockets of the host that were closed, the newest first, up to HOST_CLOSED of them; each once. */
#ifndef SRC_SESSION_CLOSED_RING_H
#define SRC_SESSION_CLOSED_RING_H

#include "session/host.h"

enum { CLOSED_LEAVING = 64 };

/* The owner of this socket has just gone; the socket will follow. */
struct closed_left {
	uint64_t key;
	struct owner owner;
};

struct closed_ring {
	struct host_closed *closed;
	size_t head, count; /* the newest is at head - 1 */
	struct closed_left leaving[CLOSED_LEAVING]; /* a ring */
	size_t leaving_head;
};

void closed_ring_init(struct closed_ring *r);
void closed_ring_done(struct closed_ring *r);
void closed_ring_leave(struct closed_ring *r, const struct closed_left *l);
/* Whose owner is not known gets the one that has left it. */
void closed_ring_add(struct closed_ring *r, const struct host_closed *c);
const struct host_closed *closed_ring_at(const struct closed_ring *r, size_t index); /* NULL: so many there are not */

/* What it was when it was last seen, with its last counters. One that its owner resets is emptied first, of its ends
 * and its counters: then what was seen is more. */
struct sock closed_sock(const struct sock *seen, const struct sock *dead);

#endif
