#include "session/save.h"

#include "session/source.h"
#include "util/mem.h"

#include <stdlib.h>

struct save {
	struct writer *writer;
	struct source *source;
	struct note *notes, **tail; /* of the file that is read, for packets still to come */
	char interface[64];
	bool reading;
};

static const char *interface_name(void *user, const struct packet *p)
{
	struct save *s = user;

	return source_interface(s->source, p, s->interface);
}

int save_open(const struct writer_config *config, struct source *source, struct save **out,
	      struct err *e)
{
	struct save *s = mem_alloc(sizeof *s);
	struct writer_config c = *config;
	int rc;

	c.interface = interface_name;
	c.user = s;
	s->source = source;
	s->reading = config->reading;
	s->tail = &s->notes;
	rc = writer_open(&c, &s->writer, e);
	if (rc) {
		free(s);
		return rc;
	}
	*out = s;
	return 0;
}

static void fetch_notes(struct save *s)
{
	*s->tail = source_notes(s->source);
	while (*s->tail)
		s->tail = &(*s->tail)->next;
}

static struct note *pop_note(struct save *s)
{
	struct note *n = s->notes;

	s->notes = n->next;
	if (!s->notes)
		s->tail = &s->notes;
	return n;
}

/* The packet's comment, if it has one; what comes before it is written. */
static struct note *comment_of(struct save *s, const struct packet *p)
{
	struct note *comment = NULL;

	if (!s->notes)
		fetch_notes(s);
	while (s->notes && s->notes->packet <= p->number) {
		struct note *n = pop_note(s);

		if (n->kind == NOTE_COMMENT && n->packet == p->number && !comment) {
			comment = n;
			continue;
		}
		writer_note(s->writer, n);
		free(n);
	}
	return comment;
}

int save_packet(struct save *s, const struct packet *p, const uint8_t *bytes, const char *owner,
		struct err *e)
{
	struct note *comment = s->reading ? comment_of(s, p) : NULL;
	int rc = writer_packet(s->writer, p, bytes, comment ? comment->text : owner, e);

	free(comment);
	return rc;
}

int save_batch(struct save *s, struct err *e)
{
	struct capture_stats stats;

	source_stats(s->source, &stats);
	writer_drops(s->writer,
		     stats.dropped_kernel + stats.dropped_interface + stats.dropped_here);
	return writer_flush(s->writer, e);
}

int save_close(struct save *s, struct writer_stats *stats, struct err *e)
{
	int rc;

	if (!s)
		return 0;
	if (s->reading)
		fetch_notes(s);
	while (s->notes) { /* names and secrets may come last */
		struct note *n = pop_note(s);

		writer_note(s->writer, n);
		free(n);
	}
	save_batch(s, NULL);
	rc = writer_close(s->writer, stats, e);
	free(s);
	return rc;
}
