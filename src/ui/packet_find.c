#include "ui/packet_find.h"

#include "util/clock.h"
#include "util/mem.h"

#include <stdlib.h>

/* Packets whose fields a search decodes: some 30 ms of work. */
enum { FIELDS_MOST = 4000 };

/* A file may have millions of packets: so long at a time. */
#define TURN_NS UINT64_C(1000000000)

static bool tree_contains(const struct tree *t, const struct needle *n)
{
	for (unsigned i = 0; i < t->count; i++) {
		const struct packet_line line = { .tree = t, .node = &t->nodes[i] };

		if (packet_line_contains(&line, n))
			return true;
	}
	return false;
}

bool packet_contains(const struct packet_row *row, uint64_t number, const struct needle *n,
		     struct tree *room, size_t *fields)
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
	if (found || !*fields)
		return found;
	--*fields;
	decode_tree(p.packet, p.bytes, room);
	return tree_contains(room, n);
}

struct search {
	const struct packet_list *list;
	const struct packet_row *row;
	const struct needle *needle;
	struct tree *room;
	size_t fields;
	uint64_t until_ns;
	bool late; /* it stopped at a row that is none */
};

static bool contains(void *ctx, size_t i)
{
	struct search *s = ctx;

	if (packet_contains(s->row, packet_list_at(s->list, i), s->needle, s->room, &s->fields))
		return true;
	s->late = clock_mono_ns() >= s->until_ns;
	return s->late;
}

enum found packet_find(const struct packet_list *list, const struct packet_row *row,
		       const struct needle *n, size_t from, int way, size_t *at)
{
	struct search s = {
		.list = list, .row = row, .needle = n, .fields = FIELDS_MOST,
		.room = mem_alloc(sizeof *s.room), .until_ns = clock_mono_ns() + TURN_NS,
	};
	enum found found = find_row(list->count, from, way, contains, &s, at);

	free(s.room);
	return s.late ? FOUND_LATER : found;
}

bool packet_same(const struct packet *a, const struct packet *b)
{
	const uint16_t unlike = (uint16_t)~TCP_FLAG_PSH;

	if (a->analysis)
		return a->analysis & b->analysis;
	return !b->analysis && a->flow == b->flow && a->ip_proto == b->ip_proto &&
	       decode_protocol(a) == decode_protocol(b) && a->icmp_type == b->icmp_type &&
	       (a->tcp_flags & unlike) == (b->tcp_flags & unlike) &&
	       !a->payload_len == !b->payload_len;
}

struct like {
	const struct session *s;
	const struct packet_list *list;
	struct packet packet; /* a copy: looking at others may let it go */
	uint64_t until_ns;
	bool late;
};

static bool same(void *ctx, size_t i)
{
	struct like *l = ctx;
	const struct packet *p = session_packet(l->s, packet_list_at(l->list, i), NULL);

	if (p && p->number != l->packet.number && packet_same(&l->packet, p))
		return true;
	l->late = clock_mono_ns() >= l->until_ns;
	return l->late;
}

enum found packet_find_same(const struct packet_list *list, const struct session *s, size_t from,
			    int way, size_t *at)
{
	struct like l = { .s = s, .list = list, .until_ns = clock_mono_ns() + TURN_NS };
	const struct packet *p = from < list->count
					 ? session_packet(s, packet_list_at(list, from), NULL)
					 : NULL;
	enum found found;

	if (!p)
		return FOUND_NOTHING;
	l.packet = *p;
	found = find_row(list->count, from, way, same, &l, at);
	return l.late ? FOUND_LATER : found;
}
