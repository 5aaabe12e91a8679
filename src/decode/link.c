/* The link layers that lead to IP.
 *
 * Ethernet II (IEEE 802.3, 3.2):  destination 6, source 6, type 2 (below 1536: a length)
 * 802.1Q tag:                     PCP 3 bits, DEI 1, VID 12, type 2
 * Linux cooked v1 (LINKTYPE 113): packet type 2, ARPHRD 2, address length 2, address 8, protocol 2
 * Linux cooked v2 (LINKTYPE 276): protocol 2, reserved 2, interface index 4, ARPHRD 2, packet type 1, address
 *                                 length 1, address 8
 * BSD loopback (LINKTYPE 0, 108): address family 4, in the writer's byte order or big-endian
 */
#include "decode/dissect.h"
#include "decode/route.h"

enum { LOWEST_TYPE = 1536 /* IEEE 802.3, 3.2.6 */ };

static const struct field_word ether_types[] = {
	{ 0x0800, "IPv4" },
	{ 0x0806, "ARP" },
	{ 0x86dd, "IPv6" },
	{ 0x8100, "802.1Q Virtual LAN" },
	{ 0x88a8, "802.1ad Provider Bridge (Q-in-Q)" },
	{ 0x8847, "MPLS" },
	{ 0x88cc, "LLDP" },
	{ 0 },
};

static void by_type(struct dissect *d, uint16_t type)
{
	if (type < LOWEST_TYPE) { /* 802.3: the length of what follows, the rest is padding */
		cursor_limit(&d->c, type);
		dissect_data(d);
		return;
	}
	dissect_next(d, route_find(ethertype_routes, type));
}

void decode_ethernet(struct dissect *d)
{
	static const struct field fields[] = {
		{ "eth.dst", "Destination", 0, 48, FIELD_MAC, NULL,
		  "address of the receiver, IEEE 802.3", 0, 0 },
		{ "eth.src", "Source", 48, 48, FIELD_MAC, NULL, "address of the sender, IEEE 802.3",
		  0, 0 },
		{ "eth.type", "Type", 96, 16, FIELD_HEX, ether_types,
		  "what follows; below 0x600 a length", 0, 0 },
		{ 0 },
	};
	uint32_t start = d->c.off;
	unsigned line = dissect_layer(d, PROTO_ETHERNET);
	uint16_t type;

	field_table(d, start, fields);
	cursor_skip(&d->c, 12);
	type = cursor_be16(&d->c);
	if (d->c.err) {
		dissect_short(d, "the Ethernet header is cut short");
		return;
	}
	dissect_layer_end(d, line, start);
	by_type(d, type);
}

void decode_vlan(struct dissect *d)
{
	static const struct field fields[] = {
		{ "vlan.priority", "Priority", 0, 3, FIELD_DEC, NULL,
		  "priority code point, IEEE 802.1Q", 0, 0 },
		{ "vlan.dei", "Drop eligible", 3, 1, FIELD_BOOL, NULL, "may be dropped first", 0,
		  0 },
		{ "vlan.id", "ID", 4, 12, FIELD_DEC, NULL, "number of the virtual LAN", 0, 0 },
		{ "vlan.etype", "Type", 16, 16, FIELD_HEX, ether_types, "what follows", 0, 0 },
		{ 0 },
	};
	uint32_t start = d->c.off;
	unsigned line = dissect_layer(d, PROTO_VLAN);
	uint16_t type;

	field_table(d, start, fields);
	cursor_skip(&d->c, 2);
	type = cursor_be16(&d->c);
	if (d->c.err) {
		dissect_short(d, "the VLAN tag is cut short");
		return;
	}
	dissect_layer_end(d, line, start);
	by_type(d, type);
}

static const struct field_word packet_types[] = {
	{ 0, "to us" },           { 1, "broadcast" },  { 2, "multicast" },
	{ 3, "to another host" }, { 4, "sent by us" }, { 0 },
};

static void set_direction(struct dissect *d, unsigned type)
{
	enum { SENT = 4 };

	if (d->p->direction == DIRECTION_UNKNOWN)
		d->p->direction = type == SENT ? DIRECTION_OUT : DIRECTION_IN;
}

void decode_sll(struct dissect *d)
{
	static const struct field fields[] = {
		{ "sll.pkttype", "Packet type", 0, 16, FIELD_DEC, packet_types, "which way it went",
		  0, 0 },
		{ "sll.hatype", "Link-layer address type", 16, 16, FIELD_DEC, NULL,
		  "ARPHRD_ number", 0, 0 },
		{ "sll.halen", "Link-layer address length", 32, 16, FIELD_DEC, NULL,
		  "bytes of the address", 0, 0 },
		{ "sll.src.eth", "Source", 48, 48, FIELD_MAC, NULL, "address of the sender", 0, 0 },
		{ "sll.etype", "Protocol", 112, 16, FIELD_HEX, ether_types, "what follows", 0, 0 },
		{ 0 },
	};
	uint32_t start = d->c.off;
	unsigned line = dissect_layer(d, PROTO_SLL);
	uint16_t way, type;

	field_table(d, start, fields);
	way = cursor_be16(&d->c);
	cursor_skip(&d->c, 12);
	type = cursor_be16(&d->c);
	if (d->c.err) {
		dissect_short(d, "the cooked header is cut short");
		return;
	}
	set_direction(d, way);
	dissect_layer_end(d, line, start);
	by_type(d, type);
}

void decode_sll2(struct dissect *d)
{
	static const struct field fields[] = {
		{ "sll.etype", "Protocol", 0, 16, FIELD_HEX, ether_types, "what follows", 0, 0 },
		{ "sll.ifindex", "Interface index", 32, 32, FIELD_DEC, NULL,
		  "interface that saw it", 0, 0 },
		{ "sll.hatype", "Link-layer address type", 64, 16, FIELD_DEC, NULL,
		  "ARPHRD_ number", 0, 0 },
		{ "sll.pkttype", "Packet type", 80, 8, FIELD_DEC, packet_types, "which way it went",
		  0, 0 },
		{ "sll.halen", "Link-layer address length", 88, 8, FIELD_DEC, NULL,
		  "bytes of the address", 0, 0 },
		{ "sll.src.eth", "Source", 96, 48, FIELD_MAC, NULL, "address of the sender", 0, 0 },
		{ 0 },
	};
	uint32_t start = d->c.off, ifindex;
	unsigned line = dissect_layer(d, PROTO_SLL2);
	uint16_t type = cursor_be16(&d->c);
	uint8_t way;

	field_table(d, start, fields);
	cursor_skip(&d->c, 2);
	ifindex = cursor_be32(&d->c);
	cursor_skip(&d->c, 2);
	way = cursor_u8(&d->c);
	cursor_skip(&d->c, 9);
	if (d->c.err) {
		dissect_short(d, "the cooked header is cut short");
		return;
	}
	if (!d->p->ifindex)
		d->p->ifindex = ifindex;
	set_direction(d, way);
	dissect_layer_end(d, line, start);
	by_type(d, type);
}

/* IPv6 has another number on every BSD. */
static enum proto by_family(uint32_t family)
{
	static const uint32_t v6[] = { 10, 24, 28, 30 };

	if (family == 2)
		return PROTO_IPV4;
	for (unsigned i = 0; i < sizeof v6 / sizeof *v6; i++)
		if (family == v6[i])
			return PROTO_IPV6;
	return PROTO_DATA;
}

static void loopback(struct dissect *d, enum proto proto)
{
	static const struct field row = { .name = "null.family",
					  .label = "Family",
					  .format = FIELD_DEC,
					  .help = "address family of what follows" };
	uint32_t start = d->c.off;
	unsigned line = dissect_layer(d, proto);
	uint32_t family = cursor_be32(&d->c);

	if (d->c.err) {
		dissect_short(d, "the loopback header is cut short");
		return;
	}
	if (family > 0xffff) /* the writer was little-endian */
		family = __builtin_bswap32(family);
	field_number(d, &row, start, 4, family);
	dissect_layer_end(d, line, start);
	dissect_next(d, by_family(family));
}

void decode_null(struct dissect *d)
{
	loopback(d, PROTO_NULL);
}

void decode_loop(struct dissect *d)
{
	loopback(d, PROTO_LOOP);
}

void decode_raw(struct dissect *d)
{
	struct cursor look = d->c;
	uint8_t version = cursor_u8(&look) >> 4;

	dissect_layer(d, PROTO_RAW);
	if (look.err) {
		d->c.err = look.err;
		dissect_short(d, "there is no IP header");
		return;
	}
	dissect_next(d, version == 4 ? PROTO_IPV4 : version == 6 ? PROTO_IPV6 : PROTO_DATA);
}
