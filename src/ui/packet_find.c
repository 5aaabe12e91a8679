#include "ui/packet_find.h"

#include "util/mem.h"

#include <stdlib.h>

/* Packets whose fields a search decodes: some 30 ms of work. */
enum { FIELDS_MOST = 4000 };

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
		     struct packet_trees *room, size_t *fields)
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
	decode_tree(p.packet, p.bytes, &room->tree);
	return tree_contains(&room->tree, n);
}

struct search {
	const struct packet_list *list;
	const struct packet_row *row;
	const struct needle *needle;
	struct packet_trees *room;
	size_t fields;
};

static bool contains(void *ctx, size_t i)
{
	struct search *s = ctx;

	return packet_contains(s->row, packet_list_at(s->list, i), s->needle, s->room, &s->fields);
}

enum found packet_find(const struct packet_list *list, const struct packet_row *row,
		       const struct needle *n, size_t from, int way, size_t *at)
{
	struct search s = { list, row, n, mem_alloc(sizeof *s.room), FIELDS_MOST };
	enum found found = find_row(list->count, from, way, contains, &s, at);

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
	       (a->tcp_flags & unlike) == (b->tcp_flags & unlike) &&
	       !a->payload_len == !b->payload_len;
}

struct like {
	const struct session *s;
	const struct packet_list *list;
	struct packet packet; /* a copy: looking at others may let it go */
};

static bool same(void *ctx, size_t i)
{
	const struct like *l = ctx;
	const struct packet *p = session_packet(l->s, packet_list_at(l->list, i), NULL);

	return p && p->number != l->packet.number && packet_same(&l->packet, p);
}

enum found packet_find_same(const struct packet_list *list, const struct session *s, size_t from,
			    int way, size_t *at)
{
	const struct packet *p;
	struct like l = { .s = s, .list = list };

	if (from >= list->count)
		return FOUND_NOTHING;
	p = session_packet(s, packet_list_at(list, from), NULL);
	if (!p)
		return FOUND_NOTHING;
	l.packet = *p;
	return find_row(list->count, from, way, same, &l, at);
}
