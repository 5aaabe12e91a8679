/* Raw IP (LINKTYPE_RAW): no link header; the IP version tells 4 from 6. */
#include "decode/dissect.h"

#include <stdio.h>

static const struct field rebuilt_field = {
	.name = "sockeye.rebuilt",
	.label = "Rebuilt",
	.help = "header that the kernel keeps back from a raw socket, put together here from what "
		"it tells beside the packet (RFC 3542): addresses, hop limit, class and flow label "
		"are true; lengths and the chain of headers are ours, a fragment header is gone",
};

/* What was not seen must not be taken for the wire's. */
static void show_rebuilt(struct dissect *d)
{
	char value[16];

	if (!d->tree || !d->p->rebuilt)
		return;
	snprintf(value, sizeof value, "%u", (unsigned)d->p->rebuilt);
	field_line(d, &rebuilt_field, 0, d->p->rebuilt < d->p->cap ? d->p->rebuilt : d->p->cap, value,
		   "not wire bytes: the header was rebuilt from ancillary data");
}

void decode_raw(struct dissect *d)
{
	struct cursor look = d->c;
	uint8_t version = cursor_u8(&look) >> 4;

	dissect_layer(d, PROTO_RAW);
	show_rebuilt(d);
	if (look.err) {
		d->c.err = look.err;
		dissect_short(d, "there is no IP header");
		return;
	}
	dissect_next(d, version == 4 ? PROTO_IPV4 : version == 6 ? PROTO_IPV6 : PROTO_DATA);
}
