#include "ui/row_order.h"

#include "core/rank.h"
#include "session/host.h"
#include "util/hash.h"
#include "util/mem.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct row_key {
	uint64_t number;
	size_t text; /* offset in texts */
	uint32_t row;
	size_t place; /* by the ends, where that is known: decides between the same */
	bool unknown;
	bool exact; /* of an end: `number` tells it from every other */
	bool above; /* first, whatever the order */
};

enum sort { SORT_NUMBER, SORT_TEXT, SORT_CORE, SORT_ENDS };

struct sorting {
	enum sort sort;
	bool reverse;
	const struct sock_column *by;
	const char *texts;
	const struct session *session;
	bool placed;                   /* `place` of each key counts */
	const struct sock_view *views; /* SORT_CORE: one a row; NULL: there are too many */
};

enum { VIEWS_MOST = 32768 /* rows of the host lie packed: so many are unpacked at a time */ };

void row_order_done(struct row_order *o)
{
	free(o->rows);
	*o = (struct row_order){ 0 };
}

/* Which rows, in which snapshot. Our own sockets change in place: there whatever has changed
 * counts. */
static uint64_t stamp_of(const struct session *s, const struct sock_column *by, bool reverse)
{
	bool live = s->scope == SCOPE_MINE || s->scope == SCOPE_CLOSED;
	uint64_t h = hash_mix((uint64_t)(uintptr_t)by ^ (uint64_t)s->scope << 1 ^ reverse);

	if (!live)
		return hash_mix(h ^ s->rows_made) ^ s->row_count;
	h = hash_mix(h ^ s->changes);
	for (size_t i = 0; i < s->row_count; i++) /* never packed */
		h = (h ^ s->rows[i].key ^ (uint64_t)(uintptr_t)s->rows[i].sock) * 0x9e3779b97f4a7c15u;
	return h ^ s->row_count;
}

/* Numbers in a text count as numbers (tcp2 before tcp10), capitals as small letters. */
static size_t add_text(struct row_order *o, const struct sock_column *by, const struct row *r, bool *unknown)
{
	size_t at = o->texts.len;

	sock_column_text(by, r, 0, &o->texts);
	*unknown = by->known ? !by->known(r) : o->texts.len == at;
	for (size_t i = at; i < o->texts.len; i++)
		o->texts.data[i] = (char)tolower((unsigned char)o->texts.data[i]);
	buf_putc(&o->texts, '\0');
	return at;
}

static enum sort sort_of(const struct session *s, const struct sock_column *by)
{
	if (!by)
		return s->scope == SCOPE_HOST || s->scope == SCOPE_PROCESS ? SORT_ENDS : SORT_NUMBER;
	if (by->number)
		return SORT_NUMBER;
	if (by->core && by->core->compare)
		return SORT_CORE;
	return by->core && !by->core->text ? SORT_NUMBER : SORT_TEXT;
}

/* In the order of endpoint_compare: by family, address, then port. Of IPv6 only the beginning fits, of others nothing;
 * where there is none it comes last. */
static void rank_end(struct row_key *k, const struct endpoint *e, bool there)
{
	k->exact = e->family == AF_INET;
	k->number = e->family;
	if (!there) {
		k->number = UINT64_MAX;
		k->exact = false;
	} else if (e->family == AF_INET || e->family == AF_INET6) {
		for (unsigned i = 0; i < 4; i++)
			k->number = k->number << 8 | e->ip[i];
		k->number = k->number << 16 | (k->exact ? e->port : 0u);
	} else {
		k->number <<= 48;
	}
}

/* Of many rows each is unpacked once, and a number decides most of the order. */
static void rank_packed(struct row_key *k, const struct row *r, const char *column)
{
	if (!strcmp(column, "local")) {
		const struct endpoint *e = &r->sock->local;

		rank_end(k, e, e->family && (e->family != AF_UNIX || e->path_len));
	} else if (!strcmp(column, "remote")) {
		rank_end(k, &r->sock->remote, endpoint_there(&r->sock->remote));
	} else if (!strcmp(column, "state")) {
		k->number = r->sock->state;
		k->exact = true;
		k->unknown = !r->sock->state;
	} else if (!strcmp(column, "timer")) {
		k->number = r->sock->timer_ms;
		k->exact = true;
		k->unknown = !r->sock->timer;
	} else if (!strcmp(column, "pid")) {
		k->exact = true;
		k->unknown = !r->view.owner_count;
		k->number = k->unknown ? 0 : r->view.owners->pid;
	}
}

static void key_of(struct row_order *o, const struct session *s, const struct sorting *how, size_t place)
{
	uint32_t row = how->placed ? o->rows[place] : (uint32_t)place;
	struct row_key *k = &o->keys[place];
	struct row room;
	const struct row *r = how->by && how->sort != SORT_CORE ? session_row_at(s, row)
								: session_row_packed(s, row, &room);

	*k = (struct row_key){ .row = row, .place = place };
	if (r->kind == ROW_ALL) {
		k->above = true;
		return;
	}
	if (how->sort == SORT_CORE && !how->views)
		rank_packed(k, session_row_at(s, row), how->by->name);
	if (how->sort == SORT_TEXT)
		k->text = add_text(o, how->by, r, &k->unknown);
	else if (how->sort == SORT_NUMBER && !how->by)
		k->number = s->scope == SCOPE_CLOSED ? ~r->closed_ns : r->key;
	else if (how->sort == SORT_NUMBER)
		k->unknown = how->by->number ? !how->by->number(r, &k->number)
					     : !column_number(how->by->core, &r->view, &k->number);
}

static const struct sock_view *view_at(const struct sorting *how, size_t row)
{
	return how->views ? &how->views[row] : &session_row_at(how->session, row)->view;
}

static int by_kind(const struct row_key *a, const struct row_key *b, const struct sorting *how)
{
	switch (how->sort) {
	case SORT_TEXT: return strverscmp(how->texts + a->text, how->texts + b->text);
	case SORT_CORE:
		if (a->number != b->number || (a->exact && b->exact))
			return a->number < b->number ? -1 : a->number > b->number;
		return how->by->core->compare(view_at(how, a->row), view_at(how, b->row));
	default: return a->number < b->number ? -1 : a->number > b->number;
	}
}

static int compare(const void *left, const void *right, void *ctx)
{
	const struct row_key *a = left, *b = right;
	const struct sorting *how = ctx;
	int order;

	if (a->above != b->above)
		return b->above - a->above;
	if (a->unknown != b->unknown)
		return a->unknown - b->unknown;
	order = by_kind(a, b, how);
	if (!order && how->placed && how->sort != SORT_NUMBER)
		order = a->place < b->place ? -1 : a->place > b->place;
	if (!order) {
		uint64_t x = session_key_at(how->session, a->row), y = session_key_at(how->session, b->row);

		order = x < y ? -1 : x > y;
	}
	return how->reverse ? -order : order;
}

/* --- by their ends: the host's, which may be many --- */

static int by_ends(const void *left, const void *right, void *ctx)
{
	const struct session *s = ctx;
	struct row rooms[2];
	const struct row *a = session_row_packed(s, ((const struct rank *)left)->row, &rooms[0]);
	const struct row *b = session_row_packed(s, ((const struct rank *)right)->row, &rooms[1]);
	int order = 0;

	if (a->sock && b->sock)
		order = sock_order(a->sock, b->sock);
	else if (!a->sock && !b->sock)
		order = record_order(host_snapshot(s->host), a->view.record, b->view.record);
	return order ? order : a->key < b->key ? -1 : a->key > b->key;
}

static void order_by_ends(struct row_order *o, const struct session *s, bool reverse)
{
	struct rank *ranks;

	if (s->refs) {
		for (size_t i = 0; i < o->count; i++)
			o->rows[i] = (uint32_t)(reverse ? o->count - 1 - i : i);
		return;
	}
	ranks = mem_array(o->count, sizeof *ranks);
	for (size_t i = 0; i < o->count; i++) {
		struct row room;
		const struct row *r = session_row_packed(s, i, &room);

		ranks[i] = r->sock ? sock_rank(r->sock, (uint32_t)i) : record_rank(r->view.record, (uint32_t)i);
	}
	rank_sort(ranks, o->count, by_ends, (void *)(uintptr_t)s);
	for (size_t i = 0; i < o->count; i++)
		o->rows[i] = ranks[reverse ? o->count - 1 - i : i].row;
	free(ranks);
}

/* Flows of a file have no ends before they are looked at. */
static bool have_ends(const struct session *s)
{
	for (size_t i = 0; i < s->row_count && !s->refs; i++)
		if (!s->rows[i].sock && !s->rows[i].view.record)
			return false;
	return true;
}

struct unpacked {
	struct sock_view *views;
	struct sock *socks;
};

/* What a column compares with a function of its own, each once. */
static struct unpacked unpack(const struct session *s, struct sorting *how)
{
	struct unpacked u = { 0 };

	if (how->sort != SORT_CORE || s->row_count > VIEWS_MOST)
		return u;
	u.views = mem_array(s->row_count + 1, sizeof *u.views);
	u.socks = mem_array(s->row_count + 1, sizeof *u.socks);
	for (size_t i = 0; i < s->row_count; i++) {
		struct row room;
		const struct row *r = session_row_at(s, i), *packed = session_row_packed(s, i, &room);

		u.views[i] = r->view;
		if (packed->self.pid)
			u.views[i].owners = &packed->self;
		if (r->sock)
			u.socks[i] = *r->sock;
		u.views[i].sock = &u.socks[i];
	}
	how->views = u.views;
	return u;
}

static void order_by_keys(struct row_order *o, const struct session *s, struct sorting *how)
{
	struct unpacked u = unpack(s, how);

	how->placed = have_ends(s);
	if (how->placed)
		order_by_ends(o, s, false);
	o->keys = mem_array(o->count, sizeof *o->keys);
	for (size_t i = 0; i < o->count; i++)
		key_of(o, s, how, i);
	how->texts = buf_text(&o->texts);
	if (o->count)
		qsort_r(o->keys, o->count, sizeof *o->keys, compare, how);
	for (size_t i = 0; i < o->count; i++)
		o->rows[i] = o->keys[i].row;
	free(o->keys);
	o->keys = NULL;
	buf_done(&o->texts);
	free(u.views);
	free(u.socks);
}

void row_order_settle(struct row_order *o, const struct session *s, const struct sock_column *by, bool reverse)
{
	struct sorting how = { .sort = sort_of(s, by), .reverse = reverse, .by = by, .session = s };
	uint64_t stamp = stamp_of(s, by, reverse);

	if (o->made && o->stamp == stamp && o->count == s->row_count)
		return;
	o->made = true;
	o->stamp = stamp;
	o->count = s->row_count;
	if (o->count > o->capacity) {
		o->capacity = o->count + o->count / 4 + 64;
		o->rows = mem_grow(o->rows, o->capacity, sizeof *o->rows);
	}
	if (how.sort == SORT_ENDS)
		order_by_ends(o, s, reverse);
	else
		order_by_keys(o, s, &how);
}

bool row_order_find(struct row_order *o, const struct session *s, uint64_t key, size_t *at)
{
	size_t row = session_find(s, key), i = 0;

	if (row >= s->row_count)
		return false;
	if (o->cursor >= o->count || o->rows[o->cursor] != row) {
		while (i < o->count && o->rows[i] != row)
			i++;
		if (i == o->count)
			return false;
		o->cursor = i;
	}
	*at = o->cursor;
	return true;
}
