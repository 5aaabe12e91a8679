#include "util/library.h"

#include "util/err.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FUNCTIONS(X) X(labs) X(strlen)
LIBRARY(there, "the C library", FUNCTIONS, "libnowhere.so.1", "libc.so.6", "libc.so")

Test(library, functions_are_found_in_the_first_file_that_is_there)
{
	cr_assert_eq(library_load(&there_library, NULL), 0);
	cr_assert_eq(library_load(&there_library, NULL), 0);
	cr_assert_eq(there.strlen("four"), 4);
	cr_assert_eq(there.labs(-5), 5);
}

Test(library, a_library_that_is_not_installed_is_named)
{
	struct library l = {
		.name = "libnowhere",
		.files = (const char *const[]){ "libnowhere.so.1", NULL },
		.names = (const char *const[]){ "nothing", NULL },
	};
	struct err e = { 0 };

	for (int i = 0; i < 2; i++) {
		cr_assert_eq(library_load(&l, &e), -ENOENT);
		cr_assert_str_eq(e.text, "libnowhere is not installed");
	}
}

Test(library, a_function_that_it_lacks_is_named)
{
	void *functions[2];
	struct library l = {
		.name = "the C library",
		.files = (const char *const[]){ "libc.so.6", "libc.so", NULL },
		.names = (const char *const[]){ "strlen", "sockeye_has_this", NULL },
		.functions = functions,
	};
	struct err e = { 0 };

	cr_assert_eq(library_load(&l, &e), -ENOENT);
	cr_assert_str_eq(e.text, "the C library is too old: it has no sockeye_has_this");
}
