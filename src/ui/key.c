#include "ui/key.h"

#include "util/text.h"

#include <stdio.h>
#include <string.h>

struct key key_named(const char *name)
{
	struct key k = { .kind = EVENT_KEY };
	uint32_t rune;
	size_t len = strlen(name), used = text_decode(name, len, &rune);

	snprintf(k.name, sizeof k.name, "%s", name);
	if (!strcmp(name, "Space"))
		k.text[0] = ' ';
	else if (used && used == len && text_rune_width(rune) >= 0)
		memcpy(k.text, name, len);
	return k;
}
