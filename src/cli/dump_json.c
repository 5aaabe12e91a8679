/* dump_json.c - a packet as a JSON object; assets/schema/dump.json describes it. */
#include "dump_inside.h"

#include "analysis/finding.h"
#include "cli/dump_beside.h"
#include "session/name_book.h"
#include "session/source.h"
#include "util/buf.h"
#include "util/json.h"

#include <netinet/in.h>

static void tcp_json(struct json *j, const struct packet *p)
{
	char flags[10];

	json_object(j, "tcp");
	json_string(j, "flags", packet_flag_letters(p->tcp_flags, flags));
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

/* Offsets count from byte `from` of the packet; what begins before it is nobody's. */
static void fields_json(struct dump_print *d, struct json *j, const struct packet *p, const uint8_t *bytes,
			uint32_t from)
{
	decode_tree(p, bytes, d->tree);
	json_array(j, "fields");
	for (unsigned i = 0; i < d->tree->count; i++) {
		const struct tree_node *n = &d->tree->nodes[i];

		if (n->depth == 0 || n->offset < from || (from && n->proto == PROTO_TCP))
			continue;
		json_object(j, NULL);
		json_string(j, "name", n->name);
		json_string(j, "value", tree_text(d->tree, n->value));
		json_uint(j, "offset", n->offset - from);
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

static void address_json(struct dump_print *d, struct json *j, const char *key, const struct packet *p,
			 const uint8_t ip[16])
{
	const struct dump_address *a;

	if (!p->family) {
		json_null(j, key);
		return;
	}
	a = dump_address(d, p->family, ip);
	json_bytes(j, key, a->text, a->len);
}

static void ends_json(struct dump_print *d, struct json *j, const struct packet *p)
{
	address_json(d, j, "src", p, p->src);
	address_json(d, j, "dst", p, p->dst);
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
	if (p->ip_proto == IPPROTO_TCP && p->has_ports && (!p->partial || p->tcp_flags))
		tcp_json(j, p);
	else
		json_null(j, "tcp");
	dump_base(d, p, &base);
	decode_info(p, w->bytes, &base, &info);
	json_bytes(j, "info", buf_text(&info), info.len);
	json_string(j, "malformed", p->note);
	if (d->verbose)
		fields_json(d, j, p, w->bytes, 0);
	json_end(j, '}');
	buf_done(&info);
}

/* Several are a line each. */
static void comment_json(struct dump_print *d, struct json *j)
{
	const struct buf *all = &d->beside->comments;
	struct buf *lines = &d->scratch;

	buf_clear(lines);
	buf_add(lines, all->data, all->len - 1);
	for (size_t i = 0; i < lines->len; i++)
		if (!lines->data[i])
			lines->data[i] = '\n';
	json_bytes(j, "comment", lines->data, lines->len);
}

static void beside_json(struct dump_print *d, struct json *j)
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
	if (b->comments.len && !b->watch)
		comment_json(d, j);
}

/* The TLS records that this packet completed. */
static void opened_json(struct dump_print *d, struct json *j, const struct packet *p)
{
	const struct dump_beside *b = d->beside;

	json_array(j, "decrypted");
	for (unsigned i = 0; i < b->opened_count; i++) {
		const struct tls_record *r = &b->opened[i];

		tls_plain_make(&d->plain, r, p);
		buf_clear(&d->scratch);
		tls_plain_words(&d->plain, r, &d->scratch);
		json_object(j, NULL);
		json_uint(j, "type", r->type);
		json_uint(j, "length", r->len);
		json_string(j, "protocol", r->type == TLS_DATA ? proto_name(decode_protocol(&d->plain.packet)) : "tls");
		json_bytes(j, "info", d->scratch.data, d->scratch.len);
		if (d->verbose) /* without the layers of its made-up packet, which nobody sent */
			fields_json(d, j, &d->plain.packet, (const uint8_t *)d->plain.bytes.data,
				    d->plain.packet.payload_off);
		json_end(j, '}');
	}
	json_end(j, ']');
}

/* -N: what is known by now. */
static void names_json(const struct dump_print *d, struct json *j, const struct packet *p)
{
	uint8_t proto = p->ip_proto;

	json_object(j, "names");
	json_string(j, "src", name_book_host(d->names, p->family, p->src));
	json_string(j, "dst", name_book_host(d->names, p->family, p->dst));
	json_string(j, "sport", p->has_ports ? name_book_port(d->names, proto, p->sport) : NULL);
	json_string(j, "dport", p->has_ports ? name_book_port(d->names, proto, p->dport) : NULL);
	json_end(j, '}');
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

void dump_json(struct dump_print *d, const struct packet *p, const uint8_t *bytes, struct buf *out)
{
	static const char *const ways[] = { NULL, "in", "out" };
	const struct fragments_whole *whole = dump_whole(d, p);
	struct packet_base base;
	struct buf *info = &d->scratch;
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
	ends_json(d, &j, p);
	if (p->ip_proto == IPPROTO_TCP && p->has_ports && (!p->partial || p->tcp_flags))
		tcp_json(&j, p);
	else
		json_null(&j, "tcp");
	if (p->flow != FLOW_NONE)
		json_uint(&j, "flow", p->flow);
	else
		json_null(&j, "flow");
	dump_base(d, p, &base);
	buf_clear(info);
	decode_info(p, bytes, &base, info);
	if (p->analysis)
		finding_words(p->analysis, info);
	if (d->beside->opened_count) {
		buf_puts(info, " [");
		dump_opened_words(d, p, info);
		buf_putc(info, ']');
	}
	json_bytes(&j, "info", info->data, info->len);
	json_string(&j, "malformed", p->note);
	beside_json(d, &j);
	if (d->beside->opened_count)
		opened_json(d, &j, p);
	if (d->names)
		names_json(d, &j, p);
	if (whole)
		whole_json(d, &j, whole);
	if (d->verbose)
		fields_json(d, &j, p, bytes, 0);
	json_end(&j, '}');
	buf_putc(out, '\n');
}
