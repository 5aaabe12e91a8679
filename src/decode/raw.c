/* Raw IP (LINKTYPE_RAW): no link header; the IP version tells 4 from 6. */
#include "decode/dissect.h"

void decode_raw(struct dissect *d)
{
	struct cursor look = d->c;
	uint8_t version = cursor_u8(&look) >> 4;

	dissect_layer(d, PROTO_RAW);
	if (look.err) {
		d->c.err = look.err;
		dissect_short(d, "there is no IP header");
		return;
	}
	dissect_next(d, version == 4 ? PROTO_IPV4 : version == 6 ? PROTO_IPV6 : PROTO_DATA);
}
