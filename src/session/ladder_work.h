/* ladder_work.h - what the files that make a ladder share: who stands on it, and the events they add.
 * For ladder_of.c, ladder_people.c, ladder_calls.c and ladder_wire.c alone.
 */
#ifndef SRC_SESSION_LADDER_WORK_H
#define SRC_SESSION_LADDER_WORK_H

#include "session/ladder_of.h"

enum { LADDER_MEMBERS = 512 };

/* An own socket that stands somewhere on the ladder. */
struct member {
	uint32_t id;
	unsigned party;
	bool listener; /* only what made it listen, and the accept that made a member, are told */
};

struct peer {
	struct endpoint end;
	uint32_t flow;            /* FLOW_NONE: any */
	struct history *inferred; /* states of a TCP end that is not ours */
	uint64_t asked_ns;        /* of one that has not answered: when the last SYN was sent to it; 0: none was */
};

struct work {
	const struct session *s;
	struct ladder *ladder;
	const struct ladder_wish *wish;
	struct sock sock; /* the left party's */
	const struct lab_sock *own;
	uint64_t key;
	struct member members[LADDER_MEMBERS];
	size_t member_count;
	struct peer peers[LADDER_PARTIES]; /* by party; 0 is the left one */
	bool wire;                         /* packets tell of the data; else the calls do */
};

/* ladder_people.c */
bool named(const struct endpoint *e);
bool same_end(const struct endpoint *a, const struct endpoint *b);
/* The same, where `bound` may be bound to every address. */
bool fits_end(const struct endpoint *bound, const struct endpoint *e);
bool is_other_end(const struct lab_sock *k, const struct lab_sock *of);
/* The own socket at the other end; NULL. */
const struct lab_sock *other_end(const struct session *s, const struct lab_sock *of);
struct member *member_of(struct work *w, uint32_t id);
void join(struct work *w, uint32_t id, unsigned party, bool listener);
void join_listener(struct work *w, const struct lab_sock *accepted, unsigned party);
unsigned add_party(struct work *w, const char *name, const struct endpoint *end);
/* A party for the peer at `end`; the own socket there, if any, becomes a member. */
unsigned party_at(struct work *w, const struct endpoint *end, uint32_t flow, uint64_t at_ns);
bool is_ours(const struct work *w, unsigned party);
void add_peer(struct work *w);     /* the one of a connected socket */
void add_accepted(struct work *w); /* those of a listener */

void add_calls(struct work *w);                          /* ladder_calls.c */
void add_packets(struct work *w, const struct trail *t); /* ladder_wire.c: and what they prove */
void add_states(struct work *w);

#endif
