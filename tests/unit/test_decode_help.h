/* test_decode_help.h - packets written from the RFCs, and what the decoder's tests do with them. */
#ifndef TEST_DECODE_HELP_H
#define TEST_DECODE_HELP_H

#include "decode/decode.h"

#include <stddef.h>
#include <stdint.h>

struct sample {
	const char *what;
	uint16_t linktype;
	const char *hex; /* blanks are for the reader */
	const char *layers;
	const char *info; /* NULL: a packet that breaks a rule */
	uint8_t status;
};

/* Of hosts: link headers that are everywhere, IP, transports. Of links: the rest of the link layer,
 * tunnels, routers. Of apps: applications. Of transports: the rarer ones. Of captures: what devices
 * and programs put before a packet. Each ends with a NULL what. */
extern const struct sample samples[], link_samples[], app_samples[], transport_samples[], capture_samples[];

/* The i-th of all of them; NULL behind the last. */
const struct sample *sample_at(unsigned i);

const struct sample *sample_find(const char *what);
/* The sample's bytes, to be freed. */
uint8_t *sample_bytes(const struct sample *s, uint32_t *len);
struct packet sample_packet(const struct sample *s, uint32_t cap, uint32_t len);
/* The first field of that name has that value in the tree; ends with a NULL what. */
struct sample_field {
	const char *what, *name, *value;
};
void expect_fields(const struct sample_field *fields);
/* Bytes in a buffer of exactly that size, so that a sanitizer sees the first byte too far. */
uint8_t *exactly(const uint8_t *bytes, uint32_t len);

#endif
