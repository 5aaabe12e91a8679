/* Internet Control Message Protocol for IPv6, RFC 4443: type 1, code 1, checksum 2, body. Neighbour discovery, RFC
 * 4861: four bytes of flags, the target's address, then options of type 1, length 1 in units of 8 bytes.
 */
#include "decode/info.h"

#include "decode/dissect.h"

enum {
	ECHO_REQUEST = 128,
	ECHO_REPLY,
	ROUTER_SOLICIT = 133,
	ROUTER_ADVERT,
	NEIGHBOUR_SOLICIT,
	NEIGHBOUR_ADVERT
};

static const struct field_word types[] = {
	{ 1, "destination unreachable" },
	{ 2, "packet too big" },
	{ 3, "time exceeded" },
	{ 4, "parameter problem" },
	{ ECHO_REQUEST, "echo request" },
	{ ECHO_REPLY, "echo reply" },
	{ 130, "multicast listener query" },
	{ 131, "multicast listener report" },
	{ 132, "multicast listener done" },
	{ ROUTER_SOLICIT, "router solicitation" },
	{ ROUTER_ADVERT, "router advertisement" },
	{ NEIGHBOUR_SOLICIT, "neighbour solicitation" },
	{ NEIGHBOUR_ADVERT, "neighbour advertisement" },
	{ 137, "redirect" },
	{ 143, "multicast listener report v2" },
	{ 0, NULL },
};

static const struct field_word unreachable[] = {
	{ 0, "no route" },         { 1, "administratively prohibited" },
	{ 2, "beyond scope" },     { 3, "address unreachable" },
	{ 4, "port unreachable" }, { 0, NULL },
};

const char *icmpv6_type_name(uint8_t type)
{
	return field_word(types, type);
}

const char *icmpv6_code_name(uint8_t type, uint8_t code)
{
	return type == 1 ? field_word(unreachable, code) : NULL;
}

static void options(struct dissect *d)
{
	static const struct field_word names[] = {
		{ 1, "source link-layer address" },
		{ 2, "target link-layer address" },
		{ 3, "prefix" },
		{ 4, "redirected header" },
		{ 5, "MTU" },
		{ 25, "recursive DNS server" },
		{ 0, NULL },
	};
	static const struct field row = { .name = "icmpv6.opt.type",
					  .label = "Option",
					  .format = FIELD_DEC,
					  .words = names,
					  .help = "RFC 4861, 4.6" };

	while (!d->c.err && cursor_left(&d->c) >= 8) {
		uint32_t at = d->c.off;
		uint8_t kind = cursor_u8(&d->c), units = cursor_u8(&d->c);

		if (!d->c.err && !units) {
			dissect_malformed(d, "a neighbour discovery option has length 0");
			return;
		}
		field_number(d, &row, at, units * 8u, kind);
		cursor_skip(&d->c, units * 8u - 2);
	}
	if (d->c.err)
		dissect_short(d, "a neighbour discovery option is cut short");
}

static void neighbour(struct dissect *d, uint32_t start)
{
	static const struct field fields[] = {
		{ "icmpv6.nd.ns.target_address", "Target address", 64, 128, FIELD_IPV6, NULL,
		  "whom it is about", 0, 0 },
		{ 0 },
	};

	field_table(d, start, fields);
	cursor_skip(&d->c, 16);
	if (d->c.err)
		dissect_short(d, "the neighbour discovery message is cut short");
	else
		options(d);
}

void decode_icmpv6(struct dissect *d)
{
	static const struct field type_field = { .name = "icmpv6.type",
						 .label = "Type",
						 .bits = 8,
						 .format = FIELD_DEC,
						 .words = types,
						 .help = "RFC 4443" };
	static const struct field code_field = { .name = "icmpv6.code",
						 .label = "Code",
						 .bits = 8,
						 .format = FIELD_DEC,
						 .help = "the kind within the type" };
	static const struct field fields[] = {
		{ "icmpv6.checksum", "Checksum", 16, 16, FIELD_HEX, NULL,
		  "over pseudo-header and message", 0, 0 },
		{ 0 },
	};
	static const struct field echo_fields[] = {
		{ "icmpv6.echo.identifier", "Identifier", 32, 16, FIELD_HEX, NULL,
		  "tells the senders apart", 0, 0 },
		{ "icmpv6.echo.sequence_number", "Sequence number", 48, 16, FIELD_DEC, NULL,
		  "counts the echoes", 0, 0 },
		{ 0 },
	};
	uint32_t start = d->c.off, words;
	unsigned line = dissect_layer(d, PROTO_ICMPV6);
	uint8_t type = cursor_u8(&d->c), code = cursor_u8(&d->c);
	struct field named = code_field;

	cursor_skip(&d->c, 2);
	if (d->c.err) {
		dissect_short(d, "the ICMPv6 header is cut short");
		return;
	}
	if (type == 1)
		named.words = unreachable;
	field_number(d, &type_field, start, 1, type);
	field_number(d, &named, start + 1, 1, code);
	field_table(d, start, fields);
	words = cursor_be32(&d->c);
	if (dissect_outermost(d)) {
		d->p->icmp_type = type;
		d->p->icmp_code = code;
		d->p->tcp_seq = words; /* identifier and sequence number, for the info line */
	}
	if (type == ECHO_REQUEST || type == ECHO_REPLY)
		field_table(d, start, echo_fields);
	dissect_layer_end(d, line, start);
	if (d->c.err) {
		dissect_short(d, "the ICMPv6 message is cut short");
	} else if (type < 5 && !d->inner) {
		d->inner = true;
		dissect_next(d, PROTO_IPV6);
	} else if (type == NEIGHBOUR_SOLICIT || type == NEIGHBOUR_ADVERT) {
		neighbour(d, start);
	} else if (type == ROUTER_SOLICIT) {
		options(d);
	} else {
		dissect_data(d);
	}
}
