/* User Datagram Protocol, RFC 768:
 *
 * +-------------------------------+-------------------------------+
 * |          Source Port          |       Destination Port        |
 * +-------------------------------+-------------------------------+
 * |            Length             |           Checksum            |
 * +-------------------------------+-------------------------------+
 */
#include "decode/dissect.h"

#include <stdio.h>
#include <sys/socket.h>

enum { HEADER = 8 };

static const struct field fields[] = {
	{ "udp.srcport", "Source port", 0, 16, FIELD_DEC, .help = "port of the sender, RFC 768" },
	{ "udp.dstport", "Destination port", 16, 16, FIELD_DEC,
	  .help = "port of the receiver, RFC 768" },
	{ "udp.length", "Length", 32, 16, FIELD_DEC, .help = "bytes of header and data, RFC 768" },
	{ "udp.checksum", "Checksum", 48, 16, FIELD_HEX,
	  .help = "over pseudo-header, header and data; 0 is none, RFC 768" },
	{ 0 },
};

static const struct field status = { "udp.checksum.status", "Checksum status", .indent = 1,
				     .help = "worked out from the packet" };

struct header {
	uint16_t sport, dport, length, checksum;
};

static void show(struct dissect *d, unsigned line, const struct cursor *at, const struct header *h)
{
	uint32_t n = HEADER + cursor_left(&d->c);
	const struct checksum sum = { &status, at->off, n, 6, d->pseudo ? d->pseudo + n : 0, true };
	char text[24];

	if (h->checksum)
		checksum_show(d, &sum);
	else
		field_line(d, &status, at->off + 6, 2, "3", "none: the sender left it out");
	snprintf(text, sizeof text, "%u to %u", h->sport, h->dport);
	field_meaning(d, line, text);
}

static void enter(struct dissect *d, const struct header *h)
{
	if (!dissect_outermost(d))
		return;
	d->p->sport = h->sport;
	d->p->dport = h->dport;
	d->p->has_ports = true;
}

void decode_udp(struct dissect *d)
{
	static const struct port_routes routes = { udp_ports, udp_guesses };
	struct cursor at = d->c;
	unsigned line = dissect_layer(d, PROTO_UDP);
	struct header h;

	field_table(d, &at, fields);
	h.sport = cursor_be16(&d->c);
	h.dport = cursor_be16(&d->c);
	h.length = cursor_be16(&d->c);
	h.checksum = cursor_be16(&d->c);
	dissect_payload(d);
	if (d->c.err) {
		dissect_short(d, "the UDP header is cut short");
		return;
	}
	enter(d, &h);
	if (h.length && h.length < HEADER) {
		dissect_malformed(d, "the UDP length is shorter than the header");
		return;
	}
	if (h.length > HEADER + cursor_left(&d->c) && !d->piece)
		dissect_malformed(d, "the packet is shorter than its UDP length");
	if (h.length) /* 0: a jumbogram (RFC 2675 4), or segmentation offload */
		cursor_limit(&d->c, h.length - (uint32_t)HEADER);
	dissect_payload(d);
	if (d->tree)
		show(d, line, &at, &h);
	dissect_layer_end(d, line, at.off);
	dissect_ports(d, &routes, h.sport, h.dport);
}
