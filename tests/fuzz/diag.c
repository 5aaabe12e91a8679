/* src/kernel/diag_inet.c, diag_unix.c, diag_link.c, diag_vsock.c: one answer of sock_diag. The first byte chooses
 * who reads it; the rest is what stands behind the netlink header, in a buffer of exactly that size. What is
 * read is then shown as every column has it. */
#include "../../src/kernel/inside.h"

#include "core/sock_column.h"
#include "util/buf.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static bool parse(unsigned which, const struct nlmsghdr *answer, struct sock *s)
{
	static const int protocols[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDPLITE, 262 };

	if (which < sizeof protocols / sizeof *protocols)
		return diag_parse_inet(answer, protocols[which], s);
	switch (which) {
	case 4: return diag_parse_unix(answer, s);
	case 5: return diag_take_destroyed(answer, s);
	case 6: return diag_parse_packet(answer, s);
	case 7: return diag_parse_netlink(answer, s);
	case 8: return diag_parse_vsock(answer, s);
	default: return diag_parse_inet(answer, IPPROTO_SCTP, s);
	}
}

static void show(const struct sock *s)
{
	struct snapshot one = { 0 };
	const struct record *r = snapshot_add(&one, s, 1);
	struct sock room;
	struct sock_view v = sock_view(&one, r, NULL, &room);
	struct buf text = { 0 };

	for (const struct socket_column *c = socket_columns; c->name; c++) {
		buf_clear(&text);
		column_text(c, &v, &text);
		for (size_t i = 0; i < text.len; i++)
			if ((unsigned char)text.data[i] < ' ' || text.data[i] == 0x7f)
				__builtin_trap();
	}
	buf_done(&text);
	snapshot_done(&one);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct nlmsghdr *answer;
	struct sock s;

	if (!len || len > 1 << 16)
		return 0;
	answer = malloc(sizeof *answer + len - 1);
	if (!answer)
		abort();
	*answer = (struct nlmsghdr){ .nlmsg_len = (uint32_t)(sizeof *answer + len - 1) };
	memcpy(answer + 1, bytes + 1, len - 1);
	if (parse(bytes[0] % 10, answer, &s)) {
		if (s.local.path_len > ENDPOINT_PATH || !sock_proto(&s) ||
		    !memchr(s.tcp.congestion, 0, sizeof s.tcp.congestion))
			__builtin_trap();
		show(&s);
	}
	free(answer);
	return 0;
}
