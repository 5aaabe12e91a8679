/* The keys of filter.h: a row each; how numbers and texts are read and compared. */
#include "filter_inside.h"

#include "util/err.h"
#include "util/text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- numbers --- */

bool filter_decimal(const char *text, uint64_t *out)
{
	int base = text[0] == '0' && (text[1] | 32) == 'x' ? 16 : 10;
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*out = strtoull(text, &end, base);
	return !errno && !*end;
}

/* Milliseconds, as ping and ss say it, when there is no unit. */
static bool time_us(const char *text, uint64_t *out)
{
	char with[40];
	uint64_t ns;

	if (snprintf(with, sizeof with, "%s%s", text, strpbrk(text, "munsh") ? "" : "ms") >= (int)sizeof with ||
	    !isdigit((unsigned char)*text) || !text_parse_duration(with, &ns))
		return false;
	*out = ns / 1000;
	return true;
}

static bool port_number(const char *text, uint64_t *out)
{
	const struct servent *known;

	if (*text == '*')
		text++;
	if (*text == ':')
		text++;
	if (!isalpha((unsigned char)*text))
		return filter_decimal(text, out);
	known = getservbyname(text, NULL);
	if (known)
		*out = ntohs((uint16_t)known->s_port);
	return known;
}

static bool one_number(const struct filter_key *k, const char *text, uint64_t *out)
{
	bool good;

	switch (k->unit) {
	case FILTER_SIZE: good = isdigit((unsigned char)*text) && text_parse_size(text, out); break;
	case FILTER_TIME: good = time_us(text, out); break;
	case FILTER_PORT: good = port_number(text, out); break;
	default: good = filter_decimal(text, out);
	}
	return good && *out <= k->most;
}

/* "8000-8999"; a service's name may have a - too. */
bool filter_range(const struct filter_key *k, const char *text, uint64_t *least, uint64_t *most)
{
	char left[64];

	if (one_number(k, text, least)) {
		*most = *least;
		return true;
	}
	for (const char *dash = strchr(text, '-'); dash; dash = strchr(dash + 1, '-')) {
		if ((size_t)(dash - text) >= sizeof left)
			return false;
		snprintf(left, sizeof left, "%.*s", (int)(dash - text), text);
		if (one_number(k, left, least) && one_number(k, dash + 1, most))
			return *least <= *most;
	}
	return false;
}

static const char *operator_of(const char *text, enum filter_op *op)
{
	if (*op != OP_COLON || (*text != '<' && *text != '>'))
		return text;
	*op = *text == '<' ? OP_LESS : OP_GREATER;
	if (text[1] != '=')
		return text + 1;
	*op = *op == OP_LESS ? OP_LESS_EQUAL : OP_GREATER_EQUAL;
	return text + 2;
}

static int number_parse(const struct filter_key *k, enum filter_op op, const char *text, struct filter_value *out,
			struct err *e)
{
	const char *number = operator_of(text, &op);
	uint64_t least, most;

	if (!(op == OP_COLON || op == OP_EQUAL ? filter_range(k, number, &least, &most)
					       : one_number(k, number, &least)))
		return err_set(e, EINVAL, "%s takes %s, not \"%s\"", k->name, k->usage, text);
	out->least = 0;
	out->most = UINT64_MAX;
	switch (op) {
	case OP_COLON:
	case OP_EQUAL: out->least = least, out->most = most; break;
	case OP_LESS: /* nothing is below 0 */
		out->least = least ? 0 : 1;
		out->most = least ? least - 1 : 0;
		break;
	case OP_LESS_EQUAL: out->most = least; break;
	case OP_GREATER: out->least = least + 1; break;
	case OP_GREATER_EQUAL: out->least = least; break;
	}
	return 0;
}

static bool within(const struct filter_value *value, uint64_t number)
{
	return number >= value->least && number <= value->most;
}

static bool number_match(const struct sock_view *v, const struct filter_value *value)
{
	uint64_t number;

	return column_number(value->column, v, &number) && within(value, number);
}

static bool pid_match(const struct sock_view *v, const struct filter_value *value)
{
	for (size_t i = 0; i < v->owner_count; i++)
		if (within(value, v->owners[i].pid))
			return true;
	return false;
}

static bool fd_match(const struct sock_view *v, const struct filter_value *value)
{
	for (size_t i = 0; i < v->owner_count; i++)
		if (v->owners[i].fd >= 0 && within(value, (uint64_t)v->owners[i].fd))
			return true;
	return false;
}

bool filter_has_port(const struct endpoint *e, const struct filter_value *value)
{
	return (e->family == AF_INET || e->family == AF_INET6) && e->has_port && within(value, e->port);
}

static bool sport_match(const struct sock_view *v, const struct filter_value *value)
{
	return filter_has_port(&v->sock->local, value);
}

static bool dport_match(const struct sock_view *v, const struct filter_value *value)
{
	return endpoint_there(&v->sock->remote) && filter_has_port(&v->sock->remote, value);
}

static bool port_match(const struct sock_view *v, const struct filter_value *value)
{
	return sport_match(v, value) || dport_match(v, value);
}

/* --- texts --- */

int filter_only_equal(const struct filter_key *k, enum filter_op op, struct err *e)
{
	return op == OP_COLON || op == OP_EQUAL
		       ? 0
		       : err_set(e, EINVAL, "%s has no order: write %s:VALUE, %s = VALUE or %s != VALUE", k->name,
				 k->name, k->name, k->name);
}

/* A part is enough for names, as for bare words; = means the whole. */
static int part_parse(const struct filter_key *k, enum filter_op op, const char *text, struct filter_value *out,
		      struct err *e)
{
	out->text = text;
	out->how = strpbrk(text, "*?[") ? HOW_PATTERN : op == OP_COLON ? HOW_PART : HOW_WHOLE;
	return filter_only_equal(k, op, e);
}

int filter_whole_parse(const struct filter_key *k, enum filter_op op, const char *text, struct filter_value *out,
		       struct err *e)
{
	out->text = text;
	out->how = strpbrk(text, "*?[") ? HOW_PATTERN : HOW_WHOLE;
	return filter_only_equal(k, op, e);
}

bool filter_text_fits(const char *text, const struct filter_value *value)
{
	switch (value->how) {
	case HOW_PART: return strcasestr(text, value->text);
	case HOW_PATTERN: return !fnmatch(value->text, text, FNM_CASEFOLD);
	default: return !strcasecmp(text, value->text);
	}
}

static bool proc_match(const struct sock_view *v, const struct filter_value *value)
{
	for (size_t i = 0; i < v->owner_count; i++) {
		char name[sizeof v->owners->process + 1];

		snprintf(name, sizeof name, "%.*s", (int)sizeof v->owners->process, v->owners[i].process);
		if (filter_text_fits(name, value))
			return true;
	}
	return false;
}

static bool column_match(const struct sock_view *v, const struct filter_value *value)
{
	struct buf text = { 0 };
	bool fits;

	column_text(value->column, v, &text);
	fits = text.len && filter_text_fits(text.data, value);
	buf_done(&text);
	return fits;
}

static bool app_match(const struct sock_view *v, const struct filter_value *value)
{
	return v->app && *v->app && filter_text_fits(v->app, value);
}

static bool end_match(const struct sock_view *v, const struct filter_value *value)
{
	return v->end && *v->end && filter_text_fits(v->end, value);
}

static bool path_fits(const struct endpoint *e, const struct filter_value *value)
{
	char text[ENDPOINT_TEXT];

	return e->family == AF_UNIX && e->path_len && filter_text_fits(endpoint_address(e, text, sizeof text), value);
}

/* The name given to a socket of our own; or that of a UNIX socket, its path or @name, at either end. */
static bool name_match(const struct sock_view *v, const struct filter_value *value)
{
	return (v->name && filter_text_fits(v->name, value)) || path_fits(&v->sock->local, value) ||
	       path_fits(&v->sock->remote, value);
}

/* Also by number. */
static bool user_match(const struct sock_view *v, const struct filter_value *value)
{
	uint64_t uid;

	if (!(v->sock->known & SOCK_HAS_UID))
		return false;
	return (filter_decimal(value->text, &uid) && uid == v->sock->uid) || column_match(v, value);
}

static bool netns_match(const struct sock_view *v, const struct filter_value *value)
{
	uint64_t inode;

	if (!v->record)
		return false;
	return (filter_decimal(value->text, &inode) && inode == v->record->netns) || column_match(v, value);
}

static bool iface_match(const struct sock_view *v, const struct filter_value *value)
{
	uint64_t index;

	if (!v->sock->interface)
		return false;
	return (filter_decimal(value->text, &index) && index == v->sock->interface) || column_match(v, value);
}

/* --- the table --- */

#define KIND(kind) (1u << KIND_##kind)
#define WITH_PORTS (KIND(TCP) | KIND(UDP) | KIND(MPTCP) | KIND(UDPLITE) | KIND(SCTP) | KIND(RAW) | KIND(OTHER))
#define WITH_TCP (KIND(TCP) | KIND(MPTCP))

/* clang-format off */
const struct filter_key filter_keys[] = {
	{ "proto", NULL, "PROTOCOL", 0, NULL, FILTER_PLAIN, 0, filter_proto_parse,
	  filter_proto_match,
	  "tcp udp udplite raw icmp icmpv6 unix packet netlink mptcp sctp vsock" },
	{ "state", NULL, "STATE", 0, NULL, FILTER_PLAIN, 0, filter_state_parse, filter_state_match,
	  "a state, or ss's groups: synchronized bucket big all" },
	{ "family", NULL, "FAMILY", 0, NULL, FILTER_PLAIN, 0, filter_family_parse,
	  filter_family_match, "inet inet6 unix packet netlink vsock" },
	{ "port", NULL, "a port", WITH_PORTS, NULL, FILTER_PORT, 65535, number_parse, port_match,
	  "port of either end" },
	{ "sport", NULL, "a port", WITH_PORTS, NULL, FILTER_PORT, 65535, number_parse, sport_match,
	  "port of this end" },
	{ "dport", NULL, "a port", WITH_PORTS, NULL, FILTER_PORT, 65535, number_parse, dport_match,
	  "port of the other end" },
	{ "addr", NULL, "an address", 0, NULL, FILTER_PLAIN, 0, filter_address_parse,
	  filter_addr_match, "address, network (10.0.0.0/8), address:port or path of either end" },
	{ "src", NULL, "an address", 0, NULL, FILTER_PLAIN, 0, filter_address_parse,
	  filter_src_match, "the same, of this end" },
	{ "dst", NULL, "an address", 0, NULL, FILTER_PLAIN, 0, filter_address_parse,
	  filter_dst_match, "the same, of the other end" },
	{ "pid", NULL, "a number", 0, "pid", FILTER_PLAIN, UINT32_MAX, number_parse, pid_match,
	  "process that has it" },
	{ "proc", "process", "a name", 0, "process", FILTER_PLAIN, 0, part_parse, proc_match,
	  "part of the name of the process that has it; proc = NAME: all of it" },
	{ "user", NULL, "a user", 0, "user", FILTER_PLAIN, 0, filter_whole_parse, user_match,
	  "who it belongs to, by name or number" },
	{ "uid", NULL, "a number", 0, "uid", FILTER_PLAIN, UINT32_MAX, number_parse, number_match,
	  "who it belongs to, by number" },
	{ "inode", "ino", "a number", 0, "inode", FILTER_PLAIN, UINT64_MAX - 1, number_parse,
	  number_match, "as in the link socket:[inode]" },
	{ "fd", NULL, "a number", 0, "fd", FILTER_PLAIN, INT32_MAX, number_parse, fd_match,
	  "number of its descriptor" },
	{ "name", NULL, "a name", 0, NULL, FILTER_PLAIN, 0, part_parse, name_match,
	  "part of the name of a socket of our own, or of a UNIX socket's path or @name" },
	{ "recvq", NULL, "bytes", 0, "recv-q", FILTER_SIZE, UINT32_MAX, number_parse, number_match,
	  "bytes not read; of a listener: connections that wait" },
	{ "sendq", NULL, "bytes", 0, "send-q", FILTER_SIZE, UINT32_MAX, number_parse, number_match,
	  "bytes not acknowledged; of a listener: the backlog" },
	{ "rtt", NULL, "a time (10ms, 50us, 0.5; no unit: ms)", WITH_TCP, "rtt", FILTER_TIME,
	  UINT32_MAX, number_parse, number_match, "round-trip time of TCP" },
	{ "iface", "dev", "an interface", 0, "iface", FILTER_PLAIN, 0, filter_whole_parse,
	  iface_match, "interface that it is bound to" },
	{ "netns", NULL, "a network namespace", 0, "netns", FILTER_PLAIN, 0, filter_whole_parse,
	  netns_match, "network namespace, by name or inode" },
	{ "mark", "fwmark", "a number", 0, "mark", FILTER_PLAIN, UINT32_MAX, number_parse,
	  number_match, "SO_MARK" },
	{ "cookie", NULL, "a number", 0, "cookie", FILTER_PLAIN, UINT64_MAX - 1, number_parse,
	  number_match, "the kernel's number for it" },
	{ "app", NULL, "an application", 0, NULL, FILTER_PLAIN, 0, filter_whole_parse, app_match,
	  "application of a conversation of a capture file: dns, http, tls, …" },
	{ "end", NULL, "an ending", 0, NULL, FILTER_PLAIN, 0, part_parse, end_match,
	  "how a connection of a capture file ended: open half fin rst, \"by client\"" },
	{ "reason", NULL, "a reason", 0, "reason", FILTER_PLAIN, 0, filter_whole_parse,
	  column_match, "why no owner is known: time-wait, no-permission, …" },
	{ 0 },
};
/* clang-format on */

const struct filter_key *filter_key_find(const char *name, size_t len)
{
	for (const struct filter_key *k = filter_keys; k->name; k++)
		if ((strlen(k->name) == len && !strncasecmp(k->name, name, len)) ||
		    (k->alias && strlen(k->alias) == len && !strncasecmp(k->alias, name, len)))
			return k;
	return NULL;
}
