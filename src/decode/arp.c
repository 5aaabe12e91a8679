/* Address Resolution Protocol, RFC 826:
 *
 * +---------------+---------------+---------------+---------------+
 * |         Hardware type         |         Protocol type         |
 * +---------------+---------------+-------------------------------+
 * | Hardware size | Protocol size |           Operation           |
 * +---------------+---------------+-------------------------------+
 *
 * then the sender's hardware and protocol address, and the target's: 6 + 4 + 6 + 4 bytes for IPv4
 * over Ethernet. The reverse protocol is RFC 903, the inverse one RFC 2390.
 */
#include "decode/dissect.h"

#include "util/buf.h"

#include <arpa/inet.h>
#include <stddef.h>

enum { ETHERNET = 1, IEEE802 = 6, IPV4 = 0x0800, REQUEST = 1, REPLY = 2 };

static const struct field_word operations[] = {
	{ REQUEST, "request" },
	{ REPLY, "reply" },
	{ 3, "reverse request" },
	{ 4, "reverse reply" },
	{ 8, "inverse request" },
	{ 9, "inverse reply" },
	{ 0, NULL },
};

static const struct field_word hardware[] = {
	{ ETHERNET, "Ethernet" }, { IEEE802, "IEEE 802" }, { 7, "ARCNET" }, { 15, "frame relay" },
	{ 24, "FireWire" },       { 32, "InfiniBand" },    { 0, NULL },
};

static const struct field fields[] = {
	{ "arp.hw.type", "Hardware type", 0, 16, FIELD_DEC, .words = hardware,
	  .help = "kind of hardware address, RFC 826" },
	{ "arp.proto.type", "Protocol type", 16, 16, FIELD_HEX, .words = ether_types,
	  .help = "EtherType of the addresses, RFC 826" },
	{ "arp.hw.size", "Hardware size", 32, 8, FIELD_DEC, .help = "bytes of a hardware address" },
	{ "arp.proto.size", "Protocol size", 40, 8, FIELD_DEC, .help = "bytes of a protocol address" },
	{ "arp.opcode", "Operation", 48, 16, FIELD_DEC, .words = operations,
	  .help = "who has it, or here it is, RFC 826" },
	{ 0 },
};

/* The four addresses in their order: as what they are for Ethernet and IPv4, else as bytes. */
static const struct field known[4][2] = {
	{ { "arp.src.hw_mac", "Sender MAC", 0, 48, FIELD_MAC, .help = "hardware address of the sender" }, { 0 } },
	{ { "arp.src.proto_ipv4", "Sender IP", 0, 32, FIELD_IPV4, .help = "address of the sender" }, { 0 } },
	{ { "arp.dst.hw_mac", "Target MAC", 0, 48, FIELD_MAC, .help = "zero in a request: it is what is asked for" },
	  { 0 } },
	{ { "arp.dst.proto_ipv4", "Target IP", 0, 32, FIELD_IPV4, .help = "the address that is asked for" }, { 0 } },
};

static const struct field plain[4][2] = {
	{ { "arp.src.hw", "Sender hardware address", 0, 0, FIELD_BYTES, .help = "hardware address of the sender" },
	  { 0 } },
	{ { "arp.src.proto", "Sender address", 0, 0, FIELD_BYTES, .help = "protocol address of the sender" }, { 0 } },
	{ { "arp.dst.hw", "Target hardware address", 0, 0, FIELD_BYTES, .help = "hardware address of the target" },
	  { 0 } },
	{ { "arp.dst.proto", "Target address", 0, 0, FIELD_BYTES, .help = "protocol address of the target" }, { 0 } },
};

struct arp {
	uint16_t hardware, protocol, operation;
	uint8_t hardware_size, protocol_size;
	struct cursor addresses[4];
};

static bool is_known(const struct arp *a, unsigned which)
{
	if (which % 2)
		return a->protocol == IPV4 && a->protocol_size == 4;
	return (a->hardware == ETHERNET || a->hardware == IEEE802) && a->hardware_size == 6;
}

static void say(struct buf *out, const struct arp *a)
{
	struct cursor sender = a->addresses[1], target = a->addresses[3], mac = a->addresses[0];
	const uint8_t *from = cursor_take(&sender, 4), *to = cursor_take(&target, 4);
	const uint8_t *m = is_known(a, 0) ? cursor_take(&mac, 6) : NULL;
	const char *name = field_word(operations, a->operation);
	char text[INET_ADDRSTRLEN];

	if (!is_known(a, 1) || !from || !to || (a->operation != REQUEST && (a->operation != REPLY || !m))) {
		if (name)
			buf_printf(out, "ARP %s", name);
		else
			buf_printf(out, "ARP operation %u", a->operation);
	} else if (a->operation == REQUEST) {
		buf_printf(out, "who has %s?", inet_ntop(AF_INET, to, text, sizeof text));
		buf_printf(out, " tell %s", inet_ntop(AF_INET, from, text, sizeof text));
	} else {
		buf_printf(out, "%s is at %02x:%02x:%02x:%02x:%02x:%02x", inet_ntop(AF_INET, from, text, sizeof text),
			   m[0], m[1], m[2], m[3], m[4], m[5]);
	}
}

void decode_arp(struct dissect *d)
{
	struct cursor header = d->c;
	unsigned line = dissect_layer(d, PROTO_ARP);
	struct arp a;

	a.hardware = cursor_be16(&d->c);
	a.protocol = cursor_be16(&d->c);
	a.hardware_size = cursor_u8(&d->c);
	a.protocol_size = cursor_u8(&d->c);
	a.operation = cursor_be16(&d->c);
	field_table(d, &header, fields);
	for (unsigned i = 0; i < 4; i++) {
		a.addresses[i] = cursor_part(&d->c, i % 2 ? a.protocol_size : a.hardware_size);
		field_table(d, &a.addresses[i], is_known(&a, i) ? known[i] : plain[i]);
	}
	dissect_layer_end(d, line, header.off);
	field_meaning(d, line, field_word(operations, a.operation));
	if (d->words && !d->nested)
		say(d->words, &a);
	if (d->c.err)
		dissect_short(d, "the ARP packet is cut short");
}
