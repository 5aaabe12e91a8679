#include "ui/ladder_paint.h"

#include "util/text.h"

static enum role role_of(uint8_t ink)
{
	static const enum role roles[INK_STATE] = {
		[INK_TEXT] = ROLE_TEXT,   [INK_DIM] = ROLE_DIM,     [INK_TIME] = ROLE_OFFSET, [INK_LINE] = ROLE_RULE,
		[INK_BUSY] = ROLE_STRONG, [INK_OUT] = ROLE_OUT,     [INK_IN] = ROLE_IN,       [INK_NAME] = ROLE_NAME,
		[INK_CALL] = ROLE_TEXT,   [INK_ERROR] = ROLE_ERROR, [INK_WARN] = ROLE_WARN,   [INK_SYN] = ROLE_OK,
		[INK_FIN] = ROLE_WARN,    [INK_PUSH] = ROLE_STRONG,
	};

	return ink < INK_STATE ? roles[ink] : theme_state_role((enum state)(ink - INK_STATE));
}

void ladder_paint(const struct area *a, int y, const struct ladder_line *line)
{
	char text[LADDER_COLS * 4];

	for (int x = 0; x < line->width;) {
		uint8_t ink = line->cells[x].ink;
		size_t len = 0;
		int from = x;

		for (; x < line->width && line->cells[x].ink == ink; x++)
			if (line->cells[x].rune)
				len += text_encode(line->cells[x].rune, text + len);
		area_put_bytes(a, from, y, role_of(ink), text, len);
	}
}
