/* wire_points.h - a connection's packets as points to be drawn over time: which numbers each one
 * carried and acknowledged, the window, what was on its way, the round trip that it ended. Pure.
 *
 * Bounded: beyond WIRE_POINTS the older half is let go.
 */
#ifndef ANALYSIS_WIRE_POINTS_H
#define ANALYSIS_WIRE_POINTS_H

#include "analysis/wire_sum.h"

#include <stddef.h>

enum { WIRE_POINTS = 1 << 16 };

struct wire_point {
	uint64_t at_ns;
	uint64_t from, end; /* of its data, by its sender's numbers from 0 */
	uint64_t ack;       /* of the other's numbers; valid with has_ack */
	uint64_t sent;      /* payload of its sender so far, with what was sent again */
	uint32_t window;    /* of its sender, scaled; valid with has_window */
	uint32_t flight[2]; /* bytes on their way after it: to the socket, from it */
	uint32_t rtt_us;    /* of the round trip of the other's data that it ended; 0: none */
	bool out, has_ack, has_window;
	bool again, late, reset; /* sent again; out of order; RST */
};

struct wire_points { /* zeroed: none */
	struct wire_sum sum;
	struct wire_point *points;
	size_t count, capacity;
	uint64_t let_go; /* points that made room */
};

void wire_points_add(struct wire_points *w, const struct packet *p, bool out);
void wire_points_clear(struct wire_points *w); /* memory is kept */
void wire_points_done(struct wire_points *w);
/* The first point at or after `at_ns`. */
size_t wire_points_since(const struct wire_points *w, uint64_t at_ns);

#endif
