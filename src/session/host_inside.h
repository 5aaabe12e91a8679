/* host_inside.h - what the sampler's thread (host_thread.c) and the main thread (host.c) of a host share. */
#ifndef SRC_SESSION_HOST_INSIDE_H
#define SRC_SESSION_HOST_INSIDE_H

#include "closed_ring.h"
#include "session/host.h"
#include "session/look.h"
#include "util/err.h"
#include "util/mailbox.h"

#include <pthread.h>

enum post_kind { POST_LOOK, POST_FAILED, POST_CLOSED };

/* What has gone since the look before. */
struct gone {
	struct host_closed *closed;
	size_t count, capacity;
	struct closed_left left[CLOSED_LEAVING]; /* sockets whose owner went before them */
	size_t left_count;
};

struct post {
	struct mail mail;
	enum post_kind kind;
	struct look *look;
	struct gone *gone;             /* NULL: nothing is known of */
	struct err error;
	struct sock sock;
	uint64_t at_ns;
};

/* A look belongs to whoever holds it: the thread until it is posted, then the main thread, which gives it back when it
 * has another: pages by the thousand are let go of by the thread. Until then the thread may read the newest that it
 * posted, which is how the next one is compared with it. */
struct host {
	pthread_t thread;
	struct broker *broker;         /* asked by the thread only */
	struct names *names;           /* filled by the thread only */
	struct look_self self;
	int wake;                      /* eventfd: a request, looks that come back, or the end */
	struct mailbox box;            /* from the thread */

	pthread_mutex_t lock;          /* guards those up to the next empty line */
	struct sample_request request;
	char netns[LOOK_NETNS];
	bool asked, ending;
	bool shown;                    /* looks are for a screen: host_choose was called */
	struct look_choice choice;     /* without its filter */
	char *filter;                  /* that one's text; NULL */
	struct look *back;             /* given back */

	/* the main thread's own */
	bool still;                    /* there is no thread: see host_new_still */
	bool busy;
	struct look *now;              /* NULL before the first */
	uint64_t own_netns;            /* inode of the network namespace whose closed sockets are told */
	struct err error;
	struct closed_ring closed;
};

void *host_work(void *host); /* of the thread */
void post_free(struct post *p);  /* with what it carries */

#endif
