/* history_of.h - the states that any socket went through: of our own TCP sockets their history,
 * of others what their packets prove and the kernel says now; of our own datagram and UNIX
 * sockets what their calls did. */
#ifndef SESSION_HISTORY_OF_H
#define SESSION_HISTORY_OF_H

#include "core/history.h"
#include "session/session.h"

/* `now_ns` is CLOCK_REALTIME, of the kernel's word. */
void history_of(const struct session *s, const struct row *r, uint64_t now_ns, struct history *out);
/* Another value whenever it may have changed. */
uint64_t history_of_changes(const struct session *s, const struct row *r);

#endif
