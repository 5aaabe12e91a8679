/* screen.h - the terminal: the only place that knows curses. Puts the cells that changed, names the
 * keys.
 *
 * One screen at a time (curses has globals of its own). The terminal is restored by screen_close,
 * and by ui/rescue.h on a crash. Not thread-safe.
 */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include "ui/grid.h"
#include "ui/key.h"
#include "ui/theme.h"

#include <stdbool.h>

struct err;
struct screen;
struct session;

/* Can this terminal be drawn on? 0, -ENOTTY (standard output is none) or -ENODEV (it cannot move
 * the cursor). */
int screen_check(struct err *e);
/* `session` is for the crash handler. */
int screen_open(const struct session *session, struct screen **out, struct err *e);
void screen_close(struct screen *s); /* NULL is fine */

int screen_fd(const struct screen *s); /* where keys come from, for poll(2) */
bool screen_utf8(const struct screen *s);
int screen_colors(const struct screen *s);
void screen_size(const struct screen *s, int *cols, int *rows);
void screen_resized(struct screen *s); /* after SIGWINCH */
void screen_mouse(struct screen *s, bool on);
void screen_forget(struct screen *s); /* the next show writes everything */
/* Put the frame on the terminal; nothing is written where nothing changed. */
void screen_show(struct screen *s, const struct grid *g, const struct theme *theme);
/* The next event without waiting; false: there is none. */
bool screen_event(struct screen *s, struct key *out);
void screen_copy(struct screen *s, const char *text, size_t len); /* to the clipboard: OSC 52 */
void screen_stop(struct screen *s);                               /* Ctrl-Z: the terminal to the shell until we go on */

#endif
