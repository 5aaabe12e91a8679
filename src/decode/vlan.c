/* Virtual LAN tag, IEEE 802.1Q, 9.6: priority 3 bits, drop eligible 1, VLAN identifier 12; then the
 * type of what follows. A provider's tag around a customer's (802.1ad, Q-in-Q) looks the same.
 */
#include "decode/dissect.h"

enum { PROVIDER = 0x88a8 };

static const struct field customer[] = {
	{ "vlan.priority", "Priority", 0, 3, FIELD_DEC, .help = "priority code point, IEEE 802.1Q 6.9.3" },
	{ "vlan.dei", "Drop eligible", 3, 1, FIELD_BOOL, .help = "may be dropped first, IEEE 802.1Q 9.6" },
	{ "vlan.id", "ID", 4, 12, FIELD_DEC, .help = "number of the virtual LAN, IEEE 802.1Q 9.6" },
	{ "vlan.etype", "Type", 16, 16, FIELD_HEX, .words = ether_types, .help = "what follows" },
	{ 0 },
};

static const struct field provider[] = {
	{ "ieee8021ad.priority", "Priority", 0, 3, FIELD_DEC, .help = "priority code point, IEEE 802.1Q 6.9.3" },
	{ "ieee8021ad.dei", "Drop eligible", 3, 1, FIELD_DEC, .help = "may be dropped first, IEEE 802.1Q 9.6" },
	{ "ieee8021ad.id", "ID", 4, 12, FIELD_DEC, .help = "number of the provider's virtual LAN, IEEE 802.1ad" },
	{ 0 },
};

void decode_vlan(struct dissect *d)
{
	struct cursor header = d->c;
	unsigned line = dissect_layer(d, PROTO_VLAN);
	uint16_t type;

	field_table(d, &header, d->key == PROVIDER ? provider : customer);
	cursor_skip(&d->c, 2);
	type = cursor_be16(&d->c);
	if (d->c.err) {
		dissect_short(d, "the VLAN tag is cut short");
		return;
	}
	dissect_layer_end(d, line, header.off);
	dissect_ethertype(d, type);
}
