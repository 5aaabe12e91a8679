/* owner_watch.h - who has the sockets of the packets that a live source gives.
 *
 * Snapshots of the host's internet sockets are taken by the broker (session/host.h): one at the
 * start, one when a flow shows up that the last one cannot know, one a second while packets come.
 * They are asked for and taken over here, never waited for, but for owner_watch_hold. How often is
 * bounded by what one costs. An end is looked for where it is an address of this host: its
 * connection, then the socket that is bound to it, then to its port. One thread.
 */
#ifndef SESSION_OWNER_WATCH_H
#define SESSION_OWNER_WATCH_H

#include "core/packet.h"
#include "core/packet_owner.h"

#include <stdbool.h>

struct err;
struct guard;
struct owner_watch;
struct source;

/* After source_open. Both are borrowed. */
int owner_watch_new(struct guard *guard, struct source *source, struct owner_watch **out, struct err *e);
void owner_watch_free(struct owner_watch *w); /* before the source's end; NULL is fine */
/* Once a block of packets: take over what has come, ask anew where it is time to. */
void owner_watch_turn(struct owner_watch *w);
/* Look the owners of the packet's flow up; it has been entered (source_enter). They stand in the
 * flow from then on. True: they are not known, but a snapshot that is under way may tell. */
bool owner_watch_look(struct owner_watch *w, const struct packet *p);
/* After that: wait for the snapshot, 100 ms at most, and not while much waits to be read. `stop`
 * is a descriptor that ends the waiting. Whoever reads packets goes on meanwhile. */
void owner_watch_hold(struct owner_watch *w, const struct packet *p, int stop);

#endif
