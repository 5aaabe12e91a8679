/* dump_inside.h - what the forms of a packet share. */
#ifndef CLI_DUMP_INSIDE_H
#define CLI_DUMP_INSIDE_H

#include "analysis/fragments.h"
#include "cli/dump.h"

#define SECOND 1000000000u

/* What makes its numbers relative. */
void dump_base(const struct dump_print *d, const struct packet *p, struct packet_base *base);
/* The datagram that this packet completed; NULL: none. */
const struct fragments_whole *dump_whole(const struct dump_print *d, const struct packet *p);
/* Of the packet's family, which is not 0. */
const struct dump_address *dump_address(struct dump_print *d, int family, const uint8_t ip[16]);
/* Fill d->clock for the lines of this second. */
void dump_clock(struct dump_print *d, uint64_t second);

/* "decrypted: GET / HTTP/1.1": what the TLS records were that it completed. Appends. */
void dump_opened_words(struct dump_print *d, const struct packet *p, struct buf *out);

/* Append a packet: a line with what stands below it, an object on a line. */
void dump_line(struct dump_print *d, const struct packet *p, const uint8_t *bytes, struct buf *out);
void dump_json(struct dump_print *d, const struct packet *p, const uint8_t *bytes, struct buf *out);

#endif
