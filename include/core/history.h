/* history.h - the states a TCP socket went through, worked out from evidence in order of time.
 *
 * The kernel is looked at now and then, and a state may pass between two looks: SYN-SENT on loopback lasts
 * microseconds. But a call (connect) or a packet (our SYN, their FIN) proves it. Evidence comes late and out of order
 * (packets arrive 10 to 20 ms after the call that caused them), so it is kept sorted and the way is walked again
 * whenever something is added. Pure: no clock, no I/O.
 */
#ifndef CORE_HISTORY_H
#define CORE_HISTORY_H

#include "core/tcp_state.h"

#include <stdbool.h>
#include <stdint.h>

enum { HISTORY_EVIDENCE = 64, HISTORY_STEPS = 24, HISTORY_WHY = 40 };

struct evidence {
	uint64_t at_ns; /* CLOCK_REALTIME */
	enum cause cause;
	enum proof proof;      /* CAUSE_CALL, CAUSE_PACKET, CAUSE_TIMER */
	enum state seen;       /* CAUSE_SEEN: what the kernel said */
	char why[HISTORY_WHY]; /* "connect", "[S.] in": shown beside the state */
};

struct history_step {
	uint64_t at_ns;
	enum state state;
	enum cause cause;
	char why[HISTORY_WHY];
};

struct history {
	struct evidence evidence[HISTORY_EVIDENCE]; /* in order of time */
	unsigned count;
	unsigned lost;                            /* evidence that made room: looks that told nothing, then old steps */
	struct history_step steps[HISTORY_STEPS]; /* the way, from the first state to the current one */
	unsigned step_count;
};

void history_init(struct history *h, enum state first, uint64_t at_ns, const char *why);
/* What the kernel said at a look. Of looks that say what the way ends with already only the last is kept. Give the
 * time just before the kernel was asked: a packet that came while it answered then lies behind it, and does not seem
 * undone. */
void history_see(struct history *h, uint64_t at_ns, enum state seen);
void history_prove(struct history *h, uint64_t at_ns, enum cause cause, enum proof proof, const char *why);
/* The state at the end of the way; STATE_NONE when nothing is known. */
enum state history_now(const struct history *h);
/* Was the socket in `s` at some moment from `since_ns` on? A state that held at `since_ns` counts. */
bool history_was(const struct history *h, enum state s, uint64_t since_ns);

#endif
