/* list_order.c - the order of a list: by the column of --sort, else by kind, listeners first, then endpoints.
 *
 * There may be hundreds of thousands. Where no column was asked for, a rank of two numbers decides almost always: they
 * are sorted digit by digit, and only those with the same rank are compared.
 */
#include "cli/list.h"

#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

struct rank {
	uint64_t number, next;
	uint32_t row;
};

struct ordering {
	const struct list *l;
	const struct snapshot *s;
};

static int in_order(const void *a, const void *b, void *ctx)
{
	const struct rank *left = a, *right = b;
	const struct ordering *o = ctx;
	const struct record *x = &o->s->records[left->row], *y = &o->s->records[right->row];
	struct sock left_room, right_room;
	int order = 0;

	if (o->l->sort) {
		struct sock_view left_view = sock_view(o->s, x, o->l->names, &left_room);
		struct sock_view right_view = sock_view(o->s, y, o->l->names, &right_room);

		order = column_compare(o->l->sort, &left_view, &right_view);
	}
	if (order)
		return o->l->descending ? -order : order;
	if (left->number != right->number)
		return left->number < right->number ? -1 : 1;
	if (left->next != right->next)
		return left->next < right->next ? -1 : 1;
	order = record_order(o->s, x, y);
	return order ? order : x->key < y->key ? -1 : x->key > y->key;
}

/* --- by digits of a byte, the last one first --- */

enum { BYTES = 16, DIGITS = 256 };

struct counts {
	uint32_t of[BYTES][DIGITS];
};

static unsigned digit(const struct rank *r, unsigned byte)
{
	return (byte < 8 ? r->next >> 8 * byte : r->number >> 8 * (byte - 8)) & (DIGITS - 1);
}

static void count_digits(const struct rank *ranks, size_t count, struct counts *counts)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t next = ranks[i].next, number = ranks[i].number;

		for (unsigned b = 0; b < 8; b++, next >>= 8, number >>= 8) {
			counts->of[b][next & (DIGITS - 1)]++;
			counts->of[b + 8][number & (DIGITS - 1)]++;
		}
	}
}

/* Returns the one of the two arrays that has them. A byte that is the same in all is passed over: most are. */
static struct rank *sort_digits(struct rank *ranks, struct rank *other, size_t count, struct counts *counts)
{
	for (unsigned b = 0; b < BYTES; b++) {
		uint32_t *at = counts->of[b], sum = 0;
		struct rank *swap = ranks;

		if (at[digit(&ranks[0], b)] == count)
			continue;
		for (unsigned d = 0; d < DIGITS; d++) {
			uint32_t n = at[d];

			at[d] = sum;
			sum += n;
		}
		for (size_t i = 0; i < count; i++)
			other[at[digit(&ranks[i], b)]++] = ranks[i];
		ranks = other;
		other = swap;
	}
	return ranks;
}

/* Those with the same rank. */
static void sort_runs(struct rank *ranks, size_t count, struct ordering *o)
{
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1; end < count; end++)
			if (ranks[end].number != ranks[i].number || ranks[end].next != ranks[i].next)
				break;
		if (end - i > 1)
			qsort_r(ranks + i, end - i, sizeof *ranks, in_order, o);
	}
}

void list_order(const struct list *l, struct picked *p)
{
	enum { FEW = 256 };
	struct ordering o = { l, p->snapshot };
	struct rank *ranks = mem_array(2 * p->count, sizeof *ranks), *sorted = ranks;

	for (size_t i = 0; i < p->count; i++) {
		const struct record *r = &p->snapshot->records[p->rows[i]];

		ranks[i] = (struct rank){ record_rank(r), record_rank_next(r), p->rows[i] };
	}
	if (l->sort || p->count < FEW) {
		qsort_r(ranks, p->count, sizeof *ranks, in_order, &o);
	} else {
		struct counts *counts = mem_alloc(sizeof *counts);

		count_digits(ranks, p->count, counts);
		sorted = sort_digits(ranks, ranks + p->count, p->count, counts);
		sort_runs(sorted, p->count, &o);
		free(counts);
	}
	for (size_t i = 0; i < p->count; i++)
		p->rows[i] = sorted[i].row;
	free(ranks);
}
