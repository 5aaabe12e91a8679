/* The ladder of the selected socket: its head stays, its rows scroll, the newest is followed until
 * one is chosen; Enter opens the packet or the call. */
#include "session/opened.h"
#include "ui/traffic.h"

#include "session/ladder_of.h"
#include "ui/call_sheet.h"
#include "ui/list.h"
#include "ui/ladder_paint.h"
#include "ui/ladder_seek.h"
#include "ui/mark.h"
#include "ui/packet_row.h"
#include "ui/packet_view.h"
#include "ui/row_words.h"
#include "util/mem.h"
#include "util/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a row is, whatever its place. */
struct identity {
	enum ladder_kind kind;
	uint64_t number;
	unsigned party;
};

struct ladder_pane {
	uint64_t key, seen; /* the socket; ladder_of_changes when the ladder was made */
	char match[sizeof((struct session *)NULL)->match];
	struct ladder ladder;
	struct ladder_shape shape;
	struct list list;
	struct identity cursor;
	bool held, paused, detail;
	int height;
	struct packet_view view;
	struct sheet *sheet;
};

static void open_pane(void *state)
{
	struct ladder_pane *p = state;

	p->sheet = mem_alloc(sizeof *p->sheet);
}

static void close_pane(void *state)
{
	struct ladder_pane *p = state;

	ladder_done(&p->ladder);
	packet_view_done(&p->view);
	free(p->sheet);
}

/* --- settling --- */

static void bring_up(struct ladder_pane *p, const struct session *s)
{
	uint64_t changes = ladder_of_changes(s, s->selected);

	if (p->key != s->selected) {
		p->key = s->selected;
		p->detail = p->paused = false;
		p->held = opened_is_file(s);
		p->list = (struct list){ 0 };
		p->seen = 0;
	}
	if ((p->seen == changes || (p->paused && p->seen)) && !strcmp(p->match, s->match))
		return;
	p->seen = changes;
	memcpy(p->match, s->match, sizeof p->match);
	ladder_of(s, p->key, NULL, &p->ladder);
	ladder_settle(&p->ladder, p->match, true);
}

static void choose(struct ladder_pane *p, size_t row)
{
	const struct ladder_event *e = &p->ladder.events[p->ladder.rows[row].event];

	p->cursor = (struct identity){ e->kind, e->number, e->party };
}

/* The row of the event under the cursor; where that is no longer shown, the row at its place. */
static size_t cursor_row(struct ladder_pane *p)
{
	size_t last = p->ladder.row_count ? p->ladder.row_count - 1 : 0;
	uint32_t row;

	if (!p->held)
		return last;
	row = ladder_find(&p->ladder, p->cursor.kind, p->cursor.number, p->cursor.party);
	if (row != LADDER_NONE)
		return row;
	return p->list.cursor < last ? p->list.cursor : last;
}

static uint64_t since_ns(const struct ladder_pane *p)
{
	return p->ladder.begin_ns;
}

static void settle_detail(struct ladder_pane *p, const struct session *s, int w, int h)
{
	const struct journal *j = s->lab ? lab_journal(s->lab) : NULL;
	struct packet_seen seen;

	if (p->cursor.kind == LADDER_PACKET) {
		plain_settle(s->plain, s, p->cursor.number);
		if (packet_row_seen(s, p->cursor.number, &seen))
			packet_view_settle(&p->view, &seen, w, h - 1);
		return;
	}
	call_sheet(p->sheet, j ? journal_find(j, p->cursor.number) : NULL, since_ns(p), s->settings.ascii);
	sheet_settle(p->sheet, w, h);
}

static void settle(void *state, const struct session *s, int w, int h)
{
	struct ladder_pane *p = state;

	bring_up(p, s);
	p->height = h;
	ladder_shape(&p->ladder, w, s->settings.ascii, true, &p->shape);
	list_settle(&p->list, cursor_row(p), p->ladder.row_count, h - 1);
	if (p->ladder.row_count && !p->detail)
		choose(p, p->list.cursor);
	if (p->detail)
		settle_detail(p, s, w, h);
}

/* --- drawing --- */

static void draw_detail(const struct ladder_pane *p, const struct session *s, const struct area *a, bool focused)
{
	struct area below = area_sub(a, 0, 1, a->w, a->h - 1);
	const struct packet_row row = { .session = s, .key = p->key, .since_ns = since_ns(p), .number_cells = 1 };
	struct packet_seen seen;

	if (p->cursor.kind != LADDER_PACKET) {
		sheet_draw(p->sheet, a);
		return;
	}
	if (!packet_row_seen(s, p->cursor.number, &seen)) {
		pane_sentence(a, 1, ROLE_DIM, "No longer kept: newer packets needed the room. Esc goes back.");
		return;
	}
	packet_row_draw(&row, a, 0, p->cursor.number);
	packet_view_draw(&p->view, &seen, &below, focused);
}

static void draw_empty(const struct ladder_pane *p, const struct session *s, const struct area *a)
{
	pane_sentence(a, 1, ROLE_DIM,
		      p->match[0]            ? "Nothing of the ladder contains that word: / and Enter shows all "
					       "again."
		      : !session_selected(s) ? "The ladder of the selected socket appears here: its calls, states "
					       "and packets on one time axis."
		      : row_is_all(session_selected(s))
			      ? "This row is all packets of the file. Select a flow below it: its ladder "
				"appears here."
			      : "Nothing has happened yet on this socket: its calls, states and "
				"packets appear here on one time axis.");
}

static void draw(const void *state, const struct session *s, const struct area *a, bool focused)
{
	const struct ladder_pane *p = state;
	struct ladder_line line;

	if (p->detail) {
		draw_detail(p, s, a, focused);
		return;
	}
	if (!p->ladder.row_count) {
		draw_empty(p, s, a);
		return;
	}
	ladder_draw_head(&p->ladder, &p->shape, &line);
	ladder_paint(a, 0, &line);
	for (int y = 1; y < a->h; y++) {
		size_t row = p->list.top + (size_t)(y - 1);

		if (row >= p->ladder.row_count)
			break;
		ladder_draw_row(&p->ladder, &p->shape, row, &line);
		ladder_paint(a, y, &line);
		if (row == p->list.cursor && (focused || p->held))
			pane_cursor(a, y, focused);
	}
}

static bool moment(const void *state, const struct session *s, struct mark *out)
{
	static const char *const kinds[] = { [LADDER_CALL] = "call",
					     [LADDER_PACKET] = "packet",
					     [LADDER_DATA] = "data",
					     [LADDER_STATE] = "state",
					     [LADDER_RETURN] = "return" };
	const struct ladder_pane *p = state;
	const struct ladder_event *e;

	(void)s;
	if (p->list.cursor >= p->ladder.row_count)
		return false;
	e = &p->ladder.events[p->ladder.rows[p->list.cursor].event];
	*out = (struct mark){ e->at_ns, e->kind == LADDER_STATE ? 0 : e->number, "" };
	if (e->kind == LADDER_STATE)
		snprintf(out->what, sizeof out->what, "%s", state_name(e->state));
	else
		snprintf(out->what, sizeof out->what, "%s %llu", kinds[e->kind], (unsigned long long)e->number);
	return true;
}

static void title(const void *state, const struct session *s, struct buf *out, struct buf *right)
{
	const struct ladder_pane *p = state;
	const struct row *r = session_selected(s);
	struct packet_seen seen;
	struct mark mark;

	buf_putc(out, ' ');
	if (r)
		row_label(r, out);
	buf_puts(out, r ? " · ladder" : "ladder");
	if (p->detail)
		buf_printf(out, " · %s %llu", p->cursor.kind == LADDER_PACKET ? "packet" : "call",
			   (unsigned long long)p->cursor.number);
	if (p->match[0])
		buf_printf(right, "matching %s · ", p->match);
	if (p->paused)
		buf_puts(right, "paused · ");
	if (p->ladder.refused)
		buf_printf(right, "%llu earlier left out · ", (unsigned long long)p->ladder.refused);
	if (p->shape.hidden)
		buf_printf(right, "%u lanes without room · ", p->shape.hidden);
	if (p->held && moment(p, s, &mark))
		mark_words(s, mark.at_ns, right);
	if (p->detail && p->cursor.kind == LADDER_PACKET && packet_row_seen(s, p->cursor.number, &seen)) {
		packet_view_where(&p->view, &seen, right);
		return;
	}
	if (p->held && p->ladder.row_count)
		buf_printf(right, "%zu of ", p->list.cursor + 1);
	buf_printf(right, "%zu row%s", p->ladder.row_count, p->ladder.row_count == 1 ? "" : "s");
}

/* --- what is done to it --- */

/* Breaks and heads of lanes are passed over. */
static size_t next_event(const struct ladder_pane *p, size_t at)
{
	const struct ladder *l = &p->ladder;
	bool up = at < p->list.cursor;

	while (at < l->row_count && l->rows[at].kind != LADDER_ROW_EVENT) {
		if (up && !at)
			up = false;
		at = up ? at - 1 : at + 1;
	}
	return at < l->row_count ? at : p->list.cursor;
}

static void move_to(struct ladder_pane *p, size_t at)
{
	if (at >= p->ladder.row_count)
		return;
	at = next_event(p, at);
	choose(p, at);
	p->held = at + 1 < p->ladder.row_count;
	p->list.settled = false;
}

static bool act_detail(struct ladder_pane *p, const struct session *s, enum ui_action action)
{
	struct packet_seen seen;

	if (p->cursor.kind == LADDER_PACKET && packet_row_seen(s, p->cursor.number, &seen) &&
	    packet_view_act(&p->view, &seen, action))
		return true;
	if (action == UI_BACK) {
		p->detail = false;
		p->list.settled = false;
		return true;
	}
	if (p->cursor.kind == LADDER_PACKET)
		return false;
	if (action == UI_DETAIL) {
		p->detail = false;
		return true;
	}
	return sheet_move(p->sheet, p->height, action);
}

/* --- searching --- */

static enum found look_for(struct ladder_pane *p, const struct session *s, const struct needle *n, int way)
{
	size_t at = cursor_row(p);
	enum found found = n ? ladder_seek(&p->ladder, s, n, at, way, &at)
			     : ladder_seek_same(&p->ladder, s, at, way, &at);

	if (found == FOUND_NOTHING)
		return found;
	move_to(p, at);
	p->held = true;
	p->detail &= p->cursor.kind != LADDER_STATE;
	p->sheet->top = 0;
	return found;
}

static enum found find(void *state, struct session *s, const struct needle *n, int way)
{
	struct ladder_pane *p = state;
	struct packet_seen seen;
	bool packet = p->detail && p->cursor.kind == LADDER_PACKET;
	enum found found;

	if (packet && packet_row_seen(s, p->cursor.number, &seen) && packet_view_find(&p->view, &seen, n, way, false))
		return FOUND_HERE;
	found = look_for(p, s, n, way);
	if (p->detail && p->cursor.kind == LADDER_PACKET && packet_row_seen(s, p->cursor.number, &seen)) {
		packet_view_settle(&p->view, &seen, p->view.w, p->view.h);
		packet_view_find(&p->view, &seen, n, way, found != FOUND_NOTHING);
	}
	return found;
}

/* The next event that opens. */
static bool next_item(struct ladder_pane *p, int way)
{
	size_t at = cursor_row(p);

	while (way > 0 ? at + 1 < p->ladder.row_count : at > 0) {
		const struct ladder_row *row = &p->ladder.rows[at += (size_t)way];

		if (row->kind == LADDER_ROW_EVENT && p->ladder.events[row->event].kind != LADDER_STATE) {
			move_to(p, at);
			p->held = true;
			p->sheet->top = 0;
			break;
		}
	}
	return true;
}

static void explain(const void *state, const struct session *s, struct explanation *out)
{
	const struct ladder_pane *p = state;
	const struct journal *j = s->lab ? lab_journal(s->lab) : NULL;
	const struct ladder_event *e;
	const struct call *c;

	if (!p->held || p->list.cursor >= p->ladder.row_count)
		return;
	e = &p->ladder.events[p->ladder.rows[p->list.cursor].event];
	if (e->kind == LADDER_STATE) {
		explain_word(state_name(e->state), out);
	} else if (e->kind == LADDER_PACKET) {
		packet_row_explain(s, e->number, p->detail ? &p->view : NULL, out);
	} else {
		c = j ? journal_find(j, e->number) : NULL;
		if (c)
			explain_call(s, c, out);
	}
}

static bool key(void *state, struct session *s, const char *name)
{
	struct ladder_pane *p = state;

	(void)s;
	return p->detail && p->cursor.kind == LADDER_PACKET && packet_view_key(&p->view, name);
}

static bool act(void *state, struct session *s, enum ui_action action)
{
	struct ladder_pane *p = state;
	size_t at;

	if (action == UI_PAUSE) {
		p->paused = !p->paused;
		return true;
	}
	if (action == UI_NEXT_SAME || action == UI_PREVIOUS_SAME) {
		if (look_for(p, s, NULL, action == UI_NEXT_SAME ? 1 : -1) == FOUND_NOTHING)
			session_notice(s, NOTICE_INFO, "no other of this kind");
		return true;
	}
	if (p->detail && (action == UI_NEXT_ITEM || action == UI_PREVIOUS_ITEM))
		return next_item(p, action == UI_NEXT_ITEM ? 1 : -1);
	if (p->detail)
		return act_detail(p, s, action);
	if (action == UI_DETAIL) {
		p->detail = p->ladder.row_count && p->cursor.kind != LADDER_STATE;
		p->held |= p->detail;
		p->sheet->top = 0;
		return true;
	}
	if (action == UI_BACK && p->held && !opened_is_file(s)) {
		p->held = false;
		return true;
	}
	if (!p->ladder.row_count || !list_move(&p->list, action, &at))
		return false;
	move_to(p, at);
	return true;
}

static void scroll(void *state, int lines)
{
	struct ladder_pane *p = state;

	if (p->detail && p->cursor.kind == LADDER_PACKET) {
		packet_view_scroll(&p->view, lines);
	} else if (p->detail) {
		sheet_scroll(p->sheet, p->height, lines);
	} else {
		list_scroll(&p->list, lines);
		p->held = p->ladder.row_count > 0;
	}
}

static void click(void *state, struct session *s, int x, int y)
{
	struct ladder_pane *p = state;
	struct packet_seen seen;

	if (p->detail && p->cursor.kind == LADDER_PACKET && packet_row_seen(s, p->cursor.number, &seen))
		packet_view_click(&p->view, &seen, x, y - 1);
	else if (!p->detail && y > 0)
		move_to(p, p->list.top + (size_t)(y - 1));
}

static const struct pane_hint *hints(const void *state, const struct session *s)
{
	const struct ladder_pane *p = state;

	(void)s;
	if (!p->detail)
		return hints_ladder;
	return p->cursor.kind == LADDER_PACKET ? packet_view_hints(&p->view) : hints_call;
}

static bool detail(const void *state)
{
	return ((const struct ladder_pane *)state)->detail;
}

static void copy(const void *state, const struct session *s, struct buf *out)
{
	const struct ladder_pane *p = state;
	const struct ladder_words all = { 1000, s->settings.ascii, true };

	if (p->detail && p->cursor.kind == LADDER_PACKET && p->view.number == p->cursor.number)
		packet_view_copy(&p->view, out);
	else if (p->ladder.row_count && p->list.cursor < p->ladder.row_count)
		ladder_say(&p->ladder, &p->ladder.events[p->ladder.rows[p->list.cursor].event], &all, out);
}

const struct pane_ops traffic_ladder = {
	.name = "Ladder",
	.help = "calls, states and packets of the selected socket on one time axis",
	.size = sizeof(struct ladder_pane),
	.open = open_pane,
	.close = close_pane,
	.settle = settle,
	.title = title,
	.draw = draw,
	.act = act,
	.scroll = scroll,
	.click = click,
	.key = key,
	.hints = hints,
	.detail = detail,
	.find = find,
	.moment = moment,
	.explain = explain,
	.copy = copy,
};
