#include "inside.h"

#include "core/words.h"
#include "util/clock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

const struct verb_row verbs[VERB_COUNT] = {
	[VERB_SOCKET] = { "socket", "socket", "socket(2)" },
	[VERB_BIND] = { "bind", "bind", "bind(2)" },
	[VERB_LISTEN] = { "listen", "listen", "listen(2)" },
	[VERB_ACCEPT] = { "accept", "accept", "accept(2)" },
	[VERB_CONNECT] = { "connect", "connect", "connect(2)" },
	[VERB_SEND] = { "send", "send", "send(2)" },
	[VERB_RECV] = { "recv", "recv", "recv(2)" },
	[VERB_SHUTDOWN] = { "shutdown", "shutdown", "shutdown(2)" },
	[VERB_CLOSE] = { "close", "close", "close(2)" },
	[VERB_ABORT] = { "abort", "close", "close(2)" }, /* with SO_LINGER {1, 0}, see socket(7) */
	[VERB_SETSOCKOPT] = { "setsockopt", "setsockopt", "setsockopt(2)" },
	[VERB_GETSOCKOPT] = { "getsockopt", "getsockopt", "getsockopt(2)" },
};

static const uint32_t own_events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

/* A new descriptor gets its place in the table and the loop. */
static struct node *take_in(struct lab *l, int fd, const char *name, uint64_t at_ns)
{
	struct node *n = node_new(l, name);

	n->s.fd = fd;
	n->s.created_ns = at_ns;
	l->own_open++;
	lab_watch(l, n, own_events, false);
	return n;
}

/* What a hook gave, as the system call would have: -1 and errno. */
static int outcome_of(int result)
{
	if (result >= 0)
		return result;
	errno = -result;
	return -1;
}

enum outcome attempt_socket(struct lab *l, struct node *none, struct op *op, struct call *c)
{
	const struct lab_args *a = op->args;
	char name[LAB_NAME];
	struct node *n;
	int fd;

	(void)none;
	fd = socket(a->family, a->type | SOCK_NONBLOCK | SOCK_CLOEXEC, a->protocol);
	if (fd < 0 && errno == EPERM && l->hooks.socket)
		fd = outcome_of(l->hooks.socket(l->hooks.ctx, a->family, a->type, a->protocol));
	op_stamp(op);
	memcpy(name, op->name, sizeof name);
	if (!name[0])
		lab_auto_name(l, a->family, a->type, a->protocol, name);
	memcpy(c->name, name, sizeof c->name);
	if (fd < 0)
		return op_settle(op, -1, errno);
	n = take_in(l, fd, name, c->start_ns);
	n->s.now.family = a->family;
	n->s.now.type = a->type;
	n->s.now.protocol = a->protocol;
	if (sock_is_tcp(&n->s.now))
		history_init(&n->s.history, STATE_CLOSED, c->start_ns, "socket");
	look_first(l, n, op->end_ns);
	if (a->family == AF_UNIX && a->type == SOCK_RAW)
		note_set(c, "Linux makes a datagram socket of it, see unix(7)");
	c->sock = c->made = n->s.id;
	return op_settle(op, fd, 0);
}

enum outcome attempt_bind(struct lab *l, struct node *n, struct op *op, struct call *c)
{
	struct sockaddr_storage to;
	socklen_t len = endpoint_to_sockaddr(&op->address, &to);
	int failed = bind(n->s.fd, (struct sockaddr *)&to, len);

	if (failed && errno == EACCES && to.ss_family != AF_UNIX && l->hooks.bind)
		failed = outcome_of(l->hooks.bind(l->hooks.ctx, n->s.fd, &to, len));
	op_stamp(op);
	if (failed)
		return op_settle(op, -1, errno);
	if (op->address.family == AF_UNIX && op->address.path_len && op->address.path[0])
		path_made(l, n, &op->address);
	(void)c;
	return op_settle(op, 0, 0);
}

enum outcome attempt_listen(struct lab *l, struct node *n, struct op *op, struct call *c)
{
	int failed = listen(n->s.fd, op->args->backlog);

	op_stamp(op);
	(void)l;
	(void)c;
	if (failed)
		return op_settle(op, -1, errno);
	op->proves = true;
	return op_settle(op, 0, 0);
}

/* LISTENER_1, LISTENER_2 … cut so that the number always fits; a name that an open socket has is passed over. */
static void accepted_name(struct lab *l, struct node *listener, char out[LAB_NAME])
{
	uint32_t number = listener->s.accepted;
	char suffix[16];

	do {
		const struct lab_sock *other;
		int len = snprintf(suffix, sizeof suffix, "_%u", (unsigned)number++);

		snprintf(out, LAB_NAME, "%.*s%s", LAB_NAME - 1 - len, listener->s.name, suffix);
		other = lab_find_name(l, out);
		if (!other || other->closed)
			return;
	} while (number);
}

enum outcome attempt_accept(struct lab *l, struct node *n, struct op *op, struct call *c)
{
	struct sockaddr_storage from;
	socklen_t len = sizeof from;
	char name[LAB_NAME];
	struct node *made;
	int fd = accept4(n->s.fd, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

	op_stamp(op);
	if (fd < 0)
		return errno == EAGAIN || errno == EINTR ? op_wait(op, EAGAIN, true) : op_settle(op, -1, errno);
	n->s.accepted++;
	memcpy(name, op->name, sizeof name);
	if (!name[0])
		accepted_name(l, n, name);
	made = take_in(l, fd, name, op->end_ns);
	made->s.listener = n->s.id;
	made->s.now.family = n->s.now.family;
	made->s.now.type = n->s.now.type;
	made->s.now.protocol = n->s.now.protocol;
	if (sock_is_tcp(&made->s.now)) { /* the handshake was over before: the way begins where it went through */
		history_init(&made->s.history, STATE_SYN_RECEIVED, op->end_ns, "accept");
		history_prove(&made->s.history, op->end_ns, CAUSE_CALL, PROOF_ACCEPTED, "accept");
	}
	look_first(l, made, op->end_ns);
	endpoint_from_sockaddr(&c->peer, (struct sockaddr *)&from, len);
	made->s.now.remote = c->peer;
	c->made = made->s.id;
	return op_settle(op, fd, 0);
}

enum outcome attempt_shutdown(struct lab *l, struct node *n, struct op *op, struct call *c)
{
	int how = op->args->how, failed = shutdown(n->s.fd, how);

	op_stamp(op);
	(void)l;
	if (failed)
		return op_settle(op, -1, errno);
	n->s.wr_shut |= how != SHUT_RD;
	n->s.rd_shut |= how != SHUT_WR;
	/* A FIN is sent only from these; of a listener shutdown(rd) ends the listening, which the look tells. */
	op->proves = how != SHUT_RD && (c->before == STATE_ESTABLISHED || c->before == STATE_CLOSE_WAIT ||
					c->before == STATE_SYN_RECEIVED);
	return op_settle(op, 0, 0);
}

enum outcome attempt_setsockopt(struct lab *l, struct node *n, struct op *op, struct call *c)
{
	const struct option_row *o = op->args->option;
	const struct option_value *v = &op->args->value;
	int error = o ? -option_set(n->s.fd, o, v) : ENOPROTOOPT;

	if (error == EPERM && l->hooks.setsockopt)
		error = -l->hooks.setsockopt(l->hooks.ctx, n->s.fd, o->level, o->number, v->bytes, (socklen_t)v->len);
	op_stamp(op);
	(void)c;
	return op_settle(op, error ? -1 : 0, error);
}

enum outcome attempt_getsockopt(struct lab *l, struct node *n, struct op *op, struct call *c)
{
	struct buf value = { 0 };
	int error = op->args->option ? -option_get(n->s.fd, op->args->option, &value) : ENOPROTOOPT;

	op_stamp(op);
	if (!error)
		journal_data(&l->journal, c, buf_text(&value), value.len, true);
	op->moved = error ? 0 : value.len;
	buf_done(&value);
	return op_settle(op, error ? -1 : 0, error);
}
