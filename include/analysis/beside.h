/* beside.h - what the kernel says of a socket beside what its packets show, row by row, with a
 * verdict and, where the two disagree, the reason. Pure: facts in, rows out.
 */
#ifndef ANALYSIS_BESIDE_H
#define ANALYSIS_BESIDE_H

#include "analysis/wire_sum.h"
#include "core/sock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BESIDE_ROWS = 32, BESIDE_WORDS = 32, BESIDE_WHY = 8 };

struct beside_facts {
	const struct sock *kernel; /* NULL: a capture file knows nothing of it */
	uint64_t kernel_ns;        /* when the kernel said so, CLOCK_REALTIME */
	bool has_calls;            /* a socket of our own: bytes that our calls moved */
	uint64_t calls_sent, calls_received;
	bool accepted;               /* by a listener: its counters begin behind the handshake */
	const struct wire_sum *wire; /* NULL or empty: no packet was seen */
	enum state wire_state;       /* what the packets prove; STATE_NONE: nothing */
	bool capturing;              /* a capture runs, or did */
	uint64_t dropped;            /* by the capture, of all sockets' packets */
	uint64_t gone;               /* packets of it that made room for newer ones */
	bool ascii;
};

enum beside_verdict {
	BESIDE_ALONE, /* only one of the two knows it, or none */
	BESIDE_SAME,
	BESIDE_NEAR, /* as near as two ways of measuring come */
	BESIDE_DIFFERS,
};

/* Why two figures may differ; each has a sentence. */
enum beside_reason {
	REASON_NONE,
	REASON_NO_KERNEL, /* a capture file */
	REASON_NO_CAPTURE,
	REASON_NO_PACKETS,
	REASON_LATE, /* the capture began when the connection was there */
	REASON_GONE,
	REASON_DROPPED,
	REASON_MOVING,  /* packets came while the kernel was asked, or after */
	REASON_CONTROL, /* SYN and FIN count as a byte each */
	REASON_ACCEPTED,
	REASON_OFFLOAD, /* one packet seen is several segments */
	REASON_RTT,     /* the kernel smooths, and measures elsewhere */
	REASON_HEADER,  /* options take room in the segment */
	REASON_PATH,    /* the path's MTU is smaller than what was offered */
	REASON_UNREAD,  /* it waits in the queue, or found no room there */
	REASON_SILENT,  /* the window since the last packet */
	REASON_UNKNOWN, /* nothing known explains it */
	REASONS
};
extern const char *const beside_reasons[REASONS]; /* a sentence each; NONE: "" */

struct beside_row {
	const char *label;
	char kernel[BESIDE_WORDS], wire[BESIDE_WORDS]; /* "-": not known */
	enum beside_verdict verdict;
	enum beside_reason reason; /* of NEAR and DIFFERS */
};

/* Fills `out` and returns how many rows there are: those that make sense for this kind of socket.
 * `why` gets the reasons that the rows name, or why a column is empty, each once, the worst
 * first; *whys of them. */
size_t beside(const struct beside_facts *f, struct beside_row out[BESIDE_ROWS], enum beside_reason why[BESIDE_WHY],
	      size_t *whys);

#endif
