#include "util/buf.h"

#include "util/mem.h"
#include "util/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_done(struct buf *b)
{
	free(b->data);
	memset(b, 0, sizeof *b);
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	if (b->data)
		b->data[0] = '\0';
}

char *buf_room(struct buf *b, size_t len)
{
	size_t want = b->len + len + 1;

	if (want > b->cap) {
		size_t cap = b->cap ? b->cap : 64;

		while (cap < want)
			cap = mem_more(cap, 1);
		b->data = mem_grow(b->data, cap, 1);
		b->cap = cap;
	}
	b->data[b->len + len] = '\0';
	return b->data + b->len;
}

void buf_digits(struct buf *b, uint64_t value, unsigned width)
{
	text_digits(buf_room(b, width), value, width);
	b->len += width;
}

void buf_vprintf(struct buf *b, const char *format, va_list args)
{
	va_list again;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (len <= 0)
		return;
	vsnprintf(buf_room(b, (size_t)len), (size_t)len + 1, format, args);
	b->len += (size_t)len;
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vprintf(b, format, args);
	va_end(args);
}

void buf_cut(struct buf *b, size_t from, size_t len)
{
	if (from >= b->len)
		return;
	if (len > b->len - from)
		len = b->len - from;
	memmove(b->data + from, b->data + from + len, b->len - from - len);
	b->len -= len;
	b->data[b->len] = '\0';
}

void buf_insert(struct buf *b, size_t at, const void *bytes, size_t len)
{
	if (at > b->len)
		at = b->len;
	buf_room(b, len);
	memmove(b->data + at + len, b->data + at, b->len - at);
	if (len)
		memcpy(b->data + at, bytes, len);
	b->len += len;
	b->data[b->len] = '\0';
}

const char *buf_text(const struct buf *b)
{
	return b->data ? b->data : "";
}
