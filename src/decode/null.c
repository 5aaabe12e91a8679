/* BSD loopback: the address family in 4 bytes, in the byte order of the machine that captured
 * (LINKTYPE_NULL) or big-endian (LINKTYPE_LOOP). https://www.tcpdump.org/linktypes.html
 */
#include "decode/dissect.h"

#include <stddef.h>

/* IPv6 has another number on every BSD, and on Linux. */
static const struct field_word families[] = {
	{ 2, "IPv4" }, { 10, "IPv6" }, { 24, "IPv6" }, { 28, "IPv6" }, { 30, "IPv6" }, { 0, NULL },
};

enum { AF_IPV4 = 2, LOWEST_TYPE = 1536, HDLC = 0xff03 };

enum proto bsd_family(uint32_t family)
{
	if (family == AF_IPV4)
		return PROTO_IPV4;
	return field_word(families, family) ? PROTO_IPV6 : PROTO_DATA;
}

static void loopback(struct dissect *d, enum proto proto)
{
	static const struct field row = { "null.family",
					  "Family",
					  0,
					  32,
					  FIELD_DEC,
					  .words = families,
					  .help = "address family of what follows, BSD's AF_ number" };
	uint32_t start = d->c.off, family;
	struct cursor look = d->c;
	unsigned line;

	if (cursor_be16(&look) == HDLC) { /* some systems put PPP's own header there */
		dissect_next(d, PROTO_PPP);
		return;
	}
	line = dissect_layer(d, proto);
	family = cursor_be32(&d->c);
	if (d->c.err) {
		dissect_short(d, "the loopback header is cut short");
		return;
	}
	if (family > 0xffff) /* no family is that large: a little-endian machine wrote it */
		family = __builtin_bswap32(family);
	field_number(d, &row, start, 4, family);
	dissect_layer_end(d, line, start);
	if (family >= LOWEST_TYPE) /* or an EtherType */
		dissect_by(d, ethertype_routes, (uint16_t)family);
	else
		dissect_next(d, bsd_family(family));
}

void decode_null(struct dissect *d)
{
	loopback(d, PROTO_NULL);
}

void decode_loop(struct dissect *d)
{
	loopback(d, PROTO_LOOP);
}
