/* Packets through the decoder: what it makes of whole ones and of such that were cut. */
#include "test_decode_help.h"

#include "decode/route.h"
#include "util/buf.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void join_layers(const struct packet *p, char *out)
{
	*out = '\0';
	for (unsigned i = 0; i < p->layer_count; i++)
		sprintf(out + strlen(out), "%s%s", i ? " " : "", proto_name(p->layers[i]));
}

Test(decode, samples)
{
	const struct packet_base base = { .wscale = -1 };

	for (unsigned k = 0; sample_at(k); k++) {
		const struct sample *s = sample_at(k);
		uint32_t len;
		uint8_t *bytes = sample_bytes(s, &len);
		struct packet p = sample_packet(s, len, len);
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
			cr_expect(strstr(buf_text(&info), " [malformed: "), "%s: %s", s->what, buf_text(&info));
		buf_done(&info);
		free(bytes);
	}
}

/* All that can be asked of a packet, in a buffer of exactly its size. */
static void ask_everything(struct packet *p, const uint8_t *bytes, struct tree *tree)
{
	const struct packet_base base = { .wscale = 7, .ascii = true };
	uint8_t *exact = exactly(bytes, p->cap);
	struct buf info = { 0 };

	decode_summary(p, exact);
	decode_tree(p, exact, tree);
	for (unsigned n = 0; n < tree->count; n++)
		cr_expect_leq(tree->nodes[n].offset, p->cap);
	cr_expect_leq(packet_payload_kept(p), p->cap);
	decode_info(p, exact, &base, &info);
	decode_info(p, NULL, &base, &info);
	buf_done(&info);
	free(exact);
}

/* What only our snapshot cut is never the packet's fault; what the wire itself cut may be. */
Test(decode, cut_at_every_length)
{
	struct tree *tree = malloc(sizeof *tree);

	for (unsigned k = 0; sample_at(k); k++) {
		const struct sample *s = sample_at(k);
		uint32_t len;
		uint8_t *bytes = sample_bytes(s, &len);

		for (uint32_t cap = 0; cap <= len; cap++) {
			struct packet ours = sample_packet(s, cap, len);
			struct packet theirs = sample_packet(s, cap, cap);

			ask_everything(&ours, bytes, tree);
			if (s->status == PACKET_WHOLE)
				cr_expect_neq(ours.status, PACKET_MALFORMED, "%s at %u: %s", s->what, cap, ours.note);
			if (cap < len)
				cr_expect_neq(ours.status, PACKET_WHOLE, "%s at %u", s->what, cap);
			ask_everything(&theirs, bytes, tree);
			cr_expect_neq(theirs.status, PACKET_TRUNCATED, "%s at %u", s->what, cap);
		}
		free(bytes);
	}
	free(tree);
}

/* Every byte of every sample set to what breaks lengths and counts. */
Test(decode, one_byte_wrong)
{
	static const uint8_t wrong[] = { 0, 1, 0x0f, 0x7f, 0x80, 0xf0, 0xff };
	struct tree *tree = malloc(sizeof *tree);

	for (unsigned k = 0; sample_at(k); k++) {
		const struct sample *s = sample_at(k);
		uint32_t len;
		uint8_t *bytes = sample_bytes(s, &len);

		for (uint32_t at = 0; at < len; at++) {
			uint8_t right = bytes[at];

			for (size_t i = 0; i < COUNT(wrong); i++) {
				struct packet p = sample_packet(s, len, len);

				bytes[at] = wrong[i];
				ask_everything(&p, bytes, tree);
			}
			bytes[at] = right;
		}
		free(bytes);
	}
	free(tree);
}

Test(decode, the_summary)
{
	const struct sample *s = sample_find("tcp over ipv6, cooked v2");
	uint32_t len;
	uint8_t *bytes = sample_bytes(s, &len);
	struct packet p = sample_packet(s, len, len);

	memset(p.layers, 0xff, sizeof p.layers); /* what was there before does not stay */
	p.tcp_sack_count = PACKET_SACKS;
	decode_summary(&p, bytes);
	cr_expect_eq(p.family, AF_INET6);
	cr_expect_eq(p.src[0], 0xfd);
	cr_expect_eq(p.dst[15], 2);
	cr_expect_eq(p.ttl, 64);
	cr_expect_eq(p.ifindex, 3);
	cr_expect_eq(p.direction, DIRECTION_IN);
	cr_expect_eq(p.tcp_flags, TCP_FLAG_FIN | TCP_FLAG_ACK);
	cr_expect_eq(p.tcp_sack_count, 0);
	cr_expect_eq(p.payload_off, len);
	cr_expect_eq(p.payload_len, 0);
	cr_expect_eq(p.flow, UINT32_MAX);
	free(bytes);
}

Test(decode, direction_and_interface_that_are_known_stay)
{
	const struct sample *s = sample_find("tcp over ipv6, cooked v2");
	uint32_t len;
	uint8_t *bytes = sample_bytes(s, &len);
	struct packet p = sample_packet(s, len, len);

	p.direction = DIRECTION_OUT;
	p.ifindex = 9;
	decode_summary(&p, bytes);
	cr_expect_eq(p.direction, DIRECTION_OUT);
	cr_expect_eq(p.ifindex, 9);
	free(bytes);
}

Test(decode, payload_is_what_ip_says)
{
	static const struct {
		const char *what;
		uint32_t off, len;
		bool has_ports, fragment;
	} cases[] = {
		{ "tcp with data and padding", 54, 2, true, false },
		{ "tso: total length 0", 54, 2, true, false },
		{ "udp", 42, 5, true, false },
		{ "icmp echo", 42, 0, false, false },
		{ "an ip protocol that is not decoded", 34, 4, false, false },
		{ "ipv4 fragment, not the first", 34, 8, false, true },
		{ "ipv6 first fragment", 70, 8, true, true },
		{ "ipv6 atomic fragment", 70, 0, true, false },
		{ "ipv4 first fragment, tiny", 42, 0, true, true },
		{ "ip in ip", 34, 28, false, false },
		{ "arp request", 0, 0, false, false },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct sample *s = sample_find(cases[i].what);
		uint32_t len;
		uint8_t *bytes = sample_bytes(s, &len);
		struct packet p = sample_packet(s, len, len);

		decode_summary(&p, bytes);
		cr_expect_eq(p.payload_off, cases[i].off, "%s: %u", s->what, p.payload_off);
		cr_expect_eq(p.payload_len, cases[i].len, "%s: %u", s->what, p.payload_len);
		cr_expect_eq(p.has_ports, cases[i].has_ports, "%s", s->what);
		cr_expect_eq(p.fragment, cases[i].fragment, "%s", s->what);
		free(bytes);
	}
}

Test(decode, tcp_options_in_the_summary)
{
	const struct sample *s = sample_find("tcp syn");
	uint32_t len;
	uint8_t *bytes = sample_bytes(s, &len);
	struct packet p = sample_packet(s, len, len);

	decode_summary(&p, bytes);
	cr_expect_eq(p.tcp_options, TCP_OPT_MSS | TCP_OPT_WSCALE | TCP_OPT_SACK_OK | TCP_OPT_TS);
	cr_expect_eq(p.tcp_mss, 1460);
	cr_expect_eq(p.tcp_wscale, 7);
	cr_expect_eq(p.tcp_tsval, 1);
	bytes[len - 1] = 200; /* RFC 7323 2.3: more than 14 is taken as 14 */
	decode_summary(&p, bytes);
	cr_expect_eq(p.tcp_wscale, 14);
	free(bytes);
}

/* Their usual layout is recognised without a walk, at summary speed only: both must say the same. */
Test(decode, timestamps_alone)
{
	const struct sample *s = sample_find("tcp timestamps alone");
	uint32_t len;
	uint8_t *bytes = sample_bytes(s, &len);
	struct packet p = sample_packet(s, len, len), other = p;

	decode_summary(&p, bytes);
	cr_expect_eq(p.tcp_options, TCP_OPT_TS);
	cr_expect_eq(p.tcp_tsval, 0x01020304);
	cr_expect_eq(p.tcp_tsecr, 0x05060708);
	cr_expect_eq(p.payload_len, 2);
	bytes[len - 14] = 3; /* a window scale that is too long in the place of the second pad */
	decode_summary(&other, bytes);
	cr_expect_eq(other.status, PACKET_MALFORMED);
	free(bytes);
}

/* A header that our snapshot cuts tells what it has. */
Test(decode, a_short_snapshot_has_ports_and_flags)
{
	static const struct {
		uint32_t cap;
		bool ports, flags;
	} cases[] = {
		{ 37, false, false }, { 38, true, false }, { 47, true, false }, { 48, true, true }, { 53, true, true }
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct sample *s = sample_find("tcp with data and padding");
		uint32_t len;
		uint8_t *bytes = sample_bytes(s, &len), *exact = exactly(bytes, cases[i].cap);
		struct packet p = sample_packet(s, cases[i].cap, len);

		decode_summary(&p, exact);
		cr_expect_eq(p.status, PACKET_TRUNCATED);
		cr_expect_eq(p.has_ports, cases[i].ports, "%u", cases[i].cap);
		cr_expect_eq(packet_is_segment(&p), cases[i].flags, "%u", cases[i].cap);
		if (cases[i].flags) {
			cr_expect_eq(p.tcp_flags, TCP_FLAG_PSH | TCP_FLAG_ACK);
			cr_expect_eq(p.payload_len, 2);
			cr_expect_eq(p.payload_off, 54);
		}
		free(exact);
		free(bytes);
	}
}

Test(decode, protocols_and_routes)
{
	const struct route *const tables[] = { linktype_routes, ethertype_routes, ip_routes };

	for (int i = 0; i < PROTO_COUNT; i++) {
		cr_expect(protos[i].name && protos[i].title && protos[i].filter && protos[i].source && protos[i].decode,
			  "row %d", i);
		for (int k = 0; k < i; k++)
			cr_expect_str_neq(protos[i].name, protos[k].name);
	}
	for (size_t i = 0; i < COUNT(tables); i++)
		for (const struct route *r = tables[i]; r->to != PROTO_NONE; r++)
			cr_expect_eq(route_find(tables[i], r->key), r->to, "table %zu has %u twice", i, r->key);
	cr_expect_str_eq(proto_name(255), "none");
	cr_expect_eq(route_find(linktype_routes, 1), PROTO_ETHERNET);
	cr_expect_eq(route_find(ip_routes, 250), PROTO_DATA);
	cr_expect_str_eq(linktype_name(276), "LINUX_SLL2");
	cr_expect_null(linktype_name(9999));
}
