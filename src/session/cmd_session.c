/* The rest: echo, wait, print, set, source, save, keys, the guided step. */
#include "commands.h"

#include "session/guard.h"
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
		return parser_fail(p, parser_peek(p), "echo takes start or stop, not \"%s\"", parser_peek(p)->text);
	if (out->number == 1 && parser_peek(p))
		return parser_address(p, &out->address);
	return 0;
}

/* An address of one's own choice: the TCP peer, the UDP peer where it has one, or the UNIX stream peer. */
static enum run_result echo_at(struct session *s, struct run *r)
{
	static const enum echo_kind inet[] = { ECHO_TCP, ECHO_UDP }, inet6[] = { ECHO_TCP6, ECHO_UDP6 };
	enum run_result result = run_address(s, r, &r->step->address, AF_INET);
	const struct endpoint *at = &r->tries[0];
	struct err why;

	if (result != RUN_DONE)
		return result;
	if (at->family == AF_UNIX)
		return lab_echo_start(s->lab, ECHO_UNIX, at, &why) ? run_fail(r, "%s", why.text) : RUN_DONE;
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

/* --- settings --- */

static int unknown_setting(struct parser *p, const struct token *t)
{
	const char *names[64];
	size_t count = 0;
	const char *near;

	for (const struct setting_row *row = settings; row->name && count + 1 < 64; row++)
		names[count++] = row->name;
	names[count] = NULL;
	near = text_nearest(t->text, names);
	return parser_fail(p, t, "unknown setting \"%s\"%s%s%s", t->text, near ? ": did you mean " : "",
			   near ? near : "", near ? "?" : "");
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

	if (guard_may_write(s->config.guard, r->step->word, &why) || logbook_save(s, r->step->word, &lines, &why))
		return run_fail(r, "%s", why.text);
	session_notice(s, NOTICE_INFO, "saved %zu line%s to %s", lines, lines == 1 ? "" : "s", r->step->word);
	return RUN_DONE;
}

/* --- keys and the rest --- */

/* As ui/key.h writes them: a character, or a name, behind C- M- S-. */
static bool is_key(const char *name, size_t len)
{
	static const char *const names[] = { "Space", "Enter", "Esc",  "Tab",  "Up",     "Down",   "Left",     "Right",
					     "Home",  "End",   "PgUp", "PgDn", "Insert", "Delete", "Backspace" };
	uint32_t rune;

	while (len > 2 && name[1] == '-' && memchr("CMS", name[0], 3))
		name += 2, len -= 2;
	if (text_decode(name, len, &rune) == len)
		return text_rune_width(rune) > 0;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i]) == len && !memcmp(names[i], name, len))
			return true;
	return name[0] == 'F' && len <= 3 && strspn(name + 1, "0123456789") == len - 1 && name[1] != '0';
}

PARSER(bind_key)
{
	char *rest = parser_rest(p);
	size_t key = strcspn(rest, " \t"), line = key + strspn(rest + key, " \t");
	struct tokens tokens;
	struct err why;
	int rc = 0;

	if (!key || !rest[line]) {
		rc = parser_fail(p, NULL, "bind-key takes a key and a command: bind-key M connect :8080");
	} else if (key >= sizeof((struct binding *)0)->key || !is_key(rest, key)) {
		rc = parser_fail(
			p, NULL,
			"\"%.*s\" is not a key: a character, or Space Enter Tab Up PgDn F5 …, with C- M- S- before it",
			(int)(key < 40 ? key : 40), rest);
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
