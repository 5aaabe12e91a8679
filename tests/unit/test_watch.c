/* Samples of sockets as the session takes them: our own, and the selected one of the host. */
#include "session/watch.h"

#include "session/session.h"
#include "util/clock.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define SECOND UINT64_C(1000000000)

static struct session *open_session(void)
{
	struct session_config config = { .device = "lo", .interactive = true };
	struct session *s;
	struct err e = { 0 };

	cr_assert_eq(session_new(&config, &s, &e), 0, "%s", e.text);
	s->settings.refresh_ns = SECOND / 20;
	return s;
}

/* Until `key` has so many samples, or ten seconds are over. */
static const struct samples *wait_for(struct session *s, uint64_t key, size_t count)
{
	uint64_t end = clock_mono_ns() + 10 * SECOND;
	const struct samples *samples;

	do {
		cr_assert_eq(session_wait(s, NULL, 0, clock_mono_ns() + SECOND / 20), 0);
		samples = session_samples(s, key);
	} while (clock_mono_ns() < end && (!samples || samples->count < count));
	return samples;
}

Test(watch, own_sockets_are_sampled_without_being_selected, .timeout = 60)
{
	struct session *s = open_session();
	struct lab_args args = { .family = AF_INET, .type = SOCK_DGRAM };
	const struct samples *samples;

	lab_call(s->lab, NULL, VERB_SOCKET, &args, UINT64_MAX);
	lab_call(s->lab, NULL, VERB_SOCKET, &args, UINT64_MAX);
	session_select(s, 1);
	samples = wait_for(s, 2, 3);
	cr_assert_not_null(samples);
	cr_assert_geq(samples->count, 3);
	cr_expect(samples_last(samples)->known & 1u << FIGURE_RECV_Q);
	cr_expect_null(session_samples(s, 77), "there is no such socket");
	session_free(s);
}

/* A snapshot goes when the next one comes, and the rows with it: this is also a test of that. */
Test(watch, the_selected_socket_of_the_host, .timeout = 60)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;
	int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
	struct session *s = open_session();
	const struct samples *samples;
	char filter[32];
	uint64_t key, at_ns = 0, end = clock_mono_ns() + 10 * SECOND;
	const struct sock *last;

	cr_assert_eq(bind(listener, (struct sockaddr *)&at, len), 0);
	cr_assert_eq(listen(listener, 1), 0);
	cr_assert_eq(getsockname(listener, (struct sockaddr *)&at, &len), 0);
	cr_assert_eq(connect(client, (struct sockaddr *)&at, len), 0);
	cr_assert_eq(write(client, "hello", 5), 5);
	snprintf(filter, sizeof filter, "dport:%d", ntohs(at.sin_port));
	session_set_scope(s, SCOPE_HOST);
	session_set_filter(s, filter, NULL, NULL);
	while (!s->row_count && clock_mono_ns() < end)
		session_wait(s, NULL, 0, clock_mono_ns() + SECOND / 20);
	cr_assert_eq(s->row_count, 1);
	key = session_row_at(s, 0)->key;
	session_select(s, key);
	samples = wait_for(s, key, 4);
	cr_assert_not_null(samples);
	cr_assert_geq(samples->count, 4);
	cr_expect_eq(samples_last(samples)->value[FIGURE_OUT], 5);
	cr_expect(samples_last(samples)->known & 1u << FIGURE_RTT);
	last = session_sampled(s, key, &at_ns);
	cr_assert_not_null(last);
	cr_expect_eq(last->tcp.bytes_sent, 5);
	cr_expect_leq(clock_real_ns() - at_ns, 5 * SECOND);
	session_free(s);
	close(listener);
	close(client);
}
