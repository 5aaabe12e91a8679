/* The Calls pane: every call on our own sockets, newest at the bottom; Enter opens one in full. */
#include "session/opened.h"
#include "ui/call_find.h"
#include "ui/call_sheet.h"
#include "ui/find.h"
#include "ui/list.h"
#include "ui/mark.h"
#include "ui/pane.h"
#include "ui/row_words.h"

#include "util/mem.h"
#include "util/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_CELLS = 9, TIME_CELLS = 12 };

struct calls {
	struct list list;
	uint64_t cursor; /* number of the call under the cursor */
	bool held;       /* the cursor stays; else it follows the newest call */
	bool detail;
	int height;
	struct sheet *sheet; /* of the detail */
};

static const struct journal *journal_of(const struct session *s)
{
	return s->lab ? lab_journal(s->lab) : NULL;
}

static void open_pane(void *state)
{
	struct calls *p = state;

	p->sheet = mem_alloc(sizeof *p->sheet);
}

static void close_pane(void *state)
{
	struct calls *p = state;

	free(p->sheet);
}

static void settle(void *state, const struct session *s, int w, int h)
{
	struct calls *p = state;
	const struct journal *j = journal_of(s);
	uint64_t oldest = j && j->count ? journal_oldest(j) : 1;
	size_t count = j ? j->count : 0;

	if (count && !p->held)
		p->cursor = oldest + count - 1;
	if (count && p->cursor < oldest)
		p->cursor = oldest;
	p->height = h;
	list_settle(&p->list, count ? (size_t)(p->cursor - oldest) : 0, count, h);
	if (p->detail) {
		const struct call *first = j && count ? journal_find(j, oldest) : NULL;

		call_sheet(p->sheet, j ? journal_find(j, p->cursor) : NULL, first ? first->start_ns : 0,
			   s->settings.ascii);
		sheet_settle(p->sheet, w, h);
	}
}

static bool moment(const void *state, const struct session *s, struct mark *out)
{
	const struct calls *p = state;
	const struct journal *j = journal_of(s);
	const struct call *c = j ? journal_find(j, p->cursor) : NULL;

	if (!c)
		return false;
	*out = (struct mark){ c->start_ns, c->number, "" };
	snprintf(out->what, sizeof out->what, "call %llu", (unsigned long long)c->number);
	return true;
}

static void title(const void *state, const struct session *s, struct buf *out, struct buf *right)
{
	const struct calls *p = state;
	const struct journal *j = journal_of(s);
	struct mark mark;

	if (p->detail)
		buf_printf(out, " · call %llu", (unsigned long long)p->cursor);
	if (!j)
		return;
	if (j->dropped)
		buf_printf(right, "%llu let go · ", (unsigned long long)j->dropped);
	if (p->held && moment(p, s, &mark))
		mark_words(s, mark.at_ns, right);
	if (p->held)
		buf_printf(right, "%zu of ", p->list.cursor + 1);
	buf_printf(right, "%zu", j->count);
}

/* Colour the result of a line, and the state that it led to. */
static void colour_call(const struct area *a, int x, int y, const struct call *c, const char *line)
{
	const char *result = strstr(line, ") = "), *next, *state = state_name(c->after), *at = NULL;
	int from;

	for (next = result; next; next = strstr(next + 1, ") = ")) /* arguments may hold the same signs */
		result = next;
	if (result && (c->status == CALL_ERROR || c->status == CALL_TIMEOUT)) {
		const char *end = strstr(result + 4, "  ");
		struct buf part = { 0 };

		buf_add(&part, line, (size_t)(result + 4 - line));
		from = x + (int)text_width(buf_text(&part));
		buf_clear(&part);
		buf_add(&part, result + 4, end ? (size_t)(end - result - 4) : strlen(result + 4));
		area_roles(a, from, y, (int)text_width(buf_text(&part)), ROLE_ERROR);
		buf_done(&part);
	}
	if (c->before == c->after || c->after == STATE_NONE)
		return;
	if (strlen(line) > strlen(state))
		at = line + strlen(line) - strlen(state);
	if (at && !strcmp(at, state)) {
		from = x + (int)(text_width(line) - strlen(state));
		area_roles(a, from, y, (int)strlen(state), theme_state_role(c->after));
	}
}

/* Cut the end of a part of the line so that it takes at most `cells`, the ellipsis with it. */
static void squeeze(struct buf *line, size_t from, size_t len, int cells, const char *ellipsis)
{
	struct buf part = { 0 };
	size_t keep = len;

	for (;;) {
		buf_clear(&part);
		buf_add(&part, line->data + from, keep);
		if (!keep || (int)text_width(buf_text(&part)) < cells)
			break;
		do
			keep--;
		while (keep && ((unsigned char)line->data[from + keep] & 0xc0) == 0x80);
	}
	buf_done(&part);
	buf_cut(line, from + keep, len - keep);
	buf_insert(line, from + keep, ellipsis, strlen(ellipsis));
}

struct stretch { /* of a line */
	size_t from, len;
	int cells, least;
};

static struct stretch stretch(const struct buf *line, size_t from, size_t len, int least)
{
	struct stretch s = { from, len, 0, least };
	struct buf part = { 0 };

	buf_add(&part, line->data + from, len);
	s.cells = (int)text_width(buf_text(&part));
	buf_done(&part);
	return s;
}

/* A note comes last and is told whole in the detail: where the line is too long it gives way before all else. */
static void shorten_note(struct buf *line, int w, const char *note, const char *ellipsis)
{
	enum { NOTE_LEAST = 12 };
	struct buf clean = { 0 };
	struct stretch last;
	int over = (int)text_width(buf_text(line)) - w;

	if (over <= 0 || !*note)
		return;
	text_clean(&clean, note, strlen(note));
	last = stretch(line, line->len - clean.len, clean.len, NOTE_LEAST);
	if (last.cells - over >= last.least)
		squeeze(line, last.from, last.len, last.cells - over, ellipsis);
	else
		buf_cut(line, last.from - strlen("  "), last.len + strlen("  "));
	buf_done(&clean);
}

/* Where a line is too long its longer one of arguments and result gives way first, then the other: time and states
 * stay. The result comes last in the line, so that what is cut there moves nothing of the arguments. */
static void shorten(struct buf *line, int w, const char *ellipsis)
{
	enum { ARGS_LEAST = 9, RESULT_LEAST = 16 };
	const char *result = strstr(buf_text(line), ") = "), *end = result ? strstr(result, "  ") : NULL;
	int over = (int)text_width(buf_text(line)) - w;
	size_t at = result ? (size_t)(result - line->data) : 0, from = at + strlen(") = ");
	struct stretch args, got;
	int from_result, from_args;

	if (over <= 0 || !result)
		return;
	args = stretch(line, 0, at, ARGS_LEAST);
	got = stretch(line, from, end ? (size_t)(end - line->data) - from : line->len - from, RESULT_LEAST);
	from_result = got.cells > args.cells ? over : over - (args.cells > args.least ? args.cells - args.least : 0);
	if (from_result > got.cells - got.least)
		from_result = got.cells > got.least ? got.cells - got.least : 0;
	from_args = over - (from_result > 0 ? from_result : 0);
	if (from_result > 0)
		squeeze(line, got.from, got.len, got.cells - from_result, ellipsis);
	if (from_args > 0 && args.cells > args.least)
		squeeze(line, args.from, args.len,
			args.cells - from_args > args.least ? args.cells - from_args : args.least, ellipsis);
}

static void draw_call(const struct area *a, int y, const struct session *s, const struct call *c, struct buf *line)
{
	bool bright = !s->selected || c->sock == s->selected || c->made == s->selected;
	int x = NAME_CELLS;
	char at[32];

	if (mark_counts(s)) {
		mark_time(s, c->start_ns, 0, at, sizeof at, TIME_CELLS - 1);
		x = area_put_right(a, x, y, TIME_CELLS - 1, ROLE_NEW, at) + 1;
	}
	buf_clear(line);
	call_format(c, a->grid->ascii, line);
	shorten_note(line, a->w - x, c->note, glyph(a->grid, GLYPH_ELLIPSIS));
	shorten(line, a->w - x, glyph(a->grid, GLYPH_ELLIPSIS));
	area_put_in(a, 0, y, NAME_CELLS - 1, bright ? ROLE_NAME : ROLE_DIM, c->name[0] ? c->name : "-");
	if (s->mark.at_ns == c->start_ns && s->mark.number == c->number)
		area_put(a, NAME_CELLS - 1, y, ROLE_NEW, "*");
	area_put_in(a, x, y, a->w - x, bright ? ROLE_TEXT : ROLE_DIM, buf_text(line));
	if (bright)
		colour_call(a, x, y, c, buf_text(line));
	if (bright && c->status == CALL_RUNNING)
		area_roles(a, x, y, a->w - x, ROLE_WARN);
}

static bool foreign(const struct session *s)
{
	const struct row *r = session_selected(s);

	return r && row_is_foreign(r) && !(s->opened && s->opened->replay);
}

static void draw(const void *state, const struct session *s, const struct area *a, bool focused)
{
	const struct calls *p = state;
	const struct journal *j = journal_of(s);
	struct buf line = { 0 };
	uint64_t oldest;

	if (p->detail) {
		sheet_draw(p->sheet, a);
		return;
	}
	if (foreign(s) && !p->held && !focused) {
		pane_sentence(a, a->h > 3, ROLE_DIM,
			      s->opened ? "A capture file has packets, and no calls. A recording of "
					  "sockeye (-w) has both."
					: "These calls are another program's: only our own sockets' "
					  "calls are seen.");
		return;
	}
	if (!j || !j->count) {
		pane_sentence(a, 1, ROLE_DIM,
			      "Every call that you make on a socket appears here, with its result, the "
			      "time it took and what it did to the state.");
		return;
	}
	oldest = journal_oldest(j);
	for (int y = 0; y < a->h && p->list.top + (size_t)y < j->count; y++) {
		uint64_t number = oldest + p->list.top + (size_t)y;
		const struct call *c = journal_find(j, number);

		if (c)
			draw_call(a, y, s, c, &line);
		if (number == p->cursor && (focused || p->held))
			pane_cursor(a, y, focused);
	}
	buf_done(&line);
}

static void move_to(struct calls *p, const struct journal *j, size_t at)
{
	p->cursor = journal_oldest(j) + at;
	p->held = at + 1 < j->count;
	p->list.settled = false;
}

struct call_search {
	const struct session *s;
	const struct journal *j;
	const struct needle *needle; /* NULL: like `call` */
	const struct call *call;
};

static bool holds(void *ctx, size_t i)
{
	const struct call_search *f = ctx;
	const struct call *c = journal_find(f->j, journal_oldest(f->j) + i);

	if (!c || (!f->needle && !f->call))
		return false;
	return f->needle ? call_contains(c, f->needle, f->s->settings.ascii) : c != f->call && call_same(c, f->call);
}

static enum found look_for(struct calls *p, const struct session *s, const struct needle *n, int way)
{
	const struct journal *j = journal_of(s);
	struct call_search f = { s, j, n, j ? journal_find(j, p->cursor) : NULL };
	enum found found;
	size_t at;

	if (!j || !j->count)
		return FOUND_NOTHING;
	at = p->cursor > journal_oldest(j) ? (size_t)(p->cursor - journal_oldest(j)) : 0;
	found = find_row(j->count, at, way, holds, &f, &at);
	if (found == FOUND_NOTHING)
		return found;
	move_to(p, j, at);
	p->held = true;
	p->sheet->top = 0;
	return found;
}

static enum found find(void *state, struct session *s, const struct needle *n, int way)
{
	return look_for(state, s, n, way);
}

static void explain(const void *state, const struct session *s, struct explanation *out)
{
	const struct calls *p = state;
	const struct journal *j = journal_of(s);
	const struct call *c = j ? journal_find(j, p->cursor) : NULL;

	if (c)
		explain_call(s, c, out);
}

static bool act_same(struct calls *p, struct session *s, int way)
{
	if (look_for(p, s, NULL, way) == FOUND_NOTHING)
		session_notice(s, NOTICE_INFO, "no other call of this name");
	return true;
}

static bool act(void *state, struct session *s, enum ui_action action)
{
	struct calls *p = state;
	const struct journal *j = journal_of(s);
	size_t at;

	if (p->detail && action == UI_BACK) {
		p->detail = false;
		return true;
	}
	if (p->detail && (action == UI_UP || action == UI_DOWN || action == UI_PAGE_UP || action == UI_PAGE_DOWN ||
			  action == UI_TOP || action == UI_BOTTOM))
		return sheet_move(p->sheet, p->height, action);
	if (!j || !j->count)
		return false;
	if (action == UI_DETAIL) {
		p->detail = !p->detail;
		p->held = true;
		p->sheet->top = 0;
		return true;
	}
	if (action == UI_BACK && p->held) {
		p->held = false;
		return true;
	}
	if (action == UI_NEXT_SAME || action == UI_PREVIOUS_SAME)
		return act_same(p, s, action == UI_NEXT_SAME ? 1 : -1);
	if (p->detail &&
	    (action == UI_LEFT || action == UI_RIGHT || action == UI_NEXT_ITEM || action == UI_PREVIOUS_ITEM)) {
		list_move(&p->list, action == UI_LEFT || action == UI_PREVIOUS_ITEM ? UI_UP : UI_DOWN, &at);
		p->cursor = journal_oldest(j) + at;
		p->sheet->top = 0;
		return true;
	}
	if (!list_move(&p->list, action, &at))
		return false;
	move_to(p, j, at);
	return true;
}

static void scroll(void *state, int lines)
{
	struct calls *p = state;

	if (p->detail) {
		sheet_scroll(p->sheet, p->height, lines);
		return;
	}
	list_scroll(&p->list, lines);
	p->held = true;
}

static void click(void *state, struct session *s, int x, int y)
{
	struct calls *p = state;
	const struct journal *j = journal_of(s);

	(void)x;
	if (j && !p->detail && p->list.top + (size_t)y < j->count)
		move_to(p, j, p->list.top + (size_t)y);
}

static const struct pane_hint *hints(const void *state, const struct session *s)
{
	const struct journal *j = journal_of(s);

	if (((const struct calls *)state)->detail)
		return hints_call;
	return j && j->count ? hints_calls : NULL;
}

static bool detail(const void *state)
{
	return ((const struct calls *)state)->detail;
}

static void copy(const void *state, const struct session *s, struct buf *out)
{
	const struct calls *p = state;
	const struct journal *j = journal_of(s);
	const struct call *c = j ? journal_find(j, p->cursor) : NULL;

	if (c)
		call_format(c, s->settings.ascii, out);
}

const struct pane_ops pane_calls = {
	.name = "Calls",
	.help = "every call on our own sockets with its result; Enter opens one in full",
	.size = sizeof(struct calls),
	.open = open_pane,
	.close = close_pane,
	.settle = settle,
	.title = title,
	.draw = draw,
	.act = act,
	.scroll = scroll,
	.click = click,
	.hints = hints,
	.detail = detail,
	.find = find,
	.moment = moment,
	.explain = explain,
	.copy = copy,
};
