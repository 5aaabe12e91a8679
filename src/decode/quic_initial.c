/* What an Initial packet carries, RFC 9000 17.2.2 and 19: it is protected with keys that all can derive
 * (RFC 9001 5.2), of what a client sends at first. The bits of its first byte and its packet number
 * are masked with a sample of the payload (5.4). Frames: padding 0, ping 1, acknowledgement 2 and 3,
 * crypto 6, close 0x1c; the crypto frames hold the client's TLS hello, in any order. There is no
 * other check than that the frames fit the packet to its end. Google's T050 has a number of its own
 * for crypto frames.
 */
#include "decode/quic.h"

#include "decode/quic_keys.h"
#include "util/buf.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { MOST = 4096, TAG = 16, SAMPLE = 16, MOST_SHOWN = 32, NUMBER_MOST = 4 };
enum { PADDING = 0, PING = 1, ACK = 2, ACK_ECN = 3, CRYPTO = 6, T050_CRYPTO = 8, CLOSE = 0x1c };
enum { T050 = 0x54303530 };

static const struct field_word frame_types[] = {
	{ PADDING, "PADDING" },
	{ PING, "PING" },
	{ ACK, "ACK" },
	{ ACK_ECN, "ACK" },
	{ CRYPTO, "CRYPTO" },
	{ T050_CRYPTO, "CRYPTO" },
	{ CLOSE, "CONNECTION_CLOSE" },
	{ 0, NULL },
};

static const struct field type_row = {
	"quic.frame_type", "Frame", 0, 8, FIELD_DEC, .words = frame_types, .indent = 1, .help = "RFC 9000 19"
};
static const struct field offset_row = { "quic.crypto.offset",
					 "Offset",
					 0,
					 32,
					 FIELD_DEC,
					 .indent = 2,
					 .help = "in the handshake's stream, RFC 9000 19.6" };
static const struct field length_row = { "quic.crypto.length",   "Length", 0, 32, FIELD_DEC, .indent = 2,
					 .help = "RFC 9000 19.6" };

/* The payload in clear, and what its crypto frames put together. */
struct opened {
	uint8_t plain[MOST], hello[MOST];
	bool have[MOST];     /* which bytes of the hello there are */
	uint64_t crypto;     /* type of crypto frames */
	uint32_t off, n;     /* of the payload in the packet */
	uint32_t pieces;     /* crypto frames */
	uint32_t first, end; /* in the payload: the first piece's data; in the stream: the end */
	uint32_t held;       /* bytes of all pieces, each counted once */
};

static uint64_t varint(struct cursor *c)
{
	uint64_t value = cursor_u8(c);
	uint32_t more = (1u << (value >> 6)) - 1;

	value &= 63;
	for (; more; more--)
		value = value << 8 | cursor_u8(c);
	return value;
}

static void skip_acknowledgement(struct cursor *c, uint64_t type)
{
	uint64_t ranges;

	varint(c);
	varint(c);
	ranges = varint(c);
	varint(c);
	for (; ranges && !c->err; ranges--) {
		varint(c);
		varint(c);
	}
	for (int i = 0; type == ACK_ECN && i < 3; i++)
		varint(c);
}

static bool crypto(struct opened *o, struct cursor *c, uint32_t *offset, uint32_t *length)
{
	uint64_t at = varint(c), n = varint(c);
	const uint8_t *b;

	if (c->err || at > MOST || n > MOST - at)
		return false;
	*offset = (uint32_t)at;
	*length = (uint32_t)n;
	if (!o->pieces++)
		o->first = c->off;
	b = cursor_take(c, *length);
	if (!b)
		return false;
	memcpy(o->hello + at, b, n);
	for (uint32_t i = *offset; i < *offset + *length; i++) {
		o->held += !o->have[i];
		o->have[i] = true;
	}
	if (*offset + *length > o->end)
		o->end = *offset + *length;
	return true;
}

/* Each frame, shown in the tree if `d` is given. False: these are no frames. */
static bool frames(struct opened *o, struct dissect *d)
{
	struct cursor c = cursor_of(o->plain, o->n, o->n);
	unsigned shown = 0;

	o->pieces = o->end = o->held = 0;
	memset(o->have, 0, sizeof o->have);
	while (!c.err && cursor_left(&c)) {
		uint32_t from = c.off, offset = 0, length = 0;
		uint64_t type = varint(&c), reason;

		if (type == PADDING) {
			while (cursor_left(&c) && !o->plain[c.off])
				cursor_skip(&c, 1);
		} else if (type == ACK || type == ACK_ECN) {
			skip_acknowledgement(&c, type);
		} else if (type == CLOSE) {
			varint(&c);
			varint(&c);
			reason = varint(&c);
			cursor_skip(&c, reason < MOST ? (uint32_t)reason : MOST + 1);
		} else if (type == o->crypto ? !crypto(o, &c, &offset, &length) : type != PING) {
			return false;
		}
		if (c.err || !d || shown++ >= MOST_SHOWN)
			continue;
		field_number(d, &type_row, o->off + from, c.off - from, (uint32_t)type);
		if (type == o->crypto) {
			field_number(d, &offset_row, o->off + from, c.off - from, offset);
			field_number(d, &length_row, o->off + from, c.off - from, length);
		}
	}
	return !c.err && o->pieces;
}

/* The TLS messages, as they are put together. Their lines point at the frame that holds them, or at the
 * whole payload where there are several. */
static void handshake(struct dissect *d, struct opened *o)
{
	struct cursor outer = d->c;
	unsigned from = d->tree ? d->tree->count : 0;

	if (o->held != o->end) /* a piece is in another packet */
		return;
	if (dissect_words(d))
		buf_puts(d->words, ", ");
	d->c = cursor_of(o->hello, o->end, o->end);
	tls_handshake(d, d->c);
	d->c = outer;
	for (unsigned i = from; d->tree && i < d->tree->count; i++) {
		struct tree_node *node = &d->tree->nodes[i];

		if (o->pieces == 1) {
			node->offset += o->off + o->first;
		} else {
			node->offset = o->off;
			node->len = o->n;
		}
	}
}

/* Takes the mask off and decrypts. False: no keys, or it was not captured whole. */
static bool open_packet(const struct dissect *d, const struct quic_initial *in, struct opened *o, uint32_t *number,
			uint32_t *number_len)
{
	uint32_t left = cursor_left(&in->body);
	const uint8_t *b = cursor_at(&in->body, in->body.off, left), *id, *sample;
	uint8_t mask[16];
	struct quic_keys keys;

	id = cursor_at(&in->dcid, in->dcid.off, cursor_left(&in->dcid));
	if (!b || !id || left < NUMBER_MOST + SAMPLE || left > MOST || d->inner)
		return false;
	if (!quic_client_keys(in->version, id, cursor_left(&in->dcid), &keys))
		return false;
	sample = b + NUMBER_MOST;
	quic_aes_128(keys.hp, sample, mask);
	*number_len = ((in->first ^ mask[0]) & 3u) + 1;
	*number = 0;
	for (uint32_t i = 0; i < *number_len; i++)
		*number = *number << 8 | (b[i] ^ mask[1 + i]);
	if (left < *number_len + TAG)
		return false;
	o->off = in->body.off + *number_len;
	o->n = left - *number_len - TAG;
	o->crypto = in->version == T050 ? T050_CRYPTO : CRYPTO;
	memcpy(o->plain, b + *number_len, o->n);
	quic_decrypt(&keys, *number, o->plain, o->n);
	return true;
}

void quic_initial(struct dissect *d, const struct quic_initial *in)
{
	static const struct field number_row = { "quic.packet_number",   "Packet number", 0, 32, FIELD_DEC,
						 .help = "RFC 9000 17.1" };
	struct opened o;
	uint32_t number, number_len;

	if (!d->tree && !d->words)
		return;
	if (!open_packet(d, in, &o, &number, &number_len) || !frames(&o, NULL))
		return;
	field_number(d, &number_row, in->body.off, number_len, number);
	if (d->tree)
		frames(&o, d);
	handshake(d, &o);
}
