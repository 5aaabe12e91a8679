/* The tree: names and values as Wireshark has them, verdicts on checksums, and words for all. */
#include "test_decode_help.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct {
	const char *what, *name, *value;
} fields[] = {
	{ "tcp syn", "eth.dst", "02:00:00:00:00:02" },
	{ "tcp syn", "eth.src", "02:00:00:00:00:01" },
	{ "tcp syn", "eth.type", "0x0800" },
	{ "tcp syn", "ip.version", "4" },
	{ "tcp syn", "ip.hdr_len", "20" },
	{ "tcp syn", "ip.dsfield", "0x00" },
	{ "tcp syn", "ip.len", "60" },
	{ "tcp syn", "ip.id", "0x0001" },
	{ "tcp syn", "ip.flags", "0x02" },
	{ "tcp syn", "ip.flags.df", "1" },
	{ "tcp syn", "ip.frag_offset", "0" },
	{ "tcp syn", "ip.ttl", "64" },
	{ "tcp syn", "ip.proto", "6" },
	{ "tcp syn", "ip.checksum", "0x0000" },
	{ "tcp syn", "ip.src", "10.0.0.1" },
	{ "tcp syn", "ip.dst", "10.0.0.2" },
	{ "tcp syn", "tcp.srcport", "40000" },
	{ "tcp syn", "tcp.dstport", "80" },
	{ "tcp syn", "tcp.seq_raw", "100" },
	{ "tcp syn", "tcp.hdr_len", "40" },
	{ "tcp syn", "tcp.flags", "0x0002" },
	{ "tcp syn", "tcp.flags.syn", "1" },
	{ "tcp syn", "tcp.flags.ack", "0" },
	{ "tcp syn", "tcp.window_size_value", "64240" },
	{ "tcp syn", "tcp.urgent_pointer", "0" },
	{ "tcp syn", "tcp.option_kind", "2" },
	{ "tcp syn", "tcp.option_len", "4" },
	{ "tcp syn", "tcp.options.mss_val", "1460" },
	{ "tcp syn", "tcp.options.wscale.shift", "7" },
	{ "tcp syn", "tcp.options.wscale.multiplier", "128" },
	{ "tcp syn", "tcp.options.timestamp.tsval", "1" },
	{ "tcp syn", "tcp.options.timestamp.tsecr", "0" },
	{ "tcp syn", "tcp.len", "0" },
	{ "tcp with data and padding", "eth.padding", "00000000" },
	{ "tcp with data and padding", "data.data", "6869" },
	{ "tcp sack", "tcp.options.sack_le", "10" },
	{ "tcp sack", "tcp.options.sack_re", "20" },
	{ "tcp sack", "tcp.options.sack.count", "1" },
	{ "tcp md5 and user timeout", "tcp.options.md5.digest", "000102030405060708090a0b0c0d0e0f" },
	{ "tcp md5 and user timeout", "tcp.options.user_to_granularity", "1" },
	{ "tcp md5 and user timeout", "tcp.options.user_to_val", "5" },
	{ "tcp fast open, multipath, accurate ecn", "tcp.options.tfo.cookie", "01020304" },
	{ "tcp fast open, multipath, accurate ecn", "tcp.options.mptcp.subtype", "0" },
	{ "tcp fast open, multipath, accurate ecn", "tcp.options.acc_ecn.ee1b", "1" },
	{ "tcp fast open, multipath, accurate ecn", "tcp.options.acc_ecn.eceb", "2" },
	{ "tcp fast open, multipath, accurate ecn", "tcp.flags.ae", "1" },
	{ "tcp authentication", "tcp.options.ao.keyid", "1" },
	{ "tcp authentication", "tcp.options.ao.mac", "abcd" },
	{ "tcp over ipv6, cooked v2", "sll.ifindex", "3" },
	{ "tcp over ipv6, cooked v2", "sll.etype", "0x86dd" },
	{ "tcp over ipv6, cooked v2", "ipv6.tclass", "0x00000000" },
	{ "tcp over ipv6, cooked v2", "ipv6.flow", "0x000000" },
	{ "tcp over ipv6, cooked v2", "ipv6.plen", "20" },
	{ "tcp over ipv6, cooked v2", "ipv6.nxt", "6" },
	{ "tcp over ipv6, cooked v2", "ipv6.hlim", "64" },
	{ "tcp over ipv6, cooked v2", "ipv6.src", "fd00::1" },
	{ "cooked v1", "sll.src.eth", "00:00:00:00:00:00" },
	{ "cooked v1", "sll.unused", "0000" },
	{ "cooked netlink", "sll.ltype", "0x0800" },
	{ "null, little-endian", "null.family", "2" },
	{ "udp", "udp.srcport", "54321" },
	{ "udp", "udp.length", "13" },
	{ "udp", "udp.checksum.status", "3" },
	{ "udp", "data.data", "68656c6c6f" },
	{ "udp with a right checksum", "udp.checksum.status", "1" },
	{ "vlan in vlan", "ieee8021ad.id", "100" },
	{ "vlan in vlan", "vlan.id", "101" },
	{ "vlan in vlan", "vlan.priority", "1" },
	{ "802.3 length", "eth.len", "3" },
	{ "arp request", "arp.opcode", "1" },
	{ "arp request", "arp.src.hw_mac", "02:00:00:00:00:01" },
	{ "arp request", "arp.src.proto_ipv4", "10.0.0.1" },
	{ "arp request", "arp.dst.proto_ipv4", "10.0.0.2" },
	{ "arp of one-byte hardware", "arp.src.hw", "01" },
	{ "arp of one-byte hardware", "arp.dst.proto_ipv4", "10.0.0.2" },
	{ "icmp echo", "icmp.type", "8" },
	{ "icmp echo", "icmp.checksum.status", "1" },
	{ "icmp echo", "icmp.ident", "1" },
	{ "icmp echo", "icmp.seq", "1" },
	{ "icmp port unreachable", "icmp.code", "3" },
	{ "icmp port unreachable", "udp.dstport", "53" },
	{ "icmp fragmentation needed", "icmp.mtu", "1400" },
	{ "icmp fragmentation needed", "tcp.seq_raw", "101" },
	{ "icmp redirect", "icmp.redir_gw", "10.0.0.254" },
	{ "icmp timestamp", "icmp.originate_timestamp", "3" },
	{ "icmpv6 echo reply", "icmpv6.type", "129" },
	{ "icmpv6 echo reply", "icmpv6.echo.identifier", "0x0002" },
	{ "icmpv6 packet too big", "icmpv6.mtu", "1280" },
	{ "neighbour solicitation", "icmpv6.nd.ns.target_address", "fd00::2" },
	{ "neighbour solicitation", "icmpv6.opt.src_linkaddr", "02:00:00:00:00:01" },
	{ "neighbour advertisement", "icmpv6.nd.na.flag.s", "1" },
	{ "neighbour advertisement", "icmpv6.opt.target_linkaddr", "02:00:00:00:00:02" },
	{ "router advertisement", "icmpv6.nd.ra.flag", "0xc0" },
	{ "router advertisement", "icmpv6.nd.ra.router_lifetime", "1800" },
	{ "router advertisement", "icmpv6.opt.mtu", "1500" },
	{ "router advertisement", "icmpv6.opt.prefix.length", "64" },
	{ "router advertisement", "icmpv6.opt.prefix", "fd00::" },
	{ "router advertisement", "icmpv6.opt.rdnss", "fd00::53" },
	{ "multicast report", "icmpv6.mldr.mar.multicast_address", "ff02::1" },
	{ "multicast report", "ipv6.opt.router_alert", "0" },
	{ "multicast query", "icmpv6.mld.maximum_response_code", "10000" },
	{ "ipv6 hop-by-hop and destination options", "ipv6.hopopts.nxt", "60" },
	{ "ipv6 hop-by-hop and destination options", "ipv6.dstopts.len", "0" },
	{ "ipv6 hop-by-hop and destination options", "ipv6.opt.type", "0x01" },
	{ "ipv6 routing and authentication", "ipv6.routing.segleft", "1" },
	{ "ipv6 routing and authentication", "ah.spi", "0x00000007" },
	{ "ipv6 routing and authentication", "ah.icv", "0a0b0c0d" },
	{ "ipv6 mobility", "mip6.mhtype", "5" },
	{ "ipv6 jumbogram", "ipv6.opt.jumbo", "70000" },
	{ "ipv6 fragment, not the first", "ipv6.fraghdr.offset", "1" },
	{ "ipv6 fragment, not the first", "ipv6.fraghdr.more", "1" },
	{ "ipv4 fragment, not the first", "ip.frag_offset", "3" },
	{ "ipv4 router alert", "ip.opt.type", "148" },
	{ "ipv4 router alert", "ip.opt.ra", "0" },
	{ "ipv4 record route and time stamp", "ip.rec_rt", "10.0.0.9" },
	{ "ipv4 record route and time stamp", "ip.empty_rt", "0.0.0.0" },
	{ "ipv4 record route and time stamp", "ip.opt.time_stamp", "7" },
	{ "ip version", "ip.version", "5" },
};

static const struct tree_node *node_of(const struct tree *t, const char *name)
{
	for (unsigned i = 0; i < t->count; i++)
		if (!strcmp(t->nodes[i].name, name))
			return &t->nodes[i];
	return NULL;
}

/* The sample's tree, to be freed. */
static struct tree *tree_of(const struct sample *s, uint32_t *len)
{
	struct tree *tree = malloc(sizeof *tree);
	uint8_t *bytes = sample_bytes(s, len);
	struct packet p = sample_packet(s, *len, *len);

	decode_summary(&p, bytes);
	decode_tree(&p, bytes, tree);
	free(bytes);
	return tree;
}

Test(decode_tree, values_as_wireshark_prints_them)
{
	for (size_t i = 0; i < COUNT(fields); i++) {
		uint32_t len;
		struct tree *tree = tree_of(sample_find(fields[i].what), &len);
		const struct tree_node *n = node_of(tree, fields[i].name);

		cr_assert_not_null(n, "%s: no %s", fields[i].what, fields[i].name);
		cr_expect_str_eq(tree_text(tree, n->value), fields[i].value, "%s: %s is %s", fields[i].what,
				 fields[i].name, tree_text(tree, n->value));
		free(tree);
	}
}

Test(decode_tree, every_line_has_its_words_and_its_place)
{
	for (unsigned k = 0; sample_at(k); k++) {
		const struct sample *s = sample_at(k);
		uint32_t len;
		struct tree *tree = tree_of(s, &len);

		cr_expect(!tree->cut, "%s", s->what);
		cr_expect_gt(tree->count, 0);
		for (unsigned i = 0; i < tree->count; i++) {
			const struct tree_node *n = &tree->nodes[i];

			cr_expect(n->name && n->label && n->help, "%s: line %u, %s", s->what, i,
				  n->name ? n->name : "");
			cr_expect(n->label && *n->label && n->depth <= 4, "%s: %s", s->what, n->name);
			if (s->status == PACKET_WHOLE)
				cr_expect_leq(n->offset + n->len, len, "%s: %s", s->what, n->name);
		}
		cr_expect_eq(tree->nodes[0].depth, 0, "%s", s->what);
		free(tree);
	}
}

Test(decode_tree, padding_stands_with_its_header)
{
	uint32_t len;
	struct tree *tree = tree_of(sample_find("tcp with data and padding"), &len);
	const struct tree_node *padding = node_of(tree, "eth.padding"), *ip = node_of(tree, "ip");

	cr_assert(padding && ip);
	cr_expect_lt(padding, ip);
	cr_expect_eq(padding->depth, 1);
	cr_expect_eq(padding->offset, len - 4);
	free(tree);
}

Test(decode_tree, verdicts_on_checksums)
{
	static const struct {
		const char *checksum, *value, *words;
	} cases[] = {
		{ "af07", "1", "correct" },
		{ "af08", "0", "incorrect (offloaded?)" },
		/* the sum of the pseudo-header alone: what is left there for the network card */
		{ "141e", "2", "not filled in yet (offloaded)" },
		{ "0000", "3", "none: the sender left it out" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sample s = *sample_find("udp with a right checksum");
		const struct tree_node *n;
		struct tree *tree;
		char hex[256];
		uint32_t len;

		cr_assert_lt(strlen(s.hex), sizeof hex);
		memcpy(hex, s.hex, strlen(s.hex) + 1);
		memcpy(strstr(hex, "af07"), cases[i].checksum, 4);
		s.hex = hex;
		tree = tree_of(&s, &len);
		n = node_of(tree, "udp.checksum.status");
		cr_assert_not_null(n);
		cr_expect_str_eq(tree_text(tree, n->value), cases[i].value, "%s", cases[i].checksum);
		cr_expect_str_eq(tree_text(tree, n->meaning), cases[i].words, "%s", cases[i].checksum);
		free(tree);
	}
}

Test(decode_tree, what_does_not_fit_is_cut)
{
	enum { OPTIONS = 8192 };
	struct tree *tree = malloc(sizeof *tree);
	uint8_t *bytes = calloc(1, 48 + OPTIONS);
	struct packet p = { .linktype = 229, .cap = 48 + OPTIONS, .len = 48 + OPTIONS };

	/* destination options, each as long as its header: more lines than a tree has */
	bytes[0] = 0x60;
	bytes[4] = (8 + OPTIONS) >> 8;
	bytes[5] = 8;
	bytes[6] = 60;
	for (uint32_t at = 40; at < p.cap; at += 8) {
		bytes[at] = at + 8 < p.cap ? 60 : 59;
		bytes[at + 2] = 1;
		bytes[at + 3] = 4;
	}
	decode_summary(&p, bytes);
	cr_expect_eq(p.status, PACKET_WHOLE, "%s", p.note);
	decode_tree(&p, bytes, tree);
	cr_expect(tree->cut);
	cr_expect_eq(tree->count, TREE_NODES);
	free(bytes);
	free(tree);
}
