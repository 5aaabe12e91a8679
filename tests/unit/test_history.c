/* The way of a TCP socket through its states, from calls, packets and looks in any order. */
#include "core/history.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const char *way(const struct history *h, char *out, size_t size)
{
	size_t len = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < h->step_count && len < size; i++)
		len += (size_t)snprintf(out + len, size - len, "%s%s", i ? " " : "", state_name(h->steps[i].state));
	return out;
}

#define WAY(h, wanted)                                               \
	do {                                                         \
		char text[1024];                                     \
		cr_assert_str_eq(way(h, text, sizeof text), wanted); \
	} while (0)

/* One life as evidence: cause 0 is a look. */
struct fact {
	uint64_t at;
	enum cause cause;
	unsigned what; /* proof or state */
};

static void tell(struct history *h, const struct fact *f)
{
	if (f->cause == CAUSE_SEEN)
		history_see(h, f->at, (enum state)f->what);
	else
		history_prove(h, f->at, f->cause, (enum proof)f->what, "x");
}

enum { LONGEST = 12 };

static const struct life {
	const char *name;
	enum state first;
	struct fact facts[LONGEST];
	const char *way;
} lives[] = {
	{ "active open, active close",
	  STATE_CLOSED,
	  { { 10, CAUSE_CALL, PROOF_CONNECT },
	    { 11, CAUSE_PACKET, PROOF_SYN_ACK },
	    { 12, CAUSE_PACKET, PROOF_ACK_SYN },
	    { 20, CAUSE_CALL, PROOF_FIN_OUT },
	    { 21, CAUSE_PACKET, PROOF_FIN_OUT },
	    { 22, CAUSE_PACKET, PROOF_ACK_FIN },
	    { 23, CAUSE_PACKET, PROOF_FIN_IN },
	    { 60, CAUSE_TIMER, PROOF_2MSL } },
	  "CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT CLOSED" },
	{ "active open, the peer closes first",
	  STATE_CLOSED,
	  { { 10, CAUSE_CALL, PROOF_CONNECT },
	    { 11, CAUSE_PACKET, PROOF_SYN_ACK },
	    { 20, CAUSE_PACKET, PROOF_FIN_IN },
	    { 30, CAUSE_CALL, PROOF_FIN_OUT },
	    { 31, CAUSE_PACKET, PROOF_ACK_FIN } },
	  "CLOSED SYN-SENT ESTABLISHED CLOSE-WAIT LAST-ACK CLOSED" },
	{ "both close at once",
	  STATE_CLOSED,
	  { { 10, CAUSE_CALL, PROOF_CONNECT },
	    { 11, CAUSE_PACKET, PROOF_SYN_ACK },
	    { 20, CAUSE_CALL, PROOF_FIN_OUT },
	    { 21, CAUSE_PACKET, PROOF_FIN_IN },
	    { 22, CAUSE_PACKET, PROOF_ACK_FIN } },
	  "CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1 CLOSING TIME-WAIT" },
	{ "FIN and ACK of FIN in one segment is not CLOSING",
	  STATE_CLOSED,
	  { { 10, CAUSE_CALL, PROOF_CONNECT },
	    { 11, CAUSE_PACKET, PROOF_SYN_ACK },
	    { 20, CAUSE_CALL, PROOF_FIN_OUT },
	    { 21, CAUSE_PACKET, PROOF_FIN_IN },
	    { 21, CAUSE_PACKET, PROOF_ACK_FIN } },
	  "CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT" },
	{ "both open at once",
	  STATE_CLOSED,
	  { { 10, CAUSE_CALL, PROOF_CONNECT },
	    { 11, CAUSE_PACKET, PROOF_SYN_IN },
	    { 12, CAUSE_PACKET, PROOF_SYN_ACK } },
	  "CLOSED SYN-SENT SYN-RECEIVED ESTABLISHED" },
	{ "refused",
	  STATE_CLOSED,
	  { { 10, CAUSE_CALL, PROOF_CONNECT }, { 11, CAUSE_PACKET, PROOF_RST }, { 12, CAUSE_SEEN, STATE_CLOSED } },
	  "CLOSED SYN-SENT CLOSED" },
	{ "refused, without packets",
	  STATE_CLOSED,
	  { { 10, CAUSE_CALL, PROOF_CONNECT }, { 12, CAUSE_SEEN, STATE_CLOSED } },
	  "CLOSED SYN-SENT CLOSED" },
	{ "refused, then accepted: the same packets count again after another connect",
	  STATE_CLOSED,
	  { { 10, CAUSE_CALL, PROOF_CONNECT },
	    { 11, CAUSE_PACKET, PROOF_RST },
	    { 20, CAUSE_CALL, PROOF_CONNECT },
	    { 21, CAUSE_PACKET, PROOF_RST },
	    { 30, CAUSE_CALL, PROOF_CONNECT },
	    { 31, CAUSE_PACKET, PROOF_SYN_ACK } },
	  "CLOSED SYN-SENT CLOSED SYN-SENT CLOSED SYN-SENT ESTABLISHED" },
	{ "accepted",
	  STATE_SYN_RECEIVED,
	  { { 30, CAUSE_CALL, PROOF_ACCEPTED },
	    { 40, CAUSE_PACKET, PROOF_FIN_IN },
	    { 50, CAUSE_CALL, PROOF_FIN_OUT },
	    { 51, CAUSE_PACKET, PROOF_ACK_FIN } },
	  "SYN-RECEIVED ESTABLISHED CLOSE-WAIT LAST-ACK CLOSED" },
	{ "accepted, with the handshake's packets",
	  STATE_SYN_RECEIVED,
	  { { 5, CAUSE_PACKET, PROOF_SYN_IN },
	    { 6, CAUSE_PACKET, PROOF_ACK_SYN },
	    { 30, CAUSE_CALL, PROOF_ACCEPTED },
	    { 40, CAUSE_CALL, PROOF_FIN_OUT } },
	  "SYN-RECEIVED ESTABLISHED FIN-WAIT-1" },
	{ "a listener stays one when a SYN comes",
	  STATE_CLOSED,
	  { { 10, CAUSE_CALL, PROOF_LISTEN }, { 20, CAUSE_PACKET, PROOF_SYN_IN }, { 30, CAUSE_CALL, PROOF_FIN_OUT } },
	  "CLOSED LISTEN CLOSED" },
	{ "aborted",
	  STATE_CLOSED,
	  { { 10, CAUSE_CALL, PROOF_CONNECT },
	    { 11, CAUSE_PACKET, PROOF_SYN_ACK },
	    { 20, CAUSE_CALL, PROOF_RST },
	    { 21, CAUSE_PACKET, PROOF_RST } },
	  "CLOSED SYN-SENT ESTABLISHED CLOSED" },
	{ "looks alone",
	  STATE_CLOSED,
	  { { 10, CAUSE_SEEN, STATE_ESTABLISHED },
	    { 11, CAUSE_SEEN, STATE_ESTABLISHED },
	    { 20, CAUSE_SEEN, STATE_FIN_WAIT_2 },
	    { 30, CAUSE_SEEN, STATE_CLOSED } },
	  "CLOSED ESTABLISHED FIN-WAIT-2 CLOSED" },
	{ "a look between the proofs",
	  STATE_CLOSED,
	  { { 10, CAUSE_CALL, PROOF_CONNECT },
	    { 11, CAUSE_PACKET, PROOF_SYN_ACK },
	    { 12, CAUSE_SEEN, STATE_ESTABLISHED },
	    { 20, CAUSE_CALL, PROOF_FIN_OUT },
	    { 22, CAUSE_PACKET, PROOF_ACK_FIN },
	    { 23, CAUSE_SEEN, STATE_FIN_WAIT_2 },
	    { 24, CAUSE_PACKET, PROOF_FIN_IN },
	    { 25, CAUSE_SEEN, STATE_TIME_WAIT } },
	  "CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT" },
};

enum { LIVES = sizeof lives / sizeof *lives };

static unsigned fact_count(const struct life *life)
{
	unsigned n = 0;

	while (n < LONGEST && life->facts[n].at)
		n++;
	return n;
}

Test(history, lives_in_order)
{
	for (unsigned i = 0; i < LIVES; i++) {
		struct history h;
		char text[1024];

		history_init(&h, lives[i].first, 1, "socket");
		for (unsigned k = 0; k < fact_count(&lives[i]); k++)
			tell(&h, &lives[i].facts[k]);
		cr_expect_str_eq(way(&h, text, sizeof text), lives[i].way, "%s: %s", lives[i].name, text);
	}
}

static unsigned connects(const struct life *life)
{
	unsigned n = 0;

	for (unsigned i = 0; i < LONGEST; i++)
		n += life->facts[i].cause == CAUSE_CALL && life->facts[i].what == PROOF_CONNECT;
	return n;
}

/* Whatever order the evidence comes in, the way is the same. (Where a socket connects more than once, a packet tells
 * which attempt it belongs to only after that call is known; calls are told at once, so that is how it goes.) */
Test(history, lives_in_any_order)
{
	for (unsigned i = 0; i < LIVES; i++) {
		unsigned n = fact_count(&lives[i]);

		for (unsigned first = 0; first < n && connects(&lives[i]) < 2; first++)
			for (unsigned stride = 1; stride < n; stride++) {
				struct history h;
				char text[1024];
				bool told[LONGEST] = { false };

				history_init(&h, lives[i].first, 1, "socket");
				for (unsigned k = 0, at = first; k < n; k++) {
					while (told[at % n])
						at++;
					tell(&h, &lives[i].facts[at % n]);
					told[at % n] = true;
					at += stride;
				}
				cr_expect_str_eq(way(&h, text, sizeof text), lives[i].way, "%s from %u by %u: %s",
						 lives[i].name, first, stride, text);
			}
	}
}

Test(history, steps_say_when_and_why)
{
	struct history h;

	history_init(&h, STATE_CLOSED, 5, "socket");
	history_see(&h, 12, STATE_ESTABLISHED);
	history_prove(&h, 10, CAUSE_CALL, PROOF_CONNECT, "connect");
	history_prove(&h, 11, CAUSE_PACKET, PROOF_SYN_ACK, "[S.] in");
	cr_assert_eq(h.step_count, 3);
	cr_expect_str_eq(h.steps[0].why, "socket");
	cr_expect_str_eq(h.steps[1].why, "connect");
	cr_expect_eq(h.steps[1].at_ns, 10);
	cr_expect_str_eq(h.steps[2].why, "[S.] in");
	cr_expect_eq(h.steps[2].at_ns, 11);
	cr_expect_eq(h.steps[2].cause, CAUSE_PACKET);
	cr_expect_eq(history_now(&h), STATE_ESTABLISHED);
}

Test(history, an_accepted_socket_begins_with_the_syn)
{
	struct history h;

	history_init(&h, STATE_SYN_RECEIVED, 100, "accept");
	history_prove(&h, 100, CAUSE_CALL, PROOF_ACCEPTED, "accept");
	history_prove(&h, 50, CAUSE_PACKET, PROOF_SYN_IN, "[S] in");
	history_prove(&h, 60, CAUSE_PACKET, PROOF_ACK_SYN, "[.] in");
	cr_assert_eq(h.step_count, 2);
	cr_expect_eq(h.steps[0].at_ns, 50);
	cr_expect_eq(h.steps[1].at_ns, 60);
	cr_expect_str_eq(h.steps[1].why, "[.] in");
}

Test(history, ties_are_call_packet_state)
{
	struct history h;

	history_init(&h, STATE_CLOSED, 1, "socket");
	history_see(&h, 10, STATE_FIN_WAIT_1);
	history_prove(&h, 10, CAUSE_PACKET, PROOF_SYN_ACK, "[S.]");
	history_prove(&h, 10, CAUSE_CALL, PROOF_CONNECT, "connect");
	WAY(&h, "CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1");
}

Test(history, was_in_a_state)
{
	struct history h;

	history_init(&h, STATE_CLOSED, 1, "socket");
	history_prove(&h, 10, CAUSE_CALL, PROOF_CONNECT, "connect");
	history_see(&h, 20, STATE_ESTABLISHED);
	cr_expect(history_was(&h, STATE_SYN_SENT, 5));
	cr_expect(history_was(&h, STATE_SYN_SENT, 19));
	cr_expect_not(history_was(&h, STATE_SYN_SENT, 20));
	cr_expect(history_was(&h, STATE_ESTABLISHED, 1000));
	cr_expect_not(history_was(&h, STATE_CLOSED, 15));
	cr_expect_not(history_was(&h, STATE_LISTEN, 0));
}

Test(history, looks_that_say_the_same_take_no_room)
{
	struct history h;

	history_init(&h, STATE_CLOSED, 1, "socket");
	for (uint64_t t = 2; t < 10000; t++)
		history_see(&h, t, STATE_CLOSED);
	cr_expect_eq(h.count, 2);
	cr_expect_eq(h.lost, 0);
	history_see(&h, 20000, STATE_NONE);
	cr_expect_eq(h.count, 2);
}

/* A socket that is refused again and again: the end of the way is right however often. */
Test(history, overflow_keeps_the_beginning_and_the_end)
{
	struct history h;

	history_init(&h, STATE_CLOSED, 1, "socket");
	for (uint64_t t = 10; t < 10000; t += 10) {
		history_prove(&h, t, CAUSE_CALL, PROOF_CONNECT, "connect");
		cr_assert_eq(history_now(&h), STATE_SYN_SENT);
		history_see(&h, t + 5, STATE_CLOSED);
		cr_assert_eq(history_now(&h), STATE_CLOSED);
	}
	cr_expect_leq(h.count, HISTORY_EVIDENCE);
	cr_expect_leq(h.step_count, HISTORY_STEPS);
	cr_expect_gt(h.lost, 0);
	cr_expect_eq(h.steps[0].at_ns, 1);
	cr_expect_eq(h.steps[1].at_ns, 10);
	cr_expect_eq(h.steps[1].state, STATE_SYN_SENT);
	history_prove(&h, 20000, CAUSE_CALL, PROOF_CONNECT, "connect");
	history_prove(&h, 20001, CAUSE_PACKET, PROOF_SYN_ACK, "[S.] in");
	cr_expect_eq(history_now(&h), STATE_ESTABLISHED);
}

Test(history, overflow_by_proofs_alone)
{
	struct history h;

	history_init(&h, STATE_CLOSED, 1, "socket");
	history_prove(&h, 2, CAUSE_CALL, PROOF_CONNECT, "connect");
	history_see(&h, 3, STATE_ESTABLISHED);
	for (uint64_t t = 10; t < 1000; t++)
		history_prove(&h, t, CAUSE_CALL, PROOF_LISTEN, "listen");
	cr_expect_eq(history_now(&h), STATE_ESTABLISHED);
	cr_expect_leq(h.count, HISTORY_EVIDENCE);
}

Test(history, long_words_are_cut)
{
	struct history h;
	char why[200];

	memset(why, 'w', sizeof why - 1);
	why[sizeof why - 1] = '\0';
	history_init(&h, STATE_CLOSED, 1, why);
	history_prove(&h, 2, CAUSE_CALL, PROOF_CONNECT, why);
	cr_expect_eq(strlen(h.steps[1].why), HISTORY_WHY - 1);
}

Test(history, nothing_known)
{
	struct history h = { 0 };

	cr_expect_eq(history_now(&h), STATE_NONE);
	history_prove(&h, 1, CAUSE_CALL, PROOF_CONNECT, "connect");
	cr_expect_eq(history_now(&h), STATE_NONE);
	cr_expect_not(history_was(&h, STATE_CLOSED, 0));
}

/* Every edge of the table is walked by each of its proofs, and by no other. */
Test(history, every_transition)
{
	for (const struct transition *t = transitions; t->from; t++)
		for (unsigned bit = 0; bit <= 10; bit++) {
			enum proof proof = (enum proof)(1u << bit);
			enum state next = state_next(t->from, proof);

			if (t->proof & proof)
				cr_expect_neq(next, STATE_NONE, "%s: %s", state_name(t->from), t->label);
		}
}
