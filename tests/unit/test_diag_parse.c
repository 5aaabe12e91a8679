/* Answers of sock_diag: dumps that were interrupted, kinds that few machines have (VSOCK, SCTP). Made by hand as
 * linux/vm_sockets_diag.h and net/sctp/diag.c of the kernel lay them out. */
#include "../../src/kernel/inside.h"

#include "core/sock_column.h"
#include "util/buf.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <linux/vm_sockets.h>
#include <linux/vm_sockets_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* In a buffer of exactly that size. */
static struct nlmsghdr *answer_of(const void *bytes, size_t len)
{
	struct nlmsghdr *h = malloc(sizeof *h + len);

	cr_assert_not_null(h);
	*h = (struct nlmsghdr){ .nlmsg_len = (uint32_t)(sizeof *h + len) };
	memcpy(h + 1, bytes, len);
	return h;
}

static void column_is(const struct sock *s, const char *name, const char *wanted)
{
	struct snapshot one = { 0 };
	const struct record *r = snapshot_add(&one, s, 1);
	struct sock room;
	struct sock_view v = sock_view(&one, r, NULL, &room);
	struct buf text = { 0 };

	column_text(column_find(name, strlen(name)), &v, &text);
	cr_expect_str_eq(buf_text(&text), wanted, "%s: %s, not %s", name, buf_text(&text), wanted);
	buf_done(&text);
	snapshot_done(&one);
}

static const struct {
	struct vsock_diag_msg m;
	const char *type, *state, *local, *remote;
} vsocks[] = {
	{ { AF_VSOCK, SOCK_STREAM, 10, 0, VMADDR_CID_ANY, 1024, VMADDR_CID_ANY, VMADDR_PORT_ANY, 77, { 5, 1 } },
	  "stream",
	  "LISTEN",
	  "*:1024",
	  "" },
	{ { AF_VSOCK, SOCK_STREAM, 1, 2, 2, 4000000000u, 3, 1024, 78, { 6, 0 } },
	  "stream",
	  "ESTABLISHED",
	  "2:4000000000",
	  "3:1024" },
	{ { AF_VSOCK,
	    SOCK_STREAM,
	    7,
	    0,
	    VMADDR_CID_ANY,
	    VMADDR_PORT_ANY,
	    VMADDR_CID_ANY,
	    VMADDR_PORT_ANY,
	    79,
	    { 7, 0 } },
	  "stream",
	  "UNCONNECTED",
	  "",
	  "" },
	{ { AF_VSOCK, SOCK_SEQPACKET, 2, 0, 1, 9, 1, 10, 80, { 8, 0 } }, "seqpacket", "SYN-SENT", "1:9", "1:10" },
	{ { AF_VSOCK, SOCK_DGRAM, 7, 0, 3, 53, VMADDR_CID_ANY, VMADDR_PORT_ANY, 81, { 9, 0 } },
	  "dgram",
	  "UNCONNECTED",
	  "3:53",
	  "" },
};

Test(diag_parse, vsock)
{
	for (size_t i = 0; i < sizeof vsocks / sizeof *vsocks; i++) {
		struct nlmsghdr *h = answer_of(&vsocks[i].m, sizeof vsocks[i].m);
		struct sock s;

		cr_assert(diag_parse_vsock(h, &s), "%zu", i);
		column_is(&s, "proto", "vsock");
		column_is(&s, "family", "vsock");
		column_is(&s, "type", vsocks[i].type);
		column_is(&s, "state", vsocks[i].state);
		column_is(&s, "local", vsocks[i].local);
		column_is(&s, "remote", vsocks[i].remote);
		cr_expect_eq(s.inode, vsocks[i].m.vdiag_ino);
		free(h);
	}
}

Test(diag_parse, vsock_of_any_length)
{
	for (size_t len = 0; len <= sizeof vsocks[0].m; len++) {
		struct nlmsghdr *h = answer_of(&vsocks[0].m, len);
		struct sock s;

		cr_expect_eq(diag_parse_vsock(h, &s), len == sizeof vsocks[0].m);
		free(h);
	}
}

static struct inet_diag_msg sctp(unsigned state, uint16_t local, uint16_t remote)
{
	struct inet_diag_msg m = { .idiag_family = AF_INET, .idiag_state = (uint8_t)state, .idiag_inode = 90 };

	m.id.idiag_sport = htons(local);
	m.id.idiag_dport = htons(remote);
	m.id.idiag_src[0] = htonl(0xc0000201); /* 192.0.2.1 */
	m.id.idiag_dst[0] = remote ? htonl(0xc0000202) : 0;
	m.id.idiag_cookie[0] = 12;
	return m;
}

Test(diag_parse, sctp_endpoints_and_associations)
{
	static const struct {
		unsigned kernel;
		uint16_t remote;
		enum state state;
	} said[] = {
		{ 10, 0, STATE_LISTEN },    { 7, 0, STATE_UNCONNECTED },  { 0, 9, STATE_CLOSED },
		{ 1, 9, STATE_SYN_SENT },   { 2, 9, STATE_SYN_RECEIVED }, { 3, 9, STATE_ESTABLISHED },
		{ 4, 9, STATE_FIN_WAIT_1 }, { 5, 9, STATE_FIN_WAIT_2 },   { 6, 9, STATE_CLOSE_WAIT },
		{ 7, 9, STATE_LAST_ACK },   { 8, 9, STATE_NONE },         { 255, 9, STATE_NONE },
	};

	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		struct inet_diag_msg m = sctp(said[i].kernel, 2905, said[i].remote);
		struct nlmsghdr *h = answer_of(&m, sizeof m);
		struct sock s;

		cr_assert(diag_parse_inet(h, IPPROTO_SCTP, &s));
		cr_expect_eq(s.state, said[i].state, "%u: %s", said[i].kernel, state_name(s.state));
		column_is(&s, "proto", "sctp");
		column_is(&s, "type", "");
		column_is(&s, "local", "192.0.2.1:2905");
		column_is(&s, "remote", said[i].remote ? "192.0.2.2:9" : "");
		cr_expect_not(s.known & SOCK_HAS_TCP);
		free(h);
	}
}

Test(diag_parse, associations_of_one_socket_are_several)
{
	struct snapshot snap = { 0 };

	for (uint16_t port = 0; port < 3; port++) { /* the endpoint and two of its associations: one cookie */
		struct inet_diag_msg m = sctp(port ? 3 : 10, 2905, port);
		struct nlmsghdr *h = answer_of(&m, sizeof m);
		struct sock s;

		cr_assert(diag_parse_inet(h, IPPROTO_SCTP, &s));
		snapshot_add(&snap, &s, 1);
		free(h);
	}
	snapshot_settle(&snap);
	cr_expect_eq(snap.count, 3);
	snapshot_done(&snap);
}

/* --- one exchange --- */

enum { SEQ = 7, PORT = 4242, DUMPS = 3 };

static const struct {
	const char *why;
	struct {
		uint16_t type, flags;
		uint32_t seq, port;
		int32_t code; /* of DONE and ERROR */
	} says[DUMPS];
	int result, taken;
} dumps[] = {
	{ "a dump from end to end",
	  { { SOCK_DIAG_BY_FAMILY, NLM_F_MULTI, SEQ, PORT, 0 },
	    { SOCK_DIAG_BY_FAMILY, NLM_F_MULTI, SEQ, PORT, 0 },
	    { NLMSG_DONE, NLM_F_MULTI, SEQ, PORT, 0 } },
	  0,
	  2 },
	{ "one that changed on the way is given whole, and is partial",
	  { { SOCK_DIAG_BY_FAMILY, NLM_F_MULTI, SEQ, PORT, 0 },
	    { SOCK_DIAG_BY_FAMILY, NLM_F_MULTI | NLM_F_DUMP_INTR, SEQ, PORT, 0 },
	    { NLMSG_DONE, NLM_F_MULTI, SEQ, PORT, 0 } },
	  -EINTR,
	  2 },
	{ "its last message tells it, too",
	  { { SOCK_DIAG_BY_FAMILY, NLM_F_MULTI, SEQ, PORT, 0 },
	    { SOCK_DIAG_BY_FAMILY, NLM_F_MULTI, SEQ, PORT, 0 },
	    { NLMSG_DONE, NLM_F_MULTI | NLM_F_DUMP_INTR, SEQ, PORT, 0 } },
	  -EINTR,
	  2 },
	{ "an earlier question's does not count",
	  { { SOCK_DIAG_BY_FAMILY, NLM_F_MULTI | NLM_F_DUMP_INTR, SEQ - 1, PORT, 0 },
	    { SOCK_DIAG_BY_FAMILY, NLM_F_MULTI | NLM_F_DUMP_INTR, SEQ, PORT + 1, 0 },
	    { NLMSG_DONE, NLM_F_MULTI, SEQ, PORT, 0 } },
	  0,
	  0 },
	{ "an error is told before it",
	  { { SOCK_DIAG_BY_FAMILY, NLM_F_MULTI | NLM_F_DUMP_INTR, SEQ, PORT, 0 },
	    { NLMSG_DONE, NLM_F_MULTI, SEQ, PORT, -ENOENT },
	    { SOCK_DIAG_BY_FAMILY, NLM_F_MULTI, SEQ, PORT, 0 } },
	  -ENOENT,
	  1 },
};

static int count(void *ctx, const struct nlmsghdr *answer)
{
	(void)answer;
	++*(int *)ctx;
	return 0;
}

Test(diag_parse, a_dump_that_was_interrupted_is_partial)
{
	for (size_t i = 0; i < sizeof dumps / sizeof *dumps; i++) {
		struct {
			struct nlmsghdr head;
			int32_t code;
		} read[DUMPS];
		int taken = 0;
		struct exchange x = { .seq = SEQ, .port = PORT, .dump = true, .take = count, .ctx = &taken };

		for (int k = 0; k < DUMPS; k++) {
			read[k].head = (struct nlmsghdr){ .nlmsg_len = sizeof *read,
							  .nlmsg_type = dumps[i].says[k].type,
							  .nlmsg_flags = dumps[i].says[k].flags,
							  .nlmsg_seq = dumps[i].says[k].seq,
							  .nlmsg_pid = dumps[i].says[k].port };
			read[k].code = dumps[i].says[k].code;
		}
		diag_take_read(&x, read, sizeof read);
		cr_expect(x.over, "%s", dumps[i].why);
		cr_expect_eq(diag_result(&x), dumps[i].result, "%s: %d", dumps[i].why, diag_result(&x));
		cr_expect_eq(taken, dumps[i].taken, "%s: %d", dumps[i].why, taken);
	}
}
