/* call_find.h - is a call one that is searched for? */
#ifndef UI_CALL_FIND_H
#define UI_CALL_FIND_H

#include "lab/journal.h"
#include "util/needle.h"

/* In its line as the Calls pane has it, or in the bytes that it moved. */
bool call_contains(const struct call *c, const struct needle *n, bool ascii);
/* Are both calls of the same function? Also of a send that is told as sendto. */
bool call_same(const struct call *a, const struct call *b);

#endif
