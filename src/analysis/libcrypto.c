#include "libcrypto.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const char *const names[] = { "libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.so" };

static const struct row {
	const char *name;
	size_t offset;
} rows[] = {
#define ROW(function) { #function, offsetof(struct libcrypto, function) },
	LIBCRYPTO_FUNCTIONS(ROW)
};

/* Written once, by the first thread that asks; constant after that. */
static struct libcrypto functions;
static bool there;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void)
{
	void *library = NULL;

	for (size_t i = 0; i < sizeof names / sizeof *names && !library; i++)
		library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
	there = library;
	for (size_t i = 0; i < sizeof rows / sizeof *rows && there; i++) {
		void *at = dlsym(library, rows[i].name);

		there = at;
		memcpy((char *)&functions + rows[i].offset, &at, sizeof at);
	}
}

const struct libcrypto *libcrypto(void)
{
	pthread_once(&once, load);
	return there ? &functions : NULL;
}
