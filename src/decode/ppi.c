/* Per-Packet Information, CACE 2007, tcpdump.org LINKTYPE_PPI: version 1 byte, flags 1, length 2,
 * link type 4; fields: type 2, length 2, value. All little-endian. What follows is of that link
 * type.
 */
#include "decode/dissect.h"

enum { HEADER = 8, FIELD = 4, COMMON = 2, FCS = 4, HAS_FCS = 1 };

static const struct field fields[] = {
	{ "ppi.version", "Version", 0, 8, FIELD_DEC, .help = "0" },
	{ "ppi.flags", "Flags", 8, 8, FIELD_HEX, .help = "1: fields begin at multiples of 4" },
	{ "ppi.length", "Length", 16, 16, FIELD_DEC, .little = true, .help = "of this header" },
	{ "ppi.dlt", "Link type", 32, 32, FIELD_DEC, .little = true, .help = "of the packet" },
	{ 0 },
};

static const struct field field_fields[] = {
	{ "ppi.field_type", "Field", 0, 16, FIELD_DEC, .little = true,
	  .help = "2 is what the radio tells of all 802.11 frames" },
	{ "ppi.field_len", "Length", 16, 16, FIELD_DEC, .indent = 1, .little = true, .help = "of the value" },
	{ 0 },
};

static const struct field common_fields[] = {
	{ "ppi.80211-common.flags", "Flags", 64, 16, FIELD_HEX, .indent = 1, .little = true,
	  .help = "1: a check sequence follows the frame" },
	{ "ppi.80211-common.chan.freq", "Frequency", 96, 16, FIELD_DEC, .indent = 1, .little = true, .help = "MHz" },
	{ "ppi.80211-common.chan.flags", "Channel flags", 112, 16, FIELD_HEX, .indent = 1, .little = true,
	  .help = "as in radiotap" },
	{ 0 },
};

/* True: a check sequence stands behind the frame. */
static bool walk(struct dissect *d, struct cursor c, bool aligned)
{
	bool fcs = false;

	while (!c.err && cursor_left(&c) >= FIELD) {
		struct cursor value;
		uint16_t type, length;

		field_table(d, &c, field_fields);
		type = cursor_le16(&c);
		length = cursor_le16(&c);
		value = cursor_part(&c, length);
		if (type == COMMON && !value.err) {
			const uint8_t *b = cursor_at(&value, value.off, 9);

			field_table(d, &value, common_fields);
			fcs = b && (b[8] & HAS_FCS);
		}
		if (aligned && length % 4)
			cursor_skip(&c, 4u - length % 4);
	}
	return fcs;
}

void decode_ppi(struct dissect *d)
{
	struct cursor at = d->c, c;
	unsigned line = dissect_layer(d, PROTO_PPI);
	uint16_t length;
	uint32_t linktype;
	uint8_t flags;
	enum proto to;

	field_table(d, &at, fields);
	cursor_skip(&d->c, 1);
	flags = cursor_u8(&d->c);
	length = cursor_le16(&d->c);
	linktype = cursor_le32(&d->c);
	if (!d->c.err && length < HEADER) {
		dissect_malformed(d, "the PPI length is below that of the header");
		return;
	}
	c = cursor_part(&d->c, length - (uint32_t)HEADER);
	if (d->c.err) {
		dissect_short(d, "the PPI header is cut short");
		return;
	}
	dissect_layer_end(d, line, at.off);
	if (walk(d, c, flags & 1) && cursor_left(&d->c) >= FCS)
		cursor_limit(&d->c, cursor_left(&d->c) - FCS);
	to = linktype <= UINT16_MAX ? route_find(linktype_routes, (uint16_t)linktype) : PROTO_DATA;
	d->key = 0; /* to 802.11 it would tell of padding */
	dissect_next(d, to);
}
