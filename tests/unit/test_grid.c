/* Cells, clipping, wide and combining characters, and that no foreign text reaches the terminal
 * as it came. */
#include "ui/grid.h"

#include "util/buf.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

static struct grid grid_of(int cols, int rows)
{
	struct grid g = { 0 };

	grid_resize(&g, cols, rows);
	return g;
}

static void expect_row(const struct grid *g, int y, const char *want, const char *what)
{
	struct buf text = { 0 };
	char *line, *rest;

	grid_text(g, &text);
	rest = text.data;
	for (line = strsep(&rest, "\n"); y > 0; y--)
		line = strsep(&rest, "\n");
	cr_expect_str_eq(line, want, "%s", what);
	buf_done(&text);
}

static const struct {
	const char *what;
	int x, w;
	const char *text, *want;
} puts_[] = {
	{ "inside", 1, 0, "abc", " abc" },
	{ "cut at the right", 6, 0, "abc", "      ab" },
	{ "cut at the left", -1, 0, "abc", "bc" },
	{ "all of it to the left", -5, 0, "abc", "" },
	{ "all of it to the right", 9, 0, "abc", "" },
	{ "wide characters", 0, 0, "日本", "日本" },
	{ "a wide one that has no room is left out", 5, 0, "日本", "     日" },
	{ "a wide one half to the left is left out", -1, 0, "日x", " x" },
	{ "a mark stays with its character", 0, 0, "e\xcc\x81x", "e\xcc\x81x" },
	{ "a mark alone is left out", 0, 0, "\xcc\x81x", "x" },
	{ "a mark beyond the edge is left out", 7, 0, "ab\xcc\x81", "       a" },
	{ "at most two marks", 0, 0, "a\xcc\x81\xcc\x82\xcc\x83", "a\xcc\x81\xcc\x82" },
	{ "an escape sequence", 0, 0, "\033[2J", "\\x1b[2J" },
	{ "a newline", 0, 0, "a\nb", "a\\nb" },
	{ "C1 control", 0, 0, "\xc2\x9b", "\\xc2\\x9b" },
	{ "no UTF-8", 0, 0, "\xff", "\\xff" },
	{ "a bidirectional override", 0, 0, "\xe2\x80\xae", "\\u202e" },
	{ "fits the width", 0, 3, "abc", "abc" },
	{ "an ellipsis where it is too long", 0, 3, "abcd", "ab…" },
	{ "an ellipsis after a wide one", 0, 4, "日本語", "日 …" },
	{ "one cell", 0, 1, "abc", "…" },
};

ParameterizedTestParameters(grid, put)
{
	static int row[sizeof puts_ / sizeof *puts_];

	for (int i = 0; i < (int)(sizeof puts_ / sizeof *puts_); i++)
		row[i] = i;
	return cr_make_param_array(int, row, sizeof puts_ / sizeof *puts_);
}

ParameterizedTest(int *row, grid, put)
{
	struct grid g = grid_of(8, 1);
	struct area a = area_all(&g);

	if (puts_[*row].w)
		area_put_in(&a, puts_[*row].x, 0, puts_[*row].w, ROLE_TEXT, puts_[*row].text);
	else
		area_put(&a, puts_[*row].x, 0, ROLE_TEXT, puts_[*row].text);
	expect_row(&g, 0, puts_[*row].want, puts_[*row].what);
	grid_done(&g);
}

Test(grid, an_address_keeps_its_port)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "[::1]:80", "[::1]:80" },
		{ "[2a00:d40:1:3::d4c]:443", "[2a00:d40…]:443" },
		{ "[2a00:d40:1:3::d4c]:443443443", "[2a00:d40:1:3:…" },
		{ "192.0.2.77:52044", "192.0.2.77:520…" },
		{ "/run/postgresql/x", "/run/postgresq…" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct grid g = grid_of(16, 1);
		struct area a = area_all(&g);

		area_put_endpoint(&a, 0, 0, 15, ROLE_TEXT, rows[i].text);
		expect_row(&g, 0, rows[i].want, rows[i].text);
		grid_done(&g);
	}
}

Test(grid, an_area_cuts_what_lies_outside)
{
	struct grid g = grid_of(10, 3);
	struct area all = area_all(&g), in = area_sub(&all, 2, 1, 4, 1), deeper = area_sub(&in, 2, 0, 10, 10);

	area_put(&in, 0, 0, ROLE_TEXT, "abcdefgh");
	area_put(&in, 0, 1, ROLE_TEXT, "below");
	area_put(&in, 0, -1, ROLE_TEXT, "above");
	expect_row(&g, 0, "", "above");
	expect_row(&g, 1, "  abcd", "inside");
	expect_row(&g, 2, "", "below");
	cr_expect_eq(deeper.w, 2);
	cr_expect_eq(deeper.h, 1);
	deeper = area_sub(&in, -3, -3, 2, 2);
	cr_expect_eq(deeper.w, 0);
	grid_done(&g);
}

Test(grid, half_of_a_wide_character_becomes_blank)
{
	struct grid g = grid_of(6, 1);
	struct area a = area_all(&g);

	area_put(&a, 0, 0, ROLE_TEXT, "日本");
	area_put(&a, 1, 0, ROLE_TEXT, "x");
	expect_row(&g, 0, " x本", "the right half was overwritten");
	area_put(&a, 2, 0, ROLE_TEXT, "y");
	expect_row(&g, 0, " xy", "the left half was overwritten");
	cr_expect_eq(grid_cell(&g, 3, 0)->width, 1);
	grid_done(&g);
}

Test(grid, text_at_the_right)
{
	struct grid g = grid_of(8, 2);
	struct area a = area_all(&g);

	cr_expect_eq(area_put_right(&a, 0, 0, 6, ROLE_TEXT, "42"), 6);
	area_put_right(&a, 0, 1, 3, ROLE_TEXT, "12345");
	expect_row(&g, 0, "    42", "right");
	expect_row(&g, 1, "12…", "cut");
	grid_done(&g);
}

Test(grid, every_byte_is_harmless)
{
	struct grid g = grid_of(40, 4);
	struct area a = area_all(&g);

	for (int first = 0; first < 256; first++)
		for (int second = 0; second < 256; second++) {
			char text[3] = { (char)first, (char)second, 'x' };

			area_put_bytes(&a, 0, 0, ROLE_TEXT, text, 3);
			for (int x = 0; x < 16; x++)
				for (int i = 0; i < CELL_RUNES; i++) {
					uint32_t r = grid_cell(&g, x, 0)->runes[i];

					cr_assert(!r || (r >= ' ' && (r < 0x7f || r > 0x9f)), "%02x %02x gives U+%04x",
						  first, second, r);
				}
		}
	grid_done(&g);
}

Test(grid, ascii_is_ascii)
{
	struct grid g = grid_of(60, 4);
	struct area a = area_all(&g);

	g.ascii = true;
	for (int i = 0; i < GLYPH_COUNT; i++) {
		cr_expect_eq(strlen(glyph(&g, (enum glyph)i)), 1);
		area_put(&a, i, 0, ROLE_TEXT, glyph(&g, (enum glyph)i));
	}
	area_put(&a, 0, 1, ROLE_TEXT, "41 µs  CLOSED → ESTABLISHED · 日本 é e\xcc\x81 ┌┴┐▼");
	area_rule(&a, 2, true, "Title", "right");
	area_bar(&a, 0, 3, 10, 5, 10, ROLE_OK);
	for (int y = 0; y < g.rows; y++)
		for (int x = 0; x < g.cols; x++) {
			cr_expect(grid_cell(&g, x, y)->runes[0] <= '~');
			cr_expect_eq(grid_cell(&g, x, y)->runes[1], 0);
			cr_expect_eq(grid_cell(&g, x, y)->width, 1);
		}
	expect_row(&g, 2, "-- Title ------------------------------------------ right --", "a rule");
	expect_row(&g, 3, "#####.....", "a bar");
	grid_done(&g);
}

Test(grid, a_rule_of_any_width)
{
	for (int w = 0; w < 40; w++) {
		struct grid g = grid_of(w, 1);
		struct area a = area_all(&g);

		area_rule(&a, 0, false, "Sockets", "12 of 345");
		grid_done(&g);
	}
}

static const struct {
	const char *text;
	int width;
	size_t want;
} wraps[] = {
	{ "", 10, 0 },      { "one two", 10, 7 }, { "one two", 7, 7 }, { "one two", 6, 4 }, { "one two", 3, 4 },
	{ "abcdef", 3, 3 }, { "a\nb", 10, 2 },    { "日本語", 4, 6 },  { "日", 1, 3 },      { "x", 0, 1 },
};

Test(grid, wrapping)
{
	for (size_t i = 0; i < sizeof wraps / sizeof *wraps; i++)
		cr_expect_eq(grid_wrap(wraps[i].text, wraps[i].width), wraps[i].want, "\"%s\" in %d: %zu",
			     wraps[i].text, wraps[i].width, grid_wrap(wraps[i].text, wraps[i].width));
}

Test(grid, sizes_are_bounded)
{
	struct grid g = grid_of(-1, -1);

	cr_expect_eq(g.cols, 0);
	grid_resize(&g, 100000, 100000);
	cr_expect_eq(g.cols, GRID_COLS);
	cr_expect_eq(g.rows, GRID_ROWS);
	cr_expect_null(grid_cell(&g, GRID_COLS, 0));
	cr_expect_null(grid_cell(&g, 0, -1));
	grid_done(&g);
}

Test(grid, a_curve_of_numbers)
{
	static const uint64_t series[] = { 0, 1, 2, 3, 4, 4, 0, 100 };
	struct grid g = { 0 };
	struct area a;
	struct buf text = { 0 };

	grid_resize(&g, 8, 4);
	a = area_all(&g);
	area_spark(&a, 0, 0, 8, series, 8, ROLE_OK);
	area_spark(&a, 0, 1, 8, series, 6, ROLE_OK); /* fewer than there is room for */
	area_spark(&a, 0, 2, 3, series, 6, ROLE_OK); /* more: the greatest of two */
	g.ascii = true;
	area_spark(&a, 0, 3, 8, series, 8, ROLE_OK);
	grid_text(&g, &text);
	cr_expect_str_eq(buf_text(&text), " ▁▁▁▁▁ █\n   ▃▅▆██\n▃▆█\n _____ #\n", "%s", buf_text(&text));
	for (int w = 0; w < 12; w++)
		for (size_t n = 0; n <= 8; n++)
			area_spark(&a, 0, 0, w, series, n, ROLE_OK);
	buf_done(&text);
	grid_done(&g);
}
