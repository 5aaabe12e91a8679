#include "analysis/finding.h"

#include "util/buf.h"

/* clang-format off */
const struct finding_row findings[FINDING_COUNT] = {
	[FINDING_RETRANSMISSION] = { "retransmission", "retransmission", WEIGHT_NOTE,
		"Sent again: these numbers were sent before and no acknowledgment came in time "
		"(RFC 9293 3.8.1, RFC 6298)." },
	[FINDING_FAST_RETRANSMISSION] = { "fast-retransmission", "fast retransmission", WEIGHT_NOTE,
		"Sent again without waiting for the timer, because duplicate acknowledgments or "
		"SACK told of a loss (RFC 5681 3.2, RFC 6675)." },
	[FINDING_SPURIOUS_RETRANSMISSION] = { "spurious-retransmission", "spurious retransmission",
		WEIGHT_NOTE,
		"Sent again although the receiver had acknowledged it already: the timer was too short, "
		"or the acknowledgment was lost or late (RFC 4015, RFC 5682)." },
	[FINDING_OUT_OF_ORDER] = { "out-of-order", "out of order", WEIGHT_WARN,
		"Arrived after what was sent behind it; the receiver puts it in its place "
		"(RFC 9293 3.10.7.4, RFC 5236)." },
	[FINDING_DUPLICATE_ACK] = { "duplicate-ack", "duplicate ACK", WEIGHT_NOTE,
		"The same acknowledgment again, without data: something arrived out of order. After "
		"three of them the sender repeats what is missing (RFC 5681 2 and 3.2)." },
	[FINDING_LOST_SEGMENT] = { "lost-segment", "previous segment not seen", WEIGHT_WARN,
		"A gap before this one: a segment was lost on the way, comes late, or was not captured "
		"(RFC 9293 3.4)." },
	[FINDING_ZERO_WINDOW] = { "zero-window", "zero window", WEIGHT_WARN,
		"The receiver has no room: its program does not read. The sender stops and probes "
		"(RFC 9293 3.8.6.1)." },
	[FINDING_WINDOW_FULL] = { "window-full", "window full", WEIGHT_WARN,
		"This segment uses up the window that the receiver had offered: the sender must wait "
		"(RFC 9293 3.8.6)." },
	[FINDING_WINDOW_UPDATE] = { "window-update", "window update", WEIGHT_INFO,
		"Nothing but another size of window: the receiver made room, or lost some "
		"(RFC 9293 3.8.6)." },
	[FINDING_KEEP_ALIVE] = { "keep-alive", "keep-alive", WEIGHT_NOTE,
		"Asks whether the other end is still there: a number that was acknowledged already, "
		"with one byte or none (RFC 9293 3.8.4, SO_KEEPALIVE in socket(7))." },
	[FINDING_KEEP_ALIVE_ACK] = { "keep-alive-ack", "keep-alive ACK", WEIGHT_NOTE,
		"Answers a keep-alive: still there (RFC 9293 3.8.4)." },
	[FINDING_PORT_REUSED] = { "port-reused", "port used again", WEIGHT_NOTE,
		"A new connection between the same addresses and ports as an earlier one "
		"(RFC 9293 3.6.1, RFC 6191)." },
	[FINDING_RST] = { "rst", "reset", WEIGHT_WARN,
		"The connection is over at once; what was not read is gone. Nobody listened, or a program "
		"aborted (RFC 9293 3.5.2)." },
	[FINDING_SEEN_TWICE] = { "seen-twice", "seen on another interface", WEIGHT_INFO,
		"The same packet once more, as another interface saw it: a bridge and its port, both ends "
		"of a veth(4). It was sent once; a retransmission (RFC 9293 3.8.1) is another packet." },
};
/* clang-format on */

enum weight finding_weight(uint16_t bits)
{
	enum weight most = WEIGHT_INFO;

	for (unsigned i = 0; i < FINDING_COUNT; i++)
		if (bits & 1u << i && findings[i].weight > most)
			most = findings[i].weight;
	return most;
}

void finding_words(uint16_t bits, struct buf *out)
{
	const char *before = " [";

	bits &= (uint16_t)~FOUND(RST);
	for (unsigned i = 0; i < FINDING_COUNT; i++)
		if (bits & 1u << i) {
			buf_puts(out, before);
			buf_puts(out, findings[i].words);
			before = ", ";
		}
	if (bits)
		buf_putc(out, ']');
}
