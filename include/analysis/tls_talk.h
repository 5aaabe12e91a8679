/* tls_talk.h - the plaintext of a TLS connection whose secrets are known, from its two streams.
 *
 * Fed with what a struct stream gives out, it gives out the same: chunks in order, each side's with
 * offsets of its own. A side is passed on as it came until it says a TLS hello. From there on, with
 * secrets, application data take the place of the records; without them, all is passed on as it
 * came. What came may wait for that decision, for a hello that is late, or (live) for a secret that
 * is not written yet: bounded by TLS_WAITS and by the pool. After a gap, or a record that does not
 * open, the rest of that side is a gap. TLS 1.2 and 1.3, AEAD suites; renegotiation, key updates,
 * resumption, early data.
 *
 * RFC 8446 4, 5, 7; RFC 5246 6, 7. One thread.
 */
#ifndef ANALYSIS_TLS_TALK_H
#define ANALYSIS_TLS_TALK_H

#include "analysis/stream.h"
#include "analysis/tls_crypto.h"
#include "analysis/tls_keys.h"
#include "util/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	TLS_WAITS = 1 << 20,
	TLS_RECORD = 16384 + 2048, /* bytes behind a record's header at most, RFC 5246 6.2.3 */
	TLS_MESSAGE = 4096,        /* of a handshake message: what is kept of its beginning */
};

enum tls_type { TLS_CHANGE_CIPHER = 20, TLS_ALERT, TLS_HANDSHAKE, TLS_DATA };

/* A record that was opened. */
struct tls_record {
	uint8_t side;
	uint8_t type; /* enum tls_type: the inner one in TLS 1.3 */
	const uint8_t *bytes;
	uint32_t len;
};

struct tls_talk_side {
	enum tls_place {
		TLS_RAW,  /* no hello yet: passed on */
		TLS_OPEN, /* records are read */
		TLS_LOST, /* all that comes is a gap */
	} place;
	struct buf bytes;          /* a record that is not whole, or waits */
	size_t done;               /* bytes of it that were read */
	uint64_t given;            /* of plaintext */
	bool sealed;               /* no longer in the clear */
	struct tls_opener *opener; /* what opens records; NULL: the keys are not known yet */
	struct tls_secret secret;  /* TLS 1.3: that it is made of */
	bool early;                /* TLS 1.3: a client that may still send early data */
	bool finished;             /* TLS 1.3: its handshake */
	/* the handshake message that is being read */
	uint8_t message[TLS_MESSAGE];
	uint32_t message_at, message_len; /* bytes read, with the header; bytes in all, 0: not known */
};

struct tls_talk {
	const struct tls_keys *keys;
	stream_take *take;                                     /* plaintext, or what came */
	void (*opened)(void *arg, const struct tls_record *r); /* may be NULL */
	void *arg;
	bool may_come; /* secrets that are missing may still be written: live */
	bool decided;  /* either way: records open, or everything is passed on */
	bool passing;
	struct stream_pool *pool;           /* of what waits; NULL: none */
	struct tls_kept *kept, **kept_tail; /* what came, until it is decided */
	uint64_t kept_bytes;
	uint64_t number, at_ns; /* of the chunk at hand */
	const struct tls_suite *suite;
	bool has_client, has_server; /* randoms */
	bool mac_last;               /* the server chose encrypt-then-MAC */
	uint8_t client;              /* the side that said a client's hello */
	uint8_t client_random[TLS_RANDOM], server_random[TLS_RANDOM];
	struct tls_talk_side side[2];
};

void tls_talk_init(struct tls_talk *t, const struct tls_keys *keys, stream_take *take, void *arg,
		   struct stream_pool *pool);
void tls_talk_done(struct tls_talk *t);
/* A stream_take, to be given to stream_init with `talk` as its argument. */
void tls_talk_take(void *talk, const struct stream_chunk *c);
/* Nothing more will come: what waits is passed on. */
void tls_talk_end(struct tls_talk *t);
/* Was a record opened so far? */
bool tls_talk_opens(const struct tls_talk *t);
/* Secrets of this connection that are known by now; 0: none, or it said no hello. */
unsigned tls_talk_secrets(const struct tls_talk *t);
/* Nothing of it was passed on, or lost, for the want of secrets. */
bool tls_talk_whole(const struct tls_talk *t);

#endif
