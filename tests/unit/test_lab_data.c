/* Bytes and datagrams through the lab: partial sends, exact reads, truncation, order. And the echo peers. */
#include "test_lab_help.h"

#include <stdio.h>
#include <sys/resource.h>

TestSuite(lab_data, .init = need_loopback, .timeout = 60);

/* --- streams --- */

Test(lab_data, a_large_send_waits_for_the_reader_and_goes_on)
{
	enum { LEN = 10 << 20 };
	struct lab *l = fresh(NULL);
	uint32_t client, accepted = make_pair(l, AF_INET, SOCK_STREAM, &client);
	unsigned char *bytes = malloc(LEN);
	uint64_t sending, got = 0;
	const struct call *c;

	for (size_t i = 0; i < LEN; i++)
		bytes[i] = (unsigned char)(i * 7 + i / 251);
	sending = START(l, client, VERB_SEND, .data = bytes, .data_len = LEN);
	memset(bytes, 0, 4096);                  /* the data was copied */
	UNTIL(l, lab_deadline(l) == UINT64_MAX); /* stuck: nobody reads */
	c = call_of(l, sending);
	cr_assert_eq(c->status, CALL_RUNNING);
	cr_expect_eq(c->error, EAGAIN);
	cr_expect_gt(c->moved, 0);
	cr_expect_lt(c->moved, LEN);
	while (got < LEN) {
		c = DO(l, accepted, VERB_RECV, .bytes = 1 << 20);
		cr_assert_gt(c->result, 0);
		for (uint32_t i = 0; i < c->data_len; i++)
			if (c->data[i] != (unsigned char)((got + i) * 7 + (got + i) / 251))
				cr_assert_fail("byte %llu differs", (unsigned long long)(got + i));
		got += (uint64_t)c->result;
	}
	c = settle(l, sending);
	cr_expect_eq(c->result, LEN);
	cr_expect_eq(c->data_len, 1 << 20, "the journal keeps 1 MiB");
	cr_expect_eq(lab_find(l, client)->sent, LEN);
	cr_expect_eq(lab_find(l, accepted)->received, LEN);
	free(bytes);
	lab_free(l);
}

Test(lab_data, a_partial_send_that_times_out_says_how_much_went)
{
	enum { LEN = 8 << 20 };
	struct lab *l = fresh(NULL);
	uint32_t client, accepted = make_pair(l, AF_UNIX, SOCK_STREAM, &client);
	uint64_t number = lab_call(l, lab_find(l, client), VERB_SEND, &(struct lab_args){ .data_len = LEN },
				   clock_mono_ns() + 30 * MS);
	const struct call *c = settle(l, number);

	(void)accepted;
	cr_expect_eq(c->status, CALL_TIMEOUT);
	cr_expect_eq(c->result, -1);
	cr_expect_eq(c->error, EAGAIN);
	cr_expect_gt(c->moved, 0);
	cr_expect_lt(c->moved, LEN);
	cr_expect_not_null(strstr(c->note, "bytes had moved"));
	cr_expect_eq(lab_find(l, client)->sent, c->moved);
	lab_free(l);
}

Test(lab_data, sends_and_recvs_keep_their_order)
{
	struct lab *l = fresh(NULL);
	uint32_t client, accepted = make_pair(l, AF_INET, SOCK_STREAM, &client);
	uint64_t first = START(l, accepted, VERB_RECV, .bytes = 3, .exact = true);
	uint64_t second = START(l, accepted, VERB_RECV, .bytes = 3, .exact = true);

	cr_expect_eq(lab_find(l, accepted)->running, 2);
	DO(l, client, VERB_SEND, .data = "ab", .data_len = 2);
	UNTIL(l, call_of(l, first)->moved == 2);
	cr_expect_eq(call_of(l, first)->status, CALL_RUNNING);
	DO(l, client, VERB_SEND, .data = "cdef", .data_len = 4);
	cr_expect_eq(memcmp(settle(l, first)->data, "abc", 3), 0);
	cr_expect_eq(memcmp(settle(l, second)->data, "def", 3), 0);
	lab_free(l);
}

Test(lab_data, exact_ends_with_the_stream_or_the_deadline)
{
	struct lab *l = fresh(NULL);
	uint32_t client, accepted = make_pair(l, AF_INET, SOCK_STREAM, &client);
	const struct call *c;

	DO(l, client, VERB_SEND, .data = "abc", .data_len = 3);
	c = settle(l, lab_call(l, lab_find(l, accepted), VERB_RECV, &(struct lab_args){ .bytes = 5, .exact = true },
			       clock_mono_ns() + 30 * MS));
	cr_expect_eq(c->status, CALL_TIMEOUT);
	cr_expect_eq(c->moved, 3);
	cr_expect_eq(c->data_len, 3);
	cr_expect_str_eq(c->note, "timed out; 3 of 5 bytes had moved");
	DO(l, client, VERB_SEND, .data = "xy", .data_len = 2);
	JUST(l, client, VERB_CLOSE);
	c = DO(l, accepted, VERB_RECV, .bytes = 5, .exact = true);
	cr_expect_eq(c->result, 2);
	cr_expect(lab_find(l, accepted)->eof);
	lab_free(l);
}

Test(lab_data, a_recv_that_times_out_leaves_the_socket_as_it_was)
{
	struct lab *l = fresh(NULL);
	uint32_t client, accepted = make_pair(l, AF_INET, SOCK_STREAM, &client);
	const struct call *c = settle(l,
				      lab_call(l, lab_find(l, accepted), VERB_RECV, NULL, clock_mono_ns() + 20 * MS));

	cr_expect_eq(c->status, CALL_TIMEOUT);
	cr_expect_eq(c->error, EAGAIN);
	cr_expect_eq(c->before, STATE_ESTABLISHED);
	cr_expect_eq(c->after, STATE_ESTABLISHED);
	lab_free(l);
}

/* --- datagrams --- */

Test(lab_data, datagrams_and_their_sender)
{
	struct lab *l = fresh(NULL);
	uint32_t a = make(l, AF_INET, SOCK_DGRAM), b = make(l, AF_INET, SOCK_DGRAM);
	struct endpoint any = at("127.0.0.1:0"), to;
	const struct call *c;

	DO(l, b, VERB_BIND, .address = any);
	to = local_of(l, b);
	c = DO(l, a, VERB_SEND, .data = "hello", .data_len = 5, .address = to);
	cr_expect_str_eq(c->function, "sendto");
	cr_expect_eq(c->result, 5);
	c = DO(l, b, VERB_RECV, .bytes = 2);
	cr_expect_eq(c->result, 2);
	cr_expect_eq(c->data_len, 2);
	cr_expect_str_eq(c->note, "the message had 5 bytes: the rest of it is lost");
	cr_expect_eq(c->peer.port, lab_find(l, a)->now.local.port);

	c = DO(l, a, VERB_SEND, .data = "", .data_len = 0, .address = to);
	cr_expect_eq(c->result, 0);
	cr_expect_eq(c->status, CALL_OK);
	c = JUST(l, b, VERB_RECV);
	cr_expect_eq(c->result, 0);
	cr_expect_eq(c->status, CALL_OK);
	cr_expect_not_null(c->data);
	cr_expect_str_eq(c->note, "an empty datagram");
	cr_expect_not(lab_find(l, b)->eof);
	lab_free(l);
}

Test(lab_data, a_datagram_too_large)
{
	struct lab *l = fresh(NULL);
	uint32_t id = make(l, AF_INET, SOCK_DGRAM);
	struct endpoint to = echo_at(l, ECHO_UDP);

	cr_expect_eq(DO(l, id, VERB_SEND, .data_len = 70000, .address = to)->error, EMSGSIZE);
	lab_free(l);
}

Test(lab_data, a_closed_udp_port_is_told_to_the_recv_that_waits)
{
	struct lab *l = fresh(NULL);
	uint32_t a = make(l, AF_INET, SOCK_DGRAM), b = make(l, AF_INET, SOCK_DGRAM);
	struct endpoint any = at("127.0.0.1:0"), to;
	uint64_t waits;

	DO(l, b, VERB_BIND, .address = any);
	to = local_of(l, b);
	JUST(l, b, VERB_CLOSE);
	DO(l, a, VERB_CONNECT, .address = to);
	waits = START(l, a, VERB_RECV, .how = 0);
	DO(l, a, VERB_SEND, .data = "x", .data_len = 1);
	cr_expect_eq(settle(l, waits)->error, ECONNREFUSED);
	lab_free(l);
}

Test(lab_data, a_full_unix_receiver_is_tried_again)
{
	struct lab *l = fresh(NULL);
	uint32_t a = make(l, AF_UNIX, SOCK_DGRAM), b = make(l, AF_UNIX, SOCK_DGRAM);
	struct endpoint any = at("unix:@"), to;
	uint64_t number = 0;
	unsigned sent = 0;

	DO(l, b, VERB_BIND, .address = any);
	to = local_of(l, b);
	do {
		cr_assert_lt(sent, 5000);
		number = START(l, a, VERB_SEND, .data = "x", .data_len = 1, .address = to);
		sent++;
	} while (call_of(l, number)->status != CALL_RUNNING);
	JUST(l, b, VERB_RECV);
	cr_expect_eq(settle(l, number)->result, 1);
	lab_free(l);
}

Test(lab_data, records_keep_their_boundaries)
{
	struct lab *l = fresh(NULL);
	uint32_t id = make(l, AF_UNIX, SOCK_SEQPACKET);
	struct endpoint to = echo_at(l, ECHO_UNIX_SEQPACKET);

	DO(l, id, VERB_CONNECT, .address = to);
	DO(l, id, VERB_SEND, .data = "one", .data_len = 3);
	DO(l, id, VERB_SEND, .data = "", .data_len = 0);
	DO(l, id, VERB_SEND, .data = "three", .data_len = 5);
	cr_expect_eq(JUST(l, id, VERB_RECV)->result, 3);
	cr_expect_eq(JUST(l, id, VERB_RECV)->result, 0);
	cr_expect_not(lab_find(l, id)->eof);
	cr_expect_eq(JUST(l, id, VERB_RECV)->result, 5);
	DO(l, id, VERB_SHUTDOWN, .how = SHUT_WR);
	cr_expect_eq(JUST(l, id, VERB_RECV)->result, 0);
	cr_expect(lab_find(l, id)->eof);
	lab_free(l);
}

/* --- the echo peers --- */

static size_t listed(struct lab *l)
{
	size_t i = 0, n = 0;

	while (lab_next(l, &i))
		n++;
	return n;
}

Test(lab_data, echo_of_ten_megabytes_is_bounded)
{
	enum { LEN = 10 << 20 };
	struct lab *l = fresh(NULL);
	uint32_t id = make(l, AF_UNIX, SOCK_STREAM); /* the kernel's TCP buffers might hold all of it */
	struct endpoint to = echo_at(l, ECHO_UNIX);
	uint64_t sending, got = 0;

	DO(l, id, VERB_CONNECT, .address = to);
	sending = START(l, id, VERB_SEND, .data_len = LEN);
	UNTIL(l, lab_deadline(l) == UINT64_MAX && poll(&(struct pollfd){ lab_fd(l), POLLIN, 0 }, 1, 5) == 0);
	cr_expect_eq(call_of(l, sending)->status, CALL_RUNNING, "the peer stops reading while we do");
	while (got < LEN)
		got += (uint64_t)DO(l, id, VERB_RECV, .bytes = 1 << 20)->result;
	cr_expect_eq(settle(l, sending)->result, LEN);
	DO(l, id, VERB_SHUTDOWN, .how = SHUT_WR);
	cr_expect_eq(JUST(l, id, VERB_RECV)->result, 0);
	lab_free(l);
}

Test(lab_data, many_lives_leave_nothing)
{
	struct lab *l = fresh(NULL);
	struct endpoint to = echo_at(l, ECHO_TCP);

	for (int i = 0; i < 1000; i++) {
		uint32_t id = make_named(l, "c", AF_INET, SOCK_STREAM, 0);

		cr_assert_eq(DO(l, id, VERB_CONNECT, .address = to)->result, 0);
		cr_assert_eq(DO(l, id, VERB_SEND, .data = "hello\n", .data_len = 6)->result, 6);
		cr_assert_eq(JUST(l, id, VERB_RECV)->result, 6);
		JUST(l, id, VERB_CLOSE);
	}
	UNTIL(l, listed(l) == 1 + LAB_CLOSED); /* the listener, and what is kept of the closed */
	lab_free(l);
}

Test(lab_data, echo_start_and_stop)
{
	struct lab *l = fresh(NULL);
	struct endpoint e, other = at("127.0.0.1:1"), chosen = at("127.0.0.1:0");
	struct err why = { 0 };
	uint32_t id;

	cr_expect_not(lab_echo_running(l));
	cr_expect_not(lab_echo_address(l, ECHO_TCP, &e));
	cr_expect_eq(lab_echo_start_all(l, &why), 0);
	cr_expect(lab_echo_running(l));
	cr_expect_eq(lab_open_count(l), 0);
	for (int k = 0; k < ECHO_COUNT; k++) {
		char name[LAB_NAME];

		cr_expect(lab_echo_address(l, (enum echo_kind)k, &e));
		snprintf(name, sizeof name, "echo.%s", echoes[k].name);
		cr_expect(lab_find_name(l, name)->peer);
		cr_expect_eq((int)lab_echo_for(echoes[k].family, echoes[k].type), k);
	}
	cr_expect_eq(lab_echo_for(AF_INET, SOCK_RAW), ECHO_COUNT);
	cr_expect_eq(lab_echo_start(l, ECHO_TCP, NULL, &why), 0, "it runs: nothing to do");
	cr_expect_eq(lab_echo_start(l, ECHO_TCP, &other, &why), -EBUSY);
	lab_echo_address(l, ECHO_TCP, &e);
	id = make(l, AF_INET, SOCK_STREAM);
	DO(l, id, VERB_CONNECT, .address = e);
	UNTIL(l, lab_find_name(l, "echo.tcp#1"));
	lab_echo_stop(l);
	cr_expect_not(lab_echo_running(l));
	cr_expect_eq(listed(l), 1);
	cr_expect_eq(journal_oldest(lab_journal(l)), 1);
	cr_expect_eq(lab_journal(l)->next, 3, "the peers are not in the journal");
	cr_expect_eq(lab_echo_start(l, ECHO_TCP, &chosen, &why), 0);
	cr_expect_eq(lab_echo_start(l, ECHO_UNIX, &chosen, &why), -EAFNOSUPPORT);
	lab_free(l);
}

Test(lab_data, two_labs_have_their_own_echo_peers)
{
	struct lab *one = fresh(NULL), *two = fresh(NULL);
	struct endpoint a = echo_at(one, ECHO_UNIX), b = echo_at(two, ECHO_UNIX);

	cr_expect_not(endpoint_same(&a, &b));
	lab_free(one);
	lab_free(two);
}

Test(lab_data, an_echo_peers_connection_is_forgotten_when_it_is_reset)
{
	struct lab *l = fresh(NULL);
	struct endpoint to = echo_at(l, ECHO_TCP);
	uint32_t id = make(l, AF_INET, SOCK_STREAM);

	DO(l, id, VERB_CONNECT, .address = to);
	UNTIL(l, lab_find_name(l, "echo.tcp#1"));
	lab_look(l, lab_find_name(l, "echo.tcp#1"), clock_real_ns());
	cr_expect_eq(lab_find_name(l, "echo.tcp#1")->now.state, STATE_ESTABLISHED);
	cr_expect(endpoint_same(&lab_find_name(l, "echo.tcp#1")->now.local, &to));
	JUST(l, id, VERB_ABORT);
	UNTIL(l, !lab_find_name(l, "echo.tcp#1"));
	lab_free(l);
}

Test(lab_data, a_flood_of_datagrams_takes_turns)
{
	struct lab *l = fresh(NULL);
	struct endpoint to = echo_at(l, ECHO_UDP);
	struct sockaddr_storage name;
	socklen_t len = endpoint_to_sockaddr(&to, &name);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	for (int i = 0; i < 150; i++)
		cr_assert_eq(sendto(fd, "x", 1, 0, (struct sockaddr *)&name, len), 1);
	lab_dispatch(l);
	cr_expect_leq(lab_find_name(l, "echo.udp")->received, 64);
	UNTIL(l, lab_find_name(l, "echo.udp")->received == 150);
	close(fd);
	lab_free(l);
}

/* No descriptors left: the peer waits instead of spinning, and serves later. */
Test(lab_data, echo_without_descriptors)
{
	struct lab *l = fresh(NULL);
	struct endpoint to = echo_at(l, ECHO_TCP);
	uint32_t id = make(l, AF_INET, SOCK_STREAM);
	struct rlimit was, none;
	unsigned turns = 0;

	getrlimit(RLIMIT_NOFILE, &was);
	none = was;
	none.rlim_cur = (rlim_t)lab_find(l, id)->fd + 1;
	setrlimit(RLIMIT_NOFILE, &none);
	DO(l, id, VERB_CONNECT, .address = to);
	DO(l, id, VERB_SEND, .data = "x", .data_len = 1);
	for (uint64_t end = clock_mono_ns() + 120 * MS; clock_mono_ns() < end; turns++)
		turn(l, end);
	cr_expect_lt(turns, 40);
	setrlimit(RLIMIT_NOFILE, &was);
	cr_expect_eq(JUST(l, id, VERB_RECV)->result, 1);
	lab_free(l);
}
