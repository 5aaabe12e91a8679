/* host.h - the sockets of the whole host, sampled by a thread of its own so that a dump of 200,000 sockets never stops
 * the screen.
 *
 * The thread owns the sampler. The main thread asks for a snapshot (host_ask), is told by a readable descriptor
 * (host_fd), and adopts what has come (host_adopt). The thread compares it with the one before, and puts it in order
 * (session/look.h): nothing that takes long for many sockets is left to the main thread. What vanished between two of
 * them, and what the kernel's destroy groups told of in between, is kept as a bounded list of closed sockets.
 */
#ifndef SESSION_HOST_H
#define SESSION_HOST_H

#include "core/snapshot.h"
#include "kernel/sampler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct broker;
struct err;
struct host;
struct names;
struct look;

enum { HOST_CLOSED = 5000 };

#define HOST_MARK_NS 3000000000u /* how long a new or closed row is marked */

/* A socket that is no more, with its last values. */
struct host_closed {
	uint64_t key;
	uint64_t closed_ns; /* CLOCK_REALTIME */
	struct sock sock;
	uint64_t netns;
	struct owner owner; /* the first one; pid 0: not known */
	bool seen;          /* it was in a snapshot; else it lived between two of them */
};

/* The snapshots are taken by `broker` while it lives (borrowed; NULL: by the thread itself). `names` (borrowed, may be
 * NULL) learns the users in them. */
int host_new(struct broker *broker, struct names *names, struct host **out, struct err *e);
/* Of a recording: no thread and no questions; what there was is put in, always `busy`. */
int host_new_still(struct host **out, struct err *e);
void host_put(struct host *h, struct snapshot *made); /* takes it over */
void host_put_closed(struct host *h, const struct host_closed *c);
void host_free(struct host *h); /* joins the thread; NULL is fine */
int host_fd(const struct host *h);
/* Ask for a snapshot. One is taken at a time: while one is under way the newest request waits. */
void host_ask(struct host *h, const struct sample_request *request, const char *netns);
/* The looks are for a screen: from the next one on they come in order, and of their sockets those are chosen that this
 * process has (pid; 0: all) and this filter matches (which has been parsed before; NULL: all). `id`: see struct
 * look_choice. */
void host_choose(struct host *h, uint64_t id, uint32_t pid, const char *filter);
bool host_busy(const struct host *h);
/* Take over what the thread has posted: bits of what is new, 0 for nothing. */
enum host_news {
	HOST_NEWS_SNAPSHOT = 1 << 0, /* or the reason why there is none */
	HOST_NEWS_CLOSED = 1 << 1,   /* sockets that have closed */
};
unsigned host_adopt(struct host *h);
const struct snapshot *host_snapshot(const struct host *h); /* NULL before the first */
/* Why the last one failed; code 0: it did not. */
const struct err *host_error(const struct host *h);
/* The same with all that was made of it; put in order now where that was not asked for before. NULL before the first.
 * */
const struct look *host_look(struct host *h);
bool host_many_netns(const struct host *h); /* are they of more than one network namespace? */
/* Newest first: index 0 up to host_closed_count - 1. */
size_t host_closed_count(const struct host *h);
const struct host_closed *host_closed_at(const struct host *h, size_t index);

#endif
