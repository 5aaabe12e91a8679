#include "analysis/ladder_svg.h"

#include "util/text.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

/* In pixels. */
enum {
	ROW = 24,
	TOP = 74,
	BOTTOM = 24,
	MARGIN = 20,
	GAP_W = 76,
	STATE_W = 108,
	INNER_W = 560,
	LANE_W = 96,
	BESIDE = 10,
	TAG_W = 70,
};

struct page {
	const struct ladder *l;
	struct buf *out;
	bool times, many;
	int width, height, left, right; /* right: where its states begin */
	int lane[LADDER_LANES];
};

/* --- pieces --- */

static void put_part(struct buf *out, const char *text, size_t len)
{
	for (const char *end = text + len; text < end; text++)
		switch (*text) {
		case '&': buf_puts(out, "&amp;"); break;
		case '<': buf_puts(out, "&lt;"); break;
		case '>': buf_puts(out, "&gt;"); break;
		case '"': buf_puts(out, "&quot;"); break;
		default: buf_putc(out, *text);
		}
}

static void put_escaped(struct buf *out, const char *text)
{
	put_part(out, text, strlen(text));
}

static void put_text(const struct page *p, double x, int y, const char *classes, const char *anchor, const char *text)
{
	buf_printf(p->out, "<text x=\"%.1f\" y=\"%d\" class=\"%s\"", x, y, classes);
	if (anchor)
		buf_printf(p->out, " text-anchor=\"%s\"", anchor);
	buf_putc(p->out, '>');
	put_escaped(p->out, text);
	buf_puts(p->out, "</text>\n");
}

static void put_line(const struct page *p, const char *classes, int x1, int y1, int x2, int y2, const char *more)
{
	buf_printf(p->out, "<line class=\"%s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"%s/>\n", classes, x1, y1, x2, y2,
		   more);
}

static const char *state_class(enum state s)
{
	switch (s) {
	case STATE_ESTABLISHED:
	case STATE_CONNECTED: return "st open";
	case STATE_LISTEN: return "st listen";
	case STATE_CLOSED:
	case STATE_UNCONNECTED: return "st dim";
	default: return "st wait";
	}
}

static const char *flags_class(const struct ladder_event *e)
{
	if (e->kind != LADDER_PACKET || e->ip_proto != IPPROTO_TCP)
		return "";
	return e->flags & TCP_FLAG_RST   ? "bad"
	       : e->flags & TCP_FLAG_SYN ? "open"
	       : e->flags & TCP_FLAG_FIN ? "wait"
	       : e->flags & TCP_FLAG_PSH ? "strong"
					 : "dim";
}

/* --- frame --- */

static const char style[] = "<style>\n"
			    "text { font: 13px 'DejaVu Sans Mono', Menlo, Consolas, monospace; fill: #24292f;\n"
			    "  white-space: pre; }\n"
			    ".head { font-weight: bold; font-size: 14px; } .where, .dim { fill: #6e7781; }\n"
			    ".gap { fill: #8c959f; font-size: 11px; } .took { fill: #8c959f; }\n"
			    ".st { font-size: 11px; font-weight: bold; } .open { fill: #1a7f37; }\n"
			    ".listen { fill: #0969da; } .wait { fill: #9a6700; } .strong { font-weight: bold; }\n"
			    ".bad { fill: #cf222e; font-weight: bold; } .name { fill: #0969da; }\n"
			    ".lane { stroke: #afb8c1; stroke-width: 1.5; }\n"
			    ".busy { stroke: #57606a; stroke-width: 5; stroke-linecap: round; }\n"
			    ".silence { stroke: #ffffff; stroke-width: 3; stroke-dasharray: 3 4; }\n"
			    ".leader { stroke: #d0d7de; stroke-dasharray: 2 4; }\n"
			    ".out { stroke: #0969da; stroke-width: 1.5; } .in { stroke: #1a7f37; stroke-width: 1.5; }\n"
			    ".reset { stroke: #cf222e; stroke-width: 1.5; }\n"
			    "</style>\n"
			    "<defs>\n"
			    "<marker id=\"o\" viewBox=\"0 0 10 10\" refX=\"10\" refY=\"5\" markerWidth=\"9\" "
			    "markerHeight=\"9\" markerUnits=\"userSpaceOnUse\" orient=\"auto\">"
			    "<path d=\"M0 0L10 5L0 10z\" fill=\"#0969da\"/></marker>\n"
			    "<marker id=\"i\" viewBox=\"0 0 10 10\" refX=\"10\" refY=\"5\" markerWidth=\"9\" "
			    "markerHeight=\"9\" markerUnits=\"userSpaceOnUse\" orient=\"auto\">"
			    "<path d=\"M0 0L10 5L0 10z\" fill=\"#1a7f37\"/></marker>\n"
			    "<marker id=\"r\" viewBox=\"0 0 10 10\" refX=\"8\" refY=\"5\" markerWidth=\"10\" "
			    "markerHeight=\"10\" markerUnits=\"userSpaceOnUse\" orient=\"auto\">"
			    "<path d=\"M1 1L9 9M9 1L1 9\" stroke=\"#cf222e\" stroke-width=\"2\"/></marker>\n"
			    "</defs>\n";

static void measure(struct page *p)
{
	int lanes = p->l->lanes > 1 ? (int)p->l->lanes - 1 : 1;

	p->many = p->l->party_count > 2;
	p->left = MARGIN + (p->times ? GAP_W : 0) + STATE_W;
	p->lane[0] = p->left;
	for (int i = 0; i < lanes; i++)
		p->lane[i + 1] = p->left + INNER_W + i * LANE_W;
	p->right = p->lane[lanes] + BESIDE;
	p->width = p->right + STATE_W + MARGIN;
	p->height = TOP + (int)p->l->row_count * ROW + BOTTOM;
}

static void put_head(const struct page *p, const struct ladder_party *party, int x, const char *anchor)
{
	put_text(p, x, 30, "head", anchor, party->name[0] ? party->name : party->where);
	if (party->name[0])
		put_text(p, x, 48, "where", anchor, party->where);
}

static void put_heads(const struct page *p)
{
	char text[32];

	if (!p->l->party_count)
		return;
	put_head(p, &p->l->parties[0], p->left, "middle");
	if (p->l->party_count == 2) {
		put_head(p, &p->l->parties[1], p->lane[1], "middle");
	} else if (p->many) {
		snprintf(text, sizeof text, "%u peers", p->l->party_count - 1);
		put_text(p, p->lane[1], 30, "head", NULL, text);
	}
}

static int row_y(size_t row)
{
	return TOP + (int)row * ROW;
}

/* A line for each stretch of rows where `bit` is set in what `of` gives. */
static void put_stretches(const struct page *p, unsigned lane, bool busy)
{
	const struct ladder *l = p->l;
	uint32_t bit = UINT32_C(1) << lane;
	size_t from = 0;

	for (size_t i = 0; i <= l->row_count; i++) {
		uint32_t bits = i == l->row_count ? 0 : busy ? l->rows[i].busy : l->rows[i].alive;

		if (bits & bit)
			continue;
		if (i > from)
			put_line(p, busy ? "busy" : "lane", p->lane[lane], row_y(from) - (busy ? 5 : ROW / 2),
				 p->lane[lane], row_y(i - 1) + (busy ? 5 : ROW / 2), "");
		from = i + 1;
	}
}

/* --- rows --- */

static void put_states(const struct page *p, const struct ladder_row *r, int y)
{
	const struct ladder_event *e = &p->l->events[r->event];
	uint32_t left = r->state[0], right = r->state[1];

	if (e->kind == LADDER_STATE && e->party)
		right = r->event;
	else if (e->kind == LADDER_STATE)
		left = r->event;
	if (left != LADDER_NONE)
		put_text(p, p->left - BESIDE, y + 4, state_class(p->l->events[left].state), "end",
			 state_name(p->l->events[left].state));
	if (right != LADDER_NONE)
		put_text(p, p->right, y + 4, state_class(p->l->events[right].state), NULL,
			 state_name(p->l->events[right].state));
}

/* The words of an arrow: flags and marks stand out. */
static void put_words(const struct page *p, const struct ladder_event *e, int x, int y)
{
	const struct ladder_words w = { .width = p->many ? 50 : 62, .times = p->times };
	struct buf words = { 0 };
	const char *text, *end;

	ladder_say(p->l, e, &w, &words);
	text = buf_text(&words);
	buf_printf(p->out, "<text x=\"%d\" y=\"%d\" xml:space=\"preserve\">", x, y);
	end = *text == '[' ? strchr(text, ']') : NULL;
	if (end) {
		buf_printf(p->out, "<tspan class=\"%s\">%.*s</tspan>", flags_class(e), (int)(end + 1 - text), text);
		text = end + 1;
	}
	end = e->mark ? strstr(text, e->mark) : NULL;
	if (end) {
		put_part(p->out, text, (size_t)(end - text));
		buf_printf(p->out, "<tspan class=\"%s\">", e->bad ? "bad" : "wait");
		put_escaped(p->out, e->mark);
		buf_puts(p->out, "</tspan>");
		text = end + strlen(e->mark);
	}
	put_escaped(p->out, text);
	buf_puts(p->out, "</text>\n");
	buf_done(&words);
}

static void put_tag(const struct page *p, unsigned party, int y)
{
	if (p->many)
		put_text(p, p->left + 2 * BESIDE, y, "name", NULL, p->l->parties[party].tag);
}

static void put_arrow(const struct page *p, const struct ladder_event *e, int y)
{
	unsigned from = p->l->parties[e->party].lane, to = p->l->parties[e->to].lane;
	bool outward = from <= to;
	bool reset = e->kind == LADDER_PACKET && e->flags & TCP_FLAG_RST;
	int inset = outward ? -3 : 3;
	char marker[40];

	snprintf(marker, sizeof marker, " marker-end=\"url(#%s)\"", reset ? "r" : outward ? "o" : "i");
	put_line(p, reset ? "reset" : outward ? "out" : "in", p->lane[from], y + 4, p->lane[to] + inset, y + 4, marker);
	put_tag(p, e->party ? e->party : e->to, y);
	put_words(p, e, p->left + 2 * BESIDE + (p->many ? TAG_W : 0), y);
}

static void put_call(const struct page *p, const struct ladder_event *e, int y)
{
	const struct ladder_party *party = &p->l->parties[e->party];
	const struct ladder_words w = { .width = 64, .times = p->times };
	bool right = party->lane && !p->many;
	struct buf words = { 0 };

	ladder_say(p->l, e, &w, &words);
	if (party->lane && p->many) {
		put_line(p, "leader", p->left + BESIDE, y + 9, p->lane[party->lane], y + 9, "");
		put_tag(p, e->party, y + 4);
	}
	put_text(p, right ? p->lane[1] - 2 * BESIDE : p->left + 2 * BESIDE + (party->lane ? TAG_W : 0), y + 4,
		 e->failed && !e->alone ? "bad" : "", right ? "end" : NULL, buf_text(&words));
	buf_done(&words);
}

static void put_gap(const struct page *p, const struct ladder_row *r, int y)
{
	char text[48], gap[32];

	if (!p->times || !r->gap_ns)
		return;
	snprintf(text, sizeof text, "+%s", text_duration(gap, sizeof gap, r->gap_ns, false));
	put_text(p, MARGIN + GAP_W - BESIDE, y + 4, "gap", "end", text);
}

static void put_break(const struct page *p, const struct ladder_row *r, int y)
{
	int right = p->lane[p->l->lanes > 1 ? 1 : 0] - BESIDE;
	char gap[32];

	for (unsigned i = 0; i < p->l->lanes; i++)
		put_line(p, "silence", p->lane[i], y - ROW / 2, p->lane[i], y + ROW / 2, "");
	if (right > p->left)
		put_line(p, "leader", p->left + BESIDE, y, right, y, "");
	put_text(p, (p->left + INNER_W / 2.0), y - 4, "gap", "middle",
		 text_duration(gap, sizeof gap, r->gap_ns, false));
}

static void put_party(const struct page *p, const struct ladder_row *r, int y)
{
	const struct ladder_party *party = &p->l->parties[r->party];
	char text[2 * LADDER_NAME + 2];

	snprintf(text, sizeof text, "%s%s%s", party->name, party->name[0] && party->where[0] ? " " : "", party->where);
	put_line(p, "leader", p->left + BESIDE, y + 6, p->lane[party->lane], y + 6, "");
	put_text(p, p->left + 2 * BESIDE, y + 2, "name", NULL, text);
	buf_printf(p->out, "<circle cx=\"%d\" cy=\"%d\" r=\"4\" fill=\"#0969da\"/>\n", p->lane[party->lane], y + 6);
}

static void put_row(const struct page *p, size_t row)
{
	const struct ladder_row *r = &p->l->rows[row];
	const struct ladder_event *e = &p->l->events[r->event];
	int y = row_y(row);

	if (r->kind == LADDER_ROW_BREAK) {
		put_break(p, r, y);
		return;
	}
	if (r->kind == LADDER_ROW_PARTY) {
		put_party(p, r, y);
		return;
	}
	put_gap(p, r, y);
	put_states(p, r, y);
	if (e->kind == LADDER_PACKET || e->kind == LADDER_DATA)
		put_arrow(p, e, y);
	else if (e->kind != LADDER_STATE)
		put_call(p, e, y);
}

void ladder_svg(const struct ladder *l, bool times, struct buf *out)
{
	struct page p = { .l = l, .out = out, .times = times };

	measure(&p);
	buf_printf(out,
		   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		   "viewBox=\"0 0 %d %d\">\n",
		   p.width, p.height, p.width, p.height);
	buf_puts(out, style);
	buf_printf(out, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", p.width, p.height);
	put_heads(&p);
	for (unsigned i = 0; i < l->lanes; i++) {
		put_stretches(&p, i, false);
		put_stretches(&p, i, true);
	}
	for (size_t i = 0; i < l->row_count; i++)
		put_row(&p, i);
	buf_puts(out, "</svg>\n");
}
