/* desk.h - the whole screen without a terminal: panes, focus, prompt, help, notices. It takes keys
 * by name and draws frames into a grid; ui/ui.c puts them on a terminal, tests compare them as
 * text.
 */
#ifndef UI_DESK_H
#define UI_DESK_H

#include "session/session.h"
#include "ui/explain_panel.h"
#include "ui/help.h"
#include "ui/key.h"
#include "ui/layout.h"
#include "ui/pane.h"
#include "ui/prompt.h"
#include "ui/settings_page.h"

#include <stdbool.h>
#include <stdint.h>

#define NOTICE_NS UINT64_C(5000000000) /* how long a notice stays */

struct desk {
	struct session *session;
	int cols, rows;
	struct layout layout;   /* of the last settle */
	void *pane[PANE_COUNT]; /* state of each, see struct pane_ops */
	enum pane_id focus;
	enum pane_id companion; /* seen while the prompt is open, where there is not room for all */
	bool zoom;
	struct prompt prompt;
	struct help help;
	struct explain_panel explain;
	struct settings_page settings;
	const struct command *asked; /* a question with y/N is open: the command it is about */
	char answer[1024];           /* the line that a yes runs */
	char question[400];          /* what is asked: names the socket that was selected then */
	uint64_t asked_key;          /* that socket: a yes means no other */
	bool choose;                 /* the scope or the filter was changed: its first row is to be selected */
	enum scope scope;            /* at the last settle */
	uint64_t filters_set;
	uint64_t now_ns;      /* CLOCK_MONOTONIC, set by the caller before keys and frames */
	uint64_t notice_seen; /* session->notice.count when a key was pressed */
	char privileges[96];  /* words for the status line: "root, sandboxed" */
	struct buf copied;    /* text for the terminal's clipboard, taken by the caller */
	enum pane_id hunter;  /* the pane in which session->hunt goes on */
	bool redraw;          /* the whole terminal is to be drawn again */
};

/* Plugs itself into session->hooks.ui. */
void desk_init(struct desk *d, struct session *s);
void desk_done(struct desk *d);
void desk_event(struct desk *d, const struct key *k);
void desk_act(struct desk *d, enum ui_action action, const char *text);
/* Bring everything in line with the model for a terminal of this size, then draw it. */
void desk_settle(struct desk *d, int cols, int rows);
void desk_draw(const struct desk *d, struct grid *g);
/* Until when (CLOCK_MONOTONIC) the frame is good if nothing else happens; UINT64_MAX: for ever. */
uint64_t desk_until(const struct desk *d);

/* src/ui/hunt.c: the next place that contains session->search. A pane that has much to look through
 * answers FOUND_LATER when session->hunt.until_ns has come: then it goes on with desk_hunt, until Esc. */
enum { HUNT_NS = 8000000 }; /* a slice */
void desk_search(struct desk *d, int way);
void desk_hunt(struct desk *d);
bool desk_stop_hunt(struct desk *d); /* false: there was none */
/* Something is done meanwhile: what would move the cursor ends it. */
void desk_hunt_past(struct desk *d, enum ui_action action);

/* src/ui/lines.c, src/ui/hint.c: the first and the last row. */
void status_draw(const struct desk *d, const struct area *a);
void hints_draw(const struct desk *d, const struct area *a);
bool notice_shown(const struct desk *d);

#endif
