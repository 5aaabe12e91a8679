/* TCP flags as text, the ends of a packet, blocks. */
#include "core/packet.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

Test(packet, all_flags_there_and_back)
{
	for (unsigned flags = 0; flags < 256; flags++) {
		char text[10], bracketed[12] = "[";

		packet_flags((uint16_t)flags, text);
		cr_assert_eq(packet_parse_flags(text), (int)flags, "%s", text);
		strcat(strcat(bracketed, text), "]");
		cr_assert_eq(packet_parse_flags(bracketed), (int)flags, "%s", bracketed);
	}
}

Test(packet, flags_as_tcpdump_writes_them)
{
	static const struct {
		unsigned flags;
		const char *text;
	} cases[] = {
		{ TCP_FLAG_SYN, "S" },
		{ TCP_FLAG_SYN | TCP_FLAG_ACK, "S." },
		{ TCP_FLAG_ACK, "." },
		{ TCP_FLAG_PSH | TCP_FLAG_ACK, "P." },
		{ TCP_FLAG_FIN | TCP_FLAG_ACK, "F." },
		{ TCP_FLAG_RST, "R" },
		{ TCP_FLAG_RST | TCP_FLAG_ACK, "R." },
		{ TCP_FLAG_SYN | TCP_FLAG_ECE | TCP_FLAG_CWR, "SEW" },
		{ TCP_FLAG_FIN | TCP_FLAG_PSH | TCP_FLAG_ACK | TCP_FLAG_URG, "FP.U" },
		{ 255, "SFRP.UEW" },
		{ 0, "none" },
		{ TCP_FLAG_AE | TCP_FLAG_ACK, "." },
	};
	char text[10];

	for (size_t i = 0; i < COUNT(cases); i++)
		cr_assert_str_eq(packet_flags((uint16_t)cases[i].flags, text), cases[i].text);
	cr_assert_str_eq(packet_flag_letters(0, text), "");
	cr_assert_str_eq(packet_flag_letters(TCP_FLAG_SYN | TCP_FLAG_ACK, text), "S.");
}

Test(packet, flags_in_any_order_but_once)
{
	static const char *const bad[] = { "",   "[]",  "[", "]",        "[S",    "S]",    "SS", "s",        "S. ",
					   " S", "S.S", "X", "nonesuch", "none.", "[S.][", "S,", "SFRP.UEWS" };

	cr_assert_eq(packet_parse_flags(".S"), TCP_FLAG_SYN | TCP_FLAG_ACK);
	for (size_t i = 0; i < COUNT(bad); i++)
		cr_assert_eq(packet_parse_flags(bad[i]), -1, "\"%s\"", bad[i]);
}

Test(packet, ends)
{
	struct packet p = { .family = AF_INET,
			    .has_ports = true,
			    .sport = 1,
			    .dport = 2,
			    .src = { 10, 0, 0, 1 },
			    .dst = { 10, 0, 0, 2 } };
	struct endpoint e;
	char text[ENDPOINT_TEXT];

	packet_source(&p, &e);
	cr_assert_str_eq(endpoint_format(&e, text, sizeof text), "10.0.0.1:1");
	packet_destination(&p, &e);
	cr_assert_str_eq(endpoint_format(&e, text, sizeof text), "10.0.0.2:2");
	p.has_ports = false;
	packet_source(&p, &e);
	cr_assert_str_eq(endpoint_format(&e, text, sizeof text), "10.0.0.1");
	p.family = 0;
	packet_destination(&p, &e);
	cr_assert_str_eq(endpoint_format(&e, text, sizeof text), "*");
}

Test(packet, payload_kept)
{
	static const struct {
		uint32_t off, len, cap, kept;
	} cases[] = {
		{ 54, 100, 154, 100 },
		{ 54, 100, 100, 46 },
		{ 54, 100, 54, 0 },
		{ 54, 100, 20, 0 },
		{ 54, 0, 60, 0 },
		{ UINT32_MAX, UINT32_MAX, 10, 0 },
		{ 0, UINT32_MAX, UINT32_MAX, UINT32_MAX },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct packet p = { .payload_off = cases[i].off, .payload_len = cases[i].len, .cap = cases[i].cap };

		cr_assert_eq(packet_payload_kept(&p), cases[i].kept, "case %zu", i);
	}
}

Test(packet, a_block_is_one_allocation)
{
	struct block *b = block_new(3, 100);

	cr_assert_eq(b->count, 0);
	cr_assert_eq(b->used, 0);
	cr_assert_eq(b->mail.weight, sizeof *b + 3 * sizeof(struct packet) + 100);
	memset(b->packets, 1, 3 * sizeof *b->packets); /* the sanitizer watches the ends */
	memset(b->bytes, 2, 100);
	b->packets[2].offset = 99;
	cr_assert_eq(*block_bytes(b, &b->packets[2]), 2);
	free(b);
	b = block_new(0, 0);
	free(b);
}
