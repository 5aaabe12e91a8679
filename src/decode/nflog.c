/* Packets that Linux' netfilter logged, tcpdump.org LINKTYPE_NFLOG: family 1 byte, version 1,
 * resource 2 (big-endian), then elements: length 2, type 2 in the order of the machine, here
 * little-endian, value, padding to 4. Element 9 is the packet.
 */
#include "decode/dissect.h"

#include <stddef.h>
#include <sys/socket.h>

enum { HEADER = 4, ELEMENT = 4, PAYLOAD = 9 };

static const struct field_word families[] = {
	{ AF_INET, "IPv4" },
	{ AF_INET6, "IPv6" },
	{ 0, NULL },
};

static const struct field fields[] = {
	{ "nflog.family", "Family", 0, 8, FIELD_DEC, .words = families, .help = "Linux' AF_ number" },
	{ "nflog.version", "Version", 8, 8, FIELD_DEC, .help = "0" },
	{ "nflog.res_id", "Group", 16, 16, FIELD_DEC, .help = "of the rule that logged it" },
	{ 0 },
};

static const struct field element_fields[] = {
	{ "nflog.tlv_length", "Element length", 0, 16, FIELD_DEC, .little = true, .help = "with this header" },
	{ "nflog.tlv_type", "Type", 16, 16, FIELD_HEX, .indent = 1, .little = true,
	  .help = "linux/netfilter/nfnetlink_log.h" },
	{ 0 },
};

void decode_nflog(struct dissect *d)
{
	static const struct layer layer = { PROTO_NFLOG, fields, HEADER, "the NFLOG header is cut short", 0 };
	struct cursor look = d->c;
	uint8_t family = cursor_u8(&look);

	if (!dissect_header(d, &layer))
		return;
	while (!d->c.err && cursor_left(&d->c)) {
		uint16_t length, type;

		look = d->c;
		length = cursor_le16(&look);
		type = cursor_le16(&look);
		if (look.err || length < ELEMENT) {
			d->c.err = look.err ? look.err : CURSOR_MALFORMED;
			break;
		}
		field_table(d, &d->c, element_fields);
		if (type == PAYLOAD) {
			cursor_limit(&d->c, length);
			cursor_skip(&d->c, ELEMENT);
			dissect_next(d, family == AF_INET ? PROTO_IPV4 : family == AF_INET6 ? PROTO_IPV6 : PROTO_DATA);
			return;
		}
		cursor_skip(&d->c, (length + 3u) & ~3u);
	}
	dissect_short(d, "an NFLOG element is cut short");
}
