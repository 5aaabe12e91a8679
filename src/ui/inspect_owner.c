/* The Inspector's words about who has a socket, at both ends, and about its place on the host. */
#include "inspect_inside.h"

#include "core/process.h"
#include "session/host.h"
#include "util/text.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { OWNERS_SHOWN = 8 };

static void user_words(const struct sock_view *v, uint32_t uid, char *out, size_t size)
{
	const struct sock_names *n = v->names;
	const char *name = n && n->user ? n->user(n->ctx, uid) : NULL;

	if (name)
		snprintf(out, size, "%s", name);
	else
		snprintf(out, size, "uid %u", (unsigned)uid);
}

static void add_owners(struct sheet *out, const char *label, const struct sock_view *v, const struct owner *owners,
		       size_t count)
{
	for (size_t i = 0; i < count && i < OWNERS_SHOWN; i++) {
		const struct owner *o = &owners[i];
		char user[48];

		user_words(v, o->uid, user, sizeof user);
		sheet_pair(out, ROLE_NAME, i ? "" : label, "%.16s, pid %u, fd %d, %s", o->process, (unsigned)o->pid,
			   (int)o->fd, user);
	}
	if (count > OWNERS_SHOWN)
		sheet_pair(out, ROLE_DIM, "", "and %zu more", count - OWNERS_SHOWN);
}

/* A connection that nobody has and that was not closed either: a listener's program has not accepted it yet. */
static bool is_unaccepted(const struct row *r)
{
	return r->view.record && r->view.record->reason == OWNER_ORPHAN &&
	       (r->sock->state == STATE_ESTABLISHED || r->sock->state == STATE_CLOSE_WAIT);
}

/* Nobody is named: why, and what would help. */
static void add_reason(struct sheet *out, const char *label, enum owner_reason reason)
{
	const char *help = reason < OWNER_REASONS ? owner_reasons[reason].help : NULL;

	sheet_pair(out, reason == OWNER_NO_PERMISSION ? ROLE_WARN : ROLE_DIM, label, "not known%s%s", help ? ": " : "",
		   help ? help : "");
}

static void add_peer(struct sheet *out, const struct session *s, const struct row *r)
{
	const struct snapshot *snap = s->host ? host_snapshot(s->host) : NULL;
	const struct record *peer = snap && r->view.record ? record_peer(snap, r->view.record) : NULL;
	const struct owner *owners;
	size_t count;

	if (!peer)
		return;
	owners = record_owners(snap, peer, &count);
	if (count)
		add_owners(out, "peer", &r->view, owners, count);
	else
		add_reason(out, "peer", (enum owner_reason)peer->reason);
}

static void add_text(struct sheet *out, const char *label, const char *text)
{
	char clean[512];

	if (text[0])
		sheet_pair(out, ROLE_VALUE, label, "%s", text_clean_to(clean, sizeof clean, text, strlen(text)));
}

static void add_process(struct sheet *out, const struct session *s, const struct row *r)
{
	const struct process *p = s->process;

	if (r->own || !r->view.owner_count || p->pid != r->view.owners[0].pid)
		return;
	add_text(out, "command", p->command);
	add_text(out, "program", p->executable);
	add_text(out, "directory", p->directory);
	if (p->parent_name[0]) {
		char clean[64];

		sheet_pair(out, ROLE_VALUE, "parent", "%s, pid %u",
			   text_clean_to(clean, sizeof clean, p->parent_name, strlen(p->parent_name)),
			   (unsigned)p->parent);
	}
	add_text(out, "unit", p->unit);
	add_text(out, "container", p->container);
}

void inspect_owner(struct sheet *out, const struct session *s, const struct row *r)
{
	const struct lab_sock *own = r->own;

	if (own && own->fd >= 0)
		sheet_pair(out, ROLE_VALUE, "owner", "sockeye, pid %d, fd %d", (int)getpid(), own->fd);
	else if (own)
		sheet_pair(out, ROLE_DIM, "owner", "nobody: closed by sockeye");
	else if (r->view.owner_count)
		add_owners(out, "owner", &r->view, r->view.owners, r->view.owner_count);
	else if (r->closed_ns)
		sheet_pair(out, ROLE_DIM, "owner", "not known: it was closed before its process was looked for");
	else if (is_unaccepted(r))
		sheet_pair(out, ROLE_DIM, "owner", "nobody yet: it waits in a listener's accept queue");
	else
		add_reason(out, "owner", r->view.record ? (enum owner_reason)r->view.record->reason : OWNER_NOT_ASKED);
	add_process(out, s, r);
	add_peer(out, s, r);
	if (own && own->peer)
		sheet_pair(out, ROLE_PEER, "role", "a built-in echo peer");
	if (own && own->listener) {
		const struct row *from = session_row(s, own->listener);

		sheet_pair(out, ROLE_VALUE, "accepted by", "%s", from ? from->name : "a listener that is gone");
	}
}

void inspect_columns(struct sheet *out, const struct sock_view *v, const struct inspect_column *list)
{
	struct buf text = { 0 };

	for (; list->column; list++) {
		const struct socket_column *c = column_find(list->column, strlen(list->column));
		uint64_t number = 1;

		if (!c || (!c->text && (!column_number(c, v, &number) || !number)))
			continue;
		buf_clear(&text);
		column_text(c, v, &text);
		if (text.len)
			sheet_pair(out, ROLE_VALUE, list->label, "%s%s%s", buf_text(&text), list->after ? " " : "",
				   list->after ? list->after : "");
	}
	buf_done(&text);
}
