/* application.h - what program a packet's payload belongs to, and what it says in one line: "GET /
 * HTTP/1.1", "A example.com", "Client Hello".
 */
#ifndef DECODE_APPLICATION_H
#define DECODE_APPLICATION_H

#include "core/packet.h"
#include "decode/proto.h"

#include <stddef.h>

struct buf;

/* The layer right behind the outermost transport, if it is a protocol of its own; PROTO_NONE. */
enum proto application_of(const struct packet *p);
/* Appends its words; nothing where there are none: in the midst of a message. */
void application_words(const struct packet *p, const uint8_t *bytes, struct buf *out);
/* The same of bytes that were not seen in a packet: those of a call. `stream` tells TCP's from
 * UDP's. At most APPLICATION_BYTES are looked at. */
enum { APPLICATION_BYTES = 1400 };
enum proto application_guess(const uint8_t *bytes, size_t len, bool stream, uint16_t sport, uint16_t dport,
			     struct buf *out);

#endif
