/* How the table of sockets is shown: its columns, and by whom its rows are put together. */
#include "commands.h"

#include "session/columns.h"
#include "session/opened.h"
#include "util/buf.h"
#include "util/mem.h"
#include "util/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *const screen_columns[] = { "closed", NULL };

bool columns_know(const char *name, size_t len)
{
	for (const char *const *c = screen_columns; *c; c++)
		if (strlen(*c) == len && !strncasecmp(*c, name, len))
			return true;
	return column_find(name, len) != NULL;
}

void session_set_columns(struct session *s, int scope, const char *names)
{
	for (int i = 0; i < SCOPES; i++) {
		if (scope != COLUMNS_SAME && scope != i)
			continue;
		free(s->columns[i]);
		s->columns[i] = names && *names ? mem_string(names) : NULL;
	}
	s->columns_set++;
	session_touch(s);
}

static int unknown_column(struct parser *p, const struct token *t)
{
	enum { MOST = 128 };
	const char *names[MOST] = { 0 }, *near;
	size_t count = 0;

	for (const char *const *c = screen_columns; *c && count + 1 < MOST; c++)
		names[count++] = *c;
	for (const struct socket_column *c = socket_columns; c->name && count + 1 < MOST; c++)
		names[count++] = c->name;
	near = text_nearest(t->text, names);
	return parser_fail(p, t, "there is no column \"%s\"%s%s%s", t->text, near ? ": did you mean " : "",
			   near ? near : "", near ? "?" : "");
}

static int scope_of(struct parser *p, struct step *out)
{
	const struct token *t;
	int rc = parser_need(p, &t, "a scope (mine, host, process, closed)");

	if (rc)
		return rc;
	for (int i = 0; i < SCOPES; i++)
		if (!strcasecmp(scope_names[i], t->text)) {
			out->number = i;
			return 0;
		}
	return parser_fail(p, t, "\"%s\" is not a scope: mine, host, process, closed", t->text);
}

/* word: the names, NULL: as at first; number: the scope. Commas are blanks to the lexer. */
PARSER(columns)
{
	struct buf names = { 0 };
	int rc = 0;

	out->number = COLUMNS_SAME;
	out->start = parser_peek(p) != NULL; /* else the list of them is opened */
	if (!parser_word(p, "default"))
		while (!rc && parser_peek(p) && strcasecmp(parser_peek(p)->text, "in")) {
			const struct token *t = parser_next(p);

			if (!columns_know(t->text, strlen(t->text)))
				rc = unknown_column(p, t);
			buf_printf(&names, "%s%s", names.len ? "," : "", t->text);
		}
	if (!rc && parser_word(p, "in"))
		rc = scope_of(p, out);
	if (!rc && names.len)
		out->word = mem_string(buf_text(&names));
	buf_done(&names);
	return rc;
}

RUNNER(columns)
{
	if (r->step->start)
		session_set_columns(s, r->step->number, r->step->word);
	else if (s->hooks.ui)
		s->hooks.ui(s->hooks.ctx, UI_COLUMNS, NULL);
	return RUN_DONE;
}

const char *const group_names[GROUPS] = { "socket", "process", "remote" };

PARSER(group)
{
	const struct token *t = parser_next(p);

	out->number = -1; /* the next one */
	for (int i = 0; t && i < GROUPS; i++)
		if (!strcasecmp(group_names[i], t->text))
			out->number = i;
	if (t && out->number < 0)
		return parser_fail(p, t, "\"%s\" is not what sockets are put together by: socket, process, remote",
				   t->text);
	return 0;
}

RUNNER(group)
{
	bool owners = !s->opened || s->opened->replay; /* of a capture nobody knows them: one row "unknown" */

	s->group = r->step->number < 0 ? (s->group + 1) % GROUPS : (enum group_by)r->step->number;
	if (r->step->number < 0 && s->group == GROUP_PROCESS && !owners)
		s->group = GROUP_REMOTE;
	session_touch(s);
	if (s->hooks.ui)
		s->hooks.ui(s->hooks.ctx, UI_SOCKETS, NULL);
	return RUN_DONE;
}
