/* sitting.h - what a recording keeps beside its packets: the sitting as a row of messages, in pcapng
 * blocks of our own (capture/custom.h), each message behind its length of four bytes. Pure: messages
 * from structs and back.
 *
 * A message is a version and a kind, two bytes each, and the fields of that kind, little endian
 * (core/pack.h). What is told again replaces what was told of the same socket or call. A reader
 * passes over kinds that it does not know; a message of a later version is not read at all. What is
 * in a file is hostile: every length, number and enumerator is checked, and texts stay unclean, as
 * those of a living kernel are.
 */
#ifndef SESSION_SITTING_H
#define SESSION_SITTING_H

#include "core/pack.h"
#include "core/snapshot.h"
#include "lab/lab.h"

struct buf;

enum { SITTING_VERSION = 1, SITTING_FRAME = 4, SITTING_OWNERS = 16, SITTING_DATA = 256 << 10 };

enum sitting_kind {
	SITTING_BEGIN = 1, /* whose sitting it is: struct sitting_begin */
	SITTING_SOCKET,    /* a socket of our own, as it is now: struct lab_sock */
	SITTING_FORGOT,    /* one that we keep no longer: its id */
	SITTING_CALL,      /* a call, once it has returned: struct call */
	SITTING_HOST,      /* a socket of the host, and who has it: struct sitting_host */
	SITTING_GONE,      /* one that has closed: the same, with the time */
};

struct sitting_begin {
	uint64_t at_ns;
	uint32_t pid; /* our own */
};

struct sitting_host {
	uint64_t key, peer; /* identity of the record, and of that at the other end; 0: none */
	uint64_t netns, closed_ns;
	uint8_t reason; /* enum owner_reason */
	uint8_t owner_count;
	struct owner owners[SITTING_OWNERS];
	struct sock sock;
};

/* Append a message. Payload of a call is kept up to SITTING_DATA bytes. */
void sitting_begin(struct buf *out, const struct sitting_begin *b);
void sitting_socket(struct buf *out, const struct lab_sock *s);
void sitting_forgot(struct buf *out, uint32_t id);
void sitting_call(struct buf *out, const struct call *c);
void sitting_host(struct buf *out, enum sitting_kind kind, const struct sitting_host *h);

void sitting_join(struct buf *block, const struct buf *message); /* one more in a block */
/* The next message of a block: its bytes, and *block and *left moved past it. NULL: there is none, or
 * what is left is none. */
const uint8_t *sitting_next(const uint8_t **block, size_t *left, size_t *len);

struct sitting_message {
	enum sitting_kind kind;
	struct sitting_begin begin;
	uint32_t id;          /* FORGOT */
	struct lab_sock sock; /* without descriptor, path and evidence; its history has the steps */
	struct call call;     /* data: borrowed from the message; verb and function point below */
	char verb[32], function[32];
	struct sitting_host host;
};

enum sitting_read { SITTING_OK, SITTING_UNKNOWN /* a kind or version of later days */, SITTING_BAD };
enum sitting_read sitting_read(const uint8_t *bytes, size_t len, struct sitting_message *out);

#endif
