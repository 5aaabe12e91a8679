#include "inside.h"

#include "core/words.h"
#include "util/hash.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- names --- */

/* "tcp12" is prefix "tcp", number 12. 0 where the name is not made like that. */
static uint32_t split_name(const char *name, size_t *prefix_len)
{
	size_t len = strlen(name), at = len;
	uint32_t number = 0;

	while (at && name[at - 1] >= '0' && name[at - 1] <= '9')
		at--;
	if (at == len || !at || len - at > 9 || name[at] == '0')
		return 0;
	for (size_t i = at; i < len; i++)
		number = number * 10 + (uint32_t)(name[i] - '0');
	*prefix_len = at;
	return number;
}

static struct prefix *prefix_find(const struct lab *l, const char *word, size_t len)
{
	for (size_t i = 0; i < l->prefix_count; i++)
		if (strlen(l->prefixes[i].word) == len && !memcmp(l->prefixes[i].word, word, len))
			return &l->prefixes[i];
	return NULL;
}

/* The words that sockets name themselves by: sock_proto's. */
static const char *prefix_of(int family, int type, int protocol)
{
	struct sock kind = { .family = family, .type = type, .protocol = protocol };

	return sock_proto(&kind);
}

static bool is_prefix(const char *word, size_t len)
{
	const struct word *w = word_find(protocols, word, len);

	return (w && !memcmp(w->name, word, len)) || (len == 4 && !memcmp(word, "unix", 4)) ||
	       (len == 2 && !memcmp(word, "ip", 2));
}

/* A number that was used once is not given again in this sitting, whether the user wrote it or we did. */
static void note_number(struct lab *l, const char *name)
{
	size_t len = 0;
	uint32_t number = split_name(name, &len);
	struct prefix *p;

	if (!number || len >= sizeof p->word || !is_prefix(name, len))
		return;
	p = prefix_find(l, name, len);
	if (!p) {
		MEM_ROOM(l->prefixes, l->prefix_count, l->prefix_capacity);
		p = &l->prefixes[l->prefix_count++];
		memset(p, 0, sizeof *p);
		memcpy(p->word, name, len);
	}
	if (number > p->highest)
		p->highest = number;
}

void lab_auto_name(const struct lab *l, int family, int type, int protocol, char out[LAB_NAME])
{
	const char *word = prefix_of(family, type, protocol);
	const struct prefix *p = prefix_find(l, word, strlen(word));

	snprintf(out, LAB_NAME, "%s%u", word, (unsigned)(p ? p->highest + 1 : 1));
}

/* --- hashes --- */

static size_t id_bucket(const struct lab *l, uint32_t id)
{
	return id & (l->buckets - 1);
}

static size_t name_bucket(const struct lab *l, const char *name)
{
	return hash_bytes(name, strlen(name), l->seed) & (l->buckets - 1);
}

static void link_hashes(struct lab *l, struct node *n)
{
	struct node **id = &l->by_id[id_bucket(l, n->s.id)], **name = &l->by_name[name_bucket(l, n->s.name)];

	n->id_next = *id;
	*id = n;
	n->name_next = *name; /* the newest first */
	*name = n;
}

static void unlink_hashes(struct lab *l, struct node *n)
{
	struct node **at;

	for (at = &l->by_id[id_bucket(l, n->s.id)]; *at != n; at = &(*at)->id_next)
		;
	*at = n->id_next;
	for (at = &l->by_name[name_bucket(l, n->s.name)]; *at != n; at = &(*at)->name_next)
		;
	*at = n->name_next;
}

static void grow_hashes(struct lab *l)
{
	l->buckets = l->buckets ? l->buckets * 2 : 64;
	free(l->by_id);
	free(l->by_name);
	l->by_id = mem_array(l->buckets, sizeof *l->by_id);
	l->by_name = mem_array(l->buckets, sizeof *l->by_name);
	for (size_t i = 0; i < l->order_count; i++)
		if (l->order[i])
			link_hashes(l, l->order[i]);
}

struct node *node_find(const struct lab *l, uint32_t id)
{
	if (!l->buckets)
		return NULL;
	for (struct node *n = l->by_id[id_bucket(l, id)]; n; n = n->id_next)
		if (n->s.id == id)
			return n;
	return NULL;
}

struct lab_sock *lab_find(struct lab *l, uint32_t id)
{
	struct node *n = node_find(l, id);

	return n ? &n->s : NULL;
}

struct lab_sock *lab_find_name(struct lab *l, const char *name)
{
	struct lab_sock *closed = NULL;

	if (!l->buckets)
		return NULL;
	for (struct node *n = l->by_name[name_bucket(l, name)]; n; n = n->name_next) {
		if (strcmp(n->s.name, name))
			continue;
		if (!n->s.closed)
			return &n->s;
		if (!closed)
			closed = &n->s;
	}
	return closed;
}

/* --- coming and going --- */

static void close_holes(struct lab *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->order_count; i++) {
		if (!l->order[i])
			continue;
		l->order[kept] = l->order[i];
		l->order[kept]->place = kept;
		kept++;
	}
	l->order_count = kept;
	l->holes = 0;
}

struct node *node_new(struct lab *l, const char *name)
{
	struct node *n = mem_alloc(sizeof *n);

	if (l->order_count == l->order_capacity && l->holes >= l->order_count / 2)
		close_holes(l);
	if (l->nodes >= l->buckets)
		grow_hashes(l);
	MEM_ROOM(l->order, l->order_count, l->order_capacity);
	n->s.id = ++l->next_id;
	n->s.fd = -1;
	n->kind = ECHO_COUNT;
	snprintf(n->s.name, sizeof n->s.name, "%s", name);
	n->place = l->order_count;
	l->order[l->order_count++] = n;
	l->nodes++;
	link_hashes(l, n);
	note_number(l, n->s.name);
	return n;
}

static void unlink_closed(struct lab *l, struct node *n)
{
	if (!n->closed_prev && l->closed_first != n)
		return;
	if (l->look_next == n)
		l->look_next = n->closed_next;
	*(n->closed_prev ? &n->closed_prev->closed_next : &l->closed_first) = n->closed_next;
	*(n->closed_next ? &n->closed_next->closed_prev : &l->closed_last) = n->closed_prev;
	l->closed_count--;
}

void node_forget(struct lab *l, struct node *n)
{
	unlink_closed(l, n);
	unlink_hashes(l, n);
	l->order[n->place] = NULL;
	l->holes++;
	l->nodes--;
	while (l->order_count && !l->order[l->order_count - 1]) {
		l->order_count--;
		l->holes--;
	}
	serving_free(n);
	n->serving = NULL;
	n->closed_next = l->forgotten;
	l->forgotten = n;
}

bool lab_has_forgotten(const struct lab *l)
{
	return l->forgotten;
}

void lab_bury(struct lab *l)
{
	while (l->forgotten) {
		struct node *n = l->forgotten;

		l->forgotten = n->closed_next;
		free(n);
	}
}

void node_closed(struct lab *l, struct node *n)
{
	n->closed_prev = l->closed_last;
	*(l->closed_last ? &l->closed_last->closed_next : &l->closed_first) = n;
	l->closed_last = n;
	if (++l->closed_count > LAB_CLOSED)
		node_forget(l, l->closed_first);
}

struct lab_sock *lab_next(struct lab *l, size_t *i)
{
	while (*i < l->order_count) {
		struct node *n = l->order[(*i)++];

		if (n)
			return &n->s;
	}
	return NULL;
}

size_t lab_open_count(const struct lab *l)
{
	return l->own_open;
}

void table_done(struct lab *l)
{
	for (size_t i = 0; i < l->order_count; i++) {
		if (!l->order[i])
			continue;
		serving_free(l->order[i]);
		free(l->order[i]);
	}
	lab_bury(l);
	free(l->order);
	free(l->by_id);
	free(l->by_name);
	free(l->prefixes);
}
