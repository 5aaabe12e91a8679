/* IPsec: what can be read of it without keys.
 *
 * Encapsulating Security Payload, RFC 4303 2: security parameters index 4 bytes, sequence number 4,
 * then ciphertext. In UDP (RFC 3948) 4 zero bytes are IKE, one byte 0xff keeps a NAT's mapping.
 *
 * Authentication Header, RFC 4302 2:
 * +---------------+---------------+-------------------------------+
 * |  Next Header  |  Payload Len  |           Reserved            |
 * +---------------+---------------+-------------------------------+
 * |  Security Parameters Index, Sequence Number, check value ...  |
 * +---------------------------------------------------------------+
 */
#include "decode/dissect.h"

#include "util/buf.h"

#include <netinet/in.h>

enum { AH = 12, ESP = 8 };

static const struct field esp_fields[] = {
	{ "esp.spi", "Security parameters index", 0, 32, FIELD_HEX,
	  .help = "names the security association, RFC 4303 2.1" },
	{ "esp.sequence", "Sequence number", 32, 32, FIELD_DEC, .help = "against replays, RFC 4303 2.2" },
	{ 0 },
};

static const struct field ah_fields[] = {
	{ "ah.next_header", "Next header", 0, 8, FIELD_DEC, .words = ip_protocols, .help = "what follows" },
	{ "ah.length", "Length", 8, 8, FIELD_DEC, .help = "in words of 4 bytes, less 2, RFC 4302 2.2" },
	{ "ah.spi", "Security parameters index", 32, 32, FIELD_HEX,
	  .help = "names the security association, RFC 4302 2.4" },
	{ "ah.sequence", "Sequence number", 64, 32, FIELD_DEC, .help = "against replays, RFC 4302 2.5" },
	{ "ah.icv", "Integrity check value", 96, 0, FIELD_BYTES, .help = "authenticates the packet, RFC 4302 2.6" },
	{ 0 },
};

void decode_esp(struct dissect *d)
{
	static const struct layer layer = { PROTO_ESP, esp_fields, ESP, "the ESP header is cut short", 0 };
	struct cursor at = d->c;
	uint32_t spi = cursor_be32(&at), sequence = cursor_be32(&at);

	if (!dissect_header(d, &layer))
		return;
	if (d->words && dissect_outermost(d) && !d->p->has_ports)
		buf_printf(d->words, "ESP spi=0x%08x seq=%u len=%u", spi, sequence, cursor_left(&d->c));
	dissect_next(d, PROTO_DATA);
}

void decode_natt(struct dissect *d)
{
	struct cursor look = d->c;
	uint32_t first = cursor_be32(&look);

	dissect_layer(d, PROTO_NATT);
	if (look.err == CURSOR_OK && first)
		dissect_next(d, PROTO_ESP);
	else
		dissect_next(d, PROTO_DATA);
}

void decode_ah(struct dissect *d)
{
	struct cursor at = d->c, header;
	unsigned line = dissect_layer(d, PROTO_AH);
	uint8_t next = cursor_u8(&at);
	uint32_t size = (cursor_u8(&at) + 2u) * 4;

	if (!at.err && size < AH) {
		dissect_malformed(d, "the AH length is below that of the header");
		return;
	}
	at = d->c;
	header = cursor_part(&d->c, size);
	field_table(d, header.err ? &at : &header, ah_fields);
	if (d->c.err) {
		dissect_short(d, "the authentication header is cut short");
		return;
	}
	dissect_layer_end(d, line, at.off);
	if (d->pseudo) /* the sum of IP's header had this header's number for the next's */
		d->pseudo += next - (uint32_t)IPPROTO_AH;
	if (dissect_outermost(d))
		d->p->ip_proto = next;
	dissect_payload(d);
	dissect_by(d, ip_routes, next);
}
