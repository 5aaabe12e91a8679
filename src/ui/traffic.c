/* The Traffic pane: hands everything on to the view that the session has chosen. */
#include "ui/traffic.h"

#include "util/mem.h"

#include <stdlib.h>

static const struct pane_ops *const views[VIEWS] = {
	[VIEW_PACKETS] = &traffic_packets,
	[VIEW_LADDER] = &traffic_ladder,
	[VIEW_STREAM] = &traffic_stream,
};

struct traffic {
	enum traffic_view now; /* at the last settle */
	void *view[VIEWS];
};

static void open_pane(void *state)
{
	struct traffic *p = state;

	for (int i = 0; i < VIEWS; i++) {
		p->view[i] = mem_alloc(views[i]->size);
		if (views[i]->open)
			views[i]->open(p->view[i]);
	}
}

static void close_pane(void *state)
{
	struct traffic *p = state;

	for (int i = 0; i < VIEWS; i++) {
		if (views[i]->close)
			views[i]->close(p->view[i]);
		free(p->view[i]);
	}
}

static void settle(void *state, const struct session *s, int w, int h)
{
	struct traffic *p = state;

	p->now = s->view;
	views[p->now]->settle(p->view[p->now], s, w, h);
}

static void title(const void *state, const struct session *s, struct buf *out, struct buf *right)
{
	const struct traffic *p = state;

	views[p->now]->title(p->view[p->now], s, out, right);
}

static void draw(const void *state, const struct session *s, const struct area *a, bool focused)
{
	const struct traffic *p = state;

	views[p->now]->draw(p->view[p->now], s, a, focused);
}

static bool act(void *state, struct session *s, enum ui_action action)
{
	struct traffic *p = state;

	return views[p->now]->act(p->view[p->now], s, action);
}

static void scroll(void *state, int lines)
{
	struct traffic *p = state;

	views[p->now]->scroll(p->view[p->now], lines);
}

static void click(void *state, struct session *s, int x, int y)
{
	struct traffic *p = state;

	views[p->now]->click(p->view[p->now], s, x, y);
}

static bool key(void *state, struct session *s, const char *name)
{
	struct traffic *p = state;

	return views[p->now]->key && views[p->now]->key(p->view[p->now], s, name);
}

static enum found find(void *state, struct session *s, const struct needle *n, int way)
{
	struct traffic *p = state;

	return views[p->now]->find ? views[p->now]->find(p->view[p->now], s, n, way) : FOUND_NOTHING;
}

static bool moment(const void *state, const struct session *s, struct mark *out)
{
	const struct traffic *p = state;

	return views[p->now]->moment && views[p->now]->moment(p->view[p->now], s, out);
}

static void explain(const void *state, const struct session *s, struct explanation *out)
{
	const struct traffic *p = state;

	if (views[p->now]->explain)
		views[p->now]->explain(p->view[p->now], s, out);
}

static const struct pane_hint *hints(const void *state, const struct session *s)
{
	const struct traffic *p = state;

	return views[p->now]->hints ? views[p->now]->hints(p->view[p->now], s) : NULL;
}

static bool detail(const void *state)
{
	const struct traffic *p = state;

	return views[p->now]->detail && views[p->now]->detail(p->view[p->now]);
}

static void copy(const void *state, const struct session *s, struct buf *out)
{
	const struct traffic *p = state;

	if (views[p->now]->copy)
		views[p->now]->copy(p->view[p->now], s, out);
}

const struct pane_ops pane_traffic = {
	.name = "Traffic",
	.help = "the selected socket's packets, its ladder or its stream (t); Enter opens one, p pauses, "
		"G follows the newest",
	.size = sizeof(struct traffic),
	.open = open_pane,
	.close = close_pane,
	.settle = settle,
	.title = title,
	.draw = draw,
	.act = act,
	.scroll = scroll,
	.click = click,
	.key = key,
	.hints = hints,
	.detail = detail,
	.find = find,
	.moment = moment,
	.explain = explain,
	.copy = copy,
};
