/* Internet Protocol, RFC 791, 3.1:
 *
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------+-------+---------------+-------------------------------+
 * |Version|  IHL  |Type of Service|          Total Length         |
 * +-------+-------+---------------+-----+-------------------------+
 * |         Identification        |Flags|     Fragment Offset     |
 * +---------------+---------------+-----+-------------------------+
 * |  Time to Live |    Protocol   |        Header Checksum        |
 * +---------------+---------------+-------------------------------+
 * |                       Source Address                          |
 * +---------------------------------------------------------------+
 * |                    Destination Address                        |
 * +---------------------------------------------------------------+
 */
#include "decode/dissect.h"

#include "util/buf.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { HEADER = 20, MORE_FRAGMENTS = 0x2000, OFFSET = 0x1fff };

const struct field_word ip_protocols[] = {
	{ 0, "hop-by-hop options" },
	{ 1, "ICMP" },
	{ 2, "IGMP" },
	{ 4, "IPv4" },
	{ 6, "TCP" },
	{ 8, "EGP" },
	{ 9, "IGP" },
	{ 17, "UDP" },
	{ 27, "RDP" },
	{ 33, "DCCP" },
	{ 41, "IPv6" },
	{ 43, "routing header" },
	{ 44, "fragment header" },
	{ 46, "RSVP" },
	{ 47, "GRE" },
	{ 50, "ESP" },
	{ 51, "AH" },
	{ 54, "NHRP" },
	{ 55, "minimal encapsulation" },
	{ 58, "ICMPv6" },
	{ 59, "no next header" },
	{ 60, "destination options" },
	{ 73, "CPHB" },
	{ 88, "EIGRP" },
	{ 89, "OSPF" },
	{ 93, "AX.25" },
	{ 94, "IP in IP" },
	{ 97, "Ethernet in IP" },
	{ 98, "private encryption" },
	{ 103, "PIM" },
	{ 108, "IPComp" },
	{ 112, "VRRP" },
	{ 113, "PGM" },
	{ 115, "L2TP" },
	{ 124, "IS-IS" },
	{ 132, "SCTP" },
	{ 135, "mobility header" },
	{ 136, "UDP-Lite" },
	{ 137, "MPLS" },
	{ 139, "HIP" },
	{ 140, "Shim6" },
	{ 143, "Ethernet" },
	{ 0, NULL },
};

static const struct field_word ecn_words[] = {
	{ 0, "not ECN-capable" },
	{ 1, "ECN-capable, ECT(1)" },
	{ 2, "ECN-capable, ECT(0)" },
	{ 3, "congestion experienced" },
	{ 0, NULL },
};

static const struct field_word dscp_words[] = {
	{ 0, "default" }, { 1, "lower effort" }, { 8, "CS1" },   { 10, "AF11" }, { 12, "AF12" },
	{ 14, "AF13" },   { 16, "CS2" },         { 18, "AF21" }, { 20, "AF22" }, { 22, "AF23" },
	{ 24, "CS3" },    { 26, "AF31" },        { 28, "AF32" }, { 30, "AF33" }, { 32, "CS4" },
	{ 34, "AF41" },   { 36, "AF42" },        { 38, "AF43" }, { 40, "CS5" },  { 46, "expedited forwarding" },
	{ 48, "CS6" },    { 56, "CS7" },         { 0, NULL },
};

static const struct field version_field[] = {
	{ "ip.version", "Version", 0, 4, FIELD_DEC, .help = "4, RFC 791 3.1" },
	{ 0 },
};

static const struct field fields[] = {
	{ "ip.hdr_len", "Header length", 4, 4, FIELD_DEC, .shift = 2,
	  .help = "bytes of the header; on the wire in words of 4, RFC 791 3.1" },
	{ "ip.dsfield", "Differentiated services", 8, 8, FIELD_HEX, .help = "how routers are to treat it, RFC 2474 3" },
	{ "ip.dsfield.dscp", "Code point", 8, 6, FIELD_DEC, .indent = 1, .words = dscp_words,
	  .help = "per-hop behaviour, RFC 2474 4" },
	{ "ip.dsfield.ecn", "Congestion", 14, 2, FIELD_DEC, .indent = 1, .words = ecn_words,
	  .help = "explicit congestion notification, RFC 3168 5" },
	{ "ip.len", "Total length", 16, 16, FIELD_DEC,
	  .help = "bytes of header and data; 0: beyond 65535, the network card will cut it" },
	{ "ip.id", "Identification", 32, 16, FIELD_HEX, .help = "the fragments of one datagram share it, RFC 6864" },
	{ "ip.flags", "Flags", 48, 3, FIELD_HEX, .help = "control of fragmentation, RFC 791 3.1" },
	{ "ip.flags.rb", "Reserved", 48, 1, FIELD_BOOL, .indent = 1, .help = "must be zero, RFC 791 3.1" },
	{ "ip.flags.df", "Don't fragment", 49, 1, FIELD_BOOL, .indent = 1,
	  .help = "drop it rather than cut it; for path MTU discovery, RFC 1191" },
	{ "ip.flags.mf", "More fragments", 50, 1, FIELD_BOOL, .indent = 1,
	  .help = "this is not the last piece, RFC 791 3.1" },
	{ "ip.frag_offset", "Fragment offset", 51, 13, FIELD_DEC, .unit = 8,
	  .help = "what lies before this piece, in units of 8 bytes, RFC 791 3.1" },
	{ "ip.ttl", "Time to live", 64, 8, FIELD_DEC, .help = "routers that it may still cross, RFC 791 3.1" },
	{ "ip.proto", "Protocol", 72, 8, FIELD_DEC, .words = ip_protocols,
	  .help = "what follows, IANA protocol numbers" },
	{ "ip.checksum", "Header checksum", 80, 16, FIELD_HEX,
	  .help = "over the header alone, RFC 791 3.1 and RFC 1071" },
	{ 0 },
};

static const struct field address_fields[] = {
	{ "ip.src", "Source", 96, 32, FIELD_IPV4, .help = "address of the sender, RFC 791 3.1" },
	{ "ip.dst", "Destination", 128, 32, FIELD_IPV4, .help = "address of the receiver, RFC 791 3.1" },
	{ 0 },
};

struct header {
	uint32_t size, total, offset; /* in bytes */
	bool piece, more;
	uint16_t id;
	uint8_t version, ttl, proto;
	const uint8_t *addresses; /* source, destination; NULL: the header is cut short */
};

const char *ip_protocol_name(uint8_t proto)
{
	return field_word(ip_protocols, proto);
}

static void read_header(struct cursor *c, struct header *h)
{
	uint8_t spare[HEADER];
	const uint8_t *b = cursor_header(c, HEADER, spare);
	uint16_t pieces = bytes_be16(b + 6);

	h->version = b[0] >> 4;
	h->size = (b[0] & 15u) * 4;
	h->total = bytes_be16(b + 2);
	h->id = bytes_be16(b + 4);
	h->piece = pieces & (MORE_FRAGMENTS | OFFSET);
	h->more = pieces & MORE_FRAGMENTS;
	h->offset = (pieces & OFFSET) * 8u;
	h->ttl = b[8];
	h->proto = b[9];
	h->addresses = c->err ? NULL : b + 12;
}

/* What the header says, before anything in it is believed. NULL: fine. */
static const char *broken(const struct header *h)
{
	if (h->version != 4)
		return "the IP version is not 4";
	if (h->size < HEADER)
		return "the IPv4 header length is below 20";
	if (h->total && h->total < h->size)
		return "the IPv4 total length is shorter than the header";
	return NULL;
}

static void show_header(struct dissect *d, unsigned line, const struct cursor *at, const struct header *h)
{
	static const struct field status = { "ip.checksum.status", "Checksum status", .indent = 1,
					     .help = "worked out from the header" };
	const struct checksum sum = { &status, at->off, h->size, 10, 0, false };
	const uint8_t *a = h->addresses;
	char text[48];

	field_table(d, at, version_field);
	if (h->version != 4)
		return;
	field_table(d, at, fields);
	if (h->size >= HEADER && a)
		checksum_show(d, &sum);
	field_table(d, at, address_fields);
	if (!a)
		return;
	snprintf(text, sizeof text, "%u.%u.%u.%u to %u.%u.%u.%u", a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]);
	field_meaning(d, line, text);
}

static void enter(struct dissect *d, const struct header *h)
{
	d->nested++;
	if (!dissect_outermost(d))
		return;
	d->p->family = AF_INET;
	d->p->ip_proto = h->proto;
	d->p->ttl = h->ttl;
	d->p->fragment = h->piece;
	memcpy(d->p->src, h->addresses, 4);
	memcpy(d->p->dst, h->addresses + 4, 4);
}

static void enter_piece(struct dissect *d, const struct header *h, uint32_t start)
{
	if (!d->cut || !h->piece || !dissect_outermost(d))
		return;
	*d->cut = (struct decode_piece){ .id = h->id,
					 .offset = h->offset,
					 .more = h->more,
					 .next = h->proto,
					 .header_off = start,
					 .header_len = h->size,
					 .next_at = 9,
					 .data_off = d->c.off,
					 .data_len = cursor_left(&d->c) };
}

/* A piece that is not the first: what is in it cannot be told without the others. */
static void later_piece(struct dissect *d, const struct header *h)
{
	const char *name = ip_protocol_name(h->proto);

	if (d->words && dissect_outermost(d))
		buf_printf(d->words, "%s fragment offset=%u len=%u", name ? name : "IPv4", h->offset,
			   cursor_left(&d->c));
	dissect_next(d, PROTO_DATA);
}

void decode_ipv4(struct dissect *d)
{
	struct cursor at = d->c, c = d->c;
	unsigned line = dissect_layer(d, PROTO_IPV4);
	struct header h;

	read_header(&c, &h);
	if (d->tree)
		show_header(d, line, &at, &h);
	if (cursor_kept(&at) && broken(&h) && (h.version != 4 || h.addresses)) {
		if (h.version == 4 && h.size >= HEADER) /* a wrong length, but the addresses are there */
			enter(d, &h);
		dissect_malformed(d, broken(&h));
		return;
	}
	if (!h.addresses) {
		d->c.err = c.err;
		dissect_short(d, "the IPv4 header is cut short");
		return;
	}
	if (h.total > cursor_left(&d->c))
		dissect_malformed(d, "the packet is shorter than its IPv4 total length");
	/* A total of 0 is a packet beyond 64 KiB that is still to be cut (segmentation offload). */
	cursor_limit(&d->c, h.total ? h.total : cursor_left(&d->c));
	enter(d, &h);
	cursor_skip(&d->c, HEADER);
	if (h.size > HEADER)
		ipv4_options(d, cursor_part(&d->c, h.size - HEADER));
	dissect_layer_end(d, line, at.off);
	dissect_payload(d);
	if (d->c.err) {
		dissect_short(d, "the IPv4 options are cut short");
		return;
	}
	enter_piece(d, &h, at.off);
	d->piece |= h.piece;
	checksum_pseudo(d, h.piece ? NULL : h.addresses, 8, h.proto);
	if (h.offset)
		later_piece(d, &h);
	else
		dissect_by(d, ip_routes, h.proto);
}
