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
/* The event of a key by its name, as tests and bind-key write it. */
struct key key_named(const char *name);

#endif
