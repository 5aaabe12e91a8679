/* Chunks of SCTP that move data, say what came or give it up: RFC 9260 3.3.1, 3.3.4 and A, RFC 3758
 * 3.2 (FORWARD TSN), RFC 8260 2 (I-DATA), and the draft of NR-SACK.
 */
#include "decode/sctp.h"

#include <stddef.h>

enum { GAP = 4, DUPLICATE = 4 };

static const struct field_word payloads[] = {
	{ 1, "IUA" },
	{ 2, "M2UA" },
	{ 3, "M3UA" },
	{ 4, "SUA" },
	{ 5, "M2PA" },
	{ 6, "V5UA" },
	{ 7, "H.248" },
	{ 8, "BICC" },
	{ 9, "TALI" },
	{ 10, "DUA" },
	{ 11, "ASAP" },
	{ 12, "ENRP" },
	{ 13, "H.323" },
	{ 14, "Q.IPC" },
	{ 15, "SIMCO" },
	{ 16, "DDP segment" },
	{ 17, "DDP stream" },
	{ 18, "S1AP" },
	{ 19, "RUA" },
	{ 20, "HNBAP" },
	{ 24, "SBc-AP" },
	{ 25, "NBAP" },
	{ 27, "X2AP" },
	{ 29, "LCS-AP" },
	{ 39, "SSH over SCTP" },
	{ 46, "Diameter" },
	{ 47, "Diameter in DTLS" },
	{ 50, "WebRTC data channel control" },
	{ 51, "WebRTC string" },
	{ 52, "WebRTC binary, partial" },
	{ 53, "WebRTC binary" },
	{ 54, "WebRTC string, partial" },
	{ 55, "3GPP PUA" },
	{ 56, "WebRTC string, empty" },
	{ 57, "WebRTC binary, empty" },
	{ 58, "XwAP" },
	{ 59, "Xw control" },
	{ 60, "NGAP" },
	{ 61, "XnAP" },
	{ 62, "F1AP" },
	{ 64, "E1AP" },
	{ 66, "NGAP in DTLS" },
	{ 67, "XnAP in DTLS" },
	{ 68, "F1AP in DTLS" },
	{ 0, NULL },
};

#define BIT(NAME, LABEL, AT, HELP)                                        \
	{                                                                 \
		NAME, LABEL, AT, 1, FIELD_BOOL, .indent = 1, .help = HELP \
	}
#define DATA_BITS                                                                         \
	BIT("sctp.data_i_bit", "Immediate", 12, "acknowledge it at once, RFC 7053 4"),    \
		BIT("sctp.data_u_bit", "Unordered", 13, "it has no place in its stream"), \
		BIT("sctp.data_b_bit", "Beginning", 14, "first piece of a message"),      \
		BIT("sctp.data_e_bit", "End", 15, "last piece of a message")

static const struct field data_fields[] = {
	DATA_BITS,
	{ "sctp.data_tsn_raw", "Transmission sequence number", 32, 32, FIELD_DEC,
	  .help = "what is acknowledged, RFC 9260 3.3.1" },
	{ "sctp.data_sid", "Stream", 64, 16, FIELD_HEX, .help = "RFC 9260 3.3.1" },
	{ "sctp.data_ssn", "Stream sequence number", 80, 16, FIELD_DEC,
	  .help = "place of the message in its stream, RFC 9260 3.3.1" },
	{ "sctp.data_payload_proto_id", "Payload protocol", 96, 32, FIELD_DEC, .words = payloads,
	  .help = "what the data are, IANA SCTP payload protocol identifiers" },
	{ "data.data", "Data", 128, 0, FIELD_BYTES, .help = "of the message" },
	{ 0 },
};

/* RFC 8260 2.1: the first piece tells the protocol where the others have their number. */
static const struct field idata_fields[] = {
	DATA_BITS,
	{ "sctp.data_tsn_raw", "Transmission sequence number", 32, 32, FIELD_DEC,
	  .help = "what is acknowledged, RFC 8260 2.1" },
	{ "sctp.data_sid", "Stream", 64, 16, FIELD_HEX, .help = "RFC 8260 2.1" },
	{ "sctp.data_reserved", "Reserved", 80, 16, FIELD_DEC, .help = "0, RFC 8260 2.1" },
	{ "sctp.data_mid", "Message", 96, 32, FIELD_DEC, .help = "the pieces of a message share it, RFC 8260 2.1" },
	{ 0 },
};

static const struct field first_piece[] = {
	{ "sctp.data_payload_proto_id", "Payload protocol", 128, 32, FIELD_DEC, .words = payloads,
	  .help = "of the first piece, RFC 8260 2.1" },
	{ "data.data", "Data", 160, 0, FIELD_BYTES, .help = "of the message" },
	{ 0 },
};

static const struct field later_piece[] = {
	{ "sctp.data_fsn", "Piece", 128, 32, FIELD_DEC, .help = "its number, RFC 8260 2.1" },
	{ "data.data", "Data", 160, 0, FIELD_BYTES, .help = "of the message" },
	{ 0 },
};

static const struct field sack_fields[] = {
	{ "sctp.sack_cumulative_tsn_ack_raw", "Cumulative TSN", 32, 32, FIELD_DEC,
	  .help = "all came up to it, RFC 9260 3.3.4" },
	{ "sctp.sack_a_rwnd", "Receiver window", 64, 32, FIELD_DEC, .help = "bytes that may come, RFC 9260 3.3.4" },
	{ "sctp.sack_number_of_gap_blocks", "Gap blocks", 96, 16, FIELD_DEC,
	  .help = "what came behind a gap, RFC 9260 3.3.4" },
	{ "sctp.sack_number_of_duplicated_tsns", "Duplicates", 112, 16, FIELD_DEC,
	  .help = "what came twice, RFC 9260 3.3.4" },
	{ 0 },
};

static const struct field nr_sack_fields[] = {
	{ "sctp.nr_sack_cumulative_tsn_ack", "Cumulative TSN", 32, 32, FIELD_DEC, .help = "all came up to it" },
	{ "sctp.nr_sack_a_rwnd", "Receiver window", 64, 32, FIELD_DEC, .help = "bytes that may come" },
	{ "sctp.nr_sack_number_of_gap_blocks", "Gap blocks", 96, 16, FIELD_DEC,
	  .help = "what came behind a gap and may be dropped yet" },
	{ "sctp.nr_sack_number_of_nr_gap_blocks", "Kept gap blocks", 112, 16, FIELD_DEC,
	  .help = "what came behind a gap and is kept" },
	{ "sctp.nr_sack_number_of_duplicated_tsns", "Duplicates", 128, 16, FIELD_DEC, .help = "what came twice" },
	{ 0 },
};

static const struct field gap_fields[] = {
	{ "sctp.sack_gap_block_start", "From", 0, 16, FIELD_DEC,
	  .help = "counted from the cumulative TSN, RFC 9260 3.3.4" },
	{ "sctp.sack_gap_block_end", "To", 16, 16, FIELD_DEC,
	  .help = "counted from the cumulative TSN, RFC 9260 3.3.4" },
	{ 0 },
};

static const struct field duplicate_fields[] = {
	{ "sctp.sack_duplicate_tsn", "Duplicate", 0, 32, FIELD_DEC, .help = "a chunk that came again, RFC 9260 3.3.4" },
	{ 0 },
};

static const struct field nr_gap_fields[] = {
	{ "sctp.nr_sack_gap_block_start", "From", 0, 16, FIELD_DEC, .help = "of a gap block" },
	{ "sctp.nr_sack_gap_block_end", "To", 16, 16, FIELD_DEC, .help = "of a gap block" },
	{ 0 },
};

static const struct field nr_kept_fields[] = {
	{ "sctp.nr_sack_nr_gap_block_start", "From", 0, 16, FIELD_DEC, .help = "of a kept block" },
	{ "sctp.nr_sack_nr_gap_block_end", "To", 16, 16, FIELD_DEC, .help = "of a kept block" },
	{ 0 },
};

static const struct field ecne_fields[] = {
	{ "sctp.ecne_lowest_tsn", "Lowest TSN", 32, 32, FIELD_DEC,
	  .help = "marked as having met congestion, RFC 9260 A" },
	{ 0 },
};

static const struct field cwr_fields[] = {
	{ "sctp.cwr_lowest_tsn", "Lowest TSN", 32, 32, FIELD_DEC,
	  .help = "the sender slowed down because of it, RFC 9260 A" },
	{ 0 },
};

static const struct field forward_fields[] = {
	{ "sctp.forward_tsn_tsn", "New cumulative TSN", 32, 32, FIELD_DEC,
	  .help = "what is before it is given up, RFC 3758 3.2" },
	{ 0 },
};

static const struct field skipped_fields[] = {
	{ "sctp.forward_tsn_sid", "Stream", 0, 16, FIELD_DEC, .help = "RFC 3758 3.2" },
	{ "sctp.forward_tsn_ssn", "Stream sequence number", 16, 16, FIELD_DEC,
	  .help = "the last that is given up, RFC 3758 3.2" },
	{ 0 },
};

static const struct field iforward_fields[] = {
	{ "sctp.i_forward_tsn_tsn", "New cumulative TSN", 32, 32, FIELD_DEC,
	  .help = "what is before it is given up, RFC 8260 2.3.1" },
	{ 0 },
};

static const struct field iskipped_fields[] = {
	{ "sctp.i_forward_tsn_sid", "Stream", 0, 16, FIELD_DEC, .help = "RFC 8260 2.3.1" },
	{ "sctp.i_forward_tsn_u_bit", "Unordered", 31, 1, FIELD_BOOL, .help = "RFC 8260 2.3.1" },
	{ "sctp.forward_tsn_mid", "Message", 32, 32, FIELD_DEC, .help = "the last that is given up, RFC 8260 2.3.1" },
	{ 0 },
};

/* Up to `count` rows of `size` bytes. */
static void rows_of(struct dissect *d, struct cursor *c, const struct field *rows, uint32_t size, uint32_t count)
{
	for (; count && !c->err && cursor_left(c) >= size; count--) {
		field_table(d, c, rows);
		cursor_skip(c, size);
	}
}

static void list_sack(struct dissect *d, struct cursor c)
{
	uint32_t gaps, duplicates;

	cursor_skip(&c, 12);
	gaps = cursor_be16(&c);
	duplicates = cursor_be16(&c);
	rows_of(d, &c, gap_fields, GAP, gaps);
	rows_of(d, &c, duplicate_fields, DUPLICATE, duplicates);
}

static void list_nr_sack(struct dissect *d, struct cursor c)
{
	uint32_t gaps, kept;

	cursor_skip(&c, 12);
	gaps = cursor_be16(&c);
	kept = cursor_be16(&c);
	cursor_skip(&c, 4);
	rows_of(d, &c, nr_gap_fields, GAP, gaps);
	rows_of(d, &c, nr_kept_fields, GAP, kept);
}

static void list_pieces(struct dissect *d, struct cursor c)
{
	const uint8_t *b = cursor_at(&c, c.off, 2);

	field_table(d, &c, b && b[1] & 2 ? first_piece : later_piece);
}

static void list_skipped(struct dissect *d, struct cursor c)
{
	cursor_skip(&c, 8);
	rows_of(d, &c, skipped_fields, 4, cursor_left(&c) / 4);
}

static void list_iskipped(struct dissect *d, struct cursor c)
{
	cursor_skip(&c, 8);
	rows_of(d, &c, iskipped_fields, 8, cursor_left(&c) / 8);
}

const struct sctp_chunk sctp_data_chunks[] = {
	{ 0,
	  16,
	  REST_DATA,
	  "DATA",
	  "a message or a piece of one, RFC 9260 3.3.1",
	  data_fields,
	  NULL,
	  { { " tsn=", 4, 4 }, { " sid=", 8, 2 }, { " ssn=", 10, 2 }, { " ppid=", 12, 4 } } },
	{ 3,
	  16,
	  REST_NONE,
	  "SACK",
	  "what came, RFC 9260 3.3.4",
	  sack_fields,
	  list_sack,
	  { { " ack=", 4, 4 }, { " rwnd=", 8, 4 }, { " gaps=", 12, 2 }, { " dups=", 14, 2 } } },
	{ 12, 8, REST_NONE, "ECNE", "congestion was met, RFC 9260 A", ecne_fields, NULL, { { " tsn=", 4, 4 } } },
	{ 13, 8, REST_NONE, "CWR", "the sender slowed down, RFC 9260 A", cwr_fields, NULL, { { " tsn=", 4, 4 } } },
	{ 16,
	  20,
	  REST_NONE,
	  "NR-SACK",
	  "what came and is kept, draft-natarajan-tsvwg-sctp-nrsack",
	  nr_sack_fields,
	  list_nr_sack,
	  { { " ack=", 4, 4 }, { " rwnd=", 8, 4 } } },
	{ 64,
	  20,
	  REST_DATA,
	  "I-DATA",
	  "a piece of a message among others, RFC 8260 2.1",
	  idata_fields,
	  list_pieces,
	  { { " tsn=", 4, 4 }, { " sid=", 8, 2 }, { " mid=", 12, 4 } } },
	{ 192,
	  8,
	  REST_NONE,
	  "FORWARD TSN",
	  "gives up what was not received, RFC 3758 3.2",
	  forward_fields,
	  list_skipped,
	  { { " tsn=", 4, 4 } } },
	{ 194,
	  8,
	  REST_NONE,
	  "I-FORWARD TSN",
	  "gives up what was not received, RFC 8260 2.3.1",
	  iforward_fields,
	  list_iskipped,
	  { { " tsn=", 4, 4 } } },
	{ 0, 0, REST_NONE, NULL, NULL, NULL, NULL, { { NULL, 0, 0 } } },
};
