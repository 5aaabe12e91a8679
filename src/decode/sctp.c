/* Stream Control Transmission Protocol, RFC 9260 3:
 *
 * +-------------------------------+-------------------------------+
 * |      Source Port Number       |    Destination Port Number    |
 * +-------------------------------+-------------------------------+
 * |                       Verification Tag                        |
 * +---------------------------------------------------------------+
 * |                           Checksum                            |
 * +---------------+---------------+-------------------------------+
 * |  Chunk Type   |  Chunk Flags  |         Chunk Length          |
 * +---------------+---------------+-------------------------------+
 * |        Chunk Value, padded to 4 bytes; then the next chunk    |
 * +---------------------------------------------------------------+
 */
#include "decode/sctp.h"

#include "util/buf.h"

#include <stdio.h>

enum { HEADER = 12, CHUNK = 4, CHECKSUM = 8, TOLD = 3 };

static const struct field fields[] = {
	{ "sctp.srcport", "Source port", 0, 16, FIELD_DEC, .help = "port of the sender, RFC 9260 3.1" },
	{ "sctp.dstport", "Destination port", 16, 16, FIELD_DEC, .help = "port of the receiver, RFC 9260 3.1" },
	{ "sctp.verification_tag", "Verification tag", 32, 32, FIELD_HEX,
	  .help = "the receiver chose it when the association began, RFC 9260 8.5" },
	{ "sctp.checksum", "Checksum", 64, 32, FIELD_HEX, .help = "CRC32c over header and chunks, RFC 9260 6.8" },
	{ 0 },
};

static void show(struct dissect *d, unsigned line, const struct cursor *at, uint16_t sport, uint16_t dport)
{
	static const struct field status = { "sctp.checksum.status", "Checksum status", .indent = 1,
					     .help = "worked out from the packet" };
	char text[24];

	checksum_crc32c(d, &status, at, CHECKSUM);
	snprintf(text, sizeof text, "%u to %u", sport, dport);
	field_meaning(d, line, text);
}

static void enter(struct dissect *d, uint16_t sport, uint16_t dport)
{
	/* Within UDP (RFC 6951) the ports are UDP's; without IP there are none to tell. */
	if (!dissect_outermost(d) || d->p->has_ports || !d->p->family)
		return;
	d->p->sport = sport;
	d->p->dport = dport;
	d->p->has_ports = true;
}

/* A chunk's length does not count its padding, which the last one may lack. */
static void chunks(struct dissect *d)
{
	struct buf *words = dissect_words(d);
	unsigned count = 0;

	for (; !d->c.err && cursor_left(&d->c); count++) {
		struct cursor look = d->c, chunk;
		uint32_t length;

		cursor_skip(&look, 2);
		length = cursor_be16(&look);
		d->c.err = look.err;
		if (!look.err && length < CHUNK) {
			dissect_malformed(d, "an SCTP chunk is shorter than its header");
			return;
		}
		chunk = cursor_part(&d->c, length);
		if (!chunk.err) {
			if (words && count && count < TOLD)
				buf_putc(words, ' ');
			d->words = count < TOLD ? words : NULL;
			sctp_chunk(d, chunk);
			d->words = words;
		}
		if (!d->c.err && length % 4 && cursor_left(&d->c))
			cursor_skip(&d->c, cursor_left(&d->c) < 4 - length % 4 ? cursor_left(&d->c) : 4 - length % 4);
	}
	if (words && count > TOLD)
		buf_printf(words, " and %u more", count - TOLD);
}

void decode_sctp(struct dissect *d)
{
	struct cursor at = d->c;
	unsigned line = dissect_layer(d, PROTO_SCTP);
	uint16_t sport = cursor_be16(&d->c), dport = cursor_be16(&d->c);
	struct buf *words = d->words;

	field_table(d, &at, fields);
	if (!d->c.err)
		enter(d, sport, dport);
	cursor_skip(&d->c, HEADER - 4);
	dissect_payload(d);
	if (d->c.err) {
		dissect_short(d, "the SCTP header is cut short");
		return;
	}
	if (d->tree)
		show(d, line, &at, sport, dport);
	dissect_layer_end(d, line, at.off);
	chunks(d);
	d->words = words;
	if (d->c.err)
		dissect_short(d, "an SCTP chunk is cut short");
	d->c.off = d->c.cap;
}
