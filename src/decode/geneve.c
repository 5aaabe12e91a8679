/* Generic Network Virtualization Encapsulation, RFC 8926 3.4:
 *
 * +---+-----------+-+-+-----------+-------------------------------+
 * |Ver|  Opt Len  |O|C|    Rsvd.  |          Protocol Type        |
 * +---+-----------+-+-+-----------+---------------+---------------+
 * |        Virtual Network Identifier (VNI)       |    Reserved   |
 * +-----------------------------------------------+---------------+
 * |     Option Class 2 bytes, Type 1, R 3 bits Length 5 bits ...   |
 * +---------------------------------------------------------------+
 */
#include "decode/dissect.h"

enum { HEADER = 8, OPTION = 4, LENGTH = 63 };

static const struct field fields[] = {
	{ "geneve.version", "Version", 0, 2, FIELD_DEC, .help = "0, RFC 8926 3.4" },
	{ "geneve.flags", "Flags", 8, 8, FIELD_HEX, .help = "RFC 8926 3.4" },
	{ "geneve.flags.oam", "Control packet", 8, 1, FIELD_BOOL, .indent = 1,
	  .help = "for the end of the tunnel, RFC 8926 3.4" },
	{ "geneve.flags.critical", "Critical options", 9, 1, FIELD_BOOL, .indent = 1,
	  .help = "who does not know one must drop the packet, RFC 8926 3.4" },
	{ "geneve.proto_type", "Protocol", 16, 16, FIELD_HEX, .words = ether_types,
	  .help = "EtherType of what follows, RFC 8926 3.4" },
	{ "geneve.vni", "Network identifier", 32, 24, FIELD_HEX, .help = "which virtual network, RFC 8926 3.4" },
	{ 0 },
};

static const struct field option_fields[] = {
	{ "geneve.option.class", "Option class", 0, 16, FIELD_HEX, .help = "who defines the type, RFC 8926 3.5" },
	{ "geneve.option.type", "Type", 16, 8, FIELD_HEX, .indent = 1, .help = "RFC 8926 3.5" },
	{ "geneve.option.length", "Length", 27, 5, FIELD_DEC, .indent = 1, .shift = 2,
	  .help = "bytes of data; on the wire in words of 4, RFC 8926 3.5" },
	{ "geneve.option.unknown.data", "Data", 32, 0, FIELD_BYTES, .indent = 1, .help = "RFC 8926 3.5" },
	{ 0 },
};

static void options(struct dissect *d, struct cursor c)
{
	while (!c.err && cursor_left(&c)) {
		const uint8_t *b = cursor_at(&c, c.off, OPTION);
		struct cursor option = cursor_part(&c, b ? OPTION + (b[3] & 31u) * 4 : OPTION);

		if (c.err == CURSOR_MALFORMED)
			dissect_malformed(d, "a Geneve option is longer than the header");
		field_table(d, &option, option_fields);
	}
}

void decode_geneve(struct dissect *d)
{
	struct cursor at = d->c;
	unsigned line = dissect_layer(d, PROTO_GENEVE);
	uint32_t length = (cursor_u8(&d->c) & LENGTH) * 4u;
	uint16_t type;

	cursor_skip(&d->c, 1);
	type = cursor_be16(&d->c);
	cursor_skip(&d->c, HEADER - 4);
	field_table(d, &at, fields);
	options(d, cursor_part(&d->c, length));
	if (d->c.err) {
		dissect_short(d, "the Geneve header is cut short");
		return;
	}
	dissect_layer_end(d, line, at.off);
	dissect_by(d, ethertype_routes, type);
}
