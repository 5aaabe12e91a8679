/* graph_inside.h - what the two files of the graphs share. */
#ifndef SRC_UI_GRAPH_INSIDE_H
#define SRC_UI_GRAPH_INSIDE_H

#include "ui/graph.h"

struct graph_row {
	enum plot_unit unit;
	bool from_zero;
	bool packets; /* they tell of it */
	/* The plot has its range; g->packets: there are some. */
	void (*build)(struct graph *g, const struct wire_points *w, const struct samples *s);
};

extern const struct graph_row graph_rows[GRAPHS];

#endif
