#include "cli/confine.h"

#include <sys/stat.h>

int confine_init(const struct subcommand *command, const struct confine_options *o, struct guard *g)
{
	struct stat st;

	if (o->none && o->strict)
		return usage_error(command, "--no-sandbox and --sandbox-strict: one or the other");
	for (unsigned i = 0; i < o->write.count; i++)
		if (stat(o->write.items[i], &st) || !S_ISDIR(st.st_mode))
			return usage_error(command, "--sandbox-write: %s is no directory", o->write.items[i]);
	guard_init(g);
	g->wanted = (struct sandbox_config){ .none = o->none, .strict = o->strict, .keep_uid = o->keep_uid };
	for (unsigned i = 0; i < o->write.count; i++)
		sandbox_allow_folder(&g->box, o->write.items[i]);
	return OPTIONS_GO;
}
