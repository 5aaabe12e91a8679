#include "ui/prompt.h"

#include "session/session.h"
#include "session/typed.h"
#include "util/mem.h"
#include "util/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void end_completion(struct prompt *p)
{
	session_free_words(p->words);
	p->words = NULL;
	p->word_count = 0;
}

void prompt_done(struct prompt *p)
{
	for (size_t i = 0; i < p->history_count; i++)
		free(p->history[i]);
	end_completion(p);
	buf_done(&p->line);
	buf_done(&p->draft);
	buf_done(&p->cut);
	*p = (struct prompt){ 0 };
}

void prompt_load(struct prompt *p)
{
	p->history_count = typed_load(p->history, PROMPT_HISTORY);
	p->keeps = true;
}

static void set_line(struct prompt *p, const char *text)
{
	buf_clear(&p->line);
	buf_puts(&p->line, text);
	p->cursor = p->line.len;
}

void prompt_open(struct prompt *p, const char *text)
{
	p->open = true;
	p->message[0] = '\0';
	p->recalled = p->history_count;
	buf_clear(&p->draft);
	end_completion(p);
	set_line(p, text);
}

static void close_prompt(struct prompt *p)
{
	p->open = false;
	p->message[0] = '\0';
	end_completion(p);
}

void prompt_insert(struct prompt *p, const char *text, size_t len)
{
	if (p->line.len + len > PROMPT_LONGEST)
		return;
	end_completion(p);
	buf_insert(&p->line, p->cursor, text, len);
	for (size_t i = p->cursor; i < p->cursor + len; i++)
		if (p->line.data[i] == '\n' || p->line.data[i] == '\r' || p->line.data[i] == '\t')
			p->line.data[i] = ' ';
	p->cursor += len;
}

/* --- editing --- */

static size_t before(const struct prompt *p, size_t at)
{
	if (at)
		at--;
	while (at && ((unsigned char)p->line.data[at] & 0xc0) == 0x80)
		at--;
	return at;
}

static size_t after(const struct prompt *p, size_t at)
{
	if (at < p->line.len)
		at++;
	while (at < p->line.len && ((unsigned char)p->line.data[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static void cut(struct prompt *p, size_t from, size_t to, bool keep)
{
	if (from >= to)
		return;
	if (keep) {
		buf_clear(&p->cut);
		buf_add(&p->cut, p->line.data + from, to - from);
	}
	buf_cut(&p->line, from, to - from);
	p->cursor = from;
}

static size_t word_left(const struct prompt *p)
{
	size_t at = p->cursor;

	while (at && p->line.data[at - 1] == ' ')
		at--;
	while (at && p->line.data[at - 1] != ' ')
		at--;
	return at;
}

static size_t word_right(const struct prompt *p)
{
	size_t at = p->cursor;

	while (at < p->line.len && p->line.data[at] == ' ')
		at++;
	while (at < p->line.len && p->line.data[at] != ' ')
		at++;
	return at;
}

static void left(struct prompt *p)
{
	p->cursor = before(p, p->cursor);
}
static void right(struct prompt *p)
{
	p->cursor = after(p, p->cursor);
}
static void home(struct prompt *p)
{
	p->cursor = 0;
}
static void end(struct prompt *p)
{
	p->cursor = p->line.len;
}
static void backspace(struct prompt *p)
{
	cut(p, before(p, p->cursor), p->cursor, false);
}
static void delete (struct prompt *p)
{
	cut(p, p->cursor, after(p, p->cursor), false);
}
static void cut_end(struct prompt *p)
{
	cut(p, p->cursor, p->line.len, true);
}
static void cut_start(struct prompt *p)
{
	cut(p, 0, p->cursor, true);
}
static void cut_word(struct prompt *p)
{
	cut(p, word_left(p), p->cursor, true);
}
static void yank(struct prompt *p)
{
	prompt_insert(p, buf_text(&p->cut), p->cut.len);
}
static void to_word_left(struct prompt *p)
{
	p->cursor = word_left(p);
}
static void to_word_right(struct prompt *p)
{
	p->cursor = word_right(p);
}

static void recall(struct prompt *p, size_t which)
{
	if (p->recalled == p->history_count) {
		buf_clear(&p->draft);
		buf_puts(&p->draft, buf_text(&p->line));
	}
	p->recalled = which;
	set_line(p, which < p->history_count ? p->history[which] : buf_text(&p->draft));
}

static void older(struct prompt *p)
{
	if (p->recalled)
		recall(p, p->recalled - 1);
}

static void newer(struct prompt *p)
{
	if (p->recalled < p->history_count)
		recall(p, p->recalled + 1);
}

static const struct {
	const char *name;
	void (*edit)(struct prompt *p);
} edits[] = {
	{ "Left", left },
	{ "C-b", left },
	{ "Right", right },
	{ "C-f", right },
	{ "Home", home },
	{ "C-a", home },
	{ "End", end },
	{ "C-e", end },
	{ "Backspace", backspace },
	{ "Delete", delete },
	{ "C-d", delete },
	{ "C-k", cut_end },
	{ "C-u", cut_start },
	{ "C-w", cut_word },
	{ "C-y", yank },
	{ "Up", older },
	{ "C-p", older },
	{ "Down", newer },
	{ "C-n", newer },
	{ "M-b", to_word_left },
	{ "M-f", to_word_right },
	{ "C-Left", to_word_left },
	{ "C-Right", to_word_right },
	{ "M-Backspace", cut_word },
};

bool prompt_edits(const char *name)
{
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++)
		if (!strcmp(name, edits[i].name))
			return true;
	return false;
}

/* --- completion --- */

static void put_word(struct prompt *p, const char *word, size_t len)
{
	buf_cut(&p->line, p->from, p->cursor - p->from);
	buf_insert(&p->line, p->from, word, len);
	p->cursor = p->from + len;
}

static size_t common(char *const *words)
{
	size_t len = strlen(words[0]);

	for (size_t i = 1; words[i]; i++) {
		size_t k = 0;

		while (k < len && words[i][k] == words[0][k])
			k++;
		len = k;
	}
	while (len && ((unsigned char)words[0][len] & 0xc0) == 0x80)
		len--;
	return len;
}

static void begin_completion(struct prompt *p, struct session *s)
{
	char **words = session_complete(s, buf_text(&p->line), p->cursor, &p->from);
	size_t count = 0, len;

	while (words && words[count])
		count++;
	if (!count || p->from > p->cursor) {
		session_free_words(words);
		return;
	}
	if (count == 1) {
		const char *open_ended = "/:=.";

		len = strlen(words[0]);
		put_word(p, words[0], len);
		if (p->cursor == p->line.len && len && !strchr(open_ended, words[0][len - 1]))
			prompt_insert(p, " ", 1);
		session_free_words(words);
		return;
	}
	len = common(words);
	if (len > p->cursor - p->from)
		put_word(p, words[0], len);
	p->words = words;
	p->word_count = p->word = count;
}

static void complete(struct prompt *p, struct session *s, bool back)
{
	if (!p->words) {
		begin_completion(p, s);
		return;
	}
	if (p->word >= p->word_count)
		p->word = back ? p->word_count - 1 : 0;
	else
		p->word = (p->word + (back ? p->word_count - 1 : 1)) % p->word_count;
	put_word(p, p->words[p->word], strlen(p->words[p->word]));
}

/* --- entering --- */

static void remember(struct prompt *p)
{
	const char *line = buf_text(&p->line);

	if (p->history_count && !strcmp(p->history[p->history_count - 1], line))
		return;
	if (p->history_count == PROMPT_HISTORY) {
		free(p->history[0]);
		memmove(p->history, p->history + 1, sizeof p->history[0] * (PROMPT_HISTORY - 1));
		p->history_count--;
	}
	p->history[p->history_count++] = mem_string(line);
	if (p->keeps)
		typed_append(line);
}

static size_t byte_of_column(const struct prompt *p, unsigned column)
{
	size_t at = 0;

	for (unsigned i = 1; i < column && at < p->line.len; i++)
		at = after(p, at);
	return at;
}

static enum prompt_result enter(struct prompt *p, struct session *s)
{
	unsigned column = 0;
	char *line;
	struct err e = { 0 };

	end_completion(p);
	if (strspn(buf_text(&p->line), " ") == p->line.len) {
		close_prompt(p);
		return PROMPT_CANCELLED;
	}
	/* The command may open the prompt again (: prompt …), so the line is taken out of it
	 * first. */
	line = mem_string(buf_text(&p->line));
	p->open = false;
	if (session_enter(s, line, &e, &column)) {
		prompt_open(p, line);
		snprintf(p->message, sizeof p->message, "%s", e.text);
		if (column)
			p->cursor = byte_of_column(p, column);
		free(line);
		return PROMPT_STAYS;
	}
	if (!p->open)
		set_line(p, line);
	remember(p);
	if (!p->open)
		close_prompt(p);
	free(line);
	return p->open ? PROMPT_STAYS : PROMPT_ENTERED;
}

enum prompt_result prompt_key(struct prompt *p, struct session *s, const struct key *k)
{
	if (k->kind == EVENT_PASTE) {
		prompt_insert(p, k->paste, strlen(k->paste));
		return PROMPT_STAYS;
	}
	if (!strcmp(k->name, "Enter"))
		return enter(p, s);
	if (!strcmp(k->name, "Esc") && p->words) {
		end_completion(p);
		return PROMPT_STAYS;
	}
	if (!strcmp(k->name, "Esc") || !strcmp(k->name, "C-c") || !strcmp(k->name, "C-g")) {
		close_prompt(p);
		return PROMPT_CANCELLED;
	}
	if (!strcmp(k->name, "Tab") || !strcmp(k->name, "S-Tab")) {
		complete(p, s, k->name[0] == 'S');
		return PROMPT_STAYS;
	}
	end_completion(p);
	p->message[0] = '\0';
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++)
		if (!strcmp(k->name, edits[i].name)) {
			edits[i].edit(p);
			return PROMPT_STAYS;
		}
	if (k->text[0])
		prompt_insert(p, k->text, strlen(k->text));
	return PROMPT_STAYS;
}
