/* Encapsulated Remote Switch Packet Analysis, draft-foschiano-erspan 4.2 (type II), 4.3 (type III):
 *
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------+-----------------------+-----+---+-+-------------------+
 * |  Ver  |          VLAN         | COS | En|T|    Session ID     |
 * +-------+-----------------------+-----+---+-+-------------------+
 * |      Reserved         |                  Index                |
 * +-----------------------+---------------------------------------+
 *
 * Type III has 12 bytes, and 8 more where the last bit of the third word says so.
 */
#include "decode/dissect.h"

enum { TYPE_2 = 1, TYPE_3 = 2, SIZE_2 = 8, SIZE_3 = 12, SUBHEADER = 8 };

static const struct field fields[] = {
	{ "erspan.version", "Version", 0, 4, FIELD_DEC, .help = "1 is type II, 2 is type III" },
	{ "erspan.vlan", "VLAN", 4, 12, FIELD_DEC, .help = "of the mirrored frame" },
	{ "erspan.cos", "Class of service", 16, 3, FIELD_DEC, .help = "of the mirrored frame" },
	{ "erspan.truncated", "Truncated", 21, 1, FIELD_DEC, .help = "the frame was cut" },
	{ "erspan.spanid", "Session", 22, 10, FIELD_DEC, .help = "which mirror session" },
	{ 0 },
};

static const struct field index_fields[] = {
	{ "erspan.index", "Index", 44, 20, FIELD_DEC, .help = "port and direction, by platform" },
	{ 0 },
};

static const struct field stamp_fields[] = {
	{ "erspan.timestamp", "Time stamp", 32, 32, FIELD_DEC, .help = "in units of Gra" },
	{ "erspan.sgt", "Security group tag", 64, 16, FIELD_DEC, .help = "of the frame" },
	{ 0 },
};

void decode_erspan(struct dissect *d)
{
	struct cursor at = d->c, look = d->c;
	unsigned line = dissect_layer(d, PROTO_ERSPAN);
	uint8_t version = cursor_u8(&look) >> 4;

	field_table(d, &at, fields);
	field_table(d, &at, version == TYPE_3 ? stamp_fields : index_fields);
	cursor_skip(&d->c, version == TYPE_3 ? SIZE_3 : SIZE_2);
	if (version == TYPE_3 && !d->c.err && (*cursor_at(&at, at.off + SIZE_3 - 1, 1) & 1))
		cursor_skip(&d->c, SUBHEADER);
	if (d->c.err) {
		dissect_short(d, "the ERSPAN header is cut short");
		return;
	}
	dissect_layer_end(d, line, at.off);
	dissect_next(d, version == TYPE_2 || version == TYPE_3 ? PROTO_ETHERNET : PROTO_DATA);
}
