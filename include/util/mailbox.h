/* mailbox.h - a bounded hand-over of nodes from one thread to another.
 *
 * The posting thread owns a node until mailbox_post returns true, the taking thread owns it after mailbox_take.
 * The lock guards a pointer swap, nothing else; nobody decodes, draws or calls the system while holding it.
 * `fd` (eventfd(2)) is readable while the box is not empty, for poll(2).
 */
#ifndef UTIL_MAILBOX_H
#define UTIL_MAILBOX_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct mail {
	struct mail *next; /* first member of what is posted */
	uint64_t weight;   /* what counts against the limit, for example bytes */
};

struct mailbox {
	int fd;
	pthread_mutex_t lock; /* guards everything below */
	struct mail *head, **tail;
	uint64_t used, limit; /* sums of weight */
	bool closed;
};

int mailbox_init(struct mailbox *m, uint64_t limit); /* 0 or -errno */
void mailbox_done(struct mailbox *m);                /* the box must be empty or closed; frees no mail */
/* False when the box is over its limit (unless it is empty) or closed: the node stays the caller's. */
bool mailbox_post(struct mailbox *m, struct mail *mail);
/* The whole queue, oldest first, linked by next; NULL when empty. Also clears the readiness of fd. */
struct mail *mailbox_take(struct mailbox *m);
uint64_t mailbox_weight(struct mailbox *m); /* of what waits in it now */
void mailbox_close(struct mailbox *m);      /* later posts are refused */

#endif
