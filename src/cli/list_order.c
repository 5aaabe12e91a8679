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
	uint64_t words[2]; /* record_rank, record_rank_next */
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
	for (int w = 0; w < 2; w++)
		if (left->words[w] != right->words[w])
			return left->words[w] < right->words[w] ? -1 : 1;
	order = record_order(o->s, x, y);
	return order ? order : x->key < y->key ? -1 : x->key > y->key;
}

/* --- by digits of a byte, the last one first --- */

enum { DIGITS = 256, DIGIT_BITS = 8, WORD_BITS = 64 };

static void sort_digit(const struct rank *from, struct rank *to, size_t count, int word, unsigned shift)
{
	uint32_t at[DIGITS] = { 0 }, sum = 0;

	for (size_t i = 0; i < count; i++)
		at[from[i].words[word] >> shift & (DIGITS - 1)]++;
	for (unsigned d = 0; d < DIGITS; d++) {
		uint32_t n = at[d];

		at[d] = sum;
		sum += n;
	}
	for (size_t i = 0; i < count; i++)
		to[at[from[i].words[word] >> shift & (DIGITS - 1)]++] = from[i];
}

/* Returns the one of the two arrays that has them. Digits that are the same in all, those that do not `differ`, are
 * passed over: most are. */
static struct rank *sort_digits(struct rank *ranks, struct rank *other, size_t count, const uint64_t differ[2])
{
	for (int word = 1; word >= 0; word--)
		for (unsigned shift = 0; shift < WORD_BITS; shift += DIGIT_BITS) {
			struct rank *swap = ranks;

			if (!(differ[word] >> shift & (DIGITS - 1)))
				continue;
			sort_digit(ranks, other, count, word, shift);
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
			if (memcmp(ranks[end].words, ranks[i].words, sizeof ranks->words))
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
	uint64_t differ[2] = { 0 };

	for (size_t i = 0; i < p->count; i++) {
		const struct record *r = &p->snapshot->records[p->rows[i]];

		ranks[i] = (struct rank){ { record_rank(r), record_rank_next(r) }, p->rows[i] };
		for (int w = 0; w < 2; w++)
			differ[w] |= ranks[i].words[w] ^ ranks[0].words[w];
	}
	if (l->sort || p->count < FEW) {
		qsort_r(ranks, p->count, sizeof *ranks, in_order, &o);
	} else {
		sorted = sort_digits(ranks, ranks + p->count, p->count, differ);
		sort_runs(sorted, p->count, &o);
	}
	for (size_t i = 0; i < p->count; i++)
		p->rows[i] = sorted[i].row;
	free(ranks);
}
