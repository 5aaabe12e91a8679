/* Records: a struct sock packed into a snapshot, and unpacked again. */
#include "core/snapshot.h"

#include "core/tcp_pack.h"
#include "util/hash.h"
#include "util/mem.h"

#include <string.h>

uint64_t sock_key(const struct sock *s, uint64_t netns)
{
	uint64_t h = hash_mix(netns + 1) ^ (uint64_t)s->family << 40 ^ (uint64_t)s->protocol << 20 ^ (uint64_t)s->type;

	if (s->protocol == IPPROTO_SCTP && s->remote.family) /* associations share the cookie of their socket */
		h = endpoint_hash(&s->remote, h);
	if ((s->known & SOCK_HAS_COOKIE) && s->cookie)
		return hash_mix(h ^ s->cookie * 0x9e3779b97f4a7c15u);
	if (s->inode)
		return hash_mix(h ^ s->inode << 1);
	return hash_mix(endpoint_hash(&s->local, h) ^ endpoint_hash(&s->remote, ~h));
}

static uint32_t keep_name(struct snapshot *s, const struct endpoint *e)
{
	size_t at = s->name_bytes;

	if (!e->path_len)
		return 0;
	if (at + e->path_len > s->name_capacity) {
		s->name_capacity = 2 * s->name_capacity + 4096;
		s->names = mem_grow(s->names, s->name_capacity, 1);
	}
	memcpy(s->names + at, e->path, e->path_len);
	s->name_bytes += e->path_len;
	return (uint32_t)at;
}

static uint8_t packed_family(const struct endpoint *e)
{
	return (uint8_t)(e->family | (e->has_port ? RECORD_PORT : 0));
}

static void pack_ends(struct snapshot *s, struct record *r, const struct sock *k)
{
	r->local_family = packed_family(&k->local);
	r->remote_family = packed_family(&k->remote);
	if (k->family == AF_UNIX) {
		r->local_at = keep_name(s, &k->local);
		r->local_port = k->local.path_len;
		r->remote_at = keep_name(s, &k->remote);
		r->remote_port = k->remote.path_len;
		r->peer_inode = k->peer_inode;
		return;
	}
	memcpy(r->local, k->local.ip, sizeof r->local);
	memcpy(r->remote, k->remote.ip, sizeof r->remote);
	r->local_port = k->local.port;
	r->remote_port = k->remote.port;
	r->local_zone = k->local.scope_id;
	r->remote_zone = k->remote.scope_id;
	r->cgroup = k->cgroup;
}

static uint32_t keep_tcp(struct snapshot *s, const struct sock_tcp *t)
{
	size_t at = s->tcp_bytes;

	while (s->tcp_capacity - at < TCP_PACK_MOST) {
		s->tcp_capacity = mem_more(s->tcp_capacity, 1);
		s->tcps = mem_grow(s->tcps, s->tcp_capacity, 1);
	}
	s->tcp_bytes += tcp_pack(t, s->tcps + at);
	return (uint32_t)at;
}

/* The members that are alike in both. */
/* clang-format off */
#define SAME_MEMBERS(X) \
	X(inode) X(cookie) X(flags) X(timer_retries) X(shutdown) X(tos) X(uid) X(interface) X(recv_q) \
	X(send_q) X(backlog) X(timer_ms) X(mark) X(rmem_alloc) X(rcvbuf) X(wmem_alloc) X(sndbuf) X(drops)
/* clang-format on */

struct record *snapshot_add(struct snapshot *s, const struct sock *k, uint64_t netns)
{
	struct record *r;

	MEM_ROOM(s->records, s->count, s->capacity);
	r = &s->records[s->count++];
	*r = (struct record){
		.key = sock_key(k, netns),
		.netns = (uint32_t)netns,
		.family = (uint8_t)k->family,
		.type = (uint8_t)k->type,
		.protocol = (uint16_t)k->protocol,
		.known = (uint16_t)k->known,
		.state = (uint8_t)k->state,
		.timer = (uint8_t)k->timer,
		.reason = OWNER_NOT_ASKED,
		.peer = RECORD_NONE,
	};
#define PACK(member) r->member = (__typeof__(r->member))k->member;
	SAME_MEMBERS(PACK)
	pack_ends(s, r, k);
	if (k->known & SOCK_HAS_TCP)
		r->tcp = keep_tcp(s, &k->tcp);
	return r;
}

static void unpack_end(struct endpoint *out, uint8_t family, const uint8_t ip[16], uint16_t port, uint32_t zone)
{
	out->family = family & (RECORD_PORT - 1);
	out->has_port = family & RECORD_PORT;
	out->path_len = 0;
	out->port = port;
	out->scope_id = zone;
	memcpy(out->ip, ip, sizeof out->ip);
}

static void unpack_name(const struct snapshot *s, struct endpoint *out, uint8_t family, uint32_t at, uint16_t len)
{
	*out = (struct endpoint){ .family = family, .path_len = (uint8_t)len };
	if (len)
		memcpy(out->path, s->names + at, len);
}

bool record_tcp(const struct snapshot *s, const struct record *r, struct sock_tcp *out)
{
	return r->known & SOCK_HAS_TCP && r->tcp < s->tcp_bytes &&
	       tcp_unpack(s->tcps + r->tcp, s->tcp_bytes - r->tcp, out);
}

void record_sock(const struct snapshot *s, const struct record *r, struct sock *out)
{
	out->family = r->family;
	out->type = r->type;
	out->protocol = r->protocol;
	out->state = (enum state)r->state;
	out->known = r->known;
	out->timer = (enum sock_timer)r->timer;
#define UNPACK(member) out->member = r->member;
	SAME_MEMBERS(UNPACK)
	out->peer_inode = out->cgroup = 0;
	if (r->family == AF_UNIX) {
		unpack_name(s, &out->local, r->local_family, r->local_at, r->local_port);
		unpack_name(s, &out->remote, r->remote_family, r->remote_at, r->remote_port);
		out->peer_inode = r->peer_inode;
	} else {
		unpack_end(&out->local, r->local_family, r->local, r->local_port, r->local_zone);
		unpack_end(&out->remote, r->remote_family, r->remote, r->remote_port, r->remote_zone);
		out->cgroup = r->cgroup;
	}
	if (!record_tcp(s, r, &out->tcp))
		memset(&out->tcp, 0, sizeof out->tcp);
}

void record_name_peer(struct record *r, const struct record *peer)
{
	r->remote_family = AF_UNIX;
	r->remote_at = peer->local_at;
	r->remote_port = peer->local_port;
}
