/* link.c - the few bytes of a link header that only the capture is interested in.
 *
 * SLL2 (https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html), 20 bytes:
 *    0 protocol (2)  | 2 reserved (2) | 4 interface index (4) | 8 ARPHRD_ (2)
 *   10 packet type (1) | 11 length (1) | 12 address (8)
 * SLL: 16 bytes, the packet type is in the first two.
 */
#include "inside.h"

#include <pcap.h>

enum { TYPE_OUTGOING = 4 /* PACKET_OUTGOING of packet(7); 0 to 3 came in */ };

uint16_t link_type(int dlt)
{
	return dlt == DLT_RAW ? LINKTYPE_RAW : (uint16_t)dlt;
}

int link_dlt(uint16_t linktype)
{
	return linktype == LINKTYPE_RAW ? DLT_RAW : linktype;
}

void link_facts(struct arrival *a)
{
	const uint8_t *b = a->bytes;
	unsigned type;

	if (a->linktype == LINKTYPE_LINUX_SLL2 && a->cap >= 11) {
		a->ifindex = (uint32_t)b[4] << 24 | (uint32_t)b[5] << 16 | (uint32_t)b[6] << 8 | b[7];
		type = b[10];
	} else if (a->linktype == LINKTYPE_LINUX_SLL && a->cap >= 2) {
		type = (unsigned)b[0] << 8 | b[1];
	} else {
		return;
	}
	a->direction = type == TYPE_OUTGOING ? DIRECTION_OUT : type < TYPE_OUTGOING ? DIRECTION_IN : DIRECTION_UNKNOWN;
}
