/* What old drivers tell of an 802.11 frame before it: Prism's header (message code 4 bytes, length
 * 4, device name 16, items of 12; in the machine's order) or AVS' (magic and version 4, length 4;
 * big-endian), https://www.tcpdump.org/linktypes.html. Both have the length in the same place.
 */
#include "decode/dissect.h"

enum { LEAST = 8, PRISM_LEAST = 24, AVS = 0x8021100, MOST = 4096 };

static const struct field prism_fields[] = {
	{ "prism.msgcode", "Message code", 0, 32, FIELD_HEX, .little = true, .help = "0x44 or 0x41" },
	{ "prism.msglen", "Length", 32, 32, FIELD_DEC, .little = true, .help = "of this header" },
	{ 0 },
};

static const struct field avs_fields[] = {
	{ "wlancap.magic", "Magic", 0, 28, FIELD_HEX, .help = "0x8021100" },
	{ "wlancap.version", "Version", 28, 4, FIELD_DEC, .help = "1 or 2" },
	{ "wlancap.length", "Length", 32, 32, FIELD_DEC, .help = "of this header" },
	{ "wlancap.mactime", "Time", 64, 64, FIELD_DEC, .help = "of the radio, microseconds" },
	{ "wlancap.phytype", "Kind of radio", 192, 32, FIELD_DEC, .help = "AVS" },
	{ "wlancap.channel", "Channel", 224, 32, FIELD_DEC, .help = "AVS" },
	{ 0 },
};

void decode_prism(struct dissect *d)
{
	struct cursor at = d->c, look = d->c;
	uint32_t magic = cursor_be32(&look), length = cursor_be32(&look);
	bool avs = magic >> 4 == AVS;
	unsigned line = dissect_layer(d, avs ? PROTO_AVS : PROTO_PRISM);

	if (!avs && length > MOST)
		length = __builtin_bswap32(length);
	if (!look.err && length < (avs ? LEAST : PRISM_LEAST)) {
		dissect_malformed(d, "the radio's header is shorter than itself");
		return;
	}
	field_table(d, &at, avs ? avs_fields : prism_fields);
	cursor_skip(&d->c, look.err ? LEAST : length);
	if (d->c.err) {
		dissect_short(d, "the radio's header is cut short");
		return;
	}
	dissect_layer_end(d, line, at.off);
	d->key = 0; /* to 802.11 it would tell of padding */
	dissect_next(d, PROTO_WLAN);
}
