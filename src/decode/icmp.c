/* Internet Control Message Protocol, RFC 792: type 1, code 1, checksum 2, then 4 bytes that depend on the type. An
 * error quotes the packet that caused it: its IP header and the first bytes behind it.
 */
#include "decode/info.h"

#include "decode/dissect.h"

static const struct field_word types[] = {
	{ 0, "echo reply" },           { 3, "destination unreachable" },
	{ 4, "source quench" },        { 5, "redirect" },
	{ 8, "echo request" },         { 9, "router advertisement" },
	{ 10, "router solicitation" }, { 11, "time exceeded" },
	{ 12, "parameter problem" },   { 13, "timestamp" },
	{ 14, "timestamp reply" },     { 42, "extended echo request" },
	{ 43, "extended echo reply" }, { 0, NULL },
};

static const struct field_word unreachable[] = {
	{ 0, "network unreachable" },          { 1, "host unreachable" },
	{ 2, "protocol unreachable" },         { 3, "port unreachable" },
	{ 4, "fragmentation needed" },         { 5, "source route failed" },
	{ 9, "network prohibited" },           { 10, "host prohibited" },
	{ 13, "administratively prohibited" }, { 0, NULL },
};

const char *icmp_type_name(uint8_t type)
{
	return field_word(types, type);
}

const char *icmp_code_name(uint8_t type, uint8_t code)
{
	return type == 3 ? field_word(unreachable, code) : NULL;
}

static bool quotes(uint8_t type)
{
	return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

void decode_icmp(struct dissect *d)
{
	static const struct field type_field = { .name = "icmp.type",
						 .label = "Type",
						 .bits = 8,
						 .format = FIELD_DEC,
						 .words = types,
						 .help = "RFC 792" };
	static const struct field code_field = { .name = "icmp.code",
						 .label = "Code",
						 .bits = 8,
						 .format = FIELD_DEC,
						 .help = "the kind within the type" };
	static const struct field fields[] = {
		{ "icmp.checksum", "Checksum", 16, 16, FIELD_HEX, NULL, "over the whole message", 0,
		  0 },
		{ 0 },
	};
	static const struct field echo_fields[] = {
		{ "icmp.ident", "Identifier", 32, 16, FIELD_DEC, NULL,
		  "tells the senders of echoes apart", 0, 0 },
		{ "icmp.seq", "Sequence number", 48, 16, FIELD_DEC, NULL, "counts the echoes", 0,
		  0 },
		{ 0 },
	};
	uint32_t start = d->c.off;
	unsigned line = dissect_layer(d, PROTO_ICMP);
	uint8_t type = cursor_u8(&d->c), code = cursor_u8(&d->c);
	struct field named = code_field;
	uint32_t words;

	cursor_skip(&d->c, 2);
	if (d->c.err) {
		dissect_short(d, "the ICMP header is cut short");
		return;
	}
	if (type == 3)
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
	if (type == 0 || type == 8)
		field_table(d, start, echo_fields);
	dissect_layer_end(d, line, start);
	if (d->c.err) {
		dissect_short(d, "the ICMP message is cut short");
		return;
	}
	if (quotes(type) && !d->inner) {
		d->inner = true;
		dissect_next(d, PROTO_IPV4);
	} else {
		dissect_data(d);
	}
}
