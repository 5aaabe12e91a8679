#include "inside.h"

#include "core/words.h"
#include "util/text.h"

#include <stdio.h>
#include <string.h>

enum { PAYLOAD_SHOWN = 32 };

/* --- the address that the kernel gets --- */

void args_address(const struct node *n, enum verb verb, struct endpoint *e)
{
	/* What cannot be mapped stays as it is, so that the kernel's own errno tells why. An address of no family and
	 * without a port is meant: connect dissolves the association with it. */
	if (e->family == AF_UNSPEC && !e->has_port)
		return;
	if (verb != VERB_BIND)
		endpoint_reachable(e);
	endpoint_map(e, n->s.now.family);
	if (verb != VERB_BIND)
		endpoint_reachable(e);
	if (n->s.now.type == SOCK_RAW) {
		e->has_port = false;
		e->port = 0;
	}
}

/* --- words between the brackets --- */

/* The symbol of a row, the number where there is none. */
static void put_symbol(struct buf *out, const struct word *table, int value)
{
	const struct word *w = word_by_value(table, value);

	if (w)
		buf_puts(out, w->symbol);
	else
		buf_printf(out, "%d", value);
}

static void put_endpoint(struct buf *out, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT];

	if (e->family == AF_UNSPEC)
		buf_puts(out, "AF_UNSPEC");
	else if (e->family == AF_UNIX && !e->path_len)
		buf_puts(out, "unix:@"); /* as the command language writes "choose a name for me" */
	else
		buf_puts(out, endpoint_format(e, text, sizeof text));
}

void args_payload(struct buf *out, const void *bytes, size_t len, size_t most)
{
	size_t shown = len < most ? len : most;

	/* Not in the middle of a character, which would be shown as escapes. */
	for (size_t back = 0; shown < len && back < 3 && shown > 1; back++) {
		if ((((const unsigned char *)bytes)[shown] & 0xc0) != 0x80)
			break;
		shown--;
	}
	text_quote(out, bytes, shown);
	if (shown < len)
		buf_puts(out, "...");
}

static void put_send(struct buf *out, const struct op *op, const struct lab_args *a)
{
	static const unsigned char zeroes[PAYLOAD_SHOWN + 1];
	size_t len = op->len < sizeof zeroes ? op->len : sizeof zeroes;
	struct buf to = { 0 };
	size_t start = out->len, room;

	(void)a;
	if (op->address.family != AF_UNSPEC) {
		buf_puts(&to, ", ");
		put_endpoint(&to, &op->address);
	}
	room = to.len + 32 < CALL_ARGS ? CALL_ARGS - to.len - 32 : 8;
	/* Escapes take up to four characters a byte: show as many bytes as leave room for the rest. */
	for (size_t most = PAYLOAD_SHOWN; most; most /= 2) {
		out->len = start;
		if (op->data)
			args_payload(out, op->data, op->len, most);
		else
			args_payload(out, zeroes, len, op->len < most ? op->len : most);
		if (out->len - start <= room)
			break;
	}
	buf_printf(out, ", %zu", op->len);
	buf_puts(out, buf_text(&to));
	buf_done(&to);
}

static void put_socket(struct buf *out, const struct op *op, const struct lab_args *a)
{
	(void)op;
	put_symbol(out, families, a->family);
	buf_puts(out, ", ");
	put_symbol(out, types, a->type);
	buf_puts(out, ", ");
	if (a->protocol)
		put_symbol(out, protocols, a->protocol);
	else
		buf_puts(out, "0");
}

static void put_address(struct buf *out, const struct op *op, const struct lab_args *a)
{
	(void)a;
	put_endpoint(out, &op->address);
}

static void put_backlog(struct buf *out, const struct op *op, const struct lab_args *a)
{
	(void)op;
	buf_printf(out, "%d", a->backlog);
}

static void put_bytes(struct buf *out, const struct op *op, const struct lab_args *a)
{
	(void)a;
	buf_printf(out, "%llu", (unsigned long long)op->bytes);
}

static void put_how(struct buf *out, const struct op *op, const struct lab_args *a)
{
	(void)op;
	put_symbol(out, shutdowns, a->how);
}

static void put_linger(struct buf *out, const struct op *op, const struct lab_args *a)
{
	(void)op;
	(void)a;
	buf_puts(out, "SO_LINGER {1, 0}");
}

static void put_option(struct buf *out, const struct op *op, const struct lab_args *a)
{
	buf_printf(out, "%s, %s", a->option ? a->option->level_name : "?", a->option ? a->option->name : "?");
	if (op->verb == VERB_SETSOCKOPT)
		buf_printf(out, ", %s", a->value_text ? a->value_text : "");
}

static void (*const writers[VERB_COUNT])(struct buf *out, const struct op *op, const struct lab_args *a) = {
	[VERB_SOCKET] = put_socket,     [VERB_BIND] = put_address, [VERB_LISTEN] = put_backlog,
	[VERB_CONNECT] = put_address,   [VERB_SEND] = put_send,    [VERB_RECV] = put_bytes,
	[VERB_SHUTDOWN] = put_how,      [VERB_ABORT] = put_linger, [VERB_SETSOCKOPT] = put_option,
	[VERB_GETSOCKOPT] = put_option,
};

void args_write(const struct op *op, const struct lab_args *a, char out[CALL_ARGS])
{
	struct buf text = { 0 };

	if (writers[op->verb])
		writers[op->verb](&text, op, a);
	text_clean_to(out, CALL_ARGS, buf_text(&text), text.len);
	buf_done(&text);
}
