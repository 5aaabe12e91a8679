/* dump_stats.c - `dump --stats`: totals by protocol, by what the TCP analysis found, by address. */
#include "cli/dump_view.h"

#include "analysis/tally.h"
#include "cli/columns.h"
#include "cli/options.h"
#include "decode/proto.h"
#include "util/json.h"
#include "util/mem.h"
#include "util/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOP = 10, TOP_VERBOSE = 1000 };

struct stats_view {
	struct dump_view_config config;
	struct tally tally;
	struct tally_address *addresses;
	size_t count;
	uint64_t left_out;
};

static unsigned depth_of(const struct tally *t, unsigned node)
{
	unsigned depth = 0;

	while ((node = t->nodes[node].parent))
		depth++;
	return depth;
}

/* The nodes in the order of a printed tree; 0: there are no more. */
static unsigned next_node(const struct tally *t, unsigned node)
{
	if (t->nodes[node].child)
		return t->nodes[node].child;
	while (node && !t->nodes[node].next)
		node = t->nodes[node].parent;
	return node ? t->nodes[node].next : 0;
}

/* --- text --- */

static void percent(struct columns *t, uint64_t part, uint64_t all)
{
	char text[16];

	snprintf(text, sizeof text, "%.1f", all ? 100.0 * (double)part / (double)all : 0.0);
	columns_put(t, text, NULL);
}

static void size(struct columns *t, uint64_t bytes)
{
	char text[32];

	columns_put(t, text_size(text, sizeof text, bytes), NULL);
}

/* What became of datagrams that came in pieces; zeros tell nothing. */
static void text_fragments(const struct fragments *f, struct buf *out)
{
	const struct fragments_stats *s = f ? fragments_stats(f) : NULL;
	const struct {
		uint64_t count;
		const char *words;
	} rows[] = {
		{ s ? s->whole : 0, "datagrams whole" },
		{ s ? s->overlapped : 0, "given up for pieces that contradict each other" },
		{ s ? s->expired : 0, "for being late" },
		{ s ? s->evicted : 0, "for want of room" },
		{ s ? s->cut : 0, "not captured whole" },
	};

	if (!s || !s->pieces)
		return;
	buf_printf(out, "%llu fragments", (unsigned long long)s->pieces);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].count)
			buf_printf(out, ", %llu %s", (unsigned long long)rows[i].count, rows[i].words);
	buf_putc(out, '\n');
}

static void text_total(const struct stats_view *v, struct buf *out)
{
	const struct tally *t = &v->tally;
	uint64_t ns = t->last_ns > t->first_ns ? t->last_ns - t->first_ns : 0;
	char bytes[32], time[32];

	buf_printf(out, "%llu packets, %s bytes, %s, %u conversations", (unsigned long long)t->nodes[0].packets,
		   text_size(bytes, sizeof bytes, t->nodes[0].bytes), text_duration(time, sizeof time, ns, false),
		   v->config.flows->count);
	if (t->malformed)
		buf_printf(out, ", %llu malformed", (unsigned long long)t->malformed);
	if (t->truncated)
		buf_printf(out, ", %llu not captured whole", (unsigned long long)t->truncated);
	if (v->config.flows->refused)
		buf_printf(out, ", %llu beyond the conversations that are kept",
			   (unsigned long long)v->config.flows->refused);
	buf_putc(out, '\n');
	text_fragments(v->config.flows->fragments, out);
	buf_putc(out, '\n');
}

static void text_protocols(const struct stats_view *v, struct buf *out)
{
	static const struct columns_head heads[] = { { "Protocol", false }, { "Packets", true }, { "%", true },
						     { "Bytes", true },     { "%", true },       { 0 } };
	const struct tally *t = &v->tally;
	struct columns rows;

	columns_init(&rows, heads);
	for (unsigned i = next_node(t, 0); i; i = next_node(t, i)) {
		char name[128];

		snprintf(name, sizeof name, "%*s%s", (int)depth_of(t, i) * 2, "", proto_name(t->nodes[i].proto));
		columns_put(&rows, name, NULL);
		columns_number(&rows, t->nodes[i].packets, NULL);
		percent(&rows, t->nodes[i].packets, t->nodes[0].packets);
		size(&rows, t->nodes[i].bytes);
		percent(&rows, t->nodes[i].bytes, t->nodes[0].bytes);
	}
	columns_write(&rows, true, v->config.colour, out);
	columns_done(&rows);
}

static void text_findings(const struct stats_view *v, struct buf *out)
{
	static const struct columns_head heads[] = { { "TCP analysis", false }, { "Packets", true }, { 0 } };
	struct columns rows;

	columns_init(&rows, heads);
	for (unsigned i = 0; i < FINDING_COUNT; i++)
		if (v->tally.found[i]) {
			columns_put(&rows, findings[i].words, NULL);
			columns_number(&rows, v->tally.found[i], findings[i].weight == WEIGHT_WARN ? "33" : NULL);
		}
	if (rows.used) {
		buf_putc(out, '\n');
		columns_write(&rows, true, v->config.colour, out);
	}
	columns_done(&rows);
}

static const char *address_text(const struct tally_address *a, char out[ENDPOINT_TEXT])
{
	struct endpoint e = { .family = a->family };

	memcpy(e.ip, a->ip, sizeof e.ip);
	return endpoint_address(&e, out, ENDPOINT_TEXT);
}

static size_t shown(const struct stats_view *v)
{
	size_t most = v->config.verbose ? TOP_VERBOSE : TOP;

	return v->count < most ? v->count : most;
}

static void text_addresses(const struct stats_view *v, struct buf *out)
{
	static const struct columns_head heads[] = { { "Address", false },
						     { "Flows", true },
						     { "Sent", true },
						     { "Bytes", true },
						     { "Received", true },
						     { "Bytes", true },
						     { 0 } };
	struct columns rows;

	columns_init(&rows, heads);
	for (size_t i = 0; i < shown(v); i++) {
		const struct tally_address *a = &v->addresses[i];
		char text[ENDPOINT_TEXT];

		columns_put(&rows, address_text(a, text), NULL);
		columns_number(&rows, a->flows, NULL);
		for (unsigned way = 0; way < 2; way++) {
			columns_number(&rows, a->packets[way], NULL);
			size(&rows, a->bytes[way]);
		}
	}
	if (rows.used) {
		buf_putc(out, '\n');
		columns_write(&rows, true, v->config.colour, out);
	}
	if (v->count > shown(v))
		buf_printf(out, "and %zu more addresses\n", v->count - shown(v));
	columns_done(&rows);
}

/* --- JSON: an object a line, `kind` tells which --- */

static void begin_json(struct json *j, struct buf *out, const char *kind)
{
	json_init(j, out);
	json_object(j, NULL);
	json_string(j, "kind", kind);
}

static void end_json(struct json *j, struct buf *out)
{
	json_end(j, '}');
	buf_putc(out, '\n');
}

static void json_fragments(struct json *j, const struct fragments *f)
{
	const struct fragments_stats *s = f ? fragments_stats(f) : NULL;

	if (!s || !s->pieces) {
		json_null(j, "fragments");
		return;
	}
	json_object(j, "fragments");
	json_uint(j, "pieces", s->pieces);
	json_uint(j, "whole", s->whole);
	json_uint(j, "overlapped", s->overlapped);
	json_uint(j, "expired", s->expired);
	json_uint(j, "evicted", s->evicted);
	json_uint(j, "cut", s->cut);
	json_end(j, '}');
}

static void json_total(const struct stats_view *v, struct buf *out)
{
	const struct tally *t = &v->tally;
	struct json j;

	begin_json(&j, out, "total");
	json_uint(&j, "packets", t->nodes[0].packets);
	json_uint(&j, "bytes", t->nodes[0].bytes);
	json_time(&j, "first", t->first_ns);
	json_time(&j, "last", t->last_ns);
	json_uint(&j, "flows", v->config.flows->count);
	json_uint(&j, "addresses", v->count);
	json_uint(&j, "malformed", t->malformed);
	json_uint(&j, "truncated", t->truncated);
	json_uint(&j, "refused", v->config.flows->refused);
	json_fragments(&j, v->config.flows->fragments);
	end_json(&j, out);
}

static void json_protocol(const struct tally *t, unsigned node, struct buf *out)
{
	unsigned path[PACKET_LAYERS + 1], count = 0;
	struct json j;

	for (unsigned i = node; i && count <= PACKET_LAYERS; i = t->nodes[i].parent)
		path[count++] = i;
	begin_json(&j, out, "protocol");
	json_array(&j, "layers");
	while (count--)
		json_string(&j, NULL, proto_name(t->nodes[path[count]].proto));
	json_end(&j, ']');
	json_uint(&j, "packets", t->nodes[node].packets);
	json_uint(&j, "bytes", t->nodes[node].bytes);
	end_json(&j, out);
}

static void json_address(const struct tally_address *a, struct buf *out)
{
	char text[ENDPOINT_TEXT];
	struct json j;

	begin_json(&j, out, "address");
	json_string(&j, "address", address_text(a, text));
	json_uint(&j, "flows", a->flows);
	json_uint(&j, "packets_sent", a->packets[0]);
	json_uint(&j, "bytes_sent", a->bytes[0]);
	json_uint(&j, "packets_received", a->packets[1]);
	json_uint(&j, "bytes_received", a->bytes[1]);
	end_json(&j, out);
}

static void json_stats(const struct stats_view *v, struct buf *out)
{
	const struct tally *t = &v->tally;

	json_total(v, out);
	for (unsigned i = next_node(t, 0); i; i = next_node(t, i))
		json_protocol(t, i, out);
	for (unsigned i = 0; i < FINDING_COUNT; i++)
		if (t->found[i]) {
			struct json j;

			begin_json(&j, out, "analysis");
			json_string(&j, "name", findings[i].name);
			json_uint(&j, "packets", t->found[i]);
			end_json(&j, out);
		}
	for (size_t i = 0; i < shown(v); i++)
		json_address(&v->addresses[i], out);
}

/* --- the view --- */

static void *begin(const struct dump_view_config *config, struct err *e)
{
	struct stats_view *v = mem_alloc(sizeof *v);

	(void)e;
	v->config = *config;
	tally_init(&v->tally);
	return v;
}

static bool packet(void *self, const struct packet *p, const uint8_t *bytes, struct dump_out *out)
{
	struct stats_view *v = self;

	(void)bytes;
	(void)out;
	tally_add(&v->tally, p);
	return true;
}

static int end(void *self, struct dump_out *out)
{
	struct stats_view *v = self;

	v->addresses = tally_addresses(v->config.flows, &v->count, &v->left_out);
	if (v->config.json) {
		json_stats(v, &out->text);
	} else {
		text_total(v, &out->text);
		text_protocols(v, &out->text);
		text_findings(v, &out->text);
		text_addresses(v, &out->text);
	}
	dump_out_flush(out);
	free(v->addresses);
	free(v);
	return EXIT_DONE;
}

const struct dump_view dump_stats = { .name = "stats", .begin = begin, .packet = packet, .end = end };
