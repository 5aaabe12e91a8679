/* The rows of the Sockets pane: our own sockets, those of the whole host or of one process, the closed ones; filtered.
 * */
#include "inside.h"
#include "rows_inside.h"

#include "analysis/flow_state.h"
#include "session/guard.h"
#include "session/host.h"
#include "session/names.h"
#include "session/opened.h"
#include "session/replay.h"
#include "util/clock.h"
#include "util/mem.h"
#include "util/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GONE_ROWS_NS 20000000000u /* a socket that the kernel dropped stays in the scope mine for so long */

const char *const scope_names[SCOPES] = {
	[SCOPE_MINE] = "mine",     [SCOPE_HOST] = "host", [SCOPE_PROCESS] = "process",
	[SCOPE_CLOSED] = "closed", [SCOPE_FILE] = "file",
};

static void unpack(const struct session *s, const struct row *row, struct sock *out)
{
	if (row->kind == ROW_SOCKET)
		record_sock(host_snapshot(s->host), row->view.record, out);
	else
		opened_sock(s, row, out);
}

/* A row of its own, in s->rows. */
void rows_add(struct session *s, const struct row *row)
{
	struct sock_view v = row->view;
	struct sock room;

	if (row->self.pid) /* rows move until all are there: see session_rebuild_rows */
		v.owners = &row->self;
	if (s->filter && !v.sock) {
		unpack(s, row, &room);
		v.sock = &room;
		if (opened_flow(s, row)) {
			v.app = flow_app_name(opened_flow(s, row));
			v.end = flow_end_words(opened_flow(s, row));
		}
	}
	if (s->filter && row->kind != ROW_ALL && !filter_match(s->filter, &v))
		return;
	MEM_ROOM(s->rows, s->whole_count, s->row_capacity);
	s->rows[s->whole_count++] = *row;
}

/* --- our own --- */

/* Who has our own sockets is known without asking anybody. */
void session_own_row(const struct session *s, struct row *row)
{
	if (row->view.owner_count || row->own->fd < 0)
		return;
	row->self = (struct owner){ .pid = session_pid(s), .fd = row->own->fd, .uid = geteuid(), .process = "sockeye" };
	row->view.owners = &row->self;
	row->view.owner_count = 1;
}

static struct row own_row(const struct session *s, const struct lab_sock *sock)
{
	struct row row = {
		.key = sock->id,
		.name = sock->name,
		.sock = &sock->now,
		.own = sock,
		.view = { .sock = &sock->now, .name = sock->name },
		.closed_ns = sock->closed_ns,
	};

	row.view.names = names_table(s->names);
	row.view.rate = session_own_rate(s, sock->id);
	session_own_row(s, &row);
	return row;
}

static bool in_scope(const struct session *s, const struct lab_sock *sock, uint64_t now_ns)
{
	if (s->scope == SCOPE_CLOSED)
		return sock->closed && !sock->peer;
	if (s->opened && s->opened->replay) /* its time stands still: nothing is too old */
		return !sock->peer || s->settings.show_peers;
	if (sock->peer)
		return s->settings.show_peers && !sock->closed;
	return !sock->gone || s->selected == sock->id || now_ns < sock->closed_ns + GONE_ROWS_NS;
}

static void add_own(struct session *s)
{
	uint64_t now = clock_real_ns();
	struct lab_sock *sock;

	for (size_t i = 0; (sock = lab_next(s->lab, &i));)
		if (in_scope(s, sock, now)) {
			struct row row = own_row(s, sock);

			rows_add(s, &row);
		}
}

static size_t find(const struct session *s, uint64_t key)
{
	size_t i = 0;

	if (s->refs)
		return rows_find_host(s, key);
	while (i < s->row_count && s->rows[i].key != key)
		i++;
	return i;
}

void rows_add_closed(struct session *s, const struct host_closed *c, uint64_t now_ns)
{
	struct row row = {
		.key = c->key | FOREIGN,
		.name = c->owner.pid ? c->owner.process : "",
		.sock = &c->sock,
		.view = { .sock = &c->sock,
			  .owners = &c->owner,
			  .owner_count = c->owner.pid != 0,
			  .names = names_table(s->names) },
		.closed_ns = c->closed_ns,
		.fresh = now_ns < c->closed_ns + HOST_MARK_NS,
	};

	if (!rows_plumbing(s, &row.view))
		rows_add(s, &row);
}

static void add_host_closed(struct session *s)
{
	uint64_t now = clock_real_ns();

	for (size_t i = 0; s->host && i < host_closed_count(s->host); i++)
		rows_add_closed(s, host_closed_at(s->host, i), now);
}

/* The selected row is asked for many times a frame. */
static void find_selected(struct session *s)
{
	if (s->scope == SCOPE_FILE && s->selected != ROW_KEY_ALL && find(s, s->selected) == s->row_count)
		s->selected = ROW_KEY_ALL; /* it was filtered away: everything is in view */
	s->found = s->selected;
	s->found_at = s->selected ? find(s, s->selected) : s->row_count;
}

void session_rebuild_rows(struct session *s)
{
	bool live = s->scope == SCOPE_MINE || s->scope == SCOPE_CLOSED;

	if (!s->rows_stale && !live)
		return;
	s->rows_stale = false;
	s->whole_count = s->row_count = s->departed = 0;
	s->refs = NULL;
	if (live)
		add_own(s);
	else if (s->scope == SCOPE_FILE)
		opened_add_rows(s, rows_add);
	if (s->scope == SCOPE_CLOSED)
		add_host_closed(s);
	s->row_count = s->whole_count;
	if (s->scope == SCOPE_HOST || s->scope == SCOPE_PROCESS)
		rows_make_host(s);
	for (size_t i = 0; i < s->whole_count; i++) /* they lie still now */
		if (s->rows[i].self.pid)
			s->rows[i].view.owners = &s->rows[i].self;
	s->rows_made++;
	find_selected(s);
	if (s->opened) {
		s->opened->rows_ns = clock_mono_ns();
		s->opened->rows_packets = s->recorder.next;
	}
}

/* --- showing --- */

const struct row *session_row_packed(const struct session *s, size_t index, struct row *room)
{
	return s->refs ? rows_of_ref(s, s->refs[index], room) : &s->rows[index];
}

uint64_t session_key_at(const struct session *s, size_t index)
{
	uint32_t ref = s->refs ? s->refs[index] : (uint32_t)index | ROWS_WHOLE;

	return ref & ROWS_WHOLE ? s->rows[ref & ~ROWS_WHOLE].key : host_snapshot(s->host)->records[ref].key | FOREIGN;
}

/* Rows of the host are unpacked when they are looked at: there may be 200,000. */
static const struct row *show(const struct session *s, size_t index)
{
	struct shown *shown = s->shown;
	struct row packed;
	const struct row *row = session_row_packed(s, index, &packed);
	struct sock *room = &shown->socks[shown->at];
	struct row *out = &shown->rows[shown->at];

	if (row != &packed && row->sock)
		return row;
	shown->at = (shown->at + 1) % SESSION_SHOWN;
	unpack(s, row, room);
	*out = *row;
	out->conversation = opened_flow(s, row);
	out->ends = row->key == s->selected ? opened_history(s, 0) : NULL;
	out->file = row->kind == ROW_ALL ? s->opened : NULL;
	out->sock = out->view.sock = room;
	if (row->self.pid)
		out->view.owners = &out->self;
	return out;
}

const struct row *session_row_at(const struct session *s, size_t index)
{
	return index < s->row_count ? show(s, index) : NULL;
}

/* --- finding and choosing --- */

size_t session_find(const struct session *s, uint64_t key)
{
	if (s->found == key && s->rows_made && (s->found_at >= s->row_count || session_key_at(s, s->found_at) == key))
		return s->found_at;
	return find(s, key);
}

const struct row *session_row(const struct session *s, uint64_t key)
{
	return session_row_at(s, session_find(s, key));
}

const struct row *session_selected(const struct session *s)
{
	return s->selected ? session_row(s, s->selected) : NULL;
}

struct lab_sock *session_current(const struct session *s)
{
	return s->selected && s->selected <= UINT32_MAX ? lab_find(s->lab, (uint32_t)s->selected) : NULL;
}

void session_select(struct session *s, uint64_t key)
{
	if (s->selected == key)
		return;
	s->selected = key;
	find_selected(s);
	session_touch(s);
}

bool session_start_host(struct session *s)
{
	struct err why;

	if (s->host || s->opened)
		return true;
	if (host_new(guard_helper(s->config.guard), s->names, &s->host, &why)) {
		session_notice(s, NOTICE_ERROR, "%s", why.text);
		return false;
	}
	s->host_asked_ns = 0;
	return true;
}

void session_set_scope(struct session *s, enum scope scope)
{
	if (scope != SCOPE_MINE && scope != SCOPE_FILE && !session_start_host(s))
		return;
	s->scope = scope;
	s->rows_stale = true;
	session_rebuild_rows(s);
	if (!session_selected(s) && s->row_count)
		session_select(s, session_key_at(s, 0));
	session_touch(s);
}

bool session_set_process(struct session *s, uint32_t pid)
{
	const struct row *row = session_selected(s);

	if (!pid && row && row->own) {
		pid = session_pid(s);
		snprintf(s->scope_process, sizeof s->scope_process, "sockeye");
	} else if (!pid && row && row->view.owner_count) {
		const struct owner *o = &row->view.owners[0];

		pid = o->pid;
		text_clean_to(s->scope_process, sizeof s->scope_process, o->process,
			      strnlen(o->process, sizeof o->process));
	} else if (pid) {
		s->scope_process[0] = '\0';
	}
	if (!pid)
		return false;
	s->scope_pid = pid;
	session_set_scope(s, SCOPE_PROCESS);
	return true;
}

int session_set_filter(struct session *s, const char *text, struct err *e, unsigned *column)
{
	struct filter *made = NULL;
	int rc = text && *text ? filter_new(text, &made, e, column) : 0;

	if (rc)
		return rc;
	filter_free(s->filter);
	free(s->filter_text);
	s->filter = made;
	s->filter_text = made ? mem_string(text) : NULL;
	s->filters_set++;
	s->rows_stale = true;
	session_rebuild_rows(s);
	session_touch(s);
	return 0;
}
