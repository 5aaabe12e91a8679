/* The calls: socket bind listen accept connect send recv shutdown close abort setsockopt getsockopt. */
#include "commands.h"

#include "core/words.h"
#include "util/buf.h"
#include "util/mem.h"
#include "util/text.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

/* --- parsing --- */

static int parse_word(struct parser *p, const struct word *table, const char *what, int *value)
{
	const struct token *t = parser_peek(p);
	const struct word *w;
	const char *names[96];
	size_t count = 0;
	const char *near;

	if (!t)
		return parser_fail(p, NULL, "%s is missing", what);
	w = t->quoted ? NULL : word_find(table, t->text, t->len);
	if (w) {
		p->at++;
		*value = w->value;
		return 0;
	}
	for (const struct word *row = table; row->name && count + 1 < sizeof names / sizeof *names; row++)
		names[count++] = row->name;
	names[count] = NULL;
	near = text_nearest(t->text, names);
	if (near)
		return parser_fail(p, t, "\"%s\" is not %s: did you mean \"%s\"?", t->text, what, near);
	return parser_fail(p, t, "\"%s\" is not %s: %s, %s, %s%s", t->text, what, names[0], names[1],
			   count > 2 ? names[2] : "", count > 3 ? ", …" : "");
}

/* The kernel takes 0 for the family's usual protocol, but has none for raw IP sockets: ICMP is what one tries first. */
static int usual_protocol(int family, int type)
{
	if (type != SOCK_RAW || family == AF_UNIX)
		return 0;
	return family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
}

PARSER(socket)
{
	const struct token *t;
	int64_t number;
	int rc;

	out->family = AF_INET; /* socket.socket() alone is what Python makes of it */
	out->type = SOCK_STREAM;
	if (parser_peek(p)) {
		rc = parse_word(p, families, "a family (inet, inet6, unix)", &out->family);
		if (!rc && parser_peek(p))
			rc = parse_word(p, types, "a type (stream, dgram, raw, seqpacket)", &out->type);
		if (rc)
			return rc;
	}
	t = parser_peek(p);
	out->protocol = usual_protocol(out->family, out->type);
	if (t && text_parse_int(t->text, &number)) {
		if (number < 0 || number > 65535)
			return parser_fail(p, t, "protocol %s is out of range", t->text);
		out->protocol = number ? (int)number : out->protocol;
		p->at++;
	} else if (t) {
		rc = parse_word(p, protocols, "a protocol (tcp, udp, icmp, …, or a number)", &out->protocol);
		if (rc)
			return rc;
	}
	if (!out->made[0])
		symbols_name(p->symbols, out->family, out->type, out->made);
	symbols_add(p->symbols, out->made, out->family, out->type);
	return 0;
}

PARSER(bind)
{
	return parser_address(p, &out->address);
}

PARSER(listen)
{
	const struct token *t = parser_peek(p);
	int64_t backlog = SOMAXCONN;

	if (t) {
		p->at++;
		if (!text_parse_int(t->text, &backlog) || backlog < -1 || backlog > INT32_MAX)
			return parser_fail(p, t, "\"%s\" is not a backlog: a number of connections", t->text);
	}
	out->backlog = (int)backlog;
	return 0;
}

PARSER(accept)
{
	struct symbol *listener = symbols_find(p->symbols, out->target);
	int family = listener->family, type = listener->type;

	if (!out->made[0])
		symbols_name_accepted(listener, out->made);
	symbols_add(p->symbols, out->made, family, type); /* moves the table: listener is no longer valid */
	return 0;
}

PARSER(connect)
{
	int rc = parser_address(p, &out->address);

	if (!rc)
		out->nowait = parser_word(p, "nowait");
	return rc;
}

PARSER(send)
{
	int rc = parser_data(p, &out->data);

	if (!rc && parser_word(p, "to"))
		rc = parser_address(p, &out->address);
	return rc;
}

/* Python's sendto(DATA, ADDRESS) */
PARSER(sendto)
{
	int rc = parser_data(p, &out->data);

	if (rc)
		return rc;
	parser_word(p, "to");
	return parser_address(p, &out->address);
}

PARSER(recv)
{
	if (!parser_peek(p))
		return 0;
	return parser_size(p, "a number of bytes", &out->bytes);
}

PARSER(shutdown)
{
	const struct token *t = parser_peek(p);
	int64_t number;

	if (t && text_parse_int(t->text, &number) && number >= 0 && number <= 2) { /* Python and C: 0, 1, 2 */
		p->at++;
		out->how = (int)number;
		return 0;
	}
	return parse_word(p, shutdowns, "a direction (rd, wr, rdwr)", &out->how);
}

PARSER(close)
{
	struct symbol *known = symbols_find(p->symbols, out->target);

	if (known)
		known->open = false;
	return 0;
}

static int parse_option(struct parser *p, struct step *out)
{
	const struct token *t = parser_peek(p);
	const char *names[256];
	size_t count = 0;
	const char *near;
	int rc;

	if (t && p->at + 1 < p->tokens.count && !strncmp(t->text, "SOL_", 4)) /* Python and C name the level first */
		p->at++;
	else if (t && p->at + 1 < p->tokens.count && !strncmp(t->text, "IPPROTO_", 8))
		p->at++;
	rc = parser_need(p, &t, "an option");
	if (rc)
		return rc;
	out->option = option_find(t->text);
	if (out->option)
		return 0;
	for (const struct option_row *o = options; o->name && count + 1 < sizeof names / sizeof *names; o++)
		names[count++] = o->name;
	names[count] = NULL;
	near = text_nearest(t->text, names);
	return parser_fail(p, t, "unknown option \"%s\"%s%s%s", t->text, near ? ": did you mean " : "",
			   near ? near : "", near ? "?" : "");
}

PARSER(setsockopt)
{
	struct buf value = { 0 };
	const struct token *first;
	struct err why;
	int rc = parse_option(p, out);

	if (rc)
		return rc;
	first = parser_peek(p);
	if (!first)
		return parser_fail(p, NULL, "a value for %s is missing", out->option->name);
	for (const struct token *t; (t = parser_next(p));) {
		if (value.len)
			buf_putc(&value, ' ');
		buf_add(&value, t->text, t->len);
	}
	if (option_parse(out->option, buf_text(&value), &out->value, &why))
		rc = parser_fail(p, first, "%s", why.text);
	else
		out->rest = mem_string(buf_text(&value));
	buf_done(&value);
	return rc;
}

PARSER(getsockopt)
{
	int rc = parse_option(p, out);

	if (!rc && parser_peek(p)) /* Python: the size of a buffer */
		p->at++;
	return rc;
}

PARSER(settimeout)
{
	if (parser_word(p, "None"))
		return 0;
	return parser_duration(p, &out->within_ns);
}

/* --- running --- */

RUNNER(socket)
{
	const struct step *st = r->step;
	const struct lab_args args = {
		.name = st->made,
		.family = st->family,
		.type = st->type,
		.protocol = st->protocol,
	};
	const struct call *c;

	run_verb(s, r, NULL, VERB_SOCKET, &args);
	c = journal_find(lab_journal(s->lab), r->call);
	snprintf(r->name, sizeof r->name, "%s", st->made);
	if (c && c->made) {
		r->sock = c->made;
		session_select(s, c->made);
	}
	return RUN_DONE;
}

/* Of a name with several addresses: is there another attempt to make after this one failed? */
static bool try_next(struct run *r, const struct call *c)
{
	/* After a refusal the kernel answers the next connect on a TCP socket with ECONNABORTED, once. */
	if (c->error == ECONNABORTED && r->try_at && !r->phase) {
		r->phase = 1;
		return true;
	}
	r->phase = 0;
	return ++r->try_at < r->try_count;
}

/* A call that needs an address: resolve, then call; each address of a name is tried in turn. */
static enum run_result with_address(struct session *s, struct run *r, enum verb verb, const struct lab_args *given)
{
	struct lab_sock *sock = run_target(s, r);
	struct lab_args args = *given;
	enum run_result result;
	const struct call *c;

	if (!sock)
		return RUN_FAIL;
	if (!r->call) {
		result = run_address(s, r, &r->step->address, sock->now.family);
		if (result != RUN_DONE)
			return result;
	}
	for (;;) {
		if (!r->call) {
			args.address = r->tries[r->try_at];
			result = run_verb(s, r, sock, verb, &args);
		} else {
			result = run_follow(s, r);
		}
		c = journal_find(lab_journal(s->lab), r->call);
		if (result == RUN_WAIT || !c)
			return result;
		/* By hand a connect is left alone, unless there are more addresses to try. */
		if (c->status == CALL_RUNNING && r->try_at + 1 < r->try_count)
			return RUN_WAIT;
		if (c->status != CALL_ERROR || r->try_count < 2 || !try_next(r, c))
			return result;
		r->call = 0;
		sock = run_target(s, r); /* the call may have moved the table */
		if (!sock)
			return RUN_FAIL;
	}
}

RUNNER(bind)
{
	return with_address(s, r, VERB_BIND, &(struct lab_args){ 0 });
}

RUNNER(connect)
{
	return with_address(s, r, VERB_CONNECT, &(struct lab_args){ .nowait = r->step->nowait });
}

RUNNER(send)
{
	const struct data *d = &r->step->data; /* zero:BYTES has no bytes of its own: the lab makes them */

	return with_address(s, r, VERB_SEND, &(struct lab_args){ .data = d->bytes, .data_len = d->len });
}

/* Calls that need nothing but the socket and what the parser filled in. */
static enum run_result plain(struct session *s, struct run *r, enum verb verb, const struct lab_args *args)
{
	struct lab_sock *sock;

	if (r->call)
		return run_follow(s, r);
	sock = run_target(s, r);
	return sock ? run_verb(s, r, sock, verb, args) : RUN_FAIL;
}

RUNNER(listen)
{
	return plain(s, r, VERB_LISTEN, &(struct lab_args){ .backlog = r->step->backlog });
}

RUNNER(accept)
{
	enum run_result result = plain(s, r, VERB_ACCEPT, &(struct lab_args){ .name = r->step->made });
	const struct call *c = r->call ? journal_find(lab_journal(s->lab), r->call) : NULL;

	if (c && c->made)
		session_select(s, c->made);
	return result;
}

RUNNER(recv)
{
	return plain(s, r, VERB_RECV, &(struct lab_args){ .bytes = r->step->bytes });
}

RUNNER(shutdown)
{
	return plain(s, r, VERB_SHUTDOWN, &(struct lab_args){ .how = r->step->how });
}

RUNNER(close)
{
	return plain(s, r, VERB_CLOSE, &(struct lab_args){ 0 });
}

RUNNER(abort)
{
	return plain(s, r, VERB_ABORT, &(struct lab_args){ 0 });
}

RUNNER(setsockopt)
{
	return plain(
		s, r, VERB_SETSOCKOPT,
		&(struct lab_args){ .option = r->step->option, .value = r->step->value, .value_text = r->step->rest });
}

RUNNER(getsockopt)
{
	return plain(s, r, VERB_GETSOCKOPT, &(struct lab_args){ .option = r->step->option });
}

RUNNER(settimeout)
{
	struct lab_sock *sock = run_target(s, r);

	if (!sock)
		return RUN_FAIL;
	sock->timeout_ns = r->step->within_ns;
	return RUN_DONE;
}
