#include "closed_ring.h"

#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

enum { LATELY = 256 };

void closed_ring_init(struct closed_ring *r)
{
	*r = (struct closed_ring){ .closed = mem_sparse(HOST_CLOSED, sizeof *r->closed) };
}

void closed_ring_done(struct closed_ring *r)
{
	free(r->closed);
	*r = (struct closed_ring){ 0 };
}

void closed_ring_leave(struct closed_ring *r, const struct closed_left *l)
{
	r->leaving[r->leaving_head] = *l;
	r->leaving_head = (r->leaving_head + 1) % CLOSED_LEAVING;
}

/* The destroy group and the next snapshot both tell of the same socket: one after the other, but a TIME-WAIT leaves the
 * tables a minute later. */
void closed_ring_add(struct closed_ring *r, const struct host_closed *c)
{
	size_t most = c->sock.state == STATE_TIME_WAIT ? HOST_CLOSED : LATELY;

	for (size_t i = 0; i < r->count && i < most; i++) {
		const struct host_closed *other = closed_ring_at(r, i);

		if ((c->key && other->key == c->key) || (c->sock.cookie && other->sock.cookie == c->sock.cookie))
			return;
	}
	r->closed[r->head] = *c;
	for (size_t i = 0; !c->owner.pid && c->key && i < CLOSED_LEAVING; i++)
		if (r->leaving[i].key == c->key)
			r->closed[r->head].owner = r->leaving[i].owner;
	r->head = (r->head + 1) % HOST_CLOSED;
	if (r->count < HOST_CLOSED)
		r->count++;
}

const struct host_closed *closed_ring_at(const struct closed_ring *r, size_t index)
{
	return index < r->count ? &r->closed[(r->head + HOST_CLOSED - 1 - index) % HOST_CLOSED] : NULL;
}

struct sock closed_sock(const struct sock *seen, const struct sock *dead)
{
	struct sock last = *seen;

	if ((dead->known & SOCK_HAS_TCP) &&
	    (!(seen->known & SOCK_HAS_TCP) || seen->tcp.bytes_sent <= dead->tcp.bytes_sent)) {
		last.tcp = dead->tcp;
		memcpy(last.tcp.congestion, seen->tcp.congestion, sizeof last.tcp.congestion);
		last.known |= SOCK_HAS_TCP;
	}
	last.state = STATE_CLOSED;
	last.timer = TIMER_NONE;
	last.known &= ~SOCK_HAS_QUEUES;
	return last;
}
