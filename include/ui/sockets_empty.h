/* sockets_empty.h - what is said in the place of an empty table of sockets: why it is empty, and what to do about it.
 * */
#ifndef UI_SOCKETS_EMPTY_H
#define UI_SOCKETS_EMPTY_H

#include "session/session.h"
#include "ui/grid.h"

void sockets_empty_draw(const struct session *s, const struct area *a);

#endif
