/* look.h - one look at the sockets of the host: a snapshot, and all that is made of it once for the screen, so that
 * nothing is left to do for 200,000 sockets when a key is pressed.
 *
 * It is made by the sampler's thread (session/host.h) and never changed afterwards, but for what look_arrange adds.
 * Records are named by their index in the snapshot.
 */
#ifndef SESSION_LOOK_H
#define SESSION_LOOK_H

#include "core/filter.h"
#include "core/rate.h"
#include "core/snapshot.h"
#include "core/sock_column.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LOOK_NETNS = 64 };

/* Which of the sockets are shown. */
struct look_choice {
	uint64_t id;           /* of whoever made it: the same means the same; 0: all, and nothing below counts */
	uint32_t pid;          /* those that this process has; 0: whoever */
	struct filter *filter; /* NULL: none; its scratch buffer makes it one thread's */
};

struct look {
	struct look *next;
	struct snapshot *snapshot;
	char netns[LOOK_NETNS]; /* what was asked for */
	struct rates rates;
	uint32_t *fresh; /* opened lately, ascending */
	size_t fresh_count;
	bool many_netns; /* they are of more than one network namespace */

	bool arranged;
	uint32_t *order; /* those of others, in the order of core/rank.h; the broker's own are left out */
	size_t count;
	uint32_t *near; /* those that may be ours: this process has them, or nobody that is known and our user */
	size_t near_count;
	uint64_t chosen_for; /* id of the choice that was made of `order`; 0: none was */
	uint32_t *chosen;
	size_t chosen_count;
};

/* The processes that are this program. */
struct look_self {
	uint32_t pid, helper; /* helper: the broker's; 0: there is none */
};

void look_free(struct look *l);                                  /* with its snapshot; NULL is fine */
void look_arrange(struct look *l, const struct look_self *self); /* once */
/* Those of `order` that are chosen, into *out, which has room for all of them. Returns how many. */
size_t look_choose(const struct look *l, const struct look_choice *c, const struct sock_names *names, uint32_t *out);
/* Is this record chosen? */
bool look_chooses(const struct look *l, const struct look_choice *c, const struct sock_names *names, uint32_t record);
/* Everything of a record but its socket, which is unpacked when it is needed. */
void look_view(const struct look *l, uint32_t record, const struct sock_names *names, struct sock_view *out);
bool look_is_fresh(const struct look *l, uint32_t record);

#endif
