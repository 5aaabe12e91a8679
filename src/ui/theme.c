#include "ui/theme.h"

#include <string.h>

#define D COLOUR_DEFAULT
#define K COLOUR_KEEP

/* Foreground only, on the terminal's own background. */
#define INK(rich, plain, attr)                \
	{                                     \
		rich, D, plain, D, attr, attr \
	}
#define INK2(rich, attr, plain, plain_attr)         \
	{                                           \
		rich, D, plain, D, attr, plain_attr \
	}
#define MONO(attr)                     \
	{                              \
		D, D, D, D, attr, attr \
	}

enum { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE };

/* "dark" uses colours of middling brightness, which read on a light background as well. */
const struct theme themes[] = {
	{
		.name = "dark",
		.help = "calm colours on the terminal's own background; reads on a light one too",
		.roles = {
			[ROLE_TEXT] = INK(D, D, 0),
			[ROLE_DIM] = INK2(244, 0, D, STYLE_DIM),
			[ROLE_STRONG] = INK(D, D, STYLE_BOLD),
			[ROLE_TITLE] = INK2(247, 0, D, 0),
			[ROLE_TITLE_FOCUS] = INK2(38, STYLE_BOLD, CYAN, STYLE_BOLD),
			[ROLE_RULE] = INK2(240, 0, D, STYLE_DIM),
			[ROLE_RULE_FOCUS] = INK2(31, 0, CYAN, 0),
			[ROLE_HEAD] = INK2(245, 0, D, STYLE_DIM),
			[ROLE_OK] = INK(71, GREEN, 0),
			[ROLE_WARN] = INK(172, YELLOW, 0),
			[ROLE_ERROR] = INK(167, RED, STYLE_BOLD),
			[ROLE_KEY] = INK(38, CYAN, STYLE_BOLD),
			[ROLE_HINT] = INK2(246, 0, D, 0),
			[ROLE_BRAND] = INK(167, RED, STYLE_BOLD),
			[ROLE_PROMPT] = INK(38, CYAN, STYLE_BOLD),
			[ROLE_STATE_OPEN] = INK(71, GREEN, 0),
			[ROLE_STATE_LISTEN] = INK2(68, 0, BLUE, STYLE_BOLD),
			[ROLE_STATE_WAIT] = INK(172, YELLOW, 0),
			[ROLE_STATE_IDLE] = INK(D, D, 0),
			[ROLE_STATE_CLOSED] = INK2(244, 0, D, STYLE_DIM),
			[ROLE_IN] = INK(71, GREEN, 0),
			[ROLE_OUT] = INK2(68, 0, BLUE, STYLE_BOLD),
			[ROLE_FLAG] = INK(172, YELLOW, 0),
			[ROLE_NAME] = INK(D, D, STYLE_BOLD),
			[ROLE_VALUE] = INK(D, D, 0),
			[ROLE_LABEL] = INK2(245, 0, D, STYLE_DIM),
			[ROLE_OFFSET] = INK2(242, 0, D, STYLE_DIM),
			[ROLE_HEX] = INK2(247, 0, D, 0),
			[ROLE_HEX_TEXT] = INK(37, CYAN, 0),
			[ROLE_PEER] = INK(133, MAGENTA, 0),
			[ROLE_NEW] = INK(172, YELLOW, STYLE_BOLD),
		},
		.over = {
			[OVER_NONE] = { K, K, K, K, 0, 0 },
			[OVER_CURSOR] = { 255, 238, K, K, 0, STYLE_REVERSE },
			[OVER_SELECTED] = { 252, 235, K, K, 0, STYLE_BOLD },
			[OVER_LIT] = { 255, 24, K, K, STYLE_BOLD, STYLE_REVERSE },
		},
	},
	{
		.name = "light",
		.help = "darker colours for a light background",
		.roles = {
			[ROLE_TEXT] = INK(D, D, 0),
			[ROLE_DIM] = INK2(243, 0, D, STYLE_DIM),
			[ROLE_STRONG] = INK(D, D, STYLE_BOLD),
			[ROLE_TITLE] = INK2(240, 0, D, 0),
			[ROLE_TITLE_FOCUS] = INK(25, BLUE, STYLE_BOLD),
			[ROLE_RULE] = INK2(250, 0, D, STYLE_DIM),
			[ROLE_RULE_FOCUS] = INK(32, BLUE, 0),
			[ROLE_HEAD] = INK2(242, 0, D, STYLE_DIM),
			[ROLE_OK] = INK(28, GREEN, 0),
			[ROLE_WARN] = INK(130, MAGENTA, 0),
			[ROLE_ERROR] = INK(160, RED, STYLE_BOLD),
			[ROLE_KEY] = INK(25, BLUE, STYLE_BOLD),
			[ROLE_HINT] = INK2(240, 0, D, 0),
			[ROLE_BRAND] = INK(124, RED, STYLE_BOLD),
			[ROLE_PROMPT] = INK(25, BLUE, STYLE_BOLD),
			[ROLE_STATE_OPEN] = INK(28, GREEN, 0),
			[ROLE_STATE_LISTEN] = INK(25, BLUE, 0),
			[ROLE_STATE_WAIT] = INK(130, MAGENTA, 0),
			[ROLE_STATE_IDLE] = INK(D, D, 0),
			[ROLE_STATE_CLOSED] = INK2(245, 0, D, STYLE_DIM),
			[ROLE_IN] = INK(28, GREEN, 0),
			[ROLE_OUT] = INK(25, BLUE, 0),
			[ROLE_FLAG] = INK(130, MAGENTA, 0),
			[ROLE_NAME] = INK(D, D, STYLE_BOLD),
			[ROLE_VALUE] = INK(D, D, 0),
			[ROLE_LABEL] = INK2(242, 0, D, STYLE_DIM),
			[ROLE_OFFSET] = INK2(246, 0, D, STYLE_DIM),
			[ROLE_HEX] = INK2(238, 0, D, 0),
			[ROLE_HEX_TEXT] = INK(30, CYAN, 0),
			[ROLE_PEER] = INK(90, MAGENTA, 0),
			[ROLE_NEW] = INK(130, MAGENTA, STYLE_BOLD),
		},
		.over = {
			[OVER_NONE] = { K, K, K, K, 0, 0 },
			[OVER_CURSOR] = { 16, 153, K, K, 0, STYLE_REVERSE },
			[OVER_SELECTED] = { 16, 254, K, K, 0, STYLE_BOLD },
			[OVER_LIT] = { 16, 222, K, K, STYLE_BOLD, STYLE_REVERSE },
		},
	},
	{
		.name = "contrast",
		.help = "bright colours on black",
		.roles = {
			[ROLE_TEXT] = { 231, 16, WHITE, BLACK, 0, 0 },
			[ROLE_DIM] = { 250, 16, WHITE, BLACK, 0, 0 },
			[ROLE_STRONG] = { 231, 16, WHITE, BLACK, STYLE_BOLD, STYLE_BOLD },
			[ROLE_TITLE] = { 231, 16, WHITE, BLACK, 0, 0 },
			[ROLE_TITLE_FOCUS] = { 16, 51, BLACK, CYAN, STYLE_BOLD, 0 },
			[ROLE_RULE] = { 250, 16, WHITE, BLACK, 0, 0 },
			[ROLE_RULE_FOCUS] = { 51, 16, CYAN, BLACK, 0, STYLE_BOLD },
			[ROLE_HEAD] = { 231, 16, WHITE, BLACK, STYLE_UNDERLINE, STYLE_UNDERLINE },
			[ROLE_OK] = { 46, 16, GREEN, BLACK, STYLE_BOLD, STYLE_BOLD },
			[ROLE_WARN] = { 226, 16, YELLOW, BLACK, STYLE_BOLD, STYLE_BOLD },
			[ROLE_ERROR] = { 231, 160, WHITE, RED, STYLE_BOLD, STYLE_BOLD },
			[ROLE_KEY] = { 51, 16, CYAN, BLACK, STYLE_BOLD, STYLE_BOLD },
			[ROLE_HINT] = { 231, 16, WHITE, BLACK, 0, 0 },
			[ROLE_BRAND] = { 51, 16, CYAN, BLACK, STYLE_BOLD, STYLE_BOLD },
			[ROLE_PROMPT] = { 51, 16, CYAN, BLACK, STYLE_BOLD, STYLE_BOLD },
			[ROLE_STATE_OPEN] = { 46, 16, GREEN, BLACK, STYLE_BOLD, STYLE_BOLD },
			[ROLE_STATE_LISTEN] = { 87, 16, CYAN, BLACK, STYLE_BOLD, STYLE_BOLD },
			[ROLE_STATE_WAIT] = { 226, 16, YELLOW, BLACK, STYLE_BOLD, STYLE_BOLD },
			[ROLE_STATE_IDLE] = { 231, 16, WHITE, BLACK, 0, 0 },
			[ROLE_STATE_CLOSED] = { 250, 16, WHITE, BLACK, 0, 0 },
			[ROLE_IN] = { 46, 16, GREEN, BLACK, STYLE_BOLD, STYLE_BOLD },
			[ROLE_OUT] = { 87, 16, CYAN, BLACK, STYLE_BOLD, STYLE_BOLD },
			[ROLE_FLAG] = { 226, 16, YELLOW, BLACK, STYLE_BOLD, STYLE_BOLD },
			[ROLE_NAME] = { 231, 16, WHITE, BLACK, STYLE_BOLD, STYLE_BOLD },
			[ROLE_VALUE] = { 231, 16, WHITE, BLACK, 0, 0 },
			[ROLE_LABEL] = { 250, 16, WHITE, BLACK, 0, 0 },
			[ROLE_OFFSET] = { 250, 16, WHITE, BLACK, 0, 0 },
			[ROLE_HEX] = { 231, 16, WHITE, BLACK, 0, 0 },
			[ROLE_HEX_TEXT] = { 87, 16, CYAN, BLACK, 0, 0 },
			[ROLE_PEER] = { 213, 16, MAGENTA, BLACK, STYLE_BOLD, STYLE_BOLD },
			[ROLE_NEW] = { 226, 16, YELLOW, BLACK, STYLE_BOLD, STYLE_BOLD },
		},
		.over = {
			[OVER_NONE] = { K, K, K, K, 0, 0 },
			[OVER_CURSOR] = { K, K, K, K, STYLE_REVERSE, STYLE_REVERSE },
			[OVER_SELECTED] = { K, K, K, K, STYLE_UNDERLINE, STYLE_UNDERLINE },
			[OVER_LIT] = { K, K, K, K, STYLE_REVERSE, STYLE_REVERSE },
		},
	},
	{
		.name = "mono",
		.help = "no colours: bold, dim, underline and reverse",
		.roles = {
			[ROLE_TEXT] = MONO(0),
			[ROLE_DIM] = MONO(STYLE_DIM),
			[ROLE_STRONG] = MONO(STYLE_BOLD),
			[ROLE_TITLE] = MONO(0),
			[ROLE_TITLE_FOCUS] = MONO(STYLE_BOLD | STYLE_REVERSE),
			[ROLE_RULE] = MONO(STYLE_DIM),
			[ROLE_RULE_FOCUS] = MONO(STYLE_BOLD),
			[ROLE_HEAD] = MONO(STYLE_UNDERLINE),
			[ROLE_OK] = MONO(0),
			[ROLE_WARN] = MONO(STYLE_BOLD),
			[ROLE_ERROR] = MONO(STYLE_BOLD | STYLE_UNDERLINE),
			[ROLE_KEY] = MONO(STYLE_BOLD),
			[ROLE_HINT] = MONO(0),
			[ROLE_BRAND] = MONO(STYLE_BOLD),
			[ROLE_PROMPT] = MONO(STYLE_BOLD),
			[ROLE_STATE_OPEN] = MONO(STYLE_BOLD),
			[ROLE_STATE_LISTEN] = MONO(STYLE_BOLD),
			[ROLE_STATE_WAIT] = MONO(STYLE_UNDERLINE),
			[ROLE_STATE_IDLE] = MONO(0),
			[ROLE_STATE_CLOSED] = MONO(STYLE_DIM),
			[ROLE_IN] = MONO(0),
			[ROLE_OUT] = MONO(STYLE_BOLD),
			[ROLE_FLAG] = MONO(STYLE_BOLD),
			[ROLE_NAME] = MONO(STYLE_BOLD),
			[ROLE_VALUE] = MONO(0),
			[ROLE_LABEL] = MONO(STYLE_DIM),
			[ROLE_OFFSET] = MONO(STYLE_DIM),
			[ROLE_HEX] = MONO(0),
			[ROLE_HEX_TEXT] = MONO(0),
			[ROLE_PEER] = MONO(STYLE_DIM),
			[ROLE_NEW] = MONO(STYLE_BOLD),
		},
		.over = {
			[OVER_NONE] = { K, K, K, K, 0, 0 },
			[OVER_CURSOR] = { K, K, K, K, STYLE_REVERSE, STYLE_REVERSE },
			[OVER_SELECTED] = { K, K, K, K, STYLE_BOLD, STYLE_BOLD },
			[OVER_LIT] = { K, K, K, K, STYLE_REVERSE, STYLE_REVERSE },
		},
	},
	{ 0 },
};

const struct theme *theme_find(const char *name)
{
	for (const struct theme *t = themes; t->name; t++)
		if (!strcmp(t->name, name))
			return t;
	return NULL;
}

struct style theme_style(const struct theme *t, enum role role, enum over over)
{
	struct style s = t->roles[role];
	const struct style *o = &t->over[over];

	if (o->rich != COLOUR_KEEP && s.rich == COLOUR_DEFAULT)
		s.rich = o->rich;
	if (o->rich_back != COLOUR_KEEP)
		s.rich_back = o->rich_back;
	if (o->plain != COLOUR_KEEP && s.plain == COLOUR_DEFAULT)
		s.plain = o->plain;
	if (o->plain_back != COLOUR_KEEP)
		s.plain_back = o->plain_back;
	s.attr |= o->attr;
	s.plain_attr |= o->plain_attr;
	/* Reversed colours would make a row of patches: reversed it is of one colour. */
	if (o->attr & STYLE_REVERSE) {
		s.rich = t->roles[ROLE_TEXT].rich;
		s.rich_back = t->roles[ROLE_TEXT].rich_back;
		s.attr = o->attr;
	}
	if (o->plain_attr & STYLE_REVERSE) {
		s.plain = t->roles[ROLE_TEXT].plain;
		s.plain_back = t->roles[ROLE_TEXT].plain_back;
		s.plain_attr = o->plain_attr;
	}
	return s;
}

enum role theme_state_role(enum state s)
{
	static const uint8_t roles[STATE_COUNT] = {
		[STATE_NONE] = ROLE_DIM,
		[STATE_CLOSED] = ROLE_STATE_CLOSED,
		[STATE_LISTEN] = ROLE_STATE_LISTEN,
		[STATE_SYN_SENT] = ROLE_STATE_WAIT,
		[STATE_SYN_RECEIVED] = ROLE_STATE_WAIT,
		[STATE_ESTABLISHED] = ROLE_STATE_OPEN,
		[STATE_FIN_WAIT_1] = ROLE_STATE_WAIT,
		[STATE_FIN_WAIT_2] = ROLE_STATE_WAIT,
		[STATE_CLOSE_WAIT] = ROLE_STATE_WAIT,
		[STATE_CLOSING] = ROLE_STATE_WAIT,
		[STATE_LAST_ACK] = ROLE_STATE_WAIT,
		[STATE_TIME_WAIT] = ROLE_STATE_WAIT,
		[STATE_UNCONNECTED] = ROLE_STATE_IDLE,
		[STATE_CONNECTED] = ROLE_STATE_OPEN,
	};

	return (unsigned)s < STATE_COUNT ? (enum role)roles[s] : ROLE_DIM;
}
