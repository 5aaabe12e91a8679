/* follow.h - the bytes that a socket sent and received, in order: put together from the packets of
 * its newest flow, or from what our own calls moved where there are no packets (UNIX sockets, no
 * capture).
 *
 * What came one after the other from one side is one turn. Bounded: beyond `limit` bytes the oldest
 * turns are let go and counted. Offsets count each side's bytes from its first one.
 */
#ifndef SESSION_FOLLOW_H
#define SESSION_FOLLOW_H

#include "analysis/stream.h"
#include "analysis/tls_talk.h"
#include "session/session.h"

enum { FOLLOW_BYTES = 1 << 20, FOLLOW_TURNS = 65536 };

/* MESSAGE: what the bytes behind it say to their program, as a line of its own. */
enum follow_kind { FOLLOW_DATA, FOLLOW_GAP, FOLLOW_OVERLAP, FOLLOW_MESSAGE };

struct follow_turn {
	enum follow_kind kind;
	bool out;        /* the socket sent it */
	uint64_t offset; /* of its first byte in that side's stream */
	uint64_t at_ns;
	size_t from, len; /* in follow.bytes; GAP: len bytes were not seen */
};

struct follow {
	uint64_t key;
	size_t limit;  /* of bytes kept; 0: FOLLOW_BYTES */
	uint32_t flow; /* FLOW_NONE: from calls */
	bool begun, calls;
	bool datagrams;                /* each is a turn of its own */
	unsigned mine;                 /* the side of the flow that the socket is */
	const struct session *session; /* while it is brought up to date */
	size_t said[2];                /* the last message of each side: its turn + 1 */
	struct stream stream;
	struct tls_talk talk; /* of TCP: between the stream and the turns */
	bool keyed;           /* there were secrets at the last settle; */
	unsigned secrets;     /* so many of this connection */
	uint64_t next_call;   /* of the journal */
	struct follow_turn *turns;
	size_t count, capacity;
	uint8_t *bytes;
	size_t used, room;
	uint64_t total[2], missing; /* in, out; not seen */
	uint64_t let_go;            /* bytes that made room */
	uint64_t restarts, changes; /* grow when turns were thrown away; when anything came */
};

void follow_done(struct follow *f);
/* Bring it up to date for that socket; another socket or a new flow begins it anew. */
void follow_settle(struct follow *f, const struct session *s, uint64_t key);
/* Was TLS opened? */
bool follow_decrypts(const struct follow *f);
/* Save the stream: both directions as they came, or one where the name ends in .in or .out. 0,
 * or -errno with *e. */
int follow_save(const struct session *s, uint64_t key, const char *path, size_t *bytes, struct err *e);

#endif
