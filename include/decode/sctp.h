/* sctp.h - chunks of SCTP and what stands in them, for its decoder. */
#ifndef DECODE_SCTP_H
#define DECODE_SCTP_H

#include "decode/dissect.h"

/* One chunk, its header included and its padding not. Adds its
 * words to the info line if it may. */
void sctp_chunk(struct dissect *d, struct cursor chunk);

/* Parameters (RFC 9260 3.2.1) and error causes (3.3.10): both are a type, a length and a value, 16
 * bits each of the first two, padded to 4 bytes. The cursor has these alone. */
void sctp_parameters(struct dissect *d, struct cursor c);
void sctp_causes(struct dissect *d, struct cursor c);

#endif
