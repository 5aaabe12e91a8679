/* field.h - header tables: one row a field. Tree line, hex highlight, JSON key and help come from the one row.
 *
 * Offsets and widths are in bits from the header's first byte, as in the drawings of the RFCs.
 */
#ifndef DECODE_FIELD_H
#define DECODE_FIELD_H

#include <stdint.h>

struct buf;
struct dissect;

enum field_format {
	FIELD_DEC, FIELD_HEX, FIELD_BOOL, FIELD_IPV4, FIELD_IPV6, FIELD_MAC, FIELD_BYTES, FIELD_NONE
};

struct field_word {
	uint32_t value;
	const char *name;
};

struct field {
	const char *name;              /* Wireshark's: "ip.ttl" */
	const char *label;             /* "Time to live" */
	uint16_t bit;
	uint16_t bits;                 /* width; at most 32 but for addresses and bytes */
	enum field_format format;
	const struct field_word *words; /* ends with a NULL name; NULL for none */
	const char *help;              /* what it is for */
	uint8_t shift;                 /* value is shown shifted left: lengths in 32-bit words */
	uint8_t indent;                /* deeper than its header: the bits of a flags byte */
};

/* Show the fields of a header whose first byte is at `start`. Rows end with a NULL name. Does nothing at summary
 * speed; what is beyond the capture is left out. */
void field_table(struct dissect *d, uint32_t start, const struct field *rows);
/* One line of one's own: bytes [offset, offset + len), a value as Wireshark prints it and words for it. */
unsigned field_line(struct dissect *d, const struct field *row, uint32_t offset, uint32_t len,
		    const char *value, const char *meaning);
unsigned field_number(struct dissect *d, const struct field *row, uint32_t offset, uint32_t len, uint32_t value);
unsigned field_bytes(struct dissect *d, const struct field *row, uint32_t offset, uint32_t len);
void field_length(struct dissect *d, unsigned line, uint32_t len); /* known only later */
const char *field_word(const struct field_word *words, uint32_t value); /* NULL: none */

#endif
