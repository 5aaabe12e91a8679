#include "ui/states_page.h"

#include "session/history_of.h"
#include "ui/pane.h"
#include "util/clock.h"

#include <stdio.h>
#include <string.h>

static void clamp(struct states_page *p)
{
	int most = p->diagram ? state_diagram_height(p->diagram, &p->history, p->width) - p->height : 0;

	if (p->top > most)
		p->top = most;
	if (p->top < 0)
		p->top = 0;
}

void states_page_settle(struct states_page *p, const struct session *s, const struct row *r, int w, int h)
{
	uint64_t changes = r ? history_of_changes(s, r) : 0;

	p->height = h;
	p->width = w;
	p->diagram = state_diagram_of(r ? r->sock : NULL);
	if (!r)
		memset(&p->history, 0, sizeof p->history);
	else if (p->key != r->key || p->changes != changes || (r->own && sock_is_tcp(r->sock)))
		history_of(s, r, clock_real_ns(), &p->history);
	p->key = r ? r->key : 0;
	p->changes = changes;
	clamp(p);
}

void states_page_draw(const struct states_page *p, const struct row *r, const struct area *a)
{
	int below;
	char text[400];

	if (!p->diagram)
		return;
	below = state_diagram_height(p->diagram, &p->history, a->w) - p->top + 1;
	state_diagram_draw(p->diagram, &p->history, a, p->top);
	if (!r || below + 2 > a->h)
		return;
	snprintf(text, sizeof text, "%s: %s", state_name(r->sock->state), states[r->sock->state].help);
	pane_sentence(a, below, ROLE_DIM, text);
}

bool states_page_act(struct states_page *p, enum ui_action action)
{
	static const struct {
		enum ui_action action;
		int lines;
	} moves[] = { { UI_UP, -1 },       { UI_DOWN, 1 },  { UI_PAGE_UP, -8 },
		      { UI_PAGE_DOWN, 8 }, { UI_TOP, -99 }, { UI_BOTTOM, 99 } };

	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
		if (moves[i].action == action) {
			states_page_scroll(p, moves[i].lines);
			return true;
		}
	return false;
}

void states_page_scroll(struct states_page *p, int lines)
{
	p->top += lines;
	clamp(p);
}
