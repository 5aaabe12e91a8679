/* IEEE 802.11 9.2.3; fields are little-endian:
 *
 * +---+---+-------+-+-+-+-+-+-+-+-+-------------------------------+
 * |Ver|Typ|Subtype|T|F|M|R|P|+|W|O|           Duration            |
 * +---+---+-------+-+-+-+-+-+-+-+-+-------------------------------+
 * Address 1 to 3, 6 bytes each; sequence 2; address 4 where both To DS and From DS are set; quality
 * of service 2 in subtypes from 8 on; then LLC, or nothing to read where it is encrypted (W).
 * Control frames end after one address or two.
 */
#include "decode/dissect.h"

#include "util/buf.h"

#include <stddef.h>

enum { MANAGEMENT, CONTROL, DATA, EXTENSION };
enum { TO_DS = 1, FROM_DS = 2, PIECE = 4, PROTECTED = 0x40, ORDER = 0x80 };
enum { QOS = 8, NO_DATA = 4, AGGREGATE = 0x80, PADDED = 0x20 };

/* type << 4 | subtype */
static const struct field_word subtypes[] = {
	{ 0x00, "association request" },
	{ 0x01, "association response" },
	{ 0x02, "reassociation request" },
	{ 0x03, "reassociation response" },
	{ 0x04, "probe request" },
	{ 0x05, "probe response" },
	{ 0x08, "beacon" },
	{ 0x09, "ATIM" },
	{ 0x0a, "disassociation" },
	{ 0x0b, "authentication" },
	{ 0x0c, "deauthentication" },
	{ 0x0d, "action" },
	{ 0x0e, "action without acknowledgement" },
	{ 0x17, "control wrapper" },
	{ 0x18, "block acknowledgement request" },
	{ 0x19, "block acknowledgement" },
	{ 0x1a, "power save poll" },
	{ 0x1b, "request to send" },
	{ 0x1c, "clear to send" },
	{ 0x1d, "acknowledgement" },
	{ 0x1e, "contention-free end" },
	{ 0x20, "data" },
	{ 0x24, "no data" },
	{ 0x28, "QoS data" },
	{ 0x2c, "QoS no data" },
	{ 0, NULL },
};

static const struct field fields[] = {
	{ "wlan.fc.version", "Version", 6, 2, FIELD_DEC, .help = "0" },
	{ "wlan.fc.type", "Type", 4, 2, FIELD_DEC, .help = "0 management, 1 control, 2 data, IEEE 802.11 9.2.4.1.3" },
	{ "wlan.fc.subtype", "Subtype", 0, 4, FIELD_DEC, .help = "IEEE 802.11 9.2.4.1.3" },
	{ "wlan.flags", "Flags", 8, 8, FIELD_HEX, .help = "IEEE 802.11 9.2.4.1" },
	{ "wlan.fc.tods", "To the distribution system", 15, 1, FIELD_BOOL, .indent = 1,
	  .help = "from a station to its access point" },
	{ "wlan.fc.fromds", "From the distribution system", 14, 1, FIELD_BOOL, .indent = 1,
	  .help = "from an access point" },
	{ "wlan.fc.frag", "More fragments", 13, 1, FIELD_BOOL, .indent = 1, .help = "this is not the last piece" },
	{ "wlan.fc.retry", "Retry", 12, 1, FIELD_BOOL, .indent = 1, .help = "sent before" },
	{ "wlan.fc.pwrmgt", "Power save", 11, 1, FIELD_BOOL, .indent = 1, .help = "the station goes to sleep" },
	{ "wlan.fc.moredata", "More data", 10, 1, FIELD_BOOL, .indent = 1, .help = "the access point holds more" },
	{ "wlan.fc.protected", "Protected", 9, 1, FIELD_BOOL, .indent = 1, .help = "encrypted" },
	{ "wlan.fc.order", "Order", 8, 1, FIELD_BOOL, .indent = 1, .help = "or HT control follows" },
	{ "wlan.duration", "Duration", 16, 16, FIELD_DEC, .little = true,
	  .help = "microseconds that the air is taken" },
	{ 0 },
};

static const struct field address_1[] = {
	{ "wlan.ra", "Receiver", 32, 48, FIELD_MAC, .help = "IEEE 802.11 9.2.4.3" },
	{ 0 },
};

static const struct field address_2[] = {
	{ "wlan.ta", "Transmitter", 80, 48, FIELD_MAC, .help = "IEEE 802.11 9.2.4.3" },
	{ 0 },
};

/* What addresses 1 to 4 are, by To DS and From DS: IEEE 802.11 table 9-26. */
static const struct field by_ds[4][4] = {
	{ { "wlan.da", "Destination", 32, 48, FIELD_MAC, .help = "within one cell" },
	  { "wlan.sa", "Source", 80, 48, FIELD_MAC, .help = "within one cell" },
	  { "wlan.bssid", "Cell", 128, 48, FIELD_MAC, .help = "BSSID" },
	  { 0 } },
	{ { "wlan.bssid", "Cell", 32, 48, FIELD_MAC, .help = "BSSID: the access point" },
	  { "wlan.sa", "Source", 80, 48, FIELD_MAC, .help = "the station" },
	  { "wlan.da", "Destination", 128, 48, FIELD_MAC, .help = "behind the access point" },
	  { 0 } },
	{ { "wlan.da", "Destination", 32, 48, FIELD_MAC, .help = "the station" },
	  { "wlan.bssid", "Cell", 80, 48, FIELD_MAC, .help = "BSSID: the access point" },
	  { "wlan.sa", "Source", 128, 48, FIELD_MAC, .help = "behind the access point" },
	  { 0 } },
	{ { "wlan.da", "Destination", 128, 48, FIELD_MAC, .help = "of the whole way" },
	  { "wlan.sa", "Source", 192, 48, FIELD_MAC, .help = "of the whole way" },
	  { 0 } },
};

static const struct field piece_row = { "wlan.frag", "Fragment", 0,
					4,           FIELD_DEC,  .help = "its number, IEEE 802.11 9.2.4.4" };
static const struct field sequence_row = { "wlan.seq", "Sequence", 0, 12, FIELD_DEC, .help = "IEEE 802.11 9.2.4.4" };

static const struct field qos_fields[] = {
	{ "wlan.qos", "Quality of service", 0, 16, FIELD_HEX, .little = true, .help = "IEEE 802.11 9.2.4.5" },
	{ 0 },
};

static void say(struct dissect *d, const char *name, const struct cursor *at, bool two)
{
	const uint8_t *b = cursor_at(at, at->off + 4, 6), *s = cursor_at(at, at->off + 10, 6);

	if (!d->words)
		return;
	buf_printf(d->words, "802.11 %s", name ? name : "frame");
	if (two && s)
		buf_printf(d->words, " from %02x:%02x:%02x:%02x:%02x:%02x", s[0], s[1], s[2], s[3], s[4], s[5]);
	if (b)
		buf_printf(d->words, " to %02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3], b[4], b[5]);
}

/* Control frames with a second address. */
static bool has_transmitter(uint8_t type, uint8_t subtype)
{
	return type != CONTROL || (subtype >= 8 && subtype != 12 && subtype != 13);
}

static void control_frame(struct dissect *d, uint8_t subtype, const struct cursor *at)
{
	bool two = has_transmitter(CONTROL, subtype);

	field_table(d, at, address_1);
	if (two)
		field_table(d, at, address_2);
	cursor_skip(&d->c, two ? 12 : 6);
}

/* Behind the header: what can be read is an LLC packet. */
static void body(struct dissect *d, uint8_t subtype, uint8_t flags, uint16_t piece, uint16_t qos)
{
	if (subtype & NO_DATA)
		return;
	if ((flags & (PROTECTED | PIECE)) || (piece & 15)) {
		dissect_next(d, PROTO_DATA);
		return;
	}
	if (qos & AGGREGATE) { /* the first of several: two addresses and a length */
		cursor_skip(&d->c, 12);
		cursor_limit(&d->c, 2u + (cursor_at(&d->c, d->c.off, 2)
						  ? (uint32_t)(d->c.base[d->c.off] << 8 | d->c.base[d->c.off + 1])
						  : 0));
		cursor_skip(&d->c, 2);
	}
	if (d->c.err)
		dissect_short(d, "an aggregated 802.11 frame is cut short");
	else if (cursor_left(&d->c))
		dissect_next(d, PROTO_LLC);
}

/* Management and data frames have the same header up to the sequence number. */
static void addressed(struct dissect *d, uint8_t type, uint8_t subtype, uint8_t flags, const struct cursor *at,
		      unsigned line)
{
	bool padded = d->key & PADDED;
	uint16_t sequence, qos = 0;

	field_table(d, at, address_1);
	field_table(d, at, address_2);
	field_table(d, at, by_ds[flags & (TO_DS | FROM_DS)]);
	cursor_skip(&d->c, 18);
	sequence = cursor_le16(&d->c);
	if (!d->c.err) {
		field_number(d, &piece_row, d->c.off - 2, 2, sequence & 15);
		field_number(d, &sequence_row, d->c.off - 2, 2, sequence >> 4);
	}
	if (type == DATA && (flags & (TO_DS | FROM_DS)) == (TO_DS | FROM_DS))
		cursor_skip(&d->c, 6);
	if (type == DATA && (subtype & QOS)) {
		field_table(d, &d->c, qos_fields);
		qos = cursor_le16(&d->c);
	}
	if ((flags & ORDER) && (type == MANAGEMENT || (subtype & QOS)))
		cursor_skip(&d->c, 4);
	if (padded)
		cursor_skip(&d->c, (4 - (d->c.off - at->off) % 4) % 4);
	if (d->c.err)
		return;
	dissect_layer_end(d, line, at->off);
	if (type == DATA) {
		body(d, subtype, flags, sequence, qos);
	} else if ((flags & (PROTECTED | PIECE)) || (sequence & 15)) {
		dissect_next(d, PROTO_DATA);
	} else {
		say(d, field_word(subtypes, subtype), at, true);
		wlan_management(d, subtype);
	}
}

void decode_wlan(struct dissect *d)
{
	struct cursor at = d->c;
	unsigned line = dissect_layer(d, PROTO_WLAN);
	uint8_t first = cursor_u8(&d->c), flags = cursor_u8(&d->c);
	uint8_t type = first >> 2 & 3, subtype = first >> 4;
	const char *name = field_word(subtypes, (uint32_t)type << 4 | subtype);
	size_t before = d->words ? d->words->len : 0;

	if (!at.off) /* not from radiotap: nobody tells of padding */
		d->key = 0;
	field_table(d, &at, fields);
	field_meaning(d, line, name);
	cursor_skip(&d->c, 2);
	if (d->c.err) {
		dissect_short(d, "the 802.11 header is cut short");
		return;
	}
	if (type == CONTROL)
		control_frame(d, subtype, &at);
	else if (type == EXTENSION)
		dissect_next(d, PROTO_DATA);
	else
		addressed(d, type, subtype, flags, &at, line);
	if (d->c.err)
		dissect_short(d, "the 802.11 header is cut short");
	if (!d->p->family && d->words && d->words->len == before)
		say(d, name, &at, has_transmitter(type, subtype));
}
