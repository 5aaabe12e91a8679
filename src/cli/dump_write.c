#include "cli/dump_write.h"

#include "capture/writer.h"
#include "cli/cli.h"
#include "cli/options.h"
#include "session/source.h"
#include "util/clock.h"
#include "util/err.h"
#include "util/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dump_write {
	struct writer *writer;
	struct source *source;
	struct note *notes, **tail; /* of the file that is read, for packets still to come */
	char *path, interface[64];
	bool reading, failed, broken;
};

int dump_write_check(const struct dump_write_options *o)
{
	const char *with = o->size_mb   ? "-C"
			   : o->seconds ? "-G"
			   : o->files   ? "-W"
			   : o->print   ? "--print"
					: NULL;

	if (with && !o->path)
		return usage_error(&dump_command, "%s belongs to -w", with);
	if (o->files && !o->size_mb && !o->seconds)
		return usage_error(&dump_command, "-W belongs to -C or -G");
	if (o->path && !strcmp(o->path, "-") && (o->print || o->size_mb || o->seconds))
		return usage_error(&dump_command, "-w - is one stream: no %s",
				   o->print ? "--print" : "-C or -G");
	return OPTIONS_GO;
}

static const char *interface_name(void *user, const struct packet *p)
{
	struct dump_write *w = user;

	return source_interface(w->source, p, w->interface);
}

int dump_write_open(const struct dump_write_config *config, struct dump_write **out, struct err *e)
{
	enum { MEGA = 1000000 };
	const struct dump_write_options *o = config->options;
	struct dump_write *w = mem_alloc(sizeof *w);
	const struct writer_config c = {
		.path = o->path,
		.reading = config->reading,
		.filter = config->filter,
		.snaplen = config->snaplen,
		.size_most = o->size_mb * MEGA,
		.seconds = o->seconds,
		.files = o->files,
		.now_ns = config->reading ? 0 : clock_real_ns(),
		.interface = interface_name,
		.user = w,
	};
	int rc;

	w->source = config->source;
	w->reading = config->reading;
	w->tail = &w->notes;
	rc = writer_open(&c, &w->writer, e);
	if (rc) {
		free(w);
		return rc;
	}
	w->path = mem_string(o->path);
	*out = w;
	return 0;
}

/* Said once when it begins; the capture goes on. */
static bool told(struct dump_write *w, int rc, const struct err *e)
{
	if (!rc)
		return true;
	if (rc == WRITER_FULL)
		return false;
	w->failed = true;
	if (rc == -EPIPE) {
		w->broken = true;
		return false;
	}
	complain(EXIT_FAILED, "%s; the capture goes on without it", e->text);
	return true;
}

static void fetch_notes(struct dump_write *w)
{
	*w->tail = source_notes(w->source);
	while (*w->tail)
		w->tail = &(*w->tail)->next;
}

static struct note *pop_note(struct dump_write *w)
{
	struct note *n = w->notes;

	w->notes = n->next;
	if (!w->notes)
		w->tail = &w->notes;
	return n;
}

/* What the file that is read says of this packet, and of those that come after it. */
static struct note *note_for(struct dump_write *w, const struct packet *p)
{
	struct note *comment = NULL;

	if (!w->notes)
		fetch_notes(w);
	while (w->notes && w->notes->packet <= p->number) {
		struct note *n = pop_note(w);

		if (n->kind == NOTE_COMMENT && n->packet == p->number && !comment) {
			comment = n;
			continue;
		}
		writer_note(w->writer, n);
		free(n);
	}
	return comment;
}

bool dump_write_packet(struct dump_write *w, const struct packet *p, const uint8_t *bytes,
		       const char *owner)
{
	struct note *comment = w->reading ? note_for(w, p) : NULL;
	struct err e = { 0 };
	int rc = writer_packet(w->writer, p, bytes, comment ? comment->text : owner, &e);

	free(comment);
	return told(w, rc, &e);
}

void dump_write_batch(struct dump_write *w)
{
	struct capture_stats stats;
	struct err e = { 0 };

	source_stats(w->source, &stats);
	writer_drops(w->writer,
		     stats.dropped_kernel + stats.dropped_interface + stats.dropped_here);
	told(w, writer_flush(w->writer, &e), &e);
}

/* Names and secrets may come last; comments on packets that were not written go. */
static void last_notes(struct dump_write *w)
{
	if (w->reading)
		fetch_notes(w);
	while (w->notes) {
		struct note *n = pop_note(w);

		if (!w->broken)
			writer_note(w->writer, n);
		free(n);
	}
}

static void say(const struct dump_write *w, const struct writer_stats *s)
{
	if (s->files > 1)
		fprintf(stderr, "%llu packets written to %llu files",
			(unsigned long long)s->packets, (unsigned long long)s->files);
	else
		fprintf(stderr, "%llu packet%s written to %s", (unsigned long long)s->packets,
			s->packets == 1 ? "" : "s",
			strcmp(w->path, "-") ? w->path : "standard output");
	if (s->lost)
		fprintf(stderr, ", %llu not, for want of room", (unsigned long long)s->lost);
	fputc('\n', stderr);
}

int dump_write_close(struct dump_write *w, bool summary)
{
	struct writer_stats stats = { 0 };
	struct err e = { 0 };
	bool failed;
	int rc;

	if (!w)
		return EXIT_DONE;
	last_notes(w);
	if (!w->broken)
		dump_write_batch(w);
	rc = writer_close(w->writer, &stats, &e);
	if (rc && !w->failed)
		complain(EXIT_FAILED, "%s", e.text);
	if ((summary || stats.lost) && !w->broken)
		say(w, &stats);
	failed = (w->failed && !w->broken) || (rc && !w->broken) || stats.lost;
	free(w->path);
	free(w);
	return failed ? EXIT_FAILED : EXIT_DONE;
}
