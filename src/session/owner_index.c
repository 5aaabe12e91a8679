#include "session/owner_index.h"

#include "util/hash.h"
#include "util/mem.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

/* What is compared. ::ffff:a.b.c.d is a.b.c.d; without an end, its part is all zero. */
struct key {
	uint8_t local[16], remote[16];
	uint16_t local_port, remote_port;
	uint8_t local_family, remote_family, proto, zero;
};

static void put_end(uint8_t to[16], uint8_t *family, uint16_t *port, const struct endpoint *e)
{
	struct endpoint plain = *e;

	if (plain.family == AF_INET6)
		endpoint_unmap(&plain);
	*family = plain.family;
	*port = plain.has_port ? plain.port : 0;
	memcpy(to, plain.ip, plain.family == AF_INET ? 4 : plain.family == AF_INET6 ? 16 : 0);
}

/* Identifiers of ICMP sockets are no ports of packets. */
static bool has_ports(uint8_t proto)
{
	return proto != IPPROTO_ICMP && proto != IPPROTO_ICMPV6;
}

static struct key key_of(uint8_t proto, const struct endpoint *local, const struct endpoint *remote)
{
	struct key k = { .proto = proto };

	put_end(k.local, &k.local_family, &k.local_port, local);
	if (remote)
		put_end(k.remote, &k.remote_family, &k.remote_port, remote);
	if (!has_ports(proto))
		k.local_port = k.remote_port = 0;
	return k;
}

static struct endpoint end_of(const uint8_t ip[16], uint8_t family, uint16_t port)
{
	struct endpoint e = { .family = family & (RECORD_PORT - 1),
			      .has_port = (family & RECORD_PORT) != 0,
			      .port = port };

	memcpy(e.ip, ip, sizeof e.ip);
	return e;
}

static struct key record_key(const struct record *r)
{
	struct endpoint local = end_of(r->local, r->local_family, r->local_port);
	struct endpoint remote = end_of(r->remote, r->remote_family, r->remote_port);
	bool talks = remote.family && !(endpoint_is_any(&remote) && !remote.port);

	if (!local.family)
		local.family = r->family;
	return key_of((uint8_t)r->protocol, &local, talks ? &remote : NULL);
}

static bool counts(const struct record *r)
{
	return (r->family == AF_INET || r->family == AF_INET6) && r->protocol < 256;
}

static size_t place(const struct owner_index *x, const struct key *k)
{
	return hash_bytes(k, sizeof *k, x->seed) & x->mask;
}

void owner_index_done(struct owner_index *x)
{
	free(x->slots);
	x->slots = NULL;
	x->snapshot = NULL;
}

void owner_index_make(struct owner_index *x, const struct snapshot *snapshot)
{
	size_t slots = 64;

	owner_index_done(x);
	if (!x->seed)
		x->seed = hash_seed();
	while (slots < 2 * snapshot->count)
		slots *= 2;
	x->snapshot = snapshot;
	x->slots = mem_array(slots, sizeof *x->slots);
	x->mask = slots - 1;
	for (size_t i = 0; i < snapshot->count; i++) {
		const struct record *r = &snapshot->records[i];
		struct key k;
		size_t at;

		if (!counts(r))
			continue;
		k = record_key(r);
		for (at = place(x, &k); x->slots[at]; at = (at + 1) & x->mask)
			;
		x->slots[at] = (uint32_t)i + 1;
	}
}

static const struct owner *first_owner(const struct owner_index *x, const struct record *r, bool *ours)
{
	size_t count;
	const struct owner *o = record_owners(x->snapshot, r, &count);

	*ours = false;
	for (size_t i = 0; i < count; i++) {
		if (o[i].pid && o[i].pid != x->ignored[0] && o[i].pid != x->ignored[1])
			return &o[i];
		*ours = true;
	}
	return NULL;
}

/* Several may be alike (SO_REUSEPORT, raw sockets): one that has an owner is preferred. */
static bool look(const struct owner_index *x, const struct key *k, struct end_owner *out)
{
	bool found = false;

	for (size_t at = place(x, k); x->slots[at]; at = (at + 1) & x->mask) {
		const struct record *r = &x->snapshot->records[x->slots[at] - 1];
		struct key other = record_key(r);
		const struct owner *o;
		bool ours;

		if (memcmp(k, &other, sizeof other) != 0)
			continue;
		o = first_owner(x, r, &ours);
		if (!o && (ours || found))
			continue;
		*out = (struct end_owner){ .fd = -1, .state = (enum state)r->state };
		found = true;
		if (!o)
			continue;
		out->pid = o->pid;
		out->fd = o->fd;
		memcpy(out->process, o->process, sizeof out->process);
		break;
	}
	return found;
}

bool owner_index_find(const struct owner_index *x, enum owner_match match, uint8_t proto, const struct endpoint *local,
		      const struct endpoint *remote, struct end_owner *out)
{
	struct endpoint any = { .family = local->family, .has_port = local->has_port, .port = local->port };
	struct key k;

	if (!x->snapshot)
		return false;
	k = key_of(proto, local, remote);
	if (match == OWNER_CONNECTION && look(x, &k, out))
		return true;
	k = key_of(proto, local, NULL);
	if (look(x, &k, out))
		return true;
	k = key_of(proto, &any, NULL);
	if (look(x, &k, out))
		return true;
	any.family = AF_INET6; /* a socket of both families */
	k = key_of(proto, &any, NULL);
	return local->family == AF_INET && look(x, &k, out);
}
