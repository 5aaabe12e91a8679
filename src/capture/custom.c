#include "capture/custom.h"

#include "util/buf.h"

#include <string.h>

enum { TYPE = 0xbad, MAGIC = 8, LENGTH = 4, FRAME = 16 /* type, two lengths, the number */ };

static const char magic[MAGIC] = "sockeye";

static void put32(struct buf *out, uint32_t value)
{
	buf_add(out, &value, 4);
}

void custom_encode(struct buf *out, const void *bytes, size_t len)
{
	static const char zeroes[4];
	size_t padding = (4 - len % 4) % 4;
	uint32_t total = (uint32_t)(FRAME + MAGIC + LENGTH + len + padding);
	const uint8_t length[LENGTH] = { (uint8_t)len, (uint8_t)(len >> 8), (uint8_t)(len >> 16),
					 (uint8_t)(len >> 24) };

	put32(out, TYPE);
	put32(out, total);
	put32(out, CUSTOM_PEN);
	buf_add(out, magic, MAGIC);
	buf_add(out, length, LENGTH);
	buf_add(out, bytes, len);
	buf_add(out, zeroes, padding);
	put32(out, total);
}

bool custom_open(const uint8_t *body, size_t len, const uint8_t **bytes, size_t *size)
{
	size_t inside;

	if (len < MAGIC + LENGTH || memcmp(body, magic, MAGIC) != 0)
		return false;
	inside = (size_t)body[8] | (size_t)body[9] << 8 | (size_t)body[10] << 16 | (size_t)body[11] << 24;
	if (inside > len - MAGIC - LENGTH || inside > CUSTOM_MOST)
		return false;
	*bytes = body + MAGIC + LENGTH;
	*size = inside;
	return true;
}
