#include "session/parser.h"

#include "session/command.h"
#include "util/err.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

/* Names that every case finds: a TCP client c, a listener srv, a UDP socket u, a UNIX datagram socket x, a raw one. */
static void names(struct symbols *s)
{
	memset(s, 0, sizeof *s);
	symbols_add(s, "srv", AF_INET, SOCK_STREAM);
	symbols_add(s, "u", AF_INET, SOCK_DGRAM);
	symbols_add(s, "x", AF_UNIX, SOCK_DGRAM);
	symbols_add(s, "ping", AF_INET, SOCK_RAW);
	symbols_add(s, "gone", AF_INET, SOCK_STREAM)->open = false;
	symbols_add(s, "c", AF_INET, SOCK_STREAM);
}

static int parse(const char *line, struct step *out, struct err *e, unsigned *column)
{
	struct symbols s;
	int rc;

	names(&s);
	rc = parse_line(line, NULL, &s, out, e, column);
	symbols_done(&s);
	return rc;
}

static const struct {
	const char *line;
	const char *command, *target, *made;
} good[] = {
	{ "socket inet stream", "socket", "", "tcp1" },
	{ "socket unix seqpacket", "socket", "", "unix1" },
	{ "a = socket inet6 dgram", "socket", "", "a" },
	{ "a = socket inet raw icmp", "socket", "", "a" },
	{ "gone = socket inet stream", "socket", "", "gone" },
	{ "s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)", "socket", "", "s" },
	{ "s = socket.socket()", "socket", "", "s" },
	{ "s = socket AF_LOCAL SOCK_STREAM 0", "socket", "", "s" },
	{ "s = socket inet stream mptcp", "socket", "", "s" },
	{ "c.bind 127.0.0.1:0", "bind", "c", "" },
	{ "bind :8080", "bind", "c", "" },
	{ "c.bind((\"\", 8080))", "bind", "c", "" },
	{ "c.bind((\"127.0.0.1\", 8080))", "bind", "c", "" },
	{ "x.bind(\"/tmp/a socket\")", "bind", "x", "" },
	{ "x.bind unix:@name", "bind", "x", "" },
	{ "x.bind(\"\\0name\")", "bind", "x", "" },
	{ "ping.connect 127.0.0.1", "connect", "ping", "" },
	{ "srv.listen", "listen", "srv", "" },
	{ "srv.listen(5)", "listen", "srv", "" },
	{ "srv.accept", "accept", "srv", "srv_1" },
	{ "conn, addr = srv.accept()", "accept", "srv", "conn" },
	{ "c.connect [::1]:80 nowait", "connect", "c", "" },
	{ "c.connect host.example:80", "connect", "c", "" },
	{ "c.connect((\"localhost\", 80))", "connect", "c", "" },
	{ "c.connect((\"::1\", 80, 0, 0))", "connect", "c", "" },
	{ "c.connect $srv.local", "connect", "c", "" },
	{ "c.connect $echo.tcp", "connect", "c", "" },
	{ "c.send \"hi\"", "send", "c", "" },
	{ "c.sendall(b\"hi\")", "send", "c", "" },
	{ "n = c.send(b\"hi\")", "send", "c", "n" },
	{ "c.send hex:48656c6c6f", "send", "c", "" },
	{ "c.send zero:10M", "send", "c", "" },
	{ "u.send \"hi\" to 127.0.0.1:53", "send", "u", "" },
	{ "u.sendto(b\"x\", (\"127.0.0.1\", 53))", "sendto", "u", "" },
	{ "c.recv", "recv", "c", "" },
	{ "data = c.recv(1024)", "recv", "c", "data" },
	{ "data, peer = u.recvfrom(4K)", "recv", "u", "data" },
	{ "c.shutdown wr", "shutdown", "c", "" },
	{ "c.shutdown(socket.SHUT_WR)", "shutdown", "c", "" },
	{ "c.shutdown(1)", "shutdown", "c", "" },
	{ "c.close()", "close", "c", "" },
	{ "c.abort", "abort", "c", "" },
	{ "c.setsockopt TCP_NODELAY 1", "setsockopt", "c", "" },
	{ "c.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)", "setsockopt", "c", "" },
	{ "c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)", "setsockopt", "c", "" },
	{ "c.getsockopt SO_RCVBUF", "getsockopt", "c", "" },
	{ "c.settimeout(2)", "settimeout", "c", "" },
	{ "c.settimeout(None)", "settimeout", "c", "" },
	{ "c.expect state ESTABLISHED within 50ms", "expect", "c", "" },
	{ "c.expect state time_wait", "expect", "c", "" },
	{ "c.expect recv \"x\"", "expect", "c", "" },
	{ "c.expect eof", "expect", "c", "" },
	{ "c.expect error ECONNREFUSED", "expect", "c", "" },
	{ "c.expect peer 127.0.0.1:80", "expect", "c", "" },
	{ "c.expect option SO_RCVBUF 4096 within 1s", "expect", "c", "" },
	{ "c.expect packets S S. . [P.] F. R", "expect", "c", "" },
	{ "echo start", "echo", "", "" },
	{ "echo stop", "echo", "", "" },
	{ "echo start 127.0.0.1:7777", "echo", "", "" },
	{ "wait 50ms", "wait", "", "" },
	{ "set timeout 2s", "set", "", "" },
	{ "print it's (all) \"one\" text # too", "print", "", "" },
	{ "print(\"hello\")", "print", "", "" },
	{ "scope mine", "scope", "", "" },
	{ "select srv", "select", "", "" },
	{ "capture any", "capture", "", "" },
	{ "import socket", "import", "", "" },
	{ "bind-key M connect :8080", "bind-key", "", "" },
	{ "bind-key F5 t = socket inet stream", "bind-key", "", "" },
	{ "bind-key C-M-Up quit", "bind-key", "", "" },
	{ "bind-key é quit", "bind-key", "", "" },
	{ "theme light", "theme", "", "" },
	{ "quit", "quit", "", "" },
};

Test(parser, good_lines)
{
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct step st;
		struct err e = { 0 };
		unsigned column = 0;
		int rc = parse(good[i].line, &st, &e, &column);

		cr_expect_eq(rc, 1, "%s: column %u: %s", good[i].line, column, e.text);
		if (rc != 1)
			continue;
		cr_expect_str_eq(st.command->name, good[i].command, "%s", good[i].line);
		cr_expect_str_eq(st.target, good[i].target, "%s: target %s", good[i].line, st.target);
		cr_expect_str_eq(st.made, good[i].made, "%s: made %s", good[i].line, st.made);
		step_free(&st);
	}
}

static const struct {
	const char *line;
	unsigned column;
	const char *words; /* that the sentence holds */
} bad[] = {
	{ "conect 127.0.0.1:80", 1, "did you mean \"connect\"" },
	{ "c.conect 127.0.0.1:80", 1, "connect" },
	{ "nobody.close", 1, "no socket named \"nobody\"" },
	{ "c.connect", 10, "address is missing" },
	{ "c.connect 127.0.0.1", 11, "no port" },
	{ "c.connect 127.0.0.1:70000", 11, "70000" },
	{ "c.connect 127.0.0.1:-1", 11, "port" },
	{ "c.connect 1.2.3.4.5:80", 11, "not an address" },
	{ "c.connect [::1:80", 11, "IPv6" },
	{ "c.connect $nobody.local", 11, "nobody" },
	{ "c.connect $echo.sctp", 11, "echo peer" },
	{ "c.connect 127.0.0.1:80 later", 24, "one word too many" },
	{ "c.send hello", 8, "\"text\"" },
	{ "c.send", 7, "missing" },
	{ "c.send hex:123", 8, "pairs" },
	{ "c.send zero:lots", 8, "zero:" },
	{ "c.send file:/nonexistent/file", 8, "No such file" },
	{ "c.send \"open", 8, "not closed" },
	{ "c = socket inet stream", 1, "in use" },
	{ "bind = socket inet stream", 1, "command's name" },
	{ "9x = socket inet stream", 1, "not a name" },
	{ "a b c = srv.accept", 5, "one name" },
	{ "= socket inet stream", 1, "name is missing" },
	{ "x = c.close", 1, "takes no name" },
	{ "socket ipv4 stream", 8, "inet" },
	{ "socket inet streem", 13, "stream" },
	{ "socket inet stream nonsense", 20, "protocol" },
	{ "c.setsockopt TCP_NODELAI 1", 14, "TCP_NODELAY" },
	{ "c.setsockopt TCP_NODELAY", 25, "value" },
	{ "c.setsockopt TCP_NODELAY maybe", 26, "TCP_NODELAY" },
	{ "c.shutdown both", 12, "rd" },
	{ "c.expect state OPEN", 16, "not a state" },
	{ "c.expect error EWHAT", 16, "not an errno" },
	{ "c.expect packets X", 18, "flags" },
	{ "c.expect packets", 17, "flags are missing" },
	{ "c.expect luck", 10, "cannot be expected" },
	{ "c.expect eof within soon", 21, "not a time" },
	{ "c.recv many", 8, "number of bytes" },
	{ "wait", 5, "time" },
	{ "set nonsense 1", 5, "unknown setting" },
	{ "set timeout never", 13, "timeout" },
	{ "scope everywhere", 7, "not a scope" },
	{ "select nobody", 8, "nobody" },
	{ "echo.close", 1, "no socket" },
	{ "wait.close 1s", 1, "no socket" },
	{ "c.wait 1s", 1, "does not act on a socket" },
	{ "bind-key", 9, "a key and a command" },
	{ "bind-key M nonsense", 9, "unknown command" },
	{ "bind-key nokey quit", 9, "is not a key" },
	{ "bind-key F0 quit", 9, "is not a key" },
	{ "bind-key C- quit", 9, "is not a key" },
	{ "data = 5", 8, "unknown command" },
	{ "with socket.socket() as s:", 1, "unknown command" },
};

Test(parser, bad_lines_are_told_at_their_place)
{
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct step st;
		struct err e = { 0 };
		unsigned column = 0;
		int rc = parse(bad[i].line, &st, &e, &column);

		cr_expect_lt(rc, 0, "%s: accepted", bad[i].line);
		cr_expect_eq(column, bad[i].column, "%s: column %u, want %u (%s)", bad[i].line, column, bad[i].column,
			     e.text);
		cr_expect(strstr(e.text, bad[i].words), "%s: \"%s\" lacks \"%s\"", bad[i].line, e.text, bad[i].words);
		if (rc == 1)
			step_free(&st);
	}
}

Test(parser, slots)
{
	struct step st;
	struct err e;

	cr_assert_eq(parse("c.connect 127.0.0.1:80 nowait", &st, &e, NULL), 1);
	cr_expect(st.nowait);
	cr_expect_eq(st.address.endpoint.port, 80);
	step_free(&st);

	cr_assert_eq(parse("c.send hex:00ff10", &st, &e, NULL), 1);
	cr_expect_eq(st.data.len, 3);
	cr_expect_arr_eq(st.data.bytes, "\x00\xff\x10", 3);
	step_free(&st);

	cr_assert_eq(parse("u.sendto(b\"x\", (\"10.0.0.1\", 53))", &st, &e, NULL), 1);
	cr_expect_eq(st.address.endpoint.family, AF_INET);
	cr_expect_eq(st.address.endpoint.port, 53);
	step_free(&st);

	cr_assert_eq(parse("c.connect((\"::1\", 8080, 0, 0))", &st, &e, NULL), 1);
	cr_expect_eq(st.address.endpoint.family, AF_INET6);
	cr_expect_eq(st.address.endpoint.port, 8080);
	step_free(&st);

	cr_assert_eq(parse("x.bind(\"\\0name\")", &st, &e, NULL), 1);
	cr_expect_eq(st.address.endpoint.family, AF_UNIX);
	cr_expect_eq(st.address.endpoint.path_len, 5);
	cr_expect_arr_eq(st.address.endpoint.path, "\0name", 5);
	step_free(&st);

	cr_assert_eq(parse("c.expect packets S S. . within 250ms", &st, &e, NULL), 1);
	cr_expect_eq(st.flag_count, 3);
	cr_expect_eq(st.flags[1], 0x12);
	cr_expect_eq(st.within_ns, 250000000);
	step_free(&st);

	cr_assert_eq(parse("print  spaces   stay # this too", &st, &e, NULL), 1);
	cr_expect_str_eq(st.rest, "spaces   stay # this too");
	step_free(&st);

	cr_assert_eq(parse("print(\"a\\nb\")", &st, &e, NULL), 1);
	cr_expect_str_eq(st.rest, "a\nb");
	step_free(&st);

	cr_assert_eq(parse("socket inet raw", &st, &e, NULL), 1);
	cr_expect_eq(st.protocol, IPPROTO_ICMP);
	step_free(&st);
}

Test(parser, names_are_kept_while_reading)
{
	static const char *const lines[] = {
		"socket inet stream",
		"socket inet stream",
		"listen",
		"accept",
		"close",
		"tcp2_1 = socket inet dgram",
		"tcp2.accept",
		"tcp2.close",
		"tcp2.expect state CLOSED",
	};
	static const char *const made[] = { "tcp1", "tcp2", "", "tcp2_1", "", "tcp2_1", "tcp2_2", "", "" };
	struct symbols s = { 0 };

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct step st;
		struct err e = { 0 };
		unsigned column;

		cr_assert_eq(parse_line(lines[i], NULL, &s, &st, &e, &column), 1, "%s: %s", lines[i], e.text);
		cr_expect_str_eq(st.made, made[i], "%s made %s", lines[i], st.made);
		step_free(&st);
	}
	symbols_done(&s);
}

Test(parser, without_a_socket_there_is_none_to_act_on)
{
	struct symbols s = { 0 };
	struct step st;
	struct err e;
	unsigned column;

	cr_expect_lt(parse_line("close", NULL, &s, &st, &e, &column), 0);
	cr_expect(strstr(e.text, "no socket yet"));
}
