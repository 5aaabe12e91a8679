/* test_capture_help.h - what the tests of the capture share: a mailbox that is emptied into an
 * array. */
#ifndef TEST_CAPTURE_HELP_H
#define TEST_CAPTURE_HELP_H

#include "capture/capture.h"
#include "util/clock.h"
#include "util/err.h"
#include "util/mailbox.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum { GOT_MOST = 20000, GOT_BYTES = 16, TOO_LONG_MS = 20000 };

struct got {
	struct packet packet;
	uint8_t tail[GOT_BYTES]; /* the last bytes that were kept */
};

struct harvest {
	struct mailbox box;
	struct capture *capture;
	struct got *got;
	unsigned count, blocks;
};

static inline void harvest_begin(struct harvest *h, const struct capture_config *config, uint64_t limit)
{
	struct err e = { 0 };

	memset(h, 0, sizeof *h);
	h->got = calloc(GOT_MOST, sizeof *h->got);
	cr_assert_eq(mailbox_init(&h->box, limit), 0);
	cr_assert_eq(capture_open(config, &h->capture, &e), 0, "%s", e.text);
}

static inline void harvest_start(struct harvest *h)
{
	struct err e = { 0 };

	cr_assert_eq(capture_start(h->capture, &h->box, &e), 0, "%s", e.text);
}

/* Take what has arrived; blocks must be exactly as large as they say. */
static inline void harvest_take(struct harvest *h)
{
	for (struct mail *m = mailbox_take(&h->box), *next; m; m = next) {
		struct block *b = (struct block *)m;
		uint32_t used = 0;

		next = m->next;
		h->blocks++;
		cr_assert_gt(b->count, 0);
		for (uint32_t i = 0; i < b->count; i++) {
			const struct packet *p = &b->packets[i];
			uint32_t n = p->cap < GOT_BYTES ? p->cap : GOT_BYTES;

			cr_assert_eq(p->offset, used);
			used += p->cap;
			cr_assert_lt(h->count, GOT_MOST);
			h->got[h->count].packet = *p;
			memcpy(h->got[h->count].tail + GOT_BYTES - n, block_bytes(b, p) + p->cap - n, n);
			h->count++;
		}
		cr_assert_eq(b->used, used);
		free(b);
	}
}

/* Wait for mail, at most so long. */
static inline void harvest_wait(struct harvest *h, int ms)
{
	struct pollfd p = { .fd = h->box.fd, .events = POLLIN };

	poll(&p, 1, ms);
	harvest_take(h);
}

/* Take until everything from before `at_ns` has been handed over. */
static inline void harvest_until(struct harvest *h, uint64_t at_ns)
{
	uint64_t end = clock_mono_ns() + (uint64_t)TOO_LONG_MS * 1000000, until;

	do {
		until = capture_read_until(h->capture);
		harvest_wait(h, until > at_ns ? 0 : 5);
		cr_assert_lt(clock_mono_ns(), end, "read_until does not move on");
	} while (until <= at_ns);
}

/* Take until the source has ended; the result is capture_state's. */
static inline int harvest_end(struct harvest *h, struct err *e)
{
	harvest_until(h, UINT64_MAX - 1);
	for (bool ended = false; !ended;) {
		int rc = capture_state(h->capture, &ended, e);

		harvest_take(h);
		if (ended)
			return rc;
	}
	return 0;
}

static inline void harvest_done(struct harvest *h)
{
	capture_close(h->capture);
	cr_assert(capture_reap(h->capture, true));
	h->capture = NULL;
	harvest_take(h);
	mailbox_done(&h->box);
	free(h->got);
}

#endif
