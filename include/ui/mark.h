/* mark.h - times told from the mark on (m and M). */
#ifndef UI_MARK_H
#define UI_MARK_H

#include "session/session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Is time told since the mark? */
bool mark_counts(const struct session *s);
/* Seconds since the mark where time is told from it, with its sign, else since `since_ns`, in at most `cells`
 * characters: as many decimals as there is room for. Returns out. */
char *mark_time(const struct session *s, uint64_t at_ns, uint64_t since_ns, char *out, size_t size, int cells);
/* Where something is marked: "75 µs after packet 3 · ". Appends. */
void mark_words(const struct session *s, uint64_t at_ns, struct buf *out);

#endif
