/* Settings are changed step by step, and every step is a value that `set` takes. */
#include "session/setting.h"

#include "util/buf.h"
#include "util/err.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct {
	const char *name, *from;
	int by;
	const char *to; /* NULL: there is none */
} steps[] = {
	{ "refresh", "1s", 1, "2s" },       { "refresh", "1s", -1, "500ms" }, { "refresh", "1500ms", 1, "2s" },
	{ "refresh", "1500ms", -1, "1s" },  { "refresh", "50ms", -1, NULL },  { "refresh", "60s", 1, NULL },
	{ "timeout", "1ms", -1, NULL },     { "timeout", "1ms", 1, "2ms" },   { "mouse", "on", 1, "off" },
	{ "mouse", "off", -1, "on" },       { "theme", "dark", 1, "light" },  { "theme", "dark", -1, "contrast" },
	{ "theme", "contrast", 1, "dark" }, { "netns", "own", 1, "all" },     { "netns", "blue", 1, "own" },
};

Test(setting, steps)
{
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		const struct setting_row *row = setting_find(steps[i].name);
		struct settings s;
		struct buf text = { 0 };
		struct err e;
		bool there;

		cr_assert_not_null(row, "%s", steps[i].name);
		settings_default(&s);
		cr_assert_eq(setting_set(&s, row, steps[i].from, &e), 0, "%s", e.text);
		there = setting_step(&s, row, steps[i].by, &text);
		cr_expect_eq(there, steps[i].to != NULL, "%s %s", steps[i].name, steps[i].from);
		cr_expect_str_eq(buf_text(&text), steps[i].to ? steps[i].to : "", "%s %s", steps[i].name,
				 steps[i].from);
		buf_done(&text);
	}
}

Test(setting, every_step_can_be_set_and_leads_on)
{
	for (const struct setting_row *row = settings; row->name; row++)
		for (int by = -1; by <= 1; by += 2) {
			struct settings s;
			struct buf text = { 0 };
			struct err e;
			int count = 0;

			settings_default(&s);
			for (; count < 64 && setting_step(&s, row, by, &text); count++) {
				cr_assert_eq(setting_set(&s, row, buf_text(&text), &e), 0, "%s: %s", row->name, e.text);
				buf_clear(&text);
			}
			cr_expect(row->type != SETTING_TIME || count < 64, "%s has an end", row->name);
			buf_done(&text);
		}
}
