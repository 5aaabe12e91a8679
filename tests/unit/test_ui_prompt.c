/* The prompt: editing, history, completion, and what happens to a line that is refused. */
#include "ui/prompt.h"

#include "session/session.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct session *session_of(void)
{
	struct session_config config = { .device = "lo", .interactive = true };
	struct session *s = NULL;
	struct err e = { 0 };

	cr_assert_eq(session_new(&config, &s, &e), 0, "%s", e.text);
	return s;
}

/* Words are key names; what is between two bars is typed as it stands: "|bind| Enter". */
static enum prompt_result type(struct prompt *p, struct session *s, const char *keys)
{
	enum prompt_result last = PROMPT_STAYS;

	while (*keys) {
		char name[24];
		size_t len = strcspn(keys, " ");
		struct key k;

		if (*keys == '|') {
			len = strcspn(keys + 1, "|");
			prompt_insert(p, keys + 1, len);
			keys += len + 2;
			keys += *keys == ' ';
			continue;
		}
		snprintf(name, sizeof name, "%.*s", (int)len, keys);
		k = key_named(name);
		last = prompt_key(p, s, &k);
		keys += len;
		keys += *keys == ' ';
	}
	return last;
}

static const struct {
	const char *what, *keys, *line;
	size_t cursor;
} edits[] = {
	{ "typing", "a b Space c", "ab c", 4 },
	{ "left and insert", "|ac| Left b", "abc", 2 },
	{ "backspace", "|abc| Backspace", "ab", 2 },
	{ "backspace over two bytes", "|aé| Backspace", "a", 1 },
	{ "backspace at the start", "|a| Home Backspace", "a", 0 },
	{ "delete", "|abc| Home Delete", "bc", 0 },
	{ "delete at the end", "|abc| Delete", "abc", 3 },
	{ "home and end", "|abc| C-a x C-e y", "xabcy", 5 },
	{ "left over two bytes", "|éa| Left Left x", "xéa", 1 },
	{ "cut to the end", "|abc def| Left Left C-k", "abc d", 5 },
	{ "cut to the start", "|abc def| Left Left C-u", "ef", 0 },
	{ "cut a word", "|abc def| C-w", "abc ", 4 },
	{ "cut a word and put it back twice", "|abc def| C-w C-y C-y", "abc defdef", 10 },
	{ "a newline is a blank", "|a\nb|", "a b", 3 },
	{ "unknown keys type nothing", "F5 M-z C-x", "", 0 },
};

Test(prompt, editing)
{
	struct session *s = session_of();

	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
		struct prompt p = { 0 };

		prompt_open(&p, "");
		type(&p, s, edits[i].keys);
		cr_expect_str_eq(buf_text(&p.line), edits[i].line, "%s", edits[i].what);
		cr_expect_eq(p.cursor, edits[i].cursor, "%s: %zu", edits[i].what, p.cursor);
		prompt_done(&p);
	}
	session_free(s);
}

Test(prompt, a_refused_line_stays)
{
	struct session *s = session_of();
	struct prompt p = { 0 };

	prompt_open(&p, "");
	cr_expect_eq(type(&p, s, "|conect 127.0.0.1:80| Enter"), PROMPT_STAYS);
	cr_expect(p.open);
	cr_expect_str_eq(buf_text(&p.line), "conect 127.0.0.1:80");
	cr_expect(p.message[0]);
	cr_expect_eq(p.cursor, 0, "the cursor stands where the mistake is");
	type(&p, s, "End");
	cr_expect_eq(p.message[0], '\0', "the next key takes the message away");
	cr_expect_eq(type(&p, s, "Esc"), PROMPT_CANCELLED);
	cr_expect(!p.open);
	prompt_done(&p);
	session_free(s);
}

Test(prompt, history)
{
	struct session *s = session_of();
	struct prompt p = { 0 };

	prompt_open(&p, "");
	cr_expect_eq(type(&p, s, "|socket inet stream| Enter"), PROMPT_ENTERED);
	prompt_open(&p, "");
	cr_expect_eq(type(&p, s, "|socket inet dgram| Enter"), PROMPT_ENTERED);
	prompt_open(&p, "");
	type(&p, s, "|half| Up Up Up");
	cr_expect_str_eq(buf_text(&p.line), "socket inet stream");
	type(&p, s, "Down");
	cr_expect_str_eq(buf_text(&p.line), "socket inet dgram");
	type(&p, s, "Down Down");
	cr_expect_str_eq(buf_text(&p.line), "half", "what was being typed comes back");
	cr_expect_eq(type(&p, s, "C-u Enter"), PROMPT_CANCELLED, "an empty line does nothing");
	prompt_done(&p);
	session_free(s);
}

Test(prompt, history_lasts_from_one_sitting_to_the_next)
{
	struct session *s = session_of();
	struct prompt first = { 0 }, second = { 0 };
	char dir[] = "/tmp/sockeye-typed-XXXXXX", path[64];

	cr_assert_not_null(mkdtemp(dir));
	setenv("XDG_STATE_HOME", dir, 1);
	prompt_load(&first);
	cr_expect_eq(first.history_count, 0);
	prompt_open(&first, "");
	type(&first, s, "|socket inet stream| Enter");
	prompt_open(&first, "");
	type(&first, s, "|nonsense| Enter Esc");
	prompt_open(&first, "");
	type(&first, s, "|print one| Enter");
	prompt_open(&first, "");
	type(&first, s, "|print one| Enter");
	prompt_done(&first);

	prompt_load(&second);
	cr_expect_eq(second.history_count, 2, "refused lines and repetitions are not kept");
	prompt_open(&second, "");
	type(&second, s, "Up Up");
	cr_expect_str_eq(buf_text(&second.line), "socket inet stream");
	prompt_done(&second);
	snprintf(path, sizeof path, "%s/sockeye/history", dir);
	unlink(path);
	snprintf(path, sizeof path, "%s/sockeye", dir);
	rmdir(path);
	rmdir(dir);
	session_free(s);
}

Test(prompt, completion)
{
	struct session *s = session_of();
	struct prompt p = { 0 };

	prompt_open(&p, "");
	type(&p, s, "|socket inet str| Tab");
	cr_expect_str_eq(buf_text(&p.line), "socket inet stream ", "one candidate is taken");
	prompt_open(&p, "");
	type(&p, s, "|se| Tab");
	cr_expect(p.words && p.word_count > 1, "several are listed");
	type(&p, s, "Tab");
	cr_expect_str_eq(buf_text(&p.line), p.words[0]);
	type(&p, s, "Tab S-Tab S-Tab");
	cr_expect_str_eq(buf_text(&p.line), p.words[p.word_count - 1]);
	cr_expect_eq(type(&p, s, "Esc"), PROMPT_STAYS, "Esc ends the list first");
	cr_expect_null(p.words);
	prompt_open(&p, "");
	type(&p, s, "|zzzz| Tab");
	cr_expect_str_eq(buf_text(&p.line), "zzzz");
	prompt_done(&p);
	session_free(s);
}

Test(prompt, a_long_line_scrolls)
{
	struct grid g = { 0 };
	struct prompt p = { 0 };

	prompt_open(&p, "send \"0123456789 0123456789 0123456789 \xe6\x97\xa5 0123456789 0123456789\"");
	for (int w = 1; w < 90; w++) {
		struct area a, bottom, above;

		grid_resize(&g, w, 2);
		a = area_all(&g);
		above = area_sub(&a, 0, 0, w, 1);
		bottom = area_sub(&a, 0, 1, w, 1);
		prompt_draw(&p, &bottom, &above);
		cr_expect(w < 4 || g.cursor_x < w, "%d: cursor at %d", w, g.cursor_x);
	}
	grid_done(&g);
	prompt_done(&p);
}
