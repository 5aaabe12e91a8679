/* options.h - command lines: one table of options a subcommand, read by the parser and by --help.
 *
 * Everything that is wrong is one line on standard error, `sockeye: …`, and a hint; the exit status is 2 then.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum exit_code { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_PRIVILEGE = 3 };

enum option_kind {
	OPT_FLAG,   /* bool */
	OPT_STRING, /* const char *, into argv */
	OPT_NUMBER, /* uint64_t, a count; K and M allowed */
	OPT_LIST,   /* struct option_list: given several times, in that order */
};

enum { OPTION_LIST = 16 };
struct option_list {
	const char *items[OPTION_LIST];
	unsigned count;
};

struct cli_option {
	char letter;          /* 0: long form only */
	const char *name;     /* "json" */
	const char *argument; /* "FILE"; NULL for a flag; "[SECONDS]": may be left out, the value is "" then */
	enum option_kind kind;
	size_t offset; /* where the value goes in the subcommand's struct */
	const char *help;
	uint64_t least, most; /* of a number */
};

struct subcommand {
	const char *name;                 /* NULL: the program itself */
	const char *usage;                /* "run [options] SCRIPT" */
	const char *help;                 /* one sentence */
	const struct cli_option *options; /* ends with a NULL name */
	int (*main)(int argc, char **argv);
	bool mixed; /* options may also stand behind words */
};

/* -h, -V, --json, --no-color, -v: every subcommand takes them. First member of each subcommand's struct. */
struct common_options {
	bool help, version, json, no_color, verbose;
};

extern const struct cli_option common_rows[]; /* ends with a NULL name */

enum { OPTIONS_GO = -1 };

/* Parse into `out` (a struct that begins with struct common_options). OPTIONS_GO: *first is the index of the first
 * word that is no option; else the exit status, and everything was said (--help and --version are 0). */
int options_parse(const struct subcommand *command, int argc, char **argv, void *out, int *first);
/* What --help prints. */
void options_help(const struct subcommand *command);
/* `sockeye: …` and a hint on standard error; returns EXIT_USAGE. */
int usage_error(const struct subcommand *command, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* `sockeye: …` on standard error; returns `status`. */
int complain(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* May the output be coloured? Not with --no-color, NO_COLOR, TERM=dumb or where it is no terminal. */
bool use_colour(const struct common_options *o);

#endif
