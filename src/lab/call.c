/* How a call begins, waits and ends: the same for every verb. */
#include "inside.h"

#include "util/clock.h"
#include "util/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What sets the verbs apart here. The words for people are in `verbs` (verb.c). */
static const struct act {
	enum outcome (*attempt)(struct lab *l, struct node *n, struct op *op, struct call *c);
	bool in_turn;     /* waits behind an earlier one of the same verb: bytes stay in order */
	bool moves_ends;  /* the endpoints may be others afterwards */
	enum proof proof; /* that the call is for the history of a TCP socket, when it worked */
} acts[VERB_COUNT] = {
	[VERB_SOCKET] = { attempt_socket, false, false, 0 },
	[VERB_BIND] = { attempt_bind, false, true, 0 },
	[VERB_LISTEN] = { attempt_listen, false, true, PROOF_LISTEN },
	[VERB_ACCEPT] = { attempt_accept, true, false, 0 },
	[VERB_CONNECT] = { attempt_connect, false, true, PROOF_CONNECT },
	[VERB_SEND] = { attempt_send, true, true, 0 },
	[VERB_RECV] = { attempt_recv, true, false, 0 },
	[VERB_SHUTDOWN] = { attempt_shutdown, false, false, PROOF_FIN_OUT },
	[VERB_CLOSE] = { attempt_close, false, false, PROOF_FIN_OUT },
	[VERB_ABORT] = { attempt_abort, false, false, PROOF_RST },
	[VERB_SETSOCKOPT] = { attempt_setsockopt, false, false, 0 },
	[VERB_GETSOCKOPT] = { attempt_getsockopt, false, false, 0 },
};

/* --- for the attempts --- */

void op_stamp(struct op *op)
{
	int saved = errno;

	op->ended_ns = clock_mono_ns();
	op->end_ns = clock_real_ns();
	errno = saved;
}

enum outcome op_settle(struct op *op, int64_t result, int error)
{
	op->result = result;
	op->error = error;
	return SETTLED;
}

enum outcome op_wait(struct op *op, int error, bool announced)
{
	op->result = -1;
	op->error = error;
	op->retry_ns = announced ? UINT64_MAX : clock_mono_ns() + RETRY_NS;
	return WAITS;
}

/* --- waiting --- */

static void keep_waiting(struct lab *l, struct node *n, const struct op *attempted)
{
	struct op *op = mem_alloc(sizeof *op), **end = &n->ops;

	*op = *attempted;
	op->args = NULL;
	if (op->data && !op->owned) {
		op->data = mem_alloc(op->len);
		memcpy(op->data, attempted->data, op->len);
		op->owned = true;
	}
	while (*end)
		end = &(*end)->next;
	*end = op;
	op->next = NULL;
	op->all_prev = NULL;
	op->all_next = l->waiting;
	if (l->waiting)
		l->waiting->all_prev = op;
	l->waiting = op;
	n->s.running++;
}

static void op_free(struct op *op)
{
	if (op->owned)
		free(op->data);
	buf_done(&op->got);
	free(op);
}

/* Out of both lists; the caller frees it. */
static void stop_waiting(struct lab *l, struct node *n, struct op *op)
{
	struct op **at = &n->ops;

	while (*at != op)
		at = &(*at)->next;
	*at = op->next;
	*(op->all_prev ? &op->all_prev->all_next : &l->waiting) = op->all_next;
	if (op->all_next)
		op->all_next->all_prev = op->all_prev;
	n->s.running--;
}

void calls_drop(struct lab *l)
{
	while (l->waiting) {
		struct op *op = l->waiting;

		stop_waiting(l, node_find(l, op->sock), op);
		op_free(op);
	}
}

/* --- beginning and ending --- */

static struct call *journal_call(struct lab *l, uint64_t number)
{
	struct call *c = journal_find(&l->journal, number);

	if (c)
		return c;
	memset(&l->lost, 0, sizeof l->lost);
	return &l->lost;
}

static void fill_after(struct node *n, struct call *c)
{
	c->after = n->s.now.state;
	c->local = n->s.now.local;
	c->remote = n->s.now.remote;
}

static void tell_history(struct node *n, const struct op *op, const struct call *c)
{
	enum proof proof = n->s.reset && op->verb == VERB_CLOSE ? PROOF_RST : acts[op->verb].proof;

	if (proof && op->proves && sock_is_tcp(&n->s.now))
		history_prove(&n->s.history, c->start_ns, CAUSE_CALL, proof, verbs[op->verb].name);
}

/* `n` is NULL when socket() failed. */
static void finish(struct lab *l, struct node *n, struct op *op, struct call *c, enum call_status status)
{
	bool closes = op->verb == VERB_CLOSE || op->verb == VERB_ABORT;

	c->status = status;
	c->result = op->result;
	c->error = op->error;
	c->end_ns = op->end_ns;
	c->duration_ns = op->ended_ns - op->begun_ns;
	c->moved = op->moved;
	l->journal.changes++;
	if (c->error || status != CALL_OK)
		note_error(n, op, op->args, c);
	if (n) {
		n->s.last_error = op->error;
		n->s.last_call = op->call;
		if (closes && n->s.closed) {
			look_gone(l, n, clock_real_ns());
		} else if (op->verb != VERB_SOCKET) {
			look_state(l, n, clock_real_ns());
			if (acts[op->verb].moves_ends)
				look_ends(n);
		}
		fill_after(n, c);
	}
	lab_changed(l);
}

static bool must_queue(const struct node *n, enum verb verb)
{
	if (!n || !acts[verb].in_turn)
		return false;
	for (const struct op *op = n->ops; op; op = op->next)
		if (op->verb == verb)
			return true;
	return false;
}

static void show_waiting(struct node *n, const struct op *op, struct call *c)
{
	c->status = CALL_RUNNING;
	c->result = -1;
	c->error = op->error;
	c->moved = op->moved;
	fill_after(n, c);
}

/* One attempt, with what comes before and after it. `c` may be the stand-in. */
static enum outcome attempt(struct lab *l, struct node *n, struct op *op, struct call *c)
{
	enum outcome outcome = acts[op->verb].attempt(l, n, op, c);

	if (n)
		tell_history(n, op, c);
	op->proves = false;
	return outcome;
}

static void fill_call(struct node *n, enum verb verb, const struct lab_args *args, struct op *op, struct call *c)
{
	c->verb = verbs[verb].name;
	c->function = verbs[verb].function;
	c->fd = n ? n->s.fd : -1;
	if (n) {
		c->sock = n->s.id;
		memcpy(c->name, n->s.name, sizeof c->name);
		c->before = n->s.now.state;
		c->local = n->s.now.local;
		c->remote = n->s.now.remote;
	}
	if (n && (verb == VERB_BIND || verb == VERB_CONNECT || verb == VERB_SEND)) {
		args_address(n, verb, &op->address);
		c->peer = op->address;
		if (verb != VERB_BIND && op->address.family != AF_UNSPEC)
			n->s.last_peer = op->address;
	}
	if (verb == VERB_SEND && op->address.family != AF_UNSPEC)
		c->function = "sendto";
	if (verb == VERB_RECV && n && n->s.now.type != SOCK_STREAM && n->s.now.state == STATE_UNCONNECTED)
		c->function = "recvfrom";
	args_write(op, args, c->args);
}

static struct op new_op(const struct node *n, enum verb verb, const struct lab_args *args, uint64_t deadline_ns)
{
	struct op op = {
		.sock = n ? n->s.id : 0,
		.verb = verb,
		.deadline_ns = deadline_ns,
		.retry_ns = UINT64_MAX,
		.nowait = args->nowait,
		.exact = args->exact,
		.address = args->address,
		.len = args->data_len,
		.bytes = args->bytes ? args->bytes : LAB_RECV,
		.args = args,
	};

	if (args->data) /* only read; copied before the call returns, if it waits */
		memcpy(&op.data, &args->data, sizeof op.data);
	if (args->name)
		strncat(op.name, args->name, sizeof op.name - 1);
	return op;
}

/* A UNIX datagram socket without a name cannot be answered: our own echo peer would have nowhere to send to. */
static void name_for_answer(struct lab *l, struct node *n, enum verb verb, const struct lab_args *args)
{
	struct lab_args bind = { .address.family = AF_UNIX };
	struct call *c;
	uint64_t number;

	if ((verb != VERB_CONNECT && verb != VERB_SEND) || n->s.now.family != AF_UNIX || n->s.now.type != SOCK_DGRAM ||
	    n->s.now.local.path_len || !echo_is(l, ECHO_UNIX_DGRAM, &args->address))
		return;
	number = lab_call(l, &n->s, VERB_BIND, &bind, UINT64_MAX);
	c = journal_find(&l->journal, number);
	if (c && c->status == CALL_OK)
		note_set(c, "the socket had no name that the echo peer could answer to: the kernel gave it one");
}

uint64_t lab_call(struct lab *l, struct lab_sock *s, enum verb verb, const struct lab_args *args, uint64_t deadline_ns)
{
	static const struct lab_args nothing;
	struct node *n = s ? node_of(s) : NULL;
	enum outcome outcome = WAITS;
	struct call *c;
	struct op op;

	args = args ? args : &nothing;
	if (n && !n->s.closed && !n->s.peer) {
		name_for_answer(l, n, verb, args);
		look_state(l, n, clock_real_ns());
	}
	op = new_op(n, verb, args, deadline_ns);
	c = journal_add(&l->journal);
	op.call = c->number;
	fill_call(n, verb, args, &op, c);
	op.error = EAGAIN;
	c->start_ns = clock_real_ns();
	op.begun_ns = clock_mono_ns();
	if (verb != VERB_SOCKET && (!n || n->s.closed || n->s.peer)) {
		op_stamp(&op);
		outcome = op_settle(&op, -1, n && n->s.peer ? EPERM : EBADF);
	} else if (!must_queue(n, verb)) {
		outcome = attempt(l, n, &op, c);
	}
	if (outcome == SETTLED) {
		if (verb == VERB_SOCKET && c->made)
			n = node_find(l, c->made);
		finish(l, n, &op, c, op.result < 0 ? CALL_ERROR : CALL_OK);
		buf_done(&op.got);
		if (n && n->s.closed && (verb == VERB_CLOSE || verb == VERB_ABORT) && c->result == 0)
			node_closed(l, n);
		return op.call;
	}
	look_state(l, n, clock_real_ns());
	if (acts[verb].moves_ends)
		look_ends(n);
	show_waiting(n, &op, c);
	keep_waiting(l, n, &op);
	lab_changed(l);
	return op.call;
}

/* --- going on --- */

void calls_resume(struct lab *l, struct node *n)
{
	bool stuck[VERB_COUNT] = { false };
	struct op *op = n->ops, *next;

	for (; op; op = next) {
		struct call *c = journal_call(l, op->call);

		next = op->next;
		if (stuck[op->verb])
			continue;
		if (attempt(l, n, op, c) == WAITS) {
			show_waiting(n, op, c);
			stuck[op->verb] = acts[op->verb].in_turn;
			continue;
		}
		stop_waiting(l, n, op);
		finish(l, n, op, c, op->result < 0 ? CALL_ERROR : CALL_OK);
		op_free(op);
	}
}

/* End a waiting call from outside: nothing more is asked of the kernel for it. */
static void end_waiting(struct lab *l, struct op *op, enum call_status status, int error, const char *why)
{
	struct node *n = node_find(l, op->sock);
	struct call *c = journal_call(l, op->call);

	stop_waiting(l, n, op);
	op_stamp(op);
	op->result = -1;
	op->error = error;
	if (op->got.len) {
		journal_data(&l->journal, c, op->got.data, op->got.len, true);
	} else if (op->verb == VERB_SEND && op->moved) {
		journal_data(&l->journal, c, op->data, op->moved, false);
		n->s.sent += op->moved;
	}
	note_set(c, "%s", why);
	if (op->moved)
		note_add(c, "%llu of %llu bytes had moved", (unsigned long long)op->moved,
			 (unsigned long long)(op->verb == VERB_SEND ? op->len : op->bytes));
	finish(l, n, op, c, status);
	op_free(op);
}

void calls_end(struct lab *l, struct node *n)
{
	while (n->ops)
		end_waiting(l, n->ops, CALL_ERROR, ECANCELED, "the socket was closed");
}

void lab_cancel(struct lab *l, uint64_t call)
{
	for (struct op *op = l->waiting; op; op = op->all_next)
		if (op->call == call) {
			struct node *n = node_find(l, op->sock);

			end_waiting(l, op, CALL_ERROR, ECANCELED, "");
			calls_resume(l, n); /* those that waited for their turn */
			return;
		}
}

/* The first waiting call for which it is time; NULL when there is none. */
static struct op *find_due(struct lab *l, uint64_t mono_ns)
{
	for (struct op *op = l->waiting; op; op = op->all_next)
		if (op->retry_ns <= mono_ns || op->deadline_ns <= mono_ns)
			return op;
	return NULL;
}

void calls_due(struct lab *l, uint64_t mono_ns)
{
	struct op *op;

	/* Every turn either ends a call or moves its retry past mono_ns. */
	while ((op = find_due(l, mono_ns))) {
		struct node *n = node_find(l, op->sock);

		op->retry_ns = UINT64_MAX;
		if (op->deadline_ns <= mono_ns)
			end_waiting(l, op, CALL_TIMEOUT, op->error,
				    op->under_way ? "timed out; the kernel keeps trying" : "timed out");
		calls_resume(l, n); /* it, or those that waited for their turn behind it */
	}
}
