/* sampler.h - takes snapshots: sock_diag dumps, /proc/net where a kind has no handler, owners joined.
 *
 * One sampler, one thread. It keeps what makes the next snapshot cheap (which process owned what). It blocks while it
 * works: milliseconds for a thousand sockets, tenths of a second for 200,000. The session runs it in a thread of its
 * own.
 */
#ifndef KERNEL_SAMPLER_H
#define KERNEL_SAMPLER_H

#include "core/process.h"
#include "core/snapshot.h"

struct err;
struct sampler;

enum sample_kind {
	SAMPLE_TCP = 1 << 0,
	SAMPLE_UDP = 1 << 1,
	SAMPLE_RAW = 1 << 2,
	SAMPLE_UNIX = 1 << 3,
	SAMPLE_PACKET = 1 << 4,
	SAMPLE_NETLINK = 1 << 5,
	SAMPLE_MPTCP = 1 << 6,
	SAMPLE_UDPLITE = 1 << 7,
	SAMPLE_SCTP = 1 << 8,
	SAMPLE_VSOCK = 1 << 9,
	SAMPLE_ALL = (1 << 10) - 1
};

struct sample_request {
	unsigned kinds;    /* enum sample_kind; 0: all */
	unsigned states;   /* bits 1 << enum state; 0: all. Pushed into the kernel's dump */
	int family;        /* AF_INET, AF_INET6; 0: both. Pushed down too */
	bool owners, info; /* who has it; struct tcp_info, memory, congestion control */
	bool plain;        /* of TCP the kind, ends, state, queues, interface, inode and owners will do */
	bool unsettled;    /* records as they came, one may be there twice: nothing is to be found by its key */
	bool no_peers;     /* the other ends are not looked for, but the names of UNIX ones */
	bool live;         /* follow-up of the last one: the incremental owner scheme may be used */
	const char *netns; /* NULL: ours; a name, a pid, or "all" */
};

int sampler_new(struct sampler **out, struct err *e);
void sampler_free(struct sampler *s); /* NULL is fine */
int sampler_take(struct sampler *s, const struct sample_request *request, struct snapshot **out, struct err *e);

/* SOCK_DESTROY of one socket, named by its record. -EPERM with the capability, -EOPNOTSUPP where the kernel cannot. */
int sampler_destroy(struct sampler *s, const struct snapshot *in, const struct record *r, struct err *e);

/* What closed sockets were, from the destroy groups of sock_diag: a descriptor for poll, and what has come. */
int sampler_watch(struct sampler *s, struct err *e); /* 0 or -errno; needs no privilege */
int sampler_watch_fd(const struct sampler *s);       /* -1 when it does not watch */
/* The next socket that was destroyed, with its final counters. 1 or 0. */
int sampler_watched(struct sampler *s, struct sock *out);

/* More of one process, from /proc. Fields that cannot be read are empty. */
int process_read(uint32_t pid, struct process *out, struct err *e);
/* kill(2), by a pidfd, of a process that still has this name (comm). -ESRCH: it is gone, or has another one. */
int process_signal(uint32_t pid, const char *name, int number, struct err *e);
/* The part of it that /proc/PID/cgroup tells (cgroups(7)): `unit` and `container`, where there is one. */
void process_cgroup(const char *text, struct process *out);

#endif
