/* cursor.h - the only code that touches packet bytes.
 *
 * A cursor stands in bytes[0 .. cap): what was kept of len bytes on the wire. Reading beyond len
 * is the packet's fault (MALFORMED), reading beyond cap but within len is ours (TRUNCATED: the
 * snapshot ended). The error is sticky and every read after it gives 0, so a decoder checks once a
 * header. Invariant: off <= cap <= len.
 */
#ifndef DECODE_CURSOR_H
#define DECODE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum cursor_error { CURSOR_OK, CURSOR_TRUNCATED, CURSOR_MALFORMED };

struct cursor {
	const uint8_t *base;
	uint32_t off, cap, len;
	enum cursor_error err;
};

static inline struct cursor cursor_of(const uint8_t *bytes, uint32_t cap, uint32_t len)
{
	return (struct cursor){ .base = bytes, .cap = cap < len ? cap : len, .len = len };
}

/* Bytes of the wire from here on. */
static inline uint32_t cursor_left(const struct cursor *c)
{
	return c->len - c->off;
}

/* Those of them that were kept. */
static inline uint32_t cursor_kept(const struct cursor *c)
{
	return c->cap - c->off;
}

/* The next n bytes, or NULL and the error. */
static inline const uint8_t *cursor_take(struct cursor *c, uint32_t n)
{
	if (c->err)
		return NULL;
	if (n > cursor_kept(c)) {
		c->err = n > cursor_left(c) ? CURSOR_MALFORMED : CURSOR_TRUNCATED;
		return NULL;
	}
	c->off += n;
	return c->base + c->off - n;
}

/* n bytes at `off`, wherever the cursor stands and without moving it; NULL where they are not all
 * within its bounds. */
static inline const uint8_t *cursor_at(const struct cursor *c, uint32_t off, uint32_t n)
{
	return off <= c->cap && n <= c->cap - off ? c->base + off : NULL;
}

static inline bool cursor_skip(struct cursor *c, uint32_t n)
{
	return cursor_take(c, n) != NULL;
}

static inline uint16_t bytes_be16(const uint8_t *b)
{
	return (uint16_t)(b[0] << 8 | b[1]);
}

static inline uint32_t bytes_be32(const uint8_t *b)
{
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static inline uint8_t cursor_u8(struct cursor *c)
{
	const uint8_t *b = cursor_take(c, 1);

	return b ? b[0] : 0;
}

static inline uint16_t cursor_be16(struct cursor *c)
{
	const uint8_t *b = cursor_take(c, 2);

	return b ? bytes_be16(b) : 0;
}

static inline uint32_t cursor_be32(struct cursor *c)
{
	const uint8_t *b = cursor_take(c, 4);

	return b ? bytes_be32(b) : 0;
}

/* The next n bytes at once, for headers that every packet has. After an error they stand in `spare`, n
 * bytes: those that were kept, then 0, and the cursor stands behind them. */
static inline const uint8_t *cursor_header(struct cursor *c, uint32_t n, uint8_t *spare)
{
	const uint8_t *b = cursor_take(c, n);

	if (b)
		return b;
	memset(spare, 0, n);
	if (cursor_kept(c)) /* fewer than n, or the error is older */
		memcpy(spare, c->base + c->off, cursor_kept(c) < n ? cursor_kept(c) : n);
	c->off = c->cap;
	return spare;
}

/* Little-endian, as radiotap, 802.11 and USB have them. */
static inline uint16_t cursor_le16(struct cursor *c)
{
	return __builtin_bswap16(cursor_be16(c));
}

static inline uint32_t cursor_le32(struct cursor *c)
{
	return __builtin_bswap32(cursor_be32(c));
}

/* n bytes copied out; `to` is left alone after an error. */
static inline void cursor_copy(struct cursor *c, uint8_t *to, uint32_t n)
{
	const uint8_t *b = cursor_take(c, n);

	if (b)
		memcpy(to, b, n);
}

/* A cursor over the next n bytes with bounds of its own; this one moves behind them. What is
 * beyond the capture stays beyond it in the part too. */
static inline struct cursor cursor_part(struct cursor *c, uint32_t n)
{
	struct cursor part = *c;
	uint32_t kept = cursor_kept(c);

	if (!c->err && n > cursor_left(c))
		c->err = CURSOR_MALFORMED;
	if (c->err) {
		part.err = c->err;
		part.cap = part.len = part.off;
		return part;
	}
	part.len = c->off + n;
	part.cap = c->off + (n < kept ? n : kept);
	c->off = part.cap;
	if (n > kept)
		c->err = CURSOR_TRUNCATED;
	return part;
}

/* Let the bytes end after n more: padding is not payload. */
static inline void cursor_limit(struct cursor *c, uint32_t n)
{
	if (c->err || n >= cursor_left(c))
		return;
	c->len = c->off + n;
	if (c->cap > c->len)
		c->cap = c->len;
}

#endif
