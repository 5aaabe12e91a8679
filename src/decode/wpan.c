/* IEEE 802.15.4 7.2: frame control 2 bytes (little-endian), sequence number 1, addresses, security
 * header, information elements, payload, check sequence:
 *
 *   15 14  13 12  11 10   9     8      7      6     5     4     3     2 1 0
 * +------+------+------+-----+-----+-----+-------+-----+-----+-----+-------+
 * |Source| Ver. | Dest.| IEs |no seq| Res|PAN ID |Ack  |Pend.|Secur| Type  |
 * | mode |      | mode |     |     |     |compr. |     |     |     |       |
 * +------+------+------+-----+-----+-----+-------+-----+-----+-----+-------+
 *
 * What data frames carry is mostly 6LoWPAN or ZigBee, and nothing tells which: 6LoWPAN is tried.
 */
#include "decode/lowpan.h"

#include "util/buf.h"

#include <stddef.h>
#include <string.h>

enum { LINKTYPE_WITH_FCS = 195, LINKTYPE_PHY = 215, LINKTYPE_TAP = 283 };
enum { BEACON, DATA, ACK, COMMAND };
enum { SECURE = 8, COMPRESSED = 0x40, NO_SEQUENCE = 0x100, ELEMENTS = 0x200 };
enum { NONE = 0, SHORT = 2, LONG = 3, NEW = 2 /* the version of 2015 */ };
enum { HT1 = 0x7e, HT2 = 0x7f, PAYLOAD_END = 15 };

static const struct field_word types[] = {
	{ BEACON, "beacon" },  { DATA, "data" },  { ACK, "acknowledgement" }, { COMMAND, "command" },
	{ 5, "multipurpose" }, { 6, "fragment" }, { 7, "extended" },          { 0, NULL },
};

static const struct field_word modes[] = { { NONE, "none" }, { SHORT, "16 bits" }, { LONG, "64 bits" }, { 0, NULL } };

/* Bits of the first byte are 0 to 7 from its top: the frame control's bit 3 is bit 4 here. */
static const struct field fields[] = {
	{ "wpan.fcf", "Frame control", 0, 16, FIELD_HEX, .little = true, .help = "802.15.4 7.2.2" },
	{ "wpan.frame_type", "Type", 5, 3, FIELD_HEX, .words = types, .indent = 1, .digits = 4,
	  .help = "802.15.4 7.2.2.2" },
	{ "wpan.security", "Security", 4, 1, FIELD_BOOL, .indent = 1, .help = "802.15.4 9" },
	{ "wpan.pending", "Pending", 3, 1, FIELD_BOOL, .indent = 1, .help = "there is more" },
	{ "wpan.ack_request", "Acknowledge", 2, 1, FIELD_BOOL, .indent = 1, .help = "is wanted" },
	{ "wpan.pan_id_compression", "PAN ID compression", 1, 1, FIELD_BOOL, .indent = 1, .help = "802.15.4 7.2.2.6" },
	{ "wpan.seqno_suppression", "No sequence number", 15, 1, FIELD_BOOL, .indent = 1, .help = "802.15.4 7.2.2.7" },
	{ "wpan.ie_present", "Information elements", 14, 1, FIELD_BOOL, .indent = 1, .help = "802.15.4 7.4" },
	{ "wpan.dst_addr_mode", "Destination mode", 12, 2, FIELD_HEX, .words = modes, .indent = 1, .digits = 4,
	  .help = "802.15.4 7.2.2.9" },
	{ "wpan.version", "Version", 10, 2, FIELD_DEC, .indent = 1, .help = "802.15.4 7.2.2.10" },
	{ "wpan.src_addr_mode", "Source mode", 8, 2, FIELD_HEX, .words = modes, .indent = 1, .digits = 4,
	  .help = "802.15.4 7.2.2.11" },
	{ 0 },
};

static const struct field sequence_field[] = {
	{ "wpan.seq_no", "Sequence number", 0, 8, FIELD_DEC, .help = "802.15.4 7.2.3" },
	{ 0 },
};

/* PAN, address of 2 bytes, of 8; each with the row's end behind it */
static const struct field rows[2][3][2] = {
	{ { { "wpan.dst_pan", "Destination PAN", 0, 16, FIELD_HEX, .little = true, .help = "802.15.4 7.2.4" } },
	  { { "wpan.dst16", "Destination", 0, 16, FIELD_HEX, .little = true, .help = "802.15.4 7.2.5" } },
	  { { "wpan.dst64", "Destination", 0, 64, FIELD_MAC, .little = true, .help = "EUI-64, 802.15.4 7.2.5" } } },
	{ { { "wpan.src_pan", "Source PAN", 0, 16, FIELD_HEX, .little = true, .help = "802.15.4 7.2.6" } },
	  { { "wpan.src16", "Source", 0, 16, FIELD_HEX, .little = true, .help = "802.15.4 7.2.7" } },
	  { { "wpan.src64", "Source", 0, 64, FIELD_MAC, .little = true, .help = "EUI-64, 802.15.4 7.2.7" } } },
};

struct addressing {
	bool dst_pan, src_pan;
	uint8_t dst, src;
};

/* Which PAN IDs are there: 802.15.4-2003 has them with each address, but the source's may be left
 * out; the version of 2015 has table 7-2. */
static struct addressing addressing(uint16_t control)
{
	struct addressing a = { .dst = control >> 10 & 3, .src = control >> 14 & 3 };
	bool compressed = control & COMPRESSED, two = a.dst && a.src;

	if ((control >> 12 & 3) < NEW) {
		a.dst_pan = a.dst;
		a.src_pan = a.src && !(compressed && a.dst);
	} else if (two && a.dst == LONG && a.src == LONG) {
		a.dst_pan = !compressed;
	} else if (two) {
		a.dst_pan = true;
		a.src_pan = !compressed;
	} else if (a.dst || a.src) {
		a.dst_pan = a.dst && !compressed;
		a.src_pan = a.src && !compressed;
	} else {
		a.dst_pan = compressed;
	}
	return a;
}

/* An address, and the interface identifier that goes with it (RFC 4944 6, RFC 6282 3.2.2). */
static void address(struct dissect *d, const struct field set[3][2], uint8_t mode, uint8_t iid[8])
{
	const uint8_t *b;

	memset(iid, 0, 8);
	if (mode != SHORT && mode != LONG)
		return;
	field_table(d, &d->c, set[mode - 1]);
	b = cursor_take(&d->c, mode == SHORT ? 2 : 8);
	if (!b)
		return;
	if (mode == SHORT) {
		iid[3] = 0xff;
		iid[4] = 0xfe;
		iid[6] = b[1];
		iid[7] = b[0];
		return;
	}
	for (int i = 0; i < 8; i++)
		iid[i] = b[7 - i];
	iid[0] ^= 2;
}

/* True: what follows is encrypted. 802.15.4 9.4 */
static bool security(struct dissect *d)
{
	static const uint8_t key_bytes[4] = { 0, 1, 5, 9 };
	static const struct field row[] = {
		{ "wpan.aux_sec.sec_level", "Security level", 5, 3, FIELD_HEX,
		  .help = "from 4 on it is encrypted, 802.15.4 9.4.2" },
		{ 0 },
	};
	uint8_t control;

	field_table(d, &d->c, row);
	control = cursor_u8(&d->c);
	if (!(control & 0x20))
		cursor_skip(&d->c, 4);
	cursor_skip(&d->c, key_bytes[control >> 3 & 3]);
	return control & 4;
}

/* Header elements up to one that ends them, then payload elements if that is what it says. */
static void elements(struct dissect *d)
{
	uint16_t head, id;

	do {
		if (!cursor_left(&d->c))
			return;
		head = cursor_le16(&d->c);
		id = head >> 7 & 0xff;
		cursor_skip(&d->c, head & 0x7f);
	} while (!d->c.err && id != HT1 && id != HT2);
	if (id != HT1)
		return;
	do {
		if (!cursor_left(&d->c))
			return;
		head = cursor_le16(&d->c);
		id = head >> 11 & 15;
		cursor_skip(&d->c, head & 0x7ff);
	} while (!d->c.err && id != PAYLOAD_END);
}

/* The check sequence's bytes behind the frame; TAP tells of them in an item. */
static uint32_t tap(struct dissect *d)
{
	uint32_t fcs = 0;
	struct cursor c;
	uint16_t length;

	cursor_skip(&d->c, 2);
	length = cursor_le16(&d->c);
	c = cursor_part(&d->c, length >= 4 ? length - 4u : 0);
	while (!c.err && cursor_left(&c) >= 4) {
		uint16_t type = cursor_le16(&c), n = cursor_le16(&c);
		struct cursor value = cursor_part(&c, n);

		if (!type && !value.err)
			fcs = cursor_u8(&value) * 2u;
		if (n % 4)
			cursor_skip(&c, 4u - n % 4);
	}
	return fcs;
}

static void before(struct dissect *d)
{
	uint32_t fcs = 0;

	if (d->p->linktype == LINKTYPE_WITH_FCS)
		fcs = 2;
	else if (d->p->linktype == LINKTYPE_PHY) /* preamble, delimiter, length */
		fcs = 2, cursor_skip(&d->c, 6);
	else if (d->p->linktype == LINKTYPE_TAP)
		fcs = tap(d);
	if (cursor_left(&d->c) > fcs)
		cursor_limit(&d->c, cursor_left(&d->c) - fcs);
}

static void payload(struct dissect *d, uint16_t control, bool encrypted)
{
	const char *name = field_word(types, control & 7);

	if ((control & 7) == DATA && !encrypted && lowpan_looks_like(d)) {
		dissect_next(d, PROTO_LOWPAN);
		return;
	}
	if (d->words && !d->nested)
		buf_printf(d->words, "802.15.4 %s len=%u", name ? name : "frame", cursor_left(&d->c));
	dissect_next(d, PROTO_DATA);
}

void decode_wpan(struct dissect *d)
{
	struct addressing a;
	struct cursor at;
	unsigned line;
	uint16_t control;
	uint8_t iids[16];
	bool encrypted;

	if (!d->c.off)
		before(d);
	at = d->c;
	line = dissect_layer(d, PROTO_WPAN);
	control = cursor_le16(&d->c);
	field_table(d, &at, fields);
	a = addressing(control);
	if (!(control & NO_SEQUENCE) || (control >> 12 & 3) < NEW) {
		field_table(d, &d->c, sequence_field);
		cursor_skip(&d->c, 1);
	}
	if (a.dst_pan) {
		field_table(d, &d->c, rows[0][0]);
		cursor_skip(&d->c, 2);
	}
	address(d, rows[0], a.dst, iids + 8);
	if (a.src_pan) {
		field_table(d, &d->c, rows[1][0]);
		cursor_skip(&d->c, 2);
	}
	address(d, rows[1], a.src, iids);
	encrypted = (control & SECURE) && security(d);
	if ((control & ELEMENTS) && (control >> 12 & 3) == NEW)
		elements(d);
	if (d->c.err) {
		dissect_short(d, "the 802.15.4 header is cut short");
		return;
	}
	dissect_layer_end(d, line, at.off);
	d->iids = iids;
	payload(d, control, encrypted);
	d->iids = NULL;
}
