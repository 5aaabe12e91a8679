/* The JSON writer: commas, nesting, and strings of any bytes. */
#include "util/json.h"

#include "util/buf.h"
#include "util/text.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void expect(struct buf *b, const char *wanted)
{
	cr_assert_str_eq(buf_text(b), wanted);
	cr_assert_eq(b->len, strlen(wanted));
	buf_done(b);
}

Test(json, commas_and_nesting)
{
	struct buf b = { 0 };
	struct json j;

	json_init(&j, &b);
	json_object(&j, NULL);
	json_int(&j, "a", -1);
	json_array(&j, "b");
	json_end(&j, ']');
	json_array(&j, "c");
	json_uint(&j, NULL, 1);
	json_object(&j, NULL);
	json_end(&j, '}');
	json_object(&j, NULL);
	json_null(&j, "x");
	json_end(&j, '}');
	json_bool(&j, NULL, true);
	json_end(&j, ']');
	json_bool(&j, "d", false);
	json_raw(&j, "e", "[1,2]");
	json_string(&j, "f", NULL);
	json_string(&j, "g", "");
	json_end(&j, '}');
	expect(&b, "{\"a\":-1,\"b\":[],\"c\":[1,{},{\"x\":null},true],"
		   "\"d\":false,\"e\":[1,2],\"f\":null,\"g\":\"\"}");
}

/* JSON Lines: objects one after the other, no comma between them. */
Test(json, lines)
{
	struct buf b = { 0 };
	struct json j;

	json_init(&j, &b);
	for (int i = 0; i < 2; i++) {
		json_object(&j, NULL);
		json_int(&j, "n", i);
		json_end(&j, '}');
		buf_putc(&b, '\n');
	}
	expect(&b, "{\"n\":0}\n{\"n\":1}\n");
}

Test(json, numbers)
{
	struct buf b = { 0 };
	struct json j;

	json_init(&j, &b);
	json_array(&j, NULL);
	json_uint(&j, NULL, 0);
	json_uint(&j, NULL, UINT64_MAX);
	json_int(&j, NULL, INT64_MIN);
	json_int(&j, NULL, INT64_MAX);
	json_time(&j, NULL, 1763862649123456789u);
	json_time(&j, NULL, 1);
	json_hex(&j, NULL, "\x00\xff\x5a", 3);
	json_hex(&j, NULL, "", 0);
	json_end(&j, ']');
	expect(&b, "[0,18446744073709551615,-9223372036854775808,9223372036854775807,"
		   "\"1763862649.123456789\","
		   "\"0.000000001\",\"00ff5a\",\"\"]");
}

Test(json, strings)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *wanted;
	} cases[] = {
		{ "plain", 5, "plain" },
		{ "a\"b\\c/", 6, "a\\\"b\\\\c/" },
		{ "\n\r\t", 3, "\\n\\r\\t" },
		{ "\0\x01\x1f\x7f", 4, "\\u0000\\u0001\\u001f\\u007f" },
		{ "\x1b[31m", 5, "\\u001b[31m" },
		{ "\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\x9f", 9, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\x9f" },
		{ "\xff\xfe", 2, "\\u00ff\\u00fe" },
		{ "a\xc3", 2, "a\\u00c3" },
		{ "\xc3\xc3\xa9", 3, "\\u00c3\xc3\xa9" },
		{ "\xc2\x9b"
		  "31m",
		  5, "\\u009b31m" }, /* CSI as one C1 control */
		{ "\x9b"
		  "31m",
		  4, "\\u009b31m" },                            /* and as a bare byte */
		{ "\xc0\xaf", 2, "\\u00c0\\u00af" },            /* overlong */
		{ "\xed\xa0\x80", 3, "\\u00ed\\u00a0\\u0080" }, /* surrogate */
		{ "\xf4\x90\x80\x80", 4, "\\u00f4\\u0090\\u0080\\u0080" },
		{ "\xc2\xa0", 2, "\xc2\xa0" },
		{ "", 0, "" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf b = { 0 }, wanted = { 0 };
		struct json j;

		json_init(&j, &b);
		json_bytes(&j, NULL, cases[i].bytes, cases[i].len);
		buf_printf(&wanted, "\"%s\"", cases[i].wanted);
		cr_assert_str_eq(buf_text(&b), buf_text(&wanted), "case %zu", i);
		buf_done(&b);
		buf_done(&wanted);
	}
}

/* Whatever two bytes come: printable ASCII or UTF-8, and no quote that is not escaped. */
Test(json, no_bytes_break_out)
{
	for (unsigned pair = 0; pair < 65536; pair++) {
		const char bytes[2] = { (char)(pair >> 8), (char)pair };
		struct buf b = { 0 };
		struct json j;

		json_init(&j, &b);
		json_bytes(&j, NULL, bytes, 2);
		cr_assert(b.data[0] == '"' && b.data[b.len - 1] == '"');
		for (size_t i = 1; i + 1 < b.len;) {
			uint32_t rune;
			size_t used = text_decode(b.data + i, b.len - i, &rune);

			cr_assert(used && rune >= ' ' && rune != '"' && (rune < 0x7f || rune >= 0xa0), "%04x", pair);
			i += rune == '\\' ? 2 : used;
		}
		buf_done(&b);
	}
}

Test(json, deep)
{
	struct buf b = { 0 };
	struct json j;

	json_init(&j, &b);
	for (int i = 0; i < JSON_DEPTH - 1; i++)
		json_array(&j, NULL);
	json_int(&j, NULL, 1);
	json_int(&j, NULL, 2);
	for (int i = 0; i < JSON_DEPTH - 1; i++)
		json_end(&j, ']');
	cr_assert_eq(j.depth, 0);
	cr_assert_eq(b.len, 2 * (JSON_DEPTH - 1) + 3);
	buf_done(&b);
}
