/* Internet Control Message Protocol, RFC 792:
 *
 * +---------------+---------------+-------------------------------+
 * |     Type      |     Code      |           Checksum            |
 * +---------------+---------------+-------------------------------+
 * |               4 bytes that depend on the type                 |
 * +---------------------------------------------------------------+
 *
 * An error quotes the packet that caused it: its IP header and the first bytes behind it.
 */
#include "decode/icmp.h"

#include <stddef.h>

static const struct field_word unreachable[] = {
	{ 0, "network unreachable" },
	{ 1, "host unreachable" },
	{ 2, "protocol unreachable" },
	{ 3, "port unreachable" },
	{ 4, "fragmentation needed" },
	{ 5, "source route failed" },
	{ 6, "network unknown" },
	{ 7, "host unknown" },
	{ 9, "network prohibited" },
	{ 10, "host prohibited" },
	{ 11, "network unreachable for this service" },
	{ 12, "host unreachable for this service" },
	{ 13, "administratively prohibited" },
	{ 14, "host precedence violation" },
	{ 15, "precedence cutoff" },
	{ 0, NULL },
};

static const struct field_word redirect[] = {
	{ 0, "for the network" },          { 1, "for the host" }, { 2, "for the service and network" },
	{ 3, "for the service and host" }, { 0, NULL },
};

static const struct field_word exceeded[] = {
	{ 0, "in transit" },
	{ 1, "in reassembly" },
	{ 0, NULL },
};

static const struct field_word problem[] = {
	{ 0, "at the pointer" },
	{ 1, "an option is missing" },
	{ 2, "bad length" },
	{ 0, NULL },
};

static const struct field echo_fields[] = {
	{ "icmp.ident", "Identifier", 32, 16, FIELD_DEC, .help = "tells the senders of echoes apart, RFC 792" },
	{ "icmp.seq", "Sequence number", 48, 16, FIELD_DEC, .help = "counts the echoes, RFC 792" },
	{ 0 },
};

static const struct field mtu_fields[] = {
	{ "icmp.mtu", "MTU of next hop", 48, 16, FIELD_DEC, .help = "the largest packet that fits, RFC 1191 4" },
	{ 0 },
};

static const struct field gateway_fields[] = {
	{ "icmp.redir_gw", "Gateway", 32, 32, FIELD_IPV4, .help = "the router to use instead, RFC 792" },
	{ 0 },
};

static const struct field pointer_fields[] = {
	{ "icmp.pointer", "Pointer", 32, 8, FIELD_DEC, .help = "the byte that is wrong, RFC 792" },
	{ 0 },
};

static const struct field stamp_fields[] = {
	{ "icmp.ident", "Identifier", 32, 16, FIELD_DEC, .help = "tells the senders apart, RFC 792" },
	{ "icmp.seq", "Sequence number", 48, 16, FIELD_DEC, .help = "counts the requests, RFC 792" },
	{ "icmp.originate_timestamp", "Originate time", 64, 32, FIELD_DEC,
	  .help = "milliseconds since midnight UTC, when it was sent, RFC 792" },
	{ "icmp.receive_timestamp", "Receive time", 96, 32, FIELD_DEC, .help = "when the other side got it, RFC 792" },
	{ "icmp.transmit_timestamp", "Transmit time", 128, 32, FIELD_DEC,
	  .help = "when the other side answered, RFC 792" },
	{ 0 },
};

static const struct field mask_fields[] = {
	{ "icmp.ident", "Identifier", 32, 16, FIELD_DEC, .help = "tells the senders apart, RFC 950" },
	{ "icmp.seq", "Sequence number", 48, 16, FIELD_DEC, .help = "counts the requests, RFC 950" },
	{ "icmp.address_mask", "Address mask", 64, 32, FIELD_IPV4,
	  .help = "the subnet's mask, RFC 950; obsolete, RFC 6918" },
	{ 0 },
};

static const struct field router_fields[] = {
	{ "icmp.num_addrs", "Addresses", 32, 8, FIELD_DEC, .help = "how many follow, RFC 1256 3" },
	{ "icmp.addr_entry_size", "Entry size", 40, 8, FIELD_DEC, .help = "of each, in words of 4 bytes, RFC 1256 3" },
	{ "icmp.lifetime", "Lifetime", 48, 16, FIELD_DEC, .help = "seconds that they are valid, RFC 1256 3" },
	{ 0 },
};

static void quote(struct dissect *d)
{
	icmp_quote(d, PROTO_IPV4, 0, 0);
}

/* The messages that may have extensions tell in byte 5 how long the quote is, RFC 4884 4.1. */
static void extended_quote(struct dissect *d)
{
	const uint8_t *length = cursor_at(&d->c, d->c.off - 3, 1);

	icmp_quote(d, PROTO_IPV4, length ? *length : 0, 4);
}

static void routers(struct dissect *d)
{
	static const struct field fields[] = {
		{ "icmp.router_address", "Router", 0, 32, FIELD_IPV4, .help = "a router on this link, RFC 1256 3" },
		{ "icmp.pref_level", "Preference", 32, 32, FIELD_DEC, .help = "the higher the better, RFC 1256 3" },
		{ 0 },
	};

	while (!d->c.err && cursor_left(&d->c) >= 8) {
		field_table(d, &d->c, fields);
		cursor_skip(&d->c, 8);
	}
}

static const struct icmp_type types[] = {
	{ 0, 8, "echo reply", .help = "answers an echo request with the same identifier, number and data, RFC 792",
	  .fields = echo_fields, .words = { { "id=", 4, ICMP_U16 }, { "seq=", 6, ICMP_U16 } } },
	{ 3, 8, "destination unreachable",
	  .help = "the quoted packet could not be delivered; the code tells why. A connected UDP socket gets it as ECONNREFUSED or EHOSTUNREACH, RFC 792, RFC 1122 3.2.2.1",
	  .codes = unreachable, .fields = mtu_fields, .body = extended_quote, .words = { { "mtu=", 6, ICMP_U16 } },
	  .one_code = 4 },
	{ 3, 8, "destination unreachable",
	  .help = "the quoted packet could not be delivered; the code tells why. A connected UDP socket gets it as ECONNREFUSED or EHOSTUNREACH, RFC 792, RFC 1122 3.2.2.1",
	  .codes = unreachable, .body = extended_quote },
	{ 4, 8, "source quench", .help = "slow down: not used any more, RFC 6633", .body = quote },
	{ 5, 8, "redirect", .help = "a router knows a better first hop for the quoted packet's destination, RFC 792",
	  .codes = redirect, .fields = gateway_fields, .body = quote, .words = { { "to ", 4, ICMP_IPV4 } } },
	{ 8, 8, "echo request", .help = "asks whether a host is there: it sends the same back (ping), RFC 792",
	  .fields = echo_fields, .words = { { "id=", 4, ICMP_U16 }, { "seq=", 6, ICMP_U16 } } },
	{ 9, 8, "router advertisement", .help = "a router tells that it is there, RFC 1256", .fields = router_fields,
	  .body = routers },
	{ 10, 8, .name = "router solicitation", .help = "asks routers to tell that they are there, RFC 1256" },
	{ 11, 8, "time exceeded",
	  .help = "the quoted packet passed too many routers (traceroute lives on it), or pieces of it did not come in time, RFC 792",
	  .codes = exceeded, .body = extended_quote },
	{ 12, 8, "parameter problem",
	  .help = "the header of the quoted packet is wrong at the byte that the pointer names, RFC 792",
	  .codes = problem, .fields = pointer_fields, .body = extended_quote, .words = { { "byte=", 4, ICMP_U8 } } },
	{ 13, 20, "timestamp request", .help = "asks for the clock of a host, RFC 792", .fields = stamp_fields,
	  .words = { { "id=", 4, ICMP_U16 }, { "seq=", 6, ICMP_U16 } } },
	{ 14, 20, "timestamp reply", .help = "milliseconds since midnight UT at the host that was asked, RFC 792",
	  .fields = stamp_fields, .words = { { "id=", 4, ICMP_U16 }, { "seq=", 6, ICMP_U16 } } },
	{ 17, 12, "address mask request", .help = "asked for the network mask: not used any more, RFC 6918",
	  .fields = mask_fields },
	{ 18, 12, "address mask reply", .help = "told the network mask: not used any more, RFC 6918",
	  .fields = mask_fields, .words = { { "mask=", 8, ICMP_IPV4 } } },
	{ 42, 8, .name = "extended echo request", .help = "asks after one interface of a host (probe), RFC 8335" },
	{ 43, 8, .name = "extended echo reply", .help = "tells how that interface is, RFC 8335" },
	{ 0, 8, .name = NULL },
};

static const struct icmp_family icmp = {
	.types = types,
	.type = &(const struct field){ "icmp.type", "Type", 0, 8, FIELD_DEC,
				       .help = "what it is about, IANA ICMP types" },
	.code = &(const struct field){ "icmp.code", "Code", 8, 8, FIELD_DEC, .help = "the kind within the type" },
	.checksum = &(const struct field){ "icmp.checksum", "Checksum", 16, 16, FIELD_HEX,
					   .help = "over the whole message, RFC 792" },
	.status = &(const struct field){ "icmp.checksum.status", "Checksum status", .indent = 1,
					 .help = "worked out from the message" },
	.short_note = "the ICMP message is cut short",
};

void decode_icmp(struct dissect *d)
{
	icmp_message(d, &icmp, dissect_layer(d, PROTO_ICMP));
}
