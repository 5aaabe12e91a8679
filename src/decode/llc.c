/* Logical Link Control, IEEE 802.2 3.2, and the Subnetwork Access Protocol in it, IEEE 802 9.5:
 *
 * +---------------+---------------+---------------+- - - - - - - -+
 * |     DSAP      |     SSAP      |    Control    | 2nd of I and S|
 * +---------------+---------------+---------------+- - - - - - - -+
 * SNAP, where both are 0xaa: organisation 3 bytes, protocol 2 (of organisation 0 an EtherType).
 */
#include "decode/dissect.h"

#include "util/buf.h"

#include <stddef.h>

enum { SNAP = 0xaa, BPDU = 0x42, IP = 0x06, ISO = 0xfe, UNNUMBERED = 3 };
enum { ORG_ETHERTYPE = 0, ORG_CISCO = 0x00000c, ORG_CISCO_90 = 0x0000f8, ORG_802 = 0x0080c2 };

static const struct field_word saps[] = {
	{ 0x00, "null" },          { 0x02, "LLC management" }, { 0x04, "SNA" },     { 0x06, "IP" },
	{ 0x42, "spanning tree" }, { 0x7e, "X.25" },           { 0x80, "XNS" },     { 0x98, "ARP" },
	{ 0xaa, "SNAP" },          { 0xbc, "Banyan Vines" },   { 0xe0, "NetWare" }, { 0xf0, "NetBIOS" },
	{ 0xfe, "ISO network" },   { 0xff, "global" },         { 0, NULL },
};

/* ISO/TR 9577: the first byte of a network protocol of ISO */
static const struct field_word iso_protocols[] = {
	{ 0x81, "CLNP" }, { 0x82, "ES-IS" }, { 0x83, "IS-IS" }, { 0, NULL }
};

static const struct field_word organisations[] = {
	{ 0x000000, "EtherType" }, { 0x00000c, "Cisco" },   { 0x0080c2, "IEEE 802.1" },
	{ 0x080007, "Apple" },     { 0x00e02b, "Extreme" }, { 0, NULL },
};

static const struct field fields[] = {
	{ "llc.dsap", "Destination service", 0, 8, FIELD_HEX, .words = saps, .help = "IEEE 802.2 3.3.1.1" },
	{ "llc.ssap", "Source service", 8, 8, FIELD_HEX, .words = saps,
	  .help = "its last bit: a response, IEEE 802.2 3.3.1.1" },
	{ 0 },
};

static const struct field control_1[] = {
	{ "llc.control", "Control", 16, 8, FIELD_HEX, .digits = 4, .help = "unnumbered, IEEE 802.2 5.2" },
	{ 0 },
};

static const struct field control_2[] = {
	{ "llc.control", "Control", 16, 16, FIELD_HEX, .help = "numbered, IEEE 802.2 5.2" },
	{ 0 },
};

static const struct field snap_fields[] = {
	{ "llc.oui", "Organisation", 0, 24, FIELD_DEC, .words = organisations,
	  .help = "who gave the protocol its number, IEEE 802 9.5" },
	{ 0 },
};

static const struct field type_field[] = {
	{ "llc.type", "Type", 24, 16, FIELD_HEX, .words = ether_types, .help = "EtherType" },
	{ 0 },
};

static const struct field pid_field[] = {
	{ "llc.pid", "Protocol", 24, 16, FIELD_HEX, .help = "the organisation's number" },
	{ 0 },
};

/* What organisations other than that of the EtherTypes carry. */
static const struct route cisco[] = {
	{ 0x010b, PROTO_STP }, /* per-VLAN spanning tree */
	{ 0, PROTO_NONE },
};

static const struct route bridged[] = {
	{ 0x0001, PROTO_ETHERNET },
	{ 0x0007, PROTO_ETHERNET },
	{ 0x000e, PROTO_STP },
	{ 0, PROTO_NONE },
};

/* Cisco's own, by the numbers in its organisation's space. */
static const struct field_word cisco_names[] = {
	{ 0x0102, "DRiP" },  { 0x0104, "PAgP" },        { 0x0105, "MLS hello" },
	{ 0x010b, "PVST+" }, { 0x010c, "VLAN bridge" }, { 0x0111, "UDLD" },
	{ 0x0127, "DISL" },  { 0x1982, "DRIP" },        { 0x2000, "CDP" },
	{ 0x2001, "CGMP" },  { 0x2003, "VTP" },         { 0x2004, "DTP" },
	{ 0, NULL },
};

static void say_snap(struct dissect *d, uint32_t org, uint16_t pid)
{
	const char *name = org == ORG_CISCO ? field_word(cisco_names, pid) : NULL;

	if (!d->words || d->nested || org == ORG_ETHERTYPE)
		return;
	if (name)
		buf_printf(d->words, "%s len=%u", name, cursor_left(&d->c));
	else
		buf_printf(d->words, "SNAP 0x%06x 0x%04x len=%u", org, pid, cursor_left(&d->c));
}

static void snap(struct dissect *d, unsigned line, uint32_t start)
{
	struct cursor at = d->c;
	uint32_t org = (uint32_t)cursor_be16(&d->c) << 8;
	uint16_t pid;

	org |= cursor_u8(&d->c);
	pid = cursor_be16(&d->c);
	field_table(d, &at, snap_fields);
	field_table(d, &at, org == ORG_ETHERTYPE || org == ORG_CISCO_90 ? type_field : pid_field);
	if (d->c.err) {
		dissect_short(d, "the SNAP header is cut short");
		return;
	}
	dissect_layer_end(d, line, start);
	if (org == ORG_ETHERTYPE || org == ORG_CISCO_90) {
		dissect_ethertype(d, pid);
	} else if (org == ORG_802) {
		dissect_by(d, bridged, pid);
	} else {
		if (route_find(cisco, pid) == PROTO_DATA || org != ORG_CISCO)
			say_snap(d, org, pid);
		if (org == ORG_CISCO)
			dissect_by(d, cisco, pid);
		else
			dissect_next(d, PROTO_DATA);
	}
}

static void say(struct dissect *d, uint8_t dsap, uint8_t ssap)
{
	const char *name = field_word(saps, dsap);
	const uint8_t *b = cursor_at(&d->c, d->c.off, 1);

	if (!d->words || d->nested)
		return;
	if (dsap == ISO && b && field_word(iso_protocols, b[0]))
		buf_puts(d->words, field_word(iso_protocols, b[0]));
	else if (name)
		buf_printf(d->words, "LLC %s", name);
	else
		buf_printf(d->words, "LLC dsap=0x%02x ssap=0x%02x", dsap, ssap);
	buf_printf(d->words, " len=%u", cursor_left(&d->c));
}

void decode_llc(struct dissect *d)
{
	struct cursor at = d->c;
	unsigned line = dissect_layer(d, PROTO_LLC);
	uint8_t dsap = cursor_u8(&d->c), ssap = cursor_u8(&d->c), control = cursor_u8(&d->c);
	bool one = (control & UNNUMBERED) == UNNUMBERED;

	if (!one)
		cursor_skip(&d->c, 1);
	field_table(d, &at, fields);
	field_table(d, &at, one ? control_1 : control_2);
	if (d->c.err) {
		dissect_short(d, "the LLC header is cut short");
		return;
	}
	dissect_layer_end(d, line, at.off);
	if (dsap == SNAP && (ssap & 0xfe) == SNAP && one) {
		snap(d, line, at.off);
	} else if (dsap == BPDU && one) {
		dissect_next(d, PROTO_STP);
	} else if (dsap == IP && one) {
		dissect_next(d, PROTO_IPV4);
	} else {
		say(d, dsap, ssap);
		dissect_next(d, PROTO_DATA);
	}
}
