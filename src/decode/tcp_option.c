/* TCP options, RFC 9293 3.1: kinds 0 and 1 are one byte; the others have a length, their own two
 * bytes included. https://www.iana.org/assignments/tcp-parameters
 */
#include "decode/dissect.h"

#include <stddef.h>
#include <string.h>

enum kind { END = 0, NOP = 1, MSS = 2, WSCALE = 3, SACK_OK = 4, SACK = 5, TIMESTAMPS = 8 };

enum { MOST_SHIFT = 14 /* RFC 7323 2.3 */ };

static const struct field mss_fields[] = {
	{ "tcp.options.mss_val", "MSS value", 16, 16, FIELD_DEC,
	  .help = "largest segment that the sender of this takes, RFC 9293 3.7.1" },
	{ 0 },
};

static const struct field wscale_fields[] = {
	{ "tcp.options.wscale.shift", "Shift count", 16, 8, FIELD_DEC,
	  .help = "the sender's windows are shifted left by it, RFC 7323 2.2" },
	{ 0 },
};

static const struct field timestamp_fields[] = {
	{ "tcp.options.timestamp.tsval", "Timestamp value", 16, 32, FIELD_DEC,
	  .help = "the sender's clock, RFC 7323 3.2" },
	{ "tcp.options.timestamp.tsecr", "Timestamp echo reply", 48, 32, FIELD_DEC,
	  .help = "the newest value from the other side, RFC 7323 3.2" },
	{ 0 },
};

static const struct field sack_fields[] = {
	{ "tcp.options.sack_le", "Left edge", 0, 32, FIELD_DEC,
	  .help = "first sequence number of a block that came, RFC 2018 3" },
	{ "tcp.options.sack_re", "Right edge", 32, 32, FIELD_DEC,
	  .help = "the number behind its last byte, RFC 2018 3" },
	{ 0 },
};

static const struct field md5_fields[] = {
	{ "tcp.options.md5.digest", "MD5 digest", 16, 0, FIELD_BYTES,
	  .help = "signature with a shared key, RFC 2385 2" },
	{ 0 },
};

static const struct field timeout_fields[] = {
	{ "tcp.options.user_to_granularity", "Granularity", 16, 1, FIELD_BOOL,
	  .help = "set: minutes, else seconds, RFC 5482 3" },
	{ "tcp.options.user_to_val", "User timeout", 17, 15, FIELD_DEC,
	  .help = "how long data may stay unacknowledged, RFC 5482 3" },
	{ 0 },
};

static const struct field ao_fields[] = {
	{ "tcp.options.ao.keyid", "Key ID", 16, 8, FIELD_DEC, .help = "key that made this MAC, RFC 5925 2.2" },
	{ "tcp.options.ao.rnextkeyid", "Next key ID", 24, 8, FIELD_DEC,
	  .help = "key that the sender wants to receive, RFC 5925 2.2" },
	{ "tcp.options.ao.mac", "MAC", 32, 0, FIELD_BYTES, .help = "message authentication code, RFC 5925 2.2" },
	{ 0 },
};

static const struct field cookie_fields[] = {
	{ "tcp.options.tfo.cookie", "Cookie", 16, 0, FIELD_BYTES,
	  .help = "lets data ride on the SYN; none asks for one, RFC 7413 4.1.1" },
	{ 0 },
};

/* Counters of 24 bits, which a shorter option leaves out from the end. */
static const struct field accecn0_fields[] = {
	{ "tcp.options.acc_ecn.ee0b", "ECT(0) bytes", 16, 24, FIELD_DEC,
	  .help = "counter of bytes that came as ECT(0), RFC 9768 3.2.3" },
	{ "tcp.options.acc_ecn.eceb", "CE bytes", 40, 24, FIELD_DEC,
	  .help = "counter of bytes that came as CE, RFC 9768 3.2.3" },
	{ "tcp.options.acc_ecn.ee1b", "ECT(1) bytes", 64, 24, FIELD_DEC,
	  .help = "counter of bytes that came as ECT(1), RFC 9768 3.2.3" },
	{ 0 },
};

static const struct field accecn1_fields[] = {
	{ "tcp.options.acc_ecn.ee1b", "ECT(1) bytes", 16, 24, FIELD_DEC,
	  .help = "counter of bytes that came as ECT(1), RFC 9768 3.2.3" },
	{ "tcp.options.acc_ecn.eceb", "CE bytes", 40, 24, FIELD_DEC,
	  .help = "counter of bytes that came as CE, RFC 9768 3.2.3" },
	{ "tcp.options.acc_ecn.ee0b", "ECT(0) bytes", 64, 24, FIELD_DEC,
	  .help = "counter of bytes that came as ECT(0), RFC 9768 3.2.3" },
	{ 0 },
};

static const struct field_word experiments[] = {
	{ 0x00ac, "TARR" },
	{ 0x00ee, "fewer retransmissions" },
	{ 0x0348, "HOST_ID" },
	{ 0x0ace, "accurate ECN" },
	{ 0x454e, "TCP-ENO" },
	{ 0xacc0, "accurate ECN, order 0" },
	{ 0xacc1, "accurate ECN, order 1" },
	{ 0xacce, "accurate ECN" },
	{ 0xe2d4, "SMC-R" },
	{ 0xf989, "fast open" },
	{ 0, NULL },
};

static const struct field experiment_fields[] = {
	{ "tcp.options.experimental.exid", "Experiment", 16, 16, FIELD_HEX, .words = experiments,
	  .help = "whose experiment it is, RFC 6994 3" },
	{ 0 },
};

static const struct field experiment_data[] = {
	{ "tcp.options.experimental.data", "Data", 32, 0, FIELD_BYTES, .help = "of the experiment, RFC 6994 3" },
	{ 0 },
};

/* What standards have now, when it was still an experiment. */
static const struct field old_cookie[] = {
	{ "tcp.options.tfo.cookie", "Cookie", 32, 0, FIELD_BYTES, .help = "lets data ride on the SYN, RFC 7413 4.1.1" },
	{ 0 },
};

static const struct field echo_fields[] = {
	{ "tcp.options.echo_value", "Echo value", 16, 32, FIELD_DEC, .help = "RFC 1072 3" },
	{ 0 },
};

static const struct field connection_fields[] = {
	{ "tcp.options.cc_value", "Connection count", 16, 32, FIELD_DEC, .help = "RFC 1644 2.1" },
	{ 0 },
};

static const struct field scps_fields[] = {
	{ "tcp.options.scps.vector", "Capabilities", 16, 8, FIELD_HEX, .help = "CCSDS 714.0-B-2" },
	{ "tcp.options.scpsflags.bets", "Partial reliability", 16, 1, FIELD_BOOL, .indent = 1, .help = "BETS" },
	{ "tcp.options.scpsflags.snack1", "SNACK, short form", 17, 1, FIELD_BOOL, .indent = 1,
	  .help = "negative acknowledgments are understood" },
	{ "tcp.options.scpsflags.snack2", "SNACK, long form", 18, 1, FIELD_BOOL, .indent = 1,
	  .help = "negative acknowledgments are understood" },
	{ "tcp.options.scpsflags.compress", "Compression", 19, 1, FIELD_BOOL, .indent = 1, .help = "of headers" },
	{ "tcp.options.scpsflags.nlts", "Network layer timestamps", 20, 1, FIELD_BOOL, .indent = 1,
	  .help = "CCSDS 714.0-B-2" },
	{ 0 },
};

static const struct field snack_fields[] = {
	{ "tcp.options.snack.offset", "Offset", 16, 16, FIELD_DEC, .help = "of the hole" },
	{ "tcp.options.snack.size", "Size", 32, 16, FIELD_DEC, .help = "of the hole" },
	{ 0 },
};

static const struct field quick_fields[] = {
	{ "tcp.options.qs.rate", "Rate", 20, 4, FIELD_DEC, .help = "n: 40 kbit/s times 2 to the n, RFC 4782 4.1" },
	{ "tcp.options.qs.ttl_diff", "TTL difference", 24, 8, FIELD_DEC, .help = "RFC 4782 4.1" },
	{ 0 },
};

static const struct field unknown_fields[] = {
	{ "tcp.options.unknown.payload", "Payload", 16, 0, FIELD_BYTES,
	  .help = "an option that no decoder here knows" },
	{ 0 },
};

static void list_sack(struct dissect *d, struct cursor c)
{
	static const struct field count = {
		"tcp.options.sack.count", "Blocks", 0, 8, FIELD_DEC, .help = "how many follow, RFC 2018 3"
	};
	uint32_t blocks = (cursor_left(&c) - 2) / 8;

	cursor_skip(&c, 2);
	while (!c.err && cursor_left(&c) >= 8) {
		field_table(d, &c, sack_fields);
		cursor_skip(&c, 8);
	}
	field_number(d, &count, c.off, 0, blocks);
}

static void list_multiplier(struct dissect *d, struct cursor c)
{
	static const struct field row = { "tcp.options.wscale.multiplier",       "Multiplier", 0, 16, FIELD_DEC,
					  .help = "what the shift multiplies by" };
	uint8_t shift;

	cursor_skip(&c, 2);
	shift = cursor_u8(&c);
	if (!c.err)
		field_number(d, &row, c.off - 1, 1, 1u << (shift > MOST_SHIFT ? MOST_SHIFT : shift));
}

/* Without a cookie it asks for one. */
static void list_cookie(struct dissect *d, struct cursor c)
{
	static const struct field row = { "tcp.options.tfo.request", "Cookie request", .help = "RFC 7413 4.1.1" };

	if (cursor_left(&c) == 2)
		field_line(d, &row, c.off, 2, "1", "");
}

static void list_experiment(struct dissect *d, struct cursor c)
{
	const uint8_t *b = cursor_at(&c, c.off, 4);

	field_table(d, &c, b && b[2] == 0xf9 && b[3] == 0x89 ? old_cookie : experiment_data);
}

static const struct option kinds[] = {
	{ END, "end of options", "what follows is padding, RFC 9293 3.1", NULL, NULL },
	{ NOP, "no operation", "aligns the option behind it, RFC 9293 3.1", NULL, NULL },
	{ MSS, "maximum segment size", "RFC 9293 3.7.1", mss_fields, NULL },
	{ WSCALE, "window scale", "lets windows exceed 64 KiB, RFC 7323 2", wscale_fields, list_multiplier },
	{ SACK_OK, "SACK permitted", "selective acknowledgments are understood, RFC 2018 2", NULL, NULL },
	{ SACK, "SACK", "blocks that came behind a gap, RFC 2018 3", NULL, list_sack },
	{ TIMESTAMPS, "timestamps", "for round-trip times and against old duplicates, RFC 7323 3", timestamp_fields,
	  NULL },
	{ 6, "echo", "obsolete, RFC 1072", echo_fields, NULL },
	{ 7, "echo reply", "obsolete, RFC 1072", echo_fields, NULL },
	{ 9, "partial order permitted", "obsolete, RFC 1693", unknown_fields, NULL },
	{ 10, "partial order profile", "obsolete, RFC 1693", unknown_fields, NULL },
	{ 11, "connection count", "T/TCP, obsolete, RFC 1644", connection_fields, NULL },
	{ 12, "new connection count", "T/TCP, obsolete, RFC 1644", connection_fields, NULL },
	{ 13, "connection count echo", "T/TCP, obsolete, RFC 1644", connection_fields, NULL },
	{ 14, "alternate checksum request", "obsolete, RFC 1146", unknown_fields, NULL },
	{ 15, "alternate checksum data", "obsolete, RFC 1146", unknown_fields, NULL },
	{ 16, "Skeeter", "IANA TCP option kinds", unknown_fields, NULL },
	{ 17, "Bubba", "IANA TCP option kinds", unknown_fields, NULL },
	{ 18, "trailer checksum", "IANA TCP option kinds", unknown_fields, NULL },
	{ 19, "MD5 signature", "guards BGP sessions, RFC 2385", md5_fields, NULL },
	{ 20, "SCPS capabilities", "CCSDS 714.0-B-2", scps_fields, NULL },
	{ 21, "selective negative acknowledgments", "CCSDS 714.0-B-2", snack_fields, NULL },
	{ 22, "record boundaries", "CCSDS 714.0-B-2", unknown_fields, NULL },
	{ 23, "corruption experienced", "CCSDS 714.0-B-2", unknown_fields, NULL },
	{ 24, "SNAP", "IANA TCP option kinds", unknown_fields, NULL },
	{ 26, "compression filter", "IANA TCP option kinds", unknown_fields, NULL },
	{ 27, "quick start response", "RFC 4782", quick_fields, NULL },
	{ 28, "user timeout", "RFC 5482", timeout_fields, NULL },
	{ 29, "authentication", "TCP-AO, RFC 5925", ao_fields, NULL },
	{ 30, "multipath TCP", "several paths for one connection, RFC 8684", NULL, mptcp_option },
	{ 34, "fast open", "data on the SYN, RFC 7413", cookie_fields, list_cookie },
	{ 69, "encryption negotiation", "TCP-ENO, RFC 8547", unknown_fields, NULL },
	{ 172, "accurate ECN, order 0", "how many bytes came with which mark, RFC 9768 3.2.3", accecn0_fields, NULL },
	{ 174, "accurate ECN, order 1", "how many bytes came with which mark, RFC 9768 3.2.3", accecn1_fields, NULL },
	{ 253, "experiment", "RFC 6994", experiment_fields, list_experiment },
	{ 254, "experiment", "RFC 6994", experiment_fields, list_experiment },
	{ 0, NULL, "IANA TCP option kinds", unknown_fields, NULL },
};

static const struct field kind_row = { "tcp.option_kind", "Option",    0, 8,
				       FIELD_DEC,         .help = NULL /* the option has one */ };

static const struct field length_row[] = {
	{ "tcp.option_len", "Length", 8, 8, FIELD_DEC, .help = "bytes of the whole option, RFC 9293 3.1" },
	{ 0 },
};

static void enter_sack(struct packet *p, struct cursor *c)
{
	while (!c->err && cursor_left(c) >= 8 && p->tcp_sack_count < PACKET_SACKS) {
		uint32_t left = cursor_be32(c), right = cursor_be32(c);

		if (c->err)
			return;
		p->tcp_sack[p->tcp_sack_count][0] = left;
		p->tcp_sack[p->tcp_sack_count++][1] = right;
		p->tcp_options |= TCP_OPT_SACK;
	}
}

/* What the summary keeps. `c` is the option's body; of a wrong length nothing is believed. */
static void enter(struct packet *p, uint8_t kind, struct cursor c)
{
	uint32_t a, b;

	switch (kind) {
	case MSS:
		a = cursor_be16(&c);
		if (!c.err && !cursor_left(&c))
			p->tcp_mss = (uint16_t)a, p->tcp_options |= TCP_OPT_MSS;
		break;
	case WSCALE:
		a = cursor_u8(&c);
		if (!c.err && !cursor_left(&c)) {
			p->tcp_wscale = (uint8_t)(a > MOST_SHIFT ? MOST_SHIFT : a);
			p->tcp_options |= TCP_OPT_WSCALE;
		}
		break;
	case SACK_OK:
		if (!cursor_left(&c))
			p->tcp_options |= TCP_OPT_SACK_OK;
		break;
	case SACK: enter_sack(p, &c); break;
	case TIMESTAMPS:
		a = cursor_be32(&c);
		b = cursor_be32(&c);
		if (!c.err && !cursor_left(&c)) {
			p->tcp_tsval = a;
			p->tcp_tsecr = b;
			p->tcp_options |= TCP_OPT_TS;
		}
		break;
	default: break;
	}
}

/* Two times no operation, then timestamps: what nearly every segment has, laid out as RFC 7323 A
 * recommends. It is recognised at once, since it is read for every packet. */
static bool only_timestamps(struct dissect *d, const struct cursor *c)
{
	static const uint8_t layout[4] = { NOP, NOP, TIMESTAMPS, 10 };
	const uint8_t *b = cursor_left(c) == 12 ? cursor_at(c, c->off, 12) : NULL;

	if (d->tree || !b || memcmp(b, layout, sizeof layout) != 0)
		return false;
	if (dissect_outermost(d)) {
		d->p->tcp_tsval = bytes_be32(b + 4);
		d->p->tcp_tsecr = bytes_be32(b + 8);
		d->p->tcp_options |= TCP_OPT_TS;
	}
	return true;
}

void tcp_options(struct dissect *d, struct cursor c)
{
	if (only_timestamps(d, &c))
		return;
	while (!c.err && cursor_left(&c)) {
		struct cursor rest = c, body;
		uint8_t kind = cursor_u8(&c), len = 1;

		if (kind > NOP)
			len = cursor_u8(&c);
		if (c.err == CURSOR_TRUNCATED)
			return;
		if (kind > NOP) {
			if (c.err || len < 2 || len > cursor_left(&rest)) {
				dissect_malformed(d, len < 2 ? "a TCP option is shorter than itself"
							     : "a TCP option is longer than the header");
				return;
			}
			body = cursor_part(&c, len - 2u);
			if (dissect_outermost(d))
				enter(d->p, kind, body);
		}
		if (d->tree) {
			struct cursor option = cursor_part(&rest, len);

			option_show(d, kinds, &kind_row, length_row, &option);
		}
		if (kind == END)
			return;
	}
}
