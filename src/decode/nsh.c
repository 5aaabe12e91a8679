/* Network Service Header, RFC 8300 2.2:
 *
 * +---+-+-+-----------+-----------+-------+-------+---------------+
 * |Ver|O|U|    TTL    |   Length  |U|U|U|U|MD Type| Next Protocol |
 * +---+-+-+-----------+-----------+-------+-------+---------------+
 * |          Service Path Identifier              | Service Index |
 * +-----------------------------------------------+---------------+
 *
 * The length counts words of 4 bytes; what is behind these two is metadata.
 */
#include "decode/dissect.h"

enum { HEADER = 8, LENGTH = 63 };

static const struct field fields[] = {
	{ "nsh.version", "Version", 0, 2, FIELD_DEC, .help = "0, RFC 8300 2.2" },
	{ "nsh.ttl", "Time to live", 4, 6, FIELD_DEC, .help = "service hops, RFC 8300 2.2" },
	{ "nsh.length", "Length", 10, 6, FIELD_DEC, .help = "words of 4 bytes, RFC 8300 2.2" },
	{ "nsh.mdtype", "Metadata type", 20, 4, FIELD_HEX, .help = "RFC 8300 2.2" },
	{ "nsh.nextproto", "Next protocol", 24, 8, FIELD_HEX,
	  .help = "1 IPv4, 2 IPv6, 3 Ethernet, 4 NSH, 5 MPLS, RFC 8300 9.1.6" },
	{ "nsh.spi", "Service path", 32, 24, FIELD_DEC, .help = "RFC 8300 2.3" },
	{ "nsh.si", "Service index", 56, 8, FIELD_DEC, .help = "place in the path, RFC 8300 2.3" },
	{ 0 },
};

void decode_nsh(struct dissect *d)
{
	static const struct route routes[] = {
		{ 1, PROTO_IPV4 }, { 2, PROTO_IPV6 }, { 3, PROTO_ETHERNET },
		{ 4, PROTO_NSH },  { 5, PROTO_MPLS }, { 0, PROTO_NONE },
	};
	struct cursor look = d->c;
	uint32_t first = cursor_be32(&look), size = (first >> 16 & LENGTH) * 4;
	const struct layer layer = { PROTO_NSH, fields, size < HEADER ? HEADER : size,
				     "the network service header is cut short", 0 };

	if (dissect_header(d, &layer))
		dissect_by(d, routes, first & 0xff);
}
