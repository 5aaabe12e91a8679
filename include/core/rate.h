/* rate.h - how fast the counters of a TCP socket go, from two looks at it: no capture and no privilege is needed.
 *
 * A rate is known only where both looks are of the same socket, some time apart, and no counter went back (a socket
 * that is reset is emptied of its counters). What was opened in between has none yet: its first bytes may be older than
 * the first look.
 */
#ifndef CORE_RATE_H
#define CORE_RATE_H

#include "core/snapshot.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RATE_LEAST_NS 10000000u /* two looks closer together tell nothing */

enum { RATE_MILLI = 1000 };

struct sock_rate {
	bool known;
	uint64_t out, in;     /* bytes a second: sent, with those sent again, and received */
	uint64_t retransmits; /* segments sent again, in thousandths a second */
};

/* What is counted of a socket at one instant. */
struct rate_counts {
	uint64_t sent, received, retransmits;
};

struct rate_counts rate_counts_of(const struct sock_tcp *t);
/* `ns`: the time between the two. Not known: everything is 0. */
struct sock_rate rate_between(const struct rate_counts *before, const struct rate_counts *now, uint64_t ns);
/* Does it go at all? */
bool rate_moves(const struct sock_rate *r);

/* The rates of the records of a snapshot. Most sockets are idle: only those that move take room, and a bit each. */
struct rates {
	struct moving {
		uint32_t record;
		struct sock_rate rate;
	} * moving; /* in order of record */
	size_t count, capacity;
	uint8_t *known; /* bits: of these records a rate is known */
};

/* Since `before`, which is an earlier look at the same sockets; NULL: none is known. rates_done() it. */
void rates_make(struct rates *r, const struct snapshot *before, const struct snapshot *now);
void rates_done(struct rates *r);
/* Of the record at this index; valid as long as the rates. */
const struct sock_rate *rates_of(const struct rates *r, size_t record);

#endif
