#include "analysis/tally.h"

#include "util/hash.h"
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

void tally_init(struct tally *t)
{
	memset(t, 0, sizeof *t);
	t->count = 1;
}

/* The place of `proto` below `parent`; the parent itself where there is no room for it. */
static unsigned child_of(struct tally *t, unsigned parent, uint8_t proto)
{
	uint16_t *link = &t->nodes[parent].child;

	for (; *link; link = &t->nodes[*link].next)
		if (t->nodes[*link].proto == proto)
			return *link;
	if (t->count == TALLY_NODES)
		return parent;
	t->nodes[t->count] = (struct tally_node){ .proto = proto, .parent = (uint16_t)parent };
	*link = (uint16_t)t->count;
	return t->count++;
}

void tally_add(struct tally *t, const struct packet *p)
{
	unsigned at = 0;

	if (!t->nodes[0].packets || p->at_ns < t->first_ns)
		t->first_ns = p->at_ns;
	if (p->at_ns > t->last_ns)
		t->last_ns = p->at_ns;
	t->nodes[0].packets++;
	t->nodes[0].bytes += p->len;
	for (unsigned i = 0; i < p->layer_count; i++) {
		unsigned to = child_of(t, at, p->layers[i]);

		if (to == at)
			break;
		at = to;
		t->nodes[at].packets++;
		t->nodes[at].bytes += p->len;
	}
	t->malformed += p->status == PACKET_MALFORMED;
	t->truncated += p->status == PACKET_TRUNCATED;
	for (unsigned i = 0; p->analysis && i < FINDING_COUNT; i++)
		t->found[i] += p->analysis >> i & 1;
}

/* --- addresses --- */

struct book {
	struct tally_address *list;
	size_t count, capacity;
	uint32_t *slots; /* index + 1; 0: empty */
	size_t slot_count;
	uint64_t seed;
};

static size_t slot_of(const struct book *b, uint8_t family, const uint8_t *ip)
{
	size_t mask = b->slot_count - 1;
	size_t i = (size_t)hash_bytes(ip, 16, b->seed ^ family) & mask;

	while (b->slots[i]) {
		const struct tally_address *a = &b->list[b->slots[i] - 1];

		if (a->family == family && !memcmp(a->ip, ip, 16))
			break;
		i = (i + 1) & mask;
	}
	return i;
}

/* Twice the slots; at most half of them are ever taken. */
static void grow(struct book *b)
{
	b->slot_count = b->slot_count ? b->slot_count * 2 : 1024;
	free(b->slots);
	b->slots = mem_array(b->slot_count, sizeof *b->slots);
	for (size_t i = 0; i < b->count; i++)
		b->slots[slot_of(b, b->list[i].family, b->list[i].ip)] = (uint32_t)i + 1;
}

static struct tally_address *entry(struct book *b, uint8_t family, const uint8_t *ip)
{
	size_t at;

	if (b->count >= b->slot_count / 2)
		grow(b);
	at = slot_of(b, family, ip);
	if (b->slots[at])
		return &b->list[b->slots[at] - 1];
	if (b->count == TALLY_ADDRESSES)
		return NULL;
	MEM_ROOM(b->list, b->count, b->capacity);
	b->list[b->count] = (struct tally_address){ .family = family };
	memcpy(b->list[b->count].ip, ip, 16);
	b->slots[at] = (uint32_t)++b->count;
	return &b->list[b->count - 1];
}

static int most_bytes_first(const void *a, const void *b)
{
	const struct tally_address *x = a, *y = b;
	uint64_t m = x->bytes[0] + x->bytes[1], n = y->bytes[0] + y->bytes[1];

	return m != n ? (m < n) - (m > n) : memcmp(x->ip, y->ip, 16);
}

struct tally_address *tally_addresses(const struct flow_table *flows, size_t *count, uint64_t *left_out)
{
	struct book b = { .seed = hash_seed() };

	*left_out = 0;
	for (uint32_t i = 0; i < flows->count; i++)
		for (unsigned side = 0; side < 2; side++) {
			const struct flow *f = &flows->flows[i];
			struct tally_address *a = entry(&b, f->family, f->end[side].ip);

			if (!a) {
				++*left_out;
				continue;
			}
			a->flows += !side || memcmp(f->end[0].ip, f->end[1].ip, 16);
			for (unsigned way = 0; way < 2; way++) {
				a->packets[way] += f->side[side ^ way].packets;
				a->bytes[way] += f->side[side ^ way].wire_bytes;
			}
		}
	free(b.slots);
	if (b.count)
		qsort(b.list, b.count, sizeof *b.list, most_bytes_first);
	*count = b.count;
	return b.list;
}
