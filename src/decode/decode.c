/* The engine: how a packet goes through its layers, at both speeds. */
#include "decode/decode.h"

#include "decode/dissect.h"
#include "decode/route.h"

#include <stddef.h>
#include <string.h>

unsigned dissect_layer(struct dissect *d, enum proto proto)
{
	const struct field title = { .name = protos[proto].filter,
				     .label = protos[proto].title,
				     .help = protos[proto].source };

	if (d->p->layer_count < PACKET_LAYERS)
		d->p->layers[d->p->layer_count++] = (uint8_t)proto;
	d->proto = (uint8_t)proto;
	if (!d->tree)
		return 0;
	d->depth = 0;
	d->depth = (uint8_t)(field_line(d, &title, d->c.off, 0, "", "") < TREE_NODES);
	return d->tree->count - 1;
}

void dissect_layer_end(struct dissect *d, unsigned line, uint32_t start)
{
	field_length(d, line, d->c.off - start);
}

void dissect_next(struct dissect *d, enum proto proto)
{
	if (d->c.err || !cursor_left(&d->c))
		return;
	if (d->p->layer_count >= PACKET_LAYERS - 1)
		proto = PROTO_DATA;
	protos[proto].decode(d);
}

void dissect_data(struct dissect *d)
{
	dissect_next(d, PROTO_DATA);
}

void decode_data(struct dissect *d)
{
	static const struct field row = { .name = "data.data",
					  .label = "Data",
					  .help = "bytes that no decoder claims" };
	uint32_t start = d->c.off, left = cursor_left(&d->c);
	unsigned line = dissect_layer(d, PROTO_DATA);

	field_bytes(d, &row, start, left);
	field_length(d, line, left);
	d->c.off = d->c.cap;
}

void dissect_malformed(struct dissect *d, const char *note)
{
	/* What an ICMP error quotes is cut short by its sender: that is no fault of this packet. */
	if (d->inner || d->p->status == PACKET_MALFORMED)
		return;
	d->p->status = PACKET_MALFORMED;
	d->p->note = note;
}

void dissect_short(struct dissect *d, const char *note)
{
	if (d->c.err == CURSOR_MALFORMED) {
		dissect_malformed(d, note);
	} else if (d->p->status == PACKET_WHOLE) {
		d->p->status = PACKET_TRUNCATED;
		d->p->note = "the snapshot ends before the header does";
	}
}

bool dissect_whole(const struct dissect *d, uint32_t off, uint32_t n)
{
	return off <= d->c.cap && n <= d->c.cap - off;
}

uint32_t dissect_sum(const struct dissect *d, uint32_t off, uint32_t n, uint32_t sum)
{
	const uint8_t *b = d->c.base + off;

	for (; n > 1; b += 2, n -= 2)
		sum += (uint32_t)(b[0] << 8 | b[1]);
	if (n)
		sum += (uint32_t)b[0] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static void run(struct packet *p, const uint8_t *bytes, struct tree *t)
{
	struct dissect d = { .c = cursor_of(bytes, p->cap, p->len), .p = p, .tree = t };
	enum proto first = route_find(linktype_routes, p->linktype);

	if (p->len)
		dissect_next(&d, first);
	if (p->status == PACKET_WHOLE && p->cap < p->len)
		p->status = PACKET_TRUNCATED;
}

static void clear(struct packet *p)
{
	const size_t from = offsetof(struct packet, status), to = offsetof(struct packet, flow);

	memset((char *)p + from, 0, to - from);
}

void decode_summary(struct packet *p, const uint8_t *bytes)
{
	clear(p);
	run(p, bytes, NULL);
}

void decode_tree(const struct packet *p, const uint8_t *bytes, struct tree *t)
{
	struct packet scratch = *p;

	t->count = 0;
	t->used = 1;
	t->text[0] = '\0';
	t->cut = false;
	clear(&scratch);
	run(&scratch, bytes, t);
}
