#include "inside.h"

#include "util/clock.h"
#include "util/mem.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static bool is_stream(const struct node *n)
{
	return n->s.now.type == SOCK_STREAM;
}

/* --- send --- */

/* Zeroes that were asked for by length alone. */
static void make_zeroes(struct op *op)
{
	if (op->data || !op->len)
		return;
	op->data = mem_alloc(op->len);
	op->owned = true;
}

/* The unsent part of a payload that is not ours is copied when the call starts to wait; see keep_waiting. */
static enum outcome send_settled(struct lab *l, struct node *n, struct op *op, struct call *c, int error)
{
	op_stamp(op);
	if (op->moved || !error)
		journal_data(&l->journal, c, op->data, op->moved, false);
	if (error && op->moved)
		note_set(c, "%llu of %zu bytes were sent before", (unsigned long long)op->moved, op->len);
	n->s.sent += op->moved;
	return op_settle(op, error ? -1 : (int64_t)op->moved, error);
}

static enum outcome send_later(struct node *n, struct op *op)
{
	/* A UNIX datagram socket without a peer is not told when the receiver has room again. */
	bool told = n->s.now.family != AF_UNIX || n->s.now.type != SOCK_DGRAM;

	return op_wait(op, EAGAIN, told);
}

static enum outcome send_all(struct lab *l, struct node *n, struct op *op, struct call *c)
{
	struct sockaddr_storage to;
	socklen_t to_len = endpoint_to_sockaddr(&op->address, &to);
	uint64_t until = op->moved + TURN_BYTES;

	do {
		size_t len = op->len - op->moved;
		ssize_t sent;

		if (is_stream(n) && len > RECV_MOST)
			len = RECV_MOST;
		sent = sendto(n->s.fd, op->data ? op->data + op->moved : op->data, len, MSG_NOSIGNAL | MSG_DONTWAIT,
			      to_len ? (struct sockaddr *)&to : NULL, to_len);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && errno == EAGAIN)
			return send_later(n, op);
		if (sent < 0)
			return send_settled(l, n, op, c, errno);
		op->moved += (uint64_t)sent;
		if (!is_stream(n)) /* a message goes whole or not at all */
			break;
		if (op->moved >= until && op->moved < op->len) { /* others want their turn */
			op_wait(op, EAGAIN, true);
			op->retry_ns = clock_mono_ns() + 1;
			return WAITS;
		}
	} while (op->moved < op->len);
	return send_settled(l, n, op, c, 0);
}

enum outcome attempt_send(struct lab *l, struct node *n, struct op *op, struct call *c)
{
	enum outcome outcome;

	make_zeroes(op);
	outcome = send_all(l, n, op, c);
	if (outcome == SETTLED && op->args && op->owned) { /* the op lives on the stack: nobody else would free it */
		free(op->data);
		op->data = NULL;
		op->owned = false;
	}
	return outcome;
}

/* --- recv --- */

uint8_t *lab_scratch(struct lab *l, size_t size)
{
	if (l->scratch_size < size) {
		free(l->scratch);
		l->scratch = mem_alloc(size);
		l->scratch_size = size;
	}
	return l->scratch;
}

bool peer_has_ended(int fd)
{
	struct pollfd one = { .fd = fd, .events = POLLRDHUP };

	return poll(&one, 1, 0) == 1 && (one.revents & (POLLRDHUP | POLLHUP));
}

/* Zero bytes are the end of a stream, but a datagram may be empty. */
static bool is_end(const struct node *n)
{
	if (is_stream(n) || n->s.rd_shut)
		return true;
	return n->s.now.type == SOCK_SEQPACKET && peer_has_ended(n->s.fd);
}

static ssize_t receive(struct node *n, void *into, size_t size, struct endpoint *from)
{
	struct sockaddr_storage name;
	struct iovec part = { .iov_base = into, .iov_len = size };
	struct msghdr m = { .msg_name = &name, .msg_namelen = sizeof name, .msg_iov = &part, .msg_iovlen = 1 };
	/* With MSG_TRUNC a datagram tells its true length even where it was cut. */
	ssize_t got = recvmsg(n->s.fd, &m, MSG_DONTWAIT | (is_stream(n) ? 0 : MSG_TRUNC));

	if (got >= 0 && m.msg_namelen && !is_stream(n)) {
		endpoint_from_sockaddr(from, (struct sockaddr *)&name, m.msg_namelen);
		if (n->s.now.type == SOCK_RAW)
			from->has_port = false, from->port = 0;
	}
	return got;
}

static enum outcome recv_message(struct lab *l, struct node *n, struct op *op, struct call *c, ssize_t got)
{
	size_t kept = (uint64_t)got < op->bytes ? (size_t)got : (size_t)op->bytes;

	if (!got && is_end(n)) {
		n->s.eof = true;
		note_set(c, n->s.rd_shut ? "the end: this direction was shut down" : "the end: the peer sends no more");
	} else if (!got) {
		note_set(c, "an empty datagram");
	} else if ((size_t)got > kept) {
		note_set(c, "the message had %zd bytes: the rest of it is lost", got);
	} else if (n->s.now.type == SOCK_RAW && n->s.now.family == AF_INET) {
		note_set(c, "begins with the IP header, see raw(7)");
	}
	op->moved = kept;
	n->s.received += kept;
	journal_data(&l->journal, c, l->scratch, kept, true);
	return op_settle(op, (int64_t)kept, 0);
}

static enum outcome exact_settled(struct lab *l, struct op *op, struct call *c, int error)
{
	journal_data(&l->journal, c, buf_text(&op->got), op->got.len, true);
	if (error && op->moved)
		note_set(c, "%llu of %llu bytes had come", (unsigned long long)op->moved,
			 (unsigned long long)op->bytes);
	return op_settle(op, error ? -1 : (int64_t)op->moved, error);
}

/* Go on until all has come: many reads, one call. */
static enum outcome recv_exact(struct lab *l, struct node *n, struct op *op, struct call *c)
{
	uint64_t until = op->moved + TURN_BYTES;

	while (op->moved < op->bytes) {
		uint64_t want = op->bytes - op->moved;
		size_t size = want < LAB_RECV ? (size_t)want : LAB_RECV, keep;
		ssize_t got = receive(n, lab_scratch(l, size), size, &c->peer);

		op_stamp(op);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			return op_wait(op, EAGAIN, true);
		if (got < 0)
			return exact_settled(l, op, c, errno);
		if (!got) {
			n->s.eof = true;
			note_set(c, "the end: the peer sends no more");
			break;
		}
		keep = RECV_MOST - op->got.len;
		buf_add(&op->got, l->scratch, (size_t)got < keep ? (size_t)got : keep);
		op->moved += (uint64_t)got;
		n->s.received += (uint64_t)got;
		if (op->moved >= until && op->moved < op->bytes) {
			op_wait(op, EAGAIN, true);
			op->retry_ns = clock_mono_ns() + 1;
			return WAITS;
		}
	}
	return exact_settled(l, op, c, 0);
}

enum outcome attempt_recv(struct lab *l, struct node *n, struct op *op, struct call *c)
{
	ssize_t got;

	if (op->exact && is_stream(n))
		return recv_exact(l, n, op, c);
	if (op->bytes > RECV_MOST)
		op->bytes = RECV_MOST;
	do
		got = receive(n, lab_scratch(l, (size_t)op->bytes), (size_t)op->bytes, &c->peer);
	while (got < 0 && errno == EINTR);
	op_stamp(op);
	if (got < 0)
		return errno == EAGAIN ? op_wait(op, EAGAIN, true) : op_settle(op, -1, errno);
	return recv_message(l, n, op, c, got);
}
