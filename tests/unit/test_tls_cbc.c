/* Records of TLS 1.2 with AES-CBC, sealed by another program with a master secret of 00 01 02 … 2f, a client's
 * random of c1 and a server's of 51: "hello", the first record of its side. */
#include "analysis/tls_crypto.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	uint16_t suite;
	bool mac_last, server;
	const char *hex;
} records[] = {
	{ 0x002f, false, false,
	  "101112131415161718191a1b1c1d1e1f36fbcd437e8a237a1720c6effe103e26c1ba0aacb0d86d53"
	  "ec29b2a35d6e7ae3" },
	{ 0x002f, true, true,
	  "101112131415161718191a1b1c1d1e1fd687e028c820ba6cda7ecb5417d55a94ff4818050edb5391"
	  "0c5b8925597b616dc13e8466" },
	{ 0x003d, false, true,
	  "101112131415161718191a1b1c1d1e1fd6bcb12ad5b20969fe4c10474cc00e4d5564736a04174553"
	  "7eefff6609acd3a5b8de8dbf0c797bedf6b854a3a727c97c" },
	{ 0xc028, true, false,
	  "101112131415161718191a1b1c1d1e1fe923ad2021858158faf39cf22fa41de8f5d0f6db2a4b2b3a"
	  "49ce6c6b29e80a1ff25254918ed35302311679dd304f18c7401f8347f7edbd34a63046bb5ddfdae3" },
	{ 0xc028, false, false,
	  "101112131415161718191a1b1c1d1e1f97ffe9a212cce16ee22359f80804569bf2f7576abd67ab98"
	  "5543801729658dacccf1bb921c86bfbfb39ee3c34d45698830ef3f8d872b20e5096f07b8bc099c8c" },
};

enum { COUNT = sizeof records / sizeof *records };
static const uint8_t header[5] = { 23, 3, 3, 0, 0 };

static struct tls_opener *opener_of(unsigned i)
{
	struct tls_secret master = { .len = 48 };
	uint8_t client[TLS_RANDOM], server[TLS_RANDOM];
	const struct tls12_terms terms = { tls_suite_find(records[i].suite), client, server, records[i].mac_last };

	for (unsigned k = 0; k < 48; k++)
		master.bytes[k] = (uint8_t)k;
	memset(client, 0xc1, sizeof client);
	memset(server, 0x51, sizeof server);
	cr_assert_not_null(terms.suite);
	return tls12_opener(&terms, &master, records[i].server);
}

/* Of exactly that size. */
static uint8_t *bytes_of(const char *hex, size_t *len)
{
	uint8_t *bytes;

	*len = strlen(hex) / 2;
	bytes = malloc(*len);
	for (size_t i = 0; i < *len; i++) {
		char two[3] = { hex[2 * i], hex[2 * i + 1], '\0' };

		bytes[i] = (uint8_t)strtoul(two, NULL, 16);
	}
	return bytes;
}

Test(tls_cbc, opens)
{
	for (unsigned i = 0; i < COUNT; i++) {
		struct tls_opener *o = opener_of(i);
		uint8_t out[256];
		size_t len;
		uint8_t *record = bytes_of(records[i].hex, &len);

		cr_assert_not_null(o);
		cr_expect_eq(tls_open(o, header, record, len, out), 5, "%u", i);
		cr_expect_arr_eq(out, "hello", 5);
		cr_expect_eq(tls_open(o, header, record, len, out), -1, "%u: its number is another", i);
		free(record);
		tls_opener_free(o);
	}
}

/* Cut at every length, and with every byte changed: nothing that was not sealed is given out. */
Test(tls_cbc, damaged)
{
	for (unsigned i = 0; i < COUNT; i++) {
		struct tls_opener *o = opener_of(i);
		uint8_t out[256];
		size_t len;
		uint8_t *record = bytes_of(records[i].hex, &len);

		for (size_t n = 0; n < len; n++) {
			uint8_t *cut = malloc(n ? n : 1);

			memcpy(cut, record, n);
			cr_expect_eq(tls_open(o, header, cut, n, out), -1, "%u: %zu bytes", i, n);
			free(cut);
			record[n] ^= 1;
			cr_expect_eq(tls_open(o, header, record, len, out), -1, "%u: byte %zu", i, n);
			record[n] ^= 1;
		}
		cr_expect_eq(tls_open(o, header, record, len, out), 5, "%u", i);
		free(record);
		tls_opener_free(o);
	}
}

/* A side without the other's agreement on RFC 7366 opens nothing. */
Test(tls_cbc, the_other_form)
{
	struct tls_secret short_master = { .len = 47 };
	const struct tls12_terms terms = { tls_suite_find(0x2f), (uint8_t[TLS_RANDOM]){ 0 }, (uint8_t[TLS_RANDOM]){ 0 },
					   false };
	struct tls_opener *o = opener_of(0);
	uint8_t out[256];
	size_t len;
	uint8_t *record = bytes_of(records[1].hex, &len);

	cr_expect_eq(tls_open(o, header, record, len, out), -1);
	cr_expect_null(tls12_opener(&terms, &short_master, false));
	free(record);
	tls_opener_free(o);
}
