#include "session/run.h"

#include "session/resolve.h"
#include "util/clock.h"
#include "util/mem.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct run *run_new(struct session *s, const struct step *step, bool in_script)
{
	struct run *r = mem_alloc(sizeof *r);
	uint64_t timeout = s->settings.timeout_ns;

	r->step = step;
	r->in_script = in_script;
	r->begun_ns = clock_real_ns();
	r->begun_mono_ns = clock_mono_ns();
	r->wake_ns = UINT64_MAX;
	if (step->has_within)
		timeout = step->within_ns;
	/* By hand a call goes on for as long as it takes; an expectation and a script's step have an end. */
	if (in_script || step->has_within || !(step->command->flags & COMMAND_CALL))
		r->deadline_ns = r->begun_mono_ns + timeout;
	else
		r->deadline_ns = UINT64_MAX;
	return r;
}

void run_free(struct run *r)
{
	if (!r)
		return;
	step_free(&r->own);
	free(r);
}

bool run_expired(const struct run *r)
{
	return r->deadline_ns != UINT64_MAX && clock_mono_ns() >= r->deadline_ns;
}

/* What the socket is now, for a run whose call did not tell. */
static void fill_socket(struct session *s, struct run *r)
{
	const struct lab_sock *sock = r->sock ? lab_find(s->lab, r->sock) : NULL;

	if (!sock)
		return;
	if (!r->before)
		r->before = sock->now.state;
	r->after = sock->now.state;
	r->local = sock->now.local;
	r->remote = sock->now.remote;
	if (!r->name[0])
		snprintf(r->name, sizeof r->name, "%s", sock->name);
}

static void fill_call(struct run *r, const struct call *c)
{
	r->status = c->status;
	r->result = c->result;
	r->error = c->error;
	r->duration_ns = c->duration_ns;
	r->before = c->before;
	r->after = c->after;
	r->local = c->local;
	r->remote = c->remote;
	snprintf(r->name, sizeof r->name, "%s", c->name);
}

enum run_result run_go(struct session *s, struct run *r)
{
	enum run_result result;
	const struct call *c;

	r->wake_ns = UINT64_MAX;
	result = r->step->command->run(s, r);
	if (result == RUN_WAIT)
		return result;
	r->ended_ns = clock_real_ns();
	c = r->call ? journal_find(lab_journal(s->lab), r->call) : NULL;
	if (c && (r->step->command->flags & COMMAND_CALL)) {
		fill_call(r, c);
	} else {
		r->duration_ns = clock_mono_ns() - r->begun_mono_ns;
		if (result == RUN_DONE)
			r->status = CALL_OK;
		else if (r->status == CALL_RUNNING)
			r->status = CALL_ERROR;
		fill_socket(s, r);
	}
	if (result == RUN_DONE && r->status != CALL_OK && r->status != CALL_RUNNING)
		result = RUN_FAIL;
	return result;
}

enum run_result run_fail(struct run *r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(r->message, sizeof r->message, format, args);
	va_end(args);
	if (r->status == CALL_RUNNING)
		r->status = CALL_ERROR;
	return RUN_FAIL;
}

enum run_result run_refused(struct run *r, const struct err *why)
{
	r->denied = why->code == EPERM || why->code == EACCES;
	return run_fail(r, "%s", why->text);
}

struct lab_sock *run_target(struct session *s, struct run *r)
{
	struct lab_sock *sock = r->sock ? lab_find(s->lab, r->sock) : lab_find_name(s->lab, r->step->target);

	if (!sock) {
		run_fail(r, "there is no socket \"%s\" (it was not made, or is forgotten)", r->step->target);
		return NULL;
	}
	r->sock = sock->id;
	snprintf(r->name, sizeof r->name, "%s", sock->name);
	return sock;
}

/* --- addresses --- */

static enum run_result one_address(struct run *r, struct endpoint e)
{
	r->tries[0] = e;
	r->try_count = 1;
	r->try_at = 0;
	return RUN_DONE;
}

static enum run_result echo_address(struct session *s, struct run *r, enum echo_kind kind)
{
	struct endpoint e;
	struct err why;

	if (!lab_echo_address(s->lab, kind, &e)) {
		if (lab_echo_start(s->lab, kind, NULL, &why))
			return run_fail(r, "%s", why.text);
		if (!lab_echo_address(s->lab, kind, &e))
			return run_fail(r, "the echo peer did not start");
	}
	return one_address(r, e);
}

static enum run_result other_end(struct session *s, struct run *r, const struct address *a)
{
	const struct lab_sock *other = lab_find_name(s->lab, a->name);
	struct endpoint e;

	if (!other)
		return run_fail(r, "there is no socket \"%s\"", a->name);
	e = a->kind == ADDRESS_LOCAL ? other->now.local : other->now.remote;
	if (e.family == AF_UNSPEC || (e.family == AF_UNIX && !e.path_len))
		return run_fail(r, "%s has no %s address", a->name, a->kind == ADDRESS_LOCAL ? "local" : "peer");
	endpoint_reachable(&e);
	return one_address(r, e);
}

static enum run_result host_address(struct session *s, struct run *r, const struct address *a, int family)
{
	struct err why;
	int rc;

	if (!s->resolver && resolver_new(&s->resolver, &why))
		return run_fail(r, "%s", why.text);
	if (!r->query)
		r->query = resolver_ask(s->resolver, a->host, family == AF_INET6 ? AF_UNSPEC : family);
	rc = resolver_answer(s->resolver, r->query, r->tries, &r->try_count, &why);
	if (rc == 0) {
		if (!run_expired(r))
			return RUN_WAIT;
		resolver_cancel(s->resolver, r->query);
		r->status = CALL_TIMEOUT;
		return run_fail(r, "no answer about %s in time", a->host);
	}
	if (rc < 0)
		return run_fail(r, "%s", why.text);
	for (unsigned i = 0; i < r->try_count; i++) {
		r->tries[i].port = a->endpoint.port;
		r->tries[i].has_port = a->endpoint.has_port;
	}
	r->try_at = 0;
	return RUN_DONE;
}

enum run_result run_address(struct session *s, struct run *r, const struct address *a, int family)
{
	struct endpoint e = a->endpoint;

	if (r->try_count)
		return RUN_DONE;
	switch (a->kind) {
	case ADDRESS_NONE: return one_address(r, (struct endpoint){ 0 });
	case ADDRESS_ANY: endpoint_map(&e, family); return one_address(r, e);
	case ADDRESS_LITERAL: return one_address(r, e);
	case ADDRESS_ECHO: return echo_address(s, r, a->echo);
	case ADDRESS_LOCAL:
	case ADDRESS_PEER: return other_end(s, r, a);
	case ADDRESS_HOST: return host_address(s, r, a, family);
	}
	return run_fail(r, "this address cannot be used");
}

/* --- calls --- */

enum run_result run_follow(struct session *s, struct run *r)
{
	const struct call *c = journal_find(lab_journal(s->lab), r->call);

	if (!c)
		return run_fail(r, "the call is forgotten");
	if (c->status != CALL_RUNNING)
		return RUN_DONE;
	return r->in_script || r->step->has_within || !(r->step->command->flags & COMMAND_CALL) ? RUN_WAIT : RUN_DONE;
}

enum run_result run_verb(struct session *s, struct run *r, struct lab_sock *sock, enum verb verb,
			 const struct lab_args *args)
{
	uint64_t deadline = r->deadline_ns;

	if (sock && sock->timeout_ns && !r->step->has_within)
		deadline = r->begun_mono_ns + sock->timeout_ns;
	r->call = lab_call(s->lab, sock, verb, args, deadline);
	return run_follow(s, r);
}
