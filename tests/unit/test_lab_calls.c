/* What can go wrong with a call, what makes it wait, and what is said about it. */
#include "test_lab_help.h"

#include <linux/capability.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

TestSuite(lab_calls, .init = need_loopback, .timeout = 60);

static void expect_line(const struct call *c, const char *wanted_part)
{
	struct buf line = { 0 };

	call_format(c, true, &line);
	cr_expect_not_null(strstr(buf_text(&line), wanted_part), "\"%s\" is not in \"%s\"", wanted_part,
			   buf_text(&line));
	buf_done(&line);
}

/* --- connect --- */

Test(lab_calls, refused)
{
	struct lab *l = fresh(NULL);
	uint32_t listener = make_listener(l, AF_INET, SOCK_STREAM, 1), id = make(l, AF_INET, SOCK_STREAM);
	struct endpoint nobody = local_of(l, listener);
	const struct call *c;

	JUST(l, listener, VERB_CLOSE);
	c = DO(l, id, VERB_CONNECT, .address = nobody);
	cr_expect_eq(c->status, CALL_ERROR);
	cr_expect_eq(c->result, -1);
	cr_expect_eq(c->error, ECONNREFUSED);
	cr_expect_eq(c->after, STATE_CLOSED);
	cr_expect_eq(lab_find(l, id)->last_error, ECONNREFUSED);
	cr_expect_eq(lab_find(l, id)->history.step_count, 3);
	cr_expect_eq(lab_find(l, id)->history.steps[1].state, STATE_SYN_SENT);
	expect_line(c, " = -1 ECONNREFUSED (nobody listens at the address)");
	lab_free(l);
}

Test(lab_calls, connecting_again_after_a_failure)
{
	struct lab *l = fresh(NULL);
	uint32_t listener = make_listener(l, AF_INET, SOCK_STREAM, 1), id = make(l, AF_INET, SOCK_STREAM);
	struct endpoint nobody = local_of(l, listener), peer = echo_at(l, ECHO_TCP);
	const struct call *c;

	JUST(l, listener, VERB_CLOSE);
	DO(l, id, VERB_CONNECT, .address = nobody);
	cr_expect(endpoint_same(&lab_find(l, id)->now.remote, &nobody));
	c = DO(l, id, VERB_CONNECT, .address = peer);
	if (c->error == ECONNABORTED) {
		expect_line(c, "connect once more");
		c = DO(l, id, VERB_CONNECT, .address = peer);
	}
	cr_expect_eq(c->result, 0);
	cr_expect_eq(c->after, STATE_ESTABLISHED);
	cr_expect(endpoint_same(&lab_find(l, id)->now.remote, &peer));
	lab_free(l);
}

/* The second send waits behind the first, which a timer retries: its turn must come when the first gives up. */
Test(lab_calls, a_turn_is_passed_on_when_a_call_times_out)
{
	struct lab *l = fresh(NULL);
	uint32_t a = make(l, AF_UNIX, SOCK_DGRAM), b = make(l, AF_UNIX, SOCK_DGRAM);
	struct endpoint any = at("unix:@"), to;
	struct lab_args x = { .data = "x", .data_len = 1 };
	uint64_t first, second;

	DO(l, b, VERB_BIND, .address = any);
	to = x.address = local_of(l, b);
	do
		first = lab_call(l, lab_find(l, a), VERB_SEND, &x, clock_mono_ns() + 30 * MS);
	while (call_of(l, first)->status != CALL_RUNNING);
	second = START(l, a, VERB_SEND, .data = "y", .data_len = 1, .address = to);
	cr_expect_eq(settle(l, first)->status, CALL_TIMEOUT);
	JUST(l, b, VERB_RECV);
	cr_expect_eq(settle(l, second)->result, 1);
	lab_free(l);
}

Test(lab_calls, nowait)
{
	struct lab *l = fresh(NULL);
	uint32_t id = make(l, AF_INET, SOCK_STREAM);
	struct endpoint peer = echo_at(l, ECHO_TCP);
	uint64_t number = START(l, id, VERB_CONNECT, .address = peer, .nowait = true);
	const struct call *c = call_of(l, number);

	cr_expect_eq(c->status, CALL_OK);
	cr_expect_eq(c->result, 0);
	cr_expect_eq(c->error, EINPROGRESS);
	cr_expect_eq(lab_find(l, id)->last_error, EINPROGRESS);
	UNTIL(l, lab_find(l, id)->now.state == STATE_ESTABLISHED);
	cr_expect_eq(DO(l, id, VERB_SEND, .data = "x", .data_len = 1)->result, 1);
	lab_free(l);
}

/* Fills a backlog of 0 (which holds one) so that the next SYN is not answered. */
static struct endpoint deaf(struct lab *l)
{
	uint32_t listener = make_listener(l, AF_INET, SOCK_STREAM, 0);
	struct endpoint to = local_of(l, listener);

	DO(l, make(l, AF_INET, SOCK_STREAM), VERB_CONNECT, .address = to);
	return to;
}

Test(lab_calls, a_connect_that_nobody_answers_times_out)
{
	struct lab *l = fresh(NULL);
	struct endpoint to = deaf(l);
	uint32_t id = make(l, AF_INET, SOCK_STREAM);
	uint64_t number = lab_call(l, lab_find(l, id), VERB_CONNECT, &(struct lab_args){ .address = to },
				   clock_mono_ns() + 50 * MS);
	const struct call *c = call_of(l, number);

	cr_assert_eq(c->status, CALL_RUNNING);
	cr_expect_eq(c->result, -1);
	cr_expect_eq(c->error, EINPROGRESS);
	cr_expect_eq(c->after, STATE_SYN_SENT);
	cr_expect_eq(c->end_ns, 0);
	cr_expect_eq(lab_find(l, id)->running, 1);
	expect_line(c, "= -1 EINPROGRESS (waiting)  CLOSED -> SYN-SENT");
	cr_expect_leq(lab_deadline(l), clock_mono_ns() + 50 * MS);
	c = settle(l, number);
	cr_expect_eq(c->status, CALL_TIMEOUT);
	cr_expect_eq(c->error, EINPROGRESS);
	cr_expect_eq(c->after, STATE_SYN_SENT);
	cr_expect_geq(c->duration_ns, 49 * MS);
	expect_line(c, "timed out; the kernel keeps trying");
	cr_expect_eq(lab_find(l, id)->running, 0);
	cr_expect_eq(lab_deadline(l), UINT64_MAX);
	lab_free(l);
}

Test(lab_calls, closing_ends_what_waits)
{
	struct lab *l = fresh(NULL);
	struct endpoint to = deaf(l);
	uint32_t id = make(l, AF_INET, SOCK_STREAM);
	uint64_t connecting = START(l, id, VERB_CONNECT, .address = to);
	uint64_t sending = START(l, id, VERB_SEND, .data = "abc", .data_len = 3);

	cr_assert_eq(call_of(l, sending)->status, CALL_RUNNING);
	JUST(l, id, VERB_CLOSE);
	cr_expect_eq(call_of(l, connecting)->error, ECANCELED);
	cr_expect_eq(call_of(l, connecting)->status, CALL_ERROR);
	cr_expect_eq(call_of(l, sending)->error, ECANCELED);
	expect_line(call_of(l, sending), "the socket was closed");
	cr_expect_eq(lab_find(l, id)->running, 0);
	lab_free(l);
}

Test(lab_calls, cancel)
{
	struct lab *l = fresh(NULL);
	uint32_t client, accepted = make_pair(l, AF_INET, SOCK_STREAM, &client);
	uint64_t number = START(l, accepted, VERB_RECV, .how = 0);

	lab_cancel(l, number);
	lab_cancel(l, number);
	lab_cancel(l, 99999);
	cr_expect_eq(call_of(l, number)->error, ECANCELED);
	DO(l, client, VERB_SEND, .data = "abc", .data_len = 3);
	cr_expect_eq(JUST(l, accepted, VERB_RECV)->result, 3);
	lab_free(l);
}

Test(lab_calls, a_full_unix_backlog_is_tried_again)
{
	struct lab *l = fresh(NULL);
	uint32_t listener = make_listener(l, AF_UNIX, SOCK_STREAM, 0), id = 0;
	struct endpoint to = local_of(l, listener);
	uint64_t number = 0;

	for (int i = 0; i < 5 && !(number && call_of(l, number)->status == CALL_RUNNING); i++) {
		id = make(l, AF_UNIX, SOCK_STREAM);
		number = START(l, id, VERB_CONNECT, .address = to);
	}
	cr_assert_eq(call_of(l, number)->error, EAGAIN);
	JUST(l, listener, VERB_ACCEPT);
	cr_expect_eq(settle(l, number)->result, 0);
	cr_expect_eq(state_of(l, id), STATE_CONNECTED);
	lab_free(l);
}

Test(lab_calls, addresses_are_mapped_to_the_family)
{
	struct lab *l = fresh(NULL);
	struct endpoint v4 = echo_at(l, ECHO_TCP), any;
	uint32_t six = make(l, AF_INET6, SOCK_STREAM), four = make(l, AF_INET, SOCK_STREAM);
	struct endpoint path = at("unix:/tmp/there-is-no-such-socket");
	const struct call *c = DO(l, six, VERB_CONNECT, .address = v4);

	cr_expect_eq(c->result, 0, "%d %s", c->error, c->note);
	cr_expect_eq(c->peer.family, AF_INET6);
	any = (struct endpoint){ .family = AF_UNSPEC, .has_port = true, .port = v4.port };
	cr_expect_eq(DO(l, four, VERB_CONNECT, .address = any)->result, 0, "a wildcard is the loopback");
	four = make(l, AF_INET, SOCK_STREAM);
	c = DO(l, four, VERB_CONNECT, .address = path);
	cr_expect_eq(c->error, EAFNOSUPPORT);
	expect_line(c, "the socket is inet, the address unix");
	lab_free(l);
}

Test(lab_calls, udp_connects_again_and_lets_go)
{
	struct lab *l = fresh(NULL);
	uint32_t id = make(l, AF_INET, SOCK_DGRAM);
	struct endpoint one = at("127.0.0.1:1001"), two = at("127.0.0.1:1002");

	DO(l, id, VERB_CONNECT, .address = one);
	cr_expect(endpoint_same(&lab_find(l, id)->now.remote, &one));
	DO(l, id, VERB_CONNECT, .address = two);
	cr_expect(endpoint_same(&lab_find(l, id)->now.remote, &two));
	cr_expect_eq(JUST(l, id, VERB_CONNECT)->after, STATE_UNCONNECTED, "AF_UNSPEC dissolves it");
	cr_expect_eq(lab_find(l, id)->now.remote.family, AF_UNSPEC);
	lab_free(l);
}

/* --- bind --- */

Test(lab_calls, an_address_in_use)
{
	struct lab *l = fresh(NULL);
	uint32_t first = make_listener(l, AF_INET, SOCK_STREAM, 1), second = make(l, AF_INET, SOCK_STREAM);
	struct endpoint taken = local_of(l, first);
	const struct call *c = DO(l, second, VERB_BIND, .address = taken);

	cr_expect_eq(c->error, EADDRINUSE);
	cr_expect_eq(c->before, c->after);
	lab_free(l);
}

static struct endpoint temporary(char *path, size_t size)
{
	struct endpoint e = { .family = AF_UNIX };

	snprintf(path, size, "/tmp/sockeye-test-%d.sock", (int)getpid());
	unlink(path);
	e.path_len = (uint8_t)strlen(path);
	memcpy(e.path, path, e.path_len);
	return e;
}

Test(lab_calls, unix_paths_are_removed)
{
	struct lab *l = fresh(NULL);
	uint32_t id = make(l, AF_UNIX, SOCK_STREAM), other = make(l, AF_UNIX, SOCK_STREAM);
	char path[100];
	struct endpoint e = temporary(path, sizeof path);

	cr_assert_eq(DO(l, id, VERB_BIND, .address = e)->result, 0);
	cr_expect_eq(access(path, F_OK), 0);
	cr_expect_str_eq(lab_find(l, id)->path, path);
	expect_line(DO(l, other, VERB_BIND, .address = e), "the path exists already");
	JUST(l, other, VERB_CLOSE);
	cr_expect_eq(access(path, F_OK), 0, "a bind that failed removes nothing");
	JUST(l, id, VERB_CLOSE);
	cr_expect_neq(access(path, F_OK), 0);

	DO(l, make(l, AF_UNIX, SOCK_DGRAM), VERB_BIND, .address = e);
	cr_expect_eq(access(path, F_OK), 0);
	lab_emergency(l);
	cr_expect_neq(access(path, F_OK), 0);
	lab_free(l);

	l = fresh(NULL);
	DO(l, make(l, AF_UNIX, SOCK_SEQPACKET), VERB_BIND, .address = e);
	lab_free(l);
	cr_expect_neq(access(path, F_OK), 0);
}

Test(lab_calls, a_path_that_somebody_else_made_meanwhile_stays)
{
	struct lab *l = fresh(NULL);
	uint32_t id = make(l, AF_UNIX, SOCK_STREAM);
	char path[100];
	struct endpoint e = temporary(path, sizeof path);
	FILE *other;

	DO(l, id, VERB_BIND, .address = e);
	unlink(path);
	/* The inode must be another: keep a file from taking the one that was freed. */
	other = fopen("/tmp/sockeye-test-spare", "w");
	fclose(other);
	other = fopen(path, "w");
	fclose(other);
	JUST(l, id, VERB_CLOSE);
	cr_expect_eq(access(path, F_OK), 0);
	unlink(path);
	unlink("/tmp/sockeye-test-spare");
	lab_free(l);
}

Test(lab_calls, a_stale_path_is_told)
{
	struct lab *l = fresh(NULL);
	char path[100];
	struct endpoint e = temporary(path, sizeof path);
	FILE *left = fopen(path, "w");
	const struct call *c;

	fclose(left);
	c = DO(l, make(l, AF_UNIX, SOCK_STREAM), VERB_BIND, .address = e);
	cr_expect_eq(c->error, EADDRINUSE);
	expect_line(c, "no socket has it: remove it");
	unlink(path);
	lab_free(l);
}

Test(lab_calls, autobind)
{
	struct lab *l = fresh(NULL);
	uint32_t id = make(l, AF_UNIX, SOCK_DGRAM);
	struct endpoint any = at("unix:@");
	const struct call *c = DO(l, id, VERB_BIND, .address = any);

	cr_expect_eq(c->result, 0);
	cr_expect_str_eq(c->args, "unix:@");
	cr_expect_eq(lab_find(l, id)->now.local.path_len, 6);
	cr_expect_eq(lab_find(l, id)->now.local.path[0], '\0');
	lab_free(l);
}

Test(lab_calls, a_nameless_datagram_socket_gets_a_name_for_the_echo)
{
	struct lab *l = fresh(NULL);
	uint32_t id = make(l, AF_UNIX, SOCK_DGRAM);
	struct endpoint peer = echo_at(l, ECHO_UNIX_DGRAM);
	const struct call *c = DO(l, id, VERB_SEND, .data = "x", .data_len = 1, .address = peer);

	cr_expect_eq(c->result, 1);
	cr_expect_str_eq(c->function, "sendto");
	c = call_of(l, c->number - 1);
	cr_expect_str_eq(c->verb, "bind");
	expect_line(c, "no name that the echo peer could answer to");
	c = JUST(l, id, VERB_RECV);
	cr_expect_eq(c->result, 1);
	cr_expect_str_eq(c->function, "recvfrom");
	cr_expect(endpoint_same(&c->peer, &peer));
	lab_free(l);
}

/* --- ends of connections --- */

Test(lab_calls, broken_pipe)
{
	struct lab *l = fresh(NULL);
	uint32_t client, accepted = make_pair(l, AF_INET, SOCK_STREAM, &client);

	(void)accepted;
	DO(l, client, VERB_SHUTDOWN, .how = SHUT_WR);
	cr_expect_eq(DO(l, client, VERB_SEND, .data = "x", .data_len = 1)->error, EPIPE);
	lab_free(l);
}

Test(lab_calls, abort_resets_the_peer)
{
	struct lab *l = fresh(NULL);
	uint32_t client, accepted = make_pair(l, AF_INET, SOCK_STREAM, &client);
	uint64_t waits = START(l, accepted, VERB_RECV, .how = 0);
	const struct call *c = JUST(l, client, VERB_ABORT);

	cr_expect_eq(c->result, 0);
	cr_expect_eq(c->before, STATE_ESTABLISHED);
	cr_expect_eq(c->after, STATE_CLOSED);
	cr_expect(lab_find(l, client)->reset);
	cr_expect_eq(lab_find(l, client)->closed, true);
	expect_line(c, ", SO_LINGER {1, 0}) = 0");
	cr_expect_eq(settle(l, waits)->error, ECONNRESET);
	cr_expect_eq(state_of(l, accepted), STATE_CLOSED);
	lab_free(l);
}

Test(lab_calls, close_with_unread_bytes_resets)
{
	struct lab *l = fresh(NULL);
	uint32_t client, accepted = make_pair(l, AF_INET, SOCK_STREAM, &client);
	const struct call *c;

	DO(l, accepted, VERB_SEND, .data = "unread", .data_len = 6);
	UNTIL(l, state_of(l, client) && lab_find(l, client)->now.recv_q == 6);
	c = JUST(l, client, VERB_CLOSE);
	expect_line(c, "6 bytes were not read: the kernel resets the connection (RST)");
	cr_expect(lab_find(l, client)->reset);
	cr_expect_eq(c->after, STATE_CLOSED);
	cr_expect_eq(JUST(l, accepted, VERB_RECV)->error, ECONNRESET);
	lab_free(l);
}

Test(lab_calls, a_closed_socket_has_no_calls)
{
	struct lab *l = fresh(NULL);
	uint32_t id = make(l, AF_INET, SOCK_STREAM);

	JUST(l, id, VERB_CLOSE);
	for (int v = VERB_BIND; v < VERB_COUNT; v++) {
		const struct call *c = JUST(l, id, (enum verb)v);

		cr_expect_eq(c->error, EBADF);
		expect_line(c, "the socket was closed before");
	}
	lab_free(l);
}

Test(lab_calls, the_echo_peers_sockets_are_not_ours)
{
	struct lab *l = fresh(NULL);
	uint32_t id;

	echo_at(l, ECHO_TCP);
	id = lab_find_name(l, "echo.tcp")->id;
	cr_expect_eq(JUST(l, id, VERB_CLOSE)->error, EPERM);
	cr_expect_neq(lab_find(l, id)->fd, -1);
	lab_free(l);
}

/* --- options --- */

Test(lab_calls, options)
{
	struct lab *l = fresh(NULL);
	uint32_t id = make(l, AF_INET, SOCK_STREAM);
	const struct option_row *reuse = option_find("SO_REUSEADDR");
	struct option_value one;
	struct err why = { 0 };
	const struct call *c;

	cr_assert_not_null(reuse);
	cr_assert_eq(option_parse(reuse, "1", &one, &why), 0);
	c = DO(l, id, VERB_SETSOCKOPT, .option = reuse, .value = one, .value_text = "1");
	cr_expect_eq(c->result, 0);
	expect_line(c, ", SOL_SOCKET, SO_REUSEADDR, 1) = 0  ");
	c = DO(l, id, VERB_GETSOCKOPT, .option = reuse);
	cr_expect_eq(c->result, 0);
	cr_expect(c->received);
	cr_expect(option_equal(reuse, (const char *)c->data, "1"));
	expect_line(c, ", SOL_SOCKET, SO_REUSEADDR) = 0 [");
	cr_expect_eq(lab_find(l, id)->received, 0, "that was no payload");
	c = DO(l, make(l, AF_UNIX, SOCK_STREAM), VERB_GETSOCKOPT, .option = option_find("TCP_NODELAY"));
	cr_expect_eq(c->error, EOPNOTSUPP);
	lab_free(l);
}

Test(lab_calls, close_does_not_wait_for_linger)
{
	struct lab *l = fresh(NULL);
	uint32_t client, accepted = make_pair(l, AF_INET, SOCK_STREAM, &client);
	struct linger ten = { .l_onoff = 1, .l_linger = 10 }, none = { .l_onoff = 1, .l_linger = 0 };
	const struct call *c;

	START(l, client, VERB_SEND, .data_len = 64 << 20); /* cannot be delivered: nobody reads */
	setsockopt(lab_find(l, client)->fd, SOL_SOCKET, SO_LINGER, &ten, sizeof ten);
	c = JUST(l, client, VERB_CLOSE);
	cr_expect_lt(c->duration_ns, SECOND);
	expect_line(c, "close does not wait for SO_LINGER here");
	JUST(l, accepted, VERB_CLOSE);

	accepted = make_pair(l, AF_INET, SOCK_STREAM, &client);
	setsockopt(lab_find(l, client)->fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
	c = JUST(l, client, VERB_CLOSE);
	expect_line(c, "SO_LINGER with 0 s: the connection is reset (RST)");
	cr_expect_eq(c->after, STATE_CLOSED);
	cr_expect_eq(JUST(l, accepted, VERB_RECV)->error, ECONNRESET);
	lab_free(l);
}

/* --- sockets that the kernel does not give --- */

Test(lab_calls, combinations_that_do_not_exist)
{
	struct lab *l = fresh(NULL);
	const struct call *c = settle(
		l, lab_call(l, NULL, VERB_SOCKET,
			    &(struct lab_args){ .family = AF_INET, .type = SOCK_STREAM, .protocol = IPPROTO_UDP },
			    UINT64_MAX));

	cr_expect_eq(c->error, EPROTONOSUPPORT);
	cr_expect_eq(c->sock, 0);
	cr_expect_eq(c->made, 0);
	expect_line(c, "socket(AF_INET, SOCK_STREAM, IPPROTO_UDP) = -1 EPROTONOSUPPORT");
	lab_free(l);
}

Test(lab_calls, unix_raw_is_a_datagram_socket)
{
	struct lab *l = fresh(NULL);
	uint32_t id = make(l, AF_UNIX, SOCK_RAW);

	cr_expect_eq(lab_find(l, id)->now.type, SOCK_DGRAM);
	cr_expect_str_eq(lab_find(l, id)->name, "unix1");
	expect_line(call_of(l, 1), "Linux makes a datagram socket of it");
	lab_free(l);
}

/* A process without capabilities: the note names what is missing and how to get it. */
Test(lab_calls, raw_without_the_privilege)
{
	int status;
	pid_t child = fork();

	if (!child) {
		struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
		struct __user_cap_data_struct none[2] = { 0 };
		struct lab *l = lab_new(NULL, NULL);
		const struct call *c;
		char path[4096] = "";

		if (syscall(SYS_capset, &header, none))
			_exit(2);
		if (readlink("/proc/self/exe", path, sizeof path - 1) < 0)
			_exit(3);
		c = journal_find(
			lab_journal(l),
			lab_call(l, NULL, VERB_SOCKET,
				 &(struct lab_args){ .family = AF_INET, .type = SOCK_RAW, .protocol = IPPROTO_ICMP },
				 UINT64_MAX));
		_exit(c->error == EPERM &&
				      !strncmp(c->note,
					       "needs CAP_NET_RAW: run as root, or: sudo setcap cap_net_raw+ep /", 64)
			      ? 0
			      : 1);
	}
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_expect_eq(WEXITSTATUS(status), 0);
}

Test(lab_calls, raw_icmp)
{
	struct lab *l = fresh(NULL);
	static const unsigned char ping[8] = { 8, 0, 0xf7, 0xff };
	struct endpoint loopback = at("127.0.0.1");
	const struct call *c = call_of(
		l, lab_call(l, NULL, VERB_SOCKET,
			    &(struct lab_args){ .family = AF_INET, .type = SOCK_RAW, .protocol = IPPROTO_ICMP },
			    UINT64_MAX));
	uint32_t id = c->made;

	if (c->error == EPERM) {
		lab_free(l);
		cr_skip_test("needs CAP_NET_RAW");
	}
	cr_expect_str_eq(lab_find(l, id)->name, "raw1");
	cr_expect_eq(lab_find(l, id)->now.local.has_port, false);
	c = DO(l, id, VERB_CONNECT, .address = loopback);
	cr_expect_eq(c->after, STATE_CONNECTED);
	cr_expect(endpoint_same_address(&lab_find(l, id)->now.remote, &loopback));
	cr_expect_eq(DO(l, id, VERB_SEND, .data = ping, .data_len = sizeof ping)->result, 8);
	c = JUST(l, id, VERB_RECV);
	cr_expect_eq(c->result, 28);
	expect_line(c, "begins with the IP header");
	lab_free(l);
}
