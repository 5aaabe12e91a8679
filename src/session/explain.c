#include "session/explain.h"

#include "analysis/finding.h"
#include "core/sock_column.h"
#include "core/tcp_state.h"
#include "core/words.h"
#include "decode/proto.h"
#include "lab/option.h"
#include "session/command.h"
#include "session/setting.h"
#include "session/session.h"
#include "util/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

void explain_clear(struct explanation *e)
{
	buf_clear(&e->title);
	buf_clear(&e->text);
	e->count = 0;
}

void explain_done(struct explanation *e)
{
	buf_done(&e->title);
	buf_done(&e->text);
	e->count = 0;
}

void explain_say(struct explanation *e, enum explain_kind kind, const char *format, ...)
{
	struct explain_part *part;
	va_list args;
	char text[1200];

	if (e->count == EXPLAIN_PARTS)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	part = &e->parts[e->count++];
	*part = (struct explain_part){ kind, e->text.len, strlen(text) };
	buf_printf(&e->text, "%s\n", text);
}

/* --- the tables --- */

/* What a table knows of one of its rows; the sentence may lack its capital letter and its full
 * stop. */
struct entry {
	const char *name, *alias, *help, *more, *source;
};

static bool state_entry(size_t i, struct entry *out)
{
	if (i + STATE_CLOSED >= STATE_COUNT)
		return false;
	*out = (struct entry){ .name = states[i + STATE_CLOSED].name,
			       .help = states[i + STATE_CLOSED].help,
			       .more = states[i + STATE_CLOSED].more,
			       .source = states[i + STATE_CLOSED].source };
	return true;
}

static bool errno_entry(size_t i, struct entry *out)
{
	const struct word *w = &errnos[i];

	*out = (struct entry){ w->name, w->alias, w->help, w->more, w->source };
	return w->name;
}

static bool option_entry(size_t i, struct entry *out)
{
	const struct option_row *o = &options[i];

	*out = (struct entry){ o->name, o->alias, o->help, NULL, o->man };
	return o->name;
}

static bool finding_entry(size_t i, struct entry *out)
{
	if (i >= FINDING_COUNT)
		return false;
	*out = (struct entry){ findings[i].name, findings[i].words, findings[i].help, NULL, NULL };
	return true;
}

static bool flag_entry(size_t i, struct entry *out)
{
	const struct tcp_flag_row *r = &tcp_flag_rows[i];

	*out = (struct entry){ r->name, NULL, r->help, NULL, r->source };
	return r->letter;
}

static bool column_entry(size_t i, struct entry *out)
{
	const struct socket_column *c = &socket_columns[i];

	*out = (struct entry){ c->name, c->head, c->help, NULL, NULL };
	return c->name;
}

static bool protocol_entry(size_t i, struct entry *out)
{
	const struct proto_row *p = &protos[i + 1];

	if (i + 1 >= PROTO_COUNT)
		return false;
	*out = (struct entry){ p->name, p->filter, p->title, NULL, p->source[0] ? p->source : NULL };
	return true;
}

static bool word_entry(const struct word *w, struct entry *out)
{
	*out = (struct entry){ w->name, w->symbol, w->help, NULL, NULL };
	return w->name;
}

static bool family_entry(size_t i, struct entry *out)
{
	return word_entry(&families[i], out);
}

static bool type_entry(size_t i, struct entry *out)
{
	return word_entry(&types[i], out);
}

static bool reason_entry(size_t i, struct entry *out)
{
	if (i >= OWNER_REASONS)
		return false;
	*out = (struct entry){ owner_reasons[i].name ? owner_reasons[i].name : "", NULL, owner_reasons[i].help, NULL,
			       NULL };
	return true;
}

static bool command_entry(size_t i, struct entry *out)
{
	*out = (struct entry){ commands[i].name, NULL, commands[i].help, NULL, NULL };
	return commands[i].name;
}

static bool setting_entry(size_t i, struct entry *out)
{
	*out = (struct entry){ settings[i].name, NULL, settings[i].help, NULL, NULL };
	return settings[i].name;
}

static const struct table {
	const char *title; /* what a word of it is */
	bool (*entry)(size_t i, struct entry *out);
} tables[] = {
	{ "a state", state_entry },
	{ "an errno", errno_entry },
	{ "a socket option", option_entry },
	{ "a mark of the TCP analysis", finding_entry },
	{ "a TCP flag", flag_entry },
	{ "a protocol", protocol_entry },
	{ "a family of sockets", family_entry },
	{ "a type of sockets", type_entry },
	{ "a reason for an owner that is not known", reason_entry },
	{ "a column", column_entry },
	{ "a command", command_entry },
	{ "a setting", setting_entry },
};

enum { TABLES = sizeof tables / sizeof *tables };

const char *explain_table(size_t table)
{
	return table < TABLES ? tables[table].title : NULL;
}

const char *explain_entry(size_t table, size_t index)
{
	struct entry entry;

	return table < TABLES && tables[table].entry(index, &entry) ? entry.name : NULL;
}

/* --- words --- */

/* A sentence of a table as one that stands alone: capital letter, full stop, and where it is
 * written. */
static void sentence(struct buf *out, const char *text)
{
	size_t at = out->len, len;

	buf_puts(out, text);
	if (text[0] >= 'a' && text[0] <= 'z' && text[1] >= 'a' && text[1] <= 'z')
		out->data[at] = (char)(text[0] - 32);
	len = strlen(text);
	if (len && text[len - 1] != '.')
		buf_putc(out, '.');
}

static void say_entry(const struct entry *entry, struct explanation *e)
{
	struct buf text = { 0 };

	sentence(&text, entry->help);
	if (entry->more) {
		buf_putc(&text, ' ');
		sentence(&text, entry->more);
	}
	if (entry->source)
		buf_printf(&text, " (%s)", entry->source);
	explain_say(e, EXPLAIN_WHAT, "%s", buf_text(&text));
	buf_done(&text);
}

static bool is_named(const struct entry *entry, const char *word)
{
	return (entry->name[0] && !strcasecmp(entry->name, word)) || (entry->alias && !strcasecmp(entry->alias, word));
}

static void found(const struct table *t, const struct entry *entry, struct explanation *e)
{
	if (e->title.len)
		explain_say(e, EXPLAIN_HEAD, "%s, %s", entry->name, t->title);
	else
		buf_printf(&e->title, "%s, %s", entry->name, t->title);
	say_entry(entry, e);
}

/* Other spellings: ss's of a state, an option without its prefix. */
static const char *other_name(const char *word)
{
	enum state state = state_find(word, strlen(word));
	const struct option_row *o;

	if (state != STATE_NONE)
		return state_name(state);
	o = option_find(word);
	return o ? o->name : NULL;
}

static bool look_up(const char *word, struct explanation *e)
{
	bool any = false;

	for (size_t t = 0; t < TABLES; t++) {
		struct entry entry;

		for (size_t i = 0; tables[t].entry(i, &entry); i++)
			if (is_named(&entry, word)) {
				if (!any)
					explain_clear(e);
				any = true;
				found(&tables[t], &entry, e);
				break;
			}
	}
	return any;
}

bool explain_word(const char *word, struct explanation *e)
{
	const char *other;

	if (!word[0])
		return false;
	if (look_up(word, e))
		return true;
	other = other_name(word);
	return other && look_up(other, e);
}
