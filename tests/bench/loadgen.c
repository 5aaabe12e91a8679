/* loadgen.c - many sockets that stay, for the benchmarks and tests of `sockeye list`.
 *
 *   loadgen [-n TCP] [-p PROCESSES] [-u UDP] [-x UNIX] [-i IDLE]
 *
 *   -n  TCP sockets (default 1000): half of them are connected to the other half over the loopback,
 *       one connection in ten by IPv6. The processes stand in a ring, each connects to the next;
 *       two listeners each come on top
 *   -p  processes that hold all of it (default 20), named load-0, load-1, ...
 *   -u  UDP sockets, every second one connected
 *   -x  UNIX sockets, in pairs; a listener in each process comes on top
 *   -i  processes that sleep and have no socket, named idle-0, ..., with nine descriptors
 *
 * Prints a line `ready ...` once everything stands, and stays until SIGTERM or SIGINT; everything
 * ends with it. To be run in a network namespace of its own, where lo is up. 200,000 TCP sockets
 * take 1 GiB of kernel memory.
 */
#define _GNU_SOURCE
#include "load.h"

#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/un.h>

enum { BATCH = 1000, PORT = 8080, PORT6 = 10000 };

static struct {
	int tcp, processes, udp, unix_sockets, idle;
} want = { .tcp = 1000, .processes = 20 };

static pthread_barrier_t *barrier; /* shared by all that hold sockets, and their parent */

/* How many of `total` fall to number `i`. */
static int share(int total, int i)
{
	return total / want.processes + (i < total % want.processes);
}

static struct sockaddr_in6 address6(int i)
{
	return (struct sockaddr_in6){ .sin6_family = AF_INET6,
				      .sin6_port = htons((uint16_t)(PORT6 + i)),
				      .sin6_addr = IN6ADDR_LOOPBACK_INIT };
}

static void connect_one(int to, bool six)
{
	struct sockaddr_in at = address4(to, PORT);
	struct sockaddr_in6 at6 = address6(to);
	int fd = check(socket(six ? AF_INET6 : AF_INET, SOCK_STREAM, 0), "socket");

	if (six)
		check(connect(fd, (void *)&at6, sizeof at6), "connect");
	else
		check(connect(fd, (void *)&at, sizeof at), "connect");
	check(send(fd, "0123456789", 10, 0), "send");
}

/* Every other one reads what came, so that some queues are empty and some are not. */
static void accept_one(int door, int number)
{
	int fd = check(accept(door, NULL, NULL), "accept");
	char bytes[16];

	if (number % 2)
		check(recv(fd, bytes, sizeof bytes, 0), "recv");
}

/* By batches, so that no listener's queue runs over: the process before makes as many in the same
 * round. */
static void tcp_sockets(int i, int four, int six)
{
	int mine = share(want.tcp / 2, i);
	int theirs = share(want.tcp / 2, (i + want.processes - 1) % want.processes);

	for (int at = 0; at < mine || at < theirs; at += BATCH) {
		for (int k = at; k < mine && k < at + BATCH; k++)
			connect_one((i + 1) % want.processes, k % 10 == 9);
		for (int k = at; k < theirs && k < at + BATCH; k++)
			accept_one(k % 10 == 9 ? six : four, k);
	}
}

static void udp_sockets(int i)
{
	int count = share(want.udp, i);

	for (int k = 0; k < count; k++) {
		struct sockaddr_in from = address4(i, 0), to = address4(i + 1, 53);
		int fd = check(socket(AF_INET, SOCK_DGRAM, 0), "socket");

		check(bind(fd, (void *)&from, sizeof from), "bind");
		if (k % 2)
			check(connect(fd, (void *)&to, sizeof to), "connect");
	}
}

static void unix_sockets(int i)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int count = share(want.unix_sockets, i), pair[2], len;

	if (!want.unix_sockets)
		return;
	for (int k = 0; k + 1 < count; k += 2)
		check(socketpair(AF_UNIX, types[k / 2 % 3], 0, pair), "socketpair");
	/* an abstract name: nothing to remove */
	len = snprintf(at.sun_path + 1, sizeof at.sun_path - 1, "load-%d-%d", (int)getppid(), i);
	listener(&at, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)len), AF_UNIX);
}

static void other_descriptors(int count)
{
	for (int k = 0; k < count; k++)
		check(open("/dev/null", O_RDWR), "/dev/null");
}

_Noreturn static void stay(void)
{
	for (;;)
		pause();
}

_Noreturn static void hold(int i)
{
	struct sockaddr_in at = address4(i, PORT);
	struct sockaddr_in6 at6 = address6(i);
	int four = listener(&at, sizeof at, AF_INET), six = listener(&at6, sizeof at6, AF_INET6);

	other_descriptors(4);
	pthread_barrier_wait(barrier); /* everybody listens */
	tcp_sockets(i, four, six);
	udp_sockets(i);
	unix_sockets(i);
	pthread_barrier_wait(barrier); /* everything stands */
	stay();
}

static void read_options(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "n:p:u:x:i:")) != -1) {
		int value = optarg ? atoi(optarg) : 0;

		switch (c) {
		case 'n': want.tcp = value; break;
		case 'p': want.processes = value; break;
		case 'u': want.udp = value; break;
		case 'x': want.unix_sockets = value; break;
		case 'i': want.idle = value; break;
		default: exit(2);
		}
	}
	if (want.processes < 1) {
		fprintf(stderr, "loadgen: -p: at least one process\n");
		exit(2);
	}
}

static void new_barrier(void)
{
	pthread_barrierattr_t attr;

	barrier = mmap(NULL, sizeof *barrier, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (barrier == MAP_FAILED)
		die("mmap");
	pthread_barrierattr_init(&attr);
	pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(barrier, &attr, (unsigned)want.processes + 1);
}

/* It has said why; the others end with us. */
static void child_failed(int number)
{
	(void)number;
	_exit(1);
}

int main(int argc, char **argv)
{
	read_options(argc, argv);
	raise_limit();
	new_barrier();
	signal(SIGCHLD, child_failed);
	for (int i = 0; i < want.processes; i++)
		if (start("load", i))
			hold(i);
	for (int i = 0; i < want.idle; i++)
		if (start("idle", i)) {
			other_descriptors(6);
			stay();
		}
	pthread_barrier_wait(barrier);
	pthread_barrier_wait(barrier);
	printf("ready: %d tcp, %d udp, %d unix in %d processes, %d idle\n", want.tcp, want.udp, want.unix_sockets,
	       want.processes, want.idle);
	fflush(stdout);
	stay();
}
