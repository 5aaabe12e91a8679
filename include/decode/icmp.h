/* icmp.h - messages of ICMP and ICMPv6, one row a type: their words, their fields, what follows. */
#ifndef DECODE_ICMP_H
#define DECODE_ICMP_H

#include "decode/dissect.h"

enum icmp_value { ICMP_U8, ICMP_U16, ICMP_U32, ICMP_IPV4, ICMP_IPV6 };

struct icmp_type {
	uint8_t type;
	uint8_t header; /* bytes of the message's own header, from its type on */
	const char *name;
	const struct field_word *codes;  /* may be NULL */
	const struct field *fields;      /* bits from the type; may be NULL */
	void (*body)(struct dissect *d); /* what follows the header; NULL: data */
	/* What the info line tells of the header; a NULL word is none. */
	struct icmp_word {
		const char *word; /* "id=" */
		uint8_t at;       /* byte, from the type */
		enum icmp_value kind;
	} words[2];
	uint16_t least;    /* only of messages of that many bytes */
	uint16_t one_code; /* only with this code, if it is not 0 */
	const char *help;  /* what it tells its receiver, and where that is written; NULL: nothing to add */
};

struct icmp_family {
	const struct icmp_type *types; /* the first that fits; ends with a NULL name */
	const struct field *type, *code, *checksum, *status;
	const char *short_note; /* what dissect_short is told */
	bool pseudo;            /* the checksum covers a pseudo-header */
};

/* One message; `d` is at its type and the layer has begun. */
void icmp_message(struct dissect *d, const struct icmp_family *family, unsigned line);
/* The packet that an error quotes, which its sender cut short, and the extensions behind it: the
 * quote has `units` times `unit` bytes; with 0 units it goes up to the end (RFC 4884 4). */
void icmp_quote(struct dissect *d, enum proto proto, uint32_t units, uint32_t unit);
void icmp_extension(struct dissect *d, struct cursor c);

#endif
