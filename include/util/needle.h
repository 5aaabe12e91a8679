/* needle.h - what is searched for: a text, looked for in text and in bytes whatever the case of
 * its ASCII letters, or bytes (hex:0d0a), looked for in bytes alone. */
#ifndef UTIL_NEEDLE_H
#define UTIL_NEEDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

enum { NEEDLE_LONGEST = 128 };
#define NEEDLE_NONE SIZE_MAX

struct needle {
	uint8_t bytes[NEEDLE_LONGEST]; /* of a text: in lower case */
	size_t len;                    /* never 0 */
	bool hex;
};

/* A word as typed: text as it stands, "…" with C's escapes (\r \n \t \0 \xHH \" \\), or hex: and
 * pairs of digits with or without blanks and colons between them. 0, or -EINVAL with *e. */
int needle_parse(const char *word, struct needle *out, struct err *e);
/* Where it begins in `bytes`, at `from` or later; NEEDLE_NONE: nowhere. */
size_t needle_in_bytes(const struct needle *n, const uint8_t *bytes, size_t len, size_t from);
/* Never for hex. NULL contains nothing. */
bool needle_in_text(const struct needle *n, const char *text);

#endif
