#include "kernel/sampler.h"

#include "inside.h"
#include "netns.h"
#include "owners.h"
#include "util/clock.h"
#include "util/err.h"
#include "util/hash.h"
#include "util/mem.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PROTOCOL_MPTCP = 262 };

struct sampler {
	struct diag *diag;             /* of our own namespace */
	struct owner_map owners;
	struct mnl_socket *watch;      /* the destroy groups; NULL */
	char *messages;                /* one read from it */
	size_t message_len, message_at;
};

/* --- life --- */

int sampler_new(struct sampler **out, struct err *e)
{
	struct sampler *s = mem_alloc(sizeof *s);
	int rc = diag_open(&s->diag, e);

	if (rc) {
		free(s);
		return rc;
	}
	*out = s;
	return 0;
}

void sampler_free(struct sampler *s)
{
	if (!s)
		return;
	diag_close(s->diag);
	owners_done(&s->owners);
	if (s->watch)
		mnl_socket_close(s->watch);
	free(s->messages);
	free(s);
}

/* --- gathering --- */

struct gather {
	struct snapshot *snap;
	size_t capacity;
	uint64_t netns;
};

static uint64_t key_of(const struct sock *s, uint64_t netns)
{
	uint64_t h = hash_mix(netns + 1) ^ (uint64_t)s->family << 40 ^ (uint64_t)s->protocol << 20 ^ (uint64_t)s->type;

	if ((s->known & SOCK_HAS_COOKIE) && s->cookie)
		return hash_mix(h ^ s->cookie * 0x9e3779b97f4a7c15u);
	if (s->inode)
		return hash_mix(h ^ s->inode << 1);
	return hash_mix(endpoint_hash(&s->local, h) ^ endpoint_hash(&s->remote, ~h));
}

static void add(void *ctx, const struct sock *s)
{
	struct gather *g = ctx;
	struct record *r;

	MEM_ROOM(g->snap->records, g->snap->count, g->capacity);
	r = &g->snap->records[g->snap->count++];
	*r = (struct record){ .sock = *s, .key = key_of(s, g->netns), .netns = g->netns, .peer = RECORD_NONE,
			      .mark = s->mark, .cgroup = s->cgroup };
}

static uint32_t kernel_states(unsigned wanted)
{
	uint32_t bits = 0;

	if (!wanted)
		return UINT32_MAX;
	for (int i = STATE_CLOSED; i < STATE_COUNT; i++)
		if ((wanted & 1u << i) && states[i].kernel >= 0)
			bits |= 1u << states[i].kernel;
	if (wanted & 1u << STATE_SYN_RECEIVED)
		bits |= 1u << 12; /* TCP_NEW_SYN_RECV */
	if (wanted & 1u << STATE_UNCONNECTED)
		bits |= 1u << states[STATE_CLOSED].kernel;
	if (wanted & 1u << STATE_CONNECTED)
		bits |= 1u << states[STATE_ESTABLISHED].kernel;
	return bits;
}

/* Which dumps make up a snapshot. */
static const struct source {
	enum sample_kind kind;
	int protocol, type;      /* of inet dumps; a type without a protocol: from /proc/net */
} sources[] = {
	{ SAMPLE_TCP, IPPROTO_TCP, 0 },
	{ SAMPLE_UDP, IPPROTO_UDP, 0 },
	{ SAMPLE_UDP, 0, SOCK_DGRAM },
	{ SAMPLE_UDPLITE, IPPROTO_UDPLITE, 0 },
	{ SAMPLE_MPTCP, PROTOCOL_MPTCP, 0 },
	{ SAMPLE_RAW, 0, SOCK_RAW },
};

static void note(struct snapshot *snap, int rc, const char *what)
{
	if (!rc || rc == -EPROTONOSUPPORT)
		return;
	snap->partial = true;
	if (!snap->why[0])
		snprintf(snap->why, sizeof snap->why, "%s: %s", what,
			 rc == -EINTR ? "the table changed while it was read" : strerror(-rc));
}

static void gather(struct diag *d, const struct sample_request *q, struct gather *g)
{
	static const int inet[] = { AF_INET, AF_INET6 };
	uint32_t wanted = kernel_states(q->states);

	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		const struct source *from = &sources[i];

		if (q->kinds && !(q->kinds & from->kind))
			continue;
		if (from->kind == SAMPLE_TCP && !q->family) {
			note(g->snap, diag_dump_inet(d, from->protocol, 0, wanted, q->info, add, g), "TCP");
			continue;
		}
		for (size_t f = 0; f < 2; f++) {
			int rc;

			if (q->family && q->family != inet[f])
				continue;
			if (from->protocol)
				rc = diag_dump_inet(d, from->protocol, inet[f], wanted, q->info, add, g);
			else
				rc = diag_dump_proc(d, inet[f], from->type, add, g);
			note(g->snap, rc, "the internet sockets");
		}
	}
	if (!q->kinds || (q->kinds & SAMPLE_UNIX))
		note(g->snap, diag_dump_unix(d, wanted, add, g), "the UNIX sockets");
	if (q->states && !(q->states & 1u << STATE_UNCONNECTED))
		return; /* the kinds below have no other state */
	if (!q->kinds || (q->kinds & SAMPLE_PACKET))
		note(g->snap, diag_dump_packet(d, add, g), "the packet sockets");
	if (!q->kinds || (q->kinds & SAMPLE_NETLINK))
		note(g->snap, diag_dump_netlink(d, add, g), "the netlink sockets");
}

/* --- order, owners, peers --- */

static int by_key(const void *a, const void *b)
{
	const struct record *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key;
}

/* A dump is no snapshot: a socket may be met twice while the table changes. */
static void sort(struct snapshot *s)
{
	size_t kept = 0;

	if (s->count)
		qsort(s->records, s->count, sizeof *s->records, by_key);
	for (size_t i = 0; i < s->count; i++)
		if (!kept || s->records[i].key != s->records[kept - 1].key)
			s->records[kept++] = s->records[i];
	s->count = kept;
}

static enum owner_reason reason_of(const struct record *r, const struct owner_map *m)
{
	const struct sock *s = &r->sock;

	if (s->known & SOCK_OF_KERNEL)
		return OWNER_KERNEL;
	if (!s->inode)
		return s->state == STATE_TIME_WAIT ? OWNER_TIME_WAIT : OWNER_ORPHAN;
	if (m->hidden)
		return OWNER_NO_PERMISSION;
	return m->nested ? OWNER_OTHER_PID_NAMESPACE : OWNER_KERNEL;
}

static int by_pid_and_fd(const void *a, const void *b)
{
	const struct owner *x = a, *y = b;

	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return x->fd < y->fd ? -1 : x->fd > y->fd;
}

static void join_owners(struct snapshot *s, const struct owner_map *m)
{
	size_t capacity = 0;

	for (size_t i = 0; i < s->count; i++) {
		struct record *r = &s->records[i];

		r->owner_first = (uint32_t)s->owner_count;
		for (uint32_t at = r->sock.inode ? owners_find(m, r->sock.inode) : 0; at;
		     at = m->entries[at - 1].next) {
			MEM_ROOM(s->owners, s->owner_count, capacity);
			s->owners[s->owner_count++] = m->entries[at - 1].owner;
			r->owner_count++;
		}
		if (r->owner_count > 1)
			qsort(s->owners + r->owner_first, r->owner_count, sizeof *s->owners, by_pid_and_fd);
		r->reason = r->owner_count ? OWNER_KNOWN : (uint8_t)reason_of(r, m);
		s->hidden += r->reason == OWNER_NO_PERMISSION;
	}
}

static bool may_have_exited(const struct record *r, uint64_t netns)
{
	return (r->reason == OWNER_KERNEL || r->reason == OWNER_OTHER_PID_NAMESPACE ||
		r->reason == OWNER_NO_PERMISSION) &&
	       r->netns == netns && r->sock.protocol == IPPROTO_TCP;
}

/* A socket that its last owner closes between the dump and the look for owners is nobody's any more. The kernel is asked
 * again for those without an owner, where they are few: many are other people's. */
static void find_exited(struct diag *d, uint64_t netns, struct snapshot *s)
{
	enum { ASKED_MOST = 256 };
	size_t count = 0;

	for (size_t i = 0; i < s->count; i++)
		count += may_have_exited(&s->records[i], netns);
	for (size_t i = 0; count && count <= ASKED_MOST && i < s->count; i++) {
		struct record *r = &s->records[i];
		struct sock now;
		int rc;

		if (!may_have_exited(r, netns))
			continue;
		rc = diag_find(d, &r->sock, &now, NULL);
		if (rc == -ENOENT || rc == -ESTALE || (!rc && now.inode != r->sock.inode)) {
			s->hidden -= r->reason == OWNER_NO_PERMISSION;
			r->reason = OWNER_EXITED;
		}
	}
}

/* Both ends on this host: found by a hash of the ends, turned round; UNIX by the peer's inode. */
static uint64_t ends_hash(const struct sock *s, bool turned)
{
	struct endpoint local = turned ? s->remote : s->local, remote = turned ? s->local : s->remote;

	if (s->family == AF_UNIX)
		return hash_mix((turned ? s->peer_inode : s->inode) + 7);
	endpoint_unmap(&local);
	endpoint_unmap(&remote);
	local.scope_id = remote.scope_id = 0;
	return hash_mix(endpoint_hash(&local, (uint64_t)s->protocol) * 3 + endpoint_hash(&remote, 5));
}

static bool has_peer(const struct sock *s)
{
	return s->family == AF_UNIX ? s->peer_inode != 0 : s->remote.family != AF_UNSPEC && s->remote.port;
}

static bool are_peers(const struct record *a, const struct record *b)
{
	struct endpoint al = a->sock.local, ar = a->sock.remote, bl = b->sock.local, br = b->sock.remote;

	if (a->sock.family == AF_UNIX || b->sock.family == AF_UNIX)
		return a->sock.family == b->sock.family && a->sock.peer_inode == b->sock.inode;
	if (a->sock.protocol != b->sock.protocol)
		return false;
	if (endpoint_is_loopback(&al) && a->netns != b->netns)
		return false;
	endpoint_unmap(&al);
	endpoint_unmap(&ar);
	endpoint_unmap(&bl);
	endpoint_unmap(&br);
	al.scope_id = ar.scope_id = bl.scope_id = br.scope_id = 0;
	return endpoint_same(&al, &br) && endpoint_same(&ar, &bl);
}

static void join_peers(struct snapshot *s)
{
	size_t slots = 64, mask;
	uint32_t *table;

	while (slots < 2 * s->count)
		slots *= 2;
	mask = slots - 1;
	table = mem_array(slots, sizeof *table);
	for (size_t i = 0; i < s->count; i++) {
		size_t at;

		if (s->records[i].sock.family != AF_UNIX && !has_peer(&s->records[i].sock))
			continue;
		at = ends_hash(&s->records[i].sock, false) & mask;
		while (table[at])
			at = (at + 1) & mask;
		table[at] = (uint32_t)i + 1;
	}
	for (size_t i = 0; i < s->count; i++) {
		struct record *r = &s->records[i];

		if (!has_peer(&r->sock))
			continue;
		for (size_t at = ends_hash(&r->sock, true) & mask; table[at]; at = (at + 1) & mask) {
			const struct record *other = &s->records[table[at] - 1];

			if (other == r || !are_peers(r, other))
				continue;
			r->peer = table[at] - 1;
			if (r->sock.family == AF_UNIX)
				r->sock.remote = other->sock.local;
			break;
		}
		if (r->sock.family == AF_UNIX && r->sock.remote.family == AF_UNSPEC)
			r->sock.remote.family = AF_UNIX;
	}
	free(table);
}

/* --- a snapshot --- */

static int gather_all(struct sampler *s, const struct sample_request *q, struct gather *g, struct err *e)
{
	struct netns *spaces;
	size_t count;
	int rc = 0;

	if (!q->netns) {
		g->netns = netns_own();
		gather(s->diag, q, g);
		return 0;
	}
	spaces = mem_array(NETNS_MOST, sizeof *spaces);
	count = netns_find(q->netns, spaces, NETNS_MOST, e);
	if (!count)
		rc = -(e && e->code ? e->code : ENOENT);
	for (size_t i = 0; i < count; i++) {
		struct diag *d;

		rc = netns_diag(&spaces[i], &d, e);
		if (rc && count == 1)
			break;
		if (rc) { /* one of many: say so, and go on */
			note(g->snap, rc, spaces[i].path);
			rc = 0;
			continue;
		}
		g->netns = spaces[i].inode;
		gather(d, q, g);
		diag_close(d);
	}
	free(spaces);
	return rc;
}

int sampler_take(struct sampler *s, const struct sample_request *q, struct snapshot **out, struct err *e)
{
	struct snapshot *snap = mem_alloc(sizeof *snap);
	struct gather g = { .snap = snap };
	int rc;

	snap->at_ns = clock_real_ns();
	snap->mono_ns = clock_mono_ns();
	rc = gather_all(s, q, &g, e);
	if (rc) {
		snapshot_free(snap);
		return rc;
	}
	sort(snap);
	if (q->owners) {
		owners_scan(&s->owners);
		join_owners(snap, &s->owners);
		find_exited(s->diag, netns_own(), snap);
	} else {
		for (size_t i = 0; i < snap->count; i++)
			snap->records[i].reason = OWNER_NOT_ASKED;
	}
	/* Who is at the other end is told by its owner, or by the name of its UNIX socket. */
	if (q->owners || !q->kinds || (q->kinds & SAMPLE_UNIX))
		join_peers(snap);
	snap->took_ns = clock_mono_ns() - snap->mono_ns;
	*out = snap;
	return 0;
}

/* --- destroying --- */

int sampler_destroy(struct sampler *s, const struct record *r, struct err *e)
{
	struct netns where = { .inode = r->netns };
	char local[ENDPOINT_TEXT];
	int rc;

	endpoint_format(&r->sock.local, local, sizeof local);
	if (r->sock.family != AF_INET && r->sock.family != AF_INET6)
		return err_set(e, EOPNOTSUPP, "only TCP and UDP sockets can be destroyed");
	if (r->netns && r->netns != netns_own())
		return err_set(e, EOPNOTSUPP, "%s is in another network namespace (%llu)", local,
			       (unsigned long long)where.inode);
	rc = diag_destroy_inet(s->diag, &r->sock);
	if (rc >= 0)
		return 0;
	if (rc == -EPERM)
		return err_set(e, EPERM, "destroying a socket needs CAP_NET_ADMIN: run as root, or: sudo setcap "
					 "cap_net_admin+ep %s", "sockeye");
	if (rc == -ENOENT || rc == -ESTALE)
		return err_set(e, ENOENT, "the socket %s is gone already", local);
	if (rc == -EOPNOTSUPP || rc == -EINVAL)
		return err_set(e, EOPNOTSUPP, "this kernel cannot destroy %s (CONFIG_INET_DIAG_DESTROY)", local);
	return err_set(e, -rc, "destroying %s: %s", local, strerror(-rc));
}

/* --- the destroy groups --- */

int sampler_watch(struct sampler *s, struct err *e)
{
	static const int groups[] = { SKNLGRP_INET_TCP_DESTROY, SKNLGRP_INET_UDP_DESTROY, SKNLGRP_INET6_TCP_DESTROY,
				      SKNLGRP_INET6_UDP_DESTROY };
	int code;

	if (s->watch)
		return 0;
	s->watch = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (!s->watch || mnl_socket_bind(s->watch, 0, MNL_SOCKET_AUTOPID))
		goto fail;
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		if (mnl_socket_setsockopt(s->watch, NETLINK_ADD_MEMBERSHIP, (void *)&groups[i], sizeof groups[i]))
			goto fail;
	s->messages = mem_alloc(65536);
	return 0;
fail:
	code = errno;
	if (s->watch)
		mnl_socket_close(s->watch);
	s->watch = NULL;
	return err_set(e, code, "closed sockets are not announced: %s", strerror(code));
}

int sampler_watch_fd(const struct sampler *s)
{
	return s->watch ? mnl_socket_get_fd(s->watch) : -1;
}

int sampler_watched(struct sampler *s, struct sock *out)
{
	while (s->watch) {
		const struct nlmsghdr *h = (const struct nlmsghdr *)(const void *)(s->messages + s->message_at);
		int left = (int)(s->message_len - s->message_at);

		if (left <= 0 || !mnl_nlmsg_ok(h, left)) {
			ssize_t got = mnl_socket_recvfrom(s->watch, s->messages, 65536);

			s->message_at = 0;
			s->message_len = got > 0 ? (size_t)got : 0;
			if (got <= 0)
				return 0;
			continue;
		}
		s->message_at += NLMSG_ALIGN(h->nlmsg_len);
		if (diag_take_destroyed(h, out))
			return 1;
	}
	return 0;
}
