#include "core/snapshot.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* A snapshot of records with these keys; each has one owner whose pid is the key. */
static struct snapshot *of(const uint64_t *keys, size_t count)
{
	struct snapshot *s = calloc(1, sizeof *s);

	s->records = calloc(count ? count : 1, sizeof *s->records);
	s->owners = calloc(count ? count : 1, sizeof *s->owners);
	for (size_t i = 0; i < count; i++) {
		s->records[i] = (struct record){ .key = keys[i], .owner_first = (uint32_t)i, .owner_count = 1,
						 .peer = RECORD_NONE };
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

	now->records[2].sock.recv_q = 9;
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

Test(snapshot, every_reason_has_words)
{
	for (int i = 0; i < OWNER_REASONS; i++) {
		cr_expect_not_null(owner_reasons[i].help, "%d", i);
		cr_expect_eq(owner_reasons[i].name == NULL, i == OWNER_KNOWN || i == OWNER_NOT_ASKED, "%d", i);
	}
}
