/* confine.h - the options of the sandbox, the same for every subcommand that has one. */
#ifndef CLI_CONFINE_H
#define CLI_CONFINE_H

#include "cli/options.h"
#include "session/guard.h"

struct confine_options {
	bool none, strict, keep_uid;
	struct option_list write;
};

/* clang-format off */
#define CONFINE_ROWS(type, member) \
	{ 0, "no-sandbox", NULL, OPT_FLAG, offsetof(type, member.none), \
	  "keep every privilege, confine nothing", 0, 0 }, \
	{ 0, "sandbox-strict", NULL, OPT_FLAG, offsetof(type, member.strict), \
	  "do not start where the kernel cannot do all of the sandbox", 0, 0 }, \
	{ 0, "sandbox-write", "DIR", OPT_LIST, offsetof(type, member.write), \
	  "files may also be written below DIR; may be given several times", 0, 0 }, \
	{ 0, "no-uid-drop", NULL, OPT_FLAG, offsetof(type, member.keep_uid), \
	  "stay root where sudo started it", 0, 0 }
/* clang-format on */

/* A guard by these options. OPTIONS_GO, or the exit status: they contradict each other. */
int confine_init(const struct subcommand *command, const struct confine_options *o, struct guard *g);

#endif
