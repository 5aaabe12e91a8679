/* Internet Protocol, version 6, RFC 8200, 3:
 *
 * +-------+---------------+---------------------------------------+
 * |Version| Traffic Class |              Flow Label               |
 * +-------+---------------+-------+---------------+---------------+
 * |         Payload Length        |  Next Header  |   Hop Limit   |
 * +-------------------------------+---------------+---------------+
 * |                 Source Address, 128 bits                      |
 * |              Destination Address, 128 bits                    |
 * +---------------------------------------------------------------+
 *
 * Then extension headers (src/decode/ipv6_extension.c) and what they lead to.
 */
#include "decode/dissect.h"

#include "util/buf.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static const struct field version_field[] = {
	{ "ipv6.version", "Version", 0, 4, FIELD_DEC, .help = "6, RFC 8200 3" },
	{ 0 },
};

static const struct field fields[] = {
	{ "ipv6.tclass", "Traffic class", 4, 8, FIELD_HEX, .digits = 8,
	  .help = "how routers are to treat it, RFC 2474 3" },
	{ "ipv6.tclass.dscp", "Code point", 4, 6, FIELD_DEC, .indent = 1, .help = "per-hop behaviour, RFC 2474 4" },
	{ "ipv6.tclass.ecn", "Congestion", 10, 2, FIELD_DEC, .indent = 1,
	  .help = "explicit congestion notification, RFC 3168 5" },
	{ "ipv6.flow", "Flow label", 12, 20, FIELD_HEX, .help = "packets of one flow share it, RFC 6437" },
	{ "ipv6.plen", "Payload length", 32, 16, FIELD_DEC,
	  .help = "bytes behind this header; 0 is more than 65535, RFC 8200 3" },
	{ "ipv6.nxt", "Next header", 48, 8, FIELD_DEC, .words = ip_protocols,
	  .help = "what follows, IANA protocol numbers" },
	{ "ipv6.hlim", "Hop limit", 56, 8, FIELD_DEC, .help = "routers that it may still cross, RFC 8200 3" },
	{ "ipv6.src", "Source", 64, 128, FIELD_IPV6, .help = "address of the sender, RFC 8200 3" },
	{ "ipv6.dst", "Destination", 192, 128, FIELD_IPV6, .help = "address of the receiver, RFC 8200 3" },
	{ 0 },
};

struct header {
	uint8_t version, next, hops;
	uint32_t payload;
	const uint8_t *addresses; /* source, destination; NULL: the header is cut short */
};

static void read_header(struct cursor *c, struct header *h)
{
	h->version = cursor_u8(c) >> 4;
	cursor_skip(c, 3);
	h->payload = cursor_be16(c);
	h->next = cursor_u8(c);
	h->hops = cursor_u8(c);
	h->addresses = cursor_take(c, 32);
}

static void show_header(struct dissect *d, unsigned line, const struct cursor *at, const struct header *h)
{
	char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN], text[2 * INET6_ADDRSTRLEN + 8];

	field_table(d, at, version_field);
	if (h->version != 6)
		return;
	field_table(d, at, fields);
	if (!h->addresses)
		return;
	inet_ntop(AF_INET6, h->addresses, from, sizeof from);
	inet_ntop(AF_INET6, h->addresses + 16, to, sizeof to);
	snprintf(text, sizeof text, "%s to %s", from, to);
	field_meaning(d, line, text);
}

static void enter(struct dissect *d, const struct header *h)
{
	d->nested++;
	if (!dissect_outermost(d))
		return;
	d->p->family = AF_INET6;
	d->p->ttl = h->hops;
	memcpy(d->p->src, h->addresses, 16);
	memcpy(d->p->dst, h->addresses + 16, 16);
}

static void say_piece(struct dissect *d, uint8_t next, uint32_t offset)
{
	const char *name = ip_protocol_name(next);

	if (d->words && dissect_outermost(d))
		buf_printf(d->words, "%s fragment offset=%u len=%u", name ? name : "IPv6", offset, cursor_left(&d->c));
}

/* The first fragment header ends what every piece repeats. */
static void enter_piece(struct dissect *d, const struct ipv6_chain *chain, uint8_t next, uint32_t start,
			uint32_t before, uint32_t next_at)
{
	if (!d->cut || d->cut->header_len || !chain->fragment || !dissect_outermost(d))
		return;
	*d->cut = (struct decode_piece){ .id = chain->id,
					 .offset = chain->offset,
					 .more = chain->more,
					 .next = next,
					 .header_off = start,
					 .header_len = before - start,
					 .next_at = next_at - start,
					 .data_off = d->c.off,
					 .data_len = cursor_left(&d->c) };
}

/* The extension headers, up to what the last of them leads to. */
static void follow(struct dissect *d, const struct header *h, unsigned line, uint32_t start)
{
	struct ipv6_chain chain = { 0 };
	uint8_t next = h->next;
	uint32_t next_at = start + 6;

	while (!d->c.err && !chain.later && ipv6_is_extension(next)) {
		uint32_t before = d->c.off;

		next = ipv6_extension(d, next, &chain);
		enter_piece(d, &chain, next, start, before, next_at);
		next_at = before;
	}
	dissect_layer_end(d, line, start);
	if (dissect_outermost(d)) {
		d->p->ip_proto = next;
		d->p->fragment = chain.fragment;
	}
	d->piece |= chain.fragment;
	dissect_payload(d);
	if (d->c.err) {
		dissect_short(d, "an IPv6 extension header is cut short");
		return;
	}
	/* Before a route's end the checksum is for another destination, RFC 8200 8.1. */
	checksum_pseudo(d, chain.fragment || chain.rerouted ? NULL : h->addresses, 32, next);
	if (chain.later)
		say_piece(d, next, chain.offset);
	if (chain.later || next == IPPROTO_NONE)
		dissect_next(d, PROTO_DATA);
	else
		dissect_by(d, ip_routes, next);
}

void decode_ipv6(struct dissect *d)
{
	struct cursor at = d->c;
	unsigned line = dissect_layer(d, PROTO_IPV6);
	struct header h;

	read_header(&d->c, &h);
	if (d->tree)
		show_header(d, line, &at, &h);
	if (d->c.off > at.off && h.version != 6) {
		dissect_malformed(d, "the IP version is not 6");
		return;
	}
	if (!h.addresses) {
		dissect_short(d, "the IPv6 header is cut short");
		return;
	}
	enter(d, &h);
	if (h.payload > cursor_left(&d->c))
		dissect_malformed(d, "the packet is shorter than its IPv6 payload length");
	/* 0: a jumbogram (RFC 2675), or a packet that is still to be cut (segmentation offload) */
	if (h.payload || h.next == IPPROTO_NONE)
		cursor_limit(&d->c, h.payload);
	follow(d, &h, line, at.off);
}
