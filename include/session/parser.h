/* parser.h - tokens to a step: who, what, with which arguments. Nothing is executed.
 *
 * The parser knows which names exist at this point (symbols): in a script it keeps the books while it reads, at the
 * prompt they are taken from the lab. Errors are one sentence and the column.
 */
#ifndef SESSION_PARSER_H
#define SESSION_PARSER_H

#include "session/lex.h"
#include "session/step.h"

#include <stdbool.h>
#include <stddef.h>

struct err;
struct lab;

struct symbol {
	char name[LAB_NAME];
	int family, type;
	bool open;
	unsigned accepted; /* of a listener: how many names it has given away */
};

enum { SYMBOL_KINDS = 5 }; /* prefixes of the names that sockets give themselves */

struct symbols {
	struct symbol *symbol;
	size_t count, capacity;
	size_t *slots; /* hash by name: index + 1 */
	size_t slot_count;
	size_t current;                 /* index + 1; 0: none */
	unsigned highest[SYMBOL_KINDS]; /* number in the newest tcpN, udpN, … */
};

void symbols_done(struct symbols *s);
struct symbol *symbols_find(const struct symbols *s, const char *name);
struct symbol *symbols_add(struct symbols *s, const char *name, int family, int type); /* or reopens it; current */
/* The name that a new socket gives itself: tcp1, udp2, unix1, raw1; or LISTENER_1 when it is accepted. */
void symbols_name(const struct symbols *s, int family, int type, char out[LAB_NAME]);
void symbols_name_accepted(struct symbol *listener, char out[LAB_NAME]);
void symbols_from_lab(struct symbols *s, struct lab *l, const char *current);

struct parser {
	const char *line;
	const char *directory; /* `file:` and `source` are relative to it; NULL: the working directory */
	struct tokens tokens;
	unsigned at;      /* next token */
	const char *rest; /* COMMAND_REST: what follows the command, as it stands; else NULL */
	struct symbols *symbols;
	const struct symbol *target; /* of this command; NULL when there is none */
	struct err *err;
	unsigned column; /* of the error */
};

/* Parse one line. 1: *out is a step (step_free it); 0: an empty line; -errno: *e and *column. */
int parse_line(const char *line, const char *directory, struct symbols *symbols, struct step *out, struct err *e,
	       unsigned *column);

/* For the commands' own parsers. Each returns 0 or -errno with the error set at the right column. */
const struct token *parser_peek(const struct parser *p); /* NULL at the end */
const struct token *parser_next(struct parser *p);
int parser_fail(struct parser *p, const struct token *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));        /* at NULL: the end of the line */
bool parser_word(struct parser *p, const char *word); /* take it if it is next, any case */
int parser_need(struct parser *p, const struct token **t, const char *what);
int parser_address(struct parser *p, struct address *out);
int parser_data(struct parser *p, struct data *out);
int parser_duration(struct parser *p, uint64_t *ns);
int parser_size(struct parser *p, const char *what, uint64_t *bytes);
int parser_within(struct parser *p, struct step *out); /* [within T] */
char *parser_rest(struct parser *p);                   /* what is left of `rest`; owned by the caller */
bool name_is_valid(const char *name, size_t len);

#endif
