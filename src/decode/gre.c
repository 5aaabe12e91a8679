/* Generic Routing Encapsulation, RFC 2784 2 with RFC 2890's key and sequence number:
 *
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-------------------+-----+-----------------------------+
 * |C|R|K|S|    Reserved     |A| Ver |         Protocol Type       |
 * +-+-+-+-+-------------------+-----+-----------------------------+
 * |  Checksum, if C or R            |  Offset, if C or R          |
 * |  Key, if K                                                    |
 * |  Sequence Number, if S                                        |
 * |  Acknowledgment Number, if A (version 1: PPTP, RFC 2637 4.1)  |
 * |  Routing, if R (RFC 1701, obsolete)                           |
 * +---------------------------------------------------------------+
 */
#include "decode/dissect.h"

#include "util/buf.h"

#include <stddef.h>

enum { CHECKSUM = 0x8000, ROUTING = 0x4000, KEY = 0x2000, SEQUENCE = 0x1000, ACK = 0x80 };
enum { VERSION = 7, PPTP = 1, ERSPAN = 0x88be, WCCP = 0x883e, TRANSPARENT = 0x6558 };

static const struct field_word protocols[] = {
	{ 0x0800, "IPv4" },
	{ 0x86dd, "IPv6" },
	{ 0x6558, "Ethernet" },
	{ 0x880b, "PPP" },
	{ 0x8847, "MPLS" },
	{ 0x8848, "MPLS multicast" },
	{ 0x88be, "ERSPAN" },
	{ 0x22eb, "ERSPAN type III" },
	{ 0x883e, "WCCP redirect" },
	{ 0x00fe, "ISO" },
	{ 0, NULL },
};

static const struct field fields[] = {
	{ "gre.flags_and_version", "Flags and version", 0, 16, FIELD_HEX, .help = "RFC 2784 2" },
	{ "gre.flags.checksum", "Checksum present", 0, 1, FIELD_BOOL, .indent = 1, .help = "RFC 2784 2.1" },
	{ "gre.flags.routing", "Routing present", 1, 1, FIELD_BOOL, .indent = 1, .help = "obsolete, RFC 1701" },
	{ "gre.flags.key", "Key present", 2, 1, FIELD_BOOL, .indent = 1, .help = "RFC 2890 2" },
	{ "gre.flags.sequence_number", "Sequence number present", 3, 1, FIELD_BOOL, .indent = 1, .help = "RFC 2890 2" },
	{ "gre.flags.ack", "Acknowledgement present", 8, 1, FIELD_BOOL, .indent = 1,
	  .help = "of version 1, RFC 2637 4.1" },
	{ "gre.flags.version", "Version", 13, 3, FIELD_DEC, .indent = 1, .help = "0; 1 is PPTP's, RFC 2637" },
	{ "gre.proto", "Protocol", 16, 16, FIELD_HEX, .words = protocols,
	  .help = "EtherType of what follows, RFC 2784 2.4" },
	{ 0 },
};

static const struct field checksum_fields[] = {
	{ "gre.checksum", "Checksum", 0, 16, FIELD_HEX, .help = "over header and payload, RFC 2784 2.5" },
	{ "gre.offset", "Offset", 16, 16, FIELD_DEC, .help = "into the routing, RFC 1701" },
	{ 0 },
};

static const struct field key_fields[] = {
	{ "gre.key", "Key", 0, 32, FIELD_HEX,
	  .help = "tells the flows of a tunnel apart, RFC 2890 2.1; NVGRE: network and flow" },
	{ 0 },
};

static const struct field call_fields[] = {
	{ "gre.key.payload_length", "Payload length", 0, 16, FIELD_DEC, .help = "RFC 2637 4.1" },
	{ "gre.key.call_id", "Call", 16, 16, FIELD_DEC, .help = "the receiver's number of the session, RFC 2637 4.1" },
	{ 0 },
};

static const struct field sequence_fields[] = {
	{ "gre.sequence_number", "Sequence number", 0, 32, FIELD_DEC, .help = "RFC 2890 2.2" },
	{ 0 },
};

static const struct field ack_fields[] = {
	{ "gre.ack_number", "Acknowledgement number", 0, 32, FIELD_DEC,
	  .help = "the highest sequence number that came, RFC 2637 4.1" },
	{ 0 },
};

static const struct field routing_fields[] = {
	{ "gre.routing.address_family", "Address family", 0, 16, FIELD_DEC, .help = "RFC 1701" },
	{ "gre.routing.sre_offset", "Offset", 16, 8, FIELD_DEC, .help = "RFC 1701" },
	{ "gre.routing.src_length", "Length", 24, 8, FIELD_DEC, .help = "RFC 1701" },
	{ 0 },
};

struct header {
	uint16_t flags, proto;
	uint32_t key, sequence;
};

static uint32_t optional(struct dissect *d, bool there, const struct field *rows)
{
	if (!there)
		return 0;
	field_table(d, &d->c, rows);
	return cursor_be32(&d->c);
}

/* Source route entries, up to an empty one. */
static void routes(struct dissect *d)
{
	uint32_t length = 1, family = 1;

	while (!d->c.err && (length || family)) {
		field_table(d, &d->c, routing_fields);
		family = cursor_be16(&d->c);
		cursor_skip(&d->c, 1);
		length = cursor_u8(&d->c);
		cursor_skip(&d->c, length);
	}
}

static void say(struct dissect *d, const struct header *h)
{
	const char *name = field_word(protocols, h->proto);

	if (!d->words || !dissect_outermost(d))
		return;
	buf_puts(d->words, "GRE");
	if (h->flags & KEY)
		buf_printf(d->words, " key=0x%x", h->key);
	if (h->flags & SEQUENCE)
		buf_printf(d->words, " seq=%u", h->sequence);
	if (name)
		buf_printf(d->words, " %s", name);
	else
		buf_printf(d->words, " protocol 0x%04x", h->proto);
	buf_printf(d->words, " len=%u", cursor_left(&d->c));
}

static void show_checksum(struct dissect *d, const struct cursor *at)
{
	static const struct field status = { "gre.checksum.status", "Checksum status", .indent = 1,
					     .help = "worked out from the packet" };
	const struct checksum sum = { &status, at->off, cursor_left(at), 4, 0, false };

	if (!d->inner && !d->piece && cursor_at(at, at->off, 6))
		checksum_show(d, &sum);
}

/* A header of 4 bytes may come before the redirected packet (WCCP version 2); its first nibble is
 * never 4. */
static void redirected(struct dissect *d)
{
	struct cursor look = d->c;

	if (cursor_u8(&look) >> 4 != 4)
		cursor_skip(&d->c, 4);
	dissect_next(d, PROTO_IPV4);
}

void decode_gre(struct dissect *d)
{
	struct cursor at = d->c;
	unsigned line = dissect_layer(d, PROTO_GRE);
	struct header h = { .flags = cursor_be16(&d->c), .proto = cursor_be16(&d->c) };
	bool summed = h.flags & (CHECKSUM | ROUTING), pptp = (h.flags & VERSION) == PPTP;

	field_table(d, &at, fields);
	field_meaning(d, line, field_word(protocols, h.proto));
	optional(d, summed, checksum_fields);
	if (h.flags & CHECKSUM)
		show_checksum(d, &at);
	h.key = optional(d, h.flags & KEY, pptp ? call_fields : key_fields);
	h.sequence = optional(d, h.flags & SEQUENCE, sequence_fields);
	optional(d, pptp && (h.flags & ACK), ack_fields);
	if (h.flags & ROUTING)
		routes(d);
	if (d->c.err) {
		dissect_short(d, "the GRE header is cut short");
		return;
	}
	dissect_layer_end(d, line, at.off);
	say(d, &h);
	if (pptp && !cursor_left(&d->c)) /* a bare acknowledgement */
		return;
	if (h.proto == WCCP)
		redirected(d);
	else if (h.proto == ERSPAN && !(h.flags & SEQUENCE)) /* type I has no header */
		dissect_next(d, PROTO_ETHERNET);
	else
		dissect_by(d, ethertype_routes, h.proto);
}
