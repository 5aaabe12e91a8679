/* The filter language: what it accepts, what it says of what it does not, what it matches, what it
 * pushes down. */
#include "core/filter.h"
#include "core/sock_column.h"
#include "util/err.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

/* --- some sockets --- */

static struct endpoint at(const char *text)
{
	struct endpoint e = { 0 };

	cr_assert_eq(endpoint_parse(text, &e, NULL, NULL), ENDPOINT_OK, "%s", text);
	return e;
}

struct host {
	struct sock socks[8];
	struct {
		unsigned of;
		struct owner owner;
	} owners[8];
	size_t owner_count;
	struct snapshot snapshot;
};

enum { WEB, WEB_CLIENT, DNS, UNIX_SOCK, SIX, WAIT, RAW_SOCK, MAPPED, SOCKS };

static const char *user_name(void *ctx, uint32_t uid)
{
	(void)ctx;
	return uid == 0 ? "root" : uid == 33 ? "www-data" : NULL;
}

static const char *interface_name(void *ctx, uint64_t netns, uint32_t index)
{
	(void)ctx;
	(void)netns;
	return index == 2 ? "eth0" : NULL;
}

static const struct sock_names names = { .user = user_name, .interface = interface_name };

static void put(struct host *h, unsigned i, int family, int type, int protocol, enum state state, const char *local,
		const char *remote)
{
	struct sock *k = &h->socks[i];

	*k = (struct sock){ .family = family,
			    .type = type,
			    .protocol = protocol,
			    .state = state,
			    .known = SOCK_HAS_QUEUES | SOCK_HAS_INODE | SOCK_HAS_UID | SOCK_HAS_COOKIE,
			    .inode = 1000 + i,
			    .cookie = 0x10 + i };
	if (local)
		k->local = at(local);
	if (remote)
		k->remote = at(remote);
}

static void own(struct host *h, unsigned i, uint32_t pid, int fd, const char *process)
{
	struct owner *o = &h->owners[h->owner_count].owner;

	*o = (struct owner){ .pid = pid, .fd = fd };
	snprintf(o->process, sizeof o->process, "%s", process);
	h->owners[h->owner_count++].of = i;
}

static void pack(struct host *h)
{
	for (unsigned i = 0; i < SOCKS; i++) {
		struct record *r = snapshot_add(&h->snapshot, &h->socks[i], 4026531840);

		r->reason = i == WAIT ? OWNER_TIME_WAIT : OWNER_NO_PERMISSION;
		for (size_t k = 0; k < h->owner_count; k++)
			if (h->owners[k].of == i)
				snapshot_own(&h->snapshot, r, &h->owners[k].owner);
	}
}

static void make(struct host *h)
{
	memset(h, 0, sizeof *h);
	put(h, WEB, AF_INET, SOCK_STREAM, IPPROTO_TCP, STATE_LISTEN, "0.0.0.0:80", "0.0.0.0:0");
	own(h, WEB, 812, 6, "nginx");
	own(h, WEB, 813, 6, "nginx");
	h->socks[WEB].send_q = 511;
	put(h, WEB_CLIENT, AF_INET, SOCK_STREAM, IPPROTO_TCP, STATE_ESTABLISHED, "10.1.2.3:40312", "93.184.216.34:443");
	own(h, WEB_CLIENT, 901, 5, "curl");
	h->socks[WEB_CLIENT].known |= SOCK_HAS_TCP;
	h->socks[WEB_CLIENT].tcp.rtt_us = 12500;
	strcpy(h->socks[WEB_CLIENT].tcp.congestion, "cubic");
	h->socks[WEB_CLIENT].recv_q = 70000;
	h->socks[WEB_CLIENT].uid = 33;
	put(h, DNS, AF_INET, SOCK_DGRAM, IPPROTO_UDP, STATE_UNCONNECTED, "127.0.0.53:53", NULL);
	h->socks[DNS].interface = 2;
	put(h, UNIX_SOCK, AF_UNIX, SOCK_STREAM, 0, STATE_CONNECTED, "unix:/run/app/x.sock", NULL);
	own(h, UNIX_SOCK, 77, 3, "a b,c");
	put(h, SIX, AF_INET6, SOCK_STREAM, IPPROTO_TCP, STATE_ESTABLISHED, "[::1]:8443", "[::1]:50000");
	put(h, WAIT, AF_INET, SOCK_STREAM, IPPROTO_TCP, STATE_TIME_WAIT, "127.0.0.1:8080", "127.0.0.1:33333");
	put(h, RAW_SOCK, AF_INET, SOCK_RAW, IPPROTO_ICMP, STATE_UNCONNECTED, "0.0.0.0", NULL);
	put(h, MAPPED, AF_INET6, SOCK_STREAM, IPPROTO_TCP, STATE_ESTABLISHED, "[::ffff:10.0.0.7]:22",
	    "[::ffff:10.0.0.9]:5555");
	pack(h);
}

/* The sockets that a filter matches, a letter each. */
static void matched(const char *text, char out[SOCKS + 1])
{
	static const char letters[] = "WCDU6TRM";
	struct host h;
	struct filter *f;
	struct err e = { 0 };
	unsigned column = 0, n = 0;

	make(&h);
	cr_assert_eq(filter_new(text, &f, &e, &column), 0, "%s: %u: %s", text, column, e.text);
	for (unsigned i = 0; i < SOCKS; i++) {
		struct sock room;
		struct sock_view v = sock_view(&h.snapshot, &h.snapshot.records[i], &names, &room);

		if (filter_match(f, &v))
			out[n++] = letters[i];
	}
	out[n] = '\0';
	snapshot_done(&h.snapshot);
	filter_free(f);
}

#define ALL "WCDU6TRM"

Test(filter, matches)
{
	static const struct {
		const char *text, *wanted;
	} cases[] = {
		{ "", ALL },
		{ "   ", ALL },
		/* bare words */
		{ "nginx", "W" },
		{ "NGINX", "W" },
		{ "10.1.2", "C" },
		{ "::1", "6" },
		{ "127.0.0.1:8080", "T" },
		{ "cubic", "C" },
		{ "x.sock", "U" },
		{ "unix:/run", "U" },
		{ "\"a b\"", "U" },
		{ "nginx,curl", "WC" },
		{ "\"b,c\"", "U" },
		{ "!nginx", "CDU6TRM" },
		{ "tcp 443", "C6" },
		{ "www-data", "C" },
		{ "812", "W" },
		{ "time-wait", "T" },
		{ "eth0", "D" },
		{ "nothing-has-this", "" },
		{ "0x11", "C" },
		/* keys */
		{ "proto:udp", "D" },
		{ "proto:tcp,udp", "WCD6TM" },
		{ "proto:raw", "R" },
		{ "proto:TCP", "WC6TM" },
		{ "state:LISTEN", "W" },
		{ "state:listen,time-wait", "WT" },
		{ "state:time_wait", "T" },
		{ "state:ESTAB", "C6M" },
		{ "state:connected", "U" },
		{ "!state:established", "WDUTR" },
		{ "state:UNCONNECTED", "DR" },
		{ "family:inet6", "6M" },
		{ "family:ipv4,unix", "WCDUTR" },
		{ "port:443", "C" },
		{ "port:8000-8999", "6T" },
		{ "sport:80", "W" },
		{ "dport:>50000", "" },
		{ "dport:>=50000", "6" },
		{ "sport:<100", "WDM" },
		{ "sport:<=53", "DM" },
		{ "port:22,53", "DM" },
		{ "port:https", "C" },
		{ "dport:0", "" },
		{ "port:5000-60000,53", "CD6TM" },
		{ "pid:812", "W" },
		{ "pid:813", "W" },
		{ "pid:>900", "C" },
		{ "fd:3-5", "CU" },
		{ "proc:ngin", "W" },
		{ "proc=ngin", "" },
		{ "proc = nginx", "W" },
		{ "proc:c*", "C" },
		{ "process:curl", "C" },
		{ "user:www-data", "C" },
		{ "user:33", "C" },
		{ "user:root", "WDU6TRM" },
		{ "user:roo", "" },
		{ "uid:33", "C" },
		{ "uid:>0", "C" },
		{ "inode:1002", "D" },
		{ "recvq:>64K", "C" },
		{ "recvq:>0", "C" },
		{ "sendq:511", "W" },
		{ "rtt:>10", "C" },
		{ "rtt:>12.4ms", "C" },
		{ "rtt:<10ms", "" },
		{ "rtt:12500us", "C" },
		{ "rtt>10ms", "C" },
		{ "iface:eth0", "D" },
		{ "iface:eth*", "D" },
		{ "dev = eth0", "D" },
		{ "iface:2", "D" },
		{ "netns:4026531840", ALL },
		{ "netns:1", "" },
		{ "cookie:0x11", "C" },
		{ "reason:time-wait", "T" },
		{ "name:x", "U" },
		/* addresses */
		{ "addr:127.0.0.1", "T" },
		{ "addr:127.0.0.0/8", "DT" },
		{ "src:127/8", "DT" },
		{ "dst:93.184.216.34:443", "C" },
		{ "src:10.0.0.0/8", "CM" },
		{ "src:10/8", "CM" },
		{ "dst:10.0.0.9", "M" },
		{ "src:::1", "6" },
		{ "src:[::1]", "6" },
		{ "src:[::1]:8443", "6" },
		{ "src:[::1]:1", "" },
		{ "src:::/0", "6M" },
		{ "src:[::1]/128:8443", "6" },
		{ "src:0.0.0.0/0", "WCDTRM" },
		{ "src::443", "" },
		{ "dst::443", "C" },
		{ "src:*:22", "M" },
		{ "src:/run/app/x.sock", "U" },
		{ "src:/run/*", "U" },
		{ "addr:unix:/run/app/x.sock", "U" },
		{ "src:localhost", "D6T" },
		{ "src:172.16/12", "" },
		{ "addr:10.1.2.3,::1", "C6" },
		/* and or not ( ) */
		{ "tcp and !443", "WTM" },
		{ "state:listen or state:time-wait", "WT" },
		{ "(state:listen or proto:udp) and port:53", "D" },
		{ "not (proto:tcp or proto:udp)", "UR" },
		{ "!(proto:tcp or proto:udp)", "UR" },
		{ "not not proto:udp", "D" },
		{ "! proto:tcp", "DUR" },
		{ "proto:udp or proto:raw state:listen", "D" },
		{ "proto:udp | proto:raw", "DR" },
		{ "proto:tcp && port:80", "W" },
		{ "AND:x or nginx", "W" },
		{ "\"and\"", "" },
		{ "((nginx))", "W" },
		/* ss's own */
		{ "state established", "CU6M" },
		{ "state connected", "CU6TM" },
		{ "state listening", "W" },
		{ "state listening state time-wait", "WT" },
		{ "state time-wait,listen", "WT" },
		{ "exclude listening", "CDU6TRM" },
		{ "state closed", "DR" },
		{ "state synchronized", "CU6TM" },
		{ "state bucket", "T" },
		{ "state all", ALL },
		{ "dport = :443", "C" },
		{ "dport == 443", "C" },
		{ "dport=:443", "C" },
		{ "sport != :22", "WCDU6TR" },
		{ "sport!=22 proto:tcp", "WC6T" },
		{ "dport > :1024", "6TM" },
		{ "dport gt :1024", "6TM" },
		{ "dport>1024", "6TM" },
		{ "sport ge 8080 and sport le 8443", "6T" },
		{ "sport eq :53", "D" },
		{ "sport neq :53 proto:udp", "" },
		{ "src 10.0.0.0/8", "CM" },
		{ "dst [::1]:50000", "6" },
		{ "dst = 93.184.216.34", "C" },
		{ "src :80", "W" },
		{ "dst != 93.184.216.34", "WDU6TRM" },
		{ "( dport = :443 or sport = :80 )", "WC" },
		{ "state established ( dport = :443 or sport = :22 )", "CM" },
		{ "exclude listening exclude time-wait proto:tcp", "C6M" },
		{ "user = root proto:udp", "D" },
		{ "pid = 812", "W" },
		{ "src 127.0.0.1 or src :80", "WT" },
		{ "sport = :8000-8100", "T" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char got[SOCKS + 1];

		matched(cases[i].text, got);
		cr_expect_str_eq(got, cases[i].wanted, "%s: got %s, wanted %s", cases[i].text, got, cases[i].wanted);
	}
}

Test(filter, says_what_is_wrong)
{
	static const struct {
		const char *text, *why;
		unsigned column;
	} cases[] = {
		{ "proto:tpc", "there is no protocol \"tpc\"; did you mean tcp?", 7 },
		{ "nginx state:listne", "there is no state \"listne\"; did you mean LISTEN?", 13 },
		{ "family:ipx", "there is no family", 8 },
		{ "port:http-not", "port takes a port, not \"http-not\"", 6 },
		{ "port:70000", "port takes", 6 },
		{ "port:9-8", "port takes", 6 },
		{ "port:", "port wants a value", 6 },
		{ "port:80,,90", "port wants a value", 9 },
		{ "pid:x", "pid takes a number", 5 },
		{ "pid:-1", "pid takes", 5 },
		{ "uid:99999999999", "uid takes", 5 },
		{ "rtt:fast", "rtt takes a time", 5 },
		{ "src:300.1.1.1", "is no address", 5 },
		{ "src:10.0.0.0/33", "is no address", 5 },
		{ "src:[::1", "is no address", 5 },
		{ "src:[::1]x", "is no address", 5 },
		{ "dst:[]:80", "is no address", 5 },
		{ "src > 10.0.0.1", "has no order", 7 },
		{ "proc > a", "has no order", 8 },
		{ "state > listen", "has no order", 9 },
		{ "dport =", "dport wants a value", 8 },
		{ "src", "src wants a value", 4 },
		{ "state", "state wants a state", 6 },
		{ "state nonsense", "there is no state \"nonsense\"", 7 },
		{ "exclude listen,x", "there is no state \"x\"", 16 },
		{ "(nginx", "this ( has no )", 1 },
		{ "nginx)", "this ) has no (", 6 },
		{ ")", "this ) has no (", 1 },
		{ "nginx or", "is wanted here", 9 },
		{ "and nginx", "is wanted here", 1 },
		{ "a and or b", "is wanted here", 7 },
		{ "not", "a word is wanted after not", 4 },
		{ "!", "a word is wanted after not", 2 },
		{ "nginx = 3", "an operator stands after a key", 7 },
		{ "> 5", "an operator stands after a key", 1 },
		{ "proc:\"ng", "the quote has no end", 6 },
		{ "nginx,", "nothing after the comma", 7 },
		{ "()", "is wanted here", 2 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct filter *f = NULL;
		struct err e = { 0 };
		unsigned column = 0;
		int rc = filter_new(cases[i].text, &f, &e, &column);

		cr_expect_eq(rc, -EINVAL, "%s is accepted", cases[i].text);
		cr_expect_null(f);
		cr_expect(strstr(e.text, cases[i].why), "%s: %s", cases[i].text, e.text);
		cr_expect_eq(column, cases[i].column, "%s: column %u, wanted %u (%s)", cases[i].text, column,
			     cases[i].column, e.text);
		filter_free(f);
	}
}

Test(filter, is_bounded)
{
	char text[2 * FILTER_TEXT] = "";
	struct filter *f;
	struct err e;

	memset(text, '(', FILTER_DEPTH + 1);
	cr_assert_eq(filter_new(text, &f, &e, NULL), -EINVAL);
	cr_assert(strstr(e.text, "nested"));
	memset(text, 'a', FILTER_TEXT + 1);
	cr_assert_eq(filter_new(text, &f, &e, NULL), -EINVAL);
	for (unsigned i = 0; i < FILTER_TESTS + 1; i++)
		memcpy(text + 2 * i, "a ", 3);
	cr_assert_eq(filter_new(text, &f, &e, NULL), -EINVAL);
	cr_assert(strstr(e.text, "at most"));
	for (unsigned i = 0; i < FILTER_TEXT; i++)
		text[i] = '!';
	text[FILTER_TEXT - 1] = 'a';
	text[FILTER_TEXT] = '\0';
	cr_assert_eq(filter_new(text, &f, &e, NULL), 0);
	filter_free(f);
}

Test(filter, own_sockets)
{
	struct sock s = { .family = AF_INET, .type = SOCK_STREAM, .protocol = IPPROTO_TCP };
	const struct sock_view v = { .sock = &s, .name = "tcp1" };
	struct filter *f;

	cr_assert_eq(filter_new("name:tcp and tcp1 !netns:5", &f, NULL, NULL), 0);
	cr_assert(filter_match(f, &v));
	filter_free(f);
	cr_assert(filter_match(NULL, &v));
}

Test(filter, pushes_down)
{
	const unsigned all_kinds = (1u << KIND_COUNT) - 1, all_states = (1u << STATE_COUNT) - 1;
	const unsigned tcp = 1u << KIND_TCP, udp = 1u << KIND_UDP, listen = 1u << STATE_LISTEN;
	const struct {
		const char *text;
		unsigned kinds, states;
		int family;
	} cases[] = {
		{ "", all_kinds, all_states, 0 },
		{ "nginx", all_kinds, all_states, 0 },
		{ "proto:tcp", tcp, all_states, 0 },
		{ "proto:tcp or proto:udp", tcp | udp, all_states, 0 },
		{ "proto:tcp or nginx", all_kinds, all_states, 0 },
		{ "proto:tcp state:listen", tcp, listen, 0 },
		{ "!proto:tcp", all_kinds & ~tcp, all_states, 0 },
		{ "!proto:raw", all_kinds, all_states, 0 },
		{ "!(proto:tcp or state:listen)", all_kinds & ~tcp, all_states & ~listen, 0 },
		{ "!(proto:tcp state:listen)", all_kinds, all_states, 0 },
		{ "state listening", all_kinds, listen, 0 },
		{ "proto:tcp family:inet6", tcp, all_states, AF_INET6 },
		{ "proto:tcp !family:inet6", tcp, all_states, AF_INET },
		{ "!family:unix", all_kinds, all_states, 0 },
		{ "rtt:>5", tcp | 1u << KIND_MPTCP, all_states, 0 },
		{ "!rtt:>5", all_kinds, all_states, 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct filter_push push;
		struct filter *f;

		cr_assert_eq(filter_new(cases[i].text, &f, NULL, NULL), 0);
		filter_push(f, &push);
		cr_expect_eq(push.kinds, cases[i].kinds, "%s: kinds %x, wanted %x", cases[i].text, push.kinds,
			     cases[i].kinds);
		cr_expect_eq(push.states, cases[i].states, "%s: states %x", cases[i].text, push.states);
		cr_expect_eq(push.family, cases[i].family, "%s: family %d", cases[i].text, push.family);
		filter_free(f);
	}
}

Test(filter, knows_what_it_needs)
{
	struct filter *f;

	cr_assert_eq(filter_new("state:listen port:80", &f, NULL, NULL), 0);
	cr_assert(!filter_wants_owners(f));
	cr_assert(!filter_wants_info(f));
	filter_free(f);
	cr_assert_eq(filter_new("rtt>1 pid:5", &f, NULL, NULL), 0);
	cr_assert(filter_wants_owners(f));
	cr_assert(filter_wants_info(f));
	filter_free(f);
}

/* Each key has its words, and is told from its neighbours. */
Test(filter, keys)
{
	for (const struct filter_key *k = filter_keys; k->name; k++) {
		cr_expect(k->usage && *k->usage && k->help && *k->help, "%s", k->name);
		cr_expect(k->parse && k->match, "%s", k->name);
		cr_expect_eq(filter_key_find(k->name, strlen(k->name)), k, "%s is there twice", k->name);
		cr_expect(!k->column || column_find(k->column, strlen(k->column)), "%s: no column %s", k->name,
			  k->column ? k->column : "");
	}
	cr_expect_null(filter_key_find("127.0.0.1", 9));
	cr_expect_null(filter_key_find("", 0));
}
