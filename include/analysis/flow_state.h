/* flow_state.h - what a flow's packets prove of its ends: the states of RFC 9293, 3.3.2, and how the
 * connection ended. Worked out from struct flow when it is asked for.
 */
#ifndef ANALYSIS_FLOW_STATE_H
#define ANALYSIS_FLOW_STATE_H

#include "analysis/flow.h"
#include "core/tcp_state.h"

enum flow_ending {
	FLOW_OPEN, /* nothing ended it; what is not TCP never ends */
	FLOW_HALF, /* one side has closed, the other has not */
	FLOW_FIN,  /* both have */
	FLOW_RST,  /* one aborted, see flow_reset_by */
	FLOW_ENDINGS
};

extern const char *const flow_endings[FLOW_ENDINGS]; /* "open", "half", "fin", "rst" */

/* STATE_NONE for what is not TCP. The state that the last packet leads to: TIME-WAIT is not waited
 * for, since no packet tells of its end. */
enum state flow_state(const struct flow *f, unsigned side);
enum flow_ending flow_ending(const struct flow *f);
/* The side that sent a reset, the first where both did; -1: none. */
int flow_reset_by(const struct flow *f);
/* "fin", "rst by client", "half by server", "open"; "" for what is not TCP. Static. */
const char *flow_end_words(const struct flow *f);
/* "http": the highest layer that was seen; "" for none. */
const char *flow_app_name(const struct flow *f);
/* The side that asked for the connection: who sent the SYN, or whom a SYN-ACK answers; where
 * neither was seen, side 0. */
unsigned flow_opener(const struct flow *f);

/* The same, where neither was seen by the ports: a well-known one is the server's. */
unsigned flow_client(const struct flow *f);
/* The quickest answer: what the network takes, without the time that a program thinks. 0: not known. */
uint64_t flow_round_trip_ns(const struct flow *f);

#endif
