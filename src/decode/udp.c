/* User Datagram Protocol, RFC 768:
 *
 * +-------------------------------+-------------------------------+
 * |          Source Port          |       Destination Port        |
 * +-------------------------------+-------------------------------+
 * |            Length             |           Checksum            |
 * +-------------------------------+-------------------------------+
 */
#include "decode/dissect.h"

/* clang-format off */
static const struct field fields[] = {
	{ "udp.srcport", "Source port", 0, 16, FIELD_DEC, NULL, "port of the sender", 0, 0 },
	{ "udp.dstport", "Destination port", 16, 16, FIELD_DEC, NULL, "port of the receiver", 0,
	  0 },
	{ "udp.length", "Length", 32, 16, FIELD_DEC, NULL, "bytes of header and data", 0, 0 },
	{ "udp.checksum", "Checksum", 48, 16, FIELD_HEX, NULL,
	  "over pseudo-header, header and data; 0: none", 0, 0 },
	{ 0 },
};
/* clang-format on */

static void show_checksum(struct dissect *d, uint32_t start, uint32_t len, uint16_t checksum)
{
	static const struct field row = { .name = "udp.checksum.status",
					  .label = "Checksum status",
					  .indent = 1,
					  .help = "worked out from the packet" };
	bool good;

	if (!d->tree || !d->pseudo || !checksum || !dissect_whole(d, start, len))
		return;
	good = dissect_sum(d, start, len, d->pseudo + len) == 0xffff;
	field_line(d, &row, start + 6, 2, good ? "1" : "0",
		   good ? "correct" : "incorrect (offloaded?)");
}

void decode_udp(struct dissect *d)
{
	uint32_t start = d->c.off;
	unsigned line = dissect_layer(d, PROTO_UDP);
	uint16_t sport, dport, len, checksum;

	field_table(d, start, fields);
	sport = cursor_be16(&d->c);
	dport = cursor_be16(&d->c);
	len = cursor_be16(&d->c);
	checksum = cursor_be16(&d->c);
	if (d->c.err) {
		dissect_short(d, "the UDP header is cut short");
		return;
	}
	if (len && len < 8) {
		dissect_malformed(d, "the UDP length is shorter than the header");
		return;
	}
	if (len && len - 8u > cursor_left(&d->c) && !d->p->fragment)
		dissect_malformed(d, "the packet is shorter than its UDP length");
	if (len) /* 0: larger than 64 KiB, segmentation offload */
		cursor_limit(&d->c, len - 8u);
	if (dissect_outermost(d)) {
		d->p->sport = sport;
		d->p->dport = dport;
		d->p->has_ports = true;
		d->p->payload_off = d->c.off;
		d->p->payload_len = cursor_left(&d->c);
	}
	show_checksum(d, start, 8 + cursor_left(&d->c), checksum);
	dissect_layer_end(d, line, start);
	dissect_data(d);
}
