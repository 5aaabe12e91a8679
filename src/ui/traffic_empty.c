/* Why Traffic shows no packets. */
#include "traffic_inside.h"

#include "ui/row_words.h"

#include <sys/socket.h>

static const char *why_none(const struct session *s)
{
	return s->taps[TAP_LIVE].error.code ? s->taps[TAP_LIVE].error.text
					    : "No capture runs (: capture on): these are the bytes that calls moved.";
}

/* Rows that a notice above the list takes. */
int traffic_why_rows(const struct session *s, int w, int h)
{
	const char *text = why_none(s);
	int rows = 0;

	for (size_t used; rows < h / 3 && (used = grid_wrap(text, w)); text += used)
		rows++;
	return rows;
}

void traffic_why_draw(const struct session *s, const struct area *a, int rows)
{
	const char *text = why_none(s);
	size_t used;

	for (int y = 0; y < rows && (used = grid_wrap(text, a->w)); y++, text += used)
		if (y + 1 < rows)
			area_put_bytes(a, 0, y, ROLE_WARN, text, used);
		else
			area_put_in(a, 0, y, a->w, ROLE_WARN, text);
}

void traffic_empty_draw(const struct session *s, const struct row *r, bool moved, bool all, const struct area *a)
{
	int y = 1;

	if (all) {
		pane_sentence(a, y, ROLE_DIM, "No packets yet.");
		return;
	}
	if (!r) {
		pane_sentence(a, y, ROLE_DIM, "The packets of the selected socket appear here.");
		return;
	}
	if (r->sock->family != AF_INET && r->sock->family != AF_INET6 && row_is_foreign(r)) {
		pane_sentence(a, y, ROLE_DIM,
			      "This kind of socket puts no packets on the wire, and what another "
			      "program sends by it is its own affair.");
		return;
	}
	if (r->sock->family == AF_UNIX) {
		pane_sentence(a, y, ROLE_DIM,
			      "A UNIX socket puts no packets on the wire. Bytes that are sent (s) and "
			      "received (r) appear here.");
		return;
	}
	if (!moved) {
		pane_sentence(a, y, ROLE_DIM,
			      r->sock->state == STATE_LISTEN ? "No packets yet: nobody has connected to this listener."
			      : row_is_foreign(r) ? "No packets of this socket were seen since the capture began."
						  : "No packets yet: this socket has put nothing on the wire.");
		return;
	}
	y = pane_sentence(a, y, ROLE_WARN,
			  s->taps[TAP_LIVE].error.code ? "No packets can be seen." : "No capture runs.");
	pane_sentence(a, y, ROLE_DIM,
		      s->taps[TAP_LIVE].error.code ? s->taps[TAP_LIVE].error.text
		      : row_is_foreign(r) ? "The command `capture on` starts one (press :). Then the packets of any "
					    "socket of this host are seen here."
					  : "The command `capture on` starts one (press :). Until then the bytes "
					    "that calls move appear here.");
}
