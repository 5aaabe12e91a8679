/* Curves as text: axes, ticks, every kind of ink, what is bounded, braille and ASCII. */
#include "ui/plot.h"

#include "test_ui_help.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static void show(const struct plot *p, int w, int h, bool ascii, struct buf *out)
{
	struct grid g = { 0 };
	struct area a;

	grid_resize(&g, w, h);
	g.ascii = ascii;
	a = area_all(&g);
	plot_draw(p, &a);
	buf_clear(out);
	grid_text(&g, out);
	grid_done(&g);
}

Test(plot, round_numbers)
{
	static const struct {
		enum plot_unit unit;
		double range;
		int most;
		double step;
	} rows[] = {
		{ PLOT_NUMBER, 10, 5, 2 },    { PLOT_NUMBER, 10, 4, 5 },
		{ PLOT_NUMBER, 100, 10, 10 }, { PLOT_NUMBER, 0.7, 8, 0.1 },
		{ PLOT_MICRO, 1400, 7, 200 }, { PLOT_BYTES, 65536, 4, 16384 },
		{ PLOT_BYTES, 3, 8, 1 },      { PLOT_PER_SECOND, 5000000, 5, 1048576 },
		{ PLOT_NUMBER, 0, 4, 1 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		double got = plot_step(rows[i].unit, rows[i].range, rows[i].most);

		cr_expect(fabs(got - rows[i].step) < rows[i].step / 1e6, "%zu: %g", i, got);
	}
}

/* A transfer with a loss: what was sent, acknowledged, sent again. */
static void transfer(struct plot *p, int w)
{
	size_t acked, sent, again;

	plot_begin(p, 0, 2, w);
	p->unit = PLOT_BYTES;
	acked = plot_series(p, "acked", ROLE_DIM, PLOT_STEP, ' ', true);
	sent = plot_series(p, "sent", ROLE_OUT, PLOT_SPAN, ' ', false);
	again = plot_series(p, "sent again", ROLE_ERROR, PLOT_MARK, 'R', false);
	for (int i = 0; i < 20; i++) {
		plot_add(p, sent, i * 0.1, i * 1000, (i + 1) * 1000);
		if (i < 8 || i > 14)
			plot_add(p, acked, i * 0.1 + 0.05, 0, (i + 1) * 1000);
	}
	plot_add(p, again, 1.45, 0, 9000);
}

Test(plot, golden)
{
	static const struct {
		const char *name;
		int w, h;
		bool ascii;
	} rows[] = {
		{ "plot-78x22", 78, 22, false },
		{ "plot-78x22-ascii", 78, 22, true },
		{ "plot-40x10", 40, 10, false },
		{ "plot-198x57", 198, 57, false },
	};
	struct plot p = { 0 };
	struct buf out = { 0 };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		transfer(&p, rows[i].w);
		show(&p, rows[i].w, rows[i].h, rows[i].ascii, &out);
		expect_golden(rows[i].name, &out);
		for (size_t k = 0; rows[i].ascii && k < out.len; k++)
			cr_assert(out.data[k] < 0x80);
	}
	plot_done(&p);
	buf_done(&out);
}

Test(plot, inks)
{
	static const enum plot_ink inks[] = { PLOT_LINE, PLOT_STEP, PLOT_DOTS };
	static const char *const drawn[] = {
		/* line */ "⢄",
		/* step */ "⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒",
		/* dots */ "⠁",
	};
	struct plot p = { 0 };
	struct buf out = { 0 };

	for (size_t i = 0; i < 3; i++) {
		size_t line;

		plot_begin(&p, 0, 10, 60);
		p.unit = PLOT_NUMBER;
		line = plot_series(&p, "x", ROLE_OUT, inks[i], ' ', false);
		plot_add(&p, line, 0, 0, 10);
		plot_add(&p, line, 5, 0, 4);
		plot_add(&p, line, 10, 0, 0);
		show(&p, 60, 12, false, &out);
		cr_expect_not_null(strstr(buf_text(&out), drawn[i]), "%zu:\n%s", i, buf_text(&out));
	}
	plot_done(&p);
	buf_done(&out);
}

Test(plot, a_column_keeps_its_least_and_its_greatest)
{
	struct plot p = { 0 };
	struct buf out = { 0 };
	size_t line;

	plot_begin(&p, 0, 100, 60);
	p.unit = PLOT_NUMBER;
	p.from_zero = true;
	line = plot_series(&p, "x", ROLE_OUT, PLOT_LINE, ' ', false);
	for (int i = 0; i < 1000000; i++)
		plot_add(&p, line, i / 10000.0, 0, i == 654321 ? 1000 : i == 123456 ? 0 : 500);
	cr_expect_leq(p.lines[line].count, 4 * (size_t)p.columns + 4, "bounded");
	show(&p, 60, 14, false, &out);
	cr_expect_not_null(strstr(buf_text(&out), "1000"), "the peak is there:\n%s", buf_text(&out));
	plot_done(&p);
	buf_done(&out);
}

Test(plot, values_under_the_cursor)
{
	struct plot p = { 0 };
	struct buf out = { 0 };
	double value;

	transfer(&p, 78);
	cr_assert(plot_value(&p, 1, 0.55, &value));
	cr_expect_eq(value, 6000);
	cr_expect_not(plot_value(&p, 2, 1.0, &value), "not sent again yet");
	p.cursor = 1.0;
	show(&p, 78, 22, false, &out);
	cr_expect_not_null(strstr(buf_text(&out), "acked 7.81K"), "%s", buf_text(&out));
	cr_expect_not_null(strstr(buf_text(&out), "sent 10.7K"), "%s", buf_text(&out));
	cr_expect_not_null(strstr(buf_text(&out), " 1.000 s "), "%s", buf_text(&out));
	plot_done(&p);
	buf_done(&out);
}

Test(plot, any_size_and_any_range_is_drawn)
{
	static const double ranges[][2] = { { 0, 0 }, { 0, 1e-6 }, { -1e9, 1e9 }, { 5, 5 }, { 0, 1e12 } };
	struct plot p = { 0 };
	struct buf out = { 0 };

	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		for (int w = 0; w < 70; w += 3)
			for (int h = 0; h < 20; h++) {
				plot_begin(&p, ranges[i][0], ranges[i][1], w);
				for (int ink = PLOT_LINE; ink <= PLOT_MARK; ink++) {
					size_t line = plot_series(&p, "x", ROLE_OUT, (enum plot_ink)ink, 'x', ink % 2);

					plot_add(&p, line, ranges[i][0] - 1, 0, 7);
					plot_add(&p, line, ranges[i][0], 0, 1e15);
					plot_add(&p, line, ranges[i][1], 0, 0);
					plot_add(&p, line, ranges[i][1] + 1e6, 0, 3);
				}
				p.cursor = ranges[i][0];
				show(&p, w, h, i % 2, &out);
			}
	plot_done(&p);
	buf_done(&out);
}
