/* buf.h - growable bytes, mostly used for text. `data` is always followed by a NUL that `len` does not count,
 * so it can be read as a C string. A zeroed struct is an empty buffer; buf_done frees it and makes it empty again.
 */
#ifndef UTIL_BUF_H
#define UTIL_BUF_H

#include <stdarg.h>
#include <stddef.h>

struct buf {
	char *data;     /* NULL while nothing was ever added: use buf_text() to read it as a string */
	size_t len;     /* bytes */
	size_t cap;
};

void buf_done(struct buf *b);
void buf_clear(struct buf *b);                                /* len = 0, memory kept */
void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_puts(struct buf *b, const char *text);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *format, va_list args) __attribute__((format(printf, 2, 0)));
char *buf_room(struct buf *b, size_t len);                    /* len writable bytes at the end; then add to b->len */
void buf_cut(struct buf *b, size_t from, size_t len);         /* remove bytes [from, from + len) */
void buf_insert(struct buf *b, size_t at, const void *bytes, size_t len);
const char *buf_text(const struct buf *b);                    /* never NULL; valid until the next change */

#endif
