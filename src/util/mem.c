#include "util/mem.h"

#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void (*restore)(void); /* the only mutable state here: it must be reachable when nothing else is */

void mem_on_failure(void (*last_words)(void))
{
	restore = last_words;
}

static void *checked(void *memory)
{
	static const char words[] = "sockeye: out of memory\n";

	if (memory)
		return memory;
	if (restore)
		restore();
	if (write(STDERR_FILENO, words, sizeof words - 1) < 0)
		abort();
	_exit(1);
}

/* --- large blocks --- */

enum { PAGE = 2 << 20, ITS_OWN = 32 }; /* of x86-64 and arm64; what malloc(3) needs besides in a mapping */

/* As many as fill whole large pages: such a mapping is aligned to them (Linux 6.7). */
static size_t rounded(size_t bytes)
{
	if (bytes < MEM_LARGE || bytes > SIZE_MAX / 2)
		return bytes;
	return (bytes + ITS_OWN + PAGE - 1) / PAGE * PAGE - ITS_OWN;
}

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25 /* Linux 6.1 */
#endif

/* Advice: it may be refused. malloc(3) has touched the first page already, as a small one: that is put right. */
static void *advised(void *block, size_t bytes, bool fresh)
{
	uintptr_t from = (uintptr_t)block & ~(uintptr_t)4095;

	if (block && !madvise((void *)from, (uintptr_t)block + bytes - from, MADV_HUGEPAGE) && fresh)
		madvise((void *)from, PAGE, MADV_COLLAPSE);
	return block;
}

void mem_setup(void)
{
	mallopt(M_MMAP_THRESHOLD, MEM_LARGE);
	mallopt(M_TRIM_THRESHOLD, PAGE / 2);
}

size_t mem_more(size_t capacity, size_t size)
{
	size_t bytes;

	if (!capacity)
		return 16;
	if (__builtin_mul_overflow(capacity, 2 * size, &bytes))
		return SIZE_MAX; /* mem_grow refuses it */
	return rounded(bytes) / size;
}

/* --- blocks --- */

void *mem_alloc(size_t size)
{
	return checked(calloc(1, size ? size : 1));
}

void *mem_array(size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		return checked(NULL);
	if (bytes < MEM_LARGE)
		return checked(calloc(1, bytes ? bytes : 1));
	bytes = rounded(bytes);
	return checked(advised(calloc(1, bytes), bytes, true));
}

void *mem_sparse(size_t count, size_t size)
{
	return checked(calloc(count ? count : 1, size ? size : 1));
}

void *mem_grow(void *old, size_t count, size_t size)
{
	size_t bytes, has = malloc_usable_size(old);
	void *block;

	if (__builtin_mul_overflow(count, size, &bytes))
		return checked(NULL);
	if (bytes < MEM_LARGE)
		return checked(realloc(old, bytes ? bytes : 1));
	bytes = rounded(bytes);
	if (has >= MEM_LARGE)
		return checked(advised(realloc(old, bytes), bytes, false));
	block = checked(advised(malloc(bytes), bytes, true));
	if (old)
		memcpy(block, old, has);
	free(old);
	return block;
}

char *mem_string(const char *text)
{
	return text ? checked(strdup(text)) : NULL;
}
