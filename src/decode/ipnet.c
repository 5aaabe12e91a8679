/* Solaris' IP observability, tcpdump.org LINKTYPE_IPNET: version 1 byte, family 1 (Solaris'
 * numbers), hook type 2, length 4, interface 4, group interface 4, source zone 4, destination zone
 * 4; the packet follows.
 */
#include "decode/dissect.h"

#include <stddef.h>

enum { HEADER = 24, IPV4 = 2, IPV6 = 26 };

static const struct field_word families[] = { { IPV4, "IPv4" }, { IPV6, "IPv6" }, { 0, NULL } };
static const struct field_word hooks[] = { { 0, "inbound" }, { 1, "outbound" }, { 2, "local" }, { 0, NULL } };

static const struct field fields[] = {
	{ "ipnet.version", "Version", 0, 8, FIELD_DEC, .help = "1" },
	{ "ipnet.family", "Family", 8, 8, FIELD_DEC, .words = families, .help = "Solaris' AF_" },
	{ "ipnet.htype", "Hook", 16, 16, FIELD_DEC, .words = hooks, .help = "where it was seen" },
	{ "ipnet.pktlen", "Length", 32, 32, FIELD_DEC, .help = "of the packet" },
	{ "ipnet.ifindex", "Interface", 64, 32, FIELD_DEC, .help = "its index" },
	{ "ipnet.grifindex", "Group", 96, 32, FIELD_DEC, .help = "index of the IPMP interface" },
	{ "ipnet.zsrc", "Source zone", 128, 32, FIELD_DEC, .help = "zones(7)" },
	{ "ipnet.zdst", "Destination zone", 160, 32, FIELD_DEC, .help = "zones(7)" },
	{ 0 },
};

void decode_ipnet(struct dissect *d)
{
	const uint8_t *b = cursor_at(&d->c, d->c.off, 2);
	uint8_t family = b ? b[1] : 0;

	if (!dissect_header(d, &(struct layer){ PROTO_IPNET, fields, HEADER, "the ipnet header is cut short",
						field_word(families, family) }))
		return;
	dissect_next(d, family == IPV4 ? PROTO_IPV4 : family == IPV6 ? PROTO_IPV6 : PROTO_DATA);
}
