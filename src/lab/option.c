/* Socket options: finding a row, checking a value, the two calls, comparing. The rows are in
 * option_table.c, the types of values in option_kind.c.
 */
#include "lab/option.h"

#include "option_kind.h"
#include "util/buf.h"
#include "util/err.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* --- finding --- */

static bool is_named(const struct option_row *o, const char *name)
{
	const char *bare = strchr(o->name, '_') + 1; /* every name has a prefix; a test walks them */

	return !strcasecmp(o->name, name) || !strcasecmp(bare, name) || (o->alias && !strcasecmp(o->alias, name));
}

const struct option_row *option_find(const char *name)
{
	static const char module[] = "socket.";

	if (!strncmp(name, module, sizeof module - 1))
		name += sizeof module - 1;
	for (const struct option_row *o = options; o->name; o++)
		if (is_named(o, name))
			return o;
	return NULL;
}

static bool is_inet(int family, int type, int protocol)
{
	(void)type;
	(void)protocol;
	return family == AF_INET;
}

static bool is_inet6(int family, int type, int protocol)
{
	(void)type;
	(void)protocol;
	return family == AF_INET6;
}

static bool is_ip(int family, int type, int protocol)
{
	return is_inet(family, type, protocol) || is_inet6(family, type, protocol);
}

static bool is_unix(int family, int type, int protocol)
{
	(void)type;
	(void)protocol;
	return family == AF_UNIX;
}

static bool is_tcp(int family, int type, int protocol)
{
	return is_ip(family, type, protocol) && type == SOCK_STREAM && protocol != IPPROTO_SCTP;
}

static bool is_udp(int family, int type, int protocol)
{
	return is_ip(family, type, protocol) && type == SOCK_DGRAM &&
	       (!protocol || protocol == IPPROTO_UDP || protocol == IPPROTO_UDPLITE);
}

static bool is_raw(int family, int type, int protocol)
{
	(void)protocol;
	return family == AF_INET && type == SOCK_RAW;
}

static bool is_icmp4(int family, int type, int protocol)
{
	return is_raw(family, type, protocol) && protocol == IPPROTO_ICMP;
}

static bool is_dgram4(int family, int type, int protocol)
{
	return is_inet(family, type, protocol) && type != SOCK_STREAM;
}

static bool is_dgram6(int family, int type, int protocol)
{
	return is_inet6(family, type, protocol) && type != SOCK_STREAM;
}

static const struct {
	const char *word;
	bool (*fits)(int family, int type, int protocol);
} groups[] = {
	{ "tcp", is_tcp },   { "udp", is_udp }, { "inet", is_inet },     { "inet6", is_inet6 },   { "ip", is_ip },
	{ "unix", is_unix }, { "raw", is_raw }, { "dgram4", is_dgram4 }, { "dgram6", is_dgram6 }, { "icmp4", is_icmp4 },
};

bool option_fits(const struct option_row *o, int family, int type, int protocol)
{
	const char *word = o->on;

	if (!*word)
		return true;
	for (; *word; word += strspn(word, " ")) {
		size_t len = strcspn(word, " ");

		for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
			if (strlen(groups[i].word) == len && !strncmp(groups[i].word, word, len) &&
			    groups[i].fits(family, type, protocol))
				return true;
		word += len;
	}
	return false;
}

/* --- checking --- */

static const char *unit_words(const char *unit)
{
	static const char *const units[][2] = {
		{ "s", " seconds" },
		{ "ms", " milliseconds" },
		{ "us", " microseconds" },
		{ "bytes", " bytes" },
	};

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (!strcmp(units[i][0], unit))
			return units[i][1];
	return "";
}

/* What follows "NAME takes ". */
static void describe(const struct option_row *o, struct buf *out)
{
	const char *fixed = option_kinds[o->type].takes;

	if (fixed)
		buf_puts(out, fixed);
	else if (o->type == OPTION_GROUP && o->level == IPPROTO_IP)
		buf_puts(out, "a multicast address (224.0.0.0 to 239.255.255.255) and, if need be, an "
			      "interface or its address");
	else if (o->type == OPTION_GROUP)
		buf_puts(out, "a multicast address (ff00::/8) and, if need be, an interface");
	else if (o->type == OPTION_INT && (o->least || o->most))
		buf_printf(out, "%lld to %lld%s", (long long)o->least, (long long)o->most, unit_words(o->unit));
	else if (o->type == OPTION_INT)
		buf_printf(out, "a number%s%s", *o->unit ? " of" : "", unit_words(o->unit));
	for (const struct option_word *w = o->type == OPTION_ENUM ? o->words : NULL; w && w->name; w++)
		buf_printf(out, "%s%s", w == o->words ? "" : w[1].name ? ", " : " or ", w->name);
	if (o->type == OPTION_INT && o->words)
		buf_printf(out, " or a name (%s, …)", o->words->name);
}

static bool in_range(const struct option_row *o, const struct option_value *v)
{
	int64_t value = o->most > INT_MAX ? (int64_t)(uint32_t)v->number : v->number;

	if (o->type != OPTION_INT || (!o->least && !o->most))
		return true;
	return value >= o->least && value <= o->most;
}

int option_parse(const struct option_row *o, const char *text, struct option_value *out, struct err *e)
{
	const struct option_kind *kind = &option_kinds[o->type];
	struct option_value made;
	struct buf takes = { 0 };
	int rc;

	memset(&made, 0, sizeof made);
	if (!(o->use & OPTION_SET) || !kind->parse)
		return err_set(e, EINVAL, "%s can only be read", o->name);
	rc = kind->parse(o, text, &made);
	if (!rc && !in_range(o, &made))
		rc = -ERANGE;
	if (!rc) {
		*out = made;
		return 0;
	}
	if (rc == -ENODEV)
		return err_set(e, ENODEV, "%s: there is no interface as in \"%.80s\"", o->name, text);
	describe(o, &takes);
	err_set(e, -rc, "%s takes %s, not \"%.80s\"", o->name, buf_text(&takes), text);
	buf_done(&takes);
	return rc;
}

/* --- the calls --- */

int option_set(int fd, const struct option_row *o, const struct option_value *v)
{
	return setsockopt(fd, o->level, o->number, v->bytes, (socklen_t)v->len) ? -errno : 0;
}

int option_get(int fd, const struct option_row *o, struct buf *out)
{
	const struct option_kind *kind = &option_kinds[o->type];
	struct option_raw raw = { 0 };
	socklen_t len = sizeof raw.bytes;

	if (!(o->use & OPTION_GET) || !kind->print)
		return -ENOPROTOOPT;
	memset(&raw, 0, sizeof raw);
	if (getsockopt(fd, o->level, o->number, raw.bytes, &len))
		return -errno;
	raw.len = len;
	kind->print(o, &raw, out);
	return 0;
}

/* --- comparing --- */

/* Every word of `wanted` occurs as a word in `got`. */
static bool has_words(const char *got, const char *wanted)
{
	bool any = false;

	for (wanted += strspn(wanted, " "); *wanted; wanted += strspn(wanted, " ")) {
		size_t len = strcspn(wanted, " ");
		const char *at = got;

		while (at && (strcspn(at, " ") != len || strncasecmp(at, wanted, len))) {
			at = strchr(at, ' ');
			at = at ? at + 1 : NULL;
		}
		if (!at)
			return false;
		any = true;
		wanted += len;
	}
	return any;
}

/* Of a duration the kernel makes whole clock ticks, of at most 10 ms. */
static bool same_time(const struct option_value *got, const struct option_value *wanted)
{
	enum { TICK_US = 10000 };
	struct timeval a, b;
	long long more;

	memcpy(&a, got->bytes, sizeof a);
	memcpy(&b, wanted->bytes, sizeof b);
	more = (long long)(a.tv_sec - b.tv_sec) * 1000000 + (a.tv_usec - b.tv_usec);
	if (!(b.tv_sec || b.tv_usec) || !(a.tv_sec || a.tv_usec))
		return more == 0; /* 0 is for ever */
	return more >= 0 && more <= TICK_US;
}

bool option_equal(const struct option_row *o, const char *got, const char *wanted)
{
	const struct option_kind *kind = &option_kinds[o->type];
	struct option_value a, b;

	memset(&a, 0, sizeof a);
	memset(&b, 0, sizeof b);
	if (!kind->parse)
		return has_words(got, wanted);
	if (kind->parse(o, got, &a) || kind->parse(o, wanted, &b))
		return !strcmp(got, wanted);
	if (o->type == OPTION_TIME)
		return same_time(&a, &b);
	return a.len == b.len && !memcmp(a.bytes, b.bytes, a.len);
}

/* --- the prompt --- */

void option_suggest(int fd, const struct option_row *o, struct buf *out)
{
	const struct option_kind *kind = &option_kinds[o->type];
	struct buf now = { 0 };

	if (kind->suggest)
		buf_puts(out, kind->suggest);
	else if (o->type == OPTION_GROUP)
		buf_puts(out, o->level == IPPROTO_IP ? "224.0.0.251" : "ff02::fb");
	else if (option_get(fd, o, &now))
		buf_puts(out, o->type == OPTION_BOOL ? "1" : o->type == OPTION_INT && o->least > 0 ? "1" : "0");
	else if (o->type == OPTION_BOOL)
		buf_puts(out, option_equal(o, buf_text(&now), "1") ? "0" : "1");
	else
		buf_puts(out, buf_text(&now));
	buf_done(&now);
}
