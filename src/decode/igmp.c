/* Internet Group Management Protocol, RFC 2236 2 (version 2), RFC 3376 4 (version 3):
 *
 * +---------------+---------------+-------------------------------+
 * |     Type      | Max Resp Code |           Checksum            |
 * +---------------+---------------+-------------------------------+
 * |                         Group Address                         |
 * +-------+-+-----+---------------+-------------------------------+
 * | Resv  |S| QRV |     QQIC      |  Number of Sources, sources   |  query of version 3
 * +-------+-+-----+---------------+-------------------------------+
 *
 * A report of version 3 has, behind the checksum: reserved 2 bytes, number of records 2, records of
 * type 1, words of auxiliary data 1, number of sources 2, group 4, sources 4 each.
 */
#include "decode/dissect.h"

#include "util/buf.h"

#include <stddef.h>

enum { QUERY = 0x11, REPORT_3 = 0x22, OLD = 8, QUERY_3 = 12 };

static const struct field_word types[] = {
	{ 0x11, "membership query" },
	{ 0x12, "version 1 membership report" },
	{ 0x13, "DVMRP" },
	{ 0x14, "PIM version 1" },
	{ 0x16, "version 2 membership report" },
	{ 0x17, "leave group" },
	{ 0x1e, "multicast traceroute response" },
	{ 0x1f, "multicast traceroute" },
	{ 0x22, "version 3 membership report" },
	{ 0x30, "router advertisement" },
	{ 0x31, "router solicitation" },
	{ 0x32, "router termination" },
	{ 0, NULL },
};

static const struct field_word record_types[] = {
	{ 1, "mode is include" },
	{ 2, "mode is exclude" },
	{ 3, "change to include" },
	{ 4, "change to exclude" },
	{ 5, "allow new sources" },
	{ 6, "block old sources" },
	{ 0, NULL },
};

static const struct field fields[] = {
	{ "igmp.type", "Type", 0, 8, FIELD_HEX, .words = types, .help = "IANA IGMP type numbers" },
	{ 0 },
};

static const struct field response_fields[] = {
	{ "igmp.max_resp", "Maximum response code", 8, 8, FIELD_DEC,
	  .help = "tenths of a second to answer in; from 128 on a float, RFC 3376 4.1.1" },
	{ 0 },
};

static const struct field checksum_fields[] = {
	{ "igmp.checksum", "Checksum", 16, 16, FIELD_HEX, .help = "over the whole message, RFC 3376 4.1.2" },
	{ 0 },
};

static const struct field group_fields[] = {
	{ "igmp.maddr", "Group", 32, 32, FIELD_IPV4,
	  .help = "multicast address; 0.0.0.0 in a general query, RFC 3376 4.1.3" },
	{ 0 },
};

static const struct field query_fields[] = {
	{ "igmp.s", "Suppress", 68, 1, FIELD_BOOL, .help = "other routers do not start their timers, RFC 3376 4.1.5" },
	{ "igmp.qrv", "Robustness", 69, 3, FIELD_DEC, .help = "how many losses are expected, RFC 3376 4.1.6" },
	{ "igmp.qqic", "Query interval", 72, 8, FIELD_DEC, .help = "seconds; from 128 on a float, RFC 3376 4.1.7" },
	{ "igmp.num_src", "Sources", 80, 16, FIELD_DEC, .help = "how many, RFC 3376 4.1.8" },
	{ 0 },
};

static const struct field report_fields[] = {
	{ "igmp.num_grp_recs", "Records", 48, 16, FIELD_DEC, .help = "groups that follow, RFC 3376 4.2.2" },
	{ 0 },
};

static const struct field record_fields[] = {
	{ "igmp.record_type", "Record", 0, 8, FIELD_DEC, .words = record_types,
	  .help = "what holds or changes for the group, RFC 3376 4.2.12" },
	{ "igmp.aux_data_len", "Auxiliary data", 8, 8, FIELD_DEC, .indent = 1,
	  .help = "words of 4 bytes, RFC 3376 4.2.6" },
	{ "igmp.num_src", "Sources", 16, 16, FIELD_DEC, .indent = 1, .help = "how many, RFC 3376 4.2.7" },
	{ "igmp.maddr", "Group", 32, 32, FIELD_IPV4, .indent = 1, .help = "RFC 3376 4.2.8" },
	{ 0 },
};

static void sources(struct dissect *d, uint32_t count)
{
	static const struct field source[] = {
		{ "igmp.saddr", "Source", 0, 32, FIELD_IPV4, .indent = 1,
		  .help = "a sender that is meant, RFC 3376 4.1.9" },
		{ 0 },
	};

	while (count-- && !d->c.err) {
		field_table(d, &d->c, source);
		cursor_skip(&d->c, 4);
	}
}

static void report(struct dissect *d, const struct cursor *at)
{
	uint32_t count, words, number;

	field_table(d, at, report_fields);
	cursor_skip(&d->c, 6);
	count = cursor_be16(&d->c);
	if (d->words && dissect_outermost(d))
		buf_printf(d->words, " records=%u", count);
	while (count-- && !d->c.err) {
		field_table(d, &d->c, record_fields);
		cursor_skip(&d->c, 1);
		words = cursor_u8(&d->c);
		number = cursor_be16(&d->c);
		cursor_skip(&d->c, 4);
		sources(d, number);
		cursor_skip(&d->c, words * 4);
	}
}

static void group(struct dissect *d, const struct cursor *at, bool query_3)
{
	const uint8_t *b = cursor_at(at, at->off + 4, 4);

	field_table(d, at, group_fields);
	if (d->words && b && dissect_outermost(d))
		buf_printf(d->words, " for %u.%u.%u.%u", b[0], b[1], b[2], b[3]);
	cursor_skip(&d->c, OLD);
	if (!query_3)
		return;
	field_table(d, at, query_fields);
	cursor_skip(&d->c, 2);
	sources(d, cursor_be16(&d->c));
}

static void show_checksum(struct dissect *d, const struct cursor *at)
{
	static const struct field status = { "igmp.checksum.status", "Checksum status", .indent = 1,
					     .help = "worked out from the message" };
	const struct checksum sum = { &status, at->off, cursor_left(at), 2, 0, false };

	field_table(d, at, checksum_fields);
	if (!d->inner && !d->piece && cursor_at(at, at->off, 4))
		checksum_show(d, &sum);
}

static bool has_group(uint8_t type)
{
	return type == QUERY || type == 0x12 || type == 0x16 || type == 0x17;
}

void decode_igmp(struct dissect *d)
{
	struct cursor at = d->c, look = d->c;
	unsigned line = dissect_layer(d, PROTO_IGMP);
	uint8_t type = cursor_u8(&look);
	const char *name = field_word(types, type);

	field_table(d, &at, fields);
	if (has_group(type))
		field_table(d, &at, response_fields);
	show_checksum(d, &at);
	field_meaning(d, line, name);
	if (d->words && dissect_outermost(d)) {
		if (name)
			buf_printf(d->words, "IGMP %s", name);
		else
			buf_printf(d->words, "IGMP type %u", type);
	}
	if (look.err)
		d->c.err = look.err;
	else if (type == REPORT_3)
		report(d, &at);
	else if (has_group(type))
		group(d, &at, type == QUERY && cursor_left(&at) >= QUERY_3);
	else
		cursor_skip(&d->c, 4);
	if (d->c.err) {
		dissect_short(d, "the IGMP message is cut short");
		return;
	}
	dissect_layer_end(d, line, at.off);
	dissect_next(d, PROTO_DATA);
}
