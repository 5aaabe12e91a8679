/* dump_flows.c - `dump --flows`: a row or an object a flow, in the order in which they began. */
#include "cli/dump_view.h"

#include "analysis/flow_state.h"
#include "cli/options.h"
#include "cli/columns.h"
#include "decode/dissect.h"
#include "session/name_book.h"
#include "util/json.h"
#include "util/mem.h"
#include "util/text.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AT_ONCE = 2000 /* rows whose columns are made equally wide */ };

/* "tcp"; a number where the protocol has no name. */
static const char *protocol(const struct flow *f, char out[32])
{
	const char *name = ip_protocol_name(f->proto);
	size_t at = 0;

	if (!name)
		snprintf(out, 32, "%u", f->proto);
	for (; name && name[at] && at < 31; at++)
		out[at] = (char)(name[at] >= 'A' && name[at] <= 'Z' ? name[at] + 32 : name[at]);
	if (name)
		out[at] = '\0';
	return out;
}

static uint64_t packets_of(const struct flow *f)
{
	return f->side[0].packets + f->side[1].packets;
}

/* What TCP alone has; the others may be fragments of it. */
static bool has_tcp(const struct flow *f)
{
	return f->proto == IPPROTO_TCP && f->has_ports;
}

/* --- text --- */

static const struct columns_head columns[] = {
	{ "Flow", true },
	{ "Proto", false },
	{ "App", false },
	{ "From", false },
	{ "To", false },
	{ "Packets", true },
	{ "Back", true },
	{ "Bytes", true },
	{ "Back", true },
	{ "Time", true },
	{ "RTT", true },
	{ "Resent", true },
	{ "Late", true },
	{ "Lost", true },
	{ "Zero win", true },
	{ "State", false },
	{ "End", false },
	{ "Owner", false },
	{ 0 },
};

/* A count that is a reason to look, where there is one. */
static void trouble(struct columns *t, uint64_t count)
{
	if (count)
		columns_number(t, count, "33");
	else
		columns_put(t, "-", "2");
}

static void duration(struct columns *t, uint64_t ns, bool known)
{
	char text[32];

	columns_put(t, known ? text_duration(text, sizeof text, ns, false) : "-", known ? NULL : "2");
}

static void ends(struct columns *t, const struct flow *f, struct name_book *names)
{
	for (unsigned i = 0; i < 2; i++) {
		char text[ENDPOINT_TEXT];
		struct endpoint e;

		flow_endpoint(f, i, &e);
		if (names)
			name_book_endpoint(names, f->proto, &e, text, sizeof text);
		else
			endpoint_format(&e, text, sizeof text);
		columns_put(t, text, NULL);
	}
}

static void ending(struct columns *t, const struct flow *f)
{
	static const char *const colours[FLOW_ENDINGS] = { [FLOW_RST] = "31", [FLOW_HALF] = "33" };
	enum flow_ending end = flow_ending(f);
	const char *word = flow_endings[end];

	if (end == FLOW_RST)
		word = flow_reset_by(f) ? "rst ←" : "rst →";
	columns_put(t, has_tcp(f) ? word : "-", has_tcp(f) ? colours[end] : "2");
}

/* "curl → nginx", "from curl": as in the packets' lines. */
static void owner(struct columns *t, const struct flow *f)
{
	struct buf words = { 0 };

	if (packet_owners_known(f->owners))
		packet_owners_words(f->owners, false, &words);
	columns_put(t, words.len ? words.data : "-", words.len ? NULL : "2");
	buf_done(&words);
}

static void row(struct columns *t, const struct flow *f, struct name_book *names)
{
	const struct flow_side *a = &f->side[0], *b = &f->side[1];
	char text[32];

	columns_number(t, f->id, NULL);
	columns_put(t, protocol(f, text), NULL);
	columns_put(t, f->app ? proto_name(f->app) : "-", f->app ? "36" : "2");
	ends(t, f, names);
	columns_number(t, a->packets, NULL);
	columns_number(t, b->packets, NULL);
	columns_put(t, text_size(text, sizeof text, a->wire_bytes), NULL);
	columns_put(t, text_size(text, sizeof text, b->wire_bytes), NULL);
	duration(t, f->last_ns >= f->first_ns ? f->last_ns - f->first_ns : 0, packets_of(f) > 1);
	duration(t, flow_round_trip_ns(f), flow_round_trip_ns(f));
	trouble(t, (uint64_t)a->retransmissions + b->retransmissions);
	trouble(t, (uint64_t)a->out_of_order + b->out_of_order);
	trouble(t, (uint64_t)a->lost + b->lost);
	trouble(t, (uint64_t)a->zero_windows + b->zero_windows);
	columns_put(t, state_name(flow_state(f, flow_opener(f))), NULL);
	ending(t, f);
	owner(t, f);
}

static void text_flows(const struct dump_view_config *c, struct dump_out *out)
{
	struct columns t;

	columns_init(&t, columns);
	for (uint32_t i = 0; i < c->flows->count && !out->broken; i += AT_ONCE) {
		columns_clear(&t);
		for (uint32_t k = i; k < c->flows->count && k - i < AT_ONCE; k++)
			row(&t, &c->flows->flows[k], c->names);
		columns_write(&t, !i, c->colour, &out->text);
		dump_out_flush(out);
	}
	columns_done(&t);
}

/* --- JSON --- */

static void rtt_json(struct json *j, const struct flow_rtt *r)
{
	if (!r->count) {
		json_null(j, "rtt");
		return;
	}
	json_object(j, "rtt");
	json_uint(j, "count", r->count);
	json_uint(j, "min_us", r->min_us);
	json_uint(j, "mean_us", r->sum_ns / r->count / 1000);
	json_uint(j, "max_us", r->max_us);
	json_end(j, '}');
}

static void side_json(struct json *j, const struct flow *f, unsigned side, struct name_book *names)
{
	const struct flow_side *s = &f->side[side];
	char text[ENDPOINT_TEXT];
	struct endpoint e;

	flow_endpoint(f, side, &e);
	json_object(j, NULL);
	json_string(j, "address", endpoint_address(&e, text, sizeof text));
	if (names)
		json_string(j, "name", name_book_host(names, e.family, e.ip));
	if (f->has_ports)
		json_uint(j, "port", e.port);
	else
		json_null(j, "port");
	json_uint(j, "packets", s->packets);
	json_uint(j, "bytes", s->wire_bytes);
	json_uint(j, "payload", s->bytes);
	if (packet_owners_known(f->owners))
		end_owner_json(j, "owner", NULL, &f->owners->end[side]);
	else
		json_null(j, "owner");
	if (has_tcp(f)) {
		json_object(j, "tcp");
		json_string(j, "state", state_name(flow_state(f, side)));
		json_uint(j, "retransmissions", s->retransmissions);
		json_uint(j, "out_of_order", s->out_of_order);
		json_uint(j, "lost", s->lost);
		json_uint(j, "duplicate_acks", s->duplicate_acks);
		json_uint(j, "zero_windows", s->zero_windows);
		rtt_json(j, &s->rtt);
		json_end(j, '}');
	} else {
		json_null(j, "tcp");
	}
	json_end(j, '}');
}

static void tcp_json(struct json *j, const struct flow *f)
{
	int reset = flow_reset_by(f);

	if (!has_tcp(f)) {
		json_null(j, "tcp");
		return;
	}
	json_object(j, "tcp");
	json_string(j, "state", state_name(flow_state(f, flow_opener(f))));
	json_uint(j, "opened_by", flow_opener(f));
	json_string(j, "ended", flow_endings[flow_ending(f)]);
	if (reset < 0)
		json_null(j, "reset_by");
	else
		json_uint(j, "reset_by", (unsigned)reset);
	if (f->handshake_ns)
		json_uint(j, "handshake_us", f->handshake_ns / 1000);
	else
		json_null(j, "handshake_us");
	json_end(j, '}');
}

static void owner_json(struct json *j, const struct flow *f)
{
	struct buf words = { 0 };

	if (packet_owners_known(f->owners))
		packet_owners_words(f->owners, false, &words);
	json_string(j, "owner", words.data);
	buf_done(&words);
}

static void flow_json(const struct flow *f, struct name_book *names, struct buf *out)
{
	char text[32];
	struct json j;

	json_init(&j, out);
	json_object(&j, NULL);
	json_uint(&j, "flow", f->id);
	json_string(&j, "protocol", protocol(f, text));
	json_string(&j, "application", f->app ? proto_name(f->app) : NULL);
	json_time(&j, "first", f->first_ns);
	json_time(&j, "last", f->last_ns);
	json_uint(&j, "first_packet", f->first);
	json_uint(&j, "last_packet", f->last);
	json_uint(&j, "packets", packets_of(f));
	json_uint(&j, "bytes", f->side[0].wire_bytes + f->side[1].wire_bytes);
	json_array(&j, "sides");
	side_json(&j, f, 0, names);
	side_json(&j, f, 1, names);
	json_end(&j, ']');
	tcp_json(&j, f);
	if (f->older == FLOW_NONE)
		json_null(&j, "older");
	else
		json_uint(&j, "older", f->older);
	owner_json(&j, f);
	json_end(&j, '}');
	buf_putc(out, '\n');
}

/* --- the view --- */

static void *begin(const struct dump_view_config *config, struct err *e)
{
	struct dump_view_config *c = mem_alloc(sizeof *c);

	(void)e;
	*c = *config;
	return c;
}

/* -N: a few rounds, each for as many addresses as are asked for at a time. */
static void ask_names(const struct dump_view_config *c)
{
	enum { ROUNDS = 4, EACH_MS = 750 };

	for (unsigned round = 0; round < ROUNDS; round++) {
		for (uint32_t i = 0; i < c->flows->count; i++)
			for (unsigned side = 0; side < 2; side++)
				name_book_host(c->names, c->flows->flows[i].family, c->flows->flows[i].end[side].ip);
		name_book_wait(c->names, EACH_MS);
	}
}

static int end(void *self, struct dump_out *out)
{
	struct dump_view_config *c = self;
	const struct flow_table *t = c->flows;

	if (c->names)
		ask_names(c);
	for (uint32_t i = 0; c->json && i < t->count && !out->broken; i++) {
		flow_json(&t->flows[i], c->names, &out->text);
		dump_out_room(out);
	}
	if (!c->json)
		text_flows(c, out);
	dump_out_flush(out);
	if (t->refused)
		complain(0, "%llu packets belong to flows beyond the %u that are kept", (unsigned long long)t->refused,
			 t->limit);
	free(c);
	return EXIT_DONE;
}

const struct dump_view dump_flows = { .name = "flows", .begin = begin, .end = end };
