/* Packets of links, tunnels and routers, written from their standards; test_decode.c and
 * test_decode_tree.c put them through the decoder as all the others. Here: fields of theirs. */
#include "test_decode_help.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
#define ETH "020000000002 020000000001 "
#define IP4(len, proto) "4500" len "0001 4000 40" proto "0000 0a000001 0a000002 "
#define IP6(len, next) "60000000" len next "40 fd000000000000000000000000000001 " \
	"fd000000000000000000000000000002 "
#define UDP "d431 0035 0008 0000 "
#define UDP_TO(port, len) "d431" port len "0000 "
#define INNER IP4("001c", "11") UDP
#define INNER_ETH ETH "0800" INNER
#define MAC_A "0200000000a1 "
#define MAC_B "0200000000b2 "
#define MAC_C "0200000000c3 "

const struct sample link_samples[] = {
	{ "llc ip", 1, ETH "001f 060603" INNER,
	  "ethernet llc ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "snap", 1, ETH "0024 aaaa03 000000 0800" INNER,
	  "ethernet llc ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "snap of cisco", 1, ETH "000a aaaa03 00000c 2000 02b4",
	  "ethernet llc data", "CDP len=2", PACKET_WHOLE },
	{ "snap of an organisation", 1, ETH "000a aaaa03 080007 809b 0001",
	  "ethernet llc data", "SNAP 0x080007 0x809b len=2", PACKET_WHOLE },
	{ "llc with is-is", 1, ETH "0005 fefe03 8300",
	  "ethernet llc data", "IS-IS len=2", PACKET_WHOLE },
	{ "snap, bridged ethernet", 1, ETH "0032 aaaa03 0080c2 0007" INNER_ETH,
	  "ethernet llc ethernet ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "llc, numbered", 1, ETH "0004 0401 0a0b", "ethernet llc", "LLC SNA len=0", PACKET_WHOLE },
	{ "ipx without llc", 1, ETH "0004 ffff 0004", "ethernet llc", "LLC global len=0",
	  PACKET_WHOLE },
	{ "stp", 1, ETH "0026 424203" "0000 00 00 01 8001020000000001 00000004 8001020000000002 8002 "
	  "0100 1400 0200 0f00",
	  "ethernet llc stp", "STP root=32769/02:00:00:00:00:01", PACKET_WHOLE },
	{ "stp topology change", 1, ETH "0007 424203 0000 00 80",
	  "ethernet llc stp", "STP topology change", PACKET_WHOLE },
	{ "rstp", 1, ETH "0027 424203" "0000 02 02 3e 8001020000000001 00000004 8001020000000002 "
	  "8002 0100 1400 0200 0f00 00",
	  "ethernet llc stp data", "RSTP root=32769/02:00:00:00:00:01", PACKET_WHOLE },
	{ "lldp", 1, ETH "88cc 0207 04 020000000001 0404 05 657468 0602 0078 0a03 737731 0000 0000",
	  "ethernet lldp", "LLDP len=28", PACKET_WHOLE },
	{ "ppp", 9, "ff03 0021" INNER, "ppp ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "ppp, compressed header", 9, "57" IP6("0008", "11") UDP,
	  "ppp ipv6 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "ppp with direction", 204, "01 ff03 c021 01 07 0004",
	  "ppp data", "PPP LCP configure request len=4", PACKET_WHOLE },
	{ "ppp serial", 50, "ff03 0021" INNER, "ppp ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "ppp serial, cisco", 50, "0f00 0800" INNER,
	  "chdlc ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "pppoe session", 1, ETH "8864 1100 0007 001e 0021" INNER "0000",
	  "ethernet pppoe ppp ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "pppoe discovery", 1, ETH "8863 1109 0000 000c 0101 0000 0103 0004 01020304",
	  "ethernet pppoe", "PPPoE initiation (PADI)", PACKET_WHOLE },
	{ "cisco hdlc", 104, "0f00 0800" INNER,
	  "chdlc ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "cisco hdlc keep-alive", 104, "8f00 8035 00000002 00000001 00000001 ffff",
	  "chdlc data", "Cisco HDLC SLARP len=14", PACKET_WHOLE },
	{ "frame relay", 107, "1841 03 cc" INNER, "fr ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "frame relay snap", 107, "1841 03 00 80 0080c2 0007" INNER_ETH,
	  "fr ethernet ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "frame relay of cisco", 107, "1841 0800" INNER,
	  "fr ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "frame relay management", 107, "0001 03 08 7501",
	  "fr data", "frame relay dlci=0 Q.933 len=2", PACKET_WHOLE },
	{ "macsec in clear", 1, ETH "88e5 20 00 00000001 020000000001 0001 0800" INNER
	  "000102030405060708090a0b0c0d0e0f",
	  "ethernet macsec ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "macsec", 1, ETH "88e5 0c 04 00000001 01020304 000102030405060708090a0b0c0d0e0f",
	  "ethernet macsec data", "MACsec len=20", PACKET_WHOLE },
	{ "802.11 data", 105, "0801 0000" MAC_A MAC_B MAC_C "1000 aaaa03 000000 0800" INNER,
	  "wlan llc ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "802.11 qos data with radiotap", 127, "00 00 0e00 0e000000 10 02 6c09 a000"
	  "8802 0000" MAC_A MAC_B MAC_C "1000 0000 aaaa03 000000 0800" INNER "01020304",
	  "radiotap wlan llc ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "802.11 between access points", 105, "0803 0000" MAC_A MAC_B MAC_C "1000" MAC_A
	  "aaaa03 000000 0800" INNER,
	  "wlan llc ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "802.11 aggregate", 105, "8801 0000" MAC_A MAC_B MAC_C "1000 8000" MAC_A MAC_B "0024"
	  "aaaa03 000000 0800" INNER "0000",
	  "wlan llc ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "802.11 encrypted", 105, "0841 0000" MAC_A MAC_B MAC_C "1000 0102030405060708",
	  "wlan data", "802.11 data from 02:00:00:00:00:b2 to 02:00:00:00:00:a1", PACKET_WHOLE },
	{ "802.11 beacon", 105, "8000 0000" "ffffffffffff" MAC_B MAC_B "1000 0001020304050607 6400 0104",
	  "wlan", "802.11 beacon from 02:00:00:00:00:b2 to ff:ff:ff:ff:ff:ff", PACKET_WHOLE },
	{ "802.11 acknowledgement", 105, "d400 0000" MAC_A,
	  "wlan", "802.11 acknowledgement to 02:00:00:00:00:a1", PACKET_WHOLE },
	{ "802.11 request to send", 105, "b400 0000" MAC_A MAC_B,
	  "wlan", "802.11 request to send from 02:00:00:00:00:b2 to 02:00:00:00:00:a1",
	  PACKET_WHOLE },
	{ "netlink", 253, "0004 0338 0000 0000000000000000 0000"
	  "14000000 1200 0103 01000000 00000000 00000000",
	  "netlink data", "netlink route len=20", PACKET_WHOLE },
	{ "usb", 189, "0000000000000001 43 02 80 05 0100 2d 00 0000000000000000 00000000 00000000 "
	  "02000000 02000000 0000000000000000 0102",
	  "usb data", "USB complete control bus=1 device=5 endpoint=0 len=2", PACKET_WHOLE },
	{ "mpls", 1, ETH "8847 00010 0 40 00012 1 40" INNER,
	  "ethernet mpls ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "mpls, ethernet pseudowire", 1, ETH "8847 00012 1 40 00000000" INNER_ETH,
	  "ethernet mpls ethernet ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "igmp query", 1, ETH "0800" IP4("001c", "02") "11 64 ee9b 00000000",
	  "ethernet ipv4 igmp", "IGMP membership query for 0.0.0.0", PACKET_WHOLE },
	{ "igmp query of version 3", 1, ETH "0800" IP4("0024", "02")
	  "11 64 0000 e0000105 02 7d 0001 0a000009",
	  "ethernet ipv4 igmp", "IGMP membership query for 224.0.1.5", PACKET_WHOLE },
	{ "igmp report of version 3", 1, ETH "0800" IP4("0028", "02")
	  "22 00 0000 0000 0001 04 01 0000 e0000105 00000000",
	  "ethernet ipv4 igmp", "IGMP version 3 membership report records=1", PACKET_WHOLE },
	{ "gre", 1, ETH "0800" IP4("0034", "2f") "0000 0800" INNER,
	  "ethernet ipv4 gre ipv4 udp", "GRE IPv4 len=28", PACKET_WHOLE },
	{ "gre with key and sequence", 1, ETH "0800" IP4("003c", "2f")
	  "3000 0800 00000007 00000009" INNER,
	  "ethernet ipv4 gre ipv4 udp", "GRE key=0x7 seq=9 IPv4 len=28", PACKET_WHOLE },
	{ "pptp", 1, ETH "0800" IP4("0044", "2f") "3081 880b 0020 0001 00000009 00000008 ff03 0021" INNER,
	  "ethernet ipv4 gre ppp ipv4 udp", "GRE key=0x200001 seq=9 PPP len=32", PACKET_WHOLE },
	{ "pptp acknowledgement", 1, ETH "0800" IP4("0020", "2f") "2081 880b 0000 0001 00000009",
	  "ethernet ipv4 gre", "GRE key=0x1 PPP len=0", PACKET_WHOLE },
	{ "nvgre", 1, ETH "0800" IP4("0046", "2f") "2000 6558 00000700" INNER_ETH,
	  "ethernet ipv4 gre ethernet ipv4 udp", "GRE key=0x700 Ethernet len=42", PACKET_WHOLE },
	{ "erspan", 1, ETH "0800" IP4("004e", "2f") "1000 88be 00000001 1064 0005 00000003" INNER_ETH,
	  "ethernet ipv4 gre erspan ethernet ipv4 udp", "GRE seq=1 ERSPAN len=50", PACKET_WHOLE },
	{ "erspan of type 1", 1, ETH "0800" IP4("0042", "2f") "0000 88be" INNER_ETH,
	  "ethernet ipv4 gre ethernet ipv4 udp", "GRE ERSPAN len=42", PACKET_WHOLE },
	{ "6in4", 1, ETH "0800" IP4("0044", "29") IP6("0008", "11") UDP,
	  "ethernet ipv4 ipv6 udp", "IPv6 len=48", PACKET_WHOLE },
	{ "vxlan", 1, ETH "0800" IP4("004e", "11") UDP_TO("12b5", "003a") "08000000 00002a00" INNER_ETH,
	  "ethernet ipv4 udp vxlan ethernet ipv4 udp", "54321 → 4789 len=50", PACKET_WHOLE },
	{ "geneve", 1, ETH "0800" IP4("0056", "11") UDP_TO("17c1", "0042")
	  "02 40 6558 00002a00 0102 80 01 0a0b0c0d" INNER_ETH,
	  "ethernet ipv4 udp geneve ethernet ipv4 udp", "54321 → 6081 len=58", PACKET_WHOLE },
	{ "gtp", 1, ETH "0800" IP4("0048", "11") UDP_TO("0868", "0034") "34 ff 0024 0000002a 0000 00 85 "
	  "01 0009 00" INNER,
	  "ethernet ipv4 udp gtp ipv4 udp", "54321 → 2152 len=44", PACKET_WHOLE },
	{ "gtp echo", 1, ETH "0800" IP4("0028", "11") UDP_TO("0868", "0014") "32 01 0004 00000000 0001 0000",
	  "ethernet ipv4 udp gtp", "54321 → 2152 len=12", PACKET_WHOLE },
	{ "esp", 1, ETH "0800" IP4("0020", "32") "00000007 00000009 01020304",
	  "ethernet ipv4 esp data", "ESP spi=0x00000007 seq=9 len=4", PACKET_WHOLE },
	{ "esp in udp", 1, ETH "0800" IP4("0028", "11") UDP_TO("1194", "0014") "00000007 00000009 01020304",
	  "ethernet ipv4 udp udpencap esp data", "54321 → 4500 len=12", PACKET_WHOLE },
	{ "ah", 1, ETH "0800" IP4("002c", "33") "11 02 0000 00000007 00000009 0a0b0c0d" UDP,
	  "ethernet ipv4 ah udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "ospf hello", 1, ETH "0800" IP4("0044", "59") "02 01 0030 0a000001 00000000 0000 0000 "
	  "0000000000000000 ffffff00 000a 02 01 00000028 0a000001 00000000 0a000003",
	  "ethernet ipv4 ospf", "OSPFv2 hello router=10.0.0.1", PACKET_WHOLE },
	{ "ospf hello, version 3", 1, ETH "86dd" IP6("0024", "59") "03 01 0024 0a000001 00000000 0000 00 00 "
	  "00000005 01 000013 000a 0028 00000000 00000000",
	  "ethernet ipv6 ospf", "OSPFv3 hello router=10.0.0.1", PACKET_WHOLE },
	{ "vrrp", 1, ETH "0800" IP4("0020", "70") "31 07 64 01 0064 0000 0a0000fe",
	  "ethernet ipv4 vrrp", "VRRPv3 advertisement router=7 priority=100", PACKET_WHOLE },
	{ "pim hello", 1, ETH "0800" IP4("001e", "67") "20 00 0000 0001 0002 0069",
	  "ethernet ipv4 pim data", "PIM hello len=10", PACKET_WHOLE },
	{ "pim register", 1, ETH "0800" IP4("0038", "67") "21 00 0000 00000000" INNER,
	  "ethernet ipv4 pim ipv4 udp", "PIM register len=36", PACKET_WHOLE },
	{ "ppp, cisco", 9, "0f00 0800" INNER, "chdlc ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "icmp with an mpls extension", 228, IP4("0044", "01") "0b00 0000 00 07 0000" INNER
	  "2000 0000 0008 01 01 00010 1 40",
	  "ipv4 icmp ipv4 udp", "time exceeded (in transit)", PACKET_WHOLE },
	{ "icmpv6 with an extension", 229, IP6("0048", "3a") "0300 0000 06 000000"
	  IP6("0008", "11") UDP "2000 0000 000c 02 02 0a000001 00000000",
	  "ipv6 icmpv6 ipv6 udp", "time exceeded (in transit)", PACKET_WHOLE },
	{ "multicast query with a source", 229, IP6("002c", "3a") "8200 0000 2710 0000 "
	  "ff020000000000000000000000000101 02 7d 0001 fd000000000000000000000000000009",
	  "ipv6 icmpv6", "multicast listener query for ff02::101", PACKET_WHOLE },
	{ "arcnet", 129, "0102 0000 d4 00 0001" INNER, "arcnet ipv4 udp", "54321 → 53 len=0",
	  PACKET_WHOLE },
	{ "arcnet, rfc 1051", 7, "0102 f0" INNER, "arcnet ipv4 udp", "54321 → 53 len=0",
	  PACKET_WHOLE },
	{ "nflog", 239, "02 00 0001 0800 0100 08000301 2000 0900" INNER,
	  "nflog ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "cisco metadata", 1, ETH "8909 01 01 0001 0007 0800" INNER,
	  "ethernet cmd ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "nsh", 1, ETH "894f 0fc2 01 01 00002a ff" INNER,
	  "ethernet nsh ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "fabricpath", 1, ETH "8903 4020" INNER_ETH,
	  "ethernet cfp ethernet ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	/* packets that break a rule */
	{ "icmp extension of length 0", 228, IP4("0044", "01") "0b00 0000 00 07 0000" INNER
	  "2000 0000 0000 01 01 00010 1 40",
	  "ipv4 icmp ipv4 udp", NULL, PACKET_MALFORMED },
	{ "gtp of a wrong length", 1, ETH "0800" IP4("0024", "11") UDP_TO("0868", "0010") "30 ff 0024 0000002a",
	  "ethernet ipv4 udp gtp", NULL, PACKET_MALFORMED },
	{ "gtp extension of length 0", 1, ETH "0800" IP4("002c", "11") UDP_TO("0868", "0018")
	  "34 ff 0008 0000002a 0000 00 85 00000000",
	  "ethernet ipv4 udp gtp", NULL, PACKET_MALFORMED },
	{ "radiotap of a wrong length", 127, "00 00 0400 00000000 d400 0000" MAC_A,
	  "radiotap", NULL, PACKET_MALFORMED },
	{ "pppoe that ends early", 1, ETH "8864 1100 0007 0021 0021" INNER,
	  "ethernet pppoe ppp ipv4 udp", NULL, PACKET_MALFORMED },
	{ "igmp record that ends early", 228, IP4("0024", "02") "22 00 0000 0000 0001 04 00 0009 e0000105",
	  "ipv4 igmp", NULL, PACKET_MALFORMED },
	{ "ah of length 0", 228, IP4("0020", "33") "11 00 0000 00000007 00000009", "ipv4 ah", NULL,
	  PACKET_MALFORMED },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};
/* clang-format on */

static const struct sample_field fields[] = {
	{ "snap", "llc.dsap", "0xaa" },
	{ "snap", "llc.type", "0x0800" },
	{ "stp", "stp.root.hw", "02:00:00:00:00:01" },
	{ "stp", "stp.root.cost", "4" },
	{ "stp", "stp.hello", "2" },
	{ "rstp", "stp.flags.port_role", "3" },
	{ "lldp", "lldp.chassis.id.mac", "02:00:00:00:00:01" },
	{ "lldp", "lldp.tlv.system.name", "sw1" },
	{ "lldp", "lldp.time_to_live", "120" },
	{ "ppp", "ppp.protocol", "0x0021" },
	{ "ppp, compressed header", "ppp.protocol", "0x0057" },
	{ "ppp with direction", "ppp.identifier", "7" },
	{ "pppoe session", "pppoe.session_id", "0x0007" },
	{ "pppoe discovery", "pppoed.tag.unknown_data", "01020304" },
	{ "frame relay", "fr.dlci", "100" },
	{ "macsec in clear", "macsec.PN", "1" },
	{ "macsec in clear", "macsec.etype", "0x0800" },
	{ "802.11 data", "wlan.bssid", "02:00:00:00:00:a1" },
	{ "802.11 data", "wlan.sa", "02:00:00:00:00:b2" },
	{ "802.11 data", "wlan.da", "02:00:00:00:00:c3" },
	{ "802.11 qos data with radiotap", "radiotap.channel.freq", "2412" },
	{ "802.11 qos data with radiotap", "radiotap.flags.fcs", "1" },
	{ "802.11 between access points", "wlan.sa", "02:00:00:00:00:a1" },
	{ "netlink", "netlink.hdr_len", "20" },
	{ "netlink", "netlink.hdr_type", "18" },
	{ "usb", "usb.device_address", "5" },
	{ "mpls", "mpls.label", "16" },
	{ "mpls", "mpls.ttl", "64" },
	{ "igmp query", "igmp.type", "0x11" },
	{ "igmp query", "igmp.checksum.status", "1" },
	{ "igmp query of version 3", "igmp.saddr", "10.0.0.9" },
	{ "igmp query of version 3", "igmp.qqic", "125" },
	{ "igmp report of version 3", "igmp.maddr", "224.0.1.5" },
	{ "gre with key and sequence", "gre.key", "0x00000007" },
	{ "gre with key and sequence", "gre.sequence_number", "9" },
	{ "pptp", "gre.key.call_id", "1" },
	{ "pptp", "gre.ack_number", "8" },
	{ "erspan", "erspan.vlan", "100" },
	{ "erspan", "erspan.spanid", "5" },
	{ "vxlan", "vxlan.vni", "42" },
	{ "geneve", "geneve.vni", "0x00002a" },
	{ "geneve", "geneve.option.class", "0x0102" },
	{ "gtp", "gtp.teid", "0x0000002a" },
	{ "esp", "esp.spi", "0x00000007" },
	{ "ah", "ah.icv", "0a0b0c0d" },
	{ "ospf hello", "ospf.hello.active_neighbor", "10.0.0.3" },
	{ "ospf hello, version 3", "ospf.hello.router_dead_interval", "40" },
	{ "vrrp", "vrrp.ip_addr", "10.0.0.254" },
	{ "pim hello", "pim.type", "0" },
	{ "arcnet", "arcnet.protID", "0xd4" },
	{ "nflog", "nflog.res_id", "1" },
	{ "cisco metadata", "cmd.sgt", "7" },
	{ "nsh", "nsh.spi", "42" },
	{ "fabricpath", "cfp.ftag", "256" },
	{ "icmp with an mpls extension", "icmp.mpls.label", "16" },
	{ "icmp with an mpls extension", "icmp.mpls.ttl", "64" },
	{ "icmpv6 with an extension", "icmp.ext.class", "2" },
	{ "multicast query with a source", "icmpv6.mld.source_address", "fd00::9" },
	{ "multicast query with a source", "icmpv6.mld.qqi", "125" },
	{ NULL, NULL, NULL },
};

Test(decode_links, values_as_wireshark_prints_them)
{
	expect_fields(fields);
}
