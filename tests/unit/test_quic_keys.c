/* The ciphers and keys of QUIC's Initial packets, by the vectors of the standards. */
#include "decode/quic_keys.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const char *hex(const uint8_t *bytes, uint32_t n, char text[80])
{
	for (uint32_t i = 0; i < n; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return text;
}

Test(quic_keys, aes_128)
{
	uint8_t key[16], in[16], out[16];
	char text[80];

	for (int i = 0; i < 16; i++) {
		key[i] = (uint8_t)i;
		in[i] = (uint8_t)(0x11 * i);
	}
	quic_aes_128(key, in, out); /* FIPS 197 C.1 */
	cr_expect_str_eq(hex(out, 16, text), "69c4e0d86a7b0430d8cdb78070b4c55a");
}

Test(quic_keys, hmac_sha256)
{
	const char *const message = "what do ya want for nothing?";
	uint8_t out[32], fifty[50], key[20];
	char text[80];

	quic_hmac_sha256((const uint8_t *)"Jefe", 4, (const uint8_t *)message, (uint32_t)strlen(message),
			 out); /* RFC 4231 4.3, 4.4 */
	cr_expect_str_eq(hex(out, 32, text), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof key);
	memset(fifty, 0xdd, sizeof fifty);
	quic_hmac_sha256(key, sizeof key, fifty, sizeof fifty, out);
	cr_expect_str_eq(hex(out, 32, text), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
}

Test(quic_keys, of_a_client)
{
	static const uint8_t dcid[] = { 0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08 };
	static const struct {
		uint32_t version;
		const char *key, *iv, *hp;
	} cases[] = { /* RFC 9001 A.1, RFC 9369 A.1 */
		      { 1, "1f369613dd76d5467730efcbe3b1a22d", "fa044b2f42a3fd3b46fb255c",
			"9f50449e04a0e810283a1e9933adedd2" },
		      { 0x6b3343cf, "8b1a0bc121284290a29e0971b5cd045d", "91f73e2351d8fa91660e909f",
			"45b95e15235d6f45a6b19cbcb0294ba9" }
	};
	struct quic_keys keys;
	char text[80];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cr_assert(quic_client_keys(cases[i].version, dcid, sizeof dcid, &keys));
		cr_expect_str_eq(hex(keys.key, sizeof keys.key, text), cases[i].key);
		cr_expect_str_eq(hex(keys.iv, sizeof keys.iv, text), cases[i].iv);
		cr_expect_str_eq(hex(keys.hp, sizeof keys.hp, text), cases[i].hp);
	}
	cr_expect_not(quic_client_keys(0x1a2a3a4a, dcid, sizeof dcid, &keys));
}
