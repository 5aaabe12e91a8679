/* quic_keys.h - what protects QUIC's Initial packets: keys that follow from the client's first
 * destination connection ID, so that everybody on the way can read them (RFC 9001 5.2). They keep
 * off accidents, not eyes. AES-128 (FIPS 197) and SHA-256 (FIPS 180-4) are our own here: decoders are
 * pure and know no library.
 */
#ifndef DECODE_QUIC_KEYS_H
#define DECODE_QUIC_KEYS_H

#include <stdbool.h>
#include <stdint.h>

enum { QUIC_KEY = 16, QUIC_IV = 12, QUIC_SHA256 = 32 };

struct quic_keys {
	uint8_t key[QUIC_KEY], iv[QUIC_IV], hp[QUIC_KEY];
};

/* Those of what a client sends. False: nothing is known of this version's. */
bool quic_client_keys(uint32_t version, const uint8_t *dcid, uint32_t n, struct quic_keys *out);

void quic_aes_128(const uint8_t key[QUIC_KEY], const uint8_t in[16], uint8_t out[16]);
/* HMAC, RFC 2104; the message has at most 128 bytes, the key 64. */
void quic_hmac_sha256(const uint8_t *key, uint32_t key_len, const uint8_t *message, uint32_t n,
		      uint8_t out[QUIC_SHA256]);
/* n bytes of the payload of packet `number`, in place: the counter mode of AEAD_AES_128_GCM (RFC 5116
 * 5.1), without a look at its tag. */
void quic_decrypt(const struct quic_keys *keys, uint64_t number, uint8_t *bytes, uint32_t n);

#endif
