/* hunt.c - what is searched for, and where it is: a slice at a time where there is much to look
 * through, so that keys are answered meanwhile. */
#include "ui/desk.h"

#include "util/clock.h"

static enum found look(struct desk *d)
{
	const struct pane_ops *pane = panes[d->focus];
	struct session *s = d->session;
	struct needle needle;
	struct err e = { 0 };

	s->hunt.until_ns = clock_mono_ns() + HUNT_NS;
	if (needle_parse(s->search, &needle, &e)) {
		session_notice(s, NOTICE_ERROR, "%s", e.text);
		return FOUND_HERE;
	}
	return pane->find ? pane->find(d->pane[d->focus], s, &needle, s->hunt.way) : FOUND_NOTHING;
}

static void tell(struct desk *d, enum found found)
{
	struct session *s = d->session;

	s->hunt.on = found == FOUND_LATER;
	if (found == FOUND_NOTHING)
		session_notice(s, NOTICE_WARN, "not found in %s: %s", panes[d->focus]->name, s->search);
	else if (found == FOUND_ROUND)
		session_notice(s, NOTICE_INFO, "%s: went on from the %s", s->search,
			       s->hunt.way > 0 ? "beginning" : "end");
	session_touch(s);
}

void desk_search(struct desk *d, int way)
{
	struct session *s = d->session;

	if (!s->search[0]) {
		session_notice(s, NOTICE_INFO, "nothing was searched for yet: \\ searches");
		return;
	}
	s->hunt = (struct hunt){ .way = way, .key = s->selected };
	d->hunter = d->focus;
	tell(d, look(d));
}

void desk_hunt(struct desk *d)
{
	struct session *s = d->session;

	if (!s->hunt.on)
		return;
	if (d->hunter != d->focus || s->hunt.key != s->selected) {
		s->hunt.on = false;
	} else if (s->hunt.same) {
		s->hunt.until_ns = clock_mono_ns() + HUNT_NS;
		panes[d->focus]->act(d->pane[d->focus], s, s->hunt.way > 0 ? UI_NEXT_SAME : UI_PREVIOUS_SAME);
		session_touch(s);
	} else {
		tell(d, look(d));
	}
}

bool desk_stop_hunt(struct desk *d)
{
	struct session *s = d->session;

	if (!s->hunt.on)
		return false;
	s->hunt.on = false;
	session_notice(s, NOTICE_INFO, "stopped after %zu of %zu: %s goes on from here", s->hunt.done, s->hunt.all,
		       s->hunt.same      ? s->hunt.way > 0 ? "]" : "["
		       : s->hunt.way > 0 ? "N"
					 : "P");
	return true;
}

void desk_hunt_past(struct desk *d, enum ui_action action)
{
	if (action != UI_BACK && action != UI_HELP && action != UI_REDRAW && action != UI_PROMPT)
		d->session->hunt.on = false;
	if (!d->session->hunt.on)
		d->hunter = d->focus;
}
