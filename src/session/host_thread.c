/* host_thread.c - the sampler's thread: it takes snapshots, compares each with the one before, and puts it in order. */
#include "host_inside.h"

#include "privilege/broker.h"
#include "session/names.h"
#include "util/clock.h"
#include "util/mem.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MARKS = 1024 };

struct worker {
	struct host *h;
	struct sampler *sampler;
	struct names *names;     /* for its filter */
	const struct look *last; /* the newest that was posted; NULL */
	struct mark {
		uint64_t key, at_ns;
	} marks[MARKS]; /* a ring of what was opened lately */
	size_t mark_head;
	struct look_choice choice; /* with a filter of its own */
};

void post_free(struct post *p)
{
	look_free(p->look);
	if (p->gone)
		free(p->gone->closed);
	free(p->gone);
	free(p);
}

static bool post(struct host *h, struct post *p)
{
	p->mail.weight = 1;
	if (mailbox_post(&h->box, &p->mail))
		return true;
	post_free(p);
	return false;
}

/* --- what has changed --- */

struct difference {
	struct worker *w;
	const struct look *look;
	struct gone *gone;
};

/* A process that ends takes its sockets along, but not at the same instant. */
static void note_leaving(struct gone *g, const struct snapshot *before, const struct record *r)
{
	const struct record *was = r->owner_count ? NULL : snapshot_find(before, r->key);
	size_t count;

	if (was && was->owner_count && g->left_count < CLOSED_LEAVING)
		g->left[g->left_count++] = (struct closed_left){ r->key, *record_owners(before, was, &count) };
}

static void note_closed(struct gone *g, const struct snapshot *in, const struct record *r)
{
	struct host_closed *c;
	const struct owner *o;
	size_t count;

	if (g->count == HOST_CLOSED)
		return; /* so many are kept */
	MEM_ROOM(g->closed, g->count, g->capacity);
	c = &g->closed[g->count++];
	*c = (struct host_closed){ .key = r->key, .closed_ns = clock_real_ns(), .netns = r->netns, .seen = true };
	record_sock(in, r, &c->sock);
	o = record_owners(in, r, &count);
	if (count)
		c->owner = o[0];
}

static void differs(void *ctx, enum change change, const struct snapshot *in, const struct record *r)
{
	struct difference *d = ctx;
	struct worker *w = d->w;

	if (change == CHANGE_CHANGED) {
		note_leaving(d->gone, w->last->snapshot, r);
	} else if (change == CHANGE_CLOSED) {
		note_closed(d->gone, in, r);
	} else {
		w->marks[w->mark_head] = (struct mark){ r->key, in->at_ns };
		w->mark_head = (w->mark_head + 1) % MARKS;
	}
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void find_fresh(const struct worker *w, struct look *l)
{
	const struct snapshot *s = l->snapshot;

	l->fresh = mem_array(MARKS, sizeof *l->fresh);
	for (size_t i = 0; i < MARKS; i++) {
		const struct record *r;

		if (s->at_ns >= w->marks[i].at_ns + HOST_MARK_NS)
			continue;
		r = snapshot_find(s, w->marks[i].key);
		if (r)
			l->fresh[l->fresh_count++] = (uint32_t)(r - s->records);
	}
	qsort(l->fresh, l->fresh_count, sizeof *l->fresh, by_number);
}

/* The first one, or the first one of another namespace: nothing is new in it, nothing was closed, and nothing moves. */
static struct gone *compare(struct worker *w, struct look *l)
{
	const struct look *last = w->last && !strcmp(w->last->netns, l->netns) ? w->last : NULL;
	struct difference d = { .w = w, .look = l, .gone = last ? mem_alloc(sizeof *d.gone) : NULL };

	if (last)
		snapshot_diff(last->snapshot, l->snapshot, differs, &d);
	rates_make(&l->rates, last ? last->snapshot : NULL, l->snapshot);
	find_fresh(w, l);
	return d.gone;
}

/* --- a look --- */

/* Outside of the sandbox, if somebody there can do it. */
static int take(struct worker *w, const struct sample_request *request, struct snapshot **out, struct err *e)
{
	struct broker *b = w->h->broker;
	int rc = broker_alive(b) ? broker_snapshot(b, request, out, e) : -EPIPE;

	return rc == -EPIPE ? sampler_take(w->sampler, request, out, e) : rc;
}

struct order {
	struct sample_request request;
	char netns[LOOK_NETNS];
	bool asked, shown;
};

static void choose(struct worker *w, struct look *l)
{
	if (!w->choice.id)
		return;
	l->chosen = mem_array(l->count, sizeof *l->chosen);
	l->chosen_count = look_choose(l, &w->choice, names_table(w->names), l->chosen);
	l->chosen_for = w->choice.id;
}

static void sample(struct worker *w, struct order *o)
{
	struct host *h = w->h;
	struct post *p = mem_alloc(sizeof *p);
	struct look *l = mem_alloc(sizeof *l);

	o->request.netns = o->netns[0] ? o->netns : NULL;
	if (take(w, &o->request, &l->snapshot, &p->error)) {
		p->kind = POST_FAILED;
		l->snapshot = NULL;
		look_free(l);
		post(h, p);
		return;
	}
	memcpy(l->netns, o->netns, LOOK_NETNS);
	if (h->names)
		names_learn(h->names, l->snapshot);
	names_learn(w->names, l->snapshot);
	for (size_t i = 1; i < l->snapshot->count && !l->many_netns; i++)
		l->many_netns = l->snapshot->records[i].netns != l->snapshot->records[0].netns;
	p->kind = POST_LOOK;
	p->look = l;
	p->gone = compare(w, l);
	if (o->shown) {
		look_arrange(l, &h->self);
		choose(w, l);
	}
	if (post(h, p))
		w->last = l;
}

static void tell_closed(struct worker *w)
{
	struct sock sock;

	while (sampler_watched(w->sampler, &sock) == 1) {
		struct post *p = mem_alloc(sizeof *p);

		p->kind = POST_CLOSED;
		p->sock = sock;
		p->at_ns = clock_real_ns();
		post(w->h, p);
	}
}

/* --- orders --- */

/* A filter that was good for the main thread is good here. */
static void take_choice(struct worker *w)
{
	const struct host *h = w->h;

	if (w->choice.id == h->choice.id)
		return;
	filter_free(w->choice.filter);
	w->choice = h->choice;
	w->choice.filter = NULL;
	if (h->filter && filter_new(h->filter, &w->choice.filter, NULL, NULL))
		w->choice.id = 0;
}

static bool take_order(struct worker *w, struct order *o)
{
	struct host *h = w->h;
	struct look *back;
	uint64_t count;
	bool ending;

	while (read(h->wake, &count, sizeof count) < 0 && errno == EINTR)
		;
	pthread_mutex_lock(&h->lock);
	ending = h->ending;
	o->asked = h->asked;
	o->shown = h->shown;
	h->asked = false;
	o->request = h->request;
	memcpy(o->netns, h->netns, LOOK_NETNS);
	take_choice(w);
	back = h->back;
	h->back = NULL;
	pthread_mutex_unlock(&h->lock);
	for (struct look *next; back; back = next) {
		next = back->next;
		look_free(back);
	}
	return !ending;
}

void *host_work(void *host)
{
	struct worker *w = mem_alloc(sizeof *w);
	struct order order;
	struct err why;

	w->h = host;
	w->names = names_new(NAMES_LEARNT);
	if (sampler_new(&w->sampler, &why)) {
		struct post *p = mem_alloc(sizeof *p);

		p->kind = POST_FAILED;
		p->error = why;
		post(host, p);
		goto out;
	}
	sampler_watch(w->sampler, NULL); /* refused: closed sockets are seen by what vanishes */
	for (;;) {
		struct pollfd fds[2] = {
			{ .fd = w->h->wake, .events = POLLIN },
			{ .fd = sampler_watch_fd(w->sampler), .events = POLLIN },
		};

		poll(fds, 2, -1);
		if (fds[1].revents)
			tell_closed(w);
		if (!fds[0].revents)
			continue;
		if (!take_order(w, &order))
			break;
		if (order.asked)
			sample(w, &order);
	}
	sampler_free(w->sampler);
out:
	filter_free(w->choice.filter);
	names_free(w->names);
	free(w);
	return NULL;
}
