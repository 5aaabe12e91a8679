/* Apple's packet tap, tcpdump.org LINKTYPE_PKTAP: header length 4 bytes, record type 4, link type
 * 4, interface 24, flags 4, family 4, link header and trailer lengths 4 each, process 4, its name
 * 20 …; little-endian. What follows is of that link type.
 */
#include "decode/dissect.h"

enum { LEAST = 56, NAMED = 76, IN = 1, OUT = 2 };

static const struct field fields[] = {
	{ "pktap.hdrlen", "Length", 0, 32, FIELD_DEC, .little = true, .help = "of this header" },
	{ "pktap.rectype", "Record", 32, 32, FIELD_DEC, .little = true, .help = "1 is a packet" },
	{ "pktap.dlt", "Link type", 64, 32, FIELD_DEC, .little = true, .help = "of the packet" },
	{ "pktap.flags", "Flags", 288, 32, FIELD_HEX, .little = true, .help = "1 in, 2 out" },
	{ "pktap.pfamily", "Family", 320, 32, FIELD_DEC, .little = true, .help = "Darwin's PF_" },
	{ "pktap.llhdrlen", "Link header", 352, 32, FIELD_DEC, .little = true, .help = "bytes" },
	{ "pktap.lltrlrlen", "Link trailer", 384, 32, FIELD_DEC, .little = true, .help = "bytes" },
	{ "pktap.pid", "Process", 416, 32, FIELD_DEC, .little = true, .help = "that owns it" },
	{ 0 },
};

void decode_pktap(struct dissect *d)
{
	static const struct field name = { "pktap.ifname", "Interface", .help = "its name" };
	static const struct field command = { "pktap.cmdname", "Program", .help = "that owns it" };
	struct cursor at = d->c, look = d->c;
	unsigned line = dissect_layer(d, PROTO_PKTAP);
	uint32_t length = cursor_le32(&look), linktype, flags;

	field_table(d, &at, fields);
	if (!look.err && length < LEAST) {
		dissect_malformed(d, "the PKTAP length is below that of the header");
		return;
	}
	cursor_skip(&look, 4);
	linktype = cursor_le32(&look);
	cursor_skip(&look, 24);
	flags = cursor_le32(&look);
	cursor_skip(&d->c, look.err ? LEAST : length);
	if (d->c.err) {
		dissect_short(d, "the PKTAP header is cut short");
		return;
	}
	if (d->p->direction == DIRECTION_UNKNOWN && (flags & (IN | OUT)))
		d->p->direction = flags & IN ? DIRECTION_IN : DIRECTION_OUT;
	dissect_text(d, &name, at.off + 12, 24);
	if (length >= NAMED)
		dissect_text(d, &command, at.off + 56, 20);
	dissect_layer_end(d, line, at.off);
	if (linktype <= UINT16_MAX)
		dissect_by(d, linktype_routes, (uint16_t)linktype);
	else
		dissect_next(d, PROTO_DATA);
}
