/* Address Resolution Protocol, RFC 826: hardware type 2, protocol type 2, lengths 1 + 1, operation 2, then sender's and
 * target's addresses (6 + 4 + 6 + 4 bytes for IPv4 over Ethernet).
 */
#include "decode/dissect.h"

static const struct field_word operations[] = {
	{ 1, "request" }, { 2, "reply" }, { 3, "reverse request" }, { 4, "reverse reply" }, { 0 },
};

void decode_arp(struct dissect *d)
{
	static const struct field fields[] = {
		{ "arp.hw.type", "Hardware type", 0, 16, FIELD_DEC, NULL, "1 is Ethernet", 0, 0 },
		{ "arp.proto.type", "Protocol type", 16, 16, FIELD_HEX, NULL,
		  "EtherType of the addresses", 0, 0 },
		{ "arp.hw.size", "Hardware size", 32, 8, FIELD_DEC, NULL,
		  "bytes of a hardware address", 0, 0 },
		{ "arp.proto.size", "Protocol size", 40, 8, FIELD_DEC, NULL,
		  "bytes of a protocol address", 0, 0 },
		{ "arp.opcode", "Operation", 48, 16, FIELD_DEC, operations,
		  "who has it, or here it is", 0, 0 },
		{ 0 },
	};
	static const struct field addresses[] = {
		{ "arp.src.hw_mac", "Sender MAC", 64, 48, FIELD_MAC, NULL,
		  "hardware address of the sender", 0, 0 },
		{ "arp.src.proto_ipv4", "Sender IP", 112, 32, FIELD_IPV4, NULL,
		  "address of the sender", 0, 0 },
		{ "arp.dst.hw_mac", "Target MAC", 144, 48, FIELD_MAC, NULL, "zero in a request", 0,
		  0 },
		{ "arp.dst.proto_ipv4", "Target IP", 192, 32, FIELD_IPV4, NULL,
		  "the address asked for", 0, 0 },
		{ 0 },
	};
	uint32_t start = d->c.off;
	unsigned line = dissect_layer(d, PROTO_ARP);
	uint16_t type;
	uint8_t hw, proto;

	field_table(d, start, fields);
	cursor_skip(&d->c, 2);
	type = cursor_be16(&d->c);
	hw = cursor_u8(&d->c);
	proto = cursor_u8(&d->c);
	d->p->payload_off =
		start; /* where the addresses are, and the operation: for the info line */
	d->p->icmp_code = (uint8_t)cursor_be16(&d->c);
	cursor_skip(&d->c, 2u * (hw + proto));
	if (d->c.err) {
		dissect_short(d, "the ARP packet is cut short");
		return;
	}
	if (type == 0x0800 && hw == 6 && proto == 4)
		field_table(d, start, addresses);
	dissect_layer_end(d, line, start);
}
