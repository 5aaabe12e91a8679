/* The last row tells the keys that work where the user is, and the way back from what was opened. */
#include "test_ui_fixture.h"

#include "ui/desk.h"
#include "ui/hint.h"
#include "ui/ui.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *where;
	const char *keys[8];
	const char *shown[4], *hidden[3];
} places[] = {
	{ "a socket of ours", { 0 }, { "Space ", "n new", "? help", "q quit" }, { "fold" } },
	{ "packets", { "Tab" }, { "Enter open", "/ filter", "] same kind", "m mark" }, { "fold" } },
	{ "an open packet",
	  { "Tab", "Enter" },
	  { "Left Right fold", "Tab bytes", "] same kind", "\\ search" },
	  { "n new", "x close", "/ filter" } },
	{ "its bytes", { "Tab", "Enter", "Tab" }, { "S-Tab fields", "\\ search", "< > others" }, { "fold", "n new" } },
	{ "the ladder", { "t" }, { "/ match", "Enter open", "w save" }, { "/ filter" } },
	{ "a stream", { "f" }, { "h text hex C", "w save" }, { "Enter open" } },
	{ "calls", { "Tab", "Tab" }, { "Enter open", "] same call" }, { "same kind" } },
	{ "an open call", { "Tab", "Tab", "Enter" }, { "< > others", "Esc back" }, { "n new", "Enter" } },
	{ "the Inspector", { "S-Tab" }, { "v next page", "V graph" }, { "Enter change" } },
	{ "options", { "v", "v" }, { "Enter change", "v next page" }, { "next graph" } },
	{ "a graph", { "V" }, { "V next graph", "+ - closer", "Esc back" }, { "n new", "Enter" } },
	{ "columns", { "C" }, { "Space show or hide", "Esc back" }, { "n new", "Space connect" } },
	{ "settings", { "F2" }, { "Left Right change", "Esc back" }, { "n new", "Space" } },
	{ "help", { "?" }, { "j k scroll", "Esc back" }, { "n new", "Space" } },
	{ "an explanation", { "E" }, { "Esc close" }, { "Esc back" } },
	{ "groups", { "u" }, { "Enter its sockets", "u group by" }, { "Enter open" } },
};

static void press(struct desk *d, const char *name)
{
	struct key k = key_named(name);

	desk_event(d, &k);
	desk_settle(d, 120, 36);
}

Test(ui_hint, tells_what_works_here)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		struct fixture f;
		struct buf text = { 0 };
		const char *last;

		open_fixture(&f);
		ui_frame_text(f.session, 120, 36, places[i].keys, &text);
		while (text.len && buf_text(&text)[text.len - 1] == '\n')
			text.data[--text.len] = '\0';
		last = strrchr(buf_text(&text), '\n');
		cr_assert_not_null(last);
		for (int n = 0; n < 4 && places[i].shown[n]; n++)
			cr_expect(strstr(last, places[i].shown[n]), "%s: not \"%s\" in%s", places[i].where,
				  places[i].shown[n], last);
		for (int n = 0; n < 3 && places[i].hidden[n]; n++)
			cr_expect_null(strstr(last, places[i].hidden[n]), "%s: \"%s\" in%s", places[i].where,
				       places[i].hidden[n], last);
		buf_done(&text);
		close_fixture(&f);
	}
}

/* Options are changed of our own open sockets only. */
Test(ui_hint, offers_no_change_where_there_is_none)
{
	struct fixture f;
	struct desk *d = calloc(1, sizeof *d);

	open_fixture(&f);
	desk_init(d, f.session);
	desk_settle(d, 120, 36);
	press(d, "v");
	press(d, "v");
	cr_expect_eq(pane_inspector.hints(d->pane[PANE_INSPECTOR], f.session), hints_options);
	f.session->selected = 0;
	desk_settle(d, 120, 36);
	cr_expect_eq(pane_inspector.hints(d->pane[PANE_INSPECTOR], f.session), hints_inspector);
	desk_done(d);
	free(d);
	close_fixture(&f);
}

/* A hint names a key that the command table has, or one that its pane takes before. */
Test(ui_hint, names_no_key_that_is_not_there)
{
	static const struct pane_hint *const tables[] = {
		hints_packet, hints_bytes,   hints_packets,  hints_ladder,    hints_stream,
		hints_calls,  hints_call,    hints_columns,  hints_sockets,   hints_groups,
		hints_help,   hints_options, hints_settings, hints_inspector, hints_graph,
	};
	struct fixture f;

	open_fixture(&f);
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		for (const struct pane_hint *h = tables[i]; h->key; h++) {
			char words[64], *rest = words, *key;

			snprintf(words, sizeof words, "%s", h->key);
			while ((key = strtok_r(rest, " ", &rest))) {
				const struct command *row;
				bool at_once;

				cr_expect(command_for_key(f.session, key, &at_once, &row) ||
						  (tables[i] == hints_graph && strstr("+ - 0", key)) ||
						  (tables[i] == hints_columns && !strcmp(key, "D")),
					  "%s: %s", key, h->words);
			}
		}
	close_fixture(&f);
}

/* What the rule over the Inspector says at its right end. */
static bool inspector_says(const struct desk *d, const char *page)
{
	struct buf title = { 0 }, right = { 0 };
	bool says;

	pane_inspector.title(d->pane[PANE_INSPECTOR], d->session, &title, &right);
	says = strstr(buf_text(&right), page) != NULL;
	buf_done(&title);
	buf_done(&right);
	return says;
}

Test(ui_hint, escape_leads_from_the_graph_to_the_page_before)
{
	struct fixture f;
	struct desk *d = calloc(1, sizeof *d);

	open_fixture(&f);
	desk_init(d, f.session);
	desk_settle(d, 120, 36);
	press(d, "v");
	press(d, "v");
	cr_expect(inspector_says(d, "options"));
	press(d, "V");
	cr_expect(d->zoom);
	cr_expect_not(inspector_says(d, "options"));
	press(d, "V");
	press(d, "Esc");
	cr_expect_not(d->zoom);
	cr_expect(inspector_says(d, "options"), "as it was before the graphs");
	desk_done(d);
	free(d);
	close_fixture(&f);
}
