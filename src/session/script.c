#include "session/script.h"

#include "util/buf.h"
#include "util/mem.h"
#include "util/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SCRIPT_MOST = 256 << 20 };

/* --- reading --- */

static int read_all(const char *path, struct buf *out, struct err *e)
{
	bool standard = !strcmp(path, "-");
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	ssize_t got;
	int rc = 0;

	if (fd < 0)
		return err_set(e, errno, "%s: %s", path, strerror(errno));
	if (!fstat(fd, &st) && (S_ISDIR(st.st_mode) || S_ISBLK(st.st_mode) || (S_ISCHR(st.st_mode) && !standard))) {
		if (!standard)
			close(fd);
		return err_set(e, EINVAL, "%s: this is no file", path);
	}
	for (;;) {
		got = read(fd, buf_room(out, 1 << 16), 1 << 16);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		out->len += (size_t)got;
		if (out->len > SCRIPT_MOST) {
			rc = err_set(e, EFBIG, "%s: larger than 256 MiB", path);
			break;
		}
	}
	if (got < 0)
		rc = err_set(e, errno, "%s: %s", path, strerror(errno));
	if (!standard)
		close(fd);
	return rc;
}

/* --- parsing --- */

/* A column counts characters; what they take on a terminal is something else. */
static unsigned caret_at(const char *plain, unsigned column)
{
	size_t len = strlen(plain), at = 0;
	struct buf before = { 0 };
	unsigned width;
	uint32_t rune;

	while (column-- > 1 && at < len)
		at += text_decode(plain + at, len - at, &rune);
	text_clean(&before, plain, at);
	width = (unsigned)text_width(buf_text(&before));
	buf_done(&before);
	return width;
}

static void add_error(struct script *s, const char *file, unsigned line, unsigned column, const char *why,
		      const char *text)
{
	struct script_error *e;
	char *plain;

	if (s->error_count++ >= SCRIPT_ERRORS)
		return;
	e = &s->errors[s->error_count - 1];
	snprintf(e->file, sizeof e->file, "%s", file);
	e->line = line;
	e->column = column;
	snprintf(e->why, sizeof e->why, "%s", why);
	plain = mem_string(text);
	for (char *tab = plain; (tab = strchr(tab, '\t'));) /* so that a caret can stand below */
		*tab = ' ';
	text_clean_to(e->text, sizeof e->text, plain, strlen(plain));
	e->caret = caret_at(plain, column);
	free(plain);
}

static void parse_text(struct script *s, const char *file, const char *text, size_t len, const char *directory,
		       unsigned depth);

static char *directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *directory;

	if (!slash)
		return NULL;
	directory = mem_string(path);
	directory[slash == path ? 1 : slash - path] = '\0';
	return directory;
}

static char *keep_file(struct script *s, const char *name)
{
	MEM_ROOM(s->files, s->file_count, s->file_capacity);
	return s->files[s->file_count++] = mem_string(name);
}

/* `source` is read where it stands, so that its steps are checked with all the others. */
static void parse_source(struct script *s, const struct step *st, const char *file, const char *directory,
			 unsigned depth)
{
	struct buf path = { 0 }, text = { 0 };
	char *below;
	struct err e;

	if (st->word[0] != '/' && directory)
		buf_printf(&path, "%s/", directory);
	buf_puts(&path, st->word);
	if (depth == SCRIPT_DEPTH) {
		add_error(s, file, st->line, st->column, "source is nested too deep (or goes round)", st->text);
	} else if (read_all(path.data, &text, &e)) {
		add_error(s, file, st->line, st->column, e.text, st->text);
	} else {
		below = directory_of(path.data);
		parse_text(s, keep_file(s, path.data), buf_text(&text), text.len, below, depth + 1);
		free(below);
	}
	buf_done(&path);
	buf_done(&text);
}

static void parse_one(struct script *s, const char *file, unsigned number, const char *line, const char *directory,
		      unsigned depth)
{
	struct step step;
	unsigned column = 1;
	struct err e;
	int rc = parse_line(line, directory, &s->symbols, &step, &e, &column);

	if (rc == 0)
		return;
	if (rc < 0) {
		add_error(s, file, number, column, e.text, line);
		return;
	}
	step.line = number;
	if (!strcmp(step.command->name, "source")) {
		parse_source(s, &step, file, directory, depth);
		step_free(&step);
		return;
	}
	if (!strcmp(step.command->name, "import")) {
		step_free(&step);
		return;
	}
	s->wants_capture |= !strcmp(step.command->name, "expect") && step.expectation == EXPECT_PACKETS;
	MEM_ROOM(s->steps, s->count, s->capacity);
	s->steps[s->count++] = (struct script_step){ .step = step, .file = file };
}

static void parse_text(struct script *s, const char *file, const char *text, size_t len, const char *directory,
		       unsigned depth)
{
	static const char mark[] = "\xef\xbb\xbf"; /* of UTF-8: some editors begin a file with it */
	struct buf line = { 0 };
	size_t at = len >= sizeof mark - 1 && !memcmp(text, mark, sizeof mark - 1) ? sizeof mark - 1 : 0;
	unsigned number = 0;

	while (at < len) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t each = end ? (size_t)(end - text) - at : len - at;

		number++;
		buf_clear(&line);
		buf_add(&line, text + at, each);
		if (memchr(buf_text(&line), '\0', each))
			add_error(s, file, number, 1, "the line holds a NUL byte: this is no script", "");
		else
			parse_one(s, file, number, buf_text(&line), directory, depth);
		at += each + 1;
	}
	buf_done(&line);
}

/* Whom a step speaks of: the socket that it makes, or its target. */
static const char *subject(const struct step *st)
{
	if (st->command->flags & COMMAND_SOCKET)
		return st->target;
	return st->made;
}

/* Walking backwards, the newest command seen on a name is the next one for the steps before it. */
static void mark_expected(struct script *s)
{
	struct symbols next = { 0 };

	for (size_t i = s->count; i-- > 0;) {
		struct script_step *st = &s->steps[i];
		const char *name = subject(&st->step);
		struct symbol *known;

		if (!name[0])
			continue;
		known = symbols_find(&next, name);
		st->failure_expected = known && known->open;
		if (!known)
			known = symbols_add(&next, name, 0, 0);
		known->open = !strcmp(st->step.command->name, "expect") && st->step.expectation == EXPECT_ERROR;
	}
	symbols_done(&next);
}

struct script *script_parse(const char *name, const char *text, size_t len, const char *directory)
{
	struct script *s = mem_alloc(sizeof *s);

	s->name = mem_string(name);
	parse_text(s, keep_file(s, name), text, len, directory, 0);
	mark_expected(s);
	return s;
}

int script_read(const char *path, struct script **out, struct err *e)
{
	struct buf text = { 0 };
	char *directory;
	int rc = read_all(path, &text, e);

	if (!rc) {
		directory = directory_of(path);
		*out = script_parse(strcmp(path, "-") ? path : "(standard input)", buf_text(&text), text.len,
				    directory);
		free(directory);
	}
	buf_done(&text);
	return rc;
}

void script_free(struct script *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->count; i++)
		step_free(&s->steps[i].step);
	for (size_t i = 0; i < s->file_count; i++)
		free(s->files[i]);
	free(s->files);
	free(s->steps);
	free(s->name);
	run_free(s->running);
	symbols_done(&s->symbols);
	free(s);
}

/* --- running --- */

enum run_result script_go(struct session *s, struct script *script, struct run **finished)
{
	enum run_result result;

	if (!script->running)
		script->running = run_new(s, &script->steps[script->next].step, true);
	result = run_go(s, script->running);
	if (result == RUN_WAIT)
		return result;
	*finished = script->running;
	script->running = NULL;
	script->next++;
	return result;
}

bool script_passed(const struct script_step *step, const struct run *r)
{
	if (r->status == CALL_OK)
		return true;
	return step->failure_expected && (step->step.command->flags & COMMAND_CALL) && !r->message[0];
}

size_t script_configure(struct session *s, const struct script *script, struct buf *warnings)
{
	size_t errors = 0;

	for (size_t i = 0; i < script->count; i++) {
		const struct step *st = &script->steps[i].step;
		struct run *r;

		if (!(st->command->flags & COMMAND_CONFIG)) {
			buf_printf(warnings, "%s:%u:%u: \"%s\" has no place in the configuration\n",
				   script->steps[i].file, st->line, st->column, st->command->name);
			errors++;
			continue;
		}
		r = run_new(s, st, false);
		if (run_go(s, r) == RUN_FAIL) {
			buf_printf(warnings, "%s:%u:%u: %s\n", script->steps[i].file, st->line, st->column, r->message);
			errors++;
		}
		run_free(r);
	}
	return errors;
}
