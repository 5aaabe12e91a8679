#include "session/look.h"

#include "core/rank.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void look_free(struct look *l)
{
	if (!l)
		return;
	snapshot_free(l->snapshot);
	rates_done(&l->rates);
	free(l->fresh);
	free(l->order);
	free(l->near);
	free(l->chosen);
	free(l);
}

/* --- the order --- */

static int in_order(const void *left, const void *right, void *ctx)
{
	const struct snapshot *s = ctx;
	const struct record *a = &s->records[((const struct rank *)left)->row],
			    *b = &s->records[((const struct rank *)right)->row];
	int order = record_order(s, a, b);

	return order ? order : a->key < b->key ? -1 : a->key > b->key;
}

static uint32_t first_pid(const struct snapshot *s, const struct record *r)
{
	return r->owner_count ? s->owners[r->owner_first].pid : 0;
}

static bool may_be_ours(const struct snapshot *s, const struct record *r, const struct look_self *self, uint32_t uid)
{
	if (r->owner_count)
		return first_pid(s, r) == self->pid;
	return r->inode && r->known & SOCK_HAS_UID && r->uid == uid;
}

void look_arrange(struct look *l, const struct look_self *self)
{
	const struct snapshot *s = l->snapshot;
	struct rank *ranks = mem_array(s->count, sizeof *ranks);
	uint32_t uid = geteuid();
	size_t near_capacity = 0;

	l->count = l->near_count = 0;
	for (size_t i = 0; i < s->count; i++) {
		const struct record *r = &s->records[i];

		if (may_be_ours(s, r, self, uid)) {
			MEM_ROOM(l->near, l->near_count, near_capacity);
			l->near[l->near_count++] = (uint32_t)i;
		} else if (!self->helper || first_pid(s, r) != self->helper) {
			ranks[l->count++] = record_rank(r, (uint32_t)i);
		}
	}
	rank_sort(ranks, l->count, in_order, (void *)(uintptr_t)s);
	l->order = mem_array(l->count, sizeof *l->order);
	for (size_t i = 0; i < l->count; i++)
		l->order[i] = ranks[i].row;
	free(ranks);
	l->arranged = true;
}

/* --- choosing --- */

static bool owned_by(const struct sock_view *v, uint32_t pid)
{
	for (size_t i = 0; i < v->owner_count; i++)
		if (v->owners[i].pid == pid)
			return true;
	return false;
}

bool look_chooses(const struct look *l, const struct look_choice *c, const struct sock_names *names, uint32_t record)
{
	struct sock_view v;
	struct sock room;

	if (!c->id)
		return true;
	look_view(l, record, names, &v);
	if (c->pid && !owned_by(&v, c->pid))
		return false;
	if (!c->filter)
		return true;
	record_sock(l->snapshot, v.record, &room);
	v.sock = &room;
	return filter_match(c->filter, &v);
}

size_t look_choose(const struct look *l, const struct look_choice *c, const struct sock_names *names, uint32_t *out)
{
	size_t count = 0;

	for (size_t i = 0; i < l->count; i++)
		if (look_chooses(l, c, names, l->order[i]))
			out[count++] = l->order[i];
	return count;
}

/* --- one record --- */

void look_view(const struct look *l, uint32_t record, const struct sock_names *names, struct sock_view *out)
{
	const struct record *r = &l->snapshot->records[record];

	*out = (struct sock_view){ .record = r, .rate = rates_of(&l->rates, record), .names = names };
	out->owners = record_owners(l->snapshot, r, &out->owner_count);
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

bool look_is_fresh(const struct look *l, uint32_t record)
{
	return l->fresh_count && bsearch(&record, l->fresh, l->fresh_count, sizeof record, by_number);
}
