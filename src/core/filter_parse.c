/* The grammar of filter.h: words to tests, `and or not ( )` to a tree. */
#include "filter_inside.h"

#include "util/err.h"
#include "util/mem.h"
#include "util/text.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_NOT, TOKEN_AND, TOKEN_OR, TOKEN_OP };

struct token {
	enum token_kind kind;
	char *text;     /* of a word: without quotes, in f->words */
	bool quoted;    /* some of it was in quotes: no keyword, no commas */
	size_t key_len; /* it begins with a key and a colon: length of the key */
	enum filter_op op;
	bool differs; /* != */
	unsigned column;
};

struct parser {
	struct filter *f;
	const char *text, *at;
	struct token now;
	unsigned depth;
	struct err *e;
	unsigned *column;
};

struct comparison {
	const char *text;
	enum filter_op op;
	bool differs;
};

/* clang-format off */
static const struct comparison operators[] = { /* the longer ones first */
	{ "==", OP_EQUAL, false },
	{ "!=", OP_EQUAL, true },
	{ "<=", OP_LESS_EQUAL, false },
	{ ">=", OP_GREATER_EQUAL, false },
	{ "=", OP_EQUAL, false },
	{ "<", OP_LESS, false },
	{ ">", OP_GREATER, false },
};

static const struct comparison operator_words[] = {
	{ "eq", OP_EQUAL, false },
	{ "ne", OP_EQUAL, true },
	{ "neq", OP_EQUAL, true },
	{ "lt", OP_LESS, false },
	{ "le", OP_LESS_EQUAL, false },
	{ "leq", OP_LESS_EQUAL, false },
	{ "gt", OP_GREATER, false },
	{ "ge", OP_GREATER_EQUAL, false },
	{ "geq", OP_GREATER_EQUAL, false },
};
/* clang-format on */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int fail_at(struct parser *p, unsigned column)
{
	*p->column = column;
	return -EINVAL;
}

#define FAIL(p, where, ...) (err_set((p)->e, EINVAL, __VA_ARGS__), fail_at(p, where))

/* --- tokens --- */

static size_t operator_at(const char *at, struct token *t)
{
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
		size_t len = strlen(operators[i].text);

		if (!strncmp(at, operators[i].text, len)) {
			t->op = operators[i].op;
			t->differs = operators[i].differs;
			return len;
		}
	}
	return 0;
}

/* From a quote to its end, without both; \ takes the next character as it is. */
static int quoted_part(struct parser *p, unsigned begin)
{
	struct filter *f = p->f;

	for (p->at++; *p->at != '"'; p->at++) {
		if (*p->at == '\\' && p->at[1])
			p->at++;
		if (!*p->at)
			return FAIL(p, begin, "the quote has no end");
		f->words[f->word_len++] = *p->at;
	}
	p->at++;
	return 0;
}

/* A word ends at a blank, at a ) that is not its own, and after a key at an operator. */
static int take_word(struct parser *p, bool value)
{
	struct filter *f = p->f;
	size_t from = f->word_len, open = 0;
	struct token *t = &p->now;
	struct token ignored;

	t->kind = TOKEN_WORD;
	t->text = f->words + from;
	while (*p->at && !is_blank(*p->at)) {
		size_t len = f->word_len - from;

		if (*p->at == '"') {
			int rc = quoted_part(p, (unsigned)(p->at - p->text) + 1);

			if (rc)
				return rc;
			t->quoted = true;
			continue;
		}
		if (*p->at == ')' && !open)
			break;
		if (!value && !t->quoted && !t->key_len && operator_at(p->at, &ignored) &&
		    filter_key_find(t->text, len))
			break;
		if (!value && *p->at == ':' && !t->quoted && !t->key_len && filter_key_find(t->text, len))
			t->key_len = len;
		if (*p->at == '(')
			open++;
		else if (*p->at == ')' && open)
			open--;
		f->words[f->word_len++] = *p->at++;
	}
	f->words[f->word_len++] = '\0';
	return 0;
}

/* `value`: what comes is a value, whatever it looks like. */
static int next(struct parser *p, bool value)
{
	struct token *t = &p->now;
	size_t len;

	memset(t, 0, sizeof *t);
	while (is_blank(*p->at))
		p->at++;
	t->column = (unsigned)(p->at - p->text) + 1;
	if (!*p->at)
		return 0;
	if (!value) {
		len = operator_at(p->at, t);
		t->kind = len             ? TOKEN_OP
			  : *p->at == '(' ? TOKEN_OPEN
			  : *p->at == ')' ? TOKEN_CLOSE
			  : *p->at == '!' ? TOKEN_NOT
			  : *p->at == '&' ? TOKEN_AND
			  : *p->at == '|' ? TOKEN_OR
					  : TOKEN_END;
		if (t->kind != TOKEN_END) {
			p->at += len ? len : (*p->at == '&' || *p->at == '|') && p->at[1] == *p->at ? 2 : 1;
			return 0;
		}
	}
	return take_word(p, value);
}

static bool word_is(const struct token *t, const char *word)
{
	return t->kind == TOKEN_WORD && !t->quoted && !strcasecmp(t->text, word);
}

/* --- the tree --- */

static unsigned add_node(struct filter *f, enum filter_node_kind kind, unsigned left, unsigned right)
{
	MEM_ROOM(f->nodes, f->node_count, f->node_capacity);
	f->nodes[f->node_count] = (struct filter_node){ kind, left, right };
	return (unsigned)f->node_count++;
}

static struct filter_value *add_value(struct filter *f)
{
	MEM_ROOM(f->values, f->value_count, f->value_capacity);
	memset(&f->values[f->value_count], 0, sizeof *f->values);
	return &f->values[f->value_count++];
}

static int new_test(struct parser *p, const struct filter_key *key, unsigned column, unsigned *test)
{
	struct filter *f = p->f;

	if (f->test_count >= FILTER_TESTS)
		return FAIL(p, column, "a filter has at most %d words", FILTER_TESTS);
	MEM_ROOM(f->tests, f->test_count, f->test_capacity);
	f->tests[f->test_count] = (struct filter_test){ .key = key, .first = (unsigned)f->value_count };
	*test = (unsigned)f->test_count++;
	return 0;
}

/* The values between commas of `text`, which stands at `column`. */
static int read_values(struct parser *p, const struct filter_key *key, enum filter_op op, char *text, bool whole,
		       unsigned column, unsigned *node)
{
	struct filter *f = p->f;
	unsigned test;
	int rc = new_test(p, key, column, &test);
	char *at = text, *comma;

	if (rc)
		return rc;
	do {
		struct filter_value *value = add_value(f);

		comma = whole ? NULL : strchr(at, ',');
		if (comma)
			*comma = '\0';
		value->column = key && key->column ? column_find(key->column, strlen(key->column)) : NULL;
		if (!*at && key)
			return FAIL(p, column + (unsigned)(at - text), "%s wants a value: %s", key->name, key->usage);
		if (!*at)
			return FAIL(p, column + (unsigned)(at - text), "there is nothing %s the comma",
				    at == text ? "before" : "after");
		/* A UNIX socket's address may be written as in commands. */
		value->text = !key && !strncmp(at, "unix:", 5) && at[5] ? at + 5 : at;
		if (key && key->parse(key, op, at, value, p->e))
			return fail_at(p, column + (unsigned)(at - text));
		f->tests[test].count++;
		at = comma ? comma + 1 : NULL;
	} while (at);
	*node = add_node(f, NODE_TEST, test, 0);
	return 0;
}

/* After `KEY` and an operator: what it is compared with. */
static int comparison(struct parser *p, const struct filter_key *key, enum filter_op op, bool differs, unsigned *node)
{
	int rc = next(p, true);
	struct token value = p->now;

	if (rc)
		return rc;
	if (value.kind != TOKEN_WORD)
		return FAIL(p, value.column, "%s wants a value: %s", key->name, key->usage);
	rc = read_values(p, key, op, value.text, value.quoted, value.column, node);
	if (rc)
		return rc;
	if (differs)
		*node = add_node(p->f, NODE_NOT, *node, 0);
	return next(p, false);
}

/* `state A state B` of ss means any of them; `exclude A` none. */
static int ss_states(struct parser *p, bool exclude, unsigned *node)
{
	const struct filter_key *key = filter_key_find("state", 5);
	unsigned test, first = p->now.column;
	uint32_t set = 0;
	int rc;

	do {
		rc = next(p, true);
		if (rc)
			return rc;
		if (p->now.kind != TOKEN_WORD)
			return FAIL(p, p->now.column, "%s wants a state: established, listening, connected, …",
				    exclude ? "exclude" : "state");
		for (char *save, *one = strtok_r(p->now.text, ",", &save); one; one = strtok_r(NULL, ",", &save)) {
			uint32_t found = filter_states_ss(one);

			if (!found)
				return FAIL(p, p->now.column + (unsigned)(one - p->now.text),
					    "there is no state \"%s\"", one);
			set |= found;
		}
		rc = next(p, false);
		if (rc)
			return rc;
	} while (!exclude && word_is(&p->now, "state"));
	rc = new_test(p, key, first, &test);
	if (rc)
		return rc;
	add_value(p->f)->set = set;
	p->f->tests[test].count = 1;
	*node = add_node(p->f, NODE_TEST, test, 0);
	if (exclude)
		*node = add_node(p->f, NODE_NOT, *node, 0);
	return 0;
}

/* ss's own keys need no operator. */
static bool stands_alone(const char *key)
{
	static const char *const names[] = { "src", "dst", "sport", "dport", "dev", "fwmark" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcasecmp(key, names[i]))
			return true;
	return false;
}

/* A word that is a key by name may be followed by an operator, ss's also by a value. 1: it was no
 * key. */
static int keyed(struct parser *p, const struct token *word, unsigned *node)
{
	const struct filter_key *key = word->quoted ? NULL : filter_key_find(word->text, strlen(word->text));
	const char *after = p->at;
	size_t word_len = p->f->word_len;
	struct token first = *word;
	int rc;

	if (!key)
		return 1;
	rc = next(p, false);
	if (rc)
		return rc;
	if (p->now.kind == TOKEN_OP)
		return comparison(p, key, p->now.op, p->now.differs, node);
	for (size_t i = 0; i < sizeof operator_words / sizeof *operator_words; i++)
		if (word_is(&p->now, operator_words[i].text))
			return comparison(p, key, operator_words[i].op, operator_words[i].differs, node);
	p->at = after; /* read it again as what it is */
	p->f->word_len = word_len;
	p->now = first;
	if (stands_alone(first.text))
		return comparison(p, key, OP_EQUAL, false, node);
	return 1;
}

static int word(struct parser *p, unsigned *node)
{
	struct token t = p->now;
	int rc;

	if (t.key_len) {
		const struct filter_key *key = filter_key_find(t.text, t.key_len);

		rc = read_values(p, key, OP_COLON, t.text + t.key_len + 1, t.quoted, t.column + (unsigned)t.key_len + 1,
				 node);
		return rc ? rc : next(p, false);
	}
	if (word_is(&t, "state") || word_is(&t, "exclude")) {
		const char *after = p->at;
		size_t word_len = p->f->word_len;
		bool compared;

		rc = next(p, false);
		if (rc)
			return rc;
		compared = p->now.kind == TOKEN_OP;
		p->at = after;
		p->f->word_len = word_len;
		p->now = t;
		if (!compared)
			return ss_states(p, word_is(&t, "exclude"), node);
	}
	rc = keyed(p, &t, node);
	if (rc != 1)
		return rc;
	rc = read_values(p, NULL, OP_COLON, t.text, t.quoted, t.column, node);
	return rc ? rc : next(p, false);
}

static int any_of(struct parser *p, unsigned *node);

static int one(struct parser *p, unsigned *node)
{
	struct token t = p->now;
	bool negated = false;
	int rc = 0;

	while (!rc && (p->now.kind == TOKEN_NOT || word_is(&p->now, "not"))) {
		negated = !negated;
		t = p->now;
		rc = next(p, false);
	}
	if (rc)
		return rc;
	if (p->now.kind == TOKEN_OPEN) {
		unsigned open = p->now.column;

		if (p->depth == FILTER_DEPTH)
			return FAIL(p, open, "parentheses are nested more than %d deep", FILTER_DEPTH);
		p->depth++;
		rc = next(p, false);
		if (!rc)
			rc = any_of(p, node);
		if (rc)
			return rc;
		if (p->now.kind != TOKEN_CLOSE)
			return FAIL(p, open, "this ( has no )");
		p->depth--;
		rc = next(p, false);
	} else if (p->now.kind != TOKEN_WORD || word_is(&p->now, "and") || word_is(&p->now, "or")) {
		return FAIL(p, p->now.column, "%s",
			    p->now.kind == TOKEN_CLOSE && !p->depth ? "this ) has no ("
			    : p->now.kind == TOKEN_OP ? "an operator stands after a key: dport = :443, rtt > 10ms"
			    : t.kind == TOKEN_NOT || word_is(&t, "not") ? "a word is wanted after not"
									: "a word, key:value or ( is wanted here");
	} else {
		rc = word(p, node);
	}
	if (!rc && negated)
		*node = add_node(p->f, NODE_NOT, *node, 0);
	return rc;
}

static int all_of(struct parser *p, unsigned *node)
{
	int rc = one(p, node);

	while (!rc) {
		unsigned right;
		bool and = p->now.kind == TOKEN_AND || word_is(&p->now, "and");

		if (!and&&(p->now.kind == TOKEN_END || p->now.kind == TOKEN_CLOSE || p->now.kind == TOKEN_OR ||
			   word_is(&p->now, "or")))
			break;
		if (and)
			rc = next(p, false);
		if (!rc)
			rc = one(p, &right);
		if (!rc)
			*node = add_node(p->f, NODE_AND, *node, right);
	}
	return rc;
}

static int any_of(struct parser *p, unsigned *node)
{
	int rc = all_of(p, node);

	while (!rc && (p->now.kind == TOKEN_OR || word_is(&p->now, "or"))) {
		unsigned right;

		rc = next(p, false);
		if (!rc)
			rc = all_of(p, &right);
		if (!rc)
			*node = add_node(p->f, NODE_OR, *node, right);
	}
	return rc;
}

int filter_parse(struct filter *f, const char *text, struct err *e, unsigned *column)
{
	struct parser p = { .f = f, .text = text, .at = text, .e = e, .column = column };
	size_t len = strlen(text);
	int rc;

	if (len > FILTER_TEXT)
		return FAIL(&p, 1, "a filter has at most %d characters", FILTER_TEXT);
	f->words = mem_alloc(2 * len + 2);
	rc = next(&p, false);
	if (rc || p.now.kind == TOKEN_END)
		return rc;
	rc = any_of(&p, &f->root);
	if (rc)
		return rc;
	if (p.now.kind == TOKEN_CLOSE)
		return FAIL(&p, p.now.column, "this ) has no (");
	return 0;
}
