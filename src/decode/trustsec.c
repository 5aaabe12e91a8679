/* Cisco metadata (EtherType 0x8909): version 1 byte, length 1, option 2, security group tag 2, then
 * the EtherType of what follows. In GRE the EtherType comes first.
 */
#include "decode/dissect.h"

enum { HEADER = 8, VERSION = 1 };

static const struct field fields[] = {
	{ "cmd.version", "Version", 0, 8, FIELD_DEC, .help = "1" },
	{ "cmd.sgt", "Security group", 32, 16, FIELD_DEC, .help = "of the sender" },
	{ 0 },
};

void decode_trustsec(struct dissect *d)
{
	static const struct layer layer = { PROTO_TRUSTSEC, fields, HEADER, "the Cisco metadata is cut short", 0 };
	struct cursor look = d->c;
	uint16_t first = cursor_be16(&look), last;

	cursor_skip(&look, HEADER - 4);
	last = cursor_be16(&look);
	if (dissect_header(d, &layer))
		dissect_ethertype(d, first >> 8 == VERSION ? last : first);
}
