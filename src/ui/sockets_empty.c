#include "ui/sockets_empty.h"

#include "session/host.h"
#include "ui/pane.h"

#include <stdio.h>

void sockets_empty_draw(const struct session *s, const struct area *a)
{
	const struct err *failed = s->host ? host_error(s->host) : NULL;
	char text[200];
	int y;

	if (s->filter_text) {
		snprintf(text, sizeof text, "Nothing here matches the filter: %s", s->filter_text);
		y = pane_sentence(a, 1, ROLE_TEXT, text);
		pane_sentence(a, y, ROLE_DIM, "Esc takes it away, / changes it.");
	} else if (s->scope == SCOPE_CLOSED) {
		pane_sentence(a, 1, ROLE_DIM, "Nothing was closed yet. 1 shows our own open sockets, 2 the host's.");
	} else if (s->scope != SCOPE_MINE && failed && failed->code) {
		pane_sentence(a, 1, ROLE_WARN, failed->text);
	} else if (s->scope != SCOPE_MINE && s->host && !host_snapshot(s->host)) {
		pane_sentence(a, 1, ROLE_DIM, "Asking the kernel for its sockets …");
	} else if (s->scope == SCOPE_PROCESS) {
		pane_sentence(a, 1, ROLE_DIM, "This process has no sockets, or has ended. 2 shows the host's.");
	} else if (s->scope == SCOPE_HOST) {
		pane_sentence(a, 1, ROLE_DIM, "There are no sockets on this host.");
	} else {
		y = pane_sentence(a, 1, ROLE_TEXT, "No sockets yet. Press n to make one, then Enter.");
		pane_sentence(a, y, ROLE_DIM,
			      "Space goes on from there, step by step: connect, send, recv, "
			      "shutdown, close. e starts the echo peers, ? tells all keys.");
	}
}
