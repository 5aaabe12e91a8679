/* Socket options: the table, what values may look like, and the round trip through the kernel on
 * real sockets. */
#include "lab/option.h"

#include "util/buf.h"
#include "util/err.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <linux/tcp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Criterion runs each case in a process of its own: parameters are row numbers. */
#define ROWS(suite, name, array)                                    \
	ParameterizedTestParameters(suite, name)                    \
	{                                                           \
		static int row[COUNT(array)];                       \
		for (size_t i = 0; i < COUNT(array); i++)           \
			row[i] = (int)i;                            \
		return cr_make_param_array(int, row, COUNT(array)); \
	}                                                           \
	ParameterizedTest(const int *at, suite, name)

/* --- the table --- */

Test(option_table, every_row_is_complete)
{
	for (const struct option_row *o = options; o->name; o++) {
		cr_assert(strchr(o->name, '_'), "%s has no prefix", o->name);
		cr_assert(o->level_name && o->unit && o->on && o->man && o->help, "%s lacks a word", o->name);
		cr_assert(strlen(o->help) > 10 && o->help[strlen(o->help) - 1] != '.', "%s: help", o->name);
		cr_assert(strstr(o->man, "(7)"), "%s: %s", o->name, o->man);
		cr_assert(o->use & OPTION_BOTH, "%s: use", o->name);
		cr_assert(o->least <= o->most, "%s: range", o->name);
		cr_assert(o->type != OPTION_ENUM || o->words, "%s: words", o->name);
		cr_assert(!o->privilege || !strncmp(o->privilege, "CAP_", 4), "%s: privilege", o->name);
		cr_assert(strlen(o->help) <= 120, "%s: help of %zu characters", o->name, strlen(o->help));
	}
}

Test(option_table, names_and_numbers_are_unique)
{
	for (const struct option_row *a = options; a->name; a++)
		for (const struct option_row *b = a + 1; b->name; b++) {
			cr_assert(strcasecmp(a->name, b->name), "%s twice", a->name);
			cr_assert(!b->alias || strcasecmp(a->name, b->alias), "%s is an alias, too", a->name);
			cr_assert(a->level != b->level || a->number != b->number, "%s is %s", a->name, b->name);
		}
}

Test(option_table, every_spelling_finds_its_row)
{
	for (const struct option_row *o = options; o->name; o++) {
		const struct option_row *bare = option_find(strchr(o->name, '_') + 1);
		char text[80];

		cr_assert_eq(option_find(o->name), o);
		snprintf(text, sizeof text, "socket.%s", o->name);
		cr_assert_eq(option_find(text), o, "%s", text);
		for (char *p = text; *p; p++)
			if (*p >= 'A' && *p <= 'Z')
				*p = (char)(*p + 'a' - 'A');
		cr_assert_eq(option_find(text + 7), o, "%s", text + 7);
		cr_assert(bare && bare <= o, "%s without its prefix", o->name);
	}
	cr_assert_eq(option_find("nodelay"), option_find("TCP_NODELAY"));
	cr_assert_eq(option_find("IPV6_ADD_MEMBERSHIP"), option_find("IPV6_JOIN_GROUP"));
	cr_assert_eq(option_find("multicast_loop"), option_find("IP_MULTICAST_LOOP"));
}

Test(option_table, unknown_names)
{
	static const char *const names[] = { "", "_", "SO_", "NODELAY ", "socket.", "SO_REUSEADDR2", "TCP" };

	for (size_t i = 0; i < COUNT(names); i++)
		cr_assert_null(option_find(names[i]), "\"%s\"", names[i]);
}

Test(option_table, fits)
{
	static const struct {
		const char *name;
		int family, type, protocol;
		bool fits;
	} cases[] = {
		{ "TCP_NODELAY", AF_INET, SOCK_STREAM, IPPROTO_TCP, true },
		{ "TCP_NODELAY", AF_INET6, SOCK_STREAM, 0, true },
		{ "TCP_NODELAY", AF_INET, SOCK_DGRAM, 0, false },
		{ "TCP_NODELAY", AF_UNIX, SOCK_STREAM, 0, false },
		{ "SO_PEERCRED", AF_UNIX, SOCK_STREAM, 0, true },
		{ "SO_PEERCRED", AF_INET, SOCK_STREAM, 0, false },
		{ "SO_RCVBUF", AF_UNIX, SOCK_DGRAM, 0, true },
		{ "IP_TTL", AF_INET, SOCK_RAW, IPPROTO_ICMP, true },
		{ "IP_TTL", AF_INET6, SOCK_STREAM, 0, false },
		{ "IPV6_V6ONLY", AF_INET6, SOCK_DGRAM, 0, true },
		{ "IPV6_V6ONLY", AF_INET, SOCK_DGRAM, 0, false },
		{ "IP_HDRINCL", AF_INET, SOCK_RAW, IPPROTO_RAW, true },
		{ "IP_HDRINCL", AF_INET, SOCK_DGRAM, 0, false },
		{ "IP_ADD_MEMBERSHIP", AF_INET, SOCK_DGRAM, IPPROTO_UDP, true },
		{ "IP_ADD_MEMBERSHIP", AF_INET, SOCK_STREAM, IPPROTO_TCP, false },
		{ "IPV6_JOIN_GROUP", AF_INET6, SOCK_DGRAM, IPPROTO_UDP, true },
		{ "SO_MARK", AF_UNIX, SOCK_STREAM, 0, false },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		cr_assert_eq(option_fits(option_find(cases[i].name), cases[i].family, cases[i].type, cases[i].protocol),
			     cases[i].fits, "%s on %d/%d", cases[i].name, cases[i].family, cases[i].type);
}

/* --- values --- */

static const struct number_case {
	const char *option, *text;
	int number;
} numbers[] = {
	{ "SO_REUSEADDR", "1", 1 },
	{ "SO_REUSEADDR", "0", 0 },
	{ "SO_REUSEADDR", "on", 1 },
	{ "SO_REUSEADDR", "OFF", 0 },
	{ "SO_REUSEADDR", "True", 1 },
	{ "SO_REUSEADDR", "False", 0 },
	{ "SO_REUSEADDR", "yes", 1 },
	{ "TCP_NODELAY", "no", 0 },
	{ "SO_RCVBUF", "65536", 65536 },
	{ "SO_RCVBUF", "64K", 65536 },
	{ "SO_RCVBUF", "1M", 1048576 },
	{ "SO_RCVBUF", "0x1000", 4096 },
	{ "TCP_KEEPIDLE", "1", 1 },
	{ "TCP_KEEPIDLE", "32767", 32767 },
	{ "TCP_KEEPIDLE", "2m", 120 },
	{ "TCP_KEEPIDLE", "10s", 10 },
	{ "TCP_KEEPIDLE", "1500ms", 2 },
	{ "TCP_USER_TIMEOUT", "2s", 2000 },
	{ "TCP_USER_TIMEOUT", "250", 250 },
	{ "TCP_LINGER2", "-1", -1 },
	{ "IP_TTL", "64", 64 },
	{ "IP_TTL", "-1", -1 },
	{ "IP_TOS", "ef", 0xb8 },
	{ "IP_TOS", "0x10", 16 },
	{ "IP_TOS", "IPTOS_LOWDELAY", 16 },
	{ "IPV6_TCLASS", "AF41", 0x88 },
	{ "SO_MARK", "4294967295", -1 },
	{ "SO_MARK", "0x80000000", INT32_MIN },
	{ "IP_MTU_DISCOVER", "do", 2 },
	{ "IP_MTU_DISCOVER", "IP_PMTUDISC_DONT", 0 },
	{ "IP_MTU_DISCOVER", "1", 1 },
	{ "SO_INCOMING_CPU", "-1", -1 },
	{ "IPV6_MULTICAST_IF", "lo", 1 },
	{ "IPV6_MULTICAST_IF", "none", 0 },
	{ "IPV6_MULTICAST_IF", "7", 7 },
};

ROWS(option_parse, numbers, numbers)
{
	const struct number_case *c = &numbers[*at];
	const struct option_row *o = option_find(c->option);
	struct option_value v;
	struct err e;

	cr_assert_eq(option_parse(o, c->text, &v, &e), 0, "%s %s: %s", c->option, c->text, e.text);
	cr_assert_eq(v.len, sizeof(int));
	cr_assert_eq(v.number, c->number, "%s %s is %d", c->option, c->text, v.number);
}

static const struct bad_case {
	const char *option, *text;
	int code;
	const char *sentence; /* NULL: any that names the option and the text */
} bad[] = {
	{ "TCP_KEEPIDLE", "abc", EINVAL, "TCP_KEEPIDLE takes 1 to 32767 seconds, not \"abc\"" },
	{ "TCP_KEEPIDLE", "0", ERANGE, "TCP_KEEPIDLE takes 1 to 32767 seconds, not \"0\"" },
	{ "TCP_KEEPIDLE", "32768", ERANGE, NULL },
	{ "TCP_KEEPIDLE", "9223372036854775807", ERANGE, NULL },
	{ "TCP_KEEPIDLE", "92233720368547758080", EINVAL, NULL },
	{ "TCP_KEEPIDLE", "", EINVAL, NULL },
	{ "TCP_KEEPIDLE", "1 2", EINVAL, NULL },
	{ "SO_REUSEADDR", "2", EINVAL, "SO_REUSEADDR takes 1 or 0 (on or off), not \"2\"" },
	{ "SO_REUSEADDR", "", EINVAL, NULL },
	{ "SO_RCVBUF", "-1", ERANGE, NULL },
	{ "SO_RCVBUF", "4G", ERANGE, NULL },
	{ "SO_RCVBUF", "64KB", EINVAL, NULL },
	{ "SO_MARK", "-1", ERANGE, NULL },
	{ "SO_MARK", "4294967296", ERANGE, NULL },
	{ "IP_TTL", "256", ERANGE, NULL },
	{ "IP_TTL", "4294967295", ERANGE, NULL },
	{ "IP_TTL", "64s", EINVAL, NULL },
	{ "SO_LINGER", "", EINVAL, NULL },
	{ "SO_LINGER", "abc", EINVAL, NULL },
	{ "SO_LINGER", "-1", ERANGE, NULL },
	{ "SO_LINGER", "2,0", ERANGE, NULL },
	{ "SO_RCVTIMEO", "soon", EINVAL, "SO_RCVTIMEO takes a duration (2s, 500ms; 0: for ever), not \"soon\"" },
	{ "SO_RCVTIMEO", "-1s", EINVAL, NULL },
	{ "SO_RCVTIMEO", "", EINVAL, NULL },
	{ "SO_RCVTIMEO", "1 1000000", ERANGE, NULL },
	{ "SO_BINDTODEVICE", "a-name-of-16-char", ERANGE, NULL },
	{ "TCP_CONGESTION", "0123456789abcdef", ERANGE, NULL },
	{ "IP_MTU_DISCOVER", "perhaps", EINVAL,
	  "IP_MTU_DISCOVER takes dont, want, do, probe, interface or omit, not \"perhaps\"" },
	{ "IP_ADD_MEMBERSHIP", "10.0.0.1", ERANGE, NULL },
	{ "IP_ADD_MEMBERSHIP", "ff02::1", EINVAL, NULL },
	{ "IP_ADD_MEMBERSHIP", "", EINVAL, NULL },
	{ "IP_ADD_MEMBERSHIP", "224.0.0.1 lo lo", EINVAL, NULL },
	{ "IP_ADD_MEMBERSHIP", "224.0.0.1 nowhere0", ENODEV, NULL },
	{ "IPV6_JOIN_GROUP", "::1", ERANGE, NULL },
	{ "IPV6_JOIN_GROUP", "224.0.0.1", EINVAL, NULL },
	{ "IPV6_JOIN_GROUP", "ff02::1%nowhere0", ENODEV, NULL },
	{ "IP_MULTICAST_IF", "nowhere0", ENODEV, NULL },
	{ "IPV6_MULTICAST_IF", "nowhere0", ENODEV, NULL },
	{ "SO_TYPE", "stream", EINVAL, "SO_TYPE can only be read" },
	{ "TCP_INFO", "1", EINVAL, "TCP_INFO can only be read" },
};

ROWS(option_parse, refused, bad)
{
	const struct bad_case *c = &bad[*at];
	const struct option_row *o = option_find(c->option);
	struct option_value v = { .len = 77 };
	struct err e = { 0 };

	cr_assert_eq(option_parse(o, c->text, &v, &e), -c->code, "%s %s: %s", c->option, c->text, e.text);
	cr_assert_eq(e.code, c->code);
	cr_assert_eq(v.len, 77, "touched");
	cr_assert(strstr(e.text, c->option), "%s", e.text);
	if (c->sentence)
		cr_assert_str_eq(e.text, c->sentence);
	else if (strcmp(c->option, "SO_TYPE") && strcmp(c->option, "TCP_INFO"))
		cr_assert(strstr(e.text, c->text), "%s", e.text);
	cr_assert_eq(option_parse(o, c->text, &v, NULL), -c->code);
}

Test(option_parse, no_text_does_harm)
{
	static const char *const texts[] = {
		"",
		" ",
		"%",
		",",
		"1,",
		",1",
		"struct.pack",
		"struct.pack ",
		"struct.pack ii",
		"struct.pack ii ",
		"struct.pack ii 1",
		"_",
		"a_",
		"-",
		"0x",
		"99999999999999999999999999",
		"1e999",
		"\xff\xfe",
		"nan",
		"inf",
		/* as long as nothing should be */
		("000000000000000000000000000000000000000000000000000000000000000000000000000000"
		 "000000000000000000000000000000000000000000000000000000000000000000000000000001"),
	};

	for (const struct option_row *o = options; o->name; o++)
		for (size_t i = 0; i < COUNT(texts); i++) {
			struct option_value v;
			struct err e;

			option_parse(o, texts[i], &v, &e);
			option_equal(o, texts[i], texts[COUNT(texts) - 1 - i]);
			option_equal(o, "1", texts[i]);
		}
}

Test(option_parse, linger)
{
	static const struct {
		const char *text;
		struct linger l;
	} cases[] = {
		{ "off", { 0, 0 } }, { "0", { 1, 0 } },     { "5", { 1, 5 } },    { "5s", { 1, 5 } },
		{ "1,0", { 1, 0 } }, { "1 30", { 1, 30 } }, { "0 30", { 0, 0 } }, { "struct.pack ii 1 0", { 1, 0 } },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct option_value v;
		struct linger l;

		cr_assert_eq(option_parse(option_find("SO_LINGER"), cases[i].text, &v, NULL), 0, "%s", cases[i].text);
		cr_assert_eq(v.len, sizeof l);
		memcpy(&l, v.bytes, sizeof l);
		cr_assert(l.l_onoff == cases[i].l.l_onoff && l.l_linger == cases[i].l.l_linger, "%s", cases[i].text);
	}
}

Test(option_parse, durations)
{
	static const struct {
		const char *text;
		long seconds, us;
	} cases[] = {
		{ "2s", 2, 0 },
		{ "500ms", 0, 500000 },
		{ "1.5s", 1, 500000 },
		{ "0", 0, 0 },
		{ "off", 0, 0 },
		{ "3", 3, 0 },
		{ "1m", 60, 0 },
		{ "1ns", 0, 1 },
		{ "2 5", 2, 5 },
		{ "100us", 0, 100 },
		{ "struct.pack ll 2 7", 2, 7 },
		{ "999999999ns", 1, 0 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct option_value v;
		struct timeval t;

		cr_assert_eq(option_parse(option_find("SO_RCVTIMEO"), cases[i].text, &v, NULL), 0, "%s", cases[i].text);
		memcpy(&t, v.bytes, sizeof t);
		cr_assert(t.tv_sec == cases[i].seconds && t.tv_usec == cases[i].us, "%s: %ld %ld", cases[i].text,
			  (long)t.tv_sec, (long)t.tv_usec);
	}
}

Test(option_parse, groups)
{
	static const struct {
		const char *text, *group, *address;
		int interface;
	} cases[] = {
		{ "224.0.0.251", "224.0.0.251", "0.0.0.0", 0 },
		{ "224.0.0.251 lo", "224.0.0.251", "0.0.0.0", 1 },
		{ "224.0.0.251 127.0.0.1", "224.0.0.251", "127.0.0.1", 0 },
		{ "239.1.2.3 1", "239.1.2.3", "0.0.0.0", 1 },
		{ "struct.pack 4sl socket.inet_aton 224.1.1.1 socket.INADDR_ANY", "224.1.1.1", "0.0.0.0", 0 },
		{ "struct.pack 4s4s inet_aton 224.1.1.1 inet_aton 10.0.0.1", "224.1.1.1", "10.0.0.1", 0 },
	};
	struct ipv6_mreq six;
	struct option_value v;
	char text[64];

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ip_mreqn m;

		cr_assert_eq(option_parse(option_find("IP_ADD_MEMBERSHIP"), cases[i].text, &v, NULL), 0, "%s",
			     cases[i].text);
		memcpy(&m, v.bytes, sizeof m);
		cr_assert_str_eq(inet_ntop(AF_INET, &m.imr_multiaddr, text, sizeof text), cases[i].group);
		cr_assert_str_eq(inet_ntop(AF_INET, &m.imr_address, text, sizeof text), cases[i].address);
		cr_assert_eq(m.imr_ifindex, cases[i].interface);
	}
	cr_assert_eq(option_parse(option_find("IPV6_JOIN_GROUP"), "ff02::fb%lo", &v, NULL), 0);
	memcpy(&six, v.bytes, sizeof six);
	cr_assert_eq(six.ipv6mr_interface, 1);
	cr_assert_str_eq(inet_ntop(AF_INET6, &six.ipv6mr_multiaddr, text, sizeof text), "ff02::fb");
}

/* --- comparing --- */

static const struct equal_case {
	const char *option, *got, *wanted;
	bool same;
} equal[] = {
	{ "TCP_NODELAY", "1", "on", true },
	{ "TCP_NODELAY", "1", "True", true },
	{ "TCP_NODELAY", "0", "on", false },
	{ "TCP_NODELAY", "1", "maybe", false },
	{ "SO_RCVBUF", "131072", "128K", true },
	{ "SO_RCVBUF", "131072", "64K", false },
	{ "TCP_MAXSEG", "65483", "65483", true },
	{ "TCP_KEEPIDLE", "120", "2m", true },
	{ "SO_LINGER", "off", "0,0", true },
	{ "SO_LINGER", "0", "1,0", true },
	{ "SO_LINGER", "off", "0", false },
	{ "SO_RCVTIMEO", "2s", "2000ms", true },
	{ "SO_RCVTIMEO", "4ms", "1ms", true },
	{ "SO_RCVTIMEO", "0", "1ms", false },
	{ "SO_RCVTIMEO", "4ms", "0", false },
	{ "SO_RCVTIMEO", "1ms", "2ms", false },
	{ "SO_RCVTIMEO", "0", "off", true },
	{ "TCP_CONGESTION", "cubic", "cubic", true },
	{ "TCP_CONGESTION", "cubic", "reno", false },
	{ "SO_BINDTODEVICE", "none", "", true },
	{ "SO_BINDTODEVICE", "none", "lo", false },
	{ "IP_TOS", "184", "ef", true },
	{ "IP_MTU_DISCOVER", "do", "IP_PMTUDISC_DO", true },
	{ "IP_MTU_DISCOVER", "do", "2", true },
	{ "SO_TYPE", "stream", "SOCK_STREAM", true },
	{ "SO_TYPE", "stream", "dgram", false },
	{ "SO_DOMAIN", "inet6", "AF_INET6", true },
	{ "SO_ERROR", "0", "0", true },
	{ "SO_ERROR", "ECONNREFUSED", "111", true },
	{ "SO_ERROR", "ECONNREFUSED", "ECONNREFUSED", true },
	{ "SO_ERROR", "0", "ECONNREFUSED", false },
	{ "SO_COOKIE", "0x1f", "31", true },
	{ "SO_COOKIE", "0x1f", "0x1e", false },
	{ "SO_PEERCRED", "pid=1 uid=0 gid=0", "uid=0", true },
	{ "SO_PEERCRED", "pid=1 uid=0 gid=0", "gid=0 pid=1", true },
	{ "SO_PEERCRED", "pid=1 uid=0 gid=0", "uid=00", false },
	{ "SO_PEERCRED", "pid=1 uid=0 gid=0", "", false },
	{ "TCP_INFO", "state=ESTABLISHED ca_state=open", "state=established", true },
	{ "TCP_INFO", "state=ESTABLISHED ca_state=open", "state=open", false },
	{ "TCP_INFO", "state=ESTABLISHED ca_state=open", "tate=ESTABLISHED", false },
	{ "IP_MULTICAST_IF", "0.0.0.0", "none", true },
	{ "IPV6_MULTICAST_IF", "lo", "1", true },
};

ROWS(option_equal, cases, equal)
{
	const struct equal_case *c = &equal[*at];

	cr_assert_eq(option_equal(option_find(c->option), c->got, c->wanted), c->same, "%s: \"%s\" and \"%s\"",
		     c->option, c->got, c->wanted);
}

/* --- on real sockets --- */

enum kind { TCP4, TCP6, UDP4, UDP6, RAW4, ICMP4, UNIX, KINDS };

static const struct {
	int family, type, protocol;
} kinds[KINDS] = {
	[TCP4] = { AF_INET, SOCK_STREAM, IPPROTO_TCP }, [TCP6] = { AF_INET6, SOCK_STREAM, IPPROTO_TCP },
	[UDP4] = { AF_INET, SOCK_DGRAM, IPPROTO_UDP },  [UDP6] = { AF_INET6, SOCK_DGRAM, IPPROTO_UDP },
	[RAW4] = { AF_INET, SOCK_RAW, IPPROTO_UDP },    [ICMP4] = { AF_INET, SOCK_RAW, IPPROTO_ICMP },
	[UNIX] = { AF_UNIX, SOCK_STREAM, 0 },
};

static int make(enum kind k)
{
	int fd = socket(kinds[k].family, kinds[k].type | SOCK_CLOEXEC, kinds[k].protocol);

	if (fd < 0 && (errno == EPERM || errno == EACCES || errno == EAFNOSUPPORT))
		cr_skip_test("this kind of socket cannot be made here: %s", strerror(errno));
	cr_assert(fd >= 0, "%s", strerror(errno));
	return fd;
}

static const struct round_trip {
	const char *option;
	enum kind kind;
	const char *set, *get;
} trips[] = {
	{ "SO_REUSEADDR", TCP4, "on", "1" },
	{ "SO_REUSEPORT", UDP4, "1", "1" },
	{ "SO_KEEPALIVE", TCP4, "1", "1" },
	{ "SO_LINGER", TCP4, "0", "0" },
	{ "SO_LINGER", TCP4, "off", "off" },
	{ "SO_LINGER", TCP6, "30", "30" },
	{ "SO_RCVBUF", TCP4, "64K", "131072" },
	{ "SO_SNDBUF", UDP4, "32768", "65536" },
	{ "SO_BROADCAST", UDP4, "1", "1" },
	{ "SO_BINDTODEVICE", UDP4, "lo", "lo" },
	{ "SO_BINDTODEVICE", TCP6, "none", "none" },
	{ "SO_MARK", UDP4, "0xffffffff", "4294967295" },
	{ "SO_PRIORITY", TCP4, "6", "6" },
	{ "SO_RCVTIMEO", TCP4, "2s", "2s" },
	{ "SO_SNDTIMEO", UNIX, "500ms", "500ms" },
	{ "SO_RCVTIMEO", UDP6, "1.5s", "1500ms" },
	{ "SO_RCVTIMEO", UDP6, "0", "0" },
	{ "SO_RCVLOWAT", TCP4, "100", "100" },
	{ "SO_INCOMING_CPU", UDP4, "0", "0" },
	{ "SO_PASSCRED", UNIX, "1", "1" },
	{ "SO_TIMESTAMP", UDP4, "1", "1" },
	{ "SO_TIMESTAMPNS", UDP4, "1", "1" },
	{ "SO_OOBINLINE", TCP4, "1", "1" },
	{ "SO_DONTROUTE", UDP4, "1", "1" },
	{ "SO_BUSY_POLL", UDP4, "50", "50" },
	{ "TCP_NODELAY", TCP4, "1", "1" },
	{ "TCP_CORK", TCP6, "1", "1" },
	{ "TCP_MAXSEG", TCP4, "1000", "1000" },
	{ "TCP_KEEPIDLE", TCP4, "2m", "120" },
	{ "TCP_KEEPINTVL", TCP4, "10", "10" },
	{ "TCP_KEEPCNT", TCP4, "3", "3" },
	{ "TCP_SYNCNT", TCP4, "2", "2" },
	{ "TCP_LINGER2", TCP4, "10", "10" },
	{ "TCP_LINGER2", TCP4, "-1", "-1" },
	{ "TCP_DEFER_ACCEPT", TCP4, "1", "1" },
	{ "TCP_USER_TIMEOUT", TCP4, "5s", "5000" },
	{ "TCP_QUICKACK", TCP4, "0", "0" },
	{ "TCP_CONGESTION", TCP4, "reno", "reno" },
	{ "TCP_FASTOPEN", TCP4, "5", "5" },
	{ "TCP_FASTOPEN_CONNECT", TCP4, "1", "1" },
	{ "TCP_NOTSENT_LOWAT", TCP4, "16K", "16384" },
	{ "TCP_NOTSENT_LOWAT", TCP4, "4294967295", "4294967295" },
	{ "TCP_WINDOW_CLAMP", TCP4, "64K", "65536" },
	{ "IP_TTL", TCP4, "42", "42" },
	{ "IP_TOS", UDP4, "ef", "184" },
	{ "IP_MTU_DISCOVER", UDP4, "do", "do" },
	{ "IP_MULTICAST_TTL", UDP4, "4", "4" },
	{ "IP_MULTICAST_LOOP", UDP4, "0", "0" },
	{ "IP_MULTICAST_IF", UDP4, "127.0.0.1", "127.0.0.1" },
	{ "IP_MULTICAST_IF", UDP4, "lo", "0.0.0.0" },
	{ "IP_TRANSPARENT", TCP4, "1", "1" },
	{ "IP_FREEBIND", TCP4, "1", "1" },
	{ "IP_BIND_ADDRESS_NO_PORT", TCP4, "1", "1" },
	{ "IP_HDRINCL", RAW4, "1", "1" },
	{ "ICMP_FILTER", ICMP4, "but-replies", "-2" },
	{ "ICMP_FILTER", ICMP4, "0", "0" },
	{ "IP_RECVERR", UDP4, "1", "1" },
	{ "IP_PKTINFO", UDP4, "1", "1" },
	{ "IPV6_V6ONLY", TCP6, "1", "1" },
	{ "IPV6_UNICAST_HOPS", UDP6, "3", "3" },
	{ "IPV6_MULTICAST_HOPS", UDP6, "7", "7" },
	{ "IPV6_MULTICAST_LOOP", UDP6, "0", "0" },
	{ "IPV6_MULTICAST_IF", UDP6, "lo", "lo" },
	{ "IPV6_TCLASS", UDP6, "cs1", "32" },
	{ "IPV6_RECVPKTINFO", UDP6, "1", "1" },
};

ROWS(option_real, round_trip, trips)
{
	const struct round_trip *t = &trips[*at];
	const struct option_row *o = option_find(t->option);
	struct buf got = { 0 };
	struct option_value v;
	struct err e = { 0 };
	int fd = make(t->kind), rc;

	cr_assert(option_fits(o, kinds[t->kind].family, kinds[t->kind].type, kinds[t->kind].protocol));
	cr_assert_eq(option_parse(o, t->set, &v, &e), 0, "%s", e.text);
	rc = option_set(fd, o, &v);
	if (rc == -EPERM && o->privilege)
		cr_skip_test("%s needs %s", o->name, o->privilege);
	if (rc == -ENOPROTOOPT || (rc == -ENOENT && !strcmp(t->option, "TCP_CONGESTION")))
		cr_skip_test("this kernel lacks %s", o->name);
	cr_assert_eq(rc, 0, "%s %s: %s", o->name, t->set, strerror(-rc));
	rc = option_get(fd, o, &got);
	cr_assert_eq(rc, 0, "%s: %s", o->name, strerror(-rc));
	cr_assert_str_eq(buf_text(&got), t->get, "%s is %s", o->name, buf_text(&got));
	/* What was read can be written again. */
	cr_assert_eq(option_parse(o, buf_text(&got), &v, &e), 0, "%s", e.text);
	cr_assert(option_equal(o, buf_text(&got), t->get));
	buf_done(&got);
	close(fd);
}

/* Every settable option is in the list above or is one of these, which have tests of their own. */
Test(option_real, every_settable_option_has_a_round_trip)
{
	static const char *const others[] = { "SO_RCVBUFFORCE",    "SO_SNDBUFFORCE",
					      "IP_ADD_MEMBERSHIP", "IP_DROP_MEMBERSHIP",
					      "IPV6_JOIN_GROUP",   "IPV6_LEAVE_GROUP",
					      "IPV6_MTU" };

	for (const struct option_row *o = options; o->name; o++) {
		bool there = !(o->use & OPTION_SET);

		for (size_t i = 0; i < COUNT(trips); i++)
			there |= !strcmp(trips[i].option, o->name);
		for (size_t i = 0; i < COUNT(others); i++)
			there |= !strcmp(others[i], o->name);
		cr_assert(there, "%s has no test", o->name);
	}
}

/* Whatever a fitting socket answers, it answers as text that can be compared with itself; nothing
 * is EFAULT. */
Test(option_real, every_option_reads_on_every_fitting_socket)
{
	for (int k = 0; k < KINDS; k++) {
		int fd = socket(kinds[k].family, kinds[k].type | SOCK_CLOEXEC, kinds[k].protocol);

		if (fd < 0)
			continue;
		for (const struct option_row *o = options; o->name; o++) {
			struct buf got = { 0 };
			int rc;

			if (!option_fits(o, kinds[k].family, kinds[k].type, kinds[k].protocol))
				continue;
			rc = option_get(fd, o, &got);
			if (!(o->use & OPTION_GET))
				cr_assert_eq(rc, -ENOPROTOOPT, "%s", o->name);
			else
				cr_assert(rc == 0 || rc == -ENOTCONN || rc == -ENOPROTOOPT || rc == -EOPNOTSUPP,
					  "%s: %s", o->name, strerror(-rc));
			if (!rc)
				cr_assert(got.len && option_equal(o, got.data, got.data), "%s \"%s\"", o->name,
					  buf_text(&got));
			buf_clear(&got);
			option_suggest(fd, o, &got);
			cr_assert(!(o->use & OPTION_SET) || got.len, "%s suggests nothing", o->name);
			buf_done(&got);
		}
		close(fd);
	}
}

static void expect_value(int fd, const char *option, const char *wanted)
{
	const struct option_row *o = option_find(option);
	struct buf got = { 0 };
	int rc = option_get(fd, o, &got);

	cr_assert_eq(rc, 0, "%s: %s", option, strerror(-rc));
	cr_assert(option_equal(o, buf_text(&got), wanted), "%s is \"%s\", not \"%s\"", option, buf_text(&got), wanted);
	buf_done(&got);
}

static int set(int fd, const char *option, const char *text)
{
	const struct option_row *o = option_find(option);
	struct option_value v;
	struct err e;

	cr_assert_eq(option_parse(o, text, &v, &e), 0, "%s", e.text);
	return option_set(fd, o, &v);
}

/* A connected pair over the loopback. */
static void connect_pair(int family, int pair[2])
{
	struct sockaddr_storage at = { .ss_family = (sa_family_t)family };
	socklen_t len = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
	int listener = socket(family, SOCK_STREAM, 0);

	if (family == AF_INET)
		((struct sockaddr_in *)&at)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		((struct sockaddr_in6 *)&at)->sin6_addr = in6addr_loopback;
	if (listener < 0 || bind(listener, (struct sockaddr *)&at, len))
		cr_skip_test("no loopback of this family: %s", strerror(errno));
	cr_assert_eq(listen(listener, 1), 0);
	cr_assert_eq(getsockname(listener, (struct sockaddr *)&at, &len), 0);
	pair[0] = socket(family, SOCK_STREAM, 0);
	if (connect(pair[0], (struct sockaddr *)&at, len))
		cr_skip_test("the loopback is down: %s", strerror(errno));
	pair[1] = accept(listener, NULL, NULL);
	cr_assert(pair[1] >= 0);
	expect_value(listener, "SO_ACCEPTCONN", "1");
	close(listener);
}

Test(option_real, of_a_connection)
{
	struct buf got = { 0 };
	int pair[2];

	connect_pair(AF_INET, pair);
	expect_value(pair[0], "TCP_INFO", "state=ESTABLISHED");
	expect_value(pair[0], "SO_TYPE", "stream");
	expect_value(pair[0], "SO_DOMAIN", "AF_INET");
	expect_value(pair[0], "SO_PROTOCOL", "tcp");
	expect_value(pair[0], "SO_ERROR", "0");
	expect_value(pair[0], "SO_ACCEPTCONN", "off");
	cr_assert_eq(option_get(pair[0], option_find("IP_MTU"), &got), 0);
	buf_clear(&got);
	cr_assert_eq(option_get(pair[0], option_find("TCP_INFO"), &got), 0);
	cr_assert(strstr(got.data, " rtt_us=") && strstr(got.data, " snd_cwnd=") && strstr(got.data, "bytes_sent=0"),
		  "%s", got.data);
	buf_done(&got);
	close(pair[0]);
	close(pair[1]);
}

Test(option_real, of_a_connection_over_ipv6)
{
	int pair[2];

	connect_pair(AF_INET6, pair);
	expect_value(pair[0], "SO_DOMAIN", "inet6");
	cr_assert_eq(set(pair[0], "IPV6_MTU", "1280"), 0);
	cr_assert_eq(set(pair[0], "IP_TTL", "9"), 0); /* Linux takes IPv4's options on an IPv6 socket, too */
	close(pair[0]);
	close(pair[1]);
}

Test(option_real, a_pending_error_is_read_once)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) }, .sin_port = htons(1) };
	int fd = make(UDP4);

	cr_assert_eq(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	if (send(fd, "x", 1, 0) != 1)
		cr_skip_test("the loopback is down");
	expect_value(fd, "SO_ERROR", "ECONNREFUSED");
	expect_value(fd, "SO_ERROR", "0");
	close(fd);
}

Test(option_real, groups_are_joined_and_left)
{
	int fd = make(UDP4), six = make(UDP6), rc;

	rc = set(fd, "IP_ADD_MEMBERSHIP", "239.1.2.3 lo");
	if (rc == -ENODEV)
		cr_skip_test("the loopback is down");
	cr_assert_eq(rc, 0, "%s", strerror(-rc));
	cr_assert_eq(set(fd, "IP_ADD_MEMBERSHIP", "239.1.2.3 lo"), -EADDRINUSE);
	cr_assert_eq(set(fd, "IP_DROP_MEMBERSHIP", "239.1.2.3 lo"), 0);
	cr_assert_eq(set(fd, "IP_DROP_MEMBERSHIP", "239.1.2.3 lo"), -EADDRNOTAVAIL);
	cr_assert_eq(set(fd, "IP_ADD_MEMBERSHIP", "239.1.2.3 127.0.0.1"), 0);
	cr_assert_eq(set(six, "IPV6_JOIN_GROUP", "ff02::1234%lo"), 0);
	cr_assert_eq(set(six, "IPV6_LEAVE_GROUP", "ff02::1234%lo"), 0);
	close(fd);
	close(six);
}

Test(option_real, buffers_by_force)
{
	int fd = make(UDP4), rc = set(fd, "SO_RCVBUFFORCE", "64M");
	struct buf got = { 0 };

	if (rc == -EPERM)
		cr_skip_test("SO_RCVBUFFORCE needs CAP_NET_ADMIN");
	cr_assert_eq(rc, 0);
	expect_value(fd, "SO_RCVBUF", "128M");
	cr_assert_eq(set(fd, "SO_SNDBUFFORCE", "64M"), 0);
	expect_value(fd, "SO_SNDBUF", "128M");
	cr_assert_eq(option_get(fd, option_find("SO_RCVBUFFORCE"), &got), -ENOPROTOOPT);
	buf_done(&got);
	close(fd);
}

Test(option_real, cookie_and_credentials)
{
	struct buf got = { 0 };
	char wanted[80];
	int pair[2];

	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	snprintf(wanted, sizeof wanted, "pid=%d uid=%d gid=%d", (int)getpid(), (int)getuid(), (int)getgid());
	expect_value(pair[0], "SO_PEERCRED", wanted);
	cr_assert_eq(option_get(pair[0], option_find("SO_COOKIE"), &got), 0);
	cr_assert(!strncmp(got.data, "0x", 2) && strcmp(got.data, "0x0"));
	buf_done(&got);
	close(pair[0]);
	close(pair[1]);
}

Test(option_real, errors_of_the_kernel)
{
	struct buf got = { 0 };
	int fd = make(UDP4);

	cr_assert_eq(option_get(fd, option_find("TCP_NODELAY"), &got), -EOPNOTSUPP);
	cr_assert_eq(option_get(-1, option_find("SO_TYPE"), &got), -EBADF);
	cr_assert_eq(set(-1, "SO_REUSEADDR", "1"), -EBADF);
	cr_assert_eq(option_get(fd, option_find("IP_MTU"), &got), -ENOTCONN);
	cr_assert_eq(got.len, 0);
	close(fd);
}

Test(option_real, suggestions)
{
	static const struct {
		enum kind kind;
		const char *option, *text;
	} cases[] = {
		{ TCP4, "TCP_NODELAY", "1" },
		{ TCP4, "SO_LINGER", "0" },
		{ UDP4, "IP_ADD_MEMBERSHIP", "224.0.0.251" },
		{ TCP4, "TCP_KEEPIDLE", "7200" },
		{ UDP4, "SO_RCVTIMEO", "0" },
		{ UDP4, "SO_BINDTODEVICE", "none" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf got = { 0 };
		int fd = make(cases[i].kind);

		option_suggest(fd, option_find(cases[i].option), &got);
		cr_assert_str_eq(buf_text(&got), cases[i].text, "%s", cases[i].option);
		buf_done(&got);
		close(fd);
	}
}
