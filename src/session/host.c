#include "session/host.h"

#include "host_inside.h"
#include "privilege/broker.h"
#include "util/hash.h"
#include "util/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BOX_LIMIT = 4096 };

/* --- life --- */

static uint64_t netns_inode(void)
{
	struct stat st;

	return stat("/proc/self/ns/net", &st) ? 0 : st.st_ino;
}

static int make(struct broker *broker, struct names *names, bool still, struct host **out, struct err *e)
{
	struct host *h = mem_alloc(sizeof *h);
	int rc = mailbox_init(&h->box, BOX_LIMIT);

	if (rc) {
		free(h);
		return err_set(e, -rc, "eventfd: %s", strerror(-rc));
	}
	h->broker = broker;
	h->self = (struct look_self){ (uint32_t)getpid(), broker ? (uint32_t)broker_pid(broker) : 0 };
	h->own_netns = netns_inode();
	h->still = h->busy = still;
	h->names = names;
	h->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&h->lock, NULL);
	closed_ring_init(&h->closed);
	rc = h->wake < 0 ? errno : still ? 0 : pthread_create(&h->thread, NULL, host_work, h);
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
		post_free((struct post *)m);
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
	look_free(h->now);
	for (struct look *next; h->back; h->back = next) {
		next = h->back->next;
		look_free(h->back);
	}
	free(h->filter);
	closed_ring_done(&h->closed);
	free(h);
}

int host_fd(const struct host *h)
{
	return h->box.fd;
}

/* --- asking --- */

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

void host_choose(struct host *h, uint64_t id, uint32_t pid, const char *filter)
{
	char *text = mem_string(filter), *old;

	pthread_mutex_lock(&h->lock);
	h->shown = true;
	h->choice = (struct look_choice){ .id = id, .pid = pid };
	old = h->filter;
	h->filter = text;
	pthread_mutex_unlock(&h->lock);
	free(old);
}

bool host_busy(const struct host *h)
{
	return h->busy;
}

/* --- adopting --- */

/* A socket that the kernel has just destroyed: the snapshot knows its owner. */
static void destroyed(struct host *h, const struct post *p)
{
	struct host_closed c = { .closed_ns = p->at_ns, .sock = p->sock };
	const struct snapshot *now = h->now && p->sock.cookie ? h->now->snapshot : NULL;
	const struct record *r = now ? snapshot_find(now, sock_key(&p->sock, h->own_netns)) : NULL;
	struct sock seen;
	size_t count;

	if (r && r->cookie == p->sock.cookie) {
		const struct owner *o = record_owners(now, r, &count);

		record_sock(now, r, &seen);
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

static void give_back(struct host *h, struct look *old)
{
	if (!old || h->still) {
		look_free(old);
		return;
	}
	pthread_mutex_lock(&h->lock);
	old->next = h->back;
	h->back = old;
	pthread_mutex_unlock(&h->lock);
	wake(h);
}

static void adopt(struct host *h, struct post *p)
{
	const struct gone *g = p->gone;

	for (size_t i = 0; g && i < g->count; i++)
		closed_ring_add(&h->closed, &g->closed[i]);
	for (size_t i = 0; g && i < g->left_count; i++)
		closed_ring_leave(&h->closed, &g->left[i]);
	give_back(h, h->now);
	h->now = p->look;
	p->look = NULL;
	h->error = (struct err){ 0 };
}

void host_put(struct host *h, struct snapshot *made)
{
	look_free(h->now);
	h->now = mem_alloc(sizeof *h->now);
	h->now->snapshot = made;
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
		else if (p->kind == POST_LOOK)
			adopt(h, p);
		else
			h->error = p->error;
		if (p->kind != POST_CLOSED)
			h->busy = false;
		post_free(p);
	}
	return news;
}

/* --- what is there --- */

const struct snapshot *host_snapshot(const struct host *h)
{
	return h->now ? h->now->snapshot : NULL;
}

const struct look *host_look(struct host *h)
{
	if (h->now && !h->now->arranged)
		look_arrange(h->now, &h->self);
	return h->now;
}

const struct err *host_error(const struct host *h)
{
	return &h->error;
}

bool host_many_netns(const struct host *h)
{
	return h->now && h->now->many_netns;
}

size_t host_closed_count(const struct host *h)
{
	return h->closed.count;
}

const struct host_closed *host_closed_at(const struct host *h, size_t index)
{
	return closed_ring_at(&h->closed, index);
}
