/* setting.h - what `set NAME VALUE` can change: one row a setting, read by the parser, completion, help and the
 * settings page.
 */
#ifndef SESSION_SETTING_H
#define SESSION_SETTING_H

#include "session/session.h"

struct buf;
struct err;

enum setting_type { SETTING_BOOL, SETTING_TIME, SETTING_WORD };

struct setting_row {
	const char *name; /* "show-peers" */
	enum setting_type type;
	size_t offset;        /* in struct settings */
	uint64_t least, most; /* of a TIME, ns */
	const char *value;    /* the default, as written */
	const char *usage, *help;
	const char *const *choices; /* of a WORD: what it may be, ends with NULL; NULL: anything */
	const char *const *usual;   /* of a WORD that may be anything: values to go through; ends with NULL */
};

extern const char *const theme_names[];     /* the rows of ui/theme.c, which this layer does not see */
extern const struct setting_row settings[]; /* ends with a NULL name */

const struct setting_row *setting_find(const char *name);
void settings_default(struct settings *s);
/* 0, or -EINVAL with a sentence; nothing is changed then. */
int setting_set(struct settings *s, const struct setting_row *row, const char *text, struct err *e);
int setting_check(const struct setting_row *row, const char *text, struct err *e);
/* The value after the one it has (by 1) or before (by -1), as written: the other one of a switch, the next choice of a
 * word, the next step (1, 2, 5, 10, …) of a time. False: there is none to go to. */
bool setting_step(const struct settings *s, const struct setting_row *row, int by, struct buf *out);
void setting_get(const struct settings *s, const struct setting_row *row, struct buf *out);

#endif
