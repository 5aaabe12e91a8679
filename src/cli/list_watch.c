/* list_watch.c - --watch: what is there, then what opens, changes and closes, until a signal comes
 * or nobody reads.
 *
 * A socket that begins to match the filter is told as opened, one that no longer does as closed, so
 * that whoever adds and removes what is told has at every moment what matches. The kernel tells of
 * sockets that close (their last counters); those that lived between two looks are told as opened
 * and closed at once. Rates are those between the last two looks; where they are asked for (-i, or a column of them),
 * sockets whose bytes move are told as changed at every look, and once more when they have come to rest.
 */
#include "cli/list.h"

#include "core/rate.h"
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

enum {
	DEAD_MOST = 1 << 16,
	SHARE = 4, /* of the time, at most one part is spent looking */
	LAST_WORDS_MS = 100,
	FLUSH_BYTES = 1 << 16,
};

struct dead {
	struct sock sock;
	uint64_t at_ns;
	bool late;    /* told of after the last dump had begun: whether it was in it, the next one shows */
	bool was, is; /* in the snapshot before, in the last one (where it may be a TIME-WAIT now) */
};

struct watch {
	struct list *l;
	struct snapshot *before, *now;
	struct rates rates_before, rates; /* of the two */
	bool tells_rates;
	struct dead *dead; /* not yet out of every snapshot; in order of cookie after a look */
	size_t dead_count, dead_capacity;
	size_t opened, changed, closed;
	uint64_t interval_ns;
	bool slowed; /* a longer pause was told of */
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
	if (l->out.len > FLUSH_BYTES)
		list_flush(l);
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

/* Its last counters, which the kernel told when it was destroyed: a TIME-WAIT has none any more. A
 * socket that was reset by its owner was emptied before: then what was seen last is more. */
static void add_counters(struct sock *last, const struct dead *dead)
{
	char congestion[sizeof last->tcp.congestion];

	if (!(dead->sock.known & SOCK_HAS_TCP))
		return;
	if ((last->known & SOCK_HAS_TCP) && last->tcp.bytes_sent > dead->sock.tcp.bytes_sent)
		return;
	memcpy(congestion, last->tcp.congestion, sizeof congestion);
	last->tcp = dead->sock.tcp;
	last->known |= SOCK_HAS_TCP;
	if (!last->tcp.congestion[0])
		memcpy(last->tcp.congestion, congestion, sizeof congestion);
}

static const struct sock_rate *rate_of(const struct watch *w, const struct snapshot *in, const struct record *r)
{
	return rates_of(in == w->now ? &w->rates : &w->rates_before, (size_t)(r - in->records));
}

static void tell_record(struct watch *w, enum change change, const struct snapshot *in, const struct record *r)
{
	const struct dead *dead = find_dead(w, r->cookie);
	struct sock last;
	struct sock_view v = sock_view(in, r, w->l->names, &last);
	uint64_t at_ns = w->now->at_ns;

	v.rate = rate_of(w, in, r);

	if (dead)
		add_counters(&last, dead);
	if (dead && change == CHANGE_CLOSED && in == w->before)
		at_ns = dead->at_ns;
	tell(w, change, at_ns, in, &v);
}

static void differs(void *ctx, enum change change, const struct snapshot *in, const struct record *r)
{
	struct watch *w = ctx;
	const struct record *was = change == CHANGE_CHANGED ? snapshot_find(w->before, r->key) : NULL;

	if (!list_wants(w->l, in, r) || (was && !list_wants(w->l, w->before, was)))
		return; /* what crosses the filter is told by crossings() */
	tell_record(w, change, in, r);
}

/* Sockets that are in both snapshots, but match in one of them only. */
static void crossings(struct watch *w)
{
	const struct snapshot *s = w->now;

	for (size_t i = 0; w->l->filter && i < s->count; i++) {
		const struct record *r = &s->records[i], *was = snapshot_find(w->before, r->key);
		bool matches, matched;

		if (!was)
			continue;
		matches = list_wants(w->l, s, r);
		matched = list_wants(w->l, w->before, was);
		if (matches != matched)
			tell_record(w, matches ? CHANGE_OPENED : CHANGE_CLOSED, s, r);
	}
}

/* Sockets that only move bytes, or have just stopped to: nothing else of them has changed. */
static void movers(struct watch *w)
{
	const struct snapshot *s = w->now;

	for (size_t i = 0; w->tells_rates && i < s->count; i++) {
		const struct record *r = &s->records[i], *was = snapshot_find(w->before, r->key);

		if (!was || !(rate_moves(rate_of(w, s, r)) || rate_moves(rate_of(w, w->before, was))) ||
		    record_changed(w->before, was, s, r))
			continue;
		if (list_wants(w->l, s, r) && list_wants(w->l, w->before, was))
			tell_record(w, CHANGE_CHANGED, s, r);
	}
}

/* --- sockets that were never seen alive --- */

static void mark_seen(struct watch *w)
{
	for (size_t i = 0; i < w->dead_count; i++)
		w->dead[i].was = w->dead[i].is = false;
	for (size_t i = 0; w->dead_count && w->before && i < w->before->count; i++) {
		struct dead *d = find_dead(w, w->before->records[i].cookie);

		if (d)
			d->was = true;
	}
	for (size_t i = 0; w->dead_count && i < w->now->count; i++) {
		struct dead *d = find_dead(w, w->now->records[i].cookie);

		if (d)
			d->is = true;
	}
}

static void short_lives(struct watch *w)
{
	struct snapshot gone = { 0 };

	for (size_t i = 0; i < w->dead_count; i++) {
		const struct dead *d = &w->dead[i];
		struct sock_view v;
		struct record *r;
		struct sock room;

		if (d->was || d->is || d->late)
			continue;
		gone.count = gone.tcp_bytes = 0;
		r = snapshot_add(&gone, &d->sock, 0);
		r->reason = OWNER_EXITED;
		if (!list_wants(w->l, &gone, r))
			continue;
		v = sock_view(&gone, r, w->l->names, &room);
		tell(w, CHANGE_OPENED, d->at_ns, NULL, &v);
		tell(w, CHANGE_CLOSED, d->at_ns, NULL, &v);
	}
	snapshot_done(&gone);
}

/* Those that the next look may still meet stay. */
static void forget(struct watch *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->dead_count; i++)
		if (w->dead[i].is || (w->dead[i].late && !w->dead[i].was))
			w->dead[kept++] = w->dead[i];
	w->dead_count = kept;
}

static void bury(struct watch *w, bool late)
{
	struct sock s;

	while (listing_closed(w->l->listing, &s)) {
		if (w->dead_count == DEAD_MOST || !(s.known & SOCK_HAS_COOKIE))
			continue;
		MEM_ROOM(w->dead, w->dead_count, w->dead_capacity);
		w->dead[w->dead_count++] = (struct dead){ .sock = s, .at_ns = clock_real_ns(), .late = late };
	}
}

/* --- looking --- */

static void sort_dead(struct watch *w)
{
	if (w->dead_count)
		qsort(w->dead, w->dead_count, sizeof *w->dead, by_cookie);
}

struct awaited {
	const struct watch *w;
	size_t count;
};

static void await(void *ctx, enum change change, const struct snapshot *in, const struct record *r)
{
	struct awaited *a = ctx;
	enum state s = (enum state)r->state;

	(void)in;
	if (change != CHANGE_CLOSED || (r->family != AF_INET && r->family != AF_INET6))
		return;
	if (s == STATE_TIME_WAIT || s == STATE_SYN_RECEIVED)
		return; /* these end without a word */
	a->count += r->cookie && !find_dead(a->w, r->cookie);
}

/* A socket leaves the kernel's tables a moment before its last counters are told (of our own
 * namespace). */
static void wait_for_counters(struct watch *w)
{
	struct pollfd fd = { .fd = listing_watch_fd(w->l->listing), .events = POLLIN };
	uint64_t until = clock_mono_ns() + LAST_WORDS_MS * 1000000u;

	while (fd.fd >= 0 && !w->l->o->netns) {
		struct awaited a = { .w = w };

		snapshot_diff(w->before, w->now, await, &a);
		if (!a.count || clock_mono_ns() >= until)
			return;
		if (poll(&fd, 1, LAST_WORDS_MS / 10) < 0)
			return;
		bury(w, true);
		sort_dead(w);
	}
}

static void first_look(struct watch *w)
{
	struct picked p;

	list_pick(w->l, w->now, &p);
	for (size_t i = 0; i < p.count; i++)
		tell_record(w, CHANGE_OPENED, w->now, &w->now->records[p.rows[i]]);
	list_hints(w->l, &p);
	free(p.rows);
}

static int look(struct watch *w, struct err *e)
{
	int rc;

	for (size_t i = 0; i < w->dead_count; i++)
		w->dead[i].late = false;
	bury(w, false);
	rc = list_take(w->l, w->before != NULL, &w->now, e);
	if (rc)
		return rc;
	rates_make(&w->rates, w->before, w->now);
	bury(w, true);
	sort_dead(w);
	if (w->before)
		wait_for_counters(w);
	mark_seen(w);
	if (w->before) {
		snapshot_diff(w->before, w->now, differs, w);
		crossings(w);
		movers(w);
		short_lives(w);
	} else {
		first_look(w);
	}
	forget(w);
	snapshot_free(w->before);
	rates_done(&w->rates_before);
	w->before = w->now;
	w->rates_before = w->rates;
	w->now = NULL;
	w->rates = (struct rates){ 0 };
	list_flush(w->l);
	return 0;
}

/* How long until the next look: longer than asked for where looking takes too much of the time, which is said once. */
static uint64_t pause_ns(struct watch *w)
{
	uint64_t least = SHARE * w->before->took_ns;

	if (least <= w->interval_ns)
		return w->interval_ns;
	if (!w->slowed)
		complain(0, "a look takes %llu ms: there is one every %llu ms",
			 (unsigned long long)(w->before->took_ns / 1000000), (unsigned long long)(least / 1000000));
	w->slowed = true;
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
			bury(w, false);
		if (now >= until_ns)
			return true;
	}
}

/* -i, or a column that was asked for. */
static bool rates_are_asked_for(const struct list *l)
{
	bool asked = l->o->info;

	for (size_t i = 0; i < l->column_count; i++)
		asked |= (l->columns[i]->flags & COLUMN_RATE) != 0;
	return asked;
}

int list_watch(struct list *l, uint64_t interval_ns)
{
	struct watch w = { .l = l, .interval_ns = interval_ns, .tells_rates = rates_are_asked_for(l) };
	int signals = signals_fd(), status = EXIT_DONE;
	struct err e = { 0 };

	listing_watch(l->listing, &e); /* without it short lives are not seen: that is all */
	if (!l->o->common.json && !l->o->no_header)
		list_text_event(l, NULL, ' ', 0);
	for (;;) {
		uint64_t began = clock_mono_ns();

		if (look(&w, &e)) {
			status = complain(e.code == EPERM || e.code == EACCES ? EXIT_PRIVILEGE : EXIT_FAILED, "%s",
					  e.text);
			break;
		}
		if (l->broken || !wait_until(&w, signals, began + pause_ns(&w)))
			break;
	}
	if (!l->o->common.json && !l->broken && status == EXIT_DONE)
		buf_printf(&l->out, "%zu opened, %zu changed, %zu closed\n", w.opened, w.changed, w.closed);
	list_flush(l);
	snapshot_free(w.before);
	rates_done(&w.rates_before);
	free(w.dead);
	close(signals);
	return status == EXIT_DONE && l->o->fail_empty && !w.opened ? EXIT_FAILED : status;
}
