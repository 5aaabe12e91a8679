/* explain_panel.h - the panel that explains what is selected (E), or a word (explain WORD): it
 * lies over the panes where it hides the cursor least, and follows the selection until it is
 * closed. */
#ifndef UI_EXPLAIN_PANEL_H
#define UI_EXPLAIN_PANEL_H

#include "session/explain.h"
#include "ui/grid.h"
#include "ui/sheet.h"

struct explain_panel {
	bool open;
	char word[64]; /* what is explained; "": what is selected */
	struct explanation now;
	struct sheet *sheet; /* allocated when it is first opened */
	int height;          /* with its rule; by settle */
};

void explain_open(struct explain_panel *p, const char *word); /* NULL or "": what is selected */
void explain_panel_done(struct explain_panel *p);
/* p->now is filled; `body` is where it may lie. */
void explain_settle(struct explain_panel *p, const struct rect *body);
/* `pane` is the focused one, which has been drawn: the panel lies below the row of its cursor, or
 * above it. */
void explain_draw(const struct explain_panel *p, struct grid *g, const struct rect *body, const struct rect *pane);
/* Scrolling what does not fit. False: it all fits, or the action is none. */
bool explain_act(struct explain_panel *p, int action);

#endif
