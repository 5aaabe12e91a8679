/* Text: UTF-8 from hostile hands, widths, sanitising, units there and back; and the buffer that
 * carries it. */
#include "util/text.h"

#include "util/buf.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* --- UTF-8 --- */

Test(utf8, every_code_point_there_and_back)
{
	for (uint32_t r = 0; r <= 0x110000; r++) {
		char bytes[4];
		uint32_t again = UINT32_MAX;
		size_t len = text_encode(r, bytes);

		if (r == 0x110000 || (r >= 0xd800 && r < 0xe000)) {
			cr_assert_eq(len, 0, "%x", r);
			continue;
		}
		cr_assert_eq(text_decode(bytes, len, &again), len, "%x", r);
		cr_assert_eq(again, r);
		for (size_t cut = 0; cut < len; cut++)
			cr_assert_eq(text_decode(bytes, cut, &again), 0, "%x cut at %zu", r, cut);
	}
	cr_assert_eq(text_encode(UINT32_MAX, (char[4]){ 0 }), 0);
}

Test(utf8, hostile)
{
	static const char *const bad[] = {
		"\x80",
		"\xbf",
		"\xc0\x80",
		"\xc1\xbf",
		"\xe0\x80\x80",
		"\xe0\x9f\xbf",
		"\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf",
		"\xed\xa0\x80",
		"\xed\xbf\xbf",
		"\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80",
		"\xf8\x88\x80\x80\x80",
		"\xfe",
		"\xff",
		"\xc3",
		"\xc3x",
		"\xe2\x82",
		"\xe2\x82x",
		"\xe2x\xac",
		"\xf0\x9f\x90",
		"\xf0\x9f\x90x",
		"\xc3\xc3\xa9",
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		uint32_t rune = 77;

		cr_assert_eq(text_decode(bad[i], strlen(bad[i]), &rune), 0, "case %zu", i);
		cr_assert_eq(rune, 77);
	}
	cr_assert_eq(text_decode("", 0, &(uint32_t){ 0 }), 0);
	cr_assert_eq(text_decode("\0", 1, &(uint32_t){ 0 }), 1);
}

/* --- widths --- */

Test(width, of_code_points)
{
	static const struct {
		uint32_t rune;
		int width;
	} cases[] = {
		{ 0, -1 },      { '\n', -1 },   { 0x1b, -1 },  { 0x7f, -1 },   { 0x80, -1 },    { 0x9f, -1 },
		{ ' ', 1 },     { '~', 1 },     { 0xa0, 1 },   { 0xe9, 1 },    { 0x300, 0 },    { 0x36f, 0 },
		{ 0x370, 1 },   { 0x200b, 0 },  { 0x200d, 0 }, { 0x2500, 1 },  { 0x2192, 1 },   { 0x1100, 2 },
		{ 0x4e00, 2 },  { 0x9fff, 2 },  { 0xac00, 2 }, { 0xff21, 2 },  { 0xfe0f, 0 },   { 0x1f41f, 2 },
		{ 0x1f600, 2 }, { 0x20000, 2 }, { 0x3042, 2 }, { 0x303f, 1 },  { 0x2b50, 2 },   { 0x2705, 2 },
		{ 0x1f6f8, 2 }, { 0x1fae0, 2 }, { 0x2713, 1 }, { 0xe0100, 0 }, { 0x10ffff, 1 },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		cr_assert_eq(text_rune_width(cases[i].rune), cases[i].width, "U+%04X", cases[i].rune);
}

Test(width, of_strings)
{
	static const struct {
		const char *text;
		size_t cells;
	} cases[] = {
		{ "", 0 },
		{ "abc", 3 },
		{ "\xc3\xa9", 1 },
		{ "e\xcc\x81", 1 },
		{ "\xe6\x97\xa5\xe6\x9c\xac", 4 },
		{ "\xf0\x9f\x90\x9f", 2 },
		{ "\xff\xfe", 2 },
		{ "a\xe2\x82", 3 },
		{ "\x1b", 0 },
		{ "41 \xc2\xb5s", 5 },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		cr_assert_eq(text_width(cases[i].text), cases[i].cells, "case %zu", i);
}

/* --- sanitising --- */

static const struct {
	const char *bytes;
	size_t len;
	const char *clean, *quoted;
} foreign[] = {
	{ "plain", 5, "plain", "\"plain\"" },
	{ "a\"b\\", 4, "a\"b\\", "\"a\\\"b\\\\\"" },
	{ "\n\r\t", 3, "\\n\\r\\t", "\"\\n\\r\\t\"" },
	{ "\0\x1b[2J", 5, "\\x00\\x1b[2J", "\"\\x00\\x1b[2J\"" },
	{ "\x7f\x9b", 2, "\\x7f\\x9b", "\"\\x7f\\x9b\"" },
	{ "\xc2\x9b"
	  "A",
	  3, "\\xc2\\x9bA", "\"\\xc2\\x9bA\"" },
	{ "\xe2\x80\xae"
	  "x",
	  4, "\\u202ex", "\"\\xe2\\x80\\xaex\"" },
	{ "\xe2\x81\xa6", 3, "\\u2066", "\"\\xe2\\x81\\xa6\"" },
	{ "\xd8\x9c", 2, "\\u061c", "\"\\xd8\\x9c\"" },
	{ "\xc3\xa9\xf0\x9f\x90\x9f", 6, "\xc3\xa9\xf0\x9f\x90\x9f", "\"\xc3\xa9\xf0\x9f\x90\x9f\"" },
	{ "a\xe2\x82", 3, "a\\xe2\\x82", "\"a\\xe2\\x82\"" },
	{ "", 0, "", "\"\"" },
};

Test(clean, cases)
{
	for (size_t i = 0; i < COUNT(foreign); i++) {
		struct buf b = { 0 };

		text_clean(&b, foreign[i].bytes, foreign[i].len);
		cr_assert_str_eq(buf_text(&b), foreign[i].clean, "case %zu", i);
		buf_clear(&b);
		text_quote(&b, foreign[i].bytes, foreign[i].len);
		cr_assert_str_eq(buf_text(&b), foreign[i].quoted, "case %zu", i);
		buf_done(&b);
	}
}

/* Nothing that a terminal acts on comes through, whatever two bytes there are. */
Test(clean, no_bytes_act)
{
	for (unsigned pair = 0; pair < 65536; pair++) {
		const char bytes[2] = { (char)(pair >> 8), (char)pair };
		struct buf b = { 0 };

		text_clean(&b, bytes, 2);
		text_quote(&b, bytes, 2);
		for (size_t i = 0; i < b.len;) {
			uint32_t rune;
			size_t used = text_decode(b.data + i, b.len - i, &rune);

			cr_assert(used && text_rune_width(rune) >= 0, "%04x", pair);
			i += used;
		}
		buf_done(&b);
	}
}

Test(clean, cut_at_a_character)
{
	static const char text[] = "a\xc3\xa9\xe6\x97\xa5\xf0\x9f\x90\x9fz";
	char out[32];

	for (size_t size = 1; size < sizeof out; size++) {
		memset(out, 'Z', sizeof out);
		cr_assert_eq(text_clean_to(out, size, text, sizeof text - 1), out);
		cr_assert(strlen(out) < size);
		cr_assert(!strncmp(out, text, strlen(out)));
		for (size_t i = 0; i < strlen(out);) {
			size_t used = text_decode(out + i, strlen(out) - i, &(uint32_t){ 0 });

			cr_assert(used, "size %zu", size);
			i += used;
		}
	}
	out[0] = 'Z';
	text_clean_to(out, 0, "x", 1);
	cr_assert_eq(out[0], 'Z');
}

/* --- units --- */

Test(units, durations)
{
	static const struct {
		uint64_t ns;
		const char *text;
	} cases[] = {
		{ 0, "0 ns" },
		{ 999, "999 ns" },
		{ 1000, "1.0 us" },
		{ 41200, "41 us" },
		{ 999999, "999 us" },
		{ 1200300, "1.20 ms" },
		{ 12000000, "12 ms" },
		{ 999999999, "999 ms" },
		{ 3400000000, "3.40 s" },
		{ 125000000000, "2 min 5 s" },
		{ 3600000000000, "1 h 0 min" },
		{ 90061000000000, "25 h 1 min" },
		{ 172800000000000, "2 d 0 h" },
		{ UINT64_MAX, "213503 d 23 h" },
	};
	char text[40];

	for (size_t i = 0; i < COUNT(cases); i++)
		cr_assert_str_eq(text_duration(text, sizeof text, cases[i].ns, true), cases[i].text);
	cr_assert_str_eq(text_duration(text, sizeof text, 41200, false), "41 \xc2\xb5s");
	cr_assert_str_eq(text_duration(text, 4, 41200, true), "41 ");
}

Test(units, sizes)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} cases[] = {
		{ 0, "0" },
		{ 512, "512" },
		{ 1023, "1023" },
		{ 1024, "1.0K" },
		{ 1536, "1.5K" },
		{ 64u << 20, "64.0M" },
		{ 1048575, "1.0M" },
		{ (1u << 20) - (1u << 10), "1023.0K" },
		{ UINT64_MAX, "16.0E" },
		{ 1ull << 40, "1.0T" },
	};
	char text[40];

	for (size_t i = 0; i < COUNT(cases); i++)
		cr_assert_str_eq(text_size(text, sizeof text, cases[i].bytes), cases[i].text);
}

Test(units, durations_read)
{
	static const struct {
		const char *text;
		uint64_t ns;
	} good[] = {
		{ "50ms", 50000000 },
		{ "2s", 2000000000 },
		{ "1.5s", 1500000000 },
		{ "100us", 100000 },
		{ "1m", 60000000000 },
		{ "1min", 60000000000 },
		{ "7ns", 7 },
		{ "2", 2000000000 },
		{ "0", 0 },
		{ ".5s", 500000000 },
		{ "5.", 5000000000 },
		{ "2h", 7200000000000 },
		{ "3\xc2\xb5s", 3000 },
		{ "0.000000001s", 1 },
		{ "0.123456789s", 123456789 },
		{ "1.5ns", 1 },
		{ "0000000000000000000000000000002s", 2000000000 },
		{ "1.00000000000000000000000000000s", 1000000000 },
	};
	static const char *const bad[] = {
		"",
		"s",
		"ms",
		".",
		".s",
		"-1s",
		"+1s",
		" 1s",
		"1s ",
		"1 s",
		"1x",
		"1e3",
		"0x10",
		"nan",
		"inf",
		"1,5s",
		"1.5.5s",
		"1ss",
		"9300000000s",
		"99999999999999999999s",
		"9999999999999h",
	};

	for (size_t i = 0; i < COUNT(good); i++) {
		uint64_t ns = 77;

		cr_assert(text_parse_duration(good[i].text, &ns), "%s", good[i].text);
		cr_assert_eq(ns, good[i].ns, "%s is %llu", good[i].text, (unsigned long long)ns);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		uint64_t ns = 77;

		cr_assert(!text_parse_duration(bad[i], &ns), "\"%s\"", bad[i]);
		cr_assert_eq(ns, 77);
	}
}

Test(units, sizes_read)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} good[] = {
		{ "0", 0 },
		{ "10", 10 },
		{ "64K", 65536 },
		{ "64k", 65536 },
		{ "10M", 10485760 },
		{ "1G", 1073741824 },
		{ "18446744073709551615", UINT64_MAX },
		{ "17179869183G", 17179869183ull << 30 },
	};
	static const char *const bad[] = { "",
					   "K",
					   "-1",
					   "+1",
					   " 1",
					   "1 ",
					   "1KB",
					   "1.5K",
					   "0x10",
					   "1KK",
					   "1m",
					   "18446744073709551616",
					   "17179869184G" };

	for (size_t i = 0; i < COUNT(good); i++) {
		uint64_t bytes = 77;

		cr_assert(text_parse_size(good[i].text, &bytes), "%s", good[i].text);
		cr_assert_eq(bytes, good[i].bytes, "%s", good[i].text);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		cr_assert(!text_parse_size(bad[i], &(uint64_t){ 0 }), "\"%s\"", bad[i]);
}

Test(units, numbers_read)
{
	static const struct {
		const char *text;
		int64_t value;
	} good[] = {
		{ "0", 0 },
		{ "-5", -5 },
		{ "0x1F", 31 },
		{ "010", 8 },
		{ "9223372036854775807", INT64_MAX },
		{ "-9223372036854775808", INT64_MIN },
		{ "-0x10", -16 },
	};
	static const char *const bad[] = { "",   "-", "+1", " 1", "1 ", "0x", "08", "1a", "--1", "9223372036854775808",
					   "1.0" };

	for (size_t i = 0; i < COUNT(good); i++) {
		int64_t value = 77;

		cr_assert(text_parse_int(good[i].text, &value), "%s", good[i].text);
		cr_assert_eq(value, good[i].value);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		cr_assert(!text_parse_int(bad[i], &(int64_t){ 0 }), "\"%s\"", bad[i]);
}

Test(nearest, did_you_mean)
{
	static const char *const words[] = { "connect", "listen", "accept", "setsockopt", NULL };
	static const char *const none[] = { NULL };
	char long_word[400];

	cr_assert_str_eq(text_nearest("connct", words), "connect");
	cr_assert_str_eq(text_nearest("LISTEN", words), "listen");
	cr_assert_str_eq(text_nearest("setsocketopt", words), "setsockopt");
	cr_assert_str_eq(text_nearest("accept", words), "accept");
	cr_assert_null(text_nearest("frobnicate", words));
	cr_assert_null(text_nearest("", words));
	cr_assert_null(text_nearest("x", none));
	memset(long_word, 'a', sizeof long_word - 1);
	long_word[sizeof long_word - 1] = '\0';
	cr_assert_null(text_nearest(long_word, words), "far too long to be near");
}

/* --- the buffer --- */

Test(buf, grows_cuts_and_inserts)
{
	struct buf b = { 0 };

	cr_assert_str_eq(buf_text(&b), "");
	buf_cut(&b, 0, 5);
	buf_clear(&b);
	buf_add(&b, "", 0);
	cr_assert_str_eq(b.data, "");
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, "%d,", i % 10);
	cr_assert_eq(b.len, 2000);
	cr_assert_eq(strlen(b.data), 2000);
	buf_cut(&b, 3, 5000);
	cr_assert_str_eq(b.data, "0,1");
	buf_cut(&b, 3, 1);
	buf_cut(&b, 1, 1);
	cr_assert_str_eq(b.data, "01");
	buf_insert(&b, 1, "xyz", 3);
	buf_insert(&b, 99, "!", 1);
	buf_insert(&b, 0, "", 0);
	cr_assert_str_eq(b.data, "0xyz1!");
	memcpy(buf_room(&b, 2), "\0z", 2);
	b.len += 2;
	cr_assert_eq(b.len, 8);
	cr_assert_eq(b.data[8], '\0');
	buf_printf(&b, "%s", "");
	buf_done(&b);
	cr_assert(!b.data && !b.len && !b.cap);
}
