/* Datagram Congestion Control Protocol, RFC 4340 5.1:
 *
 * +-------------------------------+-------------------------------+
 * |          Source Port          |           Dest Port           |
 * +---------------+-------+-------+-------------------------------+
 * |  Data Offset  | CCVal | CsCov |           Checksum            |
 * +-----+-------+-+-------+-------+-------------------------------+
 * | Res | Type  |X|   Reserved    |  Sequence Number (high, X=1)  |
 * +-----+-------+-+---------------+-------------------------------+
 * |           Sequence Number (low); with X=0 these are not there |
 * +---------------------------------------------------------------+
 *
 * With X=0 the sequence number has the 24 bits behind X. Then, of the types that acknowledge, an
 * acknowledgement number as wide; the service code of a request or the code and data of a reset;
 * options up to the data offset, in words of 4 bytes.
 */
#include "decode/dissect.h"

#include "util/buf.h"

#include <stddef.h>
#include <stdio.h>

enum { REQUEST, RESPONSE, DATA, ACK, DATA_ACK, CLOSE_REQUEST, CLOSE, RESET, SYNC, SYNC_ACK };
enum { ELAPSED = 43, WITH_LENGTH = 32 /* and the options behind it */ };

static const struct field_word types[] = {
	{ REQUEST, "Request" },  { RESPONSE, "Response" },      { DATA, "Data" },   { ACK, "Ack" },
	{ DATA_ACK, "DataAck" }, { CLOSE_REQUEST, "CloseReq" }, { CLOSE, "Close" }, { RESET, "Reset" },
	{ SYNC, "Sync" },        { SYNC_ACK, "SyncAck" },       { 0, NULL },
};

static const struct field_word resets[] = {
	{ 0, "unspecified" },
	{ 1, "closed" },
	{ 2, "aborted" },
	{ 3, "no connection" },
	{ 4, "packet error" },
	{ 5, "option error" },
	{ 6, "mandatory error" },
	{ 7, "connection refused" },
	{ 8, "bad service code" },
	{ 9, "too busy" },
	{ 10, "bad init cookie" },
	{ 11, "aggression penalty" },
	{ 0, NULL },
};

static const struct field_word features[] = {
	{ 1, "congestion control ID" }, { 2, "allow short sequence numbers" },
	{ 3, "sequence window" },       { 4, "ECN incapable" },
	{ 5, "acknowledgement ratio" }, { 6, "send acknowledgement vector" },
	{ 7, "send NDP count" },        { 8, "minimum checksum coverage" },
	{ 9, "check data checksum" },   { 0, NULL },
};

static const struct field fields[] = {
	{ "dccp.srcport", "Source port", 0, 16, FIELD_DEC, .help = "port of the sender, RFC 4340 5.1" },
	{ "dccp.dstport", "Destination port", 16, 16, FIELD_DEC, .help = "port of the receiver, RFC 4340 5.1" },
	{ "dccp.data_offset", "Data offset", 32, 8, FIELD_DEC,
	  .help = "words of 4 bytes up to the data, RFC 4340 5.1" },
	{ "dccp.ccval", "CCVal", 40, 4, FIELD_DEC, .help = "for the sender's congestion control, RFC 4340 5.1" },
	{ "dccp.cscov", "Checksum coverage", 44, 4, FIELD_DEC,
	  .help = "0: all; else n - 1 words of data, RFC 4340 9.2" },
	{ "dccp.checksum", "Checksum", 48, 16, FIELD_HEX,
	  .help = "over pseudo-header, header and what is covered, RFC 4340 9.1" },
	{ 0 },
};

static const struct field type_fields[] = {
	{ "dccp.type", "Type", 67, 4, FIELD_DEC, .words = types, .help = "RFC 4340 5.1" },
	{ "dccp.x", "Extended sequence numbers", 71, 1, FIELD_BOOL, .help = "48 bits in place of 24, RFC 4340 5.1" },
	{ 0 },
};

static const struct field seq_short[] = {
	{ "dccp.seq_raw", "Sequence number", 72, 24, FIELD_DEC, .help = "RFC 4340 7.1" },
	{ 0 },
};

static const struct field seq_long[] = {
	{ "dccp.seq_raw", "Sequence number", 80, 48, FIELD_DEC, .help = "RFC 4340 7.1" },
	{ 0 },
};

static const struct field ack_short[] = {
	{ "dccp.ack_raw", "Acknowledgement number", 8, 24, FIELD_DEC, .help = "the highest that came, RFC 4340 7.1" },
	{ 0 },
};

static const struct field ack_long[] = {
	{ "dccp.ack_raw", "Acknowledgement number", 16, 48, FIELD_DEC, .help = "the highest that came, RFC 4340 7.1" },
	{ 0 },
};

static const struct field service_fields[] = {
	{ "dccp.service_code", "Service code", 0, 32, FIELD_DEC,
	  .help = "which application is wanted, RFC 4340 8.1.2" },
	{ 0 },
};

static const struct field reset_fields[] = {
	{ "dccp.reset_code", "Reset code", 0, 8, FIELD_DEC, .words = resets, .help = "why, RFC 4340 5.6" },
	{ "dccp.data1", "Data 1", 8, 8, FIELD_DEC, .help = "RFC 4340 5.6" },
	{ "dccp.data2", "Data 2", 16, 8, FIELD_DEC, .help = "RFC 4340 5.6" },
	{ "dccp.data3", "Data 3", 24, 8, FIELD_DEC, .help = "RFC 4340 5.6" },
	{ 0 },
};

static const struct field feature_fields[] = {
	{ "dccp.feature_number", "Feature", 16, 8, FIELD_DEC, .words = features, .help = "RFC 4340 6.4" },
	{ 0 },
};

static const struct field cookie_fields[] = {
	{ "dccp.init_cookie", "Init cookie", 16, 0, FIELD_BYTES, .help = "RFC 4340 8.1.4" },
	{ 0 },
};

static const struct field vector0_fields[] = {
	{ "dccp.ack_vector.nonce_0", "States", 16, 0, FIELD_BYTES, .help = "RFC 4340 11.4" },
	{ 0 },
};

static const struct field vector1_fields[] = {
	{ "dccp.ack_vector.nonce_1", "States", 16, 0, FIELD_BYTES, .help = "RFC 4340 11.4" },
	{ 0 },
};

static const struct field dropped_fields[] = {
	{ "dccp.data_dropped", "Blocks", 16, 0, FIELD_BYTES, .help = "RFC 4340 11.7" },
	{ 0 },
};

static const struct field timestamp_fields[] = {
	{ "dccp.timestamp", "Timestamp", 16, 32, FIELD_DEC, .help = "RFC 4340 13.1" },
	{ 0 },
};

static const struct field echo_fields[] = {
	{ "dccp.timestamp_echo", "Timestamp echo", 16, 32, FIELD_DEC, .help = "RFC 4340 13.3" },
	{ 0 },
};

static const struct field checksum_fields[] = {
	{ "dccp.checksum_data", "Data checksum", 16, 32, FIELD_HEX, .help = "CRC32c of the data, RFC 4340 9.3" },
	{ 0 },
};

static const struct field unknown_fields[] = {
	{ "dccp.option_unknown", "Value", 16, 0, FIELD_BYTES, .help = "of an option that no decoder here knows" },
	{ 0 },
};

/* A number of as many bytes as the option has. */
static void list_number(struct dissect *d, struct cursor c)
{
	static const struct field ndp = {
		"dccp.ndp_count", "Packets", 0, 32, FIELD_DEC, .help = "without data before this one, RFC 4340 7.7"
	};
	static const struct field elapsed = {
		"dccp.elapsed_time", "Elapsed", 0, 32, FIELD_DEC, .help = "in units of 10 us, RFC 4340 13.2"
	};
	const struct field *row = cursor_u8(&c) == ELAPSED ? &elapsed : &ndp;
	uint32_t from, value = 0;

	cursor_skip(&c, 1);
	from = c.off;
	if (cursor_left(&c) > 4)
		return;
	while (!c.err && cursor_left(&c))
		value = value << 8 | cursor_u8(&c);
	if (c.off > from)
		field_number(d, row, from, c.off - from, value);
}

static const struct option options[] = {
	{ 0, "padding", "RFC 4340 5.8.1", NULL, NULL },
	{ 1, "mandatory", "the next option must be understood, RFC 4340 5.8.2", NULL, NULL },
	{ 2, "slow receiver", "do not send more, RFC 4340 11.6", NULL, NULL },
	{ 32, "change L", "RFC 4340 6.1", feature_fields, NULL },
	{ 33, "confirm L", "RFC 4340 6.2", feature_fields, NULL },
	{ 34, "change R", "RFC 4340 6.1", feature_fields, NULL },
	{ 35, "confirm R", "RFC 4340 6.2", feature_fields, NULL },
	{ 36, "init cookie", "RFC 4340 8.1.4", cookie_fields, NULL },
	{ 37, "NDP count", "packets without data before this, RFC 4340 7.7", NULL, list_number },
	{ 38, "acknowledgement vector, nonce 0", "RFC 4340 11.4", vector0_fields, NULL },
	{ 39, "acknowledgement vector, nonce 1", "RFC 4340 11.4", vector1_fields, NULL },
	{ 40, "data dropped", "RFC 4340 11.7", dropped_fields, NULL },
	{ 41, "timestamp", "RFC 4340 13.1", timestamp_fields, NULL },
	{ 42, "timestamp echo", "RFC 4340 13.3", echo_fields, NULL },
	{ ELAPSED, "elapsed time", "RFC 4340 13.2", NULL, list_number },
	{ 44, "data checksum", "RFC 4340 9.3", checksum_fields, NULL },
	{ 0, NULL, "IANA DCCP option types", unknown_fields, NULL },
};

static const struct field kind_row = { "dccp.option_type", "Option",    0, 8,
				       FIELD_DEC,          .help = NULL /* the option has one */ };

/* DCCP's options have no length field by Wireshark's names. */
static const struct field no_length[] = { { 0 } };

static void show_options(struct dissect *d, struct cursor c)
{
	while (!c.err && cursor_left(&c)) {
		struct cursor rest = c, option;
		uint8_t type = cursor_u8(&c), length = 1;

		if (type >= WITH_LENGTH)
			length = cursor_u8(&c);
		if (c.err == CURSOR_TRUNCATED)
			return;
		if (c.err || length < (type < WITH_LENGTH ? 1 : 2) || length > cursor_left(&rest)) {
			dissect_malformed(d, "a DCCP option has a wrong length");
			return;
		}
		option = cursor_part(&rest, length);
		option_show(d, options, &kind_row, no_length, &option);
		c = rest;
	}
}

struct header {
	uint16_t sport, dport;
	uint32_t size, covered; /* bytes up to the data; and of the data, as CsCov has it */
	uint8_t type;
	bool wide;
	uint64_t seq, ack;
};

static uint64_t number(struct cursor *c, bool wide)
{
	uint64_t high = wide ? cursor_be16(c) : cursor_u8(c);

	return wide ? high << 32 | cursor_be32(c) : high << 16 | cursor_be16(c);
}

/* Up to the options. */
static void read_header(struct cursor *c, struct header *h)
{
	uint8_t b;

	h->sport = cursor_be16(c);
	h->dport = cursor_be16(c);
	h->size = cursor_u8(c) * 4u;
	h->covered = cursor_u8(c) & 15;
	cursor_skip(c, 2);
	b = cursor_u8(c);
	h->type = b >> 1 & 15;
	h->wide = b & 1;
	if (h->wide)
		cursor_skip(c, 1);
	h->seq = number(c, h->wide);
}

static void show(struct dissect *d, unsigned line, const struct cursor *at, const struct header *h)
{
	static const struct field status = { "dccp.checksum.status", "Checksum status", .indent = 1,
					     .help = "worked out from the packet" };
	uint32_t n = cursor_left(at), covered = h->size + (h->covered - 1) * 4u;
	struct checksum sum = { &status, at->off, n, 6, d->pseudo ? d->pseudo + n : 0, true };
	char text[24];

	field_table(d, at, fields);
	if (h->covered && covered < n)
		sum.n = covered;
	if (cursor_at(at, at->off, 8))
		checksum_show(d, &sum);
	field_table(d, at, type_fields);
	field_table(d, at, h->wide ? seq_long : seq_short);
	snprintf(text, sizeof text, "%u to %u", h->sport, h->dport);
	field_meaning(d, line, text);
}

static void say(struct dissect *d, const struct header *h, bool acknowledges, uint32_t special)
{
	struct buf *words = dissect_words(d);
	const char *name = field_word(types, h->type);

	if (!words)
		return;
	if (name)
		buf_printf(words, "[%s]", name);
	else
		buf_printf(words, "[type %u]", h->type);
	buf_printf(words, " seq=%llu", (unsigned long long)h->seq);
	if (acknowledges)
		buf_printf(words, " ack=%llu", (unsigned long long)h->ack);
	if (h->type == REQUEST || h->type == RESPONSE)
		buf_printf(words, " service=%u", special);
	if (h->type == RESET) {
		name = field_word(resets, special >> 24);
		buf_printf(words, " code=%u", special >> 24);
		if (name)
			buf_printf(words, " (%s)", name);
	}
	if (cursor_left(&d->c))
		buf_printf(words, " len=%u", cursor_left(&d->c));
}

/* What the type adds: the acknowledgement number, the service code, the reset code. */
static uint32_t type_part(struct dissect *d, struct header *h, bool acknowledges)
{
	bool service = h->type == REQUEST || h->type == RESPONSE;

	if (acknowledges) {
		field_table(d, &d->c, h->wide ? ack_long : ack_short);
		cursor_skip(&d->c, h->wide ? 2 : 1);
		h->ack = number(&d->c, h->wide);
	}
	if (!service && h->type != RESET)
		return 0;
	field_table(d, &d->c, service ? service_fields : reset_fields);
	return cursor_be32(&d->c);
}

static void enter(struct dissect *d, const struct header *h)
{
	if (!dissect_outermost(d))
		return;
	d->p->sport = h->sport;
	d->p->dport = h->dport;
	d->p->has_ports = true;
}

void decode_dccp(struct dissect *d)
{
	struct cursor at = d->c;
	unsigned line = dissect_layer(d, PROTO_DCCP);
	struct header h = { 0 };
	bool acknowledges;
	uint32_t special = 0;

	read_header(&d->c, &h);
	if (d->tree)
		show(d, line, &at, &h);
	acknowledges = h.type != REQUEST && h.type != DATA && h.type <= SYNC_ACK;
	if (!d->c.err)
		special = type_part(d, &h, acknowledges);
	dissect_payload(d);
	if (d->c.err) {
		dissect_short(d, "the DCCP header is cut short");
		return;
	}
	enter(d, &h);
	if (h.size < d->c.off - at.off) {
		dissect_malformed(d, "the DCCP data offset is within the header");
		return;
	}
	if (h.size > d->c.off - at.off)
		show_options(d, cursor_part(&d->c, h.size - (d->c.off - at.off)));
	dissect_payload(d);
	if (d->c.err) {
		dissect_short(d, "the DCCP options are cut short");
		return;
	}
	dissect_layer_end(d, line, at.off);
	say(d, &h, acknowledges, special);
	dissect_next(d, PROTO_DATA);
}
