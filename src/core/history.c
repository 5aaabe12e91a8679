#include "core/history.h"

#include <stdio.h>
#include <string.h>

static void push(struct history *h, const struct evidence *e, enum state state)
{
	struct history_step *step;

	if (h->step_count && h->steps[h->step_count - 1].state == state)
		return;
	if (h->step_count == HISTORY_STEPS) { /* keep the beginning, let the middle go */
		memmove(&h->steps[4], &h->steps[5], sizeof h->steps[0] * (HISTORY_STEPS - 5));
		h->step_count--;
	}
	step = &h->steps[h->step_count++];
	step->at_ns = e->at_ns;
	step->state = state;
	step->cause = e->cause;
	memcpy(step->why, e->why, sizeof step->why);
}

/* The state after evidence `e`, coming from `now`; STATE_NONE when it changes nothing. */
static enum state after(enum state now, const struct evidence *e)
{
	if (e->cause == CAUSE_SEEN)
		return e->seen;
	/* Figure 5 moves the listener itself; the kernel makes a new socket of the SYN, and the listener stays. */
	if (now == STATE_LISTEN && e->cause == CAUSE_PACKET)
		return STATE_NONE;
	return state_next(now, e->proof);
}

static void walk(struct history *h)
{
	h->step_count = 0;
	for (unsigned i = 0; i < h->count; i++) {
		enum state next = after(history_now(h), &h->evidence[i]);

		if (next != STATE_NONE)
			push(h, &h->evidence[i], next);
	}
}

static void drop(struct history *h, unsigned victim)
{
	memmove(&h->evidence[victim], &h->evidence[victim + 1], sizeof h->evidence[0] * (h->count - victim - 1));
	h->count--;
	h->lost++;
}

/* Make room without changing where the way ends: first the oldest look that told nothing new, else two entries
 * become one that says what they led to. The first few always stay: they are how the socket began. */
static void make_room(struct history *h)
{
	enum { BEGINNING = 4 };
	enum state now = h->evidence[0].seen, next;
	struct evidence *joined = &h->evidence[BEGINNING + 1];

	for (unsigned i = 1; i < h->count; i++) {
		next = after(now, &h->evidence[i]);
		if (h->evidence[i].cause == CAUSE_SEEN && next == now) {
			drop(h, i);
			return;
		}
		now = next != STATE_NONE ? next : now;
	}
	now = h->evidence[0].seen;
	for (unsigned i = 1; i <= BEGINNING + 1; i++) {
		next = after(now, &h->evidence[i]);
		now = next != STATE_NONE ? next : now;
	}
	joined->cause = CAUSE_SEEN;
	joined->seen = now;
	drop(h, BEGINNING);
}

/* On a tie the order is call start, packet, state. One segment is worked through as RFC 9293, 3.10.7.4 has it: what it
 * acknowledges comes before its FIN. */
static int rank(const struct evidence *e)
{
	switch (e->cause) {
	case CAUSE_CALL: return 0;
	case CAUSE_PACKET: return e->proof == PROOF_FIN_IN ? 2 : 1;
	case CAUSE_TIMER: return 3;
	default: return 4;
	}
}

static void add(struct history *h, const struct evidence *e)
{
	unsigned at;

	if (!h->count)
		return;
	if (h->count == HISTORY_EVIDENCE)
		make_room(h);
	for (at = h->count; at > 1; at--) {
		const struct evidence *before = &h->evidence[at - 1];

		if (before->at_ns < e->at_ns || (before->at_ns == e->at_ns && rank(before) <= rank(e)))
			break;
	}
	memmove(&h->evidence[at + 1], &h->evidence[at], sizeof h->evidence[0] * (h->count - at));
	h->evidence[at] = *e;
	h->count++;
	/* An accepted socket began with the peer's SYN, before accept told of it. */
	if (e->at_ns < h->evidence[0].at_ns)
		h->evidence[0].at_ns = e->at_ns;
	walk(h);
}

void history_init(struct history *h, enum state first, uint64_t at_ns, const char *why)
{
	memset(h, 0, sizeof *h);
	h->evidence[0] = (struct evidence){ .at_ns = at_ns, .cause = CAUSE_SEEN, .seen = first };
	snprintf(h->evidence[0].why, sizeof h->evidence[0].why, "%s", why);
	h->count = 1;
	walk(h);
}

/* Is the newest evidence a look that did not change the state? */
static bool confirms(const struct history *h)
{
	const struct evidence *last = &h->evidence[h->count - 1];

	return h->count > 1 && last->cause == CAUSE_SEEN && last->at_ns > h->steps[h->step_count - 1].at_ns;
}

void history_see(struct history *h, uint64_t at_ns, enum state seen)
{
	struct evidence e = { .at_ns = at_ns, .cause = CAUSE_SEEN, .seen = seen };
	bool newest = h->count && h->evidence[h->count - 1].at_ns <= at_ns;

	if (seen == STATE_NONE)
		return;
	/* Of looks that only confirm, the last stays: evidence that comes late cannot lead past the kernel's word. */
	if (newest && history_now(h) == seen && confirms(h)) {
		h->evidence[h->count - 1].at_ns = at_ns;
		return;
	}
	snprintf(e.why, sizeof e.why, "seen");
	add(h, &e);
}

/* A retransmission proves nothing new, unless a connect lies between: then it belongs to another attempt. */
static bool known_already(const struct history *h, const struct evidence *e)
{
	bool known = false;

	for (unsigned i = 0; i < h->count; i++) {
		const struct evidence *other = &h->evidence[i];

		if (other->cause == CAUSE_CALL && other->proof == PROOF_CONNECT) {
			if (other->at_ns > e->at_ns)
				break;
			known = false;
		}
		known |= other->cause == CAUSE_PACKET && other->proof == e->proof;
	}
	return known;
}

void history_prove(struct history *h, uint64_t at_ns, enum cause cause, enum proof proof, const char *why)
{
	struct evidence e = { .at_ns = at_ns, .cause = cause, .proof = proof };

	if (cause == CAUSE_PACKET && known_already(h, &e))
		return;
	snprintf(e.why, sizeof e.why, "%s", why);
	add(h, &e);
}

enum state history_now(const struct history *h)
{
	return h->step_count ? h->steps[h->step_count - 1].state : STATE_NONE;
}

bool history_was(const struct history *h, enum state s, uint64_t since_ns)
{
	for (unsigned i = 0; i < h->step_count; i++) {
		bool over = i + 1 < h->step_count && h->steps[i + 1].at_ns <= since_ns;

		if (h->steps[i].state == s && !over)
			return true;
	}
	return false;
}
