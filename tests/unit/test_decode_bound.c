/* What a packet may cost: whatever it is made of, decoding it takes time in proportion to its bytes, its
 * layers are few, and its tree ends. Each case is a packet of nearly 64 KiB that repeats what a decoder
 * loops over, nests what it goes into, or points back. */
#include "test_decode_help.h"

#include "util/buf.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SIZE = 65000 };

/* hex of the beginning, then of what is repeated up to SIZE bytes */
static const struct {
	const char *what;
	uint16_t linktype;
	const char *head, *repeated;
} cases[] = {
	{ "vlan in vlan", 1, "020000000002 020000000001", "8100 0001" },
	{ "mpls labels", 219, "", "00010040" },
	{ "ip in ip", 228, "", "45000000000140004004 0000 0a000001 0a000002" },
	{ "ip options", 228, "4f00000000014000 4011 0000 0a000001 0a000002", "01" },
	{ "ipv6 in ipv6", 229, "",
	  "60000000 0000 29 40 fd000000000000000000000000000001 fd000000000000000000000000000002" },
	{ "ipv6 extensions", 229,
	  "60000000 0000 3c 40 fd000000000000000000000000000001 fd000000000000000000000000000002",
	  "3c00 0104 00000000" },
	{ "gre in gre", 228, "45000000 0001 4000 402f 0000 0a000001 0a000002",
	  "0000 6558"
	  "020000000002 020000000001 0800 45000000 0001 4000 402f 0000 0a000001 0a000002" },
	{ "routes of gre", 228, "45000000 0001 4000 402f 0000 0a000001 0a000002 4000 0800 0000 0000", "0001 0000" },
	{ "sctp chunks", 248, "9c40 0f1c 00000001 00000000", "0b000004" },
	{ "sctp parameters", 248, "9c40 0f1c 00000001 00000000 0400fdc0", "80050004" },
	{ "sctp parameters in causes in parameters", 248, "9c40 0f1c 00000001 00000000 0600fdc0",
	  "0008fdb0 c003fda0 00000000" },
	{ "sctp gaps", 248, "9c40 0f1c 00000001 00000000 0300fdc0 00000001 00000001 ffffffff", "00010001" },
	{ "dns names that point back", 228,
	  "45000000 0001 4000 4011 0000 0a000001 0a000002 0035 0035 0000 0000"
	  "1234 8000 0000 ffff 0000 0000 c00c",
	  "0001 0001 00000000 0002 c02a c02a" },
	{ "a dns name of many labels", 228,
	  "45000000 0001 4000 4011 0000 0a000001 0a000002 0035 0035 0000 0000"
	  "1234 0100 ffff 0000 0000 0000",
	  "0161" },
	{ "tls records", 228,
	  "45000000 0001 4000 4006 0000 0a000001 0a000002 9c40 01bb 00000001 00000001 5018 0100"
	  "0000 0000",
	  "16 0303 0004 0e000000" },
	{ "tls extensions", 228,
	  "45000000 0001 4000 4006 0000 0a000001 0a000002 9c40 01bb 00000001 00000001 5018 0100"
	  "0000 0000 160301 4000 01 003ffc 0303"
	  "1111111111111111111111111111111111111111111111111111111111111111 00 0002 1301 0100 3fd0",
	  "0010 0000" },
	{ "http headers", 228,
	  "45000000 0001 4000 4006 0000 0a000001 0a000002 9c40 0050 00000001 00000001 5018 0100"
	  "0000 0000 474554202f20485454502f312e310d0a",
	  "613a0d0a" },
	{ "quic packets", 228, "45000000 0001 4000 4011 0000 0a000001 0a000002 d431 01bb 0000 0000",
	  "e3 00000001 00 00 01 00" },
	{ "quic versions", 228, "45000000 0001 4000 4011 0000 0a000001 0a000002 d431 01bb 0000 0000 80 00000000 00 00",
	  "00000001" },
	{ "geneve in geneve", 228, "45000000 0001 4000 4011 0000 0a000001 0a000002",
	  "d431 17c1 0000 0000 00000800 00000100 45000000 0001 4000 4011 0000 0a000001 0a000002" },
	{ "dccp options", 228, "45000000 0001 4000 4021 0000 0a000001 0a000002 9c40 1389 ff00 0000 05 000000 0000000a",
	  "02" },
	{ "radiotap words", 127, "0000 e8fd", "ffffffff" },
	{ "ppi fields", 192, "0000 e8fd 69000000", "0100 0000" },
	{ "ppi in ppi", 192, "", "0000 0800 c0000000" },
	{ "pktap in pktap", 258, "",
	  "38000000 01000000 02010000 0000000000000000 0000000000000000"
	  "0000000000000000 01000000 02000000 00000000 00000000 00000000" },
	{ "nflog elements", 239, "02000000", "0400 0100" },
	{ "elements of 802.15.4", 230, "00ea01cdab ffff cdab 0100000000000cc1", "0000" },
	{ "payload elements of 802.15.4", 230, "00ea01cdab ffff cdab 0100000000000cc1 003f", "0000" },
	{ "6lowpan in 6lowpan", 230, "418801cdab02000100", "7e33 ee" },
	{ "6lowpan meshes", 230, "418801cdab02000100", "b1 0001 0002" },
	{ "6lowpan extensions", 230, "418801cdab02000100 7e33", "e1 00" },
	{ "erf extensions", 197, "0000000000000000 82 00 0000 0000 0000", "83 00000000000000" },
	{ "trill in trill", 1, "020000000002 020000000001 22f3", "0010 0001 0002 020000000002 020000000001 22f3" },
	{ "elements of 802.11", 105, "8000 0000 ffffffffffff 0200000000b2 0200000000b2 1000 0001020304050607 6400 0104",
	  "0000 0001 61" },
	{ "lldp", 1, "0180c200000e 020000000001 88cc", "0e01 00" },
	{ "igmp records", 228, "45000000 0001 4000 4002 0000 0a000001 0a000002 2200 0000 0000 ffff",
	  "0100 0000 e0000105" },
};

static uint32_t put_hex(const char *hex, uint8_t *to, uint32_t at)
{
	struct sample s = { .hex = hex };
	uint32_t n;
	uint8_t *bytes = sample_bytes(&s, &n);

	if (n > SIZE - at)
		n = SIZE - at;
	memcpy(to + at, bytes, n);
	free(bytes);
	return at + n;
}

Test(decode_bound, costs_what_its_bytes_are_worth)
{
	enum { LIMIT_MS = 400 }; /* under sanitizers most take 1 or 2 */
	const struct packet_base base = { .wscale = 0 };
	struct tree *tree = malloc(sizeof *tree);
	uint8_t *bytes = malloc(SIZE);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct packet p = { .linktype = cases[i].linktype, .cap = SIZE, .len = SIZE };
		struct buf info = { 0 };
		uint32_t at = put_hex(cases[i].head, bytes, 0);
		clock_t before;

		while (at < SIZE)
			at = put_hex(cases[i].repeated, bytes, at);
		before = clock();
		decode_summary(&p, bytes);
		decode_tree(&p, bytes, tree);
		decode_info(&p, bytes, &base, &info);
		cr_expect_lt((clock() - before) * 1000 / CLOCKS_PER_SEC, LIMIT_MS, "%s", cases[i].what);
		cr_expect_gt(p.layer_count, 0, "%s", cases[i].what);
		cr_expect_leq(p.layer_count, PACKET_LAYERS, "%s", cases[i].what);
		cr_expect_leq(tree->count, TREE_NODES, "%s", cases[i].what);
		cr_expect_lt(info.len, 4096, "%s: %zu", cases[i].what, info.len);
		buf_done(&info);
	}
	free(bytes);
	free(tree);
}
