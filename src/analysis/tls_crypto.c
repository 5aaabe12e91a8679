#include "analysis/tls_crypto.h"

#include "libcrypto.h"
#include "tls_opener.h"

#include "util/err.h"
#include "util/mem.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum kind { GCM, CCM, CHACHA, CBC };
enum { SALT = 4, EXPLICIT = 8 };

/* IANA "TLS Cipher Suites": those that are met. */
static const struct tls_suite suites[] = {
	{ 0x1301, true, GCM, 16, 32, 16, 0 },     /* TLS_AES_128_GCM_SHA256 */
	{ 0x1302, true, GCM, 32, 48, 16, 0 },     /* TLS_AES_256_GCM_SHA384 */
	{ 0x1303, true, CHACHA, 32, 32, 16, 0 },  /* TLS_CHACHA20_POLY1305_SHA256 */
	{ 0x1304, true, CCM, 16, 32, 16, 0 },     /* TLS_AES_128_CCM_SHA256 */
	{ 0x1305, true, CCM, 16, 32, 8, 0 },      /* TLS_AES_128_CCM_8_SHA256 */
	{ 0x009c, false, GCM, 16, 32, 16, 0 },    /* TLS_RSA_WITH_AES_128_GCM_SHA256 */
	{ 0x009d, false, GCM, 32, 48, 16, 0 },    /* TLS_RSA_WITH_AES_256_GCM_SHA384 */
	{ 0x009e, false, GCM, 16, 32, 16, 0 },    /* TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 */
	{ 0x009f, false, GCM, 32, 48, 16, 0 },    /* TLS_DHE_RSA_WITH_AES_256_GCM_SHA384 */
	{ 0x00a8, false, GCM, 16, 32, 16, 0 },    /* TLS_PSK_WITH_AES_128_GCM_SHA256 */
	{ 0x00a9, false, GCM, 32, 48, 16, 0 },    /* TLS_PSK_WITH_AES_256_GCM_SHA384 */
	{ 0xc02b, false, GCM, 16, 32, 16, 0 },    /* TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 */
	{ 0xc02c, false, GCM, 32, 48, 16, 0 },    /* TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 */
	{ 0xc02f, false, GCM, 16, 32, 16, 0 },    /* TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 */
	{ 0xc030, false, GCM, 32, 48, 16, 0 },    /* TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 */
	{ 0xc09c, false, CCM, 16, 32, 16, 0 },    /* TLS_RSA_WITH_AES_128_CCM */
	{ 0xc09d, false, CCM, 32, 32, 16, 0 },    /* TLS_RSA_WITH_AES_256_CCM */
	{ 0xc09e, false, CCM, 16, 32, 16, 0 },    /* TLS_DHE_RSA_WITH_AES_128_CCM */
	{ 0xc09f, false, CCM, 32, 32, 16, 0 },    /* TLS_DHE_RSA_WITH_AES_256_CCM */
	{ 0xc0ac, false, CCM, 16, 32, 16, 0 },    /* TLS_ECDHE_ECDSA_WITH_AES_128_CCM */
	{ 0xc0ad, false, CCM, 32, 32, 16, 0 },    /* TLS_ECDHE_ECDSA_WITH_AES_256_CCM */
	{ 0xc0ae, false, CCM, 16, 32, 8, 0 },     /* TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8 */
	{ 0xc0af, false, CCM, 32, 32, 8, 0 },     /* TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8 */
	{ 0xcca8, false, CHACHA, 32, 32, 16, 0 }, /* TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 */
	{ 0xcca9, false, CHACHA, 32, 32, 16, 0 }, /* TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 */
	{ 0xccaa, false, CHACHA, 32, 32, 16, 0 }, /* TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256 */
	/* AES-CBC; the PRF is that of TLS 1.2 */
	{ 0x002f, false, CBC, 16, 32, 0, 20 }, /* TLS_RSA_WITH_AES_128_CBC_SHA */
	{ 0x0033, false, CBC, 16, 32, 0, 20 }, /* TLS_DHE_RSA_WITH_AES_128_CBC_SHA */
	{ 0x0035, false, CBC, 32, 32, 0, 20 }, /* TLS_RSA_WITH_AES_256_CBC_SHA */
	{ 0x0039, false, CBC, 32, 32, 0, 20 }, /* TLS_DHE_RSA_WITH_AES_256_CBC_SHA */
	{ 0x003c, false, CBC, 16, 32, 0, 32 }, /* TLS_RSA_WITH_AES_128_CBC_SHA256 */
	{ 0x003d, false, CBC, 32, 32, 0, 32 }, /* TLS_RSA_WITH_AES_256_CBC_SHA256 */
	{ 0x0067, false, CBC, 16, 32, 0, 32 }, /* TLS_DHE_RSA_WITH_AES_128_CBC_SHA256 */
	{ 0x006b, false, CBC, 32, 32, 0, 32 }, /* TLS_DHE_RSA_WITH_AES_256_CBC_SHA256 */
	{ 0x008c, false, CBC, 16, 32, 0, 20 }, /* TLS_PSK_WITH_AES_128_CBC_SHA */
	{ 0x008d, false, CBC, 32, 32, 0, 20 }, /* TLS_PSK_WITH_AES_256_CBC_SHA */
	{ 0x00ae, false, CBC, 16, 32, 0, 32 }, /* TLS_PSK_WITH_AES_128_CBC_SHA256 */
	{ 0x00af, false, CBC, 32, 48, 0, 48 }, /* TLS_PSK_WITH_AES_256_CBC_SHA384 */
	{ 0xc009, false, CBC, 16, 32, 0, 20 }, /* TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA */
	{ 0xc00a, false, CBC, 32, 32, 0, 20 }, /* TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA */
	{ 0xc013, false, CBC, 16, 32, 0, 20 }, /* TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA */
	{ 0xc014, false, CBC, 32, 32, 0, 20 }, /* TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA */
	{ 0xc023, false, CBC, 16, 32, 0, 32 }, /* TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256 */
	{ 0xc024, false, CBC, 32, 48, 0, 48 }, /* TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384 */
	{ 0xc027, false, CBC, 16, 32, 0, 32 }, /* TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256 */
	{ 0xc028, false, CBC, 32, 48, 0, 48 }, /* TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384 */
};

const struct tls_suite *tls_suite_find(uint16_t id)
{
	for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
		if (suites[i].id == id)
			return &suites[i];
	return NULL;
}

static const EVP_CIPHER *cipher_of(const struct tls_suite *s)
{
	switch ((enum kind)s->kind) {
	case GCM: return s->key == 16 ? libcrypto()->EVP_aes_128_gcm() : libcrypto()->EVP_aes_256_gcm();
	case CCM: return s->key == 16 ? libcrypto()->EVP_aes_128_ccm() : libcrypto()->EVP_aes_256_ccm();
	default: return libcrypto()->EVP_chacha20_poly1305();
	}
}

void tls_opener_free(struct tls_opener *o)
{
	if (!o)
		return;
	libcrypto()->EVP_CIPHER_CTX_free(o->context);
	explicit_bzero(o, sizeof *o);
	free(o);
}

bool tls_opener_v13(const struct tls_opener *o)
{
	return o->suite->v13;
}

int tls_crypto_prepare(struct err *e)
{
	return libcrypto() ? 0
			   : err_set(e, ENOENT,
				     "libcrypto (OpenSSL) is not installed: without it TLS records "
				     "are not opened");
}

static struct tls_opener *opener_new(const struct tls_suite *suite)
{
	struct tls_opener *o = mem_alloc(sizeof *o);

	o->suite = suite;
	o->context = libcrypto()->EVP_CIPHER_CTX_new();
	return o;
}

/* --- keys --- */

static bool hmac(const struct tls_suite *s, const uint8_t *key, size_t key_len, const uint8_t *data, size_t len,
		 uint8_t out[HASH_MOST])
{
	const EVP_MD *hash = s->hash == HASH_MOST ? libcrypto()->EVP_sha384() : libcrypto()->EVP_sha256();
	unsigned made = 0;

	return libcrypto()->HMAC(hash, key, (int)key_len, data, len, out, &made) && made == s->hash;
}

/* P_hash(secret, seed), RFC 5246 5. `seed` has `len` bytes, at most 96. */
static bool prf(const struct tls_suite *s, const struct tls_secret *secret, const uint8_t *seed, size_t len,
		uint8_t *out, size_t want)
{
	uint8_t a[HASH_MOST + 96], block[HASH_MOST];
	size_t hash = s->hash;

	if (!hmac(s, secret->bytes, secret->len, seed, len, a))
		return false;
	memcpy(a + hash, seed, len);
	while (want) {
		size_t here = want < hash ? want : hash;

		if (!hmac(s, secret->bytes, secret->len, a, hash + len, block))
			return false;
		memcpy(out, block, here);
		out += here;
		want -= here;
		if (!hmac(s, secret->bytes, secret->len, a, hash, block))
			return false;
		memcpy(a, block, hash);
	}
	return true;
}

/* Of each kind first the client's, then the server's: MAC keys, keys, what nonces begin with. */
struct tls_opener *tls12_opener(const struct tls12_terms *terms, const struct tls_secret *master, bool server)
{
	static const char label[] = "key expansion";
	enum { LABEL = sizeof label - 1, MASTER = 48 };
	const struct tls_suite *suite = terms->suite;
	uint8_t seed[LABEL + 2 * TLS_RANDOM], block[2 * HASH_MOST + 2 * KEY_MOST + 2 * NONCE];
	size_t mac = suite->mac, key = suite->key;
	size_t iv = suite->kind == CBC ? 0 : suite->kind == CHACHA ? NONCE : SALT;
	struct tls_opener *o;

	if (master->len != MASTER || suite->v13 || !libcrypto())
		return NULL;
	memcpy(seed, label, LABEL);
	memcpy(seed + LABEL, terms->server_random, TLS_RANDOM);
	memcpy(seed + LABEL + TLS_RANDOM, terms->client_random, TLS_RANDOM);
	if (!prf(suite, master, seed, sizeof seed, block, 2 * (mac + key + iv)))
		return NULL;
	o = opener_new(suite);
	o->mac_last = terms->mac_last;
	memcpy(o->mac, block + server * mac, mac);
	memcpy(o->key, block + 2 * mac + server * key, key);
	memcpy(o->iv, block + 2 * (mac + key) + server * iv, iv);
	explicit_bzero(block, sizeof block);
	return o;
}

/* HKDF-Expand-Label(secret, label, "", want), RFC 8446 7.1: never more than a block of the hash. */
static bool expand(const struct tls_suite *s, const struct tls_secret *secret, const char *label, uint8_t *out,
		   size_t want)
{
	uint8_t info[64] = { 0, (uint8_t)want }, block[HASH_MOST];
	size_t len = strlen(label), at = 2;

	info[at++] = (uint8_t)(6 + len);
	memcpy(info + at, "tls13 ", 6);
	memcpy(info + at + 6, label, len);
	at += 6 + len;
	info[at++] = 0; /* no context */
	info[at++] = 1; /* the first block */
	if (want > s->hash || !hmac(s, secret->bytes, secret->len, info, at, block))
		return false;
	memcpy(out, block, want);
	return true;
}

struct tls_opener *tls13_opener(const struct tls_suite *suite, const struct tls_secret *secret)
{
	struct tls_opener *o;

	if (secret->len != suite->hash || !suite->v13 || !libcrypto())
		return NULL;
	o = opener_new(suite);
	if (expand(suite, secret, "key", o->key, suite->key) && expand(suite, secret, "iv", o->iv, NONCE))
		return o;
	tls_opener_free(o);
	return NULL;
}

bool tls13_next_secret(const struct tls_suite *suite, struct tls_secret *secret)
{
	return expand(suite, secret, "traffic upd", secret->bytes, suite->hash);
}

/* --- records --- */

void tls_put64(uint8_t *out, uint64_t value)
{
	for (unsigned i = 8; i-- > 0; value >>= 8)
		out[i] = (uint8_t)value;
}

static bool decrypt(struct tls_opener *o, const uint8_t nonce[NONCE], const uint8_t *aad, size_t aad_len,
		    const uint8_t *in, size_t len, uint8_t *out)
{
	EVP_CIPHER_CTX *c = o->context;
	int tag = o->suite->tag, done = 0;
	uint8_t expected[16];

	memcpy(expected, in + len, (size_t)tag);
	if (!c || libcrypto()->EVP_DecryptInit_ex(c, cipher_of(o->suite), NULL, NULL, NULL) != 1 ||
	    libcrypto()->EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_IVLEN, NONCE, NULL) != 1 ||
	    libcrypto()->EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, tag, expected) != 1 ||
	    libcrypto()->EVP_DecryptInit_ex(c, NULL, NULL, o->key, nonce) != 1)
		return false;
	if (o->suite->kind == CCM && libcrypto()->EVP_DecryptUpdate(c, NULL, &done, NULL, (int)len) != 1)
		return false;
	if (libcrypto()->EVP_DecryptUpdate(c, NULL, &done, aad, (int)aad_len) != 1 ||
	    libcrypto()->EVP_DecryptUpdate(c, out, &done, in, (int)len) != 1)
		return false;
	return o->suite->kind == CCM || libcrypto()->EVP_DecryptFinal_ex(c, out + done, &done) == 1;
}

long tls_open(struct tls_opener *o, const uint8_t header[5], const uint8_t *in, size_t len, uint8_t *out)
{
	bool carried = !o->suite->v13 && o->suite->kind != CHACHA; /* half of the nonce is in the record */
	size_t over = o->suite->tag + (carried ? EXPLICIT : 0u), plain, aad_len = 5;
	uint8_t nonce[NONCE], aad[13], sequence[8];

	if (o->suite->kind == CBC)
		return tls_cbc_open(o, header, in, len, out);
	if (len < over || len - over > INT_MAX / 2)
		return -1;
	plain = len - over;
	tls_put64(sequence, o->sequence);
	memcpy(nonce, o->iv, NONCE);
	if (carried)
		memcpy(nonce + SALT, in, EXPLICIT);
	else
		for (unsigned i = 0; i < 8; i++)
			nonce[SALT + i] ^= sequence[i];
	memcpy(aad, header, 5);
	if (!o->suite->v13) {
		memcpy(aad, sequence, 8);
		memcpy(aad + 8, header, 3);
		aad[11] = (uint8_t)(plain >> 8);
		aad[12] = (uint8_t)plain;
		aad_len = 13;
	}
	if (!decrypt(o, nonce, aad, aad_len, in + (carried ? EXPLICIT : 0), plain, out))
		return -1;
	o->sequence++;
	return (long)plain;
}
