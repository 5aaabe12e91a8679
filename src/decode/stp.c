/* Spanning tree, IEEE 802.1D 9.3 (STP and RSTP), 802.1Q 14 (MSTP):
 *
 * protocol 2 bytes, version 1, type 1; a topology change ends here.
 * flags 1, root 8 (priority 2, address 6), cost 4, bridge 8, port 2, age 2, maximum age 2, hello 2,
 * forward delay 2 (times in units of 1/256 s); from version 2 on a length 1, 3: instances.
 */
#include "decode/dissect.h"

#include "util/buf.h"

#include <stddef.h>

enum { HEADER = 4, TOPOLOGY_CHANGE = 0x80, CONFIGURATION = 35, ROOT_AT = 5 };

static const struct field_word versions[] = {
	{ 0, "STP" }, { 2, "RSTP" }, { 3, "MSTP" }, { 4, "SPB" }, { 0, NULL },
};

static const struct field_word types[] = {
	{ 0, "configuration" },
	{ 2, "rapid or multiple spanning tree" },
	{ 0x80, "topology change" },
	{ 0, NULL },
};

static const struct field_word roles[] = {
	{ 0, "unknown" }, { 1, "alternate or backup" }, { 2, "root" }, { 3, "designated" }, { 0, NULL },
};

static const struct field fields[] = {
	{ "stp.protocol", "Protocol", 0, 16, FIELD_HEX, .help = "0, IEEE 802.1D 9.3.1" },
	{ "stp.version", "Version", 16, 8, FIELD_DEC, .words = versions, .help = "IEEE 802.1D 9.3.1" },
	{ "stp.type", "Type", 24, 8, FIELD_HEX, .words = types, .help = "IEEE 802.1D 9.3.1" },
	{ 0 },
};

static const struct field configuration[] = {
	{ "stp.flags", "Flags", 32, 8, FIELD_HEX, .help = "IEEE 802.1D 9.3.3" },
	{ "stp.flags.tcack", "Topology change acknowledged", 32, 1, FIELD_BOOL, .indent = 1,
	  .help = "IEEE 802.1D 9.3.1" },
	{ "stp.flags.agreement", "Agreement", 33, 1, FIELD_BOOL, .indent = 1,
	  .help = "to a proposal, IEEE 802.1D 17.21" },
	{ "stp.flags.forwarding", "Forwarding", 34, 1, FIELD_BOOL, .indent = 1, .help = "the port lets frames pass" },
	{ "stp.flags.learning", "Learning", 35, 1, FIELD_BOOL, .indent = 1, .help = "the port learns addresses" },
	{ "stp.flags.port_role", "Port role", 36, 2, FIELD_DEC, .indent = 1, .words = roles,
	  .help = "of the sender's port, IEEE 802.1D 9.3.3" },
	{ "stp.flags.proposal", "Proposal", 38, 1, FIELD_BOOL, .indent = 1,
	  .help = "to forward at once, IEEE 802.1D 17.21" },
	{ "stp.flags.tc", "Topology change", 39, 1, FIELD_BOOL, .indent = 1, .help = "forget learned addresses soon" },
	{ "stp.root.prio", "Root priority", 40, 4, FIELD_DEC,
	  .help = "in steps of 4096; the lowest is root, IEEE 802.1D 9.2.5" },
	{ "stp.root.ext", "Root system", 44, 12, FIELD_DEC, .help = "the VLAN or instance" },
	{ "stp.root.hw", "Root address", 56, 48, FIELD_MAC, .help = "IEEE 802.1D 9.2.5" },
	{ "stp.root.cost", "Cost to the root", 104, 32, FIELD_DEC, .help = "IEEE 802.1D 9.2.6" },
	{ "stp.bridge.prio", "Bridge priority", 136, 4, FIELD_DEC, .help = "of the sender" },
	{ "stp.bridge.ext", "Bridge system", 140, 12, FIELD_DEC, .help = "the VLAN or instance" },
	{ "stp.bridge.hw", "Bridge address", 152, 48, FIELD_MAC, .help = "of the sender" },
	{ "stp.port", "Port", 200, 16, FIELD_HEX, .help = "of the sender, IEEE 802.1D 9.2.7" },
	{ "stp.msg_age", "Age", 216, 8, FIELD_DEC, .help = "seconds since the root sent it" },
	{ "stp.max_age", "Maximum age", 232, 8, FIELD_DEC, .help = "seconds" },
	{ "stp.hello", "Hello time", 248, 8, FIELD_DEC, .help = "seconds between messages" },
	{ "stp.forward", "Forward delay", 264, 8, FIELD_DEC, .help = "seconds of listening and of learning" },
	{ 0 },
};

static void say(struct dissect *d, uint8_t version, uint8_t type, const uint8_t *root)
{
	const char *name = field_word(versions, version);

	if (!d->words || d->nested)
		return;
	buf_puts(d->words, name ? name : "STP");
	if (type == TOPOLOGY_CHANGE)
		buf_puts(d->words, " topology change");
	else if (root)
		buf_printf(d->words, " root=%u/%02x:%02x:%02x:%02x:%02x:%02x", root[0] << 8 | root[1], root[2], root[3],
			   root[4], root[5], root[6], root[7]);
}

void decode_stp(struct dissect *d)
{
	struct cursor at = d->c;
	unsigned line = dissect_layer(d, PROTO_STP);
	uint8_t version, type;

	field_table(d, &at, fields);
	cursor_skip(&d->c, 2);
	version = cursor_u8(&d->c);
	type = cursor_u8(&d->c);
	field_meaning(d, line, field_word(types, type));
	if (!d->c.err) {
		say(d, version, type, cursor_at(&at, at.off + ROOT_AT, 8));
		if (type != TOPOLOGY_CHANGE) {
			field_table(d, &at, configuration);
			cursor_skip(&d->c, CONFIGURATION - HEADER);
		}
	}
	if (d->c.err) {
		dissect_short(d, "the spanning tree message is cut short");
		return;
	}
	dissect_layer_end(d, line, at.off);
	if (type != TOPOLOGY_CHANGE)
		dissect_next(d, PROTO_DATA);
}
