#include "decode/route.h"

#include <netinet/in.h>

/* https://www.tcpdump.org/linktypes.html; 12 and 14 are what BSDs call DLT_RAW */
const struct route linktype_routes[] = {
	{ 1, PROTO_ETHERNET },      { 113, PROTO_SLL },         { 276, PROTO_SLL2 },        { 0, PROTO_NULL },
	{ 108, PROTO_LOOP },        { 101, PROTO_RAW },         { 12, PROTO_RAW },          { 14, PROTO_RAW },
	{ 228, PROTO_IPV4 },        { 229, PROTO_IPV6 },        { 9, PROTO_PPP },           { 50, PROTO_PPP },
	{ 51, PROTO_PPPOE },        { 104, PROTO_CHDLC },       { 107, PROTO_FRAME_RELAY }, { 105, PROTO_WLAN },
	{ 127, PROTO_RADIOTAP },    { 189, PROTO_USB },         { 220, PROTO_USB },         { 253, PROTO_NETLINK },
	{ 166, PROTO_PPP },         { 204, PROTO_PPP },         { 7, PROTO_ARCNET },        { 129, PROTO_ARCNET },
	{ 239, PROTO_NFLOG },       { 248, PROTO_SCTP },        { 6, PROTO_TOKEN_RING },    { 10, PROTO_FDDI },
	{ 19, PROTO_RAW },          { 100, PROTO_LLC },         { 106, PROTO_RAW },         { 109, PROTO_ENC },
	{ 117, PROTO_PFLOG },       { 119, PROTO_PRISM },       { 122, PROTO_IPFC },        { 123, PROTO_SUNATM },
	{ 133, PROTO_JUNIPER },     { 138, PROTO_IEEE1394 },    { 163, PROTO_PRISM },       { 167, PROTO_JUNIPER },
	{ 178, PROTO_JUNIPER },     { 179, PROTO_JUNIPER },     { 180, PROTO_JUNIPER },     { 181, PROTO_JUNIPER },
	{ 192, PROTO_PPI },         { 195, PROTO_WPAN },        { 197, PROTO_ERF },         { 205, PROTO_CHDLC },
	{ 206, PROTO_FRAME_RELAY }, { 215, PROTO_WPAN },        { 219, PROTO_MPLS },        { 226, PROTO_IPNET },
	{ 230, PROTO_WPAN },        { 240, PROTO_NETANALYZER }, { 241, PROTO_NETANALYZER }, { 242, PROTO_IPOIB },
	{ 258, PROTO_PKTAP },       { 281, PROTO_DSA },         { 282, PROTO_DSA },         { 283, PROTO_WPAN },
	{ 284, PROTO_DSA },         { 285, PROTO_DSA },         { 0, PROTO_NONE },
};

/* IANA "IEEE 802 Numbers"; 0x9100 came before 802.1ad */
const struct route ethertype_routes[] = {
	{ 0x0800, PROTO_IPV4 },       { 0x86dd, PROTO_IPV6 },     { 0x0806, PROTO_ARP },
	{ 0x8100, PROTO_VLAN },       { 0x88a8, PROTO_VLAN },     { 0x9100, PROTO_VLAN },
	{ 0x8035, PROTO_ARP },        { 0x8847, PROTO_MPLS },     { 0x8848, PROTO_MPLS },
	{ 0x8863, PROTO_PPPOE },      { 0x8864, PROTO_PPPOE },    { 0x88cc, PROTO_LLDP },
	{ 0x88e5, PROTO_MACSEC },     { 0x6558, PROTO_ETHERNET }, { 0x88be, PROTO_ERSPAN },
	{ 0x22eb, PROTO_ERSPAN },     { 0x8909, PROTO_TRUSTSEC }, { 0x894f, PROTO_NSH },
	{ 0x8903, PROTO_FABRICPATH }, { 0x880b, PROTO_PPP },      { 0x88e7, PROTO_PBB },
	{ 0x22f3, PROTO_TRILL },      { 0x8926, PROTO_VNTAG },    { 0x893f, PROTO_ETAG },
	{ 0x892f, PROTO_HSR },        { 0xdada, PROTO_DSA },      { 0, PROTO_NONE },
};

/* IANA "Assigned Internet Protocol Numbers" */
const struct route ip_routes[] = {
	{ IPPROTO_TCP, PROTO_TCP },
	{ IPPROTO_UDP, PROTO_UDP },
	{ IPPROTO_ICMP, PROTO_ICMP },
	{ IPPROTO_ICMPV6, PROTO_ICMPV6 },
	{ IPPROTO_IPIP, PROTO_IPV4 },
	{ IPPROTO_IPV6, PROTO_IPV6 },
	{ IPPROTO_ETHERNET, PROTO_ETHERNET },
	{ 2, PROTO_IGMP },
	{ 47, PROTO_GRE },
	{ 50, PROTO_ESP },
	{ 51, PROTO_AH },
	{ 89, PROTO_OSPF },
	{ 103, PROTO_PIM },
	{ 112, PROTO_VRRP },
	{ 33, PROTO_DCCP },
	{ 132, PROTO_SCTP },
	{ 136, PROTO_UDPLITE },
	{ 137, PROTO_MPLS },
	{ 0, PROTO_NONE },
};

/* IANA "Service Name and Transport Protocol Port Number Registry" */
/* clang-format off */
const uint8_t tcp_ports[65536] = {
	[53] = PROTO_DNS,
	[80] = PROTO_HTTP, [3128] = PROTO_HTTP, [8000] = PROTO_HTTP, [8080] = PROTO_HTTP,
	[443] = PROTO_TLS, [465] = PROTO_TLS, [636] = PROTO_TLS, [853] = PROTO_TLS, [993] = PROTO_TLS,
	[995] = PROTO_TLS, [5061] = PROTO_TLS, [8443] = PROTO_TLS,
};

const uint8_t udp_ports[65536] = {
	[4789] = PROTO_VXLAN, [8472] = PROTO_VXLAN, [6081] = PROTO_GENEVE,
	[2152] = PROTO_GTP, [4500] = PROTO_NATT,
	[53] = PROTO_DNS, [5353] = PROTO_DNS /* mDNS, RFC 6762 */,
	[137] = PROTO_NBNS, [443] = PROTO_QUIC, [1900] = PROTO_SSDP, [9899] = PROTO_SCTP /* RFC 6951 */,
	[5355] = PROTO_DNS /* LLMNR, RFC 4795 */,
};
/* clang-format on */

const uint8_t tcp_guesses[] = { PROTO_TLS, PROTO_HTTP, PROTO_NONE };
const uint8_t udp_guesses[] = { PROTO_QUIC, PROTO_DNS, PROTO_NONE };

enum proto route_find(const struct route *routes, uint16_t key)
{
	for (; routes->to != PROTO_NONE; routes++)
		if (routes->key == key)
			return routes->to;
	return PROTO_DATA;
}
