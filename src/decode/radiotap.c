/* What the radio tells of a frame, https://www.radiotap.org: version 1 byte, padding 1, length 2,
 * words of 4 bytes that tell which fields are there (bit 31: another word follows), the fields, each
 * at a multiple of its alignment. All little-endian. The 802.11 frame follows.
 */
#include "decode/dissect.h"

enum { FIXED = 8, MORE = 31, FLAGS = 1, HAS_FCS = 0x10, PADDED = 0x20, FCS = 4, PRESENT_MAX = 32 };

static const struct field fields[] = {
	{ "radiotap.version", "Version", 0, 8, FIELD_DEC, .help = "0" },
	{ "radiotap.length", "Length", 16, 16, FIELD_DEC, .little = true, .help = "of this header" },
	{ 0 },
};

static const struct field flags_field[] = {
	{ "radiotap.flags", "Flags", 0, 8, FIELD_HEX, .help = "radiotap.org/fields/Flags" },
	{ "radiotap.flags.wep", "WEP", 5, 1, FIELD_BOOL, .indent = 1, .help = "encrypted" },
	{ "radiotap.flags.datapad", "Padded", 2, 1, FIELD_BOOL, .indent = 1,
	  .help = "between 802.11 header and data, to 4 bytes" },
	{ "radiotap.flags.fcs", "Check sequence at the end", 3, 1, FIELD_BOOL, .indent = 1, .help = "4 bytes" },
	{ "radiotap.flags.badfcs", "Bad check sequence", 1, 1, FIELD_BOOL, .indent = 1,
	  .help = "the frame was damaged" },
	{ 0 },
};

static const struct field channel[] = {
	{ "radiotap.channel.freq", "Frequency", 0, 16, FIELD_DEC, .little = true, .help = "MHz" },
	{ "radiotap.channel.flags", "Channel flags", 16, 16, FIELD_HEX, .little = true,
	  .help = "radiotap.org/fields/Channel" },
	{ 0 },
};

static const struct field antenna[] = {
	{ "radiotap.antenna", "Antenna", 0, 8, FIELD_DEC, .help = "from 0" },
	{ 0 },
};

/* The first fields, in the order of their bits; the later ones are not looked for. */
static const struct item {
	uint8_t size, align;
	const struct field *rows;
} items[] = {
	{ 8, 8, 0 }, { 1, 1, flags_field }, { 1, 1, 0 }, { 4, 2, channel }, { 2, 1, 0 }, { 1, 1, 0 },
	{ 1, 1, 0 }, { 2, 2, 0 },           { 2, 2, 0 }, { 2, 2, 0 },       { 1, 1, 0 }, { 1, 1, antenna },
};

static void walk(struct dissect *d, struct cursor c, uint32_t present, uint32_t start, uint8_t *flags)
{
	for (unsigned i = 0; i < sizeof items / sizeof *items; i++) {
		uint32_t gap = (items[i].align - (c.off - start) % items[i].align) % items[i].align;

		if (!(present >> i & 1))
			continue;
		cursor_skip(&c, gap);
		field_table(d, &c, items[i].rows);
		if (i == FLAGS && !c.err && cursor_at(&c, c.off, 1))
			*flags = *cursor_at(&c, c.off, 1);
		cursor_skip(&c, items[i].size);
	}
}

void decode_radiotap(struct dissect *d)
{
	struct cursor at = d->c, c;
	unsigned line = dissect_layer(d, PROTO_RADIOTAP);
	uint32_t present, first, words = 1;
	uint16_t length;
	uint8_t flags = 0;

	field_table(d, &at, fields);
	cursor_skip(&d->c, 2);
	length = cursor_le16(&d->c);
	if (d->c.err) {
		dissect_short(d, "the radiotap header is cut short");
		return;
	}
	d->c = at;
	if (length < FIXED) {
		dissect_malformed(d, "the radiotap length is below that of the header");
		return;
	}
	c = cursor_part(&d->c, length);
	if (d->c.err) {
		dissect_short(d, "the radiotap header is cut short");
		return;
	}
	cursor_skip(&c, 4);
	first = present = cursor_le32(&c);
	while (present >> MORE && words++ < PRESENT_MAX)
		present = cursor_le32(&c);
	walk(d, c, first, at.off, &flags);
	dissect_layer_end(d, line, at.off);
	if ((flags & HAS_FCS) && cursor_left(&d->c) >= FCS)
		cursor_limit(&d->c, cursor_left(&d->c) - FCS);
	d->key = flags & PADDED;
	dissect_next(d, PROTO_WLAN);
}
