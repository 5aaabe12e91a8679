/* The stream of a socket from its calls: turns, gaps, bounds, files. From packets: the frames,
 * tests/tui/ladder.sh and test_analysis_stream.c. */
#include "session/follow.h"

#include "util/mem.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct session *open_session(struct lab_sock **sock)
{
	struct session_config config = { .device = "lo", .interactive = true };
	struct lab_args args = { .family = AF_UNIX, .type = SOCK_STREAM };
	struct session *s;
	struct err e = { 0 };

	cr_assert_eq(session_new(&config, &s, &e), 0, "%s", e.text);
	lab_call(s->lab, NULL, VERB_SOCKET, &args, UINT64_MAX);
	*sock = lab_find(s->lab, 1);
	cr_assert_not_null(*sock);
	return s;
}

static void moved(struct session *s, const struct lab_sock *sock, const void *bytes, size_t len, size_t all,
		  bool received)
{
	struct call *c = journal_add(lab_journal(s->lab));

	c->sock = sock->id;
	c->verb = c->function = received ? "recv" : "send";
	c->status = CALL_OK;
	c->start_ns = 1000 * c->number;
	c->end_ns = c->start_ns + 10;
	journal_data(lab_journal(s->lab), c, bytes, len, received);
	c->result = (int64_t)all;
	c->moved = all;
}

Test(follow, joins_what_one_side_sends_in_turn)
{
	struct lab_sock *sock;
	struct session *s = open_session(&sock);
	struct follow f = { 0 };

	moved(s, sock, "GET ", 4, 4, false);
	moved(s, sock, "/\n", 2, 2, false);
	moved(s, sock, "OK\n", 3, 3, true);
	follow_settle(&f, s, sock->id);
	cr_assert_eq(f.count, 2);
	cr_expect(f.turns[0].out);
	cr_expect_eq(f.turns[0].len, 6);
	cr_expect_arr_eq(f.bytes, "GET /\nOK\n", 9);
	cr_expect_not(f.turns[1].out);
	cr_expect_eq(f.total[1], 6);
	cr_expect_eq(f.total[0], 3);
	moved(s, sock, "more", 4, 4, false); /* the live end */
	follow_settle(&f, s, sock->id);
	cr_assert_eq(f.count, 3);
	cr_expect_eq(f.turns[2].offset, 6);
	follow_done(&f);
	session_free(s);
}

static void expect_message(const struct follow *f, size_t turn, const char *words)
{
	cr_assert_gt(f->count, turn);
	cr_expect_eq(f->turns[turn].kind, FOLLOW_MESSAGE, "turn %zu", turn);
	cr_expect_eq(f->turns[turn].len, strlen(words), "%.*s", (int)f->turns[turn].len,
		     (const char *)f->bytes + f->turns[turn].from);
	cr_expect_eq(memcmp(f->bytes + f->turns[turn].from, words, strlen(words)), 0, "%s", words);
}

Test(follow, messages_of_programs_are_lines_of_their_own)
{
	static const char ask[] = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n",
			  answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n";
	struct lab_sock *sock;
	struct session *s = open_session(&sock);
	struct follow f = { 0 };

	moved(s, sock, ask, sizeof ask - 1, sizeof ask - 1, false);
	moved(s, sock, answer, sizeof answer - 1, sizeof answer - 1, true);
	moved(s, sock, "body", 4, 4, true);
	moved(s, sock, ask, sizeof ask - 1, sizeof ask - 1, false);
	follow_settle(&f, s, sock->id);
	cr_assert_eq(f.count, 6);
	expect_message(&f, 0, "HTTP GET /a HTTP/1.1");
	cr_expect(f.turns[0].out);
	cr_expect_eq(f.turns[1].kind, FOLLOW_DATA);
	expect_message(&f, 2, "HTTP/1.1 200 OK");
	cr_expect_eq(f.turns[3].len, sizeof answer - 1 + 4, "the body goes on");
	expect_message(&f, 4, "HTTP GET /a HTTP/1.1");
	cr_expect_eq(f.total[1], 2 * (sizeof ask - 1), "a message is no data");
	follow_done(&f);
	session_free(s);
}

Test(follow, a_message_is_said_once_in_a_row_and_bounded)
{
	enum { RECORD = 1200, RECORDS = 3000 };
	static uint8_t record[RECORD] = { 23, 3, 3, (RECORD - 5) >> 8, (RECORD - 5) & 0xff };
	struct lab_sock *sock;
	struct session *s = open_session(&sock);
	struct follow f = { 0 };
	size_t said = 0;

	for (size_t i = 0; i < RECORDS; i++) {
		moved(s, sock, record, RECORD, RECORD, true);
		follow_settle(&f, s, sock->id);
	}
	for (size_t i = 0; i < f.count; i++)
		said += f.turns[i].kind == FOLLOW_MESSAGE;
	cr_expect_leq(f.used, FOLLOW_BYTES);
	cr_expect_leq(said, 4, "TLS application data: once, and once more after older turns went");
	follow_done(&f);
	session_free(s);
}

Test(follow, tells_what_was_not_kept)
{
	struct lab_sock *sock;
	struct session *s = open_session(&sock);
	struct follow f = { 0 };

	moved(s, sock, "abc", 3, 1000, true);
	follow_settle(&f, s, sock->id);
	cr_assert_eq(f.count, 2);
	cr_expect_eq(f.turns[1].kind, FOLLOW_GAP);
	cr_expect_eq(f.turns[1].len, 997);
	cr_expect_eq(f.missing, 997);
	follow_done(&f);
	session_free(s);
}

Test(follow, is_bounded)
{
	enum { PIECE = 60000, PIECES = 60 };
	struct lab_sock *sock;
	struct session *s = open_session(&sock);
	struct follow f = { 0 };
	uint8_t *piece = mem_alloc(PIECE);
	uint64_t kept = 0;

	for (size_t i = 0; i < PIECES; i++) {
		memset(piece, 'a' + (int)(i % 26), PIECE);
		moved(s, sock, piece, PIECE, PIECE, i % 2);
	}
	follow_settle(&f, s, sock->id);
	cr_expect_leq(f.used, FOLLOW_BYTES);
	for (size_t i = 0; i < f.count; i++) {
		kept += f.turns[i].len;
		cr_expect_leq(f.turns[i].from + f.turns[i].len, f.used);
	}
	cr_expect_eq(kept, f.used);
	cr_expect_eq(f.let_go + kept, (uint64_t)PIECE * PIECES);
	cr_expect_eq(f.bytes[f.turns[f.count - 1].from], 'a' + (PIECES - 1) % 26);
	free(piece);
	follow_done(&f);
	session_free(s);
}

static size_t size_of(const char *path)
{
	FILE *file = fopen(path, "r");
	size_t n = 0;

	cr_assert_not_null(file, "%s", path);
	while (getc(file) != EOF)
		n++;
	fclose(file);
	return n;
}

Test(follow, saves_both_directions_or_one)
{
	static const struct {
		const char *ending;
		size_t bytes;
	} files[] = { { "bin", 9 }, { "out", 6 }, { "in", 3 } };
	struct lab_sock *sock;
	struct session *s = open_session(&sock);
	struct err e;

	moved(s, sock, "GET /\n", 6, 6, false);
	moved(s, sock, "OK\n", 3, 3, true);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char path[64];
		size_t bytes;

		snprintf(path, sizeof path, "/tmp/follow-%d.%s", (int)getpid(), files[i].ending);
		cr_assert_eq(follow_save(s, sock->id, path, &bytes, &e), 0, "%s", e.text);
		cr_expect_eq(bytes, files[i].bytes);
		cr_expect_eq(size_of(path), files[i].bytes);
		cr_expect_lt(follow_save(s, sock->id, path, &bytes, &e), 0);
		unlink(path);
	}
	session_free(s);
}
