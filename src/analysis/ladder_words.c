/* What an event of a ladder says, in as many cells as there are. */
#include "analysis/ladder.h"

#include "util/text.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

enum { WORDS = 10, WORD = 160 };

/* A word of a line: those with the highest rank are the first to go. */
struct word_slot {
	int rank;
	bool gone;
	char text[WORD];
};

struct line {
	struct word_slot words[WORDS];
	int count;
};

static char *put(struct line *l, int rank)
{
	struct word_slot *w = &l->words[l->count < WORDS ? l->count++ : WORDS - 1];

	w->rank = rank;
	w->gone = false;
	w->text[0] = '\0';
	return w->text;
}

static int width_of(const struct line *l)
{
	int width = 0;

	for (int i = 0; i < l->count; i++)
		if (!l->words[i].gone)
			width += (int)text_width(l->words[i].text) + (width > 0);
	return width;
}

static void give_way(struct line *l, int width)
{
	while (width_of(l) > width) {
		int worst = -1;

		for (int i = 0; i < l->count; i++)
			if (!l->words[i].gone && l->words[i].rank &&
			    (worst < 0 || l->words[i].rank > l->words[worst].rank))
				worst = i;
		if (worst < 0)
			return;
		l->words[worst].gone = true;
	}
}

/* `text` in at most `width` cells, with an ellipsis where it is cut. */
static void put_cut(const char *text, int width, bool ascii, struct buf *out)
{
	int used = 0;

	if ((int)text_width(text) <= width) {
		buf_puts(out, text);
		return;
	}
	while (*text) {
		uint32_t rune = '?';
		size_t len = text_decode(text, strlen(text), &rune);
		int w = len ? text_rune_width(rune) : 1;

		if (used + (w > 0 ? w : 0) >= width)
			break;
		buf_add(out, text, len ? len : 1);
		text += len ? len : 1;
		used += w > 0 ? w : 0;
	}
	if (width > 0)
		buf_puts(out, ascii ? "~" : "…");
}

/* Cells that the words so far take, with the blank behind each. */
static int taken(const struct line *l)
{
	int cells = 0;

	for (int i = 0; i < l->count; i++)
		cells += (int)text_width(l->words[i].text) + 1;
	return cells;
}

/* As much of the bytes as there is room for beside the other words; not less than a few. */
static void preview(struct line *l, const struct ladder_event *e, int width)
{
	enum { FEW = 4 };
	size_t most = width > 60 ? LADDER_PREVIEW : 24, shown = e->preview_len;
	int room = width - taken(l);
	struct buf quoted = { 0 };
	bool cut;

	if (!shown)
		return;
	if (shown > most)
		shown = most;
	for (;; shown--) {
		buf_clear(&quoted);
		text_quote(&quoted, e->preview, shown);
		cut = shown < e->len;
		if (shown <= FEW || (int)text_width(buf_text(&quoted)) + 3 * cut <= room)
			break;
	}
	snprintf(put(l, 8), WORD, "%.150s%s", buf_text(&quoted), cut ? "..." : "");
	buf_done(&quoted);
}

static void say_tcp(struct line *l, const struct ladder_event *e)
{
	char flags[10], bracketed[16];

	snprintf(bracketed, sizeof bracketed, "[%s]", packet_flags(e->flags, flags));
	snprintf(put(l, 0), WORD, "%-4s", bracketed);
	if (e->mark)
		snprintf(put(l, 1), WORD, "%s", e->mark);
	snprintf(put(l, 4), WORD, "seq=%u", e->seq);
	if (e->flags & TCP_FLAG_ACK)
		snprintf(put(l, 5), WORD, "ack=%u", e->ack);
	if (!(e->flags & TCP_FLAG_RST) && !e->windowless)
		snprintf(put(l, 6), WORD, "win=%u", e->window);
	if (e->len)
		snprintf(put(l, 2), WORD, "len=%u", e->len);
	if (e->mss)
		snprintf(put(l, 7), WORD, "mss=%u", e->mss);
}

static void say_arrow(const struct ladder *ladder, const struct ladder_event *e, const struct ladder_words *w,
		      struct buf *out)
{
	struct line l = { .count = 0 };
	bool first = true;

	if (e->kind == LADDER_PACKET && e->info) {
		put_cut(ladder->text + e->info, w->width, w->ascii, out);
		return;
	}
	if (e->kind == LADDER_PACKET && e->ip_proto == IPPROTO_TCP)
		say_tcp(&l, e);
	else
		snprintf(put(&l, 0), WORD, "len=%u", e->len);
	if (e->kind == LADDER_PACKET && e->mark && e->ip_proto != IPPROTO_TCP)
		snprintf(put(&l, 1), WORD, "%s", e->mark);
	preview(&l, e, w->width);
	give_way(&l, w->width);
	for (int i = 0; i < l.count; i++) {
		if (l.words[i].gone)
			continue;
		if (!first)
			buf_putc(out, ' ');
		buf_puts(out, l.words[i].text);
		first = false;
	}
}

/* The same for a call, which keeps its closing bracket. */
static void put_arguments(const char *call, int width, bool ascii, struct buf *out)
{
	size_t len = strlen(call);

	if ((int)text_width(call) <= width || !len || call[len - 1] != ')') {
		put_cut(call, width, ascii, out);
		return;
	}
	put_cut(call, width - 1, ascii, out);
	buf_putc(out, ')');
}

/* Where it is too long the time goes first, then the arguments give way to the result. */
static void say_call(const struct ladder *ladder, const struct ladder_event *e, const struct ladder_words *w,
		     struct buf *out)
{
	const char *call = ladder->text + e->call;
	char took[40] = "", duration[32];
	struct buf result = { 0 };
	int room = w->width, call_w = (int)text_width(call), result_w;

	if (e->running) {
		buf_puts(&result, w->ascii ? " ..." : " …");
	} else if (!e->alone) {
		buf_printf(&result, " %s", ladder->text + e->result);
		if (w->times)
			snprintf(took, sizeof took, "  %s",
				 text_duration(duration, sizeof duration, e->duration_ns, w->ascii));
	}
	result_w = (int)text_width(buf_text(&result));
	if (call_w + result_w + (int)text_width(took) > room)
		took[0] = '\0';
	if (call_w + result_w > room && call_w > room / 2)
		call_w = room - result_w > room / 2 ? room - result_w : room / 2;
	put_arguments(call, call_w, w->ascii, out);
	put_cut(buf_text(&result), room - call_w, w->ascii, out);
	buf_puts(out, took);
	buf_done(&result);
}

void ladder_say(const struct ladder *l, const struct ladder_event *e, const struct ladder_words *w, struct buf *out)
{
	switch (e->kind) {
	case LADDER_CALL:
	case LADDER_RETURN: say_call(l, e, w, out); return;
	case LADDER_STATE: buf_puts(out, state_name(e->state)); return;
	case LADDER_PACKET:
	case LADDER_DATA: say_arrow(l, e, w, out); return;
	}
}
