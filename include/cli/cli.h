/* cli.h - the headless faces of the session, one function a subcommand; each returns the exit status. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "cli/options.h"

#define SOCKEYE_VERSION "0.1.0"

extern const struct subcommand run_command;
extern const struct subcommand list_command;
extern const struct subcommand dump_command;
extern const struct subcommand help_command;

/* Every subcommand, the program itself first; ends with a NULL main. Filled by main.c, read by help. */
extern const struct subcommand *const subcommands[];

#endif
