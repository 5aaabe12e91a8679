/* beside_of.h - the facts for analysis/beside.h of a socket, from what the session knows: the kernel's
 * last sample, and the packets of its trail, added up as they come.
 */
#ifndef SESSION_BESIDE_OF_H
#define SESSION_BESIDE_OF_H

#include "analysis/beside.h"
#include "analysis/wire_points.h"
#include "session/session.h"

struct wire_of { /* zeroed: of no socket */
	uint64_t key;
	uint64_t last;             /* number of the newest packet that is in `points` */
	uint64_t others;           /* packets of its trail that are not added up: ICMP errors, second sights */
	uint64_t gone;             /* packets of it that were not there any more */
	uint32_t flow;             /* the newest flow of the socket; FLOW_NONE */
	struct wire_points points; /* and their sum */
};

/* Bring it up to date; another socket begins it anew. */
void wire_of_settle(struct wire_of *w, const struct session *s, uint64_t key);
void wire_of_done(struct wire_of *w);
/* The facts; they borrow `w` and the session until the next turn of the loop. */
void beside_of(const struct session *s, const struct row *r, const struct wire_of *w, struct beside_facts *out);

#endif
