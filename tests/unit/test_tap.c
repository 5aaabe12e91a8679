/* Several taps on the wire at once: what each brings, and that a packet counts once. Without
 * CAP_NET_RAW these are skipped. */
#include "session/session.h"
#include "ui/packet_list.h"

#include "util/buf.h"
#include "util/clock.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

enum { PATIENCE = 10 }; /* seconds */

static void enter(struct session *s, const char *line)
{
	struct err e = { 0 };

	cr_assert_eq(session_enter(s, line, &e, NULL), 0, "%s: %s", line, e.text);
	session_wait(s, NULL, 0, 0);
}

static struct session *fresh(const char *first)
{
	const struct session_config config = { .interactive = true, .device = "lo" };
	struct session *s;
	struct err e = { 0 };

	cr_assert_eq(session_new(&config, &s, &e), 0, "%s", e.text);
	enter(s, first);
	if (s->taps[TAP_LIVE].error.code == EPERM || s->notice.kind == NOTICE_ERROR) {
		session_free(s);
		cr_skip_test("CAP_NET_RAW is missing");
	}
	return s;
}

/* A datagram to itself, and everything read that was seen up to then, by each tap that runs. */
static void say(struct session *s, struct packet_list *shown)
{
	uint64_t end = clock_mono_ns() + PATIENCE * 1000000000ull, now;

	for (int i = 0; i < (shown ? 3 : 1); i++) {
		enter(s, "u.send \"self\" to $u.local");
		enter(s, "u.recv");
	}
	now = clock_real_ns();
	for (unsigned i = 0; i < TAPS; i++)
		while (s->taps[i].capture && capture_read_until(s->taps[i].capture) <= now && clock_mono_ns() < end) {
			session_wait(s, NULL, 0, clock_mono_ns() + 1000000);
			if (shown)
				packet_list_settle(shown, s, s->selected, UINT64_MAX);
		}
	session_wait(s, NULL, 0, 0);
	session_wait(s, NULL, 0, 0);
}

static void talk(struct session *s)
{
	enter(s, "u = socket inet dgram");
	enter(s, "u.bind 127.0.0.1:0");
	say(s, NULL);
}

static size_t counted(const struct session *s)
{
	const struct trail *t = session_trail(s, s->selected);

	return t ? t->count : 0;
}

static size_t beside(const struct session *s)
{
	const struct trail *t = session_trail_beside(s, s->selected);

	return t ? t->count : 0;
}

Test(tap, a_listener_alone_counts)
{
	struct session *s = fresh("raw on udp");

	talk(s);
	cr_expect_eq(counted(s), 1);
	cr_expect_eq(beside(s), 0);
	session_free(s);
}

Test(tap, what_libpcap_has_counts_once)
{
	struct session *s = fresh("capture lo");
	struct capture_stats live, raw, all;
	const struct packet *p;
	struct packet_base base;

	enter(s, "raw on udp all");
	talk(s);
	cr_expect_eq(counted(s), 1);
	cr_expect_eq(beside(s), 2);
	session_tap_stats(s, TAP_LIVE, &live);
	session_tap_stats(s, TAP_RAW + RAW_UDP, &raw);
	session_tap_stats(s, TAP_RAW + RAW_ALL, &all);
	cr_expect_geq(live.received, 1);
	cr_expect_geq(raw.received, 1);
	cr_expect_geq(all.received, 1);
	p = session_packet(s, session_trail_beside(s, s->selected)->numbers[0], NULL);
	cr_expect_eq(p->flow, FLOW_NONE);
	session_base(s, p, &base);
	session_free(s);
}

Test(tap, the_packet_socket_counts_before_an_inet_one)
{
	struct session *s = fresh("raw on udp all");

	talk(s);
	cr_expect_eq(counted(s), 1);
	cr_expect_eq(beside(s), 1);
	session_free(s);
}

Test(tap, off_and_on_again)
{
	struct session *s = fresh("raw on udp");

	cr_expect(session_raw_runs(s));
	enter(s, "raw");
	cr_expect_not(session_raw_runs(s));
	enter(s, "raw");
	cr_expect(s->taps[TAP_RAW + RAW_UDP].capture, "what ran before");
	cr_expect_null(s->taps[TAP_RAW + RAW_TCP].capture);
	enter(s, "raw on");
	cr_expect(s->taps[TAP_RAW + RAW_TCP].capture, "the usual ones");
	cr_expect_null(s->taps[TAP_RAW + RAW_ALL].capture);
	enter(s, "raw off udp tcp");
	cr_expect(session_raw_runs(s));
	enter(s, "raw off");
	cr_expect_not(session_raw_runs(s));
	session_free(s);
}

/* What Traffic shows stays in order of time, however late one tap hands over what it saw. */
Test(tap, shown_in_order_of_time)
{
	struct session *s = fresh("capture lo");
	struct packet_list list = { 0 };

	enter(s, "raw on udp all");
	talk(s);
	for (int round = 0; round < 20; round++) {
		uint64_t last_ns = 0;

		say(s, &list);
		packet_list_settle(&list, s, s->selected, UINT64_MAX);
		cr_assert(list.mixed);
		cr_assert_eq(list.count, counted(s) + beside(s));
		for (size_t i = 0; i < list.count; i++) {
			uint64_t number = packet_list_at(&list, i);
			const struct packet *p = session_packet(s, number, NULL);

			cr_assert_geq(p->at_ns, last_ns);
			last_ns = p->at_ns;
			cr_assert_eq(packet_list_find(&list, number), i);
		}
	}
	cr_expect_eq(counted(s), 61);
	cr_expect_eq(beside(s), 122);
	packet_list_done(&list);
	session_free(s);
}

Test(tap, words)
{
	struct packet p = { .source = TAP_RAW + RAW_TCP };
	struct buf words = { 0 };

	tap_words(&p, &words);
	cr_expect(strstr(words.data, "raw tcp"));
	cr_expect(strstr(words.data, "nothing that goes out"));
	buf_done(&words);
	for (unsigned i = 0; i < TAPS; i++)
		cr_expect_gt(strlen(tap_blind(i)), 40);
}

Test(tap, wrong_lines)
{
	static const char *const lines[] = { "raw maybe", "raw on sctp", "raw tcp" };
	const struct session_config config = { .interactive = true };
	struct session *s;
	struct err e = { 0 };

	cr_assert_eq(session_new(&config, &s, &e), 0, "%s", e.text);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		cr_expect_lt(session_enter(s, lines[i], &e, NULL), 0, "%s", lines[i]);
	session_free(s);
}
