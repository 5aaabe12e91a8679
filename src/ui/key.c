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
		snprintf(out->name, sizeof out->name, "%sC-%c", before, (int)(c + (c <= 26 ? 'a' - 1 : '@')));
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

int key_sequence_whole(const char *bytes)
{
	size_t parameters = strspn(bytes, "0123456789:;<=>?"),
	       between = strspn(bytes + parameters, " !\"#$%&'()*+,-./");
	const char *last = bytes + parameters + between;

	if (!*last)
		return 0;
	return parameters && *last >= '@' && *last <= '~' && !last[1] ? 1 : -1;
}

/* Shift, Alt and Control are 1, 2 and 4, and 1 more. */
static void modified(char *out, size_t size, unsigned modifiers, const char *name)
{
	unsigned bits = modifiers ? modifiers - 1 : 0;

	snprintf(out, size, "%s%s%s%s", bits & 4 ? "C-" : "", bits & 2 ? "M-" : "", bits & 1 ? "S-" : "", name);
}

/* Button; column; row, from 1; M when it is pressed, m when it is let go. */
static void mouse_report(const char *bytes, struct key *out)
{
	enum { MOVED = 32, WHEEL_UP = 64, WHEEL_DOWN = 65, MODIFIERS = 4 | 8 | 16, LINES = 3 };
	unsigned button, x, y;
	char last;

	if (sscanf(bytes, "<%5u;%5u;%5u%c", &button, &x, &y, &last) != 4 || last != 'M' || !x || !y)
		return;
	button &= ~(unsigned)MODIFIERS;
	out->x = (int)x - 1;
	out->y = (int)y - 1;
	if (button == 0) {
		out->kind = EVENT_CLICK;
	} else if (button == WHEEL_UP || button == WHEEL_DOWN) {
		out->kind = EVENT_WHEEL;
		out->lines = button == WHEEL_UP ? -LINES : LINES;
	}
}

void key_sequence(const char *bytes, struct key *out)
{
	static const struct {
		char last;
		unsigned number; /* of those that end with ~ */
		const char *name;
	} rows[] = {
		{ 'A', 1, "Up" },   { 'B', 1, "Down" },   { 'C', 1, "Right" },  { 'D', 1, "Left" }, { 'H', 1, "Home" },
		{ 'F', 1, "End" },  { 'P', 1, "F1" },     { 'Q', 1, "F2" },     { 'R', 1, "F3" },   { 'S', 1, "F4" },
		{ '~', 1, "Home" }, { '~', 2, "Insert" }, { '~', 3, "Delete" }, { '~', 4, "End" },  { '~', 5, "PgUp" },
		{ '~', 6, "PgDn" }, { '~', 15, "F5" },    { '~', 17, "F6" },    { '~', 18, "F7" },  { '~', 19, "F8" },
		{ '~', 20, "F9" },  { '~', 21, "F10" },   { '~', 23, "F11" },   { '~', 24, "F12" },
	};
	unsigned number = 0, modifiers = 1;
	char last = 0;

	out->kind = EVENT_NONE;
	if (*bytes == '<') {
		mouse_report(bytes, out);
		return;
	}
	if (!strcmp(bytes, "Z")) {
		out->kind = EVENT_KEY;
		snprintf(out->name, sizeof out->name, "S-Tab");
		return;
	}
	if (sscanf(bytes, "%5u;%5u%c", &number, &modifiers, &last) != 3) {
		modifiers = 1;
		if (sscanf(bytes, "%5u%c", &number, &last) != 2)
			return;
	}
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].last == last && rows[i].number == number) {
			out->kind = EVENT_KEY;
			modified(out->name, sizeof out->name, modifiers, rows[i].name);
			return;
		}
}
