/* wire_sum.h - what the packets of one connection show of it, added up one by one: what each side
 * offered, sent, sent again and acknowledged, its window, its round trips. Packets are added in the
 * order in which they were seen. Pure.
 *
 * Numbers are unwrapped to 64 bits and counted from the initial sequence number; where no SYN was
 * seen, from the first byte that was (`from_start` is false then). Round trips are timed one at a
 * time and never from what was sent twice (Karn's algorithm), and smoothed as RFC 6298 says.
 */
#ifndef ANALYSIS_WIRE_SUM_H
#define ANALYSIS_WIRE_SUM_H

#include "core/packet.h"

#include <stdbool.h>
#include <stdint.h>

struct wire_rtt { /* from data to the acknowledgment of it */
	uint32_t count, last_us, least_us, most_us;
	uint32_t smooth_us; /* RFC 6298, 2.2 and 2.3 */
	bool timing;
	uint64_t timed; /* when this number is acknowledged, a round trip is known */
	uint64_t timed_ns;
};

struct wire_side {                 /* what one end sent */
	bool begun;                /* `base` and `next` count */
	bool from_start;           /* base is its SYN */
	bool syn, fin, rst, acked; /* acked: `ack` counts */
	uint32_t base;             /* sequence number of its first byte */
	uint64_t next, ack;        /* behind the highest byte sent; the highest acknowledged by the other */
	uint16_t syn_flags, mss;   /* of its SYN; mss 0: not told */
	uint8_t syn_options, wscale;
	bool timestamps;                         /* some segment had them */
	uint64_t packets, data_packets, payload; /* payload: with what was sent again */
	uint64_t again_packets, again_bytes;
	uint32_t most_payload; /* of one packet */
	uint32_t window;       /* scaled; valid with has_window */
	bool has_window;
	uint64_t last_ns, last_data_ns; /* 0: none */
	struct wire_rtt rtt;
};

struct wire_sum {                 /* zeroed: no packets */
	struct wire_side side[2]; /* [1] sent by the socket, [0] by its peer */
	uint64_t first_ns, last_ns;
	uint64_t cut;          /* packets of which the TCP header is not whole */
	uint64_t handshake_ns; /* from the SYN to the first acknowledgment behind it, 0: not seen */
	uint64_t syn_ns;
};

/* Other than TCP: packets and payload alone are counted. */
void wire_sum_add(struct wire_sum *w, const struct packet *p, bool out);
/* Bytes of data that were sent once, without SYN and FIN. */
uint64_t wire_sum_bytes(const struct wire_side *s);
/* Bytes on their way: sent, and not acknowledged. */
uint64_t wire_sum_flight(const struct wire_side *s);
/* A sequence number of this side, counted from its first byte, nearest to the highest one sent. */
uint64_t wire_sum_number(const struct wire_side *s, uint32_t number);
/* Was this offered by both sides? False where a SYN was not seen: see `syn`. */
bool wire_sum_agreed(const struct wire_sum *w, unsigned option);

#endif
