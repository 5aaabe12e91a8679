/* Endace's extensible record format, tcpdump.org LINKTYPE_ERF: time 8 bytes (little-endian, fixed
 * point), type 1 (bit 7: extension headers of 8 bytes follow), flags 1, record length 2, losses 2,
 * wire length 2. Ethernet has an offset and padding, 2 bytes, before the frame.
 */
#include "decode/dissect.h"

#include <stddef.h>

enum { HEADER = 16, EXTENSION = 8, MORE = 0x80, MOST_EXTENSIONS = 16 };
enum { HDLC = 1, ETHERNET = 2, COLOR_HDLC = 10, COLOR_ETHERNET = 11, DSM_HDLC = 15 };
enum { DSM_ETHERNET = 16, HASH_HDLC = 19, HASH_ETHERNET = 20, IPV4 = 22, IPV6 = 23 };

static const struct field_word types[] = {
	{ HDLC, "HDLC" },
	{ ETHERNET, "Ethernet" },
	{ 3, "ATM" },
	{ 4, "AAL5" },
	{ COLOR_HDLC, "HDLC with a colour" },
	{ COLOR_ETHERNET, "Ethernet with a colour" },
	{ DSM_HDLC, "HDLC with a filter" },
	{ DSM_ETHERNET, "Ethernet with a filter" },
	{ HASH_HDLC, "HDLC with a hash" },
	{ HASH_ETHERNET, "Ethernet with a hash" },
	{ 21, "InfiniBand" },
	{ IPV4, "IPv4" },
	{ IPV6, "IPv6" },
	{ 27, "meta" },
	{ 0, NULL },
};

static const struct field fields[] = {
	{ "erf.types.type", "Type", 65, 7, FIELD_DEC, .words = types, .help = "of the record" },
	{ "erf.types.ext_header", "Extensions", 64, 1, FIELD_DEC, .help = "some follow" },
	{ "erf.flags", "Flags", 72, 8, FIELD_HEX, .help = "its low 2 bits: the interface" },
	{ "erf.rlen", "Record length", 80, 16, FIELD_DEC, .help = "with this header" },
	{ "erf.lctr", "Lost", 96, 16, FIELD_DEC, .help = "packets since the last record" },
	{ "erf.wlen", "Wire length", 112, 16, FIELD_DEC, .help = "of the frame" },
	{ 0 },
};

static void payload(struct dissect *d, uint8_t type)
{
	const uint8_t *b = cursor_at(&d->c, d->c.off, 2);

	switch (type) {
	case ETHERNET:
	case COLOR_ETHERNET:
	case DSM_ETHERNET:
	case HASH_ETHERNET:
		if (cursor_skip(&d->c, 2))
			dissect_next(d, PROTO_ETHERNET);
		else
			dissect_short(d, "the ERF header is cut short");
		break;
	case HDLC:
	case COLOR_HDLC:
	case DSM_HDLC:
	case HASH_HDLC: /* Cisco's addresses are 0x0f and 0x8f */
		dissect_next(d, b && (b[0] & 0x7f) == 0x0f ? PROTO_CHDLC : PROTO_PPP);
		break;
	case IPV4: dissect_next(d, PROTO_IPV4); break;
	case IPV6: dissect_next(d, PROTO_IPV6); break;
	default: dissect_next(d, PROTO_DATA);
	}
}

void decode_erf(struct dissect *d)
{
	struct cursor at = d->c;
	unsigned line = dissect_layer(d, PROTO_ERF);
	uint8_t type, more;

	field_table(d, &at, fields);
	cursor_skip(&d->c, 8);
	more = type = cursor_u8(&d->c);
	cursor_skip(&d->c, HEADER - 9);
	for (int i = 0; i < MOST_EXTENSIONS && (more & MORE) && !d->c.err; i++) {
		more = cursor_u8(&d->c);
		cursor_skip(&d->c, EXTENSION - 1);
	}
	if (d->c.err) {
		dissect_short(d, "the ERF header is cut short");
		return;
	}
	dissect_layer_end(d, line, at.off);
	payload(d, type & 0x7f);
}
