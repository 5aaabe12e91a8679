#include "core/tcp_state.h"

#include <string.h>
#include <strings.h>

/* clang-format off */
const struct state_row states[STATE_COUNT] = {
	[STATE_NONE] = { "-", "not known", -1,
		"the kernel has not said",
		"sock_diag(7)" },
	[STATE_CLOSED] = { "CLOSED", "no connection: the socket is new, or its connection is over", 7,
		"connect, or bind and listen, begin a life; what comes for it is answered by a reset",
		"RFC 9293 3.3.2" },
	[STATE_LISTEN] = { "LISTEN", "waits for connections from any peer", 10,
		"each SYN makes a new socket, which waits in the queue until accept takes it; this one stays",
		"RFC 9293 3.3.2, listen(2)" },
	[STATE_SYN_SENT] = { "SYN-SENT", "has asked for a connection (SYN) and waits for the answer", 2,
		"without an answer the SYN is sent again after 1, 2, 4 s and so on, six times by default, "
		"then connect fails with ETIMEDOUT",
		"RFC 9293 3.5, tcp(7)" },
	[STATE_SYN_RECEIVED] = { "SYN-RECEIVED", "was asked for a connection, has answered (SYN, "
		"ACK), waits for the ACK", 3,
		"many of these at once that stay are a SYN flood, or clients whose ACK is lost",
		"RFC 9293 3.5, RFC 4987" },
	[STATE_ESTABLISHED] = { "ESTABLISHED", "the connection is open, data flows both ways", 1,
		"it stays until one side closes or resets, however long nothing is sent: only keep-alive "
		"notices a peer that is gone",
		"RFC 9293 3.3.2" },
	[STATE_FIN_WAIT_1] = { "FIN-WAIT-1", "has closed (FIN), waits for the ACK or the peer's FIN", 4,
		"its data and its FIN are still on the way: a peer that is gone, or takes no data, keeps it "
		"here until the retransmissions are used up",
		"RFC 9293 3.6" },
	[STATE_FIN_WAIT_2] = { "FIN-WAIT-2", "its FIN is acknowledged, waits for the peer to close", 5,
		"data may still come. Once the program has closed it, Linux waits tcp_fin_timeout, 60 s, and "
		"forgets it",
		"RFC 9293 3.6, tcp(7)" },
	[STATE_CLOSE_WAIT] = { "CLOSE-WAIT", "the peer has closed; this program has not: it should "
		"call close", 8,
		"it ends with close alone, no timer ends it: many of them are a program that forgets its sockets",
		"RFC 9293 3.6" },
	[STATE_CLOSING] = { "CLOSING", "both sides closed at once, waits for the ACK of its FIN", 11,
		"rare: the two FINs crossed on the way",
		"RFC 9293 3.6, figure 13" },
	[STATE_LAST_ACK] = { "LAST-ACK", "closed after the peer, waits for the ACK of its FIN", 9,
		"without that ACK the FIN is sent again until the retransmissions are used up",
		"RFC 9293 3.6" },
	[STATE_TIME_WAIT] = { "TIME-WAIT", "closed first; the address stays reserved for a minute in "
		"case old packets arrive", 6,
		"no program has it any more: it costs a few hundred bytes and nothing else. Linux waits 60 "
		"s; a bind to its port needs SO_REUSEADDR",
		"RFC 9293 3.6.1, RFC 6191" },
	[STATE_UNCONNECTED] = { "UNCONNECTED", "has no fixed peer", -1,
		"each message names its receiver; what comes from anywhere to its local address is received",
		"udp(7), raw(7), unix(7)" },
	[STATE_CONNECTED] = { "CONNECTED", "has a fixed peer", -1,
		"only its messages come in, and for UDP the errors that ICMP reports (ECONNREFUSED)",
		"connect(2), udp(7), unix(7)" },
};
/* clang-format on */

/* RFC 9293, figure 5, and the edges that the figure's notes add (RST, abort). */
/* clang-format off */
const struct transition transitions[] = {
	{ STATE_CLOSED, STATE_LISTEN, PROOF_LISTEN, "listen" },
	{ STATE_CLOSED, STATE_SYN_SENT, PROOF_CONNECT, "connect / snd SYN" },
	{ STATE_LISTEN, STATE_CLOSED, PROOF_FIN_OUT, "close" },
	{ STATE_LISTEN, STATE_SYN_RECEIVED, PROOF_SYN_IN, "rcv SYN / snd SYN,ACK" },
	{ STATE_CLOSED, STATE_SYN_RECEIVED, PROOF_SYN_IN | PROOF_ACCEPTED,
	  "rcv SYN / snd SYN,ACK" },
	{ STATE_SYN_SENT, STATE_SYN_RECEIVED, PROOF_SYN_IN, "rcv SYN / snd SYN,ACK" },
	{ STATE_SYN_SENT, STATE_ESTABLISHED, PROOF_SYN_ACK, "rcv SYN,ACK / snd ACK" },
	{ STATE_SYN_SENT, STATE_CLOSED, PROOF_RST | PROOF_FIN_OUT, "rcv RST, close or timeout" },
	{ STATE_SYN_RECEIVED, STATE_ESTABLISHED, PROOF_ACK_SYN | PROOF_SYN_ACK | PROOF_ACCEPTED,
	  "rcv ACK of SYN" },
	{ STATE_SYN_RECEIVED, STATE_FIN_WAIT_1, PROOF_FIN_OUT, "close / snd FIN" },
	{ STATE_SYN_RECEIVED, STATE_CLOSED, PROOF_RST, "rcv RST" },
	{ STATE_ESTABLISHED, STATE_FIN_WAIT_1, PROOF_FIN_OUT, "close / snd FIN" },
	{ STATE_ESTABLISHED, STATE_CLOSE_WAIT, PROOF_FIN_IN, "rcv FIN / snd ACK" },
	{ STATE_ESTABLISHED, STATE_CLOSED, PROOF_RST, "RST" },
	{ STATE_FIN_WAIT_1, STATE_FIN_WAIT_2, PROOF_ACK_FIN, "rcv ACK of FIN" },
	{ STATE_FIN_WAIT_1, STATE_CLOSING, PROOF_FIN_IN, "rcv FIN / snd ACK" },
	{ STATE_FIN_WAIT_1, STATE_CLOSED, PROOF_RST, "RST" },
	{ STATE_FIN_WAIT_2, STATE_TIME_WAIT, PROOF_FIN_IN, "rcv FIN / snd ACK" },
	{ STATE_FIN_WAIT_2, STATE_CLOSED, PROOF_RST, "RST" },
	{ STATE_CLOSE_WAIT, STATE_LAST_ACK, PROOF_FIN_OUT, "close / snd FIN" },
	{ STATE_CLOSE_WAIT, STATE_CLOSED, PROOF_RST, "RST" },
	{ STATE_CLOSING, STATE_TIME_WAIT, PROOF_ACK_FIN, "rcv ACK of FIN" },
	{ STATE_CLOSING, STATE_CLOSED, PROOF_RST, "RST" },
	{ STATE_LAST_ACK, STATE_CLOSED, PROOF_ACK_FIN | PROOF_RST, "rcv ACK of FIN" },
	{ STATE_TIME_WAIT, STATE_CLOSED, PROOF_2MSL | PROOF_RST, "2 MSL passed" },
	{ STATE_NONE, STATE_NONE, 0, NULL },
};
/* clang-format on */

const char *state_name(enum state s)
{
	return (unsigned)s < STATE_COUNT ? states[s].name : states[STATE_NONE].name;
}

static bool same_word(const char *name, const char *text, size_t len)
{
	if (strlen(name) != len)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = text[i] == '_' ? '-' : text[i];

		if (strncasecmp(&c, name + i, 1))
			return false;
	}
	return true;
}

enum state state_find(const char *text, size_t len)
{
	static const struct {
		const char *name;
		enum state state;
	} also[] = {
		{ "ESTAB", STATE_ESTABLISHED },         { "SYN-RECV", STATE_SYN_RECEIVED },
		{ "NEW-SYN-RECV", STATE_SYN_RECEIVED }, { "CLOSE", STATE_CLOSED },
		{ "FIN-WAIT1", STATE_FIN_WAIT_1 },      { "FIN-WAIT2", STATE_FIN_WAIT_2 },
		{ "LISTENING", STATE_LISTEN },          { "UNCONN", STATE_UNCONNECTED },
		{ "TIMEWAIT", STATE_TIME_WAIT },        { "SYN-RCVD", STATE_SYN_RECEIVED },
	};

	if (len > 4 && (!strncasecmp(text, "tcp_", 4) || !strncasecmp(text, "tcp-", 4))) {
		text += 4;
		len -= 4;
	}
	for (int s = STATE_CLOSED; s < STATE_COUNT; s++)
		if (same_word(states[s].name, text, len))
			return (enum state)s;
	for (size_t i = 0; i < sizeof also / sizeof *also; i++)
		if (same_word(also[i].name, text, len))
			return also[i].state;
	return STATE_NONE;
}

enum state state_from_kernel(int kernel)
{
	enum { NEW_SYN_RECV = 12 };

	if (kernel == NEW_SYN_RECV)
		return STATE_SYN_RECEIVED;
	for (int s = STATE_CLOSED; s < STATE_COUNT; s++)
		if (states[s].kernel == kernel)
			return (enum state)s;
	return STATE_NONE;
}

enum state state_next(enum state from, enum proof proof)
{
	for (const struct transition *t = transitions; t->from; t++)
		if (t->from == from && (t->proof & proof))
			return t->to;
	return STATE_NONE;
}
