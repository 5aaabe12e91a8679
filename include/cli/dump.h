/* dump.h - what `dump` prints of a packet: a line, a tree, bytes, or a JSON object. */
#ifndef CLI_DUMP_H
#define CLI_DUMP_H

#include "analysis/flow.h"
#include "analysis/tls_watch.h"
#include "core/packet.h"
#include "decode/decode.h"
#include "util/buf.h"

#include <netinet/in.h>
#include <stdbool.h>

struct dump_beside;
struct name_book;
struct source;

enum time_form { TIME_ABSOLUTE, TIME_RELATIVE, TIME_DELTA, TIME_EPOCH };

/* An address as text. Those of a packet were mostly in one shortly before. */
struct dump_address {
	uint8_t ip[16];
	uint8_t family, len; /* family 0: none */
	char text[INET6_ADDRSTRLEN];
};
enum { DUMP_ADDRESSES = 256 };

struct dump_print {
	bool json, verbose, hex, quiet, ascii, colour;
	enum time_form time;
	uint64_t first_ns, last_ns; /* of the packets printed so far */
	long zone_s;                /* seconds east of UTC, worked out once */
	struct dump_name {          /* of a protocol, in capitals; len 0: not made yet */
		uint8_t len;
		char text[31];
	} protocols[PROTO_COUNT];
	uint64_t clock_s; /* the second that `clock` tells: "12:34:56." */
	char clock[10];
	struct tree *tree; /* scratch for -v */
	struct buf scratch;
	struct tls_plain plain;  /* scratch: a TLS record that was opened */
	struct name_book *names; /* NULL: everything as numbers */
	const struct flow_table *flows;
	const struct dump_beside *beside; /* what is known of the packet beside its bytes */
	struct source *source;            /* names the interfaces; NULL: nobody does */
	uint32_t named;                   /* the interface of the name below: they seldom change */
	uint8_t named_source;
	char interface[64];
	struct dump_address addresses[DUMP_ADDRESSES]; /* by a hash */
};

/* Append one packet in the form that was asked for. */
void dump_packet(struct dump_print *d, const struct packet *p, const uint8_t *bytes, struct buf *out);

void dump_print_done(struct dump_print *d); /* the scratch and the tree */

#endif
