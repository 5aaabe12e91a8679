/* text.h - text as people and terminals see it: UTF-8, width in cells, sanitising, units.
 *
 * Foreign text (process names, paths, payload) is never put on a terminal as it came. text_clean is the one
 * sanitiser of the grid and of plain text output; the JSON writer has its own escapes.
 */
#ifndef UTIL_TEXT_H
#define UTIL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* Decode one UTF-8 sequence (RFC 3629: no overlong forms, no surrogates). Returns its length in bytes and
 * fills *rune, or 0 where the bytes are not UTF-8. */
size_t text_decode(const char *bytes, size_t len, uint32_t *rune);
bool text_is_utf8(const char *bytes, size_t len); /* all of it */
size_t text_encode(uint32_t rune, char out[4]);   /* bytes written, 0 for what is no code point */

/* Cells that a code point takes on a terminal: 0 (combining), 1 or 2; -1 for control characters. Own table,
 * independent of the locale, so that a frame looks the same everywhere. */
int text_rune_width(uint32_t rune);
size_t text_width(const char *text); /* of a whole string; bytes that are not UTF-8 count one cell each */

/* Append `bytes` with everything that could act on a terminal replaced: control characters, C1 controls,
 * bidirectional overrides and bytes that are not UTF-8 become C escapes (\n \x1b \u202e). */
void text_clean(struct buf *out, const char *bytes, size_t len);
/* The same into a fixed array, cut at a character; returns out. */
char *text_clean_to(char *out, size_t size, const char *bytes, size_t len);
/* As text_clean, and quoted with " as the command language reads it: \" \\ \n \r \t \0 \xHH. */
void text_quote(struct buf *out, const void *bytes, size_t len);

/* A number in decimal, with a NUL: `out` has 21 bytes. Returns its length. */
size_t text_uint(char *out, uint64_t value);
/* The last `width` digits of it, leading zeroes too; no NUL. */
void text_digits(char *out, uint64_t value, unsigned width);
/* "41 µs", "1.20 ms", "3.4 s", "2 min 5 s", "3 d 4 h"; with ascii, "us" stands for "µs". Returns out. */
char *text_duration(char *out, size_t size, uint64_t ns, bool ascii);
/* "512", "1.5K", "64.0M": bytes in binary units. Returns out. */
char *text_size(char *out, size_t size, uint64_t bytes);

/* "50ms" "2s" "1.5s" "100us" "1m" -> nanoseconds; a bare number means seconds. False: not a duration. */
bool text_parse_duration(const char *text, uint64_t *ns);
/* "10" "64K" "10M" -> a count, K and M binary. False: not a number, or one that does not fit. */
bool text_parse_size(const char *text, uint64_t *bytes);
/* Decimal, 0x hexadecimal or 0 octal as strtoll reads it, the whole string. */
bool text_parse_int(const char *text, int64_t *value);

/* The entry of `words` (NULL ended) nearest to `typed`, for "did you mean"; NULL when none is near. */
const char *text_nearest(const char *typed, const char *const *words);

#endif
