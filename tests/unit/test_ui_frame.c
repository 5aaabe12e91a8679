/* Whole frames of fixed content as text, compared with tests/unit/golden/ui/. UPDATE=1 writes
 * them anew. */
#include "test_ui_fixture.h"
#include "test_ui_help.h"

#include "ui/desk.h"
#include "ui/ui.h"

#include "decode/decode.h"
#include "util/mem.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define START UINT64_C(1763862649000000000)
#define US UINT64_C(1000)

static struct endpoint end_of(const char *text)
{
	struct endpoint e = { 0 };
	struct err why;

	cr_assert_eq(endpoint_parse(text, &e, NULL, &why), ENDPOINT_OK, "%s", why.text);
	return e;
}

/* Real sockets of the lab, so that everything can be looked up, with all that varies replaced. */
static const struct {
	const char *name, *local, *remote;
	int family, type;
	enum state state;
	bool peer, closed, gone;
	unsigned running, waiting;
	int error;
} rows[SOCKS] = {
	{ "client", "127.0.0.1:40312", "127.0.0.1:7", AF_INET, SOCK_STREAM, STATE_ESTABLISHED, .error = 0 },
	{ "server", "0.0.0.0:8080", NULL, AF_INET, SOCK_STREAM, STATE_LISTEN, .waiting = 2 },
	{ "slow", "127.0.0.1:40400", "192.0.2.1:80", AF_INET, SOCK_STREAM, STATE_SYN_SENT, .running = 1 },
	{ "old", "127.0.0.1:40500", "127.0.0.1:7", AF_INET, SOCK_STREAM, STATE_CLOSED, .closed = true, .gone = true },
	{ "pipe", NULL, "unix:@sockeye-echo", AF_UNIX, SOCK_STREAM, STATE_CONNECTED, .peer = true },
};

static void replace(struct lab_sock *k, size_t i)
{
	struct sock *now = &k->now;

	snprintf(k->name, sizeof k->name, "%s", rows[i].name);
	k->fd = rows[i].closed ? -1 : 7 + (int)i;
	k->peer = rows[i].peer;
	k->closed = rows[i].closed;
	k->gone = rows[i].gone;
	k->running = rows[i].running;
	k->waiting = rows[i].waiting;
	k->created_ns = START;
	k->looked_ns = START + 1000000 * US;
	*now = (struct sock){ .family = rows[i].family,
			      .type = rows[i].type,
			      .state = rows[i].state,
			      .known = SOCK_HAS_QUEUES | SOCK_HAS_COOKIE | SOCK_HAS_INODE | SOCK_HAS_MEMORY,
			      .cookie = 0x1000 + i,
			      .inode = 18440 + i,
			      .rcvbuf = 131072,
			      .sndbuf = 16384 };
	if (rows[i].local)
		now->local = end_of(rows[i].local);
	if (rows[i].remote)
		now->remote = end_of(rows[i].remote);
	if (rows[i].family == AF_UNIX)
		return;
	history_init(&k->history, STATE_CLOSED, START, "socket");
	if (i == 0) {
		now->known |= SOCK_HAS_TCP;
		now->recv_q = 6;
		now->rmem_alloc = 100000;
		now->tcp = (struct sock_tcp){ .rtt_us = 43,
					      .rttvar_us = 21,
					      .min_rtt_us = 12,
					      .cwnd = 10,
					      .ssthresh = UINT32_MAX,
					      .snd_mss = 32768,
					      .rcv_mss = 536,
					      .pmtu = 65535,
					      .rto_us = 204000,
					      .snd_wnd = 65536,
					      .rcv_wnd = 65536,
					      .snd_wscale = 7,
					      .rcv_wscale = 7,
					      .timestamps = true,
					      .sack = true,
					      .bytes_sent = 78,
					      .bytes_acked = 78,
					      .bytes_received = 615,
					      .segs_out = 4,
					      .segs_in = 3,
					      .congestion = "cubic" };
		k->sent = 78;
		history_prove(&k->history, START + 100 * US, CAUSE_CALL, PROOF_CONNECT, "connect");
		history_prove(&k->history, START + 150 * US, CAUSE_PACKET, PROOF_SYN_ACK, "[S.] in");
	}
	if (i == 1) {
		now->known |= SOCK_HAS_BACKLOG;
		now->backlog = 128;
	}
}

static struct call *add_call(struct fixture *f, size_t i, const char *verb, const char *args, int64_t result, int error,
			     enum state before, enum state after)
{
	struct call *c = journal_add(lab_journal(f->session->lab));

	c->sock = f->socks[i]->id;
	snprintf(c->name, sizeof c->name, "%s", rows[i].name);
	c->fd = 7 + (int)i;
	c->verb = c->function = verb;
	snprintf(c->args, sizeof c->args, "%s", args);
	c->result = result;
	c->error = error;
	c->status = error ? CALL_ERROR : CALL_OK;
	c->start_ns = START + c->number * 1000 * US;
	c->end_ns = c->start_ns + 41 * US;
	c->duration_ns = 41 * US;
	c->before = before;
	c->after = after;
	return c;
}

static void add_calls(struct fixture *f)
{
	static const char hello[] = "GET / HTTP/1.1\r\nHost: \033[31mred\033[m\r\n\r\n";
	struct journal *j = lab_journal(f->session->lab);
	struct call *c;

	for (uint64_t n = 1; n <= SOCKS; n++) {
		c = journal_find(j, n);
		c->start_ns = START + n * US;
		c->duration_ns = 9 * US;
		c->end_ns = c->start_ns + 9 * US;
		c->result = c->fd = 6 + (int)n;
		c->before = c->after = STATE_CLOSED;
		snprintf(c->name, sizeof c->name, "%s", rows[n - 1].name);
	}
	add_call(f, 1, "listen", "128", 0, 0, STATE_CLOSED, STATE_LISTEN);
	add_call(f, 0, "connect", "127.0.0.1:7", 0, 0, STATE_CLOSED, STATE_ESTABLISHED);
	add_call(f, 3, "connect", "127.0.0.1:9", -1, 111, STATE_CLOSED, STATE_CLOSED);
	c = add_call(f, 0, "send", "\"GET / HTTP/1.1\\r\\n…\", 42", 42, 0, STATE_ESTABLISHED, STATE_ESTABLISHED);
	journal_data(j, c, hello, sizeof hello - 1, false);
	c = add_call(f, 4, "send", "\"GET / HTTP/1.1\\r\\n…\", 42", 42, 0, STATE_CONNECTED, STATE_CONNECTED);
	journal_data(j, c, hello, sizeof hello - 1, false);
	c->moved = sizeof hello - 1;
	c = add_call(f, 2, "connect", "192.0.2.1:80", -1, 115, STATE_CLOSED, STATE_SYN_SENT);
	c->status = CALL_RUNNING;
	c->end_ns = 0;
}

/* A handshake and a request between 127.0.0.1:40312 and :7, as seen on the loopback. */
static void add_packets(struct fixture *f)
{
	enum { HEADERS = 14 + 20 + 20, COUNT = 4 };
	static const struct {
		bool out;
		uint8_t flags;
		uint32_t seq, ack;
		const char *data;
	} wire[COUNT] = {
		{ true, 0x02, 1000, 0, "" },
		{ false, 0x12, 5000, 1001, "" },
		{ true, 0x10, 1001, 5001, "" },
		{ true, 0x18, 1001, 5001, "hello\n" },
	};
	struct session *s = f->session;
	struct block *b = block_new(COUNT, COUNT * (HEADERS + 16));
	uint64_t number = s->recorder.next;

	for (size_t i = 0; i < COUNT; i++) {
		uint16_t from = wire[i].out ? 40312 : 7, to = wire[i].out ? 7 : 40312;
		size_t len = strlen(wire[i].data), total = 40 + len;
		uint8_t head[HEADERS] = {
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			0x08,
			0x00,
			0x45,
			0,
			(uint8_t)(total >> 8),
			(uint8_t)total,
			0,
			0,
			0x40,
			0,
			64,
			6,
			0,
			0,
			127,
			0,
			0,
			1,
			127,
			0,
			0,
			1,
			(uint8_t)(from >> 8),
			(uint8_t)from,
			(uint8_t)(to >> 8),
			(uint8_t)to,
			(uint8_t)(wire[i].seq >> 24),
			(uint8_t)(wire[i].seq >> 16),
			(uint8_t)(wire[i].seq >> 8),
			(uint8_t)wire[i].seq,
			(uint8_t)(wire[i].ack >> 24),
			(uint8_t)(wire[i].ack >> 16),
			(uint8_t)(wire[i].ack >> 8),
			(uint8_t)wire[i].ack,
			0x50,
			wire[i].flags,
			0xff,
			0xff,
			0,
			0,
			0,
			0,
		};
		struct packet *p = &b->packets[b->count++];

		memcpy(b->bytes + b->used, head, HEADERS);
		memcpy(b->bytes + b->used + HEADERS, wire[i].data, len);
		*p = (struct packet){ .at_ns = START + (100 + 25 * i) * US,
				      .len = (uint32_t)(HEADERS + len),
				      .cap = (uint32_t)(HEADERS + len),
				      .offset = b->used,
				      .linktype = 1 };
		b->used += p->cap;
		decode_summary(p, block_bytes(b, p));
	}
	recorder_add(&s->recorder, b);
	for (size_t i = 0; i < COUNT; i++) {
		struct packet *p = (struct packet *)recorder_find(&s->recorder, number + i, NULL);

		cr_assert_not_null(p);
		flow_table_add(&s->flows, p, NULL);
	}
	s->trails = mem_array(1, sizeof *s->trails);
	s->trail_count = s->trail_capacity = 1;
	s->trails[0].sock = f->socks[0]->id;
	trail_init(&s->trails[0].trail, START);
	trail_update(&s->trails[0].trail, &f->socks[0]->now, &s->flows, &s->recorder);
	s->taps[TAP_LIVE].past.received = COUNT;
}

void open_fixture(struct fixture *f)
{
	struct session_config config = { .device = "lo", .interactive = true };
	struct err e = { 0 };

	setenv("TZ", "UTC0", 1);
	cr_assert_eq(session_new(&config, &f->session, &e), 0, "%s", e.text);
	for (size_t i = 0; i < SOCKS; i++) {
		struct lab_args args = { .family = rows[i].family, .type = rows[i].type };

		lab_call(f->session->lab, NULL, VERB_SOCKET, &args, UINT64_MAX);
	}
	f->session->row_count = 0;
	for (size_t i = 0; i < SOCKS; i++) {
		struct session *s = f->session;
		struct lab_sock *k = lab_find(s->lab, (uint32_t)i + 1);

		cr_assert_not_null(k);
		f->socks[i] = k;
		f->fds[i] = k->fd;
		replace(k, i);
		MEM_ROOM(s->rows, s->row_count, s->row_capacity);
		s->rows[s->row_count++] = (struct row){
			.key = k->id,
			.name = k->name,
			.sock = &k->now,
			.own = k,
			.view = { .sock = &k->now, .name = k->name },
		};
	}
	f->session->selected = f->socks[0]->id;
	add_calls(f);
	add_packets(f);
	f->session->notice.kind = NOTICE_NONE;
}

void close_fixture(struct fixture *f)
{
	for (size_t i = 0; i < SOCKS; i++)
		f->socks[i]->fd = f->fds[i];
	session_free(f->session);
}

/* The number of this process varies: it is taken out, and the blanks it leaves are put where a
 * gap follows. */
void hide_pid(struct buf *text)
{
	char *at = text->data ? strstr(text->data, ", pid ") : NULL;
	size_t from, digits, gap;

	if (!at)
		return;
	from = (size_t)(at - text->data) + strlen(", pid ");
	digits = strspn(text->data + from, "0123456789");
	buf_cut(text, from, digits);
	at = strpbrk(text->data + from, "\n");
	gap = strstr(text->data + from, "  ") && strstr(text->data + from, "  ") < at
		      ? (size_t)(strstr(text->data + from, "  ") - text->data)
		      : 0;
	for (size_t i = 0; gap && i < digits; i++)
		buf_insert(text, gap, " ", 1);
}

static const struct {
	const char *name;
	int cols, rows;
	const char *keys[12];
	bool ascii;
} frames[] = {
	{ "60x16", 60, 16, { 0 }, false },
	{ "80x24", 80, 24, { 0 }, false },
	{ "120x36", 120, 36, { 0 }, false },
	{ "200x60", 200, 60, { 0 }, false },
	{ "120x36-ascii", 120, 36, { 0 }, true },
	{ "120x36-states", 120, 36, { "v" }, false },
	{ "120x36-listener", 120, 36, { "Down" }, false },
	{ "60x16-inspector", 60, 16, { "S-Tab" }, false },
	{ "80x24-unix", 80, 24, { "G" }, false },
	{ "110x30-prompt", 110, 30, { "n" }, false },
	{ "120x36-packet", 120, 36, { "Tab", "Enter", "Down", "Down" }, false },
	{ "200x60-packet", 200, 60, { "Tab", "z", "Enter", "G" }, false },
	{ "80x24-ladder", 80, 24, { "t", "z" }, false },
	{ "120x36-ladder", 120, 36, { "t" }, false },
	{ "120x36-ladder-packet", 120, 36, { "t", "Up", "Up", "Enter" }, false },
	{ "200x60-ladder", 200, 60, { "t", "z" }, false },
	{ "120x36-ladder-ascii", 120, 36, { "t", "z" }, true },
	{ "80x24-stream", 80, 24, { "f", "z" }, false },
	{ "120x36-stream-hex", 120, 36, { "f", "h" }, false },
	{ "120x36-stream-c-ascii", 120, 36, { "f", "h", "h", "z" }, true },
	{ "80x24-beside", 80, 24, { "v", "v", "v", "z" }, false },
	{ "120x36-beside", 120, 36, { "v", "v", "v" }, false },
	{ "200x60-beside", 200, 60, { "v", "v", "v" }, false },
	{ "80x24-graph", 80, 24, { "V" }, false },
	{ "120x36-graph-cursor", 120, 36, { "V", "j", "j", "j", "Left", "PgUp", "PgUp" }, false },
	{ "120x36-graph-ascii", 120, 36, { "V", "k" }, true },
	{ "200x60-graph", 200, 60, { "v", "v", "v", "v" }, false },
	{ "100x30-call", 100, 30, { "Tab", "Tab", "Up", "Enter" }, false },
};

Test(frame, golden)
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

/* The same packets by a raw socket, without their link headers, a moment later. */
static void add_beside(struct session *s)
{
	enum { LINK = 14, SOURCE = TAP_RAW + RAW_TCP };
	uint64_t first = recorder_oldest(&s->recorder), end = s->recorder.next;
	struct block *b = block_new((uint32_t)(end - first), 4096);

	for (uint64_t n = first; n < end; n++) {
		const uint8_t *bytes;
		const struct packet *of = recorder_find(&s->recorder, n, &bytes);
		struct packet *p = &b->packets[b->count++];

		*p = (struct packet){ .at_ns = of->at_ns + US,
				      .len = of->len - LINK,
				      .cap = of->cap - LINK,
				      .offset = b->used,
				      .linktype = 101,
				      .direction = DIRECTION_IN,
				      .source = SOURCE,
				      .beside = true };
		memcpy(b->bytes + b->used, bytes + LINK, p->cap);
		decode_summary(p, b->bytes + b->used);
		b->used += p->cap;
		s->taps[SOURCE].past.received++;
		s->taps[SOURCE].past.bytes += p->len;
	}
	recorder_add(&s->recorder, b);
	for (uint64_t n = end; n < s->recorder.next; n++) {
		struct packet *p = (struct packet *)recorder_find(&s->recorder, n, NULL);

		flow_table_add(&s->beside, p, NULL);
		p->flow = FLOW_NONE;
	}
	trail_init(&s->trails[0].beside, START);
	trail_update(&s->trails[0].beside, &lab_find(s->lab, s->trails[0].sock)->now, &s->beside, &s->recorder);
}

Test(frame, sources_beside_each_other)
{
	static const struct {
		const char *name;
		int cols, rows;
		const char *keys[8];
	} looks[] = {
		{ "120x36-sources", 120, 36, { 0 } },
		{ "120x36-source-packet", 120, 36, { "Tab", "z", "Enter" } },
		{ "80x24-sources", 80, 24, { "Tab" } },
	};

	for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
		struct fixture f;
		struct buf text = { 0 };

		open_fixture(&f);
		add_beside(f.session);
		ui_frame_text(f.session, looks[i].cols, looks[i].rows, looks[i].keys, &text);
		hide_pid(&text);
		expect_golden(looks[i].name, &text);
		buf_done(&text);
		close_fixture(&f);
	}
}

Test(frame, every_size)
{
	static const char *const keys[] = { "Tab", "Enter", NULL };
	struct fixture f;

	open_fixture(&f);
	for (int cols = 1; cols <= 300; cols += cols < 130 ? 1 : 17)
		for (int height = 1; height <= 100; height += height < 40 ? 1 : 11) {
			struct buf text = { 0 };

			ui_frame_text(f.session, cols, height, cols % 3 ? keys + cols % 2 : NULL, &text);
			cr_assert_geq(text.len, (size_t)height);
			buf_done(&text);
		}
	close_fixture(&f);
}

/* Keys in any order and any pane must not break anything. */
Test(frame, any_keys)
{
	static const char *const names[] = { "Tab", "Enter", "Down", "Up", "z",    "v",    "o",    "O",     "p",
					     "G",   "g",     "Esc",  "?",  "PgDn", "PgUp", "Left", "Right", "S-Tab",
					     "End", "Home",  "C",    "K",  "E",    "]",    "[",    "m",     "M",
					     ">",   "<",     "N",    "P",  "\\",   "t" };
	struct fixture f;
	uint32_t random = 1;

	open_fixture(&f);
	for (int round = 0; round < 200; round++) {
		const char *keys[25] = { 0 };
		struct buf text = { 0 };

		for (int i = 0; i < 24; i++) {
			random = random * 1664525 + 1013904223;
			keys[i] = names[(random >> 16) % (sizeof names / sizeof *names)];
		}
		ui_frame_text(f.session, 60 + round, 16 + round % 50, keys, &text);
		buf_done(&text);
	}
	close_fixture(&f);
}

Test(frame, a_selection_follows_its_socket)
{
	struct fixture f;
	struct session *s;
	struct desk *d = calloc(1, sizeof *d);
	uint64_t key;

	open_fixture(&f);
	s = f.session;
	desk_init(d, s);
	desk_settle(d, 120, 36);
	desk_act(d, UI_DOWN, NULL);
	key = s->selected;
	cr_expect_eq(key, f.socks[1]->id);
	for (int i = 0; i < 5; i++) {
		desk_act(d, UI_SORT, NULL);
		desk_settle(d, 120, 36);
		cr_expect_eq(s->selected, key, "sorting moves no selection");
	}
	s->selected = 0; /* gone: the next movement selects, and nothing jumps before */
	desk_settle(d, 120, 36);
	cr_expect_eq(s->selected, 0);
	desk_act(d, UI_DOWN, NULL);
	cr_expect_neq(s->selected, 0);
	desk_done(d);
	free(d);
	close_fixture(&f);
}

Test(frame, a_click_selects_and_sorts)
{
	struct fixture f;
	struct desk *d = calloc(1, sizeof *d);
	struct key click = { .kind = EVENT_CLICK, .x = 10, .y = 5 };

	open_fixture(&f);
	desk_init(d, f.session);
	desk_settle(d, 120, 36);
	desk_event(d, &click);
	cr_expect_eq(f.session->selected, f.socks[2]->id);
	click.y = 30;
	desk_event(d, &click);
	cr_expect_eq(d->focus, PANE_CALLS);
	click.x = 119, click.y = 35;
	desk_event(d, &click);
	cr_expect_eq(d->focus, PANE_CALLS, "outside of all panes nothing happens");
	desk_done(d);
	free(d);
	close_fixture(&f);
}

Test(frame, help_lists_every_command)
{
	struct fixture f;
	struct buf text = { 0 };

	open_fixture(&f);
	for (int page = 0; page < 12; page++) {
		const char *keys[14] = { "?" };

		for (int i = 0; i < page; i++)
			keys[i + 1] = "PgDn";
		ui_frame_text(f.session, 120, 36, keys, &text);
	}
	for (const struct command *c = commands; c->name; c++)
		cr_expect(!c->group || strstr(buf_text(&text), c->name), "%s", c->name);
	for (int i = 0; i < PANE_COUNT; i++)
		cr_expect(memmem(text.data, text.len, panes[i]->help, 30), "%s", panes[i]->name);
	buf_done(&text);
	close_fixture(&f);
}

Test(frame, escape_and_a_quick_key)
{
	static const char *const keys[] = { "n", "M-:", NULL }; /* Esc, then : before a moment has passed */
	struct fixture f;
	struct buf text = { 0 };
	const char *last;

	open_fixture(&f);
	ui_frame_text(f.session, 80, 24, keys, &text);
	buf_cut(&text, text.len - 1, 1);
	last = strrchr(buf_text(&text), '\n');
	cr_expect_str_eq(last + 1, ":", "the first prompt was left, an empty one opened");
	buf_done(&text);
	close_fixture(&f);
}

Test(frame, nothing_foreign_gets_through)
{
	struct fixture f;
	struct buf text = { 0 };
	static const char *const keys[] = { "G", "Tab", "Enter", NULL };

	open_fixture(&f);
	snprintf(f.socks[4]->name, sizeof f.socks[4]->name,
		 "\033]0;x\a\xc2\x9b"
		 "2J\n");
	memcpy(f.socks[4]->now.remote.path, "\0\033[31m\r\n", 8);
	ui_frame_text(f.session, 120, 36, keys, &text);
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];

		cr_assert(c == '\n' || c >= ' ', "byte %02x at %zu", c, i);
		cr_assert(c != 0x7f);
	}
	cr_expect_null(strstr(buf_text(&text), "\xc2\x9b"));
	buf_done(&text);
	close_fixture(&f);
}
