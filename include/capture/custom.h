/* custom.h - a pcapng block of our own: what a recording keeps beside the packets (sockets, calls).
 * Other programs pass over it.
 *
 *    0                   1                   2                   3
 *   +---------------------------------------------------------------+
 *   |  Block Type: 0x00000BAD, a custom block that may be copied    |
 *   +---------------------------------------------------------------+
 *   |  Block Total Length                                           |
 *   +---------------------------------------------------------------+
 *   |  Private Enterprise Number: 32473                             |
 *   +---------------------------------------------------------------+
 *   |  the eight bytes "sockeye" NUL, a length (little endian), so  |
 *   |  many bytes, zeroes up to a multiple of four                  |
 *   +---------------------------------------------------------------+
 *   |  Block Total Length                                           |
 *   +---------------------------------------------------------------+
 *
 * A number of our own is not registered: 32473 is the one that RFC 5612 keeps for documentation, and
 * the eight bytes tell our blocks from those of whoever else makes use of it. The numbers of the
 * frame are in the byte order of their section; what is inside is little endian always, and is
 * written and read by session/replay.h.
 */
#ifndef CAPTURE_CUSTOM_H
#define CAPTURE_CUSTOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

enum { CUSTOM_PEN = 32473, CUSTOM_MOST = 1 << 19 /* bytes in one of them */ };

/* Append a whole block, in this host's byte order. `len` is at most CUSTOM_MOST. */
void custom_encode(struct buf *out, const void *bytes, size_t len);
/* What follows the number in a block: false when it is not one of ours, or damaged. */
bool custom_open(const uint8_t *body, size_t len, const uint8_t **bytes, size_t *size);

#endif
