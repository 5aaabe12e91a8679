/* Multiprotocol Label Switching, RFC 3032 2.1, one entry of 4 bytes a label:
 *
 * +---------------------------------------+-----+-+---------------+
 * |                Label                  | TC  |S|      TTL      |
 * +---------------------------------------+-----+-+---------------+
 *
 * Nothing tells what follows the last label (S): the first four bits decide, as in routers; a 0 is
 * a control word of a pseudowire (RFC 4385), with which most carry Ethernet.
 */
#include "decode/dissect.h"

#include <stddef.h>

enum { BOTTOM = 1 << 8, ENTRIES = 32, CONTROL = 4, ETHERNET = 14 };

static const struct field_word labels[] = {
	{ 0, "IPv4 explicit null" },
	{ 1, "router alert" },
	{ 2, "IPv6 explicit null" },
	{ 3, "implicit null" },
	{ 7, "entropy label indicator" },
	{ 13, "generic associated channel" },
	{ 14, "OAM alert" },
	{ 0, NULL },
};

static const struct field fields[] = {
	{ "mpls.label", "Label", 0, 20, FIELD_DEC, .words = labels,
	  .help = "where the next router sends it, RFC 3032 2.1" },
	{ "mpls.exp", "Traffic class", 20, 3, FIELD_DEC, .indent = 1, .help = "RFC 5462" },
	{ "mpls.bottom", "Bottom of stack", 23, 1, FIELD_DEC, .indent = 1, .help = "the last label, RFC 3032 2.1" },
	{ "mpls.ttl", "Time to live", 24, 8, FIELD_DEC, .indent = 1, .help = "RFC 3443" },
	{ 0 },
};

static void pseudowire(struct dissect *d)
{
	static const struct field word = { .name = "pwethcw",
					   .label = "Control word",
					   .help = "of an Ethernet pseudowire, RFC 4448 4.6" };

	if (cursor_left(&d->c) < CONTROL + ETHERNET) {
		dissect_next(d, PROTO_DATA);
		return;
	}
	field_line(d, &word, d->c.off, CONTROL, "", "");
	cursor_skip(&d->c, CONTROL);
	dissect_next(d, PROTO_ETHERNET);
}

static void payload(struct dissect *d)
{
	struct cursor look = d->c;
	uint8_t first = cursor_u8(&look);

	switch (look.err ? 15 : first >> 4) {
	case 0: pseudowire(d); break;
	case 4: dissect_next(d, PROTO_IPV4); break;
	case 6: dissect_next(d, PROTO_IPV6); break;
	default: dissect_next(d, PROTO_DATA); break;
	}
}

void decode_mpls(struct dissect *d)
{
	uint32_t start = d->c.off, entry = 0, labelled = 0;
	unsigned line = dissect_layer(d, PROTO_MPLS);

	while (!d->c.err && !(entry & BOTTOM) && labelled < ENTRIES) {
		field_table(d, &d->c, fields);
		entry = cursor_be32(&d->c);
		labelled++;
	}
	if (d->c.err) {
		dissect_short(d, "the MPLS labels are cut short");
		return;
	}
	dissect_layer_end(d, line, start);
	payload(d);
}
