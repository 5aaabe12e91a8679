#include "cli/dump_write.h"

#include "cli/cli.h"
#include "cli/options.h"
#include "session/save.h"
#include "session/source.h"
#include "util/clock.h"
#include "util/err.h"
#include "util/mem.h"
#include "util/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dump_write {
	struct save *save;
	char path[256]; /* clean */
	bool failed, broken;
};

int dump_write_check(const struct dump_write_options *o)
{
	const char *with = o->size_mb ? "-C" : o->seconds ? "-G" : o->files ? "-W" : o->print ? "--print" : NULL;

	if (with && !o->path)
		return usage_error(&dump_command, "%s belongs to -w", with);
	if (o->files && !o->size_mb && !o->seconds)
		return usage_error(&dump_command, "-W belongs to -C or -G");
	if (o->path && !strcmp(o->path, "-") && (o->print || o->size_mb || o->seconds))
		return usage_error(&dump_command, "-w - is one stream: no %s", o->print ? "--print" : "-C or -G");
	return OPTIONS_GO;
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
	};
	int rc = save_open(&c, config->source, &w->save, e);

	if (rc) {
		free(w);
		return rc;
	}
	text_clean_to(w->path, sizeof w->path, o->path, strlen(o->path));
	*out = w;
	return 0;
}

/* Said once when it begins; the capture goes on. */
static bool told(struct dump_write *w, int rc, const struct err *e)
{
	if (!rc)
		return true;
	if (rc == -EPIPE)
		w->broken = true;
	if (rc == -EPIPE || rc == WRITER_FULL)
		return false;
	w->failed = true;
	complain(EXIT_FAILED, "%s; the capture goes on without it", e->text);
	return true;
}

bool dump_write_packet(struct dump_write *w, const struct packet *p, const uint8_t *bytes, const struct buf *comments)
{
	struct err e = { 0 };
	int rc = save_packet(w->save, p, bytes, comments, &e);

	return !rc || told(w, rc, &e);
}

void dump_write_note(struct dump_write *w, const struct note *n)
{
	save_note(w->save, n);
}

void dump_write_batch(struct dump_write *w)
{
	struct err e = { 0 };

	told(w, save_batch(w->save, &e), &e);
}

void dump_write_secrets(void *write, const char *lines, size_t len)
{
	struct note *n;

	if (!write)
		return;
	n = mem_alloc(sizeof *n + len + 1);
	n->kind = NOTE_SECRETS;
	n->type = NOTES_SECRETS_TLS;
	n->len = len;
	memcpy(n->text, lines, len);
	dump_write_note(write, n);
	explicit_bzero(n->text, len);
	free(n);
}

static void say(const struct dump_write *w, const struct writer_stats *s)
{
	if (s->files > 1)
		fprintf(stderr, "%llu packets written to %llu files", (unsigned long long)s->packets,
			(unsigned long long)s->files);
	else
		fprintf(stderr, "%llu packet%s written to %s", (unsigned long long)s->packets,
			s->packets == 1 ? "" : "s", strcmp(w->path, "-") ? w->path : "standard output");
	if (s->lost)
		fprintf(stderr, ", %llu not", (unsigned long long)s->lost);
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
	rc = save_close(w->save, &stats, &e);
	if (rc && rc != -EPIPE && !w->failed)
		complain(EXIT_FAILED, "%s", e.text);
	if ((summary || stats.lost) && !w->broken)
		say(w, &stats);
	failed = !w->broken && rc != -EPIPE && (w->failed || rc || stats.lost);
	free(w);
	return failed ? EXIT_FAILED : EXIT_DONE;
}
