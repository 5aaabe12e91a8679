/* The sampler's thread of the host beside the main loop: snapshots asked for and adopted, requests and filters that
 * change, looks that are read while the next one is compared with them, while sockets open and close; then an end in
 * the middle of the work.
 */
#include "session/host.h"

#include "session/look.h"
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

	*at = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
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

/* As a screen does: every row, in order. Returns how many were chosen for it by the thread. */
static size_t read_all(struct host *h)
{
	const struct look *l = host_look(h);
	uint64_t sum = 0;

	for (size_t i = 0; l && i < l->count; i++) {
		struct sock_view v;
		struct sock sock;

		look_view(l, l->order[i], NULL, &v);
		record_sock(l->snapshot, v.record, &sock);
		sum += v.owner_count + v.rate->out + sock.recv_q + look_is_fresh(l, l->order[i]);
	}
	if (sum == UINT64_MAX)
		abort();
	return l ? l->chosen_count : 0;
}

int main(void)
{
	struct sockaddr_in at;
	int listener = door(&at);
	size_t snapshots = 0, chosen = 0, closed;
	struct host *h;
	struct err e;

	if (host_new(NULL, NULL, &h, &e)) {
		fprintf(stderr, "%s\n", e.text);
		return 1;
	}
	for (int i = 0; i < ROUNDS || (i < 50 * ROUNDS && host_closed_count(h) < LIVES); i++) {
		struct pollfd fd = { .fd = host_fd(h), .events = POLLIN };

		if (i % 5 == 0)
			host_choose(h, (uint64_t)i / 5, 0, i % 2 ? "netlink" : i % 3 ? "tcp" : NULL);
		host_ask(h, &(struct sample_request){ .owners = i % 2, .info = i % 3 == 0 },
			 i % 8 == 7 ? "no-such-namespace" : NULL);
		live(listener, &at);
		poll(&fd, 1, 20);
		snapshots += (host_adopt(h) & HOST_NEWS_SNAPSHOT) != 0;
		chosen += read_all(h);
	}
	closed = host_closed_count(h);
	host_ask(h, &(struct sample_request){ .owners = true }, "all");
	host_free(h); /* with a look under way */
	close(listener);
	if (!snapshots || !chosen || closed < LIVES) {
		fprintf(stderr, "%zu snapshots, %zu rows chosen, %zu closed sockets\n", snapshots, chosen, closed);
		return 1;
	}
	return 0;
}
