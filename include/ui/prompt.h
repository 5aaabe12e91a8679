/* prompt.h - the command line at the bottom: editing, history, completion. Knows no terminal and
 * executes nothing but through session_enter and session_complete. Its history lasts from one
 * sitting to the next where prompt_load was called.
 */
#ifndef UI_PROMPT_H
#define UI_PROMPT_H

#include "ui/grid.h"
#include "ui/key.h"
#include "util/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct session;

enum { PROMPT_HISTORY = 200, PROMPT_LONGEST = 8192 };

struct prompt {
	bool open;
	struct buf line;
	size_t cursor;                 /* byte in line, always at the start of a character */
	char *history[PROMPT_HISTORY]; /* oldest first */
	size_t history_count;
	bool keeps;                    /* what is entered goes to session/typed.h, too */
	size_t recalled;               /* which one is shown; history_count: what is being typed */
	struct buf draft;              /* what was being typed when history was entered */
	struct buf cut;                /* C-k C-u C-w, for C-y */
	char message[400];             /* why the line was refused; "" for nothing */
	char **words;                  /* candidates, NULL: no completion goes on */
	size_t word_count, word, from; /* `word`: the one that stands in the line, word_count: none yet */
};

enum prompt_result { PROMPT_STAYS, PROMPT_ENTERED, PROMPT_CANCELLED };

void prompt_done(struct prompt *p);
/* Begin with the lines of earlier sittings, and keep those of this one for the next. */
void prompt_load(struct prompt *p);
void prompt_open(struct prompt *p, const char *text);               /* the cursor at its end */
void prompt_insert(struct prompt *p, const char *text, size_t len); /* as typed; newlines become blanks */
bool prompt_edits(const char *name);                                /* does the key of this name edit the line? */
/* Edit or execute. ENTERED: the line was accepted and the prompt is closed. */
enum prompt_result prompt_key(struct prompt *p, struct session *s, const struct key *k);
/* `a`: the bottom row. `above`: the row above it, used only when there is a message or a list of
 * candidates. */
void prompt_draw(const struct prompt *p, const struct area *a, const struct area *above);

#endif
