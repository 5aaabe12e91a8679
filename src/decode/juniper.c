/* What Juniper's routers put before a captured packet, tcpdump.org LINKTYPE_JUNIPER_*: magic 3
 * bytes ("MGC"), flags 1 (1: came in; 2: without a link header; 0x80: extensions), length of the
 * extensions 2, extensions; then what the link type says. Without a link header there are 4 bytes
 * of address family first. Services have a cookie that differs by hardware: that is shown as bytes.
 */
#include "decode/dissect.h"

#include <stddef.h>

enum { MAGIC = 0x4d4743, IN = 1, BARE = 2, EXTENDED = 0x80, FAMILY = 4 };

static const struct route inner[] = {
	{ 133, PROTO_RAW }, /* GGSN, behind its interface index */
	{ 178, PROTO_ETHERNET }, { 179, PROTO_PPP },      { 180, PROTO_FRAME_RELAY },
	{ 181, PROTO_CHDLC },    { 167, PROTO_ETHERNET }, { 0, PROTO_NONE },
};

static const struct field fields[] = {
	{ "juniper.magic-number", "Magic", 0, 24, FIELD_HEX, .help = "0x4d4743" },
	{ "juniper.direction", "Came in", 31, 1, FIELD_HEX, .help = "else it went out" },
	{ "juniper.l2hdr", "Without a link header", 30, 1, FIELD_HEX, .help = "0: with one" },
	{ 0 },
};

static const struct field extension_field[] = {
	{ "juniper.ext_total_len", "Extensions", 0, 16, FIELD_DEC, .help = "their bytes" },
	{ 0 },
};

void decode_juniper(struct dissect *d)
{
	struct cursor at = d->c;
	unsigned line = dissect_layer(d, PROTO_JUNIPER);
	uint32_t magic = (uint32_t)cursor_be16(&d->c) << 8;
	uint8_t flags;
	enum proto to = route_find(inner, d->p->linktype);

	magic |= cursor_u8(&d->c);
	flags = cursor_u8(&d->c);
	field_table(d, &at, fields);
	if (!d->c.err && magic != MAGIC) {
		dissect_malformed(d, "the Juniper header has another magic");
		return;
	}
	if (flags & EXTENDED) {
		field_table(d, &d->c, extension_field);
		cursor_skip(&d->c, cursor_be16(&d->c));
	}
	if ((flags & BARE) || to == PROTO_RAW)
		cursor_skip(&d->c, FAMILY);
	if (d->c.err) {
		dissect_short(d, "the Juniper header is cut short");
		return;
	}
	if (d->p->direction == DIRECTION_UNKNOWN)
		d->p->direction = flags & IN ? DIRECTION_IN : DIRECTION_OUT;
	dissect_layer_end(d, line, at.off);
	dissect_next(d, flags & BARE ? PROTO_RAW : to);
}
