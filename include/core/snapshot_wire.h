/* snapshot_wire.h - a snapshot through a file descriptor: from the broker, which may look, to the process that shows
 * it. Both are the same program, so its arrays are sent as they lie in memory; the reader checks every index, length
 * and enumerator all the same.
 */
#ifndef CORE_SNAPSHOT_WIRE_H
#define CORE_SNAPSHOT_WIRE_H

#include "core/snapshot.h"

struct err;

/* A sealed memfd_create(2) file with this snapshot, or -errno. */
int snapshot_to_file(const struct snapshot *s, struct err *e);
/* The snapshot in such a file; *fd stays the caller's. 0, -EBADMSG for anything else than a sealed, sound snapshot. */
int snapshot_from_file(int fd, struct snapshot **out, struct err *e);
/* The check alone: is every index inside, every string ended, every enumerator known? */
bool snapshot_is_sound(const struct snapshot *s);

#endif
