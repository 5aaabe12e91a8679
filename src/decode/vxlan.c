/* Virtual eXtensible Local Area Network, RFC 7348 5:
 *
 * +-+-+-+-+-+-+-+-+-----------------------------------------------+
 * |R|R|R|R|I|R|R|R|                   Reserved                    |
 * +-+-+-+-+-+-+-+-+-------------------------------+---------------+
 * |           VXLAN Network Identifier            |   Reserved    |
 * +-----------------------------------------------+---------------+
 *
 * With the flag P the last byte of the first word tells what follows
 * (draft-ietf-nvo3-vxlan-gpe 3.1).
 */
#include "decode/dissect.h"

enum { SIZE = 8, NEXT = 0x04, GPE_IPV4 = 1, GPE_IPV6 = 2, GPE_ETHERNET = 3 };

static const struct field fields[] = {
	{ "vxlan.flags", "Flags", 0, 16, FIELD_HEX, .help = "RFC 7348 5" },
	{ "vxlan.flag_i", "Network identifier is valid", 4, 1, FIELD_BOOL, .indent = 1,
	  .help = "must be set, RFC 7348 5" },
	{ "vxlan.gbp", "Group policy", 16, 16, FIELD_DEC, .help = "draft-smith-vxlan-group-policy; else reserved" },
	{ "vxlan.vni", "Network identifier", 32, 24, FIELD_DEC, .help = "which overlay network, RFC 7348 5" },
	{ "vxlan.reserved8", "Reserved", 56, 8, FIELD_DEC, .help = "must be zero, RFC 7348 5" },
	{ 0 },
};

void decode_vxlan(struct dissect *d)
{
	static const struct layer layer = { PROTO_VXLAN, fields, SIZE, "the VXLAN header is cut short", 0 };
	static const struct route gpe[] = {
		{ GPE_IPV4, PROTO_IPV4 },
		{ GPE_IPV6, PROTO_IPV6 },
		{ GPE_ETHERNET, PROTO_ETHERNET },
		{ 0, PROTO_NONE },
	};
	struct cursor at = d->c;
	uint32_t first = cursor_be32(&at);

	if (!dissect_header(d, &layer))
		return;
	if (first >> 24 & NEXT)
		dissect_by(d, gpe, first & 0xff);
	else
		dissect_next(d, PROTO_ETHERNET);
}
