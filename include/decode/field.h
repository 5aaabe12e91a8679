/* field.h - header tables: one row a field. Tree line, hex highlight, JSON key and help come from
 * that row.
 *
 * Offsets and widths are in bits from the header's first byte, as in the drawings of the RFCs. All
 * of these do nothing at summary speed.
 */
#ifndef DECODE_FIELD_H
#define DECODE_FIELD_H

#include "decode/cursor.h"

#include <stdbool.h>
#include <stdint.h>

struct dissect;

enum field_format {
	FIELD_NONE, /* no value, only words */
	FIELD_DEC,
	FIELD_HEX,
	FIELD_BOOL,
	FIELD_IPV4,
	FIELD_IPV6,
	FIELD_MAC, /* 6 bytes, or the 8 of an EUI-64 */
	FIELD_BYTES,
};

struct field_word {
	uint32_t value;
	const char *name;
};

struct field {
	const char *name;  /* Wireshark's: "ip.ttl" */
	const char *label; /* "Time to live" */
	uint16_t bit;
	/* Width, at most 32 but for addresses, bytes (0: up to the end) and decimals of 48 or 64. */
	uint16_t bits;
	enum field_format format;
	const char *help;               /* what it is for, and where that is written */
	const struct field_word *words; /* what values mean; ends with a NULL name */
	uint8_t shift;                  /* shown shifted left: lengths in words of 4 bytes */
	uint8_t unit;                   /* bytes that 1 stands for, which words then tell */
	uint8_t indent;                 /* deeper than its header: the bits of a flags byte */
	uint8_t digits;                 /* of a hexadecimal value; 0: what the width needs, in whole bytes */
	bool little;                    /* little-endian; of whole bytes only */
};

/* The fields of a header that begins where `header` stands. Rows end with a NULL name. What lies
 * beyond the cursor's bounds is left out. */
void field_table(struct dissect *d, const struct cursor *header, const struct field *rows);
/* One line: bytes [offset, offset + len), a value as Wireshark prints it, and words for it. Returns
 * the line's number, for the two below. */
unsigned field_line(struct dissect *d, const struct field *row, uint32_t offset, uint32_t len, const char *value,
		    const char *meaning);
unsigned field_number(struct dissect *d, const struct field *row, uint32_t offset, uint32_t len, uint32_t value);
void field_length(struct dissect *d, unsigned line, uint32_t len); /* known only later */
void field_meaning(struct dissect *d, unsigned line, const char *meaning);
/* The last line goes up to the place of line `to`. */
void field_move(struct dissect *d, unsigned to);
const char *field_word(const struct field_word *words, uint32_t value); /* NULL: none */

/* An option of TCP, IPv4, IPv6 or neighbour discovery: a kind, a length, what they say. */
struct option {
	uint8_t kind;
	const char *name;
	const char *help;
	const struct field *fields; /* bits from the option's first byte; may be NULL */
	/* shows what repeats; the cursor stands at the option's first byte; may be NULL */
	void (*list)(struct dissect *d, struct cursor option);
};

/* The option's own line, then its fields. Rows end with a NULL name, which unknown kinds get. */
void option_show(struct dissect *d, const struct option *rows, const struct field *kind_row,
		 const struct field *length_row, const struct cursor *option);

#endif
