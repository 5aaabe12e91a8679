/* theme.h - what a cell means (its role) and how a theme makes that look. Adding a role: a value
 * here and a style in each row of src/ui/theme.c; a test checks that none is missing. Pure data:
 * knows no terminal.
 */
#ifndef UI_THEME_H
#define UI_THEME_H

#include "core/tcp_state.h"

#include <stdint.h>

enum role {
	ROLE_TEXT,
	ROLE_DIM,
	ROLE_STRONG,
	ROLE_TITLE,
	ROLE_TITLE_FOCUS,
	ROLE_RULE,
	ROLE_RULE_FOCUS,
	ROLE_HEAD,
	ROLE_OK,
	ROLE_WARN,
	ROLE_ERROR,
	ROLE_KEY,
	ROLE_HINT,
	ROLE_BRAND,
	ROLE_PROMPT,
	ROLE_STATE_OPEN,
	ROLE_STATE_LISTEN,
	ROLE_STATE_WAIT,
	ROLE_STATE_IDLE,
	ROLE_STATE_CLOSED,
	ROLE_IN,
	ROLE_OUT,
	ROLE_FLAG,
	ROLE_NAME,
	ROLE_VALUE,
	ROLE_LABEL,
	ROLE_OFFSET,
	ROLE_HEX,
	ROLE_HEX_TEXT,
	ROLE_PEER,
	ROLE_NEW,
	ROLE_COUNT
};

/* What lies over a cell: it changes the background and keeps the role's colour. */
enum over {
	OVER_NONE,
	OVER_CURSOR,   /* the selected row of the focused pane */
	OVER_SELECTED, /* the selected row of another pane */
	OVER_LIT,      /* bytes of the selected field, the candidate of a completion */
	OVER_COUNT
};

enum style_attr { STYLE_BOLD = 1, STYLE_DIM = 2, STYLE_UNDERLINE = 4, STYLE_REVERSE = 8 };

enum { COLOUR_DEFAULT = -1, COLOUR_KEEP = -2 };

struct style {
	int16_t rich, rich_back;   /* of 256 colours; COLOUR_DEFAULT: the terminal's own */
	int16_t plain, plain_back; /* of 8 */
	uint8_t attr;              /* enum style_attr, with 256 colours */
	uint8_t plain_attr;        /* with 8 */
};

struct theme {
	const char *name, *help;
	struct style roles[ROLE_COUNT];
	/* COLOUR_KEEP: as the role has it; `rich` and `plain` are for roles of the default
	 * colour. */
	struct style over[OVER_COUNT];
};

/* Ends with a NULL name; the first is the default, one is called "mono". */
extern const struct theme themes[];

const struct theme *theme_find(const char *name); /* NULL: unknown */
/* The style of a cell: the role's with what lies over it. */
struct style theme_style(const struct theme *t, enum role role, enum over over);
enum role theme_state_role(enum state s);

#endif
