#include "lab/journal.h"

#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

enum { DATA_MOST = 1 << 20 };

void journal_init(struct journal *j)
{
	memset(j, 0, sizeof *j);
	j->calls = mem_array(JOURNAL_CALLS, sizeof *j->calls);
	j->next = 1;
	j->oldest_data = 1;
}

void journal_done(struct journal *j)
{
	for (size_t i = 0; j->calls && i < JOURNAL_CALLS; i++) {
		if (j->calls[i])
			free(j->calls[i]->data);
		free(j->calls[i]);
	}
	free(j->calls);
	memset(j, 0, sizeof *j);
}

uint64_t journal_oldest(const struct journal *j)
{
	return j->next - j->count;
}

struct call *journal_find(const struct journal *j, uint64_t number)
{
	uint64_t oldest = journal_oldest(j);

	if (number < oldest || number >= j->next)
		return NULL;
	return j->calls[(j->head + (size_t)(number - oldest)) % JOURNAL_CALLS];
}

static void drop_data(struct journal *j, struct call *c, bool told)
{
	if (!c->data)
		return;
	j->bytes -= c->data_len;
	free(c->data);
	c->data = NULL;
	c->data_len = 0;
	c->let_go = told;
}

struct call *journal_add(struct journal *j)
{
	struct call *c;
	size_t at;

	if (j->count == JOURNAL_CALLS) { /* the oldest makes room, and its memory serves the new one */
		c = j->calls[j->head];
		drop_data(j, c, false);
		memset(c, 0, sizeof *c);
		j->head = (j->head + 1) % JOURNAL_CALLS;
		j->count--;
		j->dropped++;
	} else {
		c = mem_alloc(sizeof *c);
	}
	at = (j->head + j->count) % JOURNAL_CALLS;
	j->calls[at] = c;
	j->count++;
	c->number = j->next++;
	c->fd = -1;
	j->changes++;
	return c;
}

/* Let the oldest payloads go until `len` more fit; never that of `spare`. */
static void make_room(struct journal *j, uint64_t len, const struct call *spare)
{
	if (j->oldest_data < journal_oldest(j))
		j->oldest_data = journal_oldest(j);
	while (j->bytes + len > JOURNAL_BYTES && j->oldest_data < j->next) {
		struct call *c = journal_find(j, j->oldest_data++);

		if (c && c != spare)
			drop_data(j, c, true);
	}
}

void journal_data(struct journal *j, struct call *c, const void *bytes, size_t len, bool received)
{
	uint32_t kept = len < DATA_MOST ? (uint32_t)len : DATA_MOST;

	if (journal_find(j, c->number) != c) /* let go already, or never ours */
		return;
	drop_data(j, c, false);
	c->received = received;
	make_room(j, kept, c);
	c->data = mem_alloc((size_t)kept + 1);
	if (kept)
		memcpy(c->data, bytes, kept);
	c->data_len = kept;
	c->let_go = false;
	j->bytes += kept;
	if (c->number < j->oldest_data) /* a call that had waited while later ones let theirs go */
		j->oldest_data = c->number;
	j->changes++;
}
