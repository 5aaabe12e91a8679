/* state_diagram.h - the connection state diagram of RFC 9293 (figure 5) with the way that a
 * socket went. */
#ifndef UI_STATE_DIAGRAM_H
#define UI_STATE_DIAGRAM_H

#include "core/history.h"
#include "ui/grid.h"

int state_diagram_height(void);
/* From line `top` on. States that were visited stand out, the current one is lit. NULL: no way
 * is known. */
void state_diagram_draw(const struct area *a, int top, const struct history *h);

#endif
