/* pane.h - what a pane is: a row of operations and a state of its own. To add one: a file pane_x.c,
 * a value in enum pane_id with its rectangle (ui/layout.h), a row in src/ui/pane.c.
 *
 * Each frame goes two steps. settle brings the state in line with the model and the size: it looks
 * identities up, sorts, decodes, clamps scrolling, and is the only one that may allocate. draw is
 * pure: it reads state and session and writes cells. What a pane holds are identities (keys,
 * numbers of packets and calls), never positions.
 */
#ifndef UI_PANE_H
#define UI_PANE_H

#include "session/explain.h"
#include "session/session.h"
#include "ui/grid.h"
#include "ui/hint.h"
#include "ui/layout.h"
#include "util/needle.h"

/* What a search came to; FOUND_ROUND: beyond the end, from the other one on; FOUND_LATER: nothing so
 * far, its time is over, and it goes on from where it is now. */
enum found { FOUND_NOTHING, FOUND_HERE, FOUND_ROUND, FOUND_LATER };

struct pane_ops {
	const char *name, *help;
	size_t size;                /* of the state, which begins zeroed */
	void (*open)(void *state);  /* may be NULL */
	void (*close)(void *state); /* may be NULL */
	/* The size is that of the content: without rule and margins. */
	void (*settle)(void *state, const struct session *s, int w, int h);
	/* The words of the rule: after the name, and at its right end. Append. */
	void (*title)(const void *state, const struct session *s, struct buf *title, struct buf *right);
	void (*draw)(const void *state, const struct session *s, const struct area *a, bool focused);
	/* False: the pane has no use for it. */
	bool (*act)(void *state, struct session *s, enum ui_action action);
	void (*scroll)(void *state, int lines);                      /* the wheel */
	void (*click)(void *state, struct session *s, int x, int y); /* in the content */
	/* A key by its name, before the commands see it: keys that only this pane has, and all
	 * while a list of choices is open in it. False: not taken. NULL: none. */
	bool (*key)(void *state, struct session *s, const char *name);
	bool (*detail)(const void *state); /* is a detail open that wants room? NULL: never */
	/* What matters where the pane stands now, the most useful first; ends with a NULL key. NULL: nothing but
	 * what can be done everywhere. */
	const struct pane_hint *(*hints)(const void *state, const struct session *s);
	/* Go to the next place that contains the needle, 1 forwards, -1 backwards; on from the other
	 * end where there is none. NULL: there is nothing to search. */
	enum found (*find)(void *state, struct session *s, const struct needle *n, int way);
	/* The moment of what is selected; false: it has none. May be NULL. */
	bool (*moment)(const void *state, const struct session *s, struct mark *out);
	/* What is selected, explained. NULL, or nothing put into it: the selected socket is. */
	void (*explain)(const void *state, const struct session *s, struct explanation *out);
	/* The row as text. May be NULL. */
	void (*copy)(const void *state, const struct session *s, struct buf *out);
};

extern const struct pane_ops pane_sockets, pane_traffic, pane_calls, pane_inspector;
extern const struct pane_ops *const panes[PANE_COUNT];

/* For all panes: a sentence in the middle of nothing, wrapped; returns the row after it. */
int pane_sentence(const struct area *a, int y, enum role role, const char *text);
/* The row of the cursor, margins and all. */
void pane_cursor(const struct area *a, int y, bool focused);

#endif
