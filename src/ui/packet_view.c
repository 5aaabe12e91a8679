#include "ui/packet_view.h"

#include "ui/hex.h"
#include "util/buf.h"
#include "util/mem.h"
#include "util/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_CELLS = 32, ALIGNED = 60, BESIDE = 100, TREE_LEAST = 44, HEX_16 = 73, HEX_8 = 39, GAP = 3, HELP_ROWS = 2 };

/* Where the parts lie: tree, help below it, bytes beside or below. */
struct parts {
	struct area tree, help, hex;
};

static void split(struct area a, struct parts *out)
{
	int hex_w = a.w >= HEX_16 + GAP + TREE_LEAST ? HEX_16 : HEX_8, tree_w = a.w, tree_h = a.h, help;

	if (a.w >= BESIDE) {
		tree_w = a.w - hex_w - GAP;
		out->hex = area_sub(&a, tree_w + GAP, 0, hex_w, a.h);
	} else {
		int hex_h = a.h >= 12 ? a.h / 3 : a.h >= 7 ? 3 : 0;

		tree_h = a.h - hex_h;
		out->hex = area_sub(&a, 0, tree_h, a.w, hex_h);
	}
	help = tree_h >= 9 ? HELP_ROWS : 0;
	out->help = area_sub(&a, 0, tree_h - help, tree_w, help);
	out->tree = area_sub(&a, 0, 0, tree_w, tree_h - help);
}

static void split_size(int w, int h, struct parts *out)
{
	struct grid none = { 0 };

	split((struct area){ &none, 0, 0, w, h }, out);
}

void packet_view_done(struct packet_view *v)
{
	packet_lines_done(v);
}

const struct packet_line *packet_view_line(const struct packet_view *v)
{
	return v->trees && v->line < v->trees->count ? &v->trees->lines[v->line] : NULL;
}

void packet_view_settle(struct packet_view *v, const struct packet_seen *p, int w, int h)
{
	struct parts parts;

	if (!v->trees)
		v->trees = mem_alloc(sizeof *v->trees);
	if (v->number != p->packet->number || v->parts != packet_parts(p)) {
		packet_lines_make(v, p);
		v->list.settled = false;
	}
	v->w = w;
	v->h = h;
	split_size(w, h, &parts);
	list_settle(&v->list, packet_line_place(v), v->trees->shown_count, parts.tree.h);
}

/* --- bytes --- */

/* The part that the selected line is of. */
static unsigned part_shown(const struct packet_view *v)
{
	const struct packet_line *on = packet_view_line(v);

	return on ? on->part : PART_PACKET;
}

/* What is lit: what a search found, else the field. */
static void lit_bytes(const struct packet_view *v, size_t *from, size_t *len)
{
	const struct packet_line *on = packet_view_line(v);

	*from = v->hit_len ? v->hit : on ? on->node->offset : 0;
	*len = v->hit_len ? v->hit_len : on ? on->node->len : 0;
}

/* The first line of the dump that is seen: only so far down as is needed. */
static size_t hex_top(const struct packet_view *v, const struct area *a, size_t bytes)
{
	size_t lines = hex_lines(bytes, a->w), h = a->h > 0 ? (size_t)a->h : 0, from, len, line, top = 0;

	lit_bytes(v, &from, &len);
	line = (v->in_bytes ? v->byte : from) / (size_t)hex_per_line(a->w);
	if ((len || v->in_bytes) && line >= h)
		top = line - h / 3;
	return top + h > lines ? lines > h ? lines - h : 0 : top;
}

static void draw_bytes(const struct packet_view *v, const struct packet_seen *p, const struct area *a, bool focused)
{
	size_t len, top, from, lit, n = (size_t)hex_per_line(a->w);
	const uint8_t *bytes = packet_part_bytes(p, part_shown(v), &len);

	if (!bytes || a->h <= 0)
		return;
	top = hex_top(v, a, len);
	lit_bytes(v, &from, &lit);
	for (int y = 0; y < a->h; y++)
		hex_line(a, y, bytes, len, top + (size_t)y, from, v->in_bytes && !v->hit_len ? 0 : lit);
	if (!v->in_bytes || v->hit_len)
		return;
	for (size_t i = top * n; i < len && i < (top + (size_t)a->h) * n; i++)
		if (i == v->byte || (i >= from && i - from < lit))
			hex_over(a, (int)(i / n - top), i,
				 i != v->byte ? OVER_SELECTED
				 : focused    ? OVER_LIT
					      : OVER_CURSOR);
}

/* --- fields --- */

static void draw_line(const struct packet_line *l, const struct area *a, int y)
{
	const struct tree_node *n = l->node;
	const char *value = tree_text(l->tree, n->value), *meaning = tree_text(l->tree, n->meaning);
	bool layer = n->depth == 0;
	int x = 2 + l->depth * 2;

	if (l->parent)
		area_put(a, x - 2, y, ROLE_DIM, glyph(a->grid, l->shut ? GLYPH_SHUT : GLYPH_OPEN));
	x = area_put(a, x, y, layer ? ROLE_STRONG : ROLE_LABEL, n->label);
	if (!layer && a->w >= ALIGNED && x < LABEL_CELLS - 1)
		x = LABEL_CELLS - 1;
	if (*meaning) {
		x = area_put(a, x + 1, y, layer ? ROLE_DIM : ROLE_VALUE, meaning);
		if (*value && strcmp(value, meaning) && !layer)
			area_put(a, x + 1, y, ROLE_DIM, value);
	} else if (*value) {
		area_put(a, x + 1, y, layer ? ROLE_DIM : ROLE_VALUE, value);
	} else if (n->proto == PROTO_COUNT) {
		area_putf(a, x + 1, y, ROLE_DIM, "%u bytes", (unsigned)n->len);
	}
}

static void draw_help(const struct area *a, const struct tree_node *n)
{
	char words[400];
	const char *text = words;
	size_t used;

	snprintf(words, sizeof words, "%s%s%s", n->name ? n->name : "", n->help ? ": " : "", n->help ? n->help : "");
	for (int y = 0; y < a->h && (used = grid_wrap(text, a->w - 1)); y++, text += used)
		area_put_bytes(a, 0, y, ROLE_DIM, text, used);
}

void packet_view_draw(const struct packet_view *v, const struct packet_seen *p, const struct area *a, bool focused)
{
	const struct packet_line *on = packet_view_line(v);
	struct parts parts;

	split(*a, &parts);
	if (!v->trees || v->number != p->packet->number)
		return;
	for (int y = 0; y < parts.tree.h; y++) {
		size_t at = v->list.top + (size_t)y;

		if (at >= v->trees->shown_count)
			break;
		draw_line(&v->trees->lines[v->trees->shown[at]], &parts.tree, y);
		if (v->trees->shown[at] == v->line)
			area_over(&parts.tree, 0, y, parts.tree.w,
				  focused && !v->in_bytes ? OVER_CURSOR : OVER_SELECTED);
	}
	if (on)
		draw_help(&parts.help, on->node);
	if (parts.hex.x > parts.tree.x)
		area_vline(a, parts.tree.w + 1, 0, a->h);
	draw_bytes(v, p, &parts.hex, focused);
}

void packet_view_where(const struct packet_view *v, const struct packet_seen *p, struct buf *out)
{
	const struct packet_line *on = packet_view_line(v);
	size_t from, len, all;

	if (!on || v->number != p->packet->number)
		return;
	packet_part_bytes(p, on->part, &all);
	lit_bytes(v, &from, &len);
	if (v->in_bytes)
		buf_printf(out, "byte %zu of %zu", v->byte, all);
	else if (len > 1)
		buf_printf(out, "bytes %zu to %zu of %zu", from, from + len - 1, all);
	else if (len)
		buf_printf(out, "byte %zu of %zu", from, all);
	else
		buf_printf(out, "none of its %zu bytes", all);
	if (on->part != PART_PACKET)
		buf_puts(out, on->part == PART_WHOLE ? " reassembled" : " decrypted");
}

void packet_view_copy(const struct packet_view *v, struct buf *out)
{
	const struct packet_line *on = packet_view_line(v);
	const char *value = on ? tree_text(on->tree, on->node->value) : "",
		   *meaning = on ? tree_text(on->tree, on->node->meaning) : "";

	if (!on)
		return;
	buf_printf(out, "%s:", on->node->name ? on->node->name : on->node->label);
	if (*meaning) {
		buf_putc(out, ' ');
		text_clean(out, meaning, strlen(meaning));
	}
	if (*value && strcmp(value, meaning)) {
		buf_putc(out, ' ');
		text_clean(out, value, strlen(value));
	}
}

/* --- what is done to it --- */

/* The cursor onto a byte, and the field that it belongs to. */
static void to_byte(struct packet_view *v, unsigned part, size_t byte)
{
	size_t line = packet_line_of(v, part, byte);

	v->in_bytes = true;
	v->byte = byte;
	v->hit_len = 0;
	if (line < v->trees->count)
		packet_line_show(v, line);
	v->list.settled = false;
}

static void enter_bytes(struct packet_view *v)
{
	const struct packet_line *on = packet_view_line(v);

	v->byte = v->hit_len ? v->hit : on ? on->node->offset : 0;
	v->in_bytes = true;
}

static bool act_bytes(struct packet_view *v, const struct packet_seen *p, enum ui_action action)
{
	struct parts parts;
	size_t len, per_line, page, at = v->byte;

	split_size(v->w, v->h, &parts);
	per_line = (size_t)hex_per_line(parts.hex.w);
	page = per_line * (size_t)(parts.hex.h > 1 ? parts.hex.h - 1 : 1);
	packet_part_bytes(p, part_shown(v), &len);
	switch (action) {
	case UI_LEFT: at -= at > 0; break;
	case UI_RIGHT: at += at + 1 < len; break;
	case UI_UP: at -= at >= per_line ? per_line : 0; break;
	case UI_DOWN: at += at + per_line < len ? per_line : 0; break;
	case UI_PAGE_UP: at = at > page ? at - page : 0; break;
	case UI_PAGE_DOWN: at = at + page < len ? at + page : len ? len - 1 : 0; break;
	case UI_TOP: at = 0; break;
	case UI_BOTTOM: at = len ? len - 1 : 0; break;
	case UI_DETAIL:
	case UI_BACK: v->in_bytes = false; return true;
	default: return false;
	}
	to_byte(v, part_shown(v), at);
	return true;
}

static void to_line(struct packet_view *v, size_t line)
{
	v->line = line;
	v->hit_len = 0;
	v->list.settled = false;
}

static bool act_tree(struct packet_view *v, enum ui_action action)
{
	const struct packet_line *on = packet_view_line(v);
	size_t place;

	if (on && action == UI_LEFT && (!on->parent || on->shut)) {
		to_line(v, packet_line_above(v, v->line));
		return true;
	}
	if (on && (action == UI_LEFT || action == UI_RIGHT)) {
		packet_line_turn(v, v->line, action == UI_LEFT);
		return true;
	}
	if (on && action == UI_DETAIL) {
		if (on->parent)
			packet_line_turn(v, v->line, !on->shut);
		else
			enter_bytes(v);
		return true;
	}
	if (!list_move(&v->list, action, &place))
		return false;
	to_line(v, place < v->trees->shown_count ? v->trees->shown[place] : 0);
	return true;
}

bool packet_view_act(struct packet_view *v, const struct packet_seen *p, enum ui_action action)
{
	if (!v->trees || v->number != p->packet->number)
		return false;
	return v->in_bytes ? act_bytes(v, p, action) : act_tree(v, action);
}

bool packet_view_key(struct packet_view *v, const char *name)
{
	if (!v->trees || strcmp(name, v->in_bytes ? "S-Tab" : "Tab"))
		return false;
	if (v->in_bytes)
		v->in_bytes = false;
	else
		enter_bytes(v);
	return true;
}

const struct pane_hint *packet_view_hints(const struct packet_view *v)
{
	return v->in_bytes ? hints_bytes : hints_packet;
}

void packet_view_scroll(struct packet_view *v, int lines)
{
	list_scroll(&v->list, lines);
}

void packet_view_click(struct packet_view *v, const struct packet_seen *p, int x, int y)
{
	struct parts parts;
	size_t at = v->list.top + (size_t)(y > 0 ? y : 0), byte, len;

	if (!v->trees || v->number != p->packet->number)
		return;
	split_size(v->w, v->h, &parts);
	packet_part_bytes(p, part_shown(v), &len);
	if (x >= parts.hex.x && y >= parts.hex.y) {
		size_t line = hex_top(v, &parts.hex, len) + (size_t)(y - parts.hex.y);

		if (hex_at(parts.hex.w, x - parts.hex.x, line, &byte) && byte < len)
			to_byte(v, part_shown(v), byte);
	} else if (y < parts.tree.h && at < v->trees->shown_count) {
		const struct packet_line *l = &v->trees->lines[v->trees->shown[at]];

		if (v->trees->shown[at] == v->line && !v->in_bytes)
			packet_line_turn(v, v->line, !l->shut);
		to_line(v, v->trees->shown[at]);
		v->in_bytes = false;
	}
}

/* --- searching --- */

/* Where in the bytes, going that way from `from`. */
static size_t seek(const struct needle *n, const uint8_t *bytes, size_t len, size_t from, int way)
{
	size_t last = NEEDLE_NONE;

	if (way > 0)
		return needle_in_bytes(n, bytes, len, from);
	for (size_t at = 0; (at = needle_in_bytes(n, bytes, len, at)) < from; at++)
		last = at;
	return last;
}

static bool find_bytes(struct packet_view *v, const struct packet_seen *p, const struct needle *n, int way, bool anew)
{
	unsigned part = part_shown(v);
	size_t len, at;
	const uint8_t *bytes = packet_part_bytes(p, part, &len);

	if (!bytes)
		return false;
	at = seek(n, bytes, len, anew ? way > 0 ? 0 : len : way > 0 ? v->byte + 1 : v->byte, way);
	if (at == NEEDLE_NONE)
		return false;
	to_byte(v, part, at);
	v->hit = at;
	v->hit_len = n->len;
	return true;
}

static bool find_field(struct packet_view *v, const struct needle *n, int way, bool anew)
{
	size_t count = v->trees->count, at = anew ? way > 0 ? 0 : count : v->line;

	if (way > 0 && !anew)
		at++;
	for (; way > 0 ? at < count : at > 0; way > 0 ? at++ : at--) {
		size_t line = way > 0 ? at : at - 1;

		if (packet_line_contains(&v->trees->lines[line], n)) {
			packet_line_show(v, line);
			v->in_bytes = false;
			v->hit_len = 0;
			v->list.settled = false;
			return true;
		}
	}
	return false;
}

/* Fields come first, then bytes. */
bool packet_view_find(struct packet_view *v, const struct packet_seen *p, const struct needle *n, int way, bool anew)
{
	if (!v->trees || v->number != p->packet->number)
		return false;
	if (way > 0)
		return ((anew || !v->in_bytes) && find_field(v, n, way, anew)) ||
		       find_bytes(v, p, n, way, anew || !v->in_bytes);
	return ((anew || v->in_bytes) && find_bytes(v, p, n, way, anew)) || find_field(v, n, way, anew || v->in_bytes);
}
