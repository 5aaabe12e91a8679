/* The curves of each graph, from packets and samples. */
#include "graph_inside.h"

#include "core/sample.h"
#include "util/mem.h"

#include <stdlib.h>

static double at(const struct graph *g, uint64_t ns)
{
	return ((double)ns - (double)g->origin_ns) / 1e9;
}

/* --- from the kernel's samples --- */

static void add_figure(struct graph *g, const struct samples *s, const char *name, enum figure which, enum role role,
		       bool dotted)
{
	size_t line = plot_series(&g->plot, name, role, PLOT_STEP, ' ', dotted);
	const struct sample *m;

	for (size_t i = 0; s && (m = samples_at(s, i)); i++)
		if (m->known & 1u << which) {
			plot_add(&g->plot, line, at(g, m->at_ns), 0, (double)m->value[which]);
			g->samples = true;
		}
}

/* The congestion window counts segments; beside what is in flight it is drawn in bytes. */
static void add_cwnd_bytes(struct graph *g, const struct samples *s)
{
	const uint32_t both = 1u << FIGURE_CWND | 1u << FIGURE_MSS;
	size_t line = plot_series(&g->plot, "cwnd", ROLE_PEER, PLOT_STEP, ' ', true);
	const struct sample *m;

	for (size_t i = 0; s && (m = samples_at(s, i)); i++)
		if ((m->known & both) == both) {
			plot_add(&g->plot, line, at(g, m->at_ns), 0,
				 (double)m->value[FIGURE_CWND] * (double)m->value[FIGURE_MSS]);
			g->samples = true;
		}
}

/* --- from packets --- */

/* Those in view, and the one before: its value may hold. */
static size_t first_point(const struct graph *g, const struct wire_points *w)
{
	double from = g->plot.from * 1e9 + (double)g->origin_ns;
	size_t first = wire_points_since(w, from > 0 ? (uint64_t)from : 0);

	return first ? first - 1 : 0;
}

enum { OUT_DATA, OUT_ACKED, IN_DATA, IN_ACKED, AGAIN, LATE, RESET, SEQUENCES };

static void add_sequence(struct graph *g, const struct wire_points *w, const struct wire_point *p, const size_t *line)
{
	double x = at(g, p->at_ns), from = (double)p->from, end = (double)p->end;

	(void)w;
	if (p->end > p->from)
		plot_add(&g->plot, line[p->out ? OUT_DATA : IN_DATA], x, from, end);
	if (p->has_ack)
		plot_add(&g->plot, line[p->out ? IN_ACKED : OUT_ACKED], x, 0, (double)p->ack);
	if (p->again)
		plot_add(&g->plot, line[AGAIN], x, 0, end);
	if (p->late)
		plot_add(&g->plot, line[LATE], x, 0, end);
	if (p->reset)
		plot_add(&g->plot, line[RESET], x, 0, end);
}

static void build_sequence(struct graph *g, const struct wire_points *w, const struct samples *s)
{
	size_t line[SEQUENCES];

	if (!g->packets) {
		add_figure(g, s, "sent", FIGURE_OUT, ROLE_OUT, false);
		add_figure(g, s, "received", FIGURE_IN, ROLE_IN, true);
		return;
	}
	if (!w->sum.side[0].begun && !w->sum.side[1].begun) { /* datagrams: bytes so far */
		line[OUT_DATA] = plot_series(&g->plot, "sent", ROLE_OUT, PLOT_STEP, ' ', false);
		line[IN_DATA] = plot_series(&g->plot, "received", ROLE_IN, PLOT_STEP, ' ', true);
		for (size_t i = first_point(g, w); i < w->count; i++)
			plot_add(&g->plot, line[w->points[i].out ? OUT_DATA : IN_DATA], at(g, w->points[i].at_ns), 0,
				 (double)w->points[i].end);
		return;
	}
	line[OUT_ACKED] = plot_series(&g->plot, "acked", ROLE_DIM, PLOT_STEP, ' ', true);
	line[IN_ACKED] = plot_series(&g->plot, "acked by us", ROLE_DIM, PLOT_STEP, ' ', true);
	line[OUT_DATA] = plot_series(&g->plot, "sent", ROLE_OUT, PLOT_SPAN, ' ', false);
	line[IN_DATA] = plot_series(&g->plot, "received", ROLE_IN, PLOT_SPAN, ' ', false);
	line[LATE] = plot_series(&g->plot, "out of order", ROLE_WARN, PLOT_MARK, 'o', false);
	line[AGAIN] = plot_series(&g->plot, "sent again", ROLE_ERROR, PLOT_MARK, 'R', false);
	line[RESET] = plot_series(&g->plot, "reset", ROLE_ERROR, PLOT_MARK, 'X', false);
	for (size_t i = first_point(g, w); i < w->count; i++)
		add_sequence(g, w, &w->points[i], line);
}

/* Bytes of each part of the time, one in two cells, divided by its length. */
static void build_throughput(struct graph *g, const struct wire_points *w, const struct samples *s)
{
	size_t out, in, parts = (size_t)g->cells / 2;
	double each = (g->plot.until - g->plot.from) / (double)(parts ? parts : 1);
	double *bytes;

	if (!g->packets || !parts) {
		add_figure(g, s, "out", FIGURE_OUT_RATE, ROLE_OUT, false);
		add_figure(g, s, "in", FIGURE_IN_RATE, ROLE_IN, true);
		return;
	}
	out = plot_series(&g->plot, "out", ROLE_OUT, PLOT_STEP, ' ', false);
	in = plot_series(&g->plot, "in", ROLE_IN, PLOT_STEP, ' ', true);
	bytes = mem_array(2 * parts + 2, sizeof *bytes);
	for (size_t i = first_point(g, w); i < w->count; i++) {
		const struct wire_point *p = &w->points[i];
		double part = (at(g, p->at_ns) - g->plot.from) / each;

		if (part >= 0 && part <= (double)parts)
			bytes[2 * (part < (double)parts ? (size_t)part : parts - 1) + p->out] += (double)(p->end -
													  p->from);
	}
	for (size_t i = 0; i < parts; i++) {
		plot_add(&g->plot, out, g->plot.from + each * (double)i, 0, bytes[2 * i + 1] / each);
		plot_add(&g->plot, in, g->plot.from + each * (double)i, 0, bytes[2 * i] / each);
	}
	free(bytes);
}

static void build_rtt(struct graph *g, const struct wire_points *w, const struct samples *s)
{
	size_t mine, theirs;

	add_figure(g, s, "kernel's rtt", FIGURE_RTT, ROLE_PEER, false);
	add_figure(g, s, "deviation", FIGURE_RTTVAR, ROLE_DIM, true);
	if (!g->packets)
		return;
	mine = plot_series(&g->plot, "our data to its ack", ROLE_OUT, PLOT_DOTS, ' ', false);
	theirs = plot_series(&g->plot, "peer's data", ROLE_IN, PLOT_DOTS, ' ', true);
	for (size_t i = first_point(g, w); i < w->count; i++)
		if (w->points[i].rtt_us)
			plot_add(&g->plot, w->points[i].out ? theirs : mine, at(g, w->points[i].at_ns), 0,
				 w->points[i].rtt_us);
}

static void build_window(struct graph *g, const struct wire_points *w, const struct samples *s)
{
	size_t window[2], flight[2]; /* as the bits of wire_point's `out` */

	if (!g->packets) {
		add_figure(g, s, "peer's window", FIGURE_SND_WND, ROLE_OUT, true);
		add_figure(g, s, "our window", FIGURE_RCV_WND, ROLE_IN, true);
		add_figure(g, s, "not acked", FIGURE_SEND_Q, ROLE_OUT, false);
		add_figure(g, s, "not read", FIGURE_RECV_Q, ROLE_IN, false);
		add_cwnd_bytes(g, s);
		return;
	}
	window[0] = plot_series(&g->plot, "peer's window", ROLE_OUT, PLOT_STEP, ' ', true);
	window[1] = plot_series(&g->plot, "our window", ROLE_IN, PLOT_STEP, ' ', true);
	flight[1] = plot_series(&g->plot, "in flight", ROLE_OUT, PLOT_STEP, ' ', false);
	flight[0] = plot_series(&g->plot, "peer's in flight", ROLE_IN, PLOT_STEP, ' ', false);
	for (size_t i = first_point(g, w); i < w->count; i++) {
		const struct wire_point *p = &w->points[i];

		if (p->has_window)
			plot_add(&g->plot, window[p->out], at(g, p->at_ns), 0, p->window);
		for (unsigned side = 0; side < 2; side++)
			plot_add(&g->plot, flight[side], at(g, p->at_ns), 0, p->flight[side]);
	}
	add_cwnd_bytes(g, s);
}

static void build_cwnd(struct graph *g, const struct wire_points *w, const struct samples *s)
{
	(void)w;
	add_figure(g, s, "cwnd", FIGURE_CWND, ROLE_PEER, false);
	add_figure(g, s, "ssthresh", FIGURE_SSTHRESH, ROLE_WARN, true);
	add_figure(g, s, "not acked", FIGURE_UNACKED, ROLE_OUT, false);
	add_figure(g, s, "sent again in all", FIGURE_RETRANS, ROLE_ERROR, true);
}

const struct graph_row graph_rows[GRAPHS] = {
	[GRAPH_SEQUENCE] = { PLOT_BYTES, false, true, build_sequence },
	[GRAPH_THROUGHPUT] = { PLOT_PER_SECOND, true, true, build_throughput },
	[GRAPH_RTT] = { PLOT_MICRO, true, true, build_rtt },
	[GRAPH_WINDOW] = { PLOT_BYTES, true, true, build_window },
	[GRAPH_CWND] = { PLOT_NUMBER, true, false, build_cwnd },
};
