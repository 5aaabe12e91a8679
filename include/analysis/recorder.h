/* recorder.h - the packets of this sitting: a bounded store of blocks, oldest thrown away first.
 *
 * recorder_add takes the block over and numbers its packets from 1 on. A number finds its packet
 * until it is thrown away; "gone" (NULL) is a normal answer. The block that was added last stays,
 * whatever its size. Pointers are valid until the next recorder_add.
 *
 * Of a capture file nothing is kept but an index (packet_index.h): recorder_put adds to it, the block
 * stays the caller's, and a packet is read again when it is asked for. A pointer is valid then until
 * INDEX_HELD others were asked for.
 */
#ifndef ANALYSIS_RECORDER_H
#define ANALYSIS_RECORDER_H

#include "analysis/packet_index.h"
#include "core/packet.h"

#include <stddef.h>
#include <stdint.h>

struct recorder {
	struct block **blocks; /* a ring of pointers, oldest at `head` */
	size_t capacity, head, count;
	uint64_t bytes, limit;      /* what the blocks take, and may take */
	uint64_t next;              /* number of the next packet */
	uint64_t thrown;            /* packets thrown away to stay within the limit */
	struct packet_index *index; /* in place of blocks; owned. NULL: there are blocks */
};

void recorder_init(struct recorder *r, uint64_t limit_bytes);
void recorder_done(struct recorder *r);
/* Before the first packet: the packets are those of a file, which `read` reads. */
void recorder_index(struct recorder *r, index_read *read, void *ctx);
/* Number the packets of a placed block; then, each once the flow table has seen it, recorder_put. */
void recorder_number(struct recorder *r, struct block *b);
void recorder_put(struct recorder *r, const struct packet *p);
void recorder_add(struct recorder *r, struct block *b);
/* The number of the oldest kept packet; r->next when there is none. */
uint64_t recorder_oldest(const struct recorder *r);
/* NULL when it is gone or not there yet; *bytes is set with it (may be passed as NULL). */
const struct packet *recorder_find(const struct recorder *r, uint64_t number, const uint8_t **bytes);
/* When it was seen, and what came before it in its flow: costs no look at its bytes. */
bool recorder_note(const struct recorder *r, uint64_t number, struct index_note *out);

#endif
