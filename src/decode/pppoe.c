/* PPP over Ethernet, RFC 2516 4:
 *
 * +-------+-------+---------------+-------------------------------+
 * |  Ver  |  Type |     Code      |          Session ID           |
 * +-------+-------+---------------+-------------------------------+
 * |            Length             |  discovery: tags; else PPP    |
 * +-------------------------------+-------------------------------+
 *
 * A tag is a type of 2 bytes, a length of 2, a value.
 */
#include "decode/dissect.h"

#include "util/buf.h"

#include <stddef.h>

enum { HEADER = 6, DISCOVERY = 0x8863, SESSION_CODE = 0, TAG = 4 };

static const struct field_word codes[] = {
	{ 0x00, "session data" },
	{ 0x09, "initiation (PADI)" },
	{ 0x07, "offer (PADO)" },
	{ 0x19, "request (PADR)" },
	{ 0x65, "session confirmation (PADS)" },
	{ 0xa7, "termination (PADT)" },
	{ 0, NULL },
};

static const struct field_word tags[] = {
	{ 0x0000, "end" },           { 0x0101, "service name" },    { 0x0102, "access concentrator" },
	{ 0x0103, "host's own" },    { 0x0104, "cookie" },          { 0x0105, "vendor's own" },
	{ 0x0110, "relay session" }, { 0x0120, "maximum payload" }, { 0x0201, "service name error" },
	{ 0x0202, "system error" },  { 0x0203, "generic error" },   { 0, NULL },
};

static const struct field fields[] = {
	{ "pppoe.version", "Version", 0, 4, FIELD_DEC, .help = "1, RFC 2516 4" },
	{ "pppoe.type", "Type", 4, 4, FIELD_DEC, .help = "1, RFC 2516 4" },
	{ "pppoe.code", "Code", 8, 8, FIELD_HEX, .words = codes, .help = "RFC 2516 5" },
	{ "pppoe.session_id", "Session", 16, 16, FIELD_HEX,
	  .help = "with the addresses it names the session, RFC 2516 4" },
	{ "pppoe.payload_length", "Length", 32, 16, FIELD_DEC, .help = "bytes behind the header" },
	{ 0 },
};

static const struct field tag_fields[] = {
	{ "pppoed.tag", "Tag", 0, 16, FIELD_HEX, .words = tags, .help = "RFC 2516 A" },
	{ "pppoed.tag_length", "Length", 16, 16, FIELD_DEC, .indent = 1, .help = "bytes" },
	{ "pppoed.tag.unknown_data", "Value", 32, 0, FIELD_BYTES, .indent = 1, .help = "RFC 2516 A" },
	{ 0 },
};

static void discovery(struct dissect *d, const char *name, uint8_t code)
{
	if (d->words && !d->nested) {
		if (name)
			buf_printf(d->words, "PPPoE %s", name);
		else
			buf_printf(d->words, "PPPoE code 0x%02x", code);
	}
	while (!d->c.err && cursor_left(&d->c) >= TAG) {
		const uint8_t *b = cursor_at(&d->c, d->c.off, TAG);
		uint32_t length = b ? (uint32_t)(b[2] << 8 | b[3]) : 0;
		struct cursor tag = cursor_part(&d->c, TAG + length);

		field_table(d, &tag, tag_fields);
	}
	if (d->c.err)
		dissect_short(d, "a PPPoE tag is cut short");
}

void decode_pppoe(struct dissect *d)
{
	struct cursor look = d->c;
	bool session = d->key != DISCOVERY;
	uint8_t code;
	uint16_t length;
	const char *name;

	cursor_skip(&look, 1);
	code = cursor_u8(&look);
	cursor_skip(&look, 2);
	length = cursor_be16(&look);
	name = field_word(codes, code);
	if (!dissect_header(d, &(struct layer){ PROTO_PPPOE, fields, HEADER, "the PPPoE header is cut short", name }))
		return;
	if (length > cursor_left(&d->c))
		dissect_malformed(d, "the packet is shorter than its PPPoE length");
	cursor_limit(&d->c, length);
	if (session && code == SESSION_CODE)
		dissect_next(d, PROTO_PPP);
	else if (session)
		dissect_next(d, PROTO_DATA);
	else
		discovery(d, name, code);
}
