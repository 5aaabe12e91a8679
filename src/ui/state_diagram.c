#include "ui/state_diagram.h"

#include "util/text.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { LIST_BESIDE = 76, LIST_GAP = 2, STATE_CELLS = 13, TIME_CELLS = 10 };

/* --- the drawings --- */

/* RFC 9293, figure 5: the server's way on the left, the client's on the right; who closes first
 * on the left. Resets and time-outs lead to CLOSED from everywhere and have no line. */
/* clang-format off */
static const struct diagram_node tcp_nodes[] = {
	{ STATE_CLOSED, false, 22, 0 }, { STATE_LISTEN, false, 15, 3 }, { STATE_SYN_SENT, false, 29, 4 },
	{ STATE_SYN_RECEIVED, false, 15, 6 }, { STATE_ESTABLISHED, false, 22, 8 }, { STATE_FIN_WAIT_1, false, 14, 11 },
	{ STATE_CLOSE_WAIT, false, 30, 11 }, { STATE_FIN_WAIT_2, false, 9, 14 }, { STATE_CLOSING, false, 20, 14 },
	{ STATE_LAST_ACK, false, 30, 14 }, { STATE_TIME_WAIT, false, 14, 17 }, { STATE_CLOSED, true, 22, 18 },
	{ STATE_NONE, false, 0, 0 },
};

static const struct diagram_edge tcp_edges[] = {
	{ STATE_CLOSED, STATE_LISTEN, { { 22, 0 }, { 22, 1 }, { 15, 1 }, { 15, 2 }, { -1, 0 } }, 14, 1, true, "listen", NULL },
	{ STATE_CLOSED, STATE_SYN_SENT, { { 22, 0 }, { 22, 1 }, { 29, 1 }, { 29, 3 }, { -1, 0 } }, 31, 1, false,
	  "connect", "SYN →" },
	{ STATE_LISTEN, STATE_SYN_RECEIVED, { { 15, 3 }, { 15, 5 }, { -1, 0 } }, 14, 4, true, "SYN ←", "SYN,ACK →" },
	{ STATE_SYN_SENT, STATE_SYN_RECEIVED, { { 29, 4 }, { 29, 6 }, { 22, 6 }, { -1, 0 } }, 28, 5, true, "SYN ←", NULL },
	{ STATE_SYN_SENT, STATE_ESTABLISHED, { { 29, 4 }, { 29, 8 }, { 28, 8 }, { -1, 0 } }, 31, 6, false,
	  "SYN,ACK ←", "ACK →" },
	{ STATE_SYN_RECEIVED, STATE_ESTABLISHED, { { 15, 6 }, { 15, 8 }, { 16, 8 }, { -1, 0 } }, 14, 7, true, "ACK ←", NULL },
	{ STATE_SYN_RECEIVED, STATE_FIN_WAIT_1, { { 9, 6 }, { 1, 6 }, { 1, 11 }, { 8, 11 }, { -1, 0 } }, 3, 7, false,
	  "close", NULL },
	{ STATE_ESTABLISHED, STATE_FIN_WAIT_1, { { 22, 8 }, { 22, 9 }, { 14, 9 }, { 14, 10 }, { -1, 0 } }, 13, 9, true,
	  "close", "FIN →" },
	{ STATE_ESTABLISHED, STATE_CLOSE_WAIT, { { 22, 8 }, { 22, 9 }, { 30, 9 }, { 30, 10 }, { -1, 0 } }, 32, 9, false,
	  "FIN ←", "ACK →" },
	{ STATE_FIN_WAIT_1, STATE_FIN_WAIT_2, { { 11, 11 }, { 11, 13 }, { -1, 0 } }, 10, 12, true, "ACK ←", NULL },
	{ STATE_FIN_WAIT_1, STATE_CLOSING, { { 17, 11 }, { 17, 13 }, { -1, 0 } }, 19, 12, false, "FIN ←", "ACK →" },
	{ STATE_CLOSE_WAIT, STATE_LAST_ACK, { { 30, 11 }, { 30, 13 }, { -1, 0 } }, 32, 12, false, "close", "FIN →" },
	{ STATE_FIN_WAIT_2, STATE_TIME_WAIT, { { 11, 14 }, { 11, 16 }, { -1, 0 } }, 10, 15, true, "FIN ←", "ACK →" },
	{ STATE_CLOSING, STATE_TIME_WAIT, { { 17, 14 }, { 17, 16 }, { -1, 0 } }, 19, 15, false, "ACK ←", NULL },
	{ STATE_LAST_ACK, STATE_CLOSED, { { 30, 14 }, { 30, 18 }, { 26, 18 }, { -1, 0 } }, 32, 15, false, "ACK ←", NULL },
	{ STATE_TIME_WAIT, STATE_CLOSED, { { 14, 17 }, { 14, 18 }, { 17, 18 }, { -1, 0 } }, 13, 18, true, "2 MSL", NULL },
	{ STATE_NONE, STATE_NONE, { { -1, 0 } }, 0, 0, false, NULL, NULL },
};

/* UDP, raw and UNIX datagram sockets: udp(7), connect(2). */
static const struct diagram_node dgram_nodes[] = {
	{ STATE_UNCONNECTED, false, 12, 0 }, { STATE_CONNECTED, false, 30, 3 }, { STATE_CLOSED, true, 12, 6 },
	{ STATE_NONE, false, 0, 0 },
};

static const struct diagram_edge dgram_edges[] = {
	{ STATE_UNCONNECTED, STATE_CONNECTED, { { 17, 0 }, { 30, 0 }, { 30, 2 }, { -1, 0 } }, 32, 0, false, "connect",
	  "to one peer" },
	{ STATE_CONNECTED, STATE_UNCONNECTED, { { 26, 3 }, { 14, 3 }, { 14, 1 }, { -1, 0 } }, 16, 1, false, "connect",
	  "to AF_UNSPEC" },
	{ STATE_UNCONNECTED, STATE_CLOSED, { { 10, 0 }, { 10, 5 }, { -1, 0 } }, 9, 3, true, "close", NULL },
	{ STATE_CONNECTED, STATE_CLOSED, { { 30, 3 }, { 30, 6 }, { 16, 6 }, { -1, 0 } }, 32, 4, false, "close", NULL },
	{ STATE_NONE, STATE_NONE, { { -1, 0 } }, 0, 0, false, NULL, NULL },
};

/* UNIX stream and seqpacket sockets: unix(7). */
static const struct diagram_node unix_nodes[] = {
	{ STATE_UNCONNECTED, false, 22, 0 }, { STATE_LISTEN, false, 14, 3 }, { STATE_CONNECTED, false, 30, 3 },
	{ STATE_CLOSED, true, 22, 6 }, { STATE_NONE, false, 0, 0 },
};

static const struct diagram_edge unix_edges[] = {
	{ STATE_UNCONNECTED, STATE_LISTEN, { { 22, 0 }, { 22, 1 }, { 14, 1 }, { 14, 2 }, { -1, 0 } }, 13, 1, true, "listen",
	  NULL },
	{ STATE_UNCONNECTED, STATE_CONNECTED, { { 22, 0 }, { 22, 1 }, { 30, 1 }, { 30, 2 }, { -1, 0 } }, 32, 1, false,
	  "connect", NULL },
	{ STATE_LISTEN, STATE_CLOSED, { { 14, 3 }, { 14, 6 }, { 17, 6 }, { -1, 0 } }, 13, 4, true, "close", NULL },
	{ STATE_CONNECTED, STATE_CLOSED, { { 30, 3 }, { 30, 6 }, { 26, 6 }, { -1, 0 } }, 32, 4, false, "close", NULL },
	{ STATE_NONE, STATE_NONE, { { -1, 0 } }, 0, 0, false, NULL, NULL },
};
/* clang-format on */

const struct diagram state_diagram_tcp = { 44, 20, tcp_nodes, tcp_edges };
const struct diagram state_diagram_dgram = { 46, 7, dgram_nodes, dgram_edges };
const struct diagram state_diagram_unix = { 44, 7, unix_nodes, unix_edges };

const struct diagram *state_diagram_of(const struct sock *s)
{
	if (!s || sock_is_tcp(s))
		return &state_diagram_tcp;
	return s->family == AF_UNIX && s->type != SOCK_DGRAM ? &state_diagram_unix : &state_diagram_dgram;
}

/* --- the way --- */

static int node_of(const struct diagram *d, enum state state, bool end)
{
	int found = -1;

	for (int i = 0; d->nodes[i].state; i++)
		if (d->nodes[i].state == state && (found < 0 || d->nodes[i].end == end))
			found = i;
	return found;
}

static int edge_of(const struct diagram *d, enum state from, enum state to)
{
	for (int i = 0; d->edges[i].from; i++)
		if (d->edges[i].from == from && d->edges[i].to == to)
			return i;
	return -1;
}

static void make_way(const struct diagram *d, const struct history *h, bool ascii, struct diagram_way *way)
{
	char text[32];

	*way = (struct diagram_way){ .here = -1 };
	for (unsigned i = 0; h && i < h->step_count; i++) {
		const struct history_step *s = &h->steps[i], *before = i ? &h->steps[i - 1] : NULL;
		int edge = before ? edge_of(d, before->state, s->state) : -1;

		way->here = node_of(d, s->state, i > 0);
		if (way->here >= 0)
			way->node[way->here] = true;
		if (edge < 0)
			continue;
		way->edge[edge].gone = true;
		snprintf(way->edge[edge].cause, sizeof way->edge[edge].cause, "%s", s->why);
		snprintf(way->edge[edge].then, sizeof way->edge[edge].then, "+%s",
			 text_duration(text, sizeof text,
				       s->at_ns > h->steps[0].at_ns ? s->at_ns - h->steps[0].at_ns : 0, ascii));
	}
}

/* The figure's words for what happened: "rcv SYN,ACK / snd ACK". */
static const char *label_of(enum state from, enum state to)
{
	for (const struct transition *t = transitions; t->from; t++)
		if (t->from == from && t->to == to)
			return t->label;
	return NULL;
}

static bool list_is_beside(const struct diagram *d, int width)
{
	return width >= LIST_BESIDE && width >= d->w + LIST_GAP + STATE_CELLS + TIME_CELLS + 6;
}

int state_diagram_height(const struct diagram *d, const struct history *h, int width)
{
	int list = h ? (int)h->step_count : 0;

	if (!list_is_beside(d, width))
		return d->h + (list ? list + 1 : 0);
	return list > d->h ? list : d->h;
}

static void draw_step(const struct history *h, unsigned i, const struct area *a, int y)
{
	const struct history_step *s = &h->steps[i];
	const char *label = i ? label_of(h->steps[i - 1].state, s->state) : NULL;
	uint64_t since = s->at_ns > h->steps[0].at_ns ? s->at_ns - h->steps[0].at_ns : 0;
	char text[32], at[40];
	int x;

	snprintf(at, sizeof at, "+%s", text_duration(text, sizeof text, since, a->grid->ascii));
	area_put_right(a, 0, y, TIME_CELLS, ROLE_OFFSET, at);
	area_put(a, TIME_CELLS + 1, y, theme_state_role(s->state), state_name(s->state));
	x = area_put(a, TIME_CELLS + 1 + STATE_CELLS, y, ROLE_TEXT, s->why);
	if (label && x + 3 + (int)strlen(label) <= a->w)
		area_put(a, x + 2, y, ROLE_DIM, label);
}

void state_diagram_draw(const struct diagram *d, const struct history *h, const struct area *a, int top)
{
	bool beside = list_is_beside(d, a->w);
	int all = beside ? d->w + LIST_GAP + 46 : d->w, x = a->w > all ? (a->w - all) / 2 : 0;
	struct area drawing = area_sub(a, x, 0, d->w, a->h);
	struct area list = beside ? area_sub(a, x + d->w + LIST_GAP, 0, a->w - x - d->w - LIST_GAP, a->h) : *a;
	struct diagram_way way;

	make_way(d, h, a->grid->ascii, &way);
	diagram_draw(d, &way, &drawing, top);
	for (unsigned i = 0; h && i < h->step_count; i++) {
		int y = (beside ? 0 : d->h + 1) + (int)i - top;

		if (y >= 0 && y < a->h)
			draw_step(h, i, &list, y);
	}
}
