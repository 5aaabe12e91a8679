/* struct tcp_info at every length that a kernel may send. */
#include "core/tcp_info.h"

#include <criterion/criterion.h>
#include <linux/tcp.h>
#include <stdlib.h>
#include <string.h>

Test(tcp_info, what_did_not_come_is_zero)
{
	for (size_t len = 0; len <= sizeof(struct tcp_info) + 4; len++) {
		unsigned char *exact = malloc(len ? len : 1);
		struct sock_tcp t;

		memset(exact, 0x5a, len);
		memset(&t, 0x77, sizeof t);
		tcp_info_read(exact, len, &t);
		if (len <= offsetof(struct tcp_info, tcpi_rtt))
			cr_expect_eq(t.rtt_us, 0, "%zu", len);
		if (len >= offsetof(struct tcp_info, tcpi_rttvar))
			cr_expect_eq(t.rtt_us, 0x5a5a5a5a, "%zu", len);
		if (len < offsetof(struct tcp_info, tcpi_snd_wnd))
			cr_expect_eq(t.snd_wnd, 0, "%zu", len);
		if (len >= offsetof(struct tcp_info, tcpi_snd_wnd) + 8)
			cr_expect_eq(t.rcv_wnd, 0x5a5a5a5a, "%zu", len);
		cr_expect_eq(t.congestion[0], 0x77, "its name comes by another way");
		cr_expect_eq(t.control, 0x77);
		free(exact);
	}
}

Test(tcp_info, state)
{
	unsigned char bytes[TCP_INFO_LEAST] = { 10 /* TCP_LISTEN of linux/tcp_states.h */ };

	cr_expect_eq(tcp_info_state(bytes, sizeof bytes), STATE_LISTEN);
	cr_expect_eq(tcp_info_state(bytes, sizeof bytes - 1), STATE_NONE);
}
