/* gather.h - the dumps that make up a snapshot: sock_diag, and /proc/net where a kind has no handler. */
#ifndef SRC_KERNEL_GATHER_H
#define SRC_KERNEL_GATHER_H

#include "kernel/sampler.h"

struct diag;
struct err;

/* Add every socket that is asked for, but TCP's if the snapshot `has_tcp`; of the namespaces that are. What could not
 * be read makes it partial. 0 or -errno when there is no such namespace. */
int gather_sockets(struct diag *own, const struct sample_request *q, bool has_tcp, struct snapshot *snap, struct err *e);

#endif
