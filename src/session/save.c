#include "session/save.h"

#include "session/source.h"
#include "util/mem.h"

#include <stdlib.h>

struct save {
	struct writer *writer;
	struct source *source;
	char interface[64];
};

static const char *interface_name(void *user, const struct packet *p)
{
	struct save *s = user;

	return source_interface(s->source, p, s->interface);
}

int save_open(const struct writer_config *config, struct source *source, struct save **out, struct err *e)
{
	struct save *s = mem_alloc(sizeof *s);
	struct writer_config c = *config;
	int rc;

	c.interface = interface_name;
	c.user = s;
	s->source = source;
	rc = writer_open(&c, &s->writer, e);
	if (rc) {
		free(s);
		return rc;
	}
	*out = s;
	return 0;
}

int save_packet(struct save *s, const struct packet *p, const uint8_t *bytes, const struct buf *comments, struct err *e)
{
	return writer_packet(s->writer, p, bytes, comments, e);
}

void save_note(struct save *s, const struct note *n)
{
	writer_note(s->writer, n);
}

int save_batch(struct save *s, struct err *e)
{
	struct capture_stats stats;

	source_stats(s->source, &stats);
	writer_drops(s->writer, stats.dropped_kernel + stats.dropped_interface + stats.dropped_here);
	return writer_flush(s->writer, e);
}

int save_close(struct save *s, struct writer_stats *stats, struct err *e)
{
	int rc;

	if (!s)
		return 0;
	save_batch(s, NULL);
	rc = writer_close(s->writer, stats, e);
	free(s);
	return rc;
}
