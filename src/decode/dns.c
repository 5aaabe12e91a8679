/* Domain Name System, RFC 1035 4.1.1; over TCP the message's length comes first (4.2.2). The same
 * messages on other ports: mDNS (RFC 6762), LLMNR (RFC 4795).
 *
 *   0  1  2  3  4  5  6  7  8  9  0  1  2  3  4  5
 * +-----------------------------------------------+
 * |                      ID                       |
 * +--+-----------+--+--+--+--+--+--+--+-----------+
 * |QR|  Opcode   |AA|TC|RD|RA| Z|AD|CD|   RCODE   |
 * +--+-----------+--+--+--+--+--+--+--+-----------+
 * |                    QDCOUNT                    |
 * |                    ANCOUNT                    |
 * |                    NSCOUNT                    |
 * |                    ARCOUNT                    |
 * +-----------------------------------------------+
 */
#include "decode/dns.h"

#include "util/buf.h"

#include <stdio.h>
#include <string.h>

enum { HEADER = 12, RESPONSE = 0x8000, MOST_RECORDS = 512, MOST_WORDS = 4, OPT = 41 };

static const struct field_word opcodes[] = {
	{ 0, "query" },  { 1, "inverse query" },      { 2, "status" }, { 4, "notify" },
	{ 5, "update" }, { 6, "stateful operation" }, { 0, NULL },
};

static const struct field_word rcodes[] = {
	{ 0, "NoError" },  { 1, "FormErr" },    { 2, "ServFail" }, { 3, "NXDomain" }, { 4, "NotImp" },
	{ 5, "Refused" },  { 6, "YXDomain" },   { 7, "YXRRSet" },  { 8, "NXRRSet" },  { 9, "NotAuth" },
	{ 10, "NotZone" }, { 11, "DSOTYPENI" }, { 0, NULL },
};

static const struct field_word classes[] = {
	{ 1, "IN" }, { 3, "CH" }, { 4, "HS" }, { 254, "NONE" }, { 255, "ANY" }, { 0, NULL },
};

static const struct field fields[] = {
	{ "dns.id", "Transaction ID", 0, 16, FIELD_HEX, .help = "the answer has that of the question, RFC 1035 4.1.1" },
	{ "dns.flags", "Flags", 16, 16, FIELD_HEX, .help = "RFC 1035 4.1.1" },
	{ "dns.flags.response", "Response", 16, 1, FIELD_BOOL, .indent = 1,
	  .help = "else it is a query, RFC 1035 4.1.1" },
	{ "dns.flags.opcode", "Opcode", 17, 4, FIELD_DEC, .indent = 1, .words = opcodes,
	  .help = "kind of query, RFC 1035 4.1.1" },
	{ "dns.flags.authoritative", "Authoritative", 21, 1, FIELD_BOOL, .indent = 1,
	  .help = "the server owns the name, RFC 1035 4.1.1" },
	{ "dns.flags.truncated", "Truncated", 22, 1, FIELD_BOOL, .indent = 1,
	  .help = "there is more: ask again over TCP, RFC 1035 4.1.1" },
	{ "dns.flags.recdesired", "Recursion desired", 23, 1, FIELD_BOOL, .indent = 1,
	  .help = "the server shall ask others, RFC 1035 4.1.1" },
	{ "dns.flags.recavail", "Recursion available", 24, 1, FIELD_BOOL, .indent = 1,
	  .help = "the server does ask others, RFC 1035 4.1.1" },
	{ "dns.flags.authenticated", "Authentic data", 26, 1, FIELD_BOOL, .indent = 1,
	  .help = "the server checked the signatures, RFC 4035 3.2.3" },
	{ "dns.flags.checkdisable", "Checking disabled", 27, 1, FIELD_BOOL, .indent = 1,
	  .help = "data that fail the check are wanted too, RFC 4035 3.2.2" },
	{ "dns.flags.rcode", "Reply code", 28, 4, FIELD_DEC, .indent = 1, .words = rcodes,
	  .help = "how it went, RFC 1035 4.1.1" },
	{ "dns.count.queries", "Questions", 32, 16, FIELD_DEC, .help = "RFC 1035 4.1.1" },
	{ "dns.count.answers", "Answers", 48, 16, FIELD_DEC, .help = "RFC 1035 4.1.1" },
	{ "dns.count.auth_rr", "Authorities", 64, 16, FIELD_DEC, .help = "RFC 1035 4.1.1" },
	{ "dns.count.add_rr", "Additional records", 80, 16, FIELD_DEC, .help = "RFC 1035 4.1.1" },
	{ 0 },
};

static const struct field length_field[] = {
	{ "dns.length", "Length", 0, 16, FIELD_DEC, .help = "of the message, RFC 1035 4.2.2" },
	{ 0 },
};

struct counts {
	uint16_t id, flags, of[4];
};

static void read_counts(struct cursor *c, struct counts *n)
{
	n->id = cursor_be16(c);
	n->flags = cursor_be16(c);
	for (int i = 0; i < 4; i++)
		n->of[i] = cursor_be16(c);
}

/* A host's name or one with labels as services have them, whole and without compression. */
static bool plain_name(struct cursor *c)
{
	uint32_t n, total = 0;

	while ((n = cursor_u8(c)) && n < 64 && (total += n + 1) < 255) {
		const uint8_t *label = cursor_take(c, n);

		for (uint32_t i = 0; label && i < n; i++)
			if (label[i] <= ' ' || label[i] > '~')
				return false;
	}
	return !c->err && !n;
}

/* On a port that tells nothing: a question for one plain name of a class that exists, with room for
 * all the records that the header announces. */
bool dns_asks_plainly(const struct dissect *d)
{
	struct cursor c = d->c;
	struct counts n;
	uint32_t records, class;

	read_counts(&c, &n);
	records = (uint32_t)n.of[1] + n.of[2] + n.of[3];
	if (c.err || n.of[0] != 1 || n.flags & 0x7840 || records * 11u + 5 > cursor_left(&c) ||
	    (!(n.flags & RESPONSE) && (n.of[1] || n.flags & 15)) || !plain_name(&c))
		return false;
	cursor_skip(&c, 2);
	class = cursor_be16(&c) & 0x7fff; /* RFC 6762 5.4: the high bit asks for unicast */
	return !c.err && field_word(classes, class);
}

/* Could they lie in one message? A question takes 5 bytes or more, a record 11. */
static bool counts_fit(const struct counts *n)
{
	uint32_t records = (uint32_t)n->of[1] + n->of[2] + n->of[3];

	return n->of[0] * 5u + records * 11u <= 65535;
}

/* Over TCP the bytes may be from the middle of a message. Over UDP each datagram on its port is one,
 * if a damaged one: it takes two faults to be something else. */
bool dns_looks_like(const struct dissect *d)
{
	struct cursor c = d->c;
	struct counts n;
	bool tcp = d->proto == PROTO_TCP, known;

	if (!tcp && udp_ports[d->key] != PROTO_DNS)
		return dns_asks_plainly(d);
	if (tcp && cursor_be16(&c) < HEADER)
		return false;
	read_counts(&c, &n);
	if (c.err)
		return false;
	known = field_word(opcodes, n.flags >> 11 & 15);
	if (!tcp)
		return known || counts_fit(&n);
	return known && counts_fit(&n) && !(n.flags & 0x40) &&
	       (n.of[0] || n.of[1] || n.of[2] || n.of[3] || n.flags & RESPONSE || cursor_left(&c) == 0);
}

static const struct field question_rows[] = {
	{ "dns.qry.name", "Name", .help = "what is asked for, RFC 1035 4.1.2" },
	{ "dns.qry.type", "Type", 0, 16, FIELD_DEC, .indent = 1, .words = dns_types,
	  .help = "kind of record, RFC 1035 3.2.2" },
	{ "dns.qry.class", "Class", 0, 16, FIELD_HEX, .indent = 1, .words = classes, .help = "RFC 1035 3.2.4" },
};

static const struct field record_rows[] = {
	{ "dns.resp.name", "Name", .help = "whose record it is, RFC 1035 4.1.3" },
	{ "dns.resp.type", "Type", 0, 16, FIELD_DEC, .indent = 1, .words = dns_types,
	  .help = "kind of record, RFC 1035 3.2.2" },
	{ "dns.resp.class", "Class", 0, 16, FIELD_HEX, .indent = 1, .words = classes, .help = "RFC 1035 3.2.4" },
	{ "dns.resp.ttl", "Time to live", 0, 32, FIELD_DEC, .indent = 1,
	  .help = "seconds that it may be kept, RFC 1035 4.1.3" },
	{ "dns.resp.len", "Data length", 0, 16, FIELD_DEC, .indent = 1, .help = "bytes of data, RFC 1035 4.1.3" },
};

static const char *type_name(uint16_t type, char text[12])
{
	const char *name = field_word(dns_types, type);

	if (!name)
		snprintf(text, 12, "TYPE%u", type);
	return name ? name : text;
}

static void question(struct dns *m, struct buf *words)
{
	struct dissect *d = m->d;
	uint32_t from = d->c.off;
	char name[DNS_NAME], number[12];
	uint16_t type, class;

	dns_name(m, &d->c, name);
	type = cursor_be16(&d->c);
	class = cursor_be16(&d->c);
	if (d->c.err)
		return;
	field_line(d, &question_rows[0], from, d->c.off - 4 - from, name, "");
	field_number(d, &question_rows[1], d->c.off - 4, 2, type);
	field_number(d, &question_rows[2], d->c.off - 2, 2, class);
	if (words)
		buf_printf(words, " %s? %s", type_name(type, number), name);
}

static void record(struct dns *m, struct buf *words)
{
	struct dissect *d = m->d;
	uint32_t from = d->c.off, at, ttl;
	char name[DNS_NAME], number[12];
	uint16_t type, class, len;
	struct cursor data;

	dns_name(m, &d->c, name);
	at = d->c.off;
	type = cursor_be16(&d->c);
	class = cursor_be16(&d->c);
	ttl = cursor_be32(&d->c);
	len = cursor_be16(&d->c);
	if (d->c.err)
		return;
	field_line(d, &record_rows[0], from, at - from, name, "");
	field_number(d, &record_rows[1], at, 2, type);
	if (type != OPT) {
		field_number(d, &record_rows[2], at + 2, 2, class);
		field_number(d, &record_rows[3], at + 4, 4, ttl);
	}
	field_number(d, &record_rows[4], at + 8, 2, len);
	if (words && type != OPT)
		buf_printf(words, "%c%s", m->told++ ? ',' : ' ', type_name(type, number));
	data = cursor_part(&d->c, len);
	dns_data(m, type, &data, type == OPT ? NULL : words);
}

static void message(struct dns *m, const struct counts *n)
{
	struct dissect *d = m->d;
	struct buf *words = dissect_words(d);
	unsigned budget = MOST_RECORDS;

	if (words) {
		const char *opcode = field_word(opcodes, n->flags >> 11 & 15);

		buf_puts(words, n->flags & RESPONSE ? "response" : "query");
		if (n->flags >> 11 & 15)
			buf_printf(words, " %s", opcode ? opcode : "?");
		buf_printf(words, " 0x%04x", n->id);
		if (n->flags & RESPONSE && n->flags & 15)
			buf_printf(words, " %s",
				   field_word(rcodes, n->flags & 15) ? field_word(rcodes, n->flags & 15) : "error");
	}
	for (unsigned section = 0; section < 4; section++)
		for (unsigned i = 0; i < n->of[section] && !d->c.err && budget; i++, budget--) {
			if (section == 0)
				question(m, i < MOST_WORDS ? words : NULL);
			else
				record(m, section == 1 && i < MOST_WORDS ? words : NULL);
		}
}

void decode_dns(struct dissect *d)
{
	bool tcp = d->proto == PROTO_TCP;
	uint32_t start = d->c.off;
	unsigned line = dissect_layer(d, PROTO_DNS);
	struct counts n;
	struct dns m = { .d = d };

	if (tcp) {
		field_table(d, &d->c, length_field);
		cursor_limit(&d->c,
			     2u + cursor_be16(&(struct cursor){ d->c.base, d->c.off, d->c.cap, d->c.len, CURSOR_OK }));
		cursor_skip(&d->c, 2);
	}
	m.start = d->c.off;
	field_table(d, &d->c, fields);
	read_counts(&d->c, &n);
	if (!d->c.err)
		message(&m, &n);
	if (m.wrong)
		dissect_malformed(d, m.wrong);
	/* Over TCP the rest of a message may be in the segments to come. */
	if (d->c.err && !tcp)
		dissect_short(d, "the DNS message is cut short");
	dissect_layer_end(d, line, start);
}
