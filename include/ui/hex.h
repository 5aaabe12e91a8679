/* hex.h - bytes as a dump: offset, hexadecimal in groups of eight, text. As many bytes a line as
 * fit. */
#ifndef UI_HEX_H
#define UI_HEX_H

#include "ui/grid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int hex_per_line(int width); /* 4, 8, 16 or 32 */
size_t hex_lines(size_t len, int width);
/* Line number `line` of the dump in row `y`; bytes [lit, lit + lit_len) are highlighted. */
void hex_line(const struct area *a, int y, const uint8_t *bytes, size_t len, size_t line, size_t lit, size_t lit_len);
/* Lay something over one of the bytes of that line, which is line `byte / hex_per_line`. */
void hex_over(const struct area *a, int y, size_t byte, enum over over);
/* The byte at column x of that line; false: there is none. */
bool hex_at(int width, int x, size_t line, size_t *byte);

#endif
