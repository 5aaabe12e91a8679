/* Endpoints as text: parsing and formatting, see endpoint.h. */
#include "core/endpoint.h"

#include "util/buf.h"
#include "util/err.h"
#include "util/text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNNAMED "(unnamed)"

/* --- parsing --- */

static bool parse_port(const char *text, uint16_t *port, struct err *e)
{
	unsigned long value = 0;

	if (!*text || strspn(text, "0123456789") != strlen(text)) {
		err_set(e, EINVAL, "\"%s\" is not a port: a number from 0 to 65535 is wanted", text);
		return false;
	}
	for (const char *p = text; *p; p++) {
		value = value * 10 + (unsigned long)(*p - '0');
		if (value > 65535) {
			err_set(e, ERANGE, "port %s is out of range: 0 to 65535", text);
			return false;
		}
	}
	*port = (uint16_t)value;
	return true;
}

/* "\\n" "\\\\" "\\x00" "\\u202e" -> the bytes that add_name() wrote so; a \\ before anything else
 * is one. Returns what the escape took of `text`, 0 where there is none. */
static size_t read_escape(const char *text, struct buf *out)
{
	static const char plain[] = "n\nr\rt\t\\\\";
	unsigned digits = text[1] == 'x' ? 2 : text[1] == 'u' ? 4 : 0;
	char hex[5] = { 0 }, utf8[4];
	unsigned long rune;

	for (size_t i = 0; text[1] && plain[i]; i += 2)
		if (text[1] == plain[i]) {
			buf_putc(out, plain[i + 1]);
			return 2;
		}
	if (!digits || strspn(text + 2, "0123456789abcdefABCDEF") < digits)
		return 0;
	memcpy(hex, text + 2, digits);
	rune = strtoul(hex, NULL, 16);
	if (digits == 2)
		buf_putc(out, (char)rune);
	else
		buf_add(out, utf8, text_encode((uint32_t)rune, utf8));
	return 2 + digits;
}

static void read_name(const char *text, struct buf *out)
{
	while (*text) {
		size_t used = *text == '\\' ? read_escape(text, out) : 0;

		if (!used) {
			buf_putc(out, *text);
			used = 1;
		}
		text += used;
	}
}

static enum endpoint_form parse_unix(const char *path, struct endpoint *out, struct err *e)
{
	struct endpoint made = { .family = AF_UNIX };
	bool abstract = path[0] == '@';
	struct buf name = { 0 };
	size_t len;

	if (!strcmp(path, "@") || !strcmp(path, UNNAMED)) { /* unix:@ asks the kernel for a name (autobind) */
		*out = made;
		return ENDPOINT_OK;
	}
	read_name(path, &name);
	len = name.len;
	if (!len) {
		err_set(e, EINVAL, "a path (unix:/path) or an abstract name (unix:@name) is wanted");
		return ENDPOINT_BAD;
	}
	/* A path needs room for its NUL, see unix(7) "Pathname sockets". */
	if (len > ENDPOINT_PATH - (abstract ? 0 : 1)) {
		err_set(e, ENAMETOOLONG, "a UNIX socket's name has at most %d bytes, this has %zu",
			ENDPOINT_PATH - (abstract ? 0 : 1), len);
		buf_done(&name);
		return ENDPOINT_BAD;
	}
	if (!abstract && strlen(name.data) < len) {
		err_set(e, EINVAL, "the path \"%s\" has a NUL byte; only abstract names (unix:@name) may", path);
		buf_done(&name);
		return ENDPOINT_BAD;
	}
	made.path_len = (uint8_t)len;
	memcpy(made.path, name.data, len);
	if (abstract)
		made.path[0] = '\0';
	buf_done(&name);
	*out = made;
	return ENDPOINT_OK;
}

static bool parse_v6(const char *text, struct endpoint *out, struct err *e)
{
	char address[INET6_ADDRSTRLEN];
	const char *zone = strchr(text, '%');
	size_t len = zone ? (size_t)(zone - text) : strlen(text);

	if (len >= sizeof address)
		goto bad;
	memcpy(address, text, len);
	address[len] = '\0';
	if (inet_pton(AF_INET6, address, out->ip) != 1)
		goto bad;
	if (zone) {
		char *end;
		unsigned long index;

		out->scope_id = if_nametoindex(zone + 1);
		if (!out->scope_id) {
			errno = 0;
			index = strtoul(zone + 1, &end, 10);
			if (!isdigit((unsigned char)zone[1]) || *end || errno || index > UINT32_MAX || !index) {
				err_set(e, ENODEV, "there is no interface \"%s\"", zone + 1);
				return false;
			}
			out->scope_id = (uint32_t)index;
		}
	}
	out->family = AF_INET6;
	return true;
bad:
	err_set(e, EINVAL, "\"%s\" is not an IPv6 address", text);
	return false;
}

/* Labels of letters, digits, - and _ (RFC 1123; _ is seen in service names), none empty but for a
 * final dot. */
static bool looks_like_host(const char *text)
{
	size_t len = strlen(text), label = 0;
	bool letter = false;

	if (!len || len >= ENDPOINT_HOST)
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '.') {
			if (!label || label > 63)
				return false;
			label = 0;
			continue;
		}
		if (!isalnum(c) && c != '-' && c != '_')
			return false;
		letter |= isalpha(c) != 0;
		label++;
	}
	return letter && label <= 63; /* digits and dots alone are a mistyped address, not a name */
}

/* What stands before the port: an address, nothing or "*", or a name (*named, where those are
 * wanted). */
static bool parse_v4_or_name(const char *head, bool names, struct endpoint *out, bool *named)
{
	if (!*head || !strcmp(head, "*"))
		return true;
	if (inet_pton(AF_INET, head, out->ip) == 1) {
		out->family = AF_INET;
		return true;
	}
	*named = names && looks_like_host(head);
	return *named;
}

/* Cuts the port off and reads the rest. *port: where it begins in `head`, NULL for none. */
static bool parse_ip(char *head, bool names, struct endpoint *out, char **port, bool *named, struct err *e)
{
	char *end = head[0] == '[' ? strchr(head, ']') : strchr(head, ':');

	*port = NULL;
	if (head[0] == '[') {
		if (!end || (end[1] && end[1] != ':')) {
			err_set(e, EINVAL, "\"%s\": an IPv6 address is written [address]:port", head);
			return false;
		}
		*end = '\0';
		*port = end[1] ? end + 2 : NULL;
		return parse_v6(head + 1, out, e);
	}
	if (end && strchr(end + 1, ':')) /* two colons: an IPv6 address without a port */
		return parse_v6(head, out, e);
	if (end) {
		*end = '\0';
		*port = end + 1;
	}
	if (parse_v4_or_name(head, names, out, named))
		return true;
	err_set(e, EINVAL,
		"\"%s%s%s\" is not an address: 127.0.0.1:80, [::1]:80, host.name:80, "
		":8080 or unix:/path is wanted",
		head, *port ? ":" : "", *port ? *port : "");
	return false;
}

enum endpoint_form endpoint_parse(const char *text, struct endpoint *out, char *host, struct err *e)
{
	struct endpoint made = { 0 };
	char head[ENDPOINT_HOST + 80], *port;
	size_t len = strlen(text);
	bool named = false;

	if (!strncmp(text, "unix:", 5))
		return parse_unix(text + 5, out, e);
	if (text[0] == '/' || text[0] == '@')
		return parse_unix(text, out, e);
	if (len >= sizeof head) {
		err_set(e, EINVAL, "an address of %zu characters is too long", len);
		return ENDPOINT_BAD;
	}
	memcpy(head, text, len + 1);
	if (!parse_ip(head, host != NULL, &made, &port, &named, e))
		return ENDPOINT_BAD;
	if (port) {
		if (!parse_port(port, &made.port, e))
			return ENDPOINT_BAD;
		made.has_port = true;
	}
	if (made.family == AF_UNSPEC && !named && !port) {
		err_set(e, EINVAL,
			"an address is wanted: 127.0.0.1:80, [::1]:80, host.name:80, :8080, "
			"unix:/path");
		return ENDPOINT_BAD;
	}
	*out = made;
	if (!named)
		return made.family == AF_UNSPEC ? ENDPOINT_ANY : ENDPOINT_OK;
	snprintf(host, ENDPOINT_HOST, "%.253s", head);
	return ENDPOINT_NAME;
}

/* --- formatting --- */

/* Sanitised, and so that read_name() reads the same bytes: a \\ is doubled. */
static void add_name(struct buf *out, const char *bytes, size_t len)
{
	while (len) {
		const char *slash = memchr(bytes, '\\', len);
		size_t part = slash ? (size_t)(slash - bytes) : len;

		text_clean(out, bytes, part);
		if (slash) {
			buf_puts(out, "\\\\");
			part++;
		}
		bytes += part;
		len -= part;
	}
}

static char *format_name(const struct endpoint *e, char *out, size_t size)
{
	struct buf text = { 0 };
	size_t keep, skip = 0;

	if (!e->path_len) {
		buf_puts(&text, UNNAMED);
	} else if (!e->path[0] || e->path[0] == '@') {
		buf_puts(&text, e->path[0] ? "\\x40" : "@"); /* a path that begins with @ is no abstract name */
		skip = 1;
	}
	add_name(&text, e->path + skip, e->path_len - skip);
	keep = text.len < size - 1 ? text.len : size - 1;
	while (keep && keep < text.len && ((unsigned char)text.data[keep] & 0xc0) == 0x80)
		keep--; /* cut at a character */
	memcpy(out, buf_text(&text), keep);
	out[keep] = '\0';
	buf_done(&text);
	return out;
}

/* "10.0.0.1" or "10.0.0.1:80": two a packet and a flow, too many for printf. False: no room. */
static bool format_ipv4(const struct endpoint *e, bool port, char *out, size_t size)
{
	if (size < sizeof "255.255.255.255:65535")
		return false;
	out += endpoint_ip_text(AF_INET, e->ip, out);
	if (port) {
		*out++ = ':';
		text_uint(out, e->port);
	}
	return true;
}

char *endpoint_address(const struct endpoint *e, char *out, size_t size)
{
	char text[INET6_ADDRSTRLEN + IF_NAMESIZE + 2];

	if (!size || (e->family == AF_INET && format_ipv4(e, false, out, size)))
		return out;
	switch (e->family) {
	case AF_INET: endpoint_ip_text(AF_INET, e->ip, text); break;
	case AF_INET6:
		endpoint_ip_text(AF_INET6, e->ip, text);
		if (e->scope_id) {
			char name[IF_NAMESIZE];
			size_t len = strlen(text);

			if (if_indextoname(e->scope_id, name))
				snprintf(text + len, sizeof text - len, "%%%s", name);
			else
				snprintf(text + len, sizeof text - len, "%%%u", (unsigned)e->scope_id);
		}
		break;
	case AF_UNIX: return format_name(e, out, size);
	case AF_VSOCK:
		if (endpoint_is_any(e))
			snprintf(text, sizeof text, "*");
		else
			snprintf(text, sizeof text, "%lu",
				 (unsigned long)e->ip[0] << 24 | (unsigned long)e->ip[1] << 16 |
					 (unsigned long)e->ip[2] << 8 | e->ip[3]);
		break;
	default: snprintf(text, sizeof text, "*");
	}
	snprintf(out, size, "%s", text);
	return out;
}

char *endpoint_format(const struct endpoint *e, char *out, size_t size)
{
	char address[ENDPOINT_TEXT];

	if (e->family == AF_INET && format_ipv4(e, e->has_port, out, size))
		return out;
	endpoint_address(e, address, sizeof address);
	if (e->family == AF_UNIX)
		snprintf(out, size, "unix:%s", address);
	else if (!e->has_port)
		snprintf(out, size, "%s", address);
	else if (e->family == AF_INET6)
		snprintf(out, size, "[%s]:%u", address, (unsigned)e->port);
	else
		snprintf(out, size, "%s:%u", e->family == AF_UNSPEC ? "" : address, (unsigned)endpoint_port(e));
	return out;
}
