/* Multipath TCP's option, RFC 8684 3 (version 1) and RFC 6824 3 (version 0): kind 30, length, then
 * a subtype of 4 bits. What else is there often follows from the length:
 *
 * +---------------+---------------+-------+-----------------------+
 * |     Kind      |    Length     |Subtype|     as it needs       |
 * +---------------+---------------+-------+-----------------------+
 */
#include "decode/dissect.h"

#include <stddef.h>

enum { CAPABLE, JOIN, DSS, ADD_ADDR, REMOVE_ADDR, PRIO, FAIL, FASTCLOSE, TCPRST };
enum { ACK_THERE = 1, ACK_8 = 2, MAP_THERE = 4, SEQ_8 = 8 };

static const struct field_word subtypes[] = {
	{ CAPABLE, "MP_CAPABLE" },
	{ JOIN, "MP_JOIN" },
	{ DSS, "DSS" },
	{ ADD_ADDR, "ADD_ADDR" },
	{ PRIO, "MP_PRIO" },
	{ REMOVE_ADDR, "REMOVE_ADDR" },
	{ FAIL, "MP_FAIL" },
	{ FASTCLOSE, "MP_FASTCLOSE" },
	{ TCPRST, "MP_TCPRST" },
	{ 0, NULL },
};

/* RFC 8684 3.6 */
static const struct field_word reasons[] = {
	{ 0, "unspecified" },
	{ 1, "MPTCP-specific error" },
	{ 2, "lack of resources" },
	{ 3, "administratively prohibited" },
	{ 4, "too much outstanding data" },
	{ 5, "unacceptable performance" },
	{ 6, "middlebox interference" },
	{ 0, NULL },
};

#define M "tcp.options.mptcp."

static const struct field subtype_field[] = {
	{ M "subtype", "Subtype", 16, 4, FIELD_DEC, .words = subtypes, .help = "what multipath TCP says, RFC 8684 3" },
	{ 0 },
};

static const struct field capable_fields[] = {
	{ M "version", "Version", 20, 4, FIELD_DEC, .help = "RFC 8684 3.1" },
	{ M "flags", "Flags", 24, 8, FIELD_HEX, .help = "RFC 8684 3.1" },
	{ M "checksumreq.flags", "Checksum required", 24, 1, FIELD_DEC, .indent = 1,
	  .help = "of the data, RFC 8684 3.1" },
	{ M "extensibility.flag", "Extensibility", 25, 1, FIELD_DEC, .indent = 1, .help = "0, RFC 8684 3.1" },
	{ 0 },
};

static const struct field capable_0[] = {
	{ M "sha1.flag", "HMAC-SHA1", 31, 1, FIELD_DEC, .indent = 1, .help = "RFC 6824 3.1" },
	{ 0 },
};

static const struct field capable_1[] = {
	{ M "nomoresubflows.flag", "No more subflows", 26, 1, FIELD_DEC, .indent = 1,
	  .help = "to this address and port, RFC 8684 3.1" },
	{ M "sha256.flag", "HMAC-SHA256", 31, 1, FIELD_DEC, .indent = 1, .help = "RFC 8684 3.1" },
	{ 0 },
};

/* Each is there if the option is long enough for it. */
static const struct field capable_keys[] = {
	{ M "sendkey", "Sender's key", 32, 64, FIELD_DEC, .help = "RFC 8684 3.1" },
	{ M "recvkey", "Receiver's key", 96, 64, FIELD_DEC, .help = "RFC 8684 3.1" },
	{ M "datalvllen", "Data-level length", 160, 16, FIELD_DEC,
	  .help = "bytes of data in this segment, RFC 8684 3.1" },
	{ M "checksum", "Checksum", 176, 16, FIELD_HEX, .help = "RFC 8684 3.3.1" },
	{ 0 },
};

static const struct field join_syn[] = {
	{ M "flags", "Subtype and flags", 16, 8, FIELD_HEX, .help = "RFC 8684 3.2" },
	{ M "backup.flag", "Backup", 23, 1, FIELD_DEC, .indent = 1,
	  .help = "used only when no other subflow is there, RFC 8684 3.2" },
	{ M "addrid", "Address ID", 24, 8, FIELD_DEC, .help = "of the source, RFC 8684 3.2" },
	{ M "recvtok", "Receiver's token", 32, 32, FIELD_DEC, .help = "which connection it joins, RFC 8684 3.2" },
	{ M "sendrand", "Sender's random number", 64, 32, FIELD_DEC, .help = "RFC 8684 3.2" },
	{ 0 },
};

static const struct field join_syn_ack[] = {
	{ M "flags", "Subtype and flags", 16, 8, FIELD_HEX, .help = "RFC 8684 3.2" },
	{ M "backup.flag", "Backup", 23, 1, FIELD_DEC, .indent = 1, .help = "RFC 8684 3.2" },
	{ M "addrid", "Address ID", 24, 8, FIELD_DEC, .help = "of the source, RFC 8684 3.2" },
	{ M "sendtrunchmac", "Truncated HMAC", 32, 64, FIELD_DEC, .help = "RFC 8684 3.2" },
	{ M "sendrand", "Sender's random number", 96, 32, FIELD_DEC, .help = "RFC 8684 3.2" },
	{ 0 },
};

static const struct field join_ack[] = {
	{ M "reserved", "Reserved", 20, 12, FIELD_HEX, .digits = 4, .help = "0, RFC 8684 3.2" },
	{ M "sendhmac", "HMAC", 32, 160, FIELD_BYTES, .help = "RFC 8684 3.2" },
	{ 0 },
};

static const struct field dss_flags[] = {
	{ M "flags", "Flags", 24, 8, FIELD_HEX, .help = "RFC 8684 3.3" },
	{ M "datafin.flag", "DATA_FIN", 27, 1, FIELD_DEC, .indent = 1,
	  .help = "the connection's data end here, RFC 8684 3.3.3" },
	{ M "dseqn8.flag", "Data sequence number of 8 bytes", 28, 1, FIELD_DEC, .indent = 1, .help = "RFC 8684 3.3" },
	{ M "dseqnpresent.flag", "Mapping present", 29, 1, FIELD_DEC, .indent = 1, .help = "RFC 8684 3.3.1" },
	{ M "dataack8.flag", "Data acknowledgment of 8 bytes", 30, 1, FIELD_DEC, .indent = 1, .help = "RFC 8684 3.3" },
	{ M "dataackpresent.flag", "Data acknowledgment present", 31, 1, FIELD_DEC, .indent = 1,
	  .help = "RFC 8684 3.3.2" },
	{ 0 },
};

/* [0]: of 4 bytes, [1]: of 8 */
static const struct field data_ack[2][2] = {
	{ { M "rawdataack", "Data acknowledgment", 0, 32, FIELD_DEC, .help = "RFC 8684 3.3.2" }, { 0 } },
	{ { M "rawdataack", "Data acknowledgment", 0, 64, FIELD_DEC, .help = "RFC 8684 3.3.2" }, { 0 } },
};

static const struct field data_seq[2][2] = {
	{ { M "rawdataseqno", "Data sequence number", 0, 32, FIELD_DEC,
	    .help = "place in the connection, RFC 8684 3.3.1" },
	  { 0 } },
	{ { M "rawdataseqno", "Data sequence number", 0, 64, FIELD_DEC,
	    .help = "place in the connection, RFC 8684 3.3.1" },
	  { 0 } },
};

static const struct field mapping[] = {
	{ M "subflowseqno", "Subflow sequence number", 0, 32, FIELD_DEC,
	  .help = "place in this subflow, RFC 8684 3.3.1" },
	{ M "datalvllen", "Data-level length", 32, 16, FIELD_DEC, .help = "bytes that are mapped, RFC 8684 3.3.1" },
	{ M "checksum", "Checksum", 48, 16, FIELD_HEX, .help = "RFC 8684 3.3.1" },
	{ 0 },
};

static const struct field add_version[] = {
	{ M "ipver", "IP version", 20, 4, FIELD_DEC, .help = "version 0, RFC 6824 3.4.1" },
	{ 0 },
};

static const struct field add_echo[] = {
	{ M "echo", "Echo", 23, 1, FIELD_DEC, .help = "it came, RFC 8684 3.4.1" },
	{ 0 },
};

static const struct field add_id[] = {
	{ M "addrid", "Address ID", 24, 8, FIELD_DEC, .help = "RFC 8684 3.4.1" },
	{ 0 },
};

static const struct field add_ipv4[] = {
	{ M "ipv4", "Address", 0, 32, FIELD_IPV4, .help = "another one, RFC 8684 3.4.1" },
	{ 0 },
};

static const struct field add_ipv6[] = {
	{ M "ipv6", "Address", 0, 128, FIELD_IPV6, .help = "another one, RFC 8684 3.4.1" },
	{ 0 },
};

static const struct field add_port[] = {
	{ M "port", "Port", 0, 16, FIELD_DEC, .help = "RFC 8684 3.4.1" },
	{ 0 },
};

static const struct field add_hmac[] = {
	{ M "addaddrtrunchmac", "Truncated HMAC", 0, 64, FIELD_DEC, .help = "RFC 8684 3.4.1" },
	{ 0 },
};

static const struct field remove_row[] = {
	{ M "addrid", "Address ID", 0, 8, FIELD_DEC, .help = "is gone, RFC 8684 3.4.2" },
	{ 0 },
};

static const struct field prio_fields[] = {
	{ M "flags", "Subtype and flags", 16, 8, FIELD_HEX, .help = "RFC 8684 3.3.8" },
	{ M "backup.flag", "Backup", 23, 1, FIELD_DEC, .indent = 1,
	  .help = "the subflow is one from now on, RFC 8684 3.3.8" },
	{ M "addrid", "Address ID", 24, 8, FIELD_DEC, .help = "RFC 6824 3.3.8" },
	{ 0 },
};

static const struct field fail_fields[] = {
	{ M "reserved", "Reserved", 20, 12, FIELD_HEX, .digits = 4, .help = "0, RFC 8684 3.7" },
	{ M "rawdataseqno", "Data sequence number", 32, 64, FIELD_DEC,
	  .help = "from here on the checksum failed, RFC 8684 3.7" },
	{ 0 },
};

static const struct field close_fields[] = {
	{ M "reserved", "Reserved", 20, 12, FIELD_HEX, .digits = 4, .help = "0, RFC 8684 3.5" },
	{ M "recvkey", "Receiver's key", 32, 64, FIELD_DEC, .help = "the whole connection is over, RFC 8684 3.5" },
	{ 0 },
};

static const struct field reset_fields[] = {
	{ M "flags", "Subtype and flags", 16, 8, FIELD_HEX, .help = "RFC 8684 3.6" },
	{ M "flag_U.flag", "U", 20, 1, FIELD_BOOL, .help = "0, RFC 8684 3.6" },
	{ M "flag_V.flag", "V", 21, 1, FIELD_BOOL, .help = "0, RFC 8684 3.6" },
	{ M "flag_W.flag", "W", 22, 1, FIELD_BOOL, .help = "0, RFC 8684 3.6" },
	{ M "flag_T.flag", "Transient", 23, 1, FIELD_BOOL, .help = "it may work again soon, RFC 8684 3.6" },
	{ M "rst_reason", "Reason", 24, 8, FIELD_HEX, .words = reasons, .help = "RFC 8684 3.6" },
	{ 0 },
};

static void capable(struct dissect *d, const struct cursor *option)
{
	const uint8_t *b = cursor_at(option, option->off, 3);

	field_table(d, option, capable_fields);
	field_table(d, option, b && b[2] & 15 ? capable_1 : capable_0);
	field_table(d, option, capable_keys);
}

static void join(struct dissect *d, const struct cursor *option)
{
	uint32_t length = cursor_left(option);

	field_table(d, option, length == 12 ? join_syn : length == 16 ? join_syn_ack : join_ack);
}

static void dss(struct dissect *d, struct cursor c)
{
	uint8_t flags;

	field_table(d, &c, dss_flags);
	cursor_skip(&c, 3);
	flags = cursor_u8(&c);
	if (flags & ACK_THERE) {
		field_table(d, &c, data_ack[flags & ACK_8 ? 1 : 0]);
		cursor_skip(&c, flags & ACK_8 ? 8 : 4);
	}
	if (!(flags & MAP_THERE))
		return;
	field_table(d, &c, data_seq[flags & SEQ_8 ? 1 : 0]);
	if (cursor_skip(&c, flags & SEQ_8 ? 8 : 4))
		field_table(d, &c, mapping);
}

/* Version 0 names the IP version, version 1 has the echo bit there; the length tells what is in. */
static void add_address(struct dissect *d, struct cursor c)
{
	uint32_t length = cursor_left(&c), left;
	const uint8_t *b = cursor_at(&c, c.off, 3);
	bool v6 = length >= 20;

	field_table(d, &c, b && (b[2] & 15) >= 4 ? add_version : add_echo);
	field_table(d, &c, add_id);
	cursor_skip(&c, 4);
	field_table(d, &c, v6 ? add_ipv6 : add_ipv4);
	if (!cursor_skip(&c, v6 ? 16 : 4))
		return;
	left = cursor_left(&c);
	if (left == 2 || left == 10) {
		field_table(d, &c, add_port);
		cursor_skip(&c, 2);
	}
	if (left >= 8)
		field_table(d, &c, add_hmac);
}

static void remove_addresses(struct dissect *d, struct cursor c)
{
	cursor_skip(&c, 3);
	while (!c.err && cursor_left(&c)) {
		field_table(d, &c, remove_row);
		cursor_skip(&c, 1);
	}
}

void mptcp_option(struct dissect *d, struct cursor option)
{
	static const struct field *const fixed[] = {
		[PRIO] = prio_fields,
		[FAIL] = fail_fields,
		[FASTCLOSE] = close_fields,
		[TCPRST] = reset_fields,
	};
	const uint8_t *b = cursor_at(&option, option.off, 3);
	uint8_t subtype;

	if (!b)
		return;
	field_table(d, &option, subtype_field);
	subtype = b[2] >> 4;
	switch (subtype) {
	case CAPABLE: capable(d, &option); break;
	case JOIN: join(d, &option); break;
	case DSS: dss(d, option); break;
	case ADD_ADDR: add_address(d, option); break;
	case REMOVE_ADDR: remove_addresses(d, option); break;
	default:
		if (subtype < sizeof fixed / sizeof *fixed)
			field_table(d, &option, fixed[subtype]);
	}
}
