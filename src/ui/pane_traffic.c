/* The Traffic pane: the packets of the selected socket as the socket sees them, out or in; Enter
 * opens one. Where there is no wire to look at (UNIX sockets, no capture) the bytes that our own
 * calls moved. */
#include "traffic_inside.h"

#include "session/opened.h"
#include "ui/call_sheet.h"
#include "ui/desk.h"
#include "ui/list.h"
#include "ui/moved.h"
#include "ui/mark.h"
#include "ui/packet_find.h"
#include "ui/packet_list.h"
#include "ui/packet_row.h"
#include "ui/packet_view.h"
#include "ui/pane.h"
#include "ui/row_words.h"
#include "ui/traffic.h"

#include "util/clock.h"
#include "util/mem.h"
#include "util/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct traffic {
	struct list list;
	uint64_t key;    /* the socket shown */
	bool moved_mode; /* rows are calls that moved bytes, not packets */
	uint64_t cursor; /* number of the packet or call under the cursor */
	bool held;       /* the cursor stays; else it follows the newest */
	bool paused;
	uint64_t last; /* while paused: the newest packet or call then */
	bool detail;
	int height, skip;        /* rows, and those of them that a notice takes */
	int detail_top;          /* rows above an open packet's tree */
	struct packet_list rows; /* or calls: set by settle, read by the draw that follows */
	int number_cells;
	struct moved moved;
	struct packet_view view;
	struct sheet *sheet; /* detail of a call */
};

static const struct journal *journal_of(const struct session *s)
{
	return s->lab ? lab_journal(s->lab) : NULL;
}

static void open_pane(void *state)
{
	struct traffic *p = state;

	p->sheet = mem_alloc(sizeof *p->sheet);
}

static void close_pane(void *state)
{
	struct traffic *p = state;

	free(p->sheet);
	packet_list_done(&p->rows);
	moved_done(&p->moved);
	packet_view_done(&p->view);
}

static uint64_t first_ns(const struct session *s, const struct row *r)
{
	const struct trail *t = r ? session_trail(s, r->key) : NULL;
	const struct packet *oldest = session_packet(s, recorder_oldest(&s->recorder), NULL);
	const struct packet *first = t && t->count ? session_packet(s, t->numbers[0], NULL) : NULL;

	if (!r)
		return oldest ? oldest->at_ns : 0;
	return r->own ? r->own->created_ns : first ? first->at_ns : t ? t->since_ns : 0;
}

static void choose(struct traffic *p, const struct session *s, const struct row *r)
{
	const struct trail *t = r ? session_trail(s, r->key) : NULL;
	bool runs = s->taps[TAP_LIVE].capture || session_raw_runs(s);
	bool moved_mode = r && r->kind == ROW_SOCKET && (r->sock->family == AF_UNIX || (!runs && (!t || !t->count)));

	if (p->key != s->selected || p->moved_mode != moved_mode) {
		p->key = s->selected;
		p->moved_mode = moved_mode;
		p->detail = p->paused = false;
		p->held = opened_is_file(s); /* it is read from its beginning; the rest is live */
		p->cursor = 0;
		p->list = (struct list){ 0 };
	}
	if (!moved_mode) {
		packet_list_settle(&p->rows, s, r ? r->key : 0, p->paused ? p->last : UINT64_MAX);
		return;
	}
	moved_settle(&p->moved, journal_of(s), r->own ? r->own->id : 0);
	p->rows.all = p->rows.mixed = false;
	p->rows.numbers = p->moved.numbers;
	p->rows.count = p->moved.count;
	if (p->paused)
		while (p->rows.count && p->rows.numbers[p->rows.count - 1] > p->last)
			p->rows.count--;
}

static void settle_detail(struct traffic *p, const struct session *s, const struct row *r, int w, int h)
{
	struct packet_seen seen;

	if (p->moved_mode) {
		const struct journal *j = journal_of(s);

		call_sheet(p->sheet, j ? journal_find(j, p->cursor) : NULL, first_ns(s, r), s->settings.ascii);
		sheet_settle(p->sheet, w, h);
		return;
	}
	plain_settle(s->plain, s, p->cursor);
	if (!packet_row_seen(s, p->cursor, &seen))
		return;
	p->detail_top = 1 + packet_source_rows(s, seen.packet, w, h);
	packet_view_settle(&p->view, &seen, w, h - p->detail_top);
}

static void settle(void *state, const struct session *s, int w, int h)
{
	struct traffic *p = state;
	const struct row *r = session_selected(s);
	uint64_t newest;

	choose(p, s, r);
	p->height = h;
	if (p->rows.count && !p->held)
		p->cursor = packet_list_at(&p->rows, p->rows.count - 1);
	p->skip = p->moved_mode && r && r->sock->family != AF_UNIX && p->rows.count ? traffic_why_rows(s, w, h) : 0;
	list_settle(&p->list, packet_list_find(&p->rows, p->cursor), p->rows.count, h - p->skip);
	if (p->rows.count && !p->detail)
		p->cursor = packet_list_at(&p->rows, p->list.cursor);
	newest = p->moved_mode && p->rows.count ? p->rows.numbers[p->rows.count - 1] : s->recorder.next - 1;
	p->number_cells = snprintf(NULL, 0, "%llu", (unsigned long long)newest);
	if (p->detail)
		settle_detail(p, s, r, w, h);
}

static bool moment(const void *state, const struct session *s, struct mark *out)
{
	const struct traffic *p = state;
	const struct journal *j = journal_of(s);
	const struct call *c = p->moved_mode && j ? journal_find(j, p->cursor) : NULL;
	const struct packet *packet = p->moved_mode ? NULL : session_packet(s, p->cursor, NULL);

	if (!p->rows.count || (!c && !packet))
		return false;
	*out = (struct mark){ c ? c->start_ns : packet->at_ns, p->cursor, "" };
	snprintf(out->what, sizeof out->what, "%s %llu", c ? "call" : "packet", (unsigned long long)p->cursor);
	return true;
}

static void title(const void *state, const struct session *s, struct buf *out, struct buf *right)
{
	const struct traffic *p = state;
	const struct row *r = session_selected(s);
	const struct trail *t = r ? session_trail(s, r->key) : NULL;
	struct packet_seen seen;
	struct mark mark;

	if (!r && !p->rows.all)
		return;
	buf_putc(out, ' ');
	if (p->rows.all)
		buf_puts(out, "everything");
	else
		row_label(r, out);
	if (p->detail)
		buf_printf(out, " · %s %llu", p->moved_mode ? "call" : "packet", (unsigned long long)p->cursor);
	if (p->paused)
		buf_puts(right, "paused · ");
	if (!p->moved_mode && t && t->lost)
		buf_printf(right, "%llu let go · ", (unsigned long long)t->lost);
	if (p->held && moment(p, s, &mark))
		mark_words(s, mark.at_ns, right);
	if (p->detail && !p->moved_mode && packet_row_seen(s, p->cursor, &seen)) {
		packet_view_where(&p->view, &seen, right);
		return;
	}
	if (p->held && p->rows.count)
		buf_printf(right, "%zu of ", p->list.cursor + 1);
	buf_printf(right, "%zu %s", p->rows.count,
		   p->moved_mode        ? "moved by calls"
		   : p->rows.count == 1 ? "packet"
					: "packets");
}

static struct packet_row row_of(const struct traffic *p, const struct session *s, uint64_t since_ns)
{
	return (struct packet_row){ .session = s,
				    .key = p->key,
				    .since_ns = since_ns,
				    .number_cells = p->number_cells,
				    .marks = packet_row_marked(s),
				    .ends = p->rows.all };
}

static void draw_detail(const struct traffic *p, const struct session *s, const struct area *a, bool focused)
{
	const struct packet_row row = row_of(p, s, first_ns(s, p->rows.all ? NULL : session_selected(s)));
	struct packet_seen seen;
	struct area below;

	if (p->moved_mode) {
		sheet_draw(p->sheet, a);
		return;
	}
	if (!packet_row_seen(s, p->cursor, &seen)) {
		pane_sentence(a, 1, ROLE_DIM, "No longer kept: newer packets needed the room. Esc goes back.");
		return;
	}
	below = area_sub(a, 0, p->detail_top, a->w, a->h - p->detail_top);
	packet_row_draw(&row, a, 0, p->cursor);
	packet_source_draw(s, seen.packet, a);
	packet_view_draw(&p->view, &seen, &below, focused);
}

static void draw_row(const struct traffic *p, const struct session *s, const struct area *a, int y, uint64_t number,
		     uint64_t since_ns)
{
	const struct packet_row row = row_of(p, s, since_ns);

	if (p->moved_mode) {
		const struct journal *j = journal_of(s);
		const struct call *c = j ? journal_find(j, number) : NULL;

		if (c)
			moved_draw(a, y, s, c, since_ns);
		return;
	}
	packet_row_draw(&row, a, y, number);
}

static void draw(const void *state, const struct session *s, const struct area *a, bool focused)
{
	const struct traffic *p = state;
	const struct row *r = session_selected(s);
	uint64_t since_ns = first_ns(s, p->rows.all ? NULL : r);

	if (p->detail && (r || p->rows.all)) {
		draw_detail(p, s, a, focused);
		return;
	}
	if (!p->rows.count || (!r && !p->rows.all)) {
		traffic_empty_draw(s, r, p->moved_mode, p->rows.all, a);
		return;
	}
	traffic_why_draw(s, a, p->skip);
	for (int y = p->skip; y < a->h; y++) {
		size_t at = p->list.top + (size_t)(y - p->skip);

		if (at >= p->rows.count)
			break;
		draw_row(p, s, a, y, packet_list_at(&p->rows, at), since_ns);
		if (packet_list_at(&p->rows, at) == p->cursor && (focused || p->held))
			pane_cursor(a, y, focused);
	}
}

static void move_to(struct traffic *p, size_t at)
{
	if (at >= p->rows.count)
		return;
	p->cursor = packet_list_at(&p->rows, at);
	p->held = at + 1 < p->rows.count;
	p->list.settled = false;
}

static bool act_detail(struct traffic *p, const struct session *s, enum ui_action action)
{
	struct packet_seen seen;
	bool there = !p->moved_mode && packet_row_seen(s, p->cursor, &seen);

	if (there && packet_view_act(&p->view, &seen, action))
		return true;
	if (action == UI_BACK) {
		p->detail = false;
		p->list.settled = false;
		return true;
	}
	if (!p->moved_mode)
		return false;
	if (action == UI_DETAIL) {
		p->detail = false;
		return true;
	}
	return sheet_move(p->sheet, p->height, action);
}

static void begin_hunt(struct session *s, int way)
{
	s->hunt = (struct hunt){ .way = way, .same = true, .key = s->selected, .until_ns = clock_mono_ns() + HUNT_NS };
}

static bool act_same(struct traffic *p, struct session *s, int way)
{
	const struct packet_row row = row_of(p, s, 0);
	size_t at = packet_list_find(&p->rows, p->cursor);
	enum found found;

	if (!s->hunt.on)
		begin_hunt(s, way);
	found = p->moved_mode ? moved_find_same(&p->moved, journal_of(s), at, way, &at)
			      : packet_find_same(&p->rows, &row, at, &s->hunt, &at);
	s->hunt.on = found == FOUND_LATER;
	if (found == FOUND_NOTHING)
		session_notice(s, NOTICE_INFO, "no other of this kind");
	if (found != FOUND_NOTHING || !p->moved_mode)
		move_to(p, at);
	return true;
}

static enum found find(void *state, struct session *s, const struct needle *n, int way)
{
	struct traffic *p = state;
	const struct packet_row row = row_of(p, s, 0);
	struct packet_seen seen;
	enum found found;
	size_t at;

	choose(p, s, session_selected(s));
	at = packet_list_find(&p->rows, p->cursor);
	if (p->moved_mode) {
		found = moved_find(&p->moved, journal_of(s), n, at, way, &at);
	} else {
		if (p->detail && packet_row_seen(s, p->cursor, &seen) &&
		    packet_view_find(&p->view, &seen, n, way, false))
			return FOUND_HERE;
		found = packet_find(&p->rows, &row, n, at, &s->hunt, &at);
	}
	if (found == FOUND_NOTHING && (p->moved_mode || !s->hunt.origin))
		return found;
	move_to(p, at);
	p->held = true;
	if (found == FOUND_NOTHING || found == FOUND_LATER)
		return found;
	if (p->detail && !p->moved_mode && packet_row_seen(s, p->cursor, &seen)) {
		packet_view_settle(&p->view, &seen, p->view.w, p->view.h);
		packet_view_find(&p->view, &seen, n, way, true);
	}
	return found;
}

static void explain(const void *state, const struct session *s, struct explanation *out)
{
	const struct traffic *p = state;
	const struct journal *j = journal_of(s);
	const struct call *c = p->moved_mode && j ? journal_find(j, p->cursor) : NULL;

	if (c)
		explain_call(s, c, out);
	else if (!p->moved_mode && p->rows.count && (p->held || p->detail || p->rows.all))
		packet_row_explain(s, p->cursor, p->detail ? &p->view : NULL, out);
}

/* Tab and S-Tab go between fields and bytes first. */
static bool key(void *state, struct session *s, const char *name)
{
	struct traffic *p = state;

	(void)s;
	return p->detail && !p->moved_mode && packet_view_key(&p->view, name);
}

static bool act(void *state, struct session *s, enum ui_action action)
{
	struct traffic *p = state;
	size_t at;

	choose(p, s, session_selected(s)); /* the trail may have moved in memory since it was drawn */
	if (action == UI_PAUSE) {
		p->paused = !p->paused;
		p->last = !p->moved_mode  ? s->recorder.next - 1
			  : p->rows.count ? p->rows.numbers[p->rows.count - 1]
					  : 0;
		return true;
	}
	if (action == UI_NEXT_SAME || action == UI_PREVIOUS_SAME)
		return act_same(p, s, action == UI_NEXT_SAME ? 1 : -1);
	if (p->detail && (action == UI_NEXT_ITEM || action == UI_PREVIOUS_ITEM)) {
		at = packet_list_find(&p->rows, p->cursor);
		move_to(p, action == UI_NEXT_ITEM ? at + 1 : at ? at - 1 : 0);
		return true;
	}
	if (p->detail)
		return act_detail(p, s, action);
	if (action == UI_DETAIL) {
		p->detail = p->held = p->rows.count > 0;
		p->sheet->top = 0;
		return true;
	}
	if (action == UI_BACK && p->held && !opened_is_file(s)) {
		p->held = false;
		return true;
	}
	if (!p->rows.count || !list_move(&p->list, action, &at))
		return false;
	move_to(p, at);
	return true;
}

static void scroll(void *state, int lines)
{
	struct traffic *p = state;

	if (p->detail && p->moved_mode) {
		sheet_scroll(p->sheet, p->height, lines);
	} else if (p->detail) {
		packet_view_scroll(&p->view, lines);
	} else {
		list_scroll(&p->list, lines);
		p->held = p->rows.count > 0;
	}
}

static void click(void *state, struct session *s, int x, int y)
{
	struct traffic *p = state;
	struct packet_seen seen;

	choose(p, s, session_selected(s));
	if (p->detail && !p->moved_mode && packet_row_seen(s, p->cursor, &seen))
		packet_view_click(&p->view, &seen, x, y - p->detail_top);
	else if (!p->detail && y >= p->skip)
		move_to(p, p->list.top + (size_t)(y - p->skip));
}

static const struct pane_hint *hints(const void *state, const struct session *s)
{
	const struct traffic *p = state;

	(void)s;
	if (!p->detail)
		return hints_packets;
	return p->moved_mode ? hints_call : packet_view_hints(&p->view);
}

static bool detail(const void *state)
{
	return ((const struct traffic *)state)->detail;
}

static void copy(const void *state, const struct session *s, struct buf *out)
{
	const struct traffic *p = state;
	const uint8_t *bytes;
	const struct packet *packet = p->moved_mode ? NULL : session_packet(s, p->cursor, &bytes);
	struct packet_base base;

	if (p->detail && packet && p->view.number == p->cursor) {
		packet_view_copy(&p->view, out);
		return;
	}
	if (!packet)
		return;
	session_base(s, packet, &base);
	base.ascii = s->settings.ascii;
	decode_info(packet, bytes, &base, out);
}

const struct pane_ops traffic_packets = {
	.name = "Traffic",
	.help = "the selected socket's packets; Enter opens one, p pauses, G follows the newest",
	.size = sizeof(struct traffic),
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
