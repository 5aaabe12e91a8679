/* states_page.h - the Inspector's page of states: the diagram of the selected socket's kind, the way
 * that it went, and what its state means.
 */
#ifndef UI_STATES_PAGE_H
#define UI_STATES_PAGE_H

#include "core/history.h"
#include "session/command.h"
#include "ui/state_diagram.h"

struct row;
struct session;

struct states_page { /* zeroed: of no socket */
	int height, width, top;
	const struct diagram *diagram;
	struct history history; /* of the row `key` */
	uint64_t key, changes;
};

void states_page_settle(struct states_page *p, const struct session *s, const struct row *r, int w, int h);
void states_page_draw(const struct states_page *p, const struct row *r, const struct area *a);
bool states_page_act(struct states_page *p, enum ui_action action); /* false: no use for it */
void states_page_scroll(struct states_page *p, int lines);

#endif
