/* IP over InfiniBand, RFC 4391 5 and 6; tcpdump.org LINKTYPE_IPOIB puts source and
 * destination (RFC 4391 9.1.1: reserved 1 byte, queue pair 3, GID 16 each) before it: EtherType 2
 * bytes, reserved 2.
 */
#include "decode/dissect.h"

#include <stddef.h>

enum { HEADER = 44, TYPE = 40 };

static const struct field fields[] = {
	{ "ipoib.daddr.qpn", "Queue pair", 168, 24, FIELD_HEX, .help = "RFC 4391 9.1.1" },
	{ "ipoib.dgid", "Destination", 192, 128, FIELD_IPV6, .help = "GID, RFC 4391 9.1.1" },
	{ "ipoib.type", "Type", 320, 16, FIELD_HEX, .words = ether_types, .help = "RFC 4391 6" },
	{ "ipoib.reserved", "Reserved", 336, 16, FIELD_HEX, .help = "0, RFC 4391 6" },
	{ 0 },
};

void decode_ipoib(struct dissect *d)
{
	struct cursor look = d->c;
	uint16_t type;

	cursor_skip(&look, TYPE);
	type = cursor_be16(&look);
	if (dissect_header(d, &(struct layer){ PROTO_IPOIB, fields, HEADER, "the IPoIB header is cut short", NULL }))
		dissect_by(d, ethertype_routes, type);
}
