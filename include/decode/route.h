/* route.h - which protocol comes next: lists by link type, EtherType, IP protocol and port. To lead
 * to a new decoder, add a row to the table in src/decode/route.c. Each ends with PROTO_NONE.
 * Ports are an index: one row a port.
 */
#ifndef DECODE_ROUTE_H
#define DECODE_ROUTE_H

#include "decode/proto.h"

#include <stdint.h>

struct route {
	uint16_t key;
	enum proto to;
};

extern const struct route linktype_routes[], ethertype_routes[], ip_routes[];
/* By port: a whole index, so that a packet costs one byte's look-up; PROTO_NONE where none. */
extern const uint8_t tcp_ports[65536], udp_ports[65536];
/* What is tried by its first bytes where no port said it: protocols that have a `looks_like`. */
extern const uint8_t tcp_guesses[], udp_guesses[];

/* PROTO_DATA where no row fits. */
enum proto route_find(const struct route *routes, uint16_t key);

#endif
