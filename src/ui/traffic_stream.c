/* The bytes that the selected socket sent and received, in order and in colour: as text, hex or C
 * strings. The newest are followed until one scrolls away from them. */
#include "ui/traffic.h"

#include "session/follow.h"
#include "session/opened.h"
#include "ui/find.h"
#include "ui/hex.h"
#include "ui/mark.h"
#include "ui/row_words.h"
#include "util/mem.h"
#include "util/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GUTTER = 3, TIME_W = 12, TIMES_FROM = 60 };

/* A line of the screen: a piece of a turn. */
struct piece {
	uint32_t turn;
	uint32_t from, len; /* in the turn; of a line in hex: its first byte */
};

struct stream_pane {
	struct follow follow;
	struct piece *lines;
	size_t count, capacity;
	size_t built; /* turns that are in `lines`, but for the last one, which may grow */
	uint64_t seen, restarts;
	enum stream_form form;
	int width, height;
	size_t top;
	bool held, paused;
	bool hit; /* the bytes that a search found: in that turn, at that place */
	size_t hit_turn, hit_at;
};

static void close_pane(void *state)
{
	struct stream_pane *p = state;

	follow_done(&p->follow);
	free(p->lines);
}

/* --- lines --- */

static void add_line(struct stream_pane *p, size_t turn, size_t from, size_t len)
{
	MEM_ROOM(p->lines, p->count, p->capacity);
	p->lines[p->count++] = (struct piece){ (uint32_t)turn, (uint32_t)from, (uint32_t)len };
}

/* Cells that a character takes when it is cleaned, or quoted. */
static int cells_of(const char *bytes, size_t len, bool quoted, size_t *used)
{
	uint32_t rune;
	int width;

	*used = text_decode(bytes, len, &rune);
	if (!*used) {
		*used = 1;
		return 4;
	}
	if (quoted && (rune == '"' || rune == '\\'))
		return 2;
	width = text_rune_width(rune);
	return width < 0 ? (rune < 0x80 ? 4 : 6) : width;
}

/* How much of it makes the next line: up to a newline, or what fits. */
static size_t next_line(const char *bytes, size_t len, int width, bool quoted)
{
	int x = 0;

	for (size_t at = 0; at < len;) {
		size_t used;
		int cells = cells_of(bytes + at, len - at, quoted, &used);

		if (bytes[at] == '\n')
			return at + 1;
		if (!(bytes[at] == '\r' && at + 1 < len && bytes[at + 1] == '\n'))
			x += cells;
		if (x > width)
			return at ? at : used;
		at += used;
	}
	return len;
}

/* Cells for the bytes: beside them stands the time, where that costs no bytes of a line in hex. */
static int bytes_width(enum stream_form form, int width)
{
	int all = width - GUTTER;
	bool times = form == FORM_HEX ? hex_per_line(all - TIME_W) == hex_per_line(all) : width >= TIMES_FROM;

	return times ? all - TIME_W : all;
}

static void add_turn(struct stream_pane *p, size_t turn)
{
	const struct follow_turn *t = &p->follow.turns[turn];
	const char *bytes = (const char *)p->follow.bytes + t->from;
	int width = bytes_width(p->form, p->width);
	bool quoted = p->form == FORM_C;
	size_t step;

	if (t->kind == FOLLOW_GAP || t->kind == FOLLOW_MESSAGE) {
		add_line(p, turn, 0, 0);
		return;
	}
	for (size_t at = 0; at < t->len; at += step) {
		step = p->form == FORM_HEX ? (size_t)hex_per_line(width)
					   : next_line(bytes + at, t->len - at, quoted ? width - 2 : width, quoted);
		if (step > t->len - at)
			step = t->len - at;
		add_line(p, turn, at, step);
	}
}

static void build(struct stream_pane *p)
{
	size_t from = p->built ? p->built - 1 : 0;

	while (p->count && p->lines[p->count - 1].turn >= from)
		p->count--;
	if (!from)
		p->count = 0;
	for (size_t i = from; i < p->follow.count; i++)
		add_turn(p, i);
	p->built = p->follow.count;
}

static void settle(void *state, const struct session *s, int w, int h)
{
	struct stream_pane *p = state;
	size_t most;

	if (p->follow.key != s->selected || p->restarts != p->follow.restarts)
		p->hit = false;
	if (p->follow.key != s->selected)
		p->held = opened_is_file(s), p->top = 0, p->paused = false;
	if (!p->paused)
		follow_settle(&p->follow, s, s->selected);
	if (p->width != w || p->form != s->form || p->restarts != p->follow.restarts)
		p->built = p->seen = 0;
	p->width = w;
	p->height = h;
	p->form = s->form;
	p->restarts = p->follow.restarts;
	if (!p->built || p->seen != p->follow.changes)
		build(p);
	p->seen = p->follow.changes;
	most = p->count > (size_t)h ? p->count - (size_t)h : 0;
	if (!p->held || p->top > most)
		p->top = most;
	if (p->top >= most)
		p->held = false;
}

/* --- drawing --- */

static void title(const void *state, const struct session *s, struct buf *out, struct buf *right)
{
	const struct stream_pane *p = state;
	const struct row *r = session_selected(s);

	buf_putc(out, ' ');
	if (r)
		row_label(r, out);
	buf_printf(out, "%sstream · %s (h)", r ? " · " : "", p->form == FORM_C ? "C strings" : form_names[p->form]);
	if (follow_decrypts(&p->follow))
		buf_puts(out, " · decrypted");
	if (p->paused)
		buf_puts(right, "paused · ");
	if (p->follow.let_go)
		buf_printf(right, "%llu let go · ", (unsigned long long)p->follow.let_go);
	if (p->follow.missing)
		buf_printf(right, "%llu not seen · ", (unsigned long long)p->follow.missing);
	if (p->held)
		buf_printf(right, "line %zu of %zu · ", p->top + 1, p->count);
	buf_printf(right, "%llu out, %llu in", (unsigned long long)p->follow.total[1],
		   (unsigned long long)p->follow.total[0]);
}

static void draw_bytes(const struct stream_pane *p, const struct area *a, int y, enum role role,
		       const struct follow_turn *t, const struct piece *l)
{
	const char *bytes = (const char *)p->follow.bytes + t->from + l->from;
	size_t len = l->len;
	struct buf quoted = { 0 };

	if (p->form == FORM_HEX) {
		hex_line(a, y, p->follow.bytes + t->from, t->len, l->from / (size_t)hex_per_line(a->w), 0, 0);
		area_roles(a, 0, y, 5, role);
		return;
	}
	if (p->form == FORM_C) {
		text_quote(&quoted, bytes, len);
		area_put(a, 0, y, role, buf_text(&quoted));
		buf_done(&quoted);
		return;
	}
	if (len && bytes[len - 1] == '\n')
		len -= 1 + (len > 1 && bytes[len - 2] == '\r');
	area_put_bytes(a, 0, y, role, bytes, len);
}

/* "[HTTP GET / HTTP/1.1]": told apart from what was sent even without colours. */
static void draw_message(const struct stream_pane *p, const struct area *a, int y, const struct follow_turn *t)
{
	char clean[512];

	text_clean_to(clean, sizeof clean, (const char *)p->follow.bytes + t->from, t->len);
	area_put(a, 0, y, ROLE_DIM, "[");
	area_put(a, area_put_in(a, 1, y, a->w - 2, ROLE_NAME, clean), y, ROLE_DIM, "]");
}

static void draw_line(const struct stream_pane *p, const struct session *s, const struct area *a, int y,
		      const struct piece *l)
{
	const struct follow_turn *t = &p->follow.turns[l->turn];
	bool bad = t->kind == FOLLOW_GAP || t->kind == FOLLOW_OVERLAP;
	enum role role = bad ? ROLE_WARN : t->out ? ROLE_OUT : ROLE_IN;
	int width = bytes_width(p->form, a->w);
	bool times = width < a->w - GUTTER;
	struct area text = area_sub(a, GUTTER, 0, width, a->h);
	uint64_t first = p->follow.turns[0].at_ns;

	if (t->kind == FOLLOW_GAP) {
		area_put(a, 0, y, role, glyph(a->grid, t->out ? GLYPH_OUT : GLYPH_IN));
		area_putf(&text, 0, y, role, "%s %zu byte%s were not seen %s", glyph(a->grid, GLYPH_ELLIPSIS), t->len,
			  t->len == 1 ? "" : "s", glyph(a->grid, GLYPH_ELLIPSIS));
		return;
	}
	if (t->kind == FOLLOW_MESSAGE)
		draw_message(p, &text, y, t);
	else
		draw_bytes(p, &text, y, role, t, l);
	if (l->from)
		return;
	area_put(a, 0, y, role, glyph(a->grid, t->out ? GLYPH_OUT : GLYPH_IN));
	if (t->kind == FOLLOW_OVERLAP)
		area_put(a, 1, y, role, "!");
	if (times && t->at_ns >= first) {
		char at[32];

		mark_time(s, t->at_ns, first, at, sizeof at, TIME_W - 1);
		area_put_right(a, a->w - TIME_W, y, TIME_W, mark_counts(s) ? ROLE_NEW : ROLE_DIM, at);
	}
}

/* The line that what was found begins in. */
static size_t hit_line(const struct stream_pane *p)
{
	size_t low = 0, high = p->count;

	while (low < high) {
		size_t mid = (low + high) / 2;
		const struct piece *l = &p->lines[mid];

		if (l->turn < p->hit_turn || (l->turn == p->hit_turn && l->from + l->len <= p->hit_at))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void draw(const void *state, const struct session *s, const struct area *a, bool focused)
{
	const struct stream_pane *p = state;

	if (!p->count) {
		pane_sentence(a, 1, ROLE_DIM,
			      session_selected(s) && row_is_all(session_selected(s))
				      ? "This row is all packets of the file. Select a flow below it: the bytes of its "
					"two sides appear here, in order."
			      : session_selected(s) ? "No data yet: what this socket sends and receives appears "
						      "here, in order."
						    : "The stream of the selected socket appears here.");
		return;
	}
	for (int y = 0; y < a->h && p->top + (size_t)y < p->count; y++)
		draw_line(p, s, a, y, &p->lines[p->top + (size_t)y]);
	if (p->hit && hit_line(p) >= p->top && hit_line(p) - p->top < (size_t)a->h)
		pane_cursor(a, (int)(hit_line(p) - p->top), focused);
}

/* --- what is done to it --- */

static void scroll(void *state, int lines)
{
	struct stream_pane *p = state;
	size_t most = p->count > (size_t)p->height ? p->count - (size_t)p->height : 0;

	if (lines < 0)
		p->top = p->top > (size_t)-lines ? p->top - (size_t)-lines : 0;
	else
		p->top = most - p->top > (size_t)lines ? p->top + (size_t)lines : most;
	p->held = p->top < most;
}

static void show_hit(struct stream_pane *p, size_t turn, size_t at)
{
	size_t line;

	p->hit = true;
	p->hit_turn = turn;
	p->hit_at = at;
	line = hit_line(p);
	if (line < p->top || line >= p->top + (size_t)p->height)
		p->top = line > (size_t)p->height / 3 ? line - (size_t)p->height / 3 : 0;
	p->held = true;
}

/* Where the eye is: at what was found last, else at the first line that is seen. */
static size_t turn_seen(const struct stream_pane *p)
{
	return p->hit ? p->hit_turn : p->top < p->count ? p->lines[p->top].turn : 0;
}

struct stream_search {
	const struct stream_pane *p;
	const struct needle *needle; /* NULL: of the same side */
	bool out;
	int way;
	size_t at; /* where in the turn */
};

static bool holds(void *ctx, size_t turn)
{
	struct stream_search *f = ctx;
	const struct follow_turn *t = &f->p->follow.turns[turn];
	const uint8_t *bytes = f->p->follow.bytes + t->from;
	size_t at;

	if (t->kind == FOLLOW_GAP)
		return false;
	f->at = 0;
	if (!f->needle)
		return t->out == f->out;
	f->at = needle_in_bytes(f->needle, bytes, t->len, 0);
	for (at = f->at; f->way < 0 && at != NEEDLE_NONE; at = needle_in_bytes(f->needle, bytes, t->len, at + 1))
		f->at = at;
	return f->at != NEEDLE_NONE;
}

/* Again in the turn of the last hit. */
static bool find_here(struct stream_pane *p, const struct needle *n, int way)
{
	const struct follow_turn *t = &p->follow.turns[p->hit_turn];
	const uint8_t *bytes = p->follow.bytes + t->from;
	size_t last = NEEDLE_NONE, at = needle_in_bytes(n, bytes, t->len, way > 0 ? p->hit_at + 1 : 0);

	for (; way < 0 && at < p->hit_at; at = needle_in_bytes(n, bytes, t->len, at + 1))
		last = at;
	at = way > 0 ? at : last;
	if (at == NEEDLE_NONE)
		return false;
	show_hit(p, p->hit_turn, at);
	return true;
}

static enum found look_for(struct stream_pane *p, const struct needle *n, int way)
{
	size_t turn = turn_seen(p);
	struct stream_search f = { p, n, turn < p->follow.count && p->follow.turns[turn].out, way, 0 };
	enum found found;

	if (!p->count || turn >= p->follow.count)
		return FOUND_NOTHING;
	if (n && p->hit && find_here(p, n, way))
		return FOUND_HERE;
	if (n && !p->hit && way > 0 && holds(&f, turn)) {
		show_hit(p, turn, f.at);
		return FOUND_HERE;
	}
	found = find_row(p->follow.count, turn, way, holds, &f, &turn);
	if (found == FOUND_NOTHING || (!n && turn == turn_seen(p)))
		return FOUND_NOTHING;
	show_hit(p, turn, f.at);
	return found;
}

static enum found find(void *state, struct session *s, const struct needle *n, int way)
{
	(void)s;
	return look_for(state, n, way);
}

static bool moment(const void *state, const struct session *s, struct mark *out)
{
	const struct stream_pane *p = state;
	const struct follow_turn *t;

	(void)s;
	if (!p->count || turn_seen(p) >= p->follow.count)
		return false;
	t = &p->follow.turns[turn_seen(p)];
	*out = (struct mark){ t->at_ns, 0, "" };
	snprintf(out->what, sizeof out->what, "bytes %s from %llu on", t->out ? "sent" : "received",
		 (unsigned long long)t->offset);
	return true;
}

static bool act(void *state, struct session *s, enum ui_action action)
{
	struct stream_pane *p = state;
	int page = p->height > 1 ? p->height - 1 : 1;

	switch (action) {
	case UI_NEXT_SAME:
	case UI_PREVIOUS_SAME:
		if (look_for(p, NULL, action == UI_NEXT_SAME ? 1 : -1) == FOUND_NOTHING)
			session_notice(s, NOTICE_INFO, "no other bytes of this side");
		return true;
	case UI_UP: scroll(p, -1); return true;
	case UI_DOWN: scroll(p, 1); return true;
	case UI_PAGE_UP: scroll(p, -page); return true;
	case UI_PAGE_DOWN: scroll(p, page); return true;
	case UI_TOP:
		p->top = 0;
		p->held = true;
		return true;
	case UI_BOTTOM: p->held = false; return true;
	case UI_PAUSE: p->paused = !p->paused; return true;
	case UI_BACK:
		if ((!p->held || opened_is_file(s)) && !p->hit)
			return false;
		p->held = p->hit = false;
		return true;
	default: return false;
	}
}

static void click(void *state, struct session *s, int x, int y)
{
	(void)state;
	(void)s;
	(void)x;
	(void)y;
}

static const struct pane_hint *hints(const void *state, const struct session *s)
{
	(void)state;
	(void)s;
	return hints_stream;
}

static void copy(const void *state, const struct session *s, struct buf *out)
{
	const struct stream_pane *p = state;
	const struct piece *l = p->count ? &p->lines[p->top] : NULL;

	(void)s;
	if (l && p->follow.turns[l->turn].kind != FOLLOW_GAP)
		text_clean(out, (const char *)p->follow.bytes + p->follow.turns[l->turn].from + l->from, l->len);
}

const struct pane_ops traffic_stream = {
	.name = "Stream",
	.help = "the bytes of the selected socket, both ways; h: text, hex, C strings",
	.size = sizeof(struct stream_pane),
	.close = close_pane,
	.settle = settle,
	.title = title,
	.draw = draw,
	.act = act,
	.scroll = scroll,
	.click = click,
	.hints = hints,
	.find = find,
	.moment = moment,
	.copy = copy,
};
