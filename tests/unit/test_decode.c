#include "decode/decode.h"

#include "decode/route.h"
#include "util/buf.h"

#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Packets written from the RFCs, as hexadecimal; blanks are for the reader. */
#define ETH "020000000002 020000000001 "
#define IP4(len, proto) "4500" len "0001 4000 40" proto "0000 0a000001 0a000002 "
#define IP6(len, next) "60000000" len next "40 fd000000000000000000000000000001 fd000000000000000000000000000002 "
#define SYN "9c40 0050 00000064 00000000 a002 faf0 0000 0000 020405b4 0402 080a 00000001 00000000 01 030307 "

static const struct sample {
	const char *what;
	uint16_t linktype;
	const char *hex;
	const char *layers, *info;
	uint8_t status;
} samples[] = {
	{ "tcp syn", 1, ETH "0800" IP4("003c", "06") SYN, "ethernet ipv4 tcp",
	  "40000 → 80 [S] seq=100 win=64240 mss=1460 wscale=7 sackOK ts", PACKET_WHOLE },
	{ "tcp with data and padding", 1,
	  ETH "0800" IP4("002a", "06") "9c40 0050 00000065 00000001 5018 0100 0000 0000 6869 00000000", "ethernet ipv4 tcp data",
	  "40000 → 80 [P.] seq=101 ack=1 win=256 len=2", PACKET_WHOLE },
	{ "tcp over ipv6, cooked v2", 276, "86dd 0000 00000001 0304 00 06 0000000000000000" IP6("0014", "06")
	  "9c40 0050 00000065 00000001 5011 0100 0000 0000", "sll2 ipv6 tcp",
	  "40000 → 80 [F.] seq=101 ack=1 win=256", PACKET_WHOLE },
	{ "tcp sack", 1, ETH "0800" IP4("0034", "06") "9c40 0050 00000065 00000001 8010 0100 0000 0000 01 01 05 0a 0000000a 00000014",
	  "ethernet ipv4 tcp", "40000 → 80 [.] seq=101 ack=1 win=256 sack=10-20", PACKET_WHOLE },
	{ "udp", 1, ETH "0800" IP4("0021", "11") "d431 0035 000d 0000 68656c6c6f", "ethernet ipv4 udp data",
	  "54321 → 53 len=5", PACKET_WHOLE },
	{ "udp without data", 1, ETH "0800" IP4("001c", "11") "d431 0035 0008 0000", "ethernet ipv4 udp",
	  "54321 → 53 len=0", PACKET_WHOLE },
	{ "vlan in vlan", 1, ETH "88a8 0064 8100 2065 0800" IP4("001c", "11") "d431 0035 0008 0000",
	  "ethernet vlan vlan ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "cooked v1", 113, "0004 0304 0006 0000000000000000 0800" IP4("001c", "11") "d431 0035 0008 0000",
	  "sll ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "null, little-endian", 0, "02000000" IP4("001c", "11") "d431 0035 0008 0000", "null ipv4 udp",
	  "54321 → 53 len=0", PACKET_WHOLE },
	{ "null, big-endian", 0, "0000001e" IP6("0008", "11") "d431 0035 0008 0000", "null ipv6 udp",
	  "54321 → 53 len=0", PACKET_WHOLE },
	{ "raw ip", 101, IP4("001c", "11") "d431 0035 0008 0000", "raw ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "raw ipv6", 229, IP6("0008", "11") "d431 0035 0008 0000", "ipv6 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "arp request", 1, ETH "0806 0001 0800 0604 0001 020000000001 0a000001 000000000000 0a000002", "ethernet arp",
	  "who has 10.0.0.2? tell 10.0.0.1", PACKET_WHOLE },
	{ "arp reply", 1, ETH "0806 0001 0800 0604 0002 020000000002 0a000002 020000000001 0a000001", "ethernet arp",
	  "10.0.0.2 is at 02:00:00:00:00:02", PACKET_WHOLE },
	{ "icmp echo", 1, ETH "0800" IP4("001c", "01") "0800 f7fd 0001 0001", "ethernet ipv4 icmp",
	  "echo request id=1 seq=1", PACKET_WHOLE },
	{ "icmp port unreachable", 1, ETH "0800" IP4("0038", "01") "0303 0000 00000000" IP4("0021", "11") "d431 0035 000d 0000",
	  "ethernet ipv4 icmp ipv4 udp", "destination unreachable (port unreachable)", PACKET_WHOLE },
	{ "icmpv6 echo reply", 1, ETH "86dd" IP6("0008", "3a") "8100 0000 0002 0003", "ethernet ipv6 icmpv6",
	  "echo reply id=2 seq=3", PACKET_WHOLE },
	{ "neighbour solicitation", 1, ETH "86dd" IP6("0020", "3a")
	  "8700 0000 00000000 fd000000000000000000000000000002 0101 020000000001", "ethernet ipv6 icmpv6",
	  "neighbour solicitation", PACKET_WHOLE },
	{ "ipv6 hop-by-hop and destination options", 1, ETH "86dd" IP6("0018", "00") "3c00 0104 00000000 1100 0104 00000000"
	  "d431 0035 0008 0000", "ethernet ipv6 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "ipv6 fragment, not the first", 1, ETH "86dd" IP6("0010", "2c") "1100 0009 00000001 0102030405060708",
	  "ethernet ipv6 data", "protocol 17 len=70 (fragment)", PACKET_WHOLE },
	{ "ipv4 fragment, not the first", 1, ETH "0800 4500001c 0001 0003 4011 0000 0a000001 0a000002 0102030405060708",
	  "ethernet ipv4 data", "protocol 17 len=42 (fragment)", PACKET_WHOLE },
	{ "ipv4 with options", 1, ETH "0800 4600 0020 0001 4000 4011 0000 0a000001 0a000002 94040000 d431 0035 0008 0000",
	  "ethernet ipv4 udp", "54321 → 53 len=0", PACKET_WHOLE },
	{ "ip in ip", 1, ETH "0800" IP4("0030", "04") IP4("001c", "11") "d431 0035 0008 0000", "ethernet ipv4 ipv4 udp",
	  "protocol 4 len=62", PACKET_WHOLE },
	{ "tso: total length 0", 1, ETH "0800" IP4("0000", "06") "9c40 0050 00000065 00000001 5018 0100 0000 0000 6869",
	  "ethernet ipv4 tcp data", "40000 → 80 [P.] seq=101 ack=1 win=256 len=2", PACKET_WHOLE },
	{ "802.3 length", 1, ETH "0003 424203 00000000", "ethernet data", "ethernet len=21", PACKET_WHOLE },
	{ "unknown link type", 147, "0102", "data", "unknown link type len=2", PACKET_WHOLE },
	/* packets that break a rule */
	{ "ip version", 228, "5500 001c 0001 4000 4011 0000 0a000001 0a000002 d431 0035 0008 0000", "ipv4", NULL,
	  PACKET_MALFORMED },
	{ "ip header length", 228, "4400 001c 0001 4000 4011 0000 0a000001 0a000002 d431 0035 0008 0000", "ipv4", NULL,
	  PACKET_MALFORMED },
	{ "ip total length too long", 228, IP4("0040", "11") "d431 0035 0008 0000", "ipv4 udp", NULL, PACKET_MALFORMED },
	{ "tcp header length", 228, IP4("0028", "06") "9c40 0050 00000065 00000001 4018 0100 0000 0000", "ipv4 tcp", NULL,
	  PACKET_MALFORMED },
	{ "tcp header longer than the packet", 228, IP4("0028", "06") "9c40 0050 00000065 00000001 f018 0100 0000 0000",
	  "ipv4 tcp", NULL, PACKET_MALFORMED },
	{ "tcp option of length 0", 228, IP4("002c", "06") "9c40 0050 00000065 00000001 6018 0100 0000 0000 08000000",
	  "ipv4 tcp", NULL, PACKET_MALFORMED },
	{ "udp length below 8", 228, IP4("001c", "11") "d431 0035 0007 0000", "ipv4 udp", NULL, PACKET_MALFORMED },
	{ "nd option of length 0", 229, IP6("0020", "3a") "8700 0000 00000000 fd000000000000000000000000000002 0100 020000000001",
	  "ipv6 icmpv6", NULL, PACKET_MALFORMED },
};

enum { SAMPLES = sizeof samples / sizeof *samples };

static uint8_t *bytes_of(const char *hex, uint32_t *len)
{
	uint8_t *bytes = malloc(strlen(hex) / 2 + 1);
	int high = -1;

	*len = 0;
	for (; *hex; hex++) {
		int digit = *hex >= '0' && *hex <= '9' ? *hex - '0' : *hex >= 'a' && *hex <= 'f' ? *hex - 'a' + 10 : -1;

		if (digit < 0)
			continue;
		if (high < 0) {
			high = digit;
		} else {
			bytes[(*len)++] = (uint8_t)(high << 4 | digit);
			high = -1;
		}
	}
	return bytes;
}

static struct packet packet_of(const struct sample *s, uint32_t cap, uint32_t len)
{
	return (struct packet){ .linktype = s->linktype, .cap = cap, .len = len, .flow = UINT32_MAX };
}

static void join_layers(const struct packet *p, char *out)
{
	*out = '\0';
	for (unsigned i = 0; i < p->layer_count; i++)
		sprintf(out + strlen(out), "%s%s", i ? " " : "", proto_name(p->layers[i]));
}

Test(decode, samples)
{
	const struct packet_base base = { .wscale = -1 };

	for (size_t i = 0; i < SAMPLES; i++) {
		const struct sample *s = &samples[i];
		uint32_t len;
		uint8_t *bytes = bytes_of(s->hex, &len);
		struct packet p = packet_of(s, len, len);
		struct buf info = { 0 };
		char layers[256];

		decode_summary(&p, bytes);
		join_layers(&p, layers);
		cr_expect_str_eq(layers, s->layers, "%s: %s", s->what, layers);
		cr_expect_eq(p.status, s->status, "%s: %d %s", s->what, p.status, p.note ? p.note : "");
		cr_expect_eq(p.note != NULL, s->status == PACKET_MALFORMED, "%s", s->what);
		decode_info(&p, bytes, &base, &info);
		if (s->info)
			cr_expect_str_eq(buf_text(&info), s->info, "%s: %s", s->what, buf_text(&info));
		else
			cr_expect(strstr(buf_text(&info), "malformed: "), "%s: %s", s->what, buf_text(&info));
		buf_done(&info);
		free(bytes);
	}
}

/* Every packet cut at every length, in a buffer of exactly that size. What only our snapshot cut is never the packet's
 * fault; what the wire itself cut is. */
Test(decode, cut_at_every_length)
{
	struct tree *tree = malloc(sizeof *tree);
	const struct packet_base base = { .wscale = 7, .ascii = true };

	for (size_t i = 0; i < SAMPLES; i++) {
		uint32_t len;
		uint8_t *bytes = bytes_of(samples[i].hex, &len);

		for (uint32_t cap = 0; cap <= len; cap++) {
			uint8_t *exact = malloc(cap ? cap : 1);
			struct packet ours = packet_of(&samples[i], cap, len), theirs = packet_of(&samples[i], cap, cap);
			struct buf info = { 0 };

			memcpy(exact, bytes, cap);
			decode_summary(&ours, exact);
			if (samples[i].status == PACKET_WHOLE)
				cr_expect_neq(ours.status, PACKET_MALFORMED, "%s at %u: %s", samples[i].what, cap, ours.note);
			if (cap < len)
				cr_expect_neq(ours.status, PACKET_WHOLE, "%s at %u", samples[i].what, cap);
			decode_tree(&ours, exact, tree);
			decode_info(&ours, exact, &base, &info);
			decode_summary(&theirs, exact);
			decode_tree(&theirs, exact, tree);
			cr_expect_leq(packet_payload_kept(&ours), cap);
			for (unsigned n = 0; n < tree->count; n++)
				cr_expect_leq(tree->nodes[n].offset, cap);
			buf_done(&info);
			free(exact);
		}
		free(bytes);
	}
	free(tree);
}

static const struct {
	size_t sample;
	const char *name, *value;
} fields[] = {
	{ 0, "eth.src", "02:00:00:00:00:01" }, { 0, "eth.type", "0x0800" }, { 0, "ip.src", "10.0.0.1" },
	{ 0, "ip.dst", "10.0.0.2" }, { 0, "ip.hdr_len", "20" }, { 0, "ip.len", "60" }, { 0, "ip.ttl", "64" },
	{ 0, "ip.flags.df", "1" }, { 0, "ip.proto", "6" }, { 0, "tcp.srcport", "40000" }, { 0, "tcp.dstport", "80" },
	{ 0, "tcp.seq_raw", "100" }, { 0, "tcp.hdr_len", "40" }, { 0, "tcp.flags", "0x002" }, { 0, "tcp.flags.syn", "1" },
	{ 0, "tcp.flags.ack", "0" }, { 0, "tcp.window_size_value", "64240" }, { 0, "tcp.options.mss_val", "1460" },
	{ 0, "tcp.options.wscale.shift", "7" }, { 0, "tcp.options.timestamp.tsval", "1" },
	{ 2, "ipv6.src", "fd00::1" }, { 2, "ipv6.hlim", "64" }, { 2, "ipv6.plen", "20" }, { 2, "ipv6.nxt", "6" },
	{ 4, "udp.length", "13" }, { 4, "udp.srcport", "54321" }, { 4, "data.data", "68656c6c6f" },
	{ 6, "vlan.id", "100" }, { 12, "arp.opcode", "1" }, { 12, "arp.src.proto_ipv4", "10.0.0.1" },
	{ 14, "icmp.type", "8" }, { 14, "icmp.seq", "1" }, { 16, "icmpv6.type", "129" },
	{ 17, "icmpv6.nd.ns.target_address", "fd00::2" },
};

static const struct tree_node *node_of(const struct tree *t, const char *name)
{
	for (unsigned i = 0; i < t->count; i++)
		if (!strcmp(t->nodes[i].name, name))
			return &t->nodes[i];
	return NULL;
}

Test(decode, fields)
{
	struct tree *tree = malloc(sizeof *tree);

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		const struct sample *s = &samples[fields[i].sample];
		uint32_t len;
		uint8_t *bytes = bytes_of(s->hex, &len);
		struct packet p = packet_of(s, len, len);
		const struct tree_node *n;

		decode_summary(&p, bytes);
		decode_tree(&p, bytes, tree);
		n = node_of(tree, fields[i].name);
		cr_assert_not_null(n, "%s: no %s", s->what, fields[i].name);
		cr_expect_str_eq(tree_text(tree, n->value), fields[i].value, "%s: %s is %s", s->what, fields[i].name,
				 tree_text(tree, n->value));
		cr_expect_leq(n->offset + n->len, len);
		free(bytes);
	}
	free(tree);
}

Test(decode, the_icmp_echo_of_the_guide_has_a_right_checksum)
{
	struct tree *tree = malloc(sizeof *tree);
	uint32_t len;
	uint8_t *bytes = bytes_of(samples[14].hex, &len);
	uint32_t sum = 0;

	for (uint32_t i = 34; i < 42; i += 2)
		sum += (uint32_t)(bytes[i] << 8 | bytes[i + 1]);
	cr_expect_eq(sum, 0xffff);
	free(bytes);
	free(tree);
}

Test(decode, relative_numbers_and_scaled_windows)
{
	const struct packet_base base = { .has_seq = true, .seq = 100, .has_ack = true, .ack = 0xffffffff, .wscale = 7,
					  .ascii = true };
	struct packet p = { .ip_proto = IPPROTO_TCP, .family = AF_INET, .has_ports = true, .sport = 1, .dport = 2,
			    .tcp_seq = 101, .tcp_ack = 1, .tcp_flags = TCP_FLAG_ACK, .tcp_window = 10 };
	struct buf info = { 0 };

	decode_info(&p, NULL, &base, &info);
	cr_expect_str_eq(info.data, "1 -> 2 [.] seq=1 ack=2 win=1280");
	buf_done(&info);
}

Test(decode, tables)
{
	for (int i = 0; i < PROTO_COUNT; i++) {
		cr_expect(protos[i].name && protos[i].title && protos[i].filter && protos[i].decode, "row %d", i);
		for (int k = 0; k < i; k++)
			cr_expect_str_neq(protos[i].name, protos[k].name);
	}
	cr_expect_str_eq(proto_name(255), "none");
	cr_expect_eq(route_find(linktype_routes, 1), PROTO_ETHERNET);
	cr_expect_eq(route_find(ip_routes, 250), PROTO_DATA);
	cr_expect_str_eq(linktype_name(276), "LINUX_SLL2");
	cr_expect_null(linktype_name(9999));
}
