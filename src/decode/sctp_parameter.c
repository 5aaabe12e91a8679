/* Parameters and error causes of SCTP's chunks, RFC 9260 3.2.1, 3.3.2 and 3.3.10; RFC 4895 3, RFC
 * 5061 4.2, RFC 6525 4. https://www.iana.org/assignments/sctp-parameters
 */
#include "decode/sctp.h"

#include <stddef.h>

enum { HEADER = 4, DEEPEST = 3 };

static const struct field_word address_types[] = { { 5, "IPv4" }, { 6, "IPv6" }, { 11, "host name" }, { 0, NULL } };

static const struct field_word hmacs[] = { { 1, "SHA-1" }, { 3, "SHA-256" }, { 0, NULL } };

static const struct field_word results[] = {
	{ 0, "nothing to do" },
	{ 1, "done" },
	{ 2, "denied" },
	{ 3, "wrong SSN" },
	{ 4, "request in progress" },
	{ 5, "wrong sequence number" },
	{ 6, "in progress" },
	{ 0, NULL },
};

static const struct field heartbeat_fields[] = {
	{ "sctp.parameter_heartbeat_information", "Information", 32, 0, FIELD_BYTES,
	  .help = "the answer gives it back, RFC 9260 3.3.5" },
	{ 0 },
};

static const struct field ipv4_fields[] = {
	{ "sctp.parameter_ipv4_address", "Address", 32, 32, FIELD_IPV4,
	  .help = "another one of the sender's, RFC 9260 3.3.2.1.1" },
	{ 0 },
};

static const struct field ipv6_fields[] = {
	{ "sctp.parameter_ipv6_address", "Address", 32, 128, FIELD_IPV6,
	  .help = "another one of the sender's, RFC 9260 3.3.2.1.2" },
	{ 0 },
};

static const struct field cookie_fields[] = {
	{ "sctp.parameter_state_cookie", "Cookie", 32, 0, FIELD_BYTES,
	  .help = "COOKIE ECHO gives it back, RFC 9260 3.3.3.1" },
	{ 0 },
};

static const struct field preservative_fields[] = {
	{ "sctp.parameter_cookie_preservative_incr", "Increment", 32, 32, FIELD_DEC,
	  .help = "milliseconds that the cookie shall live longer, RFC 9260 3.3.2.1.3" },
	{ 0 },
};

static const struct field supported_types[] = {
	{ "sctp.parameter_supported_address_type", "Supported", 0, 16, FIELD_DEC, .words = address_types,
	  .help = "kind of address, RFC 9260 3.3.2.1.5" },
	{ 0 },
};

static const struct field random_fields[] = {
	{ "sctp.random_number", "Random number", 32, 0, FIELD_BYTES, .help = "RFC 4895 3.1" },
	{ 0 },
};

static const struct field authenticated_chunk[] = {
	{ "sctp.chunk_type_to_auth", "Chunk", 0, 8, FIELD_DEC, .help = "must be signed, RFC 4895 3.2" },
	{ 0 },
};

static const struct field hmac_row[] = {
	{ "sctp.hmac_id", "HMAC", 0, 16, FIELD_DEC, .words = hmacs, .help = "RFC 4895 3.3" },
	{ 0 },
};

static const struct field supported_chunk[] = {
	{ "sctp.supported_chunk_type", "Chunk", 0, 8, FIELD_DEC, .help = "the sender knows it, RFC 5061 4.2.7" },
	{ 0 },
};

static const struct field correlation_fields[] = {
	{ "sctp.correlation_id", "Correlation", 32, 32, FIELD_HEX, .help = "the answer gives it back, RFC 5061 4.2" },
	{ 0 },
};

static const struct field adaptation_fields[] = {
	{ "sctp.adaptation_layer_indication", "Indication", 32, 32, FIELD_HEX,
	  .help = "of the layer above, RFC 5061 4.2.6" },
	{ 0 },
};

static const struct field out_reset_fields[] = {
	{ "sctp.parameter_reconfig_request_sequence_number", "Request", 32, 32, FIELD_DEC, .help = "RFC 6525 4.1" },
	{ "sctp.parameter_reconfig_response_sequence_number", "Response to", 64, 32, FIELD_DEC,
	  .help = "RFC 6525 4.1" },
	{ "sctp.parameter_senders_last_assigned_tsn", "Last TSN", 96, 32, FIELD_DEC,
	  .help = "that the sender has used, RFC 6525 4.1" },
	{ 0 },
};

static const struct field request_fields[] = {
	{ "sctp.parameter_reconfig_request_sequence_number", "Request", 32, 32, FIELD_DEC, .help = "RFC 6525 4.2" },
	{ 0 },
};

static const struct field response_fields[] = {
	{ "sctp.parameter_reconfig_response_sequence_number", "Response to", 32, 32, FIELD_DEC,
	  .help = "RFC 6525 4.4" },
	{ "sctp.parameter_reconfig_response_result", "Result", 64, 32, FIELD_DEC, .words = results,
	  .help = "RFC 6525 4.4" },
	{ "sctp.parameter_senders_next_tsn", "Sender's next TSN", 96, 32, FIELD_DEC, .help = "RFC 6525 4.4" },
	{ "sctp.parameter_receivers_next_tsn", "Receiver's next TSN", 128, 32, FIELD_DEC, .help = "RFC 6525 4.4" },
	{ 0 },
};

static const struct field add_out_fields[] = {
	{ "sctp.parameter_reconfig_request_sequence_number", "Request", 32, 32, FIELD_DEC, .help = "RFC 6525 4.5" },
	{ "sctp.parameter_add_outgoing_streams_number", "Streams", 64, 16, FIELD_DEC,
	  .help = "to be added, RFC 6525 4.5" },
	{ 0 },
};

static const struct field add_in_fields[] = {
	{ "sctp.parameter_reconfig_request_sequence_number", "Request", 32, 32, FIELD_DEC, .help = "RFC 6525 4.6" },
	{ "sctp.parameter_add_incoming_streams_number", "Streams", 64, 16, FIELD_DEC,
	  .help = "to be added, RFC 6525 4.6" },
	{ 0 },
};

static const struct field stream_row[] = {
	{ "sctp.parameter_reconfig_sid", "Stream", 0, 16, FIELD_DEC, .help = "RFC 6525 4.1" },
	{ 0 },
};

static const struct field value_fields[] = {
	{ "sctp.parameter_value", "Value", 32, 0, FIELD_BYTES, .help = "of a parameter that no decoder here knows" },
	{ 0 },
};

static const struct field cause_stream[] = {
	{ "sctp.cause_stream_identifier", "Stream", 32, 16, FIELD_DEC,
	  .help = "that does not exist, RFC 9260 3.3.10.1" },
	{ 0 },
};

static const struct field cause_missing[] = {
	{ "sctp.cause_nr_of_missing_parameters", "Missing", 32, 32, FIELD_DEC, .help = "how many, RFC 9260 3.3.10.2" },
	{ 0 },
};

static const struct field missing_row[] = {
	{ "sctp.cause_missing_parameter_type", "Parameter", 0, 16, FIELD_HEX,
	  .help = "that is missing, RFC 9260 3.3.10.2" },
	{ 0 },
};

static const struct field cause_stale[] = {
	{ "sctp.cause_measure_of_staleness", "Staleness", 32, 32, FIELD_DEC,
	  .help = "microseconds that the cookie came too late, RFC 9260 3.3.10.3" },
	{ 0 },
};

static const struct field cause_no_data[] = {
	{ "sctp.cause_tsn", "TSN", 32, 32, FIELD_DEC, .help = "of a chunk without data, RFC 9260 3.3.10.9" },
	{ 0 },
};

static const struct field cause_fields[] = {
	{ "sctp.cause_information", "Information", 32, 0, FIELD_BYTES, .help = "RFC 9260 3.3.10" },
	{ 0 },
};

/* Numbers of `size` bytes each, behind `skip` bytes. */
static void numbers(struct dissect *d, struct cursor c, uint32_t skip, uint32_t size, const struct field *row)
{
	cursor_skip(&c, skip);
	while (!c.err && cursor_left(&c) >= size) {
		field_table(d, &c, row);
		cursor_skip(&c, size);
	}
}

static void list_types(struct dissect *d, struct cursor c)
{
	numbers(d, c, HEADER, 2, supported_types);
}

static void list_authenticated(struct dissect *d, struct cursor c)
{
	numbers(d, c, HEADER, 1, authenticated_chunk);
}

static void list_hmacs(struct dissect *d, struct cursor c)
{
	numbers(d, c, HEADER, 2, hmac_row);
}

static void list_chunks(struct dissect *d, struct cursor c)
{
	numbers(d, c, HEADER, 1, supported_chunk);
}

static void list_out_streams(struct dissect *d, struct cursor c)
{
	numbers(d, c, 16, 2, stream_row);
}

static void list_in_streams(struct dissect *d, struct cursor c)
{
	numbers(d, c, 8, 2, stream_row);
}

static void list_missing(struct dissect *d, struct cursor c)
{
	numbers(d, c, 8, 2, missing_row);
}

static void list_host(struct dissect *d, struct cursor c)
{
	static const struct field row = { "sctp.parameter_hostname", "Host name", .help = "RFC 9260 3.3.2.1.4" };

	cursor_skip(&c, HEADER);
	dissect_text(d, &row, c.off, cursor_left(&c));
}

/* What stands in another one; how deep is bounded by the tree's depth. */
static void list_inner(struct dissect *d, struct cursor c)
{
	cursor_skip(&c, HEADER);
	sctp_parameters(d, c);
}

static void list_correlated(struct dissect *d, struct cursor c)
{
	cursor_skip(&c, HEADER + 4);
	sctp_parameters(d, c);
}

static void list_correlated_causes(struct dissect *d, struct cursor c)
{
	cursor_skip(&c, HEADER + 4);
	sctp_causes(d, c);
}

struct item {
	uint16_t type;
	const char *name;
	const char *help;
	const struct field *fields; /* bits from its first byte; may be NULL */
	void (*list)(struct dissect *d, struct cursor item);
};

static const struct item parameters[] = {
	{ 0x0001, "heartbeat information", "RFC 9260 3.3.5", heartbeat_fields, NULL },
	{ 0x0005, "IPv4 address", "RFC 9260 3.3.2.1.1", ipv4_fields, NULL },
	{ 0x0006, "IPv6 address", "RFC 9260 3.3.2.1.2", ipv6_fields, NULL },
	{ 0x0007, "state cookie", "RFC 9260 3.3.3.1", cookie_fields, NULL },
	{ 0x0008, "unrecognised parameter", "RFC 9260 3.3.3.1", NULL, list_inner },
	{ 0x0009, "cookie preservative", "RFC 9260 3.3.2.1.3", preservative_fields, NULL },
	{ 0x000b, "host name", "RFC 9260 3.3.2.1.4", NULL, list_host },
	{ 0x000c, "supported address types", "RFC 9260 3.3.2.1.5", NULL, list_types },
	{ 0x000d, "outgoing stream reset", "RFC 6525 4.1", out_reset_fields, list_out_streams },
	{ 0x000e, "incoming stream reset", "RFC 6525 4.2", request_fields, list_in_streams },
	{ 0x000f, "sequence number reset", "RFC 6525 4.3", request_fields, NULL },
	{ 0x0010, "reconfiguration response", "RFC 6525 4.4", response_fields, NULL },
	{ 0x0011, "add outgoing streams", "RFC 6525 4.5", add_out_fields, NULL },
	{ 0x0012, "add incoming streams", "RFC 6525 4.6", add_in_fields, NULL },
	{ 0x8000, "ECN", "congestion marks are understood, RFC 9260 A", NULL, NULL },
	{ 0x8001, "zero checksum acceptable", "RFC 9653 4", value_fields, NULL },
	{ 0x8002, "random", "RFC 4895 3.1", random_fields, NULL },
	{ 0x8003, "authenticated chunks", "RFC 4895 3.2", NULL, list_authenticated },
	{ 0x8004, "requested HMAC algorithms", "RFC 4895 3.3", NULL, list_hmacs },
	{ 0x8005, "padding", "RFC 4820 4", NULL, NULL },
	{ 0x8008, "supported extensions", "RFC 5061 4.2.7", NULL, list_chunks },
	{ 0xc000, "forward TSN supported", "RFC 3758 3.1", NULL, NULL },
	{ 0xc001, "add address", "RFC 5061 4.2.1", correlation_fields, list_correlated },
	{ 0xc002, "delete address", "RFC 5061 4.2.2", correlation_fields, list_correlated },
	{ 0xc003, "error cause indication", "RFC 5061 4.2.3", correlation_fields, list_correlated_causes },
	{ 0xc004, "set primary address", "RFC 5061 4.2.4", correlation_fields, list_correlated },
	{ 0xc005, "success indication", "RFC 5061 4.2.5", correlation_fields, NULL },
	{ 0xc006, "adaptation layer", "RFC 5061 4.2.6", adaptation_fields, NULL },
	{ 0, NULL, "IANA SCTP chunk parameter types", value_fields, NULL },
};

static const struct item causes[] = {
	{ 1, "invalid stream", "RFC 9260 3.3.10.1", cause_stream, NULL },
	{ 2, "missing mandatory parameter", "RFC 9260 3.3.10.2", cause_missing, list_missing },
	{ 3, "stale cookie", "RFC 9260 3.3.10.3", cause_stale, NULL },
	{ 4, "out of resource", "RFC 9260 3.3.10.4", NULL, NULL },
	{ 5, "unresolvable address", "RFC 9260 3.3.10.5", NULL, list_inner },
	{ 6, "unrecognised chunk type", "RFC 9260 3.3.10.6", cause_fields, NULL },
	{ 7, "invalid mandatory parameter", "RFC 9260 3.3.10.7", NULL, NULL },
	{ 8, "unrecognised parameters", "RFC 9260 3.3.10.8", NULL, list_inner },
	{ 9, "no user data", "RFC 9260 3.3.10.9", cause_no_data, NULL },
	{ 10, "cookie received while shutting down", "RFC 9260 3.3.10.10", NULL, NULL },
	{ 11, "restart with new addresses", "RFC 9260 3.3.10.11", NULL, list_inner },
	{ 12, "user-initiated abort", "RFC 9260 3.3.10.12", cause_fields, NULL },
	{ 13, "protocol violation", "RFC 9260 3.3.10.13", cause_fields, NULL },
	{ 0x00a0, "last address not deletable", "RFC 5061 4.3.1", NULL, list_inner },
	{ 0x00a1, "operation refused: resources", "RFC 5061 4.3.2", NULL, list_inner },
	{ 0x00a2, "source address not deletable", "RFC 5061 4.3.3", NULL, list_inner },
	{ 0x00a3, "association aborted: illegal ASCONF ACK", "RFC 5061 4.3.4", NULL, NULL },
	{ 0x00a4, "request refused: no authorisation", "RFC 5061 4.3.5", NULL, list_inner },
	{ 0x0105, "unsupported HMAC", "RFC 4895 5", cause_fields, NULL },
	{ 0, NULL, "IANA SCTP error cause codes", cause_fields, NULL },
};

struct kind {
	const struct item *items;
	struct field type;
	const struct field length[2];
	const char *note;
};

static void show(struct dissect *d, const struct kind *kind, const struct cursor *item, uint16_t type)
{
	const struct item *row = kind->items;
	struct field line = kind->type;
	struct field_word word[2] = { { type, NULL }, { 0, NULL } };

	while (row->name && row->type != type)
		row++;
	word[0].name = row->name;
	line.help = row->help;
	line.words = word;
	field_number(d, &line, item->off, cursor_left(item), type);
	d->depth++;
	field_table(d, item, kind->length);
	field_table(d, item, row->fields);
	if (row->list)
		row->list(d, *item);
	d->depth--;
}

static void items(struct dissect *d, struct cursor c, const struct kind *kind)
{
	while (d->depth <= DEEPEST && !c.err && cursor_left(&c) >= HEADER) {
		struct cursor look = c, item;
		uint16_t type = cursor_be16(&look), length = cursor_be16(&look);

		if (look.err)
			return;
		if (length < HEADER || length > cursor_left(&c)) {
			dissect_malformed(d, kind->note);
			return;
		}
		item = cursor_part(&c, length);
		if (d->tree)
			show(d, kind, &item, type);
		if (length % 4)
			cursor_skip(&c, cursor_left(&c) < 4u - length % 4 ? cursor_left(&c) : 4u - length % 4);
	}
}

void sctp_parameters(struct dissect *d, struct cursor c)
{
	static const struct kind kind = {
		parameters,
		{ "sctp.parameter_type", "Parameter", 0, 16, FIELD_HEX, .help = NULL },
		{ { "sctp.parameter_length", "Length", 16, 16, FIELD_DEC,
		    .help = "without its padding, RFC 9260 3.2.1" },
		  { 0 } },
		"an SCTP parameter has a wrong length",
	};

	items(d, c, &kind);
}

void sctp_causes(struct dissect *d, struct cursor c)
{
	static const struct kind kind = {
		causes,
		{ "sctp.cause_code", "Cause", 0, 16, FIELD_HEX, .help = NULL },
		{ { "sctp.cause_length", "Length", 16, 16, FIELD_DEC, .help = "without its padding, RFC 9260 3.3.10" },
		  { 0 } },
		"an SCTP error cause has a wrong length",
	};

	items(d, c, &kind);
}
