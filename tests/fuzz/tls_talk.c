/* The record layer (tls_talk.c, tls_hello.c, tls_crypto.c, tls_cbc.c): the input is a key log up to a NUL,
 * then pieces of the two streams: a byte (bit 0 the side, bit 1 a gap), two bytes of length, the bytes.
 * What is given out must follow on in each side's stream, and what waits must stay bounded. */
#include "analysis/tls_talk.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { HEADER = 3, POOL = 20000 };

struct world {
	struct tls_talk talk;
	uint64_t given[2];
};

static void take(void *arg, const struct stream_chunk *c)
{
	struct world *w = arg;
	volatile uint8_t sum = 0;

	if (!c->len || c->gap != !c->bytes)
		__builtin_trap();
	for (uint32_t i = 0; !c->gap && i < c->len; i++)
		sum = (uint8_t)(sum + c->bytes[i]);
	if (tls_talk_opens(&w->talk) && c->offset != w->given[c->side])
		__builtin_trap();
	w->given[c->side] = c->offset + c->len;
}

static void opened(void *arg, const struct tls_record *r)
{
	struct world *w = arg;
	volatile uint8_t sum = 0;

	if (r->side > 1 || r->len > TLS_RECORD || !tls_talk_opens(&w->talk))
		__builtin_trap();
	for (uint32_t i = 0; i < r->len; i++)
		sum = (uint8_t)(sum + r->bytes[i]);
}

static void feed(struct world *w, const uint8_t *bytes, size_t len)
{
	uint64_t offset[2] = { 0 }, number = 1;

	while (len > HEADER) {
		uint32_t want = (uint32_t)bytes[1] << 8 | bytes[2];
		uint32_t here = want < len - HEADER ? want : (uint32_t)(len - HEADER);
		bool gap = bytes[0] & 2;
		struct stream_chunk c = {
			.side = bytes[0] & 1, .gap = gap, .len = gap ? want : here, .number = number
		};
		uint8_t *exact = malloc(here ? here : 1);

		memcpy(exact, bytes + HEADER, here);
		c.bytes = gap ? NULL : exact;
		c.offset = offset[c.side];
		offset[c.side] += c.len;
		number++;
		if (c.len)
			tls_talk_take(&w->talk, &c);
		free(exact);
		if (w->talk.pool->used > POOL)
			__builtin_trap();
		bytes += HEADER + (gap ? 0 : here);
		len -= HEADER + (gap ? 0 : here);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct stream_pool pool = { .limit = POOL };
	const uint8_t *end = len ? memchr(bytes, 0, len) : NULL;
	struct world w = { 0 };
	struct tls_keys *keys;

	if (!end || len > 1 << 16)
		return 0;
	keys = tls_keys_new();
	tls_keys_feed(keys, bytes, (size_t)(end - bytes));
	tls_talk_init(&w.talk, keys, take, &w, &pool);
	w.talk.opened = opened;
	w.talk.may_come = len & 1;
	feed(&w, end + 1, len - (size_t)(end - bytes) - 1);
	tls_talk_end(&w.talk);
	tls_talk_done(&w.talk);
	if (pool.used)
		__builtin_trap();
	tls_keys_free(keys);
	return 0;
}
