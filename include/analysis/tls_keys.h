/* tls_keys.h - secrets of TLS connections, from key logs as programs write them for SSLKEYLOGFILE
 * and pcapng keeps them (draft-ietf-tls-keylogfile): a line a secret,
 *
 *   LABEL <client random, 64 hex digits> <secret, hex digits>
 *
 * Lines that are no such thing are passed over: a key log may have comments and labels to come.
 * Bounded: TLS_SESSIONS client randoms. Pure data, one thread.
 */
#ifndef ANALYSIS_TLS_KEYS_H
#define ANALYSIS_TLS_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TLS_RANDOM = 32, TLS_SECRET_MOST = 48, TLS_SESSIONS = 1 << 17 };

enum tls_label {
	TLS_MASTER,       /* CLIENT_RANDOM: the master secret of TLS 1.2 and before */
	TLS_CLIENT_EARLY, /* CLIENT_EARLY_TRAFFIC_SECRET, and so on: TLS 1.3 */
	TLS_CLIENT_HANDSHAKE,
	TLS_SERVER_HANDSHAKE,
	TLS_CLIENT_TRAFFIC,
	TLS_SERVER_TRAFFIC,
	TLS_LABELS
};

struct tls_secret {
	uint8_t len; /* 0: not known */
	uint8_t bytes[TLS_SECRET_MOST];
};

struct tls_keys;

struct tls_keys *tls_keys_new(void);
void tls_keys_free(struct tls_keys *k); /* NULL is fine; secrets are wiped */
/* A key log in pieces of any size; a line that has not ended waits for the next one. */
void tls_keys_feed(struct tls_keys *k, const void *bytes, size_t len);
void tls_keys_end(struct tls_keys *k);               /* what waits was a whole line */
uint64_t tls_keys_count(const struct tls_keys *k);   /* secrets so far */
uint64_t tls_keys_refused(const struct tls_keys *k); /* for which there was no room */
/* NULL: none of this connection is known. Else TLS_LABELS secrets, valid until more are fed. */
const struct tls_secret *tls_keys_find(const struct tls_keys *k, const uint8_t random[TLS_RANDOM]);

#endif
