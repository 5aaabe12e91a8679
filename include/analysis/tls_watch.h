/* tls_watch.h - the TLS records that each packet's arrival opened, for all flows: for who prints
 * packets and messages. A flow is followed from its hello on; TLS_FOLLOWED at most at a time, the
 * oldest makes room. One thread.
 */
#ifndef ANALYSIS_TLS_WATCH_H
#define ANALYSIS_TLS_WATCH_H

#include "analysis/flow.h"
#include "analysis/tls_talk.h"
#include "core/packet.h"

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct tls_watch;

enum { TLS_FOLLOWED = 512, TLS_OPENED = 64 /* records of a packet that are told */ };

/* The keys and the flows are borrowed. `may_come`: as of struct tls_talk. */
struct tls_watch *tls_watch_new(const struct tls_keys *keys, const struct flow_table *flows, bool may_come);
void tls_watch_free(struct tls_watch *w); /* NULL is fine */
/* The records that this packet completed: *count of them, valid until the next call; NULL: none. */
const struct tls_record *tls_watch_packet(struct tls_watch *w, const struct packet *p, const uint8_t *bytes,
					  unsigned *count);

/* A record as a packet of its own, for the decoders: IPv4, TCP, and the plaintext on the port where
 * it would be without TLS (443 becomes 80, ...). Handshake messages are a TLS record again. */
struct tls_plain {
	struct packet packet;
	struct buf bytes;
	uint32_t made_up; /* bytes at its beginning that nobody sent */
};
/* `outer` is the packet that carried it. A zeroed tls_plain can be used again and again; buf_done
 * its bytes in the end. */
void tls_plain_make(struct tls_plain *out, const struct tls_record *r, const struct packet *outer);
/* What its decoders say of it, "GET / HTTP/1.1"; else what it is: "application data, 78 bytes".
 * Appends clean text. */
void tls_plain_words(const struct tls_plain *plain, const struct tls_record *r, struct buf *out);

#endif
