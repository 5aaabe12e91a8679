#include "libcrypto.h"

#include "util/library.h"

#include <stddef.h>

static struct libcrypto functions;
static struct library library = {
	.name = "libcrypto",
	.files = (const char *const[]){ "libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.so", NULL },
	.names = (const char *const[]){ LIBCRYPTO_FUNCTIONS(LIBRARY_NAME) NULL },
	.functions = &functions,
};

const struct libcrypto *libcrypto(void)
{
	return library_load(&library, NULL) ? NULL : &functions;
}
