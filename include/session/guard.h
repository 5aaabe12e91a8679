/* guard.h - when privileges go: what needs them is opened, then guard_enter gives them away,
 * then threads start. One for the program, made by its face, borrowed by the session and by
 * sources. */
#ifndef SESSION_GUARD_H
#define SESSION_GUARD_H

#include "privilege/broker.h"
#include "privilege/privilege.h"
#include "privilege/sandbox.h"

#include "util/err.h"

#include <stdbool.h>

struct guard {
	struct privileges held; /* at the start */
	struct sandbox_config wanted;
	struct sandbox box;
	bool state;            /* the state directory may be written: the UI's history */
	struct broker *broker; /* keeps what is given away; NULL: there is none. Owned */
	bool lost;             /* it has died */
	bool entered;
	struct err failure; /* strict: why not; said again by later calls */
};

void guard_init(struct guard *g); /* reads what is held */
/* Fork the broker, before anything is opened. Where it cannot be had, things go on without. */
void guard_broker(struct guard *g);
/* The broker, while it lives; NULL. */
struct broker *guard_helper(const struct guard *g);
/* It has died, and nobody was told yet. */
bool guard_has_lost(const struct guard *g);
/* Once: give everything away, by `wanted`. Later calls, and a NULL guard, do nothing. -errno
 * only where `strict` asks for more than the kernel has. One thread. */
int guard_enter(struct guard *g, struct err *e);
/* May this file be written? As sandbox_may_write; a NULL guard says yes. */
int guard_may_write(const struct guard *g, const char *path, struct err *e);
/* Of a file that could not be opened: adds that root's way to other users' folders was given
 * away, where that may be why. */
void guard_explain(const struct guard *g, struct err *e);
/* For the status line: "root, sandboxed". Returns out. */
char *guard_words(const struct guard *g, char *out, size_t size);
void guard_done(struct guard *g);

#endif
