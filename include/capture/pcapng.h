/* pcapng.h - a capture file in the format of draft-ietf-opsawg-pcapng: a section header, an interface block for each
 * link type and interface that occurs, an enhanced packet block a packet with its direction. Nanoseconds.
 *
 * An existing file is never overwritten and a symbolic link never followed. One writer, one thread.
 */
#ifndef CAPTURE_PCAPNG_H
#define CAPTURE_PCAPNG_H

#include "core/packet.h"

struct err;
struct pcapng;

int pcapng_create(const char *path, struct pcapng **out, struct err *e);
/* 0, or -errno with *e (no space left); what was written before stays readable. */
int pcapng_packet(struct pcapng *w, const struct packet *p, const uint8_t *bytes, struct err *e);
/* Flush and close; frees `w` in any case. NULL is fine. */
int pcapng_close(struct pcapng *w, struct err *e);

#endif
