#include "ui/diagram.h"

#include "util/text.h"

#include <string.h>

enum { LIGHT = 1, HEAVY = 2 };
enum side { NORTH, EAST, SOUTH, WEST, SIDES };

struct spot {
	uint8_t weight[SIDES]; /* of the line towards that side */
	uint8_t arrow;         /* where to, + 1; 0: none */
	bool gone;             /* the arrow's */
};

struct canvas {
	struct spot at[DIAGRAM_ROWS][DIAGRAM_COLS];
};

/* By the weights towards north, east, south and west: n + 3e + 9s + 27w. */
static const char *const boxes[81] = {
	" ", "╵", "╹", "╶", "└", "┖", "╺", "┕", "┗", "╷", "│", "╿", "┌", "├", "┞", "┍", "┝", "┡", "╻", "╽", "┃",
	"┎", "┟", "┠", "┏", "┢", "┣", "╴", "┘", "┚", "─", "┴", "┸", "╼", "┶", "┺", "┐", "┤", "┦", "┬", "┼", "╀",
	"┮", "┾", "╄", "┒", "┧", "┨", "┰", "╁", "╂", "┲", "╆", "╊", "╸", "┙", "┛", "╾", "┵", "┹", "━", "┷", "┻",
	"┑", "┥", "┩", "┭", "┽", "╃", "┯", "┿", "╇", "┓", "┪", "┫", "┱", "╅", "╉", "┳", "╈", "╋",
};

static struct spot *spot(struct canvas *c, int x, int y)
{
	return x >= 0 && x < DIAGRAM_COLS && y >= 0 && y < DIAGRAM_ROWS ? &c->at[y][x] : NULL;
}

static void join(struct canvas *c, int x, int y, enum side side, uint8_t weight)
{
	struct spot *s = spot(c, x, y);

	if (s && s->weight[side] < weight)
		s->weight[side] = weight;
}

/* A straight piece. Returns the side that it goes to. */
static enum side piece(struct canvas *c, int x, int y, int to_x, int to_y, uint8_t weight)
{
	int dx = (to_x > x) - (to_x < x), dy = dx ? 0 : (to_y > y) - (to_y < y);
	enum side to = dx > 0 ? EAST : dx < 0 ? WEST : dy > 0 ? SOUTH : NORTH;

	while (x != to_x || y != to_y) {
		join(c, x, y, to, weight);
		x += dx;
		y += dy;
		join(c, x, y, (enum side)((to + 2) % SIDES), weight);
		if (!dx && !dy)
			break;
	}
	return to;
}

static void line(struct canvas *c, const struct diagram_edge *e, bool gone)
{
	enum side to = SOUTH;
	struct spot *s;
	int last = 0;

	for (; last + 1 < DIAGRAM_BENDS && e->bends[last + 1].x >= 0; last++)
		to = piece(c, e->bends[last].x, e->bends[last].y, e->bends[last + 1].x, e->bends[last + 1].y,
			   gone ? HEAVY : LIGHT);
	s = spot(c, e->bends[last].x, e->bends[last].y);
	if (s) {
		s->arrow = (uint8_t)(to + 1);
		s->gone |= gone;
	}
}

static const char *sign_of(const struct spot *s, bool ascii)
{
	static const char *const arrows[] = { "▲", "►", "▼", "◄" }, *const plain[] = { "^", ">", "v", "<" };
	bool across = s->weight[EAST] || s->weight[WEST], down = s->weight[NORTH] || s->weight[SOUTH];
	bool heavy = false;

	if (s->arrow)
		return ascii ? plain[s->arrow - 1] : arrows[s->arrow - 1];
	if (!ascii)
		return boxes[s->weight[NORTH] + 3 * s->weight[EAST] + 9 * s->weight[SOUTH] + 27 * s->weight[WEST]];
	for (int i = 0; i < SIDES; i++)
		heavy |= s->weight[i] == HEAVY;
	return across && down ? heavy ? "#" : "+" : across ? heavy ? "=" : "-" : heavy ? "#" : "|";
}

static bool is_gone(const struct spot *s)
{
	bool gone = s->gone;

	for (int i = 0; i < SIDES; i++)
		gone |= s->weight[i] == HEAVY;
	return gone;
}

static void draw_lines(const struct diagram *d, const struct diagram_way *way, const struct area *a, int top)
{
	struct canvas c;

	memset(&c, 0, sizeof c);
	for (int i = 0; d->edges[i].from; i++)
		line(&c, &d->edges[i], way->edge[i].gone);
	for (int y = 0; y < a->h && y + top < d->h; y++)
		for (int x = 0; x < d->w; x++) {
			const struct spot *s = &c.at[y + top][x];
			const char *sign = sign_of(s, a->grid->ascii);

			if (s->arrow || s->weight[0] || s->weight[1] || s->weight[2] || s->weight[3])
				area_put(a, x, y, is_gone(s) ? ROLE_STRONG : ROLE_DIM, sign);
		}
}

static void put_label(const struct diagram_edge *e, const struct area *a, int y, enum role role, const char *text)
{
	int wide = (int)text_width(text);

	area_put(a, e->left ? e->x - wide : e->x, y, role, text);
}

static void draw_labels(const struct diagram *d, const struct diagram_way *way, const struct area *a, int top)
{
	for (int i = 0; d->edges[i].from; i++) {
		const struct diagram_edge *e = &d->edges[i];
		bool gone = way->edge[i].gone;
		const char *cause = gone && way->edge[i].cause[0] ? way->edge[i].cause : e->cause;
		const char *then = gone ? way->edge[i].then : e->then;

		if (!e->cause)
			continue;
		put_label(e, a, e->y - top, gone ? ROLE_TEXT : ROLE_DIM, cause);
		if (then && then[0])
			put_label(e, a, e->y + 1 - top, ROLE_DIM, then);
	}
}

static void draw_nodes(const struct diagram *d, const struct diagram_way *way, const struct area *a, int top)
{
	for (int i = 0; d->nodes[i].state; i++) {
		const struct diagram_node *n = &d->nodes[i];
		const char *name = state_name(n->state);
		int wide = (int)strlen(name), x = n->x - wide / 2, y = n->y - top;
		enum role role = !way->node[i]              ? ROLE_LABEL
				 : n->state == STATE_CLOSED ? ROLE_STRONG
							    : theme_state_role(n->state);

		if (way->here == i) {
			area_put(a, x - 1, y, role, "[");
			area_put(a, x + wide, y, role, "]");
		}
		area_put(a, x, y, role, name);
		if (way->here == i)
			area_over(a, x - 1, y, wide + 2, OVER_LIT);
	}
}

void diagram_draw(const struct diagram *d, const struct diagram_way *way, const struct area *a, int top)
{
	struct area seen = area_sub(a, 0, 0, d->w < a->w ? d->w : a->w, a->h);

	if (seen.h > d->h - top)
		seen.h = d->h - top;
	draw_lines(d, way, &seen, top);
	draw_labels(d, way, &seen, top);
	draw_nodes(d, way, &seen, top);
}
