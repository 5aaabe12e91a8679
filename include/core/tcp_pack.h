/* tcp_pack.h - a struct sock_tcp in few bytes, about 80 in place of 250: a snapshot of 200,000 sockets has as many, and
 * almost all of their numbers are small. A number takes a byte for each seven bits of it.
 */
#ifndef CORE_TCP_PACK_H
#define CORE_TCP_PACK_H

#include "core/sock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TCP_PACK_MOST = 512 };

/* The bytes that it takes. */
size_t tcp_pack(const struct sock_tcp *t, uint8_t out[TCP_PACK_MOST]);
/* The bytes that were read; 0: they are none of tcp_pack's, or too few (*out is zeroed). Any bytes are safe. */
size_t tcp_unpack(const uint8_t *bytes, size_t len, struct sock_tcp *out);
/* Of the same bytes only the counters that rates are made of, which is quicker. False: there are none, nothing is
 * filled. */
bool tcp_unpack_counts(const uint8_t *bytes, size_t len, uint64_t *sent, uint64_t *received, uint64_t *retransmits);

#endif
