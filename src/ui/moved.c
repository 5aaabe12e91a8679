#include "ui/moved.h"

#include "ui/call_find.h"
#include "ui/mark.h"

#include "util/mem.h"
#include "util/text.h"

#include <stdio.h>
#include <stdlib.h>

enum { SHOWN = 400 };

void moved_done(struct moved *m)
{
	free(m->numbers);
	*m = (struct moved){ 0 };
}

void moved_settle(struct moved *m, const struct journal *j, uint32_t sock)
{
	uint64_t oldest;

	if (m->sock == sock && j && m->changes == j->changes)
		return;
	m->sock = sock;
	m->count = 0;
	if (!j)
		return;
	m->changes = j->changes;
	oldest = j->count ? journal_oldest(j) : 1;
	for (size_t i = 0; i < j->count; i++) {
		const struct call *c = journal_find(j, oldest + i);

		if (!c || c->sock != sock || (!c->moved && !c->data_len))
			continue;
		MEM_ROOM(m->numbers, m->count, m->capacity);
		m->numbers[m->count++] = c->number;
	}
}

void moved_draw(const struct area *a, int y, const struct session *s, const struct call *c, uint64_t since_ns)
{
	enum role role = c->received ? ROLE_IN : ROLE_OUT;
	struct buf text = { 0 };
	char at[32];
	int x = 34;

	mark_time(s, c->start_ns, since_ns, at, sizeof at, 11);
	area_put_right(a, 0, y, 11, mark_counts(s) ? ROLE_NEW : ROLE_DIM, at);
	area_put(a, 12, y, role, glyph(a->grid, c->received ? GLYPH_IN : GLYPH_OUT));
	area_put_in(a, 14, y, 9, role, c->function);
	snprintf(at, sizeof at, "%llu B", (unsigned long long)c->moved);
	area_put_right(a, 23, y, 9, ROLE_VALUE, at);
	if (c->data)
		text_quote(&text, c->data, c->data_len < SHOWN ? c->data_len : SHOWN);
	else
		buf_puts(&text, "(the bytes had to make room)");
	area_put_in(a, x, y, a->w - x, c->data ? ROLE_HEX_TEXT : ROLE_DIM, buf_text(&text));
	buf_done(&text);
}

struct moved_search {
	const struct moved *moved;
	const struct journal *journal;
	const struct needle *needle; /* NULL: of the same call as `call` */
	const struct call *call;
};

static bool holds(void *ctx, size_t i)
{
	const struct moved_search *s = ctx;
	const struct call *c = journal_find(s->journal, s->moved->numbers[i]);

	if (!c || (!s->needle && !s->call))
		return false;
	return s->needle ? call_contains(c, s->needle, false) : c != s->call && call_same(c, s->call);
}

enum found moved_find(const struct moved *m, const struct journal *j, const struct needle *n, size_t from, int way,
		      size_t *at)
{
	struct moved_search s = { m, j, n, NULL };

	return j ? find_row(m->count, from, way, holds, &s, at) : FOUND_NOTHING;
}

enum found moved_find_same(const struct moved *m, const struct journal *j, size_t from, int way, size_t *at)
{
	struct moved_search s = { m, j, NULL, NULL };

	if (!j || from >= m->count)
		return FOUND_NOTHING;
	s.call = journal_find(j, m->numbers[from]);
	return find_row(m->count, from, way, holds, &s, at);
}
