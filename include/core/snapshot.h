/* snapshot.h - every socket of this host (or of some network namespaces) at one instant, with the processes that own
 * them, and what changed between two such instants.
 *
 * A snapshot is filled by the kernel layer, never changed afterwards, and may be shared. Records are sorted by key;
 * owners lie in one array, grouped by record. Strings that repeat (process names) are kept in the owner itself.
 * Identity: (netns, cookie) where the kernel gives a cookie, else (netns, kind, inode), else endpoints and protocol.
 */
#ifndef CORE_SNAPSHOT_H
#define CORE_SNAPSHOT_H

#include "core/sock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECORD_NONE UINT32_MAX

/* Why `owners` is empty; each has a word and a sentence. */
enum owner_reason {
	OWNER_KNOWN, OWNER_NO_PERMISSION, OWNER_TIME_WAIT, OWNER_ORPHAN, OWNER_KERNEL, OWNER_OTHER_PID_NAMESPACE,
	OWNER_EXITED, OWNER_NOT_ASKED, OWNER_REASONS
};

struct owner_reason_row {
	const char *name;            /* "no-permission"; NULL for KNOWN and NOT_ASKED */
	const char *help;
};
extern const struct owner_reason_row owner_reasons[OWNER_REASONS];

struct owner {
	uint32_t pid;
	int32_t fd;
	uint32_t uid;                /* of the process */
	char process[16];            /* comm, as the kernel has it: not clean */
};

struct record {
	struct sock sock;
	uint64_t key;                /* identity, a hash; unique in its snapshot */
	uint64_t netns;              /* inode of its network namespace */
	uint32_t owner_first, owner_count; /* in snapshot->owners */
	uint32_t peer;               /* index of the record at the other end, RECORD_NONE when it is not on this host */
	uint8_t reason;              /* enum owner_reason */
	uint32_t mark;
	uint64_t cgroup;             /* id, 0 for none */
};

struct snapshot {
	struct record *records;      /* sorted by key */
	size_t count;
	struct owner *owners;
	size_t owner_count;
	uint64_t at_ns, mono_ns;     /* when it was begun: CLOCK_REALTIME, CLOCK_MONOTONIC */
	uint64_t took_ns;
	bool partial;                /* a dump was interrupted, or a kind could not be read */
	char why[160];               /* the first reason for it */
	unsigned hidden;             /* owners that could not be seen for lack of a privilege */
};

void snapshot_free(struct snapshot *s);                       /* NULL is fine */
const struct record *snapshot_find(const struct snapshot *s, uint64_t key);
const struct owner *record_owners(const struct snapshot *s, const struct record *r, size_t *count);
const struct record *record_peer(const struct snapshot *s, const struct record *r); /* NULL: none */

enum change { CHANGE_OPENED, CHANGE_CHANGED, CHANGE_CLOSED };

/* Calls `tell` for every difference, in order of key: opened and changed with the record of `now`, closed with that of
 * `before` (NULL `before`: everything was opened). Changed: state, endpoints, queues, owners. */
void snapshot_diff(const struct snapshot *before, const struct snapshot *now,
		   void (*tell)(void *ctx, enum change change, const struct snapshot *in, const struct record *r),
		   void *ctx);

#endif
