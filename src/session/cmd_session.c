/* Everything that is not a call: echo, wait, print, set, scope, select, capture, source, save, keys, the guided step. */
#include "commands.h"

#include "capture/pcapng.h"
#include "session/logbook.h"
#include "session/script.h"
#include "session/setting.h"
#include "util/buf.h"
#include "util/clock.h"
#include "util/mem.h"
#include "util/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- echo, wait, print --- */

PARSER(echo)
{
	out->number = -1; /* neither: turn it round */
	if (!parser_peek(p))
		return 0;
	if (parser_word(p, "start"))
		out->number = 1;
	else if (parser_word(p, "stop"))
		out->number = 0;
	else
		return parser_fail(p, parser_peek(p), "echo takes start or stop, not \"%s\"",
				   parser_peek(p)->text);
	if (out->number == 1 && parser_peek(p))
		return parser_address(p, &out->address);
	return 0;
}

/* An address of one's own choice: the TCP peer, the UDP peer where it has one, or the UNIX stream peer. */
static enum run_result echo_at(struct session *s, struct run *r)
{
	static const enum echo_kind inet[] = { ECHO_TCP, ECHO_UDP },
				    inet6[] = { ECHO_TCP6, ECHO_UDP6 };
	enum run_result result = run_address(s, r, &r->step->address, AF_INET);
	const struct endpoint *at = &r->tries[0];
	struct err why;

	if (result != RUN_DONE)
		return result;
	if (at->family == AF_UNIX)
		return lab_echo_start(s->lab, ECHO_UNIX, at, &why) ? run_fail(r, "%s", why.text)
								   : RUN_DONE;
	for (size_t i = 0; i < 2; i++)
		if (lab_echo_start(s->lab, at->family == AF_INET6 ? inet6[i] : inet[i], at, &why))
			return run_fail(r, "%s", why.text);
	return RUN_DONE;
}

RUNNER(echo)
{
	bool start = r->step->number < 0 ? !lab_echo_running(s->lab) : r->step->number;
	struct err why;

	if (!start) {
		lab_echo_stop(s->lab);
		session_notice(s, NOTICE_INFO, "the echo peers are stopped");
		return RUN_DONE;
	}
	if (r->step->address.kind)
		return echo_at(s, r);
	if (lab_echo_start_all(s->lab, &why))
		return run_fail(r, "%s", why.text);
	session_notice(s, NOTICE_INFO, "the echo peers run: connect $echo.tcp, send, recv");
	return RUN_DONE;
}

PARSER(wait)
{
	return parser_duration(p, &out->within_ns);
}

RUNNER(wait)
{
	(void)s;
	r->wake_ns = r->begun_mono_ns + r->step->within_ns;
	r->deadline_ns = UINT64_MAX;
	return clock_mono_ns() >= r->wake_ns ? RUN_DONE : RUN_WAIT;
}

/* `print "…"`, `print …` and Python's print("…"): a string where it is one, else the text as it stands. */
PARSER(print)
{
	struct tokens tokens;

	out->rest = parser_rest(p);
	if (!lex_line(out->rest, &tokens, NULL, NULL)) {
		if (tokens.count == 1 && tokens.token[0].quoted) {
			free(out->rest);
			out->rest = mem_alloc(tokens.token[0].len + 1);
			memcpy(out->rest, tokens.token[0].text, tokens.token[0].len);
		}
		lex_done(&tokens);
	}
	return 0;
}

RUNNER(print)
{
	if (s->hooks.print)
		s->hooks.print(s->hooks.ctx, r->step->rest);
	else
		session_notice(s, NOTICE_INFO, "%s", r->step->rest);
	return RUN_DONE;
}

/* --- settings, scope, selection --- */

static int unknown_setting(struct parser *p, const struct token *t)
{
	const char *names[64];
	size_t count = 0;
	const char *near;

	for (const struct setting_row *row = settings; row->name && count + 1 < 64; row++)
		names[count++] = row->name;
	names[count] = NULL;
	near = text_nearest(t->text, names);
	return parser_fail(p, t, "unknown setting \"%s\"%s%s%s", t->text,
			   near ? ": did you mean " : "", near ? near : "", near ? "?" : "");
}

PARSER(set)
{
	const struct token *t, *value;
	const struct setting_row *row;
	struct err why;
	int rc = parser_need(p, &t, "a setting");

	if (rc)
		return rc;
	row = setting_find(t->text);
	if (!row)
		return unknown_setting(p, t);
	rc = parser_need(p, &value, "a value");
	if (rc)
		return rc;
	if (setting_check(row, value->text, &why))
		return parser_fail(p, value, "%s", why.text);
	out->word = mem_string(t->text);
	out->rest = mem_string(value->text);
	return 0;
}

RUNNER(set)
{
	struct err why;

	if (setting_set(&s->settings, setting_find(r->step->word), r->step->rest, &why))
		return run_fail(r, "%s", why.text);
	session_touch(s);
	return RUN_DONE;
}

PARSER(theme)
{
	const struct token *t;
	struct err why;
	int rc = parser_need(p, &t, "a theme's name");

	if (rc)
		return rc;
	if (setting_check(setting_find("theme"), t->text, &why))
		return parser_fail(p, t, "%s", why.text);
	out->word = mem_string("theme");
	out->rest = mem_string(t->text);
	return 0;
}

RUNNER(theme)
{
	return run_set(s, r);
}

PARSER(scope)
{
	const struct token *t;
	int64_t pid;
	int rc = parser_need(p, &t, "a scope (mine, host, process:PID, closed)");

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
	return parser_fail(p, t, "\"%s\" is not a scope: mine, host, process, process:PID, closed", t->text);
}

RUNNER(scope)
{
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

/* --- capture --- */

PARSER(capture)
{
	const struct token *t;
	int rc = parser_need(p, &t, "on, off or an interface");

	if (rc)
		return rc;
	out->start = strcasecmp(t->text, "off") != 0;
	if (out->start && strcasecmp(t->text, "on"))
		out->word = mem_string(t->text);
	return 0;
}

RUNNER(capture)
{
	struct err why;

	if (!r->step->start) {
		session_capture_stop(s);
		session_notice(s, NOTICE_INFO, "the capture is off");
		return RUN_DONE;
	}
	if (session_capture_start(s, r->step->word, &why))
		return run_fail(r, "%s", why.text);
	session_notice(s, NOTICE_INFO, "capturing on %s", capture_device(s->capture));
	return RUN_DONE;
}

/* `i`: the next interface in the list, "any" first. */
RUNNER(interface)
{
	struct capture_device *devices;
	const char *now = s->config.device, *next = NULL;
	unsigned count;
	struct err why;
	bool seen = false;

	if (capture_devices(&devices, &count, &why))
		return run_fail(r, "%s", why.text);
	for (unsigned i = 0; i < count && !next; i++) {
		if (seen && devices[i].up)
			next = devices[i].name;
		seen |= !strcmp(devices[i].name, now);
	}
	if (!next)
		next = "any";
	if (session_capture_start(s, next, &why)) {
		free(devices);
		return run_fail(r, "%s", why.text);
	}
	session_notice(s, NOTICE_INFO, "capturing on %s", next);
	free(devices);
	return RUN_DONE;
}

/* --- files --- */

PARSER(path)
{
	const struct token *t;
	int rc = parser_need(p, &t, "a file's name");

	if (!rc)
		out->word = mem_string(t->text);
	return rc;
}

/* By hand: the whole script is run, step after step. In a script `source` is read where it stands, while parsing. */
RUNNER(source)
{
	struct err why;

	if (session_load(s, r->step->word, &why))
		return run_fail(r, "%s", why.text);
	s->script_all = true;
	return RUN_DONE;
}

RUNNER(save)
{
	struct err why;
	size_t lines;

	if (logbook_save(s, r->step->word, &lines, &why))
		return run_fail(r, "%s", why.text);
	session_notice(s, NOTICE_INFO, "saved %zu line%s to %s", lines, lines == 1 ? "" : "s",
		       r->step->word);
	return RUN_DONE;
}

/* The packets of the current socket, as Traffic shows them. */
RUNNER(write)
{
	const struct trail *t = session_trail(s, s->selected);
	struct pcapng *w;
	struct err why;
	size_t written = 0;
	int rc = 0;

	if (!t || !t->count)
		return run_fail(r, "there are no packets of this socket to write");
	if (pcapng_create(r->step->word, &w, &why))
		return run_fail(r, "%s", why.text);
	for (size_t i = 0; i < t->count && !rc; i++) {
		const uint8_t *bytes;
		const struct packet *p = session_packet(s, t->numbers[i], &bytes);

		rc = p ? pcapng_packet(w, p, bytes, &why) : 0;
		written += p && !rc;
	}
	if (pcapng_close(w, rc ? NULL : &why) || rc)
		return run_fail(r, "%s", why.text);
	session_notice(s, NOTICE_INFO, "wrote %zu packet%s to %s", written, written == 1 ? "" : "s",
		       r->step->word);
	return RUN_DONE;
}

/* --- keys and the rest --- */

PARSER(bind_key)
{
	char *rest = parser_rest(p);
	size_t key = strcspn(rest, " \t"), line = key + strspn(rest + key, " \t");
	struct tokens tokens;
	struct err why;
	int rc = 0;

	if (!key || !rest[line]) {
		rc = parser_fail(p, NULL,
				 "bind-key takes a key and a command: bind-key M connect :8080");
	} else if (key >= sizeof((struct binding *)0)->key) {
		rc = parser_fail(p, NULL, "\"%.*s\" is not a key", (int)key, rest);
	} else if (lex_line(rest + line, &tokens, &why, NULL)) {
		rc = parser_fail(p, NULL, "%s", why.text);
	} else {
		const char *name = tokens.count ? tokens.token[0].text : "";
		const char *dot = strrchr(name, '.');

		for (unsigned i = 0; i + 1 < tokens.count; i++)
			if (tokens.token[i].assign)
				name = tokens.token[i + 1].text, dot = NULL;
		name = dot ? dot + 1 : name;
		if (!command_find(name, strlen(name)))
			rc = parser_fail(p, NULL, "unknown command \"%s\"", name);
		lex_done(&tokens);
	}
	if (!rc) {
		out->word = mem_alloc(key + 1);
		memcpy(out->word, rest, key);
		out->rest = mem_string(rest + line);
	}
	free(rest);
	return rc;
}

RUNNER(bind_key)
{
	size_t at = 0;

	while (at < s->binding_count && strcmp(s->bindings[at].key, r->step->word))
		at++;
	if (at == SESSION_BINDINGS)
		return run_fail(r, "at most %d keys can be bound", SESSION_BINDINGS);
	if (at == s->binding_count)
		s->binding_count++;
	free(s->bindings[at].line);
	snprintf(s->bindings[at].key, sizeof s->bindings[at].key, "%s", r->step->word);
	s->bindings[at].line = mem_string(r->step->rest);
	return RUN_DONE;
}

PARSER(import)
{
	const struct token *t;
	int rc = parser_need(p, &t, "a module");

	(void)out;
	while (!rc && parser_peek(p) && !parser_peek(p)->quoted)
		parser_next(p);
	return rc;
}

PARSER(topic)
{
	if (parser_peek(p))
		out->word = mem_string(parser_next(p)->text);
	return 0;
}

RUNNER(nothing)
{
	(void)s;
	(void)r;
	return RUN_DONE;
}

RUNNER(quit)
{
	(void)r;
	s->quit = true;
	return RUN_DONE;
}

RUNNER(ui)
{
	if (s->hooks.ui)
		s->hooks.ui(s->hooks.ctx, (enum ui_action)r->step->command->ui, r->step->word);
	return RUN_DONE;
}

/* Space: the script's next line, else the next natural call. */
RUNNER(step)
{
	char line[160];
	const char *why = NULL;
	struct err e;

	if (s->script && s->script->next < s->script->count) {
		s->script_step = true;
		return RUN_DONE;
	}
	if (!session_next_step(s, line, sizeof line, &why)) {
		session_notice(s, NOTICE_INFO, "%s", why ? why : "nothing comes next");
		return RUN_DONE;
	}
	if (session_enter(s, line, &e, NULL))
		return run_fail(r, "%s", e.text);
	return RUN_DONE;
}
