/* Apple's IP over IEEE 1394 (RFC 2734), tcpdump.org LINKTYPE_APPLE_IP_OVER_IEEE1394: destination 8
 * bytes, source 8, EtherType 2. */
#include "decode/dissect.h"

#include <stddef.h>

enum { HEADER = 18, TYPE = 16 };

static const struct field fields[] = {
	{ "ap1394.dst", "Destination", 0, 64, FIELD_BYTES, .help = "EUI-64, RFC 2734 3" },
	{ "ap1394.src", "Source", 64, 64, FIELD_BYTES, .help = "EUI-64, RFC 2734 3" },
	{ "ap1394.type", "Type", 128, 16, FIELD_HEX, .words = ether_types, .help = "EtherType" },
	{ 0 },
};

void decode_ieee1394(struct dissect *d)
{
	struct cursor look = d->c;
	uint16_t type;

	cursor_skip(&look, TYPE);
	type = cursor_be16(&look);
	if (dissect_header(
		    d, &(struct layer){ PROTO_IEEE1394, fields, HEADER, "the IEEE 1394 header is cut short", NULL }))
		dissect_by(d, ethertype_routes, type);
}
