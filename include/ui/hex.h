/* hex.h - bytes as a dump: offset, hexadecimal in groups of eight, text. As many bytes a line as
 * fit. */
#ifndef UI_HEX_H
#define UI_HEX_H

#include "ui/grid.h"

#include <stddef.h>
#include <stdint.h>

int hex_per_line(int width); /* 4, 8, 16 or 32 */
size_t hex_lines(size_t len, int width);
/* Line number `line` of the dump in row `y`; bytes [lit, lit + lit_len) are highlighted. */
void hex_line(const struct area *a, int y, const uint8_t *bytes, size_t len, size_t line,
	      size_t lit, size_t lit_len);

#endif
