/* Endpoints: the kernel's form, questions and changes. Their text is in endpoint_text.c. */
#include "core/endpoint.h"

#include "util/hash.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>

static const uint8_t mapped_prefix[12] = { [10] = 0xff, [11] = 0xff };

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
		if (e->path_len && e->path[0] && e->path_len < ENDPOINT_PATH) /* Linux takes a full one without NUL */
			return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + e->path_len + 1u);
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

uint32_t endpoint_port(const struct endpoint *e)
{
	return e->family == AF_VSOCK ? e->scope_id : e->port;
}

bool endpoint_is_any(const struct endpoint *e)
{
	static const uint8_t none[16], every[4] = { 0xff, 0xff, 0xff, 0xff };

	if (e->family == AF_VSOCK)
		return !memcmp(e->ip, every, 4);

	if (e->family == AF_INET)
		return !memcmp(e->ip, none, 4);
	return e->family == AF_INET6 && !memcmp(e->ip, none, 16);
}

bool endpoint_is_loopback(const struct endpoint *e)
{
	static const uint8_t one[16] = { [15] = 1 };

	if (e->family == AF_INET)
		return e->ip[0] == 127;
	return e->family == AF_INET6 && (!memcmp(e->ip, one, 16) || (is_mapped(e) && e->ip[12] == 127));
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
	return e->family == AF_INET || e->family == AF_VSOCK ? 4
	       : e->family == AF_INET6                       ? 16
	       : e->family == AF_UNIX                        ? e->path_len
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
	return endpoint_port(a) < endpoint_port(b) ? -1 : endpoint_port(a) > endpoint_port(b);
}

uint64_t endpoint_hash(const struct endpoint *e, uint64_t seed)
{
	return hash_bytes(e->ip, address_bytes(e),
			  seed ^ (uint64_t)e->family << 16 ^ (e->family == AF_VSOCK ? 0 : e->port) ^
				  (e->family == AF_VSOCK ? (uint64_t)e->scope_id << 24 : 0));
}
