/* What is selected, explained: a socket, a call, a packet or a field of it. */
#include "session/explain.h"

#include "analysis/finding.h"
#include "core/words.h"
#include "decode/decode.h"
#include "session/session.h"
#include "session/trouble.h"
#include "util/text.h"

#include <stdio.h>
#include <string.h>

static void add_state(const struct row *r, struct explanation *e)
{
	const struct state_row *s = &states[r->sock->state];

	explain_say(e, EXPLAIN_WHAT, "%s: %s. %c%s. (%s)", s->name, s->help,
		    s->more[0] >= 'a' && s->more[0] <= 'z' ? s->more[0] - 32 : s->more[0], s->more + 1, s->source);
}

void explain_row(const struct session *s, const struct row *r, struct explanation *e)
{
	struct trouble_facts facts;

	explain_clear(e);
	if (!r) {
		buf_puts(&e->title, "nothing is selected");
		explain_say(e, EXPLAIN_WHAT,
			    "E explains what is selected: a socket, a packet or a field of it, a call, an option. "
			    "explain WORD explains a state, an errno, an option, a column.");
		return;
	}
	if (r->name && r->name[0])
		text_clean(&e->title, r->name, strlen(r->name));
	else
		endpoint_add(&e->title, &r->view, &r->sock->local);
	buf_printf(&e->title, ", %s %s", sock_kind_word(r->sock), state_name(r->sock->state));
	add_state(r, e);
	trouble_facts(s, r, &facts);
	if (!trouble_explain(&facts, e))
		explain_say(e, EXPLAIN_WHAT, "Nothing is wrong with it, as far as the kernel and its packets tell.");
}

static const struct verb_row *verb_of(const struct call *c)
{
	for (int v = 0; v < VERB_COUNT; v++)
		if (c->verb && !strcmp(verbs[v].name, c->verb))
			return &verbs[v];
	return NULL;
}

void explain_call(const struct session *s, const struct call *c, struct explanation *e)
{
	const struct verb_row *verb = verb_of(c);
	const struct command *command = verb ? command_find(verb->name, strlen(verb->name)) : NULL;
	const struct word *w = c->error ? word_by_value(errnos, c->error) : NULL;
	struct buf line = { 0 };

	explain_clear(e);
	call_format(c, s->settings.ascii, &line);
	buf_printf(&e->title, "%s: %s", c->name[0] ? c->name : "-", c->function);
	if (command && command->help)
		explain_say(e, EXPLAIN_WHAT, "%s: %s.", verb->name, command->help);
	if (w)
		explain_say(e, EXPLAIN_WHY, "%s: %s.%s%s (%s)", w->name, w->help, w->more ? " " : "",
			    w->more ? w->more : "", w->source);
	else if (c->error)
		explain_say(e, EXPLAIN_WHY, "%s: %s. (errno(3))", errno_name(c->error), errno_help(c->error));
	if (c->note[0] && (!c->error || strcmp(c->note, errno_help(c->error))))
		explain_say(e, EXPLAIN_WHAT, "Here: %s.", c->note);
	if (c->before != c->after && c->after != STATE_NONE)
		explain_say(e, EXPLAIN_WHAT, "%s: %s. (%s)", state_name(c->after), states[c->after].help,
			    states[c->after].source);
	buf_done(&line);
}

static void explain_field(const struct tree *tree, const struct tree_node *n, struct explanation *e)
{
	const char *value = tree_text(tree, n->value), *meaning = tree_text(tree, n->meaning);

	buf_printf(&e->title, "%s, %s", n->label, n->name ? n->name : "");
	if (n->depth == 0 && n->proto < PROTO_COUNT) {
		explain_say(e, EXPLAIN_WHAT, "%s. (%s)", protos[n->proto].title, protos[n->proto].source);
		return;
	}
	if (n->help)
		explain_say(e, EXPLAIN_WHAT, "%s: %s.", n->label, n->help);
	if (value[0] && meaning[0] && strcmp(value, meaning))
		explain_say(e, EXPLAIN_WHAT, "Here it is %s: %s.", value, meaning);
	else if (value[0] || meaning[0])
		explain_say(e, EXPLAIN_WHAT, "Here it is %s.", value[0] ? value : meaning);
	if (!n->len)
		explain_say(e, EXPLAIN_WHAT, "It is not on the wire: it was worked out from what is.");
}

static void add_marks(const struct packet *p, struct explanation *e)
{
	for (unsigned i = 0; i < FINDING_COUNT; i++)
		if (p->analysis & 1u << i && i != FINDING_RST)
			explain_say(e, EXPLAIN_WHY, "%s: %s", findings[i].words, findings[i].help);
	if (p->analysis & FOUND(RST))
		explain_say(e, EXPLAIN_WHY, "%s: %s", findings[FINDING_RST].words, findings[FINDING_RST].help);
}

static void add_flags(const struct packet *p, struct explanation *e)
{
	for (const struct tcp_flag_row *r = tcp_flag_rows; r->letter; r++)
		if (p->tcp_flags & r->bit && (r->bit != TCP_FLAG_ACK || p->tcp_flags == TCP_FLAG_ACK))
			explain_say(e, EXPLAIN_WHAT, "%s: %s. (%s)", r->name, r->help, r->source);
}

/* What kind of message it is, told by the field that says so. */
static void add_type(const struct tree *tree, struct explanation *e)
{
	static const char *const telling[] = { "icmp.type", "icmp.code", "icmpv6.type", "icmpv6.code" };

	for (unsigned i = 0; tree && i < tree->count; i++) {
		const struct tree_node *n = &tree->nodes[i];

		for (size_t k = 0; k < sizeof telling / sizeof *telling; k++)
			if (n->name && !strcmp(n->name, telling[k]) && tree_text(tree, n->meaning)[0])
				explain_say(e, EXPLAIN_WHAT, "%s: %s.", tree_text(tree, n->meaning), n->help);
	}
}

void explain_packet(const struct session *s, uint64_t number, const struct tree *tree, const struct tree_node *line,
		    struct explanation *e)
{
	const struct packet *p = session_packet(s, number, NULL);

	explain_clear(e);
	if (!p) {
		buf_printf(&e->title, "packet %llu", (unsigned long long)number);
		explain_say(e, EXPLAIN_WHAT, "It is no longer kept.");
		return;
	}
	if (line && tree) {
		explain_field(tree, line, e);
		if (line->depth)
			return;
	} else {
		buf_printf(&e->title, "packet %llu, %s", (unsigned long long)number, proto_name(decode_protocol(p)));
	}
	if (p->note)
		explain_say(e, EXPLAIN_WHY, "%s: %s.",
			    p->status == PACKET_MALFORMED ? "It breaks a rule, or ends before its own lengths say"
							  : "Not all of it was captured",
			    p->note);
	if (p->fragment)
		explain_say(e, EXPLAIN_WHAT,
			    "It is a piece of a datagram that was too large for a link. (RFC 791 3.2, RFC 8200 4.5)");
	add_marks(p, e);
	add_flags(p, e);
	add_type(tree, e);
	if (!e->count)
		explain_say(e, EXPLAIN_WHAT, "%s. (%s)", protos[decode_protocol(p)].title,
			    protos[decode_protocol(p)].source);
}
