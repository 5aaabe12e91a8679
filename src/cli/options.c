#include "cli/options.h"

#include "cli/cli.h"
#include "util/text.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPTIONS_MOST = 48, LONG_ONLY = 256 };

/* clang-format off */
const struct cli_option common_rows[] = {
	{ 'h', "help", NULL, OPT_FLAG, offsetof(struct common_options, help), "show this", 0, 0 },
	{ 'V', "version", NULL, OPT_FLAG, offsetof(struct common_options, version),
	  "show the version", 0, 0 },
	{ 0, "json", NULL, OPT_FLAG, offsetof(struct common_options, json),
	  "JSON Lines: one object a line", 0, 0 },
	{ 0, "no-color", NULL, OPT_FLAG, offsetof(struct common_options, no_color),
	  "no colours (also: NO_COLOR)", 0, 0 },
	{ 'v', "verbose", NULL, OPT_FLAG, offsetof(struct common_options, verbose), "more detail",
	  0, 0 },
	{ 0 },
};
/* clang-format on */

/* All rows of a subcommand in one array: its own, then the common ones that it does not redefine. */
static size_t gather(const struct subcommand *c, const struct cli_option *rows[OPTIONS_MOST])
{
	size_t count = 0;

	for (const struct cli_option *o = c->options; o && o->name && count < OPTIONS_MOST; o++)
		rows[count++] = o;
	for (const struct cli_option *o = common_rows; o->name && count < OPTIONS_MOST; o++)
		rows[count++] = o;
	return count;
}

static void say(const char *format, va_list args)
{
	char text[1024], clean[1200];

	vsnprintf(text, sizeof text, format, args);
	text_clean_to(clean, sizeof clean, text, strlen(text));
	fprintf(stderr, "sockeye: %s\n", clean);
}

int complain(int status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
	return status;
}

int usage_error(const struct subcommand *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
	fprintf(stderr, "Try: sockeye %s%s--help\n", c && c->name ? c->name : "", c && c->name ? " " : "");
	return EXIT_USAGE;
}

static bool is_optional(const struct cli_option *o)
{
	return o->argument && o->argument[0] == '[';
}

void options_help(const struct subcommand *c)
{
	const struct cli_option *rows[OPTIONS_MOST];
	size_t count = gather(c, rows);

	printf("Usage: sockeye %s\n%s\n\nOptions:\n", c->usage, c->help);
	for (size_t i = 0; i < count; i++) {
		const char *argument = rows[i]->argument ? rows[i]->argument : "";
		char left[48], form[32];

		if (is_optional(rows[i])) /* --watch[=SECONDS] */
			snprintf(form, sizeof form, "[=%s", argument + 1);
		else
			snprintf(form, sizeof form, "%s%s", *argument ? " " : "", argument);
		snprintf(left, sizeof left, "%c%c%s--%s%s", rows[i]->letter ? '-' : ' ',
			 rows[i]->letter ? rows[i]->letter : ' ', rows[i]->letter ? ", " : "  ", rows[i]->name, form);
		printf("  %-28s %s\n", left, rows[i]->help);
	}
	if (c->name)
		return;
	puts("\nCommands:");
	for (const struct subcommand *const *s = subcommands; *s; s++)
		if ((*s)->name)
			printf("  %-28s %s\n", (*s)->usage, (*s)->help);
	puts("\nKeys and the command language: sockeye help keys, sockeye help commands, ? in the program.");
}

static int store_item(const struct subcommand *c, const struct cli_option *o, const char *value,
		      struct option_list *list)
{
	if (list->count == OPTION_LIST)
		return usage_error(c, "--%s: %d at most", o->name, OPTION_LIST);
	list->items[list->count++] = value;
	return OPTIONS_GO;
}

static int store(const struct subcommand *c, const struct cli_option *o, const char *value, void *out)
{
	char *at = (char *)out + o->offset;
	uint64_t number;
	bool yes = true;

	switch (o->kind) {
	case OPT_FLAG: memcpy(at, &yes, sizeof yes); break;
	case OPT_STRING: memcpy(at, &value, sizeof value); break;
	case OPT_LIST: return store_item(c, o, value, (struct option_list *)(void *)at);
	case OPT_NUMBER:
		if (!text_parse_size(value, &number) || number < o->least || (o->most && number > o->most))
			return usage_error(c, "--%s takes a number%s, not \"%s\"", o->name,
					   o->most ? " in its range" : "", value);
		memcpy(at, &number, sizeof number);
		break;
	}
	return OPTIONS_GO;
}

static int bad_option(const struct subcommand *c, int result, int index, char **argv)
{
	char letter[3] = { '-', (char)optopt, 0 };
	const char *word = optopt > 0 && optopt < LONG_ONLY ? letter : argv[index];

	if (result == ':')
		return usage_error(c, "option %s needs an argument", word);
	return usage_error(c, "unknown option %s", word);
}

int options_parse(const struct subcommand *c, int argc, char **argv, void *out, int *first)
{
	const struct cli_option *rows[OPTIONS_MOST];
	size_t count = gather(c, rows), used = 2;
	struct option forms[OPTIONS_MOST + 1] = { 0 };
	char letters[3 * OPTIONS_MOST + 3] = "+:", *order = c->mixed ? letters + 1 : letters;
	struct common_options *shared = out;
	int result;

	for (size_t i = 0; i < count; i++) {
		forms[i].name = rows[i]->name;
		forms[i].has_arg = is_optional(rows[i]) ? optional_argument
				   : rows[i]->argument  ? required_argument
							: no_argument;
		forms[i].val = LONG_ONLY + (int)i;
		if (!rows[i]->letter)
			continue;
		letters[used++] = rows[i]->letter;
		if (rows[i]->argument)
			letters[used++] = ':';
		if (is_optional(rows[i]))
			letters[used++] = ':';
	}
	opterr = 0;
	optind = 0; /* glibc: from the start, in this order */
	for (;;) {
		int at = -1, status;

		result = getopt_long(argc, argv, order, forms, NULL);
		if (result == -1)
			break;
		if (result == '?' || result == ':')
			return bad_option(c, result, optind - 1, argv);
		for (size_t i = 0; i < count && at < 0; i++)
			if (result == LONG_ONLY + (int)i || (result < LONG_ONLY && rows[i]->letter == result))
				at = (int)i;
		status = store(c, rows[at], optarg ? optarg : "", out);
		if (status != OPTIONS_GO)
			return status;
	}
	*first = optind;
	if (shared->help) {
		options_help(c);
		return EXIT_DONE;
	}
	if (shared->version) {
		printf("sockeye %s\n", SOCKEYE_VERSION);
		return EXIT_DONE;
	}
	return OPTIONS_GO;
}

bool use_colour(const struct common_options *o)
{
	const char *none = getenv("NO_COLOR"), *term = getenv("TERM");

	return !o->no_color && !(none && *none) && term && strcmp(term, "dumb") && isatty(STDOUT_FILENO);
}
