/* Lines, bars and signs on a grid: what has an ASCII form besides its own. */
#include "ui/grid.h"

#include "util/text.h"

#include <string.h>

static const struct {
	const char *sign, *ascii;
} glyphs[GLYPH_COUNT] = {
	[GLYPH_HLINE] = { "─", "-" },    [GLYPH_VLINE] = { "│", "|" },  [GLYPH_TEE_LEFT] = { "┤", "+" },
	[GLYPH_TEE_DOWN] = { "┬", "+" }, [GLYPH_TEE_UP] = { "┴", "+" }, [GLYPH_CROSS] = { "┼", "+" },
	[GLYPH_OUT] = { "→", ">" },      [GLYPH_IN] = { "←", "<" },     [GLYPH_BOTH] = { "↔", "=" },
	[GLYPH_OPEN] = { "▾", "-" },     [GLYPH_SHUT] = { "▸", "+" },   [GLYPH_DOT] = { "·", "." },
	[GLYPH_ELLIPSIS] = { "…", "~" }, [GLYPH_MARK] = { "▎", "|" },   [GLYPH_UP] = { "▲", "^" },
	[GLYPH_DOWN] = { "▼", "v" },     [GLYPH_DASH] = { "–", "-" },
};

const char *glyph(const struct grid *g, enum glyph which)
{
	return g->ascii ? glyphs[which].ascii : glyphs[which].sign;
}

void area_rule(const struct area *a, int y, bool focused, const char *title, const char *right)
{
	enum role line = focused ? ROLE_RULE_FOCUS : ROLE_RULE;
	int wide = (int)text_width(right), x;

	for (x = 0; x < a->w; x++)
		area_put(a, x, y, line, glyph(a->grid, GLYPH_HLINE));
	if (a->w < 6)
		return;
	area_put(a, 2, y, line, " ");
	x = area_put_in(a, 3, y, a->w - 6, focused ? ROLE_TITLE_FOCUS : ROLE_TITLE, title);
	area_put(a, x, y, line, " ");
	if (wide && x + wide + 6 <= a->w) {
		area_put(a, a->w - wide - 4, y, line, " ");
		area_put(a, a->w - wide - 3, y, ROLE_DIM, right);
		area_put(a, a->w - 3, y, line, " ");
	}
}

void area_vline(const struct area *a, int x, int y, int h)
{
	for (int i = 0; i < h; i++)
		area_put(a, x, y + i, ROLE_RULE, glyph(a->grid, GLYPH_VLINE));
}

void area_bar(const struct area *a, int x, int y, int w, uint64_t value, uint64_t most, enum role role)
{
	static const char *const parts[] = { " ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█" };
	uint64_t eighths;

	if (w <= 0 || !most)
		return;
	if (value > most)
		value = most;
	eighths = (uint64_t)((double)value / (double)most * w * 8);
	if (value && !eighths)
		eighths = 1;
	for (int i = 0; i < w; i++) {
		uint64_t here = eighths > (uint64_t)i * 8 ? eighths - (uint64_t)i * 8 : 0;

		if (a->grid->ascii)
			area_put(a, x + i, y, here >= 4 || (value && !i) ? role : ROLE_DIM,
				 here >= 4 || (value && !i) ? "#" : ".");
		else if (here)
			area_put(a, x + i, y, role, parts[here > 8 ? 8 : here]);
		else
			area_put(a, x + i, y, ROLE_RULE, "·");
	}
}

/* The greatest number of column `i` of `columns`; the newest is in the last one. */
static uint64_t greatest(const uint64_t *series, size_t count, size_t columns, size_t i)
{
	size_t each = (count + columns - 1) / columns, back = (columns - i) * each, most = 0;

	for (size_t k = 0; k < each; k++)
		if (back - k <= count && series[count - back + k] > most)
			most = series[count - back + k];
	return most;
}

/* 0 only for 0. */
static unsigned level(uint64_t value, uint64_t most, unsigned levels)
{
	if (!value || !most)
		return 0;
	return 1 + (unsigned)((double)value / (double)most * (levels - 1) + 0.5);
}

void area_spark(const struct area *a, int x, int y, int w, const uint64_t *series, size_t count, enum role role)
{
	static const char *const parts[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	static const char *const ascii[] = { " ", "_", ".", "-", "=", "+", "*", "%", "#" };
	uint64_t most = 0;

	for (size_t i = 0; i < count; i++)
		most = series[i] > most ? series[i] : most;
	for (int i = 0; i < w && count; i++) {
		unsigned l = level(greatest(series, count, (size_t)w, (size_t)i), most, 8);

		area_put(a, x + i, y, role, a->grid->ascii ? ascii[l] : parts[l]);
	}
}

/* What a cell with these halves looks like. */
static uint32_t halves(uint32_t before, bool upper)
{
	bool up = upper || before == '\'' || before == ':', down = !upper || before == '.' || before == ':';

	return up && down ? ':' : up ? '\'' : '.';
}

void area_dot(const struct area *a, int dot_x, int dot_y, enum role role)
{
	/* Unicode 3.0, 15.10: dots 1 to 8, by column and row */
	static const uint8_t bits[2][4] = { { 1, 2, 4, 64 }, { 8, 16, 32, 128 } };
	enum { BRAILLE = 0x2800, BRAILLE_END = 0x28ff };
	struct cell *c;

	if (dot_x < 0 || dot_y < 0 || dot_x / 2 >= a->w || dot_y / 4 >= a->h)
		return;
	c = grid_cell(a->grid, a->x + dot_x / 2, a->y + dot_y / 4);
	if (!c)
		return;
	if (a->grid->ascii)
		c->runes[0] = halves(c->runes[0], dot_y % 4 < 2);
	else if (c->runes[0] > BRAILLE && c->runes[0] <= BRAILLE_END)
		c->runes[0] |= bits[dot_x % 2][dot_y % 4];
	else
		c->runes[0] = BRAILLE + bits[dot_x % 2][dot_y % 4];
	c->width = 1;
	c->role = (uint8_t)role;
}
