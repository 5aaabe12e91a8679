/* dissect.h - what a decoder works with: the cursor, the summary that it fills, the tree where one is wanted.
 *
 * A decoder reads its header at d->c, enters what it found in d->p, shows its fields if d->tree is there, and calls
 * the next decoder by a route. It never returns an error: what is wrong is noted (dissect_stop), what was decoded
 * stays. The work is bounded: a packet has at most PACKET_LAYERS layers, and every loop consumes bytes or ends.
 */
#ifndef DECODE_DISSECT_H
#define DECODE_DISSECT_H

#include "decode/cursor.h"
#include "decode/decode.h"
#include "decode/field.h"

struct dissect {
	struct cursor c;
	struct packet *p;
	struct tree *tree;         /* NULL at summary speed */
	uint8_t depth;             /* of the next tree line */
	uint8_t proto;             /* whose header is being read */
	uint8_t nested;            /* IP headers inside this one: the summary is the outermost's */
	bool inner;                /* inside an ICMP error: the summary is done */
	uint32_t pseudo;           /* checksum of the pseudo-header, for TCP, UDP, ICMPv6; 0: cannot be checked */
};

/* Begin a layer: its name goes into the packet's list, its title into the tree. Returns the tree line, for end. */
unsigned dissect_layer(struct dissect *d, enum proto proto);
void dissect_layer_end(struct dissect *d, unsigned line, uint32_t start);
/* Go on with the rest as `proto`; as data when there are too many layers. */
void dissect_next(struct dissect *d, enum proto proto);
void dissect_data(struct dissect *d);
/* The rest is wrong: a static sentence; the first one counts. */
void dissect_malformed(struct dissect *d, const char *note);
/* The cursor failed: enter whose fault it was. `note` tells what ended early. */
void dissect_short(struct dissect *d, const char *note);
/* May the summary still be filled by this layer? */
static inline bool dissect_outermost(const struct dissect *d)
{
	return !d->inner && d->nested <= 1;
}

/* Ones' complement sum of RFC 1071 over what was kept of n bytes from `off`. */
uint32_t dissect_sum(const struct dissect *d, uint32_t off, uint32_t n, uint32_t start);
/* Can a checksum over n bytes from `off` be verified: were they all kept? */
bool dissect_whole(const struct dissect *d, uint32_t off, uint32_t n);

/* The decoders, one file a protocol. */
void decode_ethernet(struct dissect *d);
void decode_sll(struct dissect *d);
void decode_sll2(struct dissect *d);
void decode_null(struct dissect *d);
void decode_loop(struct dissect *d);
void decode_raw(struct dissect *d);
void decode_vlan(struct dissect *d);
void decode_arp(struct dissect *d);
void decode_ipv4(struct dissect *d);
void decode_ipv6(struct dissect *d);
void decode_icmp(struct dissect *d);
void decode_icmpv6(struct dissect *d);
void decode_tcp(struct dissect *d);
void decode_udp(struct dissect *d);
void decode_data(struct dissect *d);

#endif
