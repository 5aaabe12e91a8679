/* The Traffic pane: the packets of the selected socket as the socket sees them, out or in; Enter
 * opens one. Where there is no wire to look at (UNIX sockets, no capture) the bytes that our own
 * calls moved. */
#include "ui/call_sheet.h"
#include "ui/list.h"
#include "ui/moved.h"
#include "ui/packet_list.h"
#include "ui/packet_row.h"
#include "ui/packet_view.h"
#include "ui/pane.h"
#include "ui/row_words.h"
#include "ui/traffic.h"

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
	bool moved_mode = r && (r->sock->family == AF_UNIX || (!runs && (!t || !t->count)));

	if (p->key != s->selected || p->moved_mode != moved_mode) {
		p->key = s->selected;
		p->moved_mode = moved_mode;
		p->held = p->detail = p->paused = false;
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

static const char *why_none(const struct session *s)
{
	return s->taps[TAP_LIVE].error.code
		       ? s->taps[TAP_LIVE].error.text
		       : "No capture runs (: capture on): these are the bytes that calls moved.";
}

/* Rows that a notice above the list takes. */
static int above(const struct traffic *p, const struct session *s, int w, int h)
{
	const struct row *r = session_selected(s);
	const char *text = why_none(s);
	int rows = 0;

	if (!p->moved_mode || !r || r->sock->family == AF_UNIX || !p->rows.count)
		return 0;
	for (size_t used; rows < h / 3 && (used = grid_wrap(text, w)); text += used)
		rows++;
	return rows;
}

static void draw_why(const struct session *s, const struct area *a, int rows)
{
	const char *text = why_none(s);
	size_t used;

	for (int y = 0; y < rows && (used = grid_wrap(text, a->w)); y++, text += used)
		if (y + 1 < rows)
			area_put_bytes(a, 0, y, ROLE_WARN, text, used);
		else
			area_put_in(a, 0, y, a->w, ROLE_WARN, text);
}

static void settle_detail(struct traffic *p, const struct session *s, const struct row *r, int w,
			  int h)
{
	const uint8_t *bytes;
	const struct packet *packet;

	if (p->moved_mode) {
		const struct journal *j = journal_of(s);

		call_sheet(p->sheet, j ? journal_find(j, p->cursor) : NULL, first_ns(s, r),
			   s->settings.ascii);
		sheet_settle(p->sheet, w, h);
		return;
	}
	packet = session_packet(s, p->cursor, &bytes);
	if (!packet)
		return;
	p->detail_top = 1 + packet_source_rows(s, packet, w, h);
	packet_view_settle(&p->view, packet, bytes, w, h - p->detail_top);
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
	p->skip = above(p, s, w, h);
	list_settle(&p->list, packet_list_find(&p->rows, p->cursor), p->rows.count, h - p->skip);
	if (p->rows.count && !p->detail)
		p->cursor = packet_list_at(&p->rows, p->list.cursor);
	newest = p->moved_mode && p->rows.count ? p->rows.numbers[p->rows.count - 1]
						: s->recorder.next - 1;
	p->number_cells = snprintf(NULL, 0, "%llu", (unsigned long long)newest);
	if (p->detail)
		settle_detail(p, s, r, w, h);
}

static void title(const void *state, const struct session *s, struct buf *out, struct buf *right)
{
	const struct traffic *p = state;
	const struct row *r = session_selected(s);
	const struct trail *t = r ? session_trail(s, r->key) : NULL;

	if (!r && !p->rows.all)
		return;
	buf_putc(out, ' ');
	if (p->rows.all)
		buf_puts(out, "everything");
	else
		row_label(r, out);
	if (p->detail)
		buf_printf(out, " · %s %llu", p->moved_mode ? "call" : "packet",
			   (unsigned long long)p->cursor);
	if (p->paused)
		buf_puts(right, "paused · ");
	if (!p->moved_mode && t && t->lost)
		buf_printf(right, "%llu let go · ", (unsigned long long)t->lost);
	if (p->held)
		buf_printf(right, "%zu of ", p->list.cursor + 1);
	buf_printf(right, "%zu %s", p->rows.count,
		   p->moved_mode        ? "moved by calls"
		   : p->rows.count == 1 ? "packet"
					: "packets");
}

static void draw_empty(const struct traffic *p, const struct session *s, const struct row *r,
		       const struct area *a)
{
	int y = 1;

	if (p->rows.all) {
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
		pane_sentence(
			a, y, ROLE_DIM,
			"A UNIX socket puts no packets on the wire. Bytes that are sent (s) and "
			"received (r) appear here.");
		return;
	}
	if (!p->moved_mode) {
		pane_sentence(
			a, y, ROLE_DIM,
			r->sock->state == STATE_LISTEN
				? "No packets yet: nobody has connected to this listener."
			: row_is_foreign(r)
				? "No packets of this socket were seen since the capture began."
				: "No packets yet: this socket has put nothing on the wire.");
		return;
	}
	y = pane_sentence(a, y, ROLE_WARN,
			  s->taps[TAP_LIVE].error.code ? "No packets can be seen."
						       : "No capture runs.");
	pane_sentence(
		a, y, ROLE_DIM,
		s->taps[TAP_LIVE].error.code ? s->taps[TAP_LIVE].error.text
		: row_is_foreign(r)
			? "The command `capture on` starts one (press :). Then the packets of any "
			  "socket of this host are seen here."
			: "The command `capture on` starts one (press :). Until then the bytes "
			  "that calls move appear here.");
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

static void draw_detail(const struct traffic *p, const struct session *s, const struct area *a,
			bool focused)
{
	const struct packet_row row = row_of(p, s,
					     first_ns(s, p->rows.all ? NULL : session_selected(s)));
	const uint8_t *bytes;
	const struct packet *packet;
	struct area below;

	if (p->moved_mode) {
		sheet_draw(p->sheet, a);
		return;
	}
	packet = session_packet(s, p->cursor, &bytes);
	if (!packet) {
		pane_sentence(a, 1, ROLE_DIM,
			      "No longer kept: newer packets needed the room. Esc goes back.");
		return;
	}
	below = area_sub(a, 0, p->detail_top, a->w, a->h - p->detail_top);
	packet_row_draw(&row, a, 0, p->cursor);
	packet_source_draw(s, packet, a);
	packet_view_draw(&p->view, packet, bytes, &below, focused);
}

static void draw_row(const struct traffic *p, const struct session *s, const struct area *a, int y,
		     uint64_t number, uint64_t since_ns)
{
	const struct packet_row row = row_of(p, s, since_ns);

	if (p->moved_mode) {
		const struct journal *j = journal_of(s);
		const struct call *c = j ? journal_find(j, number) : NULL;

		if (c)
			moved_draw(a, y, c, since_ns);
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
		draw_empty(p, s, r, a);
		return;
	}
	draw_why(s, a, p->skip);
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

static bool act_detail(struct traffic *p, enum ui_action action)
{
	if (action == UI_BACK) {
		p->detail = false;
		p->list.settled = false;
		return true;
	}
	if (!p->moved_mode)
		return packet_view_act(&p->view, action);
	if (action == UI_DETAIL) {
		p->detail = false;
		return true;
	}
	return sheet_move(p->sheet, p->height, action);
}

static bool act(void *state, struct session *s, enum ui_action action)
{
	struct traffic *p = state;
	size_t at;

	choose(p, s,
	       session_selected(s)); /* the trail may have moved in memory since it was drawn */
	if (action == UI_PAUSE) {
		p->paused = !p->paused;
		p->last = !p->moved_mode  ? s->recorder.next - 1
			  : p->rows.count ? p->rows.numbers[p->rows.count - 1]
					  : 0;
		return true;
	}
	if (p->detail)
		return act_detail(p, action);
	if (action == UI_DETAIL) {
		p->detail = p->held = p->rows.count > 0;
		p->sheet->top = 0;
		return true;
	}
	if (action == UI_BACK && p->held) {
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

	(void)x;
	choose(p, s, session_selected(s));
	if (p->detail && !p->moved_mode)
		packet_view_click(&p->view, y - p->detail_top);
	else if (!p->detail && y >= p->skip)
		move_to(p, p->list.top + (size_t)(y - p->skip));
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
	.detail = detail,
	.copy = copy,
};
