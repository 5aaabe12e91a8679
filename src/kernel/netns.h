/* netns.h - network namespaces: which there are, and a diag handle inside one.
 *
 * setns(2) is per thread: a namespace is entered in a thread of its own that opens the netlink socket and the files of
 * /proc/net and ends. Descriptors stay in the namespace they were opened in, so the caller never leaves its own.
 */
#ifndef SRC_KERNEL_NETNS_H
#define SRC_KERNEL_NETNS_H

#include <stddef.h>
#include <stdint.h>

struct diag;
struct err;

enum { NETNS_MOST = 256 };

struct netns {
	uint64_t inode;
	char path[300];      /* /proc/PID/ns/net or /run/netns/NAME */
};

uint64_t netns_own(void);                        /* inode of our own, 0 when it cannot be told */
/* "all", a name of /run/netns, or a pid. Returns how many; 0 with *e when there is none. Each once. */
size_t netns_find(const char *which, struct netns *out, size_t most, struct err *e);
/* A handle inside. 0 or -errno with *e. */
int netns_diag(const struct netns *n, struct diag **out, struct err *e);

#endif
