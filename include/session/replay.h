/* replay.h - a recorded sitting (session/sitting.h) brought back: its sockets and calls go into the
 * session's lab, those of the host into a snapshot that stands still. Nothing in it can be changed.
 *
 * Bounded: REPLAY_HOST sockets of the host; what the lab keeps is bounded there.
 */
#ifndef SESSION_REPLAY_H
#define SESSION_REPLAY_H

#include "core/snapshot.h"
#include "session/session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REPLAY_HOST = 1 << 18 };

struct replay {
	uint64_t began_ns;              /* CLOCK_REALTIME */
	uint32_t pid;                   /* whose sitting it was */
	uint64_t unknown, bad, no_room; /* messages of later versions; damaged ones; that found no room */
	struct replay_host *host;       /* by key, the last that was told of each */
	size_t host_count, host_slots;
	bool stale; /* the snapshot does not show all of it */
	/* Of flow f, end e at [2 f + e]: the record that it is, counted from 1, and the own socket's id;
	 * 0: not known. */
	uint32_t *records, *own;
	uint32_t flows; /* so many flows are in there */
	bool deaf;      /* sockets were made here before it began: it is not listened to */
};

/* A block of messages out of the file that is open: the first one begins a replay. */
void replay_take(struct session *s, const uint8_t *bytes, size_t len);
/* The snapshot anew, where something was added, and whose the flows are. */
void replay_settle(struct session *s);
void replay_free(struct replay *r); /* NULL is fine */
/* The record of a flow's end; NULL: not known. */
const struct record *replay_record(const struct session *s, uint32_t flow, unsigned end);
/* The own socket that is this end of a flow; NULL. */
const struct lab_sock *replay_own(const struct session *s, uint32_t flow, unsigned end);
/* Why the command cannot be run now: it would make calls, or needs a living host. NULL: it can. */
const char *session_refuses(const struct session *s, const struct command *c);
/* The process whose sockets are our own: this one, or that of a recording. */
uint32_t session_pid(const struct session *s);

#endif
