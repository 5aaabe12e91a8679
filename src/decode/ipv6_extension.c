/* IPv6 extension headers, RFC 8200 4:
 *
 * +---------------+---------------+-------------------------------+
 * |  Next Header  |  Hdr Ext Len  |  what the header is for ...   |
 * +---------------+---------------+-------------------------------+
 *
 * The length counts 8 bytes without the first 8. The fragment header is always 8 bytes; the
 * authentication header (RFC 4302 2.2) counts 4 bytes less 2.
 */
#include "decode/dissect.h"

#include <netinet/in.h>
#include <stddef.h>

enum { MOBILITY = 135, HIP = 139, SHIM6 = 140 };
enum { PAD1 = 0, JUMBO = 0xc2 };

static const struct field hop_fields[] = {
	{ "ipv6.hopopts.nxt", "Next header", 0, 8, FIELD_DEC, .words = ip_protocols, .help = "what follows" },
	{ "ipv6.hopopts.len", "Length", 8, 8, FIELD_DEC,
	  .help = "in units of 8 bytes, without the first, RFC 8200 4.3" },
	{ 0 },
};

static const struct field destination_fields[] = {
	{ "ipv6.dstopts.nxt", "Next header", 0, 8, FIELD_DEC, .words = ip_protocols, .help = "what follows" },
	{ "ipv6.dstopts.len", "Length", 8, 8, FIELD_DEC,
	  .help = "in units of 8 bytes, without the first, RFC 8200 4.6" },
	{ 0 },
};

static const struct field_word routing_types[] = {
	{ 0, "source route" },
	{ 2, "mobile IPv6" },
	{ 3, "RPL source route" },
	{ 4, "segment routing" },
	{ 5, "CRH-16" },
	{ 6, "CRH-32" },
	{ 0, NULL },
};

static const struct field routing_fields[] = {
	{ "ipv6.routing.nxt", "Next header", 0, 8, FIELD_DEC, .words = ip_protocols, .help = "what follows" },
	{ "ipv6.routing.len", "Length", 8, 8, FIELD_DEC,
	  .help = "in units of 8 bytes, without the first, RFC 8200 4.4" },
	{ "ipv6.routing.type", "Type", 16, 8, FIELD_DEC, .words = routing_types,
	  .help = "kind of route, RFC 8200 4.4; 0 is deprecated, RFC 5095" },
	{ "ipv6.routing.segleft", "Segments left", 24, 8, FIELD_DEC, .help = "nodes still to visit, RFC 8200 4.4" },
	{ 0 },
};

static const struct field fragment_fields[] = {
	{ "ipv6.fraghdr.nxt", "Next header", 0, 8, FIELD_DEC, .words = ip_protocols,
	  .help = "what the whole packet holds" },
	{ "ipv6.fraghdr.offset", "Offset", 16, 13, FIELD_DEC, .unit = 8,
	  .help = "what lies before this piece, in units of 8 bytes, RFC 8200 4.5" },
	{ "ipv6.fraghdr.more", "More fragments", 31, 1, FIELD_BOOL,
	  .help = "this is not the last piece, RFC 8200 4.5" },
	{ "ipv6.fraghdr.ident", "Identification", 32, 32, FIELD_HEX,
	  .help = "the pieces of one packet share it, RFC 8200 4.5" },
	{ 0 },
};

static const struct field ah_fields[] = {
	{ "ah.next_header", "Next header", 0, 8, FIELD_DEC, .words = ip_protocols, .help = "what follows" },
	{ "ah.length", "Length", 8, 8, FIELD_DEC, .help = "in words of 4 bytes, less 2, RFC 4302 2.2" },
	{ "ah.spi", "Security parameters index", 32, 32, FIELD_HEX,
	  .help = "names the security association, RFC 4302 2.4" },
	{ "ah.sequence", "Sequence number", 64, 32, FIELD_DEC, .help = "against replays, RFC 4302 2.5" },
	{ "ah.icv", "Integrity check value", 96, 0, FIELD_BYTES, .help = "authenticates the packet, RFC 4302 2.6" },
	{ 0 },
};

static const struct field_word mobility_types[] = {
	{ 0, "binding refresh request" },
	{ 1, "home test init" },
	{ 2, "care-of test init" },
	{ 3, "home test" },
	{ 4, "care-of test" },
	{ 5, "binding update" },
	{ 6, "binding acknowledgement" },
	{ 7, "binding error" },
	{ 0, NULL },
};

static const struct field mobility_fields[] = {
	{ "mip6.proto", "Next header", 0, 8, FIELD_DEC, .words = ip_protocols, .help = "what follows" },
	{ "mip6.hlen", "Length", 8, 8, FIELD_DEC, .help = "in units of 8 bytes, without the first, RFC 6275 6.1.1" },
	{ "mip6.mhtype", "Message", 16, 8, FIELD_DEC, .words = mobility_types,
	  .help = "what is told of the mobile node, RFC 6275 6.1.1" },
	{ "mip6.csum", "Checksum", 32, 16, FIELD_HEX, .help = "over pseudo-header and this header, RFC 6275 6.1.1" },
	{ 0 },
};

static const struct field other_fields[] = {
	{ "ipv6.nxt", "Next header", 0, 8, FIELD_DEC, .words = ip_protocols, .help = "what follows" },
	{ 0 },
};

/* --- the options of hop-by-hop and destination headers, RFC 8200 4.2 --- */

static const struct field alert_fields[] = {
	{ "ipv6.opt.router_alert", "Router alert", 16, 16, FIELD_DEC,
	  .help = "0: multicast listener discovery, RFC 2711 2.1" },
	{ 0 },
};

static const struct field jumbo_fields[] = {
	{ "ipv6.opt.jumbo", "Jumbo payload length", 16, 32, FIELD_DEC,
	  .help = "payload of more than 65535 bytes, RFC 2675 2" },
	{ 0 },
};

static const struct field home_fields[] = {
	{ "ipv6.opt.mipv6.home_address", "Home address", 16, 128, FIELD_IPV6,
	  .help = "whom a mobile node sends as, RFC 6275 6.3" },
	{ 0 },
};

static const struct field pad_fields[] = {
	{ "ipv6.opt.padn", "Padding", 16, 0, FIELD_BYTES, .help = "aligns what follows, RFC 8200 4.2" },
	{ 0 },
};

static const struct field unknown_fields[] = {
	{ "ipv6.opt.unknown", "Data", 16, 0, FIELD_BYTES, .help = "an option that no decoder here knows" },
	{ 0 },
};

static const struct option options[] = {
	{ PAD1, "one byte of padding", "RFC 8200 4.2", NULL, NULL },
	{ 1, "padding", "RFC 8200 4.2", pad_fields, NULL },
	{ 5, "router alert", "routers look at what they forward, RFC 2711", alert_fields, NULL },
	{ JUMBO, "jumbo payload", "RFC 2675 2", jumbo_fields, NULL },
	{ 0xc9, "home address", "RFC 6275 6.3", home_fields, NULL },
	{ 0, NULL, "IANA IPv6 destination and hop-by-hop options", unknown_fields, NULL },
};

static const struct field
	kind_row = { "ipv6.opt.type", "Option", 0, 8, FIELD_HEX, .help = NULL /* the option has one */ };

static const struct field length_row[] = {
	{ "ipv6.opt.length", "Length", 8, 8, FIELD_DEC, .help = "bytes of the option's data, RFC 8200 4.2" },
	{ 0 },
};

static void walk_options(struct dissect *d, struct cursor c)
{
	cursor_skip(&c, 2);
	while (!c.err && cursor_left(&c)) {
		struct cursor rest = c, option;
		uint32_t size = 1;

		if (cursor_u8(&c) != PAD1)
			size = 2u + cursor_u8(&c);
		if (c.err == CURSOR_TRUNCATED)
			return;
		if (c.err || size > cursor_left(&rest)) {
			dissect_malformed(d, "an IPv6 option is longer than its header");
			return;
		}
		c = rest;
		option = cursor_part(&c, size);
		option_show(d, options, &kind_row, length_row, &option);
	}
}

/* --- the headers --- */

static const struct extension {
	uint8_t number;
	uint8_t unit, extra; /* bytes = (length + extra) * unit; a unit of 0: always 8 bytes */
	bool has_options;
	const char *name, *label, *help; /* of its own line in the tree */
	const struct field *fields;
} extensions[] = {
	/* clang-format off */
	{ IPPROTO_HOPOPTS, 8, 1, true, "ipv6.hopopts", "Hop-by-hop options",
	  "for every router on the way, RFC 8200 4.3", hop_fields },
	{ IPPROTO_ROUTING, 8, 1, false, "ipv6.routing", "Routing",
	  "nodes to visit on the way, RFC 8200 4.4", routing_fields },
	{ IPPROTO_FRAGMENT, 0, 0, false, "ipv6.fraghdr", "Fragment",
	  "a piece of a larger packet, RFC 8200 4.5", fragment_fields },
	{ IPPROTO_AH, 4, 2, false, "ah", "Authentication", "proves who sent it, RFC 4302",
	  ah_fields },
	{ IPPROTO_DSTOPTS, 8, 1, true, "ipv6.dstopts", "Destination options",
	  "for the receiver, RFC 8200 4.6", destination_fields },
	{ MOBILITY, 8, 1, false, "mip6", "Mobility", "where a mobile node is, RFC 6275 6.1",
	  mobility_fields },
	{ HIP, 8, 1, false, "hip", "Host identity", "RFC 7401 5.1", other_fields },
	{ SHIM6, 8, 1, false, "shim6", "Shim6", "several addresses for one host, RFC 5533 5.1",
	  other_fields },
	/* clang-format on */
};

static const struct extension *find(uint8_t number)
{
	for (unsigned i = 0; i < sizeof extensions / sizeof *extensions; i++)
		if (extensions[i].number == number)
			return &extensions[i];
	return NULL;
}

bool ipv6_is_extension(uint8_t next)
{
	return find(next) != NULL;
}

static void note_chain(struct cursor c, uint8_t kind, struct ipv6_chain *chain)
{
	uint16_t bits;
	uint32_t id;

	cursor_skip(&c, 2);
	bits = cursor_be16(&c);
	id = cursor_be32(&c);
	if (c.err)
		return;
	if (kind == IPPROTO_FRAGMENT) { /* all of it in one piece is no fragment, RFC 8200 4.5 */
		chain->offset = bits & 0xfff8u;
		chain->later = chain->offset != 0;
		chain->fragment = bits & 0xfff9;
		chain->more = bits & 1;
		chain->id = id;
	} else if (kind == IPPROTO_ROUTING) {
		chain->rerouted = bits & 0xff;
	}
}

uint8_t ipv6_extension(struct dissect *d, uint8_t kind, struct ipv6_chain *chain)
{
	const struct extension *x = find(kind);
	struct cursor look = d->c, header;
	uint8_t next = cursor_u8(&look), length = cursor_u8(&look);
	uint32_t size = x->unit ? ((uint32_t)length + x->extra) * x->unit : 8;
	const struct field row = { .name = x->name, .label = x->label, .help = x->help };

	if (look.err) {
		d->c.err = look.err;
		return next;
	}
	field_line(d, &row, d->c.off, size, "", "");
	header = cursor_part(&d->c, size);
	if (header.err)
		return next;
	d->depth++;
	field_table(d, &header, x->fields);
	if (x->has_options)
		walk_options(d, header);
	d->depth--;
	note_chain(header, kind, chain);
	return next;
}
