/* test_ui_help.h - frames as text, compared with tests/unit/golden/ui/. UPDATE=1 writes them
 * anew. */
#ifndef TESTS_UNIT_TEST_UI_HELP_H
#define TESTS_UNIT_TEST_UI_HELP_H

#include "util/buf.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static inline void expect_golden(const char *name, const struct buf *got)
{
	char path[128];
	struct buf want = { 0 };
	FILE *f;
	int c;

	snprintf(path, sizeof path, "tests/unit/golden/ui/%s.txt", name);
	if (getenv("UPDATE")) {
		f = fopen(path, "w");
		cr_assert_not_null(f, "%s", path);
		fwrite(got->data, 1, got->len, f);
		fclose(f);
		return;
	}
	f = fopen(path, "r");
	cr_assert_not_null(f, "%s is missing: UPDATE=1 writes it", path);
	while ((c = getc(f)) != EOF)
		buf_putc(&want, (char)c);
	fclose(f);
	cr_expect_str_eq(buf_text(got), buf_text(&want), "%s differs: got\n%s", path, buf_text(got));
	buf_done(&want);
}

#endif
