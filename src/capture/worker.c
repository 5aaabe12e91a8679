/* worker.c - the thread that reads a source, decodes summaries, and hands blocks over.
 *
 * It sleeps while the wire is idle. Somebody who waits for `read until` to pass a moment asks again
 * and again; while that is so the worker looks at the source every wait_ms, and for a second after.
 */
#include "inside.h"

#include "decode/decode.h"
#include "util/clock.h"
#include "util/mailbox.h"
#include "util/mem.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	FULL_MS = 5,           /* until a full mailbox is tried again */
	ASLEEP_MS = 1000,      /* the longest sleep: interfaces may go without a word */
	ASKED_NS = 1000000000, /* how long a question keeps the worker awake */
	MS_NS = 1000000,
};

bool capture_sleep(const struct capture *c, int fd, int timeout_ms)
{
	struct pollfd both[2] = { { .fd = c->wake, .events = POLLIN }, { .fd = fd, .events = POLLIN } };
	uint64_t count;

	if (poll(both, 2, timeout_ms) <= 0)
		return false;
	if (both[0].revents && read(c->wake, &count, sizeof count) < 0 && errno != EAGAIN && errno != EINTR)
		return false;
	return both[1].revents;
}

void capture_wake(const struct capture *c)
{
	const uint64_t one = 1;

	while (write(c->wake, &one, sizeof one) < 0 && errno == EINTR)
		;
}

/* --- packets --- */

/* One that was given back last is in the cache still, and its pages are there. */
static struct block *placed_block(struct capture *c)
{
	struct block *b;

	pthread_mutex_lock(&c->lock);
	b = c->spare;
	if (b)
		c->spare = (struct block *)b->mail.next;
	pthread_mutex_unlock(&c->lock);
	if (!b)
		return block_new_placed(PLACED_PACKETS);
	b->count = b->used = 0;
	b->mail.next = NULL;
	return b;
}

void capture_drop_spare(struct capture *c)
{
	for (struct block *next; c->spare; c->spare = next) {
		next = (struct block *)c->spare->mail.next;
		free(c->spare);
	}
}

void capture_give_back(struct capture *c, struct block *b)
{
	if (!c || !b->placed || b->bytes) {
		free(b);
		return;
	}
	pthread_mutex_lock(&c->lock);
	b->mail.next = c->spare ? &c->spare->mail : NULL;
	c->spare = b;
	if (atomic_load(&c->at_end)) /* there is nothing to fill them with, for now */
		capture_drop_spare(c);
	pthread_mutex_unlock(&c->lock);
}

static void make_room(struct capture *c, uint32_t bytes)
{
	struct scratch *s = &c->scratch;

	if (c->config.placed) {
		s->block = placed_block(c);
		s->packets = s->block->packets;
		return;
	}
	if (!s->packets)
		s->packets = mem_array(SCRATCH_PACKETS, sizeof *s->packets);
	if (bytes <= s->room)
		return;
	s->room = bytes < SCRATCH_BYTES ? SCRATCH_BYTES : bytes;
	s->bytes = mem_grow(s->bytes, s->room, 1);
}

static struct packet *next_packet(struct scratch *s, const struct arrival *a)
{
	struct packet *p = &s->packets[s->count++];

	/* decode_summary clears what is between. */
	memset(p, 0, offsetof(struct packet, status));
	memset(&p->flow, 0, sizeof *p - offsetof(struct packet, flow));
	p->at_ns = a->at_ns;
	p->len = a->len;
	p->ifindex = a->ifindex;
	p->linktype = a->linktype;
	p->direction = a->direction;
	p->flow = UINT32_MAX; /* the flow table's word for none */
	return p;
}

/* The bytes stay where they are until the next pull. */
static const uint8_t *borrow(struct scratch *s, struct packet *p, const uint8_t *bytes)
{
	if (s->count == 1)
		s->borrowed = bytes;
	p->offset = (uint64_t)(bytes - s->borrowed);
	return bytes;
}

static const uint8_t *copy(struct scratch *s, struct packet *p, const uint8_t *bytes)
{
	p->offset = s->used;
	if (p->cap)
		memcpy(s->bytes + s->used, bytes, p->cap);
	s->used += p->cap;
	return s->bytes + p->offset;
}

static bool is_full(const struct capture *c, uint32_t cap)
{
	const struct scratch *s = &c->scratch;

	if (c->config.placed)
		return s->count == PLACED_PACKETS;
	return s->count == SCRATCH_PACKETS || (s->count && cap > s->room - s->used);
}

void capture_take(struct capture *c, const struct arrival *a)
{
	struct scratch *s = &c->scratch;
	uint32_t cap = a->cap < c->config.snaplen ? a->cap : c->config.snaplen;
	struct packet *p;

	if (!c->pulled && is_full(c, cap))
		capture_flush(c);
	if (!s->count && !c->pulled) {
		make_room(c, cap);
		s->since_ns = clock_mono_ns();
	}
	p = next_packet(s, a);
	p->cap = cap;
	p->source = c->config.source;
	p->rebuilt = a->rebuilt;
	if (c->config.placed) {
		p->offset = a->place;
		decode_summary(p, a->bytes);
	} else {
		decode_summary(p, c->pulled ? borrow(s, p, a->bytes) : copy(s, p, a->bytes));
	}
}

bool capture_can_pull(const struct capture *c)
{
	return c->ops->pulls && c->ops->pulls(c);
}

int capture_pull(struct capture *c, struct block *out, struct err *e)
{
	struct scratch *s = &c->scratch;
	uint64_t bytes = 0;

	if (!c->pulled) {
		c->pulled = true;
		s->packets = mem_array(SCRATCH_PACKETS, sizeof *s->packets);
	}
	for (s->count = 0; !s->count && !c->error.code && !atomic_load(&c->ended);) {
		int rc = c->ops->read(c, &c->error);

		atomic_store(&c->ended, rc < 0 || rc == CAPTURE_END);
	}
	for (uint32_t i = 0; i < s->count; i++)
		bytes += s->packets[i].len;
	atomic_fetch_add_explicit(&c->received, s->count, memory_order_relaxed);
	atomic_fetch_add_explicit(&c->bytes, bytes, memory_order_relaxed);
	/* Nobody writes to the bytes of a block. */
	*out = (struct block){ .count = s->count, .packets = s->packets, .bytes = (uint8_t *)(uintptr_t)s->borrowed };
	return s->count ? 1 : capture_state(c, NULL, e);
}

static bool post(struct capture *c, struct block *b)
{
	while (!mailbox_post(c->box, &b->mail)) {
		if (!c->ops->waits || atomic_load(&c->stop))
			return false;
		capture_answer(c);
		capture_sleep(c, -1, FULL_MS);
	}
	return true;
}

void capture_flush(struct capture *c)
{
	struct scratch *s = &c->scratch;
	uint32_t count = s->count;
	uint64_t bytes = 0;
	struct block *b;

	if (!count)
		return;
	b = s->block;
	if (b) {
		s->block = NULL;
		s->packets = NULL;
	} else {
		b = block_new(count, s->used);
		memcpy(b->packets, s->packets, count * sizeof *s->packets);
		memcpy(b->bytes, s->bytes, s->used);
	}
	b->count = count;
	b->used = s->used;
	s->count = s->used = 0;
	for (uint32_t i = 0; i < count; i++)
		bytes += b->packets[i].len;
	if (post(c, b)) {
		atomic_fetch_add_explicit(&c->received, count, memory_order_relaxed);
		atomic_fetch_add_explicit(&c->bytes, bytes, memory_order_relaxed);
	} else {
		atomic_fetch_add_explicit(&c->dropped_here, count, memory_order_relaxed);
		free(b);
	}
}

void capture_extra(struct capture *c, const void *bytes, size_t len)
{
	struct block *b;

	capture_flush(c);
	b = block_new(0, (uint32_t)len);
	if (len)
		memcpy(b->bytes, bytes, len);
	b->used = (uint32_t)len;
	if (!post(c, b))
		free(b);
}

/* --- the loop --- */

void capture_answer(struct capture *c)
{
	struct filter_request *r;

	pthread_mutex_lock(&c->lock);
	r = c->request;
	c->request = NULL;
	pthread_mutex_unlock(&c->lock);
	if (!r)
		return;
	r->rc = c->ops->filter(c, r->text, &r->error);
	pthread_mutex_lock(&c->lock);
	r->answered = true;
	pthread_cond_broadcast(&c->answer);
	pthread_mutex_unlock(&c->lock);
}

static void wait_for_packets(struct capture *c)
{
	uint64_t now = clock_mono_ns();
	int timeout_ms = ASLEEP_MS, fd;

	if (atomic_exchange(&c->asked, false))
		c->asked_ns = now;
	if (c->asked_ns && now - c->asked_ns < ASKED_NS)
		timeout_ms = (int)c->config.wait_ms;
	fd = c->ops->fd(c, &timeout_ms);
	capture_sleep(c, fd, timeout_ms);
}

static bool overdue(const struct capture *c)
{
	return c->scratch.count && clock_mono_ns() - c->scratch.since_ns >= (uint64_t)c->config.wait_ms * MS_NS;
}

static int run(struct capture *c, struct err *e)
{
	while (!atomic_load(&c->stop)) {
		int rc;

		capture_answer(c);
		rc = c->ops->read(c, e);
		if (rc < 0 || rc == CAPTURE_END)
			return rc;
		if (rc == CAPTURE_IDLE || overdue(c))
			capture_flush(c);
		if (!c->scratch.count)
			atomic_store_explicit(&c->read_until, c->settled_ns, memory_order_release);
		if (rc == CAPTURE_IDLE && c->ops->rest)
			c->ops->rest(c);
		if (rc == CAPTURE_IDLE)
			wait_for_packets(c);
	}
	return 0;
}

/* Nobody may wait for an answer that never comes. */
static void refuse_requests(struct capture *c)
{
	struct filter_request *r;

	pthread_mutex_lock(&c->lock);
	c->gone = true;
	r = c->request;
	c->request = NULL;
	if (r) {
		r->rc = err_set(&r->error, ESHUTDOWN, "the capture has ended");
		r->answered = true;
		pthread_cond_broadcast(&c->answer);
	}
	pthread_mutex_unlock(&c->lock);
}

void *capture_work(void *capture)
{
	struct capture *c = capture;
	struct err why = { 0 };

	pthread_setname_np(pthread_self(),
			   "capture"); /* another thread's name is a file of /proc: not in the sandbox */
	if (run(c, &why) >= 0)
		why = (struct err){ 0 };
	capture_flush(c);
	c->error = why;
	refuse_requests(c);
	atomic_store_explicit(&c->read_until, UINT64_MAX, memory_order_release);
	atomic_store_explicit(&c->ended, true, memory_order_release);
	if (c->config.placed)
		capture_extra(c, NULL, 0); /* wakes whoever waits for the rest */
	c->ops->close(c);
	return NULL;
}
