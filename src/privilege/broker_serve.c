/* broker_serve.c - the broker's own process: one thread a pair, each in a loop of a request and
 * its answer. */
#include "broker_inside.h"

#include "core/snapshot_wire.h"
#include "kernel/sampler.h"
#include "privilege/broker_request.h"
#include "util/err.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* What a thread works with. The sampler is made when it is needed. */
struct desk {
	int pair;
	bool slow; /* the pair for snapshots, and only for those */
	struct sampler *sampler;
};

static int need_sampler(struct desk *d, struct err *e)
{
	return d->sampler ? 0 : sampler_new(&d->sampler, e);
}

/* --- one function a kind: 0 or -errno with *e; *made is a descriptor for the asker --- */

static int do_snapshot(struct desk *d, const struct broker_request *r, int fd, int *made, struct err *e)
{
	const struct sample_request wanted = {
		.kinds = r->kinds,
		.states = r->states,
		.family = r->family,
		.owners = r->owners,
		.info = r->info,
		.live = r->live,
		.netns = r->netns[0] ? r->netns : NULL,
	};
	struct snapshot *taken;
	int rc = need_sampler(d, e);

	(void)fd;
	if (!rc)
		rc = sampler_take(d->sampler, &wanted, &taken, e);
	if (rc)
		return rc;
	*made = snapshot_to_file(taken, e);
	snapshot_free(taken);
	return *made < 0 ? *made : 0;
}

static int do_socket(struct desk *d, const struct broker_request *r, int fd, int *made, struct err *e)
{
	(void)d;
	(void)fd;
	*made = socket(r->family, r->type | SOCK_NONBLOCK | SOCK_CLOEXEC, r->protocol);
	return *made < 0 ? err_set(e, errno, "socket: %s", strerror(errno)) : 0;
}

static int do_destroy(struct desk *d, const struct broker_request *r, int fd, int *made, struct err *e)
{
	struct snapshot one = { 0 };
	struct sock room = { 0 }, *s = &room;
	int rc = need_sampler(d, e);

	(void)fd;
	(void)made;
	if (rc)
		return rc;
	s->family = r->family;
	s->type = r->protocol == IPPROTO_TCP ? SOCK_STREAM : SOCK_DGRAM;
	s->protocol = r->protocol;
	s->cookie = r->cookie;
	s->interface = r->interface;
	s->known = SOCK_HAS_COOKIE;
	s->local = (struct endpoint){ .family = (uint8_t)r->family, .has_port = true, .port = r->local_port };
	s->remote = (struct endpoint){ .family = (uint8_t)r->family, .has_port = true, .port = r->remote_port };
	memcpy(s->local.ip, r->local, sizeof r->local);
	memcpy(s->remote.ip, r->remote, sizeof r->remote);
	rc = sampler_destroy(d->sampler, &one, snapshot_add(&one, s, r->where), e);
	snapshot_done(&one);
	return rc;
}

static int do_signal(struct desk *d, const struct broker_request *r, int fd, int *made, struct err *e)
{
	(void)d;
	(void)fd;
	(void)made;
	return process_signal(r->pid, r->name, r->number, e);
}

static int do_bind(struct desk *d, const struct broker_request *r, int fd, int *made, struct err *e)
{
	(void)d;
	(void)made;
	return bind(fd, (const struct sockaddr *)&r->address, r->len) ? err_set(e, errno, "bind: %s", strerror(errno))
								      : 0;
}

static int do_setsockopt(struct desk *d, const struct broker_request *r, int fd, int *made, struct err *e)
{
	(void)d;
	(void)made;
	return setsockopt(fd, r->level, r->option, r->value, r->len)
		       ? err_set(e, errno, "setsockopt: %s", strerror(errno))
		       : 0;
}

static int (*const acts[BROKER_KINDS])(struct desk *d, const struct broker_request *r, int fd, int *made,
				       struct err *e) = {
	[BROKER_SNAPSHOT] = do_snapshot, [BROKER_SOCKET] = do_socket, [BROKER_DESTROY] = do_destroy,
	[BROKER_SIGNAL] = do_signal,     [BROKER_BIND] = do_bind,     [BROKER_SETSOCKOPT] = do_setsockopt,
};

/* --- the loop --- */

static void *serve(void *arg)
{
	struct desk *d = arg;
	char bytes[sizeof(struct broker_request) + 1];

	for (;;) {
		struct broker_request request;
		struct broker_answer answer = { 0 };
		struct err e = { 0 };
		int fd, made = -1;
		unsigned fds;
		ssize_t len = broker_receive(d->pair, bytes, sizeof bytes, &fd, &fds);

		if (len == 0 || (len < 0 && len != -EMSGSIZE))
			break;
		answer.result = broker_request_check(bytes, len < 0 ? 0 : (size_t)len, fds, &request, &e);
		if (!answer.result && (request.kind == BROKER_SNAPSHOT) != d->slow)
			answer.result = err_set(&e, EBADMSG, "not asked here");
		if (!answer.result)
			answer.result = acts[request.kind](d, &request, fd, &made, &e);
		memcpy(answer.text, e.text, sizeof answer.text);
		if (fd >= 0)
			close(fd);
		broker_send(d->pair, &answer, sizeof answer, made);
		if (made >= 0)
			close(made);
	}
	_exit(0); /* we are not needed any more: both threads end */
}

/* Ctrl-C at the terminal is for the one who draws. */
static void ignore_signals(void)
{
	static const int ours[] = { SIGINT, SIGQUIT, SIGHUP, SIGTSTP, SIGPIPE, SIGWINCH };
	sigset_t none;

	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		signal(ours[i], SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Nothing of the terminal, of files or of captures stays with us. */
static void keep_only(int *quick, int *slow)
{
	int null = open("/dev/null", O_RDWR), a = fcntl(*quick, F_DUPFD_CLOEXEC, 100),
	    b = fcntl(*slow, F_DUPFD_CLOEXEC, 100);

	for (int i = 0; i < 3; i++)
		dup2(null, i);
	if (a < 0 || b < 0)
		_exit(1);
	*quick = dup2(a, 3);
	*slow = dup2(b, 4);
	close_range(5, ~0U, 0);
	fcntl(3, F_SETFD, FD_CLOEXEC);
	fcntl(4, F_SETFD, FD_CLOEXEC);
}

void broker_serve(int quick, int slow)
{
	struct desk desks[2];
	pthread_t thread;

	keep_only(&quick, &slow);
	ignore_signals();
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_NAME, "sockeye-broker");
	desks[0] = (struct desk){ .pair = quick };
	desks[1] = (struct desk){ .pair = slow, .slow = true };
	if (pthread_create(&thread, NULL, serve, &desks[1]))
		_exit(1);
	serve(&desks[0]);
	_exit(0);
}
