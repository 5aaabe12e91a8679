/* Rows of the scopes host and process. There may be 200,000: they are numbers of records, which come in order from the
 * sampler's thread (session/look.h). Only our own sockets and those that have just closed are whole rows among them. */
#include "inside.h"
#include "rows_inside.h"

#include "core/rank.h"
#include "session/guard.h"
#include "session/host.h"
#include "session/look.h"
#include "session/names.h"
#include "session/replay.h"
#include "util/clock.h"
#include "util/hash.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

enum { DEPARTED_MOST = 256 }; /* closed sockets among the living */

/* --- whose --- */

/* Is this record one of our own sockets? Then it keeps its name and its key from scope to scope. */
static const struct lab_sock *ours(const struct session *s, const struct record *r)
{
	struct lab_sock *sock;

	for (size_t i = 0; (sock = lab_next(s->lab, &i));)
		if (sock->fd >= 0 && sock->now.inode == r->inode)
			return sock;
	return NULL;
}

static bool owned_first_by(const struct sock_view *v, uint32_t pid)
{
	return v->owner_count && v->owners[0].pid == pid;
}

/* Our own netlink and packet sockets, raw and UNIX ones that are not of the lab, and all of the broker's are plumbing,
 * and not what the user asked for. */
bool rows_plumbing(const struct session *s, const struct sock_view *v)
{
	uint32_t self = session_pid(s);
	int family = v->sock ? v->sock->family : v->record->family, type = v->sock ? v->sock->type : v->record->type;
	const struct broker *helper = guard_helper(s->config.guard);

	if (helper && owned_first_by(v, (uint32_t)broker_pid(helper)))
		return true;
	return owned_first_by(v, self) &&
	       (family == AF_NETLINK || family == AF_PACKET || family == AF_UNIX || type == SOCK_RAW);
}

bool session_is_plumbing(const struct session *s, const struct snapshot *snap, const struct record *r)
{
	struct sock_view v = { .record = r };

	v.owners = record_owners(snap, r, &v.owner_count);
	return rows_plumbing(s, &v) && !ours(s, r);
}

/* --- a record --- */

static void foreign(const struct session *s, uint32_t record, struct row *out)
{
	const struct look *l = host_look(s->host);

	*out = (struct row){ .key = l->snapshot->records[record].key | FOREIGN, .fresh = look_is_fresh(l, record) };
	look_view(l, record, names_table(s->names), &out->view);
	out->name = out->view.owner_count ? out->view.owners[0].process : "";
}

const struct row *rows_of_ref(const struct session *s, uint32_t ref, struct row *room)
{
	if (ref & ROWS_WHOLE)
		return &s->rows[ref & ~ROWS_WHOLE];
	foreign(s, ref, room);
	return room;
}

/* --- which ones --- */

static struct look_choice choice_of(const struct session *s)
{
	uint32_t pid = s->scope == SCOPE_PROCESS ? s->scope_pid : 0;
	struct look_choice c = { .pid = pid, .filter = s->filter };

	if (c.pid || c.filter)
		c.id = hash_mix(s->filters_set << 32 ^ pid) | 1;
	return c;
}

void session_choose_host(struct session *s)
{
	struct look_choice c = choice_of(s);

	host_choose(s->host, c.id, c.pid, s->filter_text);
}

/* What the thread has chosen; or, where the user has just asked for something else, what is chosen here and now. */
struct base {
	const uint32_t *records;
	uint32_t *room; /* to be freed */
	size_t count;
};

static struct base base_of(const struct session *s, const struct look *l, const struct look_choice *c)
{
	struct base b = { l->order, NULL, l->count };

	if (!c->id)
		return b;
	if (c->id == l->chosen_for)
		return (struct base){ l->chosen, NULL, l->chosen_count };
	b.room = mem_array(l->count, sizeof *b.room);
	b.count = look_choose(l, c, names_table(s->names), b.room);
	b.records = b.room;
	return b;
}

static bool among(const uint32_t *records, size_t count, uint32_t wanted)
{
	for (size_t i = 0; i < count; i++)
		if (records[i] == wanted)
			return true;
	return false;
}

/* --- those that are put among them --- */

struct extras {
	struct rank *ranks; /* rank.row: as in session->refs */
	size_t count, capacity;
};

static void add_extra(struct session *s, struct extras *x, uint32_t ref)
{
	const struct row *row = ref & ROWS_WHOLE ? &s->rows[ref & ~ROWS_WHOLE] : NULL;
	const struct record *r = row ? row->view.record : &host_snapshot(s->host)->records[ref];

	MEM_ROOM(x->ranks, x->count, x->capacity);
	x->ranks[x->count++] = r ? record_rank(r, ref) : sock_rank(row->sock, ref);
}

/* Of our own: the name and the key that it has in all scopes. */
static void add_own(struct session *s, struct extras *x, uint32_t record, const struct lab_sock *own)
{
	size_t count = s->whole_count;
	struct row row;

	foreign(s, record, &row);
	row.own = own;
	row.key = own->id;
	row.name = row.view.name = own->name;
	session_own_row(s, &row);
	rows_add(s, &row);
	if (s->whole_count > count)
		add_extra(s, x, (uint32_t)count | ROWS_WHOLE);
}

static void add_near(struct session *s, const struct look *l, const struct look_choice *c, struct extras *x)
{
	const struct sock_names *names = names_table(s->names);
	struct look_choice whose = { .id = c->pid != 0, .pid = c->pid };

	for (size_t i = 0; i < l->near_count; i++) {
		const struct lab_sock *own = ours(s, &l->snapshot->records[l->near[i]]);
		struct sock_view v;

		if (!look_chooses(l, &whose, names, l->near[i]))
			continue;
		if (own) {
			add_own(s, x, l->near[i], own);
			continue;
		}
		look_view(l, l->near[i], names, &v);
		if (!rows_plumbing(s, &v) && look_chooses(l, c, names, l->near[i]))
			add_extra(s, x, l->near[i]);
	}
}

static bool is_there(const struct session *s, const struct base *b, const struct extras *x, uint64_t key)
{
	const struct snapshot *snap = host_snapshot(s->host);
	const struct record *r = snapshot_find(snap, key);

	for (size_t i = 0; i < x->count; i++)
		if (r && x->ranks[i].row == (uint32_t)(r - snap->records))
			return true;
	return r && among(b->records, b->count, (uint32_t)(r - snap->records));
}

/* What was there and has closed a moment ago stays a moment more, and the selected one as long as it is selected: who
 * looks at a socket should see how it ends. */
static void add_departed(struct session *s, const struct base *b, struct extras *x)
{
	bool missing = s->selected & FOREIGN && !is_there(s, b, x, s->selected) &&
		       !is_there(s, b, x, s->selected & ~FOREIGN);
	size_t living = s->whole_count, count = host_closed_count(s->host);
	uint64_t now = clock_real_ns();

	for (size_t i = 0; i < count && (missing || s->whole_count - living < DEPARTED_MOST); i++) {
		const struct host_closed *c = host_closed_at(s->host, i);
		bool young = now < c->closed_ns + HOST_MARK_NS && s->whole_count - living < DEPARTED_MOST;
		bool chosen = missing && (c->key | FOREIGN) == s->selected;

		if (!young && !missing)
			break; /* the newest come first */
		if (!c->seen || (!young && !chosen) || (s->scope == SCOPE_PROCESS && c->owner.pid != s->scope_pid) ||
		    snapshot_find(host_snapshot(s->host), c->key)) /* a TIME-WAIT */
			continue;
		rows_add_closed(s, c, now);
		missing &= !chosen;
	}
	s->departed = s->whole_count - living;
	for (size_t i = living; i < s->whole_count; i++)
		add_extra(s, x, (uint32_t)i | ROWS_WHOLE);
}

/* --- together --- */

/* By the ends; where one of them is a record and the other is not, by key. */
static int by_ends(const struct session *s, const struct rank *a, const struct rank *b)
{
	struct row rooms[2];
	const struct row *x, *y;
	int order = 0;

	for (int w = 0; w < 2; w++)
		if (a->words[w] != b->words[w])
			return a->words[w] < b->words[w] ? -1 : 1;
	x = rows_of_ref(s, a->row, &rooms[0]);
	y = rows_of_ref(s, b->row, &rooms[1]);
	if (x->sock && y->sock)
		order = sock_order(x->sock, y->sock);
	else if (!x->sock && !y->sock)
		order = record_order(host_snapshot(s->host), x->view.record, y->view.record);
	return order ? order : x->key < y->key ? -1 : x->key > y->key;
}

static int extras_in_order(const void *a, const void *b, void *session)
{
	return by_ends(session, a, b);
}

/* How many of the records from `from` on come before it. */
static size_t before(const struct session *s, const struct base *b, size_t from, const struct rank *rank)
{
	const struct record *records = host_snapshot(s->host)->records;
	size_t low = from, high = b->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		struct rank at = record_rank(&records[b->records[mid]], b->records[mid]);

		if (by_ends(s, &at, rank) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low - from;
}

static void merge(struct session *s, const struct base *b, struct extras *x)
{
	size_t count = b->count + x->count, from = 0, at = 0;

	if (s->ref_capacity < count || s->ref_capacity / 4 > count + 1024) {
		s->ref_capacity = count + count / 16;
		free(s->ref_room);
		s->ref_room = mem_array(s->ref_capacity, sizeof *s->ref_room);
	}
	if (x->count)
		qsort_r(x->ranks, x->count, sizeof *x->ranks, extras_in_order, s);
	for (size_t i = 0; i <= x->count; i++) {
		size_t some = i < x->count ? before(s, b, from, &x->ranks[i]) : b->count - from;

		if (some)
			memcpy(s->ref_room + at, b->records + from, some * sizeof *b->records);
		at += some;
		from += some;
		if (i < x->count)
			s->ref_room[at++] = x->ranks[i].row;
	}
	s->refs = s->ref_room;
	s->row_count = count;
}

void rows_make_host(struct session *s)
{
	const struct look *l = s->host ? host_look(s->host) : NULL;
	struct look_choice c = choice_of(s);
	struct extras x = { 0 };
	struct base b;

	if (!l)
		return;
	b = base_of(s, l, &c);
	add_near(s, l, &c, &x);
	add_departed(s, &b, &x);
	merge(s, &b, &x);
	free(x.ranks);
	free(b.room);
}

size_t rows_find_host(const struct session *s, uint64_t key)
{
	const struct snapshot *snap = host_snapshot(s->host);
	const struct record *r = key & FOREIGN ? snapshot_find(snap, key) : NULL;
	uint32_t wanted;
	size_t i = 0;

	if (!r && key & FOREIGN)
		r = snapshot_find(snap, key & ~FOREIGN);
	wanted = r ? (uint32_t)(r - snap->records) : 0;
	for (size_t k = 0; k < s->whole_count && !r; k++)
		if (s->rows[k].key == key) {
			wanted = (uint32_t)k | ROWS_WHOLE;
			break;
		}
	if (!r && !(wanted & ROWS_WHOLE))
		return s->row_count;
	while (i < s->row_count && s->refs[i] != wanted)
		i++;
	return i;
}
