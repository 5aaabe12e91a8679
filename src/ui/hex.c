#include "ui/hex.h"

#include <stdio.h>

/* "0000  00 11 22 33 44 55 66 77  88 99 aa bb cc dd ee ff  ........ ........" */
static int width_of(int per_line)
{
	int groups = per_line > 8 ? per_line / 8 : 1;

	return 4 + 2 + per_line * 3 + (groups - 1) + 1 + per_line;
}

int hex_per_line(int width)
{
	for (int n = 32; n > 4; n /= 2)
		if (width_of(n) <= width)
			return n;
	return 4;
}

size_t hex_lines(size_t len, int width)
{
	size_t n = (size_t)hex_per_line(width);

	return (len + n - 1) / n;
}

static int byte_x(int i)
{
	return 6 + i * 3 + i / 8;
}

static int text_x_of(int n)
{
	return 4 + 2 + n * 3 + (n > 8 ? n / 8 - 1 : 0) + 1;
}

void hex_over(const struct area *a, int y, size_t byte, enum over over)
{
	int n = hex_per_line(a->w), i = (int)(byte % (size_t)n);

	area_over(a, byte_x(i), y, 2, over);
	area_over(a, text_x_of(n) + i, y, 1, over);
}

bool hex_at(int width, int x, size_t line, size_t *byte)
{
	int n = hex_per_line(width);

	for (int i = 0; i < n; i++)
		if ((x >= byte_x(i) && x < byte_x(i) + 3) || x == text_x_of(n) + i) {
			*byte = line * (size_t)n + (size_t)i;
			return true;
		}
	return false;
}

void hex_line(const struct area *a, int y, const uint8_t *bytes, size_t len, size_t line, size_t lit, size_t lit_len)
{
	int n = hex_per_line(a->w);
	size_t from = line * (size_t)n;
	int text_x = text_x_of(n);
	char text[24];

	if (from >= len)
		return;
	snprintf(text, sizeof text, "%04zx", from);
	area_put(a, 0, y, ROLE_OFFSET, text);
	for (int i = 0; i < n && from + (size_t)i < len; i++) {
		size_t at = from + (size_t)i;
		uint8_t byte = bytes[at];
		int x = byte_x(i);
		bool on = at >= lit && at - lit < lit_len;
		bool next = on && at + 1 < lit + lit_len && i + 1 < n && at + 1 < len;

		snprintf(text, sizeof text, "%02x", byte);
		area_put(a, x, y, byte ? ROLE_HEX : ROLE_OFFSET, text);
		text[0] = byte >= ' ' && byte <= '~' ? (char)byte : '.';
		text[1] = '\0';
		area_put(a, text_x + i, y, byte >= ' ' && byte <= '~' ? ROLE_HEX_TEXT : ROLE_OFFSET, text);
		if (on) {
			area_over(a, x, y, next ? (i % 8 == 7 ? 4 : 3) : 2, OVER_LIT);
			area_over(a, text_x + i, y, 1, OVER_LIT);
		}
	}
}
