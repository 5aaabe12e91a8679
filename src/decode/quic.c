/* QUIC, RFC 9000 17; what all versions share is RFC 8999 5:
 *
 * +-+-------------+-----------------------------------------------+
 * |1|F|Typ|R R|P P|            Version 4 bytes                     |
 * +-+-------------+-----------------------------------------------+
 * | DCID Len (8)  | Destination Connection ID (0..160)            |
 * | SCID Len (8)  | Source Connection ID (0..160)                 |
 * +---------------+-----------------------------------------------+
 *
 * Initial: token length, token, length, packet number, payload. 0-RTT, Handshake: length, packet
 * number, payload. Retry: token, integrity tag 16. Version 0 negotiates: versions, 4 bytes each.
 * The lengths are of 1 to 8 bytes (16). A datagram may hold several (12.2). The short header is a
 * byte and a connection ID whose length only its sender and its receiver know. What is behind is
 * encrypted, and the P and R bits and the packet number are masked (RFC 9001 5).
 */
#include "decode/quic.h"

#include "util/buf.h"

#include <stddef.h>
#include <stdio.h>

enum { LONG = 0x80, FIXED = 0x40, LONGEST_ID = 20, TAG = 16, MOST_PACKETS = 16 };
enum { SHORTEST = 21 /* RFC 9000 10.3 */ };
#define V1 0x00000001u
#define V2 0x6b3343cfu          /* RFC 9369 */
#define FIRST_DRAFT 0xff000016u /* the first with this header */
#define LAST_DRAFT 0xff000022u
enum kind { INITIAL, ZERO_RTT, HANDSHAKE, RETRY };

static const struct field_word kinds[] = {
	{ INITIAL, "Initial" }, { ZERO_RTT, "0-RTT" }, { HANDSHAKE, "Handshake" }, { RETRY, "Retry" }, { 0, NULL },
};

/* Version 2 has its own order, RFC 9369 3.2. */
static const struct field_word kinds_v2[] = {
	{ 0, "Retry" }, { 1, "Initial" }, { 2, "0-RTT" }, { 3, "Handshake" }, { 0, NULL },
};

static const struct field form_field[] = {
	{ "quic.header_form", "Header form", 0, 1, FIELD_DEC, .help = "1 is long, RFC 8999 5.1" },
	{ 0 },
};

static const struct field fixed_field[] = {
	{ "quic.fixed_bit", "Fixed bit", 1, 1, FIELD_BOOL, .help = "RFC 9000 17.2" },
	{ 0 },
};

static const struct field type_field[] = {
	{ "quic.long.packet_type", "Packet type", 2, 2, FIELD_DEC, .words = kinds, .help = "RFC 9000 17.2" },
	{ 0 },
};

static const struct field type_field_v2[] = {
	{ "quic.long.packet_type_v2", "Packet type", 2, 2, FIELD_DEC, .words = kinds_v2, .help = "RFC 9369 3.2" },
	{ 0 },
};

static const struct field unused_field[] = {
	{ "quic.vn.unused", "Unused", 1, 7, FIELD_HEX, .help = "of any value, RFC 9000 17.2.1" },
	{ 0 },
};

static const struct field spin_field[] = {
	{ "quic.spin_bit", "Spin bit", 2, 1, FIELD_BOOL, .help = "goes round once a round trip, RFC 9000 17.4" },
	{ 0 },
};

static const struct field version_row = { "quic.version", "Version", 0, 32, FIELD_HEX, .help = "RFC 9000 15" };
static const struct field supported_row = { "quic.supported_version", "Supported version", 0, 32, FIELD_HEX,
					    .help = "RFC 9000 17.2.1" };

struct packet_head {
	uint8_t first;
	uint32_t version;
	struct cursor dcid, scid;
};

/* Who gives out numbers like that; NULL: nobody that is known here. */
static const char *version_name(uint32_t version, char text[24])
{
	uint32_t top = version >> 8;

	if (version == V1 || version == V2) {
		snprintf(text, 24, "v%u", version == V1 ? 1u : 2u);
	} else if (version >= FIRST_DRAFT && version <= LAST_DRAFT) {
		snprintf(text, 24, "draft-%u", version & 0xff);
	} else if ((version & 0x0f0f0f0f) == 0x0a0a0a0a) {
		snprintf(text, 24, "greased version"); /* RFC 9000 15: forces negotiation */
	} else if (top == 0xfaceb0) {
		snprintf(text, 24, "mvfst %02x", version & 0xff);
	} else if ((top == 0x543035 || top == 0x513035) && (version & 0xf0) == 0x30) {
		snprintf(text, 24, "%c05%u", version >> 24, version & 15); /* Google's T051, Q050 */
	} else {
		return NULL;
	}
	return text;
}

static bool read_head(struct cursor *c, struct packet_head *h)
{
	uint32_t n;

	h->first = cursor_u8(c);
	h->version = cursor_be32(c);
	n = cursor_u8(c);
	h->dcid = cursor_part(c, n);
	n = cursor_u8(c);
	h->scid = cursor_part(c, n);
	return !c->err;
}

/* Also of a datagram on a port that tells nothing: a version that exists, and lengths that fit. */
bool quic_looks_like(const struct dissect *d)
{
	const uint8_t *b = cursor_at(&d->c, d->c.off, 1);
	struct cursor c = d->c;
	struct packet_head h;
	char name[24];

	if (!b || d->proto == PROTO_TCP || !(b[0] & (LONG | FIXED)))
		return false;
	if (!(b[0] & LONG))
		return udp_ports[d->key] == PROTO_QUIC && cursor_left(&d->c) >= SHORTEST &&
		       !dns_asks_plainly(d); /* resolvers are reached there, too */
	if (!read_head(&c, &h) || cursor_left(&h.dcid) > LONGEST_ID || cursor_left(&h.scid) > LONGEST_ID)
		return false;
	if (h.version)
		return (b[0] & FIXED) && version_name(h.version, name);
	return cursor_left(&c) >= 4 && cursor_left(&c) % 4 == 0 && version_name(cursor_be32(&c), name);
}

static void show_version(struct dissect *d, const struct field *row, uint32_t off, uint32_t version)
{
	char text[24];
	unsigned line = field_number(d, row, off, 4, version);

	if (version_name(version, text))
		field_meaning(d, line, text);
	else if (!version)
		field_meaning(d, line, "negotiation");
}

/* An integer of 1, 2, 4 or 8 bytes, RFC 9000 16, as a line of its own. */
static uint64_t number(struct dissect *d, struct cursor *c, const struct field *row)
{
	uint32_t from = c->off, more;
	uint64_t value = cursor_u8(c);
	char text[24];

	more = (1u << (value >> 6)) - 1;
	value &= 63;
	for (; more; more--)
		value = value << 8 | cursor_u8(c);
	if (c->err)
		return 0;
	snprintf(text, sizeof text, "%llu", (unsigned long long)value);
	field_line(d, row, from, c->off - from, text, "");
	return value;
}

static void bytes_line(struct dissect *d, const char *name, const char *label, const char *help, const struct cursor *c)
{
	const struct field rows[] = { { name, label, 0, 0, FIELD_BYTES, .help = help }, { 0 } };

	if (cursor_left(c))
		field_table(d, c, rows);
}

static void show_ids(struct dissect *d, const struct packet_head *h)
{
	static const struct field dcil = {
		"quic.dcil", "Destination ID length", 0, 8, FIELD_DEC, .help = "RFC 8999 5.1"
	};
	static const struct field scil = { "quic.scil", "Source ID length", 0, 8, FIELD_DEC, .help = "RFC 8999 5.1" };

	field_number(d, &dcil, h->dcid.off - 1, 1, cursor_left(&h->dcid));
	bytes_line(d, "quic.dcid", "Destination connection ID", "RFC 9000 5.1", &h->dcid);
	field_number(d, &scil, h->scid.off - 1, 1, cursor_left(&h->scid));
	bytes_line(d, "quic.scid", "Source connection ID", "RFC 9000 5.1", &h->scid);
}

static void say_id(struct buf *words, const char *what, const struct cursor *id)
{
	const uint8_t *b = cursor_at(id, id->off, cursor_left(id));

	if (!b || !cursor_left(id))
		return;
	buf_puts(words, what);
	for (uint32_t i = 0; i < cursor_left(id); i++)
		buf_printf(words, "%02x", b[i]);
}

/* The first packet of a datagram tells version and IDs; the others share them. */
static void say(struct dissect *d, unsigned i, const char *kind, const struct packet_head *h)
{
	struct buf *words = dissect_words(d);
	char name[24];

	if (!words)
		return;
	buf_printf(words, "%s%s", i ? ", " : "", kind);
	if (i || !h)
		return;
	if (version_name(h->version, name))
		buf_printf(words, " %s", name);
	else if (h->version)
		buf_printf(words, " version 0x%08x", h->version);
	say_id(words, " dcid=", &h->dcid);
	say_id(words, " scid=", &h->scid);
}

static void negotiation(struct dissect *d, unsigned i, const struct packet_head *h)
{
	struct buf *words = dissect_words(d);
	unsigned told = 0;

	say(d, i, "Version Negotiation", h);
	while (!d->c.err && cursor_left(&d->c) >= 4) {
		uint32_t version = cursor_be32(&d->c);
		char name[24];

		if (d->c.err)
			return;
		show_version(d, &supported_row, d->c.off - 4, version);
		if (words && told++ < 4 && version_name(version, name))
			buf_printf(words, "%s%s", told == 1 ? ": " : ", ", name);
	}
}

static void retry(struct dissect *d, unsigned i, const struct packet_head *h)
{
	uint32_t left = cursor_left(&d->c);
	struct cursor token = cursor_part(&d->c, left > TAG ? left - TAG : 0);

	bytes_line(d, "quic.retry_token", "Retry token", "the next Initial brings it, RFC 9000 17.2.5", &token);
	if (!d->c.err)
		bytes_line(d, "quic.retry_integrity_tag", "Integrity tag", "RFC 9001 5.8", &d->c);
	cursor_skip(&d->c, cursor_left(&d->c));
	say(d, i, "Retry", h);
}

/* Initial, 0-RTT and Handshake: up to what their length says. */
static void protected(struct dissect *d, unsigned i, enum kind kind, const struct packet_head *h)
{
	static const struct field token_row = { "quic.token_length", "Token length", .help = "RFC 9000 17.2.2" };
	static const struct field length_row = { "quic.length", "Length",
						 .help = "of packet number and payload, RFC 9000 17.2" };
	struct buf *words = dissect_words(d);
	uint64_t token = 0, length;
	struct cursor part;

	say(d, i, field_word(kinds, kind), h);
	if (kind == INITIAL) {
		token = number(d, &d->c, &token_row);
		part = cursor_part(&d->c, token > UINT32_MAX ? UINT32_MAX : (uint32_t)token);
		bytes_line(d, "quic.token", "Token", "from a Retry or an earlier connection", &part);
		if (token && words)
			buf_printf(words, " token=%llu bytes", (unsigned long long)token);
	}
	length = number(d, &d->c, &length_row);
	part = cursor_part(&d->c, length > UINT32_MAX ? UINT32_MAX : (uint32_t)length);
	bytes_line(d, "quic.remaining_payload", "Protected payload", "encrypted, with the packet number, RFC 9001 5.3",
		   &part);
	if (kind == INITIAL && !d->c.err)
		quic_initial(d, &(struct quic_initial){ h->version, h->first, h->dcid, part });
}

static void long_header(struct dissect *d, unsigned i)
{
	struct cursor at = d->c;
	struct packet_head h;
	uint8_t type;

	if (!read_head(&d->c, &h))
		return;
	field_table(d, &at, form_field);
	field_table(d, &at, h.version ? fixed_field : unused_field);
	if (h.version)
		field_table(d, &at, h.version == V2 ? type_field_v2 : type_field);
	show_version(d, &version_row, at.off + 1, h.version);
	show_ids(d, &h);
	type = h.first >> 4 & 3;
	if (h.version == V2)
		type = (uint8_t)((type + 3) & 3);
	if (!h.version)
		negotiation(d, i, &h);
	else if (type == RETRY)
		retry(d, i, &h);
	else
	protected(d, i, type, &h);
}

static void short_header(struct dissect *d, unsigned i)
{
	field_table(d, &d->c, form_field);
	field_table(d, &d->c, fixed_field);
	field_table(d, &d->c, spin_field);
	cursor_skip(&d->c, 1);
	say(d, i, "1-RTT", NULL);
	bytes_line(d, "quic.remaining_payload", "Protected payload",
		   "begins with the destination's connection ID; encrypted, RFC 9001 5.3", &d->c);
	cursor_skip(&d->c, cursor_left(&d->c));
}

void decode_quic(struct dissect *d)
{
	uint32_t start = d->c.off;
	unsigned line = dissect_layer(d, PROTO_QUIC);

	for (unsigned i = 0; i < MOST_PACKETS && !d->c.err; i++) {
		const uint8_t *b = cursor_at(&d->c, d->c.off, 1);

		if (!b || !(b[0] & (LONG | FIXED))) /* padding of the datagram */
			break;
		if (b[0] & LONG)
			long_header(d, i);
		else
			short_header(d, i);
	}
	if (d->c.err)
		dissect_short(d, "a QUIC packet is longer than its datagram");
	d->c.off = d->c.cap;
	dissect_layer_end(d, line, start);
}
