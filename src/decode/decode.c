/* The engine: how a packet goes through its layers, at both speeds. */
#include "decode/decode.h"

#include "decode/dissect.h"
#include "util/buf.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 1500, LOWEST_TYPE = 1536 /* IEEE 802.3, 3.2.6: what is below is a length */ };

static unsigned layer_title(struct dissect *d, enum proto proto)
{
	const struct field title = { .name = protos[proto].filter,
				     .label = protos[proto].title,
				     .help = protos[proto].source };
	unsigned line;

	d->depth = 0;
	line = field_line(d, &title, d->c.off, 0, "", "");
	d->depth = 1;
	return line;
}

unsigned dissect_layer(struct dissect *d, enum proto proto)
{
	if (d->p->layer_count < PACKET_LAYERS)
		d->p->layers[d->p->layer_count++] = (uint8_t)proto;
	d->proto = (uint8_t)proto;
	return d->tree ? layer_title(d, proto) : 0;
}

void dissect_layer_end(struct dissect *d, unsigned line, uint32_t start)
{
	field_length(d, line, d->c.off - start);
}

bool dissect_header(struct dissect *d, const struct layer *layer)
{
	struct cursor at = d->c;
	unsigned line = dissect_layer(d, layer->proto);

	field_table(d, &at, layer->fields);
	if (layer->words)
		field_meaning(d, line, layer->words);
	if (!cursor_skip(&d->c, layer->size)) {
		dissect_short(d, layer->note);
		return false;
	}
	dissect_layer_end(d, line, at.off);
	return true;
}

void dissect_next(struct dissect *d, enum proto proto)
{
	if (d->c.err)
		return;
	if (d->p->layer_count >= PACKET_LAYERS - 1)
		proto = PROTO_DATA;
	/* A protocol that was announced and does not come is cut short; data may be none. */
	if (proto != PROTO_DATA || cursor_left(&d->c))
		protos[proto].decode(d);
}

void dissect_by(struct dissect *d, const struct route *routes, uint16_t key)
{
	d->key = key;
	dissect_next(d, route_find(routes, key));
}

static bool fits(const struct dissect *d, uint8_t proto)
{
	return proto != PROTO_NONE && (!protos[proto].looks_like || protos[proto].looks_like(d));
}

void dissect_ports(struct dissect *d, const struct port_routes *routes, uint16_t a, uint16_t b)
{
	uint16_t low = a < b ? a : b, high = a < b ? b : a;
	uint8_t to = PROTO_DATA;

	if (cursor_left(&d->c) && !d->inner && !d->piece) {
		d->key = low;
		if (fits(d, routes->ports[low])) {
			to = routes->ports[low];
		} else if (d->key = high, fits(d, routes->ports[high])) {
			to = routes->ports[high];
		} else {
			for (const uint8_t *guess = routes->guesses; *guess; guess++)
				if (fits(d, *guess)) {
					to = *guess;
					break;
				}
		}
	}
	dissect_next(d, to);
}

struct buf *dissect_words(struct dissect *d)
{
	return dissect_outermost(d) ? d->words : NULL;
}

unsigned dissect_text(struct dissect *d, const struct field *row, uint32_t off, uint32_t n)
{
	enum { SHOWN = 2048 }; /* long targets and cookies */
	uint32_t shown = off < d->c.cap ? d->c.cap - off : 0;
	char text[SHOWN + 1];
	const uint8_t *at;

	if (shown > n)
		shown = n;
	if (shown > SHOWN)
		shown = SHOWN;
	at = cursor_at(&d->c, off, shown);
	if (!d->tree || !at)
		return 0;
	snprintf(text, sizeof text, "%.*s", (int)shown, (const char *)at);
	return field_line(d, row, off, n, text, shown < n ? "only the beginning" : "");
}

void dissect_ethertype(struct dissect *d, uint16_t type)
{
	if (type < LOWEST_TYPE) { /* IEEE 802.3: behind that length is padding */
		cursor_limit(&d->c, type);
		dissect_next(d, type <= LONGEST && cursor_left(&d->c) ? PROTO_LLC : PROTO_DATA);
		return;
	}
	if (d->words && !d->nested && route_find(ethertype_routes, type) == PROTO_DATA) {
		const char *name = field_word(ether_types, type);

		if (name)
			buf_puts(d->words, name);
		else
			buf_printf(d->words, "EtherType 0x%04x", type);
		buf_printf(d->words, " len=%u", cursor_left(&d->c));
	}
	dissect_by(d, ethertype_routes, type);
}

void decode_data(struct dissect *d)
{
	static const struct field rows[] = {
		{ "data.data", "Data", 0, 0, FIELD_BYTES, .help = "bytes that no decoder here claims" },
		{ 0 },
	};
	uint32_t left = cursor_left(&d->c);
	unsigned line = dissect_layer(d, PROTO_DATA);
	char words[24];

	if (d->tree) {
		field_table(d, &d->c, rows);
		snprintf(words, sizeof words, "%u bytes", left);
		field_meaning(d, line, words);
		field_length(d, line, left);
	}
	d->c.off = d->c.cap;
}

void dissect_malformed(struct dissect *d, const char *note)
{
	/* What an ICMP error quotes is cut by its sender: that is no fault of this packet. */
	if (d->inner || d->p->status == PACKET_MALFORMED)
		return;
	d->p->status = PACKET_MALFORMED;
	d->p->note = note;
}

void dissect_short(struct dissect *d, const char *note)
{
	if (d->c.err == CURSOR_MALFORMED && !d->piece) {
		dissect_malformed(d, note);
	} else if (d->c.err == CURSOR_TRUNCATED && d->p->status == PACKET_WHOLE) {
		d->p->status = PACKET_TRUNCATED;
		d->p->note = "the snapshot ends before the header does";
	}
}

void dissect_direction(struct dissect *d)
{
	uint8_t way = cursor_u8(&d->c);

	if (!d->c.err && d->p->direction == DIRECTION_UNKNOWN)
		d->p->direction = way ? DIRECTION_OUT : DIRECTION_IN;
}

void dissect_payload(struct dissect *d)
{
	if (!dissect_outermost(d))
		return;
	d->p->payload_off = d->c.off;
	d->p->payload_len = cursor_left(&d->c);
}

static void clear(struct packet *p)
{
	const size_t from = offsetof(struct packet, status), to = offsetof(struct packet, flow);

	memset((char *)p + from, 0, to - from);
}

static void run(struct packet *p, const uint8_t *bytes, struct tree *t, struct buf *words, struct decode_piece *cut)
{
	/* A damaged record may say that a packet was shorter than what was kept of it. */
	uint32_t len = p->len > p->cap ? p->len : p->cap;
	struct dissect d = { .c = cursor_of(bytes, p->cap, len), .p = p, .tree = t, .words = words, .cut = cut };

	clear(p);
	if (len)
		dissect_by(&d, linktype_routes, p->linktype);
	if (p->status == PACKET_WHOLE && p->cap < p->len)
		p->status = PACKET_TRUNCATED;
}

void decode_summary(struct packet *p, const uint8_t *bytes)
{
	run(p, bytes, NULL, NULL, NULL);
}

void decode_tree(const struct packet *p, const uint8_t *bytes, struct tree *t)
{
	struct packet scratch = *p;

	t->count = 0;
	t->used = 1;
	t->text[0] = '\0';
	t->cut = false;
	run(&scratch, bytes, t, NULL, NULL);
}

void decode_words(const struct packet *p, const uint8_t *bytes, struct buf *out)
{
	struct packet scratch = *p;

	run(&scratch, bytes, NULL, out, NULL);
}

bool decode_piece(const struct packet *p, const uint8_t *bytes, struct decode_piece *out)
{
	struct packet scratch = *p;

	*out = (struct decode_piece){ 0 };
	if (p->fragment)
		run(&scratch, bytes, NULL, NULL, out);
	return out->header_len && out->header_off + out->header_len <= p->cap;
}
