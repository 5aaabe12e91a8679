/* lex.h - one line of the command language to tokens.
 *
 * Words are separated by blanks. "…" and '…' quote with C escapes (\r \n \t \0 \xHH \" \' \\); a leading b is Python's
 * and means nothing. Parentheses and commas outside quotes count as blanks. `#` at the start of a word begins a
 * comment. `=` stands alone where only names are before it. `socket.` before an unquoted word falls away.
 */
#ifndef SESSION_LEX_H
#define SESSION_LEX_H

#include <stdbool.h>
#include <stddef.h>

struct err;

enum { LEX_TOKENS = 64 };

struct token {
	char *text; /* NUL ended, and may hold further NUL bytes: see len */
	size_t len;
	unsigned column; /* of its first character, from 1 (characters, not bytes) */
	size_t offset;   /* the same in bytes from the line's start */
	bool quoted;     /* it was, or began as, a quoted string */
	bool assign;     /* it is the `=` */
};

struct tokens {
	struct token token[LEX_TOKENS];
	unsigned count;
	size_t end;  /* bytes up to a comment or the end of the line, trailing blanks excluded */
	char *store; /* owns the texts */
};

/* 0, or -EINVAL with *e and *column at the place. */
int lex_line(const char *line, struct tokens *out, struct err *e, unsigned *column);
void lex_done(struct tokens *t);
/* Column (from 1, in characters) of a byte offset. */
unsigned lex_column(const char *line, size_t offset);

#endif
