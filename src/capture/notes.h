/* notes.h - the list behind capture/note.h, and the names of a file's interfaces. */
#ifndef CAPTURE_NOTES_H
#define CAPTURE_NOTES_H

#include "capture/note.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* A packet's ifindex where it is the number of an interface in a file, not an index of the kernel. */
#define NOTES_INTERFACE 0x80000000u

enum { NOTES_NAMES = 65536 };

struct notes {
	pthread_mutex_t lock; /* guards everything below */
	struct note *head, **tail;
	size_t bytes, lost; /* kept; notes that had no room */
	char **names;       /* of the file's interfaces, by their serial; NULL: unnamed */
	uint32_t name_count, name_room;
};

void notes_init(struct notes *n);
void notes_done(struct notes *n);
/* `like` has everything but the text. */
void notes_add(struct notes *n, const struct note *like, const void *text, size_t len);
void notes_name(struct notes *n, uint32_t serial, const void *name, size_t len);
bool notes_named(struct notes *n, uint32_t serial);

#endif
