/* An open packet: fields and bytes lead to each other, fold, are searched; marks; the next of the
 * same kind. */
#include "test_ui_fixture.h"
#include "test_ui_help.h"

#include "ui/desk.h"
#include "ui/packet_find.h"
#include "ui/packet_view.h"
#include "ui/ui.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { W = 118, H = 33 };

static const struct {
	const char *name;
	int cols, rows;
	const char *keys[20];
	bool ascii;
} frames[] = {
	{ "60x16-packet", 60, 16, { "Tab", "Enter", "Down" }, false },
	{ "80x24-packet", 80, 24, { "Tab", "Enter", "Down", "Down" }, false },
	{ "80x24-packet-bytes", 80, 24, { "Tab", "Enter", "Tab", "G", "Left" }, false },
	{ "120x36-packet-bytes", 120, 36, { "Tab", "z", "Enter", "Tab", "PgDn", "Right" }, false },
	{ "200x60-packet-folds", 200, 60, { "Tab", "z", "Enter", "Right", "G", "Up", "Up", "Left", "Left" }, false },
	{ "120x36-packet-ascii", 120, 36, { "Tab", "z", "Enter" }, true },
	{ "120x36-search-bytes", 120, 36, { "Tab", "Enter", "\\", "L", "L", "O", "Enter", "N" }, false },
	{ "120x36-search-list", 120, 36, { "Tab", "z", "\\", "[", "S", ".", "]", "Enter" }, false },
	{ "120x36-marked", 120, 36, { "Tab", "g", "m", "M", "Down", "Down" }, false },
	{ "120x36-marked-calls", 120, 36, { "Tab", "g", "Down", "m", "M", "Tab", "g" }, false },
	{ "120x36-ladder-search", 120, 36, { "t", "z", "\\", "s", "e", "n", "d", "(", "Enter" }, false },
	{ "120x36-stream-search", 120, 36, { "f", "\\", "E", "L", "L", "O", "Enter" }, false },
};

Test(ui_packet, golden)
{
	for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
		struct fixture f;
		struct buf text = { 0 };

		open_fixture(&f);
		f.session->settings.ascii = frames[i].ascii;
		ui_frame_text(f.session, frames[i].cols, frames[i].rows, frames[i].keys, &text);
		hide_pid(&text);
		expect_golden(frames[i].name, &text);
		buf_done(&text);
		close_fixture(&f);
	}
}

static struct packet_seen seen_of(const struct fixture *f, uint64_t number)
{
	struct packet_seen p = { 0 };

	p.packet = session_packet(f->session, number, &p.bytes);
	cr_assert_not_null(p.packet);
	return p;
}

/* Every byte of a packet belongs to a field; the innermost one is chosen and can be seen. */
Test(ui_packet, a_byte_leads_to_its_field)
{
	struct fixture f;
	struct packet_view v = { 0 };
	struct packet_seen p;

	open_fixture(&f);
	p = seen_of(&f, 4);
	packet_view_settle(&v, &p, W, H);
	packet_view_key(&v, "Tab");
	packet_view_act(&v, &p, UI_TOP);
	for (size_t byte = 0; byte < p.packet->cap; byte++) {
		const struct packet_line *l = packet_view_line(&v);

		cr_assert_eq(v.byte, byte);
		cr_assert_not_null(l);
		cr_expect(byte >= l->node->offset && byte - l->node->offset < l->node->len, "byte %zu is in %s", byte,
			  l->node->name);
		cr_expect_eq(v.trees->shown[packet_line_place(&v)], v.line, "byte %zu: its field is unfolded", byte);
		for (size_t i = 0; i < v.trees->count; i++) {
			const struct tree_node *n = v.trees->lines[i].node;

			if (byte >= n->offset && byte - n->offset < n->len)
				cr_expect_geq(n->len, l->node->len, "byte %zu: %s is further in", byte, n->name);
		}
		packet_view_act(&v, &p, UI_RIGHT);
	}
	cr_expect_eq(v.byte, p.packet->cap - 1, "the last byte is the end");
	packet_view_act(&v, &p, UI_BACK);
	cr_expect(!v.in_bytes, "Esc goes back to the fields");
	packet_view_done(&v);
	close_fixture(&f);
}

static void click_byte(struct packet_view *v, const struct packet_seen *p, int x, int y)
{
	packet_view_settle(v, p, W, H);
	packet_view_click(v, p, x, y);
}

Test(ui_packet, a_click_finds_byte_and_field)
{
	enum { HEX_X = W - 39 };
	struct fixture f;
	struct packet_view v = { 0 };
	struct packet_seen p;

	open_fixture(&f);
	p = seen_of(&f, 4);
	click_byte(&v, &p, HEX_X + 6 + 3 * 3, 5); /* the fourth byte of the sixth line: 5 * 8 + 3 */
	cr_expect(v.in_bytes);
	cr_expect_eq(v.byte, 43);
	cr_expect_str_eq(packet_view_line(&v)->node->name, "tcp.ack_raw");
	click_byte(&v, &p, HEX_X + 6, 30);
	cr_expect_eq(v.byte, 43, "there is no byte");
	click_byte(&v, &p, 10, 1);
	cr_expect(!v.in_bytes, "a click on a field leaves the bytes");
	cr_expect_eq(v.line, v.trees->shown[1]);
	click_byte(&v, &p, 10, 2);
	cr_expect(!v.trees->lines[v.line].shut);
	click_byte(&v, &p, 10, 2);
	cr_expect(v.trees->lines[v.line].shut, "another click folds it");
	packet_view_done(&v);
	close_fixture(&f);
}

Test(ui_packet, fields_fold)
{
	struct fixture f;
	struct packet_view v = { 0 };
	struct packet_seen p;
	size_t all;

	open_fixture(&f);
	p = seen_of(&f, 4);
	packet_view_settle(&v, &p, W, H);
	all = v.trees->shown_count;
	packet_view_act(&v, &p, UI_DETAIL);
	cr_expect_gt(v.trees->shown_count, all, "Enter unfolds the layer");
	packet_view_act(&v, &p, UI_LEFT);
	cr_expect_eq(v.trees->shown_count, all, "Left folds it");
	while (strcmp(packet_view_line(&v)->node->name, "tcp.flags")) {
		size_t before = v.line;

		packet_view_settle(&v, &p, W, H);
		packet_view_act(&v, &p, UI_DOWN);
		cr_assert_neq(v.line, before);
	}
	cr_expect(packet_view_line(&v)->shut, "ten bits begin folded");
	packet_view_act(&v, &p, UI_RIGHT);
	cr_expect_eq(v.trees->shown_count, all + 10);
	p = seen_of(&f, 1);
	packet_view_settle(&v, &p, W, H);
	cr_expect_str_eq(packet_view_line(&v)->node->name, "tcp.flags", "the field stays selected");
	cr_expect(!packet_view_line(&v)->shut, "and unfolded, in another packet too");
	packet_view_act(&v, &p, UI_LEFT);
	packet_view_act(&v, &p, UI_LEFT);
	cr_expect_eq(packet_view_line(&v)->node->depth, 0, "Left twice goes to its layer");
	packet_view_done(&v);
	close_fixture(&f);
}

/* The datagram that a packet completed has lines and bytes of its own. */
Test(ui_packet, shows_what_was_put_together)
{
	struct fixture f;
	struct packet_view v = { 0 };
	struct fragments_whole whole = { .pieces = 2 };
	struct packet_seen p;
	size_t own;

	open_fixture(&f);
	p = seen_of(&f, 4);
	packet_view_settle(&v, &p, W, H);
	own = v.trees->count;
	v.number = 0;
	whole.packet = *p.packet;
	whole.bytes = (uint8_t *)p.bytes;
	p.whole = &whole;
	packet_view_settle(&v, &p, W, H);
	cr_expect_eq(v.trees->count, 2 * own + 1, "both trees and a heading");
	packet_view_act(&v, &p, UI_BOTTOM);
	cr_expect(packet_view_line(&v)->part == PART_WHOLE);
	packet_view_key(&v, "Tab");
	packet_view_act(&v, &p, UI_BOTTOM);
	cr_expect(packet_view_line(&v)->part == PART_WHOLE, "its bytes lead to its fields");
	p.whole = NULL; /* gone meanwhile */
	packet_view_act(&v, &p, UI_LEFT);
	packet_view_settle(&v, &p, W, H);
	packet_view_done(&v);
	close_fixture(&f);
}

Test(ui_packet, is_searched)
{
	struct fixture f;
	struct packet_view v = { 0 };
	struct packet_seen p;
	struct needle n;

	open_fixture(&f);
	p = seen_of(&f, 4);
	packet_view_settle(&v, &p, W, H);
	needle_parse("tcp.flags.push=1", &n, NULL);
	cr_expect(packet_view_find(&v, &p, &n, 1, false));
	cr_expect_str_eq(packet_view_line(&v)->node->name, "tcp.flags.push");
	cr_expect_eq(v.trees->shown[packet_line_place(&v)], v.line, "what hides it is unfolded");
	cr_expect(!packet_view_find(&v, &p, &n, 1, false), "there is no other");
	needle_parse("hex:6c", &n, NULL);
	cr_expect(packet_view_find(&v, &p, &n, 1, true));
	cr_expect_eq(v.byte, 56, "the first l of hello");
	cr_expect(packet_view_find(&v, &p, &n, 1, false));
	cr_expect_eq(v.byte, 57);
	cr_expect(!packet_view_find(&v, &p, &n, 1, false));
	cr_expect(packet_view_find(&v, &p, &n, -1, false));
	cr_expect_eq(v.byte, 56, "and back");
	packet_view_done(&v);
	close_fixture(&f);
}

Test(ui_packet, y_copies_the_field)
{
	struct fixture f;
	struct desk *d = calloc(1, sizeof *d);

	open_fixture(&f);
	desk_init(d, f.session);
	desk_settle(d, 120, 36);
	d->focus = PANE_TRAFFIC;
	desk_act(d, UI_DETAIL, NULL);
	desk_settle(d, 120, 36);
	for (int i = 0; i < 4; i++) {
		desk_act(d, UI_DOWN, NULL);
		desk_settle(d, 120, 36);
	}
	desk_act(d, UI_COPY, NULL);
	cr_expect_str_eq(buf_text(&d->copied), "tcp.dstport: 7");
	desk_done(d);
	free(d);
	close_fixture(&f);
}

Test(ui_packet, the_next_of_the_same_kind)
{
	struct packet a = { .flow = 1, .ip_proto = 6, .tcp_flags = 0x10, .payload_len = 5 }, b = a;

	cr_expect(packet_same(&a, &b));
	b.tcp_flags = 0x18;
	cr_expect(packet_same(&a, &b), "PSH tells nothing");
	b.tcp_flags = 0x11;
	cr_expect(!packet_same(&a, &b));
	b = a;
	b.payload_len = 0;
	cr_expect(!packet_same(&a, &b), "an ACK is no data");
	b = a;
	b.flow = 2;
	cr_expect(!packet_same(&a, &b));
	b.analysis = 4;
	cr_expect(!packet_same(&a, &b));
	a.analysis = 6;
	cr_expect(packet_same(&a, &b), "a mark goes through all flows");
}

Test(ui_packet, times_are_told_from_the_mark)
{
	struct fixture f;
	struct desk *d = calloc(1, sizeof *d);
	struct session *s;

	open_fixture(&f);
	s = f.session;
	desk_init(d, s);
	desk_settle(d, 120, 36);
	d->focus = PANE_TRAFFIC;
	desk_act(d, UI_TOP, NULL);
	desk_settle(d, 120, 36);
	desk_act(d, UI_MARK, NULL);
	cr_expect_eq(s->mark.number, 1);
	cr_expect_str_eq(s->mark.what, "packet 1");
	desk_act(d, UI_MARK, NULL);
	cr_expect_eq(s->mark.at_ns, 0, "a second m takes it away");
	for (int pane = 0; pane < PANE_COUNT; pane++) { /* everywhere a moment, or a word why not */
		d->focus = (enum pane_id)pane;
		desk_settle(d, 120, 36);
		s->notice.text[0] = '\0';
		desk_act(d, UI_MARK, NULL);
		cr_expect(s->notice.text[0], "%s", panes[pane]->name);
	}
	desk_done(d);
	free(d);
	close_fixture(&f);
}

Test(ui_packet, every_pane_is_searched)
{
	static const char *const words[PANE_COUNT] = { [PANE_SOCKETS] = "slow",
						       [PANE_TRAFFIC] = "[S.]",
						       [PANE_CALLS] = "192.0.2.1:80",
						       [PANE_INSPECTOR] = "cubic" };
	struct fixture f;
	struct desk *d = calloc(1, sizeof *d);
	struct session *s;

	open_fixture(&f);
	s = f.session;
	desk_init(d, s);
	desk_settle(d, 120, 36);
	desk_act(d, UI_SEARCH, NULL);
	cr_expect(strstr(s->notice.text, "nothing was searched"));
	for (int pane = PANE_COUNT; pane-- > 0;) {
		d->focus = (enum pane_id)pane;
		snprintf(s->search, sizeof s->search, "%s", words[pane]);
		s->notice.text[0] = '\0';
		desk_settle(d, 120, 36);
		desk_act(d, UI_SEARCH, NULL);
		cr_expect_null(strstr(s->notice.text, "not found"), "%s", s->notice.text);
		snprintf(s->search, sizeof s->search, "no such thing");
		desk_act(d, UI_SEARCH_BACK, NULL);
		cr_expect_not_null(strstr(s->notice.text, "not found"), "%s", panes[pane]->name);
	}
	cr_expect_eq(s->selected, f.socks[2]->id, "slow was found");
	desk_done(d);
	free(d);
	close_fixture(&f);
}

/* --- among the packets of a file --- */

enum { MANY = 6000, PING = 28 };

/* Echo requests, replies between the first and the last. */
static bool read_ping(void *ctx, uint64_t offset, void *out, size_t len)
{
	uint8_t ping[PING] = { 0x45, [3] = PING, [8] = 64, [9] = 1, [12] = 10, [16] = 10 };
	uint64_t n = offset / PING + 1;

	(void)ctx;
	ping[20] = n == 1 || n == MANY ? 8 : 0;
	memcpy(out, ping, len);
	return true;
}

static void put_pings(struct recorder *r)
{
	struct block *b = block_new_placed(MANY);

	recorder_done(r);
	recorder_init(r, UINT64_MAX);
	recorder_index(r, read_ping, NULL);
	memset(b->packets, 0, MANY * sizeof *b->packets);
	b->count = MANY;
	recorder_number(r, b);
	for (unsigned i = 0; i < MANY; i++) {
		b->packets[i].cap = b->packets[i].len = PING;
		b->packets[i].offset = i * PING;
		b->packets[i].linktype = 101;
		b->packets[i].flow = FLOW_NONE;
		recorder_put(r, &b->packets[i]);
	}
	free(b);
}

/* More lie between the two than are kept: the one that is looked for is not where it was. */
Test(ui_packet, the_next_of_the_same_kind_is_far_away)
{
	const struct packet_list list = { .all = true, .first = 1, .count = MANY };
	struct hunt hunt = { .way = 1, .until_ns = UINT64_MAX };
	struct packet_row row = { 0 };
	struct fixture f;
	size_t at = 0;

	open_fixture(&f);
	put_pings(&f.session->recorder);
	row.session = f.session;
	cr_expect_eq(packet_find_same(&list, &row, 0, &hunt, &at), FOUND_HERE);
	cr_expect_eq(at, MANY - 1);
	close_fixture(&f);
}

/* Slices whose time is over at once: one row each, until all were looked at, and back to the origin. */
Test(ui_packet, a_search_goes_on_in_slices)
{
	const struct packet_list list = { .all = true, .first = 1, .count = MANY };
	struct hunt hunt = { .way = 1 };
	struct packet_row row = { 0 };
	struct needle needle;
	struct fixture f;
	size_t at = 5, slices = 0;
	enum found found;

	open_fixture(&f);
	row.session = f.session;
	put_pings(&f.session->recorder);
	needle_parse("no such word", &needle, NULL);
	do
		found = packet_find(&list, &row, &needle, at, &hunt, &at);
	while (found == FOUND_LATER && ++slices < 2 * MANY);
	cr_expect_eq(found, FOUND_NOTHING);
	cr_expect_eq(slices, MANY - 1);
	cr_expect_eq(hunt.done, MANY);
	cr_expect_eq(at, 5, "where it began");
	hunt = (struct hunt){ .way = -1 };
	at = 5;
	do
		found = packet_find_same(&list, &row, at, &hunt, &at);
	while (found == FOUND_LATER);
	cr_expect_neq(found, FOUND_LATER);
	close_fixture(&f);
}
