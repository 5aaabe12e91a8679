/* ui.h - the terminal face of a session. */
#ifndef UI_UI_H
#define UI_UI_H

#include "session/session.h"

#include <stdbool.h>

struct buf;
struct err;
struct guard;

struct ui_config {
	bool no_color;             /* --no-color; NO_COLOR and a terminal without colours do the same */
	const struct guard *guard; /* what the status line says of privileges; NULL: nothing */
};

/* Before anything is opened: is there a terminal that can be drawn on? 0; -ENOTTY where standard
 * output is none (a usage error: *e names `sockeye run`), -ENODEV where the terminal cannot do
 * it (*e says why). Also blocks the signals that ui_run reads from a descriptor, so that threads
 * started later leave them to it: call it first. */
int ui_check(struct err *e);

/* Run until the command `quit` or a signal to end. The theme, the mouse and --ascii come from
 * session->settings and may change while it runs. The terminal is restored in any case, on a
 * crash too. 0, or -errno with *e. */
int ui_run(struct session *s, const struct ui_config *config, struct err *e);

/* One frame as text, without a terminal, after `keys` (names as in ui/key.h; ends with NULL; may
 * be NULL) were pressed. Appends. For tests. */
void ui_frame_text(struct session *s, int cols, int rows, const char *const *keys, struct buf *out);

#endif
