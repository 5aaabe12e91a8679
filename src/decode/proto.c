#include "decode/proto.h"

#include "decode/dissect.h"

#include <stddef.h>

/* clang-format off */
const struct proto_row protos[PROTO_COUNT] = {
	[PROTO_NONE] = { "none", "Nothing", "none", "", decode_data, NULL },
	[PROTO_ETHERNET] = { "ethernet", "Ethernet II", "eth", "IEEE 802.3", decode_ethernet, NULL },
	[PROTO_SLL] = { "sll", "Linux cooked capture v1", "sll", "tcpdump.org LINKTYPE_LINUX_SLL",
			decode_sll, NULL },
	[PROTO_SLL2] = { "sll2", "Linux cooked capture v2", "sll",
			 "tcpdump.org LINKTYPE_LINUX_SLL2", decode_sll2, NULL },
	[PROTO_NULL] = { "null", "BSD loopback", "null", "tcpdump.org LINKTYPE_NULL", decode_null, NULL },
	[PROTO_LOOP] = { "loop", "OpenBSD loopback", "null", "tcpdump.org LINKTYPE_LOOP",
			 decode_loop, NULL },
	[PROTO_RAW] = { "raw", "Raw IP", "raw", "tcpdump.org LINKTYPE_RAW", decode_raw, NULL },
	[PROTO_VLAN] = { "vlan", "802.1Q virtual LAN", "vlan", "IEEE 802.1Q", decode_vlan, NULL },
	[PROTO_ARP] = { "arp", "Address Resolution Protocol", "arp", "RFC 826", decode_arp, NULL },
	[PROTO_IPV4] = { "ipv4", "Internet Protocol Version 4", "ip", "RFC 791", decode_ipv4, NULL },
	[PROTO_IPV6] = { "ipv6", "Internet Protocol Version 6", "ipv6", "RFC 8200", decode_ipv6, NULL },
	[PROTO_ICMP] = { "icmp", "Internet Control Message Protocol", "icmp", "RFC 792",
			 decode_icmp, NULL },
	[PROTO_ICMPV6] = { "icmpv6", "Internet Control Message Protocol v6", "icmpv6", "RFC 4443",
			   decode_icmpv6, NULL },
	[PROTO_TCP] = { "tcp", "Transmission Control Protocol", "tcp", "RFC 9293", decode_tcp, NULL },
	[PROTO_UDP] = { "udp", "User Datagram Protocol", "udp", "RFC 768", decode_udp, NULL },
	[PROTO_UDPLITE] = { "udplite", "Lightweight User Datagram Protocol", "udplite",
		"RFC 3828", decode_udplite, NULL },
	[PROTO_SCTP] = { "sctp", "Stream Control Transmission Protocol", "sctp",
		"RFC 9260", decode_sctp, NULL },
	[PROTO_DCCP] = { "dccp", "Datagram Congestion Control Protocol", "dccp",
		"RFC 4340", decode_dccp, NULL },
	[PROTO_LLC] = { "llc", "Logical Link Control", "llc",
		"IEEE 802.2", decode_llc, NULL },
	[PROTO_STP] = { "stp", "Spanning Tree Protocol", "stp",
		"IEEE 802.1D", decode_stp, NULL },
	[PROTO_LLDP] = { "lldp", "Link Layer Discovery Protocol", "lldp",
		"IEEE 802.1AB", decode_lldp, NULL },
	[PROTO_PPP] = { "ppp", "Point-to-Point Protocol", "ppp",
		"RFC 1661, RFC 1662", decode_ppp, NULL },
	[PROTO_PPPOE] = { "pppoe", "PPP over Ethernet", "pppoe",
		"RFC 2516", decode_pppoe, NULL },
	[PROTO_CHDLC] = { "chdlc", "Cisco HDLC", "chdlc",
		"RFC 1547, Cisco HDLC", decode_chdlc, NULL },
	[PROTO_FRAME_RELAY] = { "fr", "Frame Relay", "fr",
		"RFC 2427, ITU-T Q.922", decode_frame_relay, NULL },
	[PROTO_MACSEC] = { "macsec", "802.1AE security tag", "macsec",
		"IEEE 802.1AE", decode_macsec, NULL },
	[PROTO_RADIOTAP] = { "radiotap", "802.11 radio information", "radiotap",
		"radiotap.org", decode_radiotap, NULL },
	[PROTO_WLAN] = { "wlan", "IEEE 802.11 wireless LAN", "wlan",
		"IEEE 802.11", decode_wlan, NULL },
	[PROTO_NETLINK] = { "netlink", "Linux netlink", "netlink",
		"netlink(7)", decode_netlink, NULL },
	[PROTO_USB] = { "usb", "USB request block", "usb",
		"Linux usbmon", decode_usb, NULL },
	[PROTO_ARCNET] = { "arcnet", "ARCNET", "arcnet",
		"RFC 1201", decode_arcnet, NULL },
	[PROTO_NFLOG] = { "nflog", "Linux netfilter log", "nflog",
		"tcpdump.org LINKTYPE_NFLOG", decode_nflog, NULL },
	[PROTO_TRUSTSEC] = { "cmd", "Cisco metadata", "cmd",
		"EtherType 0x8909", decode_trustsec, NULL },
	[PROTO_NSH] = { "nsh", "Network Service Header", "nsh",
		"RFC 8300", decode_nsh, NULL },
	[PROTO_FABRICPATH] = { "cfp", "Cisco FabricPath", "cfp",
		"EtherType 0x8903", decode_fabricpath, NULL },
	[PROTO_IGMP] = { "igmp", "Internet Group Management Protocol", "igmp",
		"RFC 3376", decode_igmp, NULL },
	[PROTO_GRE] = { "gre", "Generic Routing Encapsulation", "gre",
		"RFC 2784, RFC 2890", decode_gre, NULL },
	[PROTO_ERSPAN] = { "erspan", "Encapsulated Remote Switch Packet Analysis", "erspan",
		"draft-foschiano-erspan", decode_erspan, NULL },
	[PROTO_VXLAN] = { "vxlan", "Virtual eXtensible Local Area Network", "vxlan",
		"RFC 7348", decode_vxlan, NULL },
	[PROTO_GENEVE] = { "geneve", "Generic Network Virtualization Encapsulation", "geneve",
		"RFC 8926", decode_geneve, NULL },
	[PROTO_GTP] = { "gtp", "GPRS Tunnelling Protocol, user plane", "gtp",
		"3GPP TS 29.281", decode_gtp, NULL },
	[PROTO_AH] = { "ah", "Authentication Header", "ah",
		"RFC 4302", decode_ah, NULL },
	[PROTO_ESP] = { "esp", "Encapsulating Security Payload", "esp",
		"RFC 4303", decode_esp, NULL },
	[PROTO_NATT] = { "udpencap", "UDP encapsulation of IPsec", "udpencap",
		"RFC 3948", decode_natt, NULL },
	[PROTO_OSPF] = { "ospf", "Open Shortest Path First", "ospf",
		"RFC 2328, RFC 5340", decode_ospf, NULL },
	[PROTO_VRRP] = { "vrrp", "Virtual Router Redundancy Protocol", "vrrp",
		"RFC 9568", decode_vrrp, NULL },
	[PROTO_PIM] = { "pim", "Protocol Independent Multicast", "pim",
		"RFC 7761", decode_pim, NULL },
	[PROTO_MPLS] = { "mpls", "Multiprotocol Label Switching", "mpls",
		"RFC 3032", decode_mpls, NULL },
	[PROTO_DNS] = { "dns", "Domain Name System", "dns",
		"RFC 1035", decode_dns, dns_looks_like },
	[PROTO_HTTP] = { "http", "Hypertext Transfer Protocol", "http",
		"RFC 9112", decode_http, http_looks_like },
	[PROTO_TLS] = { "tls", "Transport Layer Security", "tls",
		"RFC 8446", decode_tls, tls_looks_like },
	[PROTO_QUIC] = { "quic", "QUIC", "quic",
		"RFC 9000", decode_quic, quic_looks_like },
	[PROTO_SSDP] = { "ssdp", "Simple Service Discovery Protocol", "ssdp",
		"UPnP Device Architecture 2.0", decode_ssdp, http_looks_like },
	[PROTO_DATA] = { "data", "Data", "data", "", decode_data, NULL },
};
/* clang-format on */

const char *proto_name(uint8_t proto)
{
	return protos[proto < PROTO_COUNT ? proto : PROTO_NONE].name;
}

const char *linktype_name(uint16_t linktype)
{
	/* https://www.tcpdump.org/linktypes.html */
	/* clang-format off */
	static const struct {
		uint16_t number;
		const char *name;
	} names[] = {
		{ 0, "NULL" }, { 1, "EN10MB" }, { 3, "AX25" }, { 6, "IEEE802" }, { 7, "ARCNET" },
		{ 8, "SLIP" }, { 9, "PPP" }, { 10, "FDDI" }, { 12, "RAW" }, { 14, "RAW" },
		{ 50, "PPP_SERIAL" }, { 51, "PPP_ETHER" }, { 99, "SYMANTEC_FIREWALL" },
		{ 100, "ATM_RFC1483" }, { 101, "RAW" }, { 104, "C_HDLC" }, { 105, "IEEE802_11" },
		{ 106, "ATM_CLIP" }, { 107, "FRELAY" }, { 108, "LOOP" }, { 109, "ENC" },
		{ 113, "LINUX_SLL" }, { 114, "LTALK" }, { 117, "PFLOG" },
		{ 119, "PRISM_HEADER" }, { 122, "IP_OVER_FC" }, { 123, "SUNATM" },
		{ 127, "IEEE802_11_RADIO" }, { 129, "ARCNET_LINUX" }, { 130, "JUNIPER_MLPPP" },
		{ 131, "JUNIPER_MLFR" }, { 133, "JUNIPER_GGSN" }, { 135, "JUNIPER_ATM2" },
		{ 137, "JUNIPER_ATM1" }, { 138, "APPLE_IP_OVER_IEEE1394" },
		{ 139, "MTP2_WITH_PHDR" }, { 140, "MTP2" }, { 141, "MTP3" }, { 142, "SCCP" },
		{ 143, "DOCSIS" }, { 144, "LINUX_IRDA" }, { 147, "USER0" }, { 148, "USER1" },
		{ 149, "USER2" }, { 150, "USER3" }, { 151, "USER4" }, { 152, "USER5" },
		{ 153, "USER6" }, { 154, "USER7" }, { 155, "USER8" }, { 156, "USER9" },
		{ 157, "USER10" }, { 158, "USER11" }, { 159, "USER12" }, { 160, "USER13" },
		{ 161, "USER14" }, { 162, "USER15" }, { 163, "IEEE802_11_RADIO_AVS" },
		{ 165, "BACNET_MS_TP" }, { 166, "PPP_PPPD" }, { 169, "GPRS_LLC" },
		{ 177, "LINUX_LAPD" }, { 178, "JUNIPER_ETHER" }, { 179, "JUNIPER_PPP" },
		{ 180, "JUNIPER_FRELAY" }, { 181, "JUNIPER_CHDLC" }, { 182, "MFR" },
		{ 187, "BLUETOOTH_HCI_H4" }, { 189, "USB_LINUX" }, { 192, "PPI" },
		{ 195, "IEEE802_15_4" }, { 197, "ERF" }, { 201, "BLUETOOTH_HCI_H4_WITH_PHDR" },
		{ 202, "AX25_KISS" }, { 203, "LAPD" }, { 204, "PPP_WITH_DIR" },
		{ 205, "C_HDLC_WITH_DIR" }, { 206, "FRELAY_WITH_DIR" },
		{ 215, "IEEE802_15_4_NONASK_PHY" }, { 220, "USB_LINUX_MMAPPED" },
		{ 224, "FC_2" }, { 226, "IPNET" }, { 227, "CAN_SOCKETCAN" }, { 228, "IPV4" },
		{ 229, "IPV6" }, { 230, "IEEE802_15_4_NOFCS" }, { 231, "DBUS" },
		{ 239, "NFLOG" }, { 240, "NETANALYZER" }, { 242, "IPOIB" }, { 243, "MPEG_2_TS" },
		{ 245, "NFC_LLCP" }, { 247, "INFINIBAND" }, { 248, "SCTP" }, { 249, "USBPCAP" },
		{ 251, "BLUETOOTH_LE_LL" }, { 252, "WIRESHARK_UPPER_PDU" }, { 253, "NETLINK" },
		{ 254, "BLUETOOTH_LINUX_MONITOR" }, { 256, "BLUETOOTH_LE_LL_WITH_PHDR" },
		{ 258, "PKTAP" }, { 259, "EPON" }, { 260, "IPMI_HPM_2" }, { 264, "RDS" },
		{ 265, "USB_DARWIN" }, { 271, "VSOCK" }, { 272, "NORDIC_BLE" },
		{ 276, "LINUX_SLL2" }, { 283, "IEEE802_15_4_TAP" },
	};
	/* clang-format on */

	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].number == linktype)
			return names[i].name;
	return 0;
}
