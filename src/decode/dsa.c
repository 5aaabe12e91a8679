/* Tags of switches between Linux and their ports: Marvell's DSA (4 bytes behind the addresses) and
 * EDSA (EtherType 0xdada, reserved 2, then the same), Broadcom's (4 bytes behind the addresses, or
 * before the frame). https://www.tcpdump.org/linktypes.html
 *
 *   +--------+-------+---------+ - - - +------+-+---------------+
 *   | Mode 2 | T 1   | Device 5| Port 5        |  VLAN 12 ...   |
 */
#include "decode/dissect.h"

#include <stddef.h>

enum { LINKTYPE_BRCM = 281, LINKTYPE_BRCM_PREPEND = 282, LINKTYPE_EDSA = 285 };
enum { ADDRESSES = 12, TAG = 4 };

static const struct field_word modes[] = {
	{ 0, "to CPU" }, { 1, "from CPU" }, { 2, "to sniffer" }, { 3, "forward" }, { 0, NULL }
};

static const struct field marvell_fields[] = {
	{ "sockeye.dsa.mode", "Mode", 0, 2, FIELD_DEC, .words = modes, .help = "Marvell DSA" },
	{ "sockeye.dsa.device", "Switch", 3, 5, FIELD_DEC, .help = "Marvell DSA" },
	{ "sockeye.dsa.port", "Port", 8, 5, FIELD_DEC, .help = "Marvell DSA" },
	{ "sockeye.dsa.vid", "VLAN", 20, 12, FIELD_DEC, .help = "Marvell DSA" },
	{ 0 },
};

static const struct field broadcom_fields[] = {
	{ "sockeye.brcm.opcode", "Opcode", 0, 3, FIELD_DEC, .help = "Broadcom tag" },
	{ "sockeye.brcm.port", "Port", 27, 5, FIELD_DEC, .help = "of the switch" },
	{ 0 },
};

/* The tag and the EtherType behind it. */
static void tagged(struct dissect *d, const struct field *rows, uint32_t before)
{
	struct cursor at = d->c;
	unsigned line = dissect_layer(d, PROTO_DSA);
	uint16_t type;

	cursor_skip(&d->c, before);
	field_table(d, &d->c, rows);
	cursor_skip(&d->c, TAG);
	type = cursor_be16(&d->c);
	if (d->c.err) {
		dissect_short(d, "the switch's tag is cut short");
		return;
	}
	dissect_layer_end(d, line, at.off);
	dissect_ethertype(d, type);
}

void decode_dsa(struct dissect *d)
{
	uint16_t linktype = d->c.off ? 0 : d->p->linktype;

	if (linktype == LINKTYPE_BRCM_PREPEND) {
		if (dissect_header(d, &(struct layer){ PROTO_DSA, broadcom_fields, TAG, "the switch's tag is cut short",
						       NULL }))
			dissect_next(d, PROTO_ETHERNET);
		return;
	}
	if (linktype) {
		if (!dissect_header(d, &(struct layer){ PROTO_ETHERNET, ethernet_addresses, ADDRESSES,
							"the Ethernet header is cut short", NULL }))
			return;
		if (linktype == LINKTYPE_EDSA)
			cursor_skip(&d->c, 2);
	}
	tagged(d, linktype == LINKTYPE_BRCM ? broadcom_fields : marvell_fields,
	       linktype == 0 || linktype == LINKTYPE_EDSA ? 2 : 0);
}
