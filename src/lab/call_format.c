#include "inside.h"

#include "core/words.h"
#include "util/text.h"

#include <string.h>

enum { DATA_SHOWN = 32 };

const char *call_status_name(enum call_status s)
{
	static const char *const names[] = {
		[CALL_RUNNING] = "running",
		[CALL_OK] = "ok",
		[CALL_ERROR] = "error",
		[CALL_TIMEOUT] = "timeout",
	};

	return (size_t)s < sizeof names / sizeof *names ? names[s] : "-";
}

static void put_endpoint(struct buf *out, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT];

	buf_puts(out, endpoint_format(e, text, sizeof text));
}

/* What came back beside the number: bytes and their sender, the new connection's peer, an option's value. */
static void put_gain(const struct call *c, struct buf *out)
{
	if (c->result < 0 || c->status != CALL_OK)
		return;
	if (!strcmp(c->verb, "getsockopt")) {
		buf_puts(out, " [");
		text_clean(out, (const char *)c->data, c->data_len);
		buf_putc(out, ']');
	} else if (c->received && c->data) {
		buf_putc(out, ' ');
		args_payload(out, c->data, c->data_len, DATA_SHOWN);
	}
	if (!strcmp(c->function, "recvfrom") && c->peer.family != AF_UNSPEC) {
		buf_puts(out, " from ");
		put_endpoint(out, &c->peer);
	} else if (!strcmp(c->verb, "accept")) {
		buf_putc(out, ' ');
		put_endpoint(out, &c->peer);
	}
}

static void put_states(const struct call *c, bool ascii, struct buf *out)
{
	if (c->before == STATE_NONE && c->after == STATE_NONE)
		return;
	buf_puts(out, "  ");
	if (c->before != c->after && c->before != STATE_NONE)
		buf_printf(out, "%s %s ", state_name(c->before), ascii ? "->" : "→");
	buf_puts(out, state_name(c->after));
}

static void put_result(const struct call *c, bool help, struct buf *out)
{
	buf_printf(out, "= %lld", (long long)c->result);
	if (c->error)
		buf_printf(out, " %s", errno_name(c->error));
	if (c->error && help)
		buf_printf(out, " (%s)", c->status == CALL_RUNNING ? "waiting" : errno_help(c->error));
	put_gain(c, out);
}

void call_format_result(const struct call *c, struct buf *out)
{
	put_result(c, false, out);
}

void call_format(const struct call *c, bool ascii, struct buf *out)
{
	char duration[32];

	buf_printf(out, "%s(", c->function);
	if (c->fd >= 0)
		buf_printf(out, "%d%s", c->fd, c->args[0] ? ", " : "");
	text_clean(out, c->args, strlen(c->args));
	buf_puts(out, ") ");
	put_result(c, true, out);
	if (c->status != CALL_RUNNING) {
		buf_puts(out, "  ");
		buf_puts(out, text_duration(duration, sizeof duration, c->duration_ns, ascii));
	}
	put_states(c, ascii, out);
	if (c->note[0]) {
		buf_puts(out, "  ");
		text_clean(out, c->note, strlen(c->note));
	}
}
