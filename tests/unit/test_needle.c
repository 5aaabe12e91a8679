/* What is searched for, and where it is found. */
#include "util/err.h"
#include "util/needle.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct {
	const char *word, *bytes;
	size_t len;
	bool hex;
} good[] = {
	{ "GET /", "get /", 5, false },        { "hex:0d0a", "\r\n", 2, true },
	{ "hex:0D 0a:00", "\r\n\0", 3, true }, { "\"a\\r\\n\\x41\\0\\\"\\\\\"", "a\r\na\0\"\\", 7, false },
	{ "hexa", "hexa", 4, false },          { "\"open", "open", 4, false },
};

static const char *const bad[] = { "", "hex:", "hex:0", "hex:0g", "hex:0d0", "\"\"", "\"\\q\"", "\"\\x4\"", "\"\\" };

Test(needle, parses)
{
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct needle n;
		struct err e = { 0 };

		cr_assert_eq(needle_parse(good[i].word, &n, &e), 0, "%s: %s", good[i].word, e.text);
		cr_expect_eq(n.len, good[i].len, "%s", good[i].word);
		cr_expect_eq(n.hex, good[i].hex, "%s", good[i].word);
		cr_expect(!memcmp(n.bytes, good[i].bytes, good[i].len), "%s", good[i].word);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct needle n = { .len = 77 };
		struct err e = { 0 };

		cr_expect_lt(needle_parse(bad[i], &n, &e), 0, "%s", bad[i]);
		cr_expect_eq(n.len, 77, "%s: untouched", bad[i]);
		cr_expect(e.text[0], "%s", bad[i]);
	}
}

Test(needle, is_bounded)
{
	char word[2 * NEEDLE_LONGEST + 8] = "hex:";
	struct needle n;

	memset(word + 4, '0', 2 * NEEDLE_LONGEST + 2);
	cr_expect_lt(needle_parse(word, &n, NULL), 0);
	word[4 + 2 * NEEDLE_LONGEST] = '\0';
	cr_expect_eq(needle_parse(word, &n, NULL), 0);
	cr_expect_eq(n.len, NEEDLE_LONGEST);
	memset(word, 'a', NEEDLE_LONGEST + 1);
	word[NEEDLE_LONGEST + 1] = '\0';
	cr_expect_lt(needle_parse(word, &n, NULL), 0);
	word[0] = '"';
	cr_expect_eq(needle_parse(word, &n, NULL), 0);
	word[NEEDLE_LONGEST + 1] = 'a';
	word[NEEDLE_LONGEST + 2] = '\0';
	cr_expect_lt(needle_parse(word, &n, NULL), 0);
}

Test(needle, is_found)
{
	const uint8_t bytes[] = "xxGet get\r\n";
	struct needle n;

	needle_parse("gEt", &n, NULL);
	cr_expect_eq(needle_in_bytes(&n, bytes, 11, 0), 2);
	cr_expect_eq(needle_in_bytes(&n, bytes, 11, 3), 6);
	cr_expect_eq(needle_in_bytes(&n, bytes, 8, 3), NEEDLE_NONE, "cut before its end");
	cr_expect_eq(needle_in_bytes(&n, bytes, 2, 0), NEEDLE_NONE, "longer than what there is");
	cr_expect_eq(needle_in_bytes(&n, bytes, 11, 40), NEEDLE_NONE);
	cr_expect(needle_in_text(&n, "to GET it"));
	cr_expect(!needle_in_text(&n, "to put it"));
	cr_expect(!needle_in_text(&n, NULL));
	needle_parse("hex:676574", &n, NULL);
	cr_expect_eq(needle_in_bytes(&n, bytes, 11, 0), 6, "bytes are exact");
	cr_expect(!needle_in_text(&n, "get"), "and no text");
}
