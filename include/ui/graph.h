/* graph.h - one socket over time, as a page of the Inspector: sequence numbers, throughput, round
 * trips, windows, the congestion window. From its packets where there are some, from the kernel's
 * samples otherwise, from both where both know something.
 *
 * The newest is followed until the cursor is put somewhere. Which graph it is stands in
 * session->graph.
 */
#ifndef UI_GRAPH_H
#define UI_GRAPH_H

#include "session/beside_of.h"
#include "ui/plot.h"

struct samples;

struct graph { /* zeroed: nothing yet */
	uint64_t key;
	enum graph_kind kind;
	struct plot plot;
	const char *empty;  /* a sentence in place of the curves; NULL: there are some */
	uint64_t origin_ns; /* x is 0 there, CLOCK_REALTIME */
	double end, whole;  /* the last moment, and seconds that there are in all */
	double span;        /* seconds that are seen; 0: chosen by itself */
	double until;       /* the right end, where the newest is not followed */
	double cursor;
	bool held, has_cursor, packets, samples; /* packets, samples: what it is drawn from */
	int cells;
};

void graph_done(struct graph *g);
void graph_settle(struct graph *g, const struct session *s, const struct row *r, struct wire_of *wire, int w, int h);
void graph_draw(const struct graph *g, const struct area *a);
/* Up and down turn to another graph, left and right move the cursor. */
bool graph_act(struct graph *g, struct session *s, enum ui_action action);
bool graph_key(struct graph *g, const char *name); /* + - 0 */
void graph_zoom(struct graph *g, int out);         /* more time is seen, or less */
void graph_click(struct graph *g, int x);
void graph_place(const struct graph *g, bool ascii, struct buf *out); /* what is seen, for the title */

#endif
