/* tally.h - totals of packets: by protocol as a tree of layers, by what the TCP analysis found, by
 * address.
 *
 * Layers are counted packet by packet; addresses are worked out from the flow table when they are
 * asked for. Bounded: TALLY_NODES places in the tree (what finds none is counted at its parent
 * alone) and TALLY_ADDRESSES addresses.
 */
#ifndef ANALYSIS_TALLY_H
#define ANALYSIS_TALLY_H

#include "analysis/finding.h"
#include "analysis/flow.h"
#include "core/packet.h"

#include <stddef.h>
#include <stdint.h>

enum { TALLY_NODES = 1024, TALLY_ADDRESSES = 1 << 20 };

struct tally_node {
	uint8_t proto;        /* enum proto */
	uint16_t parent;      /* 0: the root, which is all packets */
	uint16_t child, next; /* 0: none; children stand in the order in which they were seen */
	uint64_t packets, bytes;
};

struct tally {
	struct tally_node nodes[TALLY_NODES]; /* [0] is the root */
	unsigned count;
	uint64_t first_ns, last_ns;
	uint64_t malformed, truncated;
	uint64_t found[FINDING_COUNT];
};

void tally_init(struct tally *t);
void tally_add(struct tally *t, const struct packet *p);

struct tally_address {
	uint8_t family, ip[16];
	uint32_t flows;
	uint64_t packets[2], bytes[2]; /* [0] sent, [1] received */
};

/* All addresses that have flows, the most bytes first. The caller frees the array; `left_out`
 * counts flows whose addresses found no room. */
struct tally_address *tally_addresses(const struct flow_table *flows, size_t *count, uint64_t *left_out);

#endif
