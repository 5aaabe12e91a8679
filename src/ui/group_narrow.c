/* Enter on a group, and the way back. Both are commands, as if they had been typed. */
#include "ui/group_list.h"

#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool run(struct session *s, const char *format, const char *text)
{
	struct buf line = { 0 };
	struct err e = { 0 };
	int rc;

	buf_printf(&line, format, text);
	rc = session_enter(s, buf_text(&line), &e, NULL);
	if (rc)
		session_notice(s, NOTICE_ERROR, "%s", e.text);
	buf_done(&line);
	return !rc;
}

static void remember(struct group_list *l, const struct session *s)
{
	free(l->from_filter);
	free(l->to_filter);
	l->from = s->group;
	l->from_scope = s->scope;
	l->from_pid = s->scope_pid;
	l->from_filter = s->filter_text ? mem_string(s->filter_text) : NULL;
	l->to_filter = NULL;
}

void group_list_narrow(struct group_list *l, struct session *s, const struct group *g)
{
	bool by_scope = l->by == GROUP_PROCESS && g->owner.pid && (s->scope == SCOPE_HOST || s->scope == SCOPE_PROCESS);
	struct buf words = { 0 };
	bool done;

	remember(l, s);
	if (by_scope)
		buf_printf(&words, "process:%u", (unsigned)g->owner.pid);
	else if (s->filter_text)
		buf_printf(&words, "(%s) ", s->filter_text);
	if (!by_scope && !group_narrow(g, l->by, &words)) {
		session_notice(s, NOTICE_INFO, "these sockets have nothing in common that a filter knows");
		buf_done(&words);
		return;
	}
	done = run(s, by_scope ? "scope %s" : "filter %s", buf_text(&words)) && run(s, "group socket%s", "");
	buf_done(&words);
	l->narrowed = done;
	l->to_scope = s->scope;
	l->to_pid = s->scope_pid;
	l->to_filter = s->filter_text ? mem_string(s->filter_text) : NULL;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

bool group_list_back(struct group_list *l, struct session *s)
{
	uint64_t key = l->key;
	char pid[32];

	if (!l->narrowed)
		return false;
	l->narrowed = false;
	if (s->group != GROUP_SOCKET || s->scope != l->to_scope ||
	    (s->scope == SCOPE_PROCESS && s->scope_pid != l->to_pid) || !same_text(s->filter_text, l->to_filter))
		return false; /* the user has gone somewhere else since */
	if (!same_text(l->from_filter, l->to_filter))
		run(s, "filter %s", l->from_filter ? l->from_filter : "");
	if (l->from_scope == SCOPE_PROCESS) {
		snprintf(pid, sizeof pid, "process:%u", (unsigned)l->from_pid);
		run(s, "scope %s", pid);
	} else if (l->from_scope != s->scope) {
		run(s, "scope %s", scope_names[l->from_scope]);
	}
	run(s, "group %s", group_names[l->from]);
	l->by = l->from;
	l->key = key;
	return true;
}
