/* MAC security, IEEE 802.1AE 9.3:
 *
 * +-+-+-+-+-+-+---+---------------+-------------------------------+
 * |V|E|S|S|E|C| AN|  Short Length |   Packet Number, 4 bytes ...  |
 * | |S|C|C| | |   |               |                               |
 * | | | |B| | |   |               |                               |
 * +-+-+-+-+-+-+---+---------------+-------------------------------+
 *
 * With SC an identifier of 8 bytes. Unless E or C is set the data are in clear, with their
 * EtherType; the check value of 16 bytes is the last.
 */
#include "decode/dissect.h"

#include "util/buf.h"

enum { HEADER = 6, SCI = 8, ICV = 16, HAS_SCI = 0x20, ENCRYPTED = 0x08, CHANGED = 0x04 };

static const struct field fields[] = {
	{ "macsec.TCI", "Control", 0, 6, FIELD_HEX, .help = "IEEE 802.1AE 9.5" },
	{ "macsec.TCI.V", "Version", 0, 1, FIELD_DEC, .indent = 1, .help = "0" },
	{ "macsec.TCI.ES", "End station", 1, 1, FIELD_BOOL, .indent = 1, .help = "the source address names it" },
	{ "macsec.TCI.SC", "Identifier present", 2, 1, FIELD_BOOL, .indent = 1, .help = "of the secure channel" },
	{ "macsec.TCI.SCB", "Single copy broadcast", 3, 1, FIELD_BOOL, .indent = 1, .help = "IEEE 802.1AE 9.5" },
	{ "macsec.TCI.E", "Encrypted", 4, 1, FIELD_BOOL, .indent = 1, .help = "the data are" },
	{ "macsec.TCI.C", "Changed", 5, 1, FIELD_BOOL, .indent = 1, .help = "the data are" },
	{ "macsec.AN", "Association", 6, 2, FIELD_HEX, .help = "which key, IEEE 802.1AE 9.6" },
	{ "macsec.SL", "Short length", 10, 6, FIELD_DEC, .help = "bytes of data below 48, else 0, IEEE 802.1AE 9.7" },
	{ "macsec.PN", "Packet number", 16, 32, FIELD_DEC, .help = "against replays" },
	{ 0 },
};

static const struct field identifier[] = {
	{ "macsec.SCI.system_identifier", "System", 48, 48, FIELD_MAC, .help = "who sent it" },
	{ "macsec.SCI.port_identifier", "Port", 96, 16, FIELD_DEC, .help = "IEEE 802.1AE 9.9" },
	{ 0 },
};

static const struct field type_field[] = {
	{ "macsec.etype", "Type", 0, 16, FIELD_HEX, .words = ether_types, .help = "what follows" },
	{ 0 },
};

void decode_macsec(struct dissect *d)
{
	struct cursor at = d->c;
	unsigned line = dissect_layer(d, PROTO_MACSEC);
	uint8_t control = cursor_u8(&d->c);
	bool clear = !(control & (ENCRYPTED | CHANGED));
	uint16_t type = 0;

	field_table(d, &at, fields);
	if (control & HAS_SCI)
		field_table(d, &at, identifier);
	cursor_skip(&d->c, HEADER - 1 + (control & HAS_SCI ? SCI : 0));
	if (clear) {
		field_table(d, &d->c, type_field);
		type = cursor_be16(&d->c);
	}
	if (d->c.err) {
		dissect_short(d, "the MACsec header is cut short");
		return;
	}
	dissect_layer_end(d, line, at.off);
	if (clear && cursor_left(&d->c) >= ICV) {
		cursor_limit(&d->c, cursor_left(&d->c) - ICV);
		dissect_ethertype(d, type);
		return;
	}
	if (d->words && !d->nested)
		buf_printf(d->words, "MACsec len=%u", cursor_left(&d->c));
	dissect_next(d, PROTO_DATA);
}
