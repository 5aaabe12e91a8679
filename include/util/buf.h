/* buf.h - growable bytes, mostly used for text. `data` is always followed by a NUL that `len` does not count,
 * so it can be read as a C string. A zeroed struct is an empty buffer; buf_done frees it and makes it empty again.
 */
#ifndef UTIL_BUF_H
#define UTIL_BUF_H

#include "util/text.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
	char *data; /* NULL while nothing was ever added: use buf_text() to read it as a string */
	size_t len; /* bytes */
	size_t cap;
};

void buf_done(struct buf *b);
void buf_clear(struct buf *b); /* len = 0, memory kept */
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *format, va_list args) __attribute__((format(printf, 2, 0)));
char *buf_room(struct buf *b, size_t len);            /* len writable bytes at the end; then add to b->len */
void buf_cut(struct buf *b, size_t from, size_t len); /* remove bytes [from, from + len) */
void buf_insert(struct buf *b, size_t at, const void *bytes, size_t len);
const char *buf_text(const struct buf *b);                      /* never NULL; valid until the next change */
void buf_digits(struct buf *b, uint64_t value, unsigned width); /* the same with leading zeroes; width <= 20 */

/* These are in every line that is printed: inline. */
static inline void buf_add(struct buf *b, const void *bytes, size_t len)
{
	char *to = b->cap > b->len + len ? b->data + b->len : buf_room(b, len);

	if (len)
		__builtin_memcpy(to, bytes, len);
	to[len] = '\0';
	b->len += len;
}

static inline void buf_puts(struct buf *b, const char *text)
{
	buf_add(b, text, __builtin_strlen(text));
}

/* Decimal, without printf's cost. */
static inline void buf_uint(struct buf *b, uint64_t value)
{
	enum { MOST = 20 };
	char *to = b->cap > b->len + MOST ? b->data + b->len : buf_room(b, MOST);

	b->len += text_uint(to, value);
}

static inline void buf_putc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

#endif
