#include "cli/dump_view.h"

#include "cli/cli.h"
#include "cli/options.h"

#include <stdio.h>

enum { FLUSH_AT = 1 << 16, VIEWS = 5 };

void dump_out_flush(struct dump_out *out)
{
	const struct buf *text = &out->text;

	if (text->len && !out->broken && (fwrite(text->data, 1, text->len, stdout) != text->len || fflush(stdout)))
		out->broken = true;
	buf_clear(&out->text);
}

void dump_out_room(struct dump_out *out)
{
	if (out->text.len >= FLUSH_AT)
		dump_out_flush(out);
}

/* Which of the views were asked for, in the order of the rows. */
static unsigned asked(const struct dump_view_options *o, const struct dump_view *found[VIEWS],
		      const char *arguments[VIEWS])
{
	const struct {
		const struct dump_view *view;
		bool on;
		const char *argument;
	} rows[] = {
		{ &dump_flows, o->flows, NULL },           { &dump_stream, o->stream, o->stream },
		{ &dump_stats, o->stats, NULL },           { &dump_messages, o->messages, NULL },
		{ &dump_extract, o->extract, o->extract },
	};
	unsigned count = 0;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].on) {
			arguments[count] = rows[i].argument;
			found[count++] = rows[i].view;
		}
	return count;
}

int dump_view_check(const struct dump_view_options *o)
{
	const struct dump_view *found[VIEWS];
	const char *arguments[VIEWS];

	if ((o->as || o->side) && !o->stream)
		return usage_error(&dump_command, "--%s belongs to --stream", o->as ? "as" : "side");
	if (asked(o, found, arguments) > 1)
		return usage_error(&dump_command, "--%s and --%s: one or the other", found[0]->name, found[1]->name);
	return OPTIONS_GO;
}

const struct dump_view *dump_view_chosen(const struct dump_view_options *o, const char **argument)
{
	const struct dump_view *found[VIEWS];
	const char *arguments[VIEWS];

	if (!asked(o, found, arguments))
		return NULL;
	*argument = arguments[0];
	return found[0];
}
