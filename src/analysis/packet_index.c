#include "analysis/packet_index.h"

#include "analysis/flow.h"
#include "decode/decode.h"
#include "util/hash.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

enum {
	CHUNK = 65536,   /* packets: 2 MiB, a huge page */
	LINKS = 1 << 18, /* link types and interfaces that are told apart */
	NO_FLOW = (1 << 23) - 1,
	SLOTS = 4096, /* packets that are kept decoded */
	WHERE = 4 * SLOTS,
	ROOM = 16 << 20, /* bytes that those may take */
};

#define PLACE_MOST (UINT64_C(1) << 42)

struct entry {
	uint64_t at_ns;
	uint64_t offset : 42, link : 18, direction : 2, turns : 1, lost : 1;
	uint64_t len : 32, prev : 32;
	uint64_t flow : 23, cap : 25, analysis : 16;
};
_Static_assert(sizeof(struct entry) == 32, "an index of 32 bytes a packet");

struct link {
	uint32_t ifindex;
	uint16_t linktype;
};

struct slot {
	uint64_t number; /* 0: empty */
	struct packet packet;
	uint8_t *bytes;
	uint32_t room;
};

struct packet_index {
	index_read *read;
	void *ctx;
	struct entry **chunks; /* [0] begins with the packet first_chunk * CHUNK + 1 */
	size_t chunk_count, chunk_capacity;
	uint64_t first_chunk, count; /* count: of all packets that were added */
	struct link *links;
	uint32_t link_count, link_room, link_last;
	uint32_t *link_slots; /* open addressing: index + 1, 0: free */
	uint32_t link_mask;

	struct slot slots[SLOTS]; /* a ring */
	uint32_t at;              /* the one that was filled last */
	uint64_t room;            /* of all slots */
	uint16_t where[WHERE];    /* by number: slot + 1, a guess */
};

struct packet_index *index_new(index_read *read, void *ctx)
{
	struct packet_index *x = mem_alloc(sizeof *x);

	x->read = read;
	x->ctx = ctx;
	return x;
}

void index_free(struct packet_index *x)
{
	if (!x)
		return;
	for (size_t i = 0; i < x->chunk_count; i++)
		free(x->chunks[i]);
	for (size_t i = 0; i < SLOTS; i++)
		free(x->slots[i].bytes);
	free(x->chunks);
	free(x->links);
	free(x->link_slots);
	free(x);
}

/* --- adding --- */

static bool same_link(struct link a, struct link b)
{
	return a.ifindex == b.ifindex && a.linktype == b.linktype;
}

static uint32_t *link_slot(const struct packet_index *x, struct link l)
{
	uint32_t at = (uint32_t)hash_mix((uint64_t)l.ifindex << 16 | l.linktype) & x->link_mask;

	while (x->link_slots[at] && !same_link(x->links[x->link_slots[at] - 1], l))
		at = (at + 1) & x->link_mask;
	return &x->link_slots[at];
}

static void more_link_slots(struct packet_index *x)
{
	uint32_t slots = x->link_slots ? 2 * (x->link_mask + 1) : 64;

	free(x->link_slots);
	x->link_slots = mem_array(slots, sizeof *x->link_slots);
	x->link_mask = slots - 1;
	for (uint32_t i = 0; i < x->link_count; i++)
		*link_slot(x, x->links[i]) = i + 1;
}

/* LINKS: there are too many. A file has as many interfaces as it likes, and may go round them. */
static uint32_t link_of(struct packet_index *x, const struct packet *p)
{
	const struct link link = { p->ifindex, p->linktype };
	uint32_t *slot;

	if (x->link_last < x->link_count && same_link(x->links[x->link_last], link))
		return x->link_last;
	if (2 * (x->link_count + 1) > x->link_mask)
		more_link_slots(x);
	slot = link_slot(x, link);
	if (!*slot && x->link_count == LINKS)
		return LINKS;
	if (!*slot) {
		MEM_ROOM(x->links, x->link_count, x->link_room);
		x->links[x->link_count++] = link;
		*slot = x->link_count;
	}
	return x->link_last = *slot - 1;
}

static void new_chunk(struct packet_index *x)
{
	if (x->chunk_count == INDEX_MOST / CHUNK) {
		free(x->chunks[0]);
		x->chunk_count--;
		x->first_chunk++;
		memmove(x->chunks, x->chunks + 1, x->chunk_count * sizeof *x->chunks);
	}
	MEM_ROOM(x->chunks, x->chunk_count, x->chunk_capacity);
	x->chunks[x->chunk_count++] = mem_array(CHUNK, sizeof **x->chunks);
}

void index_add(struct packet_index *x, const struct packet *p)
{
	const uint16_t turns = TCP_FLAG_SYN | TCP_FLAG_FIN | TCP_FLAG_RST;
	uint32_t link = link_of(x, p);
	struct entry *e;

	if (x->count % CHUNK == 0)
		new_chunk(x);
	e = &x->chunks[x->chunk_count - 1][x->count++ % CHUNK];
	e->at_ns = p->at_ns;
	e->offset = p->offset & (PLACE_MOST - 1);
	e->lost = p->offset >= PLACE_MOST || link == LINKS;
	e->link = link & (LINKS - 1);
	e->direction = (uint64_t)p->direction & 3;
	e->turns = (p->tcp_flags & turns) != 0;
	e->len = p->len;
	e->prev = p->number - p->prev <= UINT32_MAX && p->prev ? (uint32_t)(p->number - p->prev) : 0;
	e->flow = (uint64_t)(p->flow < NO_FLOW ? p->flow : NO_FLOW) & NO_FLOW;
	e->cap = p->cap & ((1 << 25) - 1);
	e->analysis = p->analysis;
}

uint64_t index_next(const struct packet_index *x)
{
	return x->count + 1;
}

uint64_t index_oldest(const struct packet_index *x)
{
	return x->first_chunk * CHUNK + 1;
}

uint64_t index_bytes(const struct packet_index *x)
{
	return sizeof *x + x->chunk_count * CHUNK * sizeof **x->chunks + x->room;
}

/* --- finding --- */

static const struct entry *entry_of(const struct packet_index *x, uint64_t number)
{
	uint64_t chunk;

	if (!number || number > x->count)
		return NULL;
	chunk = (number - 1) / CHUNK;
	return chunk < x->first_chunk ? NULL : &x->chunks[chunk - x->first_chunk][(number - 1) % CHUNK];
}

static uint64_t before(const struct entry *e, uint64_t number)
{
	return e->prev ? number - e->prev : 0;
}

bool index_note(const struct packet_index *x, uint64_t number, struct index_note *out)
{
	const struct entry *e = entry_of(x, number);

	if (!e)
		return false;
	*out = (struct index_note){ .at_ns = e->at_ns,
				    .prev = before(e, number),
				    .flow = e->flow == NO_FLOW ? FLOW_NONE : e->flow,
				    .turns = e->turns };
	return true;
}

static void empty(struct packet_index *x, struct slot *s)
{
	x->room -= s->room;
	free(s->bytes);
	*s = (struct slot){ 0 };
}

/* The oldest packets' bytes make room. */
static void make_room(struct packet_index *x, uint32_t len)
{
	for (uint32_t i = 1; i < SLOTS - 2 * INDEX_HELD && x->room + len > ROOM; i++)
		empty(x, &x->slots[(x->at + i) % SLOTS]);
}

static struct slot *next_slot(struct packet_index *x, uint32_t len)
{
	enum { WASTE = 4096 };
	struct slot *s = &x->slots[x->at = (x->at + 1) % SLOTS];

	s->number = 0;
	if (s->room >= len && s->room <= len + WASTE)
		return s;
	empty(x, s);
	make_room(x, len);
	s->room = len < 128 ? 128 : len;
	s->bytes = mem_array(s->room, 1);
	x->room += s->room;
	return s;
}

/* The slot that has it already. One that is not young is copied: what was found in it lately stays where it is. */
static struct slot *kept(struct packet_index *x, uint64_t number)
{
	uint16_t *where = &x->where[number % WHERE];
	struct slot *s = *where ? &x->slots[*where - 1] : NULL, *to;

	if (!s || s->number != number)
		return NULL;
	if ((x->at + SLOTS - (uint32_t)(s - x->slots)) % SLOTS < INDEX_HELD)
		return s;
	to = next_slot(x, s->packet.cap);
	if (s->number != number) /* it made room itself */
		return NULL;
	memcpy(to->bytes, s->bytes, s->packet.cap);
	to->packet = s->packet;
	to->number = number;
	*where = (uint16_t)(x->at + 1);
	return to;
}

const struct packet *index_find(struct packet_index *x, uint64_t number, const uint8_t **bytes)
{
	const struct entry *e = entry_of(x, number);
	struct slot *s = e && !e->lost ? kept(x, number) : NULL;

	if (!e || e->lost)
		return NULL;
	if (!s) {
		s = next_slot(x, e->cap);
		if (!x->read(x->ctx, e->offset, s->bytes, e->cap))
			return NULL;
		s->number = number;
		x->where[number % WHERE] = (uint16_t)(s - x->slots + 1);
		s->packet = (struct packet){
			.number = number,
			.at_ns = e->at_ns,
			.len = e->len,
			.cap = e->cap,
			.ifindex = x->links[e->link].ifindex,
			.linktype = x->links[e->link].linktype,
			.direction = e->direction,
		};
		decode_summary(&s->packet, s->bytes);
		s->packet.flow = e->flow == NO_FLOW ? FLOW_NONE : e->flow;
		s->packet.analysis = e->analysis;
		s->packet.prev = before(e, number);
	}
	if (bytes)
		*bytes = s->bytes;
	return &s->packet;
}
