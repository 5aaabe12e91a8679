#include "privilege/broker.h"

#include "broker_inside.h"
#include "core/snapshot_wire.h"
#include "privilege/broker_request.h"
#include "util/err.h"
#include "util/mem.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 2000, BURIAL_MS = 50 };

struct broker {
	pid_t pid;
	int quick, slow;
	atomic_bool dead;
};

/* --- life --- */

static void close_pair(const int pair[2])
{
	close(pair[0]);
	close(pair[1]);
}

int broker_start(struct broker **out, struct err *e)
{
	int quick[2], slow[2], code;
	pid_t parent = getpid(), pid;
	struct broker *b;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, quick))
		return err_set(e, errno, "the broker: %s", strerror(errno));
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, slow)) {
		code = errno;
		close_pair(quick);
		return err_set(e, code, "the broker: %s", strerror(code));
	}
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(0);
		broker_serve(quick[1], slow[1]);
	}
	if (pid < 0) {
		code = errno;
		close_pair(quick);
		close_pair(slow);
		return err_set(e, code, "the broker: %s", strerror(code));
	}
	close(quick[1]);
	close(slow[1]);
	b = mem_alloc(sizeof *b);
	b->pid = pid;
	b->quick = quick[0];
	b->slow = slow[0];
	*out = b;
	return 0;
}

/* After its pairs were closed it ends by itself, at the latest when a snapshot is done: nobody waits for that. */
void broker_free(struct broker *b)
{
	if (!b)
		return;
	close(b->quick);
	close(b->slow);
	free(b);
}

pid_t broker_pid(const struct broker *b)
{
	return b->pid;
}

int broker_fd(const struct broker *b)
{
	return atomic_load(&b->dead) ? -1 : b->quick;
}

bool broker_alive(const struct broker *b)
{
	return b && !atomic_load(&b->dead);
}

void broker_bury(struct broker *b, struct err *e)
{
	int status = 0;
	pid_t got = 0;

	atomic_store(&b->dead, true);
	/* Its pairs are closed a moment before its status can be had. One that hangs is not waited for. */
	for (int i = 0; i < BURIAL_MS && !got; i++) {
		got = waitpid(b->pid, &status, WNOHANG);
		if (!got)
			poll(NULL, 0, 1);
	}
	if (got == b->pid && WIFSIGNALED(status))
		err_set(e, EPIPE, "the broker was ended by signal %d", WTERMSIG(status));
	else
		err_set(e, EPIPE, "the broker has ended");
}

/* --- asking --- */

static int ask(struct broker *b, bool slow, const struct broker_request *r, int fd, int *made, struct err *e)
{
	int pair = slow ? b->slow : b->quick;
	struct pollfd wait = { .fd = pair, .events = POLLIN };
	struct broker_answer answer;
	unsigned fds;
	int rc = atomic_load(&b->dead) ? -EPIPE : broker_send(pair, r, sizeof *r, fd);
	ssize_t len;

	if (!rc && !slow && poll(&wait, 1, PATIENCE_MS) != 1) {
		atomic_store(&b->dead, true); /* a late answer must not be taken for another's */
		return err_set(e, ETIMEDOUT, "the broker does not answer");
	}
	len = rc ? rc : broker_receive(pair, &answer, sizeof answer, made, &fds);
	if (len != sizeof answer)
		return err_set(e, EPIPE, "the broker has ended");
	answer.text[sizeof answer.text - 1] = '\0';
	if (!answer.result)
		return 0;
	return err_set(e, -answer.result, "%s", answer.text);
}

/* For requests that are answered without a descriptor. */
static int ask_plain(struct broker *b, const struct broker_request *r, int fd, struct err *e)
{
	int made = -1, rc = ask(b, false, r, fd, &made, e);

	if (made >= 0)
		close(made);
	return rc;
}

int broker_socket(struct broker *b, int family, int type, int protocol)
{
	const struct broker_request r = { .kind = BROKER_SOCKET, .family = family, .type = type, .protocol = protocol };
	int made = -1, rc = ask(b, false, &r, -1, &made, NULL);

	return rc ? rc : made < 0 ? -EPIPE : made;
}

int broker_bind(struct broker *b, int fd, const struct sockaddr_storage *address, socklen_t len)
{
	struct broker_request r = { .kind = BROKER_BIND, .len = len };

	r.address = *address;
	return ask_plain(b, &r, fd, NULL);
}

int broker_setsockopt(struct broker *b, int fd, int level, int option, const void *value, socklen_t len)
{
	struct broker_request r = { .kind = BROKER_SETSOCKOPT, .level = level, .option = option, .len = len };

	if (len > sizeof r.value)
		return -EINVAL;
	memcpy(r.value, value, len);
	return ask_plain(b, &r, fd, NULL);
}

int broker_destroy(struct broker *b, const struct snapshot *in, const struct record *record, struct err *e)
{
	struct sock room;
	const struct sock *s = &room;
	struct broker_request r;

	record_sock(in, record, &room);
	r = (struct broker_request){
		.kind = BROKER_DESTROY,
		.family = s->family,
		.type = s->type,
		.protocol = s->protocol,
		.local_port = s->local.port,
		.remote_port = s->remote.port,
		.interface = s->interface,
		.cookie = s->cookie,
		.where = record->netns,
	};
	if (s->local.family == s->family)
		memcpy(r.local, s->local.ip, sizeof r.local);
	if (s->remote.family == s->family)
		memcpy(r.remote, s->remote.ip, sizeof r.remote);
	return ask_plain(b, &r, -1, e);
}

int broker_signal(struct broker *b, uint32_t pid, const char name[16], int number, struct err *e)
{
	struct broker_request r = { .kind = BROKER_SIGNAL, .pid = pid, .number = number };

	snprintf(r.name, sizeof r.name, "%.15s", name);
	return ask_plain(b, &r, -1, e);
}

int broker_snapshot(struct broker *b, const struct sample_request *wanted, struct snapshot **out, struct err *e)
{
	struct broker_request r = {
		.kind = BROKER_SNAPSHOT,
		.kinds = wanted->kinds,
		.states = wanted->states,
		.family = wanted->family,
		.owners = wanted->owners,
		.info = wanted->info,
		.live = wanted->live,
	};
	int made = -1, rc;

	if (wanted->netns && strlen(wanted->netns) >= sizeof r.netns)
		return err_set(e, EINVAL, "no network namespace has such a name");
	if (wanted->netns)
		strcpy(r.netns, wanted->netns);
	rc = ask(b, true, &r, -1, &made, e);
	if (!rc)
		rc = snapshot_from_file(made, out, e);
	if (made >= 0)
		close(made);
	return rc;
}
