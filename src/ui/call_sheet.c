#include "ui/call_sheet.h"

#include "core/words.h"
#include "lab/lab.h"
#include "util/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { SHOWN_TEXT = 1200 };

char *clock_text(char out[24], uint64_t at_ns)
{
	time_t seconds = (time_t)(at_ns / 1000000000u);
	struct tm t;

	if (!localtime_r(&seconds, &t))
		memset(&t, 0, sizeof t);
	snprintf(out, 24, "%02d:%02d:%02d.%06u", t.tm_hour % 100, t.tm_min % 100, t.tm_sec % 100,
		 (unsigned)(at_ns % 1000000000u / 1000));
	return out;
}

static const char *manual_of(const struct call *c)
{
	for (int v = 0; v < VERB_COUNT; v++)
		if (verbs[v].name && c->verb && !strcmp(verbs[v].name, c->verb))
			return verbs[v].man;
	return NULL;
}

static void add_result(struct sheet *out, const struct call *c, bool ascii)
{
	static const enum role roles[] = {
		[CALL_RUNNING] = ROLE_WARN,
		[CALL_OK] = ROLE_OK,
		[CALL_ERROR] = ROLE_ERROR,
		[CALL_TIMEOUT] = ROLE_ERROR,
	};
	char text[40];

	if (c->status == CALL_RUNNING)
		sheet_pair(out, ROLE_WARN, "result", "waits%s%s", c->error ? ": " : "",
			   c->error ? errno_name(c->error) : "");
	else if (c->error)
		sheet_pair(out, roles[c->status], "result", "%lld %s", (long long)c->result, errno_name(c->error));
	else
		sheet_pair(out, roles[c->status], "result", "%lld (%s)", (long long)c->result,
			   call_status_name(c->status));
	if (c->error)
		sheet_pair(out, ROLE_VALUE, "meaning", "%s", errno_help(c->error));
	if (c->note[0] && (!c->error || strcmp(c->note, errno_help(c->error))))
		sheet_pair(out, ROLE_VALUE, "note", "%s", c->note);
	if (c->status != CALL_RUNNING)
		sheet_pair(out, ROLE_VALUE, "took", "%s", text_duration(text, sizeof text, c->duration_ns, ascii));
}

static void add_states(struct sheet *out, const struct call *c, bool ascii)
{
	char text[ENDPOINT_TEXT];

	if (c->before != c->after && c->after != STATE_NONE)
		sheet_pair(out, theme_state_role(c->after), "state", "%s %s %s", state_name(c->before),
			   ascii ? "->" : "→", state_name(c->after));
	else if (c->after != STATE_NONE)
		sheet_pair(out, theme_state_role(c->after), "state", "%s", state_name(c->after));
	if (c->local.family)
		sheet_pair(out, ROLE_VALUE, "local", "%s", endpoint_format(&c->local, text, sizeof text));
	if (c->remote.family)
		sheet_pair(out, ROLE_VALUE, "remote", "%s", endpoint_format(&c->remote, text, sizeof text));
	if (c->peer.family && !endpoint_same(&c->peer, &c->remote))
		sheet_pair(out, ROLE_VALUE, c->received ? "from" : "to", "%s",
			   endpoint_format(&c->peer, text, sizeof text));
}

static void add_data(struct sheet *out, const struct call *c)
{
	struct buf text = { 0 };

	if (!c->moved && !c->data_len)
		return;
	sheet_head(out, c->received ? "Data that came in" : "Data that went out");
	sheet_pair(out, c->received ? ROLE_IN : ROLE_OUT, "bytes", "%llu", (unsigned long long)c->moved);
	if (c->let_go || !c->data) {
		sheet_line(out, ROLE_DIM, "The bytes had to make room for newer ones.");
		return;
	}
	if (c->data_len < c->moved)
		sheet_line(out, ROLE_DIM, "The first %lu of them are kept.", (unsigned long)c->data_len);
	text_quote(&text, c->data, c->data_len < SHOWN_TEXT ? c->data_len : SHOWN_TEXT);
	sheet_pair(out, ROLE_HEX_TEXT, "text", "%s", buf_text(&text));
	sheet_gap(out);
	sheet_hex(out, c->data, c->data_len);
	buf_done(&text);
}

void call_sheet(struct sheet *out, const struct call *c, uint64_t since_ns, bool ascii)
{
	char at[24];
	const char *manual;

	sheet_clear(out);
	if (!c) {
		sheet_line(out, ROLE_DIM, "This call is no longer kept: newer ones needed the room.");
		return;
	}
	manual = manual_of(c);
	if (c->fd >= 0)
		sheet_pair(out, ROLE_STRONG, "call", "%s(%d%s%s)", c->function, c->fd, c->args[0] ? ", " : "", c->args);
	else
		sheet_pair(out, ROLE_STRONG, "call", "%s(%s)", c->function, c->args);
	add_result(out, c, ascii);
	sheet_pair(out, ROLE_NAME, "socket", "%s", c->name[0] ? c->name : "-");
	add_states(out, c, ascii);
	sheet_pair(out, ROLE_VALUE, "started", "%s%s", clock_text(at, c->start_ns), "");
	if (since_ns && c->start_ns >= since_ns)
		sheet_pair(out, ROLE_VALUE, "since first", "%.6f s", (double)(c->start_ns - since_ns) / 1e9);
	sheet_pair(out, ROLE_DIM, "number", "%llu", (unsigned long long)c->number);
	if (manual)
		sheet_pair(out, ROLE_DIM, "manual", "%s", manual);
	add_data(out, c);
}
