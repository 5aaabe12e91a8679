#include "owners.h"

#include "util/mem.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	TURNS = 30, /* every process is looked into once in so many passes */
	WARM = 3,   /* passes in which who took a new socket is looked into again */
	HOPELESS = 65536,
};

/* --- the sockets of a snapshot by their inode --- */

void inode_index_make(struct inode_index *index, const struct snapshot *s)
{
	size_t slots = 256;

	while (slots < 2 * s->count)
		slots *= 2;
	index->in = s;
	index->slots = mem_array(slots, sizeof *index->slots);
	index->mask = slots - 1;
	for (size_t i = 0; i < s->count; i++) {
		uint64_t inode = s->records[i].inode;
		size_t at;

		if (!inode)
			continue;
		at = hash_near(inode) & index->mask;
		while (index->slots[at].record)
			at = (at + 1) & index->mask;
		index->slots[at] = (struct inode_slot){ (uint32_t)inode, (uint32_t)i + 1 };
	}
}

void inode_index_done(struct inode_index *index)
{
	free(index->slots);
	*index = (struct inode_index){ 0 };
}

static bool in_tables(const struct inode_index *index, uint64_t inode)
{
	size_t at = SIZE_MAX;
	uint32_t record;

	return inode_index_next(index, inode, &at, &record);
}

/* --- processes --- */

void owners_done(struct owner_map *m)
{
	owners_bpf_done(m);
	free(m->holders);
	free(m->held);
	free(m->unknown);
	free(m->hopeless);
	memset(m, 0, sizeof *m);
}

static struct holder *find(const struct owner_map *m, size_t count, uint32_t pid)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m->holders[mid].pid < pid)
			low = mid + 1;
		else
			high = mid;
	}
	return low < count && m->holders[low].pid == pid ? &m->holders[low] : NULL;
}

/* In order of pid: they come almost in order. */
static struct holder *insert(struct owner_map *m, uint32_t pid)
{
	size_t at;

	MEM_ROOM(m->holders, m->count, m->capacity);
	for (at = m->count++; at && m->holders[at - 1].pid > pid; at--)
		m->holders[at] = m->holders[at - 1];
	m->holders[at] = (struct holder){ .pid = pid, .descriptors = UINT32_MAX };
	return &m->holders[at];
}

struct holder *owners_begin(struct owner_map *m, uint32_t pid)
{
	struct holder *h = find(m, m->count, pid);

	if (!h)
		h = insert(m, pid);
	m->garbage += h->count;
	h->first = m->held_count;
	h->count = 0;
	h->seen = h->scanned = m->pass;
	h->lost = h->hidden = false;
	return h;
}

void owners_hold(struct owner_map *m, struct holder *h, uint64_t inode, int32_t fd)
{
	MEM_ROOM(m->held, m->held_count, m->held_capacity);
	m->held[m->held_count++] = (struct held){ .inode = (uint32_t)inode, .fd = fd };
	h->count++;
}

/* What processes no longer hold is thrown out when it is more than what they do. */
static void compact(struct owner_map *m)
{
	struct held *kept;
	size_t count = 0;

	if (m->garbage < 1024 || m->garbage < m->held_count / 2)
		return;
	kept = mem_array(m->held_count, sizeof *kept);
	for (size_t i = 0; i < m->count; i++) {
		struct holder *h = &m->holders[i];

		memcpy(kept + count, m->held + h->first, h->count * sizeof *kept);
		h->first = count;
		count += h->count;
	}
	free(m->held);
	m->held = kept;
	m->held_capacity = m->held_count;
	m->held_count = count;
	m->garbage = 0;
}

static void drop_dead(struct owner_map *m)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->count; i++) {
		if (m->holders[i].seen == m->pass)
			m->holders[kept++] = m->holders[i];
		else
			m->garbage += m->holders[i].count;
	}
	m->count = kept;
}

/* --- a full pass --- */

struct pass {
	struct owner_map *map;
	const struct inode_index *index;
	int proc;
	bool moved; /* sockets came or went since the last pass */
};

static void scan(const struct pass *p, uint32_t pid)
{
	struct owner_map *m = p->map;

	if (m->bpf && !owners_bpf_scan(m, pid))
		return;
	owners_proc_scan(m, p->proc, pid);
}

static void scan_each(void *ctx, uint32_t pid)
{
	const struct pass *p = ctx;

	owners_proc_scan(p->map, p->proc, pid);
}

static void full_pass(struct pass *p)
{
	struct owner_map *m = p->map;

	m->count = m->held_count = m->garbage = 0;
	m->listed = false;
	if (owners_bpf_scan(m, 0)) {
		m->count = m->held_count = 0;
		owners_proc_list(p->proc, scan_each, p);
	}
	m->filled = true;
}

/* --- an incremental one --- */

/* Which processes have lost a socket, and which inodes nobody had. */
static void find_lost(struct pass *p)
{
	struct owner_map *m = p->map;

	for (size_t i = 0; i < m->count; i++) {
		struct holder *h = &m->holders[i];

		for (uint32_t k = 0; k < h->count && !h->lost; k++)
			h->lost = m->held[h->first + k].listed && !in_tables(p->index, m->held[h->first + k].inode);
		p->moved |= h->lost;
	}
}

static bool is_due(const struct pass *p, struct holder *h)
{
	const struct owner_map *m = p->map;
	uint32_t now;

	if (h->lost || (h->hit && m->pass - h->hit <= WARM) || h->pid % TURNS == m->pass % TURNS)
		return true;
	if (!p->moved)
		return false;
	now = owners_proc_descriptors(p->proc, h->pid);
	if (now == h->descriptors && now != UINT32_MAX)
		return false;
	h->descriptors = now;
	return true;
}

static void visit(void *ctx, uint32_t pid)
{
	struct pass *p = ctx;
	struct owner_map *m = p->map;
	struct holder *h = find(m, m->count, pid);
	uint32_t count;

	if (h && h->scanned == m->pass) {
		h->seen = m->pass;
		return;
	}
	if (!h && !m->listed) { /* looked into by the full pass a moment ago, and found without a socket */
		h = insert(m, pid);
		h->seen = m->pass;
		h->descriptors = owners_proc_descriptors(p->proc, pid);
		return;
	}
	if (h)
		h->seen = m->pass;
	if (h && !m->listed)
		h->descriptors = owners_proc_descriptors(p->proc, pid);
	if (h && !is_due(p, h))
		return;
	count = h ? h->descriptors : owners_proc_descriptors(p->proc, pid);
	scan(p, pid);
	h = find(m, m->count, pid);
	if (!h)
		h = insert(m, pid);
	h->seen = h->scanned = m->pass;
	h->descriptors = count;
}

static void visit_rest(void *ctx, uint32_t pid)
{
	struct pass *p = ctx;
	const struct holder *h = find(p->map, p->map->count, pid);

	if (!h || h->scanned != p->map->pass)
		owners_proc_scan(p->map, p->proc, pid);
}

static void scan_rest(struct pass *p)
{
	if (!p->map->bpf || owners_bpf_scan(p->map, 0))
		owners_proc_list(p->proc, visit_rest, p);
}

/* --- sockets without an owner --- */

static int by_inode(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static bool among(const uint64_t *inodes, size_t count, uint64_t inode)
{
	return count && bsearch(&inode, inodes, count, sizeof inode, by_inode);
}

/* The inodes of the snapshot that no process holds, in order. */
static uint64_t *without_owner(struct owner_map *m, const struct snapshot *s, const struct inode_index *index,
			       size_t *count)
{
	uint8_t *owned = mem_array(s->count ? s->count : 1, 1);
	uint64_t *out = NULL;
	size_t capacity = 0;

	*count = 0;
	for (size_t i = 0; i < m->count; i++) {
		const struct holder *h = &m->holders[i];

		for (uint32_t k = 0; k < h->count; k++) {
			size_t at = SIZE_MAX;
			uint32_t record;

			while (inode_index_next(index, m->held[h->first + k].inode, &at, &record))
				owned[record] = 1;
		}
	}
	for (size_t i = 0; i < s->count; i++) {
		if (owned[i] || !s->records[i].inode)
			continue;
		MEM_ROOM(out, *count, capacity);
		out[(*count)++] = s->records[i].inode;
	}
	free(owned);
	if (*count)
		qsort(out, *count, sizeof *out, by_inode);
	return out;
}

static void mark_hits(struct owner_map *m, const uint64_t *fresh, size_t count)
{
	for (size_t i = 0; count && i < m->count; i++) {
		struct holder *h = &m->holders[i];

		if (h->scanned != m->pass)
			continue;
		for (uint32_t k = 0; k < h->count; k++)
			if (among(fresh, count, m->held[h->first + k].inode)) {
				h->hit = m->pass;
				break;
			}
	}
}

/* Nobody was found to have it in two passes: a third will not find anybody either. */
static void give_up(struct owner_map *m, const uint64_t *left, size_t count)
{
	size_t most = m->hopeless_count + count, kept = 0;
	uint64_t *all;

	if (most > HOPELESS)
		m->hopeless_count = 0, most = count;
	all = mem_array(most ? most : 1, sizeof *all);
	if (m->hopeless_count)
		memcpy(all, m->hopeless, m->hopeless_count * sizeof *all);
	kept = m->hopeless_count;
	for (size_t i = 0; i < count; i++)
		if (!among(m->hopeless, m->hopeless_count, left[i]))
			all[kept++] = left[i];
	if (kept)
		qsort(all, kept, sizeof *all, by_inode);
	free(m->hopeless);
	m->hopeless = all;
	m->hopeless_count = kept;
}

static bool seen_twice(const struct owner_map *m, const uint64_t *left, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (among(m->unknown, m->unknown_count, left[i]) && !among(m->hopeless, m->hopeless_count, left[i]))
			return true;
	return false;
}

static bool any_new(const struct owner_map *m, const uint64_t *left, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!among(m->hopeless, m->hopeless_count, left[i]))
			return true;
	return false;
}

static void incremental_pass(struct pass *p, const struct snapshot *s)
{
	struct owner_map *m = p->map;
	size_t fresh_count, count;
	uint64_t *fresh, *left;

	find_lost(p);
	fresh = without_owner(m, s, p->index, &fresh_count);
	p->moved |= any_new(m, fresh, fresh_count);
	owners_proc_list(p->proc, visit, p);
	m->listed = true;
	drop_dead(m);
	mark_hits(m, fresh, fresh_count);
	left = without_owner(m, s, p->index, &count);
	if (seen_twice(m, left, count)) {
		scan_rest(p);
		free(left);
		left = without_owner(m, s, p->index, &count);
		give_up(m, left, count);
	}
	free(fresh);
	free(m->unknown);
	m->unknown = left;
	m->unknown_count = count;
}

/* --- what may have escaped --- */

static void ask_one(void *ctx, uint32_t pid)
{
	const struct pass *p = ctx;
	const struct holder *h;

	if (p->map->closed)
		return;
	h = find(p->map, p->map->count, pid);
	if (!h || !h->count)
		p->map->closed = owners_proc_closed(p->proc, pid);
}

/* The iterator needs no right to look into a process, and yet some kernels keep one from it. */
bool owners_hidden(struct owner_map *m)
{
	struct pass p = { .map = m };
	struct stat st;

	if (m->hidden || (m->asked && m->pass - m->asked < TURNS))
		return m->hidden || m->closed;
	m->asked = m->pass;
	p.proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	m->closed = p.proc < 0 || fstatat(p.proc, "1", &st, 0); /* mounted with hidepid= */
	if (!m->closed)
		owners_proc_list(p.proc, ask_one, &p);
	if (p.proc >= 0)
		close(p.proc);
	return m->closed;
}

/* In a pid namespace of our own, pid 1's is not the initial one. */
static bool in_nested_namespace(void)
{
	const ino_t initial = 0xeffffffc; /* include/linux/proc_ns.h: PROC_PID_INIT_INO */
	struct stat st;

	return !stat("/proc/self/ns/pid", &st) && st.st_ino != initial;
}

int owners_tcp(struct owner_map *m, owners_tcp_each each, void *ctx)
{
	int rc;

	m->pass++;
	m->nested = in_nested_namespace();
	m->count = m->held_count = m->garbage = 0;
	m->listed = false;
	rc = owners_bpf_tcp(m, each, ctx);
	m->fresh = m->filled = !rc;
	return rc;
}

void owners_update(struct owner_map *m, const struct snapshot *s, const struct inode_index *index, bool live)
{
	struct pass p = { .map = m, .index = index };

	m->hidden = 0;
	if (m->fresh) {
		m->fresh = false;
		return;
	}
	p.proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	m->pass++;
	m->nested = in_nested_namespace();
	compact(m);
	if (live && m->filled)
		incremental_pass(&p, s);
	else
		full_pass(&p);
	for (size_t i = 0; i < m->count; i++)
		m->hidden += m->holders[i].hidden;
	if (p.proc >= 0)
		close(p.proc);
}
