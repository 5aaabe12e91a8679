#include "ui/state_diagram.h"

#include "util/text.h"

#include <string.h>

/* RFC 9293, figure 5, as far as 45 columns show it: the client's way on the right, the server's
 * on the left, who closes first on the left. */
static const char *const lines[] = {
	"                  CLOSED",
	"         listen ┌───┴────┐ connect",
	"                ▼        │ SYN →",
	"             LISTEN      │",
	"         SYN ←  │        ▼",
	"   SYN,ACK →    │     SYN-SENT",
	"                ▼        │ SYN,ACK ←",
	"        SYN-RECEIVED     │ ACK →",
	"         ACK ←  │        │",
	"                ▼        ▼",
	"               ESTABLISHED",
	"       close  ┌─────┴──────┐  FIN ←",
	"       FIN →  ▼            ▼  ACK →",
	"         FIN-WAIT-1    CLOSE-WAIT",
	"    ACK ←  │  │ FIN ←      │  close",
	"           │  │ ACK →      │  FIN →",
	"           ▼  ▼            ▼",
	"  FIN-WAIT-2 CLOSING   LAST-ACK",
	"    FIN ←  │  │ ACK ←      │  ACK ←",
	"    ACK →  ▼  ▼            │",
	"          TIME-WAIT        │",
	"      2 MSL   └─────┬──────┘",
	"                    ▼",
	"                  CLOSED",
};

enum { DIAGRAM_LINES = sizeof lines / sizeof *lines };

int state_diagram_height(void)
{
	return DIAGRAM_LINES;
}

static bool visited(const struct history *h, enum state s)
{
	for (unsigned i = 0; h && i < h->step_count; i++)
		if (h->steps[i].state == s)
			return true;
	return false;
}

/* The upper CLOSED is where a life begins, the lower one where it ends. */
static bool is_here(const struct history *h, enum state s, int line)
{
	if (!h || history_now(h) != s)
		return false;
	return s != STATE_CLOSED || (h->step_count > 1) == (line == DIAGRAM_LINES - 1);
}

static void colour_states(const struct area *a, int x, int y, int line, const struct history *h)
{
	for (int s = STATE_CLOSED; s <= STATE_TIME_WAIT; s++) {
		const char *name = state_name((enum state)s), *at = strstr(lines[line], name);
		struct buf before = { 0 };
		int from, w = (int)strlen(name);
		bool been = visited(h, (enum state)s);

		if (!at || (at > lines[line] && at[-1] == '-') || at[w] == '-')
			continue;
		buf_add(&before, lines[line], (size_t)(at - lines[line]));
		from = x + (int)text_width(buf_text(&before));
		buf_done(&before);
		if (s == STATE_CLOSED && line == DIAGRAM_LINES - 1)
			been = is_here(h, STATE_CLOSED, line);
		area_roles(a, from, y, w, been ? theme_state_role((enum state)s) : ROLE_LABEL);
		if (been)
			area_roles(a, from, y, w,
				   s == STATE_CLOSED ? ROLE_STRONG
						     : theme_state_role((enum state)s));
		if (is_here(h, (enum state)s, line))
			area_over(a, from - 1, y, w + 2, OVER_LIT);
	}
}

void state_diagram_draw(const struct area *a, int top, const struct history *h)
{
	enum { WIDTH = 40 };
	int x = a->w > WIDTH ? (a->w - WIDTH) / 2 : 0;

	for (int y = 0; y < a->h && y + top < DIAGRAM_LINES; y++) {
		area_put(a, x, y, ROLE_DIM, lines[y + top]);
		colour_states(a, x, y, y + top, h);
	}
}
