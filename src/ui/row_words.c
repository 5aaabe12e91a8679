#include "ui/row_words.h"

#include "util/text.h"

#include <string.h>
#include <sys/socket.h>

bool row_is_foreign(const struct row *r)
{
	return !r->own;
}

void row_label(const struct row *r, struct buf *out)
{
	if (r->name && r->name[0]) {
		text_clean(out, r->name, strlen(r->name));
		return;
	}
	if (r->kind == ROW_ALL) {
		buf_puts(out, "the file");
		return;
	}
	buf_printf(out, "%s ", r->kind == ROW_FLOW && r->sock->type == SOCK_RAW ? "flow" : sock_kind_word(r->sock));
	endpoint_add(out, &r->view, &r->sock->local);
}

void row_sentence(const struct row *r, bool ascii, struct buf *out)
{
	const struct owner *o = r->view.owner_count ? &r->view.owners[0] : NULL;

	buf_printf(out, "%s ", sock_kind_word(r->sock));
	endpoint_add(out, &r->view, &r->sock->local);
	if (r->sock->state != STATE_LISTEN && endpoint_there(&r->sock->remote)) {
		buf_puts(out, ascii ? " -> " : " → ");
		endpoint_add(out, &r->view, &r->sock->remote);
	}
	if (r->own) {
		buf_printf(out, ", our own %s", r->own->name);
	} else if (o) {
		buf_puts(out, " of ");
		text_clean(out, o->process, strnlen(o->process, sizeof o->process));
		buf_printf(out, " (pid %u)", (unsigned)o->pid);
		if (r->view.owner_count > 1)
			buf_printf(out, " and %zu more", r->view.owner_count - 1);
	} else {
		buf_puts(out, ", owner unknown");
	}
}

bool row_is_all(const struct row *r)
{
	return r->file && !r->conversation;
}
