/* Fibre Distributed Data Interface, ISO 9314-2 7.2: frame control 1 byte, destination 6, source 6;
 * in frames of LLC an 802.2 packet. The bits of an address go over the fibre in the other order
 * than Ethernet's; here they are shown as Ethernet has them.
 */
#include "decode/dissect.h"

#include <stdio.h>

enum { HEADER = 13, CLASS = 0x70, LLC = 0x50 };

static const struct field fields[] = {
	{ "fddi.fc", "Frame control", 0, 8, FIELD_HEX, .help = "ISO 9314-2 7.2.3" },
	{ 0 },
};

static uint8_t mirrored(uint8_t b)
{
	b = (uint8_t)((b & 0x0f) << 4 | b >> 4);
	b = (uint8_t)((b & 0x33) << 2 | (b & 0xcc) >> 2);
	return (uint8_t)((b & 0x55) << 1 | (b & 0xaa) >> 1);
}

static void address(struct dissect *d, const struct field *row, uint32_t off)
{
	const uint8_t *b = cursor_at(&d->c, off, 6);
	char text[3 * 6 + 2];

	if (!d->tree || !b)
		return;
	for (int i = 0; i < 6; i++)
		snprintf(text + 3 * i, 4, "%02x%s", mirrored(b[i]), i < 5 ? ":" : "");
	field_line(d, row, off, 6, text, "");
}

void decode_fddi(struct dissect *d)
{
	static const struct field dst = { "fddi.dst", "Destination", .help = "ISO 9314-2 7.2.4" };
	static const struct field src = { "fddi.src", "Source", .help = "ISO 9314-2 7.2.4" };
	uint32_t start = d->c.off;
	const uint8_t *b = cursor_at(&d->c, start, 1);

	if (!dissect_header(d, &(struct layer){ PROTO_FDDI, fields, HEADER, "the FDDI header is cut short", NULL }))
		return;
	address(d, &dst, start + 1);
	address(d, &src, start + 7);
	dissect_next(d, b && (b[0] & CLASS) == LLC ? PROTO_LLC : PROTO_DATA);
}
