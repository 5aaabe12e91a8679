/* Internet Control Message Protocol for IPv6, RFC 4443: type 1 byte, code 1, checksum 2, and a body
 * that depends on the type. Neighbour discovery, RFC 4861, has options of type 1, length 1 in units
 * of 8 bytes. Multicast listener discovery is RFC 2710 and RFC 3810.
 */
#include "decode/icmp.h"

#include <stddef.h>

static const struct field_word unreachable[] = {
	{ 0, "no route" },         { 1, "administratively prohibited" },
	{ 2, "beyond scope" },     { 3, "address unreachable" },
	{ 4, "port unreachable" }, { 5, "source address failed policy" },
	{ 6, "route rejected" },   { 0, NULL },
};

static const struct field_word exceeded[] = {
	{ 0, "in transit" },
	{ 1, "in reassembly" },
	{ 0, NULL },
};

static const struct field_word problem[] = {
	{ 0, "erroneous header field" },
	{ 1, "unknown next header" },
	{ 2, "unknown option" },
	{ 0, NULL },
};

static const struct field mtu_fields[] = {
	{ "icmpv6.mtu", "MTU", 32, 32, FIELD_DEC, .help = "the largest packet that fits, RFC 4443 3.2" },
	{ 0 },
};

static const struct field pointer_fields[] = {
	{ "icmpv6.pointer", "Pointer", 32, 32, FIELD_DEC, .help = "the byte that is wrong, RFC 4443 3.4" },
	{ 0 },
};

static const struct field echo_fields[] = {
	{ "icmpv6.echo.identifier", "Identifier", 32, 16, FIELD_HEX,
	  .help = "tells the senders of echoes apart, RFC 4443 4" },
	{ "icmpv6.echo.sequence_number", "Sequence number", 48, 16, FIELD_DEC,
	  .help = "counts the echoes, RFC 4443 4" },
	{ 0 },
};

static const struct field listener_fields[] = {
	{ "icmpv6.mld.maximum_response_delay", "Maximum response delay", 32, 16, FIELD_DEC,
	  .help = "milliseconds to answer in, RFC 2710 3" },
	{ "icmpv6.mld.multicast_address", "Multicast address", 64, 128, FIELD_IPV6,
	  .help = "the group; none in a general query, RFC 2710 3" },
	{ 0 },
};

static const struct field query2_fields[] = {
	{ "icmpv6.mld.maximum_response_code", "Maximum response code", 32, 16, FIELD_DEC,
	  .help = "how fast to answer, RFC 3810 5.1.3" },
	{ "icmpv6.mld.multicast_address", "Multicast address", 64, 128, FIELD_IPV6,
	  .help = "the group; none in a general query, RFC 3810 5.1" },
	{ "icmpv6.mld.flag.s", "Suppress", 196, 1, FIELD_BOOL,
	  .help = "other routers do not start their timers, RFC 3810 5.1.7" },
	{ "icmpv6.mld.flag.qrv", "Robustness", 197, 3, FIELD_DEC,
	  .help = "how many losses are expected, RFC 3810 5.1.8" },
	{ "icmpv6.mld.qqi", "Query interval", 200, 8, FIELD_DEC,
	  .help = "seconds; from 128 on a float, RFC 3810 5.1.9" },
	{ "icmpv6.mld.nb_sources", "Sources", 208, 16, FIELD_DEC, .help = "how many follow, RFC 3810 5.1.10" },
	{ 0 },
};

static const struct field report2_fields[] = {
	{ "icmpv6.mldr.nb_mcast_records", "Records", 48, 16, FIELD_DEC, .help = "groups that follow, RFC 3810 5.2" },
	{ 0 },
};

static const struct field router_fields[] = {
	{ "icmpv6.nd.ra.cur_hop_limit", "Hop limit", 32, 8, FIELD_DEC,
	  .help = "for hosts to use; 0 leaves it open, RFC 4861 4.2" },
	{ "icmpv6.nd.ra.flag", "Flags", 40, 8, FIELD_HEX, .help = "RFC 4861 4.2" },
	{ "icmpv6.nd.ra.flag.m", "Managed addresses", 40, 1, FIELD_BOOL, .indent = 1,
	  .help = "addresses come from DHCPv6, RFC 4861 4.2" },
	{ "icmpv6.nd.ra.flag.o", "Other configuration", 41, 1, FIELD_BOOL, .indent = 1,
	  .help = "the rest comes from DHCPv6, RFC 4861 4.2" },
	{ "icmpv6.nd.ra.flag.h", "Home agent", 42, 1, FIELD_BOOL, .indent = 1,
	  .help = "serves mobile nodes, RFC 6275 7.1" },
	{ "icmpv6.nd.ra.flag.prf", "Preference", 43, 2, FIELD_DEC, .indent = 1,
	  .help = "of this router, RFC 4191 2.2" },
	{ "icmpv6.nd.ra.router_lifetime", "Router lifetime", 48, 16, FIELD_DEC,
	  .help = "seconds as a default router; 0 is none, RFC 4861 4.2" },
	{ "icmpv6.nd.ra.reachable_time", "Reachable time", 64, 32, FIELD_DEC,
	  .help = "milliseconds that a neighbour is believed there, RFC 4861 4.2" },
	{ "icmpv6.nd.ra.retrans_timer", "Retransmission timer", 96, 32, FIELD_DEC,
	  .help = "milliseconds between solicitations, RFC 4861 4.2" },
	{ 0 },
};

static const struct field solicit_fields[] = {
	{ "icmpv6.nd.ns.target_address", "Target address", 64, 128, FIELD_IPV6,
	  .help = "who is looked for, RFC 4861 4.3" },
	{ 0 },
};

static const struct field advert_fields[] = {
	{ "icmpv6.nd.na.flag", "Flags", 32, 32, FIELD_HEX, .help = "RFC 4861 4.4" },
	{ "icmpv6.nd.na.flag.r", "Router", 32, 1, FIELD_BOOL, .indent = 1,
	  .help = "the sender is a router, RFC 4861 4.4" },
	{ "icmpv6.nd.na.flag.s", "Solicited", 33, 1, FIELD_BOOL, .indent = 1,
	  .help = "it answers a solicitation, RFC 4861 4.4" },
	{ "icmpv6.nd.na.flag.o", "Override", 34, 1, FIELD_BOOL, .indent = 1,
	  .help = "it replaces what was known, RFC 4861 4.4" },
	{ "icmpv6.nd.na.target_address", "Target address", 64, 128, FIELD_IPV6, .help = "who is here, RFC 4861 4.4" },
	{ 0 },
};

static const struct field redirect_fields[] = {
	{ "icmpv6.nd.rd.target_address", "Target address", 64, 128, FIELD_IPV6,
	  .help = "the better next hop, RFC 4861 4.5" },
	{ "icmpv6.rd.na.destination_address", "Destination address", 192, 128, FIELD_IPV6,
	  .help = "for packets to here, RFC 4861 4.5" },
	{ 0 },
};

/* --- neighbour discovery options, RFC 4861 4.6 --- */

static const struct field source_link[] = {
	{ "icmpv6.opt.src_linkaddr", "Link-layer address", 16, 48, FIELD_MAC, .help = "of the sender, RFC 4861 4.6.1" },
	{ 0 },
};

static const struct field target_link[] = {
	{ "icmpv6.opt.target_linkaddr", "Link-layer address", 16, 48, FIELD_MAC,
	  .help = "of the target, RFC 4861 4.6.1" },
	{ 0 },
};

static const struct field prefix_fields[] = {
	{ "icmpv6.opt.prefix.length", "Prefix length", 16, 8, FIELD_DEC, .help = "bits of the prefix, RFC 4861 4.6.2" },
	{ "icmpv6.opt.prefix.flag", "Flags", 24, 8, FIELD_HEX, .help = "RFC 4861 4.6.2" },
	{ "icmpv6.opt.prefix.flag.l", "On link", 24, 1, FIELD_BOOL, .indent = 1,
	  .help = "its addresses are on this link, RFC 4861 4.6.2" },
	{ "icmpv6.opt.prefix.flag.a", "Autonomous", 25, 1, FIELD_BOOL, .indent = 1,
	  .help = "hosts may make addresses from it, RFC 4862 5.5" },
	{ "icmpv6.opt.prefix.valid_lifetime", "Valid lifetime", 32, 32, FIELD_DEC, .help = "seconds, RFC 4861 4.6.2" },
	{ "icmpv6.opt.prefix.preferred_lifetime", "Preferred lifetime", 64, 32, FIELD_DEC,
	  .help = "seconds, RFC 4861 4.6.2" },
	{ "icmpv6.opt.prefix", "Prefix", 128, 128, FIELD_IPV6, .help = "of this link, RFC 4861 4.6.2" },
	{ 0 },
};

static const struct field option_mtu_fields[] = {
	{ "icmpv6.opt.mtu", "MTU", 32, 32, FIELD_DEC, .help = "of this link, RFC 4861 4.6.4" },
	{ 0 },
};

static const struct field dns_fields[] = {
	{ "icmpv6.opt.rdnss.lifetime", "Lifetime", 32, 32, FIELD_DEC,
	  .help = "seconds that the servers may be used, RFC 8106 5.1" },
	{ 0 },
};

static void dns_servers(struct dissect *d, struct cursor c)
{
	static const struct field fields[] = {
		{ "icmpv6.opt.rdnss", "DNS server", 0, 128, FIELD_IPV6, .help = "RFC 8106 5.1" },
		{ 0 },
	};

	cursor_skip(&c, 8);
	while (!c.err && cursor_left(&c) >= 16) {
		field_table(d, &c, fields);
		cursor_skip(&c, 16);
	}
}

static const struct option options[] = {
	{ 1, "source link-layer address", "RFC 4861 4.6.1", source_link, NULL },
	{ 2, "target link-layer address", "RFC 4861 4.6.1", target_link, NULL },
	{ 3, "prefix", "RFC 4861 4.6.2", prefix_fields, NULL },
	{ 4, "redirected header", "RFC 4861 4.6.3", NULL, NULL },
	{ 5, "MTU", "RFC 4861 4.6.4", option_mtu_fields, NULL },
	{ 14, "nonce", "RFC 3971 5.3.2", NULL, NULL },
	{ 24, "route", "RFC 4191 2.3", NULL, NULL },
	{ 25, "recursive DNS servers", "RFC 8106 5.1", dns_fields, dns_servers },
	{ 31, "DNS search list", "RFC 8106 5.2", NULL, NULL },
	{ 37, "captive portal", "RFC 8910 2.3", NULL, NULL },
	{ 38, "NAT64 prefix", "RFC 8781 4", NULL, NULL },
	{ 0, NULL, "IANA IPv6 neighbour discovery options", NULL, NULL },
};

static void walk_options(struct dissect *d)
{
	static const struct field kind = { "icmpv6.opt.type", "Option",    0, 8,
					   FIELD_DEC,         .help = NULL /* the option has one */ };
	static const struct field length[] = {
		{ "icmpv6.opt.length", "Length", 8, 8, FIELD_DEC, .help = "in units of 8 bytes, RFC 4861 4.6" },
		{ 0 },
	};

	while (!d->c.err && cursor_left(&d->c)) {
		struct cursor look = d->c, option;
		uint8_t units;

		cursor_skip(&look, 1);
		units = cursor_u8(&look);
		if (!look.err && !units) {
			dissect_malformed(d, "a neighbour discovery option has length 0");
			return;
		}
		option = cursor_part(&d->c, look.err ? 2 : units * 8u);
		if (!option.err)
			option_show(d, options, &kind, length, &option);
	}
	if (d->c.err)
		dissect_short(d, "a neighbour discovery option is cut short");
}

/* --- multicast listener discovery --- */

static void addresses(struct dissect *d, const struct field *row, uint32_t count)
{
	while (count-- && !d->c.err) {
		field_table(d, &d->c, row);
		cursor_skip(&d->c, 16);
	}
}

/* The sources of a query, whose count is the last of its header. */
static void query_sources(struct dissect *d)
{
	static const struct field source[] = {
		{ "icmpv6.mld.source_address", "Source", 0, 128, FIELD_IPV6,
		  .help = "a sender that is asked for, RFC 3810 5.1.10" },
		{ 0 },
	};
	const uint8_t *count = cursor_at(&d->c, d->c.off - 2, 2);

	addresses(d, source, count ? (uint32_t)(count[0] << 8 | count[1]) : 0);
	if (d->c.err)
		dissect_short(d, "the sources of a multicast query are cut short");
}

static void records(struct dissect *d)
{
	static const struct field fields[] = {
		{ "icmpv6.mldr.mar.record_type", "Record", 0, 8, FIELD_DEC,
		  .help = "what changed for the group, RFC 3810 5.2.5" },
		{ "icmpv6.mldr.mar.aux_data_len", "Auxiliary data", 8, 8, FIELD_DEC,
		  .help = "words of 4 bytes, RFC 3810 5.2.6" },
		{ "icmpv6.mldr.mar.nb_sources", "Sources", 16, 16, FIELD_DEC,
		  .help = "how many follow, RFC 3810 5.2.7" },
		{ "icmpv6.mldr.mar.multicast_address", "Multicast address", 32, 128, FIELD_IPV6,
		  .help = "the group, RFC 3810 5.2.8" },
		{ 0 },
	};
	static const struct field source[] = {
		{ "icmpv6.mldr.mar.source_address", "Source", 0, 128, FIELD_IPV6, .indent = 1,
		  .help = "a sender that is meant, RFC 3810 5.2.9" },
		{ 0 },
	};

	while (!d->c.err && cursor_left(&d->c) >= 20) {
		struct cursor at = d->c;
		uint32_t words, sources;

		cursor_skip(&at, 1);
		words = cursor_u8(&at);
		sources = cursor_be16(&at);
		field_table(d, &d->c, fields);
		cursor_skip(&d->c, 20);
		addresses(d, source, sources);
		cursor_skip(&d->c, words * 4);
	}
	if (d->c.err)
		dissect_short(d, "a multicast record is cut short");
}

static void quote(struct dissect *d)
{
	icmp_quote(d, PROTO_IPV6, 0, 0);
}

/* Byte 4 tells how long the quote is, in units of 8 bytes, RFC 4884 4.4. */
static void extended_quote(struct dissect *d)
{
	const uint8_t *length = cursor_at(&d->c, d->c.off - 4, 1);

	icmp_quote(d, PROTO_IPV6, length ? *length : 0, 8);
}

/* RFC 2894 3.1 */
static const struct field_word renumbering[] = {
	{ 0, "command" }, { 1, "result" }, { 255, "sequence number reset" }, { 0, NULL }
};

/* RFC 4620 4 */
static const struct field_word information[] = {
	{ 0, "success" }, { 1, "refused" }, { 2, "unknown type" }, { 0, NULL }
};

/* RFC 6550 6 */
static const struct field_word routing[] = {
	{ 0, "DODAG information solicitation" },
	{ 1, "DODAG information object" },
	{ 2, "destination advertisement object" },
	{ 3, "destination advertisement object acknowledgement" },
	{ 0x80, "secure DODAG information solicitation" },
	{ 0x81, "secure DODAG information object" },
	{ 0x82, "secure destination advertisement object" },
	{ 0x83, "secure destination advertisement object acknowledgement" },
	{ 0, NULL },
};

static const struct icmp_type types[] = {
	{ 1, 8, "destination unreachable",
	  .help = "the quoted packet could not be delivered; the code tells why, RFC 4443 3.1", .codes = unreachable,
	  .body = extended_quote },
	{ 2, 8, "packet too big",
	  .help = "the next link takes only packets of this MTU: the sender has to send smaller ones, RFC 4443 3.2, RFC 8201",
	  .fields = mtu_fields, .body = quote, .words = { { "mtu=", 4, ICMP_U32 } } },
	{ 3, 8, "time exceeded",
	  .help = "the quoted packet passed too many routers, or pieces of it did not come in time, RFC 4443 3.3",
	  .codes = exceeded, .body = extended_quote },
	{ 4, 8, "parameter problem",
	  .help = "a header of the quoted packet is wrong at the byte that the pointer names, RFC 4443 3.4",
	  .codes = problem, .fields = pointer_fields, .body = quote, .words = { { "byte=", 4, ICMP_U32 } } },
	{ 128, 8, "echo request", .help = "asks whether a host is there: it sends the same back (ping), RFC 4443 4.1",
	  .fields = echo_fields, .words = { { "id=", 4, ICMP_U16 }, { "seq=", 6, ICMP_U16 } } },
	{ 129, 8, "echo reply",
	  .help = "answers an echo request with the same identifier, number and data, RFC 4443 4.2",
	  .fields = echo_fields, .words = { { "id=", 4, ICMP_U16 }, { "seq=", 6, ICMP_U16 } } },
	{ 130, 28, "multicast listener query",
	  .help = "a router asks which multicast groups are wanted here, RFC 2710, RFC 3810 5.1",
	  .fields = query2_fields, .body = query_sources, .words = { { "for ", 8, ICMP_IPV6 } }, .least = 28 },
	{ 130, 24, "multicast listener query",
	  .help = "a router asks which multicast groups are wanted here, RFC 2710, RFC 3810 5.1",
	  .fields = listener_fields, .words = { { "for ", 8, ICMP_IPV6 } } },
	{ 131, 24, "multicast listener report", .help = "a host wants this multicast group, RFC 2710 3",
	  .fields = listener_fields, .words = { { "for ", 8, ICMP_IPV6 } } },
	{ 132, 24, "multicast listener done", .help = "a host wants this multicast group no more, RFC 2710 3",
	  .fields = listener_fields, .words = { { "for ", 8, ICMP_IPV6 } } },
	{ 133, 8, "router solicitation", .help = "asks routers to advertise themselves now, RFC 4861 4.1",
	  .body = walk_options },
	{ 134, 16, "router advertisement",
	  .help = "a router tells that it is there, and which prefixes hosts may take addresses of, RFC 4861 4.2",
	  .fields = router_fields, .body = walk_options },
	{ 135, 24, "neighbour solicitation",
	  .help = "asks for the link address of a neighbour, or whether an address is taken (IPv6's ARP), RFC 4861 4.3",
	  .fields = solicit_fields, .body = walk_options, .words = { { "for ", 8, ICMP_IPV6 } } },
	{ 136, 24, "neighbour advertisement", .help = "tells the link address of the one who sends it, RFC 4861 4.4",
	  .fields = advert_fields, .body = walk_options, .words = { { "of ", 8, ICMP_IPV6 } } },
	{ 137, 40, "redirect", .help = "a router knows a better first hop for that destination, RFC 4861 4.5",
	  .fields = redirect_fields, .body = walk_options,
	  .words = { { "to ", 8, ICMP_IPV6 }, { "for ", 24, ICMP_IPV6 } } },
	{ 138, 16, "router renumbering", .help = "gives routers other prefixes, RFC 2894 3", .codes = renumbering },
	{ 139, 16, "node information query", .help = "asks a host for its names or addresses, RFC 4620 4" },
	{ 140, 16, "node information reply", .help = "answers it, RFC 4620 4", .codes = information },
	{ 141, 8, "inverse neighbour solicitation",
	  .help = "asks for the addresses that go with a link address, RFC 3122 2.1", .body = walk_options },
	{ 142, 8, "inverse neighbour advertisement", .help = "answers it, RFC 3122 2.2", .body = walk_options },
	{ 143, 8, "multicast listener report v2",
	  .help = "a host tells which groups and senders it wants, RFC 3810 5.2", .fields = report2_fields,
	  .body = records, .words = { { "records=", 6, ICMP_U16 } } },
	{ 144, 8, "home agent discovery request", .help = "a mobile host looks for its home agents, RFC 6275 6.5",
	  .words = { { "id=", 4, ICMP_U16 } } },
	{ 145, 8, "home agent discovery reply", .help = "lists them, RFC 6275 6.6",
	  .words = { { "id=", 4, ICMP_U16 } } },
	{ 146, 8, "mobile prefix solicitation", .help = "a mobile host asks for the prefixes at home, RFC 6275 6.7",
	  .words = { { "id=", 4, ICMP_U16 } } },
	{ 147, 8, "mobile prefix advertisement", .help = "tells them, RFC 6275 6.8", .body = walk_options,
	  .words = { { "id=", 4, ICMP_U16 } } },
	{ 151, 8, "multicast router advertisement", .help = "here is one, RFC 4286 3" },
	{ 152, 4, "multicast router solicitation", .help = "asks for them, RFC 4286 4" },
	{ 153, 4, "multicast router termination", .help = "it is one no more, RFC 4286 5" },
	{ 155, 4, "RPL", .help = "routing in low-power networks, RFC 6550 6", .codes = routing },
	{ 157, 16, "duplicate address request", .help = "is this address taken, RFC 6775 4.4" },
	{ 158, 16, "duplicate address confirmation", .help = "tells whether it is, RFC 6775 4.4" },
	{ 0, 4, .name = NULL },
};

static const struct icmp_family icmpv6 = {
	.types = types,
	.type = &(const struct field){ "icmpv6.type", "Type", 0, 8, FIELD_DEC,
				       .help = "what it is about, IANA ICMPv6 types" },
	.code = &(const struct field){ "icmpv6.code", "Code", 8, 8, FIELD_DEC, .help = "the kind within the type" },
	.checksum = &(const struct field){ "icmpv6.checksum", "Checksum", 16, 16, FIELD_HEX,
					   .help = "over pseudo-header and message, RFC 4443 2.3" },
	.status = &(const struct field){ "icmpv6.checksum.status", "Checksum status", .indent = 1,
					 .help = "worked out from the message" },
	.short_note = "the ICMPv6 message is cut short",
	.pseudo = true,
};

void decode_icmpv6(struct dissect *d)
{
	icmp_message(d, &icmpv6, dissect_layer(d, PROTO_ICMPV6));
}
