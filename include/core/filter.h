/* filter.h - which sockets are meant: the FILTER of `list`, of `/` and of `filter`.
 *
 *   WORD…                     all of them hold; `and`, `or`, `not`, `!` and ( ) as everywhere
 *   nginx                     any column has it, in any case (also ::1, 127.0.0.1:80, "two words")
 *   key:value                 key:a,b any of them; key:>10 key:<=10 key:8000-8999 for numbers
 *   key = value               also != < > <= >= and eq ne gt ge lt le; a text is then meant whole
 *   state established   exclude listening   src 10.0.0.0/8   dst [::1]:80   dport = :443   sport gt
 * :1024
 *                             as in ss(8), with its groups of states: connected synchronized bucket
 *                             big all; its keys src dst sport dport dev fwmark need no operator
 *
 * A word is a key only before a colon or an operator, so that addresses need no quotes. A text is
 * parsed once into a flat program: tests, each with the place to go on at when it holds and when it
 * does not. Keys are rows of a table.
 */
#ifndef CORE_FILTER_H
#define CORE_FILTER_H

#include "core/sock_column.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct filter;
struct filter_value;

enum { FILTER_TEXT = 4096, FILTER_TESTS = 256, FILTER_DEPTH = 32 };

enum filter_op { OP_COLON, OP_EQUAL, OP_LESS, OP_LESS_EQUAL, OP_GREATER, OP_GREATER_EQUAL };

enum filter_unit { FILTER_PLAIN, FILTER_SIZE, FILTER_TIME, FILTER_PORT };

struct filter_key {
	const char *name;
	const char *alias;     /* ss's word for it; NULL */
	const char *usage;     /* "NUMBER", "STATE" */
	unsigned kinds;        /* bits 1 << enum sock_kind: only these can match; 0: all */
	const char *column;    /* of socket_columns: where its value is; NULL: `match` knows */
	enum filter_unit unit; /* of a number */
	uint64_t most;         /* of a number */
	int (*parse)(const struct filter_key *k, enum filter_op op, const char *text, struct filter_value *out,
		     struct err *e);
	bool (*match)(const struct sock_view *v, const struct filter_value *value);
	const char *help;
};

extern const struct filter_key filter_keys[];                           /* ends with a NULL name */
const struct filter_key *filter_key_find(const char *name, size_t len); /* also by alias, any case; NULL */

/* 0 and *out; -EINVAL: a sentence in *e and the column (from 1, may be NULL). An empty text matches
 * everything. */
int filter_new(const char *text, struct filter **out, struct err *e, unsigned *column);
void filter_free(struct filter *f); /* NULL is fine */
/* Keeps a scratch buffer in `f`: one thread at a time. NULL matches everything. */
bool filter_match(struct filter *f, const struct sock_view *v);

/* What the kernel may leave out of its dump: everything that matches is still in it. */
struct filter_push {
	unsigned kinds;  /* bits 1 << enum sock_kind */
	unsigned states; /* bits 1 << enum state */
	int family;      /* AF_INET, AF_INET6; 0: any. Of the kinds that have both */
};
void filter_push(const struct filter *f, struct filter_push *out);
bool filter_wants_owners(const struct filter *f); /* pid, proc, fd or a bare word: owners must be known */
bool filter_wants_info(const struct filter *f);   /* rtt … : struct tcp_info must be known */
bool filter_wants_more(const struct filter *f);   /* user … or a bare word: more than COLUMN_BASE */

#endif
