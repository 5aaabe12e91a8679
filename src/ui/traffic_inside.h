/* traffic_inside.h - what the packets view of Traffic says where there is no wire to look at. */
#ifndef SRC_UI_TRAFFIC_INSIDE_H
#define SRC_UI_TRAFFIC_INSIDE_H

#include "ui/pane.h"

/* Rows that the reason for seeing only what calls moved takes above the list, at most a third. */
int traffic_why_rows(const struct session *s, int w, int h);
void traffic_why_draw(const struct session *s, const struct area *a, int rows);
/* In place of an empty list. `moved`: of calls; `all`: of every packet that is kept. */
void traffic_empty_draw(const struct session *s, const struct row *r, bool moved, bool all,
			const struct area *a);

#endif
