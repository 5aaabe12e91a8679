/* diagram.h - states as names and edges as lines between them, drawn from a table into cells.
 * Lines that were gone along are heavy (in ASCII: = and #), so that the way is seen without
 * colours. Pure. */
#ifndef UI_DIAGRAM_H
#define UI_DIAGRAM_H

#include "core/tcp_state.h"
#include "ui/grid.h"

#include <stdbool.h>
#include <stdint.h>

enum { DIAGRAM_COLS = 48, DIAGRAM_ROWS = 24, DIAGRAM_BENDS = 5, DIAGRAM_NODES = 16, DIAGRAM_EDGES = 32 };

struct diagram_node {
	enum state state;
	bool end;    /* where a life ends, not where it begins: CLOSED is both */
	int8_t x, y; /* the middle of its name */
};

/* From one node, along the corners of a line, to an arrow beside another one. */
struct diagram_edge {
	enum state from, to;
	struct {
		int8_t x, y;
	} bends[DIAGRAM_BENDS]; /* ends with x == -1; the last one is the arrow */
	int8_t x, y;            /* of the two lines of its label; ends before x where `left` */
	bool left;
	const char *cause, *then; /* what moves it, what that sends; then may be NULL */
};

struct diagram {
	int w, h;
	const struct diagram_node *nodes; /* ends with STATE_NONE */
	const struct diagram_edge *edges; /* ends with STATE_NONE */
};

/* What is known of a node or an edge, in the order of the tables. */
struct diagram_way {
	bool node[DIAGRAM_NODES];
	int here; /* the node that is the present one, -1 */
	struct {
		bool gone;
		char cause[24], then[24]; /* in place of the table's words; "" for none */
	} edge[DIAGRAM_EDGES];
};

/* Rows from `top` on. */
void diagram_draw(const struct diagram *d, const struct diagram_way *way, const struct area *a, int top);

#endif
