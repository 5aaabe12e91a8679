/* groups.h - the rows of the session put together: a group for each process, or for each address at the other end, with
 * totals. A socket that several processes have counts in each of them. Sockets without a known owner are put together
 * by the reason for it; those without an inet peer by what they are.
 *
 * Made anew whenever rows are: 200,000 sockets take some 10 ms. Pure: it reads the session's rows and nothing else.
 */
#ifndef SESSION_GROUPS_H
#define SESSION_GROUPS_H

#include "core/endpoint.h"
#include "session/session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* What the sockets of a group do, by their states. */
enum group_part { PART_LISTEN, PART_OPEN, PART_CLOSE_WAIT, PART_TIME_WAIT, PART_OTHER, PARTS };

/* Remotes that are no address. */
enum remote_class { REMOTE_ADDRESS, REMOTE_NONE, REMOTE_UNIX };

struct group {
	uint64_t key;            /* identity: stays with the process or the address */
	struct owner owner;      /* the process; of a remote: the first that talks to it. pid 0: none is known */
	bool several;            /* of a remote: other processes, too */
	uint8_t reason;          /* of a process: why it is not known; OWNER_KNOWN */
	uint8_t class;           /* of a remote: enum remote_class */
	struct endpoint address; /* of a remote, without a port */
	uint32_t sockets, parts[PARTS];
	uint32_t fresh, closed;           /* of these, opened a moment ago, closed */
	uint32_t waiting;                 /* connections that wait for accept */
	bool full;                        /* in a listener's queue that takes no more */
	bool rated;                       /* of one socket at least the rate is known */
	uint64_t out, in, retransmits;    /* rates, as in struct sock_rate */
	uint64_t sent, received, retrans; /* so far, of those that are there */
	uint64_t recv_q, send_q;          /* bytes; not of listeners */
	uint64_t rtt_us;                  /* the mean, of `measured` sockets */
	uint32_t measured;
	uint64_t some; /* key of one of its rows: of a process rather one that it has alone */
	bool alone;    /* `some` is such a one */
};

struct groups {
	struct group *groups;
	size_t count, capacity;
	uint32_t *slots; /* by key: index + 1 */
	size_t slot_count;
};

void groups_make(struct groups *g, const struct session *s, enum group_by by);
void groups_done(struct groups *g);
const struct group *groups_find(const struct groups *g, uint64_t key); /* NULL: gone */
/* Is this row in the group? */
bool group_has(const struct group *g, const struct session *s, enum group_by by, const struct row *r);
/* The filter that leaves only its sockets: "dst:192.0.2.1", "pid:812". Appends; false where there is none. */
bool group_narrow(const struct group *g, enum group_by by, struct buf *out);

#endif
