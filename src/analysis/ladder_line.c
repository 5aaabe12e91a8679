#include "analysis/ladder_line.h"

#include "util/text.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

enum {
	GAP_W = 10,
	TIME_W = 11,
	STATE_W = 12, /* SYN-RECEIVED */
	TIMES_FROM = 110,
	WIDTH_MOST = 150, /* wider, the two sides are too far apart to be read together */
	INNER_LEAST = 30,
	LANE_MOST = 10,
	LANE_LEAST = 3,
	TAG_W = 8,
};

/* Signs with their ASCII forms. */
enum sign {
	SIGN_LINE,
	SIGN_BUSY,
	SIGN_GAP,
	SIGN_FROM_LEFT,
	SIGN_FROM_RIGHT,
	SIGN_FROM_LEFT_BUSY,
	SIGN_FROM_RIGHT_BUSY,
	SIGN_SHAFT,
	SIGN_CROSS,
	SIGN_HEAD_RIGHT,
	SIGN_HEAD_LEFT,
	SIGN_RESET,
	SIGN_LEADER,
	SIGN_BEGIN,
	SIGN_MORE,
	SIGN_COUNT
};

static const struct {
	uint32_t rune;
	char ascii;
} signs[SIGN_COUNT] = {
	[SIGN_LINE] = { 0x2502, '|' },            /* │ */
	[SIGN_BUSY] = { 0x2503, '#' },            /* ┃ */
	[SIGN_GAP] = { 0x250a, ':' },             /* ┊ */
	[SIGN_FROM_LEFT] = { 0x251c, '|' },       /* ├ */
	[SIGN_FROM_RIGHT] = { 0x2524, '|' },      /* ┤ */
	[SIGN_FROM_LEFT_BUSY] = { 0x2520, '#' },  /* ┠ */
	[SIGN_FROM_RIGHT_BUSY] = { 0x2528, '#' }, /* ┨ */
	[SIGN_SHAFT] = { 0x2500, '-' },           /* ─ */
	[SIGN_CROSS] = { 0x253c, '+' },           /* ┼ */
	[SIGN_HEAD_RIGHT] = { 0x25ba, '>' },      /* ► */
	[SIGN_HEAD_LEFT] = { 0x25c4, '<' },       /* ◄ */
	[SIGN_RESET] = { 0x00d7, 'x' },           /* × */
	[SIGN_LEADER] = { 0x2508, '.' },          /* ┈ */
	[SIGN_BEGIN] = { 0x25cf, 'o' },           /* ● */
	[SIGN_MORE] = { 0x2026, '~' },            /* … */
};

static void put_sign(struct ladder_line *line, int x, enum sign s, uint8_t ink)
{
	if (x >= 0 && x < line->width)
		line->cells[x] = (struct ladder_cell){ line->ascii ? (uint32_t)signs[s].ascii : signs[s].rune, ink };
}

/* Clean text from column x on, in at most w cells. Returns the column after it. */
static int put(struct ladder_line *line, int x, int w, uint8_t ink, const char *text)
{
	int end = x + w < line->width ? x + w : line->width;

	while (*text) {
		uint32_t rune = '?';
		size_t len = text_decode(text, strlen(text), &rune);
		int cells = len ? text_rune_width(rune) : 1;

		text += len ? len : 1;
		if (cells <= 0)
			continue;
		if (line->ascii && rune > '~')
			rune = rune == 0xb5 ? 'u' : '?';
		if (x < 0 || x + cells > end)
			break;
		for (int i = 0; i < cells; i++)
			line->cells[x + i] = (struct ladder_cell){ line->ascii ? rune : i ? 0 : rune, ink };
		x += cells;
	}
	return x;
}

static void put_right(struct ladder_line *line, int x, int w, uint8_t ink, const char *text)
{
	int width = (int)text_width(text);

	put(line, width < w ? x + w - width : x, w, ink, text);
}

static void blank(const struct ladder_shape *g, struct ladder_line *out)
{
	out->width = g->width;
	out->ascii = g->ascii;
	for (int i = 0; i < out->width; i++)
		out->cells[i] = (struct ladder_cell){ ' ', INK_TEXT };
}

/* --- shape --- */

static void place_lanes(const struct ladder *l, struct ladder_shape *g)
{
	int lanes = (int)l->lanes - 1, room, step;

	g->right = lanes < 1 ? g->width : g->width - STATE_W; /* alone: no states at the right */
	g->lane[0] = g->left;
	for (unsigned i = 1; i < LADDER_LANES; i++)
		g->lane[i] = -1;
	if (lanes < 1)
		return;
	room = g->right - 1 - (g->left + 1 + INNER_LEAST); /* of all lanes but the first */
	step = lanes > 1 ? room / (lanes - 1) : 0;
	if (step > LANE_MOST)
		step = LANE_MOST;
	if (lanes > 1 && step < LANE_LEAST)
		step = LANE_LEAST;
	if (lanes > 1 && room / step + 1 < lanes) {
		g->hidden = (unsigned)(lanes - (room / step + 1));
		lanes = room / step + 1;
	}
	for (int i = 0; i < lanes; i++)
		g->lane[i + 1] = g->right - 2 - (lanes - 1 - i) * step;
}

void ladder_shape(const struct ladder *l, int width, bool ascii, bool times, struct ladder_shape *out)
{
	int most;

	memset(out, 0, sizeof *out);
	out->many = l->party_count > 2;
	most = WIDTH_MOST + (out->many ? ((int)l->lanes - 2) * LANE_MOST : 0);
	if (width > most)
		width = most;
	out->width = width < LADDER_COLS_LEAST ? LADDER_COLS_LEAST : width > LADDER_COLS ? LADDER_COLS : width;
	out->ascii = ascii;
	out->times = times;
	out->gap_w = times ? GAP_W : 0;
	out->time_w = times && out->width >= TIMES_FROM ? TIME_W : 0;
	out->left = out->time_w + out->gap_w + 1 + STATE_W + 1;
	place_lanes(l, out);
}

/* Where the first line stands that is there at this row: until then words may go. */
static int words_end(const struct ladder_shape *g, const struct ladder_row *r)
{
	for (unsigned i = 1; i < LADDER_LANES; i++)
		if (g->lane[i] >= 0 && r->alive & UINT32_C(1) << i)
			return g->lane[i];
	return g->right;
}

/* --- the parts of a line --- */

static void put_state(struct ladder_line *out, const struct ladder *l, int x, bool right_aligned, uint32_t event)
{
	enum state s;

	if (event == LADDER_NONE)
		return;
	s = l->events[event].state;
	if (right_aligned)
		put_right(out, x, STATE_W, (uint8_t)(INK_STATE + s), state_name(s));
	else
		put(out, x, STATE_W, (uint8_t)(INK_STATE + s), state_name(s));
}

static void put_lines(const struct ladder_shape *g, const struct ladder_row *r, enum sign idle, struct ladder_line *out)
{
	for (unsigned i = 0; i < LADDER_LANES; i++) {
		uint32_t bit = UINT32_C(1) << i;

		if (g->lane[i] < 0 || !(r->alive & bit))
			continue;
		if (r->busy & bit && idle == SIGN_LINE)
			put_sign(out, g->lane[i], SIGN_BUSY, INK_BUSY);
		else
			put_sign(out, g->lane[i], idle, INK_LINE);
	}
}

static void put_times(const struct ladder *l, const struct ladder_shape *g, const struct ladder_row *r,
		      struct ladder_line *out)
{
	char text[48], gap[32];

	if (!g->times)
		return;
	if (g->time_w) {
		uint64_t since = r->at_ns - l->begin_ns;

		snprintf(text, sizeof text, "%llu.%06u", (unsigned long long)(since / 1000000000u),
			 (unsigned)(since % 1000000000u / 1000));
		put_right(out, 0, g->time_w - 1, INK_DIM, text);
	}
	if (!r->gap_ns)
		return;
	snprintf(text, sizeof text, "+%s", text_duration(gap, sizeof gap, r->gap_ns, g->ascii));
	put_right(out, g->time_w, g->gap_w, INK_TIME, text);
}

static uint8_t flags_ink(uint16_t flags)
{
	static const struct {
		uint16_t flag;
		uint8_t ink;
	} rows[] = {
		{ TCP_FLAG_RST, INK_ERROR },
		{ TCP_FLAG_SYN, INK_SYN },
		{ TCP_FLAG_FIN, INK_FIN },
		{ TCP_FLAG_PSH, INK_PUSH },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (flags & rows[i].flag)
			return rows[i].ink;
	return INK_DIM;
}

/* Recolour the first `part` that stands in cells [x, end). */
static void ink_part(struct ladder_line *out, int x, int end, const char *part, uint8_t ink)
{
	int len = (int)strlen(part);

	for (; x + len <= end; x++) {
		int i = 0;

		while (i < len && out->cells[x + i].rune == (uint32_t)(unsigned char)part[i])
			i++;
		if (i < len)
			continue;
		for (i = 0; i < len; i++)
			out->cells[x + i].ink = ink;
		return;
	}
}

static void ink_arrow_words(const struct ladder_event *e, int x, int end, struct ladder_line *out)
{
	char flags[10], bracketed[16];

	if (e->kind == LADDER_PACKET && e->ip_proto == IPPROTO_TCP) {
		snprintf(bracketed, sizeof bracketed, "[%s]", packet_flags(e->flags, flags));
		ink_part(out, x, end, bracketed, flags_ink(e->flags));
		if (!e->window && !(e->flags & (TCP_FLAG_RST | TCP_FLAG_SYN)))
			ink_part(out, x, end, "win=0", INK_WARN);
	}
	if (e->mark)
		ink_part(out, x, end, e->mark, e->bad ? INK_ERROR : INK_WARN);
}

/* The tag of the peer, where there are many; returns the column after it. */
static int put_tag(const struct ladder *l, const struct ladder_shape *g, unsigned party, int x, struct ladder_line *out)
{
	if (!g->many)
		return x;
	for (int i = x; i < x + TAG_W; i++)
		put(out, i, 1, INK_TEXT, " ");
	put(out, x, TAG_W - 1, INK_NAME, l->parties[party].tag);
	return x + TAG_W;
}

/* The shaft between two columns, over the lines that it crosses. */
static void put_shaft(const struct ladder_shape *g, const struct ladder_row *r, int from, int to, uint8_t ink,
		      struct ladder_line *out)
{
	for (int x = from; x < to; x++)
		put_sign(out, x, SIGN_SHAFT, ink);
	for (unsigned i = 1; i < LADDER_LANES; i++)
		if (g->lane[i] >= from && g->lane[i] < to && r->alive & UINT32_C(1) << i)
			put_sign(out, g->lane[i], SIGN_CROSS, ink);
}

static void put_arrow(const struct ladder *l, const struct ladder_shape *g, const struct ladder_row *r,
		      const struct ladder_event *e, struct ladder_line *out)
{
	bool outward = e->party == 0 || l->parties[e->party].lane < l->parties[e->to].lane;
	unsigned a = l->parties[outward ? e->party : e->to].lane, b = l->parties[outward ? e->to : e->party].lane;
	int left = g->lane[a], right = g->lane[b], x, end;
	uint8_t ink = outward ? INK_OUT : INK_IN;
	bool reset = e->kind == LADDER_PACKET && e->flags & TCP_FLAG_RST;
	enum sign head = reset ? SIGN_RESET : outward ? SIGN_HEAD_RIGHT : SIGN_HEAD_LEFT;
	struct ladder_words w = { .ascii = g->ascii, .times = g->times };
	struct buf words = { 0 };

	if (left < 0)
		return;
	if (right < 0)
		right = g->right - 1; /* its lane has no room: the arrow leads off the ladder */
	put_shaft(g, r, left + 1, right, ink, out);
	if (outward) {
		put_sign(out, left, r->busy >> a & 1 ? SIGN_FROM_LEFT_BUSY : SIGN_FROM_LEFT, ink);
		put_sign(out, right - 1, head, reset ? INK_ERROR : ink);
	} else {
		put_sign(out, right, r->busy >> b & 1 ? SIGN_FROM_RIGHT_BUSY : SIGN_FROM_RIGHT, ink);
		put_sign(out, left + 1, head, reset ? INK_ERROR : ink);
	}
	if (g->lane[b] < 0)
		put_sign(out, right, SIGN_MORE, ink);
	x = left + 3;
	end = (left == g->left && words_end(g, r) < right ? words_end(g, r) : right) - 3;
	w.width = end - x - (g->many ? TAG_W : 0);
	ladder_say(l, e, &w, &words);
	put(out, x - 1, 1, INK_TEXT, " ");
	x = put_tag(l, g, e->party ? e->party : e->to, x, out);
	end = put(out, x, end - x, INK_TEXT, buf_text(&words));
	put(out, end, 1, INK_TEXT, " ");
	ink_arrow_words(e, x, end, out);
	buf_done(&words);
}

/* The result of a call in colour; the time it took is dim. */
static void ink_call(const struct ladder_event *e, int x, int end, struct ladder_line *out)
{
	int equals = end;

	for (int i = end - 1; i > x && equals == end; i--)
		if (out->cells[i].rune == '=' && out->cells[i - 1].rune == ' ' && out->cells[i + 1].rune == ' ')
			equals = i;
	for (int i = equals; i < end; i++)
		out->cells[i].ink = e->failed ? INK_ERROR : INK_TEXT;
	for (int i = end - 1; i > equals; i--)
		if (out->cells[i].rune == ' ' && out->cells[i - 1].rune == ' ') {
			for (; i < end; i++)
				out->cells[i].ink = INK_DIM;
			return;
		}
}

static void put_call(const struct ladder *l, const struct ladder_shape *g, const struct ladder_row *r,
		     const struct ladder_event *e, struct ladder_line *out)
{
	const struct ladder_party *p = &l->parties[e->party];
	int lane = g->lane[p->lane], from = g->left + 3, end, x;
	struct ladder_words w = { .ascii = g->ascii, .times = g->times };
	struct buf words = { 0 };

	end = words_end(g, r) - 3;
	w.width = end + 1 - from - (g->many && p->lane ? TAG_W : 0);
	ladder_say(l, e, &w, &words);
	if (!p->lane || g->many) {
		x = p->lane ? put_tag(l, g, e->party, from, out) : from;
	} else {
		x = end - (int)text_width(buf_text(&words)) + 1;
		if (x < from)
			x = from;
	}
	end = put(out, x, end + 1 - x, INK_CALL, buf_text(&words));
	ink_call(e, x, end, out);
	for (int i = end + 1; p->lane && g->many && i < lane - 1; i++)
		if (out->cells[i].rune == ' ')
			put_sign(out, i, SIGN_LEADER, INK_LINE);
	buf_done(&words);
}

static void put_break(const struct ladder *l, const struct ladder_shape *g, const struct ladder_row *r,
		      struct ladder_line *out)
{
	int end = g->lane[1] > 0 ? g->lane[1] : g->right, mid, width;
	char text[48], gap[32];

	(void)l;
	snprintf(text, sizeof text, " %s ", text_duration(gap, sizeof gap, r->gap_ns, g->ascii));
	width = (int)text_width(text);
	for (int x = g->left + 2; x < end - 1; x++)
		put_sign(out, x, SIGN_LEADER, INK_LINE);
	mid = g->left + (end - g->left - width + 1) / 2;
	put(out, mid, width, INK_TIME, text);
}

/* Here the line of one of many peers begins. */
static void put_party(const struct ladder *l, const struct ladder_shape *g, const struct ladder_row *r,
		      struct ladder_line *out)
{
	const struct ladder_party *p = &l->parties[r->party];
	int lane = g->lane[p->lane], end = lane > 0 ? lane : g->right - 1, x = g->left + 3, from;
	int inner = (g->lane[1] > 0 ? g->lane[1] : g->right) - 2;
	bool both = p->name[0] && p->where[0];
	char text[2 * LADDER_NAME + 2];

	snprintf(text, sizeof text, "%s%s%s", p->name, both ? " " : "", p->where);
	from = put(out, x, inner - x, INK_NAME, text) + 1;
	for (x = from; x < end - 1; x++)
		if (out->cells[x].rune == ' ')
			put_sign(out, x, SIGN_LEADER, INK_LINE);
	put_sign(out, end, lane > 0 ? SIGN_BEGIN : SIGN_MORE, INK_NAME);
}

/* --- lines --- */

void ladder_draw_row(const struct ladder *l, const struct ladder_shape *g, size_t row, struct ladder_line *out)
{
	const struct ladder_row *r = &l->rows[row];
	const struct ladder_event *e = &l->events[r->event];

	blank(g, out);
	put_lines(g, r, r->kind == LADDER_ROW_BREAK ? SIGN_GAP : SIGN_LINE, out);
	if (r->kind == LADDER_ROW_BREAK) {
		put_break(l, g, r, out);
		return;
	}
	if (r->kind == LADDER_ROW_PARTY) {
		put_party(l, g, r, out);
		return;
	}
	put_times(l, g, r, out);
	put_state(out, l, g->left - 1 - STATE_W, true, r->state[0]);
	put_state(out, l, g->right, false, r->state[1]);
	if (e->kind == LADDER_STATE && e->party)
		put_state(out, l, g->right, false, r->event);
	else if (e->kind == LADDER_STATE)
		put_state(out, l, g->left - 1 - STATE_W, true, r->event);
	else if (e->kind == LADDER_PACKET || e->kind == LADDER_DATA)
		put_arrow(l, g, r, e, out);
	else
		put_call(l, g, r, e, out);
}

/* Name and address in at most `w` cells; the address goes before the name is cut. */
static void who(const struct ladder_party *p, int w, char *out, size_t size)
{
	snprintf(out, size, "%s%s%s", p->name, p->name[0] && p->where[0] ? " " : "", p->where);
	if ((int)text_width(out) > w)
		snprintf(out, size, "%s", p->name[0] ? p->name : p->where);
}

void ladder_draw_head(const struct ladder *l, const struct ladder_shape *g, struct ladder_line *out)
{
	char text[2 * LADDER_NAME + 8];
	int from = g->left - STATE_W - 1, half = (g->width - from) / 2 - 1;

	blank(g, out);
	if (g->time_w)
		put_right(out, 0, g->time_w - 1, INK_DIM, "time");
	if (g->gap_w)
		put_right(out, g->time_w, g->gap_w, INK_DIM, "after");
	if (!l->party_count)
		return;
	who(&l->parties[0], half, text, sizeof text);
	put(out, from, half, INK_NAME, text);
	if (l->party_count == 2)
		who(&l->parties[1], half, text, sizeof text);
	else
		snprintf(text, sizeof text, "%u peers", l->party_count - 1);
	if (l->party_count > 1)
		put_right(out, g->width - half, half, INK_NAME, text);
}

void ladder_line_text(const struct ladder_line *line, struct buf *out)
{
	int end = line->width;
	char bytes[4];

	while (end && line->cells[end - 1].rune == ' ')
		end--;
	for (int i = 0; i < end; i++)
		if (line->cells[i].rune)
			buf_add(out, bytes, text_encode(line->cells[i].rune, bytes));
	buf_putc(out, '\n');
}

void ladder_text(const struct ladder *l, int width, bool ascii, bool times, struct buf *out)
{
	struct ladder_shape g;
	struct ladder_line line;

	ladder_shape(l, width, ascii, times, &g);
	ladder_draw_head(l, &g, &line);
	ladder_line_text(&line, out);
	for (size_t i = 0; i < l->row_count; i++) {
		ladder_draw_row(l, &g, i, &line);
		ladder_line_text(&line, out);
	}
}
