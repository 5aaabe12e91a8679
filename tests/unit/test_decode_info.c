/* The info line: relative numbers, scaled windows, notes. */
#include "test_decode_help.h"

#include "util/buf.h"

#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

static const struct packet tcp = {
	.ip_proto = IPPROTO_TCP,
	.family = AF_INET,
	.has_ports = true,
	.sport = 1,
	.dport = 2,
	.tcp_seq = 101,
	.tcp_ack = 1,
	.tcp_flags = TCP_FLAG_ACK,
	.tcp_window = 10,
};

static void expect(const struct packet *p, const struct packet_base *base, const char *line)
{
	struct buf info = { 0 };

	decode_info(p, NULL, base, &info);
	cr_expect_str_eq(buf_text(&info), line, "%s", buf_text(&info));
	buf_done(&info);
}

Test(decode_info, relative_numbers_and_scaled_windows)
{
	const struct packet_base base = {
		.has_seq = true, .seq = 100, .has_ack = true, .ack = 0xffffffff, .wscale = 7, .ascii = true
	};
	const struct packet_base unknown = { .wscale = -1 };
	struct packet p = tcp;

	expect(&p, &base, "1 -> 2 [.] seq=1 ack=2 win=1280");
	expect(&p, &unknown, "1 → 2 [.] seq=101 ack=1 win=10");
	p.payload_len = 5;
	p.tcp_flags |= TCP_FLAG_PSH;
	expect(&p, &base, "1 -> 2 [P.] seq=1 ack=2 win=1280 len=5");
	p.tcp_flags = TCP_FLAG_SYN | TCP_FLAG_ACK; /* its window is never scaled, RFC 7323 2.2 */
	expect(&p, &base, "1 -> 2 [S.] seq=1 ack=2 win=10 len=5");
	p.tcp_flags = TCP_FLAG_RST; /* nothing is acknowledged */
	expect(&p, &base, "1 -> 2 [R] seq=1 win=1280 len=5");
}

Test(decode_info, sack_blocks_are_relative_to_the_other_side)
{
	const struct packet_base base = { .has_ack = true, .ack = 1000, .wscale = 0 };
	struct packet p = tcp;

	p.tcp_ack = 1001;
	p.tcp_options = TCP_OPT_SACK | TCP_OPT_TS; /* timestamps are told of a SYN only */
	p.tcp_sack_count = 2;
	p.tcp_sack[0][0] = 1101;
	p.tcp_sack[0][1] = 1201;
	p.tcp_sack[1][0] = 1301;
	p.tcp_sack[1][1] = 1401;
	expect(&p, &base, "1 → 2 [.] seq=101 ack=1 win=10 sack=101-201,301-401");
}

Test(decode_info, notes_and_fragments)
{
	const struct packet_base base = { .wscale = -1 };
	struct packet p = tcp;

	p.fragment = true;
	p.status = PACKET_MALFORMED;
	p.note = "a TCP option is longer than the header";
	expect(&p, &base,
	       "1 → 2 [.] seq=101 ack=1 win=10 (first fragment) [malformed: a TCP option is longer "
	       "than the header]");
	p.fragment = false;
	p.status = PACKET_TRUNCATED;
	p.note = "the snapshot ends before the header does";
	expect(&p, &base, "1 → 2 [.] seq=101 ack=1 win=10 [the snapshot ends before the header does]");
}

/* A packet whose bytes were thrown away. */
Test(decode_info, without_bytes)
{
	const struct packet_base base = { .wscale = -1 };
	const struct packet icmp = { .ip_proto = IPPROTO_ICMP, .family = AF_INET, .payload_len = 8 };
	const struct packet arp = { .layer_count = 2, .len = 60, .layers = { PROTO_ETHERNET, PROTO_ARP } };
	const struct packet nothing = { .len = 3 };

	expect(&icmp, &base, "ICMP len=8");
	expect(&arp, &base, "arp len=60");
	expect(&nothing, &base, "unknown link type len=3");
}

Test(decode_info, appends)
{
	const struct packet_base base = { .wscale = -1, .ascii = true };
	struct buf info = { 0 };
	const struct sample *s = sample_find("icmp echo");
	uint32_t len;
	uint8_t *bytes = sample_bytes(s, &len);
	struct packet p = sample_packet(s, len, len);

	decode_summary(&p, bytes);
	buf_puts(&info, "1 ");
	decode_info(&p, bytes, &base, &info);
	cr_expect_str_eq(buf_text(&info), "1 echo request id=1 seq=1");
	buf_done(&info);
	free(bytes);
}
