/* moved.h - the bytes that our own calls moved on one socket, as a list of journal numbers. It
 * stands for the wire where there is none to see: UNIX sockets, or no capture. */
#ifndef UI_MOVED_H
#define UI_MOVED_H

#include "lab/journal.h"
#include "ui/find.h"
#include "ui/grid.h"

struct moved {
	uint32_t sock;
	uint64_t changes;  /* of the journal, when the list was made */
	uint64_t *numbers; /* ascending */
	size_t count, capacity;
};

void moved_done(struct moved *m);
void moved_settle(struct moved *m, const struct journal *j, uint32_t sock);
/* Time, arrow, call, length, text. */
void moved_draw(const struct area *a, int y, const struct session *s, const struct call *c, uint64_t since_ns);
/* The place of the next one that contains it, or that is a call of the same name. */
enum found moved_find(const struct moved *m, const struct journal *j, const struct needle *n, size_t from, int way,
		      size_t *at);
enum found moved_find_same(const struct moved *m, const struct journal *j, size_t from, int way, size_t *at);

#endif
