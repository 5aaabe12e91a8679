/* explain.h - what something means, in a sentence or two with the RFC or manual page behind it:
 * states, errnos, socket options, marks of TCP's analysis, TCP flags, columns, protocols,
 * commands, settings. The sentences are those of the tables that define these things; each table
 * is a row of src/session/explain.c. */
#ifndef SESSION_EXPLAIN_H
#define SESSION_EXPLAIN_H

#include "util/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct call;
struct option_row;
struct packet_seen;
struct row;
struct session;
struct tree;
struct tree_node;

enum { EXPLAIN_PARTS = 16 };

enum explain_kind {
	EXPLAIN_WHAT, /* what it is */
	EXPLAIN_WHY,  /* why it is so here: a trouble */
	EXPLAIN_HEAD, /* a heading */
};

struct explanation {
	struct buf title;
	struct buf text; /* of all parts; clean once it is drawn: it may quote a packet or a process name */
	size_t count;
	struct explain_part {
		enum explain_kind kind;
		size_t from, len;
	} parts[EXPLAIN_PARTS];
};

void explain_clear(struct explanation *e); /* a zeroed one is empty */
void explain_done(struct explanation *e);
/* A part, formatted; what finds no room is left out. */
void explain_say(struct explanation *e, enum explain_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* By name, any case: "CLOSE-WAIT", "ECONNREFUSED", "TCP_NODELAY", "zero-window", "recv-q", "tcp".
 * False: nobody knows the word, and *e is untouched. */
bool explain_word(const char *word, struct explanation *e);
/* The tables, for help and completion: word number `index` of table `table`; NULL behind its last
 * one. A NULL title ends the tables. */
const char *explain_table(size_t table);
const char *explain_entry(size_t table, size_t index);

/* A selected socket: its state, and what is wrong with it (session/trouble.h). NULL: nothing is
 * selected. */
void explain_row(const struct session *s, const struct row *r, struct explanation *e);
/* A call: its function, and its errno if it failed. */
void explain_call(const struct session *s, const struct call *c, struct explanation *e);
/* A packet: flags, marks, what kind of message it is. `line`: that line of its tree instead, NULL
 * for none. */
void explain_packet(const struct session *s, uint64_t number, const struct tree *tree, const struct tree_node *line,
		    struct explanation *e);

#endif
