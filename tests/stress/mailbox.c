/* Two threads post to one mailbox while a third takes: everything arrives once, in each poster's
 * order, within the limit, and no wake-up is lost; at the end the box is closed under the posters'
 * hands. For the thread sanitizer. */
#include "util/mailbox.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { POSTERS = 2, MAILS = 200000, LIMIT = 200, LONG_MS = 30000 };

struct letter {
	struct mail mail;
	unsigned from, number;
};

struct poster {
	struct mailbox *box;
	unsigned id, refused_closed;
	pthread_t thread;
	atomic_bool *closed;
};

static void *post_all(void *arg)
{
	struct poster *p = arg;

	for (unsigned i = 0; i < MAILS; i++) {
		struct letter *l = calloc(1, sizeof *l);

		l->mail.weight = 1 + i % 7;
		l->from = p->id;
		l->number = i;
		while (!mailbox_post(p->box, &l->mail)) {
			if (atomic_load(p->closed)) {
				free(l);
				p->refused_closed++;
				break;
			}
		}
	}
	return NULL;
}

/* Take what is there; -1 when something is out of order. */
static int take(struct mailbox *box, unsigned next[POSTERS])
{
	int got = 0;

	for (struct mail *m = mailbox_take(box), *after; m; m = after, got++) {
		struct letter *l = (struct letter *)m;

		after = m->next;
		if (l->number < next[l->from])
			return -1;
		next[l->from] = l->number + 1;
		free(l);
	}
	return got;
}

int main(void)
{
	struct poster posters[POSTERS];
	unsigned next[POSTERS] = { 0 };
	atomic_bool closed = false;
	struct mailbox box;
	int total = 0, refused = 0;

	if (mailbox_init(&box, LIMIT))
		return 1;
	for (unsigned i = 0; i < POSTERS; i++) {
		posters[i] = (struct poster){ .box = &box, .id = i, .closed = &closed };
		pthread_create(&posters[i].thread, NULL, post_all, &posters[i]);
	}
	while (total < POSTERS * MAILS * 9 / 10) {
		struct pollfd p = { .fd = box.fd, .events = POLLIN };
		int got;

		if (poll(&p, 1, LONG_MS) != 1 || (got = take(&box, next)) < 0) {
			printf("mailbox: asleep or out of order after %d letters\n", total);
			return 1;
		}
		total += got;
	}
	mailbox_close(&box);
	atomic_store(&closed, true);
	for (unsigned i = 0; i < POSTERS; i++) {
		pthread_join(posters[i].thread, NULL);
		refused += (int)posters[i].refused_closed;
	}
	total += take(&box, next);
	mailbox_done(&box);
	printf("mailbox: %d letters arrived, %d were refused after closing\n", total, refused);
	return total + refused == POSTERS * MAILS ? 0 : 1;
}
