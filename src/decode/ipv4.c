/* Internet Protocol, RFC 791, 3.1:
 *
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------+-------+---------------+-------------------------------+
 * |Version|  IHL  |Type of Service|          Total Length         |
 * +-------+-------+---------------+-----+-------------------------+
 * |         Identification        |Flags|     Fragment Offset     |
 * +---------------+---------------+-----+-------------------------+
 * |  Time to Live |    Protocol   |        Header Checksum        |
 * +---------------+---------------+-------------------------------+
 * |                       Source Address                          |
 * +---------------------------------------------------------------+
 * |                    Destination Address                        |
 * +---------------------------------------------------------------+
 */
#include "decode/dissect.h"
#include "decode/route.h"

#include <string.h>
#include <sys/socket.h>

static const struct field_word protocols[] = {
	{ 1, "ICMP" },  { 2, "IGMP" },   { 4, "IPv4" },   { 6, "TCP" },        { 17, "UDP" },
	{ 41, "IPv6" }, { 47, "GRE" },   { 50, "ESP" },   { 51, "AH" },        { 58, "ICMPv6" },
	{ 89, "OSPF" }, { 112, "VRRP" }, { 132, "SCTP" }, { 136, "UDP-Lite" }, { 0 },
};

/* clang-format off */
static const struct field fields[] = {
	{ "ip.version", "Version", 0, 4, FIELD_DEC, NULL, "4", 0, 0 },
	{ "ip.hdr_len", "Header length", 4, 4, FIELD_DEC, NULL,
	  "bytes of the header; on the wire in words of 4", 2, 0 },
	{ "ip.dsfield", "Differentiated services", 8, 8, FIELD_HEX, NULL,
	  "RFC 2474 and the ECN bits of RFC 3168", 0, 0 },
	{ "ip.dsfield.dscp", "Code point", 8, 6, FIELD_DEC, NULL,
	  "how routers are to treat it, RFC 2474", 0, 1 },
	{ "ip.dsfield.ecn", "Explicit congestion notification", 14, 2, FIELD_DEC, NULL, "RFC 3168",
	  0, 1 },
	{ "ip.len", "Total length", 16, 16, FIELD_DEC, NULL, "bytes of header and data", 0, 0 },
	{ "ip.id", "Identification", 32, 16, FIELD_HEX, NULL, "tells the fragments of one datagram",
	  0, 0 },
	{ "ip.flags", "Flags", 48, 3, FIELD_HEX, NULL, "control of fragmentation", 0, 0 },
	{ "ip.flags.df", "Don't fragment", 49, 1, FIELD_BOOL, NULL, "drop it rather than cut it", 0,
	  1 },
	{ "ip.flags.mf", "More fragments", 50, 1, FIELD_BOOL, NULL, "this is not the last piece", 0,
	  1 },
	{ "ip.frag_offset", "Fragment offset", 51, 13, FIELD_DEC, NULL,
	  "bytes before this piece; on the wire in units of 8", 3, 0 },
	{ "ip.ttl", "Time to live", 64, 8, FIELD_DEC, NULL, "hops it may still make", 0, 0 },
	{ "ip.proto", "Protocol", 72, 8, FIELD_DEC, protocols,
	  "what follows, IANA protocol numbers", 0, 0 },
	{ "ip.checksum", "Header checksum", 80, 16, FIELD_HEX, NULL,
	  "ones' complement sum of the header", 0, 0 },
	{ "ip.src", "Source", 96, 32, FIELD_IPV4, NULL, "address of the sender", 0, 0 },
	{ "ip.dst", "Destination", 128, 32, FIELD_IPV4, NULL, "address of the receiver", 0, 0 },
	{ 0 },
};
/* clang-format on */

static void show_checksum(struct dissect *d, uint32_t start, uint32_t header)
{
	static const struct field row = { .name = "ip.checksum.status",
					  .label = "Checksum status",
					  .indent = 1,
					  .help = "worked out from the header" };
	bool good;

	if (!d->tree || !dissect_whole(d, start, header))
		return;
	good = dissect_sum(d, start, header, 0) == 0xffff;
	field_line(d, &row, start + 10, 2, good ? "1" : "0",
		   good ? "correct" : "incorrect (offloaded?)");
}

static void show_options(struct dissect *d, struct cursor c)
{
	static const struct field_word kinds[] = {
		{ 0, "end of options" }, { 1, "no operation" },
		{ 7, "record route" },   { 68, "time stamp" },
		{ 130, "security" },     { 131, "loose source route" },
		{ 136, "stream id" },    { 137, "strict source route" },
		{ 148, "router alert" }, { 0 },
	};
	static const struct field row = { .name = "ip.opt.type",
					  .label = "Option",
					  .format = FIELD_DEC,
					  .words = kinds,
					  .help = "RFC 791, 3.1" };

	while (d->tree && !c.err && cursor_left(&c)) {
		uint32_t at = c.off;
		uint8_t kind = cursor_u8(&c), len = kind > 1 ? cursor_u8(&c) : 1;

		if (c.err || (kind > 1 && len < 2))
			break;
		field_number(d, &row, at, len, kind);
		if (!kind)
			break;
		if (kind > 1)
			cursor_skip(&c, len - 2u);
	}
}

static uint32_t pseudo_header(const uint8_t *addresses, uint32_t proto)
{
	uint32_t sum = proto;

	for (unsigned i = 0; i < 8; i += 2)
		sum += (uint32_t)(addresses[i] << 8 | addresses[i + 1]);
	return sum;
}

/* What the first bytes say, before anything is believed. */
static bool check(struct dissect *d, uint8_t first, uint32_t header, uint32_t total)
{
	if (first >> 4 != 4)
		dissect_malformed(d, "the IP version is not 4");
	else if (header < 20)
		dissect_malformed(d, "the IPv4 header length is below 20");
	else if (total && total < header)
		dissect_malformed(d, "the IPv4 total length is shorter than the header");
	else
		return true;
	return false;
}

void decode_ipv4(struct dissect *d)
{
	uint32_t start = d->c.off, header, total, offset;
	unsigned line = dissect_layer(d, PROTO_IPV4);
	struct cursor c = d->c, options;
	uint8_t first = cursor_u8(&c), ttl, proto;
	uint16_t pieces;
	const uint8_t *addresses;

	field_table(d, start, fields);
	cursor_skip(&c, 1);
	total = cursor_be16(&c);
	cursor_skip(&c, 2);
	pieces = cursor_be16(&c);
	ttl = cursor_u8(&c);
	proto = cursor_u8(&c);
	cursor_skip(&c, 2);
	addresses = cursor_take(&c, 8);
	if (!addresses) {
		d->c.err = c.err;
		dissect_short(d, "the IPv4 header is cut short");
		return;
	}
	header = (first & 15u) * 4;
	if (!check(d, first, header, total))
		return;
	/* A total of 0 is a packet larger than 64 KiB that the interface will cut (segmentation offload). */
	cursor_limit(&d->c, total ? total : cursor_left(&d->c));
	if (total > cursor_left(&d->c))
		dissect_malformed(d, "the packet is shorter than its IPv4 total length");
	d->nested++;
	if (dissect_outermost(d)) {
		d->p->family = AF_INET;
		d->p->ip_proto = proto;
		d->p->ttl = ttl;
		memcpy(d->p->src, addresses, 4);
		memcpy(d->p->dst, addresses + 4, 4);
		d->p->fragment = pieces & 0x3fff;
	}
	cursor_skip(&d->c, 20);
	options = cursor_part(&d->c, header - 20);
	show_checksum(d, start, header);
	show_options(d, options);
	dissect_layer_end(d, line, start);
	if (d->c.err) {
		dissect_short(d, "the IPv4 options are cut short");
		return;
	}
	offset = pieces & 0x1fff;
	d->pseudo = pieces & 0x3fff ? 0 : pseudo_header(addresses, proto);
	dissect_next(d, offset ? PROTO_DATA : route_find(ip_routes, proto));
}
