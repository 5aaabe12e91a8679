/* analysis/tls_keys.c: the input is a key log. Whole or in pieces, the same secrets are found. */
#include "analysis/tls_keys.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* In pieces of this size, each in a buffer of its own. */
static struct tls_keys *read_all(const uint8_t *bytes, size_t len, size_t piece)
{
	struct tls_keys *k = tls_keys_new();

	for (size_t at = 0; at < len; at += piece) {
		size_t here = len - at < piece ? len - at : piece;
		uint8_t *exact = malloc(here);

		memcpy(exact, bytes + at, here);
		tls_keys_feed(k, exact, here);
		free(exact);
	}
	tls_keys_end(k);
	return k;
}

/* The randoms of lines, wherever they may stand. */
static void look(const struct tls_keys *a, const struct tls_keys *b, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i + TLS_RANDOM <= len && i < 256; i++) {
		const struct tls_secret *x = tls_keys_find(a, bytes + i), *y = tls_keys_find(b, bytes + i);

		if (!x != !y)
			__builtin_trap();
		for (unsigned k = 0; x && k < TLS_LABELS; k++)
			if (x[k].len > TLS_SECRET_MOST || x[k].len != y[k].len)
				__builtin_trap();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct tls_keys *whole, *pieces;

	if (len > 1 << 16)
		return 0;
	whole = read_all(bytes, len, len ? len : 1);
	pieces = read_all(bytes, len, 7);
	if (tls_keys_count(whole) != tls_keys_count(pieces))
		__builtin_trap();
	look(whole, pieces, bytes, len);
	tls_keys_free(whole);
	tls_keys_free(pieces);
	return 0;
}
