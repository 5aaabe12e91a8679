/* The calls on a ladder, and the bytes that they moved where no packet shows them. */
#include "ladder_work.h"

#include "util/text.h"

#include <stdio.h>
#include <string.h>

enum { CALLS_MOST = 4096 };

/* --- texts that are the same in every run --- */

static void replace(struct buf *text, const char *from, const char *to)
{
	size_t len = strlen(from), at = 0;
	const char *found;

	while (len && (found = strstr(buf_text(text) + at, from))) {
		at = (size_t)(found - buf_text(text));
		if (strspn(found + len, "0123456789")) {
			at += len;
			continue;
		}
		buf_cut(text, at, len);
		buf_insert(text, at, to, strlen(to));
		at += strlen(to);
	}
}

static void hide_ports(const struct session *s, struct buf *text)
{
	const struct lab_sock *k;
	char from[ENDPOINT_TEXT], to[LAB_NAME + 8];

	for (size_t i = 0; (k = lab_next(s->lab, &i));) {
		const char *name = k->peer ? "echo" : k->listener ? "" : k->name;

		if (!name[0] || !named(&k->now.local))
			continue;
		if (k->now.family == AF_UNIX) {
			endpoint_format(&k->now.local, from, sizeof from);
			snprintf(to, sizeof to, "unix:%s", name);
		} else {
			if (k->now.local.port < 1024)
				continue;
			snprintf(from, sizeof from, ":%u", k->now.local.port);
			snprintf(to, sizeof to, ":%s", name);
		}
		replace(text, from, to);
	}
}

/* --- calls --- */

static bool several(const struct work *w, unsigned party)
{
	unsigned count = 0;

	for (size_t i = 0; i < w->member_count; i++)
		count += w->members[i].party == party;
	return count > 1;
}

static bool makes_descriptor(const struct call *c)
{
	return c->made && c->status == CALL_OK;
}

static void call_texts(const struct work *w, const struct call *c, const struct member *m, struct buf *call,
		       struct buf *function, struct buf *result)
{
	buf_clear(call);
	buf_clear(function);
	buf_clear(result);
	if (several(w, m->party) && c->name[0])
		buf_printf(function, "%s.", c->name);
	buf_puts(function, c->function);
	buf_printf(call, "%s(", buf_text(function));
	text_clean(call, c->args, strlen(c->args));
	buf_putc(call, ')');
	call_format_result(c, result);
	if (!w->wish->stable)
		return;
	hide_ports(w->s, call);
	hide_ports(w->s, result);
	if (makes_descriptor(c)) {
		size_t digits = strspn(buf_text(result) + 2, "0123456789");

		buf_cut(result, 2, digits);
		buf_insert(result, 2, "fd", 2);
	}
}

static struct member *teller(struct work *w, const struct call *c)
{
	struct member *m = member_of(w, c->sock), *made = c->made ? member_of(w, c->made) : NULL;

	if (!m)
		return made;
	if (m->listener && !strcmp(c->verb, "accept") && !made)
		return NULL;
	return m;
}

/* The party at the other end of a call that moved bytes. */
static unsigned other_party(struct work *w, const struct call *c, const struct member *m)
{
	const struct endpoint *end = named(&c->peer) ? &c->peer : &c->remote;
	struct member *k;

	if (m->party)
		return same_end(end, &w->sock.local) || !named(end) || fits_end(&w->sock.local, end) ? 0 : LADDER_NONE;
	if (named(end) && !(w->sock.type != SOCK_DGRAM && w->ladder->party_count == 2))
		return party_at(w, end, FLOW_NONE, c->start_ns);
	if (w->ladder->party_count <= 2)
		return w->ladder->party_count == 2 ? 1 : add_party(w, "", end);
	for (size_t i = 0; i < w->member_count; i++) { /* UNIX: who is connected with this one */
		const struct lab_sock *a = lab_find(w->s->lab, c->sock), *b = lab_find(w->s->lab, w->members[i].id);

		k = &w->members[i];
		if (a && b && k->party && is_other_end(b, a))
			return k->party;
	}
	return LADDER_NONE;
}

static void add_moved(struct work *w, const struct call *c, const struct member *m)
{
	unsigned other;

	if (w->wire || c->status == CALL_RUNNING || c->result < 0 || m->listener || (!c->moved && !c->data) ||
	    !strcmp(c->verb, "getsockopt"))
		return;
	if (c->received && !c->moved && w->sock.type != SOCK_DGRAM)
		return; /* the end of the stream */
	other = other_party(w, c, m);
	if (other == LADDER_NONE)
		return;
	if (!c->received)
		ladder_data(w->ladder, m->party, other, c->start_ns, c->number, c->data, c->moved, c->data_len);
	else if (!is_ours(w, other))
		ladder_data(w->ladder, other, m->party, c->start_ns, c->number, c->data, c->moved, c->data_len);
}

void add_calls(struct work *w)
{
	const struct journal *j = w->s->lab ? lab_journal(w->s->lab) : NULL;
	struct buf call = { 0 }, function = { 0 }, result = { 0 };
	uint64_t from = j && j->count ? journal_oldest(j) : 0;

	if (j && j->count > CALLS_MOST)
		from = j->next - CALLS_MOST;
	for (uint64_t n = from; j && j->count && n < j->next; n++) {
		const struct call *c = journal_find(j, n);
		const struct member *m = c ? teller(w, c) : NULL;
		struct ladder_call told;

		if (!m)
			continue;
		call_texts(w, c, m, &call, &function, &result);
		told = (struct ladder_call){
			.number = c->number,
			.start_ns = c->start_ns,
			.end_ns = c->status == CALL_RUNNING ? 0 : c->end_ns,
			.duration_ns = c->duration_ns,
			.function = buf_text(&function),
			.call = buf_text(&call),
			.result = buf_text(&result),
			.failed = c->status == CALL_ERROR || c->status == CALL_TIMEOUT,
		};
		ladder_call(w->ladder, m->party, &told);
		add_moved(w, c, m);
		if (c->before != c->after && c->after != STATE_NONE) {
			const struct lab_sock *k = lab_find(w->s->lab, c->sock ? c->sock : c->made);

			if (k && !sock_is_tcp(&k->now))
				ladder_state(w->ladder, m->party, c->start_ns, c->after);
		}
	}
	buf_done(&call);
	buf_done(&function);
	buf_done(&result);
}
