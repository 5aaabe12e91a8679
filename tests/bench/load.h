/* load.h - what loadgen.c and churn.c share: giving up, children with names, addresses. */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 4096 };

_Noreturn static inline void die(const char *what)
{
	fprintf(stderr, "%d: %s: %s\n", (int)getpid(), what, strerror(errno));
	_exit(1);
}

static inline int check(long result, const char *what)
{
	if (result < 0)
		die(what);
	return (int)result;
}

static inline void name_process(const char *word, int number)
{
	char name[16];

	snprintf(name, sizeof name, "%s-%d", word, number);
	prctl(PR_SET_NAME, name);
}

/* A child that does not outlive its parent. True in the child. */
static inline bool start(const char *word, int number)
{
	pid_t parent = getpid();

	if (check(fork(), "fork"))
		return false;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	signal(SIGCHLD, SIG_DFL);
	name_process(word, number);
	return true;
}

/* As many descriptors as we may. */
static inline void raise_limit(void)
{
	struct rlimit files;

	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
}

/* Number i's own address: 127.1.0.1, 127.1.1.1, ... */
static inline struct sockaddr_in address4(int i, int port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons((uint16_t)port),
				     .sin_addr.s_addr = htonl(0x7f010001u + (uint32_t)i * 256) };
}

static inline int listener(const void *at, socklen_t len, int family)
{
	int fd = check(socket(family, SOCK_STREAM, 0), "socket"), one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	check(bind(fd, at, len), "bind");
	check(listen(fd, BACKLOG), "listen");
	return fd;
}

#endif
