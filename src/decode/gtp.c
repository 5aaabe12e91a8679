/* GPRS Tunnelling Protocol for user data, 3GPP TS 29.281 5.1:
 *
 * +-----+-+-+-+-+-+---------------+-------------------------------+
 * | Ver |T|R|E|S|N|  Message Type |            Length             |
 * +-----+-+-+-+-+-+---------------+-------------------------------+
 * |                  Tunnel Endpoint Identifier                   |
 * +-------------------------------+---------------+---------------+
 * | Sequence Number, if E, S or N | N-PDU Number  | Next Ext Type |
 * +-------------------------------+---------------+---------------+
 *
 * An extension is a length in words of 4 bytes, what it is for, and the type of the next; 0 ends
 * them. The length counts what follows the first 8 bytes.
 */
#include "decode/dissect.h"

#include <stddef.h>

enum { TPDU = 255, OPTIONAL = 7, EXTENDED = 4, VERSION = 5 };

static const struct field_word messages[] = {
	{ 1, "echo request" },      { 2, "echo response" },
	{ 26, "error indication" }, { 31, "supported extension headers" },
	{ 253, "tunnel status" },   { 254, "end marker" },
	{ 255, "user data" },       { 0, NULL },
};

static const struct field fields[] = {
	{ "gtp.flags", "Flags", 0, 8, FIELD_HEX, .help = "TS 29.281 5.1" },
	{ "gtp.flags.version", "Version", 0, 3, FIELD_DEC, .indent = 1, .help = "1" },
	{ "gtp.flags.payload", "Protocol type", 3, 1, FIELD_DEC, .indent = 1,
	  .help = "1 is GTP, 0 is GTP' (charging)" },
	{ "gtp.flags.e", "Extension headers", 5, 1, FIELD_BOOL, .indent = 1, .help = "some follow, TS 29.281 5.2" },
	{ "gtp.flags.s", "Sequence number", 6, 1, FIELD_BOOL, .indent = 1, .help = "it counts" },
	{ "gtp.flags.pn", "N-PDU number", 7, 1, FIELD_BOOL, .indent = 1, .help = "it counts" },
	{ "gtp.message", "Message", 8, 8, FIELD_HEX, .words = messages, .help = "TS 29.281 6.1" },
	{ "gtp.length", "Length", 16, 16, FIELD_DEC, .help = "bytes behind the first 8" },
	{ "gtp.teid", "Tunnel endpoint", 32, 32, FIELD_HEX,
	  .help = "the receiver's number of the tunnel, TS 29.281 5.1" },
	{ 0 },
};

static const struct field optional_fields[] = {
	{ "gtp.seq_number", "Sequence number", 0, 16, FIELD_HEX, .help = "TS 29.281 5.1" },
	{ "gtp.npdu_number", "N-PDU number", 16, 8, FIELD_HEX, .help = "TS 29.281 5.1" },
	{ "gtp.ext_hdr.next", "Next extension", 24, 8, FIELD_HEX, .help = "0 is none, TS 29.281 5.2.1" },
	{ 0 },
};

static const struct field extension_fields[] = {
	{ "gtp.ext_hdr.length", "Extension length", 0, 8, FIELD_DEC, .help = "in words of 4 bytes, TS 29.281 5.2.1" },
	{ 0 },
};

/* The header's end, behind its optional fields and extensions. */
static void extensions(struct dissect *d, uint8_t flags)
{
	uint8_t next;

	field_table(d, &d->c, optional_fields);
	cursor_skip(&d->c, 3);
	next = cursor_u8(&d->c);
	while ((flags & EXTENDED) && next && !d->c.err) {
		uint32_t size;

		field_table(d, &d->c, extension_fields);
		size = cursor_u8(&d->c) * 4u;
		if (!size && !d->c.err)
			d->c.err = CURSOR_MALFORMED;
		cursor_skip(&d->c, size - 2);
		next = cursor_u8(&d->c);
	}
}

void decode_gtp(struct dissect *d)
{
	struct cursor at = d->c;
	unsigned line = dissect_layer(d, PROTO_GTP);
	uint8_t flags = cursor_u8(&d->c), message = cursor_u8(&d->c), version;
	uint16_t length = cursor_be16(&d->c);

	cursor_skip(&d->c, 4);
	field_table(d, &at, fields);
	field_meaning(d, line, field_word(messages, message));
	if (!d->c.err && length > cursor_left(&d->c))
		dissect_malformed(d, "the packet is shorter than its GTP length");
	cursor_limit(&d->c, length);
	if (flags & OPTIONAL)
		extensions(d, flags);
	if (d->c.err) {
		dissect_short(d, "the GTP header is cut short");
		return;
	}
	dissect_layer_end(d, line, at.off);
	at = d->c;
	version = cursor_u8(&at) >> 4;
	if (message != TPDU || flags >> VERSION != 1)
		version = 0;
	dissect_next(d, version == 4 ? PROTO_IPV4 : version == 6 ? PROTO_IPV6 : PROTO_DATA);
}
