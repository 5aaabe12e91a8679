/* The table of columns: every row is whole, and says what it should of some sockets. */
#include "core/sock_column.h"
#include "util/buf.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <netinet/in.h>
#include <string.h>

static void fill(struct snapshot *s)
{
	struct owner owners[3];
	struct record *r;
	struct sock k;

	*s = (struct snapshot){ 0 };
	memset(owners, 0, sizeof owners);
	owners[0] = (struct owner){ 812, 6, 0, "nginx" };
	owners[1] = (struct owner){ 812, 9, 0, "nginx" };
	owners[2] = (struct owner){ 813, 6, 0, "x\x1b[31m" };
	k = (struct sock){ .family = AF_INET,
			   .type = SOCK_STREAM,
			   .protocol = IPPROTO_TCP,
			   .state = STATE_ESTABLISHED,
			   .known = ~0u,
			   .mark = 0x10,
			   .inode = 18442,
			   .cookie = 0x1f,
			   .uid = 33,
			   .recv_q = 5,
			   .send_q = 0,
			   .interface = 2,
			   .timer = TIMER_KEEPALIVE,
			   .timer_ms = 1500,
			   .timer_retries = 2,
			   .rmem_alloc = 2048 };
	k.local = (struct endpoint){ .family = AF_INET, .has_port = true, .port = 80, .ip = { 127, 0, 0, 1 } };
	k.remote = (struct endpoint){ .family = AF_INET, .has_port = true, .port = 40312, .ip = { 10, 255, 0, 1 } };
	k.tcp = (struct sock_tcp){ .rtt_us = 43,
				   .cwnd = 10,
				   .snd_mss = 1448,
				   .bytes_received = 1536,
				   .pacing_rate = 1 << 20,
				   .sack = true,
				   .congestion = "cubic" };
	r = snapshot_add(s, &k, 4026531840);
	for (int i = 0; i < 3; i++)
		snapshot_own(s, r, &owners[i]);
}

static const char *text_of(const char *column, const struct sock_view *v, struct buf *out, bool value)
{
	const struct socket_column *c = column_find(column, strlen(column));

	cr_assert(c, "%s", column);
	buf_clear(out);
	(value ? column_value : column_text)(c, v, out);
	return buf_text(out);
}

Test(sock_column, says)
{
	static const struct {
		const char *column, *text, *value;
	} cases[] = {
		{ "proto", "tcp", NULL },
		{ "family", "inet", NULL },
		{ "type", "stream", NULL },
		{ "state", "ESTABLISHED", NULL },
		{ "recv-q", "5", NULL },
		{ "send-q", "0", NULL },
		{ "local", "127.0.0.1:80", NULL },
		{ "remote", "10.255.0.1:40312", NULL },
		{ "owner", "nginx/812:6 nginx/812:9 x\\x1b[31m/813:6", NULL },
		{ "process", "nginx x\\x1b[31m", NULL },
		{ "pid", "812 813", NULL },
		{ "fd", "6 9 6", NULL },
		{ "reason", "", NULL },
		{ "user", "33", NULL },
		{ "uid", "33", NULL },
		{ "inode", "18442", NULL },
		{ "cookie", "0x1f", NULL },
		{ "iface", "2", NULL },
		{ "netns", "4026531840", NULL },
		{ "timer", "keepalive 1.50 s ×2", NULL },
		{ "mark", "0x10", NULL },
		{ "cgroup", "", NULL },
		{ "peer-inode", "", NULL },
		{ "rtt", "43 µs", "43" },
		{ "cwnd", "10", NULL },
		{ "mss", "1448", NULL },
		{ "congestion", "cubic", NULL },
		{ "bytes-in", "1.5K", "1536" },
		{ "pacing-rate", "1.0M/s", "1048576" },
		{ "sack", "yes", "1" },
		{ "ecn", "no", "0" },
		{ "rmem", "2.0K", "2048" },
		{ "name", "", NULL },
	};
	struct snapshot s;
	struct sock room;
	struct buf out = { 0 };
	struct sock_view v;

	fill(&s);
	v = sock_view(&s, s.records, NULL, &room);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *column = cases[i].column;

		cr_expect_str_eq(text_of(column, &v, &out, false), cases[i].text, "%s: %s", column, out.data);
		if (cases[i].value)
			cr_expect_str_eq(text_of(column, &v, &out, true), cases[i].value, "%s: %s", column, out.data);
	}
	buf_done(&out);
	snapshot_done(&s);
}

Test(sock_column, endpoints)
{
	static const struct {
		const char *endpoint, *text;
	} cases[] = {
		{ "[::1]:80", "[::1]:80" },
		{ "0.0.0.0:80", "0.0.0.0:80" },
		{ "[::]:0", "[::]:*" },
		{ "127.0.0.1", "127.0.0.1" },
		{ "::1", "::1" },
		{ "unix:/run/x", "/run/x" },
		{ "unix:@a", "@a" },
		{ "unix:@", "" },
		{ "unix:/a\\x1bb", "/a\\x1bb" },
	};
	struct sock s = { 0 };
	struct sock_view v = { .sock = &s };
	struct buf out = { 0 };

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cr_assert_eq(endpoint_parse(cases[i].endpoint, &s.local, NULL, NULL), ENDPOINT_OK);
		cr_expect_str_eq(text_of("local", &v, &out, false), cases[i].text, "%s: %s", cases[i].endpoint,
				 out.data);
	}
	cr_assert_eq(endpoint_parse("0.0.0.0:0", &s.remote, NULL, NULL), ENDPOINT_OK);
	cr_expect_str_eq(text_of("remote", &v, &out, false), "");
	buf_done(&out);
}

Test(sock_column, kinds)
{
	static const struct {
		int family, type, protocol;
		const char *word;
		enum sock_kind kind;
	} cases[] = {
		{ AF_INET, SOCK_STREAM, IPPROTO_TCP, "tcp", KIND_TCP },
		{ AF_INET6, SOCK_STREAM, 0, "tcp", KIND_TCP },
		{ AF_INET, SOCK_DGRAM, IPPROTO_UDP, "udp", KIND_UDP },
		{ AF_INET, SOCK_DGRAM, IPPROTO_ICMP, "icmp", KIND_RAW },
		{ AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6, "icmpv6", KIND_RAW },
		{ AF_INET, SOCK_RAW, IPPROTO_ICMP, "raw", KIND_RAW },
		{ AF_INET, SOCK_STREAM, IPPROTO_MPTCP, "mptcp", KIND_MPTCP },
		{ AF_INET, SOCK_STREAM, IPPROTO_SCTP, "sctp", KIND_SCTP },
		{ AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE, "udplite", KIND_UDPLITE },
		{ AF_UNIX, SOCK_DGRAM, 0, "unix", KIND_UNIX },
		{ AF_PACKET, SOCK_RAW, 0, "packet", KIND_PACKET },
		{ AF_NETLINK, SOCK_RAW, 0, "netlink", KIND_NETLINK },
		{ AF_VSOCK, SOCK_STREAM, 0, "vsock", KIND_VSOCK },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sock s = { .family = cases[i].family, .type = cases[i].type, .protocol = cases[i].protocol };

		cr_expect_eq(sock_kind(&s), cases[i].kind, "%s", cases[i].word);
		cr_expect_str_eq(sock_kind_word(&s), cases[i].word);
	}
}

/* Nothing is known of an empty socket: no column may fail, and the unknown comes last in every
 * order. */
Test(sock_column, every_row)
{
	struct sock empty = { 0 };
	const struct sock_view nothing = { .sock = &empty };
	struct snapshot s;
	struct sock room;
	struct sock_view v;
	struct buf out = { 0 };

	fill(&s);
	v = sock_view(&s, s.records, NULL, &room);
	for (const struct socket_column *c = socket_columns; c->name; c++) {
		uint64_t number;
		size_t len;

		cr_expect(c->head && *c->head && c->help && *c->help, "%s has no words", c->name);
		cr_expect_eq(column_find(c->name, strlen(c->name)), c, "%s is there twice", c->name);
		for (const char *p = c->name; *p; p++)
			cr_expect(islower((unsigned char)*p) || *p == '-', "%s", c->name);
		cr_expect(c->text || c->number || c->size == 1 || c->size == 4 || c->size == 8, "%s", c->name);
		buf_clear(&out);
		column_text(c, &v, &out);
		len = out.len;
		cr_expect_eq(column_compare(c, &v, &v), 0, "%s", c->name);
		buf_clear(&out);
		column_text(c, &nothing, &out);
		if (len && !out.len) {
			cr_expect_lt(column_compare(c, &v, &nothing), 0, "%s", c->name);
			cr_expect_gt(column_compare(c, &nothing, &v), 0, "%s", c->name);
			cr_expect(!column_number(c, &nothing, &number), "%s", c->name);
		}
	}
	buf_done(&out);
	snapshot_done(&s);
}

Test(sock_column, order)
{
	struct sock a = { .family = AF_INET, .type = SOCK_STREAM, .state = STATE_LISTEN };
	struct sock b = a, u = { .family = AF_INET, .type = SOCK_DGRAM };

	b.state = STATE_ESTABLISHED;
	cr_expect_lt(sock_order(&a, &b), 0);
	cr_expect_lt(sock_order(&b, &u), 0);
	cr_expect_eq(sock_order(&a, &a), 0);
}
