#include "session/host.h"

#include "closed_ring.h"
#include "core/rate.h"
#include "privilege/broker.h"
#include "session/names.h"
#include "util/clock.h"
#include "util/err.h"
#include "util/hash.h"
#include "util/mailbox.h"
#include "util/mem.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { NETNS = 64, MARKS = 1024, BOX_LIMIT = 4096 };

enum post_kind { POST_SNAPSHOT, POST_FAILED, POST_CLOSED };

struct post {
	struct mail mail;
	enum post_kind kind;
	struct snapshot *snapshot;
	struct sock_rate *rates;       /* of its records */
	char netns[NETNS];             /* what was asked for */
	struct err error;
	struct sock sock;
	uint64_t at_ns;
};

struct mark {
	uint64_t key, at_ns;
};

struct host {
	pthread_t thread;
	struct broker *broker;         /* asked by the thread only */
	struct names *names;           /* filled by the thread only */
	int wake;                      /* eventfd: a request, or the end */
	struct mailbox box;            /* from the thread */

	pthread_mutex_t lock;          /* guards the four below */
	struct sample_request request;
	char netns[NETNS];
	bool asked, ending;

	/* the main thread's own */
	bool still;                    /* there is no thread: see host_new_still */
	bool busy;
	struct snapshot *now;
	char of_netns[NETNS];          /* whose sockets `now` has */
	struct sock_rate *rates;       /* of the records of `now` */
	uint8_t *fresh;                /* one a record of `now`: it was opened lately */
	uint32_t *by_cookie;           /* a hash of its records, index + 1; NULL until one is asked for */
	size_t by_cookie_mask;
	bool many_netns;
	struct err error;
	struct closed_ring closed;
	struct mark marks[MARKS];      /* a ring of what was opened lately */
	size_t mark_head;
};

/* --- the thread --- */

static bool post(struct host *h, struct post *p)
{
	p->mail.weight = 1;
	if (mailbox_post(&h->box, &p->mail))
		return true;
	snapshot_free(p->snapshot);
	free(p->rates);
	free(p);
	return false;
}

/* Outside of the sandbox, if somebody there can do it. */
static int take(struct host *h, struct sampler *sampler, const struct sample_request *request, struct snapshot **out,
		struct err *e)
{
	int rc = broker_alive(h->broker) ? broker_snapshot(h->broker, request, out, e) : -EPIPE;

	return rc == -EPIPE ? sampler_take(sampler, request, out, e) : rc;
}

/* What the thread keeps from one look to the next. */
struct kept {
	struct rate_memory rates;
	char netns[NETNS];
};

static void sample(struct host *h, struct sampler *sampler, struct kept *kept, const struct sample_request *asked,
		   const char *netns)
{
	struct sample_request request = *asked;
	struct post *p = mem_alloc(sizeof *p);

	request.netns = netns[0] ? netns : NULL;
	memcpy(p->netns, netns, NETNS);
	p->kind = POST_SNAPSHOT;
	if (take(h, sampler, &request, &p->snapshot, &p->error)) {
		p->kind = POST_FAILED;
		p->snapshot = NULL;
	} else {
		if (h->names)
			names_learn(h->names, p->snapshot);
		if (strcmp(kept->netns, netns)) /* other sockets: no rates between those and these */
			rates_forget(&kept->rates);
		memcpy(kept->netns, netns, NETNS);
		p->rates = rates_next(&kept->rates, p->snapshot);
	}
	post(h, p);
}

static void tell_closed(struct host *h, struct sampler *sampler)
{
	struct sock sock;

	while (sampler_watched(sampler, &sock) == 1) {
		struct post *p = mem_alloc(sizeof *p);

		p->kind = POST_CLOSED;
		p->sock = sock;
		p->at_ns = clock_real_ns();
		post(h, p);
	}
}

static bool take_request(struct host *h, struct sample_request *request, char netns[NETNS], bool *asked)
{
	uint64_t count;
	bool ending;

	while (read(h->wake, &count, sizeof count) < 0 && errno == EINTR)
		;
	pthread_mutex_lock(&h->lock);
	ending = h->ending;
	*asked = h->asked;
	h->asked = false;
	*request = h->request;
	memcpy(netns, h->netns, NETNS);
	pthread_mutex_unlock(&h->lock);
	return !ending;
}

static void *work(void *arg)
{
	struct host *h = arg;
	struct sample_request request;
	struct sampler *sampler = NULL;
	struct kept kept = { 0 };
	char netns[NETNS];
	struct err why;
	bool asked;

	if (sampler_new(&sampler, &why)) {
		struct post *p = mem_alloc(sizeof *p);

		p->kind = POST_FAILED;
		p->error = why;
		post(h, p);
		return NULL;
	}
	sampler_watch(sampler, NULL); /* refused: closed sockets are seen by what vanishes */
	for (;;) {
		struct pollfd fds[2] = {
			{ .fd = h->wake, .events = POLLIN },
			{ .fd = sampler_watch_fd(sampler), .events = POLLIN },
		};

		poll(fds, 2, -1);
		if (fds[1].revents)
			tell_closed(h, sampler);
		if (!fds[0].revents)
			continue;
		if (!take_request(h, &request, netns, &asked))
			break;
		if (asked)
			sample(h, sampler, &kept, &request, netns);
	}
	rates_forget(&kept.rates);
	sampler_free(sampler);
	return NULL;
}

/* --- the main thread --- */

static int make(struct broker *broker, struct names *names, bool still, struct host **out, struct err *e)
{
	struct host *h = mem_alloc(sizeof *h);
	int rc = mailbox_init(&h->box, BOX_LIMIT);

	if (rc) {
		free(h);
		return err_set(e, -rc, "eventfd: %s", strerror(-rc));
	}
	h->broker = broker;
	h->still = h->busy = still;
	h->names = names;
	h->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&h->lock, NULL);
	closed_ring_init(&h->closed);
	rc = h->wake < 0 ? errno : still ? 0 : pthread_create(&h->thread, NULL, work, h);
	if (rc) {
		err_set(e, rc, "the sampler's thread: %s", strerror(rc));
		if (h->wake >= 0)
			close(h->wake);
		mailbox_done(&h->box);
		pthread_mutex_destroy(&h->lock);
		closed_ring_done(&h->closed);
		free(h);
		return -rc;
	}
	*out = h;
	return 0;
}

int host_new(struct broker *broker, struct names *names, struct host **out, struct err *e)
{
	return make(broker, names, false, out, e);
}

int host_new_still(struct host **out, struct err *e)
{
	return make(NULL, NULL, true, out, e);
}

static void wake(struct host *h)
{
	const uint64_t one = 1;

	while (write(h->wake, &one, sizeof one) < 0 && errno == EINTR)
		;
}

static void drop_posts(struct host *h)
{
	for (struct mail *m = mailbox_take(&h->box), *next; m; m = next) {
		next = m->next;
		snapshot_free(((struct post *)m)->snapshot);
		free(((struct post *)m)->rates);
		free(m);
	}
}

void host_free(struct host *h)
{
	if (!h)
		return;
	pthread_mutex_lock(&h->lock);
	h->ending = true;
	pthread_mutex_unlock(&h->lock);
	wake(h);
	if (!h->still)
		pthread_join(h->thread, NULL);
	drop_posts(h);
	mailbox_done(&h->box);
	close(h->wake);
	pthread_mutex_destroy(&h->lock);
	snapshot_free(h->now);
	free(h->rates);
	free(h->fresh);
	free(h->by_cookie);
	closed_ring_done(&h->closed);
	free(h);
}

int host_fd(const struct host *h)
{
	return h->box.fd;
}

void host_ask(struct host *h, const struct sample_request *request, const char *netns)
{
	pthread_mutex_lock(&h->lock);
	h->request = *request;
	h->request.netns = NULL;
	snprintf(h->netns, sizeof h->netns, "%s", netns ? netns : "");
	h->asked = true;
	pthread_mutex_unlock(&h->lock);
	h->busy = true;
	wake(h);
}

bool host_busy(const struct host *h)
{
	return h->busy;
}

/* A process that ends takes its sockets along, but not at the same instant. */
static void note_leaving(struct host *h, const struct record *r)
{
	const struct record *was = r->owner_count ? NULL : snapshot_find(h->now, r->key);
	size_t count;

	if (was && was->owner_count)
		closed_ring_leave(&h->closed, r->key, record_owners(h->now, was, &count));
}

static void changed(void *ctx, enum change change, const struct snapshot *in, const struct record *r)
{
	struct host *h = ctx;

	if (change == CHANGE_CHANGED)
		note_leaving(h, r);
	if (change == CHANGE_OPENED) {
		h->marks[h->mark_head] = (struct mark){ r->key, in->at_ns };
		h->mark_head = (h->mark_head + 1) % MARKS;
	} else if (change == CHANGE_CLOSED) {
		struct host_closed c = { .key = r->key, .closed_ns = clock_real_ns(),
					 .netns = r->netns, .seen = true };
		size_t count;
		const struct owner *o = record_owners(in, r, &count);

		record_sock(in, r, &c.sock);
		if (count)
			c.owner = o[0];
		closed_ring_add(&h->closed, &c);
	}
}

static void index_cookies(struct host *h)
{
	size_t slots = 64;

	while (slots < 2 * h->now->count)
		slots *= 2;
	h->by_cookie = mem_array(slots, sizeof *h->by_cookie);
	h->by_cookie_mask = slots - 1;
	for (size_t i = 0; i < h->now->count; i++) {
		uint64_t cookie = h->now->records[i].cookie;
		size_t at = hash_mix(cookie) & h->by_cookie_mask;

		while (cookie && h->by_cookie[at])
			at = (at + 1) & h->by_cookie_mask;
		if (cookie)
			h->by_cookie[at] = (uint32_t)i + 1;
	}
}

static const struct record *find_cookie(struct host *h, uint64_t cookie)
{
	if (!h->now || !cookie)
		return NULL;
	if (!h->by_cookie)
		index_cookies(h);
	for (size_t at = hash_mix(cookie) & h->by_cookie_mask; h->by_cookie[at];
	     at = (at + 1) & h->by_cookie_mask) {
		const struct record *r = &h->now->records[h->by_cookie[at] - 1];

		if (r->cookie == cookie)
			return r;
	}
	return NULL;
}

/* A socket that the kernel has just destroyed: the snapshot knows its owner, by the cookie. */
static void destroyed(struct host *h, const struct post *p)
{
	struct host_closed c = { .closed_ns = p->at_ns, .sock = p->sock };
	const struct record *r = find_cookie(h, p->sock.cookie);
	struct sock seen;
	size_t count;

	if (r) {
		const struct owner *o = record_owners(h->now, r, &count);

		record_sock(h->now, r, &seen);
		c.sock = closed_sock(&seen, &p->sock);
		c.key = r->key;
		c.netns = r->netns;
		c.seen = true;
		if (count)
			c.owner = o[0];
	}
	if (!c.key)
		c.key = hash_mix(p->sock.cookie ^ p->at_ns);
	closed_ring_add(&h->closed, &c);
}

/* The marks that are still young, as one flag a record. */
static void mark_fresh(struct host *h)
{
	free(h->fresh);
	h->fresh = mem_array(h->now->count, 1);
	for (size_t i = 0; i < MARKS; i++) {
		const struct record *r;

		if (h->now->at_ns >= h->marks[i].at_ns + HOST_MARK_NS)
			continue;
		r = snapshot_find(h->now, h->marks[i].key);
		if (r)
			h->fresh[r - h->now->records] = 1;
	}
}

/* The first one, or the first one of another namespace: nothing is new in it, and nothing was closed. */
static void adopt(struct host *h, struct post *p)
{
	struct snapshot *made = p->snapshot;

	if (h->now && !strcmp(h->of_netns, p->netns))
		snapshot_diff(h->now, made, changed, h);
	memcpy(h->of_netns, p->netns, NETNS);
	free(h->rates);
	h->rates = p->rates;
	snapshot_free(h->now);
	free(h->by_cookie);
	h->by_cookie = NULL;
	h->now = made;
	h->many_netns = false;
	for (size_t i = 1; i < made->count && !h->many_netns; i++)
		h->many_netns = made->records[i].netns != made->records[0].netns;
	h->error = (struct err){ 0 };
	mark_fresh(h);
}

void host_put(struct host *h, struct snapshot *made)
{
	snapshot_free(h->now);
	free(h->by_cookie);
	h->by_cookie = NULL;
	h->now = made;
}

void host_put_closed(struct host *h, const struct host_closed *c)
{
	closed_ring_add(&h->closed, c);
}

unsigned host_adopt(struct host *h)
{
	struct mail *m = mailbox_take(&h->box);
	unsigned news = 0;

	while (m) {
		struct post *p = (struct post *)m;

		m = m->next;
		news |= p->kind == POST_CLOSED ? HOST_NEWS_CLOSED : HOST_NEWS_SNAPSHOT;
		if (p->kind == POST_CLOSED)
			destroyed(h, p);
		else if (p->kind == POST_SNAPSHOT)
			adopt(h, p);
		else
			h->error = p->error;
		if (p->kind != POST_CLOSED)
			h->busy = false;
		free(p);
	}
	return news;
}

const struct snapshot *host_snapshot(const struct host *h)
{
	return h->now;
}

const struct err *host_error(const struct host *h)
{
	return &h->error;
}

bool host_is_new(const struct host *h, const struct record *r)
{
	size_t index = (size_t)(r - h->now->records);

	return h->fresh && index < h->now->count && h->fresh[index];
}

const struct sock_rate *host_rate(const struct host *h, const struct record *r)
{
	return h->rates ? &h->rates[r - h->now->records] : NULL;
}

bool host_many_netns(const struct host *h)
{
	return h->many_netns;
}

size_t host_closed_count(const struct host *h)
{
	return h->closed.count;
}

const struct host_closed *host_closed_at(const struct host *h, size_t index)
{
	return closed_ring_at(&h->closed, index);
}
