/* diag.h - sock_diag(7): what the kernel says of a socket that we hold no descriptor of (any more).
 *
 * Exact look-ups by four-tuple and cookie (TCP, UDP) or by inode (UNIX) cost about 5 µs each. RAW
 * has no handler on many kernels: /proc/net/raw and raw6 answer then. A TIME-WAIT socket keeps its
 * cookie, has inode 0, and reads FIN-WAIT-2 until the other side closes. One handle, one thread.
 */
#ifndef KERNEL_DIAG_H
#define KERNEL_DIAG_H

#include "core/sock.h"

struct err;
struct diag;

int diag_open(struct diag **out, struct err *e); /* of the network namespace that the caller is in */
/* The same, for who stays in that namespace and may open files: the tables of /proc/net are opened once they are
 * needed. */
int diag_open_later(struct diag **out, struct err *e);
void diag_close(struct diag *d);   /* NULL is fine */
int diag_fd(const struct diag *d); /* so that our own netlink socket is told from the user's */
/* 0 and *now filled; -ENOENT when there is no such socket (any more); another -errno when it cannot
 * be told. `was` names it: family, type, protocol, local, remote, and the cookie or inode where
 * known. */
int diag_find(struct diag *d, const struct sock *was, struct sock *now, struct err *e);

#endif
