#include "session/source.h"

#include "util/err.h"
#include "util/mailbox.h"
#include "util/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BOX_BYTES = 32 << 20, FLOWS_MOST = 1 << 22, EXTRA = 8 };

struct source {
	struct mailbox box;
	struct capture *capture;
	bool pulls;          /* a file: read here, without a worker */
	struct block pulled; /* borrowed until the next taking */
	int over;            /* of a pull: what source_ended says */
	struct err why;
	struct mail *queue; /* taken from the box, not given away yet */
	struct flow_table flows;
	uint64_t next; /* number of the next packet */
};

int source_open(const struct capture_config *config, struct source **out, struct err *e)
{
	struct source *s = mem_alloc(sizeof *s);
	int rc;

	s->next = 1;
	flow_table_init(&s->flows, FLOWS_MOST);
	rc = mailbox_init(&s->box, BOX_BYTES);
	if (rc) {
		err_set(e, -rc, "eventfd: %s", strerror(-rc));
		goto out;
	}
	rc = capture_open(config, &s->capture, e);
	s->pulls = !rc && capture_can_pull(s->capture);
	if (!rc && !s->pulls)
		rc = capture_start(s->capture, &s->box, e);
	if (rc)
		goto out;
	*out = s;
	return 0;
out:
	source_close(s);
	return rc;
}

void source_close(struct source *s)
{
	if (!s)
		return;
	if (s->capture) {
		capture_close(s->capture);
		capture_reap(s->capture, true);
	}
	for (struct block *b; s->box.tail && !s->pulls && (b = source_take(s));)
		free(b);
	if (s->box.tail)
		mailbox_done(&s->box);
	flow_table_done(&s->flows);
	free(s);
}

int source_wait(struct source *s, struct pollfd *extra, size_t count, int timeout_ms)
{
	struct pollfd fds[EXTRA + 1];

	if (s->queue || s->pulls || count > EXTRA)
		timeout_ms = 0;
	if (count > EXTRA)
		count = EXTRA;
	memcpy(fds, extra, count * sizeof *extra);
	fds[count] = (struct pollfd){ .fd = s->box.fd, .events = POLLIN };
	if (poll(fds, count + 1, timeout_ms) < 0) {
		if (errno != EINTR)
			return -errno;
		return 0;
	}
	memcpy(extra, fds, count * sizeof *extra);
	return 0;
}

static struct block *pull(struct source *s)
{
	int rc = s->over ? 0 : capture_pull(s->capture, &s->pulled, &s->why);

	if (rc <= 0 && !s->over)
		s->over = rc ? rc : 1;
	return rc > 0 ? &s->pulled : NULL;
}

static struct block *unqueue(struct source *s)
{
	struct block *b;

	if (!s->queue)
		s->queue = mailbox_take(&s->box);
	b = (struct block *)s->queue;
	if (b)
		s->queue = s->queue->next;
	return b;
}

void source_give_back(struct source *s, struct block *b)
{
	if (b != &s->pulled)
		free(b);
}

struct block *source_take(struct source *s)
{
	struct block *b = s->pulls ? pull(s) : unqueue(s);

	if (!b)
		return NULL;
	for (uint32_t i = 0; i < b->count; i++)
		b->packets[i].number = s->next++;
	return b;
}

void source_enter(struct source *s, struct block *b, uint32_t i)
{
	flow_table_add(&s->flows, &b->packets[i], block_bytes(b, &b->packets[i]));
}

int source_ended(struct source *s, struct err *e)
{
	bool ended = false;
	int rc;

	if (s->pulls) {
		if (s->over < 0 && e)
			*e = s->why;
		return s->over;
	}
	rc = capture_state(s->capture, &ended, e);
	if (!rc && !ended)
		return 0;
	/* The last blocks were posted before it ended. */
	if (!s->queue)
		s->queue = mailbox_take(&s->box);
	if (s->queue)
		return 0;
	return rc ? rc : 1;
}

const struct flow_table *source_flows(const struct source *s)
{
	return &s->flows;
}

void source_stats(const struct source *s, struct capture_stats *out)
{
	capture_stats(s->capture, out);
}
