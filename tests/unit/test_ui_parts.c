/* The numbers behind the screen: layout, columns, lists, themes, keys, sheets, hex dumps. */
#include "session/setting.h"
#include "ui/fit.h"
#include "ui/hex.h"
#include "ui/key.h"
#include "ui/layout.h"
#include "ui/list.h"
#include "ui/sheet.h"
#include "ui/sock_column.h"
#include "ui/state_diagram.h"
#include "ui/theme.h"
#include "ui/trend.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static bool inside(const struct rect *r, const struct rect *of)
{
	return r->x >= of->x && r->y >= of->y && r->x + r->w <= of->x + of->w && r->y + r->h <= of->y + of->h;
}

static bool overlap(const struct rect *a, const struct rect *b)
{
	return a->w && b->w && a->x < b->x + b->w && b->x < a->x + a->w && a->y < b->y + b->h && b->y < a->y + a->h;
}

Test(layout, panes_fill_the_body_and_do_not_overlap)
{
	for (int cols = 1; cols <= 300; cols++)
		for (int rows = 1; rows <= 100; rows++)
			for (int focus = 0; focus < PANE_COUNT; focus++) {
				struct layout l;
				int cells = 0;

				layout_make(&l, cols, rows, (enum pane_id)focus, false, rows % 2);
				cr_assert_eq(l.too_small, cols < 60 || rows < 16);
				if (l.too_small)
					continue;
				for (int i = 0; i < PANE_COUNT; i++) {
					cr_assert(!l.pane[i].w || inside(&l.pane[i], &l.body), "%dx%d", cols, rows);
					cr_assert(!l.pane[i].w || l.pane[i].h >= 3, "%dx%d: pane %d has %d rows", cols,
						  rows, i, l.pane[i].h);
					cells += l.pane[i].w * l.pane[i].h;
					for (int k = 0; k < i; k++)
						cr_assert(!overlap(&l.pane[i], &l.pane[k]), "%dx%d", cols, rows);
				}
				cells += l.divider >= 0 ? l.body.h : 0;
				cr_assert_eq(cells, l.body.w * l.body.h, "%dx%d", cols, rows);
				cr_assert(l.pane[focus].w, "%dx%d: the focused pane is seen", cols, rows);
			}
}

Test(layout, the_inspector_is_read)
{
	struct layout l;

	for (int rows = 16; rows <= 30; rows++) {
		layout_make(&l, 80, rows, PANE_INSPECTOR, false, false);
		cr_expect_geq(l.pane[PANE_INSPECTOR].h, (rows - 2) * 2 / 5, "%d rows", rows);
		cr_expect_geq(l.pane[PANE_SOCKETS].h, 3);
		cr_expect_geq(l.pane[PANE_TRAFFIC].h, 3);
	}
}

Test(layout, some_sizes)
{
	struct layout l;

	layout_make(&l, 120, 36, PANE_SOCKETS, false, false);
	cr_expect(l.wide);
	cr_expect_eq(l.divider, 74);
	cr_expect_eq(l.pane[PANE_INSPECTOR].w, 45);
	cr_expect_eq(l.pane[PANE_INSPECTOR].h, 34);
	cr_expect_geq(l.pane[PANE_INSPECTOR].h - 1, state_diagram_height(&state_diagram_tcp, NULL, 43),
		      "the whole diagram is seen");
	cr_expect_eq(l.bottom.y, 35);
	layout_make(&l, 99, 36, PANE_SOCKETS, false, false);
	cr_expect(!l.wide);
	cr_expect_eq(l.pane[PANE_INSPECTOR].w, 99);
	layout_make(&l, 60, 16, PANE_SOCKETS, false, false);
	cr_expect(l.shared);
	cr_expect(l.pane[PANE_CALLS].w && !l.pane[PANE_INSPECTOR].w);
	layout_make(&l, 60, 16, PANE_INSPECTOR, false, false);
	cr_expect(!l.pane[PANE_CALLS].w && l.pane[PANE_INSPECTOR].w);
	layout_make(&l, 80, 24, PANE_CALLS, true, false);
	cr_expect_eq(l.pane[PANE_CALLS].h, 22);
	cr_expect_eq(l.pane[PANE_SOCKETS].w, 0);
	cr_expect_eq(layout_at(&l, 5, 5), PANE_CALLS);
	cr_expect_eq(layout_at(&l, 5, 0), PANE_COUNT);
}

Test(fit, columns_shrink_then_leave)
{
	struct fit f[] = { { .wanted = 10, .rank = 0 },
			   { .wanted = 30, .least = 10, .rank = 1 },
			   { .wanted = 30, .least = 10, .rank = 2 },
			   { .wanted = 6, .rank = 3 },
			   { .wanted = 0 } };

	cr_expect_eq(fit_columns(f, 5, 200, 1), 79);
	cr_expect_eq(f[1].width, 30);
	cr_expect_eq(f[4].width, 0);
	cr_expect_eq(fit_columns(f, 5, 59, 1), 59, "the wide ones give way");
	cr_expect_eq(f[0].width, 10);
	cr_expect_eq(f[1].width + f[2].width, 40);
	cr_expect_eq(fit_columns(f, 5, 36, 1), 36, "then the least important goes");
	cr_expect_eq(f[3].width, 0);
	cr_expect_leq(fit_columns(f, 5, 25, 1), 25);
	cr_expect_eq(f[2].width, 0);
	cr_expect_eq(fit_columns(f, 5, 1, 1), 10, "one never goes");
}

/* Both ends of a connection are read before how many packets it had. */
Test(fit, firm_columns_are_cut_last)
{
	struct fit f[] = { { .wanted = 11, .rank = 0 },
			   { .wanted = 19, .least = 15, .rank = 1, .firm = true },
			   { .wanted = 60, .least = 15, .rank = 2, .firm = true },
			   { .wanted = 4, .rank = 7 },
			   { .wanted = 8, .rank = 10 } };

	cr_expect_eq(fit_columns(f, 5, 97, 1), 97);
	cr_expect(f[3].width && f[4].width, "they keep a measure, not all of a long path");
	fit_columns(f, 5, 80, 1);
	cr_expect_eq(f[4].width, 0, "before it is cut below that the least wanted goes");
	cr_expect_eq(f[3].width, 4);
	fit_columns(f, 5, 54, 1);
	cr_expect_eq(f[1].width, 19);
	cr_expect_eq(f[2].width, 22);
	cr_expect_eq(f[3].width, 0);
	fit_columns(f, 5, 43, 1);
	cr_expect_eq(f[1].width + f[2].width, 30, "what matters more than they is still there");
	cr_expect_eq(f[0].width, 11);
}

Test(list, the_cursor_stays_in_sight)
{
	struct list l = { 0 };
	size_t at = 0;

	list_settle(&l, 0, 100, 10);
	cr_expect_eq(l.top, 0);
	cr_expect(list_move(&l, UI_PAGE_DOWN, &at));
	cr_expect_eq(at, 9);
	list_settle(&l, 25, 100, 10);
	cr_expect_eq(l.top, 16);
	list_scroll(&l, -6);
	list_settle(&l, 25, 100, 10);
	cr_expect_eq(l.top, 10, "the wheel may lead away from the cursor");
	list_settle(&l, 3, 5, 10);
	cr_expect_eq(l.top, 0);
	cr_expect(list_move(&l, UI_BOTTOM, &at));
	cr_expect_eq(at, 4);
	list_settle(&l, 0, 0, 10);
	cr_expect(list_move(&l, UI_DOWN, &at));
	cr_expect_eq(at, 0, "nothing to move in");
	list_settle(&l, 5, 10, 0);
	cr_expect(!list_move(&l, UI_ZOOM, &at));
}

Test(theme, every_theme_has_every_role)
{
	static const struct style none;
	int mono = 0, count = 0;

	for (const struct theme *t = themes; t->name; t++) {
		cr_expect(t->help && t->help[0], "%s", t->name);
		for (int r = 0; r < ROLE_COUNT; r++)
			cr_expect(memcmp(&t->roles[r], &none, sizeof none), "%s: role %d", t->name, r);
		for (int o = 0; o < OVER_COUNT; o++)
			cr_expect(memcmp(&t->over[o], &none, sizeof none), "%s: over %d", t->name, o);
		for (const struct theme *k = themes; k < t; k++)
			cr_expect_str_neq(k->name, t->name);
		mono += !strcmp(t->name, "mono");
		count++;
		cr_expect_eq(theme_find(t->name), t);
	}
	cr_expect_eq(mono, 1);
	cr_expect_null(theme_find("nonesuch"));
	/* `theme` and --theme take their names, which the session cannot see in these rows. */
	for (const char *const *name = theme_names; *name; name++, count--)
		cr_expect(theme_find(*name), "%s", *name);
	cr_expect_eq(count, 0);
}

Test(theme, mono_has_no_colour)
{
	const struct theme *t = theme_find("mono");

	for (int r = 0; r < ROLE_COUNT; r++)
		for (int o = 0; o < OVER_COUNT; o++) {
			struct style s = theme_style(t, (enum role)r, (enum over)o);

			cr_expect_eq(s.rich, COLOUR_DEFAULT);
			cr_expect_eq(s.rich_back, COLOUR_DEFAULT);
			cr_expect_eq(s.plain, COLOUR_DEFAULT);
		}
}

Test(theme, the_cursor_keeps_the_role)
{
	struct style plain = theme_style(&themes[0], ROLE_STATE_OPEN, OVER_NONE);
	struct style lit = theme_style(&themes[0], ROLE_STATE_OPEN, OVER_CURSOR);

	cr_expect_eq(plain.rich, lit.rich);
	cr_expect_neq(plain.rich_back, lit.rich_back);
	for (int s = 0; s < STATE_COUNT; s++)
		cr_expect_lt(theme_state_role((enum state)s), ROLE_COUNT);
}

Test(key, names)
{
	cr_expect_str_eq(key_named("c").text, "c");
	cr_expect_str_eq(key_named("Space").text, " ");
	cr_expect_str_eq(key_named("é").text, "é");
	cr_expect_str_eq(key_named("Enter").text, "");
	cr_expect_str_eq(key_named("C-a").text, "");
	cr_expect_str_eq(key_named("F1").name, "F1");
}

Test(columns, each_has_its_words)
{
	static struct sock_column columns[SOCK_COLUMNS_MOST];
	size_t count = sock_columns(columns);
	unsigned scopes = 0;

	cr_assert_gt(count, 40, "all of the core's are there");
	for (size_t i = 0; i < count; i++) {
		const struct sock_column *c = &columns[i];
		struct buf title = { 0 };

		sock_column_title(c, SCOPE_MINE, &title);
		cr_expect(title.len, "column %zu", i);
		cr_expect(c->help || (c->core && c->core->help), "%s", c->name);
		cr_expect(c->core || c->text || c->age, "%s", c->name);
		for (size_t k = 0; k < i; k++)
			cr_expect_str_neq(columns[k].name, c->name);
		scopes |= c->scopes;
		buf_done(&title);
	}
	cr_expect_eq(scopes, (1u << SCOPES) - 1, "every scope has columns");
	for (const struct socket_column *c = socket_columns; c->name; c++) {
		size_t i = 0;

		while (i < count && columns[i].core != c)
			i++;
		cr_expect_lt(i, count, "%s can be shown", c->name);
	}
	for (const struct sock_mark *m = sock_marks; m->sign; m++)
		cr_expect(m->holds && (m->help || !strcmp(m->sign, m[1].sign)), "%s", m->sign);
}

Test(hex, as_many_bytes_as_fit)
{
	cr_expect_eq(hex_per_line(10), 4);
	cr_expect_eq(hex_per_line(39), 8);
	cr_expect_eq(hex_per_line(72), 16);
	cr_expect_eq(hex_per_line(200), 32);
	cr_expect_eq(hex_lines(17, 72), 2);
	cr_expect_eq(hex_lines(0, 72), 0);
}

Test(hex, a_line_with_a_lit_field)
{
	static const uint8_t bytes[] = "GET / HTTP/1.1\r\nHost: x";
	struct grid g = { 0 };
	struct area a;
	struct buf text = { 0 };

	grid_resize(&g, 73, 1);
	a = area_all(&g);
	hex_line(&a, 0, bytes, sizeof bytes - 1, 0, 4, 2);
	grid_text(&g, &text);
	cr_expect_str_eq(buf_text(&text), "0000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  GET / HTTP/1.1..\n");
	cr_expect_eq(grid_cell(&g, 17, 0)->over, OVER_NONE);
	cr_expect_eq(grid_cell(&g, 18, 0)->over, OVER_LIT);
	cr_expect_eq(grid_cell(&g, 20, 0)->over, OVER_LIT, "the blank between two lit bytes");
	cr_expect_eq(grid_cell(&g, 22, 0)->over, OVER_LIT);
	cr_expect_eq(grid_cell(&g, 23, 0)->over, OVER_NONE);
	buf_done(&text);
	grid_done(&g);
}

Test(sheet, wraps_scrolls_and_uses_columns)
{
	struct sheet *s = calloc(1, sizeof *s);
	struct grid g = { 0 };
	struct area a;
	struct buf text = { 0 };

	sheet_clear(s);
	sheet_line(s, ROLE_TEXT, "one two three four");
	sheet_head(s, "HEAD");
	sheet_pair(s, ROLE_VALUE, "label", "%s", "value \033[2J");
	sheet_settle(s, 30, 10);
	cr_expect_eq(s->columns, 1);
	cr_expect_eq(s->lines, 4);
	sheet_settle(s, 30, 2);
	cr_expect(sheet_move(s, 2, UI_BOTTOM));
	cr_expect_eq(s->top, 2);
	sheet_settle(s, 80, 2);
	cr_expect_eq(s->columns, 2, "two columns where one does not suffice");
	cr_expect_eq(s->top, 0);
	grid_resize(&g, 80, 2);
	a = area_all(&g);
	sheet_draw(s, &a);
	grid_text(&g, &text);
	cr_expect_str_eq(buf_text(&text), "one two three four                       HEAD\n"
					  "                                         label       value \\x1b[2J\n");
	buf_done(&text);
	grid_done(&g);
	free(s);
}

Test(sheet, what_does_not_fit_is_left_out)
{
	struct sheet *s = calloc(1, sizeof *s);

	sheet_clear(s);
	for (int i = 0; i < SHEET_ITEMS + 50; i++)
		sheet_pair(s, ROLE_TEXT, "label", "%d", i);
	cr_expect(s->cut);
	cr_expect_eq(s->count, SHEET_ITEMS);
	for (int w = 0; w < 200; w += 7)
		for (int h = 0; h < 60; h += 7)
			sheet_settle(s, w, h);
	free(s);
}

Test(diagram, all_eleven_states_at_every_position)
{
	struct grid g = { 0 };
	struct area a;
	struct buf text = { 0 };

	grid_resize(&g, 45, 33);
	a = area_all(&g);
	state_diagram_draw(&state_diagram_tcp, NULL, &a, 0);
	grid_text(&g, &text);
	for (int s = STATE_CLOSED; s <= STATE_TIME_WAIT; s++)
		cr_expect(strstr(buf_text(&text), state_name((enum state)s)), "%s", state_name((enum state)s));
	buf_done(&text);
	for (int top = 0; top < 40; top++)
		state_diagram_draw(&state_diagram_tcp, NULL, &a, top);
	grid_done(&g);
}

Test(trend, curves_of_the_last_two_minutes_on_one_axis)
{
	static struct trend t;
	static struct samples samples;
	struct sock k = { .known = SOCK_HAS_TCP | SOCK_HAS_QUEUES, .state = STATE_ESTABLISHED };
	struct sheet *sheet = calloc(1, sizeof *sheet);
	uint64_t now = UINT64_C(1700000000000000000);
	struct grid g = { 0 };
	struct buf out = { 0 };
	struct area a;

	sheet_clear(sheet);
	trend_sheet(&t, NULL, now, sheet, false);
	cr_expect_eq(sheet->count, 0, "a socket that was never sampled");
	for (uint32_t i = 0; i < 60; i++) {
		k.tcp.rtt_us = 40 + i;
		k.tcp.bytes_sent += 3000;
		cr_assert(samples_add(&samples, &k, NULL, now - (59 - i) * UINT64_C(1000000000)));
	}
	trend_sheet(&t, &samples, now, sheet, false);
	cr_expect_eq(sheet->count, 3, "heading, rtt, out: what is always 0 is left out");
	cr_expect_eq(t.series[FIGURE_RTT][TREND_PARTS - 1], 99);
	cr_expect_eq(t.series[FIGURE_RTT][TREND_PARTS - 61], 0, "before the first sample");
	sheet_settle(sheet, 43, 10);
	grid_resize(&g, 43, 3);
	a = area_all(&g);
	sheet_draw(sheet, &a);
	grid_text(&g, &out);
	cr_expect_str_eq(buf_text(&out),
			 "LAST TWO MINUTES\n"
			 "rtt              ▅▅▆▇█ 99µs    40µs–99µs\n"
			 "out              █████ 2.93K/s\n",
			 "%s", buf_text(&out));
	buf_clear(&out);
	g.ascii = true;
	sheet_clear(sheet);
	trend_sheet(&t, &samples, now, sheet, true);
	area_blank(&a);
	sheet_draw(sheet, &a);
	grid_text(&g, &out);
	cr_expect_not_null(strstr(buf_text(&out), "99us    40us-99us"), "%s", buf_text(&out));
	for (size_t i = 0; i < out.len; i++)
		cr_expect(out.data[i] < 0x80);
	buf_done(&out);
	grid_done(&g);
	free(sheet);
}

Test(trend, values_are_short)
{
	static const struct {
		enum figure_unit unit;
		uint64_t value;
		const char *words;
	} rows[] = {
		{ FIGURE_MICRO, 43, "43us" },       { FIGURE_MICRO, 1200, "1.20ms" },
		{ FIGURE_MICRO, 85300, "85.3ms" },  { FIGURE_MICRO, 250000, "250ms" },
		{ FIGURE_MICRO, 3400000, "3.40s" }, { FIGURE_NUMBER, 10, "10" },
		{ FIGURE_BYTES, 1536, "1.50K" },    { FIGURE_PER_SECOND, 1536, "1.50K/s" },
		{ FIGURE_BYTES, 1023, "1023" },     { FIGURE_BYTES, 104857600, "100M" },
		{ FIGURE_MICRO, 999600, "1.00s" },  { FIGURE_PER_SECOND, 0, "0/s" },
	};
	char out[24];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_str_eq(figure_words(rows[i].unit, rows[i].value, true, out), rows[i].words);
}

static const struct {
	const char *bytes;
	int whole;
	enum event_kind kind;
	const char *name;
	int x, y, lines;
} sequences[] = {
	{ "1;5C", 1, EVENT_KEY, "C-Right", 0, 0, 0 },
	{ "1;2A", 1, EVENT_KEY, "S-Up", 0, 0, 0 },
	{ "1;7B", 1, EVENT_KEY, "C-M-Down", 0, 0, 0 },
	{ "5~", 1, EVENT_KEY, "PgUp", 0, 0, 0 },
	{ "3;5~", 1, EVENT_KEY, "C-Delete", 0, 0, 0 },
	{ "24~", 1, EVENT_KEY, "F12", 0, 0, 0 },
	{ "<0;10;4M", 1, EVENT_CLICK, "", 9, 3, 0 },
	{ "<16;300;200M", 1, EVENT_CLICK, "", 299, 199, 0 },
	{ "<64;1;1M", 1, EVENT_WHEEL, "", 0, 0, -3 },
	{ "<65;1;1M", 1, EVENT_WHEEL, "", 0, 0, 3 },
	{ "<0;10;4m", 1, EVENT_NONE, "", 0, 0, 0 },
	{ "<2;10;4M", 1, EVENT_NONE, "", 0, 0, 0 },
	{ "<0;0;0M", 1, EVENT_NONE, "", 0, 0, 0 },
	{ "<35;4;4M", 1, EVENT_NONE, "", 0, 0, 0 },
	{ "?1;2c", 1, EVENT_NONE, "", 0, 0, 0 },
	{ "99999999999;99999999999C", 1, EVENT_NONE, "", 0, 0, 0 },
	{ "", 0, EVENT_NONE, "", 0, 0, 0 },
	{ "1;", 0, EVENT_NONE, "", 0, 0, 0 },
	{ "<0;10", 0, EVENT_NONE, "", 0, 0, 0 },
	{ "j", -1, EVENT_NONE, "", 0, 0, 0 },
	{ "1\x1b", -1, EVENT_NONE, "", 0, 0, 0 },
};

Test(key, control_sequences)
{
	for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++) {
		struct key k = { .kind = EVENT_KEY };

		cr_expect_eq(key_sequence_whole(sequences[i].bytes), sequences[i].whole, "%s", sequences[i].bytes);
		if (sequences[i].whole != 1)
			continue;
		key_sequence(sequences[i].bytes, &k);
		cr_expect_eq(k.kind, sequences[i].kind, "%s", sequences[i].bytes);
		cr_expect_str_eq(k.name, sequences[i].name);
		if (k.kind != EVENT_CLICK && k.kind != EVENT_WHEEL)
			continue;
		cr_expect_eq(k.x, sequences[i].x, "%s", sequences[i].bytes);
		cr_expect_eq(k.y, sequences[i].y, "%s", sequences[i].bytes);
		cr_expect_eq(k.lines, sequences[i].lines, "%s", sequences[i].bytes);
	}
}
