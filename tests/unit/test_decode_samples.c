/* The packets of the decoder's tests. Checksums are zero but where a test looks at them. */
#include "test_decode_help.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
#define ETH "020000000002 020000000001 "
#define IP4(len, proto) "4500" len "0001 4000 40" proto "0000 0a000001 0a000002 "
#define IP6(len, next) "60000000" len next "40 fd000000000000000000000000000001 " \
	"fd000000000000000000000000000002 "
#define PORTS "9c40 0050 00000065 00000001 "
#define UDP "d431 0035 0008 0000 "
#define TARGET "fd000000000000000000000000000002 "
#define NESTED4(len) "4500" len "0001 4000 4004 0000 0a000001 0a000002 "

const struct sample samples[] = {
	{ "tcp syn", 1,
	  ETH "0800" IP4("003c", "06") "9c40 0050 00000064 00000000 a002 faf0 0000 0000"
	  "020405b4 0402 080a 00000001 00000000 01 030307",
	  "ethernet ipv4 tcp",
	  "40000 → 80 [S] seq=100 win=64240 mss=1460 wscale=7 sackOK ts", PACKET_WHOLE },
	{ "tcp with data and padding", 1,
	  ETH "0800" IP4("002a", "06") PORTS "5018 0100 0000 0000 6869 00000000",
	  "ethernet ipv4 tcp data", "40000 → 80 [P.] seq=101 ack=1 win=256 len=2", PACKET_WHOLE },
	{ "tcp over ipv6, cooked v2", 276,
	  "86dd 0000 00000003 0304 00 06 0000000000000000" IP6("0014",
	  "06") PORTS "5011 0100 0000 0000",
	  "sll2 ipv6 tcp", "40000 → 80 [F.] seq=101 ack=1 win=256", PACKET_WHOLE },
	{ "tcp sack", 1,
	  ETH "0800" IP4("0034", "06") PORTS "8010 0100 0000 0000 01 01 05 0a 0000000a 00000014",
	  "ethernet ipv4 tcp", "40000 → 80 [.] seq=101 ack=1 win=256 sack=10-20", PACKET_WHOLE },
	{ "tcp md5 and user timeout", 1,
	  ETH "0800" IP4("0040", "06") PORTS "b010 0100 0000 0000"
	  "13 12 000102030405060708090a0b0c0d0e0f 1c 04 8005 00 00",
	  "ethernet ipv4 tcp", "40000 → 80 [.] seq=101 ack=1 win=256", PACKET_WHOLE },
	{ "tcp fast open, multipath, accurate ecn", 1,
	  ETH "0800" IP4("003c", "06") PORTS "a110 0100 0000 0000"
	  "22 06 01020304 1e 04 0001 ae 08 000001 000002 63 02",
	  "ethernet ipv4 tcp", "40000 → 80 [.] seq=101 ack=1 win=256", PACKET_WHOLE },
	{ "tcp authentication", 1,
	  ETH "0800" IP4("0030", "06") PORTS "7010 0100 0000 0000 1d 06 01 02 abcd 01 00",
	  "ethernet ipv4 tcp", "40000 → 80 [.] seq=101 ack=1 win=256", PACKET_WHOLE },
	{ "tcp option of a wrong length", 1,
	  ETH "0800" IP4("002c", "06") PORTS "6002 0100 0000 0000 02 03 05 00",
	  "ethernet ipv4 tcp", "40000 → 80 [S] seq=101 win=256", PACKET_WHOLE },
	{ "udp", 1, ETH "0800" IP4("0021", "11") "d431 0035 000d 0000 68656c6c6f",
	  "ethernet ipv4 udp data", "54321 → 53 len=5", PACKET_WHOLE },
	{ "udp without data", 1, ETH "0800" IP4("001c", "11") UDP,
	  "ethernet ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "udp with a right checksum", 1, ETH "0800" IP4("001e", "11") "d431 0035 000a af07 6869",
	  "ethernet ipv4 udp data", "54321 → 53 len=2", PACKET_WHOLE },
	{ "vlan in vlan", 1, ETH "88a8 0064 8100 2065 0800" IP4("001c", "11") UDP,
	  "ethernet vlan vlan ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "cooked v1", 113, "0004 0304 0006 0000000000000000 0800" IP4("001c", "11") UDP,
	  "sll ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "cooked netlink", 113, "0004 0338 0000 0000000000000000 0800 0102",
	  "sll netlink data", "netlink family 2048 len=2", PACKET_WHOLE },
	{ "cooked 802.3", 113, "0000 0001 0006 0200000000010000 0004 e0e0 03",
	  "sll llc", "LLC NetWare len=0", PACKET_WHOLE },
	{ "null, little-endian", 0, "02000000" IP4("001c", "11") UDP,
	  "null ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "null, big-endian", 0, "0000001e" IP6("0008", "11") UDP,
	  "null ipv6 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "loop", 108, "00000018" IP6("0008", "11") UDP,
	  "loop ipv6 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "null, another family", 0, "00000007 0102", "null data", "null len=6", PACKET_WHOLE },
	{ "raw ip", 101, IP4("001c", "11") UDP, "raw ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "raw ip of OpenBSD", 14, IP6("0008", "11") UDP,
	  "raw ipv6 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "raw, neither", 12, "00010203", "raw data", "raw len=4", PACKET_WHOLE },
	{ "raw ipv4", 228, IP4("001c", "11") UDP, "ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "raw ipv6", 229, IP6("0008", "11") UDP, "ipv6 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "arp request", 1,
	  ETH "0806 0001 0800 0604 0001 020000000001 0a000001 000000000000 0a000002",
	  "ethernet arp", "who has 10.0.0.2? tell 10.0.0.1", PACKET_WHOLE },
	{ "arp reply", 1,
	  ETH "0806 0001 0800 0604 0002 020000000002 0a000002 020000000001 0a000001",
	  "ethernet arp", "10.0.0.2 is at 02:00:00:00:00:02", PACKET_WHOLE },
	{ "arp of one-byte hardware", 1, ETH "0806 0007 0800 0104 0001 01 0a000001 00 0a000002",
	  "ethernet arp", "who has 10.0.0.2? tell 10.0.0.1", PACKET_WHOLE },
	{ "inverse arp", 1,
	  ETH "0806 0001 0800 0604 0008 020000000001 0a000001 000000000000 0a000002",
	  "ethernet arp", "ARP inverse request", PACKET_WHOLE },
	{ "icmp echo", 1, ETH "0800" IP4("001c", "01") "0800 f7fd 0001 0001",
	  "ethernet ipv4 icmp", "echo request id=1 seq=1", PACKET_WHOLE },
	{ "icmp port unreachable", 1,
	  ETH "0800" IP4("0038", "01") "0303 0000 00000000" IP4("0021", "11") "d431 0035 000d 0000",
	  "ethernet ipv4 icmp ipv4 udp",
	  "destination unreachable (port unreachable)", PACKET_WHOLE },
	{ "icmp fragmentation needed", 1,
	  ETH "0800" IP4("0038", "01") "0304 0000 00000578" IP4("0fa0", "06") PORTS,
	  "ethernet ipv4 icmp ipv4 tcp",
	  "destination unreachable (fragmentation needed) mtu=1400", PACKET_WHOLE },
	{ "icmp redirect", 1,
	  ETH "0800" IP4("0038", "01") "0501 0000 0a0000fe" IP4("0021", "11") UDP,
	  "ethernet ipv4 icmp ipv4 udp", "redirect (for the host) to 10.0.0.254", PACKET_WHOLE },
	{ "icmp timestamp", 1,
	  ETH "0800" IP4("0028", "01") "0d00 0000 0001 0002 00000003 00000000 00000000",
	  "ethernet ipv4 icmp", "timestamp request id=1 seq=2", PACKET_WHOLE },
	{ "icmp of an unknown type", 1, ETH "0800" IP4("001c", "01") "fa00 0000 00000000",
	  "ethernet ipv4 icmp", "icmp type 250", PACKET_WHOLE },
	{ "icmpv6 echo reply", 1, ETH "86dd" IP6("0008", "3a") "8100 0000 0002 0003",
	  "ethernet ipv6 icmpv6", "echo reply id=2 seq=3", PACKET_WHOLE },
	{ "icmpv6 packet too big", 1,
	  ETH "86dd" IP6("0038", "3a") "0200 0000 00000500" IP6("0fa0", "11") UDP,
	  "ethernet ipv6 icmpv6 ipv6 udp", "packet too big mtu=1280", PACKET_WHOLE },
	{ "neighbour solicitation", 1,
	  ETH "86dd" IP6("0020", "3a") "8700 0000 00000000" TARGET "0101 020000000001",
	  "ethernet ipv6 icmpv6", "neighbour solicitation for fd00::2", PACKET_WHOLE },
	{ "neighbour advertisement", 1,
	  ETH "86dd" IP6("0020", "3a") "8800 0000 60000000" TARGET "0201 020000000002",
	  "ethernet ipv6 icmpv6", "neighbour advertisement of fd00::2", PACKET_WHOLE },
	{ "router advertisement", 1,
	  ETH "86dd" IP6("0050", "3a") "8600 0000 40c0 0708 00000000 00000000 0501 0000 000005dc"
	  "0304 40c0 00015180 00003840 00000000 fd000000000000000000000000000000"
	  "1903 0000 0000003c fd000000000000000000000000000053",
	  "ethernet ipv6 icmpv6", "router advertisement", PACKET_WHOLE },
	{ "multicast report", 1,
	  ETH "86dd" IP6("0024", "00") "3a00 0502 0000 0100 8f00 0000 0000 0001 04000000"
	  "ff020000000000000000000000000001",
	  "ethernet ipv6 icmpv6", "multicast listener report v2 records=1", PACKET_WHOLE },
	{ "multicast query", 1,
	  ETH "86dd" IP6("001c", "3a") "8200 0000 2710 0000 00000000000000000000000000000000 02 "
	  "7d 0000",
	  "ethernet ipv6 icmpv6", "multicast listener query for ::", PACKET_WHOLE },
	{ "ipv6 hop-by-hop and destination options", 1,
	  ETH "86dd" IP6("0018", "00") "3c00 0104 00000000 1100 0104 00000000" UDP,
	  "ethernet ipv6 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "ipv6 routing and authentication", 1,
	  ETH "86dd" IP6("0030", "2b") "3302 0001 00000000" TARGET "1102 0000 00000007 00000009 "
	  "0a0b0c0d" UDP,
	  "ethernet ipv6 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "ipv6 mobility", 1, ETH "86dd" IP6("0008", "87") "3b00 0500 0000 0000",
	  "ethernet ipv6", "no next header len=0", PACKET_WHOLE },
	{ "ipv6 jumbogram", 1,
	  ETH "86dd" IP6("0000", "00") "1100 c204 00011170 d431 0035 0000 0000 6869",
	  "ethernet ipv6 udp data", "54321 → 53 len=2", PACKET_WHOLE },
	{ "ipv6 no next header, padded", 1, ETH "86dd" IP6("0000", "3b") "000000000000",
	  "ethernet ipv6", "no next header len=0", PACKET_WHOLE },
	{ "ipv6 first fragment", 1,
	  ETH "86dd" IP6("0018", "2c") "1100 0001 00000001 d431 0035 0fa0 0000 0102030405060708",
	  "ethernet ipv6 udp data", "54321 → 53 len=8 (first fragment)", PACKET_WHOLE },
	{ "ipv6 fragment, not the first", 1,
	  ETH "86dd" IP6("0010", "2c") "1100 0009 00000001 0102030405060708",
	  "ethernet ipv6 data", "UDP fragment offset=8 len=8", PACKET_WHOLE },
	{ "ipv6 atomic fragment", 1, ETH "86dd" IP6("0010", "2c") "1100 0000 00000001" UDP,
	  "ethernet ipv6 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "ipv4 first fragment, tiny", 1,
	  ETH "0800 4500 001c 0001 2000 4006 0000 0a000001 0a000002" "9c40 0050 00000065",
	  "ethernet ipv4 tcp", "40000 → 80 (first fragment)", PACKET_WHOLE },
	{ "ipv4 fragment, not the first", 1,
	  ETH "0800 4500001c 0001 0003 4011 0000 0a000001 0a000002 0102030405060708",
	  "ethernet ipv4 data", "UDP fragment offset=24 len=8", PACKET_WHOLE },
	{ "ipv4 router alert", 1,
	  ETH "0800 4600 0020 0001 4000 4011 0000 0a000001 0a000002 94040000" UDP,
	  "ethernet ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "ipv4 record route and time stamp", 1,
	  ETH "0800 4b00 0034 0001 4000 4011 0000 0a000001 0a000002"
	  "07 0b 08 0a000009 00000000 01 44 0c 0d 01 0a000009 00000007" UDP,
	  "ethernet ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "ip in ip", 1, ETH "0800" IP4("0030", "04") IP4("001c", "11") UDP,
	  "ethernet ipv4 ipv4 udp", "IPv4 len=28", PACKET_WHOLE },
	{ "ip in ip, without end", 228,
	  NESTED4("00f0") NESTED4("00dc") NESTED4("00c8") NESTED4("00b4")
	  NESTED4("00a0") NESTED4("008c") NESTED4("0078") NESTED4("0064") NESTED4("0050")
	  NESTED4("003c")
	  NESTED4("0028") NESTED4("0014"),
	  "ipv4 ipv4 ipv4 ipv4 ipv4 ipv4 ipv4 ipv4 ipv4 ipv4 ipv4 data",
	  "IPv4 len=220", PACKET_WHOLE },
	{ "an ip protocol that is not decoded", 1, ETH "0800" IP4("0018", "58") "00000800",
	  "ethernet ipv4 data", "EIGRP len=4", PACKET_WHOLE },
	{ "an ip protocol without a name", 1, ETH "0800" IP4("0018", "fc") "00000800",
	  "ethernet ipv4 data", "protocol 252 len=4", PACKET_WHOLE },
	{ "tso: total length 0", 1, ETH "0800" IP4("0000", "06") PORTS "5018 0100 0000 0000 6869",
	  "ethernet ipv4 tcp data", "40000 → 80 [P.] seq=101 ack=1 win=256 len=2", PACKET_WHOLE },
	{ "802.3 length", 1, ETH "0003 e0e003 00000000",
	  "ethernet llc", "LLC NetWare len=0", PACKET_WHOLE },
	{ "an EtherType that is not decoded", 1, ETH "88f7 0207",
	  "ethernet data", "PTP len=2", PACKET_WHOLE },
	{ "an EtherType without a name", 1, ETH "1234 0207",
	  "ethernet data", "EtherType 0x1234 len=2", PACKET_WHOLE },
	{ "unknown link type", 147, "0102", "data", "USER0 len=2", PACKET_WHOLE },
	/* packets that break a rule */
	{ "ip version", 228, "5500 001c 0001 4000 4011 0000 0a000001 0a000002" UDP,
	  "ipv4", NULL, PACKET_MALFORMED },
	{ "ip header length", 228, "4400 001c 0001 4000 4011 0000 0a000001 0a000002" UDP,
	  "ipv4", NULL, PACKET_MALFORMED },
	{ "ip header longer than the packet", 228,
	  "4f00 0000 0001 4000 4011 0000 0a000001 0a000002" UDP,
	  "ipv4", NULL, PACKET_MALFORMED },
	{ "ip total length below the header", 228, IP4("0013", "11") UDP,
	  "ipv4", NULL, PACKET_MALFORMED },
	{ "ip total length too long", 228, IP4("0040", "11") UDP,
	  "ipv4 udp", NULL, PACKET_MALFORMED },
	{ "ip option of length 1", 228,
	  "4600 0020 0001 4000 4011 0000 0a000001 0a000002 94010000" UDP,
	  "ipv4 udp", NULL, PACKET_MALFORMED },
	{ "ipv6 version", 229, "4" "0000000 0008 1140" TARGET TARGET UDP,
	  "ipv6", NULL, PACKET_MALFORMED },
	{ "ipv6 extension longer than the packet", 229, IP6("0008", "00") "11ff 0104 00000000",
	  "ipv6", NULL, PACKET_MALFORMED },
	{ "ipv6 option longer than its header", 229, IP6("0010", "00") "1100 0105 00000000" UDP,
	  "ipv6 udp", NULL, PACKET_MALFORMED },
	{ "ip without the tcp it announces", 228, IP4("0014", "06"),
	  "ipv4 tcp", NULL, PACKET_MALFORMED },
	{ "tcp header length", 228, IP4("0028", "06") PORTS "4018 0100 0000 0000",
	  "ipv4 tcp", NULL, PACKET_MALFORMED },
	{ "tcp header longer than the packet", 228, IP4("0028", "06") PORTS "f018 0100 0000 0000",
	  "ipv4 tcp", NULL, PACKET_MALFORMED },
	{ "tcp option of length 0", 228, IP4("002c", "06") PORTS "6018 0100 0000 0000 08000000",
	  "ipv4 tcp", NULL, PACKET_MALFORMED },
	{ "tcp option beyond the header", 228,
	  IP4("002c", "06") PORTS "6018 0100 0000 0000 01010108",
	  "ipv4 tcp", NULL, PACKET_MALFORMED },
	{ "udp length below 8", 228, IP4("001c", "11") "d431 0035 0007 0000",
	  "ipv4 udp", NULL, PACKET_MALFORMED },
	{ "udp length too long", 228, IP4("001c", "11") "d431 0035 0009 0000",
	  "ipv4 udp", NULL, PACKET_MALFORMED },
	{ "nd option of length 0", 229,
	  IP6("0020", "3a") "8700 0000 00000000" TARGET "0100 020000000001",
	  "ipv6 icmpv6", NULL, PACKET_MALFORMED },
	{ "arp that ends early", 1, ETH "0806 0001 0800 0604 0001 020000000001 0a000001",
	  "ethernet arp", NULL, PACKET_MALFORMED },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};
/* clang-format on */

const struct sample *sample_at(unsigned i)
{
	static const struct sample *const tables[] = { samples, link_samples, app_samples, transport_samples,
						       capture_samples };

	for (unsigned t = 0; t < sizeof tables / sizeof *tables; t++)
		for (const struct sample *s = tables[t]; s->what; s++)
			if (!i--)
				return s;
	return NULL;
}

const struct sample *sample_find(const char *what)
{
	const struct sample *s;
	unsigned i = 0;

	while ((s = sample_at(i)) && strcmp(s->what, what) != 0)
		i++;
	cr_assert_not_null(s, "no sample \"%s\"", what);
	return s;
}

uint8_t *sample_bytes(const struct sample *s, uint32_t *len)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t *bytes = malloc(strlen(s->hex) / 2 + 1);
	unsigned count = 0;

	for (const char *h = s->hex; *h; h++) {
		const char *digit = strchr(digits, *h);

		if (!digit)
			continue;
		if (count % 2 == 0)
			bytes[count / 2] = 0;
		bytes[count / 2] = (uint8_t)(bytes[count / 2] << 4 | (digit - digits));
		count++;
	}
	cr_assert_eq(count % 2, 0, "%s: half a byte", s->what);
	*len = count / 2;
	return bytes;
}

struct packet sample_packet(const struct sample *s, uint32_t cap, uint32_t len)
{
	return (struct packet){ .linktype = s->linktype, .cap = cap, .len = len, .flow = UINT32_MAX };
}

uint8_t *exactly(const uint8_t *bytes, uint32_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	memcpy(copy, bytes, len);
	return copy;
}

void expect_fields(const struct sample_field *fields)
{
	struct tree *tree = malloc(sizeof *tree);

	for (; fields->what; fields++) {
		const struct sample *s = sample_find(fields->what);
		const char *value = NULL;
		uint32_t len;
		uint8_t *bytes = sample_bytes(s, &len);
		struct packet p = sample_packet(s, len, len);

		decode_summary(&p, bytes);
		decode_tree(&p, bytes, tree);
		for (unsigned k = 0; k < tree->count && !value; k++)
			if (!strcmp(tree->nodes[k].name, fields->name))
				value = tree_text(tree, tree->nodes[k].value);
		cr_assert_not_null(value, "%s: no %s", s->what, fields->name);
		cr_expect_str_eq(value, fields->value, "%s: %s is %s", s->what, fields->name, value);
		free(bytes);
	}
	free(tree);
}
