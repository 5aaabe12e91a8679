/* encode.h - the bytes of capture files: pcap in nanoseconds, and the blocks of pcapng
 * (draft-ietf-opsawg-pcapng). Each function appends one whole record or block, in this host's byte
 * order, which the magic numbers tell.
 */
#ifndef CAPTURE_ENCODE_H
#define CAPTURE_ENCODE_H

#include "core/packet.h"

#include <stddef.h>
#include <stdint.h>

struct buf;
struct note;

void encode_pcap_header(struct buf *out, uint16_t linktype, uint32_t snaplen);
void encode_pcap_packet(struct buf *out, const struct packet *p, const uint8_t *bytes);

void encode_section(struct buf *out);
/* `name` and `filter`: NULL or "" where there is none. */
void encode_interface(struct buf *out, uint16_t linktype, uint32_t snaplen, const char *name,
		      const char *filter);
/* `comments`: NULL for none, else each is followed by a NUL; `dropped`: packets lost since the one before, 0 for none.
 * */
void encode_packet(struct buf *out, uint32_t interface, const struct packet *p,
		   const uint8_t *bytes, const struct buf *comments, uint64_t dropped);
void encode_name(struct buf *out, const struct note *n);
void encode_secrets(struct buf *out, const struct note *n);

struct encode_statistics {
	uint64_t from_ns, until_ns; /* of the packets */
	uint64_t received;          /* that the filter let pass */
	uint64_t dropped;           /* lost by the kernel, and by us */
	const char *comment;        /* NULL: none */
};
void encode_statistics(struct buf *out, uint32_t interface, const struct encode_statistics *s);

/* What stands in encoded bytes: the length of the record or block at their start, 0 where they end
 * before it does; those of all whole ones; whether one is a packet. */
size_t encode_next(const char *bytes, size_t len, bool pcapng);
size_t encode_whole(const char *bytes, size_t len, bool pcapng);
bool encode_is_packet(const char *bytes, bool pcapng);

#endif
