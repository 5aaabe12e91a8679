#include "session/lex.h"

#include "util/err.h"
#include "util/mem.h"
#include "util/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct lexer {
	const char *line;
	size_t at, len;
	struct tokens *out;
	size_t used; /* of out->store */
	struct err *err;
	unsigned *column;
};

unsigned lex_column(const char *line, size_t offset)
{
	unsigned column = 1;

	for (size_t i = 0; i < offset && line[i]; i++)
		column += ((unsigned char)line[i] & 0xc0) != 0x80;
	return column;
}

static int fail(struct lexer *l, size_t offset, const char *why)
{
	if (l->column)
		*l->column = lex_column(l->line, offset);
	return err_set(l->err, EINVAL, "%s", why);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '(' || c == ')' || c == ',';
}

static void put(struct lexer *l, char c)
{
	l->out->store[l->used++] = c;
}

static int hex_value(char c)
{
	return isdigit((unsigned char)c)    ? c - '0'
	       : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
					    : -1;
}

static int escape(struct lexer *l)
{
	static const struct {
		char letter, byte;
	} simple[] = { { 'n', '\n' }, { 'r', '\r' },  { 't', '\t' }, { '0', '\0' },
		       { '"', '"' },  { '\'', '\'' }, { '\\', '\\' } };
	size_t start = l->at++;
	char c = l->line[l->at];

	if (c == 'x') {
		int high = hex_value(l->line[l->at + 1]);
		int low = high < 0 ? -1 : hex_value(l->line[l->at + 2]);

		if (low < 0)
			return fail(l, start, "\\x takes two hexadecimal digits");
		put(l, (char)(high << 4 | low));
		l->at += 3;
		return 0;
	}
	for (size_t i = 0; i < sizeof simple / sizeof *simple; i++)
		if (simple[i].letter == c) {
			put(l, simple[i].byte);
			l->at++;
			return 0;
		}
	return fail(l, start, "unknown escape: \\r \\n \\t \\0 \\xHH \\\" \\' and \\\\ are known");
}

static int quoted(struct lexer *l)
{
	size_t start = l->at;
	char quote = l->line[l->at++];

	while (l->line[l->at] != quote) {
		if (l->at >= l->len)
			return fail(l, start, "the quote is not closed");
		if (l->line[l->at] == '\\') {
			int rc = escape(l);

			if (rc)
				return rc;
			continue;
		}
		put(l, l->line[l->at++]);
	}
	l->at++;
	return 0;
}

/* Is everything so far, and the word being read, a name? Then `=` assigns. */
static bool only_names(const struct lexer *l, const char *word, size_t len)
{
	for (unsigned i = 0; i < l->out->count; i++) {
		const struct token *t = &l->out->token[i];

		if (t->assign || t->quoted || memchr(t->text, '.', t->len))
			return false;
	}
	if (len && !isalpha((unsigned char)word[0]) && word[0] != '_')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)word[i]) && word[i] != '_')
			return false;
	return true;
}

static int word(struct lexer *l, struct token *t)
{
	size_t start = l->used;

	while (l->at < l->len && !is_blank(l->line[l->at])) {
		char c = l->line[l->at];
		size_t have = l->used - start;
		int rc;

		if (c == '"' || c == '\'') {
			bool bytes = have == 1 && !t->quoted &&
				     (l->out->store[start] == 'b' || l->out->store[start] == 'B');

			if (bytes)
				l->used = start, have = 0;
			t->quoted |= have == 0;
			rc = quoted(l);
			if (rc)
				return rc;
			continue;
		}
		if (c == '=' && l->line[l->at + 1] != '=' && !t->quoted && only_names(l, l->out->store + start, have)) {
			if (have == 0) {
				put(l, c);
				l->at++;
				t->assign = true;
			}
			break;
		}
		put(l, c);
		l->at++;
	}
	t->text = l->out->store + start;
	t->len = l->used - start;
	put(l, '\0');
	return 0;
}

static void drop_module(struct token *t)
{
	static const char module[] = "socket.";
	size_t len = sizeof module - 1;

	if (!t->quoted && t->len > len && !strncmp(t->text, module, len)) {
		t->text += len;
		t->len -= len;
	}
}

int lex_line(const char *line, struct tokens *out, struct err *e, unsigned *column)
{
	struct lexer l = { .line = line, .len = strlen(line), .out = out, .err = e, .column = column };
	int rc;

	memset(out, 0, sizeof *out);
	out->store = mem_alloc(2 * l.len + 2); /* every token is followed by a NUL of ours */
	for (;;) {
		struct token *t = &out->token[out->count];

		while (l.at < l.len && is_blank(line[l.at]))
			l.at++;
		if (l.at >= l.len || line[l.at] == '#')
			break;
		if (out->count == LEX_TOKENS) {
			rc = fail(&l, l.at, "the line has too many words");
			goto out;
		}
		t->offset = l.at;
		t->column = lex_column(line, l.at);
		rc = word(&l, t);
		if (rc)
			goto out;
		drop_module(t);
		out->count++;
		out->end = l.at;
	}
	while (out->end < l.at && line[out->end] == ')') /* `s.close()`: the brackets belong to what was written */
		out->end++;
	return 0;
out:
	lex_done(out);
	return rc;
}

void lex_done(struct tokens *t)
{
	free(t->store);
	memset(t, 0, sizeof *t);
}
