/* ARCNET, RFC 1201 2 (RFC 1051 has protocols of its own and no splitting): source 1 byte,
 * destination 1, protocol 1, then split flag 1 and sequence 2; a split flag of 255 is padding,
 * after which protocol, flag and sequence come again. Linux (LINKTYPE_ARCNET_LINUX) puts two bytes
 * of offset behind the addresses.
 */
#include "decode/dissect.h"

#include <stddef.h>

enum { LINKTYPE_LINUX = 129, OLD_IP = 240, OLD_ARP = 241, EXCEPTION = 255, LATER = 2 };

static const struct field_word protocols[] = {
	{ 212, "IPv4" },          { 213, "ARP" },  { 214, "RARP" }, { 240, "IPv4, RFC 1051" },
	{ 241, "ARP, RFC 1051" }, { 196, "IPv6" }, { 0, NULL },
};

static const struct route routes[] = {
	{ 212, PROTO_IPV4 }, { OLD_IP, PROTO_IPV4 }, { 213, PROTO_ARP }, { OLD_ARP, PROTO_ARP },
	{ 214, PROTO_ARP },  { 196, PROTO_IPV6 },    { 0, PROTO_NONE },
};

static const struct field addresses[] = {
	{ "arcnet.src", "Source", 0, 8, FIELD_HEX, .help = "station, RFC 1201 2.1" },
	{ "arcnet.dst", "Destination", 8, 8, FIELD_HEX, .help = "station; 0 is all" },
	{ 0 },
};

static const struct field protocol_field[] = {
	{ "arcnet.protID", "Protocol", 0, 8, FIELD_HEX, .words = protocols, .help = "what follows" },
	{ 0 },
};

static const struct field split_fields[] = {
	{ "arcnet.split_flag", "Split", 0, 8, FIELD_DEC, .help = "0: whole, RFC 1201 2.2" },
	{ "arcnet.sequence", "Sequence", 8, 16, FIELD_DEC, .help = "the pieces share it" },
	{ 0 },
};

/* Returns the split flag. */
static uint8_t split(struct dissect *d)
{
	struct cursor at = d->c;
	uint8_t flag = cursor_u8(&d->c);

	if (flag == EXCEPTION) { /* padding, the protocol again, and the real ones */
		cursor_skip(&d->c, 3);
		at = d->c;
		flag = cursor_u8(&d->c);
	}
	field_table(d, &at, split_fields);
	cursor_skip(&d->c, 2);
	return flag;
}

void decode_arcnet(struct dissect *d)
{
	struct cursor at = d->c;
	unsigned line = dissect_layer(d, PROTO_ARCNET);
	uint8_t protocol, flag = 0;

	field_table(d, &at, addresses);
	cursor_skip(&d->c, d->p->linktype == LINKTYPE_LINUX ? 4 : 2);
	field_table(d, &d->c, protocol_field);
	protocol = cursor_u8(&d->c);
	if (protocol != OLD_IP && protocol != OLD_ARP)
		flag = split(d);
	if (d->c.err) {
		dissect_short(d, "the ARCNET header is cut short");
		return;
	}
	dissect_layer_end(d, line, at.off);
	if (flag && flag % LATER == 0) /* a piece that is not the first */
		dissect_next(d, PROTO_DATA);
	else
		dissect_by(d, routes, protocol);
}
