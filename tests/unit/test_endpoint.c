/* Endpoints: every text form there and back, the kernel's form there and back, and what must be
 * refused. */
#include "core/endpoint.h"

#include "util/err.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <net/if.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define ROWS(suite, name, array)                                    \
	ParameterizedTestParameters(suite, name)                    \
	{                                                           \
		static int row[COUNT(array)];                       \
		for (size_t i = 0; i < COUNT(array); i++)           \
			row[i] = (int)i;                            \
		return cr_make_param_array(int, row, COUNT(array)); \
	}                                                           \
	ParameterizedTest(const int *at, suite, name)

/* --- text that is read and written as it was --- */

static const struct good_case {
	const char *text;
	enum endpoint_form form;
	int family;
	int port;            /* -1: none */
	const char *written; /* NULL: the same */
	const char *address;
} good[] = {
	{ "127.0.0.1:80", ENDPOINT_OK, AF_INET, 80, NULL, "127.0.0.1" },
	{ "127.0.0.1", ENDPOINT_OK, AF_INET, -1, NULL, "127.0.0.1" },
	{ "0.0.0.0:0", ENDPOINT_OK, AF_INET, 0, NULL, "0.0.0.0" },
	{ "255.255.255.255:65535", ENDPOINT_OK, AF_INET, 65535, NULL, "255.255.255.255" },
	{ "1.2.3.4:080", ENDPOINT_OK, AF_INET, 80, "1.2.3.4:80", "1.2.3.4" },
	{ "[::1]:80", ENDPOINT_OK, AF_INET6, 80, NULL, "::1" },
	{ "[::1]", ENDPOINT_OK, AF_INET6, -1, "::1", "::1" },
	{ "::1", ENDPOINT_OK, AF_INET6, -1, NULL, "::1" },
	{ "::", ENDPOINT_OK, AF_INET6, -1, NULL, "::" },
	{ "[::]:0", ENDPOINT_OK, AF_INET6, 0, NULL, "::" },
	{ "[2001:DB8:0:0:0::1]:443", ENDPOINT_OK, AF_INET6, 443, "[2001:db8::1]:443", "2001:db8::1" },
	{ "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535", ENDPOINT_OK, AF_INET6, 65535, NULL,
	  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
	{ "[::ffff:1.2.3.4]:5", ENDPOINT_OK, AF_INET6, 5, NULL, "::ffff:1.2.3.4" },
	{ "[fe80::1%lo]:80", ENDPOINT_OK, AF_INET6, 80, NULL, "fe80::1%lo" },
	{ "fe80::1%lo", ENDPOINT_OK, AF_INET6, -1, NULL, "fe80::1%lo" },
	{ "[fe80::1%1]:80", ENDPOINT_OK, AF_INET6, 80, "[fe80::1%lo]:80", "fe80::1%lo" },
	{ "[fe80::1%4000000000]:80", ENDPOINT_OK, AF_INET6, 80, NULL, "fe80::1%4000000000" },
	{ ":8080", ENDPOINT_ANY, AF_UNSPEC, 8080, NULL, "*" },
	{ "*:8080", ENDPOINT_ANY, AF_UNSPEC, 8080, ":8080", "*" },
	{ "unix:/run/x.sock", ENDPOINT_OK, AF_UNIX, -1, NULL, "/run/x.sock" },
	{ "/run/x.sock", ENDPOINT_OK, AF_UNIX, -1, "unix:/run/x.sock", "/run/x.sock" },
	{ "unix:relative", ENDPOINT_OK, AF_UNIX, -1, NULL, "relative" },
	{ "unix:@abstract", ENDPOINT_OK, AF_UNIX, -1, NULL, "@abstract" },
	{ "@abstract", ENDPOINT_OK, AF_UNIX, -1, "unix:@abstract", "@abstract" },
	{ "unix:@", ENDPOINT_OK, AF_UNIX, -1, "unix:(unnamed)", "(unnamed)" },
	{ "unix:(unnamed)", ENDPOINT_OK, AF_UNIX, -1, NULL, "(unnamed)" },
	{ "unix:/tmp/with a:colon", ENDPOINT_OK, AF_UNIX, -1, NULL, "/tmp/with a:colon" },
	{ "unix:/tmp/\xc3\xa9", ENDPOINT_OK, AF_UNIX, -1, NULL, "/tmp/\xc3\xa9" },
	{ "unix:/tmp/\x1b[2J", ENDPOINT_OK, AF_UNIX, -1, "unix:/tmp/\\x1b[2J", "/tmp/\\x1b[2J" },
	{ "unix:@a\\x00b\\n", ENDPOINT_OK, AF_UNIX, -1, "unix:@a\\x00b\\n", "@a\\x00b\\n" },
	{ "unix:/tmp/a\\\\b", ENDPOINT_OK, AF_UNIX, -1, NULL, "/tmp/a\\\\b" },
	{ "unix:/tmp/a\\b\\x4", ENDPOINT_OK, AF_UNIX, -1, "unix:/tmp/a\\\\b\\\\x4", "/tmp/a\\\\b\\\\x4" },
	{ "unix:\\x40path", ENDPOINT_OK, AF_UNIX, -1, NULL, "\\x40path" },
	{ "unix:/tmp/a\\", ENDPOINT_OK, AF_UNIX, -1, "unix:/tmp/a\\\\", "/tmp/a\\\\" },
};

ROWS(endpoint, there_and_back, good)
{
	const struct good_case *c = &good[*at];
	struct endpoint e, again;
	char text[ENDPOINT_TEXT], host[ENDPOINT_HOST];
	struct err why = { 0 };

	cr_assert_eq(endpoint_parse(c->text, &e, host, &why), c->form, "%s: %s", c->text, why.text);
	cr_assert_eq(e.family, c->family);
	cr_assert_eq(e.has_port, c->port >= 0);
	if (c->port >= 0)
		cr_assert_eq(e.port, c->port);
	cr_assert_str_eq(endpoint_format(&e, text, sizeof text), c->written ? c->written : c->text);
	cr_assert_eq(endpoint_parse(text, &again, NULL, &why), c->form, "%s: %s", text, why.text);
	cr_assert(endpoint_same(&e, &again) && e.has_port == again.has_port, "%s", text);
	cr_assert_eq(endpoint_hash(&e, 1), endpoint_hash(&again, 1));
	cr_assert_str_eq(endpoint_address(&e, text, sizeof text), c->address);
}

static const struct {
	const char *text, *host;
	int port;
} names[] = {
	{ "localhost:80", "localhost", 80 },
	{ "localhost", "localhost", -1 },
	{ "a.b-c_d.example.:1", "a.b-c_d.example.", 1 },
	{ "3com.example:0", "3com.example", 0 },
	{ "host.name:65535", "host.name", 65535 },
};

ROWS(endpoint, names, names)
{
	char host[ENDPOINT_HOST] = "";
	struct endpoint e;
	struct err why;

	cr_assert_eq(endpoint_parse(names[*at].text, &e, host, &why), ENDPOINT_NAME);
	cr_assert_str_eq(host, names[*at].host);
	cr_assert_eq(e.has_port, names[*at].port >= 0);
	if (names[*at].port >= 0)
		cr_assert_eq(e.port, names[*at].port);
	cr_assert_eq(e.family, AF_UNSPEC);
	cr_assert_eq(endpoint_parse(names[*at].text, &e, NULL, &why), ENDPOINT_BAD, "names are not wanted");
}

/* --- text that is refused --- */

static const char *const bad[] = {
	"",
	"*",
	":",
	"[]",
	"[]:80",
	"[:]:80",
	"1.2.3.4.5:80",
	"1.2.3:80",
	"127.1:80",
	"256.1.1.1:80",
	"1.2.3.4:70000",
	"1.2.3.4:65536",
	"1.2.3.4:-1",
	"1.2.3.4:",
	"1.2.3.4:+1",
	"1.2.3.4: 1",
	"1.2.3.4:1 ",
	"1.2.3.4:0x50",
	"1.2.3.4:99999999999999999999",
	"1.2.3.4:http",
	"[::1",
	"::1]",
	"[::1]80",
	"[::1]:",
	"[::1]:70000",
	"[::1]x:80",
	"[1.2.3.4]:80",
	"1:2:3",
	":::",
	"[::1::]:80",
	"1.2.3.4%lo:80",
	"fe80::1%",
	"fe80::1%nowhere0",
	"[fe80::1%0]:80",
	"fe80::1%4294967296",
	"fe80::1%-1",
	"12345:80",
	"a..b:80",
	".a:80",
	".:80",
	"host name:80",
	"host\n:80",
	"h\xc3\xb6st:80",
	"host/path:80",
	"http://host:80",
	"unix:",
	"unix:/a\\x00b",
	" 127.0.0.1:80",
	"host:80:90",
	"host:70000",
	":70000",
	":-1",
	"[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0001]:80",
};

ROWS(endpoint, refused, bad)
{
	struct endpoint e = { .port = 4711 };
	char host[ENDPOINT_HOST] = "untouched";
	struct err why = { 0 };

	cr_assert_eq(endpoint_parse(bad[*at], &e, host, &why), ENDPOINT_BAD, "\"%s\"", bad[*at]);
	cr_assert(why.code && strlen(why.text) > 10, "\"%s\": %s", bad[*at], why.text);
	cr_assert_eq(e.port, 4711);
	cr_assert_str_eq(host, "untouched");
	cr_assert_eq(endpoint_parse(bad[*at], &e, NULL, NULL), ENDPOINT_BAD);
}

Test(endpoint, lengths)
{
	char text[1000], host[ENDPOINT_HOST];
	struct endpoint e;
	struct err why;

	/* A host name of 253 characters is the longest. */
	for (size_t i = 0; i < 253; i++)
		text[i] = i % 64 == 63 ? '.' : 'a';
	strcpy(text + 253, ":80");
	cr_assert_eq(endpoint_parse(text, &e, host, &why), ENDPOINT_NAME, "%s", why.text);
	cr_assert_eq(strlen(host), 253);
	memmove(text + 253, "a:80", 5);
	cr_assert_eq(endpoint_parse(text, &e, host, &why), ENDPOINT_BAD);
	memset(text, 'a', 64);
	text[64] = '\0';
	cr_assert_eq(endpoint_parse(text, &e, host, &why), ENDPOINT_BAD, "a label of 64");
	memset(text, '1', 999);
	text[999] = '\0';
	cr_assert_eq(endpoint_parse(text, &e, host, &why), ENDPOINT_BAD);
	memcpy(text, "1.2.3.4:", 8);
	cr_assert_eq(endpoint_parse(text, &e, host, &why), ENDPOINT_BAD);
	text[0] = '[';
	cr_assert_eq(endpoint_parse(text, &e, host, &why), ENDPOINT_BAD);
}

static enum endpoint_form parse_long(const char *prefix, size_t len, struct endpoint *e, struct err *why)
{
	char text[ENDPOINT_TEXT];
	size_t at = strlen(prefix);

	strcpy(text, prefix);
	memset(text + at, 'x', len);
	text[at + len] = '\0';
	return endpoint_parse(text, e, NULL, why);
}

Test(endpoint, the_longest_unix_names)
{
	struct sockaddr_storage kernel;
	struct endpoint e, again;
	char text[ENDPOINT_TEXT];
	struct err why;

	cr_assert_eq(parse_long("unix:/", 106, &e, &why), ENDPOINT_OK);
	cr_assert_eq(e.path_len, 107);
	cr_assert_eq(endpoint_to_sockaddr(&e, &kernel), sizeof(struct sockaddr_un));
	cr_assert_eq(parse_long("unix:/", 107, &e, &why), ENDPOINT_BAD);
	cr_assert_eq(why.code, ENAMETOOLONG);
	cr_assert_eq(parse_long("unix:@", 107, &e, &why), ENDPOINT_OK);
	cr_assert_eq(e.path_len, 108);
	cr_assert_eq(endpoint_to_sockaddr(&e, &kernel), sizeof(struct sockaddr_un));
	cr_assert_eq(parse_long("unix:@", 108, &e, &why), ENDPOINT_BAD);
	/* The worst there is: every byte needs an escape. */
	memset(&e, 0, sizeof e);
	e.family = AF_UNIX;
	e.path_len = 108;
	cr_assert_eq(endpoint_parse(endpoint_format(&e, text, sizeof text), &again, NULL, &why), ENDPOINT_OK, "%s",
		     why.text);
	cr_assert(endpoint_same(&e, &again));
}

/* Every byte that a name may have, at every place. */
Test(endpoint, any_bytes_in_a_unix_name)
{
	for (unsigned byte = 0; byte < 256; byte++)
		for (unsigned where = 0; where < 4; where++) {
			struct endpoint e = { .family = AF_UNIX, .path_len = 4, .path = "abcd" }, again;
			char text[ENDPOINT_TEXT];
			struct err why;

			e.path[where] = (char)byte;
			if (!byte && where)
				e.path[0] = 0;
			endpoint_format(&e, text, sizeof text);
			for (const char *p = text; *p; p++)
				cr_assert((unsigned char)*p >= ' ' && *p != 0x7f);
			cr_assert_eq(endpoint_parse(text, &again, NULL, &why), ENDPOINT_OK, "%s: %s", text, why.text);
			cr_assert(endpoint_same(&e, &again), "%s", text);
		}
}

Test(endpoint, short_arrays_are_cut)
{
	static const char *const texts[] = { "[fe80::1%lo]:80", "unix:@abc\\x00\xc3\xa9", "1.2.3.4:5", "unix:@" };

	for (size_t i = 0; i < COUNT(texts); i++)
		for (size_t size = 1; size < 24; size++) {
			char whole[ENDPOINT_TEXT], cut[ENDPOINT_TEXT];
			struct endpoint e;

			cr_assert_eq(endpoint_parse(texts[i], &e, NULL, NULL), ENDPOINT_OK);
			memset(cut, 'Z', sizeof cut);
			endpoint_format(&e, cut, size);
			cr_assert(strlen(cut) < size &&
				  !strncmp(cut, endpoint_format(&e, whole, sizeof whole), strlen(cut)));
			memset(cut, 'Z', sizeof cut);
			endpoint_address(&e, cut, size);
			cr_assert(strlen(cut) < size &&
				  !strncmp(cut, endpoint_address(&e, whole, sizeof whole), strlen(cut)));
			cr_assert_eq(cut[size], 'Z');
		}
}

/* --- the kernel's form --- */

static const char *const kernel_forms[] = {
	"127.0.0.1:80",     "0.0.0.0:0",      "[::1]:80",           "[fe80::1%lo]:80", "[::ffff:1.2.3.4]:5",
	"unix:/run/x.sock", "unix:@abstract", "unix:@a\\x00b\\x00", "unix:@",
};

ROWS(endpoint, sockaddr_and_back, kernel_forms)
{
	struct endpoint e, again;
	struct sockaddr_storage kernel;
	socklen_t len;

	cr_assert_eq(endpoint_parse(kernel_forms[*at], &e, NULL, NULL), ENDPOINT_OK);
	len = endpoint_to_sockaddr(&e, &kernel);
	cr_assert(len >= sizeof(sa_family_t));
	endpoint_from_sockaddr(&again, (struct sockaddr *)&kernel, len);
	cr_assert(endpoint_same(&e, &again));
	cr_assert_eq(e.has_port, again.has_port);
	for (socklen_t cut = 0; cut < len; cut++) {
		endpoint_from_sockaddr(&again, (struct sockaddr *)&kernel, cut);
		if (e.family != AF_UNIX || cut < sizeof(sa_family_t))
			cr_assert_eq(again.family, AF_UNSPEC, "cut at %u", cut);
		else
			cr_assert(again.family == AF_UNIX && again.path_len <= cut - sizeof(sa_family_t));
	}
}

Test(endpoint, no_sockaddr)
{
	struct endpoint e = { 0 };
	struct sockaddr_storage kernel = { .ss_family = AF_PACKET };

	cr_assert_eq(endpoint_to_sockaddr(&e, &kernel), 0);
	kernel.ss_family = AF_PACKET;
	endpoint_from_sockaddr(&e, (struct sockaddr *)&kernel, sizeof kernel);
	cr_assert_eq(e.family, AF_UNSPEC);
	endpoint_from_sockaddr(&e, NULL, 100);
	cr_assert_eq(e.family, AF_UNSPEC);
}

/* Linux binds a path that fills sun_path without a NUL, and getsockname then gives one byte more
 * than there is. */
Test(endpoint, a_full_path_from_the_kernel_can_be_connected_to)
{
	char directory[] = "/tmp/sockeye-endpoint-XXXXXX";
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct sockaddr_storage name;
	socklen_t len = sizeof name;
	int server = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);
	char path[ENDPOINT_PATH + 1] = "";
	struct endpoint e;

	cr_assert(mkdtemp(directory));
	memset(path, 'x', ENDPOINT_PATH);
	memcpy(path, directory, strlen(directory));
	path[strlen(directory)] = '/';
	memcpy(at.sun_path, path, ENDPOINT_PATH);
	cr_assert_eq(bind(server, (struct sockaddr *)&at, sizeof at), 0);
	cr_assert_eq(listen(server, 1), 0);
	cr_assert_eq(getsockname(server, (struct sockaddr *)&name, &len), 0);
	endpoint_from_sockaddr(&e, (struct sockaddr *)&name, len);
	cr_assert_eq(e.path_len, ENDPOINT_PATH);
	len = endpoint_to_sockaddr(&e, &name);
	cr_assert_eq(connect(client, (struct sockaddr *)&name, len), 0, "%s", strerror(errno));
	unlink(path);
	rmdir(directory);
}

/* --- questions and changes --- */

static struct endpoint parsed(const char *text)
{
	struct endpoint e = { 0 };

	cr_assert(endpoint_parse(text, &e, NULL, NULL) >= ENDPOINT_OK, "%s", text);
	return e;
}

static void expect_text(const struct endpoint *e, const char *wanted)
{
	char text[ENDPOINT_TEXT];

	cr_assert_str_eq(endpoint_format(e, text, sizeof text), wanted);
}

Test(endpoint, mapping)
{
	struct endpoint e = parsed("1.2.3.4:5");

	cr_assert(endpoint_map(&e, AF_INET) && !endpoint_map(&e, AF_UNIX));
	expect_text(&e, "1.2.3.4:5");
	cr_assert(endpoint_map(&e, AF_INET6));
	expect_text(&e, "[::ffff:1.2.3.4]:5");
	cr_assert(!endpoint_map(&e, AF_INET));
	expect_text(&e, "[::ffff:1.2.3.4]:5");
	endpoint_unmap(&e);
	expect_text(&e, "1.2.3.4:5");
	e = parsed(":80");
	cr_assert(endpoint_map(&e, AF_INET6));
	expect_text(&e, "[::]:80");
	endpoint_reachable(&e);
	expect_text(&e, "[::1]:80");
	e = parsed(":80");
	cr_assert(!endpoint_map(&e, AF_UNIX) && endpoint_map(&e, AF_INET));
	endpoint_reachable(&e);
	expect_text(&e, "127.0.0.1:80");
	e = parsed("[::1]:80");
	endpoint_unmap(&e);
	endpoint_reachable(&e);
	expect_text(&e, "[::1]:80");
	e = parsed("unix:/x");
	cr_assert(!endpoint_map(&e, AF_INET6));
	endpoint_unmap(&e);
	endpoint_reachable(&e);
	expect_text(&e, "unix:/x");
}

Test(endpoint, kinds_of_addresses)
{
	static const struct {
		const char *text;
		bool any, loopback;
	} cases[] = {
		{ "0.0.0.0:1", true, false },
		{ "[::]:1", true, false },
		{ "127.0.0.1:1", false, true },
		{ "127.255.0.9:1", false, true },
		{ "[::1]:1", false, true },
		{ "[::ffff:127.0.0.1]:1", false, true },
		{ "[::ffff:1.2.3.4]:1", false, false },
		{ "128.0.0.1:1", false, false },
		{ "[::2]:1", false, false },
		{ "unix:/x", false, false },
		{ "unix:@", false, false },
		{ ":80", false, false },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct endpoint e = parsed(cases[i].text);

		cr_assert_eq(endpoint_is_any(&e), cases[i].any, "%s", cases[i].text);
		cr_assert_eq(endpoint_is_loopback(&e), cases[i].loopback, "%s", cases[i].text);
	}
}

Test(endpoint, order_and_sameness)
{
	static const char *const sorted[] = {
		"unix:@",    "unix:@a",   "unix:@ab",    "unix:/a", "unix:/b", "1.2.3.4:5", "1.2.3.4:6",
		"1.2.3.5:1", "9.0.0.0:1", "200.0.0.0:1", "[::]:1",  "[::1]:1", "[::1]:2",   "[fe80::1]:1",
	};

	for (size_t i = 0; i < COUNT(sorted); i++)
		for (size_t k = 0; k < COUNT(sorted); k++) {
			struct endpoint a = parsed(sorted[i]), b = parsed(sorted[k]);
			int order = endpoint_compare(&a, &b);

			cr_assert_eq((order > 0) - (order < 0), (i > k) - (i < k), "%s and %s", sorted[i], sorted[k]);
			cr_assert_eq(endpoint_same(&a, &b), i == k);
		}
	cr_assert(endpoint_same_address(&(struct endpoint){ .family = AF_INET, .port = 1 },
					&(struct endpoint){ .family = AF_INET, .port = 2 }));
	cr_assert(!endpoint_same(&(struct endpoint){ .family = AF_INET6, .scope_id = 1 },
				 &(struct endpoint){ .family = AF_INET6, .scope_id = 2 }));
}
