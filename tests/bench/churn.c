/* churn.c - connections that come and go, and the truth about them.
 *
 *   churn [-c RATE] [-k PAIRS] [-s SECONDS] LOG
 *
 * PAIRS clients (default 2) make RATE connections a second together (default 200) to as many
 * servers for SECONDS (default 5). A client sends some bytes, reads them back, and some dozens of
 * connections later it is over, in one of these ways, told to the server in the first byte:
 *
 *   PLAIN      the client closes first          RESET    the client resets it
 *   BY_SERVER  the server closes first          PASSED   the server gives the descriptor to
 *                                                        another process, which serves it
 *
 * One connection in four is made by a process of its own, that ends with it. Names: cl-N, sv-N,
 * heir-N, once-N.
 *
 * LOG gets a line for each thing that was true at some time (it is read when all is over):
 *
 *   own COOKIE PID FD      that process had the socket, as that descriptor
 *   name PID NAME          it was called so
 *   end COOKIE BYTES       when closed, it had sent so many bytes, and received as many
 *   reset COOKIE           it was reset by its owner: then the kernel forgets all of that
 *
 * Prints `ready` when the servers listen, and `over: N connections` at the end.
 */
#define _GNU_SOURCE
#include "load.h"

#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

enum { PORT = 7900, MOST_BYTES = 4000, ALIVE = 24, CONNECTIONS = 1024, PAIRS = 64 };
enum fate { PLAIN, RESET, BY_SERVER, PASSED, FATES };

struct hello {
	uint16_t fate, bytes; /* `bytes`: of the whole, with this */
};

static int rate = 200, pairs = 2, seconds = 5, log_fd;

static struct shared { /* by all processes */
	volatile unsigned made;
	volatile int over; /* 1: no new connections; 2: every client is gone */
} * shared;

/* --- the log --- */

/* One write a line, so that those of several processes do not mix. */
static void __attribute__((format(printf, 1, 2))) tell(const char *format, ...)
{
	char line[128];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(line, sizeof line, format, args);
	va_end(args);
	if (write(log_fd, line, (size_t)len) != len)
		die("log");
}

static unsigned long long cookie_of(int fd)
{
	uint64_t cookie = 0;
	socklen_t len = sizeof cookie;

	check(getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len), "SO_COOKIE");
	return cookie;
}

static void tell_own(int fd)
{
	tell("own 0x%llx %d %d\n", cookie_of(fd), (int)getpid(), fd);
}

static void tell_name(void)
{
	char name[16];

	prctl(PR_GET_NAME, name);
	tell("name %d %s\n", (int)getpid(), name);
}

/* What a child has of its parent, for a moment: its name and its sockets. */
static bool start_and_tell(const char *word, int number, const int *inherited, int count)
{
	char name[16];

	prctl(PR_GET_NAME, name);
	if (!start(word, number))
		return false;
	tell("name %d %s\n", (int)getpid(), name);
	tell_name();
	for (int i = 0; i < count; i++) {
		tell_own(inherited[i]);
		close(inherited[i]);
	}
	return true;
}

static void end(int fd, unsigned bytes)
{
	tell("end 0x%llx %u\n", cookie_of(fd), bytes);
	close(fd);
}

/* For `most` children, or for all there are. False: one of them failed. */
static bool wait_all(int most)
{
	bool good = true;
	int status;

	while (most-- && wait(&status) > 0)
		good &= !status;
	return good;
}

/* --- a client --- */

struct life {
	int fd;
	struct hello hello;
};

static struct life begin(void)
{
	struct sockaddr_in to = address4((int)(random() % pairs), PORT);
	struct life l = { .hello = { .fate = (uint16_t)(random() % FATES) } };
	char data[MOST_BYTES] = { 0 };

	l.hello.bytes = (uint16_t)(sizeof l.hello + random() % (MOST_BYTES - (long)sizeof l.hello));
	memcpy(data, &l.hello, sizeof l.hello);
	l.fd = check(socket(AF_INET, SOCK_STREAM, 0), "socket");
	tell_own(l.fd);
	check(connect(l.fd, (void *)&to, sizeof to), "connect");
	if (send(l.fd, data, l.hello.bytes, MSG_NOSIGNAL) != l.hello.bytes)
		die("send");
	__atomic_add_fetch(&shared->made, 1, __ATOMIC_RELAXED);
	return l;
}

/* First everything comes back, so that both ends know how much there was. */
static void finish(const struct life *l)
{
	const struct linger now = { .l_onoff = 1 };
	char data[MOST_BYTES];
	ssize_t n;

	for (unsigned got = 0; got < l->hello.bytes; got += (unsigned)n) {
		n = recv(l->fd, data, sizeof data, 0);
		if (n <= 0)
			die("the echo");
	}
	if (l->hello.fate == BY_SERVER && recv(l->fd, data, sizeof data, 0))
		die("the server's end");
	if (l->hello.fate == RESET) {
		setsockopt(l->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
		tell("reset 0x%llx\n", cookie_of(l->fd));
	}
	end(l->fd, l->hello.bytes);
}

static int descriptors(const struct life *lives, int *out)
{
	int count = 0;

	for (int i = 0; i < ALIVE; i++)
		if (lives[i].fd)
			out[count++] = lives[i].fd;
	return count;
}

/* The longer since, the likelier its place is wanted by another. */
_Noreturn static void client(int number)
{
	struct timespec pause_for = { .tv_nsec = 1000000000L / (1 + rate / pairs) };
	struct life lives[ALIVE] = { { 0 } }, once;
	int inherited[ALIVE];

	srandom((unsigned)number + 1);
	while (!shared->over) {
		struct life *l = &lives[random() % ALIVE];

		if (random() % 4 == 0) {
			long seed = random();

			if (start_and_tell("once", number, inherited, descriptors(lives, inherited))) {
				srandom((unsigned)seed);
				once = begin();
				finish(&once);
				_exit(0);
			}
		} else {
			if (l->fd)
				finish(l);
			*l = begin();
		}
		nanosleep(&pause_for, NULL);
	}
	for (int i = 0; i < ALIVE; i++)
		if (lives[i].fd)
			finish(&lives[i]);
	_exit(!wait_all(-1));
}

/* --- a server, and the heir that gets some of its connections --- */

struct served {
	struct hello hello;
	unsigned got; /* of hello.bytes */
};

struct host {
	struct pollfd fds[CONNECTIONS]; /* the first is where connections come from */
	struct served served[CONNECTIONS];
	nfds_t count;
	int heir; /* a UNIX socket; -1 in the heir itself */
};

static void give(int where, int fd)
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof fd)];
	} control = { 0 };
	struct iovec one = { .iov_base = "", .iov_len = 1 };
	struct msghdr m = {
		.msg_iov = &one, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
	};

	control.head = (struct cmsghdr){ .cmsg_len = CMSG_LEN(sizeof fd),
					 .cmsg_level = SOL_SOCKET,
					 .cmsg_type = SCM_RIGHTS };
	memcpy(CMSG_DATA(&control.head), &fd, sizeof fd);
	check(sendmsg(where, &m, MSG_NOSIGNAL), "sendmsg");
	close(fd);
}

/* -1: there is nobody any more who gives. */
static int take(int where)
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	char byte;
	struct iovec one = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr m = {
		.msg_iov = &one, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
	};
	int fd;

	if (!check(recvmsg(where, &m, 0), "recvmsg"))
		return -1;
	memcpy(&fd, CMSG_DATA(&control.head), sizeof fd);
	return fd;
}

static void add(struct host *h, int fd)
{
	tell_own(fd);
	if (h->count == CONNECTIONS) {
		errno = EMFILE;
		die("connections");
	}
	h->served[h->count] = (struct served){ 0 };
	h->fds[h->count++] = (struct pollfd){ .fd = fd, .events = POLLIN };
}

/* Something has come, or the end. False: we have it no more. */
static bool serve(struct host *h, nfds_t at)
{
	struct served *s = &h->served[at];
	char data[MOST_BYTES];
	int fd = h->fds[at].fd;
	ssize_t n;

	if (!s->got && recv(fd, &s->hello, sizeof s->hello, MSG_PEEK) == sizeof s->hello && s->hello.fate == PASSED &&
	    h->heir >= 0) {
		give(h->heir, fd);
		return false;
	}
	n = recv(fd, data, sizeof data, 0);
	if (n > 0) {
		s->got += (unsigned)n;
		if (send(fd, data, (size_t)n, MSG_NOSIGNAL) != n)
			die("echo");
		if (s->hello.fate != BY_SERVER || s->got < s->hello.bytes)
			return true;
	}
	end(fd, s->got);
	return false;
}

/* Until nobody comes any more and the last has gone. */
static void host(struct host *h, int (*next)(int fd))
{
	bool closed = false;

	while (!closed || h->count > 1) {
		if (h->heir >= 0 && shared->over == 2)
			closed = true; /* a door has no end of its own: every client is gone */
		if (poll(h->fds, h->count, 50) <= 0)
			continue;
		for (nfds_t i = h->count - 1; i > 0; i--)
			if (h->fds[i].revents && !serve(h, i)) {
				h->count--;
				h->fds[i] = h->fds[h->count];
				h->served[i] = h->served[h->count];
			}
		if (h->fds[0].revents) {
			int fd = next(h->fds[0].fd);

			closed = fd < 0;
			if (closed)
				h->fds[0].fd = -1;
			else
				add(h, fd);
		}
	}
}

static int accept_one(int door)
{
	return check(accept(door, NULL, NULL), "accept");
}

_Noreturn static void server(int number, int ready)
{
	struct sockaddr_in at = address4(number, PORT);
	struct host *h = calloc(1, sizeof *h);
	int door = listener(&at, sizeof at, AF_INET), pair[2];

	if (!h)
		abort();
	tell_own(door);
	check(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), "socketpair");
	h->count = 1;
	if (start_and_tell("heir", number, &door, 1)) {
		close(pair[0]);
		h->heir = -1;
		h->fds[0] = (struct pollfd){ .fd = pair[1], .events = POLLIN };
		host(h, take);
		_exit(0);
	}
	close(pair[1]);
	h->heir = pair[0];
	h->fds[0] = (struct pollfd){ .fd = door, .events = POLLIN };
	check(write(ready, "", 1), "ready");
	host(h, accept_one);
	close(h->heir);
	_exit(!wait_all(-1));
}

/* --- the whole --- */

static void read_options(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "c:k:s:")) != -1) {
		int value = optarg ? atoi(optarg) : 0;

		switch (c) {
		case 'c': rate = value; break;
		case 'k': pairs = value; break;
		case 's': seconds = value; break;
		default: exit(2);
		}
	}
	if (optind + 1 != argc || pairs < 1 || pairs > PAIRS) {
		fprintf(stderr, "churn [-c RATE] [-k PAIRS, at most %d] [-s SECONDS] LOG\n", PAIRS);
		exit(2);
	}
	log_fd = check(open(argv[optind], O_WRONLY | O_CREAT | O_APPEND, 0644), argv[optind]);
}

int main(int argc, char **argv)
{
	int ready[2];
	bool good;
	char byte;

	read_options(argc, argv);
	raise_limit();
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		die("mmap");
	check(pipe(ready), "pipe");
	for (int i = 0; i < pairs; i++)
		if (start_and_tell("sv", i, NULL, 0))
			server(i, ready[1]);
	for (int i = 0; i < pairs; i++)
		check(read(ready[0], &byte, 1), "ready");
	printf("ready\n");
	fflush(stdout);
	for (int i = 0; i < pairs; i++)
		if (start_and_tell("cl", i, NULL, 0))
			client(i);
	nanosleep(&(struct timespec){ .tv_sec = seconds }, NULL);
	shared->over = 1;
	good = wait_all(pairs); /* the clients: the servers stay until */
	shared->over = 2;
	good &= wait_all(pairs);
	printf("over: %u connections\n", shared->made);
	return !good;
}
