/* list_name.c - -r: names of hosts and services. Names are asked for all at once by a few threads
 * (getnameinfo(3): hosts file, DNS, whatever the system is set up with) and waited for a limited
 * time; a thread that is still stuck in a name server's silence is left alone, and what it shares
 * with us goes with the last one.
 */
#include "cli/list.h"

#include "util/clock.h"
#include "util/hash.h"
#include "util/mem.h"

#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { THREADS = 16, SLOTS = 1 << 14, PATIENCE_S = 2 };

struct asked {
	struct endpoint address;
	char name[NI_MAXHOST]; /* empty: none, or not yet */
};

/* What the threads share with us; the last to leave frees it. */
struct board {
	pthread_mutex_t lock; /* guards everything but the addresses, which are fixed before */
	pthread_cond_t done;
	struct asked *asked;
	size_t count, next, answered;
	unsigned users;
};

struct list_names {
	struct sock_names names;
	const struct sock_names *inner;
	uint32_t slots[SLOTS]; /* 1 + index in asked; 0: free */
	struct asked *asked;   /* with the answers that have come in time */
	size_t count, capacity;
	char service[NI_MAXSERV];
};

/* --- asking --- */

static void leave(struct board *b)
{
	bool last;

	pthread_mutex_lock(&b->lock);
	last = --b->users == 0;
	pthread_mutex_unlock(&b->lock);
	if (!last)
		return;
	pthread_mutex_destroy(&b->lock);
	pthread_cond_destroy(&b->done);
	free(b->asked);
	free(b);
}

static void *ask(void *ctx)
{
	struct board *b = ctx;

	pthread_mutex_lock(&b->lock);
	while (b->next < b->count) {
		struct asked *a = &b->asked[b->next++];
		struct sockaddr_storage address;
		socklen_t len = endpoint_to_sockaddr(&a->address, &address);
		char name[NI_MAXHOST] = "";

		pthread_mutex_unlock(&b->lock);
		if (getnameinfo((struct sockaddr *)&address, len, name, sizeof name, NULL, 0,
				NI_NAMEREQD))
			name[0] = '\0';
		pthread_mutex_lock(&b->lock);
		memcpy(a->name, name, sizeof a->name);
		if (++b->answered == b->count)
			pthread_cond_signal(&b->done);
	}
	pthread_mutex_unlock(&b->lock);
	leave(b);
	return NULL;
}

static struct board *put_up(const struct list_names *n)
{
	struct board *b = mem_alloc(sizeof *b);
	pthread_condattr_t clock;

	pthread_mutex_init(&b->lock, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&b->done, &clock);
	pthread_condattr_destroy(&clock);
	b->asked = mem_array(n->count, sizeof *b->asked);
	memcpy(b->asked, n->asked, n->count * sizeof *b->asked);
	b->count = n->count;
	b->users = 1;
	return b;
}

static void ask_all(struct list_names *n)
{
	struct board *b = put_up(n);
	struct timespec until;

	for (size_t i = 0; i < THREADS && i < n->count; i++) {
		pthread_t thread;

		pthread_mutex_lock(&b->lock);
		b->users++;
		pthread_mutex_unlock(&b->lock);
		if (pthread_create(&thread, NULL, ask, b))
			leave(b);
		else
			pthread_detach(thread);
	}
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += PATIENCE_S;
	pthread_mutex_lock(&b->lock);
	while (b->answered < b->count && b->users > 1)
		if (pthread_cond_timedwait(&b->done, &b->lock, &until))
			break;
	b->next = b->count; /* who is late needs to ask no more */
	memcpy(n->asked, b->asked, n->count * sizeof *n->asked);
	pthread_mutex_unlock(&b->lock);
	leave(b);
}

/* --- the addresses --- */

/* Its slot: free, or that of the same address. NULL: there are too many. */
static uint32_t *slot_of(struct list_names *n, const struct endpoint *e)
{
	struct endpoint bare = *e;
	uint64_t at;

	bare.port = 0;
	bare.has_port = false;
	at = endpoint_hash(&bare, 0);
	for (size_t i = 0; i < 64; i++) {
		uint32_t *slot = &n->slots[(at + i) % SLOTS];

		if (!*slot || endpoint_same_address(&n->asked[*slot - 1].address, e))
			return slot;
	}
	return NULL;
}

static void note(struct list_names *n, const struct endpoint *e)
{
	uint32_t *slot;

	if ((e->family != AF_INET && e->family != AF_INET6) || endpoint_is_any(e))
		return;
	slot = slot_of(n, e);
	if (!slot || *slot)
		return;
	MEM_ROOM(n->asked, n->count, n->capacity);
	memset(&n->asked[n->count], 0, sizeof *n->asked);
	n->asked[n->count].address = *e;
	*slot = (uint32_t)++n->count;
}

/* --- names, and those of `inner` --- */

static const char *host_name(void *ctx, const struct endpoint *e)
{
	struct list_names *n = ctx;
	const uint32_t *slot = slot_of(n, e);
	const char *name = slot && *slot ? n->asked[*slot - 1].name : "";

	return *name ? name : NULL;
}

static const char *service_name(void *ctx, const struct sock *s, uint16_t port)
{
	struct list_names *n = ctx;
	const char *proto = sock_kind(s) == KIND_UDP ? "udp" : "tcp";
	const struct servent *known = getservbyport(htons(port), proto);

	snprintf(n->service, sizeof n->service, "%s", known ? known->s_name : "");
	return known ? n->service : NULL;
}

static const char *user_name(void *ctx, uint32_t uid)
{
	const struct sock_names *inner = ((struct list_names *)ctx)->inner;

	return inner->user ? inner->user(inner->ctx, uid) : NULL;
}

static const char *interface_name(void *ctx, uint64_t netns, uint32_t index)
{
	const struct sock_names *inner = ((struct list_names *)ctx)->inner;

	return inner->interface ? inner->interface(inner->ctx, netns, index) : NULL;
}

static const char *netns_name(void *ctx, uint64_t inode)
{
	const struct sock_names *inner = ((struct list_names *)ctx)->inner;

	return inner->netns ? inner->netns(inner->ctx, inode) : NULL;
}

struct list_names *list_names_new(const struct sock_names *inner)
{
	struct list_names *n = mem_alloc(sizeof *n);

	n->inner = inner;
	n->names = (struct sock_names){ n,          user_name, interface_name,
					netns_name, host_name, service_name };
	return n;
}

void list_names_free(struct list_names *n)
{
	if (!n)
		return;
	free(n->asked);
	free(n);
}

const struct sock_names *list_names_ask(struct list_names *n, const struct picked *p)
{
	for (size_t i = 0; i < p->count; i++) {
		struct sock s;

		record_sock(p->snapshot, &p->snapshot->records[p->rows[i]], &s);
		note(n, &s.local);
		if (endpoint_there(&s.remote))
			note(n, &s.remote);
	}
	if (n->count)
		ask_all(n);
	return &n->names;
}
