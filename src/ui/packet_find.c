#include "ui/packet_find.h"

#include "util/clock.h"
#include "util/mem.h"

#include <stdlib.h>

static bool tree_contains(const struct tree *t, const struct needle *n)
{
	for (unsigned i = 0; i < t->count; i++) {
		const struct packet_line line = { .tree = t, .node = &t->nodes[i] };

		if (packet_line_contains(&line, n))
			return true;
	}
	return false;
}

bool packet_contains(const struct packet_row *row, uint64_t number, const struct needle *n, struct tree *room)
{
	struct buf text = { 0 };
	struct packet_seen p;
	bool found;

	if (!packet_row_seen(row->session, number, &p))
		return false;
	if (needle_in_bytes(n, p.bytes, p.packet->cap, 0) != NEEDLE_NONE)
		return true;
	if (p.whole && needle_in_bytes(n, p.whole->bytes, p.whole->packet.cap, 0) != NEEDLE_NONE)
		return true;
	if (n->hex)
		return false;
	packet_row_text(row, p.packet, p.bytes, row->session->settings.ascii, &text);
	found = needle_in_text(n, buf_text(&text));
	buf_done(&text);
	if (found)
		return true;
	decode_tree(p.packet, p.bytes, room);
	return tree_contains(room, n);
}

/* --- a slice at a time --- */

struct search {
	const struct packet_list *list;
	struct hunt *hunt;
	bool (*fits)(struct search *s, uint64_t number);
	size_t left; /* rows that were not looked at, in this slice and those before it */
	bool late;   /* it stopped at a row that is none */
	const struct packet_row *row;
	const struct needle *needle;
	struct tree *room;
	struct packet like; /* a copy: looking at others may let it go */
};

static bool stops(void *ctx, size_t i)
{
	struct search *s = ctx;

	if (!s->left)
		return s->late = true;
	s->left--;
	s->hunt->done++;
	if (s->fits(s, packet_list_at(s->list, i)))
		return true;
	s->late = clock_mono_ns() >= s->hunt->until_ns;
	return s->late;
}

/* Each slice goes on where the one before it ended, until all rows were looked at. */
static enum found slice(struct search *s, size_t from, size_t *at)
{
	struct hunt *h = s->hunt;
	enum found found;

	if (!h->origin)
		h->origin = packet_list_at(s->list, from);
	h->all = s->list->count;
	s->left = h->all > h->done ? h->all - h->done : 0;
	found = find_row(s->list->count, from, h->way, stops, s, at);
	h->round |= found == FOUND_ROUND;
	if (found != FOUND_NOTHING && !s->late)
		return h->round ? FOUND_ROUND : FOUND_HERE;
	if (found != FOUND_NOTHING && s->left)
		return FOUND_LATER;
	*at = packet_list_find(s->list, h->origin);
	return FOUND_NOTHING;
}

static bool contains(struct search *s, uint64_t number)
{
	return packet_contains(s->row, number, s->needle, s->room);
}

enum found packet_find(const struct packet_list *list, const struct packet_row *row, const struct needle *n,
		       size_t from, struct hunt *hunt, size_t *at)
{
	struct search s = { .list = list, .hunt = hunt, .fits = contains, .row = row, .needle = n };
	enum found found;

	if (from >= list->count)
		return FOUND_NOTHING;
	s.room = mem_alloc(sizeof *s.room);
	found = slice(&s, from, at);
	free(s.room);
	return found;
}

bool packet_same(const struct packet *a, const struct packet *b)
{
	const uint16_t unlike = (uint16_t)~TCP_FLAG_PSH;

	if (a->analysis)
		return a->analysis & b->analysis;
	return !b->analysis && a->flow == b->flow && a->ip_proto == b->ip_proto &&
	       decode_protocol(a) == decode_protocol(b) && a->icmp_type == b->icmp_type &&
	       (a->tcp_flags & unlike) == (b->tcp_flags & unlike) && !a->payload_len == !b->payload_len;
}

static bool same(struct search *s, uint64_t number)
{
	const struct packet *p = session_packet(s->row->session, number, NULL);

	return p && p->number != s->like.number && packet_same(&s->like, p);
}

enum found packet_find_same(const struct packet_list *list, const struct packet_row *row, size_t from,
			    struct hunt *hunt, size_t *at)
{
	struct search s = { .list = list, .hunt = hunt, .fits = same, .row = row };
	const struct packet *p;

	if (from >= list->count)
		return FOUND_NOTHING;
	p = session_packet(row->session, hunt->origin ? hunt->origin : packet_list_at(list, from), NULL);
	if (!p)
		return FOUND_NOTHING;
	s.like = *p;
	return slice(&s, from, at);
}
