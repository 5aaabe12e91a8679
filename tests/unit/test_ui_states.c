/* Explanations, and the state diagrams: drawn from the tables, the way that a socket went seen
 * without colours too. */
#include "test_ui_fixture.h"
#include "test_ui_help.h"

#include "ui/state_diagram.h"
#include "ui/ui.h"

#include <criterion/criterion.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define US UINT64_C(1000)
#define START UINT64_C(1763862649000000000)

static const struct {
	const char *name;
	int cols, rows;
	const char *keys[8];
	bool ascii;
} frames[] = {
	{ "80x24-states", 80, 24, { "v", "z" }, false },
	{ "200x60-states", 200, 60, { "v", "z" }, false },
	{ "120x36-states-ascii", 120, 36, { "v" }, true },
	{ "120x36-states-listener", 120, 36, { "Down", "v" }, false },
	{ "60x16-explain", 60, 16, { "E" }, false },
	{ "80x24-explain", 80, 24, { "Down", "E" }, false },
	{ "120x36-explain-field", 120, 36, { "Tab", "Enter", "Down", "Down", "Down", "Down", "E" }, false },
	{ "120x36-explain-call", 120, 36, { "Tab", "Tab", "Up", "Up", "Up", "E" }, false },
	{ "120x36-explain-ascii", 120, 36, { "Down", "Down", "E" }, true },
	{ "200x60-explain-option", 200, 60, { "v", "v", "E" }, false },
	{ "120x36-states-unix", 120, 36, { "G", "v" }, false },
};

Test(ui_states, golden)
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

static bool drawn(enum state from, enum state to)
{
	for (const struct diagram_edge *e = state_diagram_tcp.edges; e->from; e++)
		if (e->from == from && e->to == to)
			return true;
	return false;
}

/* The drawing has the edges of core/tcp_state.c, but for those to CLOSED from anywhere, and no
 * others. */
Test(ui_states, the_figure_is_the_table)
{
	for (const struct diagram_edge *e = state_diagram_tcp.edges; e->from; e++) {
		bool there = false;

		for (const struct transition *t = transitions; t->from; t++)
			there |= t->from == e->from && t->to == e->to;
		cr_expect(there, "%s to %s", state_name(e->from), state_name(e->to));
	}
	for (const struct transition *t = transitions; t->from; t++)
		cr_expect(drawn(t->from, t->to) || t->to == STATE_CLOSED ||
				  (t->from == STATE_CLOSED && t->to == STATE_SYN_RECEIVED),
			  "%s to %s", state_name(t->from), state_name(t->to));
}

static void draw(const struct diagram *d, const struct history *h, int w, int rows, bool ascii, struct buf *out)
{
	struct grid g = { .ascii = ascii };
	struct area a;

	grid_resize(&g, w, rows);
	g.ascii = ascii;
	a = area_all(&g);
	state_diagram_draw(d, h, &a, 0);
	buf_clear(out);
	grid_text(&g, out);
	grid_done(&g);
}

/* Nothing of a drawing hides something else of it: names, labels and arrows are all there. */
Test(ui_states, nothing_is_covered)
{
	static const struct diagram *const all[] = { &state_diagram_tcp, &state_diagram_dgram, &state_diagram_unix };
	struct buf text = { 0 };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		int arrows = 0, edges = 0;

		draw(all[i], NULL, all[i]->w, all[i]->h, false, &text);
		for (const struct diagram_node *n = all[i]->nodes; n->state; n++)
			cr_expect(strstr(buf_text(&text), state_name(n->state)), "%s\n%s", state_name(n->state),
				  buf_text(&text));
		for (const struct diagram_edge *e = all[i]->edges; e->from; e++, edges++) {
			cr_expect(strstr(buf_text(&text), e->cause), "%s\n%s", e->cause, buf_text(&text));
			cr_expect(!e->then || strstr(buf_text(&text), e->then), "%s\n%s", e->then, buf_text(&text));
		}
		for (const char *c = buf_text(&text); *c; c++)
			arrows += !strncmp(c, "▼", 3) || !strncmp(c, "▲", 3) || !strncmp(c, "►", 3) ||
				  !strncmp(c, "◄", 3);
		cr_expect_eq(arrows, edges, "%d of %d\n%s", arrows, edges, buf_text(&text));
	}
	buf_done(&text);
}

static void life(struct history *h)
{
	history_init(h, STATE_CLOSED, START, "socket");
	history_prove(h, START + 10 * US, CAUSE_CALL, PROOF_CONNECT, "connect");
	history_prove(h, START + 50 * US, CAUSE_PACKET, PROOF_SYN_ACK, "[S.] in");
	history_prove(h, START + 900 * US, CAUSE_PACKET, PROOF_FIN_IN, "[F.] in");
	history_prove(h, START + 2000 * US, CAUSE_CALL, PROOF_FIN_OUT, "close");
}

Test(ui_states, the_way_is_seen_without_colours)
{
	struct history h;
	struct buf plain = { 0 }, ascii = { 0 };

	life(&h);
	draw(&state_diagram_tcp, &h, 44, 30, false, &plain);
	cr_expect(strstr(buf_text(&plain), "[LAST-ACK]"), "%s", buf_text(&plain));
	cr_expect(strstr(buf_text(&plain), "+50 µs"), "the edge tells when: %s", buf_text(&plain));
	cr_expect(strstr(buf_text(&plain), "[S.] in"), "and by what");
	cr_expect(strstr(buf_text(&plain), "━"));
	cr_expect_null(strstr(buf_text(&plain), "SYN,ACK ←"), "in place of the figure's words");
	draw(&state_diagram_tcp, &h, 44, 30, true, &ascii);
	cr_expect(strchr(buf_text(&ascii), '=') && strchr(buf_text(&ascii), '#'));
	for (const char *c = buf_text(&ascii); *c; c++)
		cr_assert(*c == '\n' || (*c >= ' ' && *c <= '~'));
	draw(&state_diagram_tcp, NULL, 44, 30, true, &ascii);
	cr_expect_null(strpbrk(buf_text(&ascii), "=#[]"), "no way, nothing heavy");
	buf_done(&plain);
	buf_done(&ascii);
}

Test(ui_states, every_kind_has_one)
{
	struct sock s = { .family = AF_INET, .type = SOCK_STREAM, .protocol = IPPROTO_TCP };

	cr_expect_eq(state_diagram_of(NULL), &state_diagram_tcp);
	cr_expect_eq(state_diagram_of(&s), &state_diagram_tcp);
	s = (struct sock){ .family = AF_UNIX, .type = SOCK_SEQPACKET };
	cr_expect_eq(state_diagram_of(&s), &state_diagram_unix);
	s.type = SOCK_DGRAM;
	cr_expect_eq(state_diagram_of(&s), &state_diagram_dgram);
	s = (struct sock){ .family = AF_INET6, .type = SOCK_RAW };
	cr_expect_eq(state_diagram_of(&s), &state_diagram_dgram);
}
