/* finding.h - what the TCP analysis can say of a packet, one row each. A packet's `analysis` holds
 * the bits 1 << enum finding; JSON's tcp.analysis, the info line, the marks of the UI and "explain"
 * read the rows. Names are Wireshark's tcp.analysis flags, so that people find them again.
 */
#ifndef ANALYSIS_FINDING_H
#define ANALYSIS_FINDING_H

#include <stdint.h>

struct buf;

enum finding {
	FINDING_RETRANSMISSION,
	FINDING_FAST_RETRANSMISSION,
	FINDING_SPURIOUS_RETRANSMISSION,
	FINDING_OUT_OF_ORDER,
	FINDING_DUPLICATE_ACK,
	FINDING_LOST_SEGMENT,
	FINDING_ZERO_WINDOW,
	FINDING_WINDOW_FULL,
	FINDING_WINDOW_UPDATE,
	FINDING_KEEP_ALIVE,
	FINDING_KEEP_ALIVE_ACK,
	FINDING_PORT_REUSED,
	FINDING_RST,
	FINDING_SEEN_TWICE,
	FINDING_COUNT
};

#define FOUND(which) (1u << FINDING_##which)

enum weight { WEIGHT_INFO, WEIGHT_NOTE, WEIGHT_WARN }; /* how much it should worry who reads it */

struct finding_row {
	const char *name;  /* as in JSON: "duplicate-ack" */
	const char *words; /* for people: "duplicate ACK" */
	enum weight weight;
	const char *help; /* a sentence or two: what it means, and where that is written */
};

extern const struct finding_row findings[FINDING_COUNT];

/* The heaviest of `bits`; WEIGHT_INFO for none. */
enum weight finding_weight(uint16_t bits);
/* Appends " [duplicate ACK, zero window]"; nothing for no bits. A reset is left out: the flags of
 * its line say so already. */
void finding_words(uint16_t bits, struct buf *out);

#endif
