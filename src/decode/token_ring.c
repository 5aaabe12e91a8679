/* Token ring, IEEE 802.5 3.2: access control 1 byte, frame control 1, destination 6, source 6; if
 * the source's first bit is set, routing information: its length in the low 5 bits of its first
 * byte. In frames of LLC an 802.2 packet follows.
 */
#include "decode/dissect.h"

#include <stddef.h>
#include <stdio.h>

enum { HEADER = 14, ROUTED = 0x80, LENGTH = 0x1f };

static const struct field_word types[] = {
	{ 0, "MAC" },
	{ 1, "LLC" },
	{ 0, NULL },
};

static const struct field fields[] = {
	{ "tr.ac", "Access control", 0, 8, FIELD_HEX, .help = "IEEE 802.5 3.2.2" },
	{ "tr.priority", "Priority", 0, 3, FIELD_DEC, .indent = 1, .help = "IEEE 802.5 3.2.2" },
	{ "tr.priority_reservation", "Reservation", 5, 3, FIELD_DEC, .indent = 1, .help = "IEEE 802.5 3.2.2" },
	{ "tr.fc", "Frame control", 8, 8, FIELD_HEX, .help = "IEEE 802.5 3.2.3" },
	{ "tr.frame_type", "Type", 8, 2, FIELD_DEC, .indent = 1, .words = types, .help = "IEEE 802.5 3.2.3.1" },
	{ "tr.dst", "Destination", 16, 48, FIELD_MAC, .help = "IEEE 802.5 3.2.4" },
	{ 0 },
};

static const struct field route_fields[] = {
	{ "tr.rif_bytes", "Routing bytes", 3, 5, FIELD_DEC, .help = "IEEE 802.1D C.3.3" },
	{ "tr.direction", "Direction", 8, 1, FIELD_DEC, .help = "IEEE 802.1D C.3.3" },
	{ 0 },
};

static const struct field routed_field[] = {
	{ "tr.sr", "Source routed", 64, 1, FIELD_BOOL, .help = "routing information follows" },
	{ 0 },
};

/* Without the bit that tells of routing information. */
static void show_source(struct dissect *d, uint32_t off)
{
	static const struct field row = { "tr.src", "Source", .help = "IEEE 802.5 3.2.4" };
	const uint8_t *b = cursor_at(&d->c, off, 6);
	char text[18];

	if (!d->tree || !b)
		return;
	snprintf(text, sizeof text, "%02x:%02x:%02x:%02x:%02x:%02x", b[0] & ~ROUTED & 0xff, b[1], b[2], b[3], b[4],
		 b[5]);
	field_line(d, &row, off, 6, text, "");
}

void decode_token_ring(struct dissect *d)
{
	struct cursor at = d->c;
	const uint8_t *b = cursor_at(&d->c, at.off, HEADER);
	unsigned line = dissect_layer(d, PROTO_TOKEN_RING);
	uint32_t routing = 0;

	field_table(d, &at, fields);
	cursor_skip(&d->c, HEADER);
	if (b) {
		show_source(d, at.off + 8);
		field_table(d, &at, routed_field);
	}
	if (b && (b[8] & ROUTED)) {
		const uint8_t *r = cursor_at(&d->c, d->c.off, 1);

		routing = r ? r[0] & LENGTH : 2;
		field_table(d, &d->c, route_fields);
		cursor_skip(&d->c, routing);
	}
	if (d->c.err) {
		dissect_short(d, "the token ring header is cut short");
		return;
	}
	dissect_layer_end(d, line, at.off);
	dissect_next(d, b && b[1] >> 6 == 1 ? PROTO_LLC : PROTO_DATA);
}
