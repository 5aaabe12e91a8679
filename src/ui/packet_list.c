#include "ui/packet_list.h"

#include "session/opened.h"
#include "util/mem.h"

#include <stdlib.h>

void packet_list_done(struct packet_list *l)
{
	free(l->merged);
	l->merged = NULL;
}

/* How many of ascending numbers are not above `number`. */
static size_t up_to(const uint64_t *numbers, size_t count, uint64_t number)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (numbers[mid] <= number)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static uint64_t time_of(const struct session *s, uint64_t number)
{
	const struct packet *p = session_packet(s, number, NULL);

	return p ? p->at_ns : 0;
}

/* Nothing was taken out of a trail, nor put in before what was taken from it. */
static bool only_grew(const struct merge_source *m, const struct trail *t)
{
	return m->taken <= t->count && (!m->taken || t->numbers[m->taken - 1] == m->last);
}

static int by_time(const void *a, const void *b)
{
	const struct merged_packet *x = a, *y = b;

	if (x->at_ns != y->at_ns)
		return x->at_ns < y->at_ns ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static void take(struct packet_list *l, const struct session *s, struct merge_source *m, const struct trail *t)
{
	for (; m->taken < t->count; m->taken++) {
		m->last = t->numbers[m->taken];
		MEM_ROOM(l->merged, l->merged_count, l->room);
		l->merged[l->merged_count++] = (struct merged_packet){ time_of(s, m->last), m->last };
	}
}

/* What is new is put in its place, which is near the end: the taps lag behind each other by
 * milliseconds. */
static void merge(struct packet_list *l, const struct session *s, const struct trail *const t[2])
{
	uint64_t from_ns = UINT64_MAX;
	size_t had;

	if (!only_grew(&l->sources[0], t[0]) || !only_grew(&l->sources[1], t[1]))
		l->sources[0].taken = l->sources[1].taken = l->merged_count = 0;
	had = l->merged_count;
	take(l, s, &l->sources[0], t[0]);
	take(l, s, &l->sources[1], t[1]);
	for (size_t i = had; i < l->merged_count; i++)
		if (l->merged[i].at_ns < from_ns)
			from_ns = l->merged[i].at_ns;
	if (had == l->merged_count)
		return;
	while (had && l->merged[had - 1].at_ns >= from_ns)
		had--;
	qsort(l->merged + had, l->merged_count - had, sizeof *l->merged, by_time);
}

static void of_socket(struct packet_list *l, const struct session *s, uint64_t key, uint64_t limit)
{
	const struct trail *const t[2] = { session_trail(s, key), session_trail_beside(s, key) };

	l->mixed = t[1] && t[1]->count;
	if (!l->mixed) {
		l->numbers = t[0] ? t[0]->numbers : NULL;
		l->count = t[0] ? up_to(t[0]->numbers, t[0]->count, limit) : 0;
		return;
	}
	if (l->key != key)
		l->sources[0].taken = l->sources[1].taken = l->merged_count = 0;
	l->key = key;
	merge(l, s, t);
	l->numbers = NULL;
	/* While the pane is held still: what came since is at the end, but for what came late. */
	for (l->count = l->merged_count; l->count && l->merged[l->count - 1].number > limit;)
		l->count--;
}

void packet_list_settle(struct packet_list *l, const struct session *s, uint64_t key, uint64_t limit)
{
	uint64_t last = s->recorder.next - 1;

	l->all = s->opened ? !key || key == ROW_KEY_ALL : !key && session_raw_runs(s);
	if (!l->all) {
		of_socket(l, s, key, limit);
		return;
	}
	if (last > limit)
		last = limit;
	l->mixed = false;
	l->numbers = NULL;
	l->first = recorder_oldest(&s->recorder);
	l->count = last >= l->first ? last - l->first + 1 : 0;
}

uint64_t packet_list_at(const struct packet_list *l, size_t i)
{
	if (l->mixed)
		return l->merged[i].number;
	return l->numbers ? l->numbers[i] : l->first + i;
}

size_t packet_list_find(const struct packet_list *l, uint64_t number)
{
	size_t n = l->count;

	if (!n)
		return 0;
	if (l->mixed) {
		while (n-- > 0)
			if (l->merged[n].number == number)
				return n;
		return 0;
	}
	if (!l->numbers)
		return number < l->first ? 0 : number - l->first < n ? number - l->first : n - 1;
	n = up_to(l->numbers, n, number);
	return n ? n - 1 : 0;
}
