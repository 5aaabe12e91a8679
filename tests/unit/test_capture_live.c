/* Live capture on the loopback interface: every packet once, in order, and what `read until`
 * promises. Without CAP_NET_RAW these tests are skipped. They share their network with other tests:
 * each one uses ports of its own and a filter for them. */
#include "test_capture_help.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const devices[] = { "any", "lo" };

static struct sockaddr_in loopback(uint16_t port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons(port),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static int bound(int type, uint16_t *port)
{
	struct sockaddr_in a = loopback(0);
	socklen_t len = sizeof a;
	int fd = socket(AF_INET, type, 0);

	cr_assert_geq(fd, 0);
	cr_assert_eq(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
	cr_assert_eq(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	*port = ntohs(a.sin_port);
	return fd;
}

/* A UDP socket that is connected to itself: what it sends is seen once going out and once coming
 * in. */
static int talker(uint16_t *port)
{
	int fd = bound(SOCK_DGRAM, port);
	struct sockaddr_in a = loopback(*port);

	cr_assert_eq(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	return fd;
}

static void say(int fd, uint32_t word)
{
	cr_assert_eq(send(fd, &word, sizeof word, 0), sizeof word);
}

static uint32_t word_of(const struct got *g)
{
	uint32_t word;

	memcpy(&word, g->tail + GOT_BYTES - 4, 4);
	return word;
}

static void need_capture(void)
{
	const struct capture_config config = { .device = "lo", .buffer_bytes = 1 << 20 };
	struct capture *c;
	struct err e;

	if (capture_open(&config, &c, &e) == -EPERM)
		cr_skip_test("CAP_NET_RAW is missing");
	capture_close(c);
	capture_reap(c, true);
}

/* A running capture of what the ports have to do with. */
static void live_begin(struct harvest *h, const char *device, const char *format, unsigned port)
{
	struct capture_config config = { .device = device, .buffer_bytes = 4 << 20 };
	char filter[128];

	snprintf(filter, sizeof filter, format, port);
	config.filter = filter;
	need_capture();
	harvest_begin(h, &config, 64 << 20);
	memset(filter, 'x', sizeof filter); /* the capture has its own */
	harvest_start(h);
}

ParameterizedTestParameters(capture_live, each_packet_once_in_order)
{
	static int rows[] = { 0, 1 };

	return cr_make_param_array(int, rows, 2);
}

ParameterizedTest(int *row, capture_live, each_packet_once_in_order)
{
	enum { PACKETS = 3000 };
	uint64_t before_ns = clock_real_ns(), last_ns = before_ns;
	struct capture_stats stats;
	struct harvest h;
	uint16_t port;
	int fd = talker(&port);

	live_begin(&h, devices[*row], "udp port %u", port);
	cr_assert_str_eq(capture_device(h.capture), devices[*row]);
	for (uint32_t i = 0; i < PACKETS; i++)
		say(fd, i);
	harvest_until(&h, clock_real_ns());
	cr_assert_eq(h.count, PACKETS);
	for (uint32_t i = 0; i < PACKETS; i++) {
		const struct packet *p = &h.got[i].packet;

		cr_assert_eq(word_of(&h.got[i]), i);
		cr_assert_geq(p->at_ns, last_ns);
		last_ns = p->at_ns;
		cr_assert_eq(p->len, p->cap);
		cr_assert_eq(p->ifindex, if_nametoindex("lo"));
		cr_assert_eq(p->linktype, *row ? 1 : 276);
		cr_assert_eq(p->direction, DIRECTION_IN);
	}
	cr_assert_leq(last_ns, clock_real_ns());
	capture_stats(h.capture, &stats);
	cr_assert_eq(stats.received, PACKETS);
	cr_assert_eq(stats.dropped_kernel + stats.dropped_here, 0);
	harvest_done(&h);
	close(fd);
}

/* The summary needs the decoder; ports and flags tell the two directions. */
Test(capture_live, both_directions_of_a_connection)
{
	unsigned from_client = 0, from_server = 0, syns = 0, fins = 0;
	struct sockaddr_in a;
	struct harvest h;
	uint16_t port;
	int listener = bound(SOCK_STREAM, &port), client, server;
	char byte;

	live_begin(&h, "any", "tcp port %u", port);
	listen(listener, 1);
	a = loopback(port);
	client = socket(AF_INET, SOCK_STREAM, 0);
	cr_assert_eq(connect(client, (struct sockaddr *)&a, sizeof a), 0);
	server = accept(listener, NULL, NULL);
	cr_assert_eq(write(client, "x", 1), 1);
	cr_assert_eq(read(server, &byte, 1), 1);
	cr_assert_eq(write(server, "y", 1), 1);
	cr_assert_eq(read(client, &byte, 1), 1);
	close(client);
	cr_assert_eq(read(server, &byte, 1), 0);
	close(server);
	harvest_until(&h, clock_real_ns() + 50000000); /* the last ACK is the kernel's */
	for (unsigned i = 0; i < h.count; i++) {
		const struct packet *p = &h.got[i].packet;

		cr_assert(p->has_ports && (p->dport == port) != (p->sport == port));
		*(p->dport == port ? &from_client : &from_server) += 1;
		syns += !!(p->tcp_flags & TCP_FLAG_SYN);
		fins += !!(p->tcp_flags & TCP_FLAG_FIN);
	}
	cr_assert_eq(syns, 2);
	cr_assert_eq(fins, 2);
	cr_assert_geq(from_client, 4);
	cr_assert_geq(from_server, 4);
	cr_assert_leq(h.count, 12);
	harvest_done(&h);
	close(listener);
}

/* Bursts and pauses; whenever `read until` has passed the end of a send, its packet has been handed
 * over. */
Test(capture_live, read_until_keeps_its_promise)
{
	enum { ROUNDS = 120, BURST = 20 };
	static uint64_t sent_ns[ROUNDS * BURST];
	unsigned sent = 0, proved = 0;
	struct harvest h;
	uint16_t port;
	int fd = talker(&port);

	live_begin(&h, "any", "udp port %u", port);
	for (unsigned round = 0; round < ROUNDS; round++) {
		uint64_t until;

		for (unsigned i = 0; i < 1 + round % BURST; i++, sent++) {
			say(fd, sent);
			sent_ns[sent] = clock_real_ns();
		}
		harvest_wait(&h, round % 13);
		until = capture_read_until(h.capture);
		harvest_take(&h);
		for (; proved < sent && sent_ns[proved] < until; proved++)
			cr_assert_lt(proved, h.count, "packet %u was sent before %llu", proved,
				     (unsigned long long)until);
	}
	harvest_until(&h, sent_ns[sent - 1]);
	cr_assert_eq(h.count, sent);
	cr_assert_gt(proved, sent / 4, "it moves on meanwhile");
	harvest_done(&h);
	close(fd);
}

/* On a silent wire it follows the clock, at a distance of some milliseconds. */
Test(capture_live, read_until_moves_on_while_idle)
{
	struct harvest h;

	live_begin(&h, "any", "udp port %u and udp port 1", 1);
	for (unsigned i = 0; i < 20; i++)
		harvest_until(&h, clock_real_ns());
	cr_assert_eq(h.count, 0);
	harvest_done(&h);
}

Test(capture_live, filter_change)
{
	uint16_t one, two;
	int a = talker(&one), b = talker(&two);
	char text[64];
	struct harvest h;
	struct err e;

	live_begin(&h, "any", "udp port %u", one);
	say(a, 1);
	say(b, 2);
	snprintf(text, sizeof text, "udp port %u", two);
	cr_assert_eq(capture_filter(h.capture, text, &e), 0);
	say(a, 3);
	say(b, 4);
	cr_assert_eq(capture_filter(h.capture, "udp prt 7", &e), -EINVAL, "the old filter stays");
	cr_assert(strstr(e.text, "syntax error"), "%s", e.text);
	say(a, 5);
	say(b, 6);
	harvest_until(&h, clock_real_ns());
	cr_assert_eq(h.count, 3);
	cr_assert_eq(word_of(&h.got[0]), 1, "judged by the filter of its time");
	cr_assert_eq(word_of(&h.got[1]), 4);
	cr_assert_eq(word_of(&h.got[2]), 6);
	harvest_done(&h);
	close(a);
	close(b);
}

/* What is not for the kernel: a field of the link header that is libpcap's own. */
Test(capture_live, filter_that_we_run_ourselves)
{
	struct harvest h;
	char text[64];
	struct err e;
	uint16_t port;
	int fd = talker(&port);

	live_begin(&h, "any", "udp port %u", port);
	snprintf(text, sizeof text, "udp port %u and link[8:2] = 772", port); /* ARPHRD_LOOPBACK */
	cr_assert_eq(capture_filter(h.capture, text, &e), 0, "%s", e.text);
	say(fd, 1);
	snprintf(text, sizeof text, "udp port %u and link[8:2] = 1", port);
	cr_assert_eq(capture_filter(h.capture, text, &e), 0, "%s", e.text);
	say(fd, 2);
	snprintf(text, sizeof text, "udp port %u and inbound", port);
	cr_assert_eq(capture_filter(h.capture, text, &e), 0, "%s", e.text);
	say(fd, 3);
	harvest_until(&h, clock_real_ns());
	cr_assert_geq(h.count, 1);
	cr_assert_eq(word_of(&h.got[h.count - 1]), 3);
	cr_assert_leq(h.count, 2, "2 was no packet of an Ethernet device");
	harvest_done(&h);
	close(fd);
}

/* The kernel refuses it; nothing may be printed (libpcap would). */
Test(capture_live, filter_that_is_too_long)
{
	struct harvest h;
	size_t len = 0, size = 200000;
	char *text = malloc(size), printed[256];
	struct err e = { 0 };
	int pipe_fds[2], saved = dup(2);

	live_begin(&h, "any", "udp port %u", 1);
	for (unsigned i = 0; i < 1500; i++)
		len += (size_t)snprintf(text + len, size - len, "%sether[%u] = %u", i ? " or " : "", 30 + i, i & 255);
	cr_assert_eq(pipe(pipe_fds), 0);
	fcntl(pipe_fds[0], F_SETFL, O_NONBLOCK);
	dup2(pipe_fds[1], 2);
	cr_expect_eq(capture_filter(h.capture, text, &e), -E2BIG, "%s", e.text);
	dup2(saved, 2);
	cr_assert_lt(read(pipe_fds[0], printed, sizeof printed), 0, "something was printed");
	cr_assert(strstr(e.text, "too long for the kernel"), "%s", e.text);
	harvest_done(&h);
	free(text);
}

/* The snapshot length holds without any filter, too: the kernel keeps no more than that. */
Test(capture_live, snapshot_length_without_a_filter)
{
	struct capture_config config = { .device = "lo", .snaplen = 64, .buffer_bytes = 1 << 20 };
	static char large[9000];
	struct capture_stats stats;
	struct harvest h;
	uint16_t port;
	int fd = talker(&port);

	need_capture();
	harvest_begin(&h, &config, 64 << 20);
	for (unsigned i = 0; i < 300; i++) /* 2.7 MB on the wire, not read meanwhile */
		cr_assert_eq(send(fd, large, sizeof large, MSG_DONTWAIT), sizeof large);
	harvest_start(&h);
	harvest_until(&h, clock_real_ns());
	cr_assert_geq(h.count, 300);
	for (unsigned i = 0; i < h.count; i++)
		cr_assert_leq(h.got[i].packet.cap, 64);
	capture_stats(h.capture, &stats);
	cr_assert_eq(stats.dropped_kernel, 0);
	harvest_done(&h);
	close(fd);
}

/* What the kernel had no room for is counted. */
Test(capture_live, dropped_by_the_kernel)
{
	struct capture_config config = { .device = "lo", .buffer_bytes = 1 << 20 };
	static char large[9000];
	struct capture_stats stats;
	struct harvest h;
	uint16_t port;
	int fd = talker(&port);
	char filter[64];

	need_capture();
	snprintf(filter, sizeof filter, "udp port %u", port);
	config.filter = filter;
	harvest_begin(&h, &config, 64 << 20);
	for (unsigned i = 0; i < 2000; i++)
		cr_assert_eq(send(fd, large, sizeof large, MSG_DONTWAIT), sizeof large);
	harvest_start(&h);
	harvest_until(&h, clock_real_ns());
	capture_stats(h.capture, &stats);
	cr_assert_gt(stats.dropped_kernel, 0);
	cr_assert_eq(h.count + stats.dropped_kernel, 2000);
	harvest_done(&h);
	close(fd);
}

Test(capture_live, closing_while_idle_and_while_busy)
{
	uint16_t port;
	int fd = talker(&port);
	struct harvest h;

	for (unsigned i = 0; i < 4; i++) {
		uint64_t t0;

		live_begin(&h, "any", "udp port %u", port);
		for (unsigned k = 0; k < (i & 1 ? 2000 : 0); k++)
			say(fd, k);
		t0 = clock_mono_ns();
		capture_close(h.capture);
		cr_expect_lt(clock_mono_ns() - t0, 5000000, "closing waits for nothing");
		harvest_done(&h);
	}
	close(fd);
}

Test(capture_live, devices)
{
	struct capture_device *list = NULL;
	unsigned count = 0;
	bool any = false, lo = false;
	struct err e;

	cr_assert_eq(capture_devices(&list, &count, &e), 0, "%s", e.text);
	for (unsigned i = 0; i < count; i++) {
		any |= !strcmp(list[i].name, "any");
		lo |= !strcmp(list[i].name, "lo") && list[i].loopback && list[i].up;
		cr_assert(!strstr(list[i].name, "nflog"), "no interface");
	}
	cr_assert(any && lo);
	free(list);
}

Test(capture_live, no_such_device)
{
	const struct capture_config config = { .device = "nosuch0" };
	struct capture *c = NULL;
	struct err e;

	need_capture();
	cr_assert_eq(capture_open(&config, &c, &e), -ENODEV);
	cr_assert_str_eq(e.text, "there is no device nosuch0");
	cr_assert_null(c);
}

static int without_privileges(void)
{
	const struct capture_config config = { .device = "lo" };
	struct capture *c;
	struct err e = { 0 };
	char path[256] = "";

	if (readlink("/proc/self/exe", path, sizeof path - 1) < 0)
		return 2;
	if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
		return 77;
	if (capture_open(&config, &c, &e) != -EPERM || e.code != EPERM)
		return 3;
	if (strncmp(e.text, "capturing needs CAP_NET_RAW: run as root, or: sudo setcap cap_net_raw+ep ", 72))
		return 4;
	return strstr(e.text, "setcap cap_net_raw+ep /") ? 0 : 5;
}

static int status_of(int (*run)(void))
{
	int status;
	pid_t child = fork();

	if (!child)
		_exit(run());
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

Test(capture_live, missing_privilege_is_explained)
{
	int status = status_of(without_privileges);

	if (status == 77)
		cr_skip_test("no other user here");
	cr_assert_eq(status, 0, "%d", status);
}

/* Everything after opening works without privileges. */
static int after_dropping(void)
{
	struct harvest h;
	struct err e;
	uint16_t port;
	int fd = talker(&port);
	const struct capture_config config = { .device = "any", .buffer_bytes = 1 << 20, .filter = "udp port 1" };
	char text[64];

	harvest_begin(&h, &config, 1 << 20);
	if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
		return 77;
	harvest_start(&h);
	snprintf(text, sizeof text, "udp port %u", port);
	if (capture_filter(h.capture, text, &e))
		return 3;
	say(fd, 1);
	harvest_until(&h, clock_real_ns());
	if (h.count != 1)
		return 4;
	harvest_done(&h);
	return 0;
}

Test(capture_live, works_after_dropping_privileges)
{
	int status;

	need_capture();
	status = status_of(after_dropping);
	if (status == 77)
		cr_skip_test("no other user here");
	cr_assert_eq(status, 0, "%d", status);
}
