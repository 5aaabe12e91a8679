/* inside.h - what the parts of the flow table share. */
#ifndef ANALYSIS_INSIDE_H
#define ANALYSIS_INSIDE_H

#include "analysis/finding.h"
#include "analysis/flow.h"

/* tcp_watch.c: bring the flow up to date with a TCP segment of `side` and judge it: p->analysis. */
void tcp_watch(struct flow_table *t, struct flow *f, unsigned side, struct packet *p);

/* sights.c: did another interface see the same segment a moment ago? */
bool sights_twice(struct flow_table *t, struct flow *f, unsigned side, const struct packet *p);

/* gaps.c: what a side has not sent yet below its highest number. Without a list the answer is
 * that everything was sent. */
void gaps_add(struct flow_table *t, struct flow_side *s, uint32_t from, uint32_t to);
/* These numbers came. True when some of them were missing. */
bool gaps_fill(struct flow_side *s, uint32_t from, uint32_t to);
/* Everything below was acknowledged: nobody waits for it. */
void gaps_acked(struct flow_side *s, uint32_t ack);
void gaps_sack(struct flow_table *t, struct flow_side *s, const struct packet *p);
bool gaps_sacked(const struct flow_side *s, uint32_t from, uint32_t to);

/* Serial numbers, RFC 1982: is a behind b? */
static inline bool seq_after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

#endif
