/* owners.h - which process holds which socket.
 *
 * A map of all processes with the sockets that each holds. A full pass fills it: by a BPF iterator where the kernel
 * allows that, else by reading /proc/PID/fd. Later passes of a live view are incremental: only processes that may have
 * changed are looked into again. A process is looked into when
 *   - it is new, or its number of descriptors is another (the size of /proc/PID/fd, since Linux 6.2),
 *   - one of its sockets is gone from the kernel's tables (catches a server that closes one and accepts another),
 *   - it took a socket that was new within the last passes (it will again),
 *   - its turn has come: every pass a thirtieth of all are (catches descriptors that were passed along);
 * and all the rest when a socket has no owner in two passes in a row, once for each socket.
 */
#ifndef SRC_KERNEL_OWNERS_H
#define SRC_KERNEL_OWNERS_H

#include "core/snapshot.h"
#include "util/hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct inet_diag_msg;

struct held {
	uint32_t inode;              /* of sockets they have 32 bits */
	int32_t fd;
	bool listed;                 /* it was in the tables: of a kind and namespace that is looked at */
};

struct holder { /* a process */
	uint32_t pid, uid;
	char name[16];               /* comm, as the kernel has it */
	size_t first;                /* in owner_map.held */
	uint32_t count;
	uint32_t descriptors;        /* size of /proc/PID/fd when it was looked into; UINT32_MAX: not known */
	uint32_t seen;               /* the last pass in which it lived */
	uint32_t scanned;            /* the last pass in which it was looked into */
	uint32_t hit;                /* the last pass in which it had a socket that was new */
	bool lost;                   /* one of its sockets is gone from the tables */
	bool hidden;                 /* it may not be looked into */
};

/* Inodes of the sockets of a snapshot: where their records are. Several records may have the same inode. */
struct inode_index {
	const struct snapshot *in;
	struct inode_slot {
		uint32_t inode;      /* its lower half, which decides almost always; */
		uint32_t record;     /* index + 1; 0: empty */
	} *slots;
	size_t mask;
};

struct owner_map {
	struct holder *holders;      /* in order of pid once a pass is over */
	size_t count, capacity;
	struct held *held;
	size_t held_count, held_capacity, garbage;
	uint32_t pass;
	bool filled;                 /* there was a full pass */
	bool fresh;                  /* it was a moment ago, by owners_tcp() */
	bool listed;                 /* every process is in `holders`, also those without a socket */
	uint64_t *unknown;           /* inodes that had no owner in the last pass, in order */
	size_t unknown_count;
	uint64_t *hopeless;          /* inodes that nobody has: not looked for again, in order */
	size_t hopeless_count;
	unsigned hidden;             /* processes that may not be looked into, found in passing */
	uint32_t asked;              /* the pass in which all of them were asked whether they may be; 0: none yet */
	bool closed;                 /* and one may not */
	void *bpf;                   /* the loaded iterator, NULL */
	bool bpf_refused;            /* not built in, or the kernel said no */
	bool nested;                 /* we are in a pid namespace of our own: other processes cannot be seen */
};

void owners_done(struct owner_map *m);
/* Bring the map up to date with the sockets of `s`, which is settled. `live`: a follow-up of the last one. */
void owners_update(struct owner_map *m, const struct snapshot *s, const struct inode_index *index, bool live);

/* A full pass that also tells of the TCP sockets of our own network namespace: what of them is in sock_diag's message,
 * but for the cookie, the timer and the user; and of a listener how many connections are not established yet. Each is
 * told once for each of its descriptors. The next update makes no pass. 0, or -errno: the map is not filled. */
typedef void (*owners_tcp_each)(void *ctx, const struct inet_diag_msg *m, uint32_t requests);
int owners_tcp(struct owner_map *m, owners_tcp_each each, void *ctx);

/* Is there a process that may not be looked into, so that it may have what nobody seems to? Looks at all of them, but
 * not in every pass. */
bool owners_hidden(struct owner_map *m);

/* `s` is borrowed until the index is done. */
void inode_index_make(struct inode_index *index, const struct snapshot *s);
void inode_index_done(struct inode_index *index);
/* Walk the records with this inode: start with *at = SIZE_MAX. False: no more. */
static inline bool inode_index_next(const struct inode_index *index, uint64_t inode, size_t *at, uint32_t *record)
{
	size_t k = (*at == SIZE_MAX ? hash_near(inode) : *at + 1) & index->mask;

	for (; index->slots[k].record; k = (k + 1) & index->mask) {
		*record = index->slots[k].record - 1;
		*at = k;
		if (index->slots[k].inode == (uint32_t)inode && index->in->records[*record].inode == inode)
			return true;
	}
	return false;
}

/* --- for the ways to look --- */

/* The sockets of a process, one after the other: begin, hold…, until the next begin. */
struct holder *owners_begin(struct owner_map *m, uint32_t pid);
void owners_hold(struct owner_map *m, struct holder *h, uint64_t inode, int32_t fd);

/* owners_proc.c: one process by /proc. `proc` is /proc, opened. */
void owners_proc_scan(struct owner_map *m, int proc, uint32_t pid);
/* Call `each` for every process. */
void owners_proc_list(int proc, void (*each)(void *ctx, uint32_t pid), void *ctx);
bool owners_proc_closed(int proc, uint32_t pid); /* it may not be looked into */
uint32_t owners_proc_descriptors(int proc, uint32_t pid); /* UINT32_MAX: not known */

/* owners_bpf.c: make ready to, which takes longer than to look; false: it cannot be. */
bool owners_bpf_load(struct owner_map *m);
/* Of all processes, or of one (pid 0: all). 0: everything was found; -errno: use /proc. */
int owners_bpf_scan(struct owner_map *m, uint32_t pid);
int owners_bpf_tcp(struct owner_map *m, owners_tcp_each each, void *ctx);
void owners_bpf_done(struct owner_map *m);

#endif
