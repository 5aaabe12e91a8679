/* tcp_state.h - the states of RFC 9293, section 3.3.2, with those of sockets that have no connection, and the
 * transitions between them. The diagram, the history, filters and help read these tables.
 */
#ifndef CORE_TCP_STATE_H
#define CORE_TCP_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum state {
	STATE_NONE, /* not known */
	STATE_CLOSED,
	STATE_LISTEN,
	STATE_SYN_SENT,
	STATE_SYN_RECEIVED,
	STATE_ESTABLISHED,
	STATE_FIN_WAIT_1,
	STATE_FIN_WAIT_2,
	STATE_CLOSE_WAIT,
	STATE_CLOSING,
	STATE_LAST_ACK,
	STATE_TIME_WAIT,
	STATE_UNCONNECTED, /* UDP, RAW, UNIX */
	STATE_CONNECTED,
	STATE_COUNT
};

struct state_row {
	const char *name;   /* RFC 9293's: "FIN-WAIT-1" */
	const char *help;   /* what it means, in a sentence */
	int kernel;         /* the kernel's number, include/net/tcp_states.h; -1: none */
	const char *more;   /* another sentence: what ends it, what it costs */
	const char *source; /* where that is written */
};

extern const struct state_row states[STATE_COUNT];

const char *state_name(enum state s); /* "-" for STATE_NONE */
/* By RFC name, ss's or the kernel's spelling, any case, _ or - ("ESTAB", "syn_sent", "TCP_CLOSE_WAIT"); STATE_NONE. */
enum state state_find(const char *text, size_t len);
/* From the kernel's number for a TCP socket; TCP_NEW_SYN_RECV is SYN-RECEIVED. */
enum state state_from_kernel(int kernel);

/* What moves a socket along an edge. */
enum cause {
	CAUSE_SEEN,   /* nothing but the kernel's word at a look */
	CAUSE_CALL,   /* a call on this socket: connect, listen, close, shutdown ... */
	CAUSE_PACKET, /* a segment: S, S., F., ., R */
	CAUSE_TIMER,  /* 2 MSL, retransmissions used up */
};

/* The conditions of an edge, as evidence can prove them. */
enum proof {
	PROOF_CONNECT = 1 << 0, /* we called connect */
	PROOF_LISTEN = 1 << 1,
	PROOF_FIN_OUT = 1 << 2, /* we called close or shutdown(wr), or our FIN was seen */
	PROOF_SYN_IN = 1 << 3,  /* S without ACK came in */
	PROOF_SYN_ACK = 1 << 4, /* S. came in */
	PROOF_ACK_SYN = 1 << 5, /* our SYN was acknowledged */
	PROOF_FIN_IN = 1 << 6,
	PROOF_ACK_FIN = 1 << 7, /* our FIN was acknowledged */
	PROOF_RST = 1 << 8,     /* either way */
	PROOF_2MSL = 1 << 9,
	PROOF_ACCEPTED = 1 << 10, /* the socket came out of accept: it was SYN-RECEIVED */
};

struct transition {
	enum state from, to;
	enum proof proof;  /* any one of these bits proves the edge */
	const char *label; /* as RFC 9293's figure 5 has it: "rcv FIN / snd ACK" */
};

extern const struct transition transitions[]; /* ends with from == STATE_NONE */

/* The state that `proof` leads to from `from`, or STATE_NONE where the figure has no such edge. */
enum state state_next(enum state from, enum proof proof);

#endif
