#include "core/filter.h"
#include "filter_inside.h"

#include "util/err.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

/* --- compiling --- */

/* Where evaluating `node` begins, when `yes` and `no` are where it leads. What comes later is laid
 * out first. */
static unsigned lay_out(struct filter *f, unsigned node, unsigned yes, unsigned no)
{
	const struct filter_node *n = &f->nodes[node];
	struct filter_test *t;

	switch (n->kind) {
	case NODE_AND: return lay_out(f, n->left, lay_out(f, n->right, yes, no), no);
	case NODE_OR: return lay_out(f, n->left, yes, lay_out(f, n->right, yes, no));
	case NODE_NOT: return lay_out(f, n->left, no, yes);
	case NODE_TEST: break;
	}
	t = &f->tests[n->left];
	t->yes = yes;
	t->no = no;
	return n->left;
}

int filter_new(const char *text, struct filter **out, struct err *e, unsigned *column)
{
	struct filter *f = mem_alloc(sizeof *f);
	unsigned ignored;
	int rc = filter_parse(f, text, e, column ? column : &ignored);

	if (rc) {
		filter_free(f);
		return rc;
	}
	f->entry = f->node_count ? lay_out(f, f->root, FILTER_YES, FILTER_NO) : FILTER_YES;
	*out = f;
	return 0;
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	free(f->tests);
	free(f->values);
	free(f->nodes);
	free(f->words);
	buf_done(&f->scratch);
	free(f);
}

/* --- matching --- */

/* Everything a bare word may be in, a line a column; made once a socket. */
static const char *searched(struct filter *f, const struct sock_view *v)
{
	if (f->scratch.len)
		return f->scratch.data;
	for (const struct socket_column *c = socket_columns; c->name; c++)
		if (c->flags & COLUMN_SEARCH) {
			column_text(c, v, &f->scratch);
			buf_putc(&f->scratch, '\n');
		}
	if (v->app)
		buf_printf(&f->scratch, "%s\n%s\n", v->app, v->end ? v->end : "");
	return f->scratch.data;
}

static bool holds(struct filter *f, const struct filter_test *t, const struct sock_view *v)
{
	for (unsigned i = 0; i < t->count; i++) {
		const struct filter_value *value = &f->values[t->first + i];

		if (t->key ? t->key->match(v, value) : strcasestr(searched(f, v), value->text) != NULL)
			return true;
	}
	return false;
}

bool filter_match(struct filter *f, const struct sock_view *v)
{
	unsigned at;

	if (!f)
		return true;
	buf_clear(&f->scratch);
	for (at = f->entry; at < FILTER_YES;) {
		const struct filter_test *t = &f->tests[at];

		at = holds(f, t, v) ? t->yes : t->no;
	}
	return at == FILTER_YES;
}

/* --- what may be left out of a dump --- */

enum { FAMILY_INET = 1, FAMILY_INET6 = 2, FAMILY_OTHER = 4, FAMILY_ALL = 7 };

struct reach {
	unsigned kinds, states, families;
};

static const struct reach everything = { (1u << KIND_COUNT) - 1, (1u << STATE_COUNT) - 1, FAMILY_ALL };

/* A word of the key `proto`: the kinds it can be seen in. */
static unsigned kinds_of(uint32_t protocols)
{
	unsigned kinds = protocols & ((1u << KIND_COUNT) - 1);

	return protocols >> KIND_COUNT ? kinds | 1u << KIND_RAW : kinds; /* ping sockets */
}

static unsigned families_of(uint32_t set)
{
	return (set & (FAMILY_INET | FAMILY_INET6)) | (set >> 2 ? FAMILY_OTHER : 0);
}

static struct reach reach_of_test(const struct filter *f, const struct filter_test *t, bool negated)
{
	struct reach r = everything;
	uint32_t set = 0;

	if (!t->key)
		return r;
	for (unsigned i = 0; i < t->count; i++)
		set |= f->values[t->first + i].set;
	if (!strcmp(t->key->name, "state"))
		r.states = negated ? everything.states & ~set : set;
	else if (!strcmp(t->key->name, "proto") && !negated)
		r.kinds = kinds_of(set);
	else if (!strcmp(t->key->name, "proto"))
		r.kinds = everything.kinds & ~(set & ~(1u << KIND_RAW));
	else if (!strcmp(t->key->name, "family"))
		r.families = families_of(negated ? ~set : set);
	else if (t->key->kinds && !negated)
		r.kinds = t->key->kinds;
	return r;
}

/* Everything that `node` (or its negation) can match lies within what is returned. */
static struct reach reach_of(const struct filter *f, unsigned node, bool negated)
{
	const struct filter_node *n = &f->nodes[node];
	struct reach l, r;
	bool both;

	if (n->kind == NODE_TEST)
		return reach_of_test(f, &f->tests[n->left], negated);
	if (n->kind == NODE_NOT)
		return reach_of(f, n->left, !negated);
	l = reach_of(f, n->left, negated);
	r = reach_of(f, n->right, negated);
	both = (n->kind == NODE_AND) != negated; /* De Morgan */
	return both ? (struct reach){ l.kinds & r.kinds, l.states & r.states, l.families & r.families }
		    : (struct reach){ l.kinds | r.kinds, l.states | r.states, l.families | r.families };
}

void filter_push(const struct filter *f, struct filter_push *out)
{
	const unsigned inet = 1u << KIND_TCP | 1u << KIND_UDP | 1u << KIND_RAW | 1u << KIND_MPTCP | 1u << KIND_UDPLITE |
			      1u << KIND_SCTP;
	struct reach r = f && f->node_count ? reach_of(f, f->root, false) : everything;

	if (!(r.families & FAMILY_OTHER))
		r.kinds &= inet | 1u << KIND_OTHER;
	if (!(r.families & (FAMILY_INET | FAMILY_INET6)))
		r.kinds &= ~inet;
	out->kinds = r.kinds;
	out->states = r.states;
	out->family = (r.families & FAMILY_ALL & ~FAMILY_OTHER) == FAMILY_INET    ? AF_INET
		      : (r.families & FAMILY_ALL & ~FAMILY_OTHER) == FAMILY_INET6 ? AF_INET6
										  : 0;
}

static bool wants(const struct filter *f, enum column_flag flag)
{
	for (size_t i = 0; f && i < f->test_count; i++) {
		const struct filter_key *k = f->tests[i].key;
		const struct socket_column *c = k && k->column ? column_find(k->column, strlen(k->column)) : NULL;

		if (k ? c && (c->flags & flag) : flag == COLUMN_OWNER)
			return true;
	}
	return false;
}

bool filter_wants_owners(const struct filter *f)
{
	return wants(f, COLUMN_OWNER);
}

bool filter_wants_more(const struct filter *f)
{
	for (size_t i = 0; f && i < f->test_count; i++) {
		const struct filter_key *k = f->tests[i].key;
		const struct socket_column *c = k && k->column ? column_find(k->column, strlen(k->column)) : NULL;

		if (!k || (c && !(c->flags & COLUMN_BASE)))
			return true;
	}
	return false;
}

bool filter_wants_info(const struct filter *f)
{
	return wants(f, COLUMN_INFO);
}
