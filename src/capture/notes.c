#include "notes.h"

#include "inside.h"

#include "util/mem.h"

#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MOST = 63 };

void notes_init(struct notes *n)
{
	memset(n, 0, sizeof *n);
	pthread_mutex_init(&n->lock, NULL);
	n->tail = &n->head;
}

void notes_done(struct notes *n)
{
	for (struct note *next; n->head; n->head = next) {
		next = n->head->next;
		free(n->head);
	}
	for (uint32_t i = 0; i < n->name_count; i++)
		free(n->names[i]);
	free(n->names);
	pthread_mutex_destroy(&n->lock);
}

void notes_add(struct notes *n, const struct note *like, const void *text, size_t len)
{
	struct note *made;

	pthread_mutex_lock(&n->lock);
	if (len > NOTES_BYTES || n->bytes + len + sizeof *made > NOTES_BYTES) {
		n->lost++;
	} else {
		made = mem_alloc(sizeof *made + len + 1);
		*made = *like;
		made->next = NULL;
		made->len = len;
		memcpy(made->text, text, len);
		*n->tail = made;
		n->tail = &made->next;
		n->bytes += len + sizeof *made;
	}
	pthread_mutex_unlock(&n->lock);
}

struct note *capture_notes(struct capture *c)
{
	struct notes *n = &c->notes;
	struct note *all;

	pthread_mutex_lock(&n->lock);
	all = n->head;
	n->head = NULL;
	n->tail = &n->head;
	n->bytes = 0;
	pthread_mutex_unlock(&n->lock);
	return all;
}

void notes_name(struct notes *n, uint32_t serial, const void *name, size_t len)
{
	char *copy;

	if (serial >= NOTES_NAMES)
		return;
	if (len > NAME_MOST)
		len = NAME_MOST;
	copy = mem_alloc(len + 1);
	memcpy(copy, name, len);
	pthread_mutex_lock(&n->lock);
	while (n->name_count <= serial) {
		MEM_ROOM(n->names, n->name_count, n->name_room);
		n->names[n->name_count++] = NULL;
	}
	free(n->names[serial]);
	n->names[serial] = copy;
	pthread_mutex_unlock(&n->lock);
}

bool notes_named(struct notes *n, uint32_t serial)
{
	return serial < n->name_count && n->names[serial]; /* by the thread that adds them */
}

char *capture_interface(struct capture *c, uint32_t ifindex, char out[64])
{
	struct notes *n = &c->notes;
	uint32_t serial = ifindex & ~NOTES_INTERFACE;

	out[0] = '\0';
	if (!(ifindex & NOTES_INTERFACE)) {
		if (ifindex && c->config.kind != CAPTURE_FILE)
			if_indextoname(ifindex, out);
		return out;
	}
	pthread_mutex_lock(&n->lock);
	if (serial < n->name_count && n->names[serial])
		snprintf(out, 64, "%s", n->names[serial]);
	pthread_mutex_unlock(&n->lock);
	return out;
}
