/* held_tcp.h - the TCP sockets of our own network namespace by way of the processes that hold them: one BPF pass tells
 * both, in half the time of a dump and a pass (assets/bpf/tcp.bpf.c). */
#ifndef SRC_KERNEL_HELD_TCP_H
#define SRC_KERNEL_HELD_TCP_H

struct diag;
struct owner_map;
struct snapshot;

/* Add them all, also those that no process has, and fill the map. They come with what a message of sock_diag has, but
 * for the cookie, the timer and the user. 0, or -errno: it cannot be done, there are fewer than `least`, they come and
 * go too quickly, or (-EAGAIN) it is not certain that these are all; then the snapshot is as it was, and a dump must
 * tell. */
int held_tcp(struct owner_map *m, struct diag *d, struct snapshot *snap, unsigned least);

#endif
