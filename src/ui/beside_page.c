#include "ui/beside_page.h"

#include "util/mem.h"
#include "util/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

enum {
	VALUE_LEAST = 9,
	VALUE_MOST = 14,
	SIGN = 4,
	WHY_BESIDE = 70, /* from so many cells on the reasons stand beside the rows */
	ROWS_W = SHEET_LABEL + 2 * (VALUE_MOST + 1) + SIGN,
};

struct beside_page {
	struct sheet sheet, why;
	int value; /* cells of a value */
	bool told; /* there is something to compare */
};

struct beside_page *beside_page_new(void)
{
	return mem_alloc(sizeof(struct beside_page));
}

void beside_page_free(struct beside_page *p)
{
	free(p);
}

struct sheet *beside_page_sheet(struct beside_page *p)
{
	return &p->sheet;
}

/* `text` in exactly `cells` cells, filled with blanks. */
static void fit(char *out, size_t size, const char *text, int cells)
{
	int wide = (int)text_width(text);

	snprintf(out, size, "%s%*s", text, wide < cells ? cells - wide : 0, "");
}

static const char *sign(enum beside_verdict v, bool ascii)
{
	static const char *const signs[][2] = {
		[BESIDE_ALONE] = { "", "" },
		[BESIDE_SAME] = { "=", "=" },
		[BESIDE_NEAR] = { "≈", "~" },
		[BESIDE_DIFFERS] = { "≠", "!" },
	};

	return signs[v][ascii];
}

static void add_row(struct beside_page *p, const struct beside_row *row, const enum beside_reason *why, size_t whys,
		    bool ascii)
{
	char kernel[96], wire[96], note[24] = "";

	for (size_t i = 0; i < whys; i++)
		if (row->reason == why[i])
			snprintf(note, sizeof note, " %zu", i + 1);
	fit(kernel, sizeof kernel, row->kernel, p->value);
	fit(wire, sizeof wire, row->wire, p->value);
	sheet_pair(&p->sheet,
		   row->verdict == BESIDE_DIFFERS ? ROLE_WARN
		   : row->verdict == BESIDE_ALONE ? ROLE_DIM
						  : ROLE_VALUE,
		   row->label, "%s %s %s%s", kernel, wire, sign(row->verdict, ascii), note);
}

const char *beside_page_unfit(const struct row *r)
{
	if (!r)
		return "No socket is selected. Here the kernel's figures of the selected one stand "
		       "beside what its packets show.";
	if (r->kind == ROW_ALL)
		return "This row stands for all packets of the file: choose one of its conversations.";
	if (r->sock->family != AF_INET && r->sock->family != AF_INET6)
		return "Only sockets of the internet have packets: of this one only the kernel tells. "
		       "v turns the page.";
	if (r->sock->state == STATE_LISTEN)
		return "A listener sends no data of its own: select one of its connections. v turns "
		       "the page.";
	return NULL;
}

void beside_page_settle(struct beside_page *p, const struct session *s, const struct row *r, struct wire_of *wire,
			int w, int h)
{
	struct beside_row rows[BESIDE_ROWS];
	enum beside_reason why[BESIDE_WHY];
	struct beside_facts facts;
	size_t count, whys;
	struct sheet *beneath;
	const char *not = beside_page_unfit(r);

	sheet_clear(&p->sheet);
	sheet_clear(&p->why);
	p->sheet.single = p->why.single = true;
	p->told = !not ;
	p->value = (w - SHEET_LABEL - SIGN) / 2 - 1;
	p->value = p->value < VALUE_LEAST ? VALUE_LEAST : p->value > VALUE_MOST ? VALUE_MOST : p->value;
	if (not ) {
		sheet_line(&p->sheet, ROLE_DIM, "%s", not );
		sheet_settle(&p->sheet, w, h);
		return;
	}
	wire_of_settle(wire, s, r->key);
	beside_of(s, r, wire, &facts);
	count = beside(&facts, rows, why, &whys);
	for (size_t i = 0; i < count; i++)
		add_row(p, &rows[i], why, whys, s->settings.ascii);
	beneath = w < WHY_BESIDE ? &p->sheet : &p->why;
	sheet_gap(beneath);
	for (size_t i = 0; i < whys; i++)
		sheet_line(beneath, ROLE_DIM, "%zu  %s", i + 1, beside_reasons[why[i]]);
	sheet_settle(&p->sheet, w < WHY_BESIDE ? w : ROWS_W, h - 1);
	sheet_settle(&p->why, w - ROWS_W - 1, h - 1);
}

void beside_page_draw(const struct beside_page *p, const struct area *a)
{
	struct area below = area_sub(a, 0, 1, a->w < WHY_BESIDE ? a->w : ROWS_W, a->h - 1);
	struct area right = area_sub(a, ROWS_W + 1, 1, a->w - ROWS_W - 1, a->h - 1);

	if (!p->told) {
		sheet_draw(&p->sheet, a);
		return;
	}
	area_put(a, SHEET_LABEL, 0, ROLE_HEAD, "kernel");
	area_put(a, SHEET_LABEL + p->value + 1, 0, ROLE_HEAD, "wire");
	sheet_draw(&p->sheet, &below);
	if (a->w >= WHY_BESIDE)
		sheet_draw(&p->why, &right);
}
