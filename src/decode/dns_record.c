/* What stands in DNS records, and names with their compression (RFC 1035 4.1.4): a label is a
 * length below 64 and its bytes; two high bits mean that the rest of the name is elsewhere. */
#include "decode/dns.h"

#include "util/buf.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { MOST_JUMPS = 64, MOST_BYTES = 255, MOST_TEXTS = 64 };

const struct field_word dns_types[] = {
	{ 1, "A" },       { 2, "NS" },      { 5, "CNAME" },   { 6, "SOA" },    { 12, "PTR" },     { 13, "HINFO" },
	{ 15, "MX" },     { 16, "TXT" },    { 17, "RP" },     { 18, "AFSDB" }, { 24, "SIG" },     { 25, "KEY" },
	{ 28, "AAAA" },   { 29, "LOC" },    { 33, "SRV" },    { 35, "NAPTR" }, { 36, "KX" },      { 37, "CERT" },
	{ 39, "DNAME" },  { 41, "OPT" },    { 42, "APL" },    { 43, "DS" },    { 44, "SSHFP" },   { 45, "IPSECKEY" },
	{ 46, "RRSIG" },  { 47, "NSEC" },   { 48, "DNSKEY" }, { 49, "DHCID" }, { 50, "NSEC3" },   { 51, "NSEC3PARAM" },
	{ 52, "TLSA" },   { 53, "SMIMEA" }, { 55, "HIP" },    { 59, "CDS" },   { 60, "CDNSKEY" }, { 61, "OPENPGPKEY" },
	{ 62, "CSYNC" },  { 63, "ZONEMD" }, { 64, "SVCB" },   { 65, "HTTPS" }, { 99, "SPF" },     { 108, "EUI48" },
	{ 109, "EUI64" }, { 249, "TKEY" },  { 250, "TSIG" },  { 251, "IXFR" }, { 252, "AXFR" },   { 255, "ANY" },
	{ 256, "URI" },   { 257, "CAA" },   { 0, NULL },
};

static size_t put_label(char *out, size_t used, const uint8_t *bytes, uint32_t n)
{
	if (used)
		out[used++] = '.';
	for (uint32_t i = 0; i < n; i++) {
		if (bytes[i] > ' ' && bytes[i] < 0x7f && bytes[i] != '\\' && bytes[i] != '.')
			out[used++] = (char)bytes[i];
		else
			used += (size_t)snprintf(out + used, 5, "\\%03u", bytes[i]);
	}
	return used;
}

void dns_name(struct dns *m, struct cursor *c, char out[DNS_NAME])
{
	struct cursor at = *c;
	size_t used = 0;
	uint32_t total = 0, jumps = 0;

	out[0] = '\0';
	while (!at.err) {
		uint32_t here = at.off, n = cursor_u8(&at);
		const uint8_t *label;

		if (at.err || !n)
			break;
		if (n >= 0xc0) {
			uint32_t to = m->start + ((n & 0x3f) << 8 | cursor_u8(&at));

			if (!jumps++)
				c->off = at.off;
			if (!at.err && (to >= here || jumps > MOST_JUMPS))
				m->wrong = "a DNS name points forward or goes round";
			if (at.err || m->wrong)
				break;
			at.off = to;
			continue;
		}
		label = n < 64 ? cursor_take(&at, n) : NULL;
		total += n + 1;
		if (n >= 64)
			m->wrong = "a DNS name has a label of an unknown kind";
		else if (label && total > MOST_BYTES)
			m->wrong = "a DNS name is longer than 255 bytes";
		if (!label || m->wrong)
			break;
		used = put_label(out, used, label, n);
	}
	if (!jumps)
		c->off = at.off;
	if (at.err || m->wrong) {
		c->err = at.err ? at.err : CURSOR_MALFORMED;
		used = 0;
	} else if (!used) {
		used = (size_t)snprintf(out, DNS_NAME, "<Root>");
	}
	out[used] = '\0';
}

#define ROW(name, label)                                               \
	{                                                              \
		name, label, .indent = 1, .help = "data of the record" \
	}
#define NUM(name, label, bits)                                                             \
	{                                                                                  \
		name, label, 0, bits, FIELD_DEC, .indent = 1, .help = "data of the record" \
	}
#define REST(name, label)                                                                 \
	{                                                                                 \
		name, label, 0, 0, FIELD_BYTES, .indent = 1, .help = "data of the record" \
	}

/* One row a type; a letter for each field: 4 and 6 an address, n a name, b s l numbers of 1, 2 and
 * 4 bytes, t texts up to the end, * the rest. */
/* clang-format off */
static const struct shape {
	uint16_t type;
	const char *letters;
	struct field rows[8];
} shapes[] = {
	{ 1, "4", { ROW("dns.a", "Address") } },
	{ 2, "n", { ROW("dns.ns", "Name server") } },
	{ 5, "n", { ROW("dns.cname", "Canonical name") } },
	{ 6, "nnlllll", { ROW("dns.soa.mname", "Primary server"), ROW("dns.soa.rname", "Mailbox"),
		NUM("dns.soa.serial_number", "Serial", 32), NUM("dns.soa.refresh_interval", "Refresh", 32),
		NUM("dns.soa.retry_interval", "Retry", 32), NUM("dns.soa.expire_limit", "Expire", 32),
		NUM("dns.soa.minimum_ttl", "Minimum", 32) } },
	{ 12, "n", { ROW("dns.ptr.domain_name", "Domain name") } },
	{ 15, "sn", { NUM("dns.mx.preference", "Preference", 16), ROW("dns.mx.mail_exchange", "Mail server") } },
	{ 16, "t", { ROW("dns.txt", "Text") } },
	{ 28, "6", { ROW("dns.aaaa", "Address") } },
	{ 33, "sssn", { NUM("dns.srv.priority", "Priority", 16), NUM("dns.srv.weight", "Weight", 16),
		NUM("dns.srv.port", "Port", 16), ROW("dns.srv.target", "Target") } },
	{ 35, "ss*", { NUM("dns.naptr.order", "Order", 16), NUM("dns.naptr.preference", "Preference", 16),
		REST("dns.data", "Data") } },
	{ 39, "n", { ROW("dns.dname", "Target") } },
	{ 43, "sbb*", { NUM("dns.ds.key_id", "Key tag", 16), NUM("dns.ds.algorithm", "Algorithm", 8),
		NUM("dns.ds.digest_type", "Digest type", 8), REST("dns.ds.digest", "Digest") } },
	{ 44, "bb*", { NUM("dns.sshfp.algorithm", "Algorithm", 8),
		NUM("dns.sshfp.fingerprint.type", "Type", 8), REST("dns.sshfp.fingerprint", "Fingerprint") } },
	{ 46, "sbblllsn*", { NUM("dns.rrsig.type_covered", "Type covered", 16),
		NUM("dns.rrsig.algorithm", "Algorithm", 8), NUM("dns.rrsig.labels", "Labels", 8),
		NUM("dns.rrsig.original_ttl", "Original TTL", 32),
		NUM("dns.rrsig.signature_expiration", "Expires", 32),
		NUM("dns.rrsig.signature_inception", "Signed", 32),
		NUM("dns.rrsig.key_tag", "Key tag", 16), ROW("dns.rrsig.signers_name", "Signer") } },
	{ 47, "n*", { ROW("dns.nsec.next_domain_name", "Next name"), REST("dns.data", "Types") } },
	{ 48, "sbb*", { NUM("dns.dnskey.flags", "Flags", 16), NUM("dns.dnskey.protocol", "Protocol", 8),
		NUM("dns.dnskey.algorithm", "Algorithm", 8), REST("dns.dnskey.public_key", "Key") } },
	{ 52, "bbb*", { NUM("dns.tlsa.certificate_usage", "Usage", 8), NUM("dns.tlsa.selector", "Selector", 8),
		NUM("dns.tlsa.matching_type", "Matching", 8),
		REST("dns.tlsa.certificate_association_data", "Data") } },
	{ 64, "sn*", { NUM("dns.svcb.svcpriority", "Priority", 16), ROW("dns.svcb.targetname", "Target"),
		REST("dns.data", "Parameters") } },
	{ 65, "sn*", { NUM("dns.svcb.svcpriority", "Priority", 16), ROW("dns.svcb.targetname", "Target"),
		REST("dns.data", "Parameters") } },
	{ 0, "*", { REST("dns.data", "Data") } },
};
/* clang-format on */

static void address(struct dissect *d, const struct field *row, struct cursor *c, int family, struct buf *words)
{
	uint32_t n = family == AF_INET ? 4 : 16;
	const uint8_t *at = cursor_take(c, n);
	char text[INET6_ADDRSTRLEN];

	if (!at)
		return;
	inet_ntop(family, at, text, sizeof text);
	field_line(d, row, c->off - n, n, text, "");
	if (words)
		buf_printf(words, " %s", text);
}

static void texts(struct dissect *d, const struct field *row, struct cursor *c)
{
	for (unsigned i = 0; i < MOST_TEXTS && !c->err && cursor_left(c); i++) {
		uint32_t n = cursor_u8(c), off = c->off;

		if (cursor_skip(c, n))
			dissect_text(d, row, off, n);
	}
}

static void one(struct dns *m, char letter, const struct field *row, struct cursor *c, struct buf *words)
{
	struct dissect *d = m->d;
	const uint32_t from = c->off;
	char name[DNS_NAME];

	switch (letter) {
	case '4': address(d, row, c, AF_INET, words); break;
	case '6': address(d, row, c, AF_INET6, words); break;
	case 't': texts(d, row, c); break;
	case 'b':
	case 's':
	case 'l': {
		uint32_t value = letter == 'b' ? cursor_u8(c) : letter == 's' ? cursor_be16(c) : cursor_be32(c);

		if (!c->err)
			field_number(d, row, from, c->off - from, value);
		break;
	}
	case 'n':
		dns_name(m, c, name);
		if (c->err)
			break;
		field_line(d, row, from, c->off - from, name, "");
		if (words)
			buf_printf(words, " %s", name);
		break;
	default:
		if (row->name) {
			const struct field rows[] = { *row, { 0 } };

			field_table(d, c, rows);
		}
		cursor_skip(c, cursor_left(c));
	}
}

void dns_data(struct dns *m, uint16_t type, struct cursor *c, struct buf *words)
{
	const struct shape *shape = shapes;

	while (shape->type && shape->type != type)
		shape++;
	for (unsigned i = 0; shape->letters[i] && !c->err && cursor_left(c); i++) {
		static const struct field none = { 0 };

		one(m, shape->letters[i], i < 8 ? &shape->rows[i] : &none, c, words);
	}
}
