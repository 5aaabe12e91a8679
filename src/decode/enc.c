/* OpenBSD's encapsulating interface, enc(4), tcpdump.org LINKTYPE_ENC: address family 4 bytes in
 * the order of the machine, SPI 4, flags 4. The packet follows as it is outside of IPsec.
 */
#include "decode/dissect.h"

enum { HEADER = 12 };

static const struct field fields[] = {
	{ "enc.spi", "SPI", 32, 32, FIELD_HEX, .help = "security association, RFC 4301 4.1" },
	{ "enc.flags", "Flags", 64, 32, FIELD_HEX, .help = "enc(4)" },
	{ 0 },
};

void decode_enc(struct dissect *d)
{
	static const struct field row = { "enc.af", "Family", 0, 32, FIELD_DEC, .help = "BSD's AF_ number" };
	struct cursor look = d->c;
	uint32_t family = cursor_be32(&look);

	if (family > 0xffff)
		family = __builtin_bswap32(family);
	if (!dissect_header(d, &(struct layer){ PROTO_ENC, fields, HEADER, "the enc header is cut short", NULL }))
		return;
	field_number(d, &row, d->c.off - HEADER, 4, family);
	dissect_next(d, bsd_family(family));
}
