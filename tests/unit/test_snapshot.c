#include "core/snapshot.h"

#include <criterion/criterion.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* A snapshot of records with these keys; each has one owner whose pid is the key. */
static struct snapshot *of(const uint64_t *keys, size_t count)
{
	struct snapshot *s = calloc(1, sizeof *s);

	s->records = calloc(count ? count : 1, sizeof *s->records);
	s->owners = calloc(count ? count : 1, sizeof *s->owners);
	for (size_t i = 0; i < count; i++) {
		s->records[i] = (struct record){
			.key = keys[i], .owner_first = (uint32_t)i, .owner_count = 1, .peer = RECORD_NONE
		};
		s->owners[i].pid = (uint32_t)keys[i];
	}
	s->count = s->owner_count = count;
	return s;
}

struct told {
	char text[128];
};

static void tell(void *ctx, enum change change, const struct snapshot *in, const struct record *r)
{
	struct told *t = ctx;
	size_t len = strlen(t->text), count;

	cr_expect_eq(record_owners(in, r, &count)->pid, r->key, "the record belongs to its snapshot");
	t->text[len] = "+~-"[change];
	t->text[len + 1] = (char)('0' + r->key);
}

Test(snapshot, differences_in_order_of_key)
{
	static const uint64_t a[] = { 1, 3, 5, 7 }, b[] = { 2, 3, 5, 8 };
	struct snapshot *before = of(a, 4), *now = of(b, 4);
	struct told t = { 0 };

	now->records[2].recv_q = 9;
	snapshot_diff(before, now, tell, &t);
	cr_expect_str_eq(t.text, "-1+2~5-7+8");
	t = (struct told){ 0 };
	snapshot_diff(NULL, now, tell, &t);
	cr_expect_str_eq(t.text, "+2+3+5+8");
	t = (struct told){ 0 };
	snapshot_diff(now, now, tell, &t);
	cr_expect_str_eq(t.text, "");
	snapshot_free(before);
	snapshot_free(now);
}

Test(snapshot, another_owner_is_a_change)
{
	static const uint64_t keys[] = { 4 };
	struct snapshot *before = of(keys, 1), *now = of(keys, 1);
	struct told t = { 0 };

	now->owners[0].fd = 7;
	snapshot_diff(before, now, tell, &t);
	cr_expect_str_eq(t.text, "~4");
	snapshot_free(before);
	snapshot_free(now);
}

Test(snapshot, find)
{
	static const uint64_t keys[] = { 2, 4, 6 };
	struct snapshot *s = of(keys, 3), *none = of(keys, 0);

	for (uint64_t k = 0; k < 8; k++)
		cr_expect_eq(snapshot_find(s, k) != NULL, k && k % 2 == 0, "%d", (int)k);
	cr_expect_null(snapshot_find(none, 2));
	cr_expect_null(record_peer(s, &s->records[0]));
	s->records[0].peer = 2;
	cr_expect_eq(record_peer(s, &s->records[0]), &s->records[2]);
	snapshot_free(s);
	snapshot_free(none);
	snapshot_free(NULL);
}

/* More than are sorted in a simple way, met twice each, in no order. */
Test(snapshot, settles)
{
	enum { MANY = 9000 };
	struct snapshot *s = calloc(1, sizeof *s);

	for (unsigned i = 0; i < 2 * MANY; i++) {
		const struct sock k = {
			.family = AF_INET, .inode = 1 + i % MANY, .known = SOCK_HAS_INODE, .recv_q = i % MANY
		};

		snapshot_add(s, &k, 7);
	}
	snapshot_settle(s);
	cr_assert_eq(s->count, MANY);
	for (size_t i = 1; i < s->count; i++)
		cr_assert_lt(s->records[i - 1].key, s->records[i].key);
	for (unsigned i = 0; i < MANY; i++) {
		const struct sock k = { .family = AF_INET, .inode = 1 + i, .known = SOCK_HAS_INODE };
		const struct record *r = snapshot_find(s, sock_key(&k, 7));

		cr_assert_not_null(r);
		cr_assert_eq(r->recv_q, i);
	}
	snapshot_free(s);
}

static struct sock whole(int family)
{
	struct sock k = { .family = family,
			  .type = SOCK_STREAM,
			  .protocol = family == AF_UNIX ? 0 : 6,
			  .state = STATE_CLOSE_WAIT,
			  .known = 0x5ff,
			  .cookie = 1,
			  .inode = 2,
			  .uid = 3,
			  .interface = 4,
			  .recv_q = 5,
			  .send_q = 6,
			  .backlog = 7,
			  .timer = TIMER_PERSIST,
			  .timer_ms = 8,
			  .timer_retries = 9,
			  .rmem_alloc = 10,
			  .rcvbuf = 11,
			  .wmem_alloc = 12,
			  .sndbuf = 13,
			  .drops = 14,
			  .mark = 15,
			  .flags = 16,
			  .shutdown = 1,
			  .tos = 17 };

	k.local.family = k.remote.family = (uint8_t)family;
	if (family == AF_UNIX) {
		k.peer_inode = 18;
		k.local.path_len = sizeof k.local.path;
		memset(k.local.path, 'x', sizeof k.local.path);
		k.remote.path_len = 2;
		memcpy(k.remote.path, "\0a", 2);
		return k;
	}
	k.cgroup = 19;
	k.local.has_port = k.remote.has_port = true;
	k.local.port = 65535;
	k.remote.port = 1;
	k.local.scope_id = 20;
	k.remote.scope_id = 21;
	memset(k.local.ip, 22, sizeof k.local.ip);
	memset(k.remote.ip, 23, sizeof k.remote.ip);
	k.tcp = (struct sock_tcp){ .rtt_us = 24,
				   .bytes_sent = UINT64_MAX,
				   .congestion = "bbr",
				   .control = CONTROL_BBR,
				   .bbr = { .bandwidth = 25, .cwnd_gain = 26 } };
	return k;
}

/* What was packed comes out again, all of it. */
Test(snapshot, unpacks_what_was_packed)
{
	static const int families[] = { AF_INET6, AF_UNIX };
	struct snapshot s = { 0 };

	for (size_t i = 0; i < 2; i++) {
		struct sock k = whole(families[i]), out;

		memset(&out, 0, sizeof out);
		if (families[i] == AF_UNIX)
			k.known &= ~(unsigned)SOCK_HAS_TCP;
		snapshot_add(&s, &k, 1);
		record_sock(&s, &s.records[i], &out);
		cr_expect(endpoint_same(&out.local, &k.local) && endpoint_same(&out.remote, &k.remote));
		cr_expect_eq(out.local.scope_id, k.local.scope_id);
		cr_expect_eq(memcmp(&out.tcp, &k.tcp, sizeof k.tcp), 0);
		out.local = k.local;
		out.remote = k.remote;
		cr_expect_eq(memcmp(&out.known, &k.known, offsetof(struct sock, tcp) - offsetof(struct sock, known)),
			     0);
		cr_expect_eq(out.state, k.state);
		cr_expect_eq(out.protocol, k.protocol);
	}
	snapshot_done(&s);
}

Test(snapshot, every_reason_has_words)
{
	for (int i = 0; i < OWNER_REASONS; i++) {
		cr_expect_not_null(owner_reasons[i].help, "%d", i);
		cr_expect_eq(owner_reasons[i].name == NULL, i == OWNER_KNOWN || i == OWNER_NOT_ASKED, "%d", i);
	}
}
