/* list_name.c - -r: names of hosts and services. Each address is asked for once (c-ares: the hosts file, then DNS),
 * many at a time, and the answers are waited for a limited time: what has none by then stays a number. Names are
 * foreign text, which the columns clean.
 */
#include "cli/list.h"

#include "session/resolve.h"
#include "util/clock.h"
#include "util/err.h"
#include "util/mem.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AT_ONCE = 128, SLOTS = 1 << 14 };

#define PATIENCE_NS UINT64_C(2000000000)

struct asked {
	struct endpoint address;
	struct list_names *of;
	char name[NI_MAXHOST]; /* empty: none, or not yet */
};

struct list_names {
	struct sock_names names;
	const struct sock_names *inner;
	uint32_t slots[SLOTS]; /* 1 + index in asked; 0: free */
	struct asked *asked;   /* lies still while it is asked for */
	size_t count, capacity;
	size_t next, answered; /* of these */
	char service[NI_MAXSERV];
};

/* --- asking --- */

static void told(void *arg, const char *name)
{
	struct asked *a = arg;

	snprintf(a->name, sizeof a->name, "%s", name ? name : "");
	a->of->answered++;
}

static void wait_for_answers(struct resolver *r, uint64_t left_ns)
{
	struct pollfd fds[RESOLVE_FDS];
	uint64_t wait_ns;
	size_t count = resolver_poll(r, fds, &wait_ns);

	if (wait_ns > left_ns)
		wait_ns = left_ns;
	if (poll(fds, count, (int)(wait_ns / 1000000) + 1) < 0 && errno != EINTR)
		return;
	resolver_work(r, fds, count);
}

static void ask_all(struct list_names *n)
{
	uint64_t until = clock_mono_ns() + PATIENCE_NS, now;
	struct resolver *r;
	struct err e;

	if (resolver_new(&r, &e)) {
		complain(0, "%s", e.text);
		return;
	}
	while (n->answered < n->count && (now = clock_mono_ns()) < until) {
		for (; n->next < n->count && n->next < n->answered + AT_ONCE; n->next++) {
			struct asked *a = &n->asked[n->next];

			a->of = n;
			resolver_ask_name(r, &a->address, told, a);
		}
		if (n->answered < n->next)
			wait_for_answers(r, until - now);
	}
	resolver_free(r);
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
	n->names = (struct sock_names){ n, user_name, interface_name, netns_name, host_name, service_name };
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
