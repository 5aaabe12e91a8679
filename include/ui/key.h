/* key.h - one event from the keyboard or the mouse. Names: "c" "X" "é" "Space" "Enter" "Esc" "Tab"
 * "S-Tab" "Up" "Down" "Left" "Right" "Home" "End" "PgUp" "PgDn" "Insert" "Delete" "Backspace"
 * "F1"... "C-a" (Control) "M-x" (Alt).
 */
#ifndef UI_KEY_H
#define UI_KEY_H

#include <stdint.h>

enum event_kind { EVENT_NONE, EVENT_KEY, EVENT_CLICK, EVENT_WHEEL, EVENT_PASTE };

struct key {
	enum event_kind kind;
	char name[24];
	char text[8]; /* KEY: the character to type, UTF-8; "" for keys that type nothing */
	int x, y;     /* CLICK, WHEEL */
	int lines;    /* WHEEL: down is positive */
	char *paste;  /* PASTE: borrowed until the next event */
};

/* The event of a character as the terminal sent it, with `before` ("M-" or "") in its name. What
 * is no character becomes EVENT_NONE. *out is zeroed by the caller. */
void key_character(uint32_t c, const char *before, struct key *out);
/* The event of a control sequence that terminfo has no key for (ECMA-48): what stands between ESC [ and the end of it,
 * the final byte included, as "1;5C" (C-Right) or "<0;10;4M" (xterm's SGR mouse report). What is not known becomes
 * EVENT_NONE: its bytes must not be taken for keys. *out is zeroed by the caller. */
void key_sequence(const char *bytes, struct key *out);
/* Is it a whole one (1), the beginning of one (0), or none (-1)? Only those with parameters are. */
int key_sequence_whole(const char *bytes);
/* The event of a key by its name, as tests and bind-key write it. */
struct key key_named(const char *name);

#endif
