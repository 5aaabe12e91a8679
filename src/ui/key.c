#include "ui/key.h"

#include "util/text.h"

#include <stdio.h>
#include <string.h>

struct key key_named(const char *name)
{
	struct key k = { .kind = EVENT_KEY };
	uint32_t rune;
	size_t len = strlen(name), used = text_decode(name, len, &rune);

	memcpy(k.name, name, len < sizeof k.name ? len : sizeof k.name - 1);
	if (!strcmp(name, "Space"))
		k.text[0] = ' ';
	else if (used && used == len && text_rune_width(rune) >= 0)
		memcpy(k.text, name, len);
	return k;
}

void key_character(uint32_t c, const char *before, struct key *out)
{
	static const struct {
		uint32_t c;
		const char *name;
	} special[] = {
		{ '\r', "Enter" },    { '\n', "Enter" },  { '\t', "Tab" },  { 27, "Esc" },
		{ 127, "Backspace" }, { 8, "Backspace" }, { ' ', "Space" }, { 0, "C-Space" },
	};
	char bytes[8] = { 0 };

	out->kind = EVENT_KEY;
	if (c == ' ' && !*before)
		out->text[0] = ' ';
	for (size_t i = 0; i < sizeof special / sizeof *special; i++)
		if (special[i].c == c) {
			snprintf(out->name, sizeof out->name, "%s%s", before, special[i].name);
			return;
		}
	if (c < ' ') {
		snprintf(out->name, sizeof out->name, "%sC-%c", before,
			 (int)(c + (c <= 26 ? 'a' - 1 : '@')));
		return;
	}
	if (text_rune_width(c) < 0 || !text_encode(c, bytes)) {
		out->kind = EVENT_NONE;
		return;
	}
	snprintf(out->name, sizeof out->name, "%s%s", before, bytes);
	if (!*before)
		memcpy(out->text, bytes, sizeof out->text);
}
