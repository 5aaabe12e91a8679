#include "core/tcp_pack.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* Every member has bits of its own: one that is forgotten comes out as zero. */
static struct sock_tcp filled(uint8_t control, int byte)
{
	struct sock_tcp t;

	memset(&t, byte, sizeof t);
	t.timestamps = t.ecn = t.app_limited = byte & 1;
	t.sack = !t.ecn;
	strcpy(t.congestion, "fifteen letters");
	t.control = control;
	return t;
}

static size_t members_lost(const struct sock_tcp *a, const struct sock_tcp *b)
{
	size_t padding = offsetof(struct sock_tcp, app_limited) + 1, lost = 0;

	for (size_t i = 0; i < offsetof(struct sock_tcp, congestion); i++)
		if (i < padding || i >= offsetof(struct sock_tcp, bytes_sent))
			lost += ((const unsigned char *)a)[i] != ((const unsigned char *)b)[i];
	return lost;
}

Test(tcp_pack, gives_back_every_member)
{
	static const int bytes[] = { 0x01, 0x7f, 0x80, 0xff };

	for (uint8_t control = CONTROL_NONE; control <= CONTROL_DCTCP; control++)
		for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
			struct sock_tcp t = filled(control, bytes[i]), out;
			uint8_t packed[TCP_PACK_MOST];
			size_t len = tcp_pack(&t, packed);
			uint64_t sent, received, retransmits;

			cr_assert_leq(len, sizeof packed);
			cr_expect_eq(tcp_unpack(packed, len, &out), len);
			cr_expect_eq(members_lost(&t, &out), 0, "control %u, bytes %x", control, bytes[i]);
			cr_expect(tcp_unpack_counts(packed, len, &sent, &received, &retransmits));
			cr_expect(sent == t.bytes_sent && received == t.bytes_received &&
				  retransmits == t.total_retrans);
			cr_expect_str_eq(out.congestion, t.congestion);
			cr_expect_eq(out.control, control);
			if (control == CONTROL_BBR)
				cr_expect(out.bbr.bandwidth == t.bbr.bandwidth && out.bbr.cwnd_gain == t.bbr.cwnd_gain);
			if (control == CONTROL_VEGAS)
				cr_expect_eq(memcmp(&out.vegas, &t.vegas, sizeof t.vegas), 0);
			if (control == CONTROL_DCTCP)
				cr_expect_eq(memcmp(&out.dctcp, &t.dctcp, sizeof t.dctcp), 0);
		}
}

Test(tcp_pack, is_small_for_what_is_usual)
{
	const struct sock_tcp t = { .rtt_us = 43,
				    .rttvar_us = 21,
				    .cwnd = 10,
				    .ssthresh = INT32_MAX,
				    .snd_mss = 32768,
				    .rcv_mss = 536,
				    .advmss = 65483,
				    .pmtu = 65535,
				    .rto_us = 200000,
				    .rcv_space = 65483,
				    .bytes_sent = 78,
				    .bytes_received = 615,
				    .pacing_rate = 1000000000,
				    .max_pacing_rate = UINT64_MAX,
				    .congestion = "cubic" };
	uint8_t packed[TCP_PACK_MOST];

	cr_expect_lt(tcp_pack(&t, packed), 96);
}

/* Cut anywhere it is refused, and nothing behind it is read (each in a block of that size, for the sanitizer). */
Test(tcp_pack, refuses_what_is_cut)
{
	struct sock_tcp t = filled(CONTROL_DCTCP, 0xff), out;
	uint8_t packed[TCP_PACK_MOST];
	uint64_t sent, received, retransmits;
	size_t len = tcp_pack(&t, packed), refused = 0;

	for (size_t cut = 0; cut < len; cut++) {
		uint8_t *some = malloc(cut ? cut : 1);

		memcpy(some, packed, cut);
		cr_expect_eq(tcp_unpack(some, cut, &out), 0, "cut at %zu", cut);
		cr_expect_eq(out.rtt_us, 0);
		if (!tcp_unpack_counts(some, cut, &sent, &received, &retransmits))
			refused++;
		free(some);
	}
	cr_expect_gt(refused, len / 2, "the counters that rates are made of stand in the middle");
}
