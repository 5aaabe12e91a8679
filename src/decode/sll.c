/* Linux cooked captures: what the kernel tells of a packet on the "any" device.
 *
 * v1 (LINKTYPE_LINUX_SLL):  packet type 2 bytes, ARPHRD 2, address length 2, address 8, protocol 2
 * v2 (LINKTYPE_LINUX_SLL2): protocol 2, reserved 2, interface index 4, ARPHRD 2, packet type 1,
 *                           address length 1, address 8
 *
 * https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html, LINKTYPE_LINUX_SLL2.html
 */
#include "decode/dissect.h"

#include <net/if_arp.h>
#include <stddef.h>

enum { NETLINK = 824, LLC = 4, ADDRESS = 8, MAC = 6, ETHERTYPES = 1536, SENT = 4 };

static const struct field_word packet_types[] = {
	{ 0, "to us" },           { 1, "broadcast" },     { 2, "multicast" },
	{ 3, "to another host" }, { SENT, "sent by us" }, { 0, NULL },
};

static const struct field_word devices[] = {
	{ ARPHRD_ETHER, "Ethernet" },    { ARPHRD_PPP, "PPP" },
	{ ARPHRD_TUNNEL, "IP tunnel" },  { ARPHRD_TUNNEL6, "IPv6 tunnel" },
	{ ARPHRD_LOOPBACK, "loopback" }, { ARPHRD_SIT, "IPv6 in IPv4" },
	{ ARPHRD_IPGRE, "GRE tunnel" },  { NETLINK, "netlink" },
	{ ARPHRD_NONE, "none" },         { 0, NULL },
};

static const struct field v1_fields[] = {
	{ "sll.pkttype", "Packet type", 0, 16, FIELD_DEC, .words = packet_types,
	  .help = "which way it went, packet(7)" },
	{ "sll.hatype", "Device type", 16, 16, FIELD_DEC, .words = devices, .help = "ARPHRD_ number of the device" },
	{ "sll.halen", "Address length", 32, 16, FIELD_DEC, .help = "bytes of the sender's link-layer address" },
	{ 0 },
};

static const struct field v2_fields[] = {
	{ "sll.ifindex", "Interface index", 32, 32, FIELD_DEC, .help = "interface that saw it, netdevice(7)" },
	{ "sll.hatype", "Device type", 64, 16, FIELD_DEC, .words = devices, .help = "ARPHRD_ number of the device" },
	{ "sll.pkttype", "Packet type", 80, 8, FIELD_DEC, .words = packet_types,
	  .help = "which way it went, packet(7)" },
	{ "sll.halen", "Address length", 88, 8, FIELD_DEC, .help = "bytes of the sender's link-layer address" },
	{ 0 },
};

static const struct field type_field[] = {
	{ "sll.etype", "Protocol", 0, 16, FIELD_HEX, .words = ether_types, .help = "what follows: an EtherType" },
	{ 0 },
};

static const struct field other_type_field[] = {
	{ "sll.ltype", "Protocol", 0, 16, FIELD_HEX,
	  .help = "what follows: no EtherType but a number of Linux (ETH_P_)" },
	{ 0 },
};

static const struct field mac_field[] = {
	{ "sll.src.eth", "Source", 0, 48, FIELD_MAC, .help = "link-layer address of the sender" },
	{ 0 },
};

static const struct field ipv4_field[] = {
	{ "sll.src.ipv4", "Source", 0, 32, FIELD_IPV4, .help = "link-layer address of the sender, of a tunnel" },
	{ 0 },
};

static const struct field other_field[] = {
	{ "sll.src.other", "Source", 0, 0, FIELD_BYTES, .help = "link-layer address of the sender" },
	{ 0 },
};

static const struct field unused_field[] = {
	{ "sll.unused", "Unused", 0, 0, FIELD_BYTES, .help = "of the 8 bytes for an address" },
	{ 0 },
};

static void show_address(struct dissect *d, struct cursor c, uint16_t length)
{
	struct cursor eight = cursor_part(&c, ADDRESS), used;

	if (!d->tree || eight.err)
		return;
	used = cursor_part(&eight, length < ADDRESS ? length : ADDRESS);
	field_table(d, &used, length == MAC ? mac_field : length == 4 ? ipv4_field : other_field);
	field_table(d, &eight, unused_field);
}

/* Devices whose packets carry something else in the place of an EtherType. */
static bool has_ethertype(uint16_t device, uint16_t type)
{
	return type >= ETHERTYPES && device != NETLINK && device != ARPHRD_FRAD && device != ARPHRD_IEEE80211_RADIOTAP;
}

/* ARPHRD_ and the small numbers of linux/if_ether.h */
static void go_on_without(struct dissect *d, uint16_t device, uint16_t type)
{
	enum proto to = PROTO_DATA;

	if (device == NETLINK)
		to = PROTO_NETLINK;
	else if (device == ARPHRD_IEEE80211_RADIOTAP)
		to = PROTO_RADIOTAP;
	else if (type == LLC && device != ARPHRD_FRAD)
		to = PROTO_LLC;
	d->key = type;
	dissect_next(d, to);
}

static void go_on(struct dissect *d, uint16_t device, uint16_t type)
{
	if (has_ethertype(device, type))
		dissect_ethertype(d, type);
	else
		go_on_without(d, device, type);
}

static void set_direction(struct dissect *d, unsigned type)
{
	if (d->p->direction == DIRECTION_UNKNOWN)
		d->p->direction = type == SENT ? DIRECTION_OUT : DIRECTION_IN;
}

static void show_type(struct dissect *d, struct cursor at, uint16_t device, uint16_t type)
{
	field_table(d, &at, has_ethertype(device, type) ? type_field : other_type_field);
}

void decode_sll(struct dissect *d)
{
	struct cursor header = d->c, address;
	unsigned line = dissect_layer(d, PROTO_SLL);
	uint16_t way = cursor_be16(&d->c), device = cursor_be16(&d->c), length = cursor_be16(&d->c);
	uint16_t type;

	address = d->c;
	cursor_skip(&d->c, ADDRESS);
	type = cursor_be16(&d->c);
	field_table(d, &header, v1_fields);
	show_address(d, address, length);
	if (d->c.err) {
		dissect_short(d, "the cooked header is cut short");
		return;
	}
	cursor_skip(&address, ADDRESS);
	show_type(d, address, device, type);
	set_direction(d, way);
	dissect_layer_end(d, line, header.off);
	go_on(d, device, type);
}

void decode_sll2(struct dissect *d)
{
	struct cursor header = d->c;
	unsigned line = dissect_layer(d, PROTO_SLL2);
	uint16_t type = cursor_be16(&d->c), device;
	uint32_t ifindex;
	uint8_t way, length;

	cursor_skip(&d->c, 2);
	ifindex = cursor_be32(&d->c);
	device = cursor_be16(&d->c);
	way = cursor_u8(&d->c);
	length = cursor_u8(&d->c);
	show_type(d, header, device, type);
	field_table(d, &header, v2_fields);
	show_address(d, d->c, length);
	cursor_skip(&d->c, ADDRESS);
	if (d->c.err) {
		dissect_short(d, "the cooked header is cut short");
		return;
	}
	if (!d->p->ifindex)
		d->p->ifindex = ifindex;
	set_direction(d, way);
	dissect_layer_end(d, line, header.off);
	go_on(d, device, type);
}
