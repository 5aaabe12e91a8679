#include "session/session.h"

#include "session/logbook.h"
#include "session/script.h"
#include "util/buf.h"
#include "util/clock.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATIENCE = 5 }; /* seconds */

static struct session *fresh(void)
{
	const struct session_config config = { .interactive = true };
	struct session *s;
	struct err e = { 0 };

	cr_assert_eq(session_new(&config, &s, &e), 0, "%s", e.text);
	return s;
}

static void enter(struct session *s, const char *line)
{
	struct err e = { 0 };
	unsigned column = 0;

	cr_assert_eq(session_enter(s, line, &e, &column), 0, "%s: %u: %s", line, column, e.text);
}

/* Turn the loop until the current socket has no call that waits. */
static void settle(struct session *s)
{
	uint64_t until = clock_mono_ns() + PATIENCE * 1000000000ull;

	do
		session_wait(s, NULL, 0, clock_mono_ns() + 10000000);
	while (session_current(s) && session_current(s)->running && clock_mono_ns() < until);
}

static void until_state(struct session *s, enum state want)
{
	uint64_t until = clock_mono_ns() + PATIENCE * 1000000000ull;

	while (session_current(s)->now.state != want && clock_mono_ns() < until)
		session_wait(s, NULL, 0, clock_mono_ns() + 10000000);
	cr_expect_eq(session_current(s)->now.state, want, "%s, want %s", state_name(session_current(s)->now.state),
		     state_name(want));
}

/* What Space alone does, from a socket of each kind. */
static const struct {
	const char *make;
	const char *steps;
} guided[] = {
	{ "socket inet stream", "connect $echo.tcp|send \"hello\\n\"|recv|shutdown wr|close" },
	{ "socket inet6 stream", "connect $echo.tcp6|send \"hello\\n\"|recv|shutdown wr|close" },
	{ "socket unix stream", "connect $echo.unix|send \"hello\\n\"|recv|shutdown wr|close" },
	{ "socket unix seqpacket", "connect $echo.unix_seqpacket|send \"hello\\n\"|recv|shutdown wr|close" },
	{ "socket inet dgram", "send \"hello\\n\" to $echo.udp|recv|close" },
	{ "socket inet6 dgram", "send \"hello\\n\" to $echo.udp6|recv|close" },
	{ "socket unix dgram", "send \"hello\\n\" to $echo.unix_dgram|recv|close" },
	{ "socket inet raw icmp", "send hex:0800f7fd00010001 to 127.0.0.1|recv|close" },
};

Test(session, space_walks_a_whole_life)
{
	for (size_t i = 0; i < sizeof guided / sizeof *guided; i++) {
		struct session *s = fresh();
		struct buf walked = { 0 };
		const char *why;
		char line[160];

		enter(s, guided[i].make);
		if (session_current(s) == NULL && strstr(guided[i].make, "raw")) { /* without CAP_NET_RAW */
			session_free(s);
			continue;
		}
		while (session_next_step(s, line, sizeof line, &why) && walked.len < 300) {
			buf_printf(&walked, "%s%s", walked.len ? "|" : "", line);
			enter(s, line);
			settle(s);
			cr_expect_eq(session_current(s)->last_error, 0, "%s: %s", guided[i].make, line);
		}
		cr_expect_str_eq(buf_text(&walked), guided[i].steps, "%s: %s", guided[i].make, walked.data);
		buf_done(&walked);
		session_free(s);
	}
}

Test(session, space_walks_a_server)
{
	struct session *s = fresh();
	const char *why;
	char line[160];
	uint64_t server;

	enter(s, "server = socket inet stream");
	enter(s, "bind 127.0.0.1:0");
	server = s->selected;
	cr_expect(session_next_step(s, line, sizeof line, &why));
	cr_expect_str_eq(line, "listen");
	enter(s, line);
	cr_expect_not(session_next_step(s, line, sizeof line, &why), "nobody waits yet, but: %s", line);
	enter(s, "client = socket inet stream");
	enter(s, "connect $server.local");
	settle(s);
	session_select(s, server);
	settle(s);
	cr_expect(session_next_step(s, line, sizeof line, &why), "%s", why);
	cr_expect_str_eq(line, "accept");
	enter(s, line);
	settle(s);
	cr_expect_str_eq(session_current(s)->name, "server_1");
	cr_expect(session_next_step(s, line, sizeof line, &why));
	cr_expect_str_eq(line, "recv");
	enter(s, "client.send \"hi\"");
	session_select(s, lab_find_name(s->lab, "server_1")->id);
	enter(s, "recv");
	settle(s);
	cr_expect(session_next_step(s, line, sizeof line, &why));
	cr_expect_str_eq(line, "send \"hello\\n\"");
	enter(s, line);
	cr_expect(session_next_step(s, line, sizeof line, &why));
	cr_expect_str_eq(line, "close");
	session_free(s);
}

Test(session, the_side_that_closes_first_ends_in_time_wait)
{
	struct session *s = fresh();

	enter(s, "c = socket inet stream");
	enter(s, "connect $echo.tcp");
	settle(s);
	cr_expect_eq(session_current(s)->now.state, STATE_ESTABLISHED);
	cr_expect(history_was(&session_current(s)->history, STATE_SYN_SENT, 0), "connect proves SYN-SENT");
	enter(s, "close");
	until_state(s, STATE_TIME_WAIT);
	cr_expect(history_was(&session_current(s)->history, STATE_FIN_WAIT_1, 0), "close proves FIN-WAIT-1");
	cr_expect_not_null(session_selected(s), "the row stays");
	session_free(s);
}

Test(session, the_side_that_closes_last_goes_through_close_wait)
{
	struct session *s = fresh();

	enter(s, "server = socket inet stream");
	enter(s, "bind [::]:0"); /* refused: another family; the socket is still usable */
	enter(s, "bind 127.0.0.1:0");
	enter(s, "listen");
	enter(s, "client = socket inet stream");
	enter(s, "connect $server.local");
	settle(s);
	enter(s, "conn = server.accept");
	settle(s);
	enter(s, "conn.close");
	session_select(s, lab_find_name(s->lab, "client")->id);
	until_state(s, STATE_CLOSE_WAIT);
	enter(s, "client.close");
	until_state(s, STATE_CLOSED);
	cr_expect(history_was(&session_current(s)->history, STATE_CLOSE_WAIT, 0));
	cr_expect(history_was(&session_current(s)->history, STATE_LAST_ACK, 0));
	session_free(s);
}

Test(session, an_accept_that_waited_selects_what_it_made)
{
	struct session *s = fresh();

	enter(s, "server = socket inet stream");
	enter(s, "bind 127.0.0.1:0");
	enter(s, "listen");
	enter(s, "accept");
	cr_expect_str_eq(session_current(s)->name, "server");
	enter(s, "client = socket inet stream");
	enter(s, "connect $server.local");
	for (uint64_t until = clock_mono_ns() + PATIENCE * 1000000000ull;
	     strcmp(session_current(s)->name, "server_1") && clock_mono_ns() < until;)
		session_wait(s, NULL, 0, clock_mono_ns() + 10000000);
	cr_expect_str_eq(session_current(s)->name, "server_1");
	session_free(s);
}

Test(session, wrong_lines_change_nothing)
{
	struct session *s = fresh();
	struct err e;
	unsigned column;

	enter(s, "socket inet stream");
	cr_expect_lt(session_enter(s, "connect 127.0.0.1:70000", &e, &column), 0);
	cr_expect_eq(column, 9);
	cr_expect_eq(lab_journal(s->lab)->count, 1, "only the socket call was made");
	cr_expect_lt(session_enter(s, "capture no-such-interface", &e, &column), 0);
	session_free(s);
}

static void run_to_the_end(const char *path)
{
	const struct session_config config = { 0 };
	struct script *script;
	struct session *s;
	struct err e = { 0 };

	cr_assert_eq(script_read(path, &script, &e), 0, "%s", e.text);
	cr_assert_eq(script->error_count, 0, "%s", script->errors[0].why);
	cr_assert_eq(session_new(&config, &s, &e), 0);
	while (script->next < script->count) {
		const struct script_step *step = &script->steps[script->next];
		struct run *done;

		if (script_go(s, script, &done) == RUN_WAIT) {
			session_wait(s, NULL, 0, clock_mono_ns() + 10000000);
			continue;
		}
		cr_expect(script_passed(step, done), "line %u: %s: %s", step->step.line, step->step.text,
			  done->message);
		run_free(done);
	}
	script_free(script);
	session_free(s);
}

Test(session, what_was_done_by_hand_runs_again)
{
	static const char *const lines[] = {
		"socket inet stream",
		"bind 127.0.0.1:0",
		"listen",
		"accept",
		"socket inet stream",
		"connect $tcp1.local",
		"tcp2.send \"ping\"",
		"tcp1_1.recv",
		"tcp2.recv",
		"tcp1_1.send \"pong\"",
		"tcp2.close",
		"u = socket inet dgram",
		"u.send \"x\" to $echo.udp",
		"u.recv",
		"r = socket inet stream",
		"r.connect 127.0.0.1:1",
		"r.close",
	};
	char path[] = "/tmp/sockeye-test-XXXXXX";
	struct session *s = fresh(), *other;
	struct buf address = { 0 };
	char text[ENDPOINT_TEXT];
	size_t count;
	struct err e = { 0 };

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		enter(s, lines[i]);
		settle(s);
	}
	/* An address that was typed as the kernel showed it is written as the socket that has it. */
	enter(s, "late = socket inet stream");
	buf_printf(&address, "late.connect %s",
		   endpoint_format(&lab_find_name(s->lab, "tcp1")->now.local, text, sizeof text));
	enter(s, address.data);
	settle(s);
	buf_done(&address);
	cr_assert(mkdtemp(path));
	snprintf(text, sizeof text, "%s/saved.sock", path);
	cr_assert_eq(logbook_save(s, text, &count, &e), 0, "%s", e.text);
	other = fresh();
	cr_expect_lt(logbook_save(other, text, &count, &e), 0, "another sitting does not overwrite it");
	session_free(other);
	session_free(s);
	run_to_the_end(text);
	unlink(text);
	rmdir(path);
}

/* Rows are copied while they are made: what a row points to in itself moves with it. */
Test(session, a_filter_asks_who_has_our_own_sockets)
{
	struct session *s = fresh();

	enter(s, "socket inet stream");
	enter(s, "filter proc:sockeye");
	cr_expect_eq(s->row_count, 1);
	enter(s, "filter sockeye");
	cr_expect_eq(s->row_count, 1, "any column holds it");
	enter(s, "filter proc:another");
	cr_expect_eq(s->row_count, 0);
	session_free(s);
}

static bool shows_peer(const struct session *s)
{
	bool found = false;

	for (size_t i = 0; i < s->row_count; i++) {
		const struct row *row = session_row_at(s, i);

		if (row->own) /* all of it, as a pane reads it */
			found |= row->own->peer && row->own->listener && row->name[0] && !row->own->gone;
	}
	return found;
}

/* The echo peer forgets a connection at once; the scope host looks at its rows until the kernel is asked again. */
Test(session, a_row_outlives_the_socket_that_an_echo_peer_forgot)
{
	uint64_t until = clock_mono_ns() + PATIENCE * 1000000000ull;
	struct session *s = fresh();

	enter(s, "set refresh 100ms");
	enter(s, "scope host");
	enter(s, "socket inet stream");
	enter(s, "scope host");
	enter(s, "connect $echo.tcp");
	while (!shows_peer(s) && clock_mono_ns() < until)
		session_wait(s, NULL, 0, clock_mono_ns() + 10000000);
	cr_assert(shows_peer(s), "the peer's end is among the host's sockets");
	enter(s, "tcp1.abort");
	while (shows_peer(s) && clock_mono_ns() < until)
		session_wait(s, NULL, 0, clock_mono_ns() + 10000000);
	cr_expect_not(shows_peer(s));
	session_free(s);
}

/* Sockets that nobody has go into a recording, too. */
Test(session, a_recording_takes_sockets_without_an_owner)
{
	char path[] = "/tmp/sockeye-test-XXXXXX", file[64];
	uint64_t until = clock_mono_ns() + PATIENCE * 1000000000ull;
	struct session_config config = { .interactive = true, .record = file };
	struct session *s;
	struct err e = { 0 };
	bool orphan = false;

	cr_assert(mkdtemp(path));
	snprintf(file, sizeof file, "%s/a.pcapng", path);
	cr_assert_eq(session_new(&config, &s, &e), 0, "%s", e.text);
	enter(s, "set refresh 100ms");
	enter(s, "socket inet stream");
	enter(s, "connect $echo.tcp");
	enter(s, "close"); /* TIME-WAIT has no owner */
	enter(s, "scope host");
	while (!orphan && clock_mono_ns() < until) {
		session_wait(s, NULL, 0, clock_mono_ns() + 10000000);
		for (size_t i = 0; i < s->row_count; i++)
			orphan |= !session_row_at(s, i)->view.owner_count;
	}
	cr_expect(orphan);
	cr_expect_eq(session_record_close(s, &e), 0, "%s", e.text);
	session_free(s);
	unlink(file);
	rmdir(path);
}

static bool offers(struct session *s, const char *line, const char *want)
{
	size_t from;
	char **words = session_complete(s, line, strlen(line), &from);
	bool found = false;

	for (char **w = words; *w; w++)
		found |= !strcmp(*w, want);
	session_free_words(words);
	return found;
}

Test(session, completion)
{
	struct session *s = fresh();

	enter(s, "c = socket inet stream");
	cr_expect(offers(s, "con", "connect"));
	cr_expect(offers(s, "", "c."));
	cr_expect(offers(s, "c.con", "c.connect"));
	cr_expect(offers(s, "socket in", "inet6"));
	cr_expect(offers(s, "socket inet ", "dgram"));
	cr_expect(offers(s, "x = socket AF_", "AF_INET"));
	cr_expect(offers(s, "c.connect $e", "$echo.tcp"));
	cr_expect_not(offers(s, "c.connect $e", "$echo.udp"), "another type");
	cr_expect(offers(s, "c.setsockopt TCP_NO", "TCP_NODELAY"));
	cr_expect(offers(s, "c.shutdown ", "rdwr"));
	cr_expect(offers(s, "c.expect st", "state"));
	cr_expect(offers(s, "set sh", "show-peers"));
	cr_expect(offers(s, "source /et", "/etc/"));
	cr_expect_not(offers(s, "c.send \"con", "connect"), "inside a quote there is nothing to offer");
	session_free(s);
}
