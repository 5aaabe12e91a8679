/* mem.h - memory for things whose size we choose. Running out of it ends the program in one place, after the
 * terminal has been restored (see mem_on_failure). What the outside sizes has a cap of its own instead.
 */
#ifndef UTIL_MEM_H
#define UTIL_MEM_H

#include <stddef.h>

void *mem_alloc(size_t size);                /* zeroed; never NULL; free() it */
void *mem_array(size_t count, size_t size);  /* zeroed, overflow checked */
void *mem_sparse(size_t count, size_t size); /* the same, of which much may never be used: it costs nothing then */
void *mem_grow(void *old, size_t count, size_t size); /* realloc, overflow checked; new part not zeroed */
char *mem_string(const char *text);                   /* a copy; NULL stays NULL */

/* Called once before the program gives up; the terminal's owner registers its restore function here. */
void mem_on_failure(void (*last_words)(void));

/* Large blocks (MEM_LARGE bytes and more) lie in large pages where the kernel has them (madvise(2), MADV_HUGEPAGE): to
 * fault in one by one the pages of what is filled once costs more than filling it. mem_setup, once at the start of the
 * program, has them given back as soon as they are freed, too. */
enum { MEM_LARGE = 1 << 20 };
void mem_setup(void);
/* The capacity after this one, of elements of this size: at least twice as many, and what fills the pages. */
size_t mem_more(size_t capacity, size_t size);

/* Make room for one more element when count has reached the capacity. */
#define MEM_ROOM(array, count, capacity)                                                          \
	do {                                                                                      \
		if ((count) >= (capacity)) {                                                      \
			(capacity) = (__typeof__(capacity))mem_more((capacity), sizeof *(array)); \
			(array) = mem_grow((array), (capacity), sizeof *(array));                 \
		}                                                                                 \
	} while (0)

#endif
