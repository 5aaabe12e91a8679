/* Packets of SCTP, DCCP, UDP-Lite, QUIC, SSDP and of TCP's options; test_decode.c puts them through
 * the decoder as all the others. Here: fields of theirs.
 */
#include "test_decode_help.h"

#include <criterion/criterion.h>

/* clang-format off */
#define ETH "020000000002 020000000001 0800 "

const struct sample transport_samples[] = {
	{ "sctp init", 1,
	  ETH "450000a000014000408400000a0000010a0000029c400f1c000000005969bcbc01000080"
	  "1122334400010000000a080000000007000500080a00000300060014fd00000000000000"
	  "0000000000000003000c0008000500060009000800000064000b00086162630080000004"
	  "c000000480080007c1800f00c00600080000000980020006aabb000080030006c1800000"
	  "80040008000100039999000578000000",
	  "ethernet ipv4 sctp",
	  "40000 → 3868 [INIT] rwnd=65536 out=10 in=2048 tsn=7", PACKET_WHOLE },
	{ "sctp init ack", 1,
	  ETH "4500004c00014000408400000a0000010a0000020f1c9c40000000055eee4e0b0200002c"
	  "1122334400010000000a0800000000070007000a636f6f6b696500000008000c99990005"
	  "78000000",
	  "ethernet ipv4 sctp",
	  "3868 → 40000 [INIT ACK] rwnd=65536 out=10 in=2048 tsn=7", PACKET_WHOLE },
	{ "sctp data", 1,
	  ETH "4500004400014000408400000a0000010a0000029c400f1c000000058a3da3c20a00000a"
	  "636f6f6b696500000003001500000007000100000000002e68656c6c6f000000",
	  "ethernet ipv4 sctp",
	  "40000 → 3868 [COOKIE ECHO] [DATA] tsn=7 sid=1 ssn=0 ppid=46 len=5", PACKET_WHOLE },
	{ "sctp sack", 1,
	  ETH "4500004000014000408400000a0000010a0000029c400f1c000000053d93a6b30b000004"
	  "0300001c00000007000003e800020001000200030005000500000007",
	  "ethernet ipv4 sctp",
	  "40000 → 3868 [COOKIE ACK] [SACK] ack=7 rwnd=1000 gaps=2 dups=1", PACKET_WHOLE },
	{ "sctp heartbeat", 1,
	  ETH "4500002c00014000408400000a0000010a0000029c400f1c0000000511497c090400000c"
	  "0001000861626364",
	  "ethernet ipv4 sctp",
	  "40000 → 3868 [HEARTBEAT]", PACKET_WHOLE },
	{ "sctp heartbeat ack", 1,
	  ETH "4500002c00014000408400000a0000010a0000029c400f1c00000005219d0d380500000c"
	  "0001000861626364",
	  "ethernet ipv4 sctp",
	  "40000 → 3868 [HEARTBEAT ACK]", PACKET_WHOLE },
	{ "sctp abort", 1,
	  ETH "4500002c00014000408400000a0000010a0000029c400f1c0000000564585d1d0601000c"
	  "000c000762796500",
	  "ethernet ipv4 sctp",
	  "40000 → 3868 [ABORT]", PACKET_WHOLE },
	{ "sctp shutdown", 1,
	  ETH "4500002800014000408400000a0000010a0000029c400f1c00000005262bde3b07000008"
	  "00000009",
	  "ethernet ipv4 sctp",
	  "40000 → 3868 [SHUTDOWN] ack=9", PACKET_WHOLE },
	{ "sctp shutdown ack", 1,
	  ETH "4500002400014000408400000a0000010a0000029c400f1c0000000535a8666708000004",
	  "ethernet ipv4 sctp",
	  "40000 → 3868 [SHUTDOWN ACK]", PACKET_WHOLE },
	{ "sctp error", 1,
	  ETH "4500005400014000408400000a0000010a0000029c400f1c000000054b78c9e609000034"
	  "00010008000700000002000a000000010007000000030008000000640008000c99990005"
	  "780000000009000800000009",
	  "ethernet ipv4 sctp",
	  "40000 → 3868 [ERROR]", PACKET_WHOLE },
	{ "sctp ecne and cwr", 1,
	  ETH "4500003000014000408400000a0000010a0000029c400f1c000000057aa5b7170c000008"
	  "000000010d00000800000002",
	  "ethernet ipv4 sctp",
	  "40000 → 3868 [ECNE] tsn=1 [CWR] tsn=2", PACKET_WHOLE },
	{ "sctp shutdown complete", 1,
	  ETH "4500002400014000408400000a0000010a0000029c400f1c00000005392862060e010004",
	  "ethernet ipv4 sctp",
	  "40000 → 3868 [SHUTDOWN COMPLETE]", PACKET_WHOLE },
	{ "sctp auth", 1,
	  ETH "4500003c00014000408400000a0000010a0000029c400f1c000000054ff7790f0f00001c"
	  "000100016161616161616161616161616161616161616161",
	  "ethernet ipv4 sctp",
	  "40000 → 3868 [AUTH] key=1", PACKET_WHOLE },
	{ "sctp nr-sack", 1,
	  ETH "4500003c00014000408400000a0000010a0000029c400f1c000000057e67ed311000001c"
	  "00000007000003e800010001000000000002000300050005",
	  "ethernet ipv4 sctp",
	  "40000 → 3868 [NR-SACK] ack=7 rwnd=1000", PACKET_WHOLE },
	{ "sctp i-data, first piece", 1,
	  ETH "4500003800014000408400000a0000010a0000029c400f1c00000005c0a4f07c40030018"
	  "0000000100020000000000030000003364617461",
	  "ethernet ipv4 sctp",
	  "40000 → 3868 [I-DATA] tsn=1 sid=2 mid=3 len=4", PACKET_WHOLE },
	{ "sctp i-data, later piece", 1,
	  ETH "4500003800014000408400000a0000010a0000029c400f1c00000005842e98e340010018"
	  "0000000100020000000000030000000764617461",
	  "ethernet ipv4 sctp",
	  "40000 → 3868 [I-DATA] tsn=1 sid=2 mid=3 len=4", PACKET_WHOLE },
	{ "sctp asconf", 1,
	  ETH "4500004000014000408400000a0000010a0000029c400f1c00000005cfc52190c1000020"
	  "00000004000500080a000001c001001000000009000500080a000009",
	  "ethernet ipv4 sctp",
	  "40000 → 3868 [ASCONF] seq=4", PACKET_WHOLE },
	{ "sctp asconf ack", 1,
	  ETH "4500003c00014000408400000a0000010a0000029c400f1c00000005459b37638000001c"
	  "00000004c00300140000000900a0000c000500080a000001",
	  "ethernet ipv4 sctp",
	  "40000 → 3868 [ASCONF ACK] seq=4", PACKET_WHOLE },
	{ "sctp pktdrop", 1,
	  ETH "4500003400014000408400000a0000010a0000029c400f1c000000051cb98a0981020014"
	  "00000001000000020000000078797a77",
	  "ethernet ipv4 sctp",
	  "40000 → 3868 [PKTDROP]", PACKET_WHOLE },
	{ "sctp re-config", 1,
	  ETH "4500005000014000408400000a0000010a0000029c400f1c0000000527dead6082000030"
	  "000d0012000000010000000200000003000400000010000c00000005000000010011000c"
	  "0000000600020000",
	  "ethernet ipv4 sctp",
	  "40000 → 3868 [RE-CONFIG]", PACKET_WHOLE },
	{ "sctp pad and forward tsn", 1,
	  ETH "4500003400014000408400000a0000010a0000029c400f1c0000000564d9af9a84000008"
	  "61626364c000000c0000000900010002",
	  "ethernet ipv4 sctp",
	  "40000 → 3868 [PAD] [FORWARD TSN] tsn=9", PACKET_WHOLE },
	{ "sctp i-forward tsn", 1,
	  ETH "4500003000014000408400000a0000010a0000029c400f1c000000053fa2dcf1c2000010"
	  "000000090001000100000004",
	  "ethernet ipv4 sctp",
	  "40000 → 3868 [I-FORWARD TSN] tsn=9", PACKET_WHOLE },
	{ "sctp with five chunks", 1,
	  ETH "4500003800014000408400000a0000010a0000029c400f1c00000005a120364e0b000004"
	  "080000040800000463000006616200000e000004",
	  "ethernet ipv4 sctp",
	  "40000 → 3868 [COOKIE ACK] [SHUTDOWN ACK] [SHUTDOWN ACK] and 2 more", PACKET_WHOLE },
	{ "sctp chunk of length 0", 1,
	  ETH "4500002400014000408400000a0000010a0000029c400f1c000000052a3ffca008000000",
	  "ethernet ipv4 sctp",
	  NULL, PACKET_MALFORMED },
	{ "sctp chunk longer than the packet", 1,
	  ETH "4500002400014000408400000a0000010a0000029c400f1c0000000545f8a2b008000010",
	  "ethernet ipv4 sctp",
	  NULL, PACKET_MALFORMED },
	{ "sctp parameter of length 0", 1,
	  ETH "4500002800014000408400000a0000010a0000029c400f1c00000005fde5693d04000008"
	  "00010000",
	  "ethernet ipv4 sctp",
	  NULL, PACKET_MALFORMED },
	{ "sctp data without a header", 1,
	  ETH "4500002800014000408400000a0000010a0000029c400f1c0000000540c19fdb00030008"
	  "61626364",
	  "ethernet ipv4 sctp",
	  NULL, PACKET_MALFORMED },
	{ "sctp within udp", 1,
	  ETH "4500002c00014000401100000a0000010a00000226ab26ab001800009c400f1c00000005"
	  "35a8666708000004",
	  "ethernet ipv4 udp sctp",
	  "9899 → 9899 len=4", PACKET_WHOLE },
	{ "dccp request", 1,
	  ETH "4500003000014000402100000a0000010a00000299fc1389070000000100000000000008"
	  "000000072105010203010000",
	  "ethernet ipv4 dccp",
	  "39420 → 5001 [Request] seq=8 service=7", PACKET_WHOLE },
	{ "dccp response", 1,
	  ETH "4500003400014000402100000a0000010a00000299fc1389080000000300000000000009"
	  "0000000000000008000000072404abcd",
	  "ethernet ipv4 dccp",
	  "39420 → 5001 [Response] seq=9 ack=8 service=7", PACKET_WHOLE },
	{ "dccp data, short", 1,
	  ETH "4500002500014000402100000a0000010a00000299fc1389030000000400000a68656c6c"
	  "6f",
	  "ethernet ipv4 dccp data",
	  "39420 → 5001 [Data] seq=10 len=5", PACKET_WHOLE },
	{ "dccp dataack", 1,
	  ETH "4500004e00014000402100000a0000010a00000299fc13890e010000090000000000000b"
	  "00000000000000092604c0012706010203042906000000012b0400052503072c06000000"
	  "000002006869",
	  "ethernet ipv4 dccp data",
	  "39420 → 5001 [DataAck] seq=11 ack=9 len=2", PACKET_WHOLE },
	{ "dccp reset", 1,
	  ETH "4500003000014000402100000a0000010a00000299fc1389070000000f0000000000000c"
	  "000000000000000903000000",
	  "ethernet ipv4 dccp",
	  "39420 → 5001 [Reset] seq=12 ack=9 code=3 (no connection)", PACKET_WHOLE },
	{ "dccp offset within the header", 1,
	  ETH "4500002400014000402100000a0000010a00000299fc138902000000050000000000000d",
	  "ethernet ipv4 dccp",
	  NULL, PACKET_MALFORMED },
	{ "dccp option of a wrong length", 1,
	  ETH "4500002800014000402100000a0000010a00000299fc138905000000050000000000000d"
	  "2a090000",
	  "ethernet ipv4 dccp",
	  NULL, PACKET_MALFORMED },
	{ "udp-lite", 1,
	  ETH "4500002100014000408800000a0000010a0000029c40270f0000000068656c6c6f",
	  "ethernet ipv4 udplite data",
	  "40000 → 9999 len=5", PACKET_WHOLE },
	{ "udp-lite, headers covered", 1,
	  ETH "4500002100014000408800000a0000010a0000029c40270f00084f0168656c6c6f",
	  "ethernet ipv4 udplite data",
	  "40000 → 9999 len=5", PACKET_WHOLE },
	{ "udp-lite coverage of 4", 1,
	  ETH "4500002100014000408800000a0000010a0000029c40270f0004000068656c6c6f",
	  "ethernet ipv4 udplite data",
	  NULL, PACKET_MALFORMED },
	{ "quic initial", 1,
	  ETH "4500004800014000401100000a0000010a000002d43101bb00340000c300000001080102"
	  "03040506070804a1a2a3a403746f6b147070707070707070707070707070707070707070",
	  "ethernet ipv4 udp quic",
	  "54321 → 443 len=44: Initial v1 dcid=0102030405060708 scid=a1a2a3a4 token=3 bytes", PACKET_WHOLE },
	{ "quic initial and handshake", 1,
	  ETH "450000bf00014000401100000a0000010a00000201bbd43100ab0000c30000000104a1a2"
	  "a3a408010203040506070800147070707070707070707070707070707070707070e30000"
	  "000104a1a2a3a40801020304050607084046717171717171717171717171717171717171"
	  "717171717171717171717171717171717171717171717171717171717171717171717171"
	  "717171717171717171717171717171714072727272727272727272727272727272727272"
	  "7272727272727272727272",
	  "ethernet ipv4 udp quic",
	  "443 → 54321 len=163: Initial v1 dcid=a1a2a3a4 scid=0102030405060708, Handshake, 1-RTT", PACKET_WHOLE },
	{ "quic 0-rtt of version 2", 1,
	  ETH "4500004000014000401100000a0000010a000002d431270f002c0000e36b3343cf080102"
	  "03040506070800147070707070707070707070707070707070707070",
	  "ethernet ipv4 udp quic",
	  "54321 → 9999 len=36: 0-RTT v2 dcid=0102030405060708", PACKET_WHOLE },
	{ "quic version negotiation", 1,
	  ETH "4500003b00014000401100000a0000010a00000201bbd43100270000800000000004a1a2"
	  "a3a4080102030405060708000000016b3343cf1a2a3a4a",
	  "ethernet ipv4 udp quic",
	  "443 → 54321 len=31: Version Negotiation dcid=a1a2a3a4 scid=0102030405060708: v1, v2, greased version", PACKET_WHOLE },
	{ "quic retry", 1,
	  ETH "4500004400014000401100000a0000010a00000201bbd43100300000f00000000104a1a2"
	  "a3a4080102030405060708746f6b656e74747474747474747474747474747474",
	  "ethernet ipv4 udp quic",
	  "443 → 54321 len=40: Retry v1 dcid=a1a2a3a4 scid=0102030405060708", PACKET_WHOLE },
	{ "quic short header", 1,
	  ETH "4500003b00014000401100000a0000010a00000201bbd431002700004072727272727272"
	  "7272727272727272727272727272727272727272727272",
	  "ethernet ipv4 udp quic",
	  "443 → 54321 len=31: 1-RTT", PACKET_WHOLE },
	{ "quic too long for its datagram", 1,
	  ETH "4500004400014000401100000a0000010a000002d43101bb00300000e300000001080102"
	  "03040506070804a1a2a3a43c7070707070707070707070707070707070707070",
	  "ethernet ipv4 udp quic",
	  NULL, PACKET_MALFORMED },
	{ "ssdp search", 1,
	  ETH "4500005d00014000401100000a0000010a000002d431076c004900004d2d534541524348"
	  "202a20485454502f312e310d0a486f73743a203233392e3235352e3235352e3235303a31"
	  "3930300d0a53543a20737364703a616c6c0d0a0d0a",
	  "ethernet ipv4 udp ssdp",
	  "54321 → 1900 len=65: M-SEARCH * HTTP/1.1", PACKET_WHOLE },
	{ "ssdp notify", 1,
	  ETH "4500004d00014000401100000a0000010a000002076c076c003900004e4f54494659202a"
	  "20485454502f312e310d0a486f73743a203233392e3235352e3235352e3235303a313930"
	  "300d0a0d0a",
	  "ethernet ipv4 udp ssdp",
	  "1900 → 1900 len=49: NOTIFY * HTTP/1.1", PACKET_WHOLE },
	{ "mptcp capable, syn", 1,
	  ETH "4500002c00014000400600000a0000010a0000029c400050000000650000000160020100"
	  "000000001e040181",
	  "ethernet ipv4 tcp",
	  "40000 → 80 [S] seq=101 win=256", PACKET_WHOLE },
	{ "mptcp capable, version 0", 1,
	  ETH "4500003400014000400600000a0000010a0000029c400050000000650000000180020100"
	  "000000001e0c00010102030405060708",
	  "ethernet ipv4 tcp",
	  "40000 → 80 [S] seq=101 win=256", PACKET_WHOLE },
	{ "mptcp capable with data", 1,
	  ETH "4500004200014000400600000a0000010a0000029c4000500000006500000001b0180100"
	  "000000001e180181010203040506070811121314151617180002abcd6869",
	  "ethernet ipv4 tcp data",
	  "40000 → 80 [P.] seq=101 ack=1 win=256 len=2", PACKET_WHOLE },
	{ "mptcp join, syn", 1,
	  ETH "4500003400014000400600000a0000010a0000029c400050000000650000000180020100"
	  "000000001e0c11020102030405060708",
	  "ethernet ipv4 tcp",
	  "40000 → 80 [S] seq=101 win=256", PACKET_WHOLE },
	{ "mptcp join, syn and ack", 1,
	  ETH "4500003800014000400600000a0000010a0000029c400050000000650000000190120100"
	  "000000001e101102010203040506070805060708",
	  "ethernet ipv4 tcp",
	  "40000 → 80 [S.] seq=101 ack=1 win=256", PACKET_WHOLE },
	{ "mptcp join, ack", 1,
	  ETH "4500004000014000400600000a0000010a0000029c4000500000006500000001b0100100"
	  "000000001e1810006868686868686868686868686868686868686868",
	  "ethernet ipv4 tcp",
	  "40000 → 80 [.] seq=101 ack=1 win=256", PACKET_WHOLE },
	{ "mptcp dss", 1,
	  ETH "4500004600014000400600000a0000010a0000029c4000500000006500000001c0180100"
	  "000000001e1c201f01020304050607081112131415161718000000050002abcd6869",
	  "ethernet ipv4 tcp data",
	  "40000 → 80 [P.] seq=101 ack=1 win=256 len=2", PACKET_WHOLE },
	{ "mptcp dss, short", 1,
	  ETH "4500003e00014000400600000a0000010a0000029c4000500000006500000001a0180100"
	  "000000001e122005010203040506070800000005000201016869",
	  "ethernet ipv4 tcp data",
	  "40000 → 80 [P.] seq=101 ack=1 win=256 len=2", PACKET_WHOLE },
	{ "mptcp add address", 1,
	  ETH "4500003c00014000400600000a0000010a0000029c4000500000006500000001a0100100"
	  "000000001e1230020a0000091f9001020304050607080101",
	  "ethernet ipv4 tcp",
	  "40000 → 80 [.] seq=101 ack=1 win=256", PACKET_WHOLE },
	{ "mptcp add address, version 0", 1,
	  ETH "4500003000014000400600000a0000010a0000029c400050000000650000000170100100"
	  "000000001e0834020a000009",
	  "ethernet ipv4 tcp",
	  "40000 → 80 [.] seq=101 ack=1 win=256", PACKET_WHOLE },
	{ "mptcp add address, ipv6", 1,
	  ETH "4500004400014000400600000a0000010a0000029c4000500000006500000001c0100100"
	  "000000001e1c3103fd0000000000000000000000000000090102030405060708",
	  "ethernet ipv4 tcp",
	  "40000 → 80 [.] seq=101 ack=1 win=256", PACKET_WHOLE },
	{ "mptcp remove address", 1,
	  ETH "4500003000014000400600000a0000010a0000029c400050000000650000000170100100"
	  "000000001e05400203010101",
	  "ethernet ipv4 tcp",
	  "40000 → 80 [.] seq=101 ack=1 win=256", PACKET_WHOLE },
	{ "mptcp priority", 1,
	  ETH "4500002c00014000400600000a0000010a0000029c400050000000650000000160100100"
	  "000000001e045102",
	  "ethernet ipv4 tcp",
	  "40000 → 80 [.] seq=101 ack=1 win=256", PACKET_WHOLE },
	{ "mptcp fail", 1,
	  ETH "4500003400014000400600000a0000010a0000029c400050000000650000000180100100"
	  "000000001e0c60000102030405060708",
	  "ethernet ipv4 tcp",
	  "40000 → 80 [.] seq=101 ack=1 win=256", PACKET_WHOLE },
	{ "mptcp fast close", 1,
	  ETH "4500003400014000400600000a0000010a0000029c400050000000650000000180100100"
	  "000000001e0c70000102030405060708",
	  "ethernet ipv4 tcp",
	  "40000 → 80 [.] seq=101 ack=1 win=256", PACKET_WHOLE },
	{ "mptcp reset", 1,
	  ETH "4500002c00014000400600000a0000010a0000029c400050000000650000000160040100"
	  "000000001e048103",
	  "ethernet ipv4 tcp",
	  "40000 → 80 [R] seq=101 win=256", PACKET_WHOLE },
	{ "tcp fast open, request and experiment", 1,
	  ETH "4500003400014000400600000a0000010a0000029c400050000000650000000180020100"
	  "000000002202fe08f989010203040101",
	  "ethernet ipv4 tcp",
	  "40000 → 80 [S] seq=101 win=256", PACKET_WHOLE },
	{ "tcp options of old", 1,
	  ETH "4500004c00014000400600000a0000010a0000029c4000500000006500000001e0020100"
	  "000000000606000000010706000000020b06000000031403c01506000100021b08050600"
	  "00000001",
	  "ethernet ipv4 tcp",
	  "40000 → 80 [S] seq=101 win=256", PACKET_WHOLE },
	{ "tcp experiment of another", 1,
	  ETH "4500003000014000400600000a0000010a0000029c400050000000650000000170100100"
	  "00000000fd0600ac01020101",
	  "ethernet ipv4 tcp",
	  "40000 → 80 [.] seq=101 ack=1 win=256", PACKET_WHOLE },
	{ "tcp timestamps alone", 1,
	  ETH "45000036000140004006 0000 0a000001 0a000002 9c40 0050 00000065 00000001"
	  "8018 0100 0000 0000 01 01 08 0a 01020304 05060708 6869",
	  "ethernet ipv4 tcp data", "40000 → 80 [P.] seq=101 ack=1 win=256 len=2", PACKET_WHOLE },
	{ "quic client hello", 1,
	  ETH "450000a800014000401100000a0000010a000002d43101bb00940000ce00000001088394"
	  "c8f03e5157080000407a3776bc4131840374f848a4cafbc968b43048d7bbc510c7edcd94"
	  "e94e85a7918182c9970b9aa627fc693e6ca00cd09ae1020f3e78186d19e4f69a8e2bfae1"
	  "cca441a179871d6d219ad91f2ad606ac4fbe17e9eb0be778637d0835d6218744ea92c586"
	  "9e90ff8e0eca8fa5c0329afe9f8f96fe1d4d8478a7d7d6fa",
	  "ethernet ipv4 udp quic",
	  "54321 → 443 len=140: Initial v1 dcid=8394c8f03e515708, Client Hello example.org h2", PACKET_WHOLE },
	{ "quic client hello in two pieces, version 2", 1,
	  ETH "450000ac00014000401100000a0000010a000002d431270f00980000d66b3343cf088394"
	  "c8f03e5157080000407e1e5b969cd256b50e01c7b353fd2fb88c223c94e1f0c5794dad15"
	  "c7bbfe6e6691d04f573c4bd924e517f6badb7a672518a62cc9e714449945a46ddf0ce3b5"
	  "dceeb12463dd0f76aa513a267913542a617d9272e206638286d9b17d7f372f5f6cbee4fb"
	  "cd9966a868b5620343f0203578a39060c5dfbc8c88ed33d61ef88980",
	  "ethernet ipv4 udp quic",
	  "54321 → 9999 len=144: Initial v2 dcid=8394c8f03e515708, Client Hello example.org h2", PACKET_WHOLE },
	{ "quic crypto twice, and its beginning is elsewhere", 1,
	  ETH "450000a900010000401100000a0000010a000002d43101bb00950000c300000001088394"
	  "c8f03e5157080000407b62bc7343df0274f81fa7c9ead879a52159c6aad401d6fcdc85f8"
	  "5f94b6809093d8861a8bb736ed782f7db10cd098f2030e3e78346d19e2d4a8802bfaeaa9"
	  "dc20cc09eb78434ee8be1f3ad603ac4cbc7fdbeb01e77c637f0828d60a8747e891c1869e"
	  "90ff8e0eca8fa56e08255c097979f200823cdfa74391af9adf",
	  "ethernet ipv4 udp quic",
	  "54321 → 443 len=141: Initial v1 dcid=8394c8f03e515708", PACKET_WHOLE },
	{ "quic crypto of which the beginning is elsewhere", 1,
	  ETH "4500007500014000401100000a0000010a000002d43101bb00610000c600000001088394"
	  "c8f03e5157080000404773baf20e9d93f26a6175679fba31d10dc90782773b0897755776"
	  "15f9d9a8470939466fcc2fb40ba816039af5c9d2810360694ee09ef13f8572d85ac6ff7d"
	  "4de29ef2107bcecdfd",
	  "ethernet ipv4 udp quic",
	  "54321 → 443 len=89: Initial v1 dcid=8394c8f03e515708", PACKET_WHOLE },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};
/* clang-format on */

Test(decode_transports, values_as_wireshark_prints_them)
{
	static const struct sample_field fields[] = {
		{ "sctp init", "sctp.verification_tag", "0x00000000" },
		{ "sctp init", "sctp.checksum.status", "1" },
		{ "sctp init", "sctp.init_initiate_tag", "0x11223344" },
		{ "sctp init", "sctp.init_nr_in_streams", "2048" },
		{ "sctp init", "sctp.parameter_ipv4_address", "10.0.0.3" },
		{ "sctp init", "sctp.parameter_ipv6_address", "fd00::3" },
		{ "sctp init", "sctp.parameter_hostname", "abc" },
		{ "sctp init", "sctp.supported_chunk_type", "193" },
		{ "sctp init", "sctp.hmac_id", "1" },
		{ "sctp init", "sctp.parameter_value", "78" },
		{ "sctp init ack", "sctp.parameter_state_cookie", "636f6f6b6965" },
		{ "sctp init ack", "sctp.parameter_value", "78" },
		{ "sctp init ack", "sctp.initack_initial_tsn", "7" },
		{ "sctp data", "sctp.cookie", "636f6f6b6965" },
		{ "sctp data", "sctp.data_payload_proto_id", "46" },
		{ "sctp data", "sctp.data_b_bit", "1" },
		{ "sctp data", "data.data", "68656c6c6f" },
		{ "sctp sack", "sctp.sack_gap_block_start", "2" },
		{ "sctp sack", "sctp.sack_duplicate_tsn", "7" },
		{ "sctp heartbeat", "sctp.parameter_heartbeat_information", "61626364" },
		{ "sctp abort", "sctp.cause_code", "0x000c" },
		{ "sctp abort", "sctp.checksum.status", "0" },
		{ "sctp abort", "sctp.abort_t_bit", "1" },
		{ "sctp shutdown", "sctp.shutdown_cumulative_tsn_ack", "9" },
		{ "sctp error", "sctp.cause_stream_identifier", "7" },
		{ "sctp error", "sctp.cause_missing_parameter_type", "0x0007" },
		{ "sctp error", "sctp.cause_measure_of_staleness", "100" },
		{ "sctp error", "sctp.cause_tsn", "9" },
		{ "sctp error", "sctp.parameter_type", "0x9999" },
		{ "sctp ecne and cwr", "sctp.cwr_lowest_tsn", "2" },
		{ "sctp auth", "sctp.shared_key_id", "1" },
		{ "sctp nr-sack", "sctp.nr_sack_nr_gap_block_start", "5" },
		{ "sctp i-data, first piece", "sctp.data_payload_proto_id", "51" },
		{ "sctp i-data, later piece", "sctp.data_fsn", "7" },
		{ "sctp asconf", "sctp.correlation_id", "0x00000009" },
		{ "sctp asconf ack", "sctp.cause_code", "0x00a0" },
		{ "sctp pktdrop", "sctp.pckdrop_b_bit", "1" },
		{ "sctp re-config", "sctp.parameter_reconfig_sid", "4" },
		{ "sctp re-config", "sctp.parameter_reconfig_response_result", "1" },
		{ "sctp pad and forward tsn", "sctp.forward_tsn_ssn", "2" },
		{ "sctp i-forward tsn", "sctp.i_forward_tsn_u_bit", "1" },
		{ "dccp request", "dccp.service_code", "7" },
		{ "dccp request", "dccp.seq_raw", "8" },
		{ "dccp request", "dccp.feature_number", "1" },
		{ "dccp response", "dccp.ack_raw", "8" },
		{ "dccp response", "dccp.init_cookie", "abcd" },
		{ "dccp data, short", "dccp.seq_raw", "10" },
		{ "dccp data, short", "dccp.x", "0" },
		{ "dccp dataack", "dccp.elapsed_time", "5" },
		{ "dccp dataack", "dccp.ndp_count", "7" },
		{ "dccp dataack", "dccp.ack_vector.nonce_0", "c001" },
		{ "dccp reset", "dccp.reset_code", "3" },
		{ "udp-lite", "udp.checksum_coverage", "0" },
		{ "udp-lite, headers covered", "udp.checksum.status", "0" },
		{ "quic initial", "quic.version", "0x00000001" },
		{ "quic initial", "quic.dcid", "0102030405060708" },
		{ "quic initial", "quic.scid", "a1a2a3a4" },
		{ "quic initial", "quic.token", "746f6b" },
		{ "quic initial", "quic.length", "20" },
		{ "quic 0-rtt of version 2", "quic.long.packet_type_v2", "2" },
		{ "quic version negotiation", "quic.supported_version", "0x00000001" },
		{ "quic retry", "quic.retry_token", "746f6b656e" },
		{ "quic short header", "quic.spin_bit", "0" },
		{ "ssdp search", "http.request.method", "M-SEARCH" },
		{ "ssdp notify", "http.host", "239.255.255.250:1900" },
		{ "mptcp capable, syn", "tcp.options.mptcp.version", "1" },
		{ "mptcp capable, version 0", "tcp.options.mptcp.sendkey", "72623859790382856" },
		{ "mptcp capable with data", "tcp.options.mptcp.datalvllen", "2" },
		{ "mptcp capable with data", "tcp.options.mptcp.recvkey", "1230066625199609624" },
		{ "mptcp join, syn", "tcp.options.mptcp.recvtok", "16909060" },
		{ "mptcp join, syn and ack", "tcp.options.mptcp.sendrand", "84281096" },
		{ "mptcp join, ack", "tcp.options.mptcp.sendhmac", "6868686868686868686868686868686868686868" },
		{ "mptcp dss", "tcp.options.mptcp.rawdataack", "72623859790382856" },
		{ "mptcp dss", "tcp.options.mptcp.rawdataseqno", "1230066625199609624" },
		{ "mptcp dss", "tcp.options.mptcp.datafin.flag", "1" },
		{ "mptcp dss, short", "tcp.options.mptcp.rawdataseqno", "84281096" },
		{ "mptcp dss, short", "tcp.options.mptcp.subflowseqno", "5" },
		{ "mptcp add address", "tcp.options.mptcp.ipv4", "10.0.0.9" },
		{ "mptcp add address", "tcp.options.mptcp.port", "8080" },
		{ "mptcp add address, version 0", "tcp.options.mptcp.ipver", "4" },
		{ "mptcp add address, ipv6", "tcp.options.mptcp.ipv6", "fd00::9" },
		{ "mptcp add address, ipv6", "tcp.options.mptcp.echo", "1" },
		{ "mptcp remove address", "tcp.options.mptcp.addrid", "2" },
		{ "mptcp priority", "tcp.options.mptcp.backup.flag", "1" },
		{ "mptcp fail", "tcp.options.mptcp.rawdataseqno", "72623859790382856" },
		{ "mptcp fast close", "tcp.options.mptcp.recvkey", "72623859790382856" },
		{ "mptcp reset", "tcp.options.mptcp.flag_T.flag", "1" },
		{ "mptcp reset", "tcp.options.mptcp.rst_reason", "0x03" },
		{ "tcp fast open, request and experiment", "tcp.options.tfo.request", "1" },
		{ "tcp fast open, request and experiment", "tcp.options.tfo.cookie", "01020304" },
		{ "tcp options of old", "tcp.options.echo_value", "1" },
		{ "tcp options of old", "tcp.options.cc_value", "3" },
		{ "tcp options of old", "tcp.options.snack.size", "2" },
		{ "tcp options of old", "tcp.options.qs.rate", "5" },
		{ "tcp experiment of another", "tcp.options.experimental.data", "0102" },
		{ "quic client hello", "quic.packet_number", "7" },
		{ "quic client hello", "quic.crypto.length", "91" },
		{ "quic client hello", "tls.handshake.extensions_server_name", "example.org" },
		{ "quic client hello in two pieces, version 2", "quic.crypto.offset", "50" },
		{ "quic client hello in two pieces, version 2", "tls.handshake.extensions_alpn_str", "h2" },
		{ "quic crypto of which the beginning is elsewhere", "quic.crypto.offset", "50" },
		{ NULL, NULL, NULL },
	};

	expect_fields(fields);
}
