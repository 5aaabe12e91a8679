#include "decode/proto.h"

#include "decode/dissect.h"

/* clang-format off */
const struct proto_row protos[PROTO_COUNT] = {
	[PROTO_NONE] = { "none", "Nothing", "none", "", decode_data },
	[PROTO_ETHERNET] = { "ethernet", "Ethernet II", "eth", "IEEE 802.3", decode_ethernet },
	[PROTO_SLL] = { "sll", "Linux cooked capture v1", "sll", "tcpdump.org LINKTYPE_LINUX_SLL",
			decode_sll },
	[PROTO_SLL2] = { "sll2", "Linux cooked capture v2", "sll",
			 "tcpdump.org LINKTYPE_LINUX_SLL2", decode_sll2 },
	[PROTO_NULL] = { "null", "BSD loopback", "null", "tcpdump.org LINKTYPE_NULL", decode_null },
	[PROTO_LOOP] = { "loop", "OpenBSD loopback", "null", "tcpdump.org LINKTYPE_LOOP",
			 decode_loop },
	[PROTO_RAW] = { "raw", "Raw IP", "raw", "tcpdump.org LINKTYPE_RAW", decode_raw },
	[PROTO_VLAN] = { "vlan", "802.1Q virtual LAN", "vlan", "IEEE 802.1Q", decode_vlan },
	[PROTO_ARP] = { "arp", "Address Resolution Protocol", "arp", "RFC 826", decode_arp },
	[PROTO_IPV4] = { "ipv4", "Internet Protocol Version 4", "ip", "RFC 791", decode_ipv4 },
	[PROTO_IPV6] = { "ipv6", "Internet Protocol Version 6", "ipv6", "RFC 8200", decode_ipv6 },
	[PROTO_ICMP] = { "icmp", "Internet Control Message Protocol", "icmp", "RFC 792",
			 decode_icmp },
	[PROTO_ICMPV6] = { "icmpv6", "Internet Control Message Protocol v6", "icmpv6", "RFC 4443",
			   decode_icmpv6 },
	[PROTO_TCP] = { "tcp", "Transmission Control Protocol", "tcp", "RFC 9293", decode_tcp },
	[PROTO_UDP] = { "udp", "User Datagram Protocol", "udp", "RFC 768", decode_udp },
	[PROTO_DATA] = { "data", "Data", "data", "", decode_data },
};
/* clang-format on */

const char *proto_name(uint8_t proto)
{
	return protos[proto < PROTO_COUNT ? proto : PROTO_NONE].name;
}

const char *linktype_name(uint16_t linktype)
{
	static const struct {
		uint16_t number;
		const char *name;
	} names[] = {
		{ 0, "NULL" },         { 1, "EN10MB" },
		{ 9, "PPP" },          { 12, "RAW" },
		{ 14, "RAW" },         { 101, "RAW" },
		{ 105, "IEEE802_11" }, { 108, "LOOP" },
		{ 113, "LINUX_SLL" },  { 127, "IEEE802_11_RADIO" },
		{ 189, "USB_LINUX" },  { 220, "USB_LINUX_MMAPPED" },
		{ 228, "IPV4" },       { 229, "IPV6" },
		{ 253, "NETLINK" },    { 276, "LINUX_SLL2" },
	};

	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].number == linktype)
			return names[i].name;
	return 0;
}
