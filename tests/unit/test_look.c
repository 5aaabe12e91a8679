/* A look at the host: its sockets in order, those of this program apart, those that a filter or a process chooses. */
#include "session/look.h"

#include "util/mem.h"

#include <criterion/criterion.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SELF = 100, HELPER = 101, OTHER = 200, MANY = 60 };

static void add(struct snapshot *s, uint16_t port, uint32_t pid, int type)
{
	const struct owner o = { .pid = pid, .fd = port, .process = "some" };
	struct sock k = { .family = AF_INET,
			  .type = type,
			  .protocol = type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP,
			  .state = STATE_ESTABLISHED,
			  .cookie = port,
			  .inode = 1000u + port,
			  .known = SOCK_HAS_COOKIE | SOCK_HAS_INODE };

	k.local = (struct endpoint){ .family = AF_INET, .has_port = true, .port = port, .ip = { 127, 0, 0, 1 } };
	k.remote = k.local;
	k.remote.port = 9;
	snapshot_own(s, snapshot_add(s, &k, 1), &o);
}

static struct look *made(void)
{
	struct look *l = mem_alloc(sizeof *l);
	struct snapshot *s = l->snapshot = mem_alloc(sizeof *s);

	for (int i = 0; i < MANY; i++)
		add(s, (uint16_t)(5000 + i * 7919 % 1000), i % 4 ? OTHER : OTHER + 1, i % 3 ? SOCK_STREAM : SOCK_DGRAM);
	add(s, 1, SELF, SOCK_STREAM);
	add(s, 2, HELPER, SOCK_STREAM);
	snapshot_settle(s);
	look_arrange(l, &(struct look_self){ SELF, HELPER });
	return l;
}

static uint16_t port_of(const struct look *l, uint32_t record)
{
	return l->snapshot->records[record].local_port;
}

Test(look, is_in_order_without_this_program)
{
	struct look *l = made();

	cr_assert_eq(l->count, MANY);
	for (size_t i = 0; i < l->count; i++) {
		const struct record *r = &l->snapshot->records[l->order[i]];

		cr_expect_geq(r->local_port, 5000, "neither ours nor the broker's");
		if (i)
			cr_expect_leq(record_order(l->snapshot, &l->snapshot->records[l->order[i - 1]], r), 0);
	}
	cr_assert_eq(l->near_count, 1);
	cr_expect_eq(port_of(l, l->near[0]), 1);
	look_free(l);
}

/* Where nobody is known to have it, a socket of our user may be ours: a look without owners. */
Test(look, what_nobody_is_known_to_have_may_be_ours)
{
	struct look *l = mem_alloc(sizeof *l);
	const uint32_t uids[] = { geteuid(), geteuid() + 1 };

	l->snapshot = mem_alloc(sizeof *l->snapshot);
	for (unsigned i = 0; i < 2; i++) {
		struct sock k = { .family = AF_UNIX,
				  .type = SOCK_STREAM,
				  .inode = 7 + i,
				  .uid = uids[i],
				  .known = SOCK_HAS_INODE | SOCK_HAS_UID };

		snapshot_add(l->snapshot, &k, 1);
	}
	snapshot_settle(l->snapshot);
	look_arrange(l, &(struct look_self){ SELF, 0 });
	cr_assert_eq(l->count, 1);
	cr_assert_eq(l->near_count, 1);
	cr_expect_eq(l->snapshot->records[l->near[0]].inode, 7);
	look_free(l);
}

Test(look, chooses_by_process_and_filter)
{
	struct look *l = made();
	struct look_choice c = { .id = 1, .pid = OTHER + 1 };
	uint32_t *out = mem_array(l->count, sizeof *out);
	size_t of_process = look_choose(l, &c, NULL, out), both;

	cr_expect_eq(of_process, MANY / 4);
	cr_assert_eq(filter_new("proto:udp sport < 5500", &c.filter, NULL, NULL), 0);
	both = look_choose(l, &c, NULL, out);
	cr_expect(both && both < of_process);
	for (size_t i = 0; i < both; i++) {
		cr_expect_lt(port_of(l, out[i]), 5500);
		cr_expect_eq(l->snapshot->records[out[i]].type, SOCK_DGRAM);
		if (i)
			cr_expect_lt(port_of(l, out[i - 1]), port_of(l, out[i]), "still in order");
	}
	c.pid = 0;
	cr_expect_gt(look_choose(l, &c, NULL, out), both);
	c.id = 0;
	cr_expect_eq(look_choose(l, &c, NULL, out), MANY, "all");
	filter_free(c.filter);
	free(out);
	look_free(l);
}

Test(look, marks_what_was_opened_lately)
{
	const struct look l = { .fresh = (uint32_t[]){ 3, 8, 21 }, .fresh_count = 3 };

	for (uint32_t i = 0; i < 30; i++)
		cr_expect_eq(look_is_fresh(&l, i), i == 3 || i == 8 || i == 21);
}
