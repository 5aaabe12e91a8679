/* Lines that are entered by hand, the steps that wait, the loaded script, the demo. */
#include "inside.h"

#include "session/logbook.h"
#include "session/parser.h"
#include "session/replay.h"
#include "session/run.h"
#include "session/script.h"
#include "util/clock.h"
#include "util/mem.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void remember_accept(struct session *s, const struct run *r)
{
	const struct call *c = r->call ? journal_find(lab_journal(s->lab), r->call) : NULL;

	if (!c || c->status != CALL_RUNNING || !(r->step->command->flags & COMMAND_MAKES))
		return;
	MEM_ROOM(s->accepts, s->accept_count, s->accept_capacity);
	s->accepts[s->accept_count++] = r->call;
}

/* A line's parser needs the names that there are now. */
static int parse_now(struct session *s, const char *line, struct step *out, struct err *e, unsigned *column)
{
	const struct lab_sock *current = session_current(s);
	struct symbols symbols = { 0 };
	int rc;

	symbols_from_lab(&symbols, s->lab, current ? current->name : NULL);
	rc = parse_line(line, NULL, &symbols, out, e, column);
	symbols_done(&symbols);
	return rc;
}

int session_enter(struct session *s, const char *line, struct err *e, unsigned *column)
{
	enum run_result result;
	struct step step;
	struct run *r;
	int rc = parse_now(s, line, &step, e, column);

	if (rc <= 0)
		return rc;
	if (session_refuses(s, step.command)) {
		rc = err_set(e, EROFS, "%s", session_refuses(s, step.command));
		step_free(&step);
		if (column)
			*column = 1;
		return rc;
	}
	r = run_new(s, &step, false);
	r->own = step;
	r->step = &r->own;
	result = run_go(s, r);
	logbook_add(s, r);
	remember_accept(s, r);
	session_touch(s);
	if (result == RUN_WAIT) {
		MEM_ROOM(s->runs, s->run_count, s->run_capacity);
		s->runs[s->run_count++] = r;
	} else {
		if (result == RUN_FAIL && r->message[0]) {
			rc = err_set(e, EINVAL, "%s", r->message);
			if (column)
				*column = 1;
		}
		run_free(r);
	}
	session_rebuild_rows(s);
	return rc < 0 ? rc : 0;
}

static void tell(struct session *s, const struct run *r, enum run_result result)
{
	if (result == RUN_FAIL && r->message[0])
		session_notice(s, NOTICE_ERROR, "%s", r->message);
	else if (!(r->step->command->flags & COMMAND_CALL) && r->step->expectation && result == RUN_DONE)
		session_notice(s, NOTICE_INFO, "ok: %s", r->step->text);
}

static void go_script(struct session *s)
{
	struct script *script = s->script;
	struct run *finished;

	while (script && (script->running || s->script_step || s->script_all)) {
		enum run_result result;
		const struct script_step *st;

		if (script->next >= script->count) {
			s->script_step = s->script_all = false;
			return;
		}
		s->script_step = false;
		st = &script->steps[script->next];
		result = script_go(s, script, &finished);
		if (result == RUN_WAIT)
			return;
		if (!script_passed(st, finished)) {
			session_notice(s, NOTICE_ERROR, "%s:%u: %s: %s", st->file, st->step.line, st->step.text,
				       finished->message[0] ? finished->message : "the call failed");
			s->script_all = false;
		} else if (script->next == script->count) {
			session_notice(s, NOTICE_INFO, "%s: that was its last step", script->name);
		}
		run_free(finished);
		session_touch(s);
	}
}

void session_go_runs(struct session *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->run_count; i++) {
		struct run *r = s->runs[i];
		enum run_result result = run_go(s, r);

		if (result == RUN_WAIT) {
			s->runs[kept++] = r;
			continue;
		}
		remember_accept(s, r);
		tell(s, r, result);
		run_free(r);
		session_touch(s);
	}
	s->run_count = kept;
	go_script(s);
}

static uint64_t run_until(const struct run *r)
{
	return r->wake_ns < r->deadline_ns ? r->wake_ns : r->deadline_ns;
}

uint64_t session_runs_until(const struct session *s)
{
	uint64_t until = UINT64_MAX;

	for (size_t i = 0; i < s->run_count; i++)
		if (run_until(s->runs[i]) < until)
			until = run_until(s->runs[i]);
	if (s->script && s->script->running && run_until(s->script->running) < until)
		until = run_until(s->script->running);
	if (s->script_step || (s->script_all && s->script && !s->script->running))
		until = 0;
	return until;
}

int session_load(struct session *s, const char *path, struct err *e)
{
	struct script *script;
	int rc = script_read(path, &script, e);

	if (rc)
		return rc;
	if (script->error_count) {
		const struct script_error *first = &script->errors[0];

		rc = err_set(e, EINVAL, "%s:%u:%u: %s", first->file, first->line, first->column, first->why);
		script_free(script);
		return rc;
	}
	if (!script->count) {
		script_free(script);
		return err_set(e, EINVAL, "%s: there is no step in it", path);
	}
	script_free(s->script);
	s->script = script;
	s->script_step = s->script_all = false;
	session_touch(s);
	return 0;
}

int session_demo(struct session *s, struct err *e)
{
	/* One of each kind, each a little further in its life than a new one; tcp1 is left for the user to step. */
	static const char *const lines[] = {
		"tcp1 = socket inet stream",
		"server = socket inet stream",
		"server.bind 127.0.0.1:0",
		"server.listen",
		"tcp2 = socket inet6 stream",
		"tcp2.connect $echo.tcp6",
		"tcp2.send \"hello over IPv6\\n\"",
		"tcp2.recv",
		"udp1 = socket inet dgram",
		"udp1.send \"hello\\n\" to $echo.udp",
		"udp1.recv",
		"udp2 = socket inet6 dgram",
		"udp2.connect $echo.udp6",
		"unix1 = socket unix stream",
		"unix1.connect $echo.unix",
		"unix1.send \"hello\\n\"",
		"unix1.recv",
		"unix2 = socket unix dgram",
		"unix3 = socket unix seqpacket",
		"unix3.connect $echo.unix_seqpacket",
		"raw1 = socket inet raw icmp",
		"select tcp1",
	};
	struct err ignored;
	int rc = lab_echo_start_all(s->lab, e);

	if (rc)
		return rc;
	/* What a host cannot do (no IPv6, no CAP_NET_RAW) shows in Calls, with the reason. */
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		session_enter(s, lines[i], &ignored, NULL);
	session_notice(s, NOTICE_INFO, "press Space: each press makes the next call in tcp1's life");
	return 0;
}
