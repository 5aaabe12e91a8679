/* Link Layer Discovery Protocol, IEEE 802.1AB 8.4: type 7 bits, length 9 bits, value; until a type
 * of 0.
 */
#include "decode/dissect.h"

#include "util/buf.h"

#include <stddef.h>
#include <stdio.h>

enum { END = 0, CHASSIS = 1, PORT = 2, LENGTH = 0x1ff, MAC_OF_CHASSIS = 4, MAC_OF_PORT = 3 };

static const struct field_word types[] = {
	{ 0, "end" },
	{ 1, "chassis" },
	{ 2, "port" },
	{ 3, "time to live" },
	{ 4, "port description" },
	{ 5, "system name" },
	{ 6, "system description" },
	{ 7, "system capabilities" },
	{ 8, "management address" },
	{ 127, "organisation's own" },
	{ 0, NULL },
};

static const struct field head[] = {
	{ "lldp.tlv.type", "Type", 0, 7, FIELD_DEC, .words = types, .help = "IEEE 802.1AB 8.4" },
	{ "lldp.tlv.len", "Length", 7, 9, FIELD_DEC, .indent = 1, .help = "bytes of the value" },
	{ 0 },
};

static const struct field chassis[] = {
	{ "lldp.chassis.subtype", "Kind", 16, 8, FIELD_DEC, .indent = 1,
	  .help = "4 is an Ethernet address, IEEE 802.1AB 8.5.2" },
	{ 0 },
};

static const struct field chassis_mac[] = {
	{ "lldp.chassis.id.mac", "Chassis", 24, 48, FIELD_MAC, .indent = 1, .help = "its address" },
	{ 0 },
};

static const struct field chassis_id[] = {
	{ "lldp.chassis.id", "Chassis", 24, 0, FIELD_BYTES, .indent = 1, .help = "its name" },
	{ 0 },
};

static const struct field port[] = {
	{ "lldp.port.subtype", "Kind", 16, 8, FIELD_DEC, .indent = 1,
	  .help = "3 is an Ethernet address, 5 a name, IEEE 802.1AB 8.5.3" },
	{ 0 },
};

static const struct field port_mac[] = {
	{ "lldp.port.id.mac", "Port", 24, 48, FIELD_MAC, .indent = 1, .help = "its address" },
	{ 0 },
};

static const struct field port_id[] = {
	{ "lldp.port.id", "Port", 24, 0, FIELD_BYTES, .indent = 1, .help = "its name" },
	{ 0 },
};

static const struct field seconds[] = {
	{ "lldp.time_to_live", "Time to live", 16, 16, FIELD_DEC, .indent = 1,
	  .help = "seconds; 0: forget it, IEEE 802.1AB 8.5.4" },
	{ 0 },
};

static const struct field capabilities[] = {
	{ "lldp.tlv.system_cap", "Capabilities", 16, 16, FIELD_HEX, .indent = 1, .help = "IEEE 802.1AB 8.5.8" },
	{ "lldp.tlv.enable_system_cap", "Enabled", 32, 16, FIELD_HEX, .indent = 1, .help = "IEEE 802.1AB 8.5.8" },
	{ 0 },
};

static const struct field organisation[] = {
	{ "lldp.orgtlv.oui", "Organisation", 16, 24, FIELD_HEX, .indent = 1, .help = "IEEE 802.1AB 8.6" },
	{ 0 },
};

/* Text of a TLV, as it is: who shows it makes it safe (util/text.h). */
static void show_text(struct dissect *d, const struct cursor *tlv, const char *name, const char *label)
{
	enum { SHOWN = 255 };
	const struct field row = { .name = name, .label = label, .help = "IEEE 802.1AB 8.5", .indent = 1 };
	uint32_t n = cursor_left(tlv) - 2;
	const uint8_t *at;
	char text[SHOWN + 1];

	if (n > SHOWN)
		n = SHOWN;
	at = cursor_at(tlv, tlv->off + 2, n);
	if (!at || !n)
		return;
	snprintf(text, sizeof text, "%.*s", (int)n, (const char *)at);
	field_line(d, &row, tlv->off + 2, n, text, "");
}

static void show(struct dissect *d, const struct cursor *tlv, uint8_t type, uint8_t kind)
{
	field_table(d, tlv, head);
	switch (type) {
	case CHASSIS:
		field_table(d, tlv, chassis);
		field_table(d, tlv, kind == MAC_OF_CHASSIS ? chassis_mac : chassis_id);
		break;
	case PORT:
		field_table(d, tlv, port);
		field_table(d, tlv, kind == MAC_OF_PORT ? port_mac : port_id);
		break;
	case 3: field_table(d, tlv, seconds); break;
	case 4: show_text(d, tlv, "lldp.port.desc", "Port description"); break;
	case 5: show_text(d, tlv, "lldp.tlv.system.name", "System name"); break;
	case 6: show_text(d, tlv, "lldp.tlv.system.desc", "System description"); break;
	case 7: field_table(d, tlv, capabilities); break;
	case 127: field_table(d, tlv, organisation); break;
	default: break;
	}
}

void decode_lldp(struct dissect *d)
{
	uint32_t start = d->c.off;
	unsigned line = dissect_layer(d, PROTO_LLDP);
	uint8_t type = CHASSIS;

	if (d->words && !d->nested)
		buf_printf(d->words, "LLDP len=%u", cursor_left(&d->c));
	while (!d->c.err && type != END && cursor_left(&d->c)) {
		struct cursor look = d->c, tlv;
		uint16_t first = cursor_be16(&look);
		uint8_t kind = cursor_u8(&look);

		type = (uint8_t)(first >> 9);
		tlv = cursor_part(&d->c, 2u + (first & LENGTH));
		if (d->tree && !tlv.err)
			show(d, &tlv, type, kind);
	}
	if (d->c.err)
		dissect_short(d, "an LLDP element is cut short");
	else
		dissect_layer_end(d, line, start);
}
