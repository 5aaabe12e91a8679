/* Which sockets are shown, and which one is meant: scope, filter, select, destroy. */
#include "commands.h"

#include "util/buf.h"
#include "session/explain.h"
#include "util/mem.h"
#include "util/needle.h"
#include "util/text.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

PARSER(scope)
{
	const struct token *t;
	int64_t pid;
	int rc = parser_need(p, &t, "a scope (mine, host, process:PID, closed, file)");

	if (rc)
		return rc;
	if (!strncasecmp(t->text, "process:", 8)) {
		if (!text_parse_int(t->text + 8, &pid) || pid <= 0 || pid > INT32_MAX)
			return parser_fail(p, t, "\"%s\" is not a process: process:PID", t->text);
		out->number = SCOPE_PROCESS;
		out->bytes = (uint64_t)pid;
		return 0;
	}
	for (int i = 0; i < SCOPES; i++)
		if (!strcasecmp(scope_names[i], t->text)) {
			out->number = i;
			return 0;
		}
	return parser_fail(p, t, "\"%s\" is not a scope: mine, host, process, process:PID, closed, file", t->text);
}

RUNNER(scope)
{
	const char *why = session_scope_refused(s, (enum scope)r->step->number);

	if (why)
		return run_fail(r, "%s", why);
	if (r->step->number != SCOPE_PROCESS)
		session_set_scope(s, (enum scope)r->step->number);
	else if (!session_set_process(s, (uint32_t)r->step->bytes))
		return run_fail(r, "select a socket whose owner is known first, or: scope process:PID");
	return RUN_DONE;
}

PARSER(filter)
{
	const char *start = p->rest;
	struct filter *f;
	struct err why;
	unsigned column = 1;

	out->rest = parser_rest(p);
	if (filter_new(out->rest, &f, &why, &column)) {
		parser_fail(p, NULL, "%s", why.text);
		p->column = lex_column(p->line, (size_t)(start - p->line)) + column - 1;
		return -EINVAL;
	}
	filter_free(f);
	return 0;
}

RUNNER(filter)
{
	struct err why;

	if (session_set_filter(s, r->step->rest, &why, NULL))
		return run_fail(r, "%s", why.text);
	return RUN_DONE;
}

RUNNER(destroy)
{
	const struct row *row = session_selected(s);
	char local[ENDPOINT_TEXT];
	struct err why;

	if (!row)
		return run_fail(r, "no socket is selected");
	endpoint_format(&row->sock->local, local, sizeof local);
	if (session_destroy(s, row->key, &why))
		return run_fail(r, "%s", why.text);
	session_notice(s, NOTICE_INFO, "the socket %s was destroyed", local);
	return RUN_DONE;
}

/* number: the signal. */
static const struct {
	const char *name;
	int number;
} signals[] = {
	{ "TERM", SIGTERM }, { "INT", SIGINT },   { "HUP", SIGHUP },   { "QUIT", SIGQUIT }, { "KILL", SIGKILL },
	{ "STOP", SIGSTOP }, { "CONT", SIGCONT }, { "USR1", SIGUSR1 }, { "USR2", SIGUSR2 },
};

PARSER(signal)
{
	const struct token *t = parser_next(p);
	const char *word = !t ? "TERM" : !strncasecmp(t->text, "SIG", 3) ? t->text + 3 : t->text;

	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (!strcasecmp(word, signals[i].name)) {
			out->number = signals[i].number;
			return 0;
		}
	return parser_fail(p, t,
			   "\"%s\" is not one of the signals that are sent: TERM, INT, HUP, QUIT, KILL, STOP, CONT, "
			   "USR1, USR2",
			   t->text);
}

RUNNER(signal)
{
	const struct row *row = session_selected(s);
	char process[16];
	struct err why;
	uint32_t pid;

	if (!row || !row->view.owner_count)
		return run_fail(r, "no socket whose process is known is selected");
	pid = row->view.owners[0].pid;
	memcpy(process, row->view.owners[0].process, sizeof process);
	if (session_signal(s, row->key, r->step->number, &why))
		return run_fail(r, "%s", why.text);
	session_notice(s, NOTICE_INFO, "%.16s (pid %u) was sent SIG%s", process, (unsigned)pid,
		       sigabbrev_np(r->step->number));
	return RUN_DONE;
}

PARSER(select)
{
	const struct token *t;
	int rc = parser_need(p, &t, "a socket's name");

	if (rc)
		return rc;
	if (!symbols_find(p->symbols, t->text))
		return parser_fail(p, t, "there is no socket named \"%s\"", t->text);
	p->symbols->current = (size_t)(symbols_find(p->symbols, t->text) - p->symbols->symbol) + 1;
	out->word = mem_string(t->text);
	return 0;
}

RUNNER(select)
{
	const struct lab_sock *sock = lab_find_name(s->lab, r->step->word);

	if (!sock)
		return run_fail(r, "there is no socket named \"%s\"", r->step->word);
	session_select(s, sock->id);
	return RUN_DONE;
}

const char *const view_names[VIEWS] = { "packets", "ladder", "stream" };

const char *const form_names[FORMS] = { "text", "hex", "c" };

const char *const graph_names[GRAPHS] = {
	[GRAPH_SEQUENCE] = "sequence", [GRAPH_THROUGHPUT] = "throughput",
	[GRAPH_RTT] = "rtt",           [GRAPH_WINDOW] = "window",
	[GRAPH_CWND] = "cwnd",
};

/* One of `count` names, or none: -1. */
static int parse_name(struct parser *p, struct step *out, const char *const *names, int count, const char *what)
{
	const struct token *t = parser_next(p);
	struct buf all = { 0 };
	int rc;

	out->number = -1;
	for (int i = 0; t && i < count; i++)
		if (!strcasecmp(names[i], t->text))
			out->number = i;
	if (!t || out->number >= 0)
		return 0;
	for (int i = 0; i < count; i++)
		buf_printf(&all, "%s%s", i ? ", " : "", names[i]);
	rc = parser_fail(p, t, "\"%s\" is not %s: %s", t->text, what, buf_text(&all));
	buf_done(&all);
	return rc;
}

PARSER(view)
{
	return parse_name(p, out, view_names, VIEWS, "a view");
}

PARSER(form)
{
	return parse_name(p, out, form_names, FORMS, "a form");
}

RUNNER(form)
{
	s->form = r->step->number < 0 ? (s->form + 1) % FORMS : (enum stream_form)r->step->number;
	session_touch(s);
	return RUN_DONE;
}

FITS(form)
{
	return s->view == VIEW_STREAM;
}

static enum run_result show(struct session *s, enum traffic_view view)
{
	s->view = view;
	session_touch(s);
	if (s->hooks.ui)
		s->hooks.ui(s->hooks.ctx, UI_TRAFFIC, NULL);
	return RUN_DONE;
}

RUNNER(view)
{
	return show(s, r->step->number < 0 ? (s->view + 1) % VIEWS : (enum traffic_view)r->step->number);
}

RUNNER(stream)
{
	(void)r;
	return show(s, VIEW_STREAM);
}

PARSER(graph)
{
	return parse_name(p, out, graph_names, GRAPHS, "a graph");
}

RUNNER(graph)
{
	if (r->step->number >= 0)
		s->graph = (enum graph_kind)r->step->number;
	session_touch(s);
	if (s->hooks.ui)
		s->hooks.ui(s->hooks.ctx, UI_GRAPH, r->step->number >= 0 ? graph_names[s->graph] : NULL);
	return RUN_DONE;
}

PARSER(match)
{
	out->rest = parser_rest(p);
	return 0;
}

RUNNER(match)
{
	snprintf(s->match, sizeof s->match, "%s", r->step->rest ? r->step->rest : "");
	session_touch(s);
	return RUN_DONE;
}

PARSER(search)
{
	const char *start = p->rest;
	struct needle n;
	struct err why;

	out->rest = parser_rest(p);
	if (!out->rest || !out->rest[0] || !needle_parse(out->rest, &n, &why))
		return 0;
	parser_fail(p, NULL, "%s", why.text);
	p->column = lex_column(p->line, (size_t)(start - p->line));
	return -EINVAL;
}

RUNNER(search)
{
	if (r->step->rest && r->step->rest[0])
		snprintf(s->search, sizeof s->search, "%s", r->step->rest);
	if (!s->search[0])
		return run_fail(r, "nothing was searched for yet: search WORD");
	if (s->hooks.ui)
		s->hooks.ui(s->hooks.ctx, UI_SEARCH, NULL);
	return RUN_DONE;
}

RUNNER(since)
{
	(void)r;
	s->since_mark = !s->since_mark;
	if (!s->mark.at_ns)
		session_notice(s, NOTICE_INFO, "nothing is marked yet: m marks");
	else if (s->since_mark)
		session_notice(s, NOTICE_INFO, "times are told since the mark: %s", s->mark.what);
	else
		session_notice(s, NOTICE_INFO, "times are told from the beginning");
	session_touch(s);
	return RUN_DONE;
}

PARSER(explain)
{
	const struct token *t = parser_next(p);
	struct explanation e = { 0 };
	bool known = !t || explain_word(t->text, &e);

	explain_done(&e);
	if (!known)
		return parser_fail(
			p, t, "nothing is known of \"%s\": a state, an errno, an option, a mark, a column, a protocol",
			t->text);
	out->word = t ? mem_string(t->text) : NULL;
	return 0;
}
