/* Keys of filter.h whose values are addresses: a host or a network, with a port or without, or a
 * UNIX path. */
#include "filter_inside.h"

#include "util/err.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct filter_key port_key = { .name = "port", .unit = FILTER_PORT, .most = 65535 };

static bool read_ip(const char *host, const char *prefix, struct filter_value *out)
{
	char short_form[INET_ADDRSTRLEN + 8], without_zone[INET6_ADDRSTRLEN];
	uint64_t bits;
	unsigned width, dots = 0;

	snprintf(without_zone, sizeof without_zone, "%.*s", (int)strcspn(host, "%"), host);
	if (inet_pton(AF_INET6, without_zone, out->ip) == 1) {
		out->family = AF_INET6;
	} else {
		for (const char *p = host; *p; p++)
			dots += *p == '.';
		/* 10/8 and 172.16/12 are usual forms of a network. */
		snprintf(short_form, sizeof short_form, "%.15s%s", host,
			 !prefix || dots >= 3 ? "" : &".0.0.0"[2 * dots]);
		if (strlen(host) > 15 || inet_pton(AF_INET, short_form, out->ip) != 1)
			return false;
		out->family = AF_INET;
	}
	width = out->family == AF_INET ? 32 : 128;
	out->bits = (uint8_t)width;
	if (prefix) {
		if (!filter_decimal(prefix, &bits) || bits > width)
			return false;
		out->bits = (uint8_t)bits;
	}
	return true;
}

/* [host]/prefix:port, as it stands in `text`, which is taken apart. */
static bool split_brackets(char *text, char **host, char **prefix, char **port)
{
	char *end = strchr(text, ']'), *colon;

	if (!end)
		return false;
	*end++ = '\0';
	*host = text + 1;
	colon = strchr(end, ':');
	if (colon) {
		*colon = '\0';
		*port = colon + 1;
	}
	if (*end && *end != '/')
		return false;
	*prefix = *end ? end + 1 : NULL;
	return **host;
}

static bool read_address(char *text, struct filter_value *out)
{
	char *host = text, *prefix = NULL, *port = NULL, *colon = strchr(text, ':');

	if (*text == '[') {
		if (!split_brackets(text, &host, &prefix, &port))
			return false;
	} else {
		if (colon && colon == strrchr(text, ':')) {
			*colon = '\0';
			port = colon + 1;
		}
		prefix = strchr(text, '/');
		if (prefix)
			*prefix++ = '\0';
	}
	if (port) {
		out->ports = true;
		if (!strcmp(port, "*"))
			out->least = 0, out->most = UINT16_MAX;
		else if (!filter_range(&port_key, port, &out->least, &out->most))
			return false;
	}
	if (!*host || !strcmp(host, "*"))
		return !prefix && (port || *host); /* any address */
	out->loopback = !strcasecmp(host, "localhost") && !prefix;
	return out->loopback || read_ip(host, prefix, out);
}

int filter_address_parse(const struct filter_key *k, enum filter_op op, const char *text, struct filter_value *out,
			 struct err *e)
{
	char copy[160];
	size_t skip = strncmp(text, "unix:", 5) ? 0 : 5;

	if (skip || *text == '/' || *text == '@') {
		out->family = AF_UNIX;
		return filter_whole_parse(k, op, text + skip, out, e);
	}
	if (filter_only_equal(k, op, e))
		return -EINVAL;
	if (strlen(text) >= sizeof copy)
		return err_set(e, EINVAL, "%s takes %s: this is too long", k->name, k->usage);
	memcpy(copy, text, strlen(text) + 1);
	if (read_address(copy, out))
		return 0;
	return err_set(e, EINVAL, "\"%s\" is no address: 10.0.0.0/8, 127.0.0.1:80, [::1]:80, :443 or a path", text);
}

static bool same_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	if (memcmp(a, b, bits / 8) != 0)
		return false;
	return !(bits % 8) || !((a[bits / 8] ^ b[bits / 8]) >> (8 - bits % 8));
}

static bool address_fits(const struct endpoint *at, const struct filter_value *value)
{
	struct endpoint plain;

	if (value->family == AF_UNIX || at->family == AF_UNIX) {
		char text[ENDPOINT_TEXT];

		return value->family == AF_UNIX && at->family == AF_UNIX && at->path_len &&
		       filter_text_fits(endpoint_address(at, text, sizeof text), value);
	}
	if (at->family != AF_INET && at->family != AF_INET6)
		return false;
	if (value->ports && !filter_has_port(at, value))
		return false;
	if (value->loopback)
		return endpoint_is_loopback(at);
	if (value->family == AF_UNSPEC)
		return true;
	if (value->family == at->family)
		return same_bits(at->ip, value->ip, value->bits);
	if (value->family != AF_INET)
		return false;
	plain = *at; /* ::ffff:10.0.0.1 is in 10.0.0.0/8 */
	endpoint_unmap(&plain);
	return plain.family == AF_INET && same_bits(plain.ip, value->ip, value->bits);
}

bool filter_src_match(const struct sock_view *v, const struct filter_value *value)
{
	return address_fits(&v->sock->local, value);
}

bool filter_dst_match(const struct sock_view *v, const struct filter_value *value)
{
	return endpoint_there(&v->sock->remote) && address_fits(&v->sock->remote, value);
}

bool filter_addr_match(const struct sock_view *v, const struct filter_value *value)
{
	return filter_src_match(v, value) || filter_dst_match(v, value);
}
