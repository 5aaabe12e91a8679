#include "session/parser.h"

#include "util/hash.h"
#include "util/mem.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *prefix;
	int family, type; /* 0: any; the first row that fits counts */
} kinds[SYMBOL_KINDS] = {
	{ "unix", AF_UNIX, 0 },   { "raw", 0, SOCK_RAW }, { "tcp", 0, SOCK_STREAM },
	{ "udp", 0, SOCK_DGRAM }, { "sock", 0, 0 },
};

void symbols_name(const struct symbols *s, int family, int type, char out[LAB_NAME])
{
	for (size_t k = 0; k < SYMBOL_KINDS; k++)
		if ((!kinds[k].family || kinds[k].family == family) && (!kinds[k].type || kinds[k].type == type)) {
			snprintf(out, LAB_NAME, "%s%u", kinds[k].prefix, s->highest[k] + 1);
			return;
		}
}

void symbols_name_accepted(struct symbol *listener, char out[LAB_NAME])
{
	snprintf(out, LAB_NAME, "%.20s_%u", listener->name, ++listener->accepted);
}

/* A name of the form tcpN counts, whoever gave it: the next one is N + 1. */
static void count_name(struct symbols *s, const char *name)
{
	for (size_t k = 0; k < SYMBOL_KINDS; k++) {
		size_t len = strlen(kinds[k].prefix);
		unsigned long number;

		if (strncmp(name, kinds[k].prefix, len) || !isdigit((unsigned char)name[len]))
			continue;
		if (name[len + strspn(name + len, "0123456789")])
			continue;
		number = strtoul(name + len, NULL, 10);
		if (number > s->highest[k] && number < 1000000000)
			s->highest[k] = (unsigned)number;
	}
}

void symbols_done(struct symbols *s)
{
	free(s->symbol);
	free(s->slots);
	memset(s, 0, sizeof *s);
}

static size_t *slot_of(const struct symbols *s, const char *name)
{
	size_t at = hash_bytes(name, strlen(name), 1) & (s->slot_count - 1);

	while (s->slots[at] && strcmp(s->symbol[s->slots[at] - 1].name, name))
		at = (at + 1) & (s->slot_count - 1);
	return &s->slots[at];
}

struct symbol *symbols_find(const struct symbols *s, const char *name)
{
	size_t index = s->slot_count ? *slot_of(s, name) : 0;

	return index ? &s->symbol[index - 1] : NULL;
}

static void grow(struct symbols *s)
{
	if (s->slot_count > 2 * s->count)
		return;
	s->slot_count = s->slot_count ? 2 * s->slot_count : 64;
	free(s->slots);
	s->slots = mem_array(s->slot_count, sizeof *s->slots);
	for (size_t i = 0; i < s->count; i++)
		*slot_of(s, s->symbol[i].name) = i + 1;
}

struct symbol *symbols_add(struct symbols *s, const char *name, int family, int type)
{
	struct symbol *found = symbols_find(s, name);

	if (!found) {
		grow(s);
		MEM_ROOM(s->symbol, s->count, s->capacity);
		found = &s->symbol[s->count++];
		memset(found, 0, sizeof *found);
		snprintf(found->name, sizeof found->name, "%s", name);
		count_name(s, name);
		*slot_of(s, found->name) = s->count;
	}
	found->family = family;
	found->type = type;
	found->open = true;
	s->current = (size_t)(found - s->symbol) + 1;
	return found;
}

void symbols_from_lab(struct symbols *s, struct lab *l, const char *current)
{
	const struct lab_sock *sock;

	for (size_t i = 0; (sock = lab_next(l, &i));) {
		struct symbol *made;

		if (sock->peer)
			continue;
		made = symbols_find(s, sock->name);
		if (made && made->open && sock->closed)
			continue; /* the name was used again: the open one counts */
		made = symbols_add(s, sock->name, sock->now.family, sock->now.type);
		made->open = !sock->closed;
		made->accepted = sock->accepted;
	}
	s->current = 0;
	for (size_t i = 0; current && i < s->count; i++)
		if (!strcmp(s->symbol[i].name, current))
			s->current = i + 1;
}
