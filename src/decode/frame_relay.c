/* Frame relay, ITU-T Q.922 3.3, and what it carries, RFC 2427 3:
 *
 * +-----------+-+-+-------+-+-+-+-+---------------+---------------+
 * | DLCI high |C|0| DLCI  |F|B|D|1| Control 0x03  |     NLPID     |
 * +-----------+-+-+-------+-+-+-+-+---------------+---------------+
 *
 * Up to two bytes more of address until the last bit (EA) is 1. Cisco puts an EtherType in the
 * place of control and NLPID.
 */
#include "decode/dissect.h"

#include "util/buf.h"

#include <stddef.h>

enum { LAST = 1, UNNUMBERED = 3, PADDING = 0, IPV4 = 0xcc, IPV6 = 0x8e, SNAP = 0x80, PPP = 0xcf };
enum { ADDRESS_MAX = 4, LINKTYPE_WITH_DIR = 206 };

static const struct field_word nlpids[] = {
	{ 0x00, "padding" }, { 0x08, "Q.933" }, { 0x80, "SNAP" }, { 0x81, "CLNP" },
	{ 0x82, "ES-IS" },   { 0x83, "IS-IS" }, { 0x8e, "IPv6" }, { 0xb1, "fragment" },
	{ 0xcc, "IPv4" },    { 0xcf, "PPP" },   { 0, NULL },
};

static const struct field address_fields[] = {
	{ "fr.cr", "Command or response", 6, 1, FIELD_BOOL, .help = "Q.922 3.3.2" },
	{ "fr.fecn", "Congestion ahead", 12, 1, FIELD_BOOL, .help = "Q.922 3.3.6" },
	{ "fr.becn", "Congestion behind", 13, 1, FIELD_BOOL, .help = "Q.922 3.3.6" },
	{ "fr.de", "Discard eligible", 14, 1, FIELD_BOOL, .help = "Q.922 3.3.6" },
	{ 0 },
};

static const struct field control_fields[] = {
	{ "fr.control", "Control", 0, 8, FIELD_HEX, .help = "unnumbered, RFC 2427 3" },
	{ 0 },
};

static const struct field nlpid_field[] = {
	{ "fr.nlpid", "Protocol", 0, 8, FIELD_HEX, .words = nlpids, .help = "what follows, RFC 2427 A" },
	{ 0 },
};

static const struct field type_field[] = {
	{ "fr.chdlctype", "Type", 0, 16, FIELD_HEX, .words = ether_types, .help = "EtherType, Cisco's encapsulation" },
	{ 0 },
};

static const struct field snap_fields[] = {
	{ "fr.snap.oui", "Organisation", 0, 24, FIELD_HEX, .help = "RFC 2427 3" },
	{ "fr.snap.pid", "Protocol", 24, 16, FIELD_HEX, .help = "RFC 2427 3" },
	{ 0 },
};

/* The circuit's number, from the bits of all bytes of the address. */
static uint32_t address(struct dissect *d)
{
	static const struct field row = { "fr.dlci", "Circuit", 0,
					  32,        FIELD_DEC, .help = "data link connection, Q.922 3.3.6" };
	struct cursor at = d->c;
	uint8_t b = cursor_u8(&d->c);
	uint32_t dlci = b >> 2, bytes = 1;

	while (!(b & LAST) && bytes < ADDRESS_MAX && !d->c.err) {
		b = cursor_u8(&d->c);
		dlci = bytes == 1 ? dlci << 4 | b >> 4 : b & LAST ? dlci << 6 | b >> 2 : dlci << 7 | b >> 1;
		bytes++;
	}
	field_number(d, &row, at.off, bytes, dlci);
	field_table(d, &at, address_fields);
	return dlci;
}

static void snap(struct dissect *d)
{
	static const struct route bridged[] = {
		{ 0x0001, PROTO_ETHERNET },
		{ 0x0007, PROTO_ETHERNET },
		{ 0x000e, PROTO_STP },
		{ 0, PROTO_NONE },
	};
	uint32_t org;
	uint16_t pid;

	field_table(d, &d->c, snap_fields);
	org = (uint32_t)cursor_be16(&d->c) << 8;
	org |= cursor_u8(&d->c);
	pid = cursor_be16(&d->c);
	if (d->c.err)
		dissect_short(d, "the SNAP header is cut short");
	else if (!org)
		dissect_ethertype(d, pid);
	else
		dissect_by(d, bridged, pid);
}

static void multiprotocol(struct dissect *d, uint32_t dlci)
{
	static const struct route routes[] = {
		{ IPV4, PROTO_IPV4 },
		{ IPV6, PROTO_IPV6 },
		{ PPP, PROTO_PPP },
		{ 0, PROTO_NONE },
	};
	uint8_t nlpid;
	const char *name;

	field_table(d, &d->c, control_fields);
	cursor_skip(&d->c, 1);
	if (cursor_at(&d->c, d->c.off, 1) && *cursor_at(&d->c, d->c.off, 1) == PADDING)
		cursor_skip(&d->c, 1);
	field_table(d, &d->c, nlpid_field);
	nlpid = cursor_u8(&d->c);
	name = field_word(nlpids, nlpid);
	if (d->words && route_find(routes, nlpid) == PROTO_DATA && nlpid != SNAP)
		buf_printf(d->words, "frame relay dlci=%u %s len=%u", dlci, name ? name : "", cursor_left(&d->c));
	if (d->c.err)
		dissect_short(d, "the frame relay header is cut short");
	else if (nlpid == SNAP)
		snap(d);
	else
		dissect_by(d, routes, nlpid);
}

void decode_frame_relay(struct dissect *d)
{
	uint32_t start, dlci;
	unsigned line;
	struct cursor look;
	uint8_t control;
	uint16_t type;

	if (!d->c.off && d->p->linktype == LINKTYPE_WITH_DIR)
		dissect_direction(d);
	start = d->c.off;
	line = dissect_layer(d, PROTO_FRAME_RELAY);
	dlci = address(d);
	if (d->c.err) {
		dissect_short(d, "the frame relay header is cut short");
		return;
	}
	look = d->c;
	control = cursor_u8(&look);
	look = d->c;
	type = cursor_be16(&look);
	dissect_layer_end(d, line, start);
	if (control == UNNUMBERED) {
		multiprotocol(d, dlci);
	} else if (!look.err && route_find(ethertype_routes, type) != PROTO_DATA) {
		field_table(d, &d->c, type_field);
		cursor_skip(&d->c, 2);
		dissect_by(d, ethertype_routes, type);
	} else {
		if (d->words)
			buf_printf(d->words, "frame relay dlci=%u len=%u", dlci, cursor_left(&d->c));
		dissect_next(d, PROTO_DATA);
	}
}
