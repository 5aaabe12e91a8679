/* Packets with the headers that devices and capture programs put before them; test_decode.c puts
 * them through the decoder as all the others. Here: fields of theirs.
 */
#include "test_decode_help.h"

#include <criterion/criterion.h>

/* clang-format off */
#define ETH "020000000002 020000000001 0800 "

const struct sample capture_samples[] = {
	{ "fddi", 10,
	  "50020000000002020000000001aaaa0300000008004500001e00014000401100000a0000"
	  "010a000002d431270f000a00006869",
	  "fddi llc ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "token ring", 6,
	  "1040020000000002020000000001aaaa0300000008004500001e00014000401100000a00"
	  "00010a000002d431270f000a00006869",
	  "tr llc ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "token ring with a route", 6,
	  "1040020000000002820000000001063000110020aaaa0300000008004500001e00014000"
	  "401100000a0000010a000002d431270f000a00006869",
	  "tr llc ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "atm rfc 1483", 100,
	  "aaaa0300000008004500001e00014000401100000a0000010a000002d431270f000a0000"
	  "6869",
	  "llc ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "sunatm", 123,
	  "02000020aaaa0300000008004500001e00014000401100000a0000010a000002d431270f"
	  "000a00006869",
	  "atm llc ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "sunatm, lan emulation", 123,
	  "01000020000102000000000202000000000108004500001e00014000401100000a000001"
	  "0a000002d431270f000a00006869",
	  "atm ethernet ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "ppi with ethernet", 192,
	  "000008000100000002000000000202000000000108004500001e00014000401100000a00"
	  "00010a000002d431270f000a00006869",
	  "ppi ethernet ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "ppi with 802.11", 192,
	  "0000200069000000020014000000000000000000010002006c0900000000000008010000"
	  "0202020202020202020202020202020202021000aaaa0300000008004500001e00014000"
	  "401100000a0000010a000002d431270f000a0000686901020304",
	  "ppi wlan llc ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "pflog", 117,
	  "3d020000656d300000000000000000000000000000000000000000000000000000000000"
	  "00000001ffffffff00000000000000000000000000000000010000004500001e00014000"
	  "401100000a0000010a000002d431270f000a00006869",
	  "pflog ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "enc", 109,
	  "0200000000000001000000004500001e00014000401100000a0000010a000002d431270f"
	  "000a00006869",
	  "enc ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "enc with ipv6", 109,
	  "00000018000000010000000060000000000a1140fd000000000000000000000000000001"
	  "fd000000000000000000000000000002d431270f000a00006869",
	  "enc ipv6 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "erf", 197,
	  "00000000000000000204003e0000002c000002000000000202000000000108004500001e"
	  "00014000401100000a0000010a000002d431270f000a00006869",
	  "erf ethernet ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "erf with ipv4", 197,
	  "00000000000000001604002e0000001e4500001e00014000401100000a0000010a000002"
	  "d431270f000a00006869",
	  "erf ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "erf with an extension", 197,
	  "0000000000000000820400460000002c0300000000000000000002000000000202000000"
	  "000108004500001e00014000401100000a0000010a000002d431270f000a00006869",
	  "erf ethernet ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "pktap", 258,
	  "6c0000000100000001000000656e30000000000000000000000000000000000000000000"
	  "01000000020000000e000000000000004d0000006375726c000000000000000000000000"
	  "000000000000000000000000000000000000000000000000000000000000000000000000"
	  "02000000000202000000000108004500001e00014000401100000a0000010a000002d431"
	  "270f000a00006869",
	  "pktap ethernet ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "ipnet", 226,
	  "010200000000001e000000020000000000000000000000004500001e0001400040110000"
	  "0a0000010a000002d431270f000a00006869",
	  "ipnet ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "ipnet with ipv6", 226,
	  "011a0000000000320000000200000000000000000000000060000000000a1140fd000000"
	  "000000000000000000000001fd000000000000000000000000000002d431270f000a0000"
	  "6869",
	  "ipnet ipv6 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "ip over infiniband", 242,
	  "000000000000000000000000000000000000000000000001fe0000000000000000000000"
	  "00000000080000004500001e00014000401100000a0000010a000002d431270f000a0000"
	  "6869",
	  "ipoib ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "netanalyzer", 240,
	  "00404c0002000000000202000000000108004500001e00014000401100000a0000010a00"
	  "0002d431270f000a0000686931323334",
	  "netanalyzer ethernet ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "netanalyzer, transparent", 241,
	  "0040740055555555555555d502000000000202000000000108004500001e000140004011"
	  "00000a0000010a000002d431270f000a0000686931323334",
	  "netanalyzer ethernet ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "prism", 119,
	  "4400000090000000776c616e300000000000000000000000000000000000000000000000"
	  "000000000000000000000000000000000000000000000000000000000000000000000000"
	  "000000000000000000000000000000000000000000000000000000000000000000000000"
	  "000000000000000000000000000000000000000000000000000000000000000000000000"
	  "080100000202020202020202020202020202020202021000aaaa0300000008004500001e"
	  "00014000401100000a0000010a000002d431270f000a00006869",
	  "prism wlan llc ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "avs", 163,
	  "802110010000004000000000000000000000000000000000000000000000000000000000"
	  "000000000000000000000000000000000000000000000000000000000801000002020202"
	  "02020202020202020202020202021000aaaa0300000008004500001e0001400040110000"
	  "0a0000010a000002d431270f000a00006869",
	  "wlancap wlan llc ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "cisco hdlc with direction", 205,
	  "010f0008004500001e00014000401100000a0000010a000002d431270f000a00006869",
	  "chdlc ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "frame relay with direction", 206,
	  "00184103cc4500001e00014000401100000a0000010a000002d431270f000a00006869",
	  "fr ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "juniper ethernet", 178,
	  "4d47430102000000000202000000000108004500001e00014000401100000a0000010a00"
	  "0002d431270f000a00006869",
	  "juniper ethernet ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "juniper without a link header", 178,
	  "4d474303000000024500001e00014000401100000a0000010a000002d431270f000a0000"
	  "6869",
	  "juniper raw ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "juniper with extensions", 178,
	  "4d4743810002000002000000000202000000000108004500001e00014000401100000a00"
	  "00010a000002d431270f000a00006869",
	  "juniper ethernet ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "juniper ppp", 179,
	  "4d47430100214500001e00014000401100000a0000010a000002d431270f000a00006869",
	  "juniper ppp ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "juniper frame relay", 180,
	  "4d474301184103cc4500001e00014000401100000a0000010a000002d431270f000a0000"
	  "6869",
	  "juniper fr ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "juniper hdlc", 181,
	  "4d4743010f0008004500001e00014000401100000a0000010a000002d431270f000a0000"
	  "6869",
	  "juniper chdlc ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "juniper ggsn", 133,
	  "4d474301000002014500001e00014000401100000a0000010a000002d431270f000a0000"
	  "6869",
	  "juniper raw ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "dsa", 284,
	  "020000000002020000000001c018000108004500001e00014000401100000a0000010a00"
	  "0002d431270f000a00006869",
	  "ethernet dsa ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "edsa", 285,
	  "020000000002020000000001dada0000c018000108004500001e00014000401100000a00"
	  "00010a000002d431270f000a00006869",
	  "ethernet dsa ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "broadcom tag", 281,
	  "0200000000020200000000010000000308004500001e00014000401100000a0000010a00"
	  "0002d431270f000a00006869",
	  "ethernet dsa ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "broadcom tag before ethernet", 282,
	  "0000000302000000000202000000000108004500001e00014000401100000a0000010a00"
	  "0002d431270f000a00006869",
	  "dsa ethernet ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "ip over ieee 1394", 138,
	  "0000000000000000000000000000000008004500001e00014000401100000a0000010a00"
	  "0002d431270f000a00006869",
	  "ap1394 ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "ip over fibre channel", 122,
	  "01010101010101010101010101010101aaaa0300000008004500001e0001400040110000"
	  "0a0000010a000002d431270f000a00006869",
	  "ipfc llc ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "mpls alone", 219,
	  "000101404500001e00014000401100000a0000010a000002d431270f000a00006869",
	  "mpls ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "null with ppp", 0,
	  "ff0300214500001e00014000401100000a0000010a000002d431270f000a00006869",
	  "ppp ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "null with an ethertype", 0,
	  "000008004500001e00014000401100000a0000010a000002d431270f000a00006869",
	  "null ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "edsa in ethernet", 1,
	  "020000000002020000000001dada"
	  "0000c018000108004500001e00014000401100000a0000010a000002d431270f000a0000"
	  "6869",
	  "ethernet dsa ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "802.1ah", 1,
	  "02000000000202000000000188e7"
	  "0000000502000000000202000000000108004500001e00014000401100000a0000010a00"
	  "0002d431270f000a00006869",
	  "ethernet ieee8021ah ethernet ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "trill", 1,
	  "02000000000202000000000122f3"
	  "00100001000202000000000202000000000108004500001e00014000401100000a000001"
	  "0a000002d431270f000a00006869",
	  "ethernet trill ethernet ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "vn-tag", 1,
	  "0200000000020200000000018926"
	  "0001000208004500001e00014000401100000a0000010a000002d431270f000a00006869",
	  "ethernet vntag ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "e-tag", 1,
	  "020000000002020000000001893f"
	  "00010002000008004500001e00014000401100000a0000010a000002d431270f000a0000"
	  "6869",
	  "ethernet etag ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "hsr", 1,
	  "020000000002020000000001892f"
	  "0020000108004500001e00014000401100000a0000010a000002d431270f000a00006869",
	  "ethernet hsr ipv4 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "6lowpan, uncompressed", 230,
	  "41d801cdab020001010101010101014160000000000a1140fd0000000000000000000000"
	  "00000001fd000000000000000000000000000002d431270f000a00006869",
	  "wpan 6lowpan ipv6 udp data",
	  "54321 → 9999 len=2", PACKET_WHOLE },
	{ "6lowpan with udp", 230,
	  "61dc01cdab080000000000020207000000000002027e33f312abcd6869",
	  "wpan 6lowpan ipv6 udp data",
	  "61617 → 61618 len=2", PACKET_WHOLE },
	{ "6lowpan with icmpv6", 195,
	  "418801cdab020001007a333a800000000001000168690000",
	  "wpan 6lowpan ipv6 icmpv6 data",
	  "echo request id=1 seq=1", PACKET_WHOLE },
	{ "6lowpan multicast", 230,
	  "418801cdabffff01007b3b3a1a9b000000",
	  "wpan 6lowpan ipv6 icmpv6",
	  "RPL (DODAG information solicitation)", PACKET_WHOLE },
	{ "6lowpan with whole addresses", 230,
	  "418801cdab020001007f00fd000000000000000000000000000001fd0000000000000000"
	  "00000000000002f01633163300006869",
	  "wpan 6lowpan ipv6 udp data",
	  "5683 → 5683 len=2", PACKET_WHOLE },
	{ "6lowpan with extensions", 230,
	  "418801cdab020001007e33e1020104f01633163400006869",
	  "wpan 6lowpan ipv6 udp data",
	  "5683 → 5684 len=2", PACKET_WHOLE },
	{ "6lowpan in a mesh", 230,
	  "418801cdab02000100b10001000250017e33f312abcd6869",
	  "wpan 6lowpan ipv6 udp data",
	  "61617 → 61618 len=2", PACKET_WHOLE },
	{ "6lowpan fragment", 230,
	  "418801cdab02000100c06400017e33",
	  "wpan 6lowpan data",
	  "6lowpan len=15", PACKET_WHOLE },
	{ "802.15.4 acknowledgement", 195,
	  "020001abcd",
	  "wpan",
	  "802.15.4 acknowledgement len=0", PACKET_WHOLE },
	{ "802.15.4 beacon with elements", 230,
	  "00ea01cdabffffcdab0100000000000cc1003f00f878",
	  "wpan data",
	  "802.15.4 beacon len=1", PACKET_WHOLE },
	{ "802.15.4 encrypted", 230,
	  "498801cdab020001000d010000000178787878",
	  "wpan data",
	  "802.15.4 data len=4", PACKET_WHOLE },
	{ "802.15.4 tap", 283,
	  "00000c000000010001000000020001abcd",
	  "wpan",
	  "802.15.4 acknowledgement len=0", PACKET_WHOLE },
	{ "ppi of length 0", 192,
	  "0000000001000000",
	  "ppi",
	  NULL, PACKET_MALFORMED },
	{ "pflog of length 0", 117,
	  "000200000000000000000000000000000000000000000000000000000000000000000000"
	  "00000000000000000000000000000000000000000000000000000000",
	  "pflog",
	  NULL, PACKET_MALFORMED },
	{ "pktap of length 0", 258,
	  "000000000000000000000000000000000000000000000000000000000000000000000000"
	  "000000000000000000000000000000000000000000000000000000000000000000000000"
	  "000000000000000000000000000000000000000000000000000000000000000000000000",
	  "pktap",
	  NULL, PACKET_MALFORMED },
	{ "prism of length 0", 119,
	  "000000000000000000000000000000000000000000000000000000000000000000000000"
	  "000000000000000000000000000000000000000000000000000000000000000000000000"
	  "000000000000000000000000000000000000000000000000000000000000000000000000"
	  "000000000000000000000000000000000000000000000000000000000000000000000000",
	  "prism",
	  NULL, PACKET_MALFORMED },
	{ "juniper with another magic", 178,
	  "000000000000000000000000000000000000000000000000",
	  "juniper",
	  NULL, PACKET_MALFORMED },
	{ "netanalyzer cut short", 240,
	  "0000",
	  "netanalyzer",
	  NULL, PACKET_MALFORMED },
	{ "802.11 beacon with a name", 105, "8000 0000 ffffffffffff 0200000000b2 0200000000b2 1000 "
	  "0001020304050607 6400 1104 0004 686f6d65 0301 06 0102 8284",
	  "wlan",
	  "802.11 beacon from 02:00:00:00:00:b2 to ff:ff:ff:ff:ff:ff encrypted \"home\" channel=6",
	  PACKET_WHOLE },
	{ "802.11 probe request", 105, "4000 0000 ffffffffffff 0200000000b2 0200000000b2 1000 "
	  "0004 68016d65",
	  "wlan",
	  "802.11 probe request from 02:00:00:00:00:b2 to ff:ff:ff:ff:ff:ff \"h\\x01me\"",
	  PACKET_WHOLE },
	{ "802.11 association response", 105, "1000 0000 ffffffffffff 0200000000b2 0200000000b2 1000 "
	  "0104 1100 01c0",
	  "wlan",
	  "802.11 association response from 02:00:00:00:00:b2 to ff:ff:ff:ff:ff:ff status=17 (too many stations)",
	  PACKET_WHOLE },
	{ "802.11 deauthentication", 105, "c000 0000 ffffffffffff 0200000000b2 0200000000b2 1000 "
	  "0700",
	  "wlan",
	  "802.11 deauthentication from 02:00:00:00:00:b2 to ff:ff:ff:ff:ff:ff reason=7 (class 3 frame without association)",
	  PACKET_WHOLE },
	{ "802.11 authentication", 105, "b000 0000 ffffffffffff 0200000000b2 0200000000b2 1000 "
	  "0000 0200 0000",
	  "wlan",
	  "802.11 authentication from 02:00:00:00:00:b2 to ff:ff:ff:ff:ff:ff status=0 (success)",
	  PACKET_WHOLE },
	{ "802.11 action", 105, "d000 0000 ffffffffffff 0200000000b2 0200000000b2 1000 "
	  "0801 0000",
	  "wlan",
	  "802.11 action from 02:00:00:00:00:b2 to ff:ff:ff:ff:ff:ff category=8 (SA query)",
	  PACKET_WHOLE },
	{ "802.11 deauthentication without a reason", 105, "c000 0000 ffffffffffff 0200000000b2 0200000000b2 1000 ",
	  "wlan", NULL, PACKET_MALFORMED },
	{ "802.11 element behind which a check sequence stands", 105, "4000 0000 ffffffffffff 0200000000b2 0200000000b2 1000  0001 68 01020304",
	  "wlan", "802.11 probe request from 02:00:00:00:00:b2 to ff:ff:ff:ff:ff:ff \"h\"", PACKET_WHOLE },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};
/* clang-format on */

Test(decode_captures, values_as_wireshark_prints_them)
{
	static const struct sample_field fields[] = {
		{ "fddi", "fddi.dst", "40:00:00:00:00:40" },
		{ "token ring with a route", "tr.src", "02:00:00:00:00:01" },
		{ "token ring with a route", "tr.rif_bytes", "6" },
		{ "sunatm", "atm.vci", "32" },
		{ "ppi with 802.11", "ppi.80211-common.chan.freq", "2412" },
		{ "ppi with ethernet", "ppi.dlt", "1" },
		{ "pflog", "pflog.ifname", "em0" },
		{ "pflog", "pflog.dir", "1" },
		{ "enc", "enc.af", "2" },
		{ "erf", "erf.types.type", "2" },
		{ "pktap", "pktap.cmdname", "curl" },
		{ "pktap", "pktap.pid", "77" },
		{ "ipnet with ipv6", "ipnet.family", "26" },
		{ "ip over infiniband", "ipoib.dgid", "fe00::" },
		{ "netanalyzer", "netanalyzer.port", "1" },
		{ "prism", "prism.msglen", "144" },
		{ "avs", "wlancap.length", "64" },
		{ "juniper ethernet", "juniper.direction", "0x01" },
		{ "dsa", "sockeye.dsa.port", "3" },
		{ "broadcom tag", "sockeye.brcm.port", "3" },
		{ "ip over ieee 1394", "ap1394.type", "0x0800" },
		{ "802.1ah", "ieee8021ah.isid", "5" },
		{ "trill", "trill.hop_cnt", "16" },
		{ "vn-tag", "vntag.src", "2" },
		{ "e-tag", "etag.ecid_base", "0x0002" },
		{ "hsr", "hsr.sequence_nr", "1" },
		{ "6lowpan with udp", "wpan.dst64", "02:02:00:00:00:00:00:08" },
		{ "6lowpan with udp", "ipv6.src", "fe80::2:0:0:7" },
		{ "6lowpan with udp", "udp.srcport", "61617" },
		{ "6lowpan multicast", "ipv6.dst", "ff02::1a" },
		{ "6lowpan multicast", "icmpv6.type", "155" },
		{ "6lowpan with icmpv6", "wpan.src16", "0x0001" },
		{ "6lowpan with extensions", "udp.dstport", "5684" },
		{ "6lowpan fragment", "6lowpan.pattern", "0x18" },
		{ "802.15.4 encrypted", "wpan.aux_sec.sec_level", "0x05" },
		{ "802.11 beacon with a name", "wlan.ssid", "686f6d65" },
		{ "802.11 beacon with a name", "wlan.ds.current_channel", "6" },
		{ "802.11 beacon with a name", "wlan.fixed.timestamp", "506097522914230528" },
		{ "802.11 beacon with a name", "wlan.fixed.beacon", "100" },
		{ "802.11 association response", "wlan.fixed.status_code", "0x0011" },
		{ "802.11 deauthentication", "wlan.fixed.reason_code", "0x0007" },
		{ "802.11 authentication", "wlan.fixed.auth_seq", "0x0002" },
		{ "802.11 action", "wlan.fixed.category_code", "8" },
		{ NULL, NULL, NULL },
	};

	expect_fields(fields);
}
