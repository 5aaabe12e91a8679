/* The manual page, sockeye(1), written from the same tables as the program's own help. */
#include "cli/manual.h"

#include "cli/cli.h"
#include "core/filter.h"
#include "lab/option.h"
#include "session/command.h"
#include "session/setting.h"

#include <stdio.h>
#include <string.h>

/* roff takes a leading dot or apostrophe for a request, a backslash for an escape, and a minus for a hyphen. */
static void text(const char *s)
{
	if (*s == '.' || *s == '\'')
		fputs("\\&", stdout);
	for (; *s; s++) {
		if (*s == '\\')
			fputs("\\e", stdout);
		else if (*s == '-')
			fputs("\\-", stdout);
		else
			putchar(*s);
	}
}

static void item(const char *left, const char *more, const char *help)
{
	fputs(".TP\n.B ", stdout);
	text(left);
	if (more && *more) {
		fputs("\\fR ", stdout);
		text(more);
	}
	putchar('\n');
	text(help);
	putchar('\n');
}

static void section(const char *title, const char *words)
{
	printf(".SH %s\n", title);
	if (words)
		printf("%s\n", words);
}

static void option_items(const struct cli_option *rows)
{
	for (const struct cli_option *o = rows; o && o->name; o++) {
		char left[64];

		snprintf(left, sizeof left, "%s%c%s--%s", o->letter ? "-" : "", o->letter ? o->letter : ' ',
			 o->letter ? ", " : "", o->name);
		item(left + (left[0] == ' '), o->argument, o->help);
	}
}

static void the_commands(void)
{
	section("THE COMMAND LANGUAGE",
		"Keys, the prompt, step scripts and the configuration share one table of commands, one a line.\n"
		"NAME. before a command says which socket it acts on, else it is the current one;\n"
		"NAME = before socket or accept names the new one. # starts a comment.");
	for (const struct command *c = commands; c->name; c++) {
		char left[64];

		if (!c->group || ((c->flags & COMMAND_UI) && !c->parse))
			continue;
		snprintf(left, sizeof left, "%s%s", c->flags & COMMAND_SOCKET ? "[NAME.]" : "", c->name);
		item(left, c->usage, c->help);
	}
}

static void the_keys(void)
{
	section("KEYS", NULL);
	for (const struct command *c = commands; c->name; c++)
		if (c->key)
			item(c->key, NULL, c->help);
	for (const struct key_line *k = key_lines; k->key; k++)
		item(k->key, NULL, k->help);
}

void manual_print(void)
{
	printf(".TH SOCKEYE 1 \"\" \"sockeye %s\" \"User Commands\"\n", SOCKEYE_VERSION);
	section("NAME", "sockeye \\- a socket's whole life: calls, kernel, packets");
	section("SYNOPSIS", NULL);
	for (const struct subcommand *const *s = subcommands; *s; s++) {
		printf("%s.B sockeye\n", s == subcommands ? "" : ".br\n");
		text((*s)->usage);
		putchar('\n');
	}
	section("DESCRIPTION",
		"Shows a socket's whole life on one screen: the calls a program makes on it, what the kernel says\n"
		"of it, and the packets it puts on the wire, on one clock.");
	for (const struct subcommand *const *s = subcommands; *s; s++) {
		printf(".SH OPTIONS%s%s\n", (*s)->name ? " OF " : "", (*s)->name ? (*s)->name : "");
		text((*s)->help);
		putchar('\n');
		option_items((*s)->options);
	}
	section("COMMON OPTIONS", "Each command takes them.");
	option_items(common_rows);
	the_commands();
	the_keys();
	section("FILTER",
		"Words, all of which must hold: key:value, or a text that any column may contain; ! negates,\n"
		"a,b is or, numbers take > < and ranges; and, or, not, ( ) and the spellings of ss(8) too.");
	for (const struct filter_key *k = filter_keys; k->name; k++)
		item(k->name, NULL, k->help);
	section("COLUMNS", "For list \\-\\-columns and \\-\\-sort.");
	for (const struct socket_column *c = socket_columns; c->name; c++)
		item(c->name, NULL, c->help);
	section("SETTINGS", "For set NAME VALUE, by hand, in a script, or in the configuration.");
	for (const struct setting_row *r = settings; r->name; r++)
		item(r->name, r->usage, r->help);
	section("SOCKET OPTIONS", "For setsockopt, getsockopt and expect option.");
	for (const struct option_row *o = options; o->name; o++)
		item(o->name, o->unit, o->help);
	section("EXIT STATUS", "0 done, 1 failed at run time, 2 wrong usage, 3 a privilege is missing.");
	section("FILES", "$XDG_CONFIG_HOME/sockeye/config, $XDG_STATE_HOME/sockeye/history");
	section("ENVIRONMENT", "SOCKEYE_CONFIG names another configuration; NO_COLOR turns colours off.");
	section("SEE ALSO", "ss(8), tcpdump(8), nc(1), socket(7), tcp(7), unix(7)");
}
