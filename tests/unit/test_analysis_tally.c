/* Totals by protocol and by address. */
#include "analysis/tally.h"
#include "decode/proto.h"

#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static struct packet packet(uint8_t from, uint8_t to, uint32_t len, const char *layers)
{
	static const struct {
		char letter;
		uint8_t proto;
	} names[] = { { 'e', PROTO_ETHERNET }, { '4', PROTO_IPV4 }, { '6', PROTO_IPV6 },
		      { 't', PROTO_TCP },      { 'u', PROTO_UDP },  { 'a', PROTO_ARP } };
	struct packet p = { .number = 1,
			    .at_ns = 5,
			    .len = len,
			    .family = AF_INET,
			    .ip_proto = IPPROTO_UDP,
			    .has_ports = true,
			    .sport = from,
			    .dport = to,
			    .src = { from },
			    .dst = { to } };

	for (; *layers; layers++)
		for (size_t i = 0; i < sizeof names / sizeof *names; i++)
			if (names[i].letter == *layers)
				p.layers[p.layer_count++] = names[i].proto;
	return p;
}

static const struct tally_node *node(const struct tally *t, unsigned parent, uint8_t proto)
{
	for (unsigned i = t->nodes[parent].child; i; i = t->nodes[i].next)
		if (t->nodes[i].proto == proto)
			return &t->nodes[i];
	return NULL;
}

Test(tally, layers)
{
	static struct tally t;
	struct packet p[] = { packet(1, 2, 100, "e4t"), packet(1, 2, 50, "e4u"), packet(1, 2, 60, "ea"),
			      packet(1, 2, 10, "4u") };
	const struct tally_node *ethernet, *ip;

	tally_init(&t);
	p[1].status = PACKET_MALFORMED;
	p[2].status = PACKET_TRUNCATED;
	p[0].analysis = FOUND(RETRANSMISSION) | FOUND(FAST_RETRANSMISSION);
	p[3].at_ns = 3;
	for (size_t i = 0; i < 4; i++)
		tally_add(&t, &p[i]);
	cr_expect_eq(t.nodes[0].packets, 4);
	cr_expect_eq(t.nodes[0].bytes, 220);
	ethernet = node(&t, 0, PROTO_ETHERNET);
	cr_assert(ethernet && ethernet->packets == 3 && ethernet->bytes == 210);
	ip = node(&t, (unsigned)(ethernet - t.nodes), PROTO_IPV4);
	cr_assert(ip && ip->packets == 2 && ip->bytes == 150);
	cr_assert(node(&t, 0, PROTO_IPV4) && node(&t, 0, PROTO_IPV4)->packets == 1);
	cr_expect_eq(t.malformed, 1);
	cr_expect_eq(t.truncated, 1);
	cr_expect_eq(t.found[FINDING_RETRANSMISSION], 1);
	cr_expect_eq(t.found[FINDING_RST], 0);
	cr_expect_eq(t.first_ns, 3);
	cr_expect_eq(t.last_ns, 5);
}

/* Packets made up to have every order of layers fill the tree, and no more than that. */
Test(tally, bounded)
{
	static struct tally t;

	tally_init(&t);
	for (unsigned i = 0; i < 5000; i++) {
		struct packet p = { .len = 1, .layer_count = PACKET_LAYERS };

		for (unsigned k = 0; k < PACKET_LAYERS; k++)
			p.layers[k] = (uint8_t)(1 + (i >> k) % 7);
		tally_add(&t, &p);
		cr_assert_leq(t.count, TALLY_NODES);
	}
	cr_expect_eq(t.nodes[0].packets, 5000);
}

Test(tally, addresses)
{
	struct tally_address *a;
	struct flow_table t;
	uint64_t left_out;
	size_t count;

	flow_table_init(&t, 10000);
	for (unsigned i = 0; i < 3000; i++) { /* one talks with many, and they answer */
		struct packet p = packet(1, 2, 10, "4u"), back = packet(2, 1, 3, "4u");

		p.dst[1] = back.src[1] = (uint8_t)i;
		p.dst[2] = back.src[2] = (uint8_t)(i >> 8);
		flow_table_add(&t, &p, NULL);
		flow_table_add(&t, &back, NULL);
	}
	a = tally_addresses(&t, &count, &left_out);
	cr_expect_eq(count, 3001);
	cr_expect_eq(left_out, 0);
	cr_expect_eq(a[0].ip[0], 1, "the most bytes first");
	cr_expect_eq(a[0].flows, 3000);
	cr_expect_eq(a[0].bytes[0], 30000);
	cr_expect_eq(a[0].bytes[1], 9000);
	cr_expect_eq(a[1].packets[0], 1);
	cr_expect_eq(a[1].bytes[1], 10);
	free(a);
	flow_table_done(&t);
	flow_table_init(&t, 10);
	a = tally_addresses(&t, &count, &left_out);
	cr_expect_eq(count, 0);
	free(a);
	flow_table_done(&t);
}
