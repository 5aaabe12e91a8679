#include "ui/packet_row.h"

#include "analysis/finding.h"
#include "session/tap.h"
#include "ui/mark.h"
#include "util/mem.h"
#include "util/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIME_CELLS = 12, MARK_CELLS = 9 };

static enum role flags_role(const char *flags, size_t len)
{
	static const struct {
		char letter;
		enum role role;
	} rows[] = {
		{ 'R', ROLE_ERROR },
		{ 'S', ROLE_OK },
		{ 'F', ROLE_WARN },
		{ 'P', ROLE_STRONG },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (memchr(flags, rows[i].letter, len))
			return rows[i].role;
	return ROLE_DIM;
}

/* The flags in brackets get a colour that tells what they do to the connection. */
static void colour_flags(const struct area *a, int x, int y, const char *info)
{
	const char *from = strstr(info, " ["), *to = from ? strchr(from, ']') : NULL;
	struct buf before = { 0 };

	if (!to || to - from > 10)
		return;
	buf_add(&before, info, (size_t)(from + 1 - info));
	area_roles(a, x + (int)text_width(buf_text(&before)), y, (int)(to - from),
		   flags_role(from, (size_t)(to - from)));
	buf_done(&before);
}

static int draw_arrow(const struct packet_row *r, const struct packet *p, const struct area *a, int x, int y)
{
	static const struct {
		enum glyph arrow;
		enum role role;
	} ways[] = {
		[DIRECTION_UNKNOWN] = { GLYPH_BOTH, ROLE_DIM },
		[DIRECTION_IN] = { GLYPH_IN, ROLE_IN },
		[DIRECTION_OUT] = { GLYPH_OUT, ROLE_OUT },
	};
	enum direction d = session_direction(r->session, r->key, p);

	return area_put(a, x, y, ways[d].role, glyph(a->grid, ways[d].arrow));
}

static enum role info_role(const struct packet *p)
{
	static const enum role weights[] = { ROLE_TEXT, ROLE_FLAG, ROLE_WARN };

	if (p->status == PACKET_MALFORMED)
		return ROLE_WARN;
	/* A reset has its colour in the flags. */
	return weights[finding_weight(p->analysis & (uint16_t)~FOUND(RST))];
}

bool packet_row_marked(const struct session *s)
{
	for (unsigned i = TAP_RAW; i < TAPS; i++)
		if (s->taps[i].capture || s->taps[i].past.received)
			return true;
	return false;
}

int packet_source_rows(const struct session *s, const struct packet *packet, int w, int h)
{
	struct buf words = { 0 };
	int rows = 0;

	if (!packet_row_marked(s))
		return 0;
	tap_words(packet, &words);
	for (size_t at = 0, used; rows < h / 3 && (used = grid_wrap(words.data + at, w)); at += used)
		rows++;
	buf_done(&words);
	return rows;
}

void packet_source_draw(const struct session *s, const struct packet *packet, const struct area *a)
{
	int rows = packet_source_rows(s, packet, a->w, a->h);
	struct buf words = { 0 };
	size_t at = 0;

	tap_words(packet, &words);
	for (int y = 0; y < rows; y++) {
		size_t used = grid_wrap(words.data + at, a->w);

		area_put_bytes(a, 0, y + 1, ROLE_DIM, words.data + at, used);
		at += used;
	}
	buf_done(&words);
}

/* "127.0.0.1 → 127.0.0.1 TCP " */
static void add_ends(const struct packet *p, bool ascii, struct buf *out)
{
	struct endpoint from, to;
	char text[ENDPOINT_TEXT];

	packet_source(p, &from);
	packet_destination(p, &to);
	if (from.family != AF_UNSPEC) {
		buf_puts(out, endpoint_address(&from, text, sizeof text));
		buf_puts(out, ascii ? " > " : " → ");
		buf_printf(out, "%s ", endpoint_address(&to, text, sizeof text));
	}
	for (const char *c = proto_name(decode_protocol(p)); *c; c++)
		buf_putc(out, *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c);
	buf_putc(out, ' ');
}

bool packet_row_seen(const struct session *s, uint64_t number, struct packet_seen *out)
{
	const uint8_t *bytes = NULL;
	const struct packet *p = session_packet(s, number, &bytes);

	if (!p)
		return false;
	*out = (struct packet_seen){
		.packet = p,
		.bytes = bytes,
		.whole = flow_table_whole(p->beside ? &s->beside : &s->flows, number),
	};
	out->plain = plain_of(s->plain, number, &out->plain_count);
	return true;
}

void packet_row_explain(const struct session *s, uint64_t number, const struct packet_view *v, struct explanation *out)
{
	const struct packet_line *line = v && v->number == number ? packet_view_line(v) : NULL;
	struct packet_seen seen;
	struct tree *tree;

	if (line) {
		explain_packet(s, number, line->tree, line->node, out);
		return;
	}
	if (!packet_row_seen(s, number, &seen)) {
		explain_packet(s, number, NULL, NULL, out);
		return;
	}
	tree = mem_alloc(sizeof *tree);
	decode_tree(seen.packet, seen.bytes, tree);
	explain_packet(s, number, tree, NULL, out);
	free(tree);
}

void packet_row_text(const struct packet_row *r, const struct packet *p, const uint8_t *bytes, bool ascii,
		     struct buf *out)
{
	struct packet_base base;

	session_base(r->session, p, &base);
	base.ascii = ascii;
	if (r->ends)
		add_ends(p, base.ascii, out);
	else if (decode_quotes(p))
		buf_puts(out, "ICMP ");
	decode_info(p, bytes, &base, out);
	finding_words(p->analysis, out);
}

void packet_row_draw(const struct packet_row *r, const struct area *a, int y, uint64_t number)
{
	const uint8_t *bytes;
	const struct packet *p = session_packet(r->session, number, &bytes);
	struct buf info = { 0 };
	int x = r->number_cells;
	char at[32];

	snprintf(at, sizeof at, "%llu", (unsigned long long)number);
	area_put_right(a, 0, y, x, ROLE_OFFSET, at);
	if (!p) {
		area_put(a, x + TIME_CELLS + 1, y, ROLE_DIM, "no longer kept");
		return;
	}
	if (r->session->mark.at_ns == p->at_ns && r->session->mark.number == number) {
		area_roles(a, 0, y, x, ROLE_NEW);
		area_put(a, x, y, ROLE_NEW, "*");
	}
	mark_time(r->session, p->at_ns, r->since_ns, at, sizeof at, TIME_CELLS - 1);
	x = area_put_right(a, x, y, TIME_CELLS, mark_counts(r->session) ? ROLE_NEW : ROLE_DIM, at) + 1;
	if (r->marks) {
		area_put_in(a, x, y, MARK_CELLS, p->beside ? ROLE_DIM : ROLE_LABEL, tap_mark(p->source));
		x += MARK_CELLS;
	}
	x = draw_arrow(r, p, a, x, y) + 1;
	packet_row_text(r, p, bytes, a->grid->ascii, &info);
	area_put_in(a, x, y, a->w - x, info_role(p), buf_text(&info));
	colour_flags(a, x, y, buf_text(&info));
	buf_done(&info);
}
