/* words.h - the fixed vocabularies: address families, socket types, protocols, errno. One row a word: the short form
 * of the command language, the C constant's name, its value and a sentence. See socket(2), errno(3).
 */
#ifndef CORE_WORDS_H
#define CORE_WORDS_H

#include <stddef.h>

struct word {
	const char *name;   /* "inet" */
	const char *symbol; /* "AF_INET" */
	int value;
	const char *help;
	const char *alias;  /* another symbol for the same ("AF_LOCAL"), or NULL */
	const char *more;   /* of an errno: the usual reason, what to do about it; NULL: nothing to add */
	const char *source; /* of an errno: where that is written */
};

extern const struct word families[]; /* each table ends with a NULL name */
extern const struct word types[];
extern const struct word protocols[];
extern const struct word shutdowns[]; /* rd wr rdwr */
extern const struct word errnos[];    /* name == symbol: "ECONNREFUSED" */

/* By name, symbol, alias or Python's spelling ("socket.AF_INET"), any case for the short name; NULL: unknown. */
const struct word *word_find(const struct word *table, const char *text, size_t len);
const struct word *word_by_value(const struct word *table, int value);

/* "ECONNREFUSED", "an unknown errno" for what no system knows; never NULL. */
const char *errno_name(int code);
/* What the errno means for a socket call, in words. Never NULL. */
const char *errno_help(int code);

#endif
