/* The built-in echo peers: sockets in the same table, marked `peer`, that never appear in the journal. Theirs is the
 * only level-triggered part of the loop: each event does a bounded amount of work, and the next round goes on.
 */
#include "inside.h"

#include "util/clock.h"
#include "util/err.h"
#include "util/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	UNSENT_MOST = 256 << 10, /* a client that does not read: we stop reading */
	BATCH = 64,              /* accepts or datagrams an event */
	READS = 4,               /* of one connection an event */
	ACCEPT_RETRY_NS = 50 * 1000000,
};

const struct echo_row echoes[ECHO_COUNT] = {
	[ECHO_TCP] = { "tcp", AF_INET, SOCK_STREAM },
	[ECHO_TCP6] = { "tcp6", AF_INET6, SOCK_STREAM },
	[ECHO_UDP] = { "udp", AF_INET, SOCK_DGRAM },
	[ECHO_UDP6] = { "udp6", AF_INET6, SOCK_DGRAM },
	[ECHO_UNIX] = { "unix", AF_UNIX, SOCK_STREAM },
	[ECHO_UNIX_DGRAM] = { "unix_dgram", AF_UNIX, SOCK_DGRAM },
	[ECHO_UNIX_SEQPACKET] = { "unix_seqpacket", AF_UNIX, SOCK_SEQPACKET },
};

/* What a connection has still to send back. A seqpacket's records are kept apart by their lengths. */
struct serving {
	struct buf out;
	size_t sent;       /* of out */
	uint32_t *records; /* lengths, for seqpacket */
	size_t record_count, record_capacity, record_at;
	bool ended;      /* the client sends no more: close when all is out */
	uint32_t events; /* what epoll watches now */
};

void serving_free(struct node *n)
{
	if (!n->serving)
		return;
	buf_done(&n->serving->out);
	free(n->serving->records);
	free(n->serving);
	n->serving = NULL;
}

enum echo_kind lab_echo_for(int family, int type)
{
	if (family == AF_UNIX && type == SOCK_RAW)
		type = SOCK_DGRAM;
	for (int k = 0; k < ECHO_COUNT; k++)
		if (echoes[k].family == family && echoes[k].type == type)
			return (enum echo_kind)k;
	return ECHO_COUNT;
}

static void forget_peer(struct lab *l, struct node *n)
{
	close(n->s.fd);
	n->s.fd = -1;
	path_remove(l, n);
	node_forget(l, n);
	lab_changed(l);
}

/* --- serving --- */

static void take_clients(struct lab *l, struct node *listener)
{
	for (int i = 0; i < BATCH; i++) {
		char name[LAB_NAME];
		struct node *n;
		int fd = accept4(listener->s.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)) {
			lab_watch(l, listener, 0, true); /* else epoll would call again at once */
			l->echo_retry_ns = clock_mono_ns() + ACCEPT_RETRY_NS;
			return;
		}
		if (fd < 0)
			return;
		snprintf(name, sizeof name, "%.20s#%u", listener->s.name, (unsigned)++listener->s.accepted);
		n = node_new(l, name);
		n->s.fd = fd;
		n->s.peer = true;
		n->s.listener = listener->s.id;
		n->s.created_ns = clock_real_ns();
		n->s.now.family = listener->s.now.family;
		n->s.now.type = listener->s.now.type;
		n->s.now.protocol = listener->s.now.protocol;
		n->kind = listener->kind;
		n->serving = mem_alloc(sizeof *n->serving);
		n->serving->events = EPOLLIN;
		if (sock_is_tcp(&n->s.now)) {
			history_init(&n->s.history, STATE_SYN_RECEIVED, n->s.created_ns, "accept");
			history_prove(&n->s.history, n->s.created_ns, CAUSE_CALL, PROOF_ACCEPTED, "accept");
		}
		if (lab_watch(l, n, EPOLLIN, false)) {
			forget_peer(l, n);
			return;
		}
	}
}

static void answer_datagrams(struct lab *l, struct node *n)
{
	static const int lost_to[] = { ECONNREFUSED, EINTR, EHOSTUNREACH, ENETUNREACH };
	uint8_t *bytes = lab_scratch(l, LAB_RECV);

	for (int i = 0; i < BATCH; i++) {
		struct sockaddr_storage from;
		socklen_t from_len = sizeof from;
		ssize_t got = recvfrom(n->s.fd, bytes, l->scratch_size, 0, (struct sockaddr *)&from, &from_len);
		bool again = false;

		for (size_t k = 0; got < 0 && k < sizeof lost_to / sizeof *lost_to; k++)
			again |= errno == lost_to[k]; /* an earlier answer did not arrive: nothing to us */
		if (got < 0 && !again)
			return;
		if (got < 0)
			continue;
		n->s.received += (uint64_t)got;
		/* A sender without a name or without room gets no answer, as datagrams go. */
		if (from_len > sizeof(sa_family_t) && sendto(n->s.fd, bytes, (size_t)got, MSG_NOSIGNAL | MSG_DONTWAIT,
							     (struct sockaddr *)&from, from_len) >= 0)
			n->s.sent += (uint64_t)got;
	}
}

static bool is_stream(const struct node *n)
{
	return n->s.now.type == SOCK_STREAM;
}

static bool unsent(const struct node *n)
{
	const struct serving *v = n->serving;

	return is_stream(n) ? v->sent < v->out.len : v->record_at < v->record_count;
}

/* send(2) as far as it goes without waiting: bytes sent, 0 when there is no room, -1 when the connection is dead. A
 * record's count is its length; `*whole` tells an empty one from no room. */
static ssize_t send_piece(struct node *n, const void *bytes, size_t len, bool *whole)
{
	ssize_t sent;

	do
		sent = send(n->s.fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (sent < 0 && errno == EINTR);
	*whole = sent == (ssize_t)len;
	if (sent > 0)
		n->s.sent += (uint64_t)sent;
	return sent < 0 && errno == EAGAIN ? 0 : sent;
}

/* False when the connection is dead. */
static bool flush_unsent(struct node *n)
{
	struct serving *v = n->serving;

	while (unsent(n)) {
		size_t len = is_stream(n) ? v->out.len - v->sent : v->records[v->record_at];
		bool whole;
		ssize_t sent = send_piece(n, v->out.data + v->sent, len, &whole);

		if (sent < 0)
			return false;
		v->sent += (size_t)sent;
		if (!whole)
			return true;
		v->record_at++;
	}
	v->record_at = v->record_count = 0;
	v->sent = 0;
	buf_done(&v->out);
	return true;
}

/* What has gone makes room for what comes. */
static void pack(struct serving *v)
{
	buf_cut(&v->out, 0, v->sent);
	v->sent = 0;
	if (!v->record_at)
		return;
	v->record_count -= v->record_at;
	memmove(v->records, v->records + v->record_at, v->record_count * sizeof *v->records);
	v->record_at = 0;
}

/* Keep for later what could not be sent. */
static void keep_unsent(struct node *n, const uint8_t *bytes, size_t len)
{
	struct serving *v = n->serving;

	pack(v);
	buf_add(&v->out, bytes, len);
	if (is_stream(n))
		return;
	MEM_ROOM(v->records, v->record_count, v->record_capacity);
	v->records[v->record_count++] = (uint32_t)len;
}

static bool has_room(const struct serving *v)
{
	enum { RECORDS_MOST = 4096 }; /* empty ones count too */

	return !v->ended && v->out.len - v->sent < UNSENT_MOST && v->record_count - v->record_at < RECORDS_MOST;
}

/* Echo what has come. False when the connection is over. */
static bool serve(struct lab *l, struct node *n)
{
	struct serving *v = n->serving;
	uint8_t *bytes = lab_scratch(l, LAB_RECV);

	if (!flush_unsent(n))
		return false;
	for (int i = 0; i < READS && has_room(v); i++) {
		ssize_t got = recv(n->s.fd, bytes, LAB_RECV, MSG_DONTWAIT), sent = 0;
		bool whole = false;

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			break;
		if (got < 0)
			return false;
		v->ended = got == 0 && (is_stream(n) || peer_has_ended(n->s.fd));
		if (v->ended)
			break;
		n->s.received += (uint64_t)got;
		if (!unsent(n))
			sent = send_piece(n, bytes, (size_t)got, &whole);
		if (sent < 0)
			return false;
		if (!whole)
			keep_unsent(n, bytes + sent, (size_t)(got - sent));
		if (got < LAB_RECV && is_stream(n))
			break; /* that was all; level-triggered, so nothing is missed */
	}
	return !v->ended || unsent(n);
}

static void echo_connection(struct lab *l, struct node *n, uint32_t events)
{
	struct serving *v = n->serving;
	uint32_t want;

	if ((events & EPOLLERR) || !serve(l, n)) {
		forget_peer(l, n);
		return;
	}
	want = (has_room(v) ? (uint32_t)EPOLLIN : 0) | (unsent(n) ? (uint32_t)EPOLLOUT : 0);
	if (want != v->events && !lab_watch(l, n, want, true))
		v->events = want;
}

void echo_event(struct lab *l, struct node *n, uint32_t events)
{
	if (n->serving)
		echo_connection(l, n, events);
	else if (n->s.now.type == SOCK_DGRAM)
		answer_datagrams(l, n);
	else
		take_clients(l, n);
}

void echo_due(struct lab *l, uint64_t mono_ns)
{
	if (l->echo_retry_ns > mono_ns)
		return;
	l->echo_retry_ns = UINT64_MAX;
	for (int k = 0; k < ECHO_COUNT; k++) {
		struct node *n = l->echo[k] ? node_find(l, l->echo[k]) : NULL;

		if (n)
			lab_watch(l, n, EPOLLIN, true);
	}
}

/* --- starting and stopping --- */

/* The place where a kind runs when nobody says where; `try` > 0 when the one before was taken. */
static void usual_place(enum echo_kind kind, int try, struct endpoint *out)
{
	static const char *const suffixes[] = {
		[SOCK_STREAM] = "",
		[SOCK_DGRAM] = "-dgram",
		[SOCK_SEQPACKET] = "-seqpacket",
	};
	const struct echo_row *row = &echoes[kind];
	char again[16] = "";

	*out = (struct endpoint){ .family = (uint8_t)row->family, .has_port = row->family != AF_UNIX };
	endpoint_reachable(out);
	if (row->family != AF_UNIX)
		return;
	if (try)
		snprintf(again, sizeof again, ".%d", try);
	snprintf(out->path + 1, sizeof out->path - 1, "sockeye-echo-%d%s%s", (int)getpid(), suffixes[row->type], again);
	out->path_len = (uint8_t)(1 + strlen(out->path + 1));
}

static int bind_peer(int fd, const struct echo_row *row, const struct endpoint *at)
{
	struct sockaddr_storage name;
	socklen_t len = endpoint_to_sockaddr(at, &name);
	int one = 1;

	if (row->family != AF_UNIX && row->type == SOCK_STREAM)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, (struct sockaddr *)&name, len))
		return -errno;
	return row->type != SOCK_DGRAM && listen(fd, SOMAXCONN) ? -errno : 0;
}

/* Bound and, unless it is a datagram socket, listening. The descriptor or -errno. */
static int open_peer(enum echo_kind kind, const struct endpoint *at, struct endpoint *where)
{
	const struct echo_row *row = &echoes[kind];
	int fd = socket(row->family, row->type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), rc = -EADDRINUSE;

	if (fd < 0)
		return -errno;
	for (int try = 0; try < (at ? 1 : 16) && rc == -EADDRINUSE; try++) {
		usual_place(kind, try, where);
		if (at)
			*where = *at;
		if (!endpoint_map(where, row->family))
			rc = -EAFNOSUPPORT;
		else
			rc = bind_peer(fd, row, where);
	}
	if (!rc)
		return fd;
	close(fd);
	return rc;
}

int lab_echo_start(struct lab *l, enum echo_kind kind, const struct endpoint *at, struct err *e)
{
	char name[LAB_NAME], text[ENDPOINT_TEXT];
	struct endpoint where = { 0 };
	struct node *n;
	int fd;

	if ((unsigned)kind >= ECHO_COUNT)
		return err_set(e, EINVAL, "there is no such echo peer");
	if (l->echo[kind]) {
		if (at && lab_echo_address(l, kind, &where) && !endpoint_same(at, &where))
			return err_set(e, EBUSY, "the echo peer %s runs at %s already: echo stop first",
				       echoes[kind].name, endpoint_format(&where, text, sizeof text));
		return 0;
	}
	fd = open_peer(kind, at, &where);
	if (fd < 0)
		return err_set(e, -fd, "the echo peer %s cannot be bound to %s: %s", echoes[kind].name,
			       endpoint_format(&where, text, sizeof text), strerror(-fd));
	snprintf(name, sizeof name, "echo.%s", echoes[kind].name);
	n = node_new(l, name);
	n->s.fd = fd;
	n->s.peer = true;
	n->s.created_ns = clock_real_ns();
	n->s.now.family = echoes[kind].family;
	n->s.now.type = echoes[kind].type;
	n->kind = kind;
	if (where.family == AF_UNIX && where.path_len && where.path[0])
		path_made(l, n, &where);
	if (sock_is_tcp(&n->s.now))
		history_init(&n->s.history, STATE_CLOSED, n->s.created_ns, "socket");
	look_first(l, n, n->s.created_ns);
	lab_watch(l, n, EPOLLIN, false);
	l->echo[kind] = n->s.id;
	lab_changed(l);
	return 0;
}

int lab_echo_start_all(struct lab *l, struct err *e)
{
	struct err why = { 0 };
	int running = 0;

	for (int k = 0; k < ECHO_COUNT; k++)
		running += !lab_echo_start(l, (enum echo_kind)k, NULL, &why);
	return running ? 0 : err_set(e, why.code, "%s", why.text);
}

void lab_echo_stop(struct lab *l)
{
	for (size_t i = l->order_count; i-- > 0;) {
		struct node *n = i < l->order_count ? l->order[i] : NULL;

		if (n && n->s.peer)
			forget_peer(l, n);
	}
	memset(l->echo, 0, sizeof l->echo);
	l->echo_retry_ns = UINT64_MAX;
}

bool lab_echo_address(const struct lab *l, enum echo_kind kind, struct endpoint *out)
{
	const struct node *n = (unsigned)kind < ECHO_COUNT && l->echo[kind] ? node_find(l, l->echo[kind]) : NULL;

	if (!n)
		return false;
	*out = n->s.now.local;
	endpoint_reachable(out);
	return true;
}

bool lab_echo_running(const struct lab *l)
{
	for (int k = 0; k < ECHO_COUNT; k++)
		if (l->echo[k])
			return true;
	return false;
}

bool echo_is(const struct lab *l, enum echo_kind kind, const struct endpoint *e)
{
	struct endpoint at;

	return lab_echo_address(l, kind, &at) && endpoint_same(&at, e);
}
