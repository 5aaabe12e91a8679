/* plain.h - what is in the TLS records that a packet completed, where the secrets are known (a key
 * log, or a pcapng that carries them).
 *
 * Records open only in their order: the packet's flow is gone through from its beginning, or from
 * where the last look ended; of a file a few milliseconds at a time (opened_turn), so a packet may have
 * none now and some in the next turn. Of a packet PLAIN_MOST records are kept. One thread.
 */
#ifndef SESSION_PLAIN_H
#define SESSION_PLAIN_H

#include "analysis/tls_watch.h"
#include "session/session.h"

enum { PLAIN_MOST = 8 };

struct plain;

struct plain *plain_new(void);
void plain_free(struct plain *x); /* NULL is fine */
/* Look at that packet. */
void plain_settle(struct plain *x, const struct session *s, uint64_t number);
/* The records of the packet that was looked at last, as packets; *count 0 for every other one. Valid
 * until the next look. */
const struct tls_plain *plain_of(const struct plain *x, uint64_t number, unsigned *count);

#endif
