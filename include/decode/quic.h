/* quic.h - Initial packets of QUIC, for its decoder. */
#ifndef DECODE_QUIC_H
#define DECODE_QUIC_H

#include "decode/dissect.h"

struct quic_initial {
	uint32_t version;
	uint8_t first;      /* byte of the packet, masked */
	struct cursor dcid; /* destination connection ID */
	struct cursor body; /* packet number, payload and tag */
};

/* Show what a client's first packet carries, and tell it in the info line. Nothing where it is none,
 * was not captured whole, or is of a version whose keys are not known. */
void quic_initial(struct dissect *d, const struct quic_initial *in);

#endif
