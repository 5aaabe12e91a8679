/* The store of packets: numbers, limits, eviction, and finding at every edge. */
#include "analysis/recorder.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { PACKET_BYTES = 10 };

/* A block of `count` packets; packet i was seen at at_ns + i and its bytes all say (uint8_t)(at_ns
 * + i). */
static struct block *block_of(uint32_t count, uint64_t at_ns)
{
	struct block *b = block_new(count, count * PACKET_BYTES);

	b->count = count;
	b->used = count * PACKET_BYTES;
	for (uint32_t i = 0; i < count; i++) {
		struct packet *p = &b->packets[i];

		p->at_ns = at_ns + i;
		p->len = p->cap = PACKET_BYTES;
		p->offset = i * PACKET_BYTES;
		memset(b->bytes + p->offset, (int)((at_ns + i) & 0xff), PACKET_BYTES);
	}
	return b;
}

static uint64_t weight_of(uint32_t count)
{
	return sizeof(struct block) + count * (sizeof(struct packet) + PACKET_BYTES);
}

Test(recorder, empty)
{
	struct recorder r;

	recorder_init(&r, 1000);
	cr_assert_eq(recorder_oldest(&r), 1);
	cr_assert_eq(r.next, 1);
	cr_assert_null(recorder_find(&r, 0, NULL));
	cr_assert_null(recorder_find(&r, 1, NULL));
	recorder_add(&r, block_new(0, 0)); /* nothing in it: taken and forgotten */
	cr_assert_eq(r.count, 0);
	recorder_done(&r);
}

Test(recorder, numbers_and_edges)
{
	const uint32_t sizes[] = { 1, 7, 1, 64, 3 };
	struct recorder r;
	uint64_t n = 1;

	recorder_init(&r, 1 << 20);
	for (unsigned i = 0; i < 5; i++)
		recorder_add(&r, block_of(sizes[i], r.next));
	cr_assert_eq(r.next, 77);
	cr_assert_eq(r.thrown, 0);
	for (; n < r.next; n++) {
		const uint8_t *bytes = NULL;
		const struct packet *p = recorder_find(&r, n, &bytes);

		cr_assert_not_null(p);
		cr_assert_eq(p->number, n);
		cr_assert_eq(p->at_ns, n);
		cr_assert_eq(bytes[0], (uint8_t)n);
		cr_assert_eq(bytes[PACKET_BYTES - 1], (uint8_t)n);
	}
	cr_assert_null(recorder_find(&r, 0, NULL));
	cr_assert_null(recorder_find(&r, r.next, NULL));
	cr_assert_null(recorder_find(&r, UINT64_MAX, NULL));
	recorder_done(&r);
}

Test(recorder, oldest_is_thrown_away_and_counted)
{
	struct recorder r;

	recorder_init(&r, 3 * weight_of(10));
	for (unsigned i = 0; i < 200; i++) {
		recorder_add(&r, block_of(10, r.next));
		cr_assert_leq(r.bytes, r.limit);
		cr_assert_eq(r.count, i < 3 ? i + 1 : 3);
		cr_assert_eq(recorder_oldest(&r), r.thrown + 1);
		cr_assert_null(recorder_find(&r, r.thrown, NULL));
		cr_assert_eq(recorder_find(&r, r.thrown + 1, NULL)->number, r.thrown + 1);
		cr_assert_eq(recorder_find(&r, r.next - 1, NULL)->number, r.next - 1);
	}
	cr_assert_eq(r.thrown, 1970);
	cr_assert_eq(r.bytes, 3 * weight_of(10));
	recorder_done(&r);
}

Test(recorder, newest_block_stays_whatever_its_size)
{
	struct recorder r;

	recorder_init(&r, 100);
	recorder_add(&r, block_of(3, 1));
	recorder_add(&r, block_of(50, 4));
	cr_assert_eq(r.count, 1);
	cr_assert_eq(r.thrown, 3);
	cr_assert_eq(recorder_oldest(&r), 4);
	recorder_done(&r);
}

/* The ring grows while its oldest block is not at its start. */
Test(recorder, grows_after_it_has_turned)
{
	struct recorder r;

	recorder_init(&r, 60 * weight_of(1));
	for (unsigned i = 0; i < 100; i++)
		recorder_add(&r, block_of(1, r.next));
	r.limit = 1000 * weight_of(1);
	for (unsigned i = 0; i < 500; i++)
		recorder_add(&r, block_of(1, r.next));
	cr_assert_eq(r.count, 560);
	cr_assert_eq(recorder_oldest(&r), 41);
	for (uint64_t n = 41; n < r.next; n++)
		cr_assert_eq(recorder_find(&r, n, NULL)->at_ns, n);
	recorder_done(&r);
}
