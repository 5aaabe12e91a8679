/* settings_page.h - the list of settings (session/setting.h) over the whole screen: Left and Right change the one under
 * the cursor in place, Enter too, or opens the prompt where its value is a free word; Esc ends it. What is changed is
 * the command `set`, as if it had been typed. */
#ifndef UI_SETTINGS_PAGE_H
#define UI_SETTINGS_PAGE_H

#include "session/session.h"
#include "ui/grid.h"
#include "ui/list.h"

#include <stdbool.h>
#include <stddef.h>

struct settings_page {
	bool open;
	size_t cursor;
	struct list list;
};

void settings_page_open(struct settings_page *p);
void settings_page_settle(struct settings_page *p, int h);
void settings_page_draw(const struct settings_page *p, const struct session *s, const struct area *a);
/* A key by its name; false: it has no use for it. *line: a command to be changed at the prompt, appended. */
bool settings_page_key(struct settings_page *p, struct session *s, const char *name, struct buf *line);
void settings_page_click(struct settings_page *p, struct session *s, int y);

#endif
