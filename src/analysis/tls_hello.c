#include "tls_hello.h"

#include <string.h>

enum { ENCRYPT_THEN_MAC = 22, EARLY_DATA = 42, SUPPORTED_VERSIONS = 43, TLS_1_3 = 0x0304 };

/* The random of a server that wants another hello: SHA-256 of "HelloRetryRequest". */
static const uint8_t retry[TLS_RANDOM] = {
	0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
	0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

struct bytes {
	const uint8_t *at;
	size_t left;
	bool over; /* more was asked for than there is */
};

static const uint8_t *skip(struct bytes *b, size_t len)
{
	const uint8_t *at = b->at;

	if (b->over || len > b->left) {
		b->over = true;
		return NULL;
	}
	b->at += len;
	b->left -= len;
	return at;
}

static unsigned number(struct bytes *b, unsigned size)
{
	const uint8_t *at = skip(b, size);

	return !at ? 0 : size == 1 ? at[0] : (unsigned)at[0] << 8 | at[1];
}

static void read_extensions(struct bytes *b, bool server, struct tls_hello *out)
{
	number(b, 2); /* their length: what there is of them is read */
	while (!b->over && b->left) {
		unsigned type = number(b, 2), len = number(b, 2);
		const uint8_t *value = skip(b, len);

		if (!value)
			return;
		if (!server && type == EARLY_DATA)
			out->early_data = true;
		if (server && type == ENCRYPT_THEN_MAC)
			out->mac_last = true;
		if (server && type == SUPPORTED_VERSIONS && len == 2)
			out->v13 = (value[0] << 8 | value[1]) == TLS_1_3;
	}
}

bool tls_hello_read(const uint8_t *body, size_t len, bool server, struct tls_hello *out)
{
	struct bytes b = { body, len, false };
	const uint8_t *random;

	memset(out, 0, sizeof *out);
	out->version = (uint16_t)number(&b, 2); /* that of TLS 1.2 in 1.3, too */
	random = skip(&b, TLS_RANDOM);
	if (!random)
		return false;
	memcpy(out->random, random, TLS_RANDOM);
	skip(&b, number(&b, 1)); /* session */
	if (server) {
		out->retry = !memcmp(random, retry, TLS_RANDOM);
		out->suite = (uint16_t)number(&b, 2);
		number(&b, 1); /* compression */
		if (b.over)
			return false;
	} else {
		skip(&b, number(&b, 2)); /* suites */
		skip(&b, number(&b, 1)); /* compression */
	}
	read_extensions(&b, server, out);
	return true;
}
