/* The hand-over between two threads: order, limit, readiness, closing. */
#include "util/mailbox.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <pthread.h>

static bool readable(const struct mailbox *m)
{
	struct pollfd p = { .fd = m->fd, .events = POLLIN };

	return poll(&p, 1, 0) == 1;
}

static unsigned length(const struct mail *m)
{
	unsigned n = 0;

	for (; m; m = m->next)
		n++;
	return n;
}

Test(mailbox, order_and_readiness)
{
	struct mail mails[5] = { 0 };
	struct mailbox m;
	struct mail *got;

	cr_assert_eq(mailbox_init(&m, 100), 0);
	cr_assert_not(readable(&m));
	cr_assert_null(mailbox_take(&m));
	for (unsigned i = 0; i < 5; i++) {
		cr_assert(mailbox_post(&m, &mails[i]));
		cr_assert(readable(&m));
	}
	got = mailbox_take(&m);
	cr_assert_not(readable(&m));
	for (unsigned i = 0; i < 5; i++, got = got->next)
		cr_assert_eq(got, &mails[i]);
	cr_assert_null(got);
	cr_assert(mailbox_post(&m, &mails[0]));
	cr_assert(readable(&m));
	got = mailbox_take(&m);
	cr_assert_eq(got, &mails[0]);
	cr_assert_null(got->next);
	mailbox_done(&m);
	mailbox_done(&m); /* twice does no harm */
}

Test(mailbox, limit)
{
	struct mail mails[4] = { { .weight = 60 }, { .weight = 40 }, { .weight = 1 }, { .weight = 1000 } };
	struct mailbox m;

	mailbox_init(&m, 100);
	cr_assert(mailbox_post(&m, &mails[0]));
	cr_assert(mailbox_post(&m, &mails[1]), "exactly full is not over");
	cr_assert_not(mailbox_post(&m, &mails[2]));
	cr_assert_eq(length(mailbox_take(&m)), 2);
	cr_assert(mailbox_post(&m, &mails[3]), "an empty box takes anything");
	cr_assert_not(mailbox_post(&m, &mails[2]));
	cr_assert_eq(length(mailbox_take(&m)), 1);
	cr_assert(mailbox_post(&m, &mails[2]));
	mailbox_take(&m);
	mailbox_done(&m);
}

Test(mailbox, closed)
{
	struct mail a = { 0 }, b = { 0 };
	struct mailbox m;

	mailbox_init(&m, 100);
	cr_assert(mailbox_post(&m, &a));
	mailbox_close(&m);
	cr_assert_not(mailbox_post(&m, &b));
	cr_assert_eq(mailbox_take(&m), &a, "what was posted before can still be taken");
	cr_assert_null(mailbox_take(&m));
	mailbox_done(&m);
}

enum { MAILS = 20000 };

static void *post_all(void *box)
{
	static struct mail mails[MAILS];

	for (unsigned i = 0; i < MAILS; i++) {
		mails[i].weight = 1;
		while (!mailbox_post(box, &mails[i]))
			;
	}
	return mails;
}

/* Every wake-up finds what was posted: no mail waits in a box that does not look readable. */
Test(mailbox, nothing_is_slept_through)
{
	struct mail *first = NULL;
	unsigned got = 0;
	struct mailbox m;
	pthread_t t;

	mailbox_init(&m, 50);
	pthread_create(&t, NULL, post_all, &m);
	while (got < MAILS) {
		struct pollfd p = { .fd = m.fd, .events = POLLIN };
		struct mail *x;

		cr_assert_eq(poll(&p, 1, 10000), 1, "asleep with %u of %u", got, (unsigned)MAILS);
		x = mailbox_take(&m);
		if (!first)
			first = x;
		for (; x; x = x->next, got++)
			cr_assert_eq(x, first + got);
	}
	pthread_join(t, NULL);
	mailbox_done(&m);
}
