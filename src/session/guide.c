/* The guided step: what comes next in a socket's life, what makes sense now, what the prompt begins with. */
#include "commands.h"

#include "util/buf.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* --- what holds for a socket --- */

struct view {
	const struct lab_sock *sock;
	bool open, stream, dgram, raw, listening, connected, connecting, bound, named, peer_closed;
};

static struct view view_of(const struct session *s)
{
	struct view v = { .sock = session_current(s) };
	const struct sock *k;

	if (!v.sock)
		return v;
	k = &v.sock->now;
	v.open = v.sock->fd >= 0;
	v.raw = k->type == SOCK_RAW && k->family != AF_UNIX;
	v.dgram = k->type == SOCK_DGRAM || (k->type == SOCK_RAW && k->family == AF_UNIX);
	v.stream = !v.raw && !v.dgram;
	v.listening = k->state == STATE_LISTEN;
	v.connecting = k->state == STATE_SYN_SENT;
	v.peer_closed = k->state == STATE_CLOSE_WAIT;
	v.connected = k->remote.family != AF_UNSPEC && !v.connecting;
	v.named = k->family == AF_UNIX && k->local.path_len;
	v.bound = k->family == AF_UNIX ? v.named : k->local.port != 0;
	return v;
}

FITS(open)
{
	return view_of(s).open;
}

FITS(bind)
{
	struct view v = view_of(s);

	return v.open && !v.bound && !v.connected && !v.listening && !v.connecting;
}

FITS(listen)
{
	struct view v = view_of(s);

	return v.open && v.stream && !v.connected && !v.listening && !v.connecting;
}

FITS(accept)
{
	return view_of(s).listening;
}

FITS(connect)
{
	struct view v = view_of(s);

	return v.open && !v.listening && !v.connecting && (!v.stream || !v.connected);
}

FITS(send)
{
	struct view v = view_of(s);

	return v.open && !v.listening && (v.connected || v.dgram || v.raw) && !v.sock->wr_shut;
}

FITS(recv)
{
	struct view v = view_of(s);

	return v.open && !v.listening && (v.connected || v.dgram || v.raw);
}

FITS(shutdown)
{
	struct view v = view_of(s);

	return v.open && v.stream && v.connected && !v.sock->wr_shut;
}

FITS(abort)
{
	struct view v = view_of(s);

	return v.open && sock_is_tcp(&v.sock->now);
}

/* While one walks through a file, making sockets is far. */
FITS(make)
{
	return !s->opened || s->scope == SCOPE_MINE;
}

FITS(destroy)
{
	const struct row *row = session_selected(s);

	return row && row->kind == ROW_SOCKET && !row->own && !row->closed_ns && !s->opened;
}

FITS(signal)
{
	const struct row *row = session_selected(s);

	return row && !row->own && !row->closed_ns && row->view.owner_count && !s->opened;
}

FITS(step)
{
	char line[160];
	const char *why;

	return session_next_step(s, line, sizeof line, &why);
}

/* --- the next step --- */

static void echo_of(const struct lab_sock *sock, char *out, size_t size)
{
	enum echo_kind kind = lab_echo_for(sock->now.family, sock->now.type);

	if (kind < ECHO_COUNT)
		snprintf(out, size, "$echo.%s", echoes[kind].name);
	else
		snprintf(out, size, "%s", sock->now.family == AF_INET6 ? "::1" : "127.0.0.1");
}

static const char *server_step(const struct view *v, const char **line)
{
	if (v->listening && v->sock->waiting) {
		*line = "accept";
		return "a connection waits";
	}
	if (v->listening)
		return "it listens: connect to it from another socket (n, then c), then Space accepts";
	*line = "listen";
	return "it has an address: let it wait for connections";
}

/* An accepted socket waits to be spoken to: recv, send, close. */
static const char *accepted_step(const struct view *v, const char **line)
{
	const struct lab_sock *sock = v->sock;

	if (!sock->received && !sock->running && !sock->eof) {
		*line = "recv";
		return "the client speaks first";
	}
	if (!sock->sent && !sock->wr_shut) {
		*line = "send \"hello\\n\"";
		return "answer";
	}
	*line = "close";
	return "the conversation is over";
}

static const char *client_step(const struct view *v, const char **line)
{
	const struct lab_sock *sock = v->sock;

	if (!sock->sent && !sock->wr_shut && !v->peer_closed) {
		*line = "send \"hello\\n\"";
		return "it is connected: say something";
	}
	if (!sock->received && !sock->eof && !sock->running) {
		*line = "recv";
		return "hear the answer";
	}
	if (!sock->wr_shut && !v->peer_closed && v->connected) {
		*line = "shutdown wr";
		return "tell the peer that nothing more comes (FIN)";
	}
	*line = "close";
	return v->peer_closed ? "the peer has closed: so do we" : "the end of its life";
}

static const char *stream_step(const struct view *v, char *line, size_t size, const char **fixed)
{
	char to[64];

	if (v->connecting)
		return "the connect goes on by itself";
	if (v->listening)
		return server_step(v, fixed);
	if (v->sock->listener)
		return accepted_step(v, fixed);
	if (v->connected || v->sock->sent || v->sock->received || v->peer_closed)
		return client_step(v, fixed);
	if (v->sock->last_error && !v->bound) {
		*fixed = "close";
		return "the call failed: close it and try another";
	}
	if (v->bound && v->sock->last_peer.family == AF_UNSPEC)
		return server_step(v, fixed);
	if (v->sock->last_peer.family != AF_UNSPEC) {
		*fixed = "close";
		return "its connection is over";
	}
	echo_of(v->sock, to, sizeof to);
	snprintf(line, size, "connect %s", to);
	return "ask the built-in echo peer for a connection";
}

static const char *message_step(const struct view *v, char *line, size_t size, const char **fixed)
{
	/* ICMP echo request, id 1, sequence 1, with its checksum (RFC 792); ICMPv6's is the kernel's work (RFC 3542).
	 * */
	const char *data = !v->raw                           ? "\"hello\\n\""
			   : v->sock->now.family == AF_INET6 ? "hex:8000000000010001"
							     : "hex:0800f7fd00010001";
	char to[64];

	if (!v->sock->sent && !v->sock->last_error) {
		echo_of(v->sock, to, sizeof to);
		if (v->connected)
			snprintf(line, size, "send %s", data);
		else
			snprintf(line, size, "send %s to %s", data, to);
		return v->raw ? "an ICMP echo request, made by hand" : "a message to the built-in echo peer";
	}
	if (!v->sock->received && !v->sock->running && v->sock->sent) {
		*fixed = "recv";
		return "hear the answer";
	}
	*fixed = "close";
	return "the end of its life";
}

bool session_next_step(const struct session *s, char *line, size_t size, const char **why)
{
	struct view v = view_of(s);
	const char *fixed = NULL;

	line[0] = '\0';
	if (!v.sock && s->selected > UINT32_MAX) { /* lab ids are small */
		*why = s->opened ? "this is what a file tells: n makes a socket of our own"
				 : "this is another program's socket: n makes one of our own";
		return false;
	}
	if (!v.sock) {
		snprintf(line, size, "socket inet stream");
		*why = "there is no socket yet";
		return true;
	}
	if (!v.open) {
		*why = "its life is over: n makes a new socket";
		return false;
	}
	*why = v.stream ? stream_step(&v, line, size, &fixed) : message_step(&v, line, size, &fixed);
	if (fixed)
		snprintf(line, size, "%s", fixed);
	return line[0] != '\0';
}

/* --- what the prompt begins with --- */

FILL(socket)
{
	(void)s;
	buf_puts(line, "socket inet stream");
}

FILL(bind)
{
	const struct lab_sock *sock = session_current(s);
	int family = sock ? sock->now.family : AF_INET;

	if (family == AF_UNIX)
		buf_printf(line, "bind unix:/tmp/sockeye-%d-%s.sock", (int)getpid(), sock->name);
	else if (sock && sock->now.type == SOCK_RAW)
		buf_puts(line, family == AF_INET6 ? "bind ::1" : "bind 127.0.0.1");
	else
		buf_puts(line, family == AF_INET6 ? "bind [::1]:0" : "bind 127.0.0.1:0");
}

/* The last address that this or, for a new socket, any other of its kind was given; else the echo peer that fits. */
FILL(connect)
{
	const struct lab_sock *sock = session_current(s);
	char to[ENDPOINT_TEXT] = "$echo.tcp";

	if (sock && sock->last_peer.family != AF_UNSPEC)
		endpoint_format(&sock->last_peer, to, sizeof to);
	else if (sock)
		echo_of(sock, to, sizeof to);
	buf_printf(line, "connect %s", to);
}

FILL(send)
{
	const struct lab_sock *sock = session_current(s);
	char to[64];

	if (!sock || sock->now.type == SOCK_STREAM || sock->now.type == SOCK_SEQPACKET ||
	    sock->now.remote.family != AF_UNSPEC) {
		buf_puts(line, "send \"hello\\n\"");
		return;
	}
	echo_of(sock, to, sizeof to);
	if (sock->now.type == SOCK_RAW && sock->now.family != AF_UNIX)
		buf_printf(line, "send %s to %s",
			   sock->now.family == AF_INET6 ? "hex:8000000000010001" : "hex:0800f7fd00010001", to);
	else
		buf_printf(line, "send \"hello\\n\" to %s", to);
}

FILL(shutdown)
{
	(void)s;
	buf_puts(line, "shutdown wr");
}

FILL(filter)
{
	buf_printf(line, "filter %s", s->filter_text ? s->filter_text : "");
}

FILL(match)
{
	buf_printf(line, "match %s", s->match);
}

FILL(search)
{
	(void)s;
	buf_puts(line, "search ");
}

FILL(write)
{
	static const char *const endings[VIEWS] = { "pcapng", "txt", "bin" };
	const struct lab_sock *sock = session_current(s);

	buf_printf(line, "write %s.%s", sock ? sock->name : view_names[s->view], endings[s->view]);
}

FILL(setsockopt)
{
	const struct lab_sock *sock = session_current(s);
	const struct option_row *o = option_find(sock && sock_is_tcp(&sock->now) ? "TCP_NODELAY" : "SO_RCVBUF");

	buf_printf(line, "setsockopt %s ", o->name);
	if (sock && sock->fd >= 0)
		option_suggest(sock->fd, o, line);
}
