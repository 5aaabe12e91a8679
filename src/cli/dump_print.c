#include "cli/dump.h"

#include "analysis/finding.h"
#include "cli/dump_beside.h"
#include "session/source.h"
#include "util/buf.h"
#include "util/json.h"
#include "util/text.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#define SECOND 1000000000u

static void base_of(const struct dump_print *d, const struct packet *p, struct packet_base *base)
{
	memset(base, 0, sizeof *base);
	base->wscale = -1;
	if (p->flow != FLOW_NONE && p->flow < d->flows->count)
		flow_base(&d->flows->flows[p->flow], p, base);
	base->ascii = d->ascii;
}

/* The innermost layer that has a name of its own. */
/* --- text --- */

static void add_time(struct dump_print *d, uint64_t at_ns, struct buf *out)
{
	uint64_t from = d->time == TIME_RELATIVE ? d->first_ns : d->time == TIME_DELTA ? d->last_ns : 0;
	uint64_t ns = at_ns >= from ? at_ns - from : 0;
	char text[40];
	unsigned day;

	if (d->time != TIME_ABSOLUTE) {
		snprintf(text, sizeof text, "%llu.%09llu ", (unsigned long long)(ns / SECOND),
			 (unsigned long long)(ns % SECOND));
	} else {
		day = (unsigned)(((int64_t)(at_ns / SECOND) + d->zone_s) % 86400);
		snprintf(text, sizeof text, "%02u:%02u:%02u.%06u ", day / 3600, day / 60 % 60, day % 60,
			 (unsigned)(at_ns % SECOND / 1000));
	}
	buf_puts(out, text);
}

static void add_ends(const struct dump_print *d, const struct packet *p, struct buf *out)
{
	struct endpoint from, to;
	char text[ENDPOINT_TEXT];

	packet_source(p, &from);
	packet_destination(p, &to);
	if (from.family == AF_UNSPEC)
		return;
	buf_puts(out, endpoint_address(&from, text, sizeof text));
	buf_puts(out, d->ascii ? " > " : " → ");
	buf_puts(out, endpoint_address(&to, text, sizeof text));
	buf_putc(out, ' ');
}

static void add_tree(struct dump_print *d, const struct packet *p, const uint8_t *bytes, struct buf *out)
{
	decode_tree(p, bytes, d->tree);
	for (unsigned i = 0; i < d->tree->count; i++) {
		const struct tree_node *n = &d->tree->nodes[i];
		const char *value = tree_text(d->tree, n->value), *meaning = tree_text(d->tree, n->meaning);

		buf_printf(out, "    %*s%s", n->depth * 2, "", n->label);
		if (*meaning)
			buf_printf(out, ": %s%s%s%s", meaning, *value ? " (" : "", value, *value ? ")" : "");
		else if (*value)
			buf_printf(out, ": %s", value);
		buf_putc(out, '\n');
	}
}

static void add_hex(const struct packet *p, const uint8_t *bytes, struct buf *out)
{
	enum { ROW = 16 };

	for (uint32_t at = 0; at < p->cap; at += ROW) {
		uint32_t here = p->cap - at < ROW ? p->cap - at : ROW;

		buf_printf(out, "    %04x ", at);
		for (uint32_t i = 0; i < ROW; i++)
			if (i < here)
				buf_printf(out, "%s%02x", i == 8 ? "  " : " ", bytes[at + i]);
			else
				buf_puts(out, i == 8 ? "    " : "   ");
		buf_puts(out, "  ");
		for (uint32_t i = 0; i < here; i++)
			buf_putc(out, bytes[at + i] >= ' ' && bytes[at + i] < 0x7f ? (char)bytes[at + i] : '.');
		buf_putc(out, '\n');
	}
}

/* The datagram that this packet completed. */
static const struct fragments_whole *whole_of(const struct dump_print *d, const struct packet *p)
{
	return p->fragment ? flow_table_whole(d->flows, p->number) : NULL;
}

static void add_whole(struct dump_print *d, const struct fragments_whole *w, struct buf *out)
{
	struct packet_base base;

	buf_printf(out, " [whole with %u pieces, %u bytes: ", w->pieces, w->length);
	base_of(d, &w->packet, &base);
	decode_info(&w->packet, w->bytes, &base, out);
	buf_putc(out, ']');
}

static void add_owners(const struct dump_print *d, struct buf *out)
{
	buf_puts(out, " (");
	packet_owners_words(&d->beside->owners, d->ascii, out);
	buf_putc(out, ')');
}

static void text_packet(struct dump_print *d, const struct packet *p, const uint8_t *bytes, struct buf *out)
{
	const struct fragments_whole *whole = whole_of(d, p);
	struct packet_base base;

	add_time(d, p->at_ns, out);
	add_ends(d, p, out);
	for (const char *c = proto_name(decode_protocol(p)); *c; c++)
		buf_putc(out, *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c);
	buf_putc(out, ' ');
	base_of(d, p, &base);
	if (d->quiet) {
		if (p->has_ports)
			buf_printf(out, "%u %s %u ", p->sport, d->ascii ? "->" : "→", p->dport);
		buf_puts(out, "len=");
		buf_uint(out, p->family ? p->payload_len : p->len);
	} else {
		decode_info(p, bytes, &base, out);
		finding_words(p->analysis, out);
	}
	if (whole && !d->quiet)
		add_whole(d, whole, out);
	if (d->beside->owned && !d->quiet)
		add_owners(d, out);
	buf_putc(out, '\n');
	if (d->verbose)
		add_tree(d, p, bytes, out);
	if (d->verbose && whole)
		add_tree(d, &whole->packet, whole->bytes, out);
	if (d->hex)
		add_hex(p, bytes, out);
}

/* --- JSON --- */

static void tcp_json(struct json *j, const struct packet *p)
{
	char flags[10];

	json_object(j, "tcp");
	json_string(j, "flags", packet_flags(p->tcp_flags, flags));
	json_uint(j, "seq", p->tcp_seq);
	json_uint(j, "ack", p->tcp_ack);
	json_uint(j, "window", p->tcp_window);
	json_uint(j, "payload", p->payload_len);
	json_array(j, "analysis");
	for (unsigned i = 0; i < FINDING_COUNT; i++)
		if (p->analysis & 1u << i)
			json_string(j, NULL, findings[i].name);
	json_end(j, ']');
	json_end(j, '}');
}

static void fields_json(struct dump_print *d, struct json *j, const struct packet *p, const uint8_t *bytes)
{
	decode_tree(p, bytes, d->tree);
	json_array(j, "fields");
	for (unsigned i = 0; i < d->tree->count; i++) {
		const struct tree_node *n = &d->tree->nodes[i];

		if (n->depth == 0)
			continue;
		json_object(j, NULL);
		json_string(j, "name", n->name);
		json_string(j, "value", tree_text(d->tree, n->value));
		json_uint(j, "offset", n->offset);
		json_uint(j, "length", n->len);
		json_end(j, '}');
	}
	json_end(j, ']');
}

static void layers_json(struct json *j, const struct packet *p)
{
	json_array(j, "layers");
	for (unsigned i = 0; i < p->layer_count; i++)
		json_string(j, NULL, proto_name(p->layers[i]));
	json_end(j, ']');
}

static void ports_json(struct json *j, const struct packet *p)
{
	if (p->has_ports) {
		json_uint(j, "sport", p->sport);
		json_uint(j, "dport", p->dport);
	} else {
		json_null(j, "sport");
		json_null(j, "dport");
	}
}

static void ends_json(struct json *j, const struct packet *p)
{
	struct endpoint from, to;
	char text[ENDPOINT_TEXT];

	packet_source(p, &from);
	packet_destination(p, &to);
	json_string(j, "src", from.family ? endpoint_address(&from, text, sizeof text) : NULL);
	json_string(j, "dst", to.family ? endpoint_address(&to, text, sizeof text) : NULL);
	ports_json(j, p);
}

/* The whole datagram as an object of its own: what its packet would have said. */
static void whole_json(struct dump_print *d, struct json *j, const struct fragments_whole *w)
{
	const struct packet *p = &w->packet;
	struct packet_base base;
	struct buf info = { 0 };

	json_object(j, "reassembled");
	json_uint(j, "fragments", w->pieces);
	json_uint(j, "length", w->length);
	layers_json(j, p);
	json_string(j, "protocol", proto_name(decode_protocol(p)));
	ports_json(j, p);
	if (p->ip_proto == IPPROTO_TCP && p->has_ports)
		tcp_json(j, p);
	else
		json_null(j, "tcp");
	base_of(d, p, &base);
	decode_info(p, w->bytes, &base, &info);
	json_bytes(j, "info", buf_text(&info), info.len);
	json_string(j, "malformed", p->note);
	if (d->verbose)
		fields_json(d, j, p, w->bytes);
	json_end(j, '}');
	buf_done(&info);
}

static void beside_json(const struct dump_print *d, struct json *j)
{
	static const char *const ends[] = { "src", "dst" };
	const struct dump_beside *b = d->beside;

	if (!b->owned) {
		json_null(j, "owners");
	} else {
		json_array(j, "owners");
		for (unsigned i = 0; i < 2; i++)
			if (b->owners.end[i].pid)
				end_owner_json(j, NULL, ends[i], &b->owners.end[i]);
		json_end(j, ']');
	}
	if (b->comment.len && !b->watch)
		json_bytes(j, "comment", b->comment.data, b->comment.len);
}

/* NULL: not known. */
static const char *interface_of(struct dump_print *d, const struct packet *p)
{
	if (!p->ifindex || !d->source)
		return NULL;
	if (d->named != p->ifindex || d->named_source != p->source)
		source_interface(d->source, p, d->interface);
	d->named = p->ifindex;
	d->named_source = p->source;
	return d->interface[0] ? d->interface : NULL;
}

static void json_packet(struct dump_print *d, const struct packet *p, const uint8_t *bytes, struct buf *out)
{
	static const char *const ways[] = { NULL, "in", "out" };
	const struct fragments_whole *whole = whole_of(d, p);
	struct packet_base base;
	struct buf info = { 0 };
	struct json j;

	json_init(&j, out);
	json_object(&j, NULL);
	json_uint(&j, "number", p->number);
	json_time(&j, "time", p->at_ns);
	json_uint(&j, "length", p->len);
	json_uint(&j, "captured", p->cap);
	if (p->rebuilt) /* bytes of header at its start that were not seen on the wire */
		json_uint(&j, "rebuilt", p->rebuilt);
	json_string(&j, "interface", interface_of(d, p));
	json_string(&j, "direction", ways[p->direction]);
	layers_json(&j, p);
	json_string(&j, "protocol", proto_name(decode_protocol(p)));
	ends_json(&j, p);
	if (p->ip_proto == IPPROTO_TCP && p->has_ports)
		tcp_json(&j, p);
	else
		json_null(&j, "tcp");
	if (p->flow != FLOW_NONE)
		json_uint(&j, "flow", p->flow);
	else
		json_null(&j, "flow");
	base_of(d, p, &base);
	decode_info(p, bytes, &base, &info);
	finding_words(p->analysis, &info);
	json_bytes(&j, "info", buf_text(&info), info.len);
	json_string(&j, "malformed", p->note);
	beside_json(d, &j);
	if (whole)
		whole_json(d, &j, whole);
	if (d->verbose)
		fields_json(d, &j, p, bytes);
	json_end(&j, '}');
	buf_putc(out, '\n');
	buf_done(&info);
}

void dump_packet(struct dump_print *d, const struct packet *p, const uint8_t *bytes, struct buf *out)
{
	if (!d->first_ns)
		d->first_ns = d->last_ns = p->at_ns;
	if (d->json)
		json_packet(d, p, bytes, out);
	else
		text_packet(d, p, bytes, out);
	d->last_ns = p->at_ns;
}
