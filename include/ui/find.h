/* find.h - the next of many rows for which something holds: a search, the next of the same kind. */
#ifndef UI_FIND_H
#define UI_FIND_H

#include "ui/pane.h"

#include <stdbool.h>
#include <stddef.h>

/* Rows are tried one after another from the one behind `from` (before it for way -1), round the end, and `from` itself
 * last. FOUND_NOTHING: none, and *at is untouched. */
enum found find_row(size_t count, size_t from, int way, bool (*holds)(void *ctx, size_t row), void *ctx, size_t *at);

#endif
