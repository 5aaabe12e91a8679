#include "session/lex.h"

#include "util/err.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *line;
	const char *want; /* tokens, joined by |; quoted ones in <>, the assignment as {=} */
	unsigned column;  /* of an error, 0: none */
} cases[] = {
	{ "", "", 0 },
	{ "   # only a comment", "", 0 },
	{ "c.connect 127.0.0.1:80", "c.connect|127.0.0.1:80", 0 },
	{ "c.connect 127.0.0.1:80 # why", "c.connect|127.0.0.1:80", 0 },
	{ "select a#b", "select|a#b", 0 },
	{ "c = socket inet stream", "c|{=}|socket|inet|stream", 0 },
	{ "c=socket inet stream", "c|{=}|socket|inet|stream", 0 },
	{ "s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)", "s|{=}|socket|AF_INET|SOCK_STREAM", 0 },
	{ "s.bind((\"127.0.0.1\", 8080))", "s.bind|<127.0.0.1>|8080", 0 },
	{ "conn, addr = s.accept()", "conn|addr|{=}|s.accept", 0 },
	{ "s.sendall(b\"hi\")", "s.sendall|<hi>", 0 },
	{ "s.sendall(b'it\\'s')", "s.sendall|<it's>", 0 },
	{ "c.send \"a b\\n\\t\\x41\\\"\\\\\"", "c.send|<a b\n\tA\"\\>", 0 },
	{ "c.send 'a \"b\"'", "c.send|<a \"b\">", 0 },
	{ "c.send file:\"a b\"", "c.send|file:a b", 0 },
	{ "c.send \"#no comment\"", "c.send|<#no comment>", 0 },
	{ "bind unix:/tmp/a=b", "bind|unix:/tmp/a=b", 0 },
	{ "x.send \"a=b\"", "x.send|<a=b>", 0 },
	{ "send \"open", "", 6 },
	{ "send 'open", "", 6 },
	{ "send \"\\q\"", "", 7 },
	{ "send \"\\x4\"", "", 7 },
	{ "send \"ümläut\" \"x", "", 15 },
};

static void join(const struct tokens *t, char *out)
{
	*out = '\0';
	for (unsigned i = 0; i < t->count; i++) {
		const struct token *k = &t->token[i];

		sprintf(out + strlen(out), "%s%s%s%s", i ? "|" : "",
			k->quoted   ? "<"
			: k->assign ? "{"
				    : "",
			k->text,
			k->quoted   ? ">"
			: k->assign ? "}"
				    : "");
	}
}

Test(lex, cases)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct tokens t;
		struct err e;
		unsigned column = 0;
		char got[512];
		int rc = lex_line(cases[i].line, &t, &e, &column);

		cr_expect_eq(column, cases[i].column, "%s: column %u", cases[i].line, column);
		cr_expect_eq(rc < 0, cases[i].column != 0, "%s", cases[i].line);
		if (rc)
			continue;
		join(&t, got);
		cr_expect_str_eq(got, cases[i].want, "%s -> %s", cases[i].line, got);
		lex_done(&t);
	}
}

Test(lex, a_quoted_nul_is_kept)
{
	struct tokens t;

	cr_assert_eq(lex_line("send \"a\\0b\"", &t, NULL, NULL), 0);
	cr_expect_eq(t.token[1].len, 3);
	cr_expect_arr_eq(t.token[1].text, "a\0b", 3);
	lex_done(&t);
}

Test(lex, too_many_words)
{
	char line[4 * LEX_TOKENS];
	struct tokens t;
	struct err e;
	unsigned column;

	*line = '\0';
	for (int i = 0; i <= LEX_TOKENS; i++)
		strcat(line, "a ");
	cr_expect_lt(lex_line(line, &t, &e, &column), 0);
	cr_expect_eq(column, 2 * LEX_TOKENS + 1);
}
