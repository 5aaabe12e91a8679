/* User Datagram Protocol, RFC 768:
 *
 * +-------------------------------+-------------------------------+
 * |          Source Port          |       Destination Port        |
 * +-------------------------------+-------------------------------+
 * |            Length             |           Checksum            |
 * +-------------------------------+-------------------------------+
 *
 * UDP-Lite, RFC 3828 3.1, has the checksum's coverage in the place of the length.
 */
#include "decode/dissect.h"

#include <stdio.h>
#include <sys/socket.h>

enum { HEADER = 8 };

static const struct field fields[] = {
	{ "udp.srcport", "Source port", 0, 16, FIELD_DEC, .help = "port of the sender, RFC 768" },
	{ "udp.dstport", "Destination port", 16, 16, FIELD_DEC, .help = "port of the receiver, RFC 768" },
	{ "udp.length", "Length", 32, 16, FIELD_DEC, .help = "bytes of header and data, RFC 768" },
	{ "udp.checksum", "Checksum", 48, 16, FIELD_HEX,
	  .help = "over pseudo-header, header and data; 0 is none, RFC 768" },
	{ 0 },
};

static const struct field lite_fields[] = {
	{ "udp.srcport", "Source port", 0, 16, FIELD_DEC, .help = "port of the sender, RFC 3828" },
	{ "udp.dstport", "Destination port", 16, 16, FIELD_DEC, .help = "port of the receiver, RFC 3828" },
	{ "udp.checksum_coverage", "Checksum coverage", 32, 16, FIELD_DEC,
	  .help = "bytes that the checksum covers, the header at least; 0 is all, RFC 3828 3.1" },
	{ "udp.checksum", "Checksum", 48, 16, FIELD_HEX,
	  .help = "over pseudo-header and what is covered, RFC 3828 3.1" },
	{ 0 },
};

static const struct field status = { "udp.checksum.status", "Checksum status", .indent = 1,
				     .help = "worked out from the packet" };

struct header {
	uint16_t sport, dport, length, checksum;
	uint32_t covered; /* by the checksum; the pseudo-header has the whole length */
};

static void show(struct dissect *d, unsigned line, const struct cursor *at, const struct header *h)
{
	uint32_t n = HEADER + cursor_left(&d->c);
	const struct checksum sum = { &status, at->off, h->covered ? h->covered : n, 6, d->pseudo ? d->pseudo + n : 0,
				      true };
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

static const struct port_routes routes = { udp_ports, udp_guesses };

/* False: it is cut short. */
static bool read_header(struct dissect *d, struct header *h, const char *note)
{
	uint8_t spare[HEADER];
	const uint8_t *b;
	bool ports = cursor_kept(&d->c) >= 4; /* also of a header that a short snapshot cuts */

	b = cursor_header(&d->c, HEADER, spare);
	h->sport = bytes_be16(b);
	h->dport = bytes_be16(b + 2);
	h->length = bytes_be16(b + 4);
	h->checksum = bytes_be16(b + 6);
	if (ports)
		enter(d, h);
	dissect_payload(d);
	if (d->c.err)
		dissect_short(d, note);
	return !d->c.err;
}

void decode_udp(struct dissect *d)
{
	struct cursor at = d->c;
	unsigned line = dissect_layer(d, PROTO_UDP);
	struct header h = { 0 };

	field_table(d, &at, fields);
	if (!read_header(d, &h, "the UDP header is cut short"))
		return;
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

void decode_udplite(struct dissect *d)
{
	struct cursor at = d->c;
	unsigned line = dissect_layer(d, PROTO_UDPLITE);
	struct header h = { 0 };
	uint32_t all;

	field_table(d, &at, lite_fields);
	if (!read_header(d, &h, "the UDP-Lite header is cut short"))
		return;
	all = HEADER + cursor_left(&d->c);
	h.covered = h.length;
	if ((h.length && h.length < HEADER) || (h.length > all && !d->piece)) {
		dissect_malformed(d, "the UDP-Lite coverage is not within the packet");
		h.covered = 0;
	}
	if (d->tree)
		show(d, line, &at, &h);
	dissect_layer_end(d, line, at.off);
	dissect_ports(d, &routes, h.sport, h.dport);
}
