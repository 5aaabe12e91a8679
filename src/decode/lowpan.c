/* IPv6 over IEEE 802.15.4: dispatch, RFC 4944 5.1; header compression, RFC 6282 3.1:
 *
 *   0                                       1
 *   0   1   2   3   4   5   6   7   8   9   0   1   2   3   4   5
 * +---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+
 * | 0 | 1 | 1 |  TF   |NH | HLIM  |CID|SAC|  SAM  | M |DAC|  DAM  |
 * +---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+
 *
 * What is not left out follows in the order of the IPv6 header: context 1 byte, traffic class and
 * flow label, next header, hop limit, source, destination. The IPv6 header is worked out from it,
 * and from the addresses of the link. Contexts are not known here: their prefix is shown as 0.
 */
#include "decode/lowpan.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

enum { UDP_PORT = 0xf000, UDP_PORT_4 = 0xf0b0 };

enum dispatch_kind { NOTHING, PLAIN, PACKED, BEFORE_MESH, BEFORE_BROADCAST, OTHER };

/* RFC 4944 5.1, RFC 6282 2. Wireshark shows the bits that tell. */
static const struct dispatch {
	uint8_t mask, match, shift;
	enum dispatch_kind kind;
} dispatches[] = {
	{ 0xff, 0x41, 0, PLAIN },  { 0xff, 0x42, 0, OTHER }, /* HC1, obsolete */
	{ 0xe0, 0x60, 5, PACKED }, { 0xff, 0x50, 0, BEFORE_BROADCAST },
	{ 0xf8, 0xc0, 3, OTHER }, /* pieces are not put together here */
	{ 0xf8, 0xe0, 3, OTHER },  { 0xc0, 0x80, 6, BEFORE_MESH },
	{ 0, 0, 0, NOTHING },
};

static const struct field_word patterns[] = {
	{ 0x41, "uncompressed" },   { 0x42, "HC1" },      { 3, "IPHC" }, { 0x50, "broadcast" },
	{ 0x18, "first fragment" }, { 0x1c, "fragment" }, { 2, "mesh" }, { 0, NULL },
};

static const struct field iphc_fields[] = {
	{ "6lowpan.iphc.tf", "Traffic class and flow label", 3, 2, FIELD_HEX, .digits = 4,
	  .help = "which of them are left out, RFC 6282 3.1.1" },
	{ "6lowpan.iphc.nh", "Next header compressed", 5, 1, FIELD_BOOL, .help = "RFC 6282 3.1.1" },
	{ "6lowpan.iphc.hlim", "Hop limit", 6, 2, FIELD_HEX, .digits = 4,
	  .help = "0 inline, else 1, 64 or 255, RFC 6282 3.1.1" },
	{ "6lowpan.iphc.cid", "Context identifiers", 8, 1, FIELD_BOOL, .help = "RFC 6282 3.1.1" },
	{ "6lowpan.iphc.sac", "Source by context", 9, 1, FIELD_BOOL, .help = "RFC 6282 3.1.1" },
	{ "6lowpan.iphc.sam", "Source mode", 10, 2, FIELD_HEX, .digits = 4,
	  .help = "how much of it is there, RFC 6282 3.1.1" },
	{ "6lowpan.iphc.m", "Multicast", 12, 1, FIELD_BOOL, .help = "RFC 6282 3.1.1" },
	{ "6lowpan.iphc.dac", "Destination by context", 13, 1, FIELD_BOOL, .help = "RFC 6282 3.1.1" },
	{ "6lowpan.iphc.dam", "Destination mode", 14, 2, FIELD_HEX, .digits = 4,
	  .help = "how much of it is there, RFC 6282 3.1.1" },
	{ 0 },
};

static const struct field next_row = { "6lowpan.next",        "Next header",           0, 8, FIELD_HEX,
				       .words = ip_protocols, .help = "RFC 6282 3.1.1" };
static const struct field hops_row = { "6lowpan.hops", "Hop limit", 0, 8, FIELD_DEC, .help = "RFC 6282 3.1.1" };

/* The IPv6 header that was compressed. */
struct header {
	uint8_t addresses[32]; /* source, destination */
	uint8_t hops, next;
	bool compressed; /* the next header, too */
};

static void inline_bytes(struct cursor *c, uint8_t *to, uint32_t n)
{
	cursor_copy(c, to, n);
}

/* `mode`: how many bytes are there: 16, 8, 2, none. */
static void unicast(struct cursor *c, uint8_t mode, bool context, const uint8_t *iid, uint8_t to[16])
{
	if (context && !mode) /* unspecified */
		return;
	if (!mode) {
		inline_bytes(c, to, 16);
		return;
	}
	if (!context) { /* link-local */
		to[0] = 0xfe;
		to[1] = 0x80;
	}
	if (mode == 1) {
		inline_bytes(c, to + 8, 8);
	} else if (mode == 2) {
		to[11] = 0xff;
		to[12] = 0xfe;
		inline_bytes(c, to + 14, 2);
	} else if (iid) {
		memcpy(to + 8, iid, 8);
	}
}

static void multicast(struct cursor *c, uint8_t mode, bool context, uint8_t to[16])
{
	to[0] = 0xff;
	if (context) { /* RFC 3306 */
		inline_bytes(c, to + 1, 2);
		inline_bytes(c, to + 12, 4);
		return;
	}
	switch (mode) {
	case 0: inline_bytes(c, to, 16); break;
	case 1:
		inline_bytes(c, to + 1, 1);
		inline_bytes(c, to + 11, 5);
		break;
	case 2:
		inline_bytes(c, to + 1, 1);
		inline_bytes(c, to + 13, 3);
		break;
	default: to[1] = 2; inline_bytes(c, to + 15, 1);
	}
}

static void read_header(struct dissect *d, struct header *h)
{
	static const uint8_t class_bytes[4] = { 4, 3, 1, 0 }, limits[4] = { 0, 1, 64, 255 };
	struct cursor *c = &d->c;
	uint8_t first = cursor_u8(c), second = cursor_u8(c);

	h->compressed = first & 4;
	cursor_skip(c, second >> 7); /* the contexts' numbers */
	cursor_skip(c, class_bytes[first >> 3 & 3]);
	h->next = h->compressed ? 0 : cursor_u8(c);
	if (!h->compressed)
		field_number(d, &next_row, c->off - 1, 1, h->next);
	h->hops = limits[first & 3];
	if (!(first & 3)) {
		h->hops = cursor_u8(c);
		field_number(d, &hops_row, c->off - 1, 1, h->hops);
	}
	unicast(c, second >> 4 & 3, second & 0x40, d->iids, h->addresses);
	if (second & 8)
		multicast(c, second & 3, second & 4, h->addresses + 16);
	else
		unicast(c, second & 3, second & 4, d->iids ? d->iids + 8 : NULL, h->addresses + 16);
}

static void enter(struct dissect *d, const struct header *h)
{
	d->nested++;
	if (!dissect_outermost(d))
		return;
	d->p->family = AF_INET6;
	d->p->ttl = h->hops;
	d->p->ip_proto = h->next;
	memcpy(d->p->src, h->addresses, 16);
	memcpy(d->p->dst, h->addresses + 16, 16);
}

/* A layer whose header is not on the wire as it stands. */
static void worked_out(struct dissect *d, const struct header *h)
{
	static const struct field src = { "ipv6.src", "Source", .help = "worked out, RFC 6282 3.1" };
	static const struct field dst = { "ipv6.dst", "Destination", .help = "worked out, RFC 6282 3.1" };
	static const struct field next = {
		"ipv6.nxt", "Next header", 0, 8, FIELD_DEC, .words = ip_protocols, .help = "RFC 6282 3.1"
	};
	static const struct field hops = { "ipv6.hlim", "Hop limit", 0, 8, FIELD_DEC, .help = "RFC 6282 3.1" };
	char text[INET6_ADDRSTRLEN];

	dissect_layer(d, PROTO_IPV6);
	if (!d->tree)
		return;
	field_number(d, &next, d->c.off, 0, h->next);
	field_number(d, &hops, d->c.off, 0, h->hops);
	inet_ntop(AF_INET6, h->addresses, text, sizeof text);
	field_line(d, &src, d->c.off, 0, text, "");
	inet_ntop(AF_INET6, h->addresses + 16, text, sizeof text);
	field_line(d, &dst, d->c.off, 0, text, "");
}

/* RFC 6282 4.3: ports of 16, 8 or 4 bits, then the checksum unless it is left out. */
static void udp(struct dissect *d)
{
	static const struct field sport_row = {
		"udp.srcport", "Source port", 0, 16, FIELD_DEC, .help = "worked out, RFC 6282 4.3"
	};
	static const struct field dport_row = {
		"udp.dstport", "Destination port", 0, 16, FIELD_DEC, .help = "worked out, RFC 6282 4.3"
	};
	static const struct port_routes routes = { udp_ports, udp_guesses };
	uint32_t start = d->c.off;
	unsigned line = dissect_layer(d, PROTO_UDP);
	uint8_t head = cursor_u8(&d->c), both;
	uint16_t sport, dport;

	if ((head & 3) == 3) {
		both = cursor_u8(&d->c);
		sport = (uint16_t)(UDP_PORT_4 | both >> 4);
		dport = (uint16_t)(UDP_PORT_4 | (both & 15));
	} else {
		sport = head & 2 ? (uint16_t)(UDP_PORT | cursor_u8(&d->c)) : cursor_be16(&d->c);
		dport = head & 1 ? (uint16_t)(UDP_PORT | cursor_u8(&d->c)) : cursor_be16(&d->c);
	}
	if (!(head & 4))
		cursor_skip(&d->c, 2);
	dissect_payload(d);
	if (d->c.err)
		return;
	field_number(d, &sport_row, start, 0, sport);
	field_number(d, &dport_row, start, 0, dport);
	dissect_layer_end(d, line, start);
	if (dissect_outermost(d)) {
		d->p->sport = sport;
		d->p->dport = dport;
		d->p->has_ports = true;
	}
	dissect_ports(d, &routes, sport, dport);
}

/* The next header's own compression, RFC 6282 4.2: extension headers (their number, whether the
 * next is compressed), then UDP or what stands there whole. Returns its number. */
static uint8_t next_headers(struct dissect *d)
{
	static const uint8_t extensions[8] = { 0, 43, 44, 60, 135, 0, 0, 41 };
	const uint8_t *b;

	while ((b = cursor_at(&d->c, d->c.off, 1)) && (b[0] & 0xf0) == 0xe0) {
		uint8_t head = cursor_u8(&d->c), next = 0;

		if (extensions[head >> 1 & 7] == IPPROTO_IPV6) /* an IPv6 packet in this one */
			return IPPROTO_IPV6;
		if (!(head & 1))
			next = cursor_u8(&d->c);
		cursor_skip(&d->c, (head >> 1 & 7) == 2 ? 7 : cursor_u8(&d->c));
		if (d->c.err || !(head & 1))
			return next;
	}
	if (!b)
		cursor_skip(&d->c, 1); /* notes whose fault it is */
	return b && (b[0] & 0xf8) == 0xf0 ? IPPROTO_UDP : IPPROTO_NONE;
}

static void iphc(struct dissect *d, unsigned line)
{
	struct cursor at = d->c;
	struct header h = { 0 };
	bool packed;

	field_table(d, &at, iphc_fields);
	read_header(d, &h);
	dissect_layer_end(d, line, at.off);
	packed = h.compressed;
	if (!d->c.err && packed) {
		h.next = next_headers(d);
		packed = h.next == IPPROTO_UDP;
	}
	if (d->c.err) {
		dissect_short(d, "a compressed IPv6 header is cut short");
		return;
	}
	enter(d, &h);
	worked_out(d, &h);
	dissect_payload(d);
	if (packed) {
		udp(d);
		if (d->c.err)
			dissect_short(d, "a compressed UDP header is cut short");
		return;
	}
	checksum_pseudo(d, h.addresses, 32, h.next);
	if (h.compressed && h.next == IPPROTO_IPV6)
		dissect_next(d, PROTO_LOWPAN);
	else if (h.next == IPPROTO_NONE || ipv6_is_extension(h.next))
		dissect_next(d, PROTO_DATA);
	else
		dissect_by(d, ip_routes, h.next);
}

/* The row that fits the byte at the cursor; the last one if none does. */
static const struct dispatch *dispatch_at(const struct cursor *c)
{
	const struct dispatch *row = dispatches;
	const uint8_t *b = cursor_at(c, c->off, 1);

	while (row->mask && (!b || (b[0] & row->mask) != row->match))
		row++;
	return row;
}

bool lowpan_looks_like(const struct dissect *d)
{
	return dispatch_at(&d->c)->kind != NOTHING;
}

/* Mesh header, RFC 4944 5.2: hops left, originator and final address of 8 or 2 bytes each. */
static void skip_mesh(struct cursor *c)
{
	uint8_t b = cursor_u8(c);

	if ((b & 15) == 15)
		cursor_skip(c, 1);
	cursor_skip(c, b & 0x20 ? 2 : 8);
	cursor_skip(c, b & 0x10 ? 2 : 8);
}

void decode_lowpan(struct dissect *d)
{
	static const struct field row = {
		"6lowpan.pattern", "Pattern", 0, 8, FIELD_HEX, .words = patterns, .help = "dispatch, RFC 4944 5.1"
	};
	uint32_t start = d->c.off;
	unsigned line = dissect_layer(d, PROTO_LOWPAN);
	enum dispatch_kind kind = BEFORE_MESH;

	while (!d->c.err && (kind == BEFORE_MESH || kind == BEFORE_BROADCAST)) {
		const struct dispatch *at = dispatch_at(&d->c);

		kind = at->kind;
		if (kind != NOTHING)
			field_number(d, &row, d->c.off, 1, (uint32_t)(at->match >> at->shift));
		if (kind == BEFORE_MESH)
			skip_mesh(&d->c);
		else if (kind == BEFORE_BROADCAST)
			cursor_skip(&d->c, 2);
	}
	if (d->c.err) {
		dissect_short(d, "the 6LoWPAN header is cut short");
		return;
	}
	dissect_layer_end(d, line, start);
	if (kind == PACKED) {
		iphc(d, line);
	} else if (kind == PLAIN) {
		cursor_skip(&d->c, 1);
		dissect_next(d, PROTO_IPV6);
	} else {
		dissect_next(d, PROTO_DATA);
	}
}
