/* Transmission Control Protocol, RFC 9293, 3.1:
 *
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------------------------------+-------------------------------+
 * |          Source Port          |       Destination Port        |
 * +-------------------------------+-------------------------------+
 * |                        Sequence Number                        |
 * +---------------------------------------------------------------+
 * |                    Acknowledgment Number                      |
 * +-------+-----+-+-+-+-+-+-+-+-+-+-------------------------------+
 * |  Data |     |A|C|E|U|A|P|R|S|F|                               |
 * | Offset|Rsrvd|E|W|C|R|C|S|S|Y|I|            Window             |
 * |       |     | |R|E|G|K|H|T|N|N|                               |
 * +-------+-----+-+-+-+-+-+-+-+-+-+-------------------------------+
 * |           Checksum            |         Urgent Pointer        |
 * +-------------------------------+-------------------------------+
 * |                           [Options]                           |
 * +---------------------------------------------------------------+
 */
#include "decode/dissect.h"

#include <stdio.h>
#include <string.h>

enum option_kind { END = 0, NOP = 1, MSS = 2, WSCALE = 3, SACK_OK = 4, SACK = 5, TIMESTAMPS = 8 };

static const struct field_word kinds[] = {
	{ END, "end of options" },        { NOP, "no operation" },
	{ MSS, "maximum segment size" },  { WSCALE, "window scale" },
	{ SACK_OK, "SACK permitted" },    { SACK, "SACK" },
	{ TIMESTAMPS, "timestamps" },     { 19, "MD5 signature" },
	{ 28, "user timeout" },           { 29, "authentication (TCP-AO)" },
	{ 30, "multipath TCP" },          { 34, "fast open cookie" },
	{ 69, "encryption negotiation" }, { 172, "accurate ECN order 0" },
	{ 174, "accurate ECN order 1" },  { 253, "experiment 1" },
	{ 254, "experiment 2" },          { 0 },
};

/* clang-format off */
static const struct field fields[] = {
	{ "tcp.srcport", "Source port", 0, 16, FIELD_DEC, NULL, "port of the sender", 0, 0 },
	{ "tcp.dstport", "Destination port", 16, 16, FIELD_DEC, NULL, "port of the receiver", 0,
	  0 },
	{ "tcp.seq_raw", "Sequence number", 32, 32, FIELD_DEC, NULL,
	  "number of the first byte of data (a SYN and a FIN count as one)", 0, 0 },
	{ "tcp.ack_raw", "Acknowledgment number", 64, 32, FIELD_DEC, NULL,
	  "the next byte that the sender of this expects", 0, 0 },
	{ "tcp.hdr_len", "Header length", 96, 4, FIELD_DEC, NULL,
	  "bytes of the header; on the wire in words of 4", 2, 0 },
	{ 0 },
};

static const struct field flags_field = { "tcp.flags", "Flags",        100, 12, FIELD_HEX,
					  NULL,        "control bits", 0,   0 };

static const struct field bit_fields[] = {
	{ "tcp.flags.ae", "Accurate ECN", 103, 1, FIELD_BOOL, NULL, "RFC 9768", 0, 1 },
	{ "tcp.flags.cwr", "Congestion window reduced", 104, 1, FIELD_BOOL, NULL, "RFC 3168", 0,
	  1 },
	{ "tcp.flags.ece", "ECN echo", 105, 1, FIELD_BOOL, NULL, "RFC 3168", 0, 1 },
	{ "tcp.flags.urg", "Urgent", 106, 1, FIELD_BOOL, NULL, "the urgent pointer counts", 0, 1 },
	{ "tcp.flags.ack", "Acknowledgment", 107, 1, FIELD_BOOL, NULL,
	  "the acknowledgment number counts", 0, 1 },
	{ "tcp.flags.push", "Push", 108, 1, FIELD_BOOL, NULL, "hand it to the program now", 0, 1 },
	{ "tcp.flags.reset", "Reset", 109, 1, FIELD_BOOL, NULL, "the connection is over at once", 0,
	  1 },
	{ "tcp.flags.syn", "Syn", 110, 1, FIELD_BOOL, NULL, "begins the numbering", 0, 1 },
	{ "tcp.flags.fin", "Fin", 111, 1, FIELD_BOOL, NULL, "the sender has no more data", 0, 1 },
	{ "tcp.window_size_value", "Window", 112, 16, FIELD_DEC, NULL,
	  "bytes that may come, before scaling (RFC 7323)", 0, 0 },
	{ "tcp.checksum", "Checksum", 128, 16, FIELD_HEX, NULL,
	  "over pseudo-header, header and data", 0, 0 },
	{ 0 },
};

static const struct field urgent_field[] = {
	{ "tcp.urgent_pointer", "Urgent pointer", 144, 16, FIELD_DEC, NULL,
	  "end of the urgent data", 0, 0 },
	{ 0 },
};
/* clang-format on */

static void show_checksum(struct dissect *d, uint32_t start)
{
	static const struct field row = { .name = "tcp.checksum.status",
					  .label = "Checksum status",
					  .indent = 1,
					  .help = "worked out from the packet" };
	uint32_t len = d->c.len - start;
	bool good;

	if (!d->tree || !d->pseudo || !dissect_whole(d, start, len))
		return;
	good = dissect_sum(d, start, len, d->pseudo + len) == 0xffff;
	field_line(d, &row, start + 16, 2, good ? "1" : "0",
		   good ? "correct" : "incorrect (offloaded?)");
}

/* --- options, RFC 9293 3.2, RFC 7323, RFC 2018 --- */

static void sub_number(struct dissect *d, const char *name, const char *label, uint32_t at,
		       uint32_t len, uint32_t value)
{
	const struct field row = { .name = name, .label = label, .format = FIELD_DEC, .indent = 1 };

	field_number(d, &row, at, len, value);
}

static void option_body(struct dissect *d, uint8_t kind, struct cursor *c)
{
	struct packet *p = d->p;
	uint32_t at = c->off, a, b;
	bool outer = dissect_outermost(d);

	switch (kind) {
	case MSS:
		a = cursor_be16(c);
		sub_number(d, "tcp.options.mss_val", "MSS value", at, 2, a);
		if (outer && !c->err)
			p->tcp_mss = (uint16_t)a, p->tcp_options |= TCP_OPT_MSS;
		break;
	case WSCALE:
		a = cursor_u8(c);
		sub_number(d, "tcp.options.wscale.shift", "Shift count", at, 1, a);
		if (outer && !c->err)
			p->tcp_wscale = (uint8_t)(a > 14 ? 14 : a),
			p->tcp_options |= TCP_OPT_WSCALE; /* RFC 7323, 2.3 */
		break;
	case SACK_OK:
		if (outer)
			p->tcp_options |= TCP_OPT_SACK_OK;
		break;
	case TIMESTAMPS:
		a = cursor_be32(c);
		b = cursor_be32(c);
		sub_number(d, "tcp.options.timestamp.tsval", "Timestamp value", at, 4, a);
		sub_number(d, "tcp.options.timestamp.tsecr", "Timestamp echo reply", at + 4, 4, b);
		if (outer && !c->err)
			p->tcp_tsval = a, p->tcp_tsecr = b, p->tcp_options |= TCP_OPT_TS;
		break;
	case SACK:
		while (cursor_left(c) >= 8 && !c->err) {
			at = c->off;
			a = cursor_be32(c);
			b = cursor_be32(c);
			sub_number(d, "tcp.options.sack_le", "Left edge", at, 4, a);
			sub_number(d, "tcp.options.sack_re", "Right edge", at + 4, 4, b);
			if (outer && !c->err && p->tcp_sack_count < PACKET_SACKS) {
				p->tcp_sack[p->tcp_sack_count][0] = a;
				p->tcp_sack[p->tcp_sack_count++][1] = b;
				p->tcp_options |= TCP_OPT_SACK;
			}
		}
		break;
	default: break;
	}
}

static void options(struct dissect *d, struct cursor c)
{
	static const struct field row = { .name = "tcp.option_kind",
					  .label = "Option",
					  .format = FIELD_DEC,
					  .words = kinds,
					  .help = "IANA TCP parameters" };

	while (!c.err && cursor_left(&c)) {
		uint32_t at = c.off;
		uint8_t kind = cursor_u8(&c), len = 1;
		struct cursor body;

		if (kind > NOP)
			len = cursor_u8(&c);
		if (c.err || (kind > NOP && (len < 2 || len - 2u > cursor_left(&c)))) {
			if (c.err != CURSOR_TRUNCATED)
				dissect_malformed(d, "a TCP option is longer than the header");
			return;
		}
		field_number(d, &row, at, len, kind);
		if (kind == END)
			return;
		if (kind == NOP)
			continue;
		body = cursor_part(&c, len - 2u);
		option_body(d, kind, &body);
	}
}

/* The fields in the order of the wire; the flags' line says in words which are set: "SYN, ACK". */
static void show_header(struct dissect *d, uint32_t start)
{
	static const char *const names[] = { "FIN", "SYN", "RST", "PSH", "ACK",
					     "URG", "ECE", "CWR", "AE" };
	struct cursor c = d->c;
	char words[64] = "", value[8];
	uint32_t bits;

	if (!d->tree)
		return;
	field_table(d, start, fields);
	cursor_skip(&c, 12);
	bits = cursor_be16(&c) & 0xfff;
	if (c.err)
		return;
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		if (bits & 1u << i)
			snprintf(words + strlen(words), sizeof words - strlen(words), "%s%s",
				 words[0] ? ", " : "", names[i]);
	snprintf(value, sizeof value, "0x%03x", bits);
	field_line(d, &flags_field, start + 12, 2, value, words);
	field_table(d, start, bit_fields);
}

static void enter(struct dissect *d, uint16_t sport, uint16_t dport, uint32_t seq, uint32_t ack,
		  uint16_t bits, uint16_t window)
{
	struct packet *p = d->p;

	if (!dissect_outermost(d))
		return;
	p->sport = sport;
	p->dport = dport;
	p->has_ports = true;
	p->tcp_seq = seq;
	p->tcp_ack = ack;
	p->tcp_flags = bits & 0x1ff;
	p->tcp_window = window;
}

void decode_tcp(struct dissect *d)
{
	uint32_t start = d->c.off, seq, ack, header;
	unsigned line = dissect_layer(d, PROTO_TCP);
	uint16_t sport, dport, bits, window;
	struct cursor rest;

	show_header(d, start);
	sport = cursor_be16(&d->c);
	dport = cursor_be16(&d->c);
	seq = cursor_be32(&d->c);
	ack = cursor_be32(&d->c);
	bits = cursor_be16(&d->c);
	window = cursor_be16(&d->c);
	cursor_skip(&d->c, 4);
	if (d->c.err) {
		dissect_short(d, "the TCP header is cut short");
		return;
	}
	enter(d, sport, dport, seq, ack, bits, window);
	show_checksum(d, start);
	field_table(d, start, urgent_field);
	header = (bits >> 12) * 4u;
	if (header < 20) {
		dissect_malformed(d, "the TCP header length is below 20");
		return;
	}
	if (header - 20 > cursor_left(&d->c)) {
		dissect_malformed(d, "the TCP header is longer than the packet");
		return;
	}
	rest = cursor_part(&d->c, header - 20);
	options(d, rest);
	dissect_layer_end(d, line, start);
	if (dissect_outermost(d)) {
		d->p->payload_off = start + header;
		d->p->payload_len = d->c.len - start - header;
	}
	if (d->c.err) {
		dissect_short(d, "the TCP options are cut short");
		return;
	}
	dissect_data(d);
}
