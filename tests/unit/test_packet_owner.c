#include "core/packet_owner.h"
#include "session/owner_index.h"
#include "util/buf.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct end_owner owner(uint32_t pid, int32_t fd, enum state state, const char *name)
{
	struct end_owner o = { .pid = pid, .fd = fd, .state = state };

	strncpy(o.process, name, sizeof o.process - 1);
	return o;
}

static void same(const struct end_owner *a, const struct end_owner *b)
{
	cr_assert_eq(a->pid, b->pid);
	cr_assert_eq(a->fd, b->fd);
	cr_assert_eq(a->state, b->state);
	cr_assert_arr_eq(a->process, b->process, 16);
}

/* What is written is read back as it was, whatever the name is. */
Test(packet_owner, note_round_trip)
{
	static const char *const names[] = { "curl",     "a b", "q\"uo\\te",   "nl\nx\x1b[31m",
					     "\xff\x01", "",    "; dst pid 1", "fifteen-letters" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		for (unsigned which = 1; which < 4; which++) {
			struct packet_owners o = { 0 }, back;
			struct buf note = { 0 };

			o.end[0].fd = o.end[1].fd = -1;
			if (which & 1)
				o.end[0] = owner(812, 5, STATE_ESTABLISHED, names[i]);
			if (which & 2)
				o.end[1] = owner(UINT32_MAX, -1, STATE_NONE, names[i]);
			packet_owners_note(&o, &note);
			cr_assert_not(memchr(note.data, '\n', note.len), "one line");
			cr_assert(packet_owners_read(note.data, note.len, &back), "%s", note.data);
			for (unsigned end = 0; end < 2; end++)
				if (which & 1u << end)
					same(&o.end[end], &back.end[end]);
				else
					cr_assert_eq(back.end[end].pid, 0);
			buf_done(&note);
		}
}

Test(packet_owner, note_is_found_among_other_lines)
{
	static const char text[] = "a remark\nsrc pid 7 fd 3 LISTEN \"x\"\nanother";
	struct packet_owners o;

	cr_assert(packet_owners_read(text, strlen(text), &o));
	cr_assert_eq(o.end[0].pid, 7);
	cr_assert_eq(o.end[0].state, STATE_LISTEN);
}

/* Comments of others are no owners; no length of one is read beyond. */
Test(packet_owner, other_comments)
{
	static const char *const texts[] = {
		"",
		"src",
		"src pid",
		"src pid x \"a\"",
		"src pid 1",
		"src pid 1 \"a",
		"src pid 1 \"a\" and more",
		"src pid 99999999999 \"a\"",
		"src pid 1 fd 99999999999 \"a\"",
		"src pid 1 NOSTATE \"a\"",
		"src pid 1 \"a\\q\"",
		"src pid 1 \"a\\x0g\"",
		"src pid 1 \"sixteen-letters.\"",
		"src pid 1 \"a\"; ",
		"dst pid 1 \"a\"; src pid 2 \"b\"",
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		size_t len = strlen(texts[i]);

		for (size_t cut = 0; cut <= len; cut++) {
			char *exact = malloc(cut + !cut);
			struct packet_owners o;

			memcpy(exact, texts[i], cut);
			if (packet_owners_read(exact, cut, &o))
				cr_assert(cut < len, "%s", texts[i]);
			free(exact);
		}
	}
}

Test(packet_owner, words)
{
	struct packet_owners o = { .end = { owner(1, 1, STATE_NONE, "a\x1b"), { 0 } } };
	struct buf b = { 0 };

	packet_owners_words(&o, false, &b);
	cr_assert_str_eq(b.data, "from a\\x1b");
	buf_clear(&b);
	o.end[1] = owner(2, 1, STATE_NONE, "b");
	packet_owners_words(&o, true, &b);
	cr_assert_str_eq(b.data, "a\\x1b -> b");
	buf_done(&b);
}

/* --- whose socket is it --- */

static struct snapshot *made;

static void add(const char *local, const char *remote, int protocol, uint32_t pid, const char *name)
{
	static uint64_t inode = 100;
	struct sock s = { .type = protocol == IPPROTO_UDP ? SOCK_DGRAM : SOCK_STREAM,
			  .protocol = protocol,
			  .inode = inode++,
			  .known = SOCK_HAS_INODE,
			  .state = remote ? STATE_ESTABLISHED : STATE_LISTEN };
	struct owner o = { .pid = pid, .fd = 3 };
	struct record *r;

	cr_assert_eq(endpoint_parse(local, &s.local, NULL, NULL), ENDPOINT_OK, "%s", local);
	if (remote)
		cr_assert_eq(endpoint_parse(remote, &s.remote, NULL, NULL), ENDPOINT_OK);
	s.family = s.local.family;
	strncpy(o.process, name, sizeof o.process - 1);
	r = snapshot_add(made, &s, 1);
	if (pid)
		snapshot_own(made, r, &o);
}

static uint32_t whose(const struct owner_index *x, enum owner_match match, int protocol, const char *local,
		      const char *remote)
{
	struct endpoint a, b;
	struct end_owner o = { 0 };

	endpoint_parse(local, &a, NULL, NULL);
	endpoint_parse(remote, &b, NULL, NULL);
	return owner_index_find(x, match, (uint8_t)protocol, &a, &b, &o) ? o.pid : UINT32_MAX;
}

Test(owner_index, finds_the_closest)
{
	struct owner_index x = { .ignored = { 77 } };

	made = calloc(1, sizeof *made);
	add("0.0.0.0:80", NULL, IPPROTO_TCP, 1, "master");
	add("10.0.0.1:80", "10.0.0.2:4000", IPPROTO_TCP, 2, "worker");
	add("[::ffff:10.0.0.1]:90", "[::ffff:10.0.0.2]:4000", IPPROTO_TCP, 3, "mapped");
	add("[::]:90", NULL, IPPROTO_TCP, 4, "both");
	add("10.0.0.1:53", NULL, IPPROTO_UDP, 5, "dns");
	add("10.0.0.1:4001", "10.0.0.2:1", IPPROTO_TCP, 0, ""); /* TIME-WAIT */
	add("0.0.0.0:99", NULL, IPPROTO_UDP, 77, "ours");
	snapshot_settle(made);
	owner_index_make(&x, made);
	cr_assert_eq(whose(&x, OWNER_CONNECTION, IPPROTO_TCP, "10.0.0.1:80", "10.0.0.2:4000"), 2);
	cr_assert_eq(whose(&x, OWNER_BOUND, IPPROTO_TCP, "10.0.0.1:80", "10.0.0.2:4000"), 1);
	cr_assert_eq(whose(&x, OWNER_CONNECTION, IPPROTO_TCP, "10.0.0.1:80", "10.0.0.2:4001"), 1);
	cr_assert_eq(whose(&x, OWNER_CONNECTION, IPPROTO_TCP, "10.0.0.1:90", "10.0.0.2:4000"), 3);
	cr_assert_eq(whose(&x, OWNER_CONNECTION, IPPROTO_TCP, "10.0.0.1:90", "10.0.0.3:4000"), 4);
	cr_assert_eq(whose(&x, OWNER_CONNECTION, IPPROTO_UDP, "10.0.0.1:53", "10.0.0.3:4000"), 5);
	cr_assert_eq(whose(&x, OWNER_CONNECTION, IPPROTO_UDP, "10.0.0.4:53", "10.0.0.3:4000"), UINT32_MAX);
	cr_assert_eq(whose(&x, OWNER_CONNECTION, IPPROTO_TCP, "10.0.0.1:4001", "10.0.0.2:1"), 0);
	cr_assert_eq(whose(&x, OWNER_CONNECTION, IPPROTO_UDP, "10.0.0.1:99", "10.0.0.2:1"), UINT32_MAX);
	owner_index_done(&x);
	cr_assert_eq(whose(&x, OWNER_CONNECTION, IPPROTO_TCP, "10.0.0.1:80", "10.0.0.2:4000"), UINT32_MAX);
	snapshot_free(made);
}
