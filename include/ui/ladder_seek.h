/* ladder_seek.h - one row of a ladder among many: the next that contains something, the next of the
 * same kind. */
#ifndef UI_LADDER_SEEK_H
#define UI_LADDER_SEEK_H

#include "analysis/ladder.h"
#include "ui/find.h"

/* In what a row says, or in the bytes of its packet. */
enum found ladder_seek(const struct ladder *l, const struct session *s, const struct needle *n, size_t from, int way,
		       size_t *at);
/* Packets as in packet_find.h, calls of the same function, the same state. */
enum found ladder_seek_same(const struct ladder *l, const struct session *s, size_t from, int way, size_t *at);

#endif
