#include "util/mem.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void (*restore)(
	void); /* the only mutable state here: it must be reachable when nothing else is */

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

void *mem_alloc(size_t size)
{
	return checked(calloc(1, size ? size : 1));
}

void *mem_array(size_t count, size_t size)
{
	return checked(calloc(count ? count : 1, size ? size : 1));
}

void *mem_grow(void *old, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		return checked(NULL);
	return checked(realloc(old, bytes ? bytes : 1));
}

char *mem_string(const char *text)
{
	return text ? checked(strdup(text)) : NULL;
}
