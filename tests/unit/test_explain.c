/* Every table explains each of its rows; every trouble is told where it is there, and nowhere
 * else. */
#include "analysis/finding.h"
#include "core/packet.h"
#include "core/sock_column.h"
#include "core/words.h"
#include "lab/lab.h"
#include "lab/option.h"
#include "session/explain.h"
#include "session/trouble.h"
#include "util/buf.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* A sentence stands alone: it begins with a capital or a name, ends with a full stop, and has a
 * source where one is due. */
static void expect_sentence(const struct explanation *e, const char *word, bool sourced)
{
	const char *text = buf_text(&e->text);

	cr_assert_gt(e->count, 0, "%s", word);
	cr_expect_gt(e->parts[0].len, 10, "%s: %s", word, text);
	cr_expect(!(text[0] >= 'a' && text[0] <= 'z' && text[1] >= 'a' && text[1] <= 'z'), "%s: %s", word, text);
	cr_expect(strchr(".)", text[e->parts[0].len - 1]), "%s: %s", word, text);
	cr_expect(!sourced || strstr(text, "RFC ") || strstr(text, "(2)") || strstr(text, "(3)") ||
			  strstr(text, "(7)") || strstr(text, "(5)"),
		  "%s names no RFC and no manual page: %s", word, text);
	cr_expect_null(strstr(text, ".."), "%s: %s", word, text);
}

Test(explain, every_row_of_every_table)
{
	struct explanation e = { 0 };
	size_t rows = 0;

	for (size_t t = 0; explain_table(t); t++) {
		const char *name;

		for (size_t i = 0; (name = explain_entry(t, i)); i++) {
			if (!name[0])
				continue;
			cr_assert(explain_word(name, &e), "%s, %s", name, explain_table(t));
			expect_sentence(&e, name, false);
			rows++;
		}
	}
	cr_expect_gt(rows, 300);
	explain_done(&e);
}

Test(explain, states_errnos_options_and_marks_name_their_source)
{
	struct explanation e = { 0 };

	for (int s = STATE_CLOSED; s < STATE_COUNT; s++) {
		cr_assert(explain_word(states[s].name, &e));
		expect_sentence(&e, states[s].name, true);
	}
	for (const struct word *w = errnos; w->name; w++) {
		cr_assert(explain_word(w->name, &e));
		expect_sentence(&e, w->name, true);
	}
	for (const struct option_row *o = options; o->name; o++) {
		cr_assert(explain_word(o->name, &e));
		expect_sentence(&e, o->name, true);
	}
	for (unsigned i = 0; i < FINDING_COUNT; i++) {
		cr_assert(explain_word(findings[i].name, &e));
		expect_sentence(&e, findings[i].name, true);
	}
	for (const struct tcp_flag_row *r = tcp_flag_rows; r->letter; r++) {
		cr_assert(explain_word(r->name, &e));
		expect_sentence(&e, r->name, true);
	}
	explain_done(&e);
}

/* What the manual pages of our calls list. */
Test(explain, every_errno_that_a_call_can_give)
{
	static const int given[] = {
		EACCES,       EADDRINUSE,   EADDRNOTAVAIL, EAFNOSUPPORT, EAGAIN, EALREADY,     EBADF,
		ECONNABORTED, ECONNREFUSED, ECONNRESET,    EDESTADDRREQ, EFAULT, EHOSTUNREACH, EINPROGRESS,
		EINTR,        EINVAL,       EISCONN,       ELOOP,        EMFILE, EMSGSIZE,     ENAMETOOLONG,
		ENETUNREACH,  ENFILE,       ENOBUFS,       ENOENT,       ENOMEM, ENOPROTOOPT,  ENOTCONN,
		ENOTDIR,      ENOTSOCK,     EOPNOTSUPP,    EPERM,        EPIPE,  EPROTO,       EPROTONOSUPPORT,
		EPROTOTYPE,   EROFS,        ETIMEDOUT,     ENODEV,       ENOSPC, ENETDOWN,     ESOCKTNOSUPPORT,
		EDOM,         ECANCELED,    EEXIST,        EBUSY,
	};

	for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
		const struct word *w = word_by_value(errnos, given[i]);

		cr_assert_not_null(w, "errno %d", given[i]);
		cr_expect(w->help && w->source, "%s", w->name);
	}
}

Test(explain, words_as_people_write_them)
{
	static const struct {
		const char *word, *title;
	} words[] = {
		{ "close_wait", "CLOSE-WAIT, a state" },
		{ "ESTAB", "ESTABLISHED, a state" },
		{ "nodelay", "TCP_NODELAY, a socket option" },
		{ "EWOULDBLOCK", "EAGAIN, an errno" },
		{ "duplicate ACK", "duplicate-ack, a mark of the TCP analysis" },
		{ "Recv-Q", "recv-q, a column" },
		{ "AF_INET", "inet, a family of sockets" },
	};
	struct explanation e = { 0 };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		cr_assert(explain_word(words[i].word, &e), "%s", words[i].word);
		cr_expect_str_eq(buf_text(&e.title), words[i].title);
	}
	cr_expect(!explain_word("", &e));
	cr_expect(!explain_word("nonsense", &e));
	cr_expect_str_eq(buf_text(&e.title), "inet, a family of sockets", "untouched");
	cr_expect(explain_word("listen", &e));
	cr_expect_gt(e.count, 2, "a state and a command");
	explain_done(&e);
}

Test(explain, parts_are_bounded)
{
	struct explanation e = { 0 };

	for (int i = 0; i < 3 * EXPLAIN_PARTS; i++)
		explain_say(&e, EXPLAIN_WHAT, "%d %2000d", i, i);
	cr_expect_eq(e.count, EXPLAIN_PARTS);
	for (size_t i = 0; i < e.count; i++)
		cr_expect_leq(e.parts[i].from + e.parts[i].len, e.text.len);
	explain_done(&e);
}

/* --- troubles --- */

#define TCP .family = AF_INET, .type = SOCK_STREAM, .protocol = IPPROTO_TCP
#define UDP .family = AF_INET, .type = SOCK_DGRAM, .protocol = IPPROTO_UDP

static const struct {
	const char *what;
	struct sock sock;
	struct trouble_facts facts;
	const char *names; /* of the troubles that hold, blank separated */
	const char *says;  /* a part of the text */
} cases[] = {
	{ "a quiet connection",
	  { TCP, .state = STATE_ESTABLISHED, .known = SOCK_HAS_QUEUES },
	  { .owner = "nginx (pid 8)" },
	  "",
	  "" },
	{ "a program that does not close",
	  { TCP, .state = STATE_CLOSE_WAIT },
	  { .owner = "nginx (pid 8)" },
	  "close-wait",
	  "nginx (pid 8) has not called close yet" },
	{ "and has not read either",
	  { TCP, .state = STATE_CLOSE_WAIT, .known = SOCK_HAS_QUEUES, .recv_q = 7 },
	  { .owner = "x" },
	  "close-wait",
	  "7 bytes still wait" },
	{ "a connection that waits for accept",
	  { TCP, .state = STATE_ESTABLISHED, .known = SOCK_HAS_QUEUES, .recv_q = 5 },
	  { .reason = OWNER_ORPHAN },
	  "unaccepted",
	  "waits in the accept queue" },
	{ "and was closed by its client",
	  { TCP, .state = STATE_CLOSE_WAIT },
	  { .reason = OWNER_ORPHAN },
	  "unaccepted",
	  "the client has closed it meanwhile" },
	{ "nobody answers",
	  { TCP, .state = STATE_SYN_SENT, .known = SOCK_HAS_TIMER, .timer = TIMER_RETRANSMIT, .timer_retries = 3,
	    .timer_ms = 2100 },
	  { .own = true, .syns = 4 },
	  "syn-sent",
	  "sent again 3 times" },
	{ "with the next try",
	  { TCP, .state = STATE_SYN_SENT, .known = SOCK_HAS_TIMER, .timer = TIMER_RETRANSMIT, .timer_retries = 1,
	    .timer_ms = 2100 },
	  { 0 },
	  "syn-sent",
	  "next try is in 2.1 s" },
	{ "by its packets alone", { TCP, .state = STATE_SYN_SENT }, { .syns = 3 }, "syn-sent", "sent again 2 times" },
	{ "a full queue on this host",
	  { TCP, .state = STATE_SYN_SENT },
	  { .syns = 3, .queued = 4, .backlog = 3, .listener = "slow (pid 9)" },
	  "syn-sent",
	  "its accept queue is full (4 wait, of 3): slow (pid 9) does not call accept" },
	{ "a listener of this host that has room",
	  { TCP, .state = STATE_SYN_SENT },
	  { .syns = 3, .queued = 1, .backlog = 3 },
	  "syn-sent",
	  "Nobody answers" },
	{ "a SYN of a moment ago", { TCP, .state = STATE_SYN_SENT }, { .syns = 1 }, "syn-sent", "a moment ago" },
	{ "the handshake's end is missing",
	  { TCP, .state = STATE_SYN_RECEIVED },
	  { 0 },
	  "syn-received",
	  "its ACK has not come" },
	{ "time-wait",
	  { TCP, .state = STATE_TIME_WAIT, .known = SOCK_HAS_TIMER, .timer = TIMER_TIME_WAIT, .timer_ms = 41000 },
	  { .reason = OWNER_TIME_WAIT },
	  "time-wait",
	  "ends in 41.0 s" },
	{ "the peer does not close",
	  { TCP, .state = STATE_FIN_WAIT_2 },
	  { .own = true, .closed = true },
	  "fin-wait-2",
	  "60 s" },
	{ "half closed on purpose",
	  { TCP, .state = STATE_FIN_WAIT_2 },
	  { .owner = "curl (pid 9)" },
	  "fin-wait-2",
	  "curl (pid 9) may still receive" },
	{ "a FIN without an answer",
	  { TCP, .state = STATE_LAST_ACK, .known = SOCK_HAS_TIMER, .timer = TIMER_RETRANSMIT, .timer_retries = 5 },
	  { .reason = OWNER_ORPHAN },
	  "closing owner",
	  "sent again 5 times" },
	{ "a full accept queue",
	  { TCP, .state = STATE_LISTEN, .known = SOCK_HAS_QUEUES, .recv_q = 129, .send_q = 128 },
	  { .owner = "app (pid 3)" },
	  "accept-queue",
	  "app (pid 3) does not call accept fast enough" },
	{ "a UNIX listener's",
	  { .family = AF_UNIX,
	    .type = SOCK_STREAM,
	    .state = STATE_LISTEN,
	    .known = SOCK_HAS_QUEUES | SOCK_HAS_BACKLOG,
	    .recv_q = 5,
	    .backlog = 5 },
	  { .owner = "x" },
	  "accept-queue",
	  "EAGAIN" },
	{ "connections that wait",
	  { TCP, .state = STATE_LISTEN, .known = SOCK_HAS_QUEUES, .recv_q = 1, .send_q = 128 },
	  { .owner = "x" },
	  "waiting",
	  "1 connection is made and waits" },
	{ "at a listener of ours",
	  { TCP, .state = STATE_LISTEN, .known = SOCK_HAS_QUEUES | SOCK_HAS_BACKLOG, .backlog = 128 },
	  { .own = true, .owner = "sockeye itself", .waiting = 2 },
	  "waiting",
	  "2 connections are made and wait" },
	{ "an empty accept queue",
	  { TCP, .state = STATE_LISTEN, .known = SOCK_HAS_QUEUES, .send_q = 128 },
	  { .owner = "x" },
	  "",
	  "" },
	{ "a program that does not read",
	  { TCP, .state = STATE_ESTABLISHED, .known = SOCK_HAS_QUEUES | SOCK_HAS_MEMORY, .recv_q = 9000,
	    .rmem_alloc = 126000, .rcvbuf = 131072 },
	  { .owner = "slow (pid 4)" },
	  "not-read",
	  "nearly full" },
	{ "a datagram socket that is full",
	  { UDP, .state = STATE_UNCONNECTED, .known = SOCK_HAS_QUEUES | SOCK_HAS_MEMORY, .recv_q = 9000,
	    .rmem_alloc = 130000, .rcvbuf = 131072, .drops = 12 },
	  { .owner = "x" },
	  "not-read dropped",
	  "12 datagrams found no room" },
	{ "a window of zero",
	  { TCP, .state = STATE_ESTABLISHED, .known = SOCK_HAS_QUEUES | SOCK_HAS_TIMER, .send_q = 500,
	    .timer = TIMER_PERSIST, .timer_ms = 400 },
	  { .owner = "x" },
	  "zero-window",
	  "next in 0.4 s" },
	{ "as the wire tells",
	  { TCP, .state = STATE_ESTABLISHED, .known = SOCK_HAS_QUEUES, .send_q = 500 },
	  { .owner = "x", .window_shut = true },
	  "zero-window",
	  "500 bytes wait" },
	{ "data that nobody acknowledges",
	  { TCP, .state = STATE_ESTABLISHED, .known = SOCK_HAS_QUEUES | SOCK_HAS_TIMER, .send_q = 500,
	    .timer = TIMER_RETRANSMIT, .timer_retries = 4, .timer_ms = 3200 },
	  { .owner = "x" },
	  "not-acknowledged",
	  "after 4 retransmissions" },
	{ "nobody has the port",
	  { UDP, .state = STATE_CONNECTED },
	  { .owner = "x", .icmp = "ICMP port unreachable" },
	  "icmp",
	  "was answered with ICMP port unreachable: the host is there, and nobody has a socket at that port" },
	{ "nobody knows the way",
	  { TCP, .state = STATE_SYN_SENT },
	  { .owner = "x", .syns = 3, .icmp = "ICMP host unreachable from 10.0.0.9" },
	  "icmp syn-sent",
	  "from 10.0.0.9: the packet did not reach its end" },
	{ "some loss",
	  { TCP, .state = STATE_ESTABLISHED, .known = SOCK_HAS_TCP, .tcp = { .total_retrans = 3, .segs_out = 900 } },
	  { .owner = "x", .again_out = 2, .again_in = 1 },
	  "sent-again",
	  "3 of 900 segments were sent again. Of the packets seen "
	  "here, this side sent 2 again, its peer 1" },
	{ "refused",
	  { TCP, .state = STATE_CLOSED },
	  { .own = true, .error = ECONNREFUSED, .call = "connect", .reset = RESET_PEER, .reset_answers_syn = true },
	  "call reset",
	  "nobody listens there" },
	{ "an address in use",
	  { TCP, .state = STATE_CLOSED },
	  { .own = true, .error = EADDRINUSE, .call = "bind" },
	  "call",
	  "The last call, bind, failed with EADDRINUSE" },
	{ "waiting is no failure",
	  { TCP, .state = STATE_ESTABLISHED },
	  { .own = true, .error = EAGAIN, .call = "recv" },
	  "",
	  "" },
	{ "reset by the peer, in answer to data",
	  { TCP, .state = STATE_CLOSED },
	  { .own = true, .reset = RESET_PEER, .reset_answers_data = true, .reset_after_fin = false },
	  "reset",
	  "The peer's side ended the connection with a reset (RST), in answer to data" },
	{ "reset by us with abort",
	  { TCP, .state = STATE_CLOSED },
	  { .own = true, .closed = true, .aborted = true, .reset = RESET_OURS },
	  "reset",
	  "command abort" },
	{ "reset by us for unread bytes",
	  { TCP, .state = STATE_CLOSED },
	  { .own = true, .closed = true, .unread = true, .reset = RESET_OURS, .reset_after_fin = true },
	  "reset",
	  "after the other had closed" },
	{ "nobody has it",
	  { TCP, .state = STATE_ESTABLISHED },
	  { .reason = OWNER_NO_PERMISSION },
	  "owner",
	  "run as root" },
	{ "a UNIX socket that was shut down",
	  { .family = AF_UNIX,
	    .type = SOCK_STREAM,
	    .state = STATE_CONNECTED,
	    .known = SOCK_HAS_SHUTDOWN,
	    .shutdown = 2 },
	  { .owner = "x" },
	  "shut-down",
	  "EPIPE" },
};

Test(trouble, is_told_where_it_is)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct trouble_facts f = cases[i].facts;
		struct explanation e = { 0 };
		struct buf names = { 0 };
		unsigned count;

		f.sock = &cases[i].sock;
		for (const struct trouble *t = troubles; t->name; t++)
			if (t->holds(&f))
				buf_printf(&names, "%s%s", names.len ? " " : "", t->name);
		cr_expect_str_eq(buf_text(&names), cases[i].names, "%s: %s", cases[i].what, buf_text(&names));
		count = trouble_explain(&f, &e);
		cr_expect_eq(count, e.count);
		cr_expect(strstr(buf_text(&e.text), cases[i].says), "%s: %s", cases[i].what, buf_text(&e.text));
		cr_expect_null(strstr(buf_text(&e.text), "  "), "%s: %s", cases[i].what, buf_text(&e.text));
		explain_done(&e);
		buf_done(&names);
	}
}

/* Each of them is met by a case above. */
Test(trouble, each_has_a_case)
{
	for (const struct trouble *t = troubles; t->name; t++) {
		bool met = false;

		for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
			struct trouble_facts f = cases[i].facts;

			f.sock = &cases[i].sock;
			met |= t->holds(&f);
		}
		cr_expect(met, "%s", t->name);
	}
}
