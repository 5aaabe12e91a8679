/* fragments.h - IPv4 and IPv6 datagrams put together from their pieces.
 *
 * Pieces wait by addresses, identification and protocol until the datagram is whole, until packets'
 * times say that the receiver has given up (30 s for IPv4 as Linux does, 60 s for IPv6), or until
 * too many wait: the oldest makes room. A datagram whose pieces overlap with other content is thrown
 * away, and so are the pieces that still come (RFC 5722 for IPv6; Linux does the same for IPv4); a
 * piece that comes again as it was is no harm. What was not captured whole cannot be put together.
 *
 * A whole datagram belongs to the packet that completed it and is decoded as a packet of its own. It
 * is kept until others take its room. RFC 791 3.2, RFC 815, RFC 8200 4.5.
 */
#ifndef ANALYSIS_FRAGMENTS_H
#define ANALYSIS_FRAGMENTS_H

#include "core/packet.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	FRAGMENTS_WAIT = 256,           /* datagrams that wait */
	FRAGMENTS_WAIT_BYTES = 4 << 20, /* and their bytes */
	FRAGMENTS_WHOLE = 1024,         /* datagrams that are kept */
	FRAGMENTS_WHOLE_BYTES = 8 << 20,
};

struct fragments_whole {
	struct packet packet; /* decoded anew; number and time of the packet that completed it */
	uint8_t *bytes;       /* packet.len of them: IP header and data */
	uint32_t pieces;
	uint32_t length; /* of the data behind the IP header */
};

struct fragments_stats {
	uint64_t pieces, whole;
	uint64_t overlapped, expired, evicted, cut; /* datagrams that were given up, and why */
};

struct fragments;

struct fragments *fragments_new(uint64_t seed);
void fragments_free(struct fragments *f);
/* What adding a piece told of its datagram. */
struct fragments_news {
	bool has_ports; /* its first piece was seen, now or before */
	uint16_t sport, dport;
	struct fragments_whole *whole; /* NULL: not complete; valid until the next adding */
};
/* A packet with `fragment` set; others tell nothing. */
struct fragments_news fragments_add(struct fragments *f, const struct packet *p, const uint8_t *bytes);
/* What packet `number` completed; NULL: nothing, or it is gone. */
const struct fragments_whole *fragments_find(const struct fragments *f, uint64_t number);
const struct fragments_stats *fragments_stats(const struct fragments *f);

#endif
