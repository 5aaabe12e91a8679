/* guard.h - when privileges go: what needs them is opened, then guard_enter gives them away, then threads start. One for
 * the program, made by its face, borrowed by the session and by sources.
 */
#ifndef SESSION_GUARD_H
#define SESSION_GUARD_H

#include "privilege/privilege.h"
#include "privilege/sandbox.h"

#include <stdbool.h>

struct buf;
struct err;

struct guard {
	struct privileges held;        /* at the start */
	struct sandbox_config wanted;
	struct sandbox box;
	bool state;                    /* the state directory may be written: the UI's history */
	bool entered;
};

void guard_init(struct guard *g);      /* reads what is held */
/* Once: give everything away, by `wanted`. Later calls, and a NULL guard, do nothing. -errno only where `strict` asks for
 * more than the kernel has. One thread. */
int guard_enter(struct guard *g, struct err *e);
/* May this file be written? As sandbox_may_write; a NULL guard says yes. */
int guard_may_write(const struct guard *g, const char *path, struct err *e);
void guard_done(struct guard *g);

#endif
