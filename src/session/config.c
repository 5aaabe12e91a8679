#include "session/config.h"

#include "session/script.h"
#include "util/buf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int config_path(const char *variable, const char *fallback, const char *file, struct buf *out)
{
	const char *base = getenv(variable), *home = getenv("HOME");

	if (base && base[0] == '/')
		buf_printf(out, "%s/sockeye/%s", base, file);
	else if (home && home[0] == '/')
		buf_printf(out, "%s/%s/sockeye/%s", home, fallback, file);
	else
		return -ENOENT;
	return 0;
}

static size_t apply(struct session *s, const char *path, bool optional, struct buf *warnings)
{
	struct script *script;
	size_t count = 0;
	struct err e;

	if (script_read(path, &script, &e)) {
		if (optional && e.code == ENOENT)
			return 0;
		buf_printf(warnings, "%s\n", e.text);
		return 1;
	}
	for (; count < script->error_count && count < SCRIPT_ERRORS; count++)
		buf_printf(warnings, "%s:%u:%u: %s\n", script->errors[count].file, script->errors[count].line,
			   script->errors[count].column, script->errors[count].why);
	count += script_configure(s, script, warnings);
	script_free(script);
	return count;
}

size_t config_load(struct session *s, const char *named, struct buf *warnings)
{
	const char *path = named ? named : getenv("SOCKEYE_CONFIG");
	struct buf found = { 0 };
	size_t count = 0;

	if (path && *path)
		return apply(s, path, false, warnings);
	if (!config_path("XDG_CONFIG_HOME", ".config", "config", &found))
		count = apply(s, found.data, true, warnings);
	buf_done(&found);
	return count;
}
