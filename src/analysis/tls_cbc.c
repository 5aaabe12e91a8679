/* Records of TLS 1.2 with AES-CBC, RFC 5246 6.2.3.2:
 *
 *   IV (16) | encrypted: content | MAC | padding | padding's length
 *   IV (16) | encrypted: content | padding | padding's length | MAC      (RFC 7366)
 *
 * The MAC is over the record's number, its header with the length of what follows, and the content;
 * in the second form IV and what is encrypted are the content. Padding repeats its length.
 */
#include "tls_opener.h"

#include <string.h>

enum { BLOCK = 16, AHEAD = 13, RECORD_MOST = 16384 + 2048 };

static const EVP_MD *hash_of(const struct tls_suite *s)
{
	return s->mac == 20   ? libcrypto()->EVP_sha1()
	       : s->mac == 32 ? libcrypto()->EVP_sha256()
			      : libcrypto()->EVP_sha384();
}

static bool mac_fits(const struct tls_opener *o, const uint8_t header[5], const uint8_t *content, size_t len,
		     const uint8_t *mac)
{
	uint8_t text[AHEAD + RECORD_MOST], made[HASH_MOST];
	unsigned n = 0;

	tls_put64(text, o->sequence);
	memcpy(text + 8, header, 3);
	text[11] = (uint8_t)(len >> 8);
	text[12] = (uint8_t)len;
	memcpy(text + AHEAD, content, len);
	return libcrypto()->HMAC(hash_of(o->suite), o->mac, o->suite->mac, text, AHEAD + len, made, &n) &&
	       n == o->suite->mac && !memcmp(made, mac, n);
}

static bool decrypt(struct tls_opener *o, const uint8_t *iv, const uint8_t *in, size_t len, uint8_t *out)
{
	const EVP_CIPHER *cipher = o->suite->key == 16 ? libcrypto()->EVP_aes_128_cbc()
						       : libcrypto()->EVP_aes_256_cbc();
	EVP_CIPHER_CTX *c = o->context;
	int done = 0;

	return c && libcrypto()->EVP_DecryptInit_ex(c, cipher, NULL, o->key, iv) == 1 &&
	       libcrypto()->EVP_CIPHER_CTX_set_padding(c, 0) == 1 &&
	       libcrypto()->EVP_DecryptUpdate(c, out, &done, in, (int)len) == 1 && done == (int)len;
}

/* What is left of n bytes without the padding at their end; -1: it is none. */
static long unpadded(const uint8_t *bytes, size_t n)
{
	size_t padding = bytes[n - 1];

	if (padding + 1 > n)
		return -1;
	for (size_t i = n - 1 - padding; i < n; i++)
		if (bytes[i] != padding)
			return -1;
	return (long)(n - padding - 1);
}

long tls_cbc_open(struct tls_opener *o, const uint8_t header[5], const uint8_t *in, size_t len, uint8_t *out)
{
	size_t mac = o->suite->mac, behind = o->mac_last ? mac : 0, n;
	long plain;

	if (len > RECORD_MOST || len < 2 * BLOCK + behind || (len - behind) % BLOCK)
		return -1;
	n = len - BLOCK - behind;
	if (o->mac_last && !mac_fits(o, header, in, len - mac, in + len - mac))
		return -1;
	if (!decrypt(o, in, in + BLOCK, n, out))
		return -1;
	plain = unpadded(out, n);
	if (!o->mac_last) {
		plain -= (long)mac;
		if (plain < 0 || !mac_fits(o, header, out, (size_t)plain, out + plain))
			return -1;
	}
	if (plain >= 0)
		o->sequence++;
	return plain;
}
