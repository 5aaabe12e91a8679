/* owners.h - which process holds which socket: by a BPF iterator where the kernel allows it, else by one pass over
 * /proc/PID/fd. */
#ifndef SRC_KERNEL_OWNERS_H
#define SRC_KERNEL_OWNERS_H

#include "core/snapshot.h"

#include <stdbool.h>

/* A multimap from the inode of a socket to its owners. */
struct owner_map {
	struct owner_entry {
		uint64_t inode;
		uint32_t next;       /* index + 1 of the next owner of this inode, 0: none */
		struct owner owner;
	} *entries;
	size_t count, capacity;
	uint32_t *slots;             /* index + 1 of the first entry of an inode */
	size_t slot_count;           /* a power of two */
	unsigned hidden;             /* processes that could not be looked into */
	void *bpf;                   /* the loaded iterator, NULL */
	bool bpf_refused;            /* not built in, or the kernel said no */
	bool nested;                 /* we are in a pid namespace of our own: other processes cannot be seen */
};

void owners_scan(struct owner_map *m);   /* forgets what was there */
void owners_done(struct owner_map *m);
/* Index + 1 of the first owner of the inode, 0: none. */
uint32_t owners_find(const struct owner_map *m, uint64_t inode);

/* For the ways to look. */
void owners_add(struct owner_map *m, uint64_t inode, const struct owner *o);
int owners_bpf_scan(struct owner_map *m); /* 0: everything was found; -errno: use /proc */
void owners_bpf_done(struct owner_map *m);

#endif
