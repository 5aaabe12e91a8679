/* step.h - one line of the command language, parsed and checked, not yet executed.
 *
 * A line is split into tokens (session/lex.h), its command is found in the one table (session/command.h), and the
 * command's own parser fills the slots here. Nothing is executed while parsing; a script is parsed whole first.
 */
#ifndef SESSION_STEP_H
#define SESSION_STEP_H

#include "core/endpoint.h"
#include "core/tcp_state.h"
#include "lab/lab.h"
#include "lab/option.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct command;

/* An address as written: what it stands for is worked out when the step runs. */
enum address_kind {
	ADDRESS_NONE,
	ADDRESS_LITERAL,
	ADDRESS_ANY /* :port */,
	ADDRESS_HOST /* host.name:port */,
	ADDRESS_ECHO /* $echo.tcp */,
	ADDRESS_LOCAL /* $NAME.local */,
	ADDRESS_PEER /* $NAME.peer */
};

struct address {
	enum address_kind kind;
	struct endpoint endpoint; /* LITERAL, ANY; HOST: its port */
	char host[ENDPOINT_HOST]; /* HOST */
	char name[LAB_NAME];      /* LOCAL, PEER: a socket's name */
	enum echo_kind echo;      /* ECHO */
};

/* Bytes as written: "text", hex:, file:, zero:. `file:` is read when the script is parsed. */
struct data {
	uint8_t *bytes; /* owned by the step; NULL with zeroes */
	uint64_t len;
	bool zeroes; /* zero:LEN: made when it is sent */
};

enum expectation { EXPECT_STATE, EXPECT_RECV, EXPECT_EOF, EXPECT_ERROR, EXPECT_PEER, EXPECT_OPTION, EXPECT_PACKETS };

enum { STEP_FLAGS = 32 };

struct step {
	const struct command *command;
	unsigned line, column; /* of the command in its file, from 1 */
	char *text;            /* as written, without comment and blanks around it */
	char target[LAB_NAME]; /* NAME. before the command; "" for the current socket */
	char made[LAB_NAME];   /* NAME = before it; "" when there is none */
	bool names_result;     /* `made` names what a recv got, no socket */

	/* slots, filled by the command's parser */
	int family, type, protocol, how, backlog;
	struct address address;
	struct data data;
	uint64_t bytes;     /* recv */
	bool nowait, start; /* connect; echo start, capture on */
	const struct option_row *option;
	struct option_value value;
	enum expectation expectation;
	enum state state;
	int error;
	int flags[STEP_FLAGS]; /* tcp flags of `expect packets`, in order */
	unsigned flag_count;
	bool has_within;
	uint64_t within_ns; /* wait, set timeout, expect … within */
	int number;         /* whatever small number or choice a command has */
	char *word;         /* first word argument, owned; may be NULL */
	char *rest;         /* the text after it, owned; may be NULL */
};

void step_free(struct step *s); /* what it points to; NULL is fine */

#endif
