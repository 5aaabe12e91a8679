/* sctp.h - chunks of SCTP and what stands in them, for its decoder. */
#ifndef DECODE_SCTP_H
#define DECODE_SCTP_H

#include "decode/dissect.h"

enum sctp_rest { REST_NONE, REST_PARAMETERS, REST_CAUSES, REST_DATA };

/* A row a chunk type. */
struct sctp_chunk {
	uint8_t type;
	uint8_t fixed;       /* bytes before what repeats */
	enum sctp_rest rest; /* what that is */
	const char *name;
	const char *help;
	const struct field *fields;                           /* bits from the chunk's first byte; may be NULL */
	void (*list)(struct dissect *d, struct cursor chunk); /* shows what repeats; may be NULL */
	struct {                  /* what the info line tells, and where the numbers stand */
		const char *word; /* " tsn=" */
		uint8_t at, bytes;
	} words[4];
};

/* Of chunks that move data or say what came; of all others, up to the row of unknown ones, which
 * has no name. The first ends with one that has no name either, and no fields. */
extern const struct sctp_chunk sctp_data_chunks[], sctp_control_chunks[];

/* One chunk, its header included and its padding not. Adds its
 * words to the info line if it may. */
void sctp_chunk(struct dissect *d, struct cursor chunk);

/* Parameters (RFC 9260 3.2.1) and error causes (3.3.10): both are a type, a length and a value, 16
 * bits each of the first two, padded to 4 bytes. The cursor has these alone. */
void sctp_parameters(struct dissect *d, struct cursor c);
void sctp_causes(struct dissect *d, struct cursor c);

#endif
