/* net blast ADDRESS SECONDS: UDP datagrams of 18 bytes as fast as one core sends them; prints how
 * many. net bulk SECONDS: a TCP transfer on the loopback in writes of 64 KiB; prints Gbit/s. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 64, SMALL = 18, WRITE = 64 << 10 };

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int fail(const char *what)
{
	perror(what);
	return 1;
}

static int blast(const char *address, double seconds)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	static char data[SMALL];
	struct iovec piece = { data, sizeof data };
	struct mmsghdr batch[BATCH];
	double end = now() + seconds;
	uint64_t sent = 0;
	cpu_set_t one;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof one, &one);
	if (inet_pton(AF_INET, address, &to.sin_addr) != 1 || connect(fd, (struct sockaddr *)&to, sizeof to))
		return fail(address);
	memset(batch, 0, sizeof batch);
	for (unsigned i = 0; i < BATCH; i++) {
		batch[i].msg_hdr.msg_iov = &piece;
		batch[i].msg_hdr.msg_iovlen = 1;
	}
	while (now() < end) {
		int n = sendmmsg(fd, batch, BATCH, 0);

		if (n < 0 && errno != ENOBUFS && errno != ECONNREFUSED)
			return fail("sendmmsg");
		sent += n > 0 ? (uint64_t)n : 0;
	}
	printf("%llu\n", (unsigned long long)sent);
	return 0;
}

static void send_until(int fd, double end)
{
	static char data[WRITE];

	while (now() < end)
		if (write(fd, data, sizeof data) < 0)
			exit(fail("write"));
	exit(0);
}

static int bulk(double seconds)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;
	static char data[4 * WRITE];
	int listener = socket(AF_INET, SOCK_STREAM, 0), from, to = socket(AF_INET, SOCK_STREAM, 0);
	uint64_t bytes = 0;
	double start;
	ssize_t n;

	if (bind(listener, (struct sockaddr *)&at, len) || listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&at, &len) || connect(to, (struct sockaddr *)&at, len))
		return fail("the loopback");
	from = accept(listener, NULL, NULL);
	start = now();
	if (!fork())
		send_until(to, start + seconds);
	close(to);
	while ((n = read(from, data, sizeof data)) > 0)
		bytes += (uint64_t)n;
	printf("%.3f\n", (double)bytes * 8 / (now() - start) / 1e9);
	wait(NULL);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "blast"))
		return blast(argv[2], atof(argv[3]));
	if (argc == 3 && !strcmp(argv[1], "bulk"))
		return bulk(atof(argv[2]));
	fprintf(stderr, "net blast ADDRESS SECONDS | net bulk SECONDS\n");
	return 2;
}
