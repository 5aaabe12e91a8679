#include "inside.h"

#include "util/clock.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

/* Has the connect that the kernel is at come to an end? */
static bool connect_over(int fd, int *error)
{
	struct pollfd one = { .fd = fd, .events = POLLOUT };
	socklen_t len = sizeof *error;

	if (poll(&one, 1, 0) != 1)
		return false;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, error, &len))
		*error = errno;
	return true;
}

/* What the kernel does not tell of a raw socket, because it has no port: whether it is connected. */
static void remember_raw_peer(struct node *n, const struct op *op)
{
	if (n->s.now.type == SOCK_RAW)
		n->raw_peer = op->address;
}

/* Did a SYN leave, as far as the errno tells? What fails before (no route, wrong family) proves nothing. */
static bool went_out(int error)
{
	static const int after_syn[] = { 0, EINPROGRESS, ECONNREFUSED, ECONNRESET, ETIMEDOUT };

	for (size_t i = 0; i < sizeof after_syn / sizeof *after_syn; i++)
		if (error == after_syn[i])
			return true;
	return false;
}

static int begin(struct node *n, struct op *op)
{
	struct sockaddr_storage to = { .ss_family = AF_UNSPEC };
	socklen_t len = endpoint_to_sockaddr(&op->address, &to);

	if (!len) /* an address of no family dissolves the association, see connect(2) */
		len = sizeof(struct sockaddr_in);
	return connect(n->s.fd, (struct sockaddr *)&to, len) ? errno : 0;
}

enum outcome attempt_connect(struct lab *l, struct node *n, struct op *op, struct call *c)
{
	int error = 0;

	(void)l;
	(void)c;
	if (!op->under_way) {
		error = begin(n, op);
		op_stamp(op);
		op->proves = went_out(error);
		if (op->proves && sock_is_tcp(&n->s.now))
			n->s.now.remote = op->address; /* getpeername is silent until it is connected */
		if (!error)
			remember_raw_peer(n, op);
		if (error == EAGAIN && n->s.now.family == AF_UNIX && !op->nowait)
			return op_wait(op, EAGAIN, false); /* the backlog is full: no event tells when it is not */
		if (error != EINPROGRESS && error != EINTR)
			return op_settle(op, error ? -1 : 0, error);
		op->under_way = true;
		if (op->nowait)
			return op_settle(op, 0, EINPROGRESS);
	}
	if (!connect_over(n->s.fd, &error)) /* on loopback it is, at once */
		return op_wait(op, EINPROGRESS, true);
	op_stamp(op);
	return op_settle(op, error ? -1 : 0, error);
}
