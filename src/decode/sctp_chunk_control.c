/* Chunks of SCTP that begin, keep and end an association: RFC 9260 3.3; RFC 4895 4 (AUTH), RFC 5061
 * 4.1 (ASCONF), RFC 6525 3 (RE-CONFIG), RFC 4820 3 (PAD), and the draft of PKTDROP.
 * https://www.iana.org/assignments/sctp-parameters
 */
#include "decode/sctp.h"

#include <stddef.h>

#define NO_WORDS                   \
	{                          \
		{                  \
			NULL, 0, 0 \
		}                  \
	}

static const struct field_word hmacs[] = { { 1, "SHA-1" }, { 3, "SHA-256" }, { 0, NULL } };

#define BIT(NAME, LABEL, AT, HELP)                                        \
	{                                                                 \
		NAME, LABEL, AT, 1, FIELD_BOOL, .indent = 1, .help = HELP \
	}

/* clang-format off */
#define INIT_FIELDS(PREFIX) \
	{ PREFIX "initiate_tag", "Initiate tag", 32, 32, FIELD_HEX, \
	  .help = "goes into what comes back, RFC 9260 3.3.2" }, \
	{ PREFIX "credit", "Receiver window", 64, 32, FIELD_DEC, \
	  .help = "bytes that may come, RFC 9260 3.3.2" }, \
	{ PREFIX "nr_out_streams", "Outbound streams", 96, 16, FIELD_DEC, \
	  .help = "that the sender wants, RFC 9260 3.3.2" }, \
	{ PREFIX "nr_in_streams", "Inbound streams", 112, 16, FIELD_DEC, \
	  .help = "that it can take, RFC 9260 3.3.2" }, \
	{ PREFIX "initial_tsn", "Initial TSN", 128, 32, FIELD_DEC, \
	  .help = "number of its first chunk of data, RFC 9260 3.3.2" }, \
	{ 0 },
/* clang-format on */

static const struct field init_fields[] = { INIT_FIELDS("sctp.init_") };
static const struct field init_ack_fields[] = { INIT_FIELDS("sctp.initack_") };

static const struct field shutdown_fields[] = {
	{ "sctp.shutdown_cumulative_tsn_ack", "Cumulative TSN", 32, 32, FIELD_DEC,
	  .help = "all came up to it, RFC 9260 3.3.8" },
	{ 0 },
};

static const struct field abort_fields[] = {
	BIT("sctp.abort_t_bit", "Tag reflected", 15, "it is the receiver's own, RFC 9260 3.3.7"),
	{ 0 },
};

static const struct field complete_fields[] = {
	BIT("sctp.shutdown_complete_t_bit", "Tag reflected", 15, "it is the receiver's own, RFC 9260 3.3.13"),
	{ 0 },
};

static const struct field cookie_fields[] = {
	{ "sctp.cookie", "Cookie", 32, 0, FIELD_BYTES, .help = "what INIT ACK brought, RFC 9260 3.3.11" },
	{ 0 },
};

static const struct field auth_fields[] = {
	{ "sctp.shared_key_id", "Shared key", 32, 16, FIELD_DEC, .help = "RFC 4895 4.1" },
	{ "sctp.hmac_id", "HMAC", 48, 16, FIELD_DEC, .words = hmacs, .help = "RFC 4895 3.3" },
	{ "sctp.hmac", "HMAC value", 64, 0, FIELD_BYTES, .help = "over the chunks behind it, RFC 4895 6.2" },
	{ 0 },
};

static const struct field asconf_fields[] = {
	{ "sctp.asconf_seq_nr_number", "Sequence number", 32, 32, FIELD_HEX, .help = "RFC 5061 4.1.1" },
	{ 0 },
};

static const struct field asconf_ack_fields[] = {
	{ "sctp.asconf_ack_seq_nr_number", "Sequence number", 32, 32, FIELD_HEX, .help = "RFC 5061 4.1.2" },
	{ 0 },
};

static const struct field drop_fields[] = {
	BIT("sctp.pckdrop_t_bit", "Truncated", 13, "the packet is not whole here"),
	BIT("sctp.pckdrop_b_bit", "Checksum", 14, "its checksum was wrong"),
	BIT("sctp.pckdrop_m_bit", "Middlebox", 15, "a box on the way says so"),
	{ "sctp.pktdrop_bandwidth", "Bandwidth", 32, 32, FIELD_DEC, .help = "draft-stewart" },
	{ "sctp.pktdrop_queuesize", "Queue", 64, 32, FIELD_DEC, .help = "draft-stewart" },
	{ "sctp.pktdrop_truncated_length", "Length", 96, 16, FIELD_DEC, .help = "draft-stewart" },
	{ "sctp.pktdrop_datafield", "Packet", 128, 0, FIELD_BYTES, .help = "that was dropped" },
	{ 0 },
};

static const struct field pad_fields[] = {
	{ "sctp.padding_data", "Padding", 32, 0, FIELD_BYTES, .help = "RFC 4820 3" },
	{ 0 },
};

static const struct field value_fields[] = {
	{ "sctp.chunk_value", "Value", 32, 0, FIELD_BYTES, .help = "of a chunk that no decoder here knows" },
	{ 0 },
};

const struct sctp_chunk sctp_control_chunks[] = {
	{ 1,
	  20,
	  REST_PARAMETERS,
	  "INIT",
	  "asks for an association, RFC 9260 3.3.2",
	  init_fields,
	  NULL,
	  { { " rwnd=", 8, 4 }, { " out=", 12, 2 }, { " in=", 14, 2 }, { " tsn=", 16, 4 } } },
	{ 2,
	  20,
	  REST_PARAMETERS,
	  "INIT ACK",
	  "answers it, RFC 9260 3.3.3",
	  init_ack_fields,
	  NULL,
	  { { " rwnd=", 8, 4 }, { " out=", 12, 2 }, { " in=", 14, 2 }, { " tsn=", 16, 4 } } },
	{ 4, 4, REST_PARAMETERS, "HEARTBEAT", "is the other still there, RFC 9260 3.3.5", NULL, NULL, NO_WORDS },
	{ 5, 4, REST_PARAMETERS, "HEARTBEAT ACK", "it is, RFC 9260 3.3.6", NULL, NULL, NO_WORDS },
	{ 6, 4, REST_CAUSES, "ABORT", "the association is over at once, RFC 9260 3.3.7", abort_fields, NULL, NO_WORDS },
	{ 7,
	  8,
	  REST_NONE,
	  "SHUTDOWN",
	  "no more data will come, RFC 9260 3.3.8",
	  shutdown_fields,
	  NULL,
	  { { " ack=", 4, 4 } } },
	{ 8, 4, REST_NONE, "SHUTDOWN ACK", "nor from here, RFC 9260 3.3.9", NULL, NULL, NO_WORDS },
	{ 9, 4, REST_CAUSES, "ERROR", "what was wrong, RFC 9260 3.3.10", NULL, NULL, NO_WORDS },
	{ 10, 4, REST_NONE, "COOKIE ECHO", "gives the cookie back, RFC 9260 3.3.11", cookie_fields, NULL, NO_WORDS },
	{ 11, 4, REST_NONE, "COOKIE ACK", "the association stands, RFC 9260 3.3.12", NULL, NULL, NO_WORDS },
	{ 14, 4, REST_NONE, "SHUTDOWN COMPLETE", "the association is over, RFC 9260 3.3.13", complete_fields, NULL,
	  NO_WORDS },
	{ 15,
	  8,
	  REST_NONE,
	  "AUTH",
	  "signs the chunks behind it, RFC 4895 4.1",
	  auth_fields,
	  NULL,
	  { { " key=", 4, 2 } } },
	{ 128,
	  8,
	  REST_PARAMETERS,
	  "ASCONF ACK",
	  "answers ASCONF, RFC 5061 4.1.2",
	  asconf_ack_fields,
	  NULL,
	  { { " seq=", 4, 4 } } },
	{ 129, 16, REST_NONE, "PKTDROP", "a packet was dropped, draft-stewart-sctp-pktdrprep", drop_fields, NULL,
	  NO_WORDS },
	{ 130, 4, REST_PARAMETERS, "RE-CONFIG", "resets or adds streams, RFC 6525 3.1", NULL, NULL, NO_WORDS },
	{ 132, 4, REST_NONE, "PAD", "fills the packet, RFC 4820 3", pad_fields, NULL, NO_WORDS },
	{ 193,
	  8,
	  REST_PARAMETERS,
	  "ASCONF",
	  "adds or removes addresses, RFC 5061 4.1.1",
	  asconf_fields,
	  NULL,
	  { { " seq=", 4, 4 } } },
	{ 0, 4, REST_NONE, NULL, "IANA SCTP chunk types", value_fields, NULL, NO_WORDS },
};
