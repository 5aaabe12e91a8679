/* The Inspector's summary of a conversation in a capture file, and of the file itself. */
#include "inspect_inside.h"

#include "analysis/flow_state.h"
#include "decode/dissect.h"
#include "session/opened.h"
#include "session/replay.h"
#include "ui/call_sheet.h"
#include "ui/flow_column.h"
#include "util/text.h"

#include <netinet/in.h>
#include <stdio.h>

static bool is_tcp(const struct flow *f)
{
	return f->proto == IPPROTO_TCP && f->has_ports;
}

static void add_end(struct sheet *out, const struct flow *f, unsigned side, const char *label)
{
	char text[ENDPOINT_TEXT];
	struct endpoint e;

	flow_endpoint(f, side, &e);
	sheet_pair(out, ROLE_VALUE, label, "%s%s%s", endpoint_format(&e, text, sizeof text), is_tcp(f) ? "  " : "",
		   is_tcp(f) ? state_name(flow_state(f, side)) : "");
}

static void add_counts(struct sheet *out, const struct flow_side *side, const char *label)
{
	char payload[24], wire[24];

	sheet_pair(out, ROLE_VALUE, label, "%llu packet%s, %s bytes of payload, %s in all",
		   (unsigned long long)side->packets, side->packets == 1 ? "" : "s",
		   text_size(payload, sizeof payload, side->bytes), text_size(wire, sizeof wire, side->wire_bytes));
}

static void add_time(struct sheet *out, uint64_t from_ns, uint64_t until_ns, bool ascii)
{
	char text[32], at[24];

	if (!from_ns)
		return;
	sheet_pair(out, ROLE_VALUE, "began", "%s", clock_text(at, from_ns));
	sheet_pair(out, ROLE_VALUE, "lasted", "%s",
		   text_duration(text, sizeof text, until_ns > from_ns ? until_ns - from_ns : 0, ascii));
}

/* --- a flow --- */

static void add_rtt(struct sheet *out, const struct flow_rtt *r, const char *label, bool ascii)
{
	char mean[32], least[32], most[32];

	if (r->count)
		sheet_pair(out, ROLE_VALUE, label, "%s, from %s to %s, of %u",
			   text_duration(mean, sizeof mean, r->sum_ns / r->count, ascii),
			   text_duration(least, sizeof least, r->min_us * UINT64_C(1000), ascii),
			   text_duration(most, sizeof most, r->max_us * UINT64_C(1000), ascii), (unsigned)r->count);
}

/* What the TCP analysis found wrong, both sides' where there is any. */
static void add_trouble(struct sheet *out, const struct flow *f, unsigned client)
{
	const struct flow_side *c = &f->side[client], *s = &f->side[!client];
	const struct {
		const char *label;
		uint32_t ours, theirs;
	} counts[] = {
		{ "sent again", c->retransmissions, s->retransmissions },
		{ "late", c->out_of_order, s->out_of_order },
		{ "not seen", c->lost, s->lost },
		{ "acked twice", c->duplicate_acks, s->duplicate_acks },
		{ "zero window", c->zero_windows, s->zero_windows },
	};
	bool any = false;

	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		if (!counts[i].ours && !counts[i].theirs)
			continue;
		if (!any)
			sheet_head(out, "FOUND");
		any = true;
		sheet_pair(out, ROLE_WARN, counts[i].label, "%u by the client, %u by the server",
			   (unsigned)counts[i].ours, (unsigned)counts[i].theirs);
	}
}

static void add_history(struct sheet *out, const char *title, const struct history *h, uint64_t since_ns)
{
	if (!h)
		return;
	sheet_head(out, title);
	for (unsigned i = 0; i < h->step_count; i++) {
		const struct history_step *step = &h->steps[i];
		char at[32];

		snprintf(at, sizeof at, "+%.6f", step->at_ns > since_ns ? (double)(step->at_ns - since_ns) / 1e9 : 0);
		sheet_word(out, theme_state_role(step->state), at, state_name(step->state), step->why);
	}
}

static void add_flow(struct sheet *out, const struct session *s, const struct row *r)
{
	const struct flow *f = r->conversation;
	unsigned client = flow_client(f);
	bool ascii = s->settings.ascii;
	struct buf text = { 0 };
	enum state state = flow_state(f, client);

	if (is_tcp(f)) {
		sheet_line(out, theme_state_role(state), "%s", state_name(state));
		sheet_line(out, ROLE_DIM, "%s", states[state].help);
	}
	flow_end_text(f, &text);
	if (text.len)
		sheet_pair(out, flow_ending(f) == FLOW_RST ? ROLE_ERROR : ROLE_VALUE, "ended", "%s", buf_text(&text));
	buf_clear(&text);
	flow_proto_text(r, &text);
	sheet_gap(out);
	sheet_pair(out, ROLE_VALUE, "protocol", "%s%s%s", buf_text(&text), f->app ? ", " : "", flow_app_name(f));
	buf_done(&text);
	add_end(out, f, client, "client");
	add_end(out, f, !client, "server");
	if (s->opened && s->opened->replay)
		inspect_owner(out, s, r);
	add_time(out, f->first_ns, f->last_ns, ascii);
	sheet_pair(out, ROLE_DIM, "number", "flow %u, packets %llu to %llu", (unsigned)f->id,
		   (unsigned long long)f->first, (unsigned long long)f->last);
	sheet_head(out, "TRAFFIC");
	add_counts(out, &f->side[client], "out");
	add_counts(out, &f->side[!client], "in");
	if (f->handshake_ns) {
		char took[32];

		sheet_pair(out, ROLE_VALUE, "handshake", "%s",
			   text_duration(took, sizeof took, f->handshake_ns, ascii));
	}
	add_rtt(out, &f->side[client].rtt, "rtt out", ascii);
	add_rtt(out, &f->side[!client].rtt, "rtt in", ascii);
	add_trouble(out, f, client);
	add_history(out, "STATES OF THE CLIENT", opened_history(s, 0), f->first_ns);
	if (f->side[!client].saw_syn) /* a SYN that nobody accepted has changed nothing there */
		add_history(out, "STATES OF THE SERVER", opened_history(s, 1), f->first_ns);
}

/* --- the file --- */

enum { PROTOCOLS = 256 };

static void add_protocols(struct sheet *out, const struct session *s)
{
	uint32_t counts[PROTOCOLS] = { 0 };
	char number[8];

	for (uint32_t i = 0; i < s->flows.count; i++)
		counts[s->flows.flows[i].proto]++;
	for (unsigned i = 0; i < PROTOCOLS; i++) {
		const char *name = ip_protocol_name((uint8_t)i);

		snprintf(number, sizeof number, "%u", i);
		if (counts[i])
			sheet_bar(out, name ? name : number, counts[i], s->flows.count, "%u", (unsigned)counts[i]);
	}
}

static void add_recording(struct sheet *out, const struct session *s, const struct replay *r)
{
	const struct journal *j = lab_journal(s->lab);
	size_t own = 0;
	char at[24];

	for (size_t i = 0; lab_next(s->lab, &i);)
		own++;
	sheet_head(out, "RECORDING");
	if (r->began_ns)
		sheet_pair(out, ROLE_VALUE, "begun", "%s, by pid %u", clock_text(at, r->began_ns), (unsigned)r->pid);
	sheet_pair(out, ROLE_VALUE, "our own", "%zu socket%s (1), %llu call%s", own, own == 1 ? "" : "s",
		   (unsigned long long)j->count, j->count == 1 ? "" : "s");
	sheet_pair(out, ROLE_VALUE, "the host's", "%zu socket%s (2)", r->host_count, r->host_count == 1 ? "" : "s");
	if (r->unknown || r->bad || r->no_room)
		sheet_pair(out, ROLE_WARN, "left out", "%llu unknown, %llu damaged, %llu without room",
			   (unsigned long long)r->unknown, (unsigned long long)r->bad, (unsigned long long)r->no_room);
}

static void add_file(struct sheet *out, const struct session *s)
{
	const struct opened *o = s->opened;
	char size[24], rate[24];
	uint64_t ns = o->last_ns - o->first_ns;

	sheet_line(out, ROLE_STRONG, "%s", o->name);
	if (o->damage.code)
		sheet_line(out, ROLE_WARN, "%s", o->damage.text);
	if (!o->read && o->size)
		sheet_bar(out, "read", o->done, o->size, "%llu%%", (unsigned long long)(o->done * 100 / o->size));
	else
		sheet_line(out, ROLE_DIM,
			   o->damage.code ? "What comes before that is here."
			   : o->ended     ? "It was read to its end."
			   : o->size      ? "It was read to its end, and is followed should it grow."
					  : "What comes is shown at once.");
	sheet_gap(out);
	if (o->size)
		sheet_pair(out, ROLE_VALUE, "size", "%s bytes", text_size(size, sizeof size, o->size));
	sheet_pair(out, ROLE_VALUE, "packets", "%llu, %s bytes on the wire", (unsigned long long)o->packets,
		   text_size(size, sizeof size, o->bytes));
	add_time(out, o->first_ns, o->last_ns, s->settings.ascii);
	if (ns >= 1000000000u)
		sheet_pair(out, ROLE_VALUE, "mean rate", "%llu packets/s, %s bytes/s",
			   (unsigned long long)(o->packets / (ns / 1000000000u)),
			   text_size(rate, sizeof rate, o->bytes / (ns / 1000000000u)));
	if (o->malformed)
		sheet_pair(out, ROLE_WARN, "malformed", "%llu", (unsigned long long)o->malformed);
	if (o->fragments)
		sheet_pair(out, ROLE_VALUE, "fragments", "%llu", (unsigned long long)o->fragments);
	if (o->no_flow)
		sheet_pair(out, ROLE_VALUE, "in no flow", "%llu: ARP and what else has no IP addresses",
			   (unsigned long long)o->no_flow);
	if (o->keeps)
		sheet_line(out, ROLE_DIM,
			   "It cannot be read at any place, being compressed or a stream: a "
			   "temporary file keeps a copy, the newest %s bytes at most.",
			   text_size(size, sizeof size, o->keeps));
	if (o->replay)
		add_recording(out, s, o->replay);
	sheet_head(out, "FLOWS");
	add_protocols(out, s);
}

void inspect_flow(struct sheet *out, const struct session *s, const struct row *r)
{
	if (r->conversation)
		add_flow(out, s, r);
	else if (s->opened)
		add_file(out, s);
}
