/* packet_index.h - the packets of a capture file: where each one lies, 32 bytes a packet, and what the
 * flow table said of it. A packet itself is read and decoded again when it is asked for; those that
 * were asked for last are kept for a while.
 *
 * Numbers go from 1 on, in the order of the file. Bounded: INDEX_MOST packets, then the oldest are
 * let go a chunk at a time. One thread. What index_find gives is valid until INDEX_HELD others were
 * asked for.
 */
#ifndef ANALYSIS_PACKET_INDEX_H
#define ANALYSIS_PACKET_INDEX_H

#include "core/packet.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct packet_index;

enum { INDEX_HELD = 64, INDEX_MOST = 1 << 27 };

/* Reads bytes of the file; false: they are gone. */
typedef bool index_read(void *ctx, uint64_t offset, void *out, size_t len);

struct packet_index *index_new(index_read *read, void *ctx);
void index_free(struct packet_index *x); /* NULL is fine */
/* The next packet, which the flow table has seen; `offset` is its place in the file. */
void index_add(struct packet_index *x, const struct packet *p);
uint64_t index_next(const struct packet_index *x);   /* number of the packet that comes next */
uint64_t index_oldest(const struct packet_index *x); /* index_next when there is none */
uint64_t index_bytes(const struct packet_index *x);  /* memory that it takes */

/* NULL: let go, not there yet, or the bytes are gone. */
const struct packet *index_find(struct packet_index *x, uint64_t number, const uint8_t **bytes);
/* What needs no bytes. */
struct index_note {
	uint64_t at_ns, prev; /* number of the packet before it in its flow, 0: none */
	uint32_t flow;
	bool turns; /* SYN, FIN or RST: it may change a state */
};
bool index_note(const struct packet_index *x, uint64_t number, struct index_note *out);

#endif
