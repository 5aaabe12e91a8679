/* The command language: any bytes are lines of a script. Nothing is executed. */
#include "session/script.h"

#include "lab/lab.h"

#include <stdint.h>
#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	/* A directory that does not exist: `file:` and `source` with relative names find nothing. */
	struct script *s = script_parse("fuzz", (const char *)bytes, len, "/nonexistent");

	for (size_t i = 0; i < s->count; i++) {
		const struct step *st = &s->steps[i].step;

		if (!st->command || !st->text || st->column == 0)
			__builtin_trap();
	}
	script_free(s);
	return 0;
}
