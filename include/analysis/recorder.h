/* recorder.h - the packets of this sitting: a bounded store of blocks, oldest thrown away first.
 *
 * recorder_add takes the block over and numbers its packets from 1 on. A number finds its packet
 * until it is thrown away; "gone" (NULL) is a normal answer. The block that was added last stays,
 * whatever its size. Pointers are valid until the next recorder_add.
 */
#ifndef ANALYSIS_RECORDER_H
#define ANALYSIS_RECORDER_H

#include "core/packet.h"

#include <stddef.h>
#include <stdint.h>

struct recorder {
	struct block **blocks; /* a ring of pointers, oldest at `head` */
	size_t capacity, head, count;
	uint64_t bytes, limit; /* what the blocks take, and may take */
	uint64_t next;         /* number of the next packet */
	uint64_t thrown;       /* packets thrown away to stay within the limit */
};

void recorder_init(struct recorder *r, uint64_t limit_bytes);
void recorder_done(struct recorder *r);
void recorder_add(struct recorder *r, struct block *b);
/* The number of the oldest kept packet; r->next when there is none. */
uint64_t recorder_oldest(const struct recorder *r);
/* NULL when it is gone or not there yet; *bytes is set with it (may be passed as NULL). */
const struct packet *recorder_find(const struct recorder *r, uint64_t number,
				   const uint8_t **bytes);
/* The first kept packet that was seen at or after `at_ns`: its number, or r->next when there is
 * none. Packets are almost in order of time: one that came late by more than a block may be
 * missed. */
uint64_t recorder_since(const struct recorder *r, uint64_t at_ns);

#endif
