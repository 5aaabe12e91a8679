#include "inside.h"

#include "util/clock.h"
#include "util/err.h"
#include "util/hash.h"
#include "util/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { EVENTS = 64, ROUNDS = 8 };

struct lab *lab_new(const struct lab_hooks *hooks, struct err *e)
{
	struct lab *l = mem_alloc(sizeof *l);

	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (l->epoll < 0) {
		err_set(e, errno, "epoll_create1: %s", strerror(errno));
		free(l);
		return NULL;
	}
	if (hooks)
		l->hooks = *hooks;
	l->seed = hash_seed();
	l->echo_retry_ns = UINT64_MAX;
	journal_init(&l->journal);
	return l;
}

void lab_free(struct lab *l)
{
	if (!l)
		return;
	l->hooks = (struct lab_hooks){ 0 };
	calls_drop(l);
	for (size_t i = 0; i < l->order_count; i++) {
		struct node *n = l->order[i];

		if (!n || n->s.fd < 0 || l->still)
			continue;
		close(n->s.fd);
		path_remove(l, n);
	}
	table_done(l);
	journal_done(&l->journal);
	restore_done(l);
	free(l->scratch);
	close(l->epoll);
	free(l);
}

int lab_fd(const struct lab *l)
{
	return l->epoll;
}

struct journal *lab_journal(struct lab *l)
{
	return &l->journal;
}

void lab_changed(struct lab *l)
{
	if (l->hooks.changed)
		l->hooks.changed(l->hooks.ctx);
}

int lab_watch(struct lab *l, struct node *n, uint32_t events, bool change)
{
	/* Ids are never used again, so an event for a socket that has gone meanwhile finds nothing. */
	struct epoll_event event = { .events = events, .data.u64 = n->s.id };

	return epoll_ctl(l->epoll, change ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, n->s.fd, &event) ? -errno : 0;
}

uint64_t lab_deadline(const struct lab *l)
{
	uint64_t first = l->echo_retry_ns;

	for (const struct op *op = l->waiting; op; op = op->all_next) {
		if (op->deadline_ns < first)
			first = op->deadline_ns;
		if (op->retry_ns < first)
			first = op->retry_ns;
	}
	return first;
}

void lab_dispatch(struct lab *l)
{
	struct epoll_event events[EVENTS];
	uint64_t now_ns;

	for (int round = 0; round < ROUNDS; round++) {
		int count = epoll_wait(l->epoll, events, EVENTS, 0);

		for (int i = 0; i < count; i++) {
			struct node *n = node_find(l, (uint32_t)events[i].data.u64);

			if (!n || n->s.fd < 0)
				continue;
			if (n->s.peer) {
				echo_event(l, n, events[i].events);
				continue;
			}
			look_state(l, n, clock_real_ns());
			calls_resume(l, n);
		}
		if (count < EVENTS)
			break;
	}
	now_ns = clock_mono_ns();
	calls_due(l, now_ns);
	echo_due(l, now_ns);
}
