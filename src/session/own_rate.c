/* How fast our own sockets go: of TCP by the kernel's counters, of all others by what our calls moved. */
#include "inside.h"

#include "util/mem.h"

#include <stdlib.h>

enum { EVERY_NS = 1000000000 };

struct own_rate {
	uint32_t sock;
	struct rate_counts counts; /* at own_rated_ns */
	struct sock_rate rate;
};

static struct rate_counts counts_of(const struct lab_sock *sock)
{
	if (sock->now.known & SOCK_HAS_TCP)
		return rate_counts_of(&sock->now.tcp);
	return (struct rate_counts){ .sent = sock->sent, .received = sock->received };
}

static int by_sock(const void *a, const void *b)
{
	const struct own_rate *left = a, *right = b;

	return left->sock < right->sock ? -1 : left->sock > right->sock;
}

static const struct own_rate *find(const struct session *s, uint32_t id)
{
	const struct own_rate wanted = { .sock = id };

	return s->own_rate_count ? bsearch(&wanted, s->own_rates, s->own_rate_count, sizeof wanted, by_sock) : NULL;
}

void session_rate_own(struct session *s, uint64_t now_mono)
{
	uint64_t passed = now_mono - s->own_rated_ns;
	struct own_rate *made = NULL;
	size_t count = 0, capacity = 0;
	struct lab_sock *sock;

	if (passed < EVERY_NS)
		return;
	for (size_t i = 0; (sock = lab_next(s->lab, &i));) {
		const struct own_rate *was = find(s, sock->id);
		struct own_rate r = { .sock = sock->id, .counts = counts_of(sock) };

		if (sock->closed)
			continue;
		if (was)
			r.rate = rate_between(&was->counts, &r.counts, passed);
		MEM_ROOM(made, count, capacity);
		made[count++] = r;
	}
	if (count)
		qsort(made, count, sizeof *made, by_sock);
	free(s->own_rates);
	s->own_rates = made;
	s->own_rate_count = count;
	s->own_rated_ns = now_mono;
}

const struct sock_rate *session_own_rate(const struct session *s, uint32_t id)
{
	const struct own_rate *r = find(s, id);

	return r ? &r->rate : NULL;
}
