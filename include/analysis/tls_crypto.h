/* tls_crypto.h - what opens a TLS record: keys derived from secrets, and the ciphers of TLS 1.2 (AEAD
 * and AES-CBC) and 1.3. OpenSSL's libcrypto does the work; it is loaded when it is first needed.
 *
 * RFC 5246 5, 6.3 (PRF, key block), 6.2.3.2 (CBC), 7366 (its MAC over what is encrypted), 5288 (GCM), 6655 (CCM), 7905
 * (ChaCha20); RFC 8446 5.2, 7.1 to 7.3.
 */
#ifndef ANALYSIS_TLS_CRYPTO_H
#define ANALYSIS_TLS_CRYPTO_H

#include "analysis/tls_keys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

struct tls_suite {
	uint16_t id;
	bool v13;     /* of TLS 1.3 */
	uint8_t kind; /* enum, see tls_crypto.c */
	uint8_t key;  /* bytes */
	uint8_t hash; /* bytes: 32 SHA-256, 48 SHA-384 */
	uint8_t tag;  /* bytes; 0: CBC */
	uint8_t mac;  /* bytes of CBC's HMAC: 20 SHA-1, 32 SHA-256, 48 SHA-384 */
};
const struct tls_suite *tls_suite_find(uint16_t id); /* NULL: not one that can be opened */

/* Load the library now. -ENOENT: it is not installed; nothing is opened then. */
int tls_crypto_prepare(struct err *e);

/* One direction's keys; made by the functions below. */
struct tls_opener;
void tls_opener_free(struct tls_opener *o); /* NULL is fine */
/* Its keys are of TLS 1.3: whatever else the two sides have agreed upon since. */
bool tls_opener_v13(const struct tls_opener *o);

/* What both hellos of TLS 1.2 agreed upon. */
struct tls12_terms {
	const struct tls_suite *suite;
	const uint8_t *client_random, *server_random; /* TLS_RANDOM bytes each */
	bool mac_last;                                /* CBC: encrypt-then-MAC, RFC 7366 */
};
/* TLS 1.2: of the side that `server` tells, from the master secret. NULL: the secret is none of this
 * version, or the library cannot. */
struct tls_opener *tls12_opener(const struct tls12_terms *terms, const struct tls_secret *master, bool server);
/* TLS 1.3, from a traffic secret. */
struct tls_opener *tls13_opener(const struct tls_suite *suite, const struct tls_secret *secret);
/* The secret after a key update (RFC 8446 7.2). */
bool tls13_next_secret(const struct tls_suite *suite, struct tls_secret *secret);

/* Open a record: `header` is its five bytes, `len` what follows. `out` has room for `len` bytes.
 * The plaintext's length, or -1 where it is not what was sealed with these keys. The sequence number
 * moves on only when it opens. In TLS 1.3 the plaintext ends with its type and padding. */
long tls_open(struct tls_opener *o, const uint8_t header[5], const uint8_t *in, size_t len, uint8_t *out);

#endif
