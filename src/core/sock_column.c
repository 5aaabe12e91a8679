#include "core/sock_column.h"

#include "util/buf.h"
#include "util/text.h"

#include <ctype.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

/* clang-format off */
const char *const sock_kinds[KIND_COUNT] = {
	[KIND_TCP] = "tcp", [KIND_UDP] = "udp", [KIND_RAW] = "raw", [KIND_UNIX] = "unix",
	  [KIND_PACKET] = "packet",
	[KIND_NETLINK] = "netlink", [KIND_MPTCP] = "mptcp", [KIND_UDPLITE] = "udplite",
	  [KIND_SCTP] = "sctp",
	[KIND_VSOCK] = "vsock", [KIND_OTHER] = "other",
};

static const struct {
	int family;
	enum sock_kind kind;
	const char *word;
} by_family[] = {
	{ AF_UNIX, KIND_UNIX, "unix" },       { AF_PACKET, KIND_PACKET, "packet" },
	{ AF_NETLINK, KIND_NETLINK, "netlink" }, { AF_VSOCK, KIND_VSOCK, "vsock" },
	{ AF_INET, KIND_OTHER, "inet" },      { AF_INET6, KIND_OTHER, "inet6" },
};

static const struct {
	int protocol;
	enum sock_kind kind;
} by_protocol[] = {
	{ IPPROTO_TCP, KIND_TCP },         { IPPROTO_UDP, KIND_UDP },   { IPPROTO_MPTCP,
	  KIND_MPTCP },
	{ IPPROTO_UDPLITE, KIND_UDPLITE }, { IPPROTO_SCTP, KIND_SCTP }, { IPPROTO_ICMP, KIND_RAW },
	{ IPPROTO_ICMPV6, KIND_RAW },
};
/* clang-format on */

static enum sock_kind kind_of(int family, int type, int protocol)
{
	if (family != AF_INET && family != AF_INET6) {
		for (size_t i = 0; i < sizeof by_family / sizeof *by_family; i++)
			if (by_family[i].family == family)
				return by_family[i].kind;
		return KIND_OTHER;
	}
	if (type == SOCK_RAW)
		return KIND_RAW;
	for (size_t i = 0; i < sizeof by_protocol / sizeof *by_protocol; i++)
		if (by_protocol[i].protocol == protocol)
			return by_protocol[i].kind;
	return type == SOCK_STREAM ? KIND_TCP : type == SOCK_DGRAM ? KIND_UDP : KIND_OTHER;
}

enum sock_kind sock_kind(const struct sock *s)
{
	return kind_of(s->family, s->type, s->protocol);
}

enum sock_kind record_kind(const struct record *r)
{
	return kind_of(r->family, r->type, r->protocol);
}

const char *sock_kind_word(const struct sock *s)
{
	enum sock_kind kind = sock_kind(s);

	if (kind == KIND_RAW && s->type != SOCK_RAW)
		return s->protocol == IPPROTO_ICMP ? "icmp" : "icmpv6";
	return kind == KIND_OTHER ? sock_proto(s) : sock_kinds[kind];
}

const char *sock_family_word(int family)
{
	for (size_t i = 0; i < sizeof by_family / sizeof *by_family; i++)
		if (by_family[i].family == family)
			return by_family[i].word;
	return NULL;
}

const char *sock_type_word(const struct sock *s)
{
	static const char *const words[] = {
		[SOCK_STREAM] = "stream", [SOCK_DGRAM] = "dgram",         [SOCK_RAW] = "raw",
		[SOCK_RDM] = "rdm",       [SOCK_SEQPACKET] = "seqpacket",
	};

	return (unsigned)s->type < sizeof words / sizeof *words ? words[s->type] : NULL;
}

struct sock_view sock_view(const struct snapshot *s, const struct record *r, const struct sock_names *names,
			   struct sock *room)
{
	struct sock_view v = { .sock = room, .record = r, .names = names };

	record_sock(s, r, room);
	v.owners = record_owners(s, r, &v.owner_count);
	return v;
}

/* --- endpoints --- */

bool endpoint_there(const struct endpoint *e)
{
	if (e->family == AF_UNIX)
		return e->path_len > 0;
	if (e->family == AF_UNSPEC)
		return false;
	return (e->has_port && e->port) || !endpoint_is_any(e);
}

/* "2:1024", "*:1024": context id and port. */
static void add_vsock(struct buf *out, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT];

	buf_printf(out, "%s:", endpoint_address(e, text, sizeof text));
	if (endpoint_port(e) == UINT32_MAX)
		buf_putc(out, '*');
	else
		buf_uint(out, endpoint_port(e));
}

static void add_address(struct buf *out, const struct sock_view *v, const struct endpoint *e)
{
	const struct sock_names *n = v->names;
	const char *host = n && n->host ? n->host(n->ctx, e) : NULL;

	if (host) {
		text_clean(out, host, strlen(host));
	} else if (e->family == AF_INET) {
		out->len += endpoint_ip_text(AF_INET, e->ip, buf_room(out, INET6_ADDRSTRLEN));
	} else {
		if (e->has_port)
			buf_putc(out, '[');
		out->len += endpoint_ip_text(AF_INET6, e->ip, buf_room(out, INET6_ADDRSTRLEN));
		if (e->scope_id) {
			const char *zone = n && n->interface && v->record
						   ? n->interface(n->ctx, v->record->netns, e->scope_id)
						   : NULL;

			buf_putc(out, '%');
			if (zone)
				text_clean(out, zone, strlen(zone));
			else
				buf_uint(out, e->scope_id);
		}
		if (e->has_port)
			buf_putc(out, ']');
	}
}

void endpoint_add(struct buf *out, const struct sock_view *v, const struct endpoint *e)
{
	const struct sock_names *n = v->names;
	char text[ENDPOINT_TEXT];
	const char *service;

	if (e->family == AF_UNIX || e->family == AF_UNSPEC) {
		if (e->family == AF_UNIX && e->path_len)
			buf_puts(out, endpoint_address(e, text, sizeof text));
		return;
	}
	if (e->family == AF_VSOCK)
		add_vsock(out, e);
	if (e->family != AF_INET && e->family != AF_INET6)
		return;
	add_address(out, v, e);
	if (!e->has_port)
		return;
	buf_putc(out, ':');
	service = n && n->service && e->port ? n->service(n->ctx, v->sock, e->port) : NULL;
	if (service)
		text_clean(out, service, strlen(service));
	else if (e->port)
		buf_uint(out, e->port);
	else
		buf_putc(out, '*');
}

/* --- reading a row --- */

/* As it is written, with _ for - (JSON's spelling). */
static bool same_name(const char *name, const char *typed, size_t len)
{
	size_t i = 0;

	for (; i < len && name[i]; i++)
		if (tolower((unsigned char)typed[i]) != name[i] && !(typed[i] == '_' && name[i] == '-'))
			return false;
	return i == len && !name[i];
}

const struct socket_column *column_find(const char *name, size_t len)
{
	for (const struct socket_column *c = socket_columns; c->name; c++)
		if (same_name(c->name, name, len))
			return c;
	return NULL;
}

bool column_number(const struct socket_column *c, const struct sock_view *v, uint64_t *out)
{
	const char *at = (const char *)v->sock + c->offset;
	uint32_t four;
	uint64_t value;

	if (c->number)
		return c->number(v, out);
	if (!c->size || (v->sock->known & c->known) != c->known)
		return false;
	switch (c->size) {
	case 1: value = *(const uint8_t *)at; break;
	case 4:
		memcpy(&four, at, sizeof four);
		value = four;
		break;
	default: memcpy(&value, at, sizeof value);
	}
	*out = value;
	return true;
}

char *column_milli(char *out, uint64_t thousandths)
{
	size_t len = text_uint(out, thousandths / 1000);
	unsigned rest = (unsigned)(thousandths % 1000);

	if (!rest)
		return out;
	out[len++] = '.';
	for (unsigned digit = 100; rest; digit /= 10) {
		out[len++] = (char)('0' + rest / digit);
		rest %= digit;
	}
	out[len] = '\0';
	return out;
}

static void add_unit(struct buf *out, enum column_unit unit, uint64_t value)
{
	char text[40];

	switch (unit) {
	case UNIT_US: buf_puts(out, text_duration(text, sizeof text, value * 1000, false)); break;
	case UNIT_MS: buf_puts(out, text_duration(text, sizeof text, value * 1000000, false)); break;
	case UNIT_BYTES: buf_puts(out, text_size(text, sizeof text, value)); break;
	case UNIT_RATE:
		buf_puts(out, text_size(text, sizeof text, value));
		buf_puts(out, "/s");
		break;
	case UNIT_HEX: buf_printf(out, "0x%llx", (unsigned long long)value); break;
	case UNIT_FLAG: buf_puts(out, value ? "yes" : "no"); break;
	case UNIT_MILLI: buf_printf(out, "%s/s", column_milli(text, value)); break;
	case UNIT_NONE: buf_uint(out, value); break;
	}
}

void column_text(const struct socket_column *c, const struct sock_view *v, struct buf *out)
{
	uint64_t value;

	if (c->text)
		c->text(v, out);
	else if (column_number(c, v, &value))
		add_unit(out, c->unit, value);
}

void column_value(const struct socket_column *c, const struct sock_view *v, struct buf *out)
{
	char text[24];
	uint64_t value;

	if (c->text)
		c->text(v, out);
	else if (c->unit == UNIT_MILLI && column_number(c, v, &value))
		buf_puts(out, column_milli(text, value));
	else if (column_number(c, v, &value))
		add_unit(out, c->unit == UNIT_HEX ? UNIT_HEX : UNIT_NONE, value);
}

static int by_text(const struct socket_column *c, const struct sock_view *a, const struct sock_view *b)
{
	struct buf left = { 0 }, right = { 0 };
	int order;

	column_text(c, a, &left);
	column_text(c, b, &right);
	order = !left.len || !right.len ? (left.len == 0) - (right.len == 0) : strcasecmp(left.data, right.data);
	buf_done(&left);
	buf_done(&right);
	return order;
}

int column_compare(const struct socket_column *c, const struct sock_view *a, const struct sock_view *b)
{
	uint64_t left = 0, right = 0;
	bool has_left, has_right;

	if (c->compare)
		return c->compare(a, b);
	if (c->text)
		return by_text(c, a, b);
	has_left = column_number(c, a, &left);
	has_right = column_number(c, b, &right);
	if (!has_left || !has_right)
		return has_right - has_left;
	return left < right ? -1 : left > right;
}

int record_order(const struct snapshot *s, const struct record *a, const struct record *b)
{
	struct sock left, right;
	int order = memcmp(a->local, b->local, sizeof a->local);

	if (a->local_family != b->local_family || a->remote_family != b->remote_family || a->family == AF_UNIX ||
	    b->family == AF_UNIX || record_kind(a) != record_kind(b) ||
	    (a->state == STATE_LISTEN) != (b->state == STATE_LISTEN)) {
		record_sock(s, a, &left);
		record_sock(s, b, &right);
		return sock_order(&left, &right);
	}
	if (!order)
		order = (int)a->local_port - (int)b->local_port;
	if (!order)
		order = memcmp(a->remote, b->remote, sizeof a->remote);
	if (!order)
		order = (int)a->remote_port - (int)b->remote_port;
	return order ? order : a->inode < b->inode ? -1 : a->inode > b->inode;
}

int sock_order(const struct sock *a, const struct sock *b)
{
	int order = (int)sock_kind(a) - (int)sock_kind(b);

	if (!order)
		order = (b->state == STATE_LISTEN) - (a->state == STATE_LISTEN);
	if (!order)
		order = endpoint_compare(&a->local, &b->local);
	if (!order)
		order = endpoint_compare(&a->remote, &b->remote);
	return order ? order : a->inode < b->inode ? -1 : a->inode > b->inode;
}
