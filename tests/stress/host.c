/* The sampler's thread of the host beside the main loop: snapshots asked for and adopted, requests that change, while
 * sockets open and close; then an end in the middle of the work.
 */
#include "session/host.h"

#include "util/err.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROUNDS = 40, LIVES = 10 };

static int door(struct sockaddr_in *at)
{
	socklen_t len = sizeof *at;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	*at = (struct sockaddr_in){ .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (fd < 0 || bind(fd, (struct sockaddr *)at, len) || listen(fd, LIVES) ||
	    getsockname(fd, (struct sockaddr *)at, &len))
		abort();
	return fd;
}

static void live(int listener, const struct sockaddr_in *at)
{
	for (int i = 0; i < LIVES; i++) {
		int client = socket(AF_INET, SOCK_STREAM, 0), server;

		if (connect(client, (const struct sockaddr *)at, sizeof *at))
			abort();
		server = accept(listener, NULL, NULL);
		close(client);
		close(server);
	}
}

int main(void)
{
	struct sockaddr_in at;
	int listener = door(&at);
	size_t snapshots = 0, closed;
	struct host *h;
	struct err e;

	if (host_new(NULL, NULL, &h, &e)) {
		fprintf(stderr, "%s\n", e.text);
		return 1;
	}
	for (int i = 0; i < ROUNDS || (i < 50 * ROUNDS && host_closed_count(h) < LIVES); i++) {
		struct pollfd fd = { .fd = host_fd(h), .events = POLLIN };

		host_ask(h, &(struct sample_request){ .owners = i % 2, .info = i % 3 == 0 },
			 i % 8 == 7 ? "no-such-namespace" : NULL);
		live(listener, &at);
		poll(&fd, 1, 20);
		snapshots += (host_adopt(h) & HOST_NEWS_SNAPSHOT) != 0;
	}
	closed = host_closed_count(h);
	host_ask(h, &(struct sample_request){ .owners = true }, "all");
	host_free(h); /* with a look under way */
	close(listener);
	if (!snapshots || closed < LIVES) {
		fprintf(stderr, "%zu snapshots, %zu closed sockets\n", snapshots, closed);
		return 1;
	}
	return 0;
}
