/* What OpenBSD's packet filter logs, pflog(4), tcpdump.org LINKTYPE_PFLOG: length 1 byte (without
 * the padding to 4), address family 1, action 1, reason 1, interface 16, rule set 16, rule 4, rule
 * within it 4, then users and processes, direction 1. The packet follows.
 */
#include "decode/dissect.h"

#include <stddef.h>

enum { LEAST = 44, IPV4 = 2 };

static const struct field_word actions[] = {
	{ 0, "pass" }, { 1, "drop" },   { 2, "scrub" },          { 3, "no scrub" },
	{ 4, "nat" },  { 5, "no nat" }, { 6, "binat" },          { 7, "no binat" },
	{ 8, "rdr" },  { 9, "no rdr" }, { 10, "synproxy drop" }, { 0, NULL },
};

static const struct field_word reasons[] = {
	{ 0, "match" },        { 1, "bad offset" },    { 2, "fragment" },        { 3, "short" },
	{ 4, "normalise" },    { 5, "memory" },        { 6, "bad timestamp" },   { 7, "congestion" },
	{ 8, "IP option" },    { 9, "checksum" },      { 10, "state mismatch" }, { 11, "state insertion" },
	{ 12, "state limit" }, { 13, "source limit" }, { 14, "synproxy" },       { 0, NULL },
};

static const struct field_word directions[] = { { 0, "both" }, { 1, "in" }, { 2, "out" }, { 0, NULL } };

static const struct field fields[] = {
	{ "pflog.length", "Length", 0, 8, FIELD_DEC, .help = "without padding" },
	{ "pflog.af", "Family", 8, 8, FIELD_DEC, .help = "BSD's AF_ number" },
	{ "pflog.action", "Action", 16, 8, FIELD_DEC, .words = actions, .help = "of the rule" },
	{ "pflog.reason", "Reason", 24, 8, FIELD_DEC, .words = reasons, .help = "why it was logged" },
	{ 0 },
};

static const struct field rule_fields[] = {
	{ "pflog.rulenr", "Rule", 288, 32, FIELD_DEC, .help = "its number" },
	{ "pflog.subrulenr", "Rule within the set", 320, 32, FIELD_DEC, .help = "its number" },
	{ 0 },
};

static const struct field direction_field[] = {
	{ "pflog.dir", "Direction", 480, 8, FIELD_DEC, .words = directions, .help = "pflog(4)" },
	{ 0 },
};

void decode_pflog(struct dissect *d)
{
	static const struct field name = { "pflog.ifname", "Interface", .help = "pflog(4)" };
	static const struct field set = { "pflog.ruleset", "Rule set", .help = "pflog(4)" };
	struct cursor at = d->c;
	unsigned line = dissect_layer(d, PROTO_PFLOG);
	uint8_t length = cursor_u8(&d->c), family = cursor_u8(&d->c);
	struct cursor header;

	field_table(d, &at, fields);
	if (!d->c.err && length < LEAST) {
		dissect_malformed(d, "the pflog length is below that of the header");
		return;
	}
	header = at;
	cursor_limit(&header, length);
	cursor_skip(&d->c, ((length + 3u) & ~3u) - 2);
	if (d->c.err) {
		dissect_short(d, "the pflog header is cut short");
		return;
	}
	dissect_text(d, &name, at.off + 4, 16);
	dissect_text(d, &set, at.off + 20, 16);
	field_table(d, &header, rule_fields);
	field_table(d, &header, direction_field);
	dissect_layer_end(d, line, at.off);
	dissect_next(d, family == IPV4 ? PROTO_IPV4 : bsd_family(family));
}
