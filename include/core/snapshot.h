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

enum { RECORD_PORT = 0x80 }; /* of an end's family: it has a port */

/* Why `owners` is empty; each has a word and a sentence. */
enum owner_reason {
	OWNER_KNOWN,
	OWNER_NO_PERMISSION,
	OWNER_TIME_WAIT,
	OWNER_ORPHAN,
	OWNER_KERNEL,
	OWNER_OTHER_PID_NAMESPACE,
	OWNER_EXITED,
	OWNER_NOT_ASKED,
	OWNER_REASONS
};

struct owner_reason_row {
	const char *name; /* "no-permission"; NULL for KNOWN and NOT_ASKED */
	const char *help;
};
extern const struct owner_reason_row owner_reasons[OWNER_REASONS];

struct owner {
	uint32_t pid;
	int32_t fd;
	uint32_t uid;     /* of the process */
	char process[16]; /* comm, as the kernel has it: not clean */
};

/* One socket, packed: there may be hundreds of thousands. The plain values may be read as they are; record_sock()
 * makes a whole struct sock of it. */
struct record {
	uint64_t key;    /* identity, a hash; unique in its snapshot */
	uint64_t cookie; /* 0: none */
	uint32_t netns;  /* inode of its network namespace; like that of a socket, the kernel counts it in 32 bits */
	uint32_t inode;  /* 0: none */
	union {
		uint64_t cgroup;
		uint64_t peer_inode; /* AF_UNIX */
	};
	union { /* the ends */
		struct {
			uint8_t local[16], remote[16];
		}; /* addresses; their ports and zones are below */
		struct {
			uint32_t local_at, remote_at;
		}; /* AF_UNIX: where the name begins in snapshot->names */
	};
	uint32_t local_zone, remote_zone;
	uint16_t local_port, remote_port;    /* AF_UNIX: length of the name */
	uint8_t local_family, remote_family; /* AF_UNSPEC: no such end; | RECORD_PORT: it has a port */
	uint8_t family, type;
	uint16_t protocol, known, flags;
	uint8_t state, timer, timer_retries, shutdown, tos;
	uint8_t reason; /* enum owner_reason */
	uint32_t uid, interface, recv_q, send_q, backlog, timer_ms, mark;
	uint32_t rmem_alloc, rcvbuf, wmem_alloc, sndbuf, drops;
	uint32_t tcp;                      /* where it begins in snapshot->tcps, valid with SOCK_HAS_TCP */
	uint32_t owner_first, owner_count; /* in snapshot->owners */
	uint32_t peer; /* index of the record at the other end, RECORD_NONE when it is not on this host */
};

struct snapshot {
	struct record *records; /* sorted by key once it is settled */
	size_t count, capacity;
	struct owner *owners;
	size_t owner_count, owner_capacity;
	uint8_t *tcps; /* struct sock_tcp, packed (core/tcp_pack.h), one behind the other */
	size_t tcp_bytes, tcp_capacity;
	char *names; /* of UNIX sockets, one behind the other */
	size_t name_bytes, name_capacity;
	uint64_t at_ns, mono_ns; /* when it was begun: CLOCK_REALTIME, CLOCK_MONOTONIC */
	uint64_t took_ns;
	bool partial;    /* a dump was interrupted, or a kind could not be read */
	char why[160];   /* the first reason for it */
	unsigned hidden; /* owners that could not be seen for lack of a privilege */
	void *map;       /* of one that was read from a file: the arrays lie in it, and cannot be written; NULL */
	size_t map_bytes;
};

/* Making one: add in any order, then settle. */
void snapshot_reserve(struct snapshot *s, size_t records); /* that many more are to come: room for them at once */
struct record *snapshot_add(struct snapshot *s, const struct sock *sock, uint64_t netns); /* valid until the next */
void snapshot_own(struct snapshot *s, struct record *r,
		  const struct owner *o); /* owners of a record: one after the other */
void snapshot_settle(struct snapshot *s); /* in order of key, each once */
void snapshot_free(struct snapshot *s);   /* NULL is fine */
void snapshot_done(struct snapshot *s);   /* of one that lies in another struct: frees what it holds */

const struct record *snapshot_find(const struct snapshot *s, uint64_t key);
const struct owner *record_owners(const struct snapshot *s, const struct record *r, size_t *count);
const struct record *record_peer(const struct snapshot *s, const struct record *r); /* NULL: none */
/* A copy of everything that is known of it. */
void record_sock(const struct snapshot *s, const struct record *r, struct sock *out);
bool record_tcp(const struct snapshot *s, const struct record *r, struct sock_tcp *out); /* false: not known */
/* A name that is in the snapshot: the remote end of a UNIX socket is what its peer is bound to. */
void record_name_peer(struct record *r, const struct record *peer);
uint64_t sock_key(const struct sock *s, uint64_t netns); /* its identity */

enum change { CHANGE_OPENED, CHANGE_CHANGED, CHANGE_CLOSED };

/* Of two records with one key, in two snapshots: did state, endpoints, queues or owners change? */
bool record_changed(const struct snapshot *before, const struct record *was, const struct snapshot *now,
		    const struct record *is);
/* Calls `tell` for every difference, in order of key: opened and changed with the record of `now`, closed with that of
 * `before` (NULL `before`: everything was opened). Changed: state, endpoints, queues, owners. */
void snapshot_diff(const struct snapshot *before, const struct snapshot *now,
		   void (*tell)(void *ctx, enum change change, const struct snapshot *in, const struct record *r),
		   void *ctx);

#endif
