#include "core/pack.h"

#include "core/endpoint.h"
#include "util/buf.h"

#include <string.h>

void pack_number(struct buf *out, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		buf_putc(out, (char)(value >> 8 * i));
}

void pack_bytes(struct buf *out, const void *bytes, size_t len)
{
	pack_number(out, len, 4);
	buf_add(out, bytes, len);
}

static uint64_t load(const void *from, size_t size)
{
	uint8_t one;
	uint16_t two;
	uint32_t four;
	uint64_t eight;

	switch (size) {
	case 1: memcpy(&one, from, size); return one;
	case 2: memcpy(&two, from, size); return two;
	case 4: memcpy(&four, from, size); return four;
	default: memcpy(&eight, from, sizeof eight); return eight;
	}
}

static void store(void *to, size_t size, uint64_t value)
{
	uint8_t one = (uint8_t)value;
	uint16_t two = (uint16_t)value;
	uint32_t four = (uint32_t)value;

	memcpy(to, size == 1 ? (void *)&one : size == 2 ? (void *)&two : size == 4 ? (void *)&four : &value, size);
}

/* Family, whether it has a port, the port, the zone, and the address or the name. */
static void pack_endpoint(struct buf *out, const struct endpoint *e)
{
	size_t len = e->family == AF_UNIX ? e->path_len : e->family ? sizeof e->ip : 0;

	pack_number(out, e->family, 1);
	pack_number(out, e->has_port, 1);
	pack_number(out, e->port, 2);
	pack_number(out, e->scope_id, 4);
	pack_number(out, len, 1);
	buf_add(out, e->family == AF_UNIX ? (const void *)e->path : e->ip, len);
}

void pack_fields(struct buf *out, const struct pack_field *fields, const void *from)
{
	for (const struct pack_field *f = fields; f->kind; f++) {
		const char *at = (const char *)from + f->offset;
		size_t len;

		switch (f->kind) {
		case PACK_TEXT:
			len = strnlen(at, f->size - 1);
			pack_number(out, len, 2);
			buf_add(out, at, len);
			break;
		case PACK_ENDPOINT: pack_endpoint(out, (const void *)at); break;
		default: pack_number(out, load(at, f->size), f->size); break;
		}
	}
}

/* --- reading --- */

static const uint8_t *take(struct unpack *u, size_t len)
{
	const uint8_t *at = u->at;

	if (u->bad || len > (size_t)(u->end - u->at)) {
		u->bad = true;
		return NULL;
	}
	u->at += len;
	return at;
}

uint64_t unpack_number(struct unpack *u, size_t size)
{
	const uint8_t *at = take(u, size);
	uint64_t value = 0;

	for (size_t i = 0; at && i < size; i++)
		value |= (uint64_t)at[i] << 8 * i;
	return value;
}

const uint8_t *unpack_bytes(struct unpack *u, size_t most, size_t *len)
{
	*len = unpack_number(u, 4);
	if (*len > most)
		u->bad = true;
	return take(u, u->bad ? 0 : *len);
}

static void unpack_endpoint(struct unpack *u, struct endpoint *e)
{
	struct endpoint got = { 0 };
	const uint8_t *at;
	size_t len;

	got.family = (uint8_t)unpack_number(u, 1);
	got.has_port = unpack_number(u, 1) != 0;
	got.port = (uint16_t)unpack_number(u, 2);
	got.scope_id = (uint32_t)unpack_number(u, 4);
	len = unpack_number(u, 1);
	if (got.family == AF_UNIX                             ? len > sizeof got.path
	    : got.family == AF_INET || got.family == AF_INET6 ? len != sizeof got.ip
							      : got.family || len)
		u->bad = true;
	at = take(u, u->bad ? 0 : len);
	if (!at)
		return;
	if (got.family == AF_UNIX) {
		got.path_len = (uint8_t)len;
		memcpy(got.path, at, len);
	} else {
		memcpy(got.ip, at, len);
	}
	memcpy(e, &got, sizeof got);
}

static void unpack_text(struct unpack *u, char *to, size_t size)
{
	size_t len = unpack_number(u, 2);
	const uint8_t *at;

	if (len >= size)
		u->bad = true;
	at = take(u, u->bad ? 0 : len);
	if (!at)
		return;
	memcpy(to, at, len);
	to[len] = '\0';
}

void unpack_fields(struct unpack *u, const struct pack_field *fields, void *to)
{
	for (const struct pack_field *f = fields; f->kind && !u->bad; f++) {
		char *at = (char *)to + f->offset;
		uint64_t value;

		switch (f->kind) {
		case PACK_TEXT: unpack_text(u, at, f->size); break;
		case PACK_ENDPOINT: unpack_endpoint(u, (void *)at); break;
		case PACK_BOOL: *(bool *)(void *)at = unpack_number(u, 1) != 0; break;
		default:
			value = unpack_number(u, f->size);
			if (f->most && value > f->most)
				u->bad = true;
			else if (!u->bad)
				store(at, f->size, value);
			break;
		}
	}
}
