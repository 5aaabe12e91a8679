#include "ui/packet_view.h"

#include "ui/hex.h"
#include "util/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	TREE_LEAST = 40,
	LABEL_CELLS = 30,
	ALIGNED = 60,
	BESIDE = 70,
	HEX_16 = 73,
	HEX_8 = 39,
	GAP = 3,
	HELP_ROWS = 2
};

/* Where the parts lie: tree, help below it, bytes beside or below. */
struct parts {
	struct area tree, help, hex;
};

static void split(struct area a, struct parts *out)
{
	int hex_w = a.w >= HEX_16 + GAP + TREE_LEAST ? HEX_16 : HEX_8, tree_w = a.w, tree_h = a.h,
	    help;

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

void packet_view_done(struct packet_view *v)
{
	free(v->tree);
	v->tree = NULL;
}

/* Layers below the last two that have a header of their own are of less interest: they begin
 * folded. */
static void fold_lower(struct packet_view *v, const struct packet *p)
{
	memset(v->shut, 0, sizeof v->shut);
	for (int i = 0; i < p->layer_count && p->layers[i] < PROTO_COUNT; i++)
		if (p->layers[i] != PROTO_TCP && p->layers[i] != PROTO_UDP &&
		    p->layers[i] != PROTO_ICMP && p->layers[i] != PROTO_ICMPV6 &&
		    !(p->layers[i] == PROTO_RAW && p->rebuilt) && i + 1 < p->layer_count)
			v->shut[p->layers[i]] = true;
}

static void unfold(struct packet_view *v)
{
	v->shown_count = 0;
	for (unsigned i = 0; i < v->tree->count && i < TREE_NODES; i++) {
		const struct tree_node *n = &v->tree->nodes[i];

		if (n->depth == 0 || n->proto >= PROTO_COUNT || !v->shut[n->proto])
			v->shown[v->shown_count++] = (uint16_t)i;
	}
	if (v->node >= v->shown_count)
		v->node = v->shown_count ? v->shown_count - 1 : 0;
}

void packet_view_settle(struct packet_view *v, const struct packet *p, const uint8_t *bytes, int w,
			int h)
{
	struct grid none = { 0 };
	struct parts parts;

	if (!v->tree)
		v->tree = mem_alloc(sizeof *v->tree);
	if (v->number != p->number) {
		v->number = p->number;
		decode_tree(p, bytes, v->tree);
		if (!v->touched)
			fold_lower(v, p);
		v->list.settled = false;
	}
	unfold(v);
	split((struct area){ &none, 0, 0, w, h }, &parts);
	list_settle(&v->list, v->node, v->shown_count, parts.tree.h);
}

static void draw_node(const struct packet_view *v, const struct area *a, int y,
		      const struct tree_node *n)
{
	const char *value = tree_text(v->tree, n->value), *meaning = tree_text(v->tree, n->meaning);
	int x = n->depth ? 2 + (n->depth - 1) * 2 : 0;

	if (n->depth == 0) {
		bool shut = n->proto < PROTO_COUNT && v->shut[n->proto];

		x = area_put(a, 0, y, ROLE_DIM, glyph(a->grid, shut ? GLYPH_SHUT : GLYPH_OPEN)) + 1;
		x = area_put(a, x, y, ROLE_STRONG, n->label);
	} else {
		x = area_put(a, x, y, ROLE_LABEL, n->label);
		if (a->w >= ALIGNED && x < LABEL_CELLS - 1)
			x = LABEL_CELLS - 1;
	}
	if (*meaning) {
		x = area_put(a, x + 1, y, n->depth ? ROLE_VALUE : ROLE_DIM, meaning);
		if (*value && strcmp(value, meaning) && n->depth)
			area_put(a, x + 1, y, ROLE_DIM, value);
	} else if (*value) {
		area_put(a, x + 1, y, n->depth ? ROLE_VALUE : ROLE_DIM, value);
	}
}

static void draw_bytes(const struct area *a, const struct packet *p, const uint8_t *bytes,
		       const struct tree_node *n)
{
	size_t lines = hex_lines(p->cap, a->w), h = a->h > 0 ? (size_t)a->h : 0, top = 0;

	if (!bytes || !h)
		return;
	if (n && n->len) {
		size_t lit = n->offset / (size_t)hex_per_line(a->w);

		if (lit >= h)
			top = lit - h / 3;
	}
	if (top + h > lines)
		top = lines > h ? lines - h : 0;
	for (size_t y = 0; y < h; y++)
		hex_line(a, (int)y, bytes, p->cap, top + y, n ? n->offset : 0, n ? n->len : 0);
}

static void draw_help(const struct area *a, const struct tree_node *n)
{
	char words[400];
	const char *text = words;
	size_t used;

	if (!n)
		return;
	snprintf(words, sizeof words, "%s%s%s", n->name ? n->name : "", n->help ? ": " : "",
		 n->help ? n->help : "");

	for (int y = 0; y < a->h && (used = grid_wrap(text, a->w - 1)); y++, text += used)
		area_put_bytes(a, 0, y, ROLE_DIM, text, used);
}

void packet_view_draw(const struct packet_view *v, const struct packet *p, const uint8_t *bytes,
		      const struct area *a, bool focused)
{
	const struct tree_node *on = NULL;
	struct parts parts;

	split(*a, &parts);
	if (!v->tree || v->number != p->number)
		return;
	if (v->node < v->shown_count)
		on = &v->tree->nodes[v->shown[v->node]];
	for (int y = 0; y < parts.tree.h; y++) {
		size_t at = v->list.top + (size_t)y;

		if (at >= v->shown_count)
			break;
		draw_node(v, &parts.tree, y, &v->tree->nodes[v->shown[at]]);
		if (at == v->node)
			area_over(&parts.tree, 0, y, parts.tree.w,
				  focused ? OVER_CURSOR : OVER_SELECTED);
	}
	draw_help(&parts.help, on);
	if (parts.hex.x > parts.tree.x)
		area_vline(a, parts.tree.w + 1, 0, a->h);
	draw_bytes(&parts.hex, p, bytes, on);
}

static bool fold(struct packet_view *v, bool shut)
{
	const struct tree_node *n;

	if (v->node >= v->shown_count)
		return true;
	n = &v->tree->nodes[v->shown[v->node]];
	if (n->proto >= PROTO_COUNT)
		return true;
	if (shut && n->depth) { /* to the layer's own line, which stays */
		while (v->node && v->tree->nodes[v->shown[v->node]].depth)
			v->node--;
		return true;
	}
	v->shut[n->proto] = shut;
	v->touched = true;
	return true;
}

bool packet_view_act(struct packet_view *v, enum ui_action action)
{
	if (!v->tree)
		return false;
	if (action == UI_LEFT || action == UI_RIGHT)
		return fold(v, action == UI_LEFT);
	if (action == UI_DETAIL && v->node < v->shown_count) {
		const struct tree_node *n = &v->tree->nodes[v->shown[v->node]];

		return fold(v, n->depth || (n->proto < PROTO_COUNT && !v->shut[n->proto]));
	}
	v->list.settled = false;
	return list_move(&v->list, action, &v->node);
}

void packet_view_scroll(struct packet_view *v, int lines)
{
	list_scroll(&v->list, lines);
}

void packet_view_click(struct packet_view *v, int y)
{
	size_t at = v->list.top + (size_t)(y > 0 ? y : 0);

	if (at < v->shown_count)
		v->node = at;
}
