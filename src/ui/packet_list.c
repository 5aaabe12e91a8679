#include "ui/packet_list.h"

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

static void merge(struct packet_list *l, const struct session *s, const struct trail *a,
		  const struct trail *b)
{
	size_t a_count = a ? up_to(a->numbers, a->count, l->limit) : 0;
	size_t b_count = up_to(b->numbers, b->count, l->limit), i = 0, k = 0;

	l->count = 0;
	while (i < a_count || k < b_count) {
		bool first = k == b_count || (i < a_count && time_of(s, a->numbers[i]) <=
								     time_of(s, b->numbers[k]));

		MEM_ROOM(l->merged, l->count, l->room);
		l->merged[l->count++] = first ? a->numbers[i++] : b->numbers[k++];
	}
}

static void of_socket(struct packet_list *l, const struct session *s, uint64_t key, uint64_t limit)
{
	const struct trail *t = session_trail(s, key), *beside = session_trail_beside(s, key);
	uint64_t seen[2] = { t ? t->changes : 0, beside ? beside->changes : 0 };

	if (!beside || !beside->count) {
		l->mixed = false;
		l->numbers = t ? t->numbers : NULL;
		l->count = t ? up_to(t->numbers, t->count, limit) : 0;
		return;
	}
	if (!l->mixed || l->key != key || l->limit != limit || l->seen[0] != seen[0] ||
	    l->seen[1] != seen[1]) {
		l->key = key;
		l->limit = limit;
		l->seen[0] = seen[0];
		l->seen[1] = seen[1];
		merge(l, s, t, beside);
	}
	l->mixed = true;
	l->numbers = l->merged;
}

void packet_list_settle(struct packet_list *l, const struct session *s, uint64_t key,
			uint64_t limit)
{
	uint64_t last = s->recorder.next - 1;

	l->all = !key && (s->config.file || session_raw_runs(s));
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
	return l->numbers ? l->numbers[i] : l->first + i;
}

size_t packet_list_find(const struct packet_list *l, uint64_t number)
{
	size_t n = l->count;

	if (!n)
		return 0;
	if (l->mixed) {
		while (n-- > 0)
			if (l->numbers[n] == number)
				return n;
		return 0;
	}
	if (!l->numbers)
		return number < l->first ? 0 : number - l->first < n ? number - l->first : n - 1;
	n = up_to(l->numbers, n, number);
	return n ? n - 1 : 0;
}
