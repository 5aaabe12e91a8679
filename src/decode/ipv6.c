/* Internet Protocol, version 6, RFC 8200, 3:
 *
 * +-------+---------------+---------------------------------------+
 * |Version| Traffic Class |              Flow Label               |
 * +-------+---------------+-------+---------------+---------------+
 * |         Payload Length        |  Next Header  |   Hop Limit   |
 * +-------------------------------+---------------+---------------+
 * |                 Source Address, 128 bits                      |
 * |              Destination Address, 128 bits                    |
 * +---------------------------------------------------------------+
 *
 * Extension headers (4): next header 1, length 1 in units of 8 bytes without the first, and their own data; the
 * fragment header is 8 bytes, AH (RFC 4302) counts in units of 4 bytes less 2.
 */
#include "decode/dissect.h"
#include "decode/route.h"

#include <string.h>
#include <sys/socket.h>

enum next_header {
	HOP_BY_HOP = 0,
	ROUTING = 43,
	FRAGMENT = 44,
	AUTHENTICATION = 51,
	NO_NEXT = 59,
	DESTINATION = 60,
	MOBILITY = 135,
	HIP = 139,
	SHIM6 = 140
};

static const struct field_word next_headers[] = {
	{ HOP_BY_HOP, "hop-by-hop options" },
	{ 4, "IPv4" },
	{ 6, "TCP" },
	{ 17, "UDP" },
	{ 41, "IPv6" },
	{ ROUTING, "routing" },
	{ FRAGMENT, "fragment" },
	{ 47, "GRE" },
	{ 50, "ESP" },
	{ AUTHENTICATION, "authentication" },
	{ 58, "ICMPv6" },
	{ NO_NEXT, "no next header" },
	{ DESTINATION, "destination options" },
	{ 132, "SCTP" },
	{ MOBILITY, "mobility" },
	{ 0, NULL },
};

/* clang-format off */
static const struct field fields[] = {
	{ "ipv6.version", "Version", 0, 4, FIELD_DEC, NULL, "6", 0, 0 },
	{ "ipv6.tclass", "Traffic class", 4, 8, FIELD_HEX, NULL, "differentiated services and ECN",
	  0, 0 },
	{ "ipv6.flow", "Flow label", 12, 20, FIELD_HEX, NULL,
	  "packets of one flow share it, RFC 6437", 0, 0 },
	{ "ipv6.plen", "Payload length", 32, 16, FIELD_DEC, NULL, "bytes after this header", 0, 0 },
	{ "ipv6.nxt", "Next header", 48, 8, FIELD_DEC, next_headers, "what follows", 0, 0 },
	{ "ipv6.hlim", "Hop limit", 56, 8, FIELD_DEC, NULL, "hops it may still make", 0, 0 },
	{ "ipv6.src", "Source", 64, 128, FIELD_IPV6, NULL, "address of the sender", 0, 0 },
	{ "ipv6.dst", "Destination", 192, 128, FIELD_IPV6, NULL, "address of the receiver", 0, 0 },
	{ 0 },
};

static const struct field fragment_fields[] = {
	{ "ipv6.fraghdr.nxt", "Next header", 0, 8, FIELD_DEC, next_headers, "what follows", 0, 1 },
	{ "ipv6.fraghdr.offset", "Offset", 16, 13, FIELD_DEC, NULL,
	  "bytes before this piece, in units of 8", 3, 1 },
	{ "ipv6.fraghdr.more", "More fragments", 31, 1, FIELD_BOOL, NULL,
	  "this is not the last piece", 0, 1 },
	{ "ipv6.fraghdr.ident", "Identification", 32, 32, FIELD_HEX, NULL,
	  "tells the pieces of one packet", 0, 1 },
	{ 0 },
};
/* clang-format on */

static bool is_extension(uint8_t next)
{
	static const uint8_t all[] = { HOP_BY_HOP,  ROUTING,  FRAGMENT, AUTHENTICATION,
				       DESTINATION, MOBILITY, HIP,      SHIM6 };

	return memchr(all, next, sizeof all) != NULL;
}

/* One extension header. Returns the next header's number; *piece tells of a fragment that is not the first. */
static uint8_t extension(struct dissect *d, uint8_t kind, bool *piece, bool *cut)
{
	static const struct field row = { .name = "ipv6.ext",
					  .label = "Extension header",
					  .format = FIELD_NONE,
					  .words = next_headers,
					  .help = "RFC 8200, 4" };
	uint32_t start = d->c.off, len = 8;
	uint8_t next = cursor_u8(&d->c), units = cursor_u8(&d->c);
	unsigned line = field_number(d, &row, start, 0, kind);

	if (kind == AUTHENTICATION)
		len = (units + 2u) * 4;
	else if (kind != FRAGMENT)
		len = (units + 1u) * 8;
	if (kind == FRAGMENT) {
		uint16_t offset = cursor_be16(&d->c);

		field_table(d, start, fragment_fields);
		*piece = offset & 0xfff8;
		*cut = offset & 0xfff9;
		cursor_skip(&d->c, 4);
	} else if (len < 8) {
		dissect_malformed(d, "an IPv6 extension header is shorter than itself");
		d->c.err = CURSOR_MALFORMED;
	} else {
		cursor_skip(&d->c, len - 2);
	}
	field_length(d, line, len);
	return next;
}

static uint32_t pseudo_header(const uint8_t *addresses)
{
	uint32_t sum = 0;

	for (unsigned i = 0; i < 32; i += 2)
		sum += (uint32_t)(addresses[i] << 8 | addresses[i + 1]);
	return sum;
}

static void enter(struct dissect *d, const uint8_t *addresses, uint8_t hops)
{
	d->nested++;
	if (!dissect_outermost(d))
		return;
	d->p->family = AF_INET6;
	d->p->ttl = hops;
	memcpy(d->p->src, addresses, 16);
	memcpy(d->p->dst, addresses + 16, 16);
}

void decode_ipv6(struct dissect *d)
{
	uint32_t start = d->c.off, payload;
	unsigned line = dissect_layer(d, PROTO_IPV6);
	uint8_t first = cursor_u8(&d->c), next, hops;
	bool piece = false, cut = false;
	const uint8_t *addresses;

	field_table(d, start, fields);
	cursor_skip(&d->c, 3);
	payload = cursor_be16(&d->c);
	next = cursor_u8(&d->c);
	hops = cursor_u8(&d->c);
	addresses = cursor_take(&d->c, 32);
	if (!addresses) {
		dissect_short(d, "the IPv6 header is cut short");
		return;
	}
	if (first >> 4 != 6) {
		dissect_malformed(d, "the IP version is not 6");
		return;
	}
	enter(d, addresses, hops);
	if (payload > cursor_left(&d->c))
		dissect_malformed(d, "the packet is shorter than its IPv6 payload length");
	/* 0: a jumbogram (RFC 2675), or segmentation offload */
	cursor_limit(&d->c, payload ? payload : cursor_left(&d->c));
	while (!d->c.err && is_extension(next))
		next = extension(d, next, &piece, &cut);
	dissect_layer_end(d, line, start);
	if (dissect_outermost(d)) {
		d->p->ip_proto = next;
		d->p->fragment = cut;
	}
	if (d->c.err) {
		dissect_short(d, "an IPv6 extension header is cut short");
		return;
	}
	if (next == NO_NEXT)
		return;
	d->pseudo = cut ? 0 : pseudo_header(addresses) + next;
	dissect_next(d, piece ? PROTO_DATA : route_find(ip_routes, next));
}
