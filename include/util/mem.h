/* mem.h - memory for things whose size we choose. Running out of it ends the program in one place, after the
 * terminal has been restored (see mem_on_failure). What the outside sizes has a cap of its own instead.
 */
#ifndef UTIL_MEM_H
#define UTIL_MEM_H

#include <stddef.h>

void *mem_alloc(size_t size);                        /* zeroed; never NULL; free() it */
void *mem_array(size_t count, size_t size);          /* zeroed, overflow checked */
void *mem_grow(void *old, size_t count, size_t size); /* realloc, overflow checked; new part not zeroed */
char *mem_string(const char *text);                  /* a copy; NULL stays NULL */

/* Called once before the program gives up; the terminal's owner registers its restore function here. */
void mem_on_failure(void (*last_words)(void));

/* Make room for one more element: doubles *capacity when count has reached it. */
#define MEM_ROOM(array, count, capacity)                                                             \
	do {                                                                                         \
		if ((count) >= (capacity)) {                                                         \
			(capacity) = (capacity) ? (capacity) * 2 : 16;                               \
			(array) = mem_grow((array), (capacity), sizeof *(array));                    \
		}                                                                                    \
	} while (0)

#endif
