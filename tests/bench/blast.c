/* blast RATE SECONDS: RATE datagrams a second from 127.0.0.1 to a socket of our own that nobody reads, in batches of a
 * millisecond. Prints how many were sent a second. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 1024, PAYLOAD = 64 };

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	static char payload[PAYLOAD];
	static struct mmsghdr messages[BATCH];
	struct iovec one = { payload, sizeof payload };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof to;
	int sink = socket(AF_INET, SOCK_DGRAM, 0), out = socket(AF_INET, SOCK_DGRAM, 0);
	double rate = argc > 2 ? atof(argv[1]) : 0, seconds = argc > 2 ? atof(argv[2]) : 0, begun = now();
	double sent = 0;

	if (rate <= 0 || sink < 0 || out < 0 || bind(sink, (struct sockaddr *)&to, len) ||
	    getsockname(sink, (struct sockaddr *)&to, &len) || connect(out, (struct sockaddr *)&to, len))
		return fprintf(stderr, "blast RATE SECONDS\n"), 2;
	for (int i = 0; i < BATCH; i++)
		messages[i].msg_hdr = (struct msghdr){ .msg_iov = &one, .msg_iovlen = 1 };
	for (double t = 0; t < seconds; t = now() - begun) {
		double due = t * rate - sent;
		unsigned count = due > BATCH ? BATCH : due > 0 ? (unsigned)due : 0;
		int n = count ? sendmmsg(out, messages, count, 0) : 0;

		if (n > 0)
			sent += n;
		else
			usleep(1000);
	}
	printf("%.0f\n", sent / (now() - begun));
	return 0;
}
