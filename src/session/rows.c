/* The rows of the Sockets pane: our own sockets, those of the whole host or of one process, the closed ones; filtered. */
#include "inside.h"

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
enum { DEPARTED_MOST = 256 };     /* closed sockets among the living */

#define FOREIGN (1ull << 63)      /* keys of other people's sockets; lab ids are small */

const char *const scope_names[SCOPES] = {
	[SCOPE_MINE] = "mine",
	[SCOPE_HOST] = "host",
	[SCOPE_PROCESS] = "process",
	[SCOPE_CLOSED] = "closed",
	[SCOPE_FILE] = "file",
};

static void unpack(const struct session *s, const struct row *row, struct sock *out)
{
	if (row->kind == ROW_SOCKET)
		record_sock(host_snapshot(s->host), row->view.record, out);
	else
		opened_sock(s, row, out);
}

static void add(struct session *s, const struct row *row)
{
	struct sock_view v = row->view;
	struct sock room;

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
	MEM_ROOM(s->rows, s->row_count, s->row_capacity);
	s->rows[s->row_count++] = *row;
}

/* --- our own --- */

/* Who has our own sockets is known without asking anybody. */
void session_own_row(const struct session *s, struct row *row)
{
	if (row->view.owner_count || row->own->fd < 0)
		return;
	row->self = (struct owner){ .pid = session_pid(s), .fd = row->own->fd, .uid = geteuid(),
				    .process = "sockeye" };
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

			add(s, &row);
		}
}

/* --- the host's --- */

/* Is this record one of our own sockets? Then it keeps its name and its key from scope to scope. */
static const struct lab_sock *ours(const struct session *s, const struct record *r)
{
	struct lab_sock *sock;

	for (size_t i = 0; (sock = lab_next(s->lab, &i));)
		if (sock->fd >= 0 && sock->now.inode == r->inode)
			return sock;
	return NULL;
}

static bool owned_by(const struct owner *owners, size_t count, uint32_t pid)
{
	for (size_t i = 0; i < count; i++)
		if (owners[i].pid == pid)
			return true;
	return false;
}

static bool owned_first_by(const struct sock_view *v, uint32_t pid)
{
	return v->owner_count && v->owners[0].pid == pid;
}

/* Our own netlink and packet sockets, raw and UNIX ones that are not of the lab, and all of the broker's are plumbing,
 * and not what the user asked for. */
static bool is_plumbing(const struct session *s, const struct sock_view *v, uint32_t self)
{
	int family = v->sock ? v->sock->family : v->record->family, type = v->sock ? v->sock->type : v->record->type;
	const struct broker *helper = guard_helper(s->config.guard);

	if (helper && owned_first_by(v, (uint32_t)broker_pid(helper)))
		return true;
	return owned_first_by(v, self) &&
	       (family == AF_NETLINK || family == AF_PACKET || family == AF_UNIX || type == SOCK_RAW);
}

bool session_is_plumbing(const struct session *s, const struct snapshot *snap, const struct record *r)
{
	struct sock_view v = { .record = r };

	v.owners = record_owners(snap, r, &v.owner_count);
	return is_plumbing(s, &v, session_pid(s)) && !ours(s, r);
}

static void add_host(struct session *s)
{
	const struct snapshot *snap = s->host ? host_snapshot(s->host) : NULL;
	const struct sock_names *names = names_table(s->names);
	uint32_t self = session_pid(s);

	for (size_t i = 0; snap && i < snap->count; i++) {
		const struct record *r = &snap->records[i];
		struct row row = { .key = r->key | FOREIGN, .view = { .record = r, .names = names } };

		/* Its socket: see show(). */
		row.view.owners = record_owners(snap, r, &row.view.owner_count);
		if (s->scope == SCOPE_PROCESS &&
		    !owned_by(row.view.owners, row.view.owner_count, s->scope_pid))
			continue;
		if (!row.view.owner_count || owned_first_by(&row.view, self))
			row.own = ours(s, r);
		if (!row.own && is_plumbing(s, &row.view, self))
			continue;
		if (row.own) {
			session_own_row(s, &row);
			row.key = row.own->id;
			row.name = row.view.name = row.own->name;
		} else {
			row.name = row.view.owner_count ? row.view.owners[0].process : "";
		}
		row.view.rate = host_rate(s->host, r);
		row.fresh = host_is_new(s->host, r);
		add(s, &row);
	}
}

static size_t find(const struct session *s, uint64_t key)
{
	size_t i = 0;

	while (i < s->row_count && s->rows[i].key != key)
		i++;
	return i;
}

static void add_closed(struct session *s, const struct host_closed *c, uint64_t now_ns)
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

	if (!is_plumbing(s, &row.view, session_pid(s)))
		add(s, &row);
}

static void add_host_closed(struct session *s)
{
	uint64_t now = clock_real_ns();

	for (size_t i = 0; s->host && i < host_closed_count(s->host); i++)
		add_closed(s, host_closed_at(s->host, i), now);
}

/* What was there and has closed a moment ago stays a moment more, and the selected one as long as it is selected: who looks at a
 * socket should see how it ends. */
static void add_departed(struct session *s)
{
	const struct snapshot *snap = s->host ? host_snapshot(s->host) : NULL;
	bool missing = (s->selected & FOREIGN) && find(s, s->selected) == s->row_count;
	size_t living = s->row_count, count = snap ? host_closed_count(s->host) : 0;
	uint64_t now = clock_real_ns();

	for (size_t i = 0; i < count && (missing || s->row_count - living < DEPARTED_MOST); i++) {
		const struct host_closed *c = host_closed_at(s->host, i);
		bool young = now < c->closed_ns + HOST_MARK_NS && s->row_count - living < DEPARTED_MOST;
		bool chosen = missing && (c->key | FOREIGN) == s->selected;

		if (!young && !missing)
			break; /* the newest come first */
		if (!c->seen || (!young && !chosen) || (s->scope == SCOPE_PROCESS && c->owner.pid != s->scope_pid) ||
		    snapshot_find(snap, c->key)) /* a TIME-WAIT */
			continue;
		add_closed(s, c, now);
		missing &= !chosen;
	}
	s->departed = s->row_count - living;
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
	s->row_count = s->departed = 0;
	if (live)
		add_own(s);
	else if (s->scope == SCOPE_FILE)
		opened_add_rows(s, add);
	else
		add_host(s);
	if (s->scope == SCOPE_HOST || s->scope == SCOPE_PROCESS)
		add_departed(s);
	if (s->scope == SCOPE_CLOSED)
		add_host_closed(s);
	for (size_t i = 0; i < s->row_count; i++) /* they lie still now */
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

/* Rows of the host are unpacked when they are looked at: there may be 200,000. */
static const struct row *show(const struct session *s, size_t index)
{
	struct shown *shown = s->shown;
	const struct row *row = &s->rows[index];
	struct sock *room = &shown->socks[shown->at];
	struct row *out = &shown->rows[shown->at];

	if (row->sock)
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

const struct row *session_row(const struct session *s, uint64_t key)
{
	size_t at = s->found == key && s->rows_made ? s->found_at : find(s, key);

	return session_row_at(s, at);
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
		session_select(s, s->rows[0].key);
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
