/* The prompt's row, and the row above it for a message or the candidates of a completion. */
#include "ui/prompt.h"

#include "session/command.h"
#include "util/text.h"

#include <stdio.h>
#include <string.h>

static int width_of(const char *text, size_t len)
{
	struct buf part = { 0 };
	int width;

	text_clean(&part, text, len);
	width = (int)text_width(buf_text(&part));
	buf_done(&part);
	return width;
}

static void draw_candidates(const struct prompt *p, const struct area *a)
{
	size_t first = 0;
	int x = 1;

	/* The row begins with a candidate from which on the chosen one is still seen. */
	for (size_t i = 0; p->word < p->word_count && i <= p->word; i++) {
		int wide = width_of(p->words[i], strlen(p->words[i])) + 2;

		if (x + wide > a->w - 3) {
			first = i;
			x = 1;
		}
		x += wide;
	}
	x = 1;
	for (size_t i = first; i < p->word_count; i++) {
		int wide = width_of(p->words[i], strlen(p->words[i]));

		if (x + wide > a->w - 3) {
			area_put(a, x, 0, ROLE_DIM, glyph(a->grid, GLYPH_ELLIPSIS));
			break;
		}
		area_put(a, x, 0, ROLE_VALUE, p->words[i]);
		if (i == p->word)
			area_over(a, x, 0, wide, OVER_LIT);
		x += wide + 2;
	}
}

/* What may follow the command that stands there. */
static void draw_usage(const struct prompt *p, const struct area *a, int x)
{
	const char *line = buf_text(&p->line), *word = line + strspn(line, " ");
	size_t len = strcspn(word, " ");
	const char *dot = memrchr(word, '.', len);
	const struct command *c;
	char usage[160];
	int wide;

	if (dot) {
		len -= (size_t)(dot + 1 - word);
		word = dot + 1;
	}
	c = len ? command_find(word, len) : NULL;
	if (!c || !c->usage || !c->usage[0])
		return;
	snprintf(usage, sizeof usage, "%s %s", c->name, c->usage);
	wide = (int)text_width(usage);
	if (x + 4 + wide < a->w)
		area_put(a, a->w - wide - 1, 0, ROLE_DIM, usage);
}

void prompt_draw(const struct prompt *p, const struct area *a, const struct area *above)
{
	const char *line = buf_text(&p->line);
	struct area field = area_sub(a, 2, 0, a->w - 3, 1);
	int cursor = width_of(line, p->cursor), whole = width_of(line, p->line.len), from = 0;

	area_blank(a);
	area_put(a, 0, 0, ROLE_PROMPT, ":");
	if (cursor >= field.w)
		from = cursor - field.w + 1;
	area_put(&field, -from, 0, ROLE_TEXT, line);
	if (!from && field.w)
		draw_usage(p, a, 2 + whole);
	a->grid->cursor_x = field.x + cursor - from;
	a->grid->cursor_y = field.y;
	if (p->message[0]) {
		area_blank(above);
		area_put_in(above, 1, 0, above->w - 2, ROLE_ERROR, p->message);
	} else if (p->words) {
		area_blank(above);
		draw_candidates(p, above);
	}
}
