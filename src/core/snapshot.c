#include "core/snapshot.h"

#include "util/mem.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* clang-format off */
const struct owner_reason_row owner_reasons[OWNER_REASONS] = {
	[OWNER_KNOWN] = { NULL, "the owner is known" },
	[OWNER_NO_PERMISSION] = { "no-permission", "a process that may not be looked into: run as root to see it" },
	[OWNER_TIME_WAIT] = { "time-wait", "the program has closed it; the kernel keeps the address a minute longer" },
	[OWNER_ORPHAN] = { "orphan", "the program has closed it; the kernel is still finishing the connection" },
	[OWNER_KERNEL] = { "kernel", "made by the kernel itself, or held by something that is no process" },
	[OWNER_OTHER_PID_NAMESPACE] = { "other-pid-namespace", "its process is outside this pid namespace" },
	[OWNER_EXITED] = { "exited", "its process ended while it was looked for" },
	[OWNER_NOT_ASKED] = { NULL, "the owners were not asked for" },
};
/* clang-format on */

/* --- order --- */

struct place {
	uint64_t key;
	uint32_t at;
};

static int by_key(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* Of places that are almost in order: each moves up past the few that it belongs before. */
static void insert(struct place *places, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		const struct place p = places[i];
		size_t k = i;

		for (; k && p.key < places[k - 1].key; k--)
			places[k] = places[k - 1];
		places[k] = p;
	}
}

/* Where each record is to come from. Keys are hashes: their upper bits, as many as there are records, put almost all in
 * order. Where they do not (keys that are none), a part is sorted the plain way. */
static struct place *order(const struct snapshot *s)
{
	enum { MANY = 32 };
	struct place *places = mem_array(s->count, sizeof *places);
	unsigned bits = 64 - (unsigned)__builtin_clzll(s->count);
	uint32_t *starts = mem_array(((size_t)1 << bits) + 1, sizeof *starts), from = 0;

	for (size_t i = 0; i < s->count; i++)
		starts[(s->records[i].key >> (64 - bits)) + 1]++;
	for (size_t b = 0; b < (size_t)1 << bits; b++)
		starts[b + 1] += starts[b];
	for (size_t i = 0; i < s->count; i++) {
		uint64_t key = s->records[i].key;

		places[starts[key >> (64 - bits)]++] = (struct place){ key, (uint32_t)i };
	}
	for (size_t b = 0; b < (size_t)1 << bits; b++) { /* a start is the next one's by now */
		if (starts[b] - from > MANY)
			qsort(places + from, starts[b] - from, sizeof *places, by_key);
		from = starts[b];
	}
	insert(places, s->count);
	free(starts);
	return places;
}

/* In place, each record is moved once: round the circles of who takes whose place. */
static void arrange(struct record *records, struct place *places, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct record first;
		size_t to = i;

		if (places[i].at == i)
			continue;
		first = records[i];
		while (places[to].at != i) {
			size_t from = places[to].at;

			records[to] = records[from];
			places[to].at = (uint32_t)to;
			to = from;
		}
		records[to] = first;
		places[to].at = (uint32_t)to;
	}
}

void snapshot_settle(struct snapshot *s)
{
	struct place *places;
	size_t kept = 1;

	if (s->count < 2)
		return;
	places = order(s);
	arrange(s->records, places, s->count);
	free(places);
	/* A dump is no snapshot: a socket may be met twice while the table changes. */
	for (size_t i = 1; i < s->count; i++) {
		if (s->records[i].key == s->records[kept - 1].key)
			continue;
		if (i != kept)
			s->records[kept] = s->records[i];
		kept++;
	}
	s->count = kept;
}

void snapshot_reserve(struct snapshot *s, size_t records)
{
	if (s->capacity - s->count >= records)
		return;
	s->capacity = s->count + records;
	s->records = mem_grow(s->records, s->capacity, sizeof *s->records);
}

void snapshot_done(struct snapshot *s)
{
	if (s->map) {
		munmap(s->map, s->map_bytes);
	} else {
		free(s->records);
		free(s->owners);
		free(s->tcps);
		free(s->names);
	}
	*s = (struct snapshot){ 0 };
}

void snapshot_free(struct snapshot *s)
{
	if (!s)
		return;
	snapshot_done(s);
	free(s);
}

void snapshot_own(struct snapshot *s, struct record *r, const struct owner *o)
{
	MEM_ROOM(s->owners, s->owner_count, s->owner_capacity);
	if (!r->owner_count++)
		r->owner_first = (uint32_t)s->owner_count;
	r->reason = OWNER_KNOWN;
	s->owners[s->owner_count++] = *o;
}

/* --- finding --- */

const struct record *snapshot_find(const struct snapshot *s, uint64_t key)
{
	size_t low = 0, high = s->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (s->records[mid].key < key)
			low = mid + 1;
		else
			high = mid;
	}
	return low < s->count && s->records[low].key == key ? &s->records[low] : NULL;
}

const struct owner *record_owners(const struct snapshot *s, const struct record *r, size_t *count)
{
	*count = r->owner_count;
	return r->owner_count ? &s->owners[r->owner_first] : NULL;
}

const struct record *record_peer(const struct snapshot *s, const struct record *r)
{
	return r->peer < s->count ? &s->records[r->peer] : NULL;
}

/* --- differences --- */

static bool same_owners(const struct snapshot *a, const struct record *x, const struct snapshot *b,
			const struct record *y)
{
	if (x->owner_count != y->owner_count)
		return false;
	for (uint32_t i = 0; i < x->owner_count; i++) {
		const struct owner *p = &a->owners[x->owner_first + i], *q = &b->owners[y->owner_first + i];

		if (p->pid != q->pid || p->fd != q->fd)
			return false;
	}
	return true;
}

static bool same_name(const struct snapshot *a, uint32_t at, uint16_t len, const struct snapshot *b, uint32_t other_at,
		      uint16_t other_len)
{
	return len == other_len && (!len || !memcmp(a->names + at, b->names + other_at, len));
}

static bool same_ends(const struct snapshot *a, const struct record *x, const struct snapshot *b,
		      const struct record *y)
{
	if (x->local_family != y->local_family || x->remote_family != y->remote_family ||
	    x->local_port != y->local_port || x->remote_port != y->remote_port)
		return false;
	if (x->family == AF_UNIX)
		return same_name(a, x->local_at, x->local_port, b, y->local_at, y->local_port) &&
		       same_name(a, x->remote_at, x->remote_port, b, y->remote_at, y->remote_port);
	return !memcmp(x->local, y->local, sizeof x->local) && !memcmp(x->remote, y->remote, sizeof x->remote) &&
	       x->local_zone == y->local_zone && x->remote_zone == y->remote_zone;
}

bool record_changed(const struct snapshot *a, const struct record *x, const struct snapshot *b, const struct record *y)
{
	return x->state != y->state || x->recv_q != y->recv_q || x->send_q != y->send_q || !same_ends(a, x, b, y) ||
	       !same_owners(a, x, b, y);
}

void snapshot_diff(const struct snapshot *before, const struct snapshot *now,
		   void (*tell)(void *ctx, enum change change, const struct snapshot *in, const struct record *r),
		   void *ctx)
{
	size_t i = 0, k = 0, old = before ? before->count : 0;

	while (i < old || k < now->count) {
		const struct record *was = i < old ? &before->records[i] : NULL;
		const struct record *is = k < now->count ? &now->records[k] : NULL;

		if (!is || (was && was->key < is->key)) {
			tell(ctx, CHANGE_CLOSED, before, was);
			i++;
		} else if (!was || is->key < was->key) {
			tell(ctx, CHANGE_OPENED, now, is);
			k++;
		} else {
			if (record_changed(before, was, now, is))
				tell(ctx, CHANGE_CHANGED, now, is);
			i++;
			k++;
		}
	}
}
