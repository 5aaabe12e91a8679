#include "core/endpoint.h"

#include "util/buf.h"
#include "util/err.h"
#include "util/hash.h"
#include "util/text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <net/if.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t mapped_prefix[12] = { [10] = 0xff, [11] = 0xff };

#define UNNAMED "(unnamed)"

/* --- parsing --- */

static bool parse_port(const char *text, uint16_t *port, struct err *e)
{
	unsigned long value = 0;

	if (!*text || strspn(text, "0123456789") != strlen(text)) {
		err_set(e, EINVAL, "\"%s\" is not a port: a number from 0 to 65535 is wanted",
			text);
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

/* "\\n" "\\\\" "\\x00" "\\u202e" -> the bytes that add_name() wrote so; a \\ before anything else is one. Returns what the
 * escape took of `text`, 0 where there is none. */
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

	if (!strcmp(path, "@") ||
	    !strcmp(path, UNNAMED)) { /* unix:@ asks the kernel for a name (autobind) */
		*out = made;
		return ENDPOINT_OK;
	}
	read_name(path, &name);
	len = name.len;
	if (!len) {
		err_set(e, EINVAL,
			"a path (unix:/path) or an abstract name (unix:@name) is wanted");
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
		err_set(e, EINVAL,
			"the path \"%s\" has a NUL byte; only abstract names (unix:@name) may",
			path);
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
			if (!isdigit((unsigned char)zone[1]) || *end || errno ||
			    index > UINT32_MAX || !index) {
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

/* Labels of letters, digits, - and _ (RFC 1123; _ is seen in service names), none empty but for a final dot. */
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

enum endpoint_form endpoint_parse(const char *text, struct endpoint *out, char *host, struct err *e)
{
	struct endpoint made = { 0 };
	char head[ENDPOINT_HOST + 80];
	const char *port = NULL, *colon;
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
	if (head[0] == '[') {
		char *close_at = strchr(head, ']');

		if (!close_at || (close_at[1] && close_at[1] != ':')) {
			err_set(e, EINVAL, "\"%s\": an IPv6 address is written [address]:port",
				text);
			return ENDPOINT_BAD;
		}
		*close_at = '\0';
		port = close_at[1] ? close_at + 2 : NULL;
		if (!parse_v6(head + 1, &made, e))
			return ENDPOINT_BAD;
	} else {
		colon = strchr(head, ':');
		if (colon &&
		    strchr(colon + 1, ':')) { /* two colons: an IPv6 address without a port */
			if (!parse_v6(head, &made, e))
				return ENDPOINT_BAD;
		} else {
			if (colon) {
				port = colon + 1;
				head[colon - head] = '\0';
			}
			if (!*head || !strcmp(head, "*"))
				made.family = AF_UNSPEC;
			else if (inet_pton(AF_INET, head, made.ip) == 1)
				made.family = AF_INET;
			else if (looks_like_host(head) && host)
				named = true;
			else {
				err_set(e, EINVAL,
					"\"%s\" is not an address: 127.0.0.1:80, [::1]:80, "
					"host.name:80, :8080 or unix:/path is wanted",
					text);
				return ENDPOINT_BAD;
			}
		}
	}
	if (port) {
		if (!parse_port(port, &made.port, e))
			return ENDPOINT_BAD;
		made.has_port = true;
	}
	if (made.family == AF_UNSPEC && !named && !port) {
		err_set(e, EINVAL,
			"an address is wanted: 127.0.0.1:80, [::1]:80, host.name:80, :8080, unix:/path");
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
		buf_puts(&text, e->path[0]
					? "\\x40"
					: "@"); /* a path that begins with @ is no abstract name */
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

char *endpoint_address(const struct endpoint *e, char *out, size_t size)
{
	char text[INET6_ADDRSTRLEN + IF_NAMESIZE + 2] = "";

	if (!size)
		return out;
	switch (e->family) {
	case AF_INET: inet_ntop(AF_INET, e->ip, text, sizeof text); break;
	case AF_INET6:
		inet_ntop(AF_INET6, e->ip, text, sizeof text);
		if (e->scope_id) {
			char name[IF_NAMESIZE];
			size_t len = strlen(text);

			if (if_indextoname(e->scope_id, name))
				snprintf(text + len, sizeof text - len, "%%%s", name);
			else
				snprintf(text + len, sizeof text - len, "%%%u",
					 (unsigned)e->scope_id);
		}
		break;
	case AF_UNIX: return format_name(e, out, size);
	default: snprintf(text, sizeof text, "*");
	}
	snprintf(out, size, "%s", text);
	return out;
}

char *endpoint_format(const struct endpoint *e, char *out, size_t size)
{
	char address[ENDPOINT_TEXT];

	endpoint_address(e, address, sizeof address);
	if (e->family == AF_UNIX)
		snprintf(out, size, "unix:%s", address);
	else if (!e->has_port)
		snprintf(out, size, "%s", address);
	else if (e->family == AF_INET6)
		snprintf(out, size, "[%s]:%u", address, (unsigned)e->port);
	else
		snprintf(out, size, "%s:%u", e->family == AF_UNSPEC ? "" : address,
			 (unsigned)e->port);
	return out;
}

/* --- the kernel's form --- */

socklen_t endpoint_to_sockaddr(const struct endpoint *e, struct sockaddr_storage *out)
{
	memset(out, 0, sizeof *out);
	if (e->family == AF_INET) {
		struct sockaddr_in *v4 = (struct sockaddr_in *)out;

		v4->sin_family = AF_INET;
		v4->sin_port = htons(e->port);
		memcpy(&v4->sin_addr, e->ip, 4);
		return sizeof *v4;
	}
	if (e->family == AF_INET6) {
		struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;

		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(e->port);
		v6->sin6_scope_id = e->scope_id;
		memcpy(&v6->sin6_addr, e->ip, 16);
		return sizeof *v6;
	}
	if (e->family == AF_UNIX) {
		struct sockaddr_un *un = (struct sockaddr_un *)out;

		un->sun_family = AF_UNIX;
		memcpy(un->sun_path, e->path, e->path_len);
		if (e->path_len && e->path[0] &&
		    e->path_len < ENDPOINT_PATH) /* Linux takes a full one without NUL */
			return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + e->path_len +
					   1u);
		return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + e->path_len);
	}
	return 0;
}

void endpoint_from_sockaddr(struct endpoint *e, const struct sockaddr *from, socklen_t len)
{
	struct sockaddr_storage copy = { 0 };

	memset(e, 0, sizeof *e);
	if (len < sizeof(sa_family_t) || !from)
		return;
	memcpy(&copy, from, len < sizeof copy ? len : sizeof copy);
	if (copy.ss_family == AF_INET && len >= sizeof(struct sockaddr_in)) {
		const struct sockaddr_in *v4 = (const struct sockaddr_in *)&copy;

		e->port = ntohs(v4->sin_port);
		memcpy(e->ip, &v4->sin_addr, 4);
	} else if (copy.ss_family == AF_INET6 && len >= sizeof(struct sockaddr_in6)) {
		const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&copy;

		e->port = ntohs(v6->sin6_port);
		e->scope_id = v6->sin6_scope_id;
		memcpy(e->ip, &v6->sin6_addr, 16);
	} else if (copy.ss_family == AF_UNIX) {
		const struct sockaddr_un *un = (const struct sockaddr_un *)&copy;
		size_t bytes = len - offsetof(struct sockaddr_un, sun_path);

		if (bytes > ENDPOINT_PATH)
			bytes = ENDPOINT_PATH;
		if (bytes && un->sun_path[0])
			bytes = strnlen(un->sun_path, bytes);
		e->path_len = (uint8_t)bytes;
		memcpy(e->path, un->sun_path, bytes);
	} else {
		return;
	}
	e->family = (uint8_t)copy.ss_family;
	e->has_port = e->family != AF_UNIX;
}

/* --- questions and changes --- */

static bool is_mapped(const struct endpoint *e)
{
	return e->family == AF_INET6 && !memcmp(e->ip, mapped_prefix, sizeof mapped_prefix);
}

bool endpoint_map(struct endpoint *e, int family)
{
	if (e->family == family)
		return true;
	if (e->family == AF_UNSPEC && (family == AF_INET || family == AF_INET6)) {
		e->family = (uint8_t)family;
		memset(e->ip, 0, sizeof e->ip);
		return true;
	}
	if (e->family == AF_INET && family == AF_INET6) {
		memcpy(e->ip + 12, e->ip, 4);
		memcpy(e->ip, mapped_prefix, sizeof mapped_prefix);
		e->family = AF_INET6;
		return true;
	}
	return false;
}

void endpoint_unmap(struct endpoint *e)
{
	if (!is_mapped(e))
		return;
	memcpy(e->ip, e->ip + 12, 4);
	memset(e->ip + 4, 0, 12);
	e->family = AF_INET;
	e->scope_id = 0;
}

bool endpoint_is_any(const struct endpoint *e)
{
	static const uint8_t none[16];

	if (e->family == AF_INET)
		return !memcmp(e->ip, none, 4);
	return e->family == AF_INET6 && !memcmp(e->ip, none, 16);
}

bool endpoint_is_loopback(const struct endpoint *e)
{
	static const uint8_t one[16] = { [15] = 1 };

	if (e->family == AF_INET)
		return e->ip[0] == 127;
	return e->family == AF_INET6 &&
	       (!memcmp(e->ip, one, 16) || (is_mapped(e) && e->ip[12] == 127));
}

void endpoint_reachable(struct endpoint *e)
{
	if (!endpoint_is_any(e))
		return;
	if (e->family == AF_INET)
		e->ip[0] = 127, e->ip[3] = 1;
	else
		e->ip[15] = 1;
}

static size_t address_bytes(const struct endpoint *e)
{
	return e->family == AF_INET    ? 4
	       : e->family == AF_INET6 ? 16
	       : e->family == AF_UNIX  ? e->path_len
				       : 0;
}

bool endpoint_same_address(const struct endpoint *a, const struct endpoint *b)
{
	return a->family == b->family && a->path_len == b->path_len && a->scope_id == b->scope_id &&
	       !memcmp(a->ip, b->ip, address_bytes(a));
}

bool endpoint_same(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && endpoint_same_address(a, b);
}

int endpoint_compare(const struct endpoint *a, const struct endpoint *b)
{
	size_t la = address_bytes(a), lb = address_bytes(b);
	int order;

	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	order = memcmp(a->ip, b->ip, la < lb ? la : lb);
	if (order)
		return order;
	if (la != lb)
		return la < lb ? -1 : 1;
	return a->port < b->port ? -1 : a->port > b->port;
}

uint64_t endpoint_hash(const struct endpoint *e, uint64_t seed)
{
	return hash_bytes(e->ip, address_bytes(e), seed ^ (uint64_t)e->family << 16 ^ e->port);
}
