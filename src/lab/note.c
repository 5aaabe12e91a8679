/* The sentence beside a failed call, where more is known than the errno says. */
#include "inside.h"

#include "core/capability.h"
#include "core/words.h"
#include "util/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

void note_set(struct call *c, const char *format, ...)
{
	char text[2 * CALL_NOTE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	text_clean_to(c->note, sizeof c->note, text, strlen(text));
}

void note_add(struct call *c, const char *format, ...)
{
	char text[2 * CALL_NOTE];
	size_t len = strlen(c->note);
	va_list args;

	snprintf(text, sizeof text, "%s%s", c->note, len ? "; " : "");
	len = strlen(text);
	va_start(args, format);
	vsnprintf(text + len, sizeof text - len, format, args);
	va_end(args);
	text_clean_to(c->note, sizeof c->note, text, strlen(text));
}

static void note_needs(struct call *c, const char *capability)
{
	char text[CAPABILITY_TEXT];

	note_set(c, "%s", capability_needs(text, sizeof text, capability));
}

static void note_raw(struct node *n, const struct op *op, const struct lab_args *a, struct call *c)
{
	(void)n;
	(void)op;
	if (a && a->type == SOCK_RAW && a->family != AF_UNIX)
		note_needs(c, "CAP_NET_RAW");
	else if (a && a->type == SOCK_DGRAM && (a->protocol == IPPROTO_ICMP || a->protocol == IPPROTO_ICMPV6))
		note_set(c, "the group must be within net.ipv4.ping_group_range, see icmp(7)");
}

static void note_port(struct node *n, const struct op *op, const struct lab_args *a, struct call *c)
{
	(void)a;
	if (n->s.now.family == AF_UNIX)
		note_set(c, "the folder may not be written; in the sandbox: the current directory, /tmp, the runtime "
			    "directory and --sandbox-write DIR");
	else if (op->address.has_port && op->address.port && op->address.port < 1024)
		note_needs(c, "CAP_NET_BIND_SERVICE");
}

static void note_in_use(struct node *n, const struct op *op, const struct lab_args *a, struct call *c)
{
	(void)a;
	if (n->s.now.family != AF_UNIX) {
		if (sock_is_tcp(&n->s.now))
			note_set(c, "SO_REUSEADDR set before bind allows it where only TIME-WAIT is left");
	} else if (op->address.path_len && op->address.path[0] && !path_in_use(&op->address)) {
		note_set(c, "the path exists already, but no socket has it: remove it");
	} else if (op->address.path_len && op->address.path[0]) {
		note_set(c, "the path exists already");
	}
}

static void note_option(struct node *n, const struct op *op, const struct lab_args *a, struct call *c)
{
	(void)n;
	(void)op;
	if (a && a->option && a->option->privilege)
		note_needs(c, a->option->privilege);
}

static void note_broadcast(struct node *n, const struct op *op, const struct lab_args *a, struct call *c)
{
	(void)a;
	if (n->s.now.family == AF_INET && n->s.now.type != SOCK_STREAM && op->address.family == AF_INET)
		note_set(c, "a broadcast address needs SO_BROADCAST 1 first");
}

static const char *family_word(int family)
{
	const struct word *w = word_by_value(families, family);

	return w ? w->name : "unknown";
}

static void note_families(struct node *n, const struct op *op, const struct lab_args *a, struct call *c)
{
	(void)a;
	if (op->address.family != AF_UNSPEC && op->address.family != n->s.now.family)
		note_set(c, "the socket is %s, the address %s", family_word(n->s.now.family),
			 family_word(op->address.family));
}

/* The kernel tells a failed connect once more when the next one begins; only after that the socket is as new. */
static void note_again(struct node *n, const struct op *op, const struct lab_args *a, struct call *c)
{
	(void)n;
	(void)op;
	(void)a;
	note_set(c, "this ends the attempt that failed before: connect once more, or make a new socket");
}

/* By verb and errno; the first row that fits. */
static const struct hint {
	int verb, error;
	void (*note)(struct node *n, const struct op *op, const struct lab_args *a, struct call *c);
} hints[] = {
	{ VERB_SOCKET, EPERM, note_raw },           { VERB_SOCKET, EACCES, note_raw },
	{ VERB_BIND, EACCES, note_port },           { VERB_BIND, EADDRINUSE, note_in_use },
	{ VERB_BIND, EINVAL, note_families },       { VERB_BIND, EAFNOSUPPORT, note_families },
	{ VERB_CONNECT, EACCES, note_broadcast },   { VERB_CONNECT, ECONNABORTED, note_again },
	{ VERB_CONNECT, EINVAL, note_families },    { VERB_CONNECT, EAFNOSUPPORT, note_families },
	{ VERB_SEND, EACCES, note_broadcast },      { VERB_SEND, EINVAL, note_families },
	{ VERB_SEND, EAFNOSUPPORT, note_families }, { VERB_SETSOCKOPT, EPERM, note_option },
	{ VERB_SETSOCKOPT, EACCES, note_option },
};

void note_error(struct node *n, const struct op *op, const struct lab_args *args, struct call *c)
{
	if (c->note[0])
		return;
	if (op->verb != VERB_SOCKET && (!n || n->s.closed)) {
		if (c->error == EBADF)
			note_set(c, "the socket was closed before");
		return;
	}
	if (n && n->s.peer) {
		note_set(c, "this socket is the echo peer's own");
		return;
	}
	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
		if (hints[i].verb == (int)op->verb && hints[i].error == c->error) {
			hints[i].note(n, op, args, c);
			return;
		}
}
