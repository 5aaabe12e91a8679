/* route.h - which protocol comes next: lists by link type, EtherType, IP protocol and port. To lead
 * to a new decoder, add a row to the table in src/decode/route.c. Each ends with PROTO_NONE.
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
extern const struct route tcp_routes[], udp_routes[]; /* by port */

/* PROTO_DATA where no row fits. */
enum proto route_find(const struct route *routes, uint16_t key);

#endif
