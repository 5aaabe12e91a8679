/* flow.h - conversations: packets of one protocol between two endpoints, either way, are one flow.
 *
 * flow_table_add sets packet->flow and packet->prev, so the packets of a flow are walked from its
 * last one backwards. A SYN with another initial sequence number on the same endpoints begins a new
 * flow (a port used again). Flows are numbered from 0 and kept in a growing array up to a limit;
 * beyond it packets get FLOW_NONE and are counted. An ICMP error is in the flow of its own ends; the
 * flow of the packet that it quotes is told beside (`errors`), which counts nothing there.
 */
#ifndef ANALYSIS_FLOW_H
#define ANALYSIS_FLOW_H

#include "analysis/fragments.h"
#include "core/packet.h"
#include "core/packet_owner.h"
#include "decode/decode.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FLOW_NONE UINT32_MAX

/* What is missing below the highest number that a side sent, and what it acknowledged beyond a gap:
 * only flows that lose something have one. */
enum { GAPS_MOST = 16, FLOW_ERRORS = 65536 };
struct flow_gaps {
	uint32_t gap[GAPS_MOST][2]; /* [from, to) by sequence number, ascending */
	uint32_t sack[PACKET_SACKS][2];
	uint8_t gaps, sacks; /* sacks: of the side's last segment */
};

/* Segments as the first interface saw them, so that what another one sees of the same is no
 * retransmission: only flows that were seen on several have it. */
enum { SIGHTS = 32 };
struct flow_sights {
	struct sight {
		uint64_t at_ns;
		uint32_t ifindex, seq, ack, len, tsval;
		uint16_t flags, window;
	} ring[2][SIGHTS]; /* by side */
	uint8_t at[2];
};

struct flow_rtt { /* from data to the acknowledgment of it; segments sent twice are not timed (Karn) */
	uint64_t sum_ns;
	uint32_t count, min_us, max_us;
};

struct flow_side {               /* what one end sent; what is touched for every packet comes first */
	uint64_t packets, bytes; /* bytes of the transport's payload */
	uint64_t wire_bytes;     /* of whole packets, as long as they were on the wire */
	uint64_t next_ns;        /* when `next` was reached */
	uint64_t ack_ns;         /* when the last acknowledgment was sent */
	uint32_t next;           /* behind the highest number sent, valid with has_next */
	uint32_t last_ack;       /* the last acknowledgment, valid with has_ack */
	uint32_t max_ack;        /* the highest one */
	uint32_t isn;            /* initial sequence number; or one before the first seen or acked */
	uint16_t window;         /* as on the wire, of the last segment */
	uint16_t last_analysis;  /* of the last segment, bits of enum finding */
	uint8_t dup_acks;        /* in a row */
	uint8_t wscale;          /* RFC 7323 shift count, valid with has_wscale; at most 14 */
	bool has_isn : 1, has_next : 1, has_ack : 1, saw_syn : 1, saw_fin : 1, saw_rst : 1;
	bool has_wscale : 1;  /* its SYN offered window scaling: in force when the other's did too */
	bool timing : 1;      /* timed and timed_ns count */
	bool syn_window : 1;  /* `window` came with a SYN: it is not scaled */
	bool asked : 1;       /* sent a SYN that answers none */
	bool closed_last : 1; /* its FIN came after it had acknowledged the other's */
	bool reset_first : 1; /* its RST came before any of the other's */
	bool probed : 1;      /* its last segment probed a window of zero */
	uint32_t timed;       /* when this number is acknowledged, a round trip is known */
	uint64_t timed_ns;
	struct flow_rtt rtt;
	struct flow_gaps *gaps; /* NULL: none */
	uint32_t fin_seq;       /* the sequence number its FIN takes, valid with saw_fin */
	uint32_t retransmissions, out_of_order, lost, duplicate_acks, zero_windows; /* segments */
};

struct flow_end { /* one side's address and port: 4 or 16 bytes, the rest zero; 0 for no port */
	uint8_t ip[16];
	uint16_t port;
};

struct flow {
	struct flow_end end[2]; /* [0] sent the first packet that was seen */
	uint8_t proto;          /* IPPROTO_ */
	uint8_t family;         /* AF_INET, AF_INET6 */
	uint8_t app;            /* enum proto: the highest layer seen, PROTO_NONE for none beyond transport */
	uint8_t app_depth;      /* most layers of a packet so far */
	bool has_ports;
	uint32_t id;
	uint32_t ifindex;         /* that saw its first packet */
	uint32_t older;           /* the flow that used the same ends before, FLOW_NONE for none */
	uint64_t last, last_ns;   /* number and time of its last packet */
	struct flow_side side[2]; /* what end[0] and end[1] sent */
	uint64_t first, first_ns;
	uint64_t syn_ns;              /* of the SYN that was sent last, 0: not seen */
	uint64_t handshake_ns;        /* from that SYN to the first acknowledgment behind it, 0: not seen */
	struct flow_sights *sights;   /* NULL: one interface saw all of it */
	struct packet_owners *owners; /* who has its sockets, by side; NULL: not looked for. Borrowed */
};

struct flow_table {
	struct flow *flows;
	uint32_t count, capacity, limit;
	struct flow_slot {   /* open addressing */
		uint32_t id; /* newest flow of a key; FLOW_NONE is empty */
		uint32_t hash;
	} * slots;
	uint32_t slot_count; /* a power of two */
	uint64_t seed;
	struct fragments *fragments; /* made with the first fragment */
	struct flow_error {          /* an ICMP error that quotes a packet of a flow */
		uint64_t number, at_ns;
		uint32_t flow;
	} * errors; /* oldest first; FLOW_ERRORS at most, then the older half is let go */
	uint32_t error_count, error_room;
	uint64_t errors_gone;          /* that were let go */
	uint64_t refused;              /* packets without a flow because the table was full */
	uint32_t gapped, gapped_limit; /* struct flow_gaps that there are, and may be */
	uint32_t sighted;              /* flows with sights: as many as gapped_limit at most */
	uint64_t ungapped;             /* gaps that found no room: what fills them counts as sent again */
};

void flow_table_init(struct flow_table *t, uint32_t limit);
void flow_table_done(struct flow_table *t);
/* The packet has its number; `flow`, `prev` and `analysis` of it are set. Packets without IP get
 * FLOW_NONE, and so do TCP, UDP and SCTP whose ports were not seen; a fragment has those of its
 * datagram once the first piece was there. ICMP and other protocols without ports: by addresses and
 * protocol. `bytes` are the packet's: datagrams are put together from them; NULL: they are not. */
void flow_table_add(struct flow_table *t, struct packet *p, const uint8_t *bytes);
/* For who adds many at once: the hashes of `count` packets, which flow_table_add_hashed takes; what
 * they will need is fetched from memory meanwhile. */
void flow_table_ahead(const struct flow_table *t, const struct packet *p, uint32_t count, uint32_t *hashes);
void flow_table_add_hashed(struct flow_table *t, struct packet *p, const uint8_t *bytes, uint32_t hash);
/* The datagram that this packet completed; NULL: none, or no longer kept. */
const struct fragments_whole *flow_table_whole(const struct flow_table *t, uint64_t number);
/* The newest flow between the two, either way round; NULL when none. Endpoints are compared by
 * address and port; ::ffff:a.b.c.d is a.b.c.d. The pointer is valid until the next
 * flow_table_add. */
const struct flow *flow_table_find(const struct flow_table *t, uint8_t proto, const struct endpoint *a,
				   const struct endpoint *b);
/* One end of a flow, as an endpoint. */
void flow_endpoint(const struct flow *f, unsigned side, struct endpoint *out);
/* 0 or 1: which side of its flow sent the packet. */
unsigned flow_side_of(const struct flow *f, const struct packet *p);
/* What makes the packet's numbers relative: the initial sequence numbers of both sides, and the
 * shift of its window: 0 in a SYN and where one side did not offer scaling, -1 where a SYN that
 * would tell was not seen. */
void flow_base(const struct flow *f, const struct packet *p, struct packet_base *out);

#endif
