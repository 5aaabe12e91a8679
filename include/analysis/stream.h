/* stream.h - the bytes that the two sides of a flow sent, put in order from its packets.
 *
 * Packets are added in the order in which they were seen. What is next in its side's stream is given
 * to `take` at once; what lies beyond a gap waits until the gap is filled, until the other side
 * acknowledges beyond it (it was received, only not captured), until too much waits, or until the
 * end; then the gap is told. What was sent again is left out; where it has other bytes than before,
 * the later ones are shown as an overlap beside the stream: that is how some attacks hide. Datagrams
 * of other protocols follow each other.
 *
 * Bounded: STREAM_WAITS bytes and STREAM_PIECES segments wait on each side, and no more than a pool
 * has left for all streams together. One thread; nothing here reads a clock. RFC 9293, 3.10.7.4.
 */
#ifndef ANALYSIS_STREAM_H
#define ANALYSIS_STREAM_H

#include "analysis/flow.h"
#include "analysis/recorder.h"
#include "core/packet.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STREAM_WAITS = 1 << 20, STREAM_PIECES = 4096, STREAM_RECENT = 1 << 16 };

struct stream_chunk {
	uint8_t side;    /* of the flow: who sent it */
	bool gap;        /* these bytes were not captured, or lost: `bytes` is NULL */
	bool overlap;    /* sent again with other bytes: these are not part of the stream */
	uint64_t offset; /* of the first byte in that side's stream */
	uint32_t len;
	const uint8_t *bytes; /* borrowed while `take` runs */
	uint64_t number;      /* the packet; of a gap, the one behind it, 0 at the end */
	uint64_t at_ns;
};

typedef void stream_take(void *arg, const struct stream_chunk *c);

struct stream_pool { /* what may wait in all streams that share it */
	uint64_t used, limit;
};

struct stream_side {
	bool begun;
	uint32_t next;               /* sequence number of the next byte */
	uint64_t offset;             /* its place in the stream */
	struct stream_piece *pieces; /* ascending; each waits for what is before it */
	size_t count, capacity;
	uint64_t waits;                                /* their bytes */
	uint8_t *recent;                               /* a ring of the last bytes that were given out, for overlaps */
	uint64_t recent_from;                          /* offset of the first byte that is in there */
	uint64_t given, missing, repeated, overlapped; /* bytes */
};

struct stream {
	struct stream_side side[2];
	stream_take *take;
	void *arg;
	struct stream_pool *pool; /* NULL: none */
	bool trusting;            /* set after stream_init: what is sent again is not compared, nothing kept for it */
	uint64_t last;            /* number of the last packet that was added */
};

void stream_init(struct stream *s, stream_take *take, void *arg, struct stream_pool *pool);
void stream_done(struct stream *s); /* what waits is dropped */
/* A packet of the flow; others are not looked at. `bytes` are the packet's. Pieces of datagrams are
 * passed over: add the whole one (flow_table_whole) in place of the packet that completed it. */
void stream_add(struct stream *s, const struct flow *f, const struct packet *p, const uint8_t *bytes);
/* Add what the recorder has of the flow beyond the last packet that was added. Where that one's
 * successors were thrown away, what they had is a gap. */
void stream_follow(struct stream *s, const struct flow_table *t, const struct flow *f, const struct recorder *r);
/* Nothing more will come: give out what waits, gaps told. Adding may go on. */
void stream_end(struct stream *s);

#endif
