/* broker_request.h - what may be asked of the broker, and what of it is refused. One row a kind. */
#ifndef PRIVILEGE_BROKER_REQUEST_H
#define PRIVILEGE_BROKER_REQUEST_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct err;

enum broker_kind {
	BROKER_SNAPSHOT,
	BROKER_SOCKET,
	BROKER_DESTROY,
	BROKER_SIGNAL,
	BROKER_BIND,
	BROKER_SETSOCKOPT,
	BROKER_KINDS
};

enum { BROKER_NETNS = 64, BROKER_VALUE = 128 };

/* One message, always whole. Only the members of its kind are read. */
struct broker_request {
	uint32_t kind;
	int32_t family, type, protocol;   /* SOCKET, DESTROY; SNAPSHOT: family */
	uint32_t kinds, states;           /* SNAPSHOT: as struct sample_request */
	uint32_t owners, info, live;      /* 0 or 1 */
	char netns[BROKER_NETNS];         /* "": ours */
	uint16_t local_port, remote_port; /* DESTROY, host order */
	uint8_t local[16], remote[16];    /* as in struct endpoint */
	uint32_t interface;
	uint64_t cookie, where; /* where: inode of the network namespace */
	uint32_t pid;           /* SIGNAL */
	int32_t number;
	char name[16];         /* of the process */
	int32_t level, option; /* SETSOCKOPT */
	uint32_t len;          /* of `value`, or of `address` (BIND) */
	union {
		unsigned char value[BROKER_VALUE];
		struct sockaddr_storage address;
	};
};

struct broker_answer {
	int32_t result; /* 0 or -errno */
	char text[320]; /* ends with a NUL */
};

/* Is this message a request that is allowed? `fds` descriptors came with it. 0: *out is a
 * checked copy. -EBADMSG: it is no request at all; -EPERM: one that the broker does not do.
 * Pure: nothing is asked of the kernel. */
int broker_request_check(const void *bytes, size_t len, unsigned fds, struct broker_request *out, struct err *e);

#endif
