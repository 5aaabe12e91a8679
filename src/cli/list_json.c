/* list_json.c - a socket as a JSON object; assets/schema/list.json describes it. What does not
 * apply or is not known is null, never left out. The object `tcp` has the columns that name a key
 * for it. */
#include "cli/list.h"

#include <stdio.h>
#include <string.h>

enum { FLUSH_BYTES = 1 << 16 };

static void number_or_null(struct json *j, const char *key, bool known, uint64_t value)
{
	if (known)
		json_uint(j, key, value);
	else
		json_null(j, key);
}

static void hex_or_null(struct json *j, const char *key, bool known, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof text, "0x%llx", (unsigned long long)value);
	json_string(j, key, known ? text : NULL);
}

/* The text of a column, null where it has none. */
static void column_or_null(struct list *l, struct json *j, const char *key, const struct sock_view *v,
			   const char *column)
{
	struct buf text = { 0 };

	(void)l;
	column_text(column_find(column, strlen(column)), v, &text);
	json_string(j, key, text.len ? text.data : NULL);
	buf_done(&text);
}

static void put_end(struct list *l, struct json *j, const char *key, const struct sock_view *v,
		    const struct endpoint *e, bool there)
{
	const struct sock_names *n = v->names;
	char text[ENDPOINT_TEXT];

	if (!there || e->family == AF_UNSPEC) {
		json_null(j, key);
		return;
	}
	json_object(j, key);
	json_string(j, e->family == AF_UNIX ? "path" : "address", endpoint_address(e, text, sizeof text));
	if (e->family != AF_UNIX) {
		number_or_null(j, "port", e->has_port, endpoint_port(e));
		if (l->o->resolve)
			json_string(j, "name", n && n->host ? n->host(n->ctx, e) : NULL);
	}
	json_end(j, '}');
}

static void put_owners(struct json *j, const char *key, const struct owner *owners, size_t count)
{
	json_array(j, key);
	for (size_t i = 0; i < count; i++) {
		const struct owner *o = &owners[i];

		json_object(j, NULL);
		json_uint(j, "pid", o->pid);
		json_int(j, "fd", o->fd);
		json_bytes(j, "process", o->process, strnlen(o->process, sizeof o->process));
		json_end(j, '}');
	}
	json_end(j, ']');
}

static void put_timer(struct json *j, const struct sock *s)
{
	const char *name = s->known & SOCK_HAS_TIMER ? sock_timer_name(s->timer) : NULL;

	if (!name) {
		json_null(j, "timer");
		return;
	}
	json_object(j, "timer");
	json_string(j, "kind", name);
	json_uint(j, "expires_ms", s->timer_ms);
	json_uint(j, "retries", s->timer_retries);
	json_end(j, '}');
}

static void put_memory(struct json *j, const struct sock *s)
{
	if (!(s->known & SOCK_HAS_MEMORY)) {
		json_null(j, "memory");
		return;
	}
	json_object(j, "memory");
	json_uint(j, "rmem", s->rmem_alloc);
	json_uint(j, "rcvbuf", s->rcvbuf);
	json_uint(j, "wmem", s->wmem_alloc);
	json_uint(j, "sndbuf", s->sndbuf);
	json_uint(j, "drops", s->drops);
	json_end(j, '}');
}

static void put_tcp(struct list *l, struct json *j, const struct sock_view *v)
{
	if (!(v->sock->known & SOCK_HAS_TCP)) {
		json_null(j, "tcp");
		return;
	}
	json_object(j, "tcp");
	for (const struct socket_column *c = socket_columns; c->name; c++) {
		char text[24];
		uint64_t value;

		if (!c->json)
			continue;
		if (c->text)
			column_or_null(l, j, c->json, v, c->name);
		else if (!column_number(c, v, &value))
			json_null(j, c->json);
		else if (c->unit == UNIT_FLAG)
			json_bool(j, c->json, value);
		else if (c->unit == UNIT_MILLI)
			json_raw(j, c->json, column_milli(text, value));
		else
			json_uint(j, c->json, value);
	}
	json_end(j, '}');
}

static void put_people(struct list *l, struct json *j, const struct snapshot *s, const struct sock_view *v)
{
	const struct record *peer = s && v->record ? record_peer(s, v->record) : NULL;
	size_t count = 0;
	const struct owner *owners = peer ? record_owners(s, peer, &count) : NULL;

	put_owners(j, "owners", v->owners, v->owner_count);
	column_or_null(l, j, "owner_reason", v, "reason");
	put_owners(j, "peer_owners", owners, count);
}

void list_json_socket(struct list *l, struct json *j, const char *key, const struct snapshot *s,
		      const struct sock_view *v)
{
	const struct sock *k = v->sock;
	const struct record *r = v->record;
	bool unix_ = k->family == AF_UNIX;

	json_object(j, key);
	json_string(j, "proto", sock_kind_word(k));
	json_string(j, "family", sock_family_word(k->family));
	json_string(j, "type", sock_type_word(k));
	json_string(j, "state", k->state ? state_name(k->state) : NULL);
	put_end(l, j, "local", v, &k->local, !unix_ || k->local.path_len);
	put_end(l, j, "remote", v, &k->remote, endpoint_there(&k->remote));
	number_or_null(j, "recv_q", k->known & SOCK_HAS_QUEUES, k->recv_q);
	number_or_null(j, "send_q", k->known & SOCK_HAS_QUEUES, k->send_q);
	number_or_null(j, "backlog", k->known & SOCK_HAS_BACKLOG, k->backlog);
	number_or_null(j, "uid", k->known & SOCK_HAS_UID, k->uid);
	column_or_null(l, j, "user", v, "user");
	number_or_null(j, "inode", k->known & SOCK_HAS_INODE, k->inode);
	number_or_null(j, "peer_inode", k->peer_inode, k->peer_inode);
	hex_or_null(j, "cookie", k->known & SOCK_HAS_COOKIE, k->cookie);
	column_or_null(l, j, "interface", v, "iface");
	number_or_null(j, "netns", r && r->netns, r ? r->netns : 0);
	put_people(l, j, s, v);
	put_timer(j, k);
	number_or_null(j, "mark", k->known & SOCK_HAS_MARK, k->mark);
	number_or_null(j, "cgroup", k->cgroup, k->cgroup);
	number_or_null(j, "tos", k->known & SOCK_HAS_TOS, k->tos);
	column_or_null(l, j, "shutdown", v, "shutdown");
	put_memory(j, k);
	put_tcp(l, j, v);
	json_end(j, '}');
}

void list_json(struct list *l, const struct picked *p)
{
	struct json j;

	json_init(&j, &l->out);
	for (size_t i = 0; i < p->count && !l->broken; i++) {
		struct sock room;
		struct sock_view v = sock_view(p->snapshot, &p->snapshot->records[p->rows[i]], l->names, &room);

		list_json_socket(l, &j, NULL, p->snapshot, &v);
		buf_putc(&l->out, '\n');
		if (l->out.len > FLUSH_BYTES)
			list_flush(l);
	}
}
