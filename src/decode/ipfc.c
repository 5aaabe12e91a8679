/* IP over Fibre Channel, RFC 2625 3.1, tcpdump.org LINKTYPE_IP_OVER_FC: network header of two world
 * wide names, 8 bytes each; an 802.2 packet follows. */
#include "decode/dissect.h"

#include <stddef.h>

enum { HEADER = 16 };

static const struct field fields[] = {
	{ "ipfc.nh.da", "Destination", 0, 64, FIELD_MAC, .help = "world wide name, RFC 2625 3.1" },
	{ "ipfc.nh.sa", "Source", 64, 64, FIELD_MAC, .help = "world wide name, RFC 2625 3.1" },
	{ 0 },
};

void decode_ipfc(struct dissect *d)
{
	if (dissect_header(
		    d, &(struct layer){ PROTO_IPFC, fields, HEADER, "the Fibre Channel header is cut short", NULL }))
		dissect_next(d, PROTO_LLC);
}
