#include "ui/sock_column.h"

#include "util/text.h"

#include <string.h>

static int compare_u64(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static enum role plain_role(const struct row *r)
{
	return r->own && r->own->closed ? ROLE_DIM : ROLE_VALUE;
}

static void name_text(const struct row *r, struct buf *out)
{
	buf_puts(out, r->name);
}

static enum role name_role(const struct row *r)
{
	return r->own && r->own->closed ? ROLE_DIM : r->own && r->own->peer ? ROLE_PEER : ROLE_NAME;
}

static int name_compare(const struct row *a, const struct row *b)
{
	return strverscmp(a->name, b->name);
}

static void proto_text(const struct row *r, struct buf *out)
{
	const struct sock *s = r->sock;

	buf_puts(out, sock_proto(s));
	if (s->family == AF_INET6)
		buf_putc(out, '6');
	if (s->family == AF_UNIX && s->type != SOCK_STREAM)
		buf_puts(out, s->type == SOCK_SEQPACKET ? "-seq" : "-dg");
}

static int proto_compare(const struct row *a, const struct row *b)
{
	int order = strcmp(sock_proto(a->sock), sock_proto(b->sock));

	return order ? order : a->sock->family - b->sock->family;
}

static void state_text(const struct row *r, struct buf *out)
{
	buf_puts(out, state_name(r->sock->state));
	if (r->sock->state == STATE_SYN_SENT && r->own && r->own->running)
		buf_puts(out, " …");
}

static enum role state_role(const struct row *r)
{
	return theme_state_role(r->sock->state);
}

static int state_compare(const struct row *a, const struct row *b)
{
	return (int)a->sock->state - (int)b->sock->state;
}

static void endpoint_text(const struct endpoint *e, struct buf *out)
{
	char text[ENDPOINT_TEXT];

	if (e->family == AF_UNSPEC || (e->family == AF_UNIX && !e->path_len))
		return;
	if (e->family != AF_UNIX && endpoint_is_any(e) && e->has_port && !e->port)
		return;
	endpoint_format(e, text, sizeof text);
	buf_puts(out, text);
}

static void local_text(const struct row *r, struct buf *out)
{
	endpoint_text(&r->sock->local, out);
}

static int local_compare(const struct row *a, const struct row *b)
{
	return endpoint_compare(&a->sock->local, &b->sock->local);
}

static void remote_text(const struct row *r, struct buf *out)
{
	if (r->sock->state != STATE_LISTEN)
		endpoint_text(&r->sock->remote, out);
	else if (r->own && r->own->waiting)
		buf_printf(out, "%u waiting", (unsigned)r->own->waiting);
	else if (!r->own && r->sock->recv_q)
		buf_printf(out, "%u waiting", (unsigned)r->sock->recv_q);
}

static enum role remote_role(const struct row *r)
{
	return r->sock->state == STATE_LISTEN ? ROLE_NEW : plain_role(r);
}

static int remote_compare(const struct row *a, const struct row *b)
{
	return endpoint_compare(&a->sock->remote, &b->sock->remote);
}

static bool queues(const struct row *r)
{
	return (r->sock->known & SOCK_HAS_QUEUES) && !(r->own && r->own->gone);
}

/* A listener's queue is that of connections: those that wait for accept, of as many as the
 * backlog takes. */
static void recv_q_text(const struct row *r, struct buf *out)
{
	if (r->sock->state == STATE_LISTEN && (r->sock->known & SOCK_HAS_BACKLOG))
		buf_printf(out, "%u/%u", (unsigned)(r->own ? r->own->waiting : r->sock->recv_q),
			   (unsigned)r->sock->backlog);
	else if (queues(r))
		buf_printf(out, "%u", (unsigned)r->sock->recv_q);
}

static enum role recv_q_role(const struct row *r)
{
	return queues(r) && r->sock->recv_q ? ROLE_NEW : ROLE_DIM;
}

static int recv_q_compare(const struct row *a, const struct row *b)
{
	return compare_u64(a->sock->recv_q, b->sock->recv_q);
}

static void send_q_text(const struct row *r, struct buf *out)
{
	if (r->sock->state != STATE_LISTEN && queues(r))
		buf_printf(out, "%u", (unsigned)r->sock->send_q);
}

static enum role send_q_role(const struct row *r)
{
	return r->sock->state != STATE_LISTEN && queues(r) && r->sock->send_q ? ROLE_NEW : ROLE_DIM;
}

static int send_q_compare(const struct row *a, const struct row *b)
{
	return compare_u64(a->sock->send_q, b->sock->send_q);
}

static void fd_text(const struct row *r, struct buf *out)
{
	if (r->own && r->own->fd >= 0)
		buf_printf(out, "%d", r->own->fd);
}

static int fd_compare(const struct row *a, const struct row *b)
{
	return (a->own ? a->own->fd : -1) - (b->own ? b->own->fd : -1);
}

static uint64_t sent(const struct row *r)
{
	return r->own ? r->own->sent : r->sock->tcp.bytes_sent;
}

static uint64_t received(const struct row *r)
{
	return r->own ? r->own->received : r->sock->tcp.bytes_received;
}

static void size_text(uint64_t bytes, struct buf *out)
{
	char text[24];

	if (bytes)
		buf_puts(out, text_size(text, sizeof text, bytes));
}

static void sent_text(const struct row *r, struct buf *out)
{
	size_text(sent(r), out);
}

static void received_text(const struct row *r, struct buf *out)
{
	size_text(received(r), out);
}

static int sent_compare(const struct row *a, const struct row *b)
{
	return compare_u64(sent(a), sent(b));
}

static int received_compare(const struct row *a, const struct row *b)
{
	return compare_u64(received(a), received(b));
}

static void rtt_text(const struct row *r, struct buf *out)
{
	char text[32];

	if ((r->sock->known & SOCK_HAS_TCP) && r->sock->tcp.rtt_us &&
	    r->sock->state != STATE_LISTEN)
		buf_puts(out, text_duration(text, sizeof text, (uint64_t)r->sock->tcp.rtt_us * 1000,
					    false));
}

static int rtt_compare(const struct row *a, const struct row *b)
{
	return compare_u64(a->sock->tcp.rtt_us, b->sock->tcp.rtt_us);
}

const struct sock_column sock_columns[SOCK_COLUMNS] = {
	{ "NAME", "the socket's name in commands", 6, 0, false, name_text, name_role,
	  name_compare },
	{ "PROTO", "protocol and family", 0, 3, false, proto_text, plain_role, proto_compare },
	{ "STATE", "the kernel's state, in RFC 9293's words", 0, 0, false, state_text, state_role,
	  state_compare },
	{ "LOCAL", "its own end", 15, 1, false, local_text, plain_role, local_compare },
	{ "REMOTE", "the other end; of a listener: who waits for accept", 15, 2, false, remote_text,
	  remote_role, remote_compare },
	{ "RECV-Q",
	  "bytes that nobody has read yet; of a listener: connections waiting, and the backlog", 0,
	  4, true, recv_q_text, recv_q_role, recv_q_compare },
	{ "SEND-Q", "bytes that the peer has not acknowledged", 0, 5, true, send_q_text,
	  send_q_role, send_q_compare },
	{ "FD", "descriptor in this process", 0, 8, true, fd_text, plain_role, fd_compare },
	{ "SENT", "bytes that send took", 0, 9, true, sent_text, plain_role, sent_compare },
	{ "RECVD", "bytes that recv got", 0, 10, true, received_text, plain_role,
	  received_compare },
	{ "RTT", "smoothed round trip time", 0, 7, true, rtt_text, plain_role, rtt_compare },
};

static bool is_gone(const struct row *r)
{
	return r->own && r->own->gone;
}

static bool is_waiting(const struct row *r)
{
	return r->own && r->own->running;
}

static bool is_asked(const struct row *r)
{
	return r->sock->state == STATE_LISTEN && r->own && r->own->waiting;
}

static bool is_failed(const struct row *r)
{
	return r->own && !r->own->closed && r->own->last_error;
}

static bool is_peer(const struct row *r)
{
	return r->own && r->own->peer;
}

const struct sock_mark sock_marks[] = {
	{ "×", ROLE_DIM, is_gone, "closed, and the kernel has dropped it" },
	{ "…", ROLE_WARN, is_waiting, "a call on it waits" },
	{ "+", ROLE_NEW, is_asked, "a connection waits for accept" },
	{ "!", ROLE_ERROR, is_failed, "the last call on it failed" },
	{ "·", ROLE_PEER, is_peer, "belongs to the echo peers" },
	{ 0 },
};
