/* help.h - the help pane: every key and command, read from the command table by group, then the
 * panes and their signs. */
#ifndef UI_HELP_H
#define UI_HELP_H

#include "session/command.h"
#include "ui/grid.h"

#include <stdbool.h>

struct help {
	bool open;
	int top, lines, height;
	char topic[48]; /* a command to show first; "" for none */
};

void help_open(struct help *h, const char *topic); /* NULL: from the start */
void help_settle(struct help *h, int w, int height);
void help_draw(const struct help *h, const struct area *a);
bool help_act(struct help *h, enum ui_action action);
void help_scroll(struct help *h, int lines);

#endif
