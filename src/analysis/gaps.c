/* gaps.c - what a side of a flow has not sent yet below its highest number: a short list, made when
 * the first gap appears. It tells a segment that comes late from one that is sent again. */
#include "inside.h"

#include "util/mem.h"

#include <string.h>

static struct flow_gaps *gaps_of(struct flow_table *t, struct flow_side *s)
{
	if (s->gaps)
		return s->gaps;
	if (t->gapped >= t->gapped_limit) {
		t->ungapped++;
		return NULL;
	}
	t->gapped++;
	s->gaps = mem_alloc(sizeof *s->gaps);
	return s->gaps;
}

static void remove_gap(struct flow_gaps *g, unsigned i)
{
	g->gaps--;
	memmove(g->gap + i, g->gap + i + 1, (g->gaps - i) * sizeof *g->gap);
}

void gaps_add(struct flow_table *t, struct flow_side *s, uint32_t from, uint32_t to)
{
	struct flow_gaps *g = gaps_of(t, s);

	if (!g)
		return;
	if (g->gaps == GAPS_MOST) /* the oldest will hardly be filled any more */
		remove_gap(g, 0);
	g->gap[g->gaps][0] = from;
	g->gap[g->gaps][1] = to;
	g->gaps++;
}

bool gaps_fill(struct flow_side *s, uint32_t from, uint32_t to)
{
	struct flow_gaps *g = s->gaps;
	bool missing = false;

	for (unsigned i = 0; g && i < g->gaps;) {
		uint32_t *gap = g->gap[i], end = gap[1];

		if (!seq_after(to, gap[0]) || !seq_after(gap[1], from)) {
			i++;
			continue;
		}
		missing = true;
		if (seq_after(from, gap[0])) {
			gap[1] = from;
			if (seq_after(end, to) && g->gaps < GAPS_MOST) { /* its middle */
				memmove(g->gap + i + 2, g->gap + i + 1, (g->gaps - i - 1) * sizeof *g->gap);
				g->gap[i + 1][0] = to;
				g->gap[i + 1][1] = end;
				g->gaps++;
			}
			i++;
		} else if (seq_after(end, to)) {
			gap[0] = to;
			i++;
		} else {
			remove_gap(g, i);
		}
	}
	return missing;
}

void gaps_acked(struct flow_side *s, uint32_t ack)
{
	struct flow_gaps *g = s->gaps;

	while (g && g->gaps && !seq_after(g->gap[0][1], ack))
		remove_gap(g, 0);
	if (g && g->gaps && seq_after(ack, g->gap[0][0]))
		g->gap[0][0] = ack;
}

void gaps_sack(struct flow_table *t, struct flow_side *s, const struct packet *p)
{
	struct flow_gaps *g = p->tcp_sack_count ? gaps_of(t, s) : s->gaps;

	if (!g)
		return;
	g->sacks = p->tcp_sack_count;
	memcpy(g->sack, p->tcp_sack, sizeof g->sack);
}

bool gaps_sacked(const struct flow_side *s, uint32_t from, uint32_t to)
{
	const struct flow_gaps *g = s->gaps;

	for (unsigned i = 0; g && i < g->sacks; i++)
		if (!seq_after(g->sack[i][0], from) && !seq_after(to, g->sack[i][1]))
			return true;
	return false;
}
