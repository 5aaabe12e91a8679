/* expect: what a script holds the world against. Each form is a row: how it is written, parsed and watched. */
#include "commands.h"

#include "core/words.h"
#include "util/buf.h"
#include "util/clock.h"
#include "util/mem.h"
#include "util/text.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_NS = 2000000 /* between two looks at a state that nothing announces */ };

/* --- parsing --- */

static int parse_state(struct parser *p, struct step *out)
{
	const struct token *t;
	int rc = parser_need(p, &t, "a state (ESTABLISHED, TIME-WAIT, …)");
	struct buf known = { 0 };

	if (rc)
		return rc;
	out->state = state_find(t->text, t->len);
	if (out->state)
		return 0;
	for (int i = STATE_CLOSED; i < STATE_COUNT; i++)
		buf_printf(&known, " %s", state_name((enum state)i));
	rc = parser_fail(p, t, "\"%s\" is not a state:%s", t->text, buf_text(&known));
	buf_done(&known);
	return rc;
}

static int parse_recv_data(struct parser *p, struct step *out)
{
	return parser_data(p, &out->data);
}

static int parse_nothing(struct parser *p, struct step *out)
{
	(void)p;
	(void)out;
	return 0;
}

static int parse_error(struct parser *p, struct step *out)
{
	const struct token *t;
	const struct word *w;
	int rc = parser_need(p, &t, "an errno (ECONNREFUSED, …)");

	if (rc)
		return rc;
	w = word_find(errnos, t->text, t->len);
	if (!w)
		return parser_fail(p, t, "\"%s\" is not an errno", t->text);
	out->error = w->value;
	return 0;
}

static int parse_peer(struct parser *p, struct step *out)
{
	return parser_address(p, &out->address);
}

static int parse_option_value(struct parser *p, struct step *out)
{
	const struct token *t, *first;
	struct buf value = { 0 };
	int rc = parser_need(p, &t, "an option");

	if (rc)
		return rc;
	out->option = option_find(t->text);
	if (!out->option)
		return parser_fail(p, t, "unknown option \"%s\"", t->text);
	first = parser_peek(p);
	while (parser_peek(p) && strcmp(parser_peek(p)->text, "within")) {
		t = parser_next(p);
		if (value.len)
			buf_putc(&value, ' ');
		buf_add(&value, t->text, t->len);
	}
	if (!value.len)
		return parser_fail(p, first, "a value for %s is missing", out->option->name);
	out->rest = mem_string(value.data);
	buf_done(&value);
	return 0;
}

static int parse_packets(struct parser *p, struct step *out)
{
	const struct token *t;

	while ((t = parser_peek(p)) && strcmp(t->text, "within")) {
		int flags = packet_parse_flags(t->text);

		if (flags < 0)
			return parser_fail(p, t, "\"%s\" are no TCP flags: S S. . P. F. R. as tcpdump writes them",
					   t->text);
		if (out->flag_count == STEP_FLAGS)
			return parser_fail(p, t, "at most %d packets", STEP_FLAGS);
		out->flags[out->flag_count++] = flags;
		p->at++;
	}
	return out->flag_count ? 0 : parser_fail(p, t, "flags are missing: expect packets S S. .");
}

/* --- running --- */

static enum run_result late(struct run *r)
{
	r->status = CALL_TIMEOUT;
	return RUN_FAIL;
}

static enum run_result watch_state(struct session *s, struct run *r)
{
	struct lab_sock *sock = run_target(s, r);
	enum state want = r->step->state;

	if (!sock)
		return RUN_FAIL;
	lab_look(s->lab, sock, clock_real_ns());
	if (!r->before)
		r->before = sock->now.state;
	if (sock->now.state == want || (sock_is_tcp(&sock->now) && history_was(&sock->history, want, r->begun_ns)))
		return RUN_DONE;
	if (run_expired(r)) {
		run_fail(r, "expected state %s, seen %s", state_name(want), state_name(sock->now.state));
		return late(r);
	}
	r->wake_ns = clock_mono_ns() + LOOK_NS;
	return RUN_WAIT;
}

/* "hello" (5 bytes), shortened: for messages. */
static void describe(struct buf *out, const uint8_t *bytes, uint64_t len)
{
	enum { SHOWN = 48 };

	text_quote(out, bytes ? (const char *)bytes : "", len < SHOWN ? len : SHOWN);
	buf_printf(out, "%s (%llu byte%s)", len > SHOWN ? "…" : "", (unsigned long long)len, len == 1 ? "" : "s");
}

static bool same_data(const struct data *want, const struct call *c)
{
	if (want->len != c->moved || c->data_len != c->moved)
		return false;
	if (!want->zeroes)
		return !want->len || !memcmp(want->bytes, c->data, want->len);
	for (uint32_t i = 0; i < c->data_len; i++)
		if (c->data[i])
			return false;
	return true;
}

static enum run_result judge_data(struct run *r, const struct call *c)
{
	struct buf text = { 0 };
	const struct data *want = &r->step->data;
	enum run_result result = RUN_DONE;

	if (c->status == CALL_OK && same_data(want, c))
		return RUN_DONE;
	buf_puts(&text, "expected ");
	if (want->zeroes)
		buf_printf(&text, "%llu zero bytes", (unsigned long long)want->len);
	else
		describe(&text, want->bytes, want->len);
	buf_puts(&text, ", ");
	if (c->status == CALL_ERROR) {
		buf_printf(&text, "got %s (%s)", errno_name(c->error), errno_help(c->error));
	} else if (c->status == CALL_TIMEOUT && !c->moved) {
		buf_puts(&text, "nothing came in time");
	} else if (!c->moved && want->len) {
		buf_puts(&text, "got the end of the stream");
	} else {
		buf_puts(&text, c->status == CALL_TIMEOUT ? "in time came only " : "got ");
		describe(&text, c->data, c->moved);
	}
	result = run_fail(r, "%s", text.data);
	if (c->status == CALL_TIMEOUT)
		result = late(r);
	buf_done(&text);
	return result;
}

static enum run_result watch_recv(struct session *s, struct run *r)
{
	struct lab_sock *sock = run_target(s, r);
	const struct call *c;
	enum run_result result;

	if (!sock)
		return RUN_FAIL;
	if (!r->call) {
		bool stream = sock->now.type == SOCK_STREAM;
		const struct lab_args args = { .bytes = stream ? r->step->data.len : LAB_RECV, .exact = stream };

		result = run_verb(s, r, sock, VERB_RECV, &args);
	} else {
		result = run_follow(s, r);
	}
	c = journal_find(lab_journal(s->lab), r->call);
	return result == RUN_DONE && c ? judge_data(r, c) : result;
}

static enum run_result watch_eof(struct session *s, struct run *r)
{
	struct lab_sock *sock = run_target(s, r);
	struct buf text = { 0 };
	const struct call *c;
	enum run_result result;

	if (!sock)
		return RUN_FAIL;
	result = r->call ? run_follow(s, r) : run_verb(s, r, sock, VERB_RECV, &(struct lab_args){ .bytes = 1 });
	c = journal_find(lab_journal(s->lab), r->call);
	if (result != RUN_DONE || !c || (c->status == CALL_OK && !c->moved))
		return result;
	if (c->status == CALL_ERROR)
		return run_fail(r, "expected the end of the stream, got %s (%s)", errno_name(c->error),
				errno_help(c->error));
	if (c->status == CALL_TIMEOUT) {
		run_fail(r, "expected the end of the stream, it did not come in time");
		return late(r);
	}
	describe(&text, c->data, c->moved);
	result = run_fail(r, "expected the end of the stream, got data: %s", text.data);
	buf_done(&text);
	return result;
}

/* The last finished call of that name: a socket() that failed has left a call but no socket. */
static const struct call *last_call(struct session *s, const char *name)
{
	struct journal *j = lab_journal(s->lab);
	const struct lab_sock *sock = lab_find_name(s->lab, name);
	const struct call *c = sock && sock->last_call ? journal_find(j, sock->last_call) : NULL;

	for (uint64_t n = j->next; n-- > journal_oldest(j) && n > (c ? c->number : 0);) {
		const struct call *other = journal_find(j, n);

		if (other && !strcmp(other->name, name))
			return other;
	}
	return c;
}

/* What comes of a connect that was not waited for is told once, by SO_ERROR, as a program would ask for it. */
static enum run_result watch_begun(struct session *s, struct run *r, struct lab_sock *sock)
{
	int want = r->step->error, got;

	lab_look(s->lab, sock, clock_real_ns());
	if (sock->now.state == STATE_SYN_SENT && !run_expired(r)) {
		r->wake_ns = clock_mono_ns() + LOOK_NS;
		return RUN_WAIT;
	}
	got = lab_take_error(sock);
	if (got == want)
		return RUN_DONE;
	if (got)
		return run_fail(r, "expected %s, but connect gave %s (%s)", errno_name(want), errno_name(got),
				errno_help(got));
	return run_fail(r, "expected %s, but connect %s", errno_name(want),
			sock->now.state == STATE_SYN_SENT ? "still goes on" : "succeeded");
}

static enum run_result watch_error(struct session *s, struct run *r)
{
	const struct call *c = last_call(s, r->step->target);
	struct lab_sock *sock;
	int want = r->step->error;

	if (!c)
		return run_fail(r, "expected %s, but no call was made on %s", errno_name(want), r->step->target);
	snprintf(r->name, sizeof r->name, "%s", r->step->target);
	r->sock = c->sock;
	if (c->status == CALL_RUNNING) {
		if (!run_expired(r))
			return RUN_WAIT;
		run_fail(r, "expected %s, but %s still goes on", errno_name(want), c->function);
		return late(r);
	}
	if (c->status != CALL_OK && c->error == want)
		return RUN_DONE;
	if (c->error == want) /* connect … nowait: EINPROGRESS */
		return RUN_DONE;
	if (c->status == CALL_TIMEOUT && (want == ETIMEDOUT || want == EAGAIN))
		return RUN_DONE;
	sock = c->error == EINPROGRESS ? lab_find(s->lab, c->sock) : NULL;
	if (sock)
		return watch_begun(s, r, sock);
	if (c->status == CALL_OK)
		return run_fail(r, "expected %s, but %s succeeded", errno_name(want), c->function);
	return run_fail(r, "expected %s, but %s gave %s (%s)", errno_name(want), c->function, errno_name(c->error),
			errno_help(c->error));
}

static bool same_end(struct endpoint a, struct endpoint b)
{
	endpoint_unmap(&a);
	endpoint_unmap(&b);
	if (!b.has_port)
		return endpoint_same_address(&a, &b);
	if (endpoint_is_any(&b))
		return a.port == b.port;
	return endpoint_same(&a, &b);
}

static enum run_result watch_peer(struct session *s, struct run *r)
{
	struct lab_sock *sock = run_target(s, r);
	const struct call *c;
	char want[ENDPOINT_TEXT], seen[ENDPOINT_TEXT];
	enum run_result result;
	struct endpoint peer;

	if (!sock)
		return RUN_FAIL;
	result = run_address(s, r, &r->step->address, sock->now.family);
	if (result != RUN_DONE)
		return result;
	lab_look(s->lab, sock, clock_real_ns());
	peer = sock->now.remote;
	c = sock->last_call ? journal_find(lab_journal(s->lab), sock->last_call) : NULL;
	if (peer.family == AF_UNSPEC && c)
		peer = c->peer; /* an unconnected datagram socket: who sent the last one */
	if (same_end(peer, r->tries[0]))
		return RUN_DONE;
	if (!run_expired(r) && r->step->has_within) {
		r->wake_ns = clock_mono_ns() + LOOK_NS;
		return RUN_WAIT;
	}
	return run_fail(r, "expected the peer %s, seen %s", endpoint_format(&r->tries[0], want, sizeof want),
			endpoint_format(&peer, seen, sizeof seen));
}

static enum run_result watch_option(struct session *s, struct run *r)
{
	const struct option_row *o = r->step->option;
	struct lab_sock *sock = run_target(s, r);
	struct buf value = { 0 };
	enum run_result result = RUN_DONE;
	int rc;

	if (!sock)
		return RUN_FAIL;
	rc = option_get(sock->fd, o, &value);
	if (rc) {
		result = run_fail(r, "expected %s %s, but getsockopt gave %s (%s)", o->name, r->step->rest,
				  errno_name(-rc), errno_help(-rc));
	} else if (!option_equal(o, buf_text(&value), r->step->rest)) {
		result = run_fail(r, "expected %s %s, seen %s", o->name, r->step->rest, buf_text(&value));
		if (!run_expired(r) && r->step->has_within) {
			r->status = CALL_RUNNING;
			r->message[0] = '\0';
			r->wake_ns = clock_mono_ns() + LOOK_NS;
			result = RUN_WAIT;
		}
	}
	buf_done(&value);
	return result;
}

/* How many of the wanted flags were seen, in order; others may lie between. */
static unsigned match_flags(const struct session *s, const struct trail *t, const struct step *st)
{
	unsigned found = 0;

	for (size_t i = 0; t && i < t->count && found < st->flag_count; i++) {
		const struct packet *p = session_packet(s, t->numbers[i], NULL);

		/* AE has no letter of its own and does not count. */
		if (p && p->ip_proto == IPPROTO_TCP && (p->tcp_flags & 0xff) == st->flags[found])
			found++;
	}
	return found;
}

static void describe_flags(const struct session *s, const struct trail *t, struct buf *out)
{
	enum { SHOWN = 24 };
	char flags[10];
	size_t from = t && t->count > SHOWN ? t->count - SHOWN : 0;

	if (from)
		buf_puts(out, "… ");
	for (size_t i = from; t && i < t->count; i++) {
		const struct packet *p = session_packet(s, t->numbers[i], NULL);

		if (p)
			buf_printf(out, "%s%s", i > from ? " " : "", packet_flags(p->tcp_flags, flags));
	}
	if (!t || !t->count)
		buf_puts(out, "none");
}

static enum run_result watch_packets(struct session *s, struct run *r)
{
	struct lab_sock *sock = run_target(s, r);
	struct tap *live = &s->taps[TAP_LIVE];
	struct buf text = { 0 };
	const struct trail *t;
	char flags[10];
	unsigned found;

	if (!sock)
		return RUN_FAIL;
	if (!live->capture && session_capture_start(s, NULL, &live->error))
		return run_fail(r, "expect packets needs a capture: %s", live->error.text);
	t = session_trail(s, sock->id);
	found = match_flags(s, t, r->step);
	if (found == r->step->flag_count)
		return RUN_DONE;
	if (!run_expired(r))
		return RUN_WAIT;
	buf_puts(&text, "expected packets");
	for (unsigned i = 0; i < r->step->flag_count; i++)
		buf_printf(&text, " %s", packet_flags((uint16_t)r->step->flags[i], flags));
	buf_puts(&text, ", seen ");
	describe_flags(s, t, &text);
	run_fail(r, "%s", text.data);
	buf_done(&text);
	return late(r);
}

/* --- the table of forms --- */

static const struct form {
	const char *name;
	int (*parse)(struct parser *p, struct step *out);
	enum run_result (*watch)(struct session *s, struct run *r);
} forms[] = {
	[EXPECT_STATE] = { "state", parse_state, watch_state },
	[EXPECT_RECV] = { "recv", parse_recv_data, watch_recv },
	[EXPECT_EOF] = { "eof", parse_nothing, watch_eof },
	[EXPECT_ERROR] = { "error", parse_error, watch_error },
	[EXPECT_PEER] = { "peer", parse_peer, watch_peer },
	[EXPECT_OPTION] = { "option", parse_option_value, watch_option },
	[EXPECT_PACKETS] = { "packets", parse_packets, watch_packets },
};

PARSER(expect)
{
	const struct token *t;
	int rc = parser_need(p, &t, "what to expect (state, recv, eof, error, peer, option, packets)");

	if (rc)
		return rc;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (t->quoted || strcmp(t->text, forms[i].name))
			continue;
		out->expectation = (enum expectation)i;
		rc = forms[i].parse(p, out);
		return rc ? rc : parser_within(p, out);
	}
	return parser_fail(p, t, "\"%s\" cannot be expected: state, recv, eof, error, peer, option or packets",
			   t->text);
}

RUNNER(expect)
{
	return forms[r->step->expectation].watch(s, r);
}
