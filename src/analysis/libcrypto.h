/* libcrypto.h - OpenSSL's libcrypto(7), loaded when a TLS record is to be opened for the first time:
 * to bind its 27,000 addresses would make every start of the program half as long again.
 */
#ifndef ANALYSIS_LIBCRYPTO_H
#define ANALYSIS_LIBCRYPTO_H

#include <openssl/evp.h>
#include <openssl/hmac.h>

/* clang-format off */
/* clang-format off */
#define LIBCRYPTO_FUNCTIONS(X) \
	X(EVP_CIPHER_CTX_new) X(EVP_CIPHER_CTX_free) X(EVP_CIPHER_CTX_ctrl) \
	X(EVP_DecryptInit_ex) X(EVP_DecryptUpdate) X(EVP_DecryptFinal_ex) \
	X(EVP_aes_128_gcm) X(EVP_aes_256_gcm) X(EVP_aes_128_ccm) X(EVP_aes_256_ccm) \
	X(EVP_aes_128_cbc) X(EVP_aes_256_cbc) X(EVP_CIPHER_CTX_set_padding) \
	X(EVP_chacha20_poly1305) X(EVP_sha1) X(EVP_sha256) X(EVP_sha384) X(HMAC)
/* clang-format on */
/* clang-format on */

struct libcrypto {
#define LIBCRYPTO_MEMBER(name) __typeof__(&(name)) name;
	LIBCRYPTO_FUNCTIONS(LIBCRYPTO_MEMBER)
};

/* NULL: it is not installed, or too old. Any thread. */
const struct libcrypto *libcrypto(void);

#endif
