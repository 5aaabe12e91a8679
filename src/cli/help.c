/* sockeye help: the same tables that the program itself works by. */
#include "cli/cli.h"

#include "cli/manual.h"
#include "core/filter.h"
#include "session/command.h"
#include "session/explain.h"
#include "session/setting.h"
#include "lab/option.h"
#include "util/buf.h"
#include "util/text.h"

#include <stdio.h>
#include <string.h>

enum { USAGE_CELLS = 44 };

static void topic_commands(void)
{
	puts("Commands: keys, the prompt, scripts and the configuration share them. NAME. before a command says which\n"
	     "socket; NAME = before socket or accept names the new one.\n");
	for (const struct command *c = commands; c->name; c++) {
		char left[64];
		int room;

		if (!c->group || (c->flags & COMMAND_UI && !c->parse))
			continue;
		snprintf(left, sizeof left, "%s%s %s", c->flags & COMMAND_SOCKET ? "[NAME.]" : "", c->name, c->usage);
		room = USAGE_CELLS - (int)text_width(left);
		printf("  %s%*s %s\n", left, room > 0 ? room : 0, "", c->help);
	}
}

static void topic_keys(void)
{
	puts("Keys:\n");
	for (const struct command *c = commands; c->name; c++)
		if (c->key)
			printf("  %-12s %s\n", c->key, c->help);
	for (const struct key_line *k = key_lines; k->key; k++)
		printf("  %-12s %s\n", k->key, k->help);
}

static void topic_options(void)
{
	puts("Socket options, for setsockopt, getsockopt and expect option:\n");
	for (const struct option_row *o = options; o->name; o++)
		printf("  %-24s %-3s %-8s %-10s %s\n", o->name,
		       o->use == OPTION_GET   ? "get"
		       : o->use == OPTION_SET ? "set"
					      : "",
		       o->unit, o->man, o->help);
}

static void topic_settings(void)
{
	puts("Settings, for `set NAME VALUE`:\n");
	for (const struct setting_row *r = settings; r->name; r++)
		printf("  %-12s %-8s (now %s) %s\n", r->name, r->usage, r->value, r->help);
}

static void topic_states(void)
{
	puts("States (RFC 9293, and those of sockets without a connection):\n");
	for (int s = STATE_CLOSED; s < STATE_COUNT; s++)
		printf("  %-14s %s\n", states[s].name, states[s].help);
}

static void topic_filter(void)
{
	puts("FILTER, for sockeye list, the key / and the command filter: words, all of which must hold. A word is\n"
	     "key:value, or else any column may contain it. ! or not before a word negates, a,b in a value is or,\n"
	     "numbers take > < >= <= and ranges, and or ( ) and ss's spellings (state established, dport = :443) too.\n");
	for (const struct filter_key *k = filter_keys; k->name; k++)
		printf("  %-8s %s\n", k->name, k->help);
	puts("\n  state:listen proc:nginx     port:8000-8999,443     !addr:127.0.0.0/8 rtt:>10ms     recvq:>0 user:root");
}

static void topic_columns(void)
{
	puts("Columns, for sockeye list --columns A,B and --sort COLUMN:\n");
	for (const struct socket_column *c = socket_columns; c->name; c++)
		printf("  %-16s %s\n", c->name, c->help);
}

static const struct topic {
	const char *name;
	void (*show)(void);
	const char *help;
} topics[] = {
	{ "commands", topic_commands, "the command language" },
	{ "keys", topic_keys, "what each key does" },
	{ "options", topic_options, "socket options" },
	{ "settings", topic_settings, "what `set` can change" },
	{ "states", topic_states, "what the states mean" },
	{ "filter", topic_filter, "which sockets: the keys of FILTER" },
	{ "columns", topic_columns, "what list can show of a socket" },
	{ "manual", manual_print, "the manual page, as roff: sockeye help manual | man -l -" },
	{ 0 },
};

static const struct subcommand *named(const char *word)
{
	for (const struct subcommand *const *s = subcommands; *s; s++)
		if ((*s)->name && !strcmp((*s)->name, word))
			return *s;
	return NULL;
}

static void about_command(const struct command *c)
{
	printf("%s%s %s\n  %s\n", c->flags & COMMAND_SOCKET ? "[NAME.]" : "", c->name, c->usage, c->help);
	if (c->key)
		printf("  key: %s\n", c->key);
}

/* A state, an errno, an option, a mark, a column …: the same words as at the key E. */
static bool about_word(const char *word, bool command)
{
	struct explanation e = { 0 };
	bool known = explain_word(word, &e);

	if (known && (!command || e.count > 1)) {
		puts(buf_text(&e.title));
		for (size_t i = 0; i < e.count; i++)
			printf("%s%.*s\n", e.parts[i].kind == EXPLAIN_HEAD ? "" : "  ", (int)e.parts[i].len,
			       e.text.data + e.parts[i].from);
	}
	explain_done(&e);
	return known;
}

static int help_main(int argc, char **argv)
{
	struct common_options o = { 0 };
	const struct subcommand *sub;
	const struct command *c;
	int first, status = options_parse(&help_command, argc, argv, &o, &first);

	if (status != OPTIONS_GO)
		return status;
	if (first >= argc) {
		puts("Topics:\n");
		for (const struct topic *t = topics; t->name; t++)
			printf("  sockeye help %-12s %s\n", t->name, t->help);
		puts("\nor the name of a command, a state, an errno, an option, a mark of the TCP analysis, a column, a protocol:\n"
		     "sockeye help connect, sockeye help ECONNREFUSED, sockeye help close-wait. Options: sockeye --help, sockeye run --help.");
		return EXIT_DONE;
	}
	for (const struct topic *t = topics; t->name; t++)
		if (!strcmp(t->name, argv[first])) {
			t->show();
			return EXIT_DONE;
		}
	sub = named(argv[first]);
	if (sub) {
		options_help(sub);
		return EXIT_DONE;
	}
	c = command_find(argv[first], strlen(argv[first]));
	if (c)
		about_command(c);
	if (!about_word(argv[first], c) && !c)
		return usage_error(&help_command, "there is no topic, command or word \"%s\"", argv[first]);
	return EXIT_DONE;
}

const struct subcommand help_command = {
	.name = "help",
	.usage = "help [TOPIC]",
	.help = "explain keys, commands, options, states",
	.main = help_main,
};
