#include "analysis/wire_points.h"

#include "analysis/finding.h"
#include "util/mem.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static uint32_t narrow(uint64_t value)
{
	return value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
}

static void make_room(struct wire_points *w)
{
	size_t half = WIRE_POINTS / 2;

	if (w->count < WIRE_POINTS)
		return;
	memmove(w->points, w->points + half, (w->count - half) * sizeof *w->points);
	w->count -= half;
	w->let_go += half;
}

void wire_points_add(struct wire_points *w, const struct packet *p, bool out)
{
	struct wire_side *from = &w->sum.side[out], *other = &w->sum.side[!out];
	uint32_t trips = other->rtt.count;
	struct wire_point *made;

	wire_sum_add(&w->sum, p, out);
	make_room(w);
	MEM_ROOM(w->points, w->count, w->capacity);
	made = &w->points[w->count++];
	*made = (struct wire_point){ .at_ns = p->at_ns, .out = out, .sent = from->payload };
	made->end = from->payload;
	made->from = from->payload - p->payload_len;
	if (!packet_is_segment(p))
		return;
	made->from = wire_sum_number(from, p->tcp_seq + !!(p->tcp_flags & TCP_FLAG_SYN));
	made->end = made->from + p->payload_len;
	made->has_ack = (p->tcp_flags & TCP_FLAG_ACK) && other->acked;
	made->ack = other->ack;
	made->has_window = from->has_window && !(p->tcp_flags & TCP_FLAG_RST);
	made->window = from->window;
	for (unsigned side = 0; side < 2; side++)
		made->flight[side] = narrow(wire_sum_flight(&w->sum.side[side]));
	made->rtt_us = other->rtt.count > trips ? other->rtt.last_us : 0;
	made->again = p->analysis & FOUND(RETRANSMISSION);
	made->late = p->analysis & FOUND(OUT_OF_ORDER);
	made->reset = p->tcp_flags & TCP_FLAG_RST;
}

void wire_points_clear(struct wire_points *w)
{
	*w = (struct wire_points){ .points = w->points, .capacity = w->capacity };
}

void wire_points_done(struct wire_points *w)
{
	free(w->points);
	*w = (struct wire_points){ 0 };
}

size_t wire_points_since(const struct wire_points *w, uint64_t at_ns)
{
	size_t from = 0, to = w->count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (w->points[middle].at_ns < at_ns)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}
