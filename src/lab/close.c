/* The end of a socket: close, abort, and the UNIX paths that must not stay behind. */
#include "inside.h"

#include "util/clock.h"
#include "util/mem.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* --- paths --- */

void path_made(struct lab *l, struct node *n, const struct endpoint *e)
{
	char here[PATH_MAX] = "", name[ENDPOINT_PATH + 1] = "";
	struct made_path *made;
	struct stat st;
	size_t size;

	memcpy(name, e->path, e->path_len);
	if (lstat(name, &st))
		return;
	if (name[0] != '/' && !getcwd(here, sizeof here))
		return;
	size = strlen(here) + 1 + strlen(name) + 1;
	made = mem_alloc(sizeof *made + size);
	snprintf(made->path, size, "%s%s%s", here, *here ? "/" : "", name);
	made->dev = st.st_dev;
	made->ino = st.st_ino;
	made->next = l->paths;
	l->paths = made; /* whole before it can be seen: lab_emergency may run at any moment */
	n->path = made;
	memcpy(n->s.path, name, sizeof n->s.path);
}

/* Only what is still the one that we made. */
static void unlink_made(const struct made_path *made)
{
	struct stat st;

	if (!lstat(made->path, &st) && st.st_dev == made->dev && st.st_ino == made->ino)
		unlink(made->path);
}

void path_remove(struct lab *l, struct node *n)
{
	struct made_path **at = &l->paths;

	if (!n->path)
		return;
	unlink_made(n->path);
	while (*at != n->path)
		at = &(*at)->next;
	*at = n->path->next;
	free(n->path);
	n->path = NULL;
	n->s.path[0] = '\0';
}

void lab_emergency(const struct lab *l)
{
	for (const struct made_path *made = l->paths; made; made = made->next)
		unlink_made(made);
}

/* proc(5): the last column of /proc/net/unix is the name, as bind was given it. */
bool path_in_use(const struct endpoint *e)
{
	FILE *list = fopen("/proc/net/unix", "re");
	char line[512], name[ENDPOINT_PATH + 1] = "";
	bool found = false;

	if (!list)
		return true; /* cannot be told: do not advise to remove it */
	memcpy(name, e->path, e->path_len);
	while (!found && fgets(line, sizeof line, list)) {
		const char *at;

		line[strcspn(line, "\n")] = '\0';
		at = strstr(line, name);
		found = at && at > line && at[-1] == ' ' && !strcmp(at, name);
	}
	fclose(list);
	return found;
}

/* --- close --- */

static bool is_open_tcp(enum state s)
{
	static const enum state with_peer[] = {
		STATE_SYN_RECEIVED, STATE_ESTABLISHED, STATE_FIN_WAIT_1, STATE_FIN_WAIT_2,
		STATE_CLOSE_WAIT,   STATE_CLOSING,     STATE_LAST_ACK,
	};

	for (size_t i = 0; i < sizeof with_peer / sizeof *with_peer; i++)
		if (s == with_peer[i])
			return true;
	return false;
}

static bool read_linger(int fd, struct linger *linger)
{
	socklen_t len = sizeof *linger;

	return !getsockopt(fd, SOL_SOCKET, SO_LINGER, linger, &len);
}

/* Linux lets close wait for SO_LINGER's seconds even on a non-blocking socket, and would hold up the whole program. */
static void do_not_linger(struct node *n, struct call *c)
{
	struct linger linger;

	if (!read_linger(n->s.fd, &linger) || !linger.l_onoff || linger.l_linger <= 0)
		return;
	linger.l_onoff = 0;
	setsockopt(n->s.fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
	note_set(c, "close does not wait for SO_LINGER here: the kernel delivers what is unsent by itself");
}

/* Will the kernel answer close with RST? RFC 1122, 4.2.2.13: unread data are lost, and the peer must know. */
static bool will_reset(const struct node *n, struct call *c)
{
	struct linger linger;

	if (!sock_is_tcp(&n->s.now) || !is_open_tcp(n->s.now.state))
		return false;
	if (read_linger(n->s.fd, &linger) && linger.l_onoff && linger.l_linger == 0) {
		note_set(c, "SO_LINGER with 0 s: the connection is reset (RST)");
		return true;
	}
	if (n->s.now.recv_q) {
		note_set(c, "%u bytes were not read: the kernel resets the connection (RST)",
			 (unsigned)n->s.now.recv_q);
		return true;
	}
	return false;
}

static enum outcome close_now(struct lab *l, struct node *n, struct op *op, struct call *c)
{
	int failed, error;

	c->start_ns = clock_real_ns();
	op->begun_ns = clock_mono_ns();
	failed = close(n->s.fd);
	op_stamp(op);
	error = failed && errno != EINTR ? errno : 0; /* the descriptor is gone either way, see close(2) */
	path_remove(l, n);
	n->s.fd = -1;
	n->s.closed = true;
	n->s.closed_ns = op->end_ns;
	n->s.waiting = 0;
	l->own_open--;
	return op_settle(op, error ? -1 : 0, error);
}

enum outcome attempt_close(struct lab *l, struct node *n, struct op *op, struct call *c)
{
	calls_end(l, n);
	do_not_linger(n, c);
	n->s.reset = will_reset(n, c);
	op->proves = n->s.now.state != STATE_CLOSED;
	return close_now(l, n, op, c);
}

enum outcome attempt_abort(struct lab *l, struct node *n, struct op *op, struct call *c)
{
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	calls_end(l, n);
	setsockopt(n->s.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	if (sock_is_tcp(&n->s.now) && is_open_tcp(n->s.now.state))
		n->s.reset = op->proves = true;
	else
		note_set(c, "nothing to reset: there is no TCP connection");
	return close_now(l, n, op, c);
}
