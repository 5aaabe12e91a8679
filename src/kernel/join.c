#include "join.h"

#include "inside.h"
#include "netns.h"
#include "owners.h"
#include "util/hash.h"
#include "util/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- owners --- */

enum { ASK_MOST = 256 }; /* sockets without an owner of which the kernel is asked whether they are still there */

/* Owners as they are found, by process and descriptor, and which record each is of. */
struct claims {
	uint32_t *records; /* one an owner of the snapshot */
	size_t capacity;
	bool shared; /* some record has several */
};

static void claim(struct snapshot *s, struct claims *c, uint32_t record, const struct holder *h, int32_t fd)
{
	struct record *r = &s->records[record];
	struct owner *o;

	MEM_ROOM(s->owners, s->owner_count, s->owner_capacity);
	MEM_ROOM(c->records, s->owner_count, c->capacity);
	c->records[s->owner_count] = record;
	o = &s->owners[s->owner_count];
	*o = (struct owner){ .pid = h->pid, .fd = fd, .uid = h->uid };
	memcpy(o->process, h->name, sizeof o->process);
	if (!r->owner_count++)
		r->owner_first = (uint32_t)s->owner_count;
	else
		c->shared = true;
	s->owner_count++;
}

/* Every descriptor of a process that is a socket of the snapshot. */
static void find_owners(struct snapshot *s, struct owner_map *m, const struct inode_index *index, struct claims *c)
{
	if (!s->owners) { /* most have one */
		s->owner_capacity = s->count;
		s->owners = mem_grow(NULL, s->owner_capacity, sizeof *s->owners);
	}
	for (size_t i = 0; i < m->count; i++) {
		const struct holder *h = &m->holders[i];

		for (uint32_t k = 0; k < h->count; k++) {
			struct held *held = &m->held[h->first + k];
			size_t at = SIZE_MAX;
			uint32_t record;

			held->listed = false;
			while (inode_index_next(index, held->inode, &at, &record)) {
				held->listed = true;
				claim(s, c, record, h, held->fd);
			}
		}
	}
}

/* Grouped by record, where some have several. Within a record they stay as they came. */
static void group_owners(struct snapshot *s, const struct claims *c)
{
	struct owner *grouped = mem_array(s->owner_count, sizeof *grouped);
	uint32_t sum = 0;

	for (size_t i = 0; i < s->count; i++) {
		s->records[i].owner_first = sum;
		sum += s->records[i].owner_count;
		s->records[i].owner_count = 0;
	}
	for (size_t i = 0; i < s->owner_count; i++) {
		struct record *r = &s->records[c->records[i]];

		grouped[r->owner_first + r->owner_count++] = s->owners[i];
	}
	free(s->owners);
	s->owners = grouped;
	s->owner_capacity = s->owner_count;
}

/* A socket that its last owner closes between the dump and the look for owners is nobody's any more. */
static bool is_gone(struct diag *d, const struct snapshot *s, const struct record *r)
{
	struct sock was, now;
	int rc;

	record_sock(s, r, &was);
	rc = diag_find(d, &was, &now, NULL);
	return rc == -ENOENT || rc == -ESTALE || (!rc && now.inode != was.inode);
}

static bool may_have_exited(const struct record *r, uint64_t netns)
{
	return (r->reason == OWNER_KERNEL || r->reason == OWNER_OTHER_PID_NAMESPACE ||
		r->reason == OWNER_NO_PERMISSION) &&
	       r->netns == netns && r->protocol == IPPROTO_TCP && (r->family == AF_INET || r->family == AF_INET6);
}

/* The kernel is asked again for those that may have, where they are few: many are other people's. */
static void find_exited(struct snapshot *s, struct diag *d, size_t count)
{
	uint64_t netns = count ? netns_own() : 0;

	for (size_t i = 0; count && count <= ASK_MOST && i < s->count; i++) {
		struct record *r = &s->records[i];

		if (!may_have_exited(r, netns) || !is_gone(d, s, r))
			continue;
		s->hidden -= r->reason == OWNER_NO_PERMISSION;
		r->reason = OWNER_EXITED;
	}
}

static enum owner_reason reason_of(const struct record *r, struct owner_map *m)
{
	if (r->known & SOCK_OF_KERNEL)
		return OWNER_KERNEL;
	if (!r->inode)
		return r->state == STATE_TIME_WAIT ? OWNER_TIME_WAIT : OWNER_ORPHAN;
	if (owners_hidden(m))
		return OWNER_NO_PERMISSION;
	return m->nested ? OWNER_OTHER_PID_NAMESPACE : OWNER_KERNEL;
}

/* Returns how many may have been closed meanwhile. */
static size_t give_reasons(struct snapshot *s, struct owner_map *m)
{
	uint64_t netns = netns_own();
	size_t count = 0;

	for (size_t i = 0; i < s->count; i++) {
		struct record *r = &s->records[i];

		r->reason = r->owner_count ? OWNER_KNOWN : (uint8_t)reason_of(r, m);
		s->hidden += r->reason == OWNER_NO_PERMISSION;
		count += may_have_exited(r, netns);
	}
	return count;
}

void join_owners(struct snapshot *s, struct owner_map *m, struct diag *d, bool live)
{
	struct inode_index index;
	struct claims claims = { 0 };

	inode_index_make(&index, s);
	owners_update(m, s, &index, live);
	find_owners(s, m, &index, &claims);
	if (claims.shared)
		group_owners(s, &claims);
	find_exited(s, d, give_reasons(s, m));
	free(claims.records);
	inode_index_done(&index);
}

/* --- peers: found by a hash of the ends, turned round; of UNIX sockets by the peer's inode --- */

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

struct side {
	const uint8_t *ip;
	unsigned len;
	uint16_t port;
};

/* ::ffff:a.b.c.d is a.b.c.d. */
static struct side side_of(const uint8_t ip[16], uint8_t family, uint16_t port)
{
	unsigned plain = family & (RECORD_PORT - 1);

	if (plain == AF_INET6 && memcmp(ip, mapped, sizeof mapped))
		return (struct side){ ip, 16, port };
	return (struct side){ plain == AF_INET6 ? ip + 12 : ip, 4, port };
}

static struct side local_of(const struct record *r)
{
	return side_of(r->local, r->local_family, r->local_port);
}

static struct side remote_of(const struct record *r)
{
	return side_of(r->remote, r->remote_family, r->remote_port);
}

static uint64_t side_hash(struct side s)
{
	uint64_t words[2] = { 0 };

	memcpy(words, s.ip, s.len);
	return hash_mix(words[0] ^ words[1] * 0x9e3779b97f4a7c15u ^ (uint64_t)s.port << 40);
}

static uint64_t ends_hash(const struct record *r, bool turned)
{
	uint64_t local, remote;

	if (r->family == AF_UNIX)
		return hash_mix((turned ? r->peer_inode : r->inode) + 7);
	local = side_hash(local_of(r));
	remote = side_hash(remote_of(r));
	return hash_mix((turned ? remote * 3 + local : local * 3 + remote) + r->protocol);
}

static bool has_peer(const struct record *r)
{
	if (r->family == AF_UNIX)
		return r->peer_inode != 0;
	return (r->family == AF_INET || r->family == AF_INET6) && r->remote_family && r->remote_port;
}

static bool may_be_peer(const struct record *r)
{
	return r->family == AF_UNIX ? r->inode != 0 : has_peer(r);
}

static bool same_side(struct side a, struct side b)
{
	return a.port == b.port && a.len == b.len && !memcmp(a.ip, b.ip, a.len);
}

static bool is_loopback(struct side s)
{
	static const uint8_t one[16] = { [15] = 1 };

	return s.len == 4 ? s.ip[0] == 127 : !memcmp(s.ip, one, sizeof one);
}

static bool are_peers(const struct record *a, const struct record *b)
{
	if (a->family == AF_UNIX || b->family == AF_UNIX)
		return a->family == b->family && a->peer_inode == b->inode;
	if (a->protocol != b->protocol || (a->netns != b->netns && is_loopback(local_of(a))))
		return false;
	return same_side(local_of(a), remote_of(b)) && same_side(remote_of(a), local_of(b));
}

static void find_peer(struct snapshot *s, struct record *r, const uint32_t *table, size_t mask)
{
	for (size_t at = ends_hash(r, true) & mask; table[at]; at = (at + 1) & mask) {
		const struct record *other = &s->records[table[at] - 1];

		if (other == r || !are_peers(r, other))
			continue;
		r->peer = table[at] - 1;
		if (r->family == AF_UNIX)
			record_name_peer(r, other);
		return;
	}
	if (r->family == AF_UNIX && !r->remote_family)
		r->remote_family = AF_UNIX;
}

void join_peers(struct snapshot *s, bool unix_only)
{
	size_t slots = 64, mask;
	uint32_t *table;

	while (slots < 2 * s->count)
		slots *= 2;
	mask = slots - 1;
	table = mem_array(slots, sizeof *table);
	for (size_t i = 0; i < s->count; i++) {
		size_t at;

		if (!may_be_peer(&s->records[i]) || (unix_only && s->records[i].family != AF_UNIX))
			continue;
		at = ends_hash(&s->records[i], false) & mask;
		while (table[at])
			at = (at + 1) & mask;
		table[at] = (uint32_t)i + 1;
	}
	for (size_t i = 0; i < s->count; i++)
		if (has_peer(&s->records[i]) && (!unix_only || s->records[i].family == AF_UNIX))
			find_peer(s, &s->records[i], table, mask);
	free(table);
}
