/* Cisco HDLC (RFC 1547 4.3.1; tcpdump.org LINKTYPE_C_HDLC): address 1 byte (0x0f unicast, 0x8f
 * multicast), control 1 (0), EtherType 2. 0x8035 is the keep-alive (SLARP), 0x2000 is CDP.
 */
#include "decode/dissect.h"

#include "util/buf.h"

#include <stddef.h>

enum { LINKTYPE_WITH_DIR = 205, HEADER = 4, SLARP = 0x8035 };

static const struct field_word addresses[] = {
	{ 0x0f, "unicast" },
	{ 0x8f, "multicast" },
	{ 0, NULL },
};

static const struct field_word protocols[] = {
	{ 0x0800, "IPv4" }, { 0x86dd, "IPv6" }, { 0x8847, "MPLS" }, { 0x8035, "SLARP" },
	{ 0x2000, "CDP" },  { 0xfefe, "ISO" },  { 0, NULL },
};

static const struct field fields[] = {
	{ "chdlc.address", "Address", 0, 8, FIELD_HEX, .words = addresses, .help = "RFC 1547" },
	{ "chdlc.control", "Control", 8, 8, FIELD_HEX, .help = "0" },
	{ "chdlc.protocol", "Protocol", 16, 16, FIELD_HEX, .words = protocols, .help = "EtherType of what follows" },
	{ 0 },
};

void decode_chdlc(struct dissect *d)
{
	struct cursor look;
	uint16_t type;
	const char *name;

	if (!d->c.off && d->p->linktype == LINKTYPE_WITH_DIR)
		dissect_direction(d);
	look = d->c;
	cursor_skip(&look, 2);
	type = cursor_be16(&look);
	name = field_word(protocols, type);
	if (!dissect_header(d,
			    &(struct layer){ PROTO_CHDLC, fields, HEADER, "the Cisco HDLC header is cut short", name }))
		return;
	if (type != SLARP && route_find(ethertype_routes, type) != PROTO_DATA) {
		dissect_by(d, ethertype_routes, type);
		return;
	}
	if (d->words && name)
		buf_printf(d->words, "Cisco HDLC %s len=%u", name, cursor_left(&d->c));
	dissect_next(d, PROTO_DATA);
}
