/* pack.h - structs as bytes that do not depend on the machine: the fields that a table names, one
 * after the other, little endian. What is read is hostile: every length is checked, a number may
 * have a limit, and a text always ends inside its array.
 *
 * A table may grow at its end only: a reader takes what is there, and the rest stays as it was.
 */
#ifndef CORE_PACK_H
#define CORE_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

enum pack_kind {
	PACK_END,
	PACK_NUMBER,   /* 1, 2, 4 or 8 bytes; most: the largest value allowed, 0: any */
	PACK_BOOL,     /* a byte */
	PACK_TEXT,     /* a length of two bytes and so many; in the struct an array, NUL ended */
	PACK_ENDPOINT, /* struct endpoint */
};

struct pack_field {
	enum pack_kind kind;
	size_t offset, size; /* in the struct */
	uint64_t most;
};

#define PACK_FIELD(kind, type, member, most)                                    \
	{                                                                       \
		kind, offsetof(type, member), sizeof(((type *)0)->member), most \
	}
#define PACK_N(type, member) PACK_FIELD(PACK_NUMBER, type, member, 0)
#define PACK_MOST(type, member, most) PACK_FIELD(PACK_NUMBER, type, member, most)
#define PACK_B(type, member) PACK_FIELD(PACK_BOOL, type, member, 0)
#define PACK_T(type, member) PACK_FIELD(PACK_TEXT, type, member, 0)
#define PACK_E(type, member) PACK_FIELD(PACK_ENDPOINT, type, member, 0)

void pack_number(struct buf *out, uint64_t value, size_t size);
void pack_bytes(struct buf *out, const void *bytes, size_t len); /* a length of four bytes before */
void pack_fields(struct buf *out, const struct pack_field *fields, const void *from);

/* A place in bytes; once `bad`, everything that is read is zero. */
struct unpack {
	const uint8_t *at, *end;
	bool bad;
};
uint64_t unpack_number(struct unpack *u, size_t size);
const uint8_t *unpack_bytes(struct unpack *u, size_t most, size_t *len); /* NULL: bad */
void unpack_fields(struct unpack *u, const struct pack_field *fields, void *to);

#endif
