/* Protocol Independent Multicast, RFC 7761 4.9:
 *
 * +-------+-------+---------------+-------------------------------+
 * |PIM Ver| Type  |   Reserved    |           Checksum            |
 * +-------+-------+---------------+-------------------------------+
 *
 * A register (4.9.3) has 4 bytes of flags and then a multicast packet; the others are bytes.
 */
#include "decode/dissect.h"

#include "util/buf.h"

#include <stddef.h>

enum { HEADER = 4, REGISTER = 1, REGISTER_FLAGS = 4, VERSION = 2 };

static const struct field_word types[] = {
	{ 0, "hello" },
	{ 1, "register" },
	{ 2, "register stop" },
	{ 3, "join/prune" },
	{ 4, "bootstrap" },
	{ 5, "assert" },
	{ 6, "graft" },
	{ 7, "graft acknowledgement" },
	{ 8, "candidate RP advertisement" },
	{ 9, "state refresh" },
	{ 10, "designated forwarder election" },
	{ 12, "flooding" },
	{ 0, NULL },
};

static const struct field fields[] = {
	{ "pim.version", "Version", 0, 4, FIELD_DEC, .help = "2, RFC 7761 4.9" },
	{ "pim.type", "Type", 4, 4, FIELD_DEC, .words = types, .help = "RFC 7761 4.9" },
	{ "pim.cksum", "Checksum", 16, 16, FIELD_HEX,
	  .help = "over the message; a register's over its first 8 bytes, RFC 7761 4.9" },
	{ 0 },
};

static const struct field register_fields[] = {
	{ "pim.register_flag", "Flags", 0, 32, FIELD_HEX, .help = "RFC 7761 4.9.3" },
	{ "pim.register_flag.border", "Border", 0, 1, FIELD_BOOL, .indent = 1, .help = "RFC 4601 4.9.3" },
	{ "pim.register_flag.null_register", "Null register", 1, 1, FIELD_BOOL, .indent = 1,
	  .help = "only says that the source is there, RFC 7761 4.9.3" },
	{ 0 },
};

static void registered(struct dissect *d)
{
	struct cursor look;
	uint8_t version;

	field_table(d, &d->c, register_fields);
	if (!cursor_skip(&d->c, REGISTER_FLAGS)) {
		dissect_short(d, "the PIM register is cut short");
		return;
	}
	look = d->c;
	version = cursor_u8(&look) >> 4;
	dissect_next(d, version == 4 ? PROTO_IPV4 : version == 6 ? PROTO_IPV6 : PROTO_DATA);
}

void decode_pim(struct dissect *d)
{
	struct cursor look = d->c;
	uint8_t first = cursor_u8(&look), type = first & 15;
	const char *name = field_word(types, type);
	const struct layer layer = { PROTO_PIM, fields, HEADER, "the PIM header is cut short", name };

	if (!dissect_header(d, &layer))
		return;
	if (d->words && dissect_outermost(d)) {
		if (name)
			buf_printf(d->words, "PIM %s", name);
		else
			buf_printf(d->words, "PIM type %u", type);
		buf_printf(d->words, " len=%u", cursor_left(&d->c) + HEADER);
	}
	if (type == REGISTER && first >> 4 == VERSION)
		registered(d);
	else
		dissect_next(d, PROTO_DATA);
}
