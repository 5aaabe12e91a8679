/* dns.h - names and records of DNS messages, for its decoder. */
#ifndef DECODE_DNS_H
#define DECODE_DNS_H

#include "decode/dissect.h"

enum { DNS_NAME = 4 * 255 + 8 };

struct dns {
	struct dissect *d;
	uint32_t start;    /* of the message: pointers count from there */
	unsigned told;     /* records in the info line */
	const char *wrong; /* a name breaks a rule: a sentence about it */
};

extern const struct field_word dns_types[]; /* IANA "Resource Record TYPEs" */

/* The name at *c in its presentation form (RFC 1035 5.1, with \DDD), and *c behind it. Pointers are
 * followed backwards only and at most 64 times; `out` is "" after an error. */
void dns_name(struct dns *m, struct cursor *c, char out[DNS_NAME]);
/* The data of a record of that type; `words`, which may be NULL, gets " 192.0.2.1". */
void dns_data(struct dns *m, uint16_t type, struct cursor *data, struct buf *words);

#endif
