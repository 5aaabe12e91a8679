/* packet_owner.h - the processes that have the sockets at the two ends of a packet or a flow, and
 * the form in which a capture file's comments keep them:
 *
 *   src pid 812 fd 5 ESTABLISHED "curl"; dst pid 900 fd 7 ESTABLISHED "nginx"
 *
 * One clause for each end that is known; `fd` and the state only where they are. The name is quoted
 * with the escapes of text_quote. Pure data: who fills it is session/owner_watch.h.
 */
#ifndef CORE_PACKET_OWNER_H
#define CORE_PACKET_OWNER_H

#include "core/tcp_state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct json;

struct end_owner {
	uint32_t pid;     /* 0: not known */
	int32_t fd;       /* -1: not known */
	enum state state; /* the kernel's, of the socket, when it was last looked at; STATE_NONE */
	char process[16]; /* comm: not clean; it may have no NUL */
};

struct packet_owners {
	struct end_owner end[2]; /* of a packet: source, destination; of a flow: by its sides */
	uint32_t looked;         /* for who looks them up: when last, */
	uint8_t looks;           /* and how often since the flow began */
};

bool packet_owners_known(const struct packet_owners *o); /* at least one; NULL: none */
/* A comment for a file, "" when nothing is known: appends. */
void packet_owners_note(const struct packet_owners *o, struct buf *out);
/* The clauses in comments, on whatever line they stand; a NUL ends one, too. False: it has none; *out is all zero. */
bool packet_owners_read(const char *comment, size_t len, struct packet_owners *out);
/* For a line: "curl → nginx", "from curl", "to nginx"; clean, appends. */
void packet_owners_words(const struct packet_owners *o, bool ascii, struct buf *out);
/* {"pid":812,"fd":5,"process":"curl","state":"ESTABLISHED"} with what is not known null. `end` is
 * put first where it is not NULL. A pid of 0: null. */
void end_owner_json(struct json *j, const char *key, const char *end, const struct end_owner *o);

#endif
