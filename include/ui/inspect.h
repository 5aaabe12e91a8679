/* inspect.h - what is known of one socket, as a sheet: state and its meaning, endpoints, owner,
 * queues, TCP's counters, the states it went through and why. */
#ifndef UI_INSPECT_H
#define UI_INSPECT_H

#include "session/session.h"
#include "ui/sheet.h"
#include "ui/trend.h"

void inspect_sheet(struct sheet *out, const struct session *s, const struct row *r, /* NULL: nothing is selected */
		   struct trend *trend, uint64_t now_ns /* CLOCK_REALTIME */);

#endif
