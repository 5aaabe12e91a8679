/* Sockets and calls of another sitting, put in their places: nothing is asked of the kernel. */
#include "inside.h"

#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

enum { SOCKETS_MOST = 16384, WORDS_MOST = 256 };

void lab_still(struct lab *l)
{
	l->still = true;
}

/* Verbs and functions are static words elsewhere: here they live as long as the lab. */
static const char *keep_word(struct lab *l, const char *word)
{
	for (size_t i = 0; i < l->word_count; i++)
		if (!strcmp(l->words[i], word))
			return l->words[i];
	if (l->word_count == WORDS_MOST)
		return "call";
	MEM_ROOM(l->words, l->word_count, l->word_capacity);
	l->words[l->word_count] = mem_string(word);
	return l->words[l->word_count++];
}

static void note_echo(struct lab *l, const struct node *n)
{
	enum echo_kind kind = lab_echo_for(n->s.now.family, n->s.now.type);

	if (!n->s.peer || n->s.listener || kind == ECHO_COUNT)
		return;
	if (!n->s.closed)
		l->echo[kind] = n->s.id;
	else if (l->echo[kind] == n->s.id)
		l->echo[kind] = 0;
}

bool lab_restore(struct lab *l, const struct lab_sock *from)
{
	struct node *n = node_find(l, from->id);
	uint32_t last = l->next_id;
	bool was_closed = n && n->s.closed;

	if (!n && l->nodes >= SOCKETS_MOST)
		return false;
	if (!n) {
		l->next_id = from->id - 1;
		n = node_new(l, from->name);
		l->next_id = last > from->id ? last : from->id;
	}
	n->s = *from;
	n->s.path[0] = '\0';
	n->s.closed = from->closed || was_closed;
	note_echo(l, n);
	if (n->s.closed && !was_closed)
		node_closed(l, n);
	l->journal.changes++;
	return true;
}

void lab_forget(struct lab *l, uint32_t id)
{
	struct node *n = node_find(l, id);

	if (n && l->still)
		node_forget(l, n);
}

bool lab_restore_call(struct lab *l, const struct call *from)
{
	struct journal *j = &l->journal;
	struct call *c;
	uint64_t number;

	if (!from->number || from->number >= j->next + JOURNAL_CALLS)
		return false;
	while (j->next <= from->number) { /* those between return later */
		c = journal_add(j);
		c->verb = c->function = "";
	}
	c = journal_find(j, from->number);
	if (!c)
		return false;
	number = c->number;
	journal_data(j, c, "", 0, false);
	free(c->data);
	*c = *from;
	c->number = number;
	c->data = NULL;
	c->data_len = 0;
	c->verb = keep_word(l, from->verb);
	c->function = keep_word(l, from->function);
	if (from->data)
		journal_data(j, c, from->data, from->data_len, from->received);
	c->let_go = from->let_go;
	j->changes++;
	return true;
}

void restore_done(struct lab *l)
{
	for (size_t i = 0; i < l->word_count; i++)
		free(l->words[i]);
	free(l->words);
}
