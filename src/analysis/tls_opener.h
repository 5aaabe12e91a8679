/* tls_opener.h - one direction's keys of TLS, for tls_crypto.c and tls_cbc.c. */
#ifndef ANALYSIS_TLS_OPENER_H
#define ANALYSIS_TLS_OPENER_H

#include "analysis/tls_crypto.h"

#include "libcrypto.h"

enum { NONCE = 12, KEY_MOST = 32, HASH_MOST = 48 };

struct tls_opener {
	const struct tls_suite *suite;
	EVP_CIPHER_CTX *context;
	uint8_t key[KEY_MOST], iv[NONCE], mac[HASH_MOST];
	bool mac_last; /* CBC: the MAC is of what is encrypted, and stands behind it */
	uint64_t sequence;
};

void tls_put64(uint8_t *out, uint64_t value);

/* As tls_open, for a suite with CBC. */
long tls_cbc_open(struct tls_opener *o, const uint8_t header[5], const uint8_t *in, size_t len,
		  uint8_t *out);

#endif
