/* NetBIOS name service, RFC 1002 4.2.1: a DNS message with other flags. A name is 16 bytes, the last
 * of which tells what offers it; each of its halves of a byte is a letter from A (RFC 1001 14.1).
 *
 *   0  1  2  3  4  5  6  7  8  9  0  1  2  3  4  5
 * +-----------------------------------------------+
 * |                  NAME_TRN_ID                  |
 * +--+-----------+--+--+--+--+--+--+--+-----------+
 * | R|  Opcode   |AA|TC|RD|RA| 0| 0| B|   RCODE   |
 * +--+-----------+--+--+--+--+--+--+--+-----------+
 * |              QDCOUNT ... ARCOUNT              |
 * +-----------------------------------------------+
 */
#include "decode/dns.h"

#include "util/buf.h"

#include <stdio.h>
#include <string.h>

enum { HEADER = 12, RESPONSE = 0x8000, MOST_RECORDS = 64, NAME = 16, NB = 0x20 };

static const struct field_word opcodes[] = {
	{ 0, "query" }, { 5, "registration" }, { 6, "release" }, { 7, "wait" }, { 8, "refresh" }, { 0, NULL },
};

static const struct field_word rcodes[] = {
	{ 0, "NoError" }, { 1, "FormErr" }, { 2, "ServFail" }, { 3, "no such name" }, { 4, "NotImp" },
	{ 5, "Refused" }, { 6, "active" },  { 7, "conflict" }, { 0, NULL },
};

static const struct field_word types[] = {
	{ 1, "A" }, { 2, "NS" }, { 10, "NULL" }, { NB, "NB" }, { 0x21, "NBSTAT" }, { 0, NULL },
};

static const struct field fields[] = {
	{ "nbns.id", "Transaction ID", 0, 16, FIELD_HEX,
	  .help = "the answer has that of the question, RFC 1002 4.2.1.1" },
	{ "nbns.flags", "Flags", 16, 16, FIELD_HEX, .help = "RFC 1002 4.2.1.1" },
	{ "nbns.flags.response", "Response", 16, 1, FIELD_BOOL, .indent = 1,
	  .help = "else it is a request, RFC 1002 4.2.1.1" },
	{ "nbns.flags.opcode", "Opcode", 17, 4, FIELD_DEC, .indent = 1, .words = opcodes,
	  .help = "kind of request, RFC 1002 4.2.1.1" },
	{ "nbns.flags.authoritative", "Authoritative", 21, 1, FIELD_BOOL, .indent = 1,
	  .help = "who answers owns the name, RFC 1002 4.2.1.1" },
	{ "nbns.flags.truncated", "Truncated", 22, 1, FIELD_BOOL, .indent = 1,
	  .help = "the message was too long for a datagram, RFC 1002 4.2.1.1" },
	{ "nbns.flags.recdesired", "Recursion desired", 23, 1, FIELD_BOOL, .indent = 1,
	  .help = "the name server shall ask others, RFC 1002 4.2.1.1" },
	{ "nbns.flags.recavail", "Recursion available", 24, 1, FIELD_BOOL, .indent = 1,
	  .help = "the name server does ask others, RFC 1002 4.2.1.1" },
	{ "nbns.flags.broadcast", "Broadcast", 27, 1, FIELD_BOOL, .indent = 1,
	  .help = "it was sent to all, RFC 1002 4.2.1.1" },
	{ "nbns.flags.rcode", "Reply code", 28, 4, FIELD_DEC, .indent = 1, .words = rcodes,
	  .help = "how it went, RFC 1002 4.2.6" },
	{ "nbns.count.queries", "Questions", 32, 16, FIELD_DEC, .help = "RFC 1002 4.2.1.1" },
	{ "nbns.count.answers", "Answers", 48, 16, FIELD_DEC, .help = "RFC 1002 4.2.1.1" },
	{ "nbns.count.auth_rr", "Authorities", 64, 16, FIELD_DEC, .help = "RFC 1002 4.2.1.1" },
	{ "nbns.count.add_rr", "Additional records", 80, 16, FIELD_DEC, .help = "RFC 1002 4.2.1.1" },
	{ 0 },
};

static const struct field name_row = { "nbns.name", "Name", .help = "whose, and in <> what offers it, RFC 1001 14.1" };
static const struct field type_row = {
	"nbns.type", "Type", 0, 16, FIELD_DEC, .indent = 1, .words = types, .help = "kind of record, RFC 1002 4.2.1.3"
};
static const struct field class_row = {
	"nbns.class", "Class", 0, 16, FIELD_DEC, .indent = 1, .help = "1: Internet, RFC 1002 4.2.1.3"
};
static const struct field ttl_row = { "nbns.ttl",
				      "Time to live",
				      0,
				      32,
				      FIELD_DEC,
				      .indent = 1,
				      .help = "seconds that it may be kept, RFC 1002 4.2.1.3" };
static const struct field length_row = {
	"nbns.data_length", "Data length", 0, 16, FIELD_DEC, .indent = 1, .help = "bytes of data, RFC 1002 4.2.1.3"
};

/* Flags and an address of each interface, RFC 1002 4.2.13; bits from the first of the six bytes. */
static const struct field address_fields[] = {
	{ "nbns.nb_flags", "Flags", 0, 16, FIELD_HEX, .indent = 1, .help = "RFC 1002 4.2.2" },
	{ "nbns.addr", "Address", 16, 32, FIELD_IPV4, .indent = 1, .help = "RFC 1002 4.2.2" },
	{ 0 },
};

/* "WORKGROUP<1d>" from its 32 letters; other names stay as they are. */
static void plain(const char *letters, char out[DNS_NAME])
{
	uint8_t bytes[NAME] = { 0 };
	unsigned n = NAME - 1;
	size_t used = 0;

	for (unsigned i = 0; i < 2 * NAME; i++) {
		if (letters[i] < 'A' || letters[i] > 'P') {
			snprintf(out, DNS_NAME, "%s", letters);
			return;
		}
		bytes[i / 2] = (uint8_t)(bytes[i / 2] << 4 | (letters[i] - 'A'));
	}
	while (n && (bytes[n - 1] == ' ' || !bytes[n - 1]))
		n--;
	for (unsigned i = 0; i < n; i++) {
		if (bytes[i] >= ' ' && bytes[i] < 0x7f)
			out[used++] = (char)bytes[i];
		else
			used += (size_t)snprintf(out + used, DNS_NAME - used, "\\%03u", bytes[i]);
	}
	snprintf(out + used, DNS_NAME - used, "<%02x>", bytes[NAME - 1]);
}

/* Name, type and class, which questions and records begin with. False: cut short. */
static bool head(struct dns *m, char name[DNS_NAME], uint16_t *type)
{
	struct dissect *d = m->d;
	uint32_t from = d->c.off;
	char letters[DNS_NAME];
	uint16_t class;

	dns_name(m, &d->c, letters);
	*type = cursor_be16(&d->c);
	class = cursor_be16(&d->c);
	if (d->c.err)
		return false;
	plain(letters, name);
	field_line(d, &name_row, from, d->c.off - 4 - from, name, "");
	field_number(d, &type_row, d->c.off - 4, 2, *type);
	field_number(d, &class_row, d->c.off - 2, 2, class);
	return true;
}

static void told(struct buf *words, uint16_t type, const char *name)
{
	const char *kind = field_word(types, type);

	if (words && kind)
		buf_printf(words, " %s %s", kind, name);
	else if (words)
		buf_printf(words, " TYPE%u %s", type, name);
}

static void record(struct dns *m, struct buf *words)
{
	struct dissect *d = m->d;
	char name[DNS_NAME];
	struct cursor data;
	uint16_t type, len;
	uint32_t ttl;

	if (!head(m, name, &type))
		return;
	ttl = cursor_be32(&d->c);
	len = cursor_be16(&d->c);
	if (d->c.err)
		return;
	field_number(d, &ttl_row, d->c.off - 6, 4, ttl);
	field_number(d, &length_row, d->c.off - 2, 2, len);
	told(words, type, name);
	data = cursor_part(&d->c, len);
	while (type == NB && !data.err && cursor_left(&data) >= 6) {
		const uint8_t *b;

		field_table(d, &data, address_fields);
		b = cursor_take(&data, 6);
		if (b && words)
			buf_printf(words, " %u.%u.%u.%u", b[2], b[3], b[4], b[5]);
	}
}

static void message(struct dns *m, struct buf *words)
{
	struct dissect *d = m->d;
	unsigned budget = MOST_RECORDS;
	char name[DNS_NAME];
	uint16_t of[4], id = cursor_be16(&d->c), flags = cursor_be16(&d->c), type;
	const char *opcode = field_word(opcodes, flags >> 11 & 15);

	for (unsigned i = 0; i < 4; i++)
		of[i] = cursor_be16(&d->c);
	if (d->c.err)
		return;
	if (words)
		buf_printf(words, "%s %s 0x%04x", opcode ? opcode : "?", flags & RESPONSE ? "response" : "request", id);
	if (words && flags & RESPONSE && flags & 15)
		buf_printf(words, " %s", field_word(rcodes, flags & 15) ? field_word(rcodes, flags & 15) : "error");
	for (unsigned section = 0; section < 4; section++)
		for (unsigned i = 0; i < of[section] && !d->c.err && budget; i++, budget--) {
			struct buf *say = section < 2 && !i ? words : NULL;

			if (section)
				record(m, say);
			else if (head(m, name, &type))
				told(say, type, name);
		}
}

bool nbns_looks_like(const struct dissect *d)
{
	return cursor_left(&d->c) >= HEADER;
}

void decode_nbns(struct dissect *d)
{
	uint32_t start = d->c.off;
	unsigned line = dissect_layer(d, PROTO_NBNS);
	struct dns m = { .d = d, .start = start };

	field_table(d, &d->c, fields);
	message(&m, dissect_words(d));
	if (m.wrong)
		dissect_malformed(d, m.wrong);
	if (d->c.err)
		dissect_short(d, "the NetBIOS message is cut short");
	dissect_layer_end(d, line, start);
}
