#include "session/command.h"

#include "session/session.h"
#include "session/setting.h"
#include "util/buf.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <string.h>

static bool shares_a_word(const char *a, const char *b)
{
	while (a && *a) {
		size_t len = strcspn(a, " ");

		for (const char *p = b; p && *p;) {
			size_t other = strcspn(p, " ");

			if (other == len && !strncmp(a, p, len))
				return true;
			p += other + strspn(p + other, " ");
		}
		a += len + strspn(a + len, " ");
	}
	return false;
}

Test(commands, every_row_is_complete)
{
	for (const struct command *c = commands; c->name; c++) {
		cr_expect_not_null(c->usage, "%s", c->name);
		cr_expect_not_null(c->run, "%s does nothing", c->name);
		cr_expect(c->help && strlen(c->help) > 6, "%s has no help", c->name);
		cr_expect(!c->key || c->group, "%s has a key but no group in help", c->name);
		cr_expect(!c->usage[0] || c->parse, "%s shows arguments but parses none", c->name);
		for (const char *p = c->name; *p; p++)
			cr_expect(islower((unsigned char)*p) || *p == '-', "%s", c->name);
	}
}

Test(commands, names_and_aliases_are_unique)
{
	for (const struct command *a = commands; a->name; a++)
		for (const struct command *b = a + 1; b->name; b++) {
			cr_expect_str_neq(a->name, b->name);
			cr_expect(!shares_a_word(a->aliases, b->aliases), "%s %s", a->name, b->name);
			cr_expect(!shares_a_word(a->name, b->aliases), "%s %s", a->name, b->name);
			cr_expect(!shares_a_word(a->aliases, b->name), "%s %s", a->name, b->name);
		}
}

Test(commands, keys_are_unique)
{
	for (const struct command *a = commands; a->name; a++) {
		for (const struct command *b = a + 1; b->name; b++)
			cr_expect(!shares_a_word(a->key, b->key), "%s and %s share a key", a->name, b->name);
		for (const struct key_line *k = key_lines; k->key; k++)
			cr_expect(!shares_a_word(a->key, k->key), "%s and \"%s\" share a key", a->name, k->line);
	}
}

Test(commands, key_lines_name_commands)
{
	for (const struct key_line *k = key_lines; k->key; k++) {
		cr_expect_not_null(command_find(k->line, strcspn(k->line, " ")), "%s", k->line);
		cr_expect(k->help && k->group, "%s", k->line);
	}
}

Test(commands, the_keys_that_people_know)
{
	static const char *const pairs[][2] = {
		{ "n", "socket" },      { "b", "bind" },
		{ "l", "listen" },      { "a", "accept" },
		{ "c", "connect" },     { "s", "send" },
		{ "r", "recv" },        { "d", "shutdown" },
		{ "x", "close" },       { "X", "abort" },
		{ "S", "setsockopt" },  { "Space", "step" },
		{ "e", "echo" },        { "q", "quit" },
		{ "?", "help" },        { "F1", "help" },
		{ ":", "prompt" },      { "z", "zoom" },
		{ "p", "pause" },       { "i", "interface" },
		{ "Tab", "next-pane" }, { "S-Tab", "previous-pane" },
		{ "1", "scope mine" },  { "4", "scope closed" },
	};
	struct session *s = calloc(1, sizeof *s);

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		const struct command *row;
		bool at_once;
		const char *line = command_for_key(s, pairs[i][0], &at_once, &row);

		cr_assert_not_null(line, "%s", pairs[i][0]);
		cr_expect_str_eq(line, pairs[i][1], "%s", pairs[i][0]);
	}
	free(s);
}

Test(commands, a_binding_goes_before_the_default)
{
	struct session *s = calloc(1, sizeof *s);
	const struct command *row;
	bool at_once;

	s->bindings[0] = (struct binding){ .key = "n", .line = (char *)"socket inet6 dgram" };
	s->binding_count = 1;
	cr_expect_str_eq(command_for_key(s, "n", &at_once, &row), "socket inet6 dgram");
	cr_expect(at_once);
	cr_expect_null(command_for_key(s, "F12", &at_once, &row));
	free(s);
}

Test(settings, every_row_is_complete_and_reads_what_it_writes)
{
	struct settings values;

	settings_default(&values);
	for (const struct setting_row *r = settings; r->name; r++) {
		struct buf text = { 0 };
		struct err e;

		setting_get(&values, r, &text);
		cr_expect_str_eq(buf_text(&text), r->value, "%s", r->name);
		cr_expect_eq(setting_set(&values, r, buf_text(&text), &e), 0, "%s: %s", r->name, e.text);
		cr_expect(r->help && r->usage, "%s", r->name);
		cr_expect_eq(setting_find(r->name), r);
		if (r->type != SETTING_WORD)
			cr_expect_lt(setting_set(&values, r, "nonsense", &e), 0, "%s", r->name);
		buf_done(&text);
	}
	cr_expect_null(setting_find("nonsense"));
}
