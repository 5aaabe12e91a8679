/* The columns that tell who has a socket: several processes may. */
#include "owner_column.h"

#include "util/buf.h"
#include "util/text.h"

#include <string.h>

/* Owners are grouped by process in most snapshots, and few: the same word twice in a row is said
 * once. */
static void each_owner(const struct sock_view *v, struct buf *out, char between,
		       void (*add)(const struct owner *o, struct buf *out))
{
	size_t before = 0, last = 0;

	for (size_t i = 0; i < v->owner_count; i++) {
		size_t from = out->len, len;

		if (i)
			buf_putc(out, between);
		before = out->len;
		add(&v->owners[i], out);
		len = out->len - before;
		if (i && len == from - last && !memcmp(out->data + before, out->data + last, len))
			buf_cut(out, from, out->len - from);
		else
			last = before;
	}
}

static void add_process(const struct owner *o, struct buf *out)
{
	text_clean(out, o->process, strnlen(o->process, sizeof o->process));
}

static void add_pid(const struct owner *o, struct buf *out)
{
	buf_uint(out, o->pid);
}

static void add_fd(const struct owner *o, struct buf *out)
{
	if (o->fd < 0)
		buf_putc(out, '-');
	else
		buf_uint(out, (uint64_t)o->fd);
}

static void add_owner(const struct owner *o, struct buf *out)
{
	add_process(o, out);
	buf_putc(out, '/');
	add_pid(o, out);
	buf_putc(out, ':');
	add_fd(o, out);
}

void owner_column_process(const struct sock_view *v, struct buf *out)
{
	each_owner(v, out, ' ', add_process);
}

void owner_column_pid(const struct sock_view *v, struct buf *out)
{
	each_owner(v, out, ' ', add_pid);
}

void owner_column_fd(const struct sock_view *v, struct buf *out)
{
	each_owner(v, out, ' ', add_fd);
}

void owner_column_reason(const struct sock_view *v, struct buf *out)
{
	const char *name = !v->owner_count && v->record && v->record->reason < OWNER_REASONS
				   ? owner_reasons[v->record->reason].name
				   : NULL;

	buf_puts(out, name ? name : "");
}

void owner_column_text(const struct sock_view *v, struct buf *out)
{
	size_t from = out->len;

	each_owner(v, out, ' ', add_owner);
	if (out->len != from)
		return;
	buf_putc(out, '(');
	owner_column_reason(v, out);
	if (out->len == from + 1)
		buf_cut(out, from, 1);
	else
		buf_putc(out, ')');
}

int owner_column_pid_compare(const struct sock_view *a, const struct sock_view *b)
{
	if (!a->owner_count || !b->owner_count)
		return !a->owner_count - !b->owner_count;
	return a->owners->pid < b->owners->pid ? -1 : a->owners->pid > b->owners->pid;
}

int owner_column_fd_compare(const struct sock_view *a, const struct sock_view *b)
{
	if (!a->owner_count || !b->owner_count)
		return !a->owner_count - !b->owner_count;
	return a->owners->fd < b->owners->fd ? -1 : a->owners->fd > b->owners->fd;
}
