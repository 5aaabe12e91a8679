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

enum { HEADER = 20, FLAGS = 0xfff, PORTS_END = 4, FLAGS_END = 14 };

static const struct field fields[] = {
	{ "tcp.srcport", "Source port", 0, 16, FIELD_DEC, .help = "port of the sender, RFC 9293 3.1" },
	{ "tcp.dstport", "Destination port", 16, 16, FIELD_DEC, .help = "port of the receiver, RFC 9293 3.1" },
	{ "tcp.seq_raw", "Sequence number", 32, 32, FIELD_DEC,
	  .help = "number of the first byte of data; a SYN and a FIN count as one, RFC 9293 3.4" },
	{ "tcp.ack_raw", "Acknowledgment number", 64, 32, FIELD_DEC,
	  .help = "the next byte that the sender of this expects, RFC 9293 3.4" },
	{ "tcp.hdr_len", "Header length", 96, 4, FIELD_DEC, .shift = 2,
	  .help = "bytes of the header; on the wire in words of 4, RFC 9293 3.1" },
	{ 0 },
};

static const struct field flags_field = {
	"tcp.flags", "Flags", 100, 12, FIELD_HEX, .help = "control bits, RFC 9293 3.1"
};

static const struct field flag_fields[] = {
	{ "tcp.flags.res", "Reserved", 100, 3, FIELD_BOOL, .indent = 1, .help = "must be zero, RFC 9293 3.1" },
	{ "tcp.flags.ae", "Accurate ECN", 103, 1, FIELD_BOOL, .indent = 1,
	  .help = "high bit of the counter of congestion marks, RFC 9768" },
	{ "tcp.flags.cwr", "Congestion window reduced", 104, 1, FIELD_BOOL, .indent = 1,
	  .help = "the sender has slowed down, RFC 3168 6.1" },
	{ "tcp.flags.ece", "ECN echo", 105, 1, FIELD_BOOL, .indent = 1,
	  .help = "a router marked congestion on the way here, RFC 3168 6.1" },
	{ "tcp.flags.urg", "Urgent", 106, 1, FIELD_BOOL, .indent = 1,
	  .help = "the urgent pointer counts, RFC 9293 3.8.5" },
	{ "tcp.flags.ack", "Acknowledgment", 107, 1, FIELD_BOOL, .indent = 1,
	  .help = "the acknowledgment number counts, RFC 9293 3.1" },
	{ "tcp.flags.push", "Push", 108, 1, FIELD_BOOL, .indent = 1,
	  .help = "hand it to the program now, RFC 9293 3.9.1" },
	{ "tcp.flags.reset", "Reset", 109, 1, FIELD_BOOL, .indent = 1,
	  .help = "the connection is over at once, RFC 9293 3.5.2" },
	{ "tcp.flags.syn", "Syn", 110, 1, FIELD_BOOL, .indent = 1, .help = "begins the numbering, RFC 9293 3.5" },
	{ "tcp.flags.fin", "Fin", 111, 1, FIELD_BOOL, .indent = 1,
	  .help = "the sender has no more data, RFC 9293 3.6" },
	{ 0 },
};

static const struct field window_fields[] = {
	{ "tcp.window_size_value", "Window", 112, 16, FIELD_DEC,
	  .help = "bytes that may come, before scaling, RFC 9293 3.8.6 and RFC 7323 2" },
	{ "tcp.checksum", "Checksum", 128, 16, FIELD_HEX, .help = "over pseudo-header, header and data, RFC 9293 3.1" },
	{ 0 },
};

static const struct field urgent_field[] = {
	{ "tcp.urgent_pointer", "Urgent pointer", 144, 16, FIELD_DEC,
	  .help = "end of the urgent data, from the sequence number on, RFC 9293 3.8.5" },
	{ 0 },
};

struct header {
	uint16_t sport, dport, bits, window;
	uint32_t seq, ack, size;
};

/* The flags' own line says in words which are set: "SYN, ACK". */
static void show_flags(struct dissect *d, const struct cursor *at, uint16_t bits)
{
	static const char *const names[] = { "FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE" };
	char words[64] = "", value[8];
	size_t used = 0;

	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		if (bits & 1u << i)
			used += (size_t)snprintf(words + used, sizeof words - used, "%s%s", used ? ", " : "", names[i]);
	snprintf(value, sizeof value, "0x%04x", bits & FLAGS);
	field_line(d, &flags_field, at->off + 12, 2, value, words);
	field_table(d, at, flag_fields);
}

static void show_header(struct dissect *d, const struct cursor *at, const struct header *h)
{
	static const struct field status = { "tcp.checksum.status", "Checksum status", .indent = 1,
					     .help = "worked out from the packet" };
	uint32_t n = cursor_left(at);
	const struct checksum sum = { &status, at->off, n, 16, d->pseudo ? d->pseudo + n : 0, true };

	field_table(d, at, fields);
	if (cursor_at(at, at->off, 14))
		show_flags(d, at, h->bits);
	field_table(d, at, window_fields);
	if (cursor_at(at, at->off, HEADER))
		checksum_show(d, &sum);
	field_table(d, at, urgent_field);
}

static void show_end(struct dissect *d, unsigned line, const struct header *h)
{
	static const struct field row = { "tcp.len", "Data length",
					  0,         32,
					  FIELD_DEC, .help = "bytes of data: the IP length without the headers" };
	char text[24];

	if (!d->tree)
		return;
	field_number(d, &row, d->c.off, 0, cursor_left(&d->c));
	snprintf(text, sizeof text, "%u to %u", h->sport, h->dport);
	field_meaning(d, line, text);
}

static void enter_ports(struct dissect *d, const struct header *h)
{
	if (!dissect_outermost(d))
		return;
	d->p->sport = h->sport;
	d->p->dport = h->dport;
	d->p->has_ports = d->p->partial = true;
}

static void enter(struct dissect *d, const struct header *h)
{
	struct packet *p = d->p;

	enter_ports(d, h);
	if (!dissect_outermost(d))
		return;
	p->tcp_seq = h->seq;
	p->tcp_ack = h->ack;
	p->tcp_flags = h->bits & 0x1ff;
	p->tcp_window = h->window;
}

/* By the header's own length, whether all of it is here or not. */
static void enter_payload(struct dissect *d, const struct cursor *at, const struct header *h)
{
	if (!dissect_outermost(d) || h->size < HEADER || h->size > cursor_left(at))
		return;
	d->p->partial = false;
	d->p->payload_off = at->off + h->size;
	d->p->payload_len = cursor_left(at) - h->size;
}

static void read_header(struct cursor *c, struct header *h)
{
	uint8_t spare[HEADER];
	const uint8_t *b = cursor_header(c, HEADER, spare);

	h->sport = bytes_be16(b);
	h->dport = bytes_be16(b + 2);
	h->seq = bytes_be32(b + 4);
	h->ack = bytes_be32(b + 8);
	h->bits = bytes_be16(b + 12);
	h->size = (h->bits >> 12) * 4u;
	h->window = bytes_be16(b + 14);
}

void decode_tcp(struct dissect *d)
{
	static const struct port_routes routes = { tcp_ports, tcp_guesses };
	struct cursor at = d->c;
	unsigned line = dissect_layer(d, PROTO_TCP);
	struct header h;

	read_header(&d->c, &h);
	if (d->tree)
		show_header(d, &at, &h);
	dissect_payload(d);
	if (d->c.err) {
		/* What there is of it is worth having. */
		if (cursor_at(&d->c, at.off, FLAGS_END)) {
			enter(d, &h);
			enter_payload(d, &at, &h);
		} else if (cursor_at(&d->c, at.off, PORTS_END)) {
			enter_ports(d, &h);
		}
		dissect_short(d, "the TCP header is cut short");
		return;
	}
	enter(d, &h);
	if (h.size < HEADER) {
		dissect_malformed(d, "the TCP header length is below 20");
		return;
	}
	if (h.size > HEADER) {
		struct cursor options = cursor_part(&d->c, h.size - HEADER);

		if (!options.err)
			tcp_options(d, options);
	}
	if (d->c.err == CURSOR_MALFORMED) {
		dissect_short(d, "the TCP header is longer than the packet");
		return;
	}
	dissect_layer_end(d, line, at.off);
	enter_payload(d, &at, &h);
	if (d->c.err) {
		dissect_short(d, "the TCP options are cut short");
		return;
	}
	show_end(d, line, &h);
	dissect_ports(d, &routes, h.sport, h.dport);
}
