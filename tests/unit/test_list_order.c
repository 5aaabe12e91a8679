#include "cli/list.h"

#include "core/rank.h"
#include "util/mem.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { MANY = 3000, TWICE = 7 };

static uint32_t scramble(uint32_t i)
{
	return i * 2654435761u;
}

static struct sock made(uint32_t i)
{
	bool six = i % 3 == 0;
	struct sock k = { .family = six ? AF_INET6 : AF_INET,
			  .type = SOCK_STREAM,
			  .protocol = 6,
			  .cookie = 1 + i,
			  .known = SOCK_HAS_COOKIE,
			  .state = i % 11 ? STATE_ESTABLISHED : STATE_LISTEN };
	uint32_t bits = scramble(i);

	k.local.family = k.remote.family = (uint8_t)k.family;
	k.local.has_port = k.remote.has_port = true;
	k.local.port = (uint16_t)(bits & 7);
	k.remote.port = (uint16_t)(bits >> 20);
	memcpy(k.local.ip + (six ? 12 : 0), &(uint32_t){ bits & 0x3030303 }, 4);
	memcpy(k.remote.ip, &(uint32_t){ bits & 0x70f0f0f }, 4);
	return k;
}

/* Many by digits, few by comparison: both as sock_order() says, and what a dump met twice is there once. */
static void check(size_t count)
{
	const struct list_options options = { 0 };
	struct list l = { .o = &options };
	struct snapshot s = { 0 };
	struct picked p = { .snapshot = &s, .rows = calloc(count + TWICE, sizeof *p.rows), .count = count + TWICE };

	for (uint32_t i = 0; i < count + TWICE; i++) {
		struct sock k = made(i < count ? i : scramble(i) % (uint32_t)count);

		snapshot_add(&s, &k, 1);
		p.rows[i] = i;
	}
	list_order(&l, &p);
	cr_assert_eq(p.count, count);
	for (size_t i = 1; i < p.count; i++) {
		struct sock before, after;

		record_sock(&s, &s.records[p.rows[i - 1]], &before);
		record_sock(&s, &s.records[p.rows[i]], &after);
		cr_assert_leq(sock_order(&before, &after), 0, "at %zu", i);
		cr_assert_neq(before.cookie, after.cookie);
	}
	free(p.rows);
	snapshot_done(&s);
}

Test(list_order, many)
{
	check(MANY);
}

Test(list_order, few)
{
	check(20);
}

/* An IPv4 and an IPv6 one, a listener and a connection: the ranks alone say which comes first. */
Test(list_order, ranks_agree_with_the_order)
{
	for (uint32_t i = 0; i + 1 < MANY; i++) {
		struct sock a = made(i), b = made(i + 1);
		struct rank x = sock_rank(&a, 0), y = sock_rank(&b, 0);
		int by_rank = x.words[0] != y.words[0]   ? (x.words[0] < y.words[0] ? -1 : 1)
			      : x.words[1] != y.words[1] ? (x.words[1] < y.words[1] ? -1 : 1)
							 : 0;
		int order = sock_order(&a, &b);

		if (by_rank)
			cr_assert_eq(by_rank < 0, order < 0, "%u", i);
	}
}
