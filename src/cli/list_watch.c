/* list_watch.c - --watch: what is there, then what opens, changes and closes, until a signal comes
 * or nobody reads.
 *
 * A socket that begins to match the filter is told as opened, one that no longer does as closed, so
 * that whoever adds and removes what is told has at every moment what matches. The kernel tells of
 * sockets that close (their last counters); those that lived between two looks are told as opened
 * and closed at once.
 */
#include "cli/list.h"

#include "session/listing.h"
#include "util/clock.h"
#include "util/err.h"
#include "util/mem.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { DEAD_MOST = 1 << 16, SHARE = 4 /* of the time, at most one part is spent looking */ };

struct dead {
	struct sock sock;
	uint64_t at_ns;
	bool told;
};

struct watch {
	struct list *l;
	struct snapshot *before, *now;
	struct dead *dead; /* since the last look; in order of cookie once it is over */
	size_t dead_count, dead_capacity;
	size_t opened, changed, closed;
	uint64_t interval_ns;
};

static const struct {
	const char *name;
	char mark;
} changes[] = {
	[CHANGE_OPENED] = { "opened", '+' },
	[CHANGE_CHANGED] = { "changed", '~' },
	[CHANGE_CLOSED] = { "closed", '-' },
};

/* --- telling --- */

static void tell(struct watch *w, enum change change, uint64_t at_ns, const struct snapshot *s,
		 const struct sock_view *v)
{
	size_t *counts[] = { &w->opened, &w->changed, &w->closed };
	struct list *l = w->l;
	struct json j;

	++*counts[change];
	if (!l->o->common.json) {
		list_text_event(l, v, changes[change].mark, at_ns);
		return;
	}
	json_init(&j, &l->out);
	json_object(&j, NULL);
	json_string(&j, "event", changes[change].name);
	json_time(&j, "time", at_ns);
	list_json_socket(l, &j, "socket", s, v);
	json_end(&j, '}');
	buf_putc(&l->out, '\n');
}

static int by_cookie(const void *a, const void *b)
{
	const struct dead *left = a, *right = b;

	return left->sock.cookie < right->sock.cookie ? -1 : left->sock.cookie > right->sock.cookie;
}

static struct dead *find_dead(const struct watch *w, uint64_t cookie)
{
	const struct dead wanted = { .sock.cookie = cookie };

	if (!w->dead_count || !cookie)
		return NULL;
	return bsearch(&wanted, w->dead, w->dead_count, sizeof wanted, by_cookie);
}

/* With the counters that the kernel told at its end, where it did. */
static void tell_closed(struct watch *w, const struct snapshot *in, const struct record *r)
{
	struct sock last;
	struct sock_view v = sock_view(in, r, w->l->names, &last);
	const struct sock_tcp *tcp = record_tcp(in, r);
	struct dead *dead = find_dead(w, r->cookie);

	if (dead && (dead->sock.known & SOCK_HAS_TCP)) {
		last.tcp = dead->sock.tcp;
		last.known |= SOCK_HAS_TCP;
		if (!last.tcp.congestion[0] && tcp)
			memcpy(last.tcp.congestion, tcp->congestion, sizeof last.tcp.congestion);
	}
	tell(w, CHANGE_CLOSED, dead ? dead->at_ns : w->now->at_ns, in, &v);
}

static void differs(void *ctx, enum change change, const struct snapshot *in,
		    const struct record *r)
{
	struct watch *w = ctx;
	const struct record *was = change == CHANGE_CHANGED ? snapshot_find(w->before, r->key)
							    : NULL;
	struct sock_view v;
	struct sock room;

	if (!list_wants(w->l, in, r) || (was && !list_wants(w->l, w->before, was)))
		return; /* what crosses the filter is told by crossings() */
	v = sock_view(in, r, w->l->names, &room);
	if (change == CHANGE_CLOSED)
		tell_closed(w, in, r);
	else
		tell(w, change, in->at_ns, in, &v);
}

/* Sockets that are in both snapshots, but match in one of them only. */
static void crossings(struct watch *w)
{
	const struct snapshot *s = w->now;

	for (size_t i = 0; w->l->filter && i < s->count; i++) {
		const struct record *r = &s->records[i], *was = snapshot_find(w->before, r->key);
		struct sock room;
		struct sock_view v = sock_view(s, r, w->l->names, &room);
		bool matches, matched;

		if (!was)
			continue;
		matches = list_wants(w->l, s, r);
		matched = list_wants(w->l, w->before, was);
		if (matches != matched)
			tell(w, matches ? CHANGE_OPENED : CHANGE_CLOSED, s->at_ns, s, &v);
	}
}

/* --- sockets that were never seen alive --- */

static void mark_seen(struct watch *w, const struct snapshot *s)
{
	for (size_t i = 0; s && w->dead_count && i < s->count; i++) {
		struct dead *d = find_dead(w, s->records[i].cookie);

		if (d)
			d->told = true;
	}
}

static void short_lives(struct watch *w)
{
	struct snapshot gone = { 0 };

	mark_seen(w, w->before);
	mark_seen(w, w->now);
	for (size_t i = 0; i < w->dead_count; i++) {
		struct sock_view v;
		struct record *r;
		struct sock room;

		if (w->dead[i].told)
			continue;
		gone.count = gone.tcp_count = 0;
		r = snapshot_add(&gone, &w->dead[i].sock, 0);
		r->reason = OWNER_EXITED;
		if (!list_wants(w->l, &gone, r))
			continue;
		v = sock_view(&gone, r, w->l->names, &room);
		tell(w, CHANGE_OPENED, w->dead[i].at_ns, NULL, &v);
		tell(w, CHANGE_CLOSED, w->dead[i].at_ns, NULL, &v);
	}
	snapshot_done(&gone);
	w->dead_count = 0;
}

static void bury(struct watch *w)
{
	struct sock s;

	while (listing_closed(w->l->listing, &s)) {
		if (w->dead_count == DEAD_MOST || !(s.known & SOCK_HAS_COOKIE))
			continue;
		MEM_ROOM(w->dead, w->dead_count, w->dead_capacity);
		w->dead[w->dead_count++] = (struct dead){ .sock = s, .at_ns = clock_real_ns() };
	}
}

/* --- looking --- */

static int look(struct watch *w, struct err *e)
{
	int rc = list_take(w->l, w->before != NULL, &w->now, e);

	if (rc)
		return rc;
	bury(w);
	if (w->dead_count)
		qsort(w->dead, w->dead_count, sizeof *w->dead, by_cookie);
	if (w->before) {
		snapshot_diff(w->before, w->now, differs, w);
		crossings(w);
		short_lives(w);
		snapshot_free(w->before);
	} else {
		struct picked p;

		list_pick(w->l, w->now, &p);
		for (size_t i = 0; i < p.count; i++) {
			struct sock room;
			struct sock_view v = sock_view(w->now, &w->now->records[p.rows[i]],
						       w->l->names, &room);

			tell(w, CHANGE_OPENED, w->now->at_ns, w->now, &v);
		}
		list_hints(w->l, &p);
		free(p.rows);
		w->dead_count = 0;
	}
	w->before = w->now;
	w->now = NULL;
	list_flush(w->l);
	return 0;
}

/* How long until the next look: longer than asked for where looking takes too much of the time. */
static uint64_t pause_ns(struct watch *w)
{
	uint64_t least = SHARE * w->before->took_ns;

	if (least <= w->interval_ns)
		return w->interval_ns;
	if (!w->l->warned)
		complain(0, "a look takes %llu ms: there is one every %llu ms",
			 (unsigned long long)(w->before->took_ns / 1000000),
			 (unsigned long long)(least / 1000000));
	w->l->warned = true;
	return least;
}

static int signals_fd(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* False: it is to end, by a signal or because nobody reads what is written. */
static bool wait_until(struct watch *w, int signals, uint64_t until_ns)
{
	for (;;) {
		struct pollfd fds[] = {
			{ .fd = signals, .events = POLLIN },
			{ .fd = STDOUT_FILENO },
			{ .fd = listing_watch_fd(w->l->listing), .events = POLLIN },
		};
		uint64_t now = clock_mono_ns();
		struct timespec left = { 0 };

		if (now < until_ns) {
			left.tv_sec = (time_t)((until_ns - now) / 1000000000u);
			left.tv_nsec = (long)((until_ns - now) % 1000000000u);
		}
		if (ppoll(fds, 3, &left, NULL) < 0 && errno != EINTR)
			return false;
		if (fds[0].revents || fds[1].revents & (POLLERR | POLLHUP | POLLNVAL))
			return false;
		if (fds[2].revents)
			bury(w);
		if (now >= until_ns)
			return true;
	}
}

int list_watch(struct list *l, uint64_t interval_ns)
{
	struct watch w = { .l = l, .interval_ns = interval_ns };
	int signals = signals_fd(), status = EXIT_DONE;
	struct err e = { 0 };

	listing_watch(l->listing, &e); /* without it short lives are not seen: that is all */
	if (!l->o->common.json && !l->o->no_header)
		list_text_event(l, NULL, ' ', 0);
	for (;;) {
		uint64_t began = clock_mono_ns();

		if (look(&w, &e)) {
			status = complain(e.code == EPERM || e.code == EACCES ? EXIT_PRIVILEGE
									      : EXIT_FAILED,
					  "%s", e.text);
			break;
		}
		if (l->broken || !wait_until(&w, signals, began + pause_ns(&w)))
			break;
	}
	if (!l->o->common.json && !l->broken && status == EXIT_DONE)
		buf_printf(&l->out, "%zu opened, %zu changed, %zu closed\n", w.opened, w.changed,
			   w.closed);
	list_flush(l);
	snapshot_free(w.before);
	free(w.dead);
	close(signals);
	return status == EXIT_DONE && l->o->fail_empty && !w.opened ? EXIT_FAILED : status;
}
