#include "session/logbook.h"

#include "core/words.h"
#include "session/lex.h"
#include "session/run.h"
#include "util/buf.h"
#include "util/clock.h"
#include "util/err.h"
#include "util/mem.h"
#include "util/real_user.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct entry {
	char *line;
	char subject[LAB_NAME]; /* whom `expect error` would speak of */
	uint64_t call;          /* number in the journal, 0: the step is no call */
	uint64_t at_ns;         /* when it was begun; its end when the call has one */
};

struct logbook {
	struct entry *entries;
	size_t count, capacity;
	char *saved; /* the file that this sitting wrote last: it may be written again */
};

struct logbook *logbook_new(void)
{
	return mem_alloc(sizeof(struct logbook));
}

void logbook_free(struct logbook *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->count; i++)
		free(l->entries[i].line);
	free(l->entries);
	free(l->saved);
	free(l);
}

/* How another sitting finds this address again: the echo peer or the socket that has it. */
static bool symbolic(struct session *s, const struct step *st, struct buf *out)
{
	const struct lab_sock *sock;
	struct endpoint e;

	if (st->address.kind != ADDRESS_LITERAL)
		return false;
	for (int k = 0; k < ECHO_COUNT; k++)
		if (lab_echo_address(s->lab, (enum echo_kind)k, &e) && endpoint_same(&e, &st->address.endpoint)) {
			buf_printf(out, "$echo.%s", echoes[k].name);
			return true;
		}
	for (size_t i = 0; (sock = lab_next(s->lab, &i));) {
		e = sock->now.local;
		endpoint_reachable(&e);
		if (sock->peer || !strcmp(sock->name, st->target) || !endpoint_same(&e, &st->address.endpoint))
			continue;
		buf_printf(out, "$%s.local", sock->name);
		return true;
	}
	return false;
}

/* The step with its names spelled out: `NAME = TARGET.command arguments`. */
static void spell(struct session *s, const struct step *st, struct buf *out)
{
	struct tokens t;
	unsigned first = 0;

	if (lex_line(st->text, &t, NULL, NULL))
		return;
	for (unsigned i = 0; i < t.count; i++)
		if (t.token[i].assign)
			first = i + 1;
	if (st->made[0] && !st->names_result)
		buf_printf(out, "%s = ", st->made);
	if (st->target[0])
		buf_printf(out, "%s.", st->target);
	buf_puts(out, st->command->name);
	for (unsigned i = first + 1; i < t.count; i++) {
		bool address = i + 1 == t.count || !strcmp(t.token[i + 1].text, "nowait");
		size_t end = i + 1 < t.count ? t.token[i + 1].offset : t.end;

		buf_putc(out, ' ');
		if (address && st->address.kind && symbolic(s, st, out))
			continue;
		while (end > t.token[i].offset && strchr(" \t,()", st->text[end - 1]))
			end--;
		buf_add(out, st->text + t.token[i].offset, end - t.token[i].offset);
	}
	lex_done(&t);
}

void logbook_add(struct session *s, const struct run *r)
{
	static const char *const kept[] = { "expect", "echo", "set", "settimeout", "wait", NULL };
	struct logbook *l = s->logbook;
	struct buf line = { 0 };
	struct entry *e;
	bool keep = r->step->command->flags & COMMAND_CALL;

	for (const char *const *k = kept; *k; k++)
		keep |= !strcmp(*k, r->step->command->name);
	if (!keep)
		return;
	spell(s, r->step, &line);
	MEM_ROOM(l->entries, l->count, l->capacity);
	e = &l->entries[l->count++];
	*e = (struct entry){ .line = mem_string(buf_text(&line)), .call = r->call, .at_ns = r->begun_ns };
	snprintf(e->subject, sizeof e->subject, "%s", r->step->target[0] ? r->step->target : r->step->made);
	buf_done(&line);
}

static int by_time(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return x->at_ns < y->at_ns ? -1 : x->at_ns > y->at_ns;
}

/* A recv that was begun before the send it answers must come after it in a script: order by the end. */
static struct entry *in_order(struct session *s)
{
	struct logbook *l = s->logbook;
	struct entry *sorted = mem_array(l->count, sizeof *sorted);

	if (l->count)
		memcpy(sorted, l->entries, l->count * sizeof *sorted);
	for (size_t i = 0; i < l->count; i++) {
		const struct call *c = sorted[i].call ? journal_find(lab_journal(s->lab), sorted[i].call) : NULL;

		if (c && c->end_ns)
			sorted[i].at_ns = c->end_ns;
	}
	qsort(sorted, l->count, sizeof *sorted, by_time);
	return sorted;
}

static size_t compose(struct session *s, struct buf *out)
{
	struct entry *sorted = in_order(s);
	size_t lines = 0;

	buf_puts(out, "# Saved by sockeye: run it with `sockeye run FILE`, or step it with `sockeye -s FILE`.\n");
	for (size_t i = 0; i < s->logbook->count; i++) {
		const struct call *c = sorted[i].call ? journal_find(lab_journal(s->lab), sorted[i].call) : NULL;

		if (c && (c->status == CALL_RUNNING || (c->status == CALL_ERROR && c->error == ECANCELED)))
			continue;
		buf_printf(out, "%s\n", sorted[i].line);
		lines++;
		if (c && c->status != CALL_OK && sorted[i].subject[0]) {
			buf_printf(out, "%s.expect error %s\n", sorted[i].subject, errno_name(c->error));
			lines++;
		}
	}
	free(sorted);
	return lines;
}

int logbook_save(struct session *s, const char *path, size_t *lines, struct err *e)
{
	struct logbook *l = s->logbook;
	bool again = l->saved && !strcmp(l->saved, path);
	struct buf text = { 0 };
	size_t written = 0;
	int rc = 0, fd;

	*lines = compose(s, &text);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (again ? O_TRUNC : O_EXCL), 0666);
	if (fd < 0) {
		rc = err_set(e, errno, "%s: %s", path, errno == EEXIST ? "the file exists already" : strerror(errno));
		goto out;
	}
	real_user_owns(fd);
	while (written < text.len) {
		ssize_t n = write(fd, text.data + written, text.len - written);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			rc = err_set(e, errno, "%s: %s", path, strerror(errno));
			break;
		}
		written += (size_t)n;
	}
	if (close(fd) && !rc)
		rc = err_set(e, errno, "%s: %s", path, strerror(errno));
	if (!rc && !again) {
		free(l->saved);
		l->saved = mem_string(path);
	}
out:
	buf_done(&text);
	return rc;
}
