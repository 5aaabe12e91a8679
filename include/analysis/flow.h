/* flow.h - conversations: packets of one protocol between two endpoints, either way, are one flow.
 *
 * flow_table_add sets packet->flow and packet->prev, so the packets of a flow are walked from its
 * last one backwards. A SYN with another initial sequence number on the same endpoints begins a new
 * flow (a port used again). Flows are numbered from 0 and kept in a growing array up to a limit;
 * beyond it packets get FLOW_NONE and are counted.
 */
#ifndef ANALYSIS_FLOW_H
#define ANALYSIS_FLOW_H

#include "core/packet.h"
#include "decode/decode.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FLOW_NONE UINT32_MAX

struct flow_side { /* what one end sent; what is touched for every packet comes first */
	uint64_t packets, bytes; /* bytes of the transport's payload */
	uint32_t isn;     /* initial sequence number; or one before the first seen or acked */
	uint32_t max_ack; /* highest number that this side acknowledged, valid with has_ack */
	uint32_t fin_seq; /* the sequence number its FIN takes, valid with saw_fin */
	bool has_isn, has_ack, saw_syn, saw_fin, saw_rst;
	bool has_wscale; /* its SYN offered window scaling: in force when the other's did too */
	uint8_t wscale;  /* RFC 7323 shift count, valid with has_wscale; at most 14 */
	struct endpoint end;
};

struct flow {
	uint32_t id;
	uint32_t older; /* the flow that used the same endpoints before, FLOW_NONE for none */
	uint8_t proto;  /* IPPROTO_ */
	uint64_t first_ns, last_ns;
	uint64_t first, last;     /* packet numbers */
	struct flow_side side[2]; /* side[0] sent the first packet that was seen */
};

struct flow_table {
	struct flow *flows;
	uint32_t count, capacity, limit;
	struct flow_slot {   /* open addressing */
		uint32_t id; /* newest flow of a key; FLOW_NONE is empty */
		uint32_t hash;
	} *slots;
	uint32_t slot_count; /* a power of two */
	uint64_t seed;
	uint64_t refused; /* packets without a flow because the table was full */
};

void flow_table_init(struct flow_table *t, uint32_t limit);
void flow_table_done(struct flow_table *t);
/* The packet has its number. Packets without IP get FLOW_NONE, and so do fragments and TCP or UDP
 * whose ports were not seen. ICMP and other protocols without ports: by addresses and protocol. */
void flow_table_add(struct flow_table *t, struct packet *p);
/* The newest flow between the two, either way round; NULL when none. Endpoints are compared by
 * address and port; ::ffff:a.b.c.d is a.b.c.d. The pointer is valid until the next
 * flow_table_add. */
const struct flow *flow_table_find(const struct flow_table *t, uint8_t proto,
				   const struct endpoint *a, const struct endpoint *b);
/* 0 or 1: which side of its flow sent the packet. */
unsigned flow_side_of(const struct flow *f, const struct packet *p);
/* What makes the packet's numbers relative: the initial sequence numbers of both sides, and the
 * shift of its window: 0 in a SYN and where one side did not offer scaling, -1 where a SYN that
 * would tell was not seen. */
void flow_base(const struct flow *f, const struct packet *p, struct packet_base *out);

#endif
