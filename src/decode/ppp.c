/* Point-to-Point Protocol, RFC 1661 2, in HDLC-like framing, RFC 1662 3.1:
 *
 * +---------------+---------------+-------------------------------+
 * | Address 0xff  | Control 0x03  | Protocol 2 bytes, or 1 (odd)  |
 * +---------------+---------------+-------------------------------+
 *
 * PPPoE and negotiated compression leave address and control out. The control protocols (LCP and
 * those of RFC 1661 5) begin with code 1, identifier 1, length 2.
 */
#include "decode/dissect.h"

#include "util/buf.h"

#include <stddef.h>

enum { LINKTYPE_PPPD = 166, LINKTYPE_WITH_DIR = 204 };
enum { ALL_STATIONS = 0xff, UNNUMBERED = 0x03, CISCO = 0x0f, CISCO_MULTICAST = 0x8f };
enum { CONTROL_PROTOCOLS = 0x8000 };

static const struct field_word protocols[] = {
	{ 0x0021, "IPv4" },
	{ 0x002b, "IPX" },
	{ 0x002d, "Van Jacobson TCP" },
	{ 0x002f, "Van Jacobson uncompressed" },
	{ 0x0031, "bridged" },
	{ 0x003d, "multilink" },
	{ 0x0057, "IPv6" },
	{ 0x00fd, "compressed" },
	{ 0x0281, "MPLS" },
	{ 0x8021, "IPCP" },
	{ 0x8031, "BCP" },
	{ 0x8057, "IPV6CP" },
	{ 0x80fd, "CCP" },
	{ 0x8281, "MPLSCP" },
	{ 0xc021, "LCP" },
	{ 0xc023, "PAP" },
	{ 0xc025, "link quality" },
	{ 0xc223, "CHAP" },
	{ 0xc227, "EAP" },
	{ 0, NULL },
};

static const struct route routes[] = {
	{ 0x0021, PROTO_IPV4 }, { 0x0057, PROTO_IPV6 }, { 0x0281, PROTO_MPLS },
	{ 0x0283, PROTO_MPLS }, { 0, PROTO_NONE },
};

static const struct field_word codes[] = {
	{ 1, "configure request" }, { 2, "configure acknowledgement" }, { 3, "configure no acknowledgement" },
	{ 4, "configure reject" },  { 5, "terminate request" },         { 6, "terminate acknowledgement" },
	{ 7, "code reject" },       { 8, "protocol reject" },           { 9, "echo request" },
	{ 10, "echo reply" },       { 11, "discard request" },          { 0, NULL },
};

static const struct field hdlc_fields[] = {
	{ "ppp.address", "Address", 0, 8, FIELD_HEX, .help = "all stations, RFC 1662 3.1" },
	{ "ppp.control", "Control", 8, 8, FIELD_HEX, .help = "unnumbered, RFC 1662 3.1" },
	{ 0 },
};

static const struct field protocol_2[] = {
	{ "ppp.protocol", "Protocol", 0, 16, FIELD_HEX, .words = protocols, .help = "what follows, RFC 1661 2" },
	{ 0 },
};

static const struct field protocol_1[] = {
	{ "ppp.protocol", "Protocol", 0, 8, FIELD_HEX, .words = protocols, .digits = 4,
	  .help = "what follows; its first byte was left out, RFC 1661 6.5" },
	{ 0 },
};

static const struct field control_fields[] = {
	{ "ppp.code", "Code", 0, 8, FIELD_DEC, .words = codes, .help = "RFC 1661 5" },
	{ "ppp.identifier", "Identifier", 8, 8, FIELD_DEC, .help = "the reply repeats it, RFC 1661 5" },
	{ "ppp.length", "Length", 16, 16, FIELD_DEC, .help = "bytes from the code on" },
	{ 0 },
};

static void say(struct dissect *d, uint16_t protocol)
{
	const char *name = field_word(protocols, protocol);
	struct cursor look = d->c;
	const char *code = field_word(codes, cursor_u8(&look));

	if (!d->words || d->nested || route_find(routes, protocol) != PROTO_DATA)
		return;
	if (name)
		buf_printf(d->words, "PPP %s", name);
	else
		buf_printf(d->words, "PPP protocol 0x%04x", protocol);
	if (protocol >= CONTROL_PROTOCOLS && protocol <= 0xc021 && code)
		buf_printf(d->words, " %s", code);
	buf_printf(d->words, " len=%u", cursor_left(&d->c));
}

static void framing(struct dissect *d)
{
	const uint8_t *b;

	if (d->c.off == 0 && (d->p->linktype == LINKTYPE_WITH_DIR || d->p->linktype == LINKTYPE_PPPD))
		dissect_direction(d);
	b = cursor_at(&d->c, d->c.off, 2);
	if (b && b[0] == ALL_STATIONS && b[1] == UNNUMBERED) {
		field_table(d, &d->c, hdlc_fields);
		cursor_skip(&d->c, 2);
	}
}

static uint16_t protocol_number(struct dissect *d)
{
	struct cursor at = d->c;
	uint8_t first = cursor_u8(&d->c);

	field_table(d, &at, first & 1 ? protocol_1 : protocol_2);
	if (first & 1)
		return first;
	return (uint16_t)(first << 8 | cursor_u8(&d->c));
}

void decode_ppp(struct dissect *d)
{
	struct cursor at = d->c, look = d->c;
	uint8_t first = cursor_u8(&look);
	uint16_t protocol;
	unsigned line;

	if (!at.off && (first == CISCO || first == CISCO_MULTICAST)) {
		dissect_next(d, PROTO_CHDLC);
		return;
	}
	line = dissect_layer(d, PROTO_PPP);
	framing(d);
	protocol = protocol_number(d);
	if (d->c.err) {
		dissect_short(d, "the PPP header is cut short");
		return;
	}
	field_meaning(d, line, field_word(protocols, protocol));
	if (protocol >= CONTROL_PROTOCOLS)
		field_table(d, &d->c, control_fields);
	dissect_layer_end(d, line, at.off);
	say(d, protocol);
	dissect_by(d, routes, protocol);
}
