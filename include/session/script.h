/* script.h - a step script: parsed whole, with every error told at its place, before anything runs.
 *
 * Steps are executed one after the other. A failed call is a result; it fails the script unless the next command on
 * that socket is `expect error`.
 */
#ifndef SESSION_SCRIPT_H
#define SESSION_SCRIPT_H

#include "session/parser.h"
#include "session/run.h"

enum { SCRIPT_DEPTH = 8, SCRIPT_ERRORS = 20 };

struct script_error {
	char file[256];
	unsigned line, column;
	char why[ERR_TEXT];
	char text[256]; /* the line itself, cleaned */
	unsigned caret; /* columns of the terminal before the place in it */
};

struct script_step {
	struct step step;
	const char *file;      /* borrowed from script->files */
	bool failure_expected; /* the next command on its socket is `expect error` */
};

struct script {
	char *name;
	char **files; /* names of the files it was read from */
	size_t file_count, file_capacity;
	struct script_step *steps;
	size_t count, capacity;
	struct script_error errors[SCRIPT_ERRORS];
	size_t error_count;     /* may be more than were kept */
	bool wants_capture;     /* has `expect packets` */
	struct symbols symbols; /* names, as they are after its end */

	size_t next;         /* index of the step that runs or comes next */
	struct run *running; /* NULL between two steps */
};

/* Read and parse. `path` "-" is standard input. 0 even when there are errors in it: see error_count; -errno with *e
 * when it cannot be read. */
int script_read(const char *path, struct script **out, struct err *e);
/* The same from memory; `name` for messages. */
struct script *script_parse(const char *name, const char *text, size_t len, const char *directory);
void script_free(struct script *s);

/* Begin the next step, or go on with the one that runs. RUN_WAIT: not done yet. RUN_DONE or RUN_FAIL: the step is over
 * and `*finished` is its run, the caller's to run_free; script->next has moved on. */
enum run_result script_go(struct session *s, struct script *script, struct run **finished);
bool script_passed(const struct script_step *step, const struct run *r);

struct buf;

/* The configuration: the same language. Lines that do not work are told, one a line, and the rest still applies; the
 * count of them. */
size_t script_configure(struct session *s, const struct script *script, struct buf *warnings);

#endif
