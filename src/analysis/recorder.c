#include "analysis/recorder.h"

#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 64 };

void recorder_init(struct recorder *r, uint64_t limit_bytes)
{
	*r = (struct recorder){ .limit = limit_bytes, .next = 1 };
}

/* The i-th kept block, oldest first; capacity is a power of two. */
static struct block *block_at(const struct recorder *r, size_t i)
{
	return r->blocks[(r->head + i) & (r->capacity - 1)];
}

static uint64_t first_of(const struct block *b)
{
	return b->packets[0].number;
}

void recorder_done(struct recorder *r)
{
	for (size_t i = 0; i < r->count; i++)
		free(block_at(r, i));
	free(r->blocks);
	index_free(r->index);
	*r = (struct recorder){ .next = 1 };
}

void recorder_index(struct recorder *r, index_read *read, void *ctx)
{
	r->index = index_new(read, ctx);
}

void recorder_number(struct recorder *r, struct block *b)
{
	for (uint32_t i = 0; i < b->count; i++)
		b->packets[i].number = r->next++;
}

void recorder_put(struct recorder *r, const struct packet *p)
{
	index_add(r->index, p);
	r->thrown = index_oldest(r->index) - 1;
	r->bytes = index_bytes(r->index);
}

static void make_room(struct recorder *r)
{
	size_t capacity = r->capacity ? r->capacity * 2 : FIRST_CAPACITY;
	struct block **blocks;

	if (r->count < r->capacity)
		return;
	blocks = mem_array(capacity, sizeof *blocks);
	for (size_t i = 0; i < r->count; i++)
		blocks[i] = block_at(r, i);
	free(r->blocks);
	r->blocks = blocks;
	r->capacity = capacity;
	r->head = 0;
}

static void throw_oldest(struct recorder *r)
{
	struct block *b = block_at(r, 0);

	r->bytes -= b->mail.weight;
	r->thrown += b->count;
	r->head = (r->head + 1) & (r->capacity - 1);
	r->count--;
	free(b);
}

void recorder_add(struct recorder *r, struct block *b)
{
	if (!b->count) {
		free(b);
		return;
	}
	recorder_number(r, b);
	make_room(r);
	r->blocks[(r->head + r->count++) & (r->capacity - 1)] = b;
	r->bytes += b->mail.weight;
	while (r->bytes > r->limit && r->count > 1)
		throw_oldest(r);
}

uint64_t recorder_oldest(const struct recorder *r)
{
	if (r->index)
		return index_oldest(r->index);
	return r->count ? first_of(block_at(r, 0)) : r->next;
}

const struct packet *recorder_find(const struct recorder *r, uint64_t number, const uint8_t **bytes)
{
	size_t low = 0, high = r->count; /* the block is in [low, high) */
	const struct packet *p;
	const struct block *b;

	if (r->index)
		return index_find(r->index, number, bytes);
	if (number < recorder_oldest(r) || number >= r->next)
		return NULL;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (first_of(block_at(r, middle)) <= number)
			low = middle;
		else
			high = middle;
	}
	b = block_at(r, low);
	p = &b->packets[number - first_of(b)];
	if (bytes)
		*bytes = block_bytes(b, p);
	return p;
}

bool recorder_note(const struct recorder *r, uint64_t number, struct index_note *out)
{
	const struct packet *p;

	if (r->index)
		return index_note(r->index, number, out);
	p = recorder_find(r, number, NULL);
	if (p)
		*out = (struct index_note){ .at_ns = p->at_ns, .prev = p->prev, .flow = p->flow };
	return p;
}
