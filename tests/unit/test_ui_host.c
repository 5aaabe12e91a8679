/* The scopes host, process and closed: frames of hand-made rows, their order, the questions
 * asked. */
#include "test_ui_help.h"

#include "core/rate.h"
#include "ui/desk.h"
#include "ui/row_order.h"
#include "ui/ui.h"

#include "util/clock.h"
#include "util/mem.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

enum { FOREIGN = 9 };

#define KEY(i) (UINT64_C(1) << 63 | ((i) + 1) * UINT64_C(0x9e3779b97f4a7c1))
#define TCP AF_INET, SOCK_STREAM, IPPROTO_TCP
#define UDP6 AF_INET6, SOCK_DGRAM, IPPROTO_UDP
#define UNIX AF_UNIX, SOCK_STREAM, 0

/* In no order at all, as records of a snapshot are. */
static const struct {
	const char *process;
	uint32_t pid;
	int fd;
	int family, type, protocol;
	enum state state;
	const char *local, *remote;
	enum owner_reason reason;
	uint32_t recv_q, send_q;
	uint64_t sent;
	bool fresh;
} made[FOREIGN] = {
	{ "postgres", 1204, 6, UNIX, STATE_LISTEN, "unix:/run/postgresql/.s.PGSQL.5432", NULL, 0, 0, 0, 0, 0 },
	{ "nginx", 812, 7, TCP, STATE_ESTABLISHED, "10.0.0.5:80", "192.0.2.77:52044", 0, 0, 1448, 91234, 0 },
	{ NULL, 0, 0, TCP, STATE_TIME_WAIT, "10.0.0.5:80", "192.0.2.9:40110", OWNER_TIME_WAIT, 0, 0, 0, 0 },
	{ "nginx", 812, 5, TCP, STATE_LISTEN, "0.0.0.0:80", NULL, 0, 100, 128, 0, 0 },
	{ "python3", 3001, 3, TCP, STATE_LISTEN, "127.0.0.1:8000", NULL, 0, 5, 5, 0, 0 },
	{ "avahi-daemon", 540, 12, UDP6, STATE_UNCONNECTED, "[::]:5353", NULL, 0, 0, 0, 0, 0 },
	{ NULL, 0, 0, TCP, STATE_LISTEN, "127.0.0.53:53", NULL, OWNER_NO_PERMISSION, 0, 4096, 0, 0 },
	{ "curl", 4410, 5, TCP, STATE_SYN_SENT, "10.0.0.5:45678", "203.0.113.9:443", 0, 0, 1, 0, 1 },
	{ "evil\033[2J\n", 6666, 3, TCP, STATE_CLOSE_WAIT, "10.0.0.5:45679", "203.0.113.9:443", 0, 17, 0, 2097152, 0 },
};

struct fixture {
	struct session *session;
	struct record records[FOREIGN];
	struct sock socks[FOREIGN];
	struct owner owners[FOREIGN];
	struct sock_rate rates[FOREIGN];
};

static struct endpoint end_of(const char *text)
{
	struct endpoint e = { 0 };
	struct err why;

	cr_assert(!text || endpoint_parse(text, &e, NULL, &why) == ENDPOINT_OK, "%s", text);
	return e;
}

static void fill(struct fixture *f, size_t i)
{
	struct record *r = &f->records[i];
	struct sock *k = &f->socks[i];

	*r = (struct record){
		.key = KEY(i), .netns = 4026531840u, .peer = RECORD_NONE, .reason = (uint8_t)made[i].reason
	};
	*k = (struct sock){ .family = made[i].family,
			    .type = made[i].type,
			    .protocol = made[i].protocol,
			    .state = made[i].state,
			    .known = SOCK_HAS_QUEUES | SOCK_HAS_COOKIE | SOCK_HAS_INODE | SOCK_HAS_UID,
			    .cookie = 0x1000 + i,
			    .inode = 31000 + i,
			    .recv_q = made[i].recv_q,
			    .send_q = made[i].send_q };
	k->local = end_of(made[i].local);
	k->remote = end_of(made[i].remote);
	if (k->state == STATE_LISTEN) {
		k->known |= SOCK_HAS_BACKLOG;
		k->backlog = made[i].send_q;
	}
	if (made[i].sent) {
		k->known |= SOCK_HAS_TCP | SOCK_HAS_TIMER | SOCK_HAS_MEMORY;
		k->timer = TIMER_RETRANSMIT;
		k->timer_ms = 204;
		k->rcvbuf = k->sndbuf = 131072;
		k->tcp = (struct sock_tcp){ .rtt_us = 23456,
					    .rttvar_us = 11000,
					    .cwnd = 10,
					    .ssthresh = 7,
					    .snd_mss = 1448,
					    .rto_us = 230000,
					    .bytes_sent = made[i].sent,
					    .busy_time_us = 4000,
					    .total_retrans = 2,
					    .congestion = "cubic" };
	}
	if (made[i].sent) /* of the two that have counters */
		f->rates[i] = (struct sock_rate){ true, made[i].sent / 10, made[i].sent / 1000, made[i].recv_q * 100 };
	f->owners[i] = (struct owner){ .pid = made[i].pid, .fd = made[i].fd };
	if (made[i].process)
		strncpy(f->owners[i].process, made[i].process, sizeof f->owners[i].process - 1);
}

static void open_fixture(struct fixture *f, enum scope scope)
{
	struct session_config config = { .device = "lo", .interactive = true };
	struct err e = { 0 };
	struct session *s;

	setenv("TZ", "UTC0", 1);
	cr_assert_eq(session_new(&config, &f->session, &e), 0, "%s", e.text);
	s = f->session;
	s->scope = scope;
	for (size_t i = 0; i < FOREIGN; i++) {
		struct record *r = &f->records[i];

		fill(f, i);
		MEM_ROOM(s->rows, s->row_count, s->row_capacity);
		s->rows[s->row_count++] = (struct row){
			.key = r->key,
			.name = made[i].process ? f->owners[i].process : "",
			.sock = &f->socks[i],
			.view = { .sock = &f->socks[i],
				  .record = scope == SCOPE_CLOSED ? NULL : r,
				  .owners = &f->owners[i],
				  .owner_count = made[i].process != NULL,
				  .rate = &f->rates[i] },
			.fresh = made[i].fresh,
			.closed_ns = scope == SCOPE_CLOSED ? clock_real_ns() - i * 40 * UINT64_C(1000000000) - 500000000
							   : 0,
		};
	}
}

static void close_fixture(struct fixture *f)
{
	session_free(f->session);
}

static const struct {
	const char *name;
	int cols, rows;
	enum scope scope;
	const char *keys[8];
	const char *filter;
} frames[] = {
	{ "80x24-host", 80, 24, SCOPE_HOST, { 0 }, NULL },
	{ "120x36-host", 120, 36, SCOPE_HOST, { "Down", "Down", "Down", "Down", "Down" }, NULL },
	{ "200x60-host", 200, 60, SCOPE_HOST, { "Down", "Down", "Down" }, NULL },
	{ "120x36-host-states", 120, 36, SCOPE_HOST, { "v", "G" }, NULL },
	{ "120x36-host-filter", 120, 36, SCOPE_HOST, { 0 }, "proc:nginx" },
	{ "120x36-host-options", 120, 36, SCOPE_HOST, { "v", "v" }, NULL },
	{ "120x36-host-destroy", 120, 36, SCOPE_HOST, { "Down", "K" }, NULL },
	{ "120x36-host-columns", 120, 36, SCOPE_HOST, { "C", "Down", "Space", "G" }, NULL },
	{ "120x36-host-chosen", 120, 36, SCOPE_HOST, { "C", "Down", "Space", "End", "Space", "Esc" }, NULL },
	{ "120x36-closed", 120, 36, SCOPE_CLOSED, { "Down" }, NULL },
	{ "80x24-settings", 80, 24, SCOPE_HOST, { "F2", "Down", "Right" }, NULL },
	{ "80x24-processes", 80, 24, SCOPE_HOST, { "u" }, NULL },
	{ "120x36-processes", 120, 36, SCOPE_HOST, { "u", "Down", "Down" }, NULL },
	{ "200x60-remotes", 200, 60, SCOPE_HOST, { "u", "u", "o", "o", "O" }, NULL },
};

/* When it was closed depends on when the test runs. */
static void hide_time(struct buf *text)
{
	char *at = strstr(text->data, " at ");

	for (size_t i = 4; at && strchr("0123456789:", at[i]); i++)
		at[i] = 'x';
}

Test(host, golden)
{
	for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
		struct fixture f = { 0 };
		struct buf text = { 0 };

		open_fixture(&f, frames[i].scope);
		if (frames[i].filter)
			f.session->filter_text = mem_string(frames[i].filter);
		ui_frame_text(f.session, frames[i].cols, frames[i].rows, frames[i].keys, &text);
		for (size_t c = 0; c < text.len; c++)
			cr_assert(text.data[c] == '\n' || (unsigned char)text.data[c] >= ' ');
		hide_time(&text);
		expect_golden(frames[i].name, &text);
		buf_done(&text);
		close_fixture(&f);
	}
}

Test(host, nothing_there_says_why)
{
	static const struct {
		enum scope scope;
		const char *filter, *words;
	} cases[] = {
		{ SCOPE_HOST, NULL, "no sockets on this host" },
		{ SCOPE_HOST, "port:1", "matches the filter: port:1" },
		{ SCOPE_PROCESS, NULL, "This process has no sockets" },
		{ SCOPE_CLOSED, NULL, "Nothing was closed yet" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fixture f = { 0 };
		struct buf text = { 0 };

		open_fixture(&f, cases[i].scope);
		f.session->row_count = 0;
		if (cases[i].filter)
			f.session->filter_text = mem_string(cases[i].filter);
		ui_frame_text(f.session, 80, 24, NULL, &text);
		cr_expect(strstr(buf_text(&text), cases[i].words), "%s:\n%s", cases[i].words, buf_text(&text));
		buf_done(&text);
		close_fixture(&f);
	}
}

static const struct sock_column *column(const struct sock_column *all, size_t count, const char *name)
{
	size_t i = 0;

	while (i < count && strcmp(all[i].name, name))
		i++;
	cr_assert_lt(i, count, "no column %s", name);
	return &all[i];
}

Test(order, by_any_column_and_back)
{
	static const struct {
		const char *column;
		bool reverse;
		int first, last; /* in `made` */
	} cases[] = {
		{ NULL, false, 3, 0 },        { "pid", false, 5, -1 },    { "pid", true, -1, 5 },
		{ "name", false, 5, -1 },     { "recv-q", false, -1, 3 }, { "bytes-out", false, 1, -1 },
		{ "bytes-out", true, 8, -1 }, { "inode", false, 0, 8 },   { "inode", true, 8, 0 },
		{ "state", false, -1, 5 },
	};
	static struct sock_column all[SOCK_COLUMNS_MOST];
	size_t count = sock_columns(all);
	struct row_order order = { 0 };
	struct fixture f = { 0 };

	open_fixture(&f, SCOPE_HOST);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct sock_column *by = cases[i].column ? column(all, count, cases[i].column) : NULL;

		row_order_settle(&order, f.session, by, cases[i].reverse);
		cr_assert_eq(order.count, FOREIGN);
		if (cases[i].first >= 0)
			cr_expect_eq(order.rows[0], cases[i].first, "%zu: first is %zu", i, order.rows[0]);
		if (cases[i].last >= 0)
			cr_expect_eq(order.rows[FOREIGN - 1], cases[i].last, "%zu: last is %zu", i,
				     order.rows[FOREIGN - 1]);
	}
	for (size_t i = 0; i < count; i++) { /* every column has an order */
		bool seen[FOREIGN] = { 0 };

		row_order_settle(&order, f.session, &all[i], i % 2);
		for (size_t k = 0; k < order.count; k++)
			seen[order.rows[k]] = true;
		for (size_t k = 0; k < FOREIGN; k++)
			cr_expect(seen[k], "%s", all[i].name);
	}
	row_order_done(&order);
	close_fixture(&f);
}

Test(order, made_only_when_rows_changed)
{
	struct row_order order = { 0 };
	struct fixture f = { 0 };
	size_t at;

	open_fixture(&f, SCOPE_HOST);
	row_order_settle(&order, f.session, NULL, false);
	order.rows[0] = order.rows[1]; /* would be put right */
	session_touch(f.session);
	row_order_settle(&order, f.session, NULL, false);
	cr_expect_eq(order.rows[0], order.rows[1], "packets that come change no order");
	cr_expect(row_order_find(&order, f.session, KEY(5), &at));
	cr_expect_eq(order.rows[at], 5);
	f.session->rows[2] = f.session->rows[8];
	f.session->row_count = FOREIGN - 1;
	row_order_settle(&order, f.session, NULL, false);
	cr_expect_eq(order.count, FOREIGN - 1);
	cr_expect(!row_order_find(&order, f.session, KEY(2), &at), "it is gone");
	cr_expect(row_order_find(&order, f.session, KEY(8), &at));
	row_order_done(&order);
	close_fixture(&f);
}

/* 20,000 rows: what a frame costs must not depend on them. */
Test(order, many_rows)
{
	enum { MANY = 20000 };
	static struct record records[MANY];
	static struct sock socks[MANY];
	struct fixture f = { 0 };
	struct desk *d = mem_alloc(sizeof *d);
	struct grid g = { 0 };
	struct session *s;
	uint64_t began, took;

	open_fixture(&f, SCOPE_HOST);
	s = f.session;
	s->row_count = 0;
	for (size_t i = 0; i < MANY; i++) {
		records[i] = f.records[i % FOREIGN];
		socks[i] = f.socks[i % FOREIGN];
		socks[i].local.port = (uint16_t)(i * 7919);
		socks[i].local.has_port = true;
		MEM_ROOM(s->rows, s->row_count, s->row_capacity);
		s->rows[s->row_count++] = (struct row){
			.key = KEY(i),
			.name = "x",
			.sock = &socks[i],
			.view = { .sock = &socks[i], .record = &records[i] },
		};
	}
	s->selected = KEY(MANY / 2);
	desk_init(d, s);
	desk_settle(d, 200, 60);
	began = clock_mono_ns();
	for (int i = 0; i < 20; i++) {
		desk_act(d, i % 2 ? UI_DOWN : UI_PAGE_DOWN, NULL);
		session_touch(s);
		desk_settle(d, 200, 60);
		desk_draw(d, &g);
	}
	took = (clock_mono_ns() - began) / 20;
	cr_expect_lt(took, UINT64_C(150000000), "a key took %llu us, with sanitizers", (unsigned long long)took / 1000);
	if (getenv("V"))
		fprintf(stderr, "a key at %d rows: %llu us\n", MANY, (unsigned long long)took / 1000);
	desk_done(d);
	grid_done(&g);
	free(d);
	close_fixture(&f);
}

/* More rows than are unpacked at a time: numbers decide, and the order is that of the columns all the same. */
Test(order, of_very_many_rows)
{
	enum { MANY = 33000, FAMILIES = 4 };
	static const int families[FAMILIES] = { AF_INET, AF_INET6, AF_UNIX, AF_UNSPEC };
	static const char *const names[] = { "local", "remote", "state", "timer", "pid" };
	static struct sock_column all[SOCK_COLUMNS_MOST];
	static struct owner owners[MANY];
	struct sock *socks = mem_array(MANY, sizeof *socks);
	size_t count = sock_columns(all);
	struct row_order order = { 0 };
	struct fixture f = { 0 };
	struct session *s;

	open_fixture(&f, SCOPE_HOST);
	s = f.session;
	s->row_count = 0;
	for (uint32_t i = 0; i < MANY; i++) {
		uint32_t h = i * 2654435761u;
		struct sock *k = &socks[i];

		k->family = families[h >> 30];
		k->type = SOCK_STREAM;
		k->state = (enum state)(h >> 8 & 3);
		k->timer = h >> 10 & 1 ? TIMER_KEEPALIVE : TIMER_NONE;
		k->timer_ms = h >> 12 & 1023;
		k->local.family = k->remote.family = (uint8_t)k->family;
		if (k->family == AF_UNIX) {
			k->local.path_len = h >> 16 & 1;
			k->local.path[0] = (char)('a' + h % 26);
		} else {
			k->local.has_port = k->remote.has_port = true;
			k->local.port = (uint16_t)(h >> 4);
			k->remote.port = h >> 20 & 3 ? (uint16_t)(h >> 7) : 0;
			memcpy(k->local.ip, &h, sizeof h);
			k->local.ip[15] = (uint8_t)(h >> 3);
		}
		owners[i].pid = h >> 5 & 255;
		MEM_ROOM(s->rows, s->row_count, s->row_capacity);
		s->rows[s->row_count++] = (struct row){
			.key = KEY(i),
			.name = "x",
			.sock = k,
			.view = { .sock = k, .owners = &owners[i], .owner_count = i % 3 != 0 },
		};
	}
	for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
		const struct sock_column *by = column(all, count, names[n]);
		size_t wrong = 0;

		row_order_settle(&order, s, by, false);
		for (size_t i = 1; i < order.count; i++)
			wrong += by->core->compare(&s->rows[order.rows[i - 1]].view, &s->rows[order.rows[i]].view) > 0;
		cr_expect_eq(wrong, 0, "%s: %zu are out of order", names[n], wrong);
	}
	row_order_done(&order);
	close_fixture(&f);
	free(socks);
}

Test(host, a_selection_stays_on_its_socket)
{
	struct fixture f = { 0 };
	struct desk *d = mem_alloc(sizeof *d);
	struct session *s;

	open_fixture(&f, SCOPE_HOST);
	s = f.session;
	desk_init(d, s);
	desk_settle(d, 120, 36);
	cr_expect_eq(s->selected, KEY(3), "the first one shown");
	desk_act(d, UI_DOWN, NULL);
	cr_expect_eq(s->selected, KEY(4));
	s->rows[3] = s->rows[8];
	s->row_count--;
	desk_settle(d, 120, 36);
	cr_expect_eq(s->selected, KEY(4), "others go, it stays");
	s->rows[4] = s->rows[7];
	s->row_count--;
	desk_settle(d, 120, 36);
	cr_expect_eq(s->selected, KEY(4), "it goes: nothing else is selected by itself");
	cr_expect_null(session_selected(s));
	desk_act(d, UI_DOWN, NULL);
	cr_expect_neq(s->selected, KEY(4));
	cr_expect_not_null(session_selected(s));
	desk_done(d);
	free(d);
	close_fixture(&f);
}

static void press(struct desk *d, const char *name)
{
	struct key k = key_named(name);

	desk_event(d, &k);
	desk_settle(d, 120, 36);
}

Test(host, destroy_asks_and_means_that_socket)
{
	struct fixture f = { 0 };
	struct desk *d = mem_alloc(sizeof *d);
	struct session *s;

	open_fixture(&f, SCOPE_HOST);
	s = f.session;
	desk_init(d, s);
	s->selected = KEY(1);
	desk_settle(d, 120, 36);
	press(d, "K");
	cr_expect_not_null(d->asked);
	cr_expect_str_eq(d->question, "destroy tcp 10.0.0.5:80 → 192.0.2.77:52044 of nginx (pid 812)");
	press(d, "Enter");
	cr_expect_null(d->asked, "anything but y is a no");
	cr_expect_eq(s->notice.kind, NOTICE_NONE);
	press(d, "K");
	s->selected = KEY(0);
	press(d, "y");
	cr_expect(strstr(s->notice.text, "nothing was done"), "%s", s->notice.text);
	s->selected = 0;
	press(d, "K");
	cr_expect_null(d->asked, "without a socket there is nothing to ask");
	cr_expect_neq(s->notice.kind, NOTICE_NONE);
	desk_done(d);
	free(d);
	close_fixture(&f);
}

Test(host, escape_takes_the_filter_away)
{
	struct fixture f = { 0 };
	struct desk *d = mem_alloc(sizeof *d);
	struct err e;

	open_fixture(&f, SCOPE_HOST);
	cr_assert_eq(session_set_filter(f.session, "port:80", &e, NULL), 0, "%s", e.text);
	desk_init(d, f.session);
	desk_settle(d, 120, 36);
	press(d, "Tab");
	press(d, "Esc");
	cr_expect_not_null(f.session->filter_text, "first back to the sockets");
	press(d, "Esc");
	cr_expect_null(f.session->filter_text);
	desk_done(d);
	free(d);
	close_fixture(&f);
}

/* The options of a socket of our own, read and ready to be set. */
Test(options, listed_with_values_and_filled_in)
{
	struct session_config config = { .device = "lo", .interactive = true };
	struct session *s;
	struct err e = { 0 };
	struct desk *d = mem_alloc(sizeof *d);
	struct grid g = { 0 };
	struct buf text = { 0 };

	cr_assert_eq(session_new(&config, &s, &e), 0, "%s", e.text);
	cr_assert_eq(session_enter(s, "socket inet stream", &e, NULL), 0, "%s", e.text);
	session_tick(s);
	desk_init(d, s);
	desk_settle(d, 120, 36);
	press(d, "v");
	press(d, "v");
	desk_draw(d, &g);
	grid_text(&g, &text);
	cr_expect(strstr(buf_text(&text), "SO_REUSEADDR"), "%s", buf_text(&text));
	cr_expect(strstr(buf_text(&text), "options"), "%s", buf_text(&text));
	press(d, "Enter");
	cr_expect(d->prompt.open);
	cr_expect_str_eq(buf_text(&d->prompt.line), "setsockopt SO_REUSEADDR 1");
	press(d, "Enter");
	session_tick(s);
	desk_settle(d, 120, 36);
	buf_clear(&text);
	desk_draw(d, &g);
	grid_text(&g, &text);
	cr_expect(strstr(buf_text(&text), "SO_REUSEADDR            1"), "the new value is read:\n%s", buf_text(&text));
	press(d, "Esc");
	press(d, "v"); /* to the summary */
	press(d, "S");
	cr_expect(d->prompt.open);
	desk_settle(d, 80, 24);
	cr_expect_gt(d->layout.pane[PANE_INSPECTOR].w, 0, "the options are seen with the prompt");
	buf_done(&text);
	grid_done(&g);
	desk_done(d);
	free(d);
	session_free(s);
}
