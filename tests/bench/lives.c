/* lives.c - the floor for `sockeye run`: N lives socket, connect, send, recv, close against an echo server, with the
 * same non-blocking calls as the lab makes, in one process and one poll loop.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char *what)
{
	perror(what);
	exit(1);
}

int main(int argc, char **argv)
{
	long lives = argc > 1 ? atol(argv[1]) : 10000;
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;
	int server = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (server < 0 || bind(server, (struct sockaddr *)&at, sizeof at) || listen(server, 4096))
		die("listen");
	getsockname(server, (struct sockaddr *)&at, &len);
	for (long i = 0; i < lives; i++) {
		int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), peer, error = 0;
		struct pollfd fd = { .fd = client, .events = POLLOUT };
		char data[64];
		ssize_t got;

		if (client < 0)
			die("socket");
		if (connect(client, (struct sockaddr *)&at, sizeof at) && errno != EINPROGRESS)
			die("connect");
		len = sizeof error;
		if (poll(&fd, 1, 5000) != 1 || getsockopt(client, SOL_SOCKET, SO_ERROR, &error, &len) || error)
			die("connected");
		if (send(client, "hello\n", 6, MSG_NOSIGNAL) != 6)
			die("send");
		peer = accept4(server, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (peer < 0)
			die("accept");
		got = recv(peer, data, sizeof data, 0);
		if (got != 6 || send(peer, data, (size_t)got, MSG_NOSIGNAL) != got)
			die("echo");
		fd.events = POLLIN;
		if (poll(&fd, 1, 5000) != 1 || recv(client, data, sizeof data, 0) != 6)
			die("recv");
		close(client);
		if (recv(peer, data, sizeof data, 0) != 0)
			die("end");
		close(peer);
	}
	close(server);
	return 0;
}
