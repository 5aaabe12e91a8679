/* list_order.c - the order of a list: by the column of --sort, else the one of core/rank.h. */
#include "cli/list.h"

#include "core/rank.h"
#include "util/mem.h"

#include <stdlib.h>

struct ordering {
	const struct list *l;
	const struct snapshot *s;
};

/* Of the same rank. */
static int by_ends(const void *a, const void *b, void *ctx)
{
	const struct rank *left = a, *right = b;
	const struct ordering *o = ctx;
	const struct record *x = &o->s->records[left->row], *y = &o->s->records[right->row];
	int order = record_order(o->s, x, y);

	return order ? order : x->key < y->key ? -1 : x->key > y->key;
}

static int by_column(const void *a, const void *b, void *ctx)
{
	const struct rank *left = a, *right = b;
	const struct ordering *o = ctx;
	struct sock left_room, right_room;
	struct sock_view x = sock_view(o->s, &o->s->records[left->row], o->l->names, &left_room);
	struct sock_view y = sock_view(o->s, &o->s->records[right->row], o->l->names, &right_room);
	int order = column_compare(o->l->sort, &x, &y);

	if (order)
		return o->l->descending ? -order : order;
	for (int w = 0; w < 2; w++)
		if (left->words[w] != right->words[w])
			return left->words[w] < right->words[w] ? -1 : 1;
	return by_ends(a, b, ctx);
}

/* A dump is no snapshot: a socket may be met twice while the table changes. In order of their ends the two are
 * neighbours. Returns how many are left. */
static size_t each_once(struct picked *p, const struct rank *ranks)
{
	const struct record *records = p->snapshot->records;
	size_t kept = 0;

	for (size_t i = 0; i < p->count; i++)
		if (!kept || records[ranks[i].row].key != records[p->rows[kept - 1]].key)
			p->rows[kept++] = ranks[i].row;
	return kept;
}

void list_order(const struct list *l, struct picked *p)
{
	struct ordering o = { l, p->snapshot };
	struct rank *ranks = mem_array(p->count, sizeof *ranks);

	for (size_t i = 0; i < p->count; i++)
		ranks[i] = record_rank(&p->snapshot->records[p->rows[i]], p->rows[i]);
	if (l->sort)
		qsort_r(ranks, p->count, sizeof *ranks, by_column, &o);
	else
		rank_sort(ranks, p->count, by_ends, &o);
	p->count = each_once(p, ranks);
	free(ranks);
}
