#include "core/snapshot.h"

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

void snapshot_free(struct snapshot *s)
{
	if (!s)
		return;
	free(s->records);
	free(s->owners);
	free(s);
}

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

static bool same_values(const struct sock *x, const struct sock *y)
{
	return x->state == y->state && x->recv_q == y->recv_q && x->send_q == y->send_q &&
	       endpoint_same(&x->local, &y->local) && endpoint_same(&x->remote, &y->remote);
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
			if (!same_values(&was->sock, &is->sock) || !same_owners(before, was, now, is))
				tell(ctx, CHANGE_CHANGED, now, is);
			i++;
			k++;
		}
	}
}
