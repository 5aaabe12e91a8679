#include "core/snapshot.h"

#include "util/hash.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
const struct owner_reason_row owner_reasons[OWNER_REASONS] = {
	[OWNER_KNOWN] = { NULL, "the owner is known" },
	[OWNER_NO_PERMISSION] = { "no-permission", "another user's process: run as root to see it" },
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

/* Keys are hashes: two passes by 16 bits put almost all of them in order. */
static void by_digit(const struct place *from, struct place *to, size_t count, unsigned shift,
		     uint32_t *starts)
{
	enum { DIGITS = 1 << 16 };
	uint32_t sum = 0;

	memset(starts, 0, DIGITS * sizeof *starts);
	for (size_t i = 0; i < count; i++)
		starts[from[i].key >> shift & (DIGITS - 1)]++;
	for (size_t d = 0; d < DIGITS; d++) {
		uint32_t n = starts[d];

		starts[d] = sum;
		sum += n;
	}
	for (size_t i = 0; i < count; i++)
		to[starts[from[i].key >> shift & (DIGITS - 1)]++] = from[i];
}

static int by_key(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key;
}

static void order(struct place *places, size_t count)
{
	enum { FEW = 4096, DIGITS = 1 << 16 };
	struct place *other;
	uint32_t *starts;

	if (count < FEW) {
		qsort(places, count, sizeof *places, by_key);
		return;
	}
	other = mem_array(count, sizeof *other);
	starts = mem_array(DIGITS, sizeof *starts);
	by_digit(places, other, count, 32, starts);
	by_digit(other, places, count, 48, starts);
	for (size_t i = 1; i < count; i++) /* the lower half decides where the upper is the same */
		for (size_t k = i; k && places[k].key < places[k - 1].key; k--) {
			struct place swap = places[k];

			places[k] = places[k - 1];
			places[k - 1] = swap;
		}
	free(other);
	free(starts);
}

void snapshot_settle(struct snapshot *s)
{
	struct place *places;
	struct record *sorted;
	size_t kept = 0;

	if (s->count < 2)
		return;
	places = mem_array(s->count, sizeof *places);
	sorted = mem_array(s->count, sizeof *sorted);
	for (size_t i = 0; i < s->count; i++)
		places[i] = (struct place){ s->records[i].key, (uint32_t)i };
	order(places, s->count);
	/* A dump is no snapshot: a socket may be met twice while the table changes. */
	for (size_t i = 0; i < s->count; i++)
		if (!kept || places[i].key != sorted[kept - 1].key)
			sorted[kept++] = s->records[places[i].at];
	free(places);
	free(s->records);
	s->records = sorted;
	s->capacity = s->count;
	s->count = kept;
}

void snapshot_done(struct snapshot *s)
{
	free(s->records);
	free(s->owners);
	free(s->tcps);
	free(s->names);
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

static bool same_name(const struct snapshot *a, uint32_t at, uint16_t len, const struct snapshot *b,
		      uint32_t other_at, uint16_t other_len)
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

static bool same(const struct snapshot *a, const struct record *x, const struct snapshot *b,
		 const struct record *y)
{
	return x->state == y->state && x->recv_q == y->recv_q && x->send_q == y->send_q &&
	       same_ends(a, x, b, y) && same_owners(a, x, b, y);
}

void snapshot_diff(const struct snapshot *before, const struct snapshot *now,
		   void (*tell)(void *ctx, enum change change, const struct snapshot *in,
				const struct record *r),
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
			if (!same(before, was, now, is))
				tell(ctx, CHANGE_CHANGED, now, is);
			i++;
			k++;
		}
	}
}
