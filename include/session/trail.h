/* trail.h - the packets of one socket: numbers in the recorder, oldest first.
 *
 * A connected socket's packets are those of its flow; a listener's or an unconnected datagram socket's those of every
 * flow that has its local end. A trail begins when the socket was created: an earlier connection that used the same
 * endpoints is not part of it. An ICMP error that quotes one of its packets is. Brought up to date from the flow table,
 * without looking at other packets.
 */
#ifndef SESSION_TRAIL_H
#define SESSION_TRAIL_H

#include "analysis/flow.h"
#include "analysis/recorder.h"
#include "core/sock.h"

#include <stddef.h>
#include <stdint.h>

enum { TRAIL_FLOWS = 256, TRAIL_PACKETS = 65536 };

struct trail {
	uint64_t since_ns; /* packets before this are somebody else's */
	uint64_t until_ns; /* and after this; UINT64_MAX while the socket lives */
	uint64_t *numbers; /* ascending */
	size_t count, capacity;
	uint64_t lost; /* packets that found no room here: the oldest made room */
	struct trail_flow {
		uint32_t id;
		uint64_t last;   /* number of its newest packet that is in `numbers` */
		uint64_t errors; /* so many of the flow table's ICMP errors were looked through for it */
	} * flows;
	size_t flow_count, flow_capacity;
	uint32_t scanned; /* flows below this id were compared with the socket's ends already */
	bool exact;       /* both ends were known at the last update */
	bool pinned;      /* of one flow, whatever its ends did besides */
	struct endpoint local, remote;
	uint64_t changes; /* grows when numbers were added */
};

void trail_init(struct trail *t, uint64_t since_ns);
void trail_done(struct trail *t);
/* From the beginning on it is that of one flow. */
void trail_pin(struct trail *t, uint32_t flow);
/* True when something was added. What the index of a file tells is bounded by the file, not by TRAIL_PACKETS. */
bool trail_update(struct trail *t, const struct sock *s, const struct flow_table *flows, const struct recorder *r);
/* Did the packet come in or go out, by the socket's endpoints? */
enum direction trail_direction(const struct sock *s, const struct packet *p);
/* The same of any packet: an ICMP error comes in where it quotes what the socket sent. `bytes` are the packet's. */
enum direction trail_way(const struct sock *s, const struct packet *p, const uint8_t *bytes);

#endif
