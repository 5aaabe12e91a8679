/* The journal's bounds, and a call as a line. */
#include "lab/journal.h"

#include "util/buf.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

Test(journal, calls_are_numbered_and_bounded)
{
	struct journal j;

	journal_init(&j);
	cr_expect_null(journal_find(&j, 0));
	cr_expect_null(journal_find(&j, 1));
	for (uint64_t i = 1; i <= JOURNAL_CALLS + 100; i++)
		cr_assert_eq(journal_add(&j)->number, i);
	cr_expect_eq(journal_oldest(&j), 101);
	cr_expect_eq(j.dropped, 100);
	cr_expect_null(journal_find(&j, 100));
	cr_expect_eq(journal_find(&j, 101)->number, 101);
	cr_expect_eq(journal_find(&j, JOURNAL_CALLS + 100)->number, JOURNAL_CALLS + 100);
	cr_expect_null(journal_find(&j, JOURNAL_CALLS + 101));
	cr_expect_eq(journal_find(&j, 101)->fd, -1);
	journal_done(&j);
}

Test(journal, payload_is_bounded_and_told)
{
	enum { MIB = 1 << 20 };
	struct journal j;
	char *bytes = calloc(1, 2 * MIB);
	struct call *first, *c = NULL;

	journal_init(&j);
	first = journal_add(&j);
	journal_data(&j, first, bytes, 2 * MIB, true);
	cr_expect_eq(first->data_len, MIB);
	cr_expect(first->received);
	for (int i = 0; i < 40; i++) {
		c = journal_add(&j);
		journal_data(&j, c, bytes, MIB, false);
		cr_assert_leq(j.bytes, JOURNAL_BYTES);
	}
	cr_expect_null(first->data);
	cr_expect(first->let_go);
	cr_expect_not_null(c->data);
	/* One that had waited: it may have its payload all the same, and is not forgotten when room is needed. */
	journal_data(&j, first, bytes, MIB, true);
	cr_expect_not_null(first->data);
	cr_expect_not(first->let_go);
	c = journal_add(&j);
	journal_data(&j, c, bytes, MIB, true);
	cr_expect_null(first->data);
	cr_expect_leq(j.bytes, JOURNAL_BYTES);
	/* Again into the same call replaces. */
	journal_data(&j, c, "abc", 3, true);
	cr_expect_eq(c->data_len, 3);
	free(bytes);
	journal_done(&j);
	cr_expect_eq(j.bytes, 0);
}

Test(journal, dropped_calls_give_their_payload_back)
{
	struct journal j;

	journal_init(&j);
	for (int i = 0; i < 3 * JOURNAL_CALLS; i++)
		journal_data(&j, journal_add(&j), "0123456789", 10, true);
	cr_expect_eq(j.bytes, 10 * JOURNAL_CALLS);
	journal_done(&j);
}

/* --- lines --- */

static struct endpoint v4(uint8_t last, uint16_t port)
{
	return (struct endpoint){ .family = AF_INET, .has_port = true, .port = port, .ip = { 127, 0, 0, last } };
}

enum { DATA = 40 };

static const struct line {
	struct call call;
	const char *data;
	const char *ascii, *utf8;
} lines[] = {
	{ { .verb = "socket",
	    .function = "socket",
	    .fd = -1,
	    .args = "AF_INET, SOCK_STREAM, 0",
	    .status = CALL_OK,
	    .result = 7,
	    .duration_ns = 12000,
	    .after = STATE_CLOSED },
	  NULL,
	  "socket(AF_INET, SOCK_STREAM, 0) = 7  12 us  CLOSED",
	  "socket(AF_INET, SOCK_STREAM, 0) = 7  12 µs  CLOSED" },
	{ { .verb = "connect",
	    .function = "connect",
	    .fd = 7,
	    .args = "127.0.0.1:40001",
	    .status = CALL_OK,
	    .duration_ns = 41200,
	    .before = STATE_CLOSED,
	    .after = STATE_ESTABLISHED },
	  NULL,
	  "connect(7, 127.0.0.1:40001) = 0  41 us  CLOSED -> ESTABLISHED",
	  "connect(7, 127.0.0.1:40001) = 0  41 µs  CLOSED → ESTABLISHED" },
	{ { .verb = "connect",
	    .function = "connect",
	    .fd = 7,
	    .args = "127.0.0.1:1",
	    .status = CALL_ERROR,
	    .result = -1,
	    .error = ECONNREFUSED,
	    .duration_ns = 38000,
	    .before = STATE_CLOSED,
	    .after = STATE_CLOSED },
	  NULL,
	  "connect(7, 127.0.0.1:1) = -1 ECONNREFUSED (nobody listens at the address)  38 us  CLOSED",
	  NULL },
	{ { .verb = "connect",
	    .function = "connect",
	    .fd = 7,
	    .args = "192.0.2.1:80",
	    .status = CALL_RUNNING,
	    .result = -1,
	    .error = EINPROGRESS,
	    .before = STATE_CLOSED,
	    .after = STATE_SYN_SENT },
	  NULL,
	  "connect(7, 192.0.2.1:80) = -1 EINPROGRESS (waiting)  CLOSED -> SYN-SENT",
	  NULL },
	{ { .verb = "connect",
	    .function = "connect",
	    .fd = 7,
	    .args = "192.0.2.1:80",
	    .status = CALL_TIMEOUT,
	    .result = -1,
	    .error = EINPROGRESS,
	    .duration_ns = 5000000000,
	    .before = STATE_CLOSED,
	    .after = STATE_SYN_SENT,
	    .note = "timed out; the kernel keeps trying" },
	  NULL,
	  "connect(7, 192.0.2.1:80) = -1 EINPROGRESS (the connect has begun and goes on by itself)  5.00 s  "
	  "CLOSED -> SYN-SENT  timed out; the kernel keeps trying",
	  NULL },
	{ { .verb = "send",
	    .function = "send",
	    .fd = 7,
	    .args = "\"hello\\n\", 6",
	    .status = CALL_OK,
	    .result = 6,
	    .moved = 6,
	    .duration_ns = 9100,
	    .before = STATE_ESTABLISHED,
	    .after = STATE_ESTABLISHED },
	  "hello\n",
	  "send(7, \"hello\\n\", 6) = 6  9.1 us  ESTABLISHED",
	  NULL },
	{ { .verb = "recv",
	    .function = "recv",
	    .fd = 7,
	    .args = "65536",
	    .status = CALL_OK,
	    .result = 6,
	    .moved = 6,
	    .received = true,
	    .duration_ns = 3200,
	    .before = STATE_ESTABLISHED,
	    .after = STATE_ESTABLISHED },
	  "hello\n",
	  "recv(7, 65536) = 6 \"hello\\n\"  3.2 us  ESTABLISHED",
	  NULL },
	{ { .verb = "recv",
	    .function = "recvfrom",
	    .fd = 8,
	    .args = "65536",
	    .status = CALL_OK,
	    .result = 1,
	    .moved = 1,
	    .received = true,
	    .duration_ns = 4000,
	    .before = STATE_UNCONNECTED,
	    .after = STATE_UNCONNECTED },
	  "x",
	  "recvfrom(8, 65536) = 1 \"x\" from 127.0.0.9:53  4.0 us  UNCONNECTED",
	  NULL },
	{ { .verb = "accept",
	    .function = "accept",
	    .fd = 5,
	    .status = CALL_OK,
	    .result = 8,
	    .duration_ns = 6000,
	    .before = STATE_LISTEN,
	    .after = STATE_LISTEN },
	  NULL,
	  "accept(5) = 8 127.0.0.9:53  6.0 us  LISTEN",
	  NULL },
	{ { .verb = "getsockopt",
	    .function = "getsockopt",
	    .fd = 7,
	    .args = "SOL_SOCKET, SO_RCVBUF",
	    .status = CALL_OK,
	    .received = true,
	    .duration_ns = 999,
	    .before = STATE_CLOSED,
	    .after = STATE_CLOSED },
	  "131072",
	  "getsockopt(7, SOL_SOCKET, SO_RCVBUF) = 0 [131072]  999 ns  CLOSED",
	  NULL },
	{ { .verb = "recv",
	    .function = "recv",
	    .fd = 7,
	    .args = "65536",
	    .status = CALL_OK,
	    .result = 40,
	    .moved = 40,
	    .received = true,
	    .duration_ns = 1000,
	    .before = STATE_ESTABLISHED,
	    .after = STATE_CLOSE_WAIT },
	  "\x1b[2Jaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	  "recv(7, 65536) = 40 \"\\x1b[2Jaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"...  1.0 us  ESTABLISHED -> CLOSE-WAIT",
	  NULL },
};

Test(journal, lines)
{
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct call c = lines[i].call;
		struct buf line = { 0 };

		c.peer = v4(9, 53);
		c.data = (uint8_t *)lines[i].data;
		c.data_len = lines[i].data ? (uint32_t)strlen(lines[i].data) : 0;
		call_format(&c, true, &line);
		cr_expect_str_eq(buf_text(&line), lines[i].ascii);
		buf_clear(&line);
		call_format(&c, false, &line);
		if (lines[i].utf8)
			cr_expect_str_eq(buf_text(&line), lines[i].utf8);
		buf_done(&line);
	}
}

Test(journal, status_names)
{
	cr_expect_str_eq(call_status_name(CALL_OK), "ok");
	cr_expect_str_eq(call_status_name(CALL_ERROR), "error");
	cr_expect_str_eq(call_status_name(CALL_TIMEOUT), "timeout");
	cr_expect_str_eq(call_status_name(CALL_RUNNING), "running");
	cr_expect_str_eq(call_status_name((enum call_status)99), "-");
}
