#include "util/mailbox.h"

#include <errno.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <unistd.h>

int mailbox_init(struct mailbox *m, uint64_t limit)
{
	*m = (struct mailbox){ .fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), .limit = limit };
	if (m->fd < 0)
		return -errno;
	m->tail = &m->head;
	pthread_mutex_init(&m->lock, NULL);
	return 0;
}

void mailbox_done(struct mailbox *m)
{
	if (m->fd < 0)
		return;
	close(m->fd);
	m->fd = -1;
	pthread_mutex_destroy(&m->lock);
}

bool mailbox_post(struct mailbox *m, struct mail *mail)
{
	bool was_empty, taken = false;

	mail->next = NULL;
	pthread_mutex_lock(&m->lock);
	was_empty = !m->head;
	if (!m->closed && (was_empty || m->used + mail->weight <= m->limit)) {
		*m->tail = mail;
		m->tail = &mail->next;
		m->used += mail->weight;
		taken = true;
	}
	pthread_mutex_unlock(&m->lock);
	if (taken && was_empty) {
		const uint64_t one = 1;

		while (write(m->fd, &one, sizeof one) < 0 && errno == EINTR)
			;
	}
	return taken;
}

struct mail *mailbox_take(struct mailbox *m)
{
	struct mail *queue;
	uint64_t count;

	/* Clear the readiness first: a post that comes between the two makes it ready again. */
	while (read(m->fd, &count, sizeof count) < 0 && errno == EINTR)
		;
	pthread_mutex_lock(&m->lock);
	queue = m->head;
	m->head = NULL;
	m->tail = &m->head;
	m->used = 0;
	pthread_mutex_unlock(&m->lock);
	return queue;
}

uint64_t mailbox_weight(struct mailbox *m)
{
	uint64_t used;

	pthread_mutex_lock(&m->lock);
	used = m->used;
	pthread_mutex_unlock(&m->lock);
	return used;
}

void mailbox_close(struct mailbox *m)
{
	pthread_mutex_lock(&m->lock);
	m->closed = true;
	pthread_mutex_unlock(&m->lock);
}
