/* state_diagram.h - the states of a socket as a diagram, with the way that it went: RFC 9293's
 * (figure 5) for TCP, small ones for datagram, raw and UNIX sockets. Beside or below it the way
 * as a list: when, which state, what caused it. */
#ifndef UI_STATE_DIAGRAM_H
#define UI_STATE_DIAGRAM_H

#include "core/history.h"
#include "core/sock.h"
#include "ui/diagram.h"

/* The one for this kind of socket; NULL: TCP's. */
const struct diagram *state_diagram_of(const struct sock *s);
/* Every edge of the table is in core/tcp_state.c, for tests. */
extern const struct diagram state_diagram_tcp, state_diagram_dgram, state_diagram_unix;

/* Rows of diagram and list at this width. */
int state_diagram_height(const struct diagram *d, const struct history *h, int width);
/* From row `top` on. `h` NULL: no way is known. */
void state_diagram_draw(const struct diagram *d, const struct history *h, const struct area *a, int top);

#endif
