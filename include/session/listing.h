/* listing.h - every socket of the host, once or again and again, for faces that have no session:
 * the bridge between a headless command and the kernel layer. It also knows the names of users,
 * interfaces and network namespaces, and which sockets are only this program's own plumbing.
 *
 * One listing, one thread; it blocks while a snapshot is taken.
 */
#ifndef SESSION_LISTING_H
#define SESSION_LISTING_H

#include "core/sock_column.h"

struct err;
struct listing;

struct listing_request {
	unsigned kinds;    /* bits 1 << enum sock_kind; 0: all */
	unsigned states;   /* bits 1 << enum state; 0: all */
	int family;        /* AF_INET, AF_INET6: only these of the kinds that have both; 0 */
	bool owners, info; /* who has it; struct tcp_info */
	bool plain;        /* columns that are COLUMN_BASE will do */
	bool unsettled;    /* records in any order, one may be there twice */
	bool no_peers;     /* which socket is at the other end is not asked for */
	bool live;         /* a follow-up */
	const char *netns; /* NULL: ours; a name, a pid, "all" */
};

/* `kinds` are all that will be asked for: bits 1 << enum sock_kind, 0: all. */
int listing_new(unsigned kinds, struct listing **out, struct err *e);
void listing_free(struct listing *l); /* NULL is fine */
/* snapshot_free() the result. */
int listing_take(struct listing *l, const struct listing_request *request, struct snapshot **out, struct err *e);
/* One of the program's own netlink sockets and the like: not the user's business. */
bool listing_is_plumbing(const struct listing *l, const struct snapshot *s, const struct record *r);
/* Borrowed from the listing. */
const struct sock_names *listing_names(struct listing *l);

/* SOCK_DESTROY. -ENOENT: it is gone already; -EPERM: the capability is missing; -EOPNOTSUPP: the
 * kernel cannot. */
int listing_destroy(struct listing *l, const struct snapshot *s, const struct record *r, struct err *e);
/* Sockets that are closed, as the kernel tells of them: 0 or -errno, then a descriptor to poll (or
 * -1). */
int listing_watch(struct listing *l, struct err *e);
int listing_watch_fd(const struct listing *l);
bool listing_closed(struct listing *l, struct sock *out);

#endif
