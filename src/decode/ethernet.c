/* Ethernet, IEEE 802.3, 3.2: destination 6 bytes, source 6, type 2 (below 1536: the length of an
 * 802.3 frame), data. Short frames are padded to 60 bytes; the checksum is rarely captured.
 */
#include "decode/dissect.h"

#include <stddef.h>

enum { PADDED = 60, LOWEST_TYPE = 1536 };

const struct field_word ether_types[] = {
	{ 0x0800, "IPv4" },
	{ 0x0806, "ARP" },
	{ 0x86dd, "IPv6" },
	{ 0x0842, "Wake-on-LAN" },
	{ 0x8035, "RARP" },
	{ 0x809b, "AppleTalk" },
	{ 0x8100, "802.1Q virtual LAN" },
	{ 0x8137, "IPX" },
	{ 0x8808, "Ethernet flow control" },
	{ 0x8809, "LACP" },
	{ 0x8847, "MPLS" },
	{ 0x8848, "MPLS multicast" },
	{ 0x8863, "PPPoE discovery" },
	{ 0x8864, "PPPoE session" },
	{ 0x888e, "802.1X" },
	{ 0x88a8, "802.1ad provider bridge" },
	{ 0x88b5, "local experiment" },
	{ 0x88cc, "LLDP" },
	{ 0x88e5, "MACsec" },
	{ 0x88f7, "PTP" },
	{ 0x8902, "802.1ag CFM" },
	{ 0x0bad, "VINES" },
	{ 0x0707, "GeoNetworking" },
	{ 0x8947, "GeoNetworking" },
	{ 0x22f0, "AVTP" },
	{ 0x6003, "DECnet" },
	{ 0x80f3, "AppleTalk ARP" },
	{ 0x886f, "Microsoft NLB" },
	{ 0x88a2, "ATA over Ethernet" },
	{ 0x88ca, "TIPC" },
	{ 0x8892, "PROFINET" },
	{ 0x8906, "Fibre Channel over Ethernet" },
	{ 0x890d, "802.11 encapsulation" },
	{ 0x8940, "802.1Qbg" },
	{ 0x894f, "NSH" },
	{ 0x4305, "B.A.T.M.A.N." },
	{ 0x88d9, "LLTD" },
	{ 0x88e1, "HomePlug" },
	{ 0x886d, "Intel ANS" },
	{ 0x2000, "CDP" },
	{ 0xd28b, "Arista" },
	{ 0x8914, "FIP" },
	{ 0x88b8, "GOOSE" },
	{ 0x8870, "jumbo frame" },
	{ 0x88f5, "MVRP" },
	{ 0x88f6, "MMRP" },
	{ 0x9000, "loopback test" },
	{ 0x9100, "802.1Q in 802.1Q" },
	{ 0x88e7, "802.1ah service instance" },
	{ 0x22f3, "TRILL" },
	{ 0x8926, "VN-Tag" },
	{ 0x893f, "802.1BR E-Tag" },
	{ 0x892f, "HSR" },
	{ 0xdada, "EDSA" },
	{ 0, NULL },
};

const struct field ethernet_addresses[] = {
	{ "eth.dst", "Destination", 0, 48, FIELD_MAC, .help = "address of the receiver, IEEE 802.3 3.2.3" },
	{ "eth.src", "Source", 48, 48, FIELD_MAC, .help = "address of the sender, IEEE 802.3 3.2.3" },
	{ 0 },
};

static const struct field type_field[] = {
	{ "eth.type", "Type", 96, 16, FIELD_HEX, .words = ether_types, .help = "what follows, IEEE 802.3 3.2.6" },
	{ 0 },
};

static const struct field length_field[] = {
	{ "eth.len", "Length", 96, 16, FIELD_DEC, .help = "bytes of data in an 802.3 frame, IEEE 802.3 3.2.6" },
	{ 0 },
};

/* What the frame has behind its packet. It is known last and shown with the header. */
static void show_trailer(struct dissect *d, unsigned at, uint32_t start, uint32_t cap, uint32_t end)
{
	static const struct field padding[] = {
		{ "eth.padding", "Padding", 0, 0, FIELD_BYTES, .help = "fills the shortest frame, IEEE 802.3 3.2.8" },
		{ 0 },
	};
	static const struct field trailer[] = {
		{ "eth.trailer", "Trailer", 0, 0, FIELD_BYTES,
		  .help = "bytes behind what the packet's own length covers" },
		{ 0 },
	};
	struct cursor rest = { .base = d->c.base, .off = d->c.len, .cap = cap, .len = end };
	uint8_t depth = d->depth, proto = d->proto;

	if (!d->tree || d->c.len >= end || d->c.len < start || d->c.len > cap)
		return;
	d->depth = 1;
	d->proto = PROTO_ETHERNET;
	field_table(d, &rest, end - start <= PADDED ? padding : trailer);
	field_move(d, at);
	d->depth = depth;
	d->proto = proto;
}

void decode_ethernet(struct dissect *d)
{
	struct cursor header = d->c;
	unsigned line = dissect_layer(d, PROTO_ETHERNET);
	uint16_t type;

	cursor_skip(&d->c, 12);
	type = cursor_be16(&d->c);
	field_table(d, &header, ethernet_addresses);
	field_table(d, &header, type < LOWEST_TYPE ? length_field : type_field);
	if (d->c.err) {
		dissect_short(d, "the Ethernet header is cut short");
		return;
	}
	dissect_layer_end(d, line, header.off);
	line = d->tree ? d->tree->count : 0;
	dissect_ethertype(d, type);
	show_trailer(d, line, header.off, header.cap, header.len);
}
