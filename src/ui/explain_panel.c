#include "ui/explain_panel.h"

#include "session/command.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void explain_open(struct explain_panel *p, const char *word)
{
	if (!p->sheet)
		p->sheet = mem_alloc(sizeof *p->sheet);
	p->open = true;
	p->sheet->top = 0;
	snprintf(p->word, sizeof p->word, "%s", word ? word : "");
}

void explain_panel_done(struct explain_panel *p)
{
	explain_done(&p->now);
	free(p->sheet);
	p->sheet = NULL;
}

static void fill(struct explain_panel *p)
{
	static const enum role roles[] = {
		[EXPLAIN_WHAT] = ROLE_TEXT,
		[EXPLAIN_WHY] = ROLE_WARN,
		[EXPLAIN_HEAD] = ROLE_STRONG,
	};

	sheet_clear(p->sheet);
	for (size_t i = 0; i < p->now.count; i++) {
		const struct explain_part *part = &p->now.parts[i];

		if (part->kind == EXPLAIN_HEAD)
			sheet_gap(p->sheet);
		sheet_line(p->sheet, roles[part->kind], "%.*s", (int)part->len, p->now.text.data + part->from);
	}
}

void explain_settle(struct explain_panel *p, const struct rect *body)
{
	int most = body->h * 2 / 3;

	fill(p);
	sheet_settle(p->sheet, body->w - 2, 10000);
	p->height = (int)p->sheet->lines + 1;
	if (p->height > most)
		p->height = most;
	sheet_settle(p->sheet, body->w - 2, p->height - 1);
}

/* The row of the cursor in the grid; -1: none is seen. */
static int cursor_row(const struct grid *g, const struct rect *pane)
{
	for (int y = pane->y; y < pane->y + pane->h; y++)
		for (int x = pane->x; x < pane->x + pane->w; x++) {
			const struct cell *c = grid_cell(g, x, y);

			if (c && (c->over == OVER_CURSOR || c->over == OVER_SELECTED))
				return y;
		}
	return -1;
}

void explain_draw(const struct explain_panel *p, struct grid *g, const struct rect *body, const struct rect *pane)
{
	int row = cursor_row(g, pane), below = body->y + body->h - p->height;
	struct area a = area_of(g, (struct rect){ body->x, row >= below ? body->y : below, body->w, p->height });
	struct area text = area_sub(&a, 1, 1, a.w - 2, a.h - 1);
	const char *more = p->sheet->lines > (size_t)(p->height - 1) ? "PgDn · Esc" : "Esc";

	area_blank(&a);
	area_rule(&a, 0, true, buf_text(&p->now.title), more);
	sheet_draw(p->sheet, &text);
}

bool explain_act(struct explain_panel *p, int action)
{
	bool page = action == UI_PAGE_UP || action == UI_PAGE_DOWN;

	return page && p->sheet->lines > (size_t)(p->height - 1) && sheet_move(p->sheet, p->height - 1, action);
}
