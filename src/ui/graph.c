#include "graph_inside.h"

#include "core/sample.h"
#include "session/watch.h"
#include "ui/pane.h"
#include "util/text.h"

#include <string.h>
#include <sys/socket.h>

#define SPAN_LEAST 1e-5 /* seconds */
#define SPAN_FIRST 120.0

void graph_done(struct graph *g)
{
	plot_done(&g->plot);
}

/* --- settling --- */

/* From the first to the last moment that anything is known of. */
static void bounds(struct graph *g, const struct wire_points *w, const struct samples *s)
{
	const struct sample *first = s ? samples_at(s, 0) : NULL, *last = s ? samples_last(s) : NULL;
	bool wire = w->count && graph_rows[g->kind].packets;
	uint64_t from = first ? first->at_ns : UINT64_MAX, until = last ? last->at_ns : 0;

	g->packets = wire;
	if (wire) {
		from = w->points[0].at_ns < from ? w->points[0].at_ns : from;
		until = w->points[w->count - 1].at_ns > until ? w->points[w->count - 1].at_ns : until;
	}
	if (from > until)
		from = until = 0;
	if (!g->origin_ns || from < g->origin_ns)
		g->origin_ns = from;
	g->end = (double)(until - g->origin_ns) / 1e9;
	g->whole = (double)(until - from) / 1e9;
}

static double span(const struct graph *g, bool live)
{
	double all = g->whole > SPAN_LEAST ? g->whole : SPAN_LEAST;

	if (g->span > 0)
		return g->span < all ? g->span : all;
	return live && all > SPAN_FIRST ? SPAN_FIRST : all;
}

/* The cursor stays in view: the view goes with it. */
static void look(struct graph *g, double seen)
{
	double from;

	if (!g->has_cursor)
		g->held = false;
	if (!g->held)
		g->until = g->end;
	from = g->until - seen;
	if (g->has_cursor && g->cursor < from)
		g->until = g->cursor + seen;
	if (g->has_cursor && g->cursor > g->until)
		g->until = g->cursor;
	if (g->until - seen < g->end - g->whole)
		g->until = g->end - g->whole + seen;
}

static bool any_curve(const struct plot *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->lines[i].any)
			return true;
	return false;
}

void graph_settle(struct graph *g, const struct session *s, const struct row *r, struct wire_of *wire, int w, int h)
{
	const struct samples *samples = r ? session_samples(s, r->key) : NULL;
	double seen;

	(void)h;
	if (g->key != s->selected)
		*g = (struct graph){ .key = s->selected, .plot = g->plot };
	g->kind = s->graph;
	g->samples = false;
	g->empty = !r ? "No socket is selected. Here the selected one is drawn over time." : NULL;
	if (r && r->kind == ROW_ALL)
		g->empty = "This row stands for all packets of the file: choose one of its "
			   "conversations.";
	if (g->empty)
		return;
	wire_of_settle(wire, s, r->key);
	bounds(g, &wire->points, samples);
	seen = span(g, samples != NULL);
	look(g, seen);
	g->cells = plot_width(w);
	plot_begin(&g->plot, g->until - seen, g->until, w);
	g->plot.unit = graph_rows[g->kind].unit;
	g->plot.from_zero = graph_rows[g->kind].from_zero;
	if (g->has_cursor)
		g->plot.cursor = g->cursor;
	if (g->cells > 0)
		graph_rows[g->kind].build(g, &wire->points, samples);
	if (!any_curve(&g->plot))
		g->empty = "Nothing of this is known of the socket yet: neither its packets nor the "
			   "kernel's samples tell of it. j and k turn to another graph.";
}

void graph_draw(const struct graph *g, const struct area *a)
{
	if (g->empty)
		pane_sentence(a, 1, ROLE_DIM, g->empty);
	else if (a->w < PLOT_LEAST_W || a->h < PLOT_LEAST_H)
		pane_sentence(a, 0, ROLE_DIM, "There is no room for a graph: z takes the whole screen.");
	else
		plot_draw(&g->plot, a);
}

static char *seconds(char out[32], double s, bool ascii)
{
	return text_duration(out, 32, (uint64_t)(s * 1e9 + 0.5), ascii);
}

void graph_place(const struct graph *g, bool ascii, struct buf *out)
{
	char seen[32], all[32];

	if (g->empty)
		return;
	buf_printf(out, "%s (j k) · %s of %s (+ -) · %s", graph_names[g->kind],
		   seconds(seen, g->plot.until - g->plot.from, ascii), seconds(all, g->whole, ascii),
		   g->packets && g->samples ? "packets, kernel"
		   : g->packets             ? "packets"
					    : "kernel");
}

/* --- what is done to it --- */

static void move_cursor(struct graph *g, double to)
{
	double first = g->end - g->whole;

	if (!g->has_cursor && g->span <= 0) /* the view stays as it is, whatever comes */
		g->span = g->plot.until - g->plot.from;
	g->has_cursor = g->held = true;
	g->cursor = to < first ? first : to > g->end ? g->end : to;
}

static double cell(const struct graph *g)
{
	return (g->plot.until - g->plot.from) / (g->cells > 1 ? g->cells - 1 : 1);
}

static void turn(struct graph *g, struct session *s, int by)
{
	(void)g;
	s->graph = (enum graph_kind)((s->graph + GRAPHS + by) % GRAPHS);
}

bool graph_act(struct graph *g, struct session *s, enum ui_action action)
{
	double from = g->has_cursor ? g->cursor : g->plot.until, page = cell(g) * g->cells / 8;

	switch (action) {
	case UI_UP: turn(g, s, -1); return true;
	case UI_DOWN: turn(g, s, 1); return true;
	case UI_LEFT: move_cursor(g, from - cell(g)); return true;
	case UI_RIGHT: move_cursor(g, from + cell(g)); return true;
	case UI_PAGE_UP: move_cursor(g, from - page); return true;
	case UI_PAGE_DOWN: move_cursor(g, from + page); return true;
	case UI_TOP: move_cursor(g, g->end - g->whole); return true;
	case UI_BOTTOM: move_cursor(g, g->end); return true;
	case UI_BACK:
		if (!g->has_cursor && g->span <= 0)
			return false;
		g->has_cursor = g->held = false;
		g->span = 0;
		return true;
	default: return false;
	}
}

void graph_zoom(struct graph *g, int out)
{
	double now = g->plot.until - g->plot.from, wanted = out > 0 ? now * 2 : now / 2;
	double middle = g->has_cursor ? g->cursor : g->plot.until;

	g->span = wanted < SPAN_LEAST ? SPAN_LEAST : wanted < g->whole ? wanted : g->whole;
	/* What is under the cursor stays where it is. */
	if (g->held)
		g->until = middle + (g->plot.until - middle) * g->span / now;
	if (g->until > g->end)
		g->until = g->end;
	if (g->until - g->span < g->end - g->whole)
		g->until = g->end - g->whole + g->span;
}

bool graph_key(struct graph *g, const char *name)
{
	static const struct {
		const char *name;
		int out;
	} keys[] = { { "+", -1 }, { "=", -1 }, { "-", 1 } };

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (!strcmp(keys[i].name, name)) {
			graph_zoom(g, keys[i].out);
			return true;
		}
	if (strcmp(name, "0"))
		return false;
	g->span = g->whole; /* all of it */
	g->held = false;
	return true;
}

void graph_click(struct graph *g, int x)
{
	if (x > PLOT_AXIS && !g->empty)
		move_cursor(g, g->plot.from + cell(g) * (x - PLOT_AXIS - 1));
}
