/* broker_message.c - messages with a descriptor, unix(7). */
#include "broker_inside.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FDS_MOST = 8 };

union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(FDS_MOST * sizeof(int))];
};

int broker_send(int pair, const void *bytes, size_t len, int fd)
{
	struct iovec part = { .iov_base = (void *)(size_t)bytes, .iov_len = len };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1 };
	union control control = { 0 };
	ssize_t sent;

	if (fd >= 0) {
		m.msg_control = control.bytes;
		m.msg_controllen = CMSG_SPACE(sizeof fd);
		control.align = (struct cmsghdr){ .cmsg_len = CMSG_LEN(sizeof fd),
						  .cmsg_level = SOL_SOCKET,
						  .cmsg_type = SCM_RIGHTS };
		memcpy(CMSG_DATA(&control.align), &fd, sizeof fd);
	}
	do
		sent = sendmsg(pair, &m, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : 0;
}

ssize_t broker_receive(int pair, void *bytes, size_t size, int *fd, unsigned *fds)
{
	struct iovec part = { .iov_base = bytes, .iov_len = size };
	union control control;
	struct msghdr m = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes
	};
	ssize_t got;

	*fd = -1;
	*fds = 0;
	do
		got = recvmsg(pair, &m, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < count; i++) {
			int one;

			memcpy(&one, CMSG_DATA(c) + i * sizeof one, sizeof one);
			if (*fd >= 0)
				close(one);
			else
				*fd = one;
			++*fds;
		}
	}
	if (*fds > 1) {
		close(*fd);
		*fd = -1;
	}
	return m.msg_flags & MSG_TRUNC ? -EMSGSIZE : got;
}
